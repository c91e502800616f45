//! Route: get.

use crate::support::{Host, error};
use serde_json::json;

#[tokio::test]
async fn the_routes_name_who_is_reached_and_explain_who_can_read() {
    let host = Host::new().await;
    host.add("bob@example.org").await;
    let alice = host.alice().await;
    let none = alice.ask("Route/get", json!({})).await;
    assert_eq!((&none["list"], &none["counted"], &none["isComplete"]), (&json!([]), &json!(0), &json!(true)));
    let made = json!({ "create": { "new": { "name": "Bob", "handles": ["email:bob@example.org"] } } });
    let made = alice.ask("Contact/set", made).await;
    let id = made["created"]["new"]["id"].clone();
    let looked = alice.ask("Outlook/get", json!({ "recipients": ["email:bob@example.org"] })).await;
    let found = alice.ask("Route/get", json!({ "language": "en" })).await;
    let route = &found["list"][0];
    assert_eq!((&route["kind"], &route["service"]), (&json!("same-server"), &json!(null)));
    assert_eq!((&route["contactCount"], &route["contactIds"]), (&json!(1), &json!([id])));
    assert_eq!(route["sentence"], looked["message"]["sentence"]);
    assert_eq!((&route["privacy"], &route["highest"]), (&looked["message"]["privacy"], &route["privacy"]));
    assert_eq!((&found["counted"], &found["notReached"]), (&json!(1), &json!(0)));
    let french = alice.ask("Route/get", json!({ "language": "fr" })).await;
    assert_ne!(french["list"][0]["sentence"], route["sentence"]);
}

#[tokio::test]
async fn what_a_route_is_not_asked_for_is_refused() {
    let host = Host::new().await;
    let alice = host.alice().await;
    assert_eq!(error(&alice.call("Route/get", json!({ "language": "de" })).await), "invalidArguments");
    assert_eq!(error(&alice.call("Route/get", json!({ "ids": null })).await), "invalidArguments");
    assert_eq!(error(&alice.call("Route/set", json!({})).await), "unknownMethod");
}
