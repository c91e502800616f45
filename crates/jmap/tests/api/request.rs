//! `POST /jmap/api` (RFC 8620 §3): whole requests, their errors and limits, back-references.

use crate::support::{Client, Host, error, stalls};
use axum::body::Body;
use axum::http::Method;
use caliopen_jmap::Limits;
use futures_util::StreamExt;
use serde_json::{Value, json};

const CORE: &str = "urn:ietf:params:jmap:core";
const CORRESPONDENCE: &str = "urn:caliopen:params:jmap:correspondence";

async fn check(client: &Client, body: &str, expected: (u16, &str)) {
    let answer =
        client.post_with("/jmap/api", &[("content-type", "application/json")], body.to_owned()).await;
    let (status, kind) = answer.problem();
    assert_eq!(
        (status, kind.as_str()),
        (expected.0, format!("urn:ietf:params:jmap:error:{}", expected.1).as_str())
    );
}

#[tokio::test]
async fn a_request_that_is_none_is_a_problem_of_rfc_8620_section_3_6_1() {
    let host = Host::new().await;
    let alice = host.alice().await;
    for not_json in ["", "{", "{} {}", r#"{"using":[],"using":[],"methodCalls":[]}"#, "\u{0}"] {
        check(&alice, not_json, (400, "notJSON")).await;
    }
    check(&alice, &"[".repeat(100_000), (400, "notJSON")).await;
    for not_request in
        ["{}", "[]", "1", r#"{"using":[],"methodCalls":{}}"#, r#"{"using":[],"methodCalls":[["a"]]}"#]
    {
        check(&alice, not_request, (400, "notRequest")).await;
    }
    let unknown = r#"{"using":["https://example.com/apis/foobar"],"methodCalls":[]}"#;
    check(&alice, unknown, (400, "unknownCapability")).await;
    let answer = alice.post_with("/jmap/api", &[("content-type", "text/plain")], "{}").await;
    assert_eq!(answer.problem().1, "urn:ietf:params:jmap:error:notJSON");
}

#[tokio::test]
async fn each_limit_of_a_request_is_kept_and_named() {
    let host =
        Host::with_limits(Limits { request_bytes_max: 2_000, calls_max: 3, ..Limits::default() }).await;
    let alice = host.alice().await;
    let calls =
        |count: usize| json!({ "using": [CORE], "methodCalls": vec![json!(["Core/echo", {}, "c"]); count] });
    assert_eq!(alice.post("/jmap/api", &calls(3)).await.status, 200);
    let answer = alice.post("/jmap/api", &calls(4)).await;
    assert_eq!((answer.problem().0, &answer.json()["limit"]), (400, &json!("maxCallsInRequest")));

    let answer = alice.post("/jmap/api", &json!({ "using": [], "x": "y".repeat(2_000) })).await;
    assert_eq!((answer.problem().0, &answer.json()["limit"]), (413, &json!("maxSizeRequest")));
}

#[tokio::test]
async fn more_requests_at_once_than_declared_are_refused_until_one_ends() {
    let host = Host::with_limits(Limits { requests_at_once_max: 2, ..Limits::default() }).await;
    let alice = host.alice().await;
    let endless = || {
        let body = Body::from_stream(futures_util::stream::pending::<Result<String, std::io::Error>>());
        alice.request(Method::POST, "/jmap/api", &[("content-type", "application/json")], body)
    };
    let mut waiting = futures_util::stream::FuturesUnordered::new();
    waiting.push(alice.open(endless()));
    waiting.push(alice.open(endless()));
    // Both run until they wait for their bodies.
    assert!(stalls(waiting.next()).await);
    let empty = json!({ "using": [], "methodCalls": [] });
    let answer = alice.post("/jmap/api", &empty).await;
    assert_eq!((answer.problem().0, &answer.json()["limit"]), (429, &json!("maxConcurrentRequests")));
    drop(waiting);
    assert_eq!(alice.post("/jmap/api", &empty).await.status, 200);
}

#[tokio::test]
async fn a_body_that_stops_coming_is_not_waited_for() {
    let host = Host::new().await;
    let alice = host.alice().await;
    tokio::time::pause();
    let body = Body::from_stream(futures_util::stream::pending::<Result<String, std::io::Error>>());
    let answer = alice.post_with("/jmap/api", &[("content-type", "application/json")], body).await;
    assert_eq!(answer.problem(), (408, "urn:caliopen:error:request".to_owned()));
}

#[tokio::test]
async fn echo_gives_back_its_arguments() {
    let host = Host::new().await;
    let alice = host.alice().await;
    // RFC 8620 §4.1.1.
    let request =
        json!({ "using": [CORE], "methodCalls": [["Core/echo", { "hello": true, "high": 5 }, "b3ff"]] });
    let answer = alice.post("/jmap/api", &request).await.json();
    assert_eq!(answer["methodResponses"], json!([["Core/echo", { "hello": true, "high": 5 }, "b3ff"]]));
    assert!(answer.get("createdIds").is_none());
}

#[tokio::test]
async fn a_method_needs_its_capability() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let ask = |using: Value, name: &str| json!({ "using": using, "methodCalls": [[name, { "accountId": alice.account, "ids": [] }, "c"]] });
    let unknown = json!([["error", { "type": "unknownMethod",
        "description": "there is no such method, or `using` does not name its capability" }, "c"]]);
    for (using, name) in [
        (json!([CORE]), "Conversation/get"),
        (json!([CORRESPONDENCE]), "Core/echo"),
        (json!([CORE, CORRESPONDENCE]), "Conversation/copy"),
        (json!([CORE, CORRESPONDENCE]), "PrivacyReport/set"),
        (json!([CORE, CORRESPONDENCE]), ""),
    ] {
        assert_eq!(
            alice.post("/jmap/api", &ask(using, name)).await.json()["methodResponses"],
            unknown,
            "{name}"
        );
    }
    let known = alice.post("/jmap/api", &ask(json!([CORRESPONDENCE]), "Conversation/get")).await.json();
    assert_eq!(known["methodResponses"][0][0], json!("Conversation/get"));
}

