//! Outlook: get.

use crate::support::{Host, error};
use serde_json::json;

#[tokio::test]
async fn an_outlook_explains_the_index_of_a_message_that_is_not_sent() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let asked = json!({ "recipients": ["email:alice@example.org", "email:bob@example.net", "no address"] });
    let answer = alice.ask("Outlook/get", asked).await;
    assert_eq!(answer["notFound"], json!(["no address"]));
    let list = answer["list"].as_array().unwrap();
    let of = |place: usize| (list[place]["recipient"].clone(), list[place]["complete"].clone());
    assert_eq!(of(0), (json!("email:alice@example.org"), json!(true)));
    assert_eq!(of(1), (json!("email:bob@example.net"), json!(false)), "nobody can tell");
    let score = |value: &serde_json::Value| value["privacy"]["score"].as_u64().unwrap();
    assert!(score(&list[0]) > score(&list[1]), "{list:?}");
    assert!(score(&answer["message"]) <= score(&list[0]), "the weakest of them counts");
    assert!(list[0]["trouble"].is_null());
    let kinds = |one: &serde_json::Value| one["evidence"].as_array().unwrap().len();
    assert!(kinds(&list[0]) > kinds(&list[1]), "what each rests on is told: {list:?}");
    assert!(list[0]["evidence"].to_string().contains("sameServer"), "{list:?}");
    let nobody = alice.ask("Outlook/get", json!({ "recipients": ["email:nobody@example.org"] })).await;
    assert_eq!(nobody["list"][0]["trouble"]["cause"], "no-such-recipient");
}

#[tokio::test]
async fn an_outlook_speaks_the_language_asked_for_and_is_bounded() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let asked = |language| json!({ "recipients": ["email:alice@example.org"], "language": language });
    let english = alice.ask("Outlook/get", asked("en")).await["message"]["sentence"].clone();
    assert_ne!(alice.ask("Outlook/get", asked("fr")).await["message"]["sentence"], english);
    assert_eq!(error(&alice.call("Outlook/get", asked("de")).await), "invalidArguments");
    let many = json!({ "recipients": vec!["email:a@example.net"; 51] });
    assert_eq!(error(&alice.call("Outlook/get", many).await), "requestTooLarge");
}
