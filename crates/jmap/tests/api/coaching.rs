//! Coaching/get, /changes and /set.

use crate::support::{Host, PASSWORD, error};
use caliopen_hub::Unlock;
use serde_json::json;

#[tokio::test]
async fn quests_are_told_with_what_they_bring_and_what_they_unlock() {
    let host = Host::new().await;
    host.hub.unlock_for_quests(vec![Unlock { theme: "harbour".to_owned(), quests: 1 }]);
    let alice = host.alice().await;
    let before = alice.object("Coaching", "singleton").await;
    let first = &before["quests"][0];
    assert_eq!((&first["state"], &first["doneAt"]), (&json!("open"), &json!(null)));
    assert!(first["projected"].as_u64() > before["yours"].as_u64(), "{before}");
    assert_eq!(before["unlocks"], json!([{ "theme": "harbour", "quests": 1, "isUnlocked": false }]));
    let since = alice.ask("Coaching/get", json!({ "ids": null })).await["state"].clone();
    let code = alice.post("/auth/recovery-code", &json!({ "password": PASSWORD })).await.json();
    alice.post("/auth/recovery-code/confirm", &json!({ "code": code["code"] })).await;
    let after = alice.object("Coaching", "singleton").await;
    let done =
        after["quests"].as_array().unwrap().iter().find(|quest| quest["name"] == "recovery-code").unwrap();
    assert_eq!(done["state"], "done");
    assert!(done["doneAt"].as_str().is_some());
    assert_eq!(after["unlocks"][0]["isUnlocked"], true);
    let changes = alice.ask("Coaching/changes", json!({ "sinceState": since })).await;
    assert_eq!(changes["updated"], json!(["singleton"]));
}

#[tokio::test]
async fn a_user_mutes_it_and_puts_quests_aside() {
    let alice = Host::new().await.alice().await;
    let set = |patch| json!({ "update": { "singleton": patch } });
    alice.ask("Coaching/set", set(json!({ "isMuted": true, "aside": ["passkey"] }))).await;
    let view = alice.object("Coaching", "singleton").await;
    assert_eq!((&view["isMuted"], &view["aside"]), (&json!(true), &json!(["passkey"])));
    for wrong in [
        json!({ "aside": ["win"] }),
        json!({ "isMuted": 3 }),
        json!({ "invited": "x" }),
        json!({ "yours": 100 }),
    ] {
        let refused = alice.ask("Coaching/set", set(wrong.clone())).await;
        assert_eq!(refused["notUpdated"]["singleton"]["type"], "invalidProperties", "{wrong}");
    }
    assert_eq!(error(&alice.call("Coaching/query", json!({})).await), "unknownMethod");
}