#[tokio::test]
async fn an_error_of_one_call_leaves_the_others() {
    let host = Host::new().await;
    let alice = host.alice().await;
    // RFC 8620 §3.6.2: "A call returning an error does not stop the following calls."
    let answers = alice
        .calls(&[
            ("Nothing/get", json!({})),
            ("Conversation/get", json!({ "ids": [], "accountId": "a00000000000000000000000000" })),
            ("Conversation/get", json!({ "ids": [], "accountId": 7 })),
            ("Conversation/get", json!({ "ids": [], "unknown": 1 })),
            ("Conversation/get", json!({ "ids": [] })),
        ])
        .await;
    let errors: Vec<&str> = answers[..4].iter().map(error).collect();
    assert_eq!(errors, ["unknownMethod", "accountNotFound", "invalidArguments", "invalidArguments"]);
    assert_eq!(answers[4].0, "Conversation/get");
}

#[tokio::test]
async fn one_request_lists_and_reads_by_back_references() {
    let host = Host::new().await;
    for number in 0..3 {
        host.deliver(&format!("Person {number} <p{number}@example.net>"), "Hello", "Text").await;
    }
    let alice = host.alice().await;
    let refer = |id: &str, name: &str, path: &str| json!({ "resultOf": id, "name": name, "path": path });
    let answers = alice
        .calls(&[
            ("Conversation/query", json!({ "limit": 2 })),
            ("Conversation/get", json!({ "#ids": refer("c0", "Conversation/query", "/ids") })),
            ("Message/get", json!({ "#ids": refer("c1", "Conversation/get", "/list/*/latestMessageId"), "properties": ["from"] })),
            ("Contact/get", json!({ "#ids": refer("c2", "Message/get", "/list/*/from/*/contactId") })),
        ])
        .await;
    let names: Vec<&Value> =
        answers[3].1["list"].as_array().unwrap().iter().map(|one| &one["displayName"]).collect();
    assert_eq!(names, ["Person 2", "Person 1"]);
}

