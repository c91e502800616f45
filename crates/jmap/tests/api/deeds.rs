//! Deeds of the list: pin, mute, snooze, label, one at a time and for many.

use crate::support::{Client, Host, error};
use serde_json::{Value, json};

async fn inbox_of(count: usize) -> (Host, Client, Vec<String>) {
    let host = Host::new().await;
    for number in 0..count {
        host.deliver(&format!("Person {number} <p{number}@example.net>"), "Hello", "Some text").await;
    }
    let alice = host.alice().await;
    let ids = alice.ids("Conversation/query", json!({})).await;
    (host, alice, ids)
}

async fn listed(alice: &Client, filter: Value) -> Vec<String> {
    alice.ids("Conversation/query", json!({ "filter": filter })).await
}

async fn update(alice: &Client, id: &str, patch: Value) -> Value {
    alice.ask("Conversation/set", json!({ "update": { id: patch } })).await
}

#[tokio::test]
async fn what_is_pinned_comes_first_and_what_is_muted_is_not_unread() {
    let (_host, alice, ids) = inbox_of(3).await;
    update(&alice, &ids[2], json!({ "pinned": true })).await;
    assert_eq!(listed(&alice, json!({})).await, [&ids[2], &ids[0], &ids[1]].map(String::clone));
    update(&alice, &ids[0], json!({ "muted": true })).await;
    assert_eq!(listed(&alice, json!({ "unread": true })).await, [&ids[2], &ids[1]].map(String::clone));
    let one = alice.object("Conversation", &ids[0]).await;
    assert_eq!((&one["muted"], &one["unreadCount"]), (&json!(true), &json!(1)));
    let unread_first = json!({ "sort": [{ "property": "unread", "isAscending": false }] });
    let found = alice.ids("Conversation/query", unread_first).await;
    assert_eq!(found, [&ids[2], &ids[1], &ids[0]].map(String::clone));
}

#[tokio::test]
async fn a_snooze_has_a_time_and_ends_with_a_place_or_with_null() {
    let (host, alice, ids) = inbox_of(2).await;
    let until = "2026-12-24T18:00:00.000Z";
    let done = update(&alice, &ids[0], json!({ "snoozedUntil": until })).await;
    assert_eq!(done["updated"][&ids[0]], json!({ "place": "snoozed" }));
    assert_eq!(listed(&alice, json!({ "place": "snoozed" })).await, [ids[0].clone()]);
    assert_eq!(alice.object("Conversation", &ids[0]).await["snoozedUntil"], json!(until));
    update(&alice, &ids[0], json!({ "snoozedUntil": null })).await;
    assert_eq!(listed(&alice, json!({})).await, ids);
    update(&alice, &ids[0], json!({ "snoozedUntil": until })).await;
    update(&alice, &ids[0], json!({ "place": "archive" })).await;
    assert_eq!(alice.object("Conversation", &ids[0]).await["snoozedUntil"], Value::Null);
    for wrong in
        [json!({ "place": "snoozed" }), json!({ "snoozedUntil": "soon" }), json!({ "snoozedUntil": 5 })]
    {
        let refused = update(&alice, &ids[1], wrong.clone()).await;
        assert_eq!(refused["notUpdated"][&ids[1]]["type"], json!("invalidProperties"), "{wrong}");
    }
    // A time that is past is now: the next look brings it back.
    update(&alice, &ids[1], json!({ "snoozedUntil": "2001-01-01T00:00:00Z" })).await;
    assert_eq!(listed(&alice, json!({})).await, Vec::<String>::new());
    host.hub.bring_back().await.unwrap();
    assert_eq!(alice.object("Conversation", &ids[1]).await["returned"], json!(true));
}

#[tokio::test]
async fn labels_are_made_named_counted_and_taken_off() {
    let (_host, alice, ids) = inbox_of(2).await;
    let create =
        json!({ "create": { "t": { "name": " Travel ", "colour": "teal" }, "w": { "name": "Work" } } });
    let made = alice.ask("Label/set", create).await;
    assert_eq!(made["created"]["t"]["name"], json!("Travel"));
    let label = made["created"]["t"]["id"].as_str().unwrap().to_owned();
    let again = alice.ask("Label/set", json!({ "create": { "t": { "name": "TRAVEL" } } })).await;
    assert_eq!(again["notCreated"]["t"]["type"], json!("alreadyExists"));
    for wrong in [json!({}), json!({ "name": "x".repeat(61) }), json!({ "name": "x", "colour": "mauve" })] {
        let refused = alice.ask("Label/set", json!({ "create": { "x": wrong } })).await;
        assert_eq!(refused["notCreated"]["x"]["type"], json!("invalidProperties"), "{wrong}");
    }
    let on = format!("labels/{label}");
    update(&alice, &ids[0], json!({ &on: true })).await;
    assert_eq!(alice.object("Conversation", &ids[0]).await["labels"], json!({ &label: true }));
    assert_eq!(listed(&alice, json!({ "label": label })).await, [ids[0].clone()]);
    let all = alice.ask("Label/get", json!({ "ids": null })).await;
    assert_eq!(
        (&all["list"][0]["conversationCount"], &all["list"][0]["unreadCount"]),
        (&json!(1), &json!(1))
    );
    update(&alice, &ids[0], json!({ &on: null })).await;
    assert_eq!(listed(&alice, json!({ "label": label })).await, Vec::<String>::new());
    update(&alice, &ids[0], json!({ &on: true })).await;
    alice.ask("Label/set", json!({ "destroy": [label] })).await;
    assert_eq!(alice.object("Conversation", &ids[0]).await["labels"], json!({}));
    for (arguments, kind) in [
        (json!({ "filter": { "label": "c1" } }), "invalidArguments"),
        (json!({ "filter": { "label": label, "place": "inbox" } }), "unsupportedFilter"),
        (
            json!({ "filter": { "label": label }, "sort": [{ "property": "importance", "isAscending": false }] }),
            "unsupportedSort",
        ),
    ] {
        assert_eq!(error(&alice.call("Conversation/query", arguments.clone()).await), kind, "{arguments}");
    }
}

