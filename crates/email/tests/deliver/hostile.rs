//! Peers that do not behave: one clear outcome each, nothing sent twice, and nobody else waits.

use crate::peer::{Act, Peer, say, usual};
use crate::world::{carry, carry_one, check_deferred, check_failed, delivered, deliverer_to};
use caliopen_email::deliver::{Deliverer, Policy};
use caliopen_model::Cause;
use std::time::Duration;
use tokio::time::Instant;

fn deliverer(peer: &Peer) -> Deliverer {
    deliverer_to(peer.address, Policy::Opportunistic, |config| {
        config.timeouts.greeting = Duration::from_millis(200);
    })
}

#[tokio::test]
async fn an_answer_that_is_lost_is_said_to_be_lost() {
    let peer = Peer::misbehaves_at(".", Act::Close).await;
    let outcome = carry_one(&deliverer(&peer), "bob@here.test").await;
    let trouble = check_deferred(&outcome, Cause::AnswerLost, "4.4.2");
    assert_eq!(trouble.host.as_deref(), Some("127.0.0.1"));
    assert_eq!(peer.connections(), 1, "a message that may have arrived is not sent again at once");
}

#[tokio::test]
async fn a_peer_that_never_answers_is_left_alone_for_a_while() {
    let peer = Peer::misbehaves_at("", Act::Silence).await;
    let deliverer = deliverer(&peer);
    check_deferred(&carry_one(&deliverer, "bob@here.test").await, Cause::Unreachable, "4.4.2");
    let began = Instant::now();
    check_deferred(&carry_one(&deliverer, "eve@here.test").await, Cause::Unreachable, "4.4.1");
    assert!(began.elapsed() < Duration::from_millis(150), "{:?}", began.elapsed());
    assert_eq!(peer.connections(), 1);
}

#[tokio::test]
async fn a_closed_port_is_left_alone_for_a_while() {
    let peer = Peer::misbehaves_at("", Act::Close).await;
    let deliverer = deliverer(&peer);
    let address = peer.address;
    peer.stop().await;
    check_deferred(&carry_one(&deliverer, "bob@here.test").await, Cause::Unreachable, "4.4.1");
    // Somebody opens the port: it is not tried yet.
    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    check_deferred(&carry_one(&deliverer, "bob@here.test").await, Cause::Unreachable, "4.4.1");
    let accepted = tokio::time::timeout(Duration::from_millis(50), listener.accept()).await;
    assert!(accepted.is_err(), "it was tried");
}

#[tokio::test]
async fn replies_of_a_megabyte_are_not_read() {
    for line in ["", "EHLO", "RCPT", "."] {
        let peer = Peer::misbehaves_at(line, Act::Say(b"250-hello\r\n".repeat(100_000))).await;
        let outcome = carry_one(&deliverer(&peer), "bob@here.test").await;
        let (cause, status) =
            if line == "." { (Cause::AnswerLost, "4.4.2") } else { (Cause::Garbled, "4.5.0") };
        check_deferred(&outcome, cause, status);
    }
}

#[tokio::test]
async fn what_is_no_smtp_is_garbled() {
    for bytes in [&b"SSH-2.0-OpenSSH_9.2\r\n"[..], b"\x16\x03\x01\r\n", b"250 hi\n", b"200-a\r\n300 b\r\n"] {
        let peer = Peer::misbehaves_at("", Act::Say(bytes.to_vec())).await;
        check_deferred(&carry_one(&deliverer(&peer), "bob@here.test").await, Cause::Garbled, "4.5.0");
    }
}

