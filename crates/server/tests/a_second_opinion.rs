//! What Alice sends, in the eyes of a strict server that is not ours: nothing is malformed, nothing is changed.

use crate::support;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use caliopen_testkit::second_opinion::SecondOpinion;
use serde_json::{Value, json};
use std::time::Duration;
use support::{Api, DOMAIN, Home, Stopwatch};

/// How long a message may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
const ANA: &str = "ana@strict.test";

/// A server whose mail for `strict.test` goes to the judge, who knows its keys.
fn home(judge: &SecondOpinion) -> Home {
    let home = Home::with_people();
    let way = format!("host = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n", judge.address().port());
    home.configure(&format!("host_name = \"mail.caliopen.test\"\n[deliver.routes.\"strict.test\"]\n{way}"));
    let records = home.done(&["dns", DOMAIN], "");
    let keys = records.lines().filter(|line| line.contains("._domainkey."));
    let keys: Vec<String> =
        keys.map(|line| line.replacen(" TXT ", " ", 1).replace("\" \"", "").replace('"', "")).collect();
    assert_eq!(keys.len(), 2, "{records}");
    judge.set_keys(&keys.join("\n")).unwrap();
    home
}

/// Sends a letter; what the judge says of it.
fn judged(alice: &Api, judge: &SecondOpinion, letter: Value) -> Value {
    let before = judge.taken().len();
    let sent = alice.send_letter(letter);
    let watch = Stopwatch::start();
    while alice.fates(&sent).iter().any(|fate| fate["state"] != "delivered") {
        assert!(watch.elapsed() < PATIENCE, "{:?} {}", alice.fates(&sent), judge.log());
        std::thread::yield_now();
    }
    let taken = judge.taken();
    assert_eq!(taken.len(), before + 1, "one message, once");
    let message: Value = serde_json::from_str(&taken[before]).unwrap();
    assert_eq!(message["complaints"], json!([]), "{message}");
    assert_eq!(message["goodSignatures"], 2, "{message}");
    message
}

fn person(name: &str, address: &str) -> Value {
    json!({ "name": name, "handle": format!("email:{address}") })
}

/// The text as it was written. A reader of format=flowed joins what was folded, but never behind the line that a
/// signature begins with (RFC 3676 §4.2, §4.3).
fn unfolded(part: &Value) -> String {
    let mut text = String::new();
    for line in part["text"].as_str().unwrap().split("\r\n") {
        let line = line.strip_prefix(' ').unwrap_or(line);
        text.push_str(line);
        if line == "-- " || !line.ends_with(' ') {
            text.push('\n');
        }
    }
    text.trim_end().to_owned()
}

#[test]
fn every_language_and_every_length_of_line_arrives_as_it_was_written() {
    let judge = SecondOpinion::start().unwrap();
    let home = home(&judge);
    let server = home.start();
    let alice = server.alice();
    let texts = [
        "Plain words.".to_owned(),
        "Perché no? Ça va, 日本語, עברית, 👩‍👩‍👧 …\n\n> quoted\n>> twice\n\n-- \nAlice".to_owned(),
        format!("{}\n{}", "wort".repeat(2_000), "some words ".repeat(500).trim_end()),
        ".\n..\n.dot\nFrom the beginning\n\n.\nQUIT".to_owned(),
    ];
    for text in texts {
        let letter = json!({
            "to": [person("Dévi, \"Ana\" <x@y>", ANA)], "cc": [person("日本", "b@strict.test")],
            "subject": format!("Élan {}", "日本語".repeat(60)), "text": text,
        });
        let message = judged(&alice, &judge, letter);
        assert_eq!(unfolded(&message["parts"][0]), text, "{message}");
        assert_eq!(message["to"], json!([ANA, "b@strict.test"]));
        let (to, subject) = (message["headers"]["to"].as_str(), message["headers"]["subject"].as_str());
        assert!(to.unwrap().contains("Dévi, \\\"Ana\\\" <x@y>"), "{to:?}");
        assert_eq!(subject.unwrap(), format!("Élan {}", "日本語".repeat(60)));
    }
    server.stop();
}

#[test]
fn files_arrive_byte_for_byte_under_their_own_names() {
    let judge = SecondOpinion::start().unwrap();
    let home = home(&judge);
    let server = home.start();
    let alice = server.alice();
    let every_byte: Vec<u8> = (0..=255u8).cycle().take(100_000).collect();
    let files: [(&str, &str, &[u8]); 4] = [
        ("Résumé — «élan» 日本.pdf", "application/pdf", &every_byte),
        ("no end of line.txt", "text/plain", b"one\ntwo\r\nthree\rfour"),
        ("nothing", "application/octet-stream", b""),
        ("a; name=x' (1).csv", "text/csv", b".\r\n.\r\n"),
    ];
    let attach = |(name, media_type, content): &(&str, &str, &[u8])| {
        let uploaded = alice.upload(media_type, content).json();
        json!({ "blobId": uploaded["blobId"], "name": name, "type": media_type })
    };
    let letter = json!({
        "to": [person("Ana", ANA)], "subject": "Files", "text": "Four.",
        "html": "<p>Four <b>files</b>.</p>", "attachments": files.iter().map(attach).collect::<Vec<_>>(),
    });
    let message = judged(&alice, &judge, letter);
    let parts = message["parts"].as_array().unwrap();
    assert_eq!(parts.len(), 2 + files.len(), "{message}");
    assert_eq!((&parts[0]["type"], &parts[1]["type"]), (&json!("text/plain"), &json!("text/html")));
    for (part, (name, _, content)) in parts[2..].iter().zip(files) {
        assert_eq!((&part["name"], &part["disposition"]), (&json!(name), &json!("attachment")));
        assert_eq!(BASE64_STANDARD.decode(part["base64"].as_str().unwrap()).unwrap(), content, "{name}");
    }
    server.stop();
}

#[test]
fn an_address_outside_ascii_is_written_to() {
    let judge = SecondOpinion::start().unwrap();
    let home = home(&judge);
    let server = home.start();
    let letter =
        json!({ "to": [person("José", "josé@strict.test")], "subject": "Hola", "text": "¿Qué tal?" });
    let message = judged(&server.alice(), &judge, letter);
    assert_eq!(message["to"], json!(["josé@strict.test"]));
    assert!(message["options"].as_array().unwrap().contains(&json!("SMTPUTF8")), "{message}");
    server.stop();
}
