//! Conversation: get, changes, query, set.

use crate::support::{Client, Host, error};
use caliopen_jmap::Limits;
use serde_json::{Value, json};

/// A host where `count` people wrote once each, person 0 first.
async fn inbox_of(count: usize) -> (Host, Client) {
    let host = Host::new().await;
    for number in 0..count {
        host.deliver(&format!("Person {number} <p{number}@example.net>"), "Hello", "Some text").await;
    }
    let alice = host.alice().await;
    (host, alice)
}

#[tokio::test]
async fn a_conversation_shows_what_docs_api_says() {
    let (_host, alice) = inbox_of(1).await;
    let id = alice.only_conversation().await;
    let answer =
        alice.ask("Conversation/get", json!({ "ids": [id, id, "c0", "nonsense", "nonsense"] })).await;
    assert_eq!(answer["notFound"], json!(["c0", "nonsense"]));
    assert_eq!(answer["list"].as_array().unwrap().len(), 1);
    let one = &answer["list"][0];
    let contact = one["people"][0]["contactId"].as_str().unwrap();
    assert!(contact.starts_with('p'));
    assert_eq!(
        one["people"],
        json!([{ "contactId": contact, "name": "Person 0", "handle": "email:p0@example.net", "isMe": false }])
    );
    let expected = json!({
        "id": id, "kind": "direct", "place": "inbox", "title": null, "protocol": "email",
        "identity": "alice@example.org", "latestAt": "2026-11-22T10:00:01.000Z", "subject": "Hello",
        "excerpt": "Some text", "latestDirection": "received", "messageCount": 1, "unreadCount": 1,
        "hasAttachment": false, "suspicious": false, "protection": "none",
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&one[name], value, "{name}");
    }
    assert_eq!(one["latestMessageId"], json!(alice.messages_of(&id).await[0]));
    assert_eq!((&one["privacy"]["formula"], one["importance"].is_i64()), (&json!(1), true));
}

#[tokio::test]
async fn stubs_of_other_conversations_are_given_when_they_are_named() {
    let (_host, alice) = inbox_of(1).await;
    let id = alice.only_conversation().await;
    let usual = alice.ask("Conversation/get", json!({ "ids": [id] })).await;
    assert_eq!(usual["list"][0].get("related"), None);
    let named = alice.ask("Conversation/get", json!({ "ids": [id], "properties": ["related"] })).await;
    assert_eq!(named["list"], json!([{ "id": id, "related": [] }]));
}

#[tokio::test]
async fn get_returns_the_properties_asked_for_and_no_more_objects_than_its_limit() {
    let host = Host::with_limits(Limits { get_objects_max: 3, ..Limits::default() }).await;
    host.deliver("Bob <bob@example.net>", "Hello", "Text").await;
    let alice = host.alice().await;
    let id = alice.only_conversation().await;
    let some = alice.ask("Conversation/get", json!({ "ids": [id], "properties": ["subject"] })).await;
    assert_eq!(some["list"], json!([{ "id": id, "subject": "Hello" }]));
    let unknown = alice.call("Conversation/get", json!({ "ids": [id], "properties": ["colour"] })).await;
    assert_eq!(error(&unknown), "invalidArguments");
    let many = alice.call("Conversation/get", json!({ "ids": ["a", "b", "c", "d"] })).await;
    assert_eq!(error(&many), "requestTooLarge");
    let all = alice.call("Conversation/get", json!({ "ids": null })).await;
    assert_eq!(error(&all), "invalidArguments");
}

#[tokio::test]
async fn a_query_pages_by_position_and_by_anchor() {
    let (_host, alice) = inbox_of(5).await;
    let all = alice.ids("Conversation/query", json!({})).await;
    assert_eq!(all.len(), 5);
    let (middle, last) = (all[2].as_str(), all[4].as_str());
    for (arguments, expected) in [
        (json!({ "position": 3 }), &all[3..]),
        (json!({ "position": 1, "limit": 2 }), &all[1..3]),
        (json!({ "position": 9 }), &all[..0]),
        (json!({ "position": -2 }), &all[3..]),
        (json!({ "position": -99, "limit": 1 }), &all[..1]),
        (json!({ "limit": 0 }), &all[..0]),
        (json!({ "anchor": middle, "limit": 2 }), &all[2..4]),
        (json!({ "anchor": middle, "anchorOffset": 1, "position": 99 }), &all[3..]),
        (json!({ "anchor": middle, "anchorOffset": -1, "limit": 1 }), &all[1..2]),
        (json!({ "anchor": middle, "anchorOffset": -99, "limit": 1 }), &all[..1]),
        (json!({ "anchor": last, "anchorOffset": 1 }), &all[..0]),
    ] {
        let found = alice.ask("Conversation/query", arguments.clone()).await;
        assert_eq!(found["ids"], json!(expected), "{arguments}");
        let position = all.iter().position(|id| Some(id) == expected.first());
        assert!(position.is_none_or(|at| found["position"] == json!(at)), "{arguments} {found}");
    }
}

