//! UserPrivacy: get and changes.

use crate::support::{Host, error};
use serde_json::json;

#[tokio::test]
async fn the_user_has_one_index_with_its_halves_its_parts_and_what_would_raise_it() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let answer = alice.ask("UserPrivacy/get", json!({ "ids": null })).await;
    let list = answer["list"].as_array().unwrap();
    assert_eq!(list.len(), 1);
    let found = &list[0];
    assert_eq!(found["id"], "singleton");
    assert_eq!(found["privacy"]["approximate"], true);
    assert!(found["yours"].is_u64() && found["others"].is_null());
    assert_eq!(found["summary"], "little-known");
    let most: u64 =
        found["points"].as_array().unwrap().iter().map(|point| point["most"].as_u64().unwrap()).sum();
    assert_eq!(most, 100);
    let devices = found["devices"].as_array().unwrap();
    let accounts = found["accounts"].as_array().unwrap();
    assert_eq!((devices.len(), accounts.len()), (1, 1));
    let own: Vec<&serde_json::Value> = devices.iter().chain(accounts).map(|part| &part["id"]).collect();
    let raises = found["raises"].as_array().unwrap();
    assert!(!raises.is_empty());
    for raise in raises {
        assert!(own.contains(&&raise["subjectId"]), "{raise}");
        assert!(raise["projected"].as_u64() > found["privacy"]["score"].as_u64());
        assert!(["you", "yourProvider"].contains(&raise["who"].as_str().unwrap()), "others are no advice");
    }
    assert_eq!(found["history"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_sign_in_changes_it_and_its_changes_say_so() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let state = alice.ask("UserPrivacy/get", json!({ "ids": ["singleton"] })).await["state"].clone();
    host.alice().await;
    let changes = alice.ask("UserPrivacy/changes", json!({ "sinceState": state })).await;
    assert_eq!(changes["updated"], json!(["singleton"]));
    let nobody = alice.ask("UserPrivacy/get", json!({ "ids": ["other"] })).await;
    assert_eq!(nobody["notFound"], json!(["other"]));
    assert_eq!(error(&alice.call("UserPrivacy/set", json!({})).await), "unknownMethod");
    let french = json!({ "ids": null, "language": "fr", "properties": ["sentence"] });
    let english = json!({ "ids": null, "language": "en", "properties": ["sentence"] });
    assert_ne!(
        alice.ask("UserPrivacy/get", french).await["list"],
        alice.ask("UserPrivacy/get", english).await["list"]
    );
}

#[tokio::test]
async fn an_account_is_explained_by_its_id() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let account = alice.object("UserPrivacy", "singleton").await["accounts"][0].clone();
    let report = alice.object("PrivacyReport", account["id"].as_str().unwrap()).await;
    assert_eq!(report["privacy"], account["privacy"]);
    let points = report["points"].as_array().unwrap();
    assert!(points.iter().any(|point| point["component"] == "signIn"), "{report}");
    assert!(report["raises"][0]["projected"].as_u64() > account["privacy"]["score"].as_u64());
    assert!(!report["caps"].as_array().unwrap().is_empty());
}
