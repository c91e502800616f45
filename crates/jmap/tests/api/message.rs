//! Message: get, changes, query, set.

use crate::support::{Client, Host, error};
use serde_json::{Value, json};

/// A host where bob wrote `count` times, and the conversation.
async fn letters(count: usize) -> (Host, Client, String) {
    let host = Host::new().await;
    for number in 0..count {
        host.deliver("Bob <bob@example.net>", &format!("Letter {number}"), "Good morning").await;
    }
    let alice = host.alice().await;
    let conversation = alice.only_conversation().await;
    (host, alice, conversation)
}

const NEWSLETTER: &str = "From: News <news@example.net>\r\nTo: alice@example.org\r\nSubject: =?utf-8?Q?=C3=89t=C3=A9?=\r\n\
    Date: Sun, 22 Nov 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/mixed; boundary=b\r\n\r\n\
    --b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
    <p>Hello</p><script>alert(1)</script><img src=\"https://tracker.example/x.png\">\r\n\
    --b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=\"dot.png\"\r\n\
    Content-Transfer-Encoding: base64\r\n\r\niVBORw==\r\n--b--\r\n";

#[tokio::test]
async fn a_message_shows_what_docs_api_says() {
    let host = Host::new().await;
    host.deliver_raw(NEWSLETTER).await;
    let alice = host.alice().await;
    let conversation = alice.only_conversation().await;
    let id = alice.messages_of(&conversation).await.remove(0);
    let one = alice.object("Message", &id).await;
    let blob = one["blobId"].as_str().unwrap();
    let part = one["attachments"][0]["partId"].as_u64().unwrap();
    assert_eq!(
        one["attachments"],
        json!([{ "partId": part, "blobId": format!("{blob}.{part}"), "type": "image/png", "name": "dot.png",
                 "size": 4, "disposition": "attachment", "cid": null }])
    );
    let expected = json!({
        "id": id, "conversationId": conversation, "direction": "received", "protocol": "email", "subject": "Été",
        "sentAt": "2026-11-22T09:00:00.000Z", "receivedAt": "2026-11-22T10:00:01.000Z", "size": NEWSLETTER.len(),
        "excerpt": "Hello", "keywords": {}, "protection": "none", "cc": [], "warnings": [],
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&one[name], value, "{name}");
    }
    assert_eq!(one["from"][0]["handle"], json!("email:news@example.net"));
    assert_eq!((&one["to"][0]["isMe"], &one["to"][0]["contactId"]), (&json!(true), &Value::Null));
    assert!(one["importanceReasons"].is_array());
    assert_eq!((one.get("bodies"), one.get("headers")), (None, None));
}

#[tokio::test]
async fn bodies_and_headers_come_when_they_are_named() {
    let host = Host::new().await;
    host.deliver_raw(NEWSLETTER).await;
    host.deliver("Bob <bob@example.net>", "Hello", "New line\r\n> quoted\r\n> too").await;
    let alice = host.alice().await;
    let ids = alice.ids("Conversation/query", json!({})).await;
    let (plain, html) =
        (alice.messages_of(&ids[0]).await.remove(0), alice.messages_of(&ids[1]).await.remove(0));
    let named = json!({ "ids": [plain, html], "properties": ["bodies", "headers"] });
    let list = alice.ask("Message/get", named).await["list"].clone();
    assert_eq!(list[0].as_object().unwrap().keys().collect::<Vec<_>>(), ["bodies", "headers", "id"]);
    let text = &list[0]["bodies"][0];
    assert_eq!((&text["type"], &text["quotedLines"]), (&json!("text"), &json!([[1, 3]])));
    let body = &list[1]["bodies"][0];
    assert_eq!(
        (&body["type"], &body["remoteCount"], &body["contentIds"]),
        (&json!("html"), &json!(1), &json!([]))
    );
    assert!(body["html"].as_str().unwrap().contains("Hello"));
    assert!(!body["html"].as_str().unwrap().contains("script"));
    let headers = list[1]["headers"].as_array().unwrap();
    assert!(headers.iter().any(|header| header == &json!(["From", "News <news@example.net>"])));

    let many: Vec<String> = (0..51).map(|number| format!("m{number}")).collect();
    let few = alice.ask("Message/get", json!({ "ids": many, "properties": ["bodies"] })).await;
    assert_eq!(few["notFound"].as_array().unwrap().len(), 51);
}

