//! The sending side on a wire: times on a stopped clock, servers that misbehave, and our own server.

use bytes::Bytes;
use caliopen_model::EmailAddress;
use caliopen_smtp::client::{
    self, Cause, Client, Content, Event, Fate, Fault, Outgoing, Phase, Recipient, StartTls, Timeouts, Verdict,
};
use caliopen_smtp::{
    Budget, Config, Delivery, DeliveryVerdict, Dialect, Handler, Limits, RecipientVerdict, Session,
};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

const MINUTE: Duration = Duration::from_secs(60);
/// What the driver may take to notice, and to listen once more.
const SLACK: Duration = Duration::from_secs(15);
const GREETING: &[u8] = b"220 mx.there.test\r\n";
/// Everything up to the message, said before it is asked: replies wait in the wire.
const HELLO: &[u8] = b"250-mx.there.test\r\n250 PIPELINING\r\n";
const ALL_TAKEN: &[u8] = b"250 ok\r\n250 ok\r\n354 go\r\n";

fn new_client() -> Client {
    let config = client::Config::new("mx.here.test", client::Limits::default()).unwrap();
    Client::new(Arc::new(config), StartTls::Never)
}

fn message(content: impl Into<Bytes>) -> Outgoing {
    Outgoing {
        reverse_path: None,
        recipients: vec![Recipient::new(EmailAddress::parse("bob@here.test").unwrap())],
        content: Content::new(content.into()),
        returned: None,
        envelope_id: None,
        requires_tls: false,
    }
}

/// Sends one message to a server; gives its verdict, or the connection's.
async fn send_one(mut stream: DuplexStream, content: Bytes) -> (Verdict, Duration) {
    let began = Instant::now();
    let mut client = new_client();
    let timeouts = Timeouts::default();
    if client::drive(&mut stream, &mut client, &timeouts).await == Event::Ready {
        client.send(message(content)).unwrap();
        match client::drive(&mut stream, &mut client, &timeouts).await {
            Event::Sent(verdicts) => return (verdicts.into_iter().next().unwrap(), began.elapsed()),
            event => unreachable!("{event:?}"),
        }
    }
    (client.failure().unwrap().clone(), began.elapsed())
}

fn fault(phase: Phase, fault: Fault) -> Verdict {
    Verdict { fate: Fate::Deferred, phase, cause: Cause::Fault(fault) }
}

fn check(found: &(Verdict, Duration), verdict: &Verdict, after: Duration) {
    assert_eq!(&found.0, verdict);
    assert!(found.1 >= after && found.1 <= after + SLACK, "expected {after:?}: {found:?}");
}

/// Says something once everything before it was read.
async fn say(server: &mut DuplexStream, after: &str, bytes: &[u8]) {
    let mut heard = String::new();
    while !heard.ends_with(after) {
        heard.push(char::from(server.read_u8().await.unwrap()));
    }
    server.write_all(bytes).await.unwrap();
}

/// A server that has said everything up to the 354.
async fn ready_for_content(server: &mut DuplexStream) {
    say(server, "", GREETING).await;
    say(server, "EHLO mx.here.test\r\n", HELLO).await;
    say(server, "DATA\r\n", ALL_TAKEN).await;
}

#[tokio::test(start_paused = true)]
async fn a_server_has_five_minutes_to_greet() {
    let (stream, _server) = duplex(4_096);
    let found = send_one(stream, Bytes::new()).await;
    check(&found, &fault(Phase::Greeting, Fault::TimedOut), 5 * MINUTE);
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_trickles_is_no_progress() {
    let (stream, mut server) = duplex(4_096);
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        for byte in GREETING {
            server.write_all(&[*byte]).await.unwrap_or_default();
            sleep(MINUTE).await;
        }
    });
    let found = send_one(stream, Bytes::new()).await;
    check(&found, &fault(Phase::Greeting, Fault::TimedOut), 5 * MINUTE);
}

