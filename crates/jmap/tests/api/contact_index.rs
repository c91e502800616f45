//! The index of a contact: in Contact, and explained by PrivacyReport.

use crate::support::{Host, error};
use serde_json::json;

#[tokio::test]
async fn a_contact_has_no_number_before_somebody_looked_and_a_report_says_so() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let made = json!({ "create": { "new": { "name": "Bob", "handles": ["email:bob@example.org"] } } });
    let made = alice.ask("Contact/set", made).await;
    let id = made["created"]["new"]["id"].as_str().unwrap().to_owned();
    assert!(alice.object("Contact", &id).await["privacy"].is_null());
    let report = alice.object("PrivacyReport", &id).await;
    assert_eq!(report["id"], json!(id));
    assert!(report["privacy"].is_null() && report["levelWord"].is_null() && report["assessedAt"].is_null());
    assert_eq!(report["ways"][0]["standing"], "not-seen");
    assert!(report["points"].as_array().unwrap().iter().all(|point| point["known"] == false));
}

#[tokio::test]
async fn a_contact_s_report_explains_the_way_that_a_message_would_take() {
    let host = Host::new().await;
    host.add("bob@example.org").await;
    let alice = host.alice().await;
    let made = json!({ "create": { "new": { "name": "Bob", "handles": ["email:bob@example.org"] } } });
    let made = alice.ask("Contact/set", made).await;
    let id = made["created"]["new"]["id"].as_str().unwrap().to_owned();
    let state = alice.ask("Contact/get", json!({ "ids": [] })).await["state"].clone();
    let looked = alice.ask("Outlook/get", json!({ "recipients": ["email:bob@example.org"] })).await;
    let changes = alice.ask("Contact/changes", json!({ "sinceState": state })).await;
    assert_eq!(changes["updated"], json!([id]));
    let contact = alice.object("Contact", &id).await;
    assert_eq!(contact["privacy"], looked["list"][0]["privacy"]);
    assert_eq!(contact["ways"][0]["proven"], false);
    let report = alice.object("PrivacyReport", &id).await;
    assert_eq!(report["privacy"], contact["privacy"]);
    assert_eq!(report["points"], looked["list"][0]["points"]);
    assert_eq!(report["ways"][0]["standing"], "best");
    assert_eq!(report["ways"][0]["handle"], "email:bob@example.org");
    assert_eq!(report["history"].as_array().unwrap().len(), 1);
    assert_eq!(report["history"][0]["score"], contact["privacy"]["score"]);
    assert!(!report["assessedAt"].is_null());
    let french = json!({ "ids": [id], "language": "fr", "properties": ["ways"] });
    let french = alice.ask("PrivacyReport/get", french).await;
    assert_ne!(french["list"][0]["ways"][0]["reason"], report["ways"][0]["reason"]);
}

#[tokio::test]
async fn reports_of_messages_and_contacts_are_asked_for_together() {
    let host = Host::new().await;
    host.deliver("Bob <bob@example.net>", "Hello", "Text").await;
    let alice = host.alice().await;
    let conversation = alice.only_conversation().await;
    let message = alice.messages_of(&conversation).await.remove(0);
    let contact = alice.ids("Contact/query", json!({})).await.remove(0);
    let nobody = "p00000000000000000000000000";
    let asked = json!({ "ids": [contact, message, nobody] });
    let answer = alice.ask("PrivacyReport/get", asked).await;
    let ids: Vec<&str> =
        answer["list"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [contact.as_str(), message.as_str()]);
    assert_eq!(answer["notFound"], json!([nobody]));
    let wrong = alice.call("PrivacyReport/set", json!({})).await;
    assert_eq!(error(&wrong), "unknownMethod");
}
