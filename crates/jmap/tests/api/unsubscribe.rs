//! Message/unsubscribe, `$canunsubscribe` and `leftAt`: a list is left by one request, where its signed message says how.

use crate::support::{Client, Host, error};
use serde_json::{Value, json};

const LIST: &str = "List-Id: Choir <choir.example.net>\r\n";
const SIGNED: &str = "X-Signed: example.net\r\n";

/// A letter of a list that is left at this path of its host.
fn letter(head: &str, path: &str) -> String {
    format!(
        "From: News <news@example.net>\r\nTo: alice@example.org\r\nSubject: Offers\r\n{head}\
         List-Unsubscribe: <https://lists.test/{path}>\r\n\
         List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\nHello\r\n"
    )
}

/// Alice, and the newest message of her only conversation.
async fn newest(host: &Host) -> (Client, Value) {
    let alice = host.alice().await;
    let message = newest_of(&alice).await;
    (alice, message)
}

async fn newest_of(alice: &Client) -> Value {
    let conversation = alice.only_conversation().await;
    let ids = alice.messages_of(&conversation).await;
    alice.object("Message", ids.last().unwrap()).await
}

async fn unsubscribe(alice: &Client, message: &Value) -> Value {
    alice.ask("Message/unsubscribe", json!({ "accountId": alice.account, "id": message["id"] })).await
}

fn asked(host: &Host) -> Vec<String> {
    host.elsewhere.left.lock().unwrap().clone()
}

#[tokio::test]
async fn a_list_is_left_by_one_request_and_once() {
    let host = Host::new().await;
    host.deliver_raw(&letter(&format!("{LIST}{SIGNED}"), "leave?u=1")).await;
    let (alice, message) = newest(&host).await;
    assert_eq!(
        (&message["keywords"], &message["leftAt"]),
        (&json!({ "$canunsubscribe": true }), &Value::Null)
    );
    let state =
        alice.ask("Message/get", json!({ "accountId": alice.account, "ids": [] })).await["state"].clone();

    let answer = unsubscribe(&alice, &message).await;
    let left_at = json!("2026-11-22T10:00:01.000Z");
    let expected =
        json!({ "accountId": alice.account, "id": message["id"], "leftAt": left_at, "notLeft": null });
    assert_eq!(answer, expected);
    assert_eq!(asked(&host), ["https://lists.test/leave?u=1 List-Unsubscribe=One-Click"]);
    assert_eq!(unsubscribe(&alice, &message).await, expected, "it is told again, and nobody is asked");
    assert_eq!(asked(&host).len(), 1);

    let changes = json!({ "accountId": alice.account, "sinceState": state });
    assert_eq!(alice.ask("Message/changes", changes).await["updated"], json!([message["id"]]));
    let message = newest_of(&alice).await;
    assert_eq!((&message["leftAt"], &message["keywords"]["$canunsubscribe"]), (&left_at, &json!(true)));
}

#[tokio::test]
async fn a_list_that_still_writes_says_when_it_was_left_and_can_be_asked_again() {
    let host = Host::new().await;
    host.deliver_raw(&letter(&format!("{LIST}{SIGNED}"), "first")).await;
    let (alice, message) = newest(&host).await;
    unsubscribe(&alice, &message).await;
    host.deliver_raw(&letter(&format!("{LIST}{SIGNED}"), "second")).await;
    let later = newest_of(&alice).await;
    assert_eq!(later["leftAt"], "2026-11-22T10:00:01.000Z");
    assert_eq!(unsubscribe(&alice, &later).await["leftAt"], "2026-11-22T10:00:02.000Z");
    assert_eq!(asked(&host).len(), 2);
    assert_eq!(
        alice.object("Message", message["id"].as_str().unwrap()).await["leftAt"],
        "2026-11-22T10:00:02.000Z"
    );
}

#[tokio::test]
async fn what_nobody_signed_is_not_asked() {
    let host = Host::new().await;
    host.deliver_raw(&letter(LIST, "leave")).await;
    let (alice, message) = newest(&host).await;
    assert_eq!(message["keywords"], json!({}));
    let answer = unsubscribe(&alice, &message).await;
    assert_eq!((&answer["leftAt"], &answer["notLeft"]["type"]), (&Value::Null, &json!("notOffered")));
    let gone = json!({ "accountId": alice.account, "id": "m00000000000000000000000000" });
    assert_eq!(alice.ask("Message/unsubscribe", gone).await["notLeft"]["type"], "notFound");
    let bad =
        alice.call("Message/unsubscribe", json!({ "accountId": alice.account, "id": "x", "y": 1 })).await;
    assert_eq!(error(&bad), "invalidArguments");
    assert!(asked(&host).is_empty());
}

