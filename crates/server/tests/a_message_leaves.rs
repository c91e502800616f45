//! Alice writes: to Bob on the same server, and through a real Postfix to somebody on another one.

use crate::support;
use caliopen_testkit::dns::{Knot, Signing, Zone};
use caliopen_testkit::postfix::{Postfix, PostfixOptions, Route, Starttls, Transport};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::time::Duration;
use support::{ALICE, Api, BOB, Home, PASSWORD, Stopwatch, folder};

/// How long a message may take through two queues on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// Writes and sends; what the submission is.
fn send(from: &Api, to: &str, text: &str) -> Value {
    let identity = from.call("Identity/get", json!({ "ids": null }))["list"][0]["id"].clone();
    let draft = json!({
        "identityId": identity, "subject": "Élan", "text": text,
        "to": [{ "name": "Ana Dévi", "handle": format!("email:{to}") }],
    });
    let drafted = from.call("Draft/set", json!({ "create": { "d": draft } }));
    let asked = json!({ "create": { "s": { "draftId": drafted["created"]["d"]["id"] } } });
    let sent = from.call("Submission/set", asked);
    assert!(sent["notCreated"].is_null(), "{sent}");
    sent["created"]["s"].clone()
}

/// The only recipient, once its fate is this one.
fn settled(sender: &Api, sent: &Value, state: &str) -> Value {
    let watch = Stopwatch::start();
    loop {
        let answer = sender.call("Submission/get", json!({ "ids": [sent["id"]] }));
        let recipient = answer["list"][0]["recipients"][0].clone();
        if recipient["state"] == state {
            return recipient;
        }
        assert!(watch.elapsed() < PATIENCE, "{answer}");
        std::thread::yield_now();
    }
}

#[test]
fn a_message_to_somebody_of_the_same_server_arrives_without_a_network() {
    let home = Home::with_people();
    let server = home.start();
    let alice = server.alice();
    let sent = send(&alice, BOB, "Between us.\n");
    let recipient = settled(&alice, &sent, "delivered");
    assert_eq!((&recipient["security"], &recipient["attempts"]), (&json!("same-server"), &json!(1)));
    let bob = Api::sign_in(server.http, BOB, PASSWORD);
    let message = bob.only_message();
    assert_eq!((&message["subject"], &message["suspicious"]), (&json!("Élan"), &json!(false)));
    assert_eq!(message["from"][0]["handle"], format!("email:{ALICE}"));
    assert_eq!(message["bodies"][0]["text"].as_str().unwrap().trim_end(), "Between us.");
    let kept: Vec<u8> = folder::files(&home.data()).into_values().flatten().collect();
    for word in ["Between us", "Élan", "Ana Dévi", BOB] {
        let found = kept.windows(word.len()).any(|bytes| bytes == word.as_bytes());
        assert!(!found, "{word} stands in clear");
    }
    let shown = alice.call("Message/get", json!({ "ids": [sent["messageId"]] }));
    assert_eq!(shown["list"][0]["sending"], "delivered");
    server.stop();
}

