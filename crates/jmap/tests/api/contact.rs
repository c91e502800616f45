//! Contact: get, changes, query, set.

use crate::support::{Client, Host, error, header};
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
        json!({ "id": ids[0], "name": null, "suggestedName": "Ana", "displayName": "Ana", "note": null, "showsPictures": false,
                "state": "suggested", "handles": ["email:a@example.net"], "blocked": false, "fields": [],
                "ways": [{ "handle": "email:a@example.net", "blocked": false, "confirmed": false, "proven": false,
                           "linkedId": null, "linkedAt": null }],
                "privacy": null })
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
    let told = &answer["updated"][&id];
    assert_eq!((&told["displayName"], &told["state"]), (&json!("Ana"), &json!("confirmed")));
    assert_eq!(told["ways"][0]["blocked"], json!(true));
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
async fn what_only_the_server_sets_or_is_no_value_is_refused_by_its_name() {
    let (_host, alice) = known(&["Ana <a@example.net>"]).await;
    let id = alice.ids("Contact/query", json!({})).await.remove(0);
    let absent = "p00000000000000000000000000";
    let answer = alice.ask("Contact/set", json!({ "destroy": [absent] })).await;
    assert_eq!(answer["notDestroyed"][absent]["type"], json!("notFound"));
    for (patch, property) in [
        (json!({ "displayName": "x" }), "displayName"),
        (json!({ "handles": ["mail"] }), "handles"),
        (json!({ "fields": [{ "kind": "shoe", "value": "1" }] }), "fields"),
        (json!({ "fields": [{ "kind": "birthday", "value": "soon" }] }), "fields"),
        (json!({ "ways": [{ "handle": "x" }] }), "ways"),
        (json!({ "state": "confirmed" }), "state"),
        (json!({ "name": "x".repeat(201) }), "name"),
        (json!({ "note": 1 }), "note"),
        (json!({ "blocked": "yes" }), "blocked"),
    ] {
        let answer = alice.ask("Contact/set", json!({ "update": { &id: patch } })).await;
        assert_eq!(answer["notUpdated"][&id]["properties"], json!([property]), "{patch}");
    }
}

#[tokio::test]
async fn a_contact_is_made_edited_deleted_and_taken_back() {
    let (_host, alice) = known(&["Ana <a@example.net>"]).await;
    let ana = alice.ids("Contact/query", json!({})).await.remove(0);
    alice.ask("Contact/set", json!({ "update": { &ana: { "note": "sings" } } })).await;
    let phone = json!({ "kind": "phone", "use": "mobile", "value": "+33 6" });
    let bo = json!({ "name": "Bo", "handles": ["email:bo@example.net"], "fields": [phone] });
    let taken = json!({ "handles": ["email:A@example.net"] });
    let answer = alice.ask("Contact/set", json!({ "create": { "b": bo, "t": taken, "e": {} } })).await;
    let id = answer["created"]["b"]["id"].as_str().unwrap().to_owned();
    assert_eq!(answer["notCreated"]["t"]["type"], json!("handleTaken"));
    assert!(answer["notCreated"]["t"]["description"].as_str().unwrap().starts_with(&ana));
    assert_eq!(answer["notCreated"]["e"]["type"], json!("invalidProperties"));
    let before = alice.object("Contact", &id).await;
    assert_eq!((&before["state"], &before["fields"]), (&json!("confirmed"), &json!([phone])));

    let handles = json!(["email:bo@example.net", "email:bo@work.example"]);
    alice.ask("Contact/set", json!({ "update": { &id: { "handles": handles, "fields": null } } })).await;
    let after = alice.object("Contact", &id).await;
    assert_eq!((&after["handles"], &after["fields"]), (&handles, &json!([])));

    let answer = alice.ask("Contact/set", json!({ "destroy": [&id] })).await;
    assert_eq!(answer["destroyed"], json!([&id]));
    let answer = alice.ask("Contact/set", json!({ "create": { "u": { "restores": &id } } })).await;
    assert_eq!(answer["created"]["u"]["id"], json!(&id));
    assert_eq!(alice.object("Contact", &id).await, after);
    let answer = alice.ask("Contact/set", json!({ "create": { "u": { "restores": &id } } })).await;
    assert_eq!(answer["notCreated"]["u"]["type"], json!("notFound"));
}

