//! Identity: get.

use crate::support::{ALICE, Host, error};
use serde_json::json;

#[tokio::test]
async fn the_address_of_the_account_is_its_identity() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let all = alice.ask("Identity/get", json!({ "ids": null })).await;
    let id = all["list"][0]["id"].as_str().unwrap();
    assert!(id.starts_with('i'));
    assert_eq!(all["list"], json!([{ "id": id, "address": ALICE, "name": null }]));
    let some = alice
        .ask("Identity/get", json!({ "ids": [id, "i00000000000000000000000000"], "properties": ["address"] }))
        .await;
    assert_eq!(some["list"], json!([{ "id": id, "address": ALICE }]));
    assert_eq!(some["notFound"], json!(["i00000000000000000000000000"]));
    assert_eq!(some["state"], all["state"]);
    assert_eq!(error(&alice.call("Identity/changes", json!({ "sinceState": "0" })).await), "unknownMethod");
}
