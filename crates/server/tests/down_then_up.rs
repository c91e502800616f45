//! A host that is down when Alice writes to it, and one that wants to be asked twice: she sees why her message waits
//! and until when, and then that it arrived. The very server, on a clock of the story.

use crate::support;
use caliopen_hub::Clock;
use caliopen_model::Timestamp;
use caliopen_server::{Config, Running, start};
use caliopen_testkit::free_port;
use caliopen_testkit::second_opinion::SecondOpinion;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;
use support::script::{Act, Script, usual};
use support::{ALICE, Api, BOB, Home, PASSWORD, Stopwatch};
use tokio::sync::oneshot;
use tokio::task::{JoinSet, spawn_blocking};

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// 2026-11-26.
const BEGIN_MS: i64 = 1_795_680_000_000;
/// What the queue waits after the first attempt.
const FIRST_WAIT_MS: i64 = 60_000;

/// A clock that moves when it is told to.
struct StoppedClock(AtomicI64);

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_ms(self.0.load(Ordering::SeqCst))
    }
}

/// The server, running in this process.
struct World {
    clock: Arc<StoppedClock>,
    alice: Api,
    _stop: oneshot::Sender<()>,
    _server: JoinSet<bool>,
    _home: Home,
}

impl World {
    /// With `host.test` behind this port.
    async fn start(port: u16) -> Self {
        let home = Home::with_people();
        let config = format!(
            "host_name = \"mail.caliopen.test\"\n[http]\nlisten = \"127.0.0.1:0\"\n[smtp]\nlisten = []\n\
             [dns]\nservers = [\"127.0.0.1:9\"]\ndnssec = false\n\
             [deliver.routes.\"host.test\"]\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\n"
        );
        let config = Config::parse(&config, "caliopen.toml").unwrap();
        let clock = Arc::new(StoppedClock(AtomicI64::new(BEGIN_MS)));
        let running: Running =
            start(&config, &home.data(), Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
        let http = running.http;
        let (stop, stopped) = oneshot::channel();
        let mut server = JoinSet::new();
        server.spawn(running.run_until(async { _ = stopped.await }));
        let alice = spawn_blocking(move || Api::sign_in(http, ALICE, PASSWORD)).await.unwrap();
        Self { clock, alice, _stop: stop, _server: server, _home: home }
    }

    async fn send(&self, to: &str) -> Value {
        let letter = json!({
            "to": [{ "name": null, "handle": format!("email:{to}") }], "subject": "Patience", "text": "Here I am.",
        });
        let alice = self.alice.clone();
        spawn_blocking(move || alice.send_letter(letter)).await.unwrap()
    }

    /// The only recipient, once its fate is this one.
    async fn settled(&self, sent: &Value, state: &'static str) -> Value {
        let (alice, sent) = (self.alice.clone(), sent.clone());
        let look = move || {
            let watch = Stopwatch::start();
            loop {
                let recipient = alice.fates(&sent).remove(0);
                if recipient["state"] == state {
                    return recipient;
                }
                assert!(watch.elapsed() < PATIENCE, "{recipient}");
                std::thread::yield_now();
            }
        };
        spawn_blocking(look).await.unwrap()
    }

    /// Lets the time of the first wait pass, for the queue's clock and for what delivery remembers by its own.
    async fn wait(&self) {
        self.clock.0.fetch_add(FIRST_WAIT_MS + 1_000, Ordering::SeqCst);
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(61)).await;
        tokio::time::resume();
    }
}

/// What is shown of a recipient that has to wait: the cause, the host, and the time of the next attempt.
fn check_deferred(recipient: &Value, cause: &str) {
    assert_eq!(
        (&recipient["cause"], &recipient["host"]),
        (&json!(cause), &json!("127.0.0.1")),
        "{recipient}"
    );
    assert_eq!(recipient["attempts"], 1);
    assert_eq!(recipient["nextTryAt"], "2026-11-26T08:01:00.000Z");
}

#[tokio::test]
async fn a_host_that_was_down_gets_the_message_once_it_is_up() {
    let port = free_port().unwrap();
    let world = World::start(port).await;
    let sent = world.send("ana@host.test").await;
    check_deferred(&world.settled(&sent, "deferred").await, "unreachable");
    // Meanwhile the others are not held up.
    let other = world.send(BOB).await;
    world.settled(&other, "delivered").await;
    let judge = SecondOpinion::start_at(port).unwrap();
    world.wait().await;
    let recipient = world.settled(&sent, "delivered").await;
    assert_eq!((&recipient["attempts"], &recipient["nextTryAt"]), (&json!(2), &Value::Null));
    let taken = judge.taken();
    assert_eq!(taken.len(), 1, "{}", judge.log());
    assert!(taken[0].contains("\"complaints\": []"), "{}", taken[0]);
}

#[tokio::test]
async fn a_host_that_takes_a_message_the_second_time_gets_it_once() {
    let asked = AtomicUsize::new(0);
    let grey = Script::start(move |line| match line {
        line if line.starts_with("RCPT") && asked.fetch_add(1, Ordering::Relaxed) == 0 => {
            Act::Say("451 4.7.1 Greylisted, come back in a minute")
        }
        line => usual(line),
    });
    let world = World::start(grey.port()).await;
    let sent = world.send("ana@host.test").await;
    let recipient = world.settled(&sent, "deferred").await;
    check_deferred(&recipient, "busy");
    assert_eq!(recipient["said"], "Greylisted, come back in a minute");
    assert_eq!(grey.heard("."), 0);
    world.wait().await;
    world.settled(&sent, "delivered").await;
    assert_eq!(grey.heard("."), 1);
}

#[tokio::test]
async fn a_host_that_loses_its_answers_gets_one_copy_too_many_and_no_more() {
    let torn = Script::misbehaves_at(".", Act::Close);
    let world = World::start(torn.port()).await;
    let sent = world.send("ana@host.test").await;
    check_deferred(&world.settled(&sent, "deferred").await, "answer-lost");
    world.wait().await;
    let recipient = world.settled(&sent, "failed").await;
    assert_eq!((&recipient["cause"], &recipient["nextTryAt"]), (&json!("answer-lost"), &Value::Null));
    for _ in 0..3 {
        world.wait().await;
    }
    assert_eq!(torn.heard("."), 2);
}
