//! Contact: get, changes, query, set.

use crate::support::{Client, Host, error};
use serde_json::{Value, json};

async fn known(people: &[&str]) -> (Host, Client) {
    let host = Host::new().await;
    for person in people {
        host.deliver(person, "Hello", "Text").await;
    }
    let alice = host.alice().await;
    (host, alice)
}

async fn names(client: &Client, arguments: Value) -> Vec<String> {
    let ids = client.ids("Contact/query", arguments).await;
    let list = client.ask("Contact/get", json!({ "ids": ids })).await["list"].clone();
    list.as_array().unwrap().iter().map(|one| one["displayName"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn contacts_are_suggested_by_mail_and_listed_by_name() {
    let (_host, alice) = known(&["Zoe <z@example.net>", "ben@example.net", "Ana <a@example.net>"]).await;
    assert_eq!(names(&alice, json!({})).await, ["Ana", "ben@example.net", "Zoe"]);
    assert_eq!(
        names(&alice, json!({ "sort": [{ "property": "name" }], "position": 1, "limit": 1 })).await,
        ["ben@example.net"]
    );
    assert_eq!(names(&alice, json!({ "position": -1 })).await, ["Zoe"]);
    let by_id = json!({ "sort": [{ "property": "id" }] });
    assert_eq!(names(&alice, by_id).await, ["Zoe", "ben@example.net", "Ana"]);
    let ids = alice.ids("Contact/query", json!({})).await;
    let after = json!({ "anchor": ids[0], "anchorOffset": 1, "calculateTotal": true });
    let page = alice.ask("Contact/query", after).await;
    assert_eq!((&page["ids"], &page["position"], &page["total"]), (&json!(ids[1..]), &json!(1), &json!(3)));

    let all = alice.ask("Contact/get", json!({ "ids": null })).await;
    assert_eq!(all["list"].as_array().unwrap().len(), 3);
    let ana = alice.object("Contact", &ids[0]).await;
    assert_eq!(
        ana,
        json!({ "id": ids[0], "name": null, "suggestedName": "Ana", "displayName": "Ana", "note": null,
                "state": "suggested", "handles": ["email:a@example.net"], "blocked": false })
    );
}

#[tokio::test]
async fn orders_and_filters_that_there_are_none_of_are_refused() {
    let (_host, alice) = known(&["Ana <a@example.net>"]).await;
    for (arguments, expected) in [
        (json!({ "sort": [{ "property": "name", "isAscending": false }] }), "unsupportedSort"),
        (json!({ "sort": [{ "property": "note" }] }), "unsupportedSort"),
        (json!({ "filter": { "text": "a" } }), "unsupportedFilter"),
        (json!({ "anchor": "p00000000000000000000000000" }), "anchorNotFound"),
    ] {
        assert_eq!(error(&alice.call("Contact/query", arguments.clone()).await), expected, "{arguments}");
    }
}

#[tokio::test]
async fn naming_somebody_confirms_them_and_the_answer_says_so() {
    let (_host, alice) = known(&["Ana M. <a@example.net>"]).await;
    let id = alice.ids("Contact/query", json!({})).await.remove(0);
    let before = alice.ask("Contact/get", json!({ "ids": [] })).await["state"].clone();
    let patch = json!({ "name": "Ana", "note": "met in Paris", "blocked": true });
    let answer = alice.ask("Contact/set", json!({ "update": { &id: patch } })).await;
    assert_eq!(answer["updated"], json!({ &id: { "displayName": "Ana", "state": "confirmed" } }));
    let ana = alice.object("Contact", &id).await;
    assert_eq!(
        (&ana["name"], &ana["note"], &ana["blocked"]),
        (&json!("Ana"), &json!("met in Paris"), &json!(true))
    );
    let changes = alice.ask("Contact/changes", json!({ "sinceState": before })).await;
    assert_eq!(changes["updated"], json!([id]));
    alice.ask("Contact/set", json!({ "update": { &id: { "name": null, "blocked": false } } })).await;
    let ana = alice.object("Contact", &id).await;
    assert_eq!((&ana["displayName"], &ana["blocked"]), (&json!("Ana M."), &json!(false)));
}

#[tokio::test]
async fn contacts_are_neither_made_nor_destroyed_by_hand() {
    let (_host, alice) = known(&["Ana <a@example.net>"]).await;
    let id = alice.ids("Contact/query", json!({})).await.remove(0);
    let absent = "p00000000000000000000000000";
    let answer = alice.ask("Contact/set", json!({ "create": { "x": {} }, "destroy": [id, absent] })).await;
    assert_eq!(answer["notCreated"]["x"]["type"], json!("forbidden"));
    assert_eq!(answer["notDestroyed"][&id]["type"], json!("forbidden"));
    assert_eq!(answer["notDestroyed"][absent]["type"], json!("notFound"));
    for (patch, property) in [
        (json!({ "displayName": "x" }), "displayName"),
        (json!({ "handles": [] }), "handles"),
        (json!({ "state": "confirmed" }), "state"),
        (json!({ "name": "x".repeat(201) }), "name"),
        (json!({ "note": 1 }), "note"),
        (json!({ "blocked": "yes" }), "blocked"),
    ] {
        let answer = alice.ask("Contact/set", json!({ "update": { &id: patch } })).await;
        assert_eq!(answer["notUpdated"][&id]["properties"], json!([property]), "{patch}");
    }
}