#[tokio::test]
async fn a_query_says_its_total_and_its_own_limit() {
    let (_host, alice) = inbox_of(3).await;
    let plain = alice.ask("Conversation/query", json!({ "limit": 2 })).await;
    assert_eq!((plain.get("total"), plain.get("limit")), (None, None));
    assert_eq!(plain["canCalculateChanges"], json!(false));
    let counted = alice.ask("Conversation/query", json!({ "limit": 1000, "calculateTotal": true })).await;
    assert_eq!((&counted["total"], &counted["limit"]), (&json!(3), &json!(500)));
    let filter = json!({ "filter": { "kinds": ["direct"] }, "calculateTotal": true, "limit": 1 });
    assert_eq!(alice.ask("Conversation/query", filter).await["total"], json!(3));
    let none = json!({ "filter": { "kinds": ["list"] }, "calculateTotal": true });
    assert_eq!(alice.ask("Conversation/query", none).await["total"], json!(0));
}

#[tokio::test]
async fn filters_and_sorts_are_understood_or_refused() {
    let (_host, alice) = inbox_of(2).await;
    let ids = alice.ids("Conversation/query", json!({})).await;
    alice.ask("Conversation/set", json!({ "update": { &ids[0]: { "unread": false } } })).await;
    alice.ask("Conversation/set", json!({ "update": { &ids[1]: { "place": "archive" } } })).await;
    for (arguments, expected) in [
        (json!({ "filter": { "place": "archive" } }), vec![&ids[1]]),
        (json!({ "filter": { "place": "bin" } }), vec![]),
        (json!({ "filter": { "unread": true } }), vec![]),
        (json!({ "filter": { "place": "archive", "unread": true } }), vec![&ids[1]]),
        (json!({ "filter": { "kinds": ["direct", "group"] } }), vec![&ids[0]]),
        (json!({ "filter": null, "sort": null }), vec![&ids[0]]),
        (json!({ "sort": [{ "property": "importance", "isAscending": false }] }), vec![&ids[0]]),
        (json!({ "sort": [{ "property": "latestAt", "isAscending": false }] }), vec![&ids[0]]),
    ] {
        let found = alice.ids("Conversation/query", arguments.clone()).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{arguments}");
    }
    for (arguments, expected) in [
        (json!({ "filter": { "place": "attic" } }), "invalidArguments"),
        (json!({ "filter": { "kinds": ["x"] } }), "invalidArguments"),
        (json!({ "filter": { "unread": "yes" } }), "invalidArguments"),
        (json!({ "filter": [] }), "invalidArguments"),
        (json!({ "filter": { "words": "x" } }), "unsupportedFilter"),
        (json!({ "filter": { "operator": "NOT", "conditions": [] } }), "unsupportedFilter"),
        (json!({ "sort": [{ "property": "latestAt" }] }), "unsupportedSort"),
        (json!({ "sort": [{ "property": "subject", "isAscending": false }] }), "unsupportedSort"),
        (json!({ "sort": ["latestAt"] }), "invalidArguments"),
        (json!({ "limit": -1 }), "invalidArguments"),
        (json!({ "position": 1.5 }), "invalidArguments"),
        (json!({ "colour": "red" }), "invalidArguments"),
        (json!({ "anchor": "c00000000000000000000000000" }), "anchorNotFound"),
        (json!({ "anchor": "nonsense" }), "anchorNotFound"),
        (json!({ "anchor": ids[1] }), "anchorNotFound"),
    ] {
        assert_eq!(
            error(&alice.call("Conversation/query", arguments.clone()).await),
            expected,
            "{arguments}"
        );
    }
    let changes = json!({ "sinceQueryState": "1" });
    assert_eq!(error(&alice.call("Conversation/queryChanges", changes).await), "cannotCalculateChanges");
    assert_eq!(error(&alice.call("Conversation/queryChanges", json!({})).await), "invalidArguments");
}

