//! Any bytes are read; what is written is read back as the same person, however often.

#![allow(clippy::panic, reason = "a wrong card ends the test")]

use caliopen_cards::{Card, Found, Version, read, write};
use caliopen_model::{CardField, FieldKind, FieldUse};
use proptest::prelude::*;

fn spoken() -> impl Strategy<Value = String> {
    // No blanks at the ends: vCard does not tell them from folds.
    "[A-Za-zéß;,:\\\\\"'=+()]([A-Za-zéß;,:\\\\\"'=+() ]{0,90}[A-Za-zéß;,:\\\\\"'=+()])?"
}

fn simple() -> impl Strategy<Value = CardField> {
    let kind = prop::sample::select(vec![FieldKind::Phone, FieldKind::Title, FieldKind::Address]);
    let usage = prop::option::of(prop::sample::select(vec![FieldUse::Home, FieldUse::Work, FieldUse::Fax]));
    (kind, usage, "[A-Za-z0-9é +()-]{0,60}[0-9]").prop_map(|(kind, usage, value)| CardField {
        kind,
        usage,
        value: value.trim().to_owned(),
    })
}

fn people() -> impl Strategy<Value = Card> {
    let addresses = prop::collection::btree_set("[a-z]{1,8}@[a-z]{1,8}\\.org", 0..4);
    let fields = prop::collection::btree_set(simple(), 0..5);
    (spoken(), prop::option::of(spoken()), addresses, fields).prop_map(|(name, note, addresses, fields)| {
        Card {
            name: Some(name),
            note,
            addresses: addresses.into_iter().collect(),
            fields: fields.into_iter().collect(),
            kept: String::new(),
        }
    })
}

/// A file made of the words that parsers look for.
fn files() -> impl Strategy<Value = Vec<u8>> {
    let words: Vec<&'static [u8]> = vec![
        b"BEGIN:VCARD",
        b"END:VCARD",
        b"\r\n",
        b"\n",
        b" ",
        b"VERSION:2.1",
        b"VERSION:4.0",
        b"FN",
        b"N",
        b":",
        b";",
        b",",
        b"=",
        b"\\",
        b"\\n",
        b"\"",
        b"ENCODING=QUOTED-PRINTABLE",
        b"ENCODING=b",
        b"=C3=A9",
        b"=\r\n",
        b"QUJD",
        b"TEL;CELL:1",
        b"BDAY:19850412",
        b"PHOTO",
        b"\xff",
        b"\xe9",
        "é".as_bytes(),
        b"X-A;B=C:D",
        b"a.EMAIL:x@y",
        b"ADR:;;a,b;c",
        b"VALUE=uri",
        b"CHARSET=UTF-16",
        b"\0",
    ];
    prop::collection::vec(prop::sample::select(words), 0..80).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn any_bytes_are_read_and_what_is_read_can_be_written(bytes in prop_oneof![files(), prop::collection::vec(any::<u8>(), 0..2_000)]) {
        for found in read(&bytes).found {
            let Found::Card { card, .. } = found else { continue };
            for version in [Version::V3, Version::V4] {
                let written = write(&card, version);
                prop_assert!(matches!(read(written.as_bytes()).found.as_slice(), [Found::Card { .. }]), "{written:?}");
            }
        }
    }

    #[test]
    fn a_person_is_the_same_once_written_and_read(card in people()) {
        for version in [Version::V3, Version::V4] {
            let written = write(&card, version);
            let [Found::Card { card: again, left_out: false }] = &read(written.as_bytes()).found[..] else {
                panic!("one card: {written}");
            };
            prop_assert_eq!(&again.name, &card.name);
            prop_assert_eq!(&again.note, &card.note);
            prop_assert_eq!(&again.addresses, &card.addresses);
            prop_assert_eq!(&again.fields, &card.fields);
            prop_assert_eq!(write(again, version), written);
        }
    }
}