#[tokio::test]
async fn a_back_reference_to_nothing_fails_its_own_call_only() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let refer = |id: &str, path: &str| json!({ "resultOf": id, "name": "Conversation/query", "path": path });
    let answers = alice
        .calls(&[
            ("Conversation/query", json!({})),
            ("Conversation/get", json!({ "#ids": refer("c9", "/ids") })),
            ("Conversation/get", json!({ "#ids": refer("c0", "/nothing") })),
            ("Conversation/get", json!({ "ids": [], "#ids": refer("c0", "/ids") })),
            ("Conversation/get", json!({ "#ids": refer("c0", "/total") })),
            ("Conversation/get", json!({ "#ids": refer("c0", "/ids") })),
        ])
        .await;
    let errors: Vec<&str> = answers[1..5].iter().map(error).collect();
    let expected =
        ["invalidResultReference", "invalidResultReference", "invalidArguments", "invalidResultReference"];
    assert_eq!(errors, expected);
    assert_eq!(answers[5].1["list"], json!([]));
}

#[tokio::test]
async fn back_references_that_double_their_size_are_stopped() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let mut calls = vec![json!(["Core/echo", { "a": "x".repeat(10_000) }, "0"])];
    for number in 1..30 {
        let before = json!({ "resultOf": (number - 1).to_string(), "name": "Core/echo", "path": "" });
        calls.push(json!(["Core/echo", { "#a": before, "#b": before }, number.to_string()]));
    }
    let answer = alice.post("/jmap/api", &json!({ "using": [CORE], "methodCalls": calls })).await;
    assert!(answer.body.len() < 40_000_000, "{}", answer.body.len());
    let last = answer.json()["methodResponses"][29].clone();
    assert_eq!(last[0], json!("error"));
}

#[tokio::test]
async fn ids_of_created_objects_are_known_by_their_names() {
    let host = Host::new().await;
    host.deliver("Bob <bob@example.net>", "Hello", "Text").await;
    let alice = host.alice().await;
    let conversation = alice.only_conversation().await;
    let request = json!({
        "using": [CORRESPONDENCE],
        "createdIds": { "mine": conversation },
        "methodCalls": [
            ["Conversation/get", { "accountId": alice.account, "ids": ["#mine"], "properties": [] }, "1"],
            ["Message/query", { "accountId": alice.account, "filter": { "conversationId": "#mine" } }, "2"],
            ["Conversation/set", { "accountId": alice.account, "update": { "#mine": { "place": "archive" } } }, "3"],
        ],
    });
    let answer = alice.post("/jmap/api", &request).await.json();
    assert_eq!(answer["createdIds"], json!({ "mine": conversation }));
    assert_eq!(answer["methodResponses"][0][1]["list"], json!([{ "id": conversation }]));
    assert_eq!(answer["methodResponses"][1][1]["ids"].as_array().unwrap().len(), 1);
    assert_eq!(answer["methodResponses"][2][1]["updated"], json!({ &conversation: null }));
}

/// What a failing store says of its inside: never to be seen in an answer.
const SECRET: &str = "/var/lib/secret-path";

#[tokio::test]
async fn a_failure_of_ours_says_nothing_of_the_store() {
    let host = Host::new().await;
    let alice = host.alice().await;
    host.store.damage_scans(SECRET);
    let answers = alice.calls(&[("Conversation/query", json!({})), ("Core/echo", json!({}))]).await;
    assert_eq!(answers[0], ("error".to_owned(), json!({ "type": "serverFail" })));
    assert_eq!(answers[1].0, "Core/echo");
    let answer = host.stranger().get("/auth/state").await;
    assert_eq!(answer.problem(), (500, "urn:caliopen:error:server".to_owned()));
    assert!(!String::from_utf8_lossy(&answer.body).contains(SECRET));
}
