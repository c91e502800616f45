//! Golden messages that this room writes: each letter of `build/letters.rs` gives the `.eml` of its name, and
//! Python's `email`, which shares no code with us, reads each without a defect.

#[path = "build/letters.rs"]
mod letters;

use caliopen_mime::{build, needs_smtputf8, parse};
use caliopen_model::Letter;

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
            check(&letters::$letter(), include_bytes!(concat!("build/", stringify!($letter), ".eml")));
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
fn only_an_international_address_needs_smtputf8() {
    let needs = |letter: Letter| needs_smtputf8(&build(&letter).expect("the letter can be written"));
    assert!(needs(letters::international()));
    assert!(!needs(letters::french()) && !needs(letters::attachments()));
    assert!(!needs_smtputf8("Subject: a\r\n\r\n\u{e9}t\u{e9}".as_bytes()));
    let in_a_part = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-ID: <\u{e9}@x>\r\n\r\nx\r\n--b--\r\n";
    assert!(needs_smtputf8(in_a_part.as_bytes()));
}