#[tokio::test]
async fn a_file_of_cards_goes_in_and_comes_out() {
    let (_host, alice) = known(&["Ana <a@example.net>"]).await;
    let book = "BEGIN:VCARD\r\nVERSION:2.1\r\nFN:Ana M\r\nEMAIL:a@example.net\r\nX-A:b\r\nEND:VCARD\r\n\
                BEGIN:VCARD\r\nEND:VCARD\r\n";
    let path = format!("/jmap/upload/{}", alice.account);
    let blob = alice.post_with(&path, &[("content-type", "text/vcard")], book).await.json()["blobId"].clone();
    let report = alice.ask("Contact/import", json!({ "blobId": blob })).await;
    assert_eq!((&report["made"], &report["updated"], &report["skipped"]), (&json!(0), &json!(1), &json!(1)));
    assert_eq!(report["skippedCards"], json!([{ "number": 2, "name": null, "why": "empty" }]));
    assert_ne!(report["oldState"], report["newState"]);
    let wrong = alice.call("Contact/import", json!({ "blobId": "b00000000000000000000000000" })).await;
    assert_eq!(error(&wrong), "invalidArguments");

    let path = format!("/jmap/contacts/{}/people.vcf", alice.account);
    let file = alice.get(&format!("{path}?version=3")).await;
    assert_eq!(header(&file.headers, "content-type"), "text/vcard; charset=utf-8");
    assert!(header(&file.headers, "content-disposition").contains("people.vcf"));
    let text = String::from_utf8(file.body.to_vec()).unwrap();
    assert!(text.starts_with("BEGIN:VCARD\r\nVERSION:3.0\r\n") && text.contains("\r\nX-A:b\r\n"), "{text}");
    for (query, expected) in [("?version=5", 400), ("?of=enemies", 400), ("?of=everybody", 200)] {
        assert_eq!(alice.get(&format!("{path}{query}")).await.status.as_u16(), expected, "{query}");
    }
    let other = path.replace(&alice.account, "a00000000000000000000000000");
    assert_eq!(alice.get(&other).await.status.as_u16(), 404);
}

#[tokio::test]
async fn two_contacts_become_one_with_their_conversations_and_two_again() {
    let (_host, alice) = known(&["Ana <a@example.net>", "A. M. <a@work.example>"]).await;
    let ids = alice.ids("Contact/query", json!({ "sort": [{ "property": "id" }] })).await;
    let (ana, other) = (&ids[0], &ids[1]);
    let before = alice.ids("Conversation/query", json!({})).await;
    let state = alice.ask("Message/get", json!({ "ids": [] })).await["state"].clone();
    alice.ask("Contact/merge", json!({ "id": ana, "otherId": other })).await;
    let only = alice.only_conversation().await;
    assert_eq!(alice.messages_of(&only).await.len(), 2);
    let contact =
        alice.ask("Contact/get", json!({ "ids": [ana], "properties": ["ways", "conversations"] })).await;
    let contact = &contact["list"][0];
    assert_eq!(contact["conversations"], json!([only]));
    assert_eq!(contact["ways"][1]["linkedId"], json!(other));
    assert_eq!(contact["ways"][1]["confirmed"], json!(false), "trust does not flow along links");
    let moved = alice.ask("Message/changes", json!({ "sinceState": state })).await;
    assert_eq!(moved["updated"].as_array().unwrap().len(), 1, "whoever follows messages is told: {moved}");

    let ways = json!([{ "handle": "email:a@work.example", "confirmed": true }]);
    alice.ask("Contact/set", json!({ "update": { ana: { "ways": ways } } })).await;
    assert_eq!(alice.object("Contact", ana).await["ways"][1]["confirmed"], json!(true));
    alice.ask("Contact/split", json!({ "id": ana, "otherId": other })).await;
    assert_eq!(alice.ids("Conversation/query", json!({})).await, before);
    for (name, arguments) in [
        ("Contact/split", json!({ "id": ana, "otherId": other })),
        ("Contact/merge", json!({ "id": ana, "otherId": ana })),
        ("Contact/merge", json!({ "id": ana, "otherId": "x" })),
        ("Contact/merge", json!({ "id": ana })),
    ] {
        assert_eq!(error(&alice.call(name, arguments.clone()).await), "invalidArguments", "{arguments}");
    }
}