#[tokio::test]
async fn no_more_messages_are_opened_at_once_than_the_limit() {
    let (_host, alice, conversation) = letters(51).await;
    let ids = alice.messages_of(&conversation).await;
    let ask = |count: usize| json!({ "ids": ids[..count], "properties": ["bodies"] });
    assert_eq!(alice.ask("Message/get", ask(50)).await["list"].as_array().unwrap().len(), 50);
    assert_eq!(error(&alice.call("Message/get", ask(51)).await), "requestTooLarge");
}

#[tokio::test]
async fn the_messages_of_a_conversation_are_paged_both_ways() {
    let (_host, alice, conversation) = letters(5).await;
    let filter = json!({ "conversationId": conversation });
    let all = alice.messages_of(&conversation).await;
    let newest: Vec<String> = all.iter().rev().cloned().collect();
    let up = json!([{ "property": "receivedAt", "isAscending": true }]);
    let down = json!([{ "property": "receivedAt", "isAscending": false }]);
    for (arguments, expected) in [
        (json!({ "sort": up }), &all[..]),
        (json!({ "sort": down }), &newest[..]),
        (json!({ "sort": down, "position": 1, "limit": 2 }), &newest[1..3]),
        (json!({ "position": -1 }), &all[4..]),
        (json!({ "sort": down, "anchor": newest[1], "anchorOffset": 1 }), &newest[2..]),
        (json!({ "anchor": all[3], "anchorOffset": -2, "limit": 2 }), &all[1..3]),
        (json!({ "anchor": all[0], "anchorOffset": -2, "limit": 1 }), &all[..1]),
        (json!({ "anchor": all[4], "anchorOffset": 1 }), &all[..0]),
    ] {
        let mut with_filter = arguments.clone();
        with_filter["filter"] = filter.clone();
        assert_eq!(alice.ids("Message/query", with_filter).await, expected, "{arguments}");
    }
    let counted =
        alice.ask("Message/query", json!({ "filter": filter, "limit": 1, "calculateTotal": true })).await;
    assert_eq!((&counted["total"], &counted["position"]), (&json!(5), &json!(0)));
}

#[tokio::test]
async fn a_query_needs_its_conversation() {
    let (host, alice, conversation) = letters(1).await;
    host.deliver("Eve <eve@example.net>", "Other", "Text").await;
    let other = alice.ids("Conversation/query", json!({})).await.remove(0);
    let foreign = alice.messages_of(&other).await.remove(0);
    let filter = json!({ "conversationId": conversation });
    for (arguments, expected) in [
        (json!({}), "invalidArguments"),
        (json!({ "filter": {} }), "invalidArguments"),
        (json!({ "filter": { "conversationId": "nonsense" } }), "invalidArguments"),
        (json!({ "filter": { "conversationId": conversation, "words": "x" } }), "unsupportedFilter"),
        (json!({ "filter": filter, "sort": [{ "property": "subject" }] }), "unsupportedSort"),
        (json!({ "filter": filter, "anchor": foreign }), "anchorNotFound"),
        (json!({ "filter": filter, "anchor": "m00000000000000000000000000" }), "anchorNotFound"),
    ] {
        assert_eq!(error(&alice.call("Message/query", arguments.clone()).await), expected, "{arguments}");
    }
    let unknown = alice.messages_of("c00000000000000000000000000").await;
    assert_eq!(unknown, Vec::<String>::new());
}

