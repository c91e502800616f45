//! `text` in queries, and SearchSnippet (docs/api, "Search").

use crate::support::{Client, Host, error};
use serde_json::{Value, json};

async fn host() -> (Host, Client) {
    let host = Host::new().await;
    host.deliver("Bob <bob@example.net>", "Lunch", "Shall we meet at the <b>École</b>?").await;
    host.deliver("Ana <ana@example.net>", "Report", "The annual report & more, for lunch.").await;
    host.deliver("Bob <bob@example.net>", "Again", "No lunch today.").await;
    let alice = host.alice().await;
    (host, alice)
}

async fn subjects(client: &Client, filter: Value) -> Vec<Value> {
    let found = client.ask("Message/query", json!({ "filter": filter })).await;
    let objects = client.ask("Message/get", json!({ "ids": found["ids"] })).await;
    objects["list"].as_array().unwrap().iter().map(|message| message["subject"].clone()).collect()
}

#[tokio::test]
async fn a_text_finds_messages_and_conversations_the_newest_first() {
    let (_host, alice) = host().await;
    assert_eq!(subjects(&alice, json!({ "text": "lunch" })).await, ["Again", "Report", "Lunch"]);
    assert_eq!(subjects(&alice, json!({ "text": "lunch -annual" })).await, ["Again", "Lunch"]);
    assert_eq!(
        subjects(&alice, json!({ "text": "lun", "isTyping": true })).await,
        ["Again", "Report", "Lunch"]
    );
    assert_eq!(subjects(&alice, json!({ "text": "lun" })).await, [""; 0]);
    let each = json!({ "text": "lunch", "onePerConversation": true });
    assert_eq!(subjects(&alice, each).await, ["Again", "Report"]);
    let found = alice
        .ask("Conversation/query", json!({ "filter": { "text": "lunch" }, "calculateTotal": true }))
        .await;
    assert_eq!((found["ids"].as_array().unwrap().len(), &found["total"]), (2, &json!(2)));
    let within = json!({ "text": "lunch", "conversationId": found["ids"][0] });
    assert_eq!(subjects(&alice, within).await, ["Again", "Lunch"]);
    let second = json!({ "filter": { "text": "lunch" }, "position": 1, "limit": 1 });
    let second = alice.ask("Message/query", second).await;
    assert_eq!((second["ids"].as_array().unwrap().len(), &second["position"]), (1, &json!(1)));
}

#[tokio::test]
async fn an_answer_says_what_was_searched_and_what_was_not_understood() {
    let (_host, alice) = host().await;
    let filter = json!({ "text": "é lunch before:yesterday" });
    let found = alice.ask("Message/query", json!({ "filter": filter })).await;
    let problem = json!({ "text": "before:yesterday", "position": 8, "reason": "notADate" });
    let expected = json!({ "percentIndexed": 100, "isComplete": true, "isCut": false, "leavesOut": true, "problems": [problem] });
    assert_eq!(found["search"], expected);
}

#[tokio::test]
async fn a_snippet_is_plain_text_in_parts() {
    let (_host, alice) = host().await;
    let filter = json!({ "text": "ecole report" });
    let ids =
        alice.ask("Message/query", json!({ "filter": { "text": "ecole OR report" } })).await["ids"].clone();
    let asked = json!({ "filter": filter, "messageIds": [ids[0], ids[1], "m0"] });
    let answer = alice.ask("SearchSnippet/get", asked).await;
    let list = answer["list"].as_array().unwrap();
    assert_eq!(list[0]["subject"], json!(["", "Report", ""]));
    assert_eq!(list[0]["preview"], json!(["The annual ", "report", " & more, for lunch."]));
    assert_eq!(list[1]["preview"], json!(["Shall we meet at the <b>", "École", "</b>?"]));
    assert_eq!((&list[1]["subject"], &answer["notFound"]), (&Value::Null, &json!(["m0"])));
}

#[tokio::test]
async fn what_a_search_does_not_take_is_refused() {
    let (_host, alice) = host().await;
    let long = "x".repeat(10_001);
    for (method, arguments, expected) in [
        ("Message/query", json!({ "filter": { "text": "a", "place": "inbox" } }), "unsupportedFilter"),
        (
            "Conversation/query",
            json!({ "filter": { "text": "a", "onePerConversation": true } }),
            "unsupportedFilter",
        ),
        ("Message/query", json!({ "filter": { "text": "a" }, "anchor": "m1" }), "invalidArguments"),
        (
            "Message/query",
            json!({ "filter": { "text": "a" }, "sort": [{ "property": "receivedAt" }] }),
            "unsupportedSort",
        ),
        ("Message/query", json!({ "filter": { "text": 1 } }), "invalidArguments"),
        (
            "Message/query",
            json!({ "filter": { "text": "a", "utcOffsetMinutes": 10_000 } }),
            "invalidArguments",
        ),
        ("Message/query", json!({ "filter": { "text": long } }), "invalidArguments"),
        ("Message/query", json!({ "filter": { "text": "a", "conversationId": "m" } }), "invalidArguments"),
        ("SearchSnippet/get", json!({ "messageIds": [] }), "invalidArguments"),
        ("SearchSnippet/get", json!({ "filter": {}, "messageIds": [] }), "invalidArguments"),
        (
            "SearchSnippet/get",
            json!({ "filter": { "text": "a" }, "messageIds": vec!["m"; 51] }),
            "requestTooLarge",
        ),
        ("SearchSnippet/set", json!({}), "unknownMethod"),
    ] {
        assert_eq!(error(&alice.call(method, arguments.clone()).await), expected, "{method} {arguments}");
    }
}