#[test]
fn a_message_goes_through_postfix_to_another_caliopen_and_its_fate_is_told() {
    let there = Home::empty();
    there.done(&["domain", "add", "elsewhere.test"], "");
    there.done(&["account", "add", "ana@elsewhere.test"], PASSWORD);
    let their_server = there.start();
    let route =
        Route { domain: "elsewhere.test".to_owned(), transport: Transport::Lmtp, server: their_server.lmtp };
    let postfix = Postfix::start(&PostfixOptions {
        host_name: "mx.elsewhere.test".to_owned(),
        routes: vec![route],
        starttls: Starttls::Never,
    })
    .unwrap();
    let here = Home::with_people();
    here.configure(&format!(
        "host_name = \"mail.example.org\"\n[deliver.routes.\"elsewhere.test\"]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n",
        postfix.address().port()
    ));
    let our_server = here.start();
    let alice = our_server.alice();
    let sent = send(&alice, "ana@elsewhere.test", "From afar.\n.\nA dot alone.\n");
    let recipient = settled(&alice, &sent, "delivered");
    assert_eq!((&recipient["security"], &recipient["host"]), (&json!("clear"), &json!("127.0.0.1")));
    let ana = Api::sign_in(their_server.http, "ana@elsewhere.test", PASSWORD);
    let watch = Stopwatch::start();
    while ana.conversations().is_empty() {
        assert!(watch.elapsed() < PATIENCE, "{}", postfix.log());
        std::thread::yield_now();
    }
    let message = ana.only_message();
    assert_eq!(message["subject"], "Élan");
    assert_eq!(message["bodies"][0]["text"].as_str().unwrap().trim_end(), "From afar.\n.\nA dot alone.");
    let headers: Vec<String> = message["headers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|header| header[0].as_str().unwrap().to_ascii_lowercase())
        .collect();
    assert_eq!(headers.iter().filter(|name| *name == "dkim-signature").count(), 2, "{headers:?}");
    for telltale in ["user-agent", "x-mailer", "x-originating-ip", "bcc"] {
        assert!(!headers.iter().any(|name| name == telltale), "{telltale}");
    }
    our_server.stop();
    their_server.stop();
}

/// The TLSA record of the certificate that a Caliopen made for itself: DANE-EE, the whole of it, SHA-256.
fn association(home: &Home) -> String {
    let certificate = CertificateDer::from_pem_file(home.data().join("keys/mail.crt")).unwrap();
    let digest: String = Sha256::digest(&certificate).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("3 0 1 {digest}")
}

#[test]
fn a_message_to_a_domain_with_dane_is_proven_or_does_not_leave() {
    let there = Home::empty();
    for domain in ["elsewhere.test", "changed.test"] {
        there.done(&["domain", "add", domain], "");
        there.done(&["account", "add", &format!("ana@{domain}")], PASSWORD);
    }
    let their_server = there.start();
    let zone = |name: &str, association: &str| {
        let zone = Zone::new(name, Signing::Signed).record("mx", "A", "1.1.1.1");
        zone.record("@", "MX", &format!("10 mx.{name}.")).record("_25._tcp.mx", "TLSA", association)
    };
    let wrong = format!("3 0 1 {}", "0".repeat(64));
    let zones = [zone("elsewhere.test", &association(&there)), zone("changed.test", &wrong)];
    let knot = Knot::start(&zones).unwrap();
    let here = Home::with_people();
    let anchors = here.beside("anchors");
    std::fs::write(&anchors, knot.anchors()).unwrap();
    here.configure(&format!(
        "host_name = \"mail.example.org\"\n[dns]\nservers = [\"{}\"]\ntrust_anchors = \"{}\"\n\
         [deliver.hosts]\n\"mx.elsewhere.test\" = \"{their}\"\n\"mx.changed.test\" = \"{their}\"\n",
        knot.address(),
        anchors.display(),
        their = their_server.smtp,
    ));
    let our_server = here.start();
    let alice = our_server.alice();
    let sent = send(&alice, "ana@elsewhere.test", "Proven.\n");
    let recipient = settled(&alice, &sent, "delivered");
    let (security, host) = (&recipient["security"], &recipient["host"]);
    assert_eq!((security, host), (&json!("authenticated"), &json!("mx.elsewhere.test")));
    let report = alice.report(&json!({ "id": sent["messageId"] })).to_string();
    assert!(report.contains("Identity of mx.elsewhere.test proven by its signed DNS (DANE)"), "{report}");

    let sent = send(&alice, "ana@changed.test", "Kept back.\n");
    let recipient = settled(&alice, &sent, "deferred");
    assert_eq!(recipient["cause"], "not-private", "{recipient}");
    let ana = Api::sign_in(their_server.http, "ana@changed.test", PASSWORD);
    assert!(ana.conversations().is_empty());
    our_server.stop();
    their_server.stop();
}

#[test]
fn the_records_of_a_domain_name_the_keys_that_its_mail_is_signed_with() {
    let home = Home::with_people();
    let records = home.done(&["dns", "example.org"], "");
    assert!(records.lines().any(|line| line == "example.org. MX 10 localhost."), "{records}");
    let keys: Vec<&str> =
        records.lines().filter(|line| line.contains("._domainkey.example.org. TXT ")).collect();
    assert_eq!(keys.len(), 2, "{records}");
    assert_eq!(home.done(&["dns", "example.org"], ""), records, "the keys stay");
    let refused = home.refused(&mut home.command(&["dns", "exa mple"]));
    assert!(refused.contains("is no domain name"), "{refused}");
}

#[test]
fn a_server_that_is_killed_while_it_sends_loses_nothing_and_sends_nothing_twice() {
    const MESSAGES: usize = 40;
    let home = Home::with_people();
    let mut server = home.start();
    let mut sent = Vec::new();
    for round in 0..4 {
        let alice = server.alice();
        for number in 0..MESSAGES / 4 {
            sent.push(send(&alice, BOB, &format!("Message {round}-{number}.\n")));
        }
        // In the middle of whatever the queue is doing with them.
        server.kill();
        server = home.start();
    }
    let alice = server.alice();
    for one in &sent {
        settled(&alice, one, "delivered");
    }
    let bob = Api::sign_in(server.http, BOB, PASSWORD);
    let mut texts: Vec<String> = bob
        .messages(json!(["excerpt"]))
        .iter()
        .map(|message| message["excerpt"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(texts.len(), MESSAGES);
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), MESSAGES, "each text once");
    server.stop();
    assert!(home.done(&["verify"], "").contains("80 messages"), "both copies of each");
}