#[tokio::test]
async fn keywords_are_set_one_by_one_or_together() {
    let (_host, alice, conversation) = letters(1).await;
    let id = alice.messages_of(&conversation).await.remove(0);
    let empty = json!({});
    for (patch, expected) in [
        (json!({ "keywords/$seen": true }), json!({ "$seen": true })),
        (json!({ "keywords/$flagged": true }), json!({ "$seen": true, "$flagged": true })),
        (json!({ "keywords/$seen": null }), json!({ "$flagged": true })),
        (json!({ "keywords": { "$seen": true } }), json!({ "$seen": true })),
        (json!({ "keywords": {} }), empty.clone()),
    ] {
        let answer = alice.ask("Message/set", json!({ "update": { &id: patch } })).await;
        assert_eq!(answer["updated"], json!({ &id: null }), "{patch}");
        assert_eq!(alice.object("Message", &id).await["keywords"], expected, "{patch}");
    }
    for (patch, kind) in [
        (json!({ "keywords/$seen": false }), "invalidProperties"),
        (json!({ "keywords/$draft": true }), "invalidProperties"),
        (json!({ "keywords": ["$seen"] }), "invalidProperties"),
        (json!({ "keywords/$seen/x": true }), "invalidPatch"),
        (json!({ "subject": "Mine" }), "invalidProperties"),
        (json!({ "bodies": [] }), "invalidProperties"),
    ] {
        let answer = alice.ask("Message/set", json!({ "update": { &id: patch } })).await;
        assert_eq!(answer["notUpdated"][&id]["type"], json!(kind), "{patch}");
    }
    let unread = &alice.object("Conversation", &conversation).await["unreadCount"];
    assert_eq!(unread, &json!(1));
}

#[tokio::test]
async fn a_message_of_a_conversation_in_the_bin_is_destroyed_for_good() {
    let (_host, alice, conversation) = letters(2).await;
    let ids = alice.messages_of(&conversation).await;
    alice.ask("Conversation/set", json!({ "destroy": [conversation] })).await;
    let before = alice.ask("Message/get", json!({ "ids": [] })).await["state"].clone();
    let answer =
        alice.ask("Message/set", json!({ "destroy": [ids[0], "m00000000000000000000000000"] })).await;
    assert_eq!(answer["destroyed"], json!([ids[0]]));
    assert_eq!(answer["notDestroyed"]["m00000000000000000000000000"]["type"], json!("notFound"));
    assert_eq!(alice.messages_of(&conversation).await, ids[1..]);
    let changes = alice.ask("Message/changes", json!({ "sinceState": before })).await;
    assert_eq!(changes["destroyed"], json!([ids[0]]));
    let gone = alice.ask("Message/get", json!({ "ids": [ids[0]] })).await;
    assert_eq!(gone["notFound"], json!([ids[0]]));
}

#[tokio::test]
async fn nothing_of_another_account_is_found() {
    let (host, _alice, conversation) = letters(1).await;
    host.add("bob@example.org").await;
    let bob = host.sign_in("bob@example.org").await;
    let alice = host.alice().await;
    let message = alice.messages_of(&conversation).await.remove(0);
    assert_eq!(bob.messages_of(&conversation).await, Vec::<String>::new());
    let answers = bob
        .calls(&[
            ("Conversation/get", json!({ "ids": [conversation] })),
            ("Message/get", json!({ "ids": [message], "properties": ["bodies"] })),
            ("PrivacyReport/get", json!({ "ids": [message] })),
        ])
        .await;
    for ((_, answer), id) in answers.iter().zip([&conversation, &message, &message]) {
        assert_eq!((&answer["list"], &answer["notFound"]), (&json!([]), &json!([id])));
    }
    let set = bob
        .ask("Message/set", json!({ "update": { &message: { "keywords/$seen": true } }, "destroy": [] }))
        .await;
    assert_eq!(set["notUpdated"][&message]["type"], json!("notFound"));
    let theirs = bob.call("Message/get", json!({ "accountId": alice.account, "ids": [message] })).await;
    assert_eq!(error(&theirs), "accountNotFound");
}
