//! Handler/get: the table of services, to be reviewed.

use crate::support::Host;
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
