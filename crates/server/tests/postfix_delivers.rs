//! A real Postfix brings mail, a real Knot answers for the domains, and Alice reads what we make of the evidence.

use crate::support;
use caliopen_testkit::dns::{Knot, Signing, Zone};
use caliopen_testkit::postfix::{Postfix, PostfixOptions, Route, Starttls, Transport};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::Duration;
use support::caliopen::Caliopen;
use support::dkim::Signer;
use support::{ALICE, Api, BOB, DOMAIN, Home, Stopwatch, Wire};

/// How long a message may take through a queue on a busy machine.
const QUEUE_PATIENCE: Duration = Duration::from_secs(30);

/// A signed domain, one that is not signed, and a Caliopen that asks their name server.
struct World {
    server: Caliopen,
    home: Home,
    signer: Signer,
    _knot: Knot,
}

impl World {
    fn start() -> Self {
        let signer = Signer::new("ana.test");
        let zones = [
            Zone::new("ana.test", Signing::Signed)
                .text("@", "v=spf1 ip4:127.0.0.1 -all")
                .text("_dmarc", "v=DMARC1; p=reject")
                .text("story._domainkey", &signer.record())
                .record("@", "MX", "10 mail.ana.test.")
                .record("mail", "A", "127.0.0.1"),
            Zone::new("victim.test", Signing::Unsigned)
                .text("@", "v=spf1 ip4:192.0.2.10 -all")
                .text("_dmarc", "v=DMARC1; p=reject")
                .record("@", "MX", "10 mail.victim.test.")
                .record("mail", "A", "192.0.2.10"),
        ];
        let knot = Knot::start(&zones).unwrap();
        let home = Home::with_people();
        let anchors = home.beside("anchors");
        std::fs::write(&anchors, knot.anchors()).unwrap();
        home.configure(&format!(
            "host_name = \"mx.caliopen.test\"\n[dns]\nservers = [\"{}\"]\ntrust_anchors = \"{}\"\n",
            knot.address(),
            anchors.display()
        ));
        let server = home.start();
        Self { server, home, signer, _knot: knot }
    }

    fn postfix(&self, transport: Transport, server: SocketAddr, starttls: Starttls) -> Postfix {
        let routes = vec![Route { domain: DOMAIN.to_owned(), transport, server }];
        Postfix::start(&PostfixOptions { host_name: "mail.ana.test".to_owned(), routes, starttls }).unwrap()
    }

    /// Postfix takes a message from its user and relays it; what Alice then has in her inbox.
    fn relayed(&self, starttls: Starttls, from: &str, message: &[u8]) -> (Api, Value) {
        let postfix = self.postfix(Transport::Smtp, self.server.smtp, starttls);
        submit(&postfix, from, &[ALICE], message);
        wait_for(&postfix, "status=sent");
        let alice = self.server.alice();
        let message = alice.only_message();
        (alice, message)
    }
}

fn submit(postfix: &Postfix, from: &str, recipients: &[&str], message: &[u8]) {
    let mut user = Wire::greeted(postfix.address(), "EHLO");
    let replies = user.deliver(from, recipients, message);
    assert!(replies[0].starts_with("250 "), "{replies:?}");
}