#[tokio::test]
async fn one_deed_is_done_to_all_and_undone() {
    let (_host, alice, ids) = inbox_of(4).await;
    update(&alice, &ids[3], json!({ "unread": false })).await;
    let deed = json!({ "filter": { "unread": true }, "patch": { "place": "archive", "pinned": true } });
    let done = alice.ask("Conversation/setAll", deed).await;
    assert_eq!((&done["changed"], &done["finished"]), (&json!(3), &json!(true)));
    assert_eq!(listed(&alice, json!({})).await, [ids[3].clone()]);
    let operation = done["operationId"].clone();
    let more = json!({ "filter": { "unread": true }, "operationId": operation });
    assert_eq!(alice.ask("Conversation/setAll", more.clone()).await, done);
    let undo = json!({ "operationId": operation });
    assert_eq!(alice.ask("Conversation/undoAll", undo.clone()).await["finished"], json!(true));
    assert_eq!(listed(&alice, json!({})).await, ids);
    assert_eq!(alice.object("Conversation", &ids[0]).await["pinned"], json!(false));
    for (method, arguments) in [("Conversation/undoAll", undo), ("Conversation/setAll", more)] {
        assert_eq!(error(&alice.call(method, arguments).await), "invalidArguments");
    }
}

#[tokio::test]
async fn one_deed_is_done_to_those_that_were_selected() {
    let (_host, alice, ids) = inbox_of(3).await;
    let made = alice.ask("Label/set", json!({ "create": { "t": { "name": "Travel" } } })).await;
    let label = made["created"]["t"]["id"].as_str().unwrap().to_owned();
    let on = format!("labels/{label}");
    let deed = json!({ "ids": [ids[0], ids[2], "nonsense"], "patch": { &on: true, "unread": false } });
    assert_eq!(alice.ask("Conversation/setAll", deed).await["changed"], json!(2));
    assert_eq!(listed(&alice, json!({ "label": label })).await, [ids[0].clone(), ids[2].clone()]);
    for wrong in [
        json!({ "patch": {} }),
        json!({ "ids": [] }),
        json!({ "ids": [], "filter": {}, "patch": {} }),
        json!({ "ids": [], "patch": { "title": "x" } }),
        json!({ "ids": [], "patch": { "labels": {} } }),
        json!({ "ids": [], "patch": { &on: false } }),
        json!({ "ids": [], "patch": { "labels/x": true } }),
        json!({ "ids": [], "patch": { "place": "attic" } }),
        json!({ "ids": [], "patch": { "subject": "x" } }),
        json!({ "ids": [], "operationId": "u1" }),
        json!({ "filter": { "place": "attic" }, "patch": {} }),
    ] {
        assert_eq!(
            error(&alice.call("Conversation/setAll", wrong.clone()).await),
            "invalidArguments",
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn the_bin_is_emptied_at_once_and_nothing_else() {
    let (_host, alice, ids) = inbox_of(3).await;
    update(&alice, &ids[0], json!({ "place": "bin" })).await;
    update(&alice, &ids[1], json!({ "place": "spam" })).await;
    let before = alice.object("Quota", "singleton").await["used"].as_u64();
    let done = alice.ask("Conversation/empty", json!({ "place": "bin" })).await;
    assert_eq!((&done["removed"], &done["finished"]), (&json!(1), &json!(true)));
    assert_eq!(listed(&alice, json!({ "place": "bin" })).await, Vec::<String>::new());
    assert_eq!(listed(&alice, json!({ "place": "spam" })).await, [ids[1].clone()]);
    assert_eq!(listed(&alice, json!({})).await, [ids[2].clone()]);
    assert!(alice.object("Quota", "singleton").await["used"].as_u64() < before, "that makes room");
    for place in ["inbox", "archive", "nowhere"] {
        assert_eq!(
            error(&alice.call("Conversation/empty", json!({ "place": place })).await),
            "invalidArguments"
        );
    }
}
