//! Wrong input never gives a 500: any JSON as a request, and right requests with any of their values exchanged.

use crate::support::{Answer, Client, Host};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};

/// Texts that mean something somewhere, among any others.
fn text() -> impl Strategy<Value = String> {
    let words = vec![
        "ids",
        "#ids",
        "accountId",
        "filter",
        "sort",
        "position",
        "anchor",
        "limit",
        "update",
        "destroy",
        "create",
        "properties",
        "sinceState",
        "conversationId",
        "keywords/$seen",
        "place",
        "title",
        "id",
        "*",
        "/list/*/id",
        "Conversation/get",
        "Message/query",
        "Message/get",
        "Contact/set",
        "Core/echo",
        "resultOf",
        "name",
        "path",
        "urn:ietf:params:jmap:core",
        "c00000000000000000000000000",
        "m00000000000000000000000000",
        "~",
        "",
        "\u{0}",
    ];
    prop_oneof![4 => proptest::sample::select(words).prop_map(str::to_owned), 1 => any::<String>()]
}

fn leaf() -> impl Strategy<Value = Value> {
    let edges = vec![0, 1, -1, i64::MAX, i64::MIN, 1 << 53, -(1 << 53), 500, 501];
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        proptest::sample::select(edges).prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(4, 24, 5, |inner| {
        let members = proptest::collection::vec((text(), inner.clone()), 0..5);
        prop_oneof![
            proptest::collection::vec(inner, 0..5).prop_map(Value::from),
            members.prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// A right request, of which one value is exchanged for another: the `at`th in the order of writing.
fn mutated(request: &Value, at: usize, with: &Value) -> Value {
    fn walk(value: &mut Value, left: &mut usize, with: &Value) {
        if *left == 0 {
            *value = with.clone();
            *left = usize::MAX;
            return;
        }
        *left = left.saturating_sub(1);
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| walk(item, left, with)),
            Value::Object(members) => members.values_mut().for_each(|member| walk(member, left, with)),
            _ => {}
        }
    }
    let (mut copy, mut left) = (request.clone(), at);
    walk(&mut copy, &mut left, with);
    copy
}

fn right_requests(account: &str, conversation: &str, message: &str, contact: &str) -> Vec<Value> {
    let using = ["urn:ietf:params:jmap:core", "urn:caliopen:params:jmap:correspondence"];
    let from = |id: &str, name: &str, path: &str| json!({ "resultOf": id, "name": name, "path": path });
    let calls = [
        json!([
            ["Conversation/query", { "accountId": account, "filter": { "place": "inbox", "unread": false, "kinds": ["direct"] },
                "sort": [{ "property": "latestAt", "isAscending": false }], "anchor": conversation, "anchorOffset": 0,
                "position": 0, "limit": 10, "calculateTotal": true }, "0"],
            ["Conversation/get", { "accountId": account, "#ids": from("0", "Conversation/query", "/ids"), "properties": ["id", "people"] }, "1"],
        ]),
        json!([
            ["Message/query", { "accountId": account, "filter": { "conversationId": conversation }, "position": -1,
                "sort": [{ "property": "receivedAt", "isAscending": true }], "limit": 5 }, "0"],
            ["Message/get", { "accountId": account, "ids": [message], "properties": ["bodies", "headers"] }, "1"],
            ["PrivacyReport/get", { "accountId": account, "ids": [message], "language": "fr" }, "2"],
        ]),
        json!([
            ["Message/set", { "accountId": account, "ifInState": null, "update": { message: { "keywords/$seen": true } } }, "0"],
            ["Conversation/set", { "accountId": account, "update": { conversation: { "title": "x", "place": "inbox", "unread": true } } }, "1"],
            ["Contact/set", { "accountId": account, "update": { contact: { "name": "x", "note": null, "blocked": false } },
                "create": { "k": {} }, "destroy": ["p"] }, "2"],
        ]),
        json!([
            ["Label/set", { "accountId": account, "create": { "l": { "name": "x", "colour": "red" } } }, "0"],
            ["Conversation/setAll", { "accountId": account, "filter": { "unread": true }, "patch": { "pinned": true, "snoozedUntil": null } }, "1"],
            ["Conversation/undoAll", { "accountId": account, "#operationId": from("1", "Conversation/setAll", "/operationId") }, "2"],
            ["Screener/decide", { "accountId": account, "conversationId": conversation, "scope": "domain", "decision": "accept" }, "3"],
        ]),
        json!([
            ["Message/changes", { "accountId": account, "sinceState": "0", "maxChanges": 3 }, "0"],
            ["Contact/query", { "accountId": account, "anchor": contact, "anchorOffset": -1 }, "1"],
            ["Session/get", { "accountId": account, "ids": null }, "2"],
            ["Identity/get", { "accountId": account, "ids": null }, "3"],
            ["Template/set", { "accountId": account, "create": { "t": { "name": "x", "subject": "y", "text": "z", "html": null } } }, "4"],
            ["Template/query", { "accountId": account, "sort": [{ "property": "name", "isAscending": true }] }, "5"],
        ]),
    ];
    let request =
        |calls| json!({ "using": using, "createdIds": { "k": conversation }, "methodCalls": calls });
    calls.into_iter().map(request).collect()
}

/// The answer is a problem of the client's, or answers that are no failure of ours.
fn check(answer: &Answer, sent: &Value) {
    let status = answer.status.as_u16();
    if status != 200 {
        assert!((400..500).contains(&status), "{status} {sent}");
        answer.problem();
        return;
    }
    for response in answer.json()["methodResponses"].as_array().unwrap() {
        let failed = ["serverFail", "serverUnavailable", "serverPartialFail"];
        assert!(!failed.iter().any(|kind| response[1]["type"] == json!(kind)), "{response} {sent}");
    }
}

fn run<T: std::fmt::Debug>(
    runtime: &tokio::runtime::Runtime,
    client: &Client,
    strategy: impl Strategy<Value = T>,
    request: impl Fn(T) -> Value,
) {
    let config = Config { cases: 256, failure_persistence: None, ..Config::default() };
    let run = TestRunner::new(config).run(&strategy, |input| {
        let request = request(input);
        check(&runtime.block_on(client.post("/jmap/api", &request)), &request);
        Ok(())
    });
    if let Err(error) = run {
        panic!("{error}");
    }
}

#[test]
fn any_request_is_answered_without_a_failure_of_ours() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (_host, alice, requests) = runtime.block_on(async {
        let host = Host::new().await;
        host.deliver("Bob <bob@example.net>", "Hello", "Text").await;
        let alice = host.alice().await;
        let conversation = alice.only_conversation().await;
        let message = alice.messages_of(&conversation).await.remove(0);
        let contact = alice.ids("Contact/query", json!({})).await.remove(0);
        let requests = right_requests(&alice.account, &conversation, &message, &contact);
        (host, alice, requests)
    });
    for request in &requests {
        let answer = runtime.block_on(alice.post("/jmap/api", request)).json();
        let names = answer["methodResponses"].as_array().unwrap().iter().map(|response| &response[0]);
        assert_eq!(names.filter(|name| *name == "error").count(), 0, "{answer}");
    }
    run(&runtime, &alice, value(), |value| value);
    let using = ["urn:ietf:params:jmap:core", "urn:caliopen:params:jmap:correspondence"];
    let calls = proptest::collection::vec((text(), value(), text()), 0..4);
    run(&runtime, &alice, calls, |calls| json!({ "using": using, "methodCalls": calls }));
    let mutations = (0..requests.len(), 0..60usize, value());
    run(&runtime, &alice, mutations, |(which, at, with)| mutated(&requests[which], at, &with));
}
