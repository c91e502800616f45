//! Connections are used again, and left in time.

use crate::peer::{Act, Peer, say, usual};
use crate::world::{Host, MESSAGE, carry, carry_one, carry_raw, delivered, deliverer_to};
use caliopen_email::deliver::Policy;
use caliopen_model::Outcome;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::watch;

#[tokio::test]
async fn messages_share_a_connection_and_the_last_one_quits() {
    let peer = Peer::start(usual).await;
    let deliverer = deliverer_to(peer.address, Policy::Clear, |_| ());
    for _ in 0..3 {
        delivered(&carry_one(&deliverer, "bob@here.test").await);
    }
    assert_eq!(peer.connections(), 1);
    assert!(!peer.heard_any("QUIT"));
    let (stop, stopped) = watch::channel(false);
    stop.send_replace(true);
    deliverer.tend(stopped).await;
    assert!(peer.heard_any("QUIT"));
}

#[tokio::test]
async fn a_connection_that_was_closed_meanwhile_is_opened_again() {
    // Each connection takes one message and then goes.
    let peer = Peer::start(|line| match line {
        "." => say("250 fine\r\n421 bye"),
        line => usual(line),
    })
    .await;
    let deliverer = deliverer_to(peer.address, Policy::Clear, |_| ());
    for _ in 0..3 {
        delivered(&carry_one(&deliverer, "bob@here.test").await);
    }
    assert_eq!(peer.connections(), 3);
}

#[tokio::test]
async fn a_connection_that_breaks_at_mail_is_not_used_again() {
    let mails = AtomicUsize::new(0);
    let peer = Peer::start(move |line| match line.split(':').next() {
        Some("MAIL FROM") if mails.fetch_add(1, Ordering::Relaxed) == 1 => Act::Close,
        _ => usual(line),
    })
    .await;
    let deliverer = deliverer_to(peer.address, Policy::Clear, |_| ());
    delivered(&carry_one(&deliverer, "bob@here.test").await);
    delivered(&carry_one(&deliverer, "bob@here.test").await);
    assert_eq!(peer.connections(), 2);
}

#[tokio::test]
async fn many_recipients_come_in_several_messages() {
    let peer = Peer::start(usual).await;
    let deliverer = deliverer_to(peer.address, Policy::Clear, |_| ());
    let names: Vec<String> = (0..250).map(|at| format!("bob{at}@here.test")).collect();
    let recipients: Vec<&str> = names.iter().map(String::as_str).collect();
    let outcomes = carry(&deliverer, &recipients).await;
    assert_eq!(outcomes.len(), 250);
    for outcome in &outcomes {
        delivered(outcome);
    }
    assert_eq!(peer.heard().iter().filter(|line| line.starts_with("MAIL")).count(), 3);
    assert_eq!(peer.connections(), 1);
}

#[tokio::test]
async fn a_peer_that_takes_few_recipients_gets_the_others_at_once() {
    let named = AtomicUsize::new(0);
    let peer = Peer::start(move |line| match line.split(':').next() {
        Some("MAIL FROM") => {
            named.store(0, Ordering::Relaxed);
            usual(line)
        }
        Some("RCPT TO") if named.fetch_add(1, Ordering::Relaxed) >= 2 => say("452 4.5.3 Too many"),
        _ => usual(line),
    })
    .await;
    let deliverer = deliverer_to(peer.address, Policy::Clear, |_| ());
    let outcomes = carry(&deliverer, &["a@here.test", "b@here.test", "c@here.test"]).await;
    for outcome in &outcomes {
        delivered(outcome);
    }
    assert_eq!(peer.heard().iter().filter(|line| line.starts_with("MAIL")).count(), 2);
}

#[tokio::test]
async fn our_own_listener_gets_the_very_bytes() {
    let host = Host::start(|_| ()).await;
    let deliverer = deliverer_to(host.address, Policy::Opportunistic, |_| ());
    let big = [MESSAGE.as_bytes(), &b".0123456789\r\n".repeat(800_000)].concat();
    for raw in [MESSAGE.as_bytes(), &big] {
        let outcomes = carry_raw(&deliverer, &["bob@here.test", "nobody@here.test"], raw).await;
        delivered(&outcomes[0]);
        assert!(matches!(outcomes[1], Outcome::Failed(_)), "{outcomes:?}");
    }
    let arrivals = host.journal.arrivals();
    assert_eq!(arrivals.len(), 2);
    assert_eq!(arrivals[0].raw, MESSAGE.as_bytes());
    assert!(arrivals[1].raw == big);
    assert_eq!(arrivals[0].channel.greeting.as_deref(), Some("mx.ana.test"));
}

#[tokio::test]
async fn an_idle_connection_is_left_in_time() {
    let peer = Peer::start(usual).await;
    let deliverer = deliverer_to(peer.address, Policy::Clear, |_| ());
    delivered(&carry_one(&deliverer, "bob@here.test").await);
    let (_stop, stopped) = watch::channel(false);
    // From here on time passes when everybody waits.
    tokio::time::pause();
    let tended = tokio::time::timeout(Duration::from_secs(60), deliverer.tend(stopped)).await;
    assert!(tended.is_err(), "it tends until it is stopped");
    tokio::time::resume();
    while !peer.heard_any("QUIT") {
        tokio::task::yield_now().await;
    }
}
