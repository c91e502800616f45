//! AppPassword/get, /changes and /set.

use crate::support::{Host, error};
use serde_json::json;

#[tokio::test]
async fn the_letters_of_a_new_password_are_answered_once() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let asked = json!({ "create": { "p": { "name": " Phone " } } });
    let made = alice.ask("AppPassword/set", asked).await["created"]["p"].clone();
    let secret = made["secret"].as_str().unwrap();
    assert_eq!(secret.split(' ').map(str::len).collect::<Vec<_>>(), [4; 6]);
    let shown = alice.ask("AppPassword/get", json!({ "ids": null })).await["list"].clone();
    let expected =
        json!([{ "id": made["id"], "name": "Phone", "createdAt": made["createdAt"], "lastUsedAt": null }]);
    assert_eq!(shown, expected);
    let session = alice.get("/.well-known/jmap").await.json();
    let settings = &session["capabilities"]["urn:caliopen:params:jmap:correspondence"]["submission"];
    assert_eq!(settings, &json!({ "host": "mail.example.org", "port": 465, "starttlsPort": null }));
}

#[tokio::test]
async fn a_revoked_password_is_gone_and_the_change_is_told() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let made = alice.ask("AppPassword/set", json!({ "create": { "p": { "name": "Phone" } } })).await;
    let (id, state) = (&made["created"]["p"]["id"], &made["newState"]);
    let gone = alice.ask("AppPassword/set", json!({ "destroy": [id, "k00000000000000000000000000"] })).await;
    assert_eq!(gone["destroyed"], json!([id]));
    assert_eq!(gone["notDestroyed"]["k00000000000000000000000000"]["type"], "notFound");
    let changes = alice.ask("AppPassword/changes", json!({ "sinceState": state })).await;
    assert_eq!(changes["destroyed"], json!([id]));
    assert_eq!(alice.ask("AppPassword/get", json!({ "ids": null })).await["list"], json!([]));
}

#[tokio::test]
async fn what_cannot_be_made_says_why() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let refused = async |new| {
        alice.ask("AppPassword/set", json!({ "create": { "p": new } })).await["notCreated"]["p"].clone()
    };
    for wrong in
        [json!({}), json!({ "name": "  " }), json!({ "name": 5 }), json!({ "name": "x".repeat(101) })]
    {
        let answer = refused(wrong).await;
        assert_eq!((&answer["type"], &answer["properties"]), (&json!("invalidProperties"), &json!(["name"])));
    }
    assert_eq!(refused(json!({ "name": "x", "secret": "mine" })).await["type"], "invalidProperties");
    assert_eq!(
        refused(json!({ "name": "x", "lastUsedAt": null })).await["properties"],
        json!(["lastUsedAt"])
    );
    for number in 0..50 {
        let asked = json!({ "create": { "p": { "name": number.to_string() } } });
        assert!(alice.ask("AppPassword/set", asked).await["notCreated"].is_null());
    }
    assert_eq!(refused(json!({ "name": "one more" })).await["type"], "overQuota");
    assert_eq!(error(&alice.call("AppPassword/query", json!({})).await), "unknownMethod");
}

#[tokio::test]
async fn an_app_password_does_not_sign_in_to_the_web() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let made = alice.ask("AppPassword/set", json!({ "create": { "p": { "name": "Phone" } } })).await;
    let secret = &made["created"]["p"]["secret"];
    let form = json!({ "address": crate::support::ALICE, "password": secret, "client": "a thief" });
    let answer = host.stranger().post("/auth/login", &form).await;
    assert_eq!(answer.problem(), (401, "urn:caliopen:error:credentials".to_owned()));
}
