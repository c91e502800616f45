//! Push by EventSource (RFC 8620 §7.3).

use crate::support::{Client, Host, header};
use axum::body::{Body, BodyDataStream};
use axum::http::Method;
use caliopen_model::AccountId;
use caliopen_store::{Partition, Store};
use futures_util::StreamExt;
use serde_json::{Value, json};
use std::time::Duration;

/// One event, taken apart.
#[derive(Debug, Default)]
struct Event {
    name: String,
    id: String,
    data: Value,
}

struct Stream(BodyDataStream);

impl Stream {
    async fn open(client: &Client, query: &str, headers: &[(&str, &str)]) -> Self {
        let request = client.request(Method::GET, &format!("/jmap/events?{query}"), headers, Body::empty());
        let answer = client.open(request).await;
        assert_eq!(answer.status().as_u16(), 200);
        assert_eq!(header(answer.headers(), "content-type"), "text/event-stream");
        assert_eq!(header(answer.headers(), "cache-control"), "no-store");
        Self(answer.into_body().into_data_stream())
    }

    /// The next event; none once the stream is over.
    async fn next(&mut self) -> Option<Event> {
        let chunk = self.0.next().await?.unwrap();
        let text = String::from_utf8(chunk.to_vec()).unwrap();
        let mut event = Event::default();
        for line in text.strip_suffix("\n\n").unwrap().lines() {
            match line.split_once(": ").unwrap() {
                ("event", name) => event.name = name.to_owned(),
                ("id", id) => event.id = id.to_owned(),
                ("data", data) => event.data = serde_json::from_str(data).unwrap(),
                other => panic!("{other:?}"),
            }
        }
        Some(event)
    }

    /// Nothing comes for a while, on a clock that runs ahead as soon as everybody waits.
    async fn is_quiet(&mut self) -> bool {
        tokio::time::pause();
        let next = tokio::time::timeout(Duration::from_secs(10), self.0.next()).await;
        tokio::time::resume();
        next.is_err()
    }
}

async fn state(client: &Client, name: &str) -> Value {
    client.ask(&format!("{name}/get"), json!({ "ids": [] })).await["state"].clone()
}

#[tokio::test]
async fn a_message_that_arrives_is_told_as_states() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let mut events = Stream::open(&alice, "types=*&closeafter=no&ping=0", &[]).await;
    host.deliver("Bob <bob@example.net>", "Hello", "Text").await;
    let event = events.next().await.unwrap();
    assert_eq!((event.name.as_str(), &event.data["@type"]), ("state", &json!("StateChange")));
    let changed = event.data["changed"][&alice.account].as_object().unwrap();
    assert_eq!(changed.keys().collect::<Vec<_>>(), ["Contact", "Conversation", "Message"]);
    for (name, told) in changed {
        assert_eq!(told, &state(&alice, name).await, "{name}");
    }
    assert!(!event.data.to_string().contains("bob"));
}

#[tokio::test]
async fn only_the_types_asked_for_are_told() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let mut events = Stream::open(&alice, "types=Message,Session", &[]).await;
    host.deliver("Bob <bob@example.net>", "Hello", "Text").await;
    let changed = events.next().await.unwrap().data["changed"][&alice.account].clone();
    assert_eq!(changed.as_object().unwrap().keys().collect::<Vec<_>>(), ["Message"]);
    let conversation = alice.only_conversation().await;
    alice.ask("Conversation/set", json!({ "update": { conversation: { "title": "x" } } })).await;
    assert!(events.is_quiet().await);
}

#[tokio::test]
async fn a_stream_that_closes_after_a_state_does() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let mut events = Stream::open(&alice, "types=*&closeafter=state&ping=0", &[]).await;
    host.deliver("Bob <bob@example.net>", "Hello", "Text").await;
    assert_eq!(events.next().await.unwrap().name, "state");
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn a_client_that_comes_back_is_told_what_it_missed() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let mut events = Stream::open(&alice, "types=*", &[]).await;
    host.deliver("Bob <bob@example.net>", "Hello", "Text").await;
    let last = events.next().await.unwrap().id;
    drop(events);
    let mut events = Stream::open(&alice, "types=*", &[("last-event-id", &last)]).await;
    assert!(events.is_quiet().await);
    drop(events);
    host.deliver("Bob <bob@example.net>", "Again", "Text").await;
    let mut events = Stream::open(&alice, "types=*", &[("last-event-id", &last)]).await;
    let missed = events.next().await.unwrap();
    assert_eq!(missed.data["changed"][&alice.account]["Message"], state(&alice, "Message").await);
    let mut events = Stream::open(&alice, "types=*", &[("last-event-id", "nonsense")]).await;
    assert_eq!(events.next().await.unwrap().name, "state");
}