#[tokio::test(start_paused = true)]
async fn the_answer_for_a_message_may_take_ten_minutes() {
    let (stream, mut server) = duplex(4_096);
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        ready_for_content(&mut server).await;
        say(&mut server, "x\r\n.\r\n", b"").await;
        sleep(60 * MINUTE).await;
    });
    let found = send_one(stream, Bytes::from_static(b"x\r\n")).await;
    check(&found, &fault(Phase::End, Fault::OutcomeUnknown), 10 * MINUTE);
    assert!(found.0.is_outcome_unknown());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_takes_no_bytes_is_left() {
    let (stream, mut server) = duplex(4_096);
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        ready_for_content(&mut server).await;
        sleep(60 * MINUTE).await;
    });
    let found = send_one(stream, Bytes::from(b"x\r\n".repeat(100_000))).await;
    check(&found, &fault(Phase::Content, Fault::TimedOut), 3 * MINUTE);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_takes_a_message_drop_by_drop_is_left_after_an_hour() {
    let (stream, mut server) = duplex(1_024);
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        ready_for_content(&mut server).await;
        let mut drop = [0; 512];
        while server.read_exact(&mut drop).await.is_ok() {
            sleep(MINUTE).await;
        }
    });
    let found = send_one(stream, Bytes::from(b"x\r\n".repeat(100_000))).await;
    check(&found, &fault(Phase::Content, Fault::TimedOut), 60 * MINUTE);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_in_the_middle_of_a_message_is_heard() {
    let (stream, mut server) = duplex(4_096);
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        ready_for_content(&mut server).await;
        say(&mut server, "x\r\n", b"552 5.3.4 Enough\r\n").await;
    });
    let (verdict, _) = send_one(stream, Bytes::from(b"x\r\n".repeat(100_000))).await;
    assert_eq!((verdict.fate, verdict.phase, verdict.code()), (Fate::Refused, Phase::Content, Some(552)));
    assert_eq!(verdict.text(), "Enough");
}

#[tokio::test(start_paused = true)]
async fn a_reply_of_a_megabyte_is_not_read() {
    for reply in [b"220-hello\r\n".repeat(100_000), b"x".repeat(1_000_000)] {
        let (stream, mut server) = duplex(1_024);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let left = server.write_all(&reply).await;
            assert!(left.is_err(), "all of it was read");
        });
        let found = send_one(stream, Bytes::new()).await;
        check(&found, &fault(Phase::Greeting, Fault::ReplyTooLarge), Duration::ZERO);
        tasks.join_next().await.unwrap().unwrap();
    }
}

/// Keeps what it is given.
#[derive(Default)]
struct Keeps(Mutex<Vec<Bytes>>);

impl Handler for Keeps {
    async fn accepts(&self, _: &EmailAddress) -> RecipientVerdict {
        RecipientVerdict::Accepted
    }

    async fn deliver(&self, delivery: Delivery) -> Vec<DeliveryVerdict> {
        self.0.lock().unwrap().push(delivery.message);
        vec![DeliveryVerdict::Stored; delivery.envelope.forward_paths.len()]
    }
}

#[tokio::test]
async fn our_own_server_receives_what_was_sent() {
    let (mut stream, mut server) = duplex(4_096);
    let kept = Arc::new(Keeps::default());
    let keeper = Arc::clone(&kept);
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let config = Config::new(Dialect::Smtp, "mx.there.test", Limits::default(), Budget::new(100_000_000));
        let mut session = Session::new(Arc::new(config.unwrap()));
        let (_stop, mut stopped) = watch::channel(false);
        let timeouts = caliopen_smtp::Timeouts::default();
        caliopen_smtp::drive(&mut server, &mut session, &*keeper, &timeouts, &mut stopped).await
    });
    let contents = [&b"A: b\r\n\r\n.\r\n..\r\n.x\r\n"[..], b"", &b".line\r\n".repeat(1_000_000)]
        .map(Bytes::copy_from_slice);

    let mut client = new_client();
    let timeouts = Timeouts::default();
    assert_eq!(client::drive(&mut stream, &mut client, &timeouts).await, Event::Ready);
    for content in &contents {
        client.send(message(content.clone())).unwrap();
        let event = client::drive(&mut stream, &mut client, &timeouts).await;
        assert!(matches!(&event, Event::Sent(verdicts) if verdicts[0].fate == Fate::Accepted), "{event:?}");
        assert_eq!(client::drive(&mut stream, &mut client, &timeouts).await, Event::Ready);
    }
    client.quit();
    assert_eq!(client::drive(&mut stream, &mut client, &timeouts).await, Event::Closed);
    assert_eq!(client.failure(), None);
    assert_eq!(*kept.0.lock().unwrap(), contents);
}
