//! PrivacyReport: get.

use crate::support::{Host, error};
use serde_json::json;

#[tokio::test]
async fn a_report_explains_the_index_that_was_stored() {
    let host = Host::new().await;
    host.deliver("Bob <bob@example.net>", "Hello", "Text").await;
    let alice = host.alice().await;
    let conversation = alice.only_conversation().await;
    let id = alice.messages_of(&conversation).await.remove(0);
    let message = alice.object("Message", &id).await;
    let report = alice.object("PrivacyReport", &id).await;
    assert_eq!(report["privacy"], message["privacy"]);
    assert_eq!((&report["id"], &report["formula"]), (&json!(id), &json!(1)));
    assert_eq!(report["assessedAt"], message["receivedAt"]);
    let components: Vec<&str> = report["points"]
        .as_array()
        .unwrap()
        .iter()
        .map(|point| point["component"].as_str().unwrap())
        .collect();
    for component in ["content", "identity", "exposure", "atRest", "context"] {
        assert!(components.contains(&component), "{components:?}");
    }
    let most: u64 =
        report["points"].as_array().unwrap().iter().map(|point| point["most"].as_u64().unwrap()).sum();
    assert_eq!(most, 100);
    let hop = report["points"].to_string();
    assert!(hop.contains("mx.example.net"), "{hop}");
    assert!(report["cap"].is_null() || report["caps"].as_array().unwrap().contains(&report["cap"]));
    for raise in report["raises"].as_array().unwrap() {
        assert!(raise["projected"].as_u64() > report["privacy"]["score"].as_u64(), "{raise}");
        assert!(["you", "contact", "provider"].contains(&raise["who"].as_str().unwrap()));
    }
}

#[tokio::test]
async fn a_report_speaks_the_language_asked_for_or_the_account_s() {
    let host = Host::new().await;
    host.deliver("Bob <bob@example.net>", "Hello", "Text").await;
    let alice = host.alice().await;
    let conversation = alice.only_conversation().await;
    let id = alice.messages_of(&conversation).await.remove(0);
    let word = |language| json!({ "ids": [id], "language": language, "properties": ["sentence"] });
    let english = alice.ask("PrivacyReport/get", word(json!("en"))).await["list"].clone();
    let italian = alice.ask("PrivacyReport/get", word(json!("it"))).await["list"].clone();
    assert_ne!(english, italian);
    assert_eq!(alice.ask("PrivacyReport/get", word(json!(null))).await["list"], english);
    alice.post("/auth/language", &json!({ "language": "it" })).await;
    assert_eq!(alice.ask("PrivacyReport/get", word(json!(null))).await["list"], italian);
    assert_eq!(error(&alice.call("PrivacyReport/get", word(json!("de"))).await), "invalidArguments");
    assert_eq!(error(&alice.call("PrivacyReport/get", json!({ "ids": null })).await), "invalidArguments");
    assert_eq!(error(&alice.call("PrivacyReport/set", json!({})).await), "unknownMethod");
}
