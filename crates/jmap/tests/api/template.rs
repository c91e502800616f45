//! Template: get, changes, query, set.

use crate::support::{Client, Host, error};
use serde_json::{Value, json};

async fn create(alice: &Client, template: Value) -> Value {
    alice.ask("Template/set", json!({ "create": { "a": template } })).await
}

async fn names(alice: &Client) -> Vec<Value> {
    let all = alice.ask("Template/get", json!({ "ids": null })).await;
    all["list"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect()
}

#[tokio::test]
async fn templates_are_kept_by_name_changed_and_removed() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let state = alice.ask("Template/get", json!({ "ids": null })).await["state"].clone();
    let thanks = create(&alice, json!({ "name": " thanks ", "text": "Thank you!" })).await;
    let made = &thanks["created"]["a"];
    let id = made["id"].as_str().unwrap();
    assert!(id.starts_with('f'));
    assert_eq!(
        (&made["name"], &made["subject"], &made["html"]),
        (&json!("thanks"), &json!(""), &json!(null))
    );
    assert_eq!(made.get("text"), None, "what the client said is not said back");
    create(
        &alice,
        json!({ "name": "Address", "subject": "Where we are", "text": "7, rue du Port", "html": "<p>7</p>" }),
    )
    .await;
    assert_eq!(names(&alice).await, ["Address", "thanks"]);
    let page = alice
        .ask(
            "Template/query",
            json!({ "sort": [{ "property": "name" }], "limit": 1, "calculateTotal": true }),
        )
        .await;
    assert_eq!((page["ids"].as_array().unwrap().len(), &page["total"]), (1, &json!(2)));
    let changes = alice.ask("Template/changes", json!({ "sinceState": state })).await;
    assert_eq!(changes["created"].as_array().unwrap().len(), 2);
    alice.ask("Template/set", json!({ "update": { id: { "text": "Many thanks!" } } })).await;
    let kept = alice.ask("Template/get", json!({ "ids": [id] })).await["list"][0].clone();
    assert_eq!((&kept["name"], &kept["text"]), (&json!("thanks"), &json!("Many thanks!")));
    let gone = alice.ask("Template/set", json!({ "destroy": [id] })).await;
    assert_eq!(gone["destroyed"], json!([id]));
    assert_eq!(names(&alice).await, ["Address"]);
}

#[tokio::test]
async fn a_template_of_wrong_properties_is_refused_with_a_sentence() {
    let host = Host::new().await;
    let alice = host.alice().await;
    for (wrong, kind) in [
        (json!({ "text": "nameless" }), "invalidProperties"),
        (json!({ "name": "  " }), "invalidProperties"),
        (json!({ "name": "n".repeat(101) }), "invalidProperties"),
        (json!({ "name": "n", "colour": "red" }), "invalidProperties"),
        (json!({ "name": "n", "subject": "s".repeat(999) }), "tooLarge"),
        (json!({ "name": "n", "text": "t".repeat(65_000), "html": "h".repeat(1_000) }), "tooLarge"),
    ] {
        let answer = create(&alice, wrong.clone()).await;
        assert_eq!(answer["notCreated"]["a"]["type"], kind, "{wrong}");
        assert!(answer["notCreated"]["a"]["description"].is_string());
    }
    let sorted =
        alice.call("Template/query", json!({ "sort": [{ "property": "name", "isAscending": false }] })).await;
    assert_eq!(error(&sorted), "unsupportedSort");
    assert_eq!(names(&alice).await, Vec::<Value>::new());
}

#[tokio::test]
async fn an_account_keeps_two_hundred_templates() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let many: Value = (0..201).map(|n| (format!("t{n:03}"), json!({ "name": format!("t{n:03}") }))).collect();
    let answer = alice.ask("Template/set", json!({ "create": many })).await;
    assert_eq!(answer["created"].as_object().unwrap().len(), 200);
    assert_eq!(answer["notCreated"]["t200"]["type"], "overQuota");
}
