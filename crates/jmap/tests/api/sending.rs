//! Draft and Submission: what is written, how it leaves, what is said of it.

use crate::support::{Client, Host};
use serde_json::{Value, json};

async fn host() -> (Host, Client, String) {
    let host = Host::new().await;
    let alice = host.alice().await;
    let identity = alice.ask("Identity/get", json!({ "ids": null })).await;
    let identity = identity["list"][0]["id"].as_str().unwrap().to_owned();
    (host, alice, identity)
}

fn to(address: &str) -> Value {
    json!([{ "name": null, "handle": format!("email:{address}") }])
}

async fn set(alice: &Client, what: Value) -> Value {
    alice.ask("Draft/set", what).await
}

#[tokio::test]
async fn a_draft_is_kept_changed_and_thrown_away() {
    let (_host, alice, identity) = host().await;
    let new =
        json!({ "identityId": identity, "to": to("bo@example.net"), "subject": "Choir", "text": "See you" });
    let created = set(&alice, json!({ "create": { "a": new } })).await["created"]["a"].clone();
    let id = created["id"].as_str().unwrap();
    assert_eq!(created["revision"], 1);
    assert_eq!(created.get("subject"), None, "what the client said is not said back");
    let changed = set(
        &alice,
        json!({ "update": { id: { "text": "See you there", "requiresTls": true, "revision": 1 } } }),
    )
    .await;
    assert_eq!(changed["updated"][id]["revision"], 2);
    let draft = alice.ask("Draft/get", json!({ "ids": null })).await["list"][0].clone();
    assert_eq!((&draft["text"], &draft["subject"]), (&json!("See you there"), &json!("Choir")));
    assert_eq!((&draft["requiresTls"], &draft["keepMetadata"]), (&json!(true), &json!(false)));
    let late = set(&alice, json!({ "update": { id: { "text": "from the phone", "revision": 1 } } })).await;
    assert_eq!(late["notUpdated"][id]["type"], "conflict");
    assert_eq!(late["notUpdated"][id]["properties"], json!(["revision"]));
    assert_eq!(set(&alice, json!({ "destroy": [id] })).await["destroyed"], json!([id]));
    assert_eq!(alice.ask("Draft/query", json!({})).await["ids"], json!([]));
}

#[tokio::test]
async fn a_draft_of_wrong_properties_is_refused_with_a_sentence() {
    let (_host, alice, identity) = host().await;
    for (wrong, kind) in [
        (json!({ "identityId": "x" }), "invalidProperties"),
        (json!({ "identityId": identity, "colour": "red" }), "invalidProperties"),
        (json!({ "identityId": identity, "to": "bo" }), "invalidProperties"),
        (json!({ "identityId": identity, "to": [{ "handle": "bo" }] }), "invalidProperties"),
        (json!({ "identityId": identity, "subject": "s".repeat(999) }), "tooLarge"),
        (json!({ "identityId": "i00000000000000000000000000" }), "forbiddenFrom"),
        (
            json!({ "identityId": identity, "attachments": [{ "blobId": "b00000000000000000000000000", "type": "a/b" }] }),
            "blobNotFound",
        ),
        (json!(7), "invalidPatch"),
    ] {
        let answer = set(&alice, json!({ "create": { "a": wrong } })).await;
        assert_eq!(answer["notCreated"]["a"]["type"], kind, "{wrong}");
        assert!(answer["notCreated"]["a"]["description"].is_string());
    }
    assert_eq!(alice.ask("Draft/query", json!({})).await["ids"], json!([]));
}

#[tokio::test]
async fn one_request_writes_and_sends_and_the_message_can_be_taken_back() {
    let (_host, alice, identity) = host().await;
    let new =
        json!({ "identityId": identity, "to": to("bo@example.net"), "subject": "Choir", "text": "See you" });
    let answers = alice
        .calls(&[
            ("Draft/set", json!({ "create": { "d": new } })),
            ("Submission/set", json!({ "create": { "s": { "draftId": "#d", "delayMs": 10_000 } } })),
        ])
        .await;
    let sent = answers[1].1["created"]["s"].clone();
    let (id, message) = (sent["id"].as_str().unwrap(), sent["messageId"].as_str().unwrap());
    assert_eq!(id.trim_start_matches('q'), message.trim_start_matches('m'));
    let shown = alice.ask("Message/get", json!({ "ids": [message] })).await["list"][0].clone();
    assert_eq!((&shown["direction"], &shown["sending"]), (&json!("sent"), &json!("waiting")));
    let submission = alice.ask("Submission/get", json!({ "ids": [id] })).await["list"][0].clone();
    assert_eq!(submission["undoStatus"], "pending");
    assert_eq!(submission["recipients"][0]["handle"], "email:bo@example.net");
    assert_eq!(alice.ask("Draft/query", json!({})).await["ids"], json!([]));
    let back = alice.ask("Submission/set", json!({ "destroy": [id] })).await;
    assert_eq!(back["destroyed"], json!([id]));
    let drafts = alice.ask("Draft/get", json!({ "ids": null })).await;
    assert_eq!(drafts["list"][0]["text"], "See you");
    assert_eq!(alice.ask("Message/get", json!({ "ids": [message] })).await["notFound"], json!([message]));
}

#[tokio::test]
async fn what_cannot_be_sent_says_why_and_stays_a_draft() {
    let (host, alice, identity) = host().await;
    let new = |people: Value| json!({ "identityId": identity, "to": people, "text": "t" });
    for (people, kind) in [(json!([]), "noRecipients"), (to("bo@"), "invalidRecipients")] {
        let created = set(&alice, json!({ "create": { "a": new(people) } })).await["created"]["a"].clone();
        let asked = json!({ "create": { "s": { "draftId": created["id"] } } });
        let answer = alice.ask("Submission/set", asked).await;
        assert_eq!(answer["notCreated"]["s"]["type"], kind);
    }
    assert_eq!(alice.ask("Draft/query", json!({})).await["ids"].as_array().unwrap().len(), 2);
    let gone = json!({ "create": { "s": { "draftId": "d00000000000000000000000000" } } });
    assert_eq!(alice.ask("Submission/set", gone).await["notCreated"]["s"]["type"], "notFound");
    drop(host);
}