#[tokio::test]
async fn changes_lead_from_one_state_to_the_next() {
    let (host, alice) = inbox_of(1).await;
    let first = alice.only_conversation().await;
    let state = |answer: &Value| answer["state"].as_str().unwrap().to_owned();
    let before = state(&alice.ask("Conversation/get", json!({ "ids": [] })).await);
    let none = alice.ask("Conversation/changes", json!({ "sinceState": before })).await;
    let empty = json!([]);
    assert_eq!((&none["created"], &none["updated"], &none["destroyed"]), (&empty, &empty, &empty));
    assert_eq!((&none["oldState"], &none["newState"]), (&json!(before), &json!(before)));

    for number in 1..4 {
        host.deliver(&format!("p{number}@example.net"), "Hello", "Text").await;
    }
    alice.ask("Conversation/set", json!({ "update": { &first: { "title": "First" } } })).await;
    let (mut since, mut created, mut updated) = (before, 0, Vec::new());
    loop {
        let some = alice.ask("Conversation/changes", json!({ "sinceState": since, "maxChanges": 2 })).await;
        let count = |name: &str| some[name].as_array().unwrap().len();
        assert!(count("created") + count("updated") + count("destroyed") <= 2);
        created += count("created");
        updated.extend(some["updated"].as_array().unwrap().clone());
        since = some["newState"].as_str().unwrap().to_owned();
        if some["hasMoreChanges"] == json!(false) {
            break;
        }
    }
    assert_eq!((created, updated), (3, vec![json!(first)]));
    assert_eq!(since, state(&alice.ask("Conversation/get", json!({ "ids": [] })).await));
}

#[tokio::test]
async fn states_that_were_never_given_out_lead_nowhere() {
    let (_host, alice) = inbox_of(1).await;
    for (arguments, expected) in [
        (json!({ "sinceState": "999999" }), "cannotCalculateChanges"),
        (json!({ "sinceState": "yesterday" }), "cannotCalculateChanges"),
        (json!({ "sinceState": "" }), "cannotCalculateChanges"),
        (json!({ "sinceState": "0", "maxChanges": 0 }), "invalidArguments"),
        (json!({ "sinceState": "0", "maxChanges": -1 }), "invalidArguments"),
        (json!({ "sinceState": 0 }), "invalidArguments"),
        (json!({}), "invalidArguments"),
    ] {
        assert_eq!(
            error(&alice.call("Conversation/changes", arguments.clone()).await),
            expected,
            "{arguments}"
        );
    }
}

#[tokio::test]
async fn set_changes_what_a_person_may_change() {
    let (_host, alice) = inbox_of(1).await;
    let id = alice.only_conversation().await;
    let set = |patch: Value| json!({ "update": { &id: patch } });
    let answer = alice.ask("Conversation/set", set(json!({ "title": "Our trip", "place": "archive" }))).await;
    assert_eq!(answer["updated"], json!({ &id: null }));
    assert_ne!(answer["oldState"], answer["newState"]);
    let one = alice.object("Conversation", &id).await;
    assert_eq!((&one["title"], &one["place"]), (&json!("Our trip"), &json!("archive")));

    let read =
        alice.ask("Conversation/set", set(json!({ "unread": false, "place": "inbox", "title": null }))).await;
    assert_eq!(read["updated"], json!({ &id: { "unreadCount": 0 } }));
    let unread = alice.ask("Conversation/set", set(json!({ "unread": true }))).await;
    assert_eq!(unread["updated"], json!({ &id: { "unreadCount": 1 } }));

    // RFC 8620 §5.3: what only the server sets may be sent back unchanged.
    let whole = alice.object("Conversation", &id).await;
    let same = alice.ask("Conversation/set", set(whole)).await;
    assert_eq!((&same["updated"], &same["oldState"]), (&json!({ &id: null }), &same["newState"]));
}

