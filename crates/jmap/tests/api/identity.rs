//! Identity: get, changes, set.

use crate::support::{ALICE, Client, Host, PASSWORD};
use caliopen_hub::{Reward, Unlock};
use serde_json::{Value, json};

async fn all(client: &Client) -> Value {
    client.ask("Identity/get", json!({ "ids": null })).await
}

#[tokio::test]
async fn the_address_of_the_account_is_its_identity() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let all = all(&alice).await;
    let id = all["list"][0]["id"].as_str().unwrap();
    assert!(id.starts_with('i'));
    let unsigned = json!({ "id": id, "address": ALICE, "name": null, "textSignature": "", "htmlSignature": null, "isChosen": false, "rests": false });
    assert_eq!(all["list"], json!([unsigned]));
    let some = alice
        .ask("Identity/get", json!({ "ids": [id, "i00000000000000000000000000"], "properties": ["address"] }))
        .await;
    assert_eq!(some["list"], json!([{ "id": id, "address": ALICE }]));
    assert_eq!(some["notFound"], json!(["i00000000000000000000000000"]));
    assert_eq!(some["state"], all["state"]);
}

#[tokio::test]
async fn a_name_and_a_signature_are_kept_and_every_device_hears_of_it() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let before = all(&alice).await;
    let id = before["list"][0]["id"].as_str().unwrap();
    let patch = json!({ "name": " Alice\r\nBcc: eve@example.net ", "textSignature": "Alice\nChoir\n", "htmlSignature": "<p><b>Alice</b></p>" });
    let set = alice.ask("Identity/set", json!({ "update": { id: patch } })).await;
    assert_eq!(
        set["updated"][id]["name"], "Alice  Bcc: eve@example.net",
        "no line of a header ends in a name"
    );
    let kept = &all(&alice).await["list"][0];
    assert_eq!(
        (&kept["textSignature"], &kept["htmlSignature"]),
        (&json!("Alice\nChoir"), &json!("<p><b>Alice</b></p>"))
    );
    let changes = alice.ask("Identity/changes", json!({ "sinceState": before["state"] })).await;
    assert_eq!(changes["updated"], json!([id]));
    let cleared = json!({ "name": null, "textSignature": null, "htmlSignature": null });
    alice.ask("Identity/set", json!({ "update": { id: cleared } })).await;
    assert_eq!(all(&alice).await["list"], before["list"]);
}

#[tokio::test]
async fn an_address_is_neither_taken_nor_given_up_nor_changed_by_its_user() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let id = all(&alice).await["list"][0]["id"].as_str().unwrap().to_owned();
    let wrong = json!({
        "create": { "a": { "address": "root@example.org" } },
        "update": { &id: { "address": "root@example.org" } },
        "destroy": [&id, "i00000000000000000000000000"],
    });
    let only = |what: &str| json!({ what: wrong[what] });
    let refused = alice.ask("Identity/set", only("create")).await;
    assert_eq!(refused["notCreated"]["a"]["type"], "reserved");
    let refused = alice.ask("Identity/set", only("update")).await;
    assert_eq!(refused["notUpdated"][&id]["type"], "invalidProperties");
    let refused = alice.ask("Identity/set", only("destroy")).await;
    assert_eq!(refused["notDestroyed"][&id]["type"], "forbidden");
    assert_eq!(refused["notDestroyed"]["i00000000000000000000000000"]["type"], "notFound");
    let long = json!({ "update": { &id: { "textSignature": "s".repeat(10_001) } } });
    let refused = alice.ask("Identity/set", long).await;
    assert_eq!(refused["notUpdated"][&id]["properties"], json!(["textSignature"]));
}

/// A recovery code confirmed: one quest.
async fn do_a_quest(alice: &Client) {
    let code = alice.post("/auth/recovery-code", &json!({ "password": PASSWORD })).await.json();
    alice.post("/auth/recovery-code/confirm", &json!({ "code": code["code"] })).await;
    assert_eq!(alice.object("Coaching", "singleton").await["addressesAllowed"], 1);
}

#[tokio::test]
async fn an_address_that_a_quest_brought_is_chosen_rests_and_wakes() {
    let host = Host::new().await;
    host.hub.unlock_for_quests(vec![Unlock { reward: Reward::Addresses(1), quests: 1 }]);
    let alice = host.alice().await;
    let create =
        async |properties: Value| alice.ask("Identity/set", json!({ "create": { "a": properties } })).await;
    let refused = create(json!({ "address": "ana@example.org" })).await;
    assert_eq!(refused["notCreated"]["a"]["type"], "overQuota");
    do_a_quest(&alice).await;
    for (wrong, kind) in [
        (json!({ "address": "a@example.org" }), "invalidProperties"),
        (json!({ "address": "ana@elsewhere.net" }), "invalidProperties"),
        (json!({ "address": "ana@example.org", "name": "Ana" }), "invalidProperties"),
        (json!({ "address": 3 }), "invalidProperties"),
        (json!({}), "invalidProperties"),
        (json!({ "address": ALICE }), "alreadyExists"),
        (json!({ "address": "postmaster@example.org" }), "reserved"),
    ] {
        assert_eq!(create(wrong.clone()).await["notCreated"]["a"]["type"], kind, "{wrong}");
    }
    let made = create(json!({ "address": "ana@example.org" })).await["created"]["a"].clone();
    assert_eq!((&made["isChosen"], &made["rests"]), (&json!(true), &json!(false)));
    let id = made["id"].as_str().unwrap();
    let set = |rests: bool| json!({ "update": { id: { "rests": rests } } });
    alice.ask("Identity/set", set(true)).await;
    assert_eq!(alice.object("Identity", id).await["rests"], true);
    alice.ask("Identity/set", set(false)).await;
    assert_eq!(alice.object("Identity", id).await["rests"], false);
    let first = all(&alice).await["list"][0]["id"].as_str().unwrap().to_owned();
    let refused = alice.ask("Identity/set", json!({ "update": { &first: { "rests": true } } })).await;
    assert_eq!(refused["notUpdated"][&first]["properties"], json!(["rests"]));
    let refused = alice.ask("Identity/set", json!({ "destroy": [id] })).await;
    assert_eq!(refused["notDestroyed"][id]["type"], "forbidden");
}
