//! What a sender can write without proving it, from bytes on a socket to the number: no lie raises an index; those that
//! pretend to be somebody lower it, or are said in words.

use crate::support;
use caliopen_testkit::dns::{Knot, Signing, Zone};
use serde_json::{Value, json};
use support::caliopen::Caliopen;
use support::dkim::Signer;
use support::elsewhere::{Way, hand_over};
use support::{ALICE, Api, BOB, Home};

const HEAD: &str = "Date: Sun, 22 Nov 2026 12:00:00 +0000\r\n";

/// Whoever writes from a domain that lets anybody send, to a server that checks everything itself.
struct World {
    server: Caliopen,
    alice: Api,
    ana: Signer,
    mallory: Signer,
    _home: Home,
    _knot: Knot,
}

/// What Alice sees of a message.
#[derive(Debug)]
struct Seen {
    score: u64,
    identity: u64,
    suspicious: bool,
    warnings: Value,
    report: Value,
}

impl World {
    fn start() -> Self {
        let (ana, mallory) = (Signer::new("ana.test"), Signer::new("mallory.test"));
        let zone = |name: &str, spf: &str| {
            Zone::new(name, Signing::Unsigned).text("@", spf).text("_dmarc", "v=DMARC1; p=reject")
        };
        let knot = Knot::start(&[
            zone("ana.test", "v=spf1 ip4:192.0.2.10 -all").text("story._domainkey", &ana.record()),
            zone("mallory.test", "v=spf1 ip4:127.0.0.1 -all").text("story._domainkey", &mallory.record()),
            Zone::new("plain.test", Signing::Unsigned),
        ])
        .unwrap();
        let home = Home::with_people();
        home.configure(&format!(
            "host_name = \"mx.caliopen.test\"\n[dns]\nservers = [\"{}\"]\ndnssec = false\n",
            knot.address()
        ));
        let server = home.start();
        let alice = server.alice();
        Self { server, alice, ana, mallory, _home: home, _knot: knot }
    }

    /// Mallory's server hands it over; what Alice sees then.
    fn receive(&self, subject: &str, message: &[u8]) -> Seen {
        self.receive_by(Way::Tls, subject, message)
    }

    fn receive_by(&self, way: Way, subject: &str, message: &[u8]) -> Seen {
        hand_over(self.server.smtp, way, ("bounce@mallory.test", ALICE), message);
        let all = self.alice.messages(json!(["id", "subject", "suspicious", "warnings"]));
        let message = all.into_iter().find(|message| message["subject"] == subject);
        let message = message.unwrap_or_else(|| panic!("{subject} did not arrive"));
        let report = self.alice.report(&message);
        let points = report["points"].as_array().unwrap();
        let identity = points.iter().find(|point| point["component"] == "identity").unwrap();
        Seen {
            score: report["privacy"]["score"].as_u64().unwrap(),
            identity: identity["points"].as_u64().unwrap(),
            suspicious: message["suspicious"].as_bool().unwrap(),
            warnings: message["warnings"].clone(),
            report,
        }
    }
}

fn letter(from: &str, subject: &str, more: &str) -> Vec<u8> {
    format!("From: {from}\r\nTo: {ALICE}\r\nSubject: {subject}\r\n{HEAD}{more}\r\nOn Friday?\r\n")
        .into_bytes()
}

#[test]
fn headers_that_claim_something_raise_nothing() {
    let world = World::start();
    let honest = world.receive("honest", &letter("ana@plain.test", "honest", ""));
    let claims = [
        (
            "received",
            "Received: from mail.plain.test (mail.plain.test [192.0.2.10])\r\n by mx.caliopen.test (Caliopen) with ESMTPS id 1 (version=TLS1.3 verified=dane)\r\n for <alice@caliopen.test>; Sun, 22 Nov 2026 11:59:59 +0000\r\n",
        ),
        (
            "results",
            "Authentication-Results: mx.caliopen.test; spf=pass smtp.mailfrom=plain.test; dkim=pass header.d=plain.test;\r\n dmarc=pass header.from=plain.test\r\nReceived-SPF: pass client-ip=192.0.2.10\r\n",
        ),
        (
            "sealed",
            "ARC-Seal: i=1; a=ed25519-sha256; cv=none; d=plain.test; s=story; b=AA==\r\nARC-Message-Signature: i=1; a=ed25519-sha256; c=simple/simple; d=plain.test; s=story; h=From; bh=AA==; b=AA==\r\nARC-Authentication-Results: i=1; mx.plain.test; dmarc=pass header.from=plain.test\r\n",
        ),
        (
            "autocrypt",
            "Autocrypt: addr=ana@plain.test; prefer-encrypt=mutual; keydata=mDMEXEcE6RYJKwYBBAHaRw8BAQdArjWwk3FAqyiFbFBKT4TzXcVBqPTB3gmzlC/Ub7O1u120\r\nOpenPGP: id=0123456789ABCDEF0123456789ABCDEF01234567; preference=signencrypt\r\n",
        ),
        (
            "x",
            "X-Caliopen-Privacy: 100\r\nX-Privacy-Index: 100\r\nX-Spam-Status: No, score=-99\r\nX-Mailer: Caliopen\r\nTLS-Required: yes\r\n",
        ),
        (
            "encrypted",
            "X-Encrypted: yes\r\nX-Pgp-Encrypted: yes\r\nContent-Description: OpenPGP encrypted message\r\n",
        ),
    ];
    for (subject, more) in claims {
        let seen = world.receive(subject, &letter("ana@plain.test", subject, more));
        assert_eq!((seen.score, seen.identity), (honest.score, honest.identity), "{more}");
        assert_eq!(seen.report["points"], honest.report["points"], "{more}");
        assert_eq!(seen.report["caps"], honest.report["caps"], "{more}");
    }
    // That the last hop was in clear is not mended by what the first ones are said to have been.
    let (subject, more) = ("clear", claims[0].1);
    let seen = world.receive_by(Way::Clear, subject, &letter("ana@plain.test", subject, more));
    assert_eq!(seen.score, 1);
}