#[tokio::test]
async fn a_broken_handshake_never_leads_back_to_clear() {
    let answers = [
        Act::Last(b"220 go\r\n".to_vec()),
        Act::Last(b"220 go\r\n250 oops\r\n".to_vec()),
        say("454 4.7.0 TLS not available"),
        say("501 5.5.1 What?"),
    ];
    for answer in answers {
        let peer = Peer::start(move |line| match line {
            "STARTTLS" => answer.clone(),
            "EHLO mx.ana.test" => say("250-mx.here.test\r\n250 STARTTLS"),
            line => usual(line),
        })
        .await;
        let deliverer = deliverer(&peer);
        for _ in 0..2 {
            let outcome =
                tokio::time::timeout(Duration::from_secs(5), carry_one(&deliverer, "bob@here.test"));
            let outcome = outcome.await.unwrap();
            assert!(
                matches!(&outcome, caliopen_model::Outcome::Deferred(trouble)
                if trouble.cause == Cause::NotPrivate),
                "{outcome:?}"
            );
        }
        assert!(!peer.heard_any("MAIL"), "{:?}", peer.heard());
    }
}

#[tokio::test]
async fn refusals_are_told_in_the_peers_words() {
    let peer = Peer::start(|line| match line {
        "RCPT TO:<nobody@here.test>" => say("550-5.1.1 There is\r\n550 5.1.1 no \u{1b}[31msuch user"),
        "RCPT TO:<full@here.test>" => say("452 4.2.2 Mailbox full"),
        "RCPT TO:<old@here.test>" => say("550 unknown"),
        "RCPT TO:<grey@here.test>" => say("450 4.7.1 Greylisted"),
        line => usual(line),
    })
    .await;
    let recipients =
        ["nobody@here.test", "full@here.test", "old@here.test", "grey@here.test", "bob@here.test"];
    let outcomes = carry(&deliverer(&peer), &recipients).await;
    let trouble = check_failed(&outcomes[0], Cause::NoSuchRecipient, "5.1.1");
    assert_eq!(trouble.said.as_deref(), Some("There is no \u{fffd}[31msuch user"));
    check_deferred(&outcomes[1], Cause::MailboxFull, "4.2.2");
    check_failed(&outcomes[2], Cause::NoSuchRecipient, "5.0.0");
    check_deferred(&outcomes[3], Cause::Busy, "4.7.1");
    delivered(&outcomes[4]);
}

#[tokio::test]
async fn a_peer_without_8_bit_is_not_sent_8_bit() {
    let peer =
        Peer::start(|line| if line.starts_with("EHLO") { say("250 mx.here.test") } else { usual(line) });
    let peer = peer.await;
    check_failed(&carry_one(&deliverer(&peer), "bob@here.test").await, Cause::NotCapable, "5.6.3");
    check_failed(&carry_one(&deliverer(&peer), "bobé@here.test").await, Cause::NotCapable, "5.6.3");
    assert!(!peer.heard_any("MAIL"));
}

#[tokio::test]
async fn a_dead_peer_delays_nobody_else() {
    let dead = Peer::misbehaves_at("", Act::Silence).await;
    let alive = Peer::start(usual).await;
    let deliverer = deliverer_to(dead.address, Policy::Opportunistic, |config| {
        let address = alive.address;
        let route = caliopen_email::deliver::Route {
            host: address.ip().to_string(),
            port: address.port(),
            policy: Policy::Opportunistic,
        };
        config.routes.domains.insert("alive.test".to_owned(), route);
        config.timeouts.greeting = Duration::from_secs(2);
    });
    let began = Instant::now();
    let slow = async {
        // Far more than the host may have connections: the rest learn from the first.
        let waiting = (0..100).map(|_| carry_one(&deliverer, "bob@here.test"));
        let outcomes = futures_util::future::join_all(waiting).await;
        for outcome in &outcomes {
            assert!(matches!(outcome, caliopen_model::Outcome::Deferred(_)), "{outcome:?}");
        }
        began.elapsed()
    };
    let quick = async {
        delivered(&carry_one(&deliverer, "bob@alive.test").await);
        began.elapsed()
    };
    let (slow, quick) = futures_util::future::join(slow, quick).await;
    assert!(quick < Duration::from_secs(1), "{quick:?}");
    assert!(slow < Duration::from_secs(4), "{slow:?}");
    assert!(dead.connections() <= caliopen_email::deliver::limits::CONNECTIONS_PER_HOST_MAX);
}
