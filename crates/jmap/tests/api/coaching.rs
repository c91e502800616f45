//! Coaching/get, /changes and /set.

use crate::support::{Host, PASSWORD, error};
use caliopen_hub::{Reward, Unlock};
use serde_json::{Value, json};

#[tokio::test]
async fn quests_are_told_with_what_they_bring_and_what_they_unlock() {
    let host = Host::new().await;
    let gifts = [Reward::Theme("harbour".to_owned()), Reward::Storage(1_000), Reward::Addresses(2)];
    host.hub.unlock_for_quests(gifts.map(|reward| Unlock { reward, quests: 1 }).into());
    let alice = host.alice().await;
    let before = alice.object("Coaching", "singleton").await;
    let first = &before["quests"][0];
    assert_eq!((&first["state"], &first["doneAt"]), (&json!("open"), &json!(null)));
    assert!(first["projected"].as_u64() > before["yours"].as_u64(), "{before}");
    let gift = |theme: Value, bytes: Value, addresses: Value| json!({ "theme": theme, "bytes": bytes, "addresses": addresses, "quests": 1, "isUnlocked": false });
    let none = json!(null);
    let gifts = [
        gift(json!("harbour"), none.clone(), none.clone()),
        gift(none.clone(), json!(1_000), none.clone()),
        gift(none.clone(), none, json!(2)),
    ];
    assert_eq!(before["unlocks"], json!(gifts));
    assert_eq!((&before["addressesAllowed"], &before["addressesChosen"]), (&json!(0), &json!(0)));
    let since = alice.ask("Coaching/get", json!({ "ids": null })).await["state"].clone();
    let code = alice.post("/auth/recovery-code", &json!({ "password": PASSWORD })).await.json();
    alice.post("/auth/recovery-code/confirm", &json!({ "code": code["code"] })).await;
    let after = alice.object("Coaching", "singleton").await;
    let done =
        after["quests"].as_array().unwrap().iter().find(|quest| quest["name"] == "recovery-code").unwrap();
    assert_eq!(done["state"], "done");
    assert!(done["doneAt"].as_str().is_some());
    assert_eq!(after["unlocks"][0]["isUnlocked"], true);
    assert_eq!(after["addressesAllowed"], 2);
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