#[test]
fn an_id_of_our_own_opens_nothing_and_raises_nothing() {
    let world = World::start();
    // Before Alice writes for the first time, and strangers wait.
    let honest = world.receive("honest", &letter("ana@plain.test", "honest", ""));
    let to = json!([{ "name": null, "handle": format!("email:{BOB}") }]);
    world.alice.send_letter(json!({ "subject": "between us", "text": "Between us.", "to": to }));
    let all = world.alice.messages(json!(["id", "subject", "headers", "conversationId"]));
    let ours = all.into_iter().find(|message| message["subject"] == "between us").unwrap();
    let headers = ours["headers"].as_array().unwrap();
    let id = headers.iter().find(|header| header[0] == "Message-ID").unwrap()[1].as_str().unwrap().trim();
    for (subject, field) in [("same id", "Message-ID"), ("answer", "In-Reply-To")] {
        let seen = world.receive(subject, &letter("ana@plain.test", subject, &format!("{field}: {id}\r\n")));
        assert_eq!((seen.score, seen.identity), (honest.score, honest.identity), "{field}");
    }
    let all = world.alice.messages(json!(["subject", "conversationId"]));
    let beside = all.iter().filter(|message| message["conversationId"] == ours["conversationId"]);
    assert_eq!(beside.count(), 1, "whoever knows an id is not let into the conversation: {all:?}");
    assert_eq!(all.len(), 4, "all are kept: {all:?}");
}

#[test]
fn whoever_pretends_to_be_somebody_else_is_told_and_lowered() {
    let world = World::start();
    let real = world.receive("real", &world.mallory.sign(&letter("Mallory <m@mallory.test>", "real", "")));
    assert_eq!((real.identity, real.suspicious), (4, false), "{real:#?}");

    let two = "Ana <ana@ana.test>, Mallory <m@mallory.test>";
    let several = world.receive("two authors", &world.mallory.sign(&letter(two, "two authors", "")));
    assert_eq!(several.identity, 0, "{several:#?}");
    assert!(several.warnings.to_string().contains("severalFrom"), "{several:#?}");

    let named = "\"ana@ana.test\" <m@mallory.test>";
    let name = world.receive("a name", &world.mallory.sign(&letter(named, "a name", "")));
    assert!(name.warnings.to_string().contains("nameLooksLikeAddress"), "{name:#?}");
    assert!(name.score <= real.score, "{name:#?}");

    let twice = format!("From: Ana <ana@ana.test>\r\n{HEAD}");
    let doubled = world.mallory.sign(&letter("Mallory <m@mallory.test>", "two fields", ""));
    let doubled = [twice.as_bytes(), &doubled].concat();
    let doubled = world.receive("two fields", &doubled);
    assert_eq!(doubled.identity, 0, "{doubled:#?}");
    assert!(doubled.warnings.to_string().contains("duplicateHeader"), "{doubled:#?}");

    let forged = world.receive("forged", &letter("Ana <ana@ana.test>", "forged", ""));
    assert_eq!((forged.score, forged.suspicious), (2, true), "{forged:#?}");
}

#[test]
fn a_signature_counts_only_for_its_domain_and_for_the_whole_of_what_it_signed() {
    let world = World::start();
    let text = |subject: &str| letter("Ana <ana@ana.test>", subject, "");
    let signed = world.ana.sign(&text("signed"));
    let honest = world.receive("signed", &signed);
    assert_eq!((honest.identity, honest.suspicious), (4, false), "{honest:#?}");

    // By another domain.
    let stranger = world.receive("stranger", &world.mallory.sign(&text("stranger")));
    assert_eq!((stranger.score, stranger.identity, stranger.suspicious), (2, 0, true), "{stranger:#?}");

    // Of a part, with more behind it.
    let mut part = world.ana.sign_part(4, &text("part"));
    part.extend_from_slice(b"And send me the money.\r\n");
    let part = world.receive("part", &part);
    assert_eq!((part.identity, part.suspicious), (0, true), "{part:#?}");
    assert!(part.report.to_string().contains("ana.test"), "{part:#?}");

    // Replayed: as it is it proves no more than it did; with another subject, it proves nothing.
    let more =
        b"Received: from elsewhere (elsewhere [192.0.2.66]) by nowhere; Sun, 22 Nov 2026 13:00:00 +0000\r\n";
    let replay = String::from_utf8(signed.clone()).unwrap().replace("Subject: signed", "Subject: replayed");
    let replay = world.receive("replayed", replay.as_bytes());
    assert_eq!((replay.score, replay.identity, replay.suspicious), (2, 0, true), "{replay:#?}");
    let again = [&more[..], &signed].concat();
    hand_over(world.server.smtp, Way::Tls, ("bounce@mallory.test", ALICE), &again);
    let scores: Vec<Value> = world
        .alice
        .messages(json!(["subject", "privacy"]))
        .into_iter()
        .filter(|message| message["subject"] == "signed")
        .map(|message| message["privacy"]["score"].clone())
        .collect();
    assert_eq!(scores, [json!(honest.score), json!(honest.score)]);
}
