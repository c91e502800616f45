//! Golden messages that this room writes: each letter of `letters` gives the `.eml` of its name. What an
//! independent parser says of them stands in `tests/independent.rs`.

mod letters;
mod properties;
mod reports;

use caliopen_mime::{
    Action, BuildError, DeliveryReport, RecipientReport, ReportLetter, build, build_report, delivery_report,
    needs_smtputf8, parse, read,
};
use caliopen_model::{Body, Letter};

fn check(letter: &Letter, expected: &[u8]) {
    let message = build(letter).expect("the letter can be written");
    let found = String::from_utf8_lossy(&message);
    assert_eq!(found, String::from_utf8_lossy(expected), "found:\n{found}");
    assert_eq!(build(letter).expect("again"), message, "the same letter gives the same bytes");
    let (_, defects) = parse(&message);
    assert!(defects.is_empty(), "{defects:?}");
}

macro_rules! golden {
    ($($test:ident: $letter:ident,)+) => {$(
        #[test]
        fn $test() {
            check(&letters::$letter(), include_bytes!(concat!(stringify!($letter), ".eml")));
        }
    )+};
}

golden! {
    a_short_letter: plain,
    accents: french,
    a_subject_of_several_words: long_subject,
    the_end_of_a_long_thread: long_thread,
    files_with_names_of_all_kinds: attachments,
    an_image_in_the_text: inline_image,
    an_address_that_is_not_ascii: international,
}

#[test]
fn a_letter_looks_the_same_when_it_is_read_here() {
    let raw = build(&letters::inline_image()).expect("the letter can be written");
    let reading = read(&raw);
    let Some(Body::Html { safe, text }) = reading.bodies.first() else { unreachable!("it has HTML") };
    assert_eq!(safe.content_ids, ["tree@example.org"]);
    assert!(safe.css.contains("color:green") && safe.html.contains("class=\"m--0\""), "{safe:?}");
    assert_eq!((safe.remote_count, text.trim_end()), (0, "Look: a tree."));
}

#[test]
fn only_an_international_address_needs_smtputf8() {
    let needs = |letter: Letter| needs_smtputf8(&build(&letter).expect("the letter can be written"));
    assert!(needs(letters::international()));
    assert!(!needs(letters::french()) && !needs(letters::attachments()));
    assert!(!needs_smtputf8("Subject: a\r\n\r\n\u{e9}t\u{e9}".as_bytes()));
    let in_a_part = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-ID: <\u{e9}@x>\r\n\r\nx\r\n--b--\r\n";
    assert!(needs_smtputf8(in_a_part.as_bytes()));
}

#[test]
fn a_report_says_what_became_of_each_recipient() {
    let letter = reports::report();
    let message = build_report(&letter).expect("the report can be written");
    let found = String::from_utf8_lossy(&message);
    assert_eq!(found, include_str!("report.eml"), "found:\n{found}");
    assert!(!found.contains("What nobody else shall read"), "only the header is returned");
    let (parsed, defects) = parse(&message);
    assert!(defects.is_empty() && parsed.automated, "{defects:?}");
    assert_eq!(delivery_report(&message), Some(letter.report));
}

#[test]
fn a_report_cannot_be_broken_from_inside() {
    let hostile = "x\r\n\r\nFinal-Recipient: rfc822; eve@example.org\r\n--=_\u{1b}[0m\u{e9}".to_owned();
    let recipient = RecipientReport {
        original_recipient: Some(hostile.clone()),
        final_recipient: format!("{hostile}@x.org"),
        action: Action::Failed,
        status: hostile.clone(),
        remote_host: Some(hostile.clone()),
        said: Some(hostile.repeat(100)),
        retried_until: None,
    };
    let report = DeliveryReport {
        reporting_host: hostile.clone(),
        envelope_id: Some(hostile.clone()),
        arrived_at: None,
        recipients: vec![recipient],
        original_id: Some(letters::id(&hostile)),
    };
    let original = format!("Subject: {}\n\n--{hostile}", "y".repeat(5_000)).into_bytes();
    let letter =
        ReportLetter { report, original, subject: hostile.clone(), text: hostile, ..reports::report() };
    let message = build_report(&letter).expect("the report can be written");
    letters::assert_well_formed(&message, false);
    let (_, defects) = parse(&message);
    assert!(defects.is_empty(), "{defects:?}");
    let read = delivery_report(&message).expect("it is a report");
    assert_eq!(read.recipients.len(), 1);
    assert_eq!(read.recipients.first().map(|recipient| recipient.status.as_str()), Some("5.0.0"));
}

#[test]
fn what_cannot_be_written_is_an_error() {
    let mut letter = letters::plain();
    letter.to.push(letters::anybody("Eve", "eve@example.org>, <mallory@example.org"));
    assert_eq!(build(&letter), Err(BuildError::Address));
    let mut letter = letters::attachments();
    letter.attachments[0].content = vec![0; caliopen_mime::limits::MESSAGE_BYTES_MAX / 4 * 3];
    assert_eq!(build(&letter), Err(BuildError::TooLarge));
    let html = Some("x".repeat(caliopen_mime::limits::HTML_BYTES_MAX + 1));
    assert_eq!(build(&Letter { html, ..letters::plain() }), Err(BuildError::TooLarge));
}
