//! Golden messages of our own making: each `.eml` gives what stands in the `.txt` of the same name.

use caliopen_mime::{parse, part, read};
use caliopen_model::{Body, Participant};
use std::fmt::Write;

/// Everything that is read of a message, in a form for people.
fn describe(raw: &[u8]) -> String {
    let (message, defects) = parse(raw);
    let mut out = String::new();
    let mut line =
        |name: &str, value: &str| writeln!(out, "{name}: {value}").expect("a string takes any text");
    line("id", &format!("{:?}", message.id.map(|id| id.0)));
    line("references", &message.references.iter().map(|id| id.0.clone()).collect::<Vec<_>>().join(" "));
    line("from", &people(&message.from));
    line("reply to", &people(&message.reply_to));
    line("to", &people(&message.to));
    line("cc", &people(&message.cc));
    line("subject", message.subject.as_deref().unwrap_or("(none)"));
    line("sent at", &format!("{:?}", message.sent_at.map(|at| at.unix_ms())));
    line("list", &format!("{:?}", message.list));
    line("automated", &message.automated.to_string());
    line("excerpt", &message.excerpt);
    line("protection", &format!("{:?}", message.protection));
    line("warnings", &format!("{:?}", message.warnings));
    for defect in defects {
        line("defect", &format!("{} ({})", defect.code, defect.detail));
    }
    for file in &message.parts {
        let (_, bytes) = part(raw, file.id).expect("a listed part can be read");
        let name = file.name.as_deref().unwrap_or("(no name)");
        let placed = format!("{:?} {:?}", file.disposition, file.content_id);
        line(
            "part",
            &format!("{} {} {name:?} {} bytes {placed}", file.id.0, file.media_type, file.size_bytes),
        );
        assert_eq!(bytes.len() as u64, file.size_bytes);
    }
    for body in read(raw).bodies {
        match body {
            Body::Text { text, quoted_lines } => line("text", &format!("quoted {quoted_lines:?}\n{text}")),
            Body::Html { safe, text } => {
                let counts = format!("remote {} content ids {:?}", safe.remote_count, safe.content_ids);
                line("html", &format!("{counts}\n{}\ncss:\n{}text:\n{text}", safe.html, safe.css));
            }
        }
    }
    out
}

fn people(people: &[Participant]) -> String {
    let person = |person: &Participant| match &person.name {
        Some(name) => format!("{name} <{}>", person.handle.address()),
        None => person.handle.address().to_owned(),
    };
    people.iter().map(person).collect::<Vec<_>>().join(" | ")
}

macro_rules! golden {
    ($($test:ident: $name:literal,)+) => {$(
        #[test]
        fn $test() {
            let raw = include_bytes!(concat!("fixtures/", $name, ".eml"));
            let found = describe(raw).replace('\r', "");
            assert_eq!(found, include_str!(concat!("fixtures/", $name, ".txt")), "found:\n{found}");
        }
    )+};
}

golden! {
    a_newsletter_in_html_alone: "alternative",
    a_message_that_breaks_the_rules: "broken",
    a_forwarded_message: "forwarded",
    text_in_latin1: "latin1",
    a_mailing_list: "list",
    names_of_files: "names",
    parts_inside_each_other: "nested",
    a_partly_signed_message_is_unsigned: "partly-signed",
    pgp_encrypted: "pgp-encrypted",
    pgp_signed_in_the_text: "pgp-inline",
    pgp_signed: "pgp-signed",
    phishing: "phishing",
    smime_encrypted: "smime",
    headers_in_utf8: "utf8",
}

#[test]
fn a_forwarded_message_is_read_from_its_own_bytes() {
    let raw = include_bytes!("fixtures/forwarded.eml");
    let (message, _) = parse(raw);
    let forwarded = message.parts.first().expect("the forwarded message is a part");
    let (_, bytes) = part(raw, forwarded.id).expect("it can be read");
    let (inner, defects) = parse(&bytes);
    assert_eq!(inner.subject.as_deref(), Some("Plans d'été"));
    assert_eq!(inner.parts.first().and_then(|part| part.name.as_deref()), Some("plan.diff"));
    assert!(defects.is_empty(), "{defects:?}");
}

#[test]
fn headers_are_shown_as_they_stand() {
    let reading = read(include_bytes!("fixtures/list.eml"));
    let names: Vec<&str> = reading.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names.first(), Some(&"Received"));
    assert_eq!(names.len(), 10);
    let subject = reading.headers.iter().find(|(name, _)| name == "Subject");
    assert_eq!(subject.map(|(_, value)| value.as_str()), Some("[list] =?utf-8?q?Id=C3=A9es?="));
}