#[tokio::test]
async fn pings_come_as_often_as_asked_within_bounds() {
    let host = Host::new().await;
    let alice = host.alice().await;
    for (asked, interval) in [(30, 30), (1, 5), (100_000, 900)] {
        let mut events = Stream::open(&alice, &format!("types=*&closeafter=no&ping={asked}"), &[]).await;
        tokio::time::pause();
        for _ in 0..3 {
            let before = tokio::time::Instant::now();
            let ping = events.next().await.unwrap();
            assert_eq!((ping.name.as_str(), ping.data), ("ping", json!({ "interval": interval })));
            assert_eq!(before.elapsed().as_secs(), interval);
        }
        tokio::time::resume();
    }
}

#[tokio::test]
async fn a_stream_ends_at_once_with_its_session() {
    let host = Host::new().await;
    let (alice, other) = (host.alice().await, host.alice().await);
    let mut with_pings = Stream::open(&other, "types=*&ping=30", &[]).await;
    let mut without_the_type = Stream::open(&other, "types=Message", &[]).await;
    let sessions = alice.ask("Session/get", json!({ "ids": null })).await["list"].clone();
    alice.ask("Session/set", json!({ "destroy": [sessions[1]["id"]] })).await;
    tokio::time::pause();
    let before = tokio::time::Instant::now();
    assert!(with_pings.next().await.is_none());
    assert!(without_the_type.next().await.is_none());
    assert!(before.elapsed() < Duration::from_secs(1), "at once, not when it is next looked at");
}

#[tokio::test]
async fn the_streams_of_an_erased_account_end_by_themselves() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let mut events = Stream::open(&alice, "types=*", &[]).await;
    let account: AccountId = alice.account.parse().unwrap();
    host.store.erase(Partition(*account.as_bytes())).await.unwrap();
    tokio::time::pause();
    let before = tokio::time::Instant::now();
    assert!(events.next().await.is_none());
    assert!(before.elapsed() < Duration::from_secs(31));
}

#[tokio::test]
async fn changes_that_follow_each_other_are_told_together() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let mut events = Stream::open(&alice, "types=Message", &[]).await;
    host.deliver("Bob <bob@example.net>", "One", "Text").await;
    events.next().await.unwrap();
    for subject in ["Two", "Three", "Four"] {
        host.deliver("Bob <bob@example.net>", subject, "Text").await;
    }
    tokio::time::pause();
    let together = events.next().await.unwrap();
    tokio::time::resume();
    assert_eq!(together.data["changed"][&alice.account]["Message"], state(&alice, "Message").await);
    assert!(events.is_quiet().await);
}

#[tokio::test]
async fn a_session_has_a_bounded_number_of_streams() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let mut streams = Vec::new();
    for _ in 0..6 {
        streams.push(Stream::open(&alice, "types=*", &[]).await);
    }
    assert_eq!(alice.get("/jmap/events?types=*").await.problem().0, 429);
    let other = host.alice().await;
    drop(Stream::open(&other, "types=*", &[]).await);
    streams.pop();
    Stream::open(&alice, "types=*", &[]).await;
}

#[tokio::test]
async fn arguments_that_are_wrong_are_refused() {
    let host = Host::new().await;
    let alice = host.alice().await;
    for query in ["ping=soon", "ping=-1", "closeafter=never", "types=*&types=Message"] {
        let answer = alice.get(&format!("/jmap/events?{query}")).await;
        assert_eq!(answer.problem(), (400, "urn:caliopen:error:request".to_owned()), "{query}");
    }
}