#[tokio::test]
async fn a_host_that_refuses_or_is_silent_is_told_of_and_may_be_asked_again() {
    let host = Host::new().await;
    for (path, why) in [("refuses", "refused"), ("down", "unreachable")] {
        host.deliver_raw(&letter(&format!("{LIST}{SIGNED}"), path)).await;
        let (alice, message) = newest(&host).await;
        for _ in 0..2 {
            let answer = unsubscribe(&alice, &message).await;
            assert_eq!((&answer["leftAt"], &answer["notLeft"]["type"]), (&Value::Null, &json!(why)));
            let said = answer["notLeft"]["description"].as_str().unwrap();
            assert!(!said.contains("lists.test"), "{said}");
        }
        assert_eq!(newest_of(&alice).await["leftAt"], Value::Null);
    }
    assert_eq!(asked(&host).len(), 4);
}

#[tokio::test]
async fn the_machines_of_a_house_are_left_one_by_one() {
    let host = Host::new().await;
    host.deliver_raw(&letter(SIGNED, "offers")).await;
    let alice = host.alice().await;
    let offers = newest_of(&alice).await;
    host.deliver_raw(&letter(SIGNED, "alerts").replace("news@", "alerts@")).await;
    let alerts = newest_of(&alice).await;
    assert_eq!(offers["conversationId"], alerts["conversationId"]);
    unsubscribe(&alice, &offers).await;
    let at = |id: &Value| id.as_str().unwrap().to_owned();
    assert!(alice.object("Message", &at(&offers["id"])).await["leftAt"].is_string());
    assert_eq!(alice.object("Message", &at(&alerts["id"])).await["leftAt"], Value::Null);
}

#[tokio::test]
async fn a_client_writes_down_that_a_list_was_left_otherwise_and_takes_it_back() {
    let host = Host::new().await;
    host.deliver_raw(&letter(LIST, "leave")).await;
    let (alice, message) = newest(&host).await;
    let id = message["id"].as_str().unwrap().to_owned();
    let set = async |id: &str, value: Value| {
        let update = json!({ "accountId": alice.account, "update": { id: { "leftAt": value } } });
        alice.ask("Message/set", update).await
    };
    let at = json!("2026-11-22T10:00:00.500Z");
    assert!(set(&id, at.clone()).await["updated"].get(&id).is_some());
    assert_eq!(newest_of(&alice).await["leftAt"], at);
    assert!(set(&id, json!("2027-01-01T00:00:00Z")).await["updated"].get(&id).is_some());
    assert_eq!(newest_of(&alice).await["leftAt"], "2026-11-22T10:00:01.000Z", "no later than now");
    for wrong in [json!("soon"), json!(true)] {
        assert_eq!(set(&id, wrong).await["notUpdated"][&id]["properties"], json!(["leftAt"]));
    }
    assert!(set(&id, Value::Null).await["updated"].get(&id).is_some());
    assert_eq!(newest_of(&alice).await["leftAt"], Value::Null);
    assert!(asked(&host).is_empty());
}

#[tokio::test]
async fn a_message_of_a_person_is_of_no_list() {
    let host = Host::new().await;
    host.deliver("Bob <bob@example.net>", "Hello", "Good morning").await;
    let (alice, message) = newest(&host).await;
    let id = message["id"].as_str().unwrap();
    let update =
        json!({ "accountId": alice.account, "update": { id: { "leftAt": "2026-11-22T10:00:00Z" } } });
    let answer = alice.ask("Message/set", update).await;
    assert_eq!(answer["notUpdated"][id]["type"], "invalidProperties");
}

#[tokio::test]
async fn an_account_asks_so_many_hosts_in_an_hour() {
    let host = Host::new().await;
    host.deliver_raw(&letter(&format!("{LIST}{SIGNED}"), "refuses")).await;
    let (alice, message) = newest(&host).await;
    for _ in 0..caliopen_hub::limits::LEAVINGS_HOUR_MAX {
        assert_eq!(unsubscribe(&alice, &message).await["notLeft"]["type"], "refused");
    }
    assert_eq!(unsubscribe(&alice, &message).await["notLeft"]["type"], "overLimit");
}
