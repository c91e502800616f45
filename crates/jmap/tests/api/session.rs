//! Session: get, changes, set.

use crate::support::Host;
use serde_json::json;

#[tokio::test]
async fn sessions_are_listed_and_one_of_them_asks() {
    let host = Host::new().await;
    let (alice, _other) = (host.alice().await, host.alice().await);
    let list = alice.ask("Session/get", json!({ "ids": null })).await["list"].clone();
    assert_eq!(list.as_array().unwrap().len(), 2);
    assert_eq!(
        list[0],
        json!({ "id": list[0]["id"], "client": "a test", "createdAt": "2026-11-22T10:00:00.000Z",
                "lastUsedAt": "2026-11-22T10:00:00.000Z", "current": true, "deviceId": null, "steppedUpUntil": null })
    );
    assert_eq!(list[1]["current"], json!(false));
}

#[tokio::test]
async fn a_destroyed_session_is_over_at_once() {
    let host = Host::new().await;
    let (alice, other) = (host.alice().await, host.alice().await);
    let sessions = alice.ask("Session/get", json!({ "ids": null })).await;
    let id = sessions["list"][1]["id"].as_str().unwrap();
    let answer = alice.ask("Session/set", json!({ "destroy": [id, "s00000000000000000000000000"] })).await;
    assert_eq!(answer["destroyed"], json!([id]));
    assert_eq!(answer["notDestroyed"]["s00000000000000000000000000"]["type"], json!("notFound"));
    assert_eq!(other.get("/.well-known/jmap").await.status, 401);
    assert_eq!(alice.get("/.well-known/jmap").await.status, 200);
    let changes = alice.ask("Session/changes", json!({ "sinceState": sessions["state"] })).await;
    assert_eq!(changes["destroyed"], json!([id]));
}

#[tokio::test]
async fn sessions_begin_by_signing_in_and_never_change() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let id =
        alice.ask("Session/get", json!({ "ids": null })).await["list"][0]["id"].as_str().unwrap().to_owned();
    let answer = alice
        .ask("Session/set", json!({ "create": { "x": {} }, "update": { &id: { "client": "y" } } }))
        .await;
    assert_eq!(answer["notCreated"]["x"]["type"], json!("forbidden"));
    assert_eq!(answer["notUpdated"][&id]["properties"], json!(["client"]));
}
