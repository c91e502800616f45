//! Quota/get and /changes, and what a full account is told.

use crate::support::{ALICE, Host, error};
use caliopen_hub::Allowance;
use caliopen_model::EmailAddress;
use serde_json::json;

#[tokio::test]
async fn the_quota_says_what_is_used_and_moves_with_what_is_allowed() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let unlimited = alice.object("Quota", "singleton").await;
    let said = json!({
        "id": "singleton", "name": "storage", "resourceType": "octets", "scope": "account", "types": ["Message"],
        "used": 0, "hardLimit": null, "warnLimit": null, "earned": 0
    });
    assert_eq!(unlimited, said);
    let since = alice.ask("Quota/get", json!({ "ids": ["singleton"] })).await["state"].clone();
    let address = EmailAddress::parse(ALICE).unwrap();
    host.hub.allow_storage(&address, Allowance::Bytes(1_000)).await.unwrap();
    let limited = alice.object("Quota", "singleton").await;
    assert_eq!((&limited["hardLimit"], &limited["warnLimit"]), (&json!(1_000), &json!(900)));
    let changes = alice.ask("Quota/changes", json!({ "sinceState": since })).await;
    assert_eq!(changes["updated"], json!(["singleton"]));
    assert_eq!(error(&alice.call("Quota/set", json!({})).await), "unknownMethod");
}

#[tokio::test]
async fn an_upload_to_a_full_account_is_answered_in_words() {
    let host = Host::new().await;
    let alice = host.alice().await;
    host.hub.allow_storage(&EmailAddress::parse(ALICE).unwrap(), Allowance::Bytes(0)).await.unwrap();
    let answer = alice
        .post_with(&format!("/jmap/upload/{}", alice.account), &[("content-type", "text/plain")], "notes")
        .await;
    assert_eq!(answer.status.as_u16(), 507);
    assert_eq!(answer.json()["type"], "urn:caliopen:error:mailbox-full");
}