#[tokio::test]
async fn each_set_error_is_the_one_of_rfc_8620_section_5_3() {
    let (_host, alice) = inbox_of(1).await;
    let id = alice.only_conversation().await;
    let absent = "c00000000000000000000000000";
    for (patch, kind, properties) in [
        (json!({ "place": "attic" }), "invalidProperties", json!(["place"])),
        (json!({ "place": null }), "invalidProperties", json!(["place"])),
        (json!({ "title": 5 }), "invalidProperties", json!(["title"])),
        (json!({ "title": "x".repeat(201) }), "invalidProperties", json!(["title"])),
        (json!({ "unread": "no" }), "invalidProperties", json!(["unread"])),
        (json!({ "subject": "Mine" }), "invalidProperties", json!(["subject"])),
        (json!({ "colour": "red" }), "invalidProperties", json!(["colour"])),
        (json!({ "privacy/score": 100 }), "invalidProperties", json!(["privacy"])),
        (json!({ "people/0": {} }), "invalidPatch", Value::Null),
        (json!({ "nothing/here": 1 }), "invalidPatch", Value::Null),
        (json!({ "privacy": {}, "privacy/score": 1 }), "invalidPatch", Value::Null),
    ] {
        let answer = alice.ask("Conversation/set", json!({ "update": { &id: patch } })).await;
        let refused = &answer["notUpdated"][&id];
        assert_eq!((&refused["type"], &refused["properties"]), (&json!(kind), &properties), "{patch}");
        assert_eq!(answer["oldState"], answer["newState"]);
    }
    let answer = alice
        .ask(
            "Conversation/set",
            json!({
                "create": { "new": { "title": "x" } },
                "update": { absent: { "title": "x" }, "nonsense": {}, &id: { "title": "x" } },
                "destroy": [id, absent, "nonsense"],
            }),
        )
        .await;
    assert_eq!(answer["notCreated"]["new"]["type"], json!("forbidden"));
    assert_eq!(answer["notUpdated"][&id], json!({ "type": "willDestroy" }));
    assert_eq!(
        answer["notDestroyed"],
        json!({ absent: { "type": "notFound" }, "nonsense": { "type": "notFound" } })
    );
    assert_eq!(answer["destroyed"], json!([id]));
    assert_eq!((&answer["created"], &answer["updated"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn destroying_moves_to_the_bin_and_can_be_undone() {
    let (_host, alice) = inbox_of(1).await;
    let id = alice.only_conversation().await;
    let answer = alice.ask("Conversation/set", json!({ "destroy": [id] })).await;
    assert_eq!(answer["destroyed"], json!([id]));
    assert_eq!(alice.object("Conversation", &id).await["place"], json!("bin"));
    assert_eq!(alice.ids("Conversation/query", json!({})).await, Vec::<String>::new());
    alice.ask("Conversation/set", json!({ "update": { &id: { "place": "inbox" } } })).await;
    assert_eq!(alice.only_conversation().await, id);
}

#[tokio::test]
async fn set_keeps_to_the_state_and_the_number_that_it_was_told() {
    let host = Host::with_limits(Limits { set_objects_max: 2, ..Limits::default() }).await;
    host.deliver("Bob <bob@example.net>", "Hello", "Text").await;
    let alice = host.alice().await;
    let id = alice.only_conversation().await;
    let state = alice.ask("Conversation/get", json!({ "ids": [] })).await["state"].clone();
    let title =
        |title: &str, state: &Value| json!({ "ifInState": state, "update": { &id: { "title": title } } });
    let done = alice.ask("Conversation/set", title("One", &state)).await;
    assert_eq!(done["oldState"], state);
    let stale = alice.call("Conversation/set", title("Two", &state)).await;
    assert_eq!(error(&stale), "stateMismatch");
    assert_eq!(alice.object("Conversation", &id).await["title"], json!("One"));
    let many = alice.call("Conversation/set", json!({ "destroy": ["a", "b"], "create": { "c": {} } })).await;
    assert_eq!(error(&many), "requestTooLarge");
    for wrong in [
        json!({ "update": [] }),
        json!({ "update": { "c": 1 } }),
        json!({ "destroy": "c" }),
        json!({ "x": 1 }),
    ] {
        assert_eq!(error(&alice.call("Conversation/set", wrong).await), "invalidArguments");
    }
}
