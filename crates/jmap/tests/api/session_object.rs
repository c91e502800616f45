//! `GET /.well-known/jmap` (RFC 8620 §2).

use crate::support::{ALICE, Host, header};
use serde_json::json;

const CORRESPONDENCE: &str = "urn:caliopen:params:jmap:correspondence";

#[tokio::test]
async fn the_session_object_declares_the_account_and_every_limit() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let answer = alice.get("/.well-known/jmap").await;
    assert_eq!(answer.status, 200);
    assert_eq!(header(&answer.headers, "cache-control"), "no-store");
    assert_eq!(header(&answer.headers, "x-content-type-options"), "nosniff");
    let session = answer.json();
    assert_eq!(
        session["capabilities"]["urn:ietf:params:jmap:core"],
        json!({
            "maxSizeUpload": 50_000_000, "maxConcurrentUpload": 4, "maxSizeRequest": 1_000_000,
            "maxConcurrentRequests": 8, "maxCallsInRequest": 32, "maxObjectsInGet": 500, "maxObjectsInSet": 500,
            "collationAlgorithms": [],
        })
    );
    assert_eq!(session["username"], json!(ALICE));
    assert_eq!(session["primaryAccounts"][CORRESPONDENCE], json!(alice.account));
    let ours = &session["accounts"][&alice.account]["accountCapabilities"][CORRESPONDENCE];
    assert_eq!(ours, &session["capabilities"][CORRESPONDENCE]);
    assert_eq!(
        (&ours["address"], &ours["language"], &ours["formula"]),
        (&json!(ALICE), &json!("en"), &json!(1))
    );
    assert_eq!(ours["levels"]["it"][0], json!({ "level": 1, "word": "Cartolina", "from": 0, "to": 4 }));
    let urls =
        ["apiUrl", "downloadUrl", "uploadUrl", "eventSourceUrl"].map(|url| session[url].as_str().unwrap());
    assert_eq!(urls[0], "/jmap/api");
    assert!(
        ["{accountId}", "{blobId}", "{name}", "{type}"].iter().all(|variable| urls[1].contains(variable))
    );
    assert!(urls[2].contains("{accountId}"));
    assert!(["{types}", "{closeafter}", "{ping}"].iter().all(|variable| urls[3].contains(variable)));
}

#[tokio::test]
async fn the_state_of_the_session_object_changes_when_it_does() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let before = alice.get("/.well-known/jmap").await.json();
    assert_eq!(alice.get("/.well-known/jmap").await.json(), before);
    let echoed = alice.post("/jmap/api", &json!({ "using": [], "methodCalls": [] })).await.json();
    assert_eq!(echoed["sessionState"], before["state"]);
    assert_eq!(alice.post("/auth/language", &json!({ "language": "fr" })).await.status, 204);
    let after = alice.get("/.well-known/jmap").await.json();
    assert_ne!(after["state"], before["state"]);
    assert_eq!(after["capabilities"][CORRESPONDENCE]["language"], json!("fr"));
}

#[tokio::test]
async fn nobody_reads_it_without_a_session() {
    let host = Host::new().await;
    let answer = host.stranger().get("/.well-known/jmap").await;
    assert_eq!(answer.problem(), (401, "urn:caliopen:error:session".to_owned()));
    assert_eq!(header(&answer.headers, "www-authenticate"), "Bearer");
}

#[tokio::test]
async fn the_application_starts_with_the_session_and_the_inbox_as_the_other_paths_say_them() {
    let host = Host::new().await;
    let alice = host.alice().await;
    host.deliver("bob@example.net", "First", "Hello.").await;
    let start = alice.get("/jmap/start").await.json();
    assert_eq!(start["session"], alice.get("/.well-known/jmap").await.json());
    let query = json!({
        "accountId": alice.account, "filter": { "place": "inbox" }, "position": 0, "limit": 50,
        "sort": [{ "property": "latestAt", "isAscending": false }], "calculateTotal": true,
    });
    let ids = json!({ "resultOf": "q", "name": "Conversation/query", "path": "/ids" });
    let asked = json!({
        "using": ["urn:ietf:params:jmap:core", CORRESPONDENCE],
        "methodCalls": [
            ["Conversation/query", query, "q"],
            ["Conversation/get", { "accountId": alice.account, "#ids": ids }, "g"],
        ],
    });
    assert_eq!(start["inbox"], alice.post("/jmap/api", &asked).await.json());
    assert_eq!(start["inbox"]["methodResponses"][1][1]["list"].as_array().map(Vec::len), Some(1));
    let stranger = host.stranger().get("/jmap/start").await;
    assert_eq!(stranger.problem(), (401, "urn:caliopen:error:session".to_owned()));
}
