//! Alice writes to hosts that misbehave, all at once: each gets one clear outcome, and nobody else waits for it.

use crate::support;
use caliopen_testkit::postfix::{Postfix, PostfixOptions, Starttls};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use serde_json::{Value, json};
use std::time::Duration;
use support::caliopen::Caliopen;
use support::script::{Act, Script, usual};
use support::{Api, BOB, Home, Stopwatch};

/// How long a message may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server with a route for each of these domains: its port, and how the channel to it is protected.
fn start(home: &Home, routes: &[(&str, u16, &str)]) -> Caliopen {
    let mut text = "host_name = \"mail.caliopen.test\"\n[dns]\nservers = [\"127.0.0.1:9\"]\n".to_owned();
    for (domain, port, tls) in routes {
        let way = format!("host = \"127.0.0.1\"\nport = {port}\ntls = \"{tls}\"\n");
        text.push_str(&format!("[deliver.routes.\"{domain}\"]\n{way}"));
    }
    home.configure(&text);
    home.start()
}

fn send(alice: &Api, to: &str) -> Value {
    alice.send_letter(json!({
        "to": [{ "name": null, "handle": format!("email:{to}") }], "subject": "Hello", "text": "Is anybody there?",
    }))
}

/// The only recipient, once it was tried.
fn tried(alice: &Api, sent: &Value) -> Value {
    let watch = Stopwatch::start();
    loop {
        let recipient = alice.fates(sent).remove(0);
        if recipient["attempts"] != 0 && recipient["state"] != "waiting" {
            return recipient;
        }
        assert!(watch.elapsed() < PATIENCE, "{recipient}");
        std::thread::yield_now();
    }
}

/// What became of it, and why.
fn check(recipient: &Value, state: &str, cause: Option<&str>) {
    assert_eq!((&recipient["state"], &recipient["cause"]), (&json!(state), &json!(cause)), "{recipient}");
    // Whatever is not over is tried again, and says when.
    assert_eq!(recipient["nextTryAt"].is_string(), state == "deferred", "{recipient}");
}

#[test]
fn each_bad_peer_has_one_clear_outcome_and_holds_nobody_else() {
    let silent = Script::misbehaves_at("", Act::Silence);
    let flood = Script::misbehaves_at("EHLO", Act::Flood("250-hello"));
    let leaves = Script::misbehaves_at(".", Act::Last("250 2.0.0 Taken"));
    let torn = Script::misbehaves_at(".", Act::Close);
    let closing = Script::misbehaves_at("RCPT", Act::Last("421 4.3.2 Shutting down"));
    let no_tls = Script::start(|line| match line {
        "STARTTLS" => Act::Say("454 4.7.0 TLS not available"),
        line if line.starts_with("EHLO") => Act::Say("250-mx.there.test\r\n250 STARTTLS"),
        line => usual(line),
    });
    let peers = [&silent, &flood, &leaves, &torn, &closing, &no_tls];
    let names = ["silent.test", "flood.test", "leaves.test", "torn.test", "closing.test", "no-tls.test"];
    let routes: Vec<_> =
        names.iter().zip(peers).map(|(name, peer)| (*name, peer.port(), "offered")).collect();
    let home = Home::with_people();
    let server = start(&home, &routes);
    let alice = server.alice();
    let sent: Vec<Value> = names.iter().map(|name| send(&alice, &format!("ana@{name}"))).collect();
    let inside = send(&alice, BOB);
    check(&tried(&alice, &inside), "delivered", None);
    let expected = [
        ("deferred", Some("garbled")),
        ("delivered", None),
        ("deferred", Some("answer-lost")),
        ("deferred", Some("busy")),
        ("deferred", Some("not-private")),
    ];
    for (sent, (state, cause)) in sent[1..].iter().zip(expected) {
        check(&tried(&alice, sent), state, cause);
    }
    // The greeting of the silent one is waited for still: five minutes (RFC 5321 §4.5.3.2.1).
    assert_eq!(alice.fates(&sent[0])[0]["state"], "waiting");
    assert_eq!((silent.heard(""), no_tls.heard("MAIL")), (1, 0));
    assert_eq!((leaves.heard("."), torn.heard(".")), (1, 1), "nothing is sent twice");
    let waiting = home.done(&["queue"], "");
    let line = |start: &str| waiting.lines().find(|line| line.starts_with(start)).map(str::to_owned);
    assert_eq!(line("waiting").as_deref(), Some("waiting: messages 5, reports 0"), "{waiting}");
    let torn = line("torn.test").unwrap();
    assert!(torn.starts_with("torn.test: recipients 1, its answer was lost, next try in "), "{waiting}");
    assert!(!waiting.contains("ana@"), "{waiting}");
    assert!(server.memory_bytes_most() < 200 << 20, "{}", server.memory_bytes_most());
    server.stop();
}

/// A Postfix that offers TLS with a certificate that nobody signed, for another name.
fn postfix(home: &Home) -> Postfix {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(vec!["somebody.else.test".to_owned()]).unwrap();
    let (chain, key) = (home.beside("chain.pem"), home.beside("key.pem"));
    std::fs::write(&chain, cert.pem()).unwrap();
    std::fs::write(&key, signing_key.serialize_pem()).unwrap();
    let options = PostfixOptions {
        host_name: "mx.there.test".to_owned(),
        routes: Vec::new(),
        starttls: Starttls::Never,
    };
    let tls = format!(
        "relay_domains = loose.test strict.test\ntransport_maps = static:discard\nsmtpd_tls_security_level = may\n\
         smtpd_tls_cert_file = {}\nsmtpd_tls_key_file = {}\n",
        chain.display(),
        key.display()
    );
    Postfix::start_with(&options, &tls).unwrap()
}

#[test]
fn a_broken_certificate_is_told_by_the_index_and_stops_where_a_right_one_was_asked_for() {
    let home = Home::with_people();
    let postfix = postfix(&home);
    let port = postfix.address().port();
    let server = start(&home, &[("loose.test", port, "offered"), ("strict.test", port, "verified")]);
    let alice = server.alice();
    let (loose, strict) = (send(&alice, "ana@loose.test"), send(&alice, "ana@strict.test"));
    let recipient = tried(&alice, &loose);
    check(&recipient, "delivered", None);
    let (security, version) = (&recipient["security"], &recipient["tls"]["version"]);
    assert_eq!((security, version), (&json!("opportunistic"), &json!("TLSv1.3")));
    assert_eq!(recipient["certificate"]["standing"], json!("unknown-authority"));
    let message = loose.as_str().unwrap().replacen('q', "m", 1);
    let report = alice.report(&json!({ "id": message }));
    // Encrypted, to whoever answered: in transit, and no better.
    assert_eq!(
        (&report["levelWord"], &report["cap"]["limit"]),
        (&json!("In transit"), &json!(12)),
        "{report}"
    );
    let recipient = tried(&alice, &strict);
    check(&recipient, "deferred", Some("not-private"));
    assert!(!postfix.log().contains("to=<ana@strict.test>"), "{}", postfix.log());
    server.stop();
}
