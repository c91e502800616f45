//! Handler/get: the table of services, to be reviewed.

use crate::support::Host;
use caliopen_hub::Lowered;
use caliopen_model::HandlerClass;
use serde_json::json;

#[tokio::test]
async fn the_table_says_of_each_service_how_it_lives_in_the_readers_language() {
    let alice = Host::new().await.alice().await;
    let answer = alice.ask("Handler/get", json!({ "language": "fr" })).await;
    let services = answer["list"].as_array().unwrap();
    let gmail = services.iter().find(|service| service["name"] == "Gmail").unwrap();
    assert_eq!(gmail["class"], "E");
    assert!(gmail["why"].as_str().unwrap().contains("publicité"), "{gmail}");
    assert!(gmail["domains"].as_array().unwrap().contains(&json!("gmail.com")));
    assert!(answer["reviewedOn"].as_str().is_some_and(|date| date.starts_with("20")));
    assert!(
        services.iter().all(|service| service["class"] != "A"),
        "no table knows who runs their own server"
    );
}

#[tokio::test]
async fn what_the_administrator_lowered_is_said_beside_the_table() {
    let host = Host::new().await;
    let lowered = [
        ("posteo.de", HandlerClass::D),
        ("gmail.com", HandlerClass::B),
        ("mail.example.net", HandlerClass::E),
    ];
    host.hub.lower_services(lowered.map(|(name, class)| Lowered::new(name, class)).into());
    let answer = host.alice().await.ask("Handler/get", json!({ "language": "en" })).await;
    let services = answer["list"].as_array().unwrap();
    let of = |name: &str| services.iter().find(|service| service["name"] == name).unwrap()["lowered"].clone();
    assert_eq!((of("Posteo"), of("Gmail")), (json!("D"), json!(null)));
    assert_eq!(answer["lowered"], json!([{ "name": "mail.example.net", "class": "E" }]));
}