/// Waits for a word in Postfix' log, which is all that it says of a delivery.
fn wait_for(postfix: &Postfix, word: &str) {
    let start = Stopwatch::start();
    while !postfix.log().contains(word) {
        assert!(start.elapsed() < QUEUE_PATIENCE, "no {word}: {}", postfix.log());
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn letter(from: &str) -> Vec<u8> {
    format!(
        "From: Ana <{from}>\r\nTo: {ALICE}\r\nSubject: Dinner\r\nDate: Sun, 22 Nov 2026 12:00:00 +0000\r\n\
         Message-ID: <dinner@ana.test>\r\n\r\nOn Friday?\r\n"
    )
    .into_bytes()
}

/// The points of one component, and what they rest on.
fn points(report: &Value, component: &str) -> (u64, String) {
    let points = report["points"].as_array().unwrap();
    let found = points.iter().find(|one| one["component"] == component).unwrap();
    (found["points"].as_u64().unwrap(), found["evidence"].to_string())
}

#[test]
fn mail_over_tls_from_an_authenticated_domain_is_in_transit() {
    let world = World::start();
    let sent = world.signer.sign(&letter("ana@ana.test"));
    let (alice, message) = world.relayed(Starttls::Always, "ana@ana.test", &sent);

    let conversation = alice.conversations().remove(0);
    assert_eq!((&conversation["kind"], &conversation["subject"]), (&json!("direct"), &json!("Dinner")));
    assert_eq!(conversation["people"][0]["handle"], "email:ana@ana.test");
    assert_eq!(conversation["privacy"], message["privacy"]);
    assert_eq!((&message["suspicious"], &message["warnings"]), (&json!(false), &json!([])));
    assert_eq!(message["bodies"][0]["text"].as_str().unwrap().trim_end(), "On Friday?");

    let report = alice.report(&message);
    assert_eq!(report["privacy"], message["privacy"]);
    // Opportunistic TLS caps, however good the rest is.
    assert_eq!((&report["privacy"]["score"], &report["privacy"]["level"]), (&json!(12), &json!(2)));
    assert_eq!((&report["levelWord"], &report["cap"]["limit"]), (&json!("In transit"), &json!(12)));
    let (content, hop) = points(&report, "content");
    assert_eq!(content, 4, "{report}");
    assert!(hop.contains("TLSv1.3"), "{hop}");
    let (identity, authentication) = points(&report, "identity");
    assert_eq!(identity, 4, "{report}");
    assert!(authentication.contains("ana.test"), "{authentication}");

    // What arrived is kept as Postfix passed it on: its own line on top, then our bytes.
    let raw = alice.download(&message["blobId"]);
    assert!(raw.starts_with(b"Received: ") && raw.ends_with(&sent), "{}", String::from_utf8_lossy(&raw));
}

#[test]
fn signatures_of_dns_are_checked_to_the_anchor_that_was_configured() {
    let world = World::start();
    let sent = world.signer.sign(&letter("ana@ana.test"));
    let mut command = world.home.command(&["inspect", "--config"]);
    command.arg(world.home.beside("caliopen.toml"));
    let output = support::caliopen::finish(&mut command, &sent);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let facts = found["evidence"].as_array().unwrap();
    let checked = facts.iter().find_map(|fact| fact.get("authentication")).unwrap();
    assert_eq!((&checked["dmarc"], &checked["dnssec"]), (&json!("pass"), &json!(true)), "{checked}");
    assert_eq!(
        (&checked["dkim"][0]["domain"], &checked["dkim"][0]["result"]),
        (&json!("ana.test"), &json!("pass"))
    );
}

#[test]
fn mail_in_clear_is_a_postcard() {
    let world = World::start();
    let sent = world.signer.sign(&letter("ana@ana.test"));
    let (alice, message) = world.relayed(Starttls::Never, "ana@ana.test", &sent);
    let report = alice.report(&message);
    assert_eq!((&report["privacy"]["score"], &report["levelWord"]), (&json!(1), &json!("Postcard")));
    assert_eq!((&report["cap"]["limit"], points(&report, "content").0), (&json!(1), 0));
    assert_eq!(message["suspicious"], false);
}

#[test]
fn a_forged_author_is_suspicious() {
    let world = World::start();
    let (alice, message) = world.relayed(Starttls::Always, "thief@ana.test", &letter("boss@victim.test"));
    assert_eq!(message["suspicious"], true);
    let report = alice.report(&message);
    assert_eq!((&report["privacy"]["score"], &report["cap"]["limit"]), (&json!(2), &json!(2)));
    assert_eq!(points(&report, "identity").0, 0);
    assert!(alice.conversations()[0]["suspicious"].as_bool().unwrap());
}

#[test]
fn one_changed_byte_breaks_the_signature() {
    let world = World::start();
    let mut sent = world.signer.sign(&letter("ana@ana.test"));
    let day = sent.windows(6).position(|word| word == b"Friday").unwrap();
    sent[day..day + 6].copy_from_slice(b"Monday");
    // SPF alone still vouches for the domain: what fails is said, what passes is counted.
    let (alice, message) = world.relayed(Starttls::Always, "ana@ana.test", &sent);
    let report = alice.report(&message);
    let authentication = points(&report, "identity").1;
    assert!(report["privacy"]["score"].as_u64().unwrap() <= 12, "{report}");
    assert!(authentication.to_lowercase().contains("fail"), "{authentication}");
}

#[test]
fn by_lmtp_each_recipient_has_an_answer_of_their_own() {
    let world = World::start();
    let postfix = world.postfix(Transport::Lmtp, world.server.lmtp, Starttls::Never);
    let nobody = format!("nobody@{DOMAIN}");
    submit(&postfix, "ana@ana.test", &[ALICE, &nobody, BOB], &letter("ana@ana.test"));
    for address in [ALICE, &nobody, BOB] {
        wait_for(&postfix, &format!("to=<{address}>"));
    }
    let log = postfix.log();
    let of = |address: &str| log.lines().find(|line| line.contains(&format!("to=<{address}>"))).unwrap();
    for address in [ALICE, BOB] {
        assert!(of(address).contains("status=sent (250 2.0.0"), "{}", of(address));
    }
    assert!(of(&nobody).contains("status=bounced") && of(&nobody).contains("550 5.1.1"), "{}", of(&nobody));

    for address in [ALICE, BOB] {
        let person = Api::sign_in(world.server.http, address, support::PASSWORD);
        let report = person.report(&person.only_message());
        // Behind a relay of our own the way was not ours to see: nothing is earned, and the score says so.
        assert_eq!(points(&report, "content").0, 0, "{report}");
        assert!(report["privacy"]["score"].as_u64().unwrap() <= 12, "{report}");
    }
}
