//! What real address books write, and what must survive.

#![allow(clippy::panic, clippy::indexing_slicing, clippy::unwrap_used, reason = "a wrong card ends the test")]

use caliopen_cards::{Card, Found, Version, read, write};
use caliopen_model::{CardField, FieldKind, FieldUse};

fn one(bytes: &[u8]) -> Card {
    match read(bytes).found.as_slice() {
        [Found::Card { card, left_out: false }] => card.clone(),
        other => panic!("{other:?}"),
    }
}

fn field(kind: FieldKind, usage: Option<FieldUse>, value: &str) -> CardField {
    CardField { kind, usage, value: value.to_owned() }
}

const FOUR: &str = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ana Martín\r\nN:Martín;Ana;;;\r\n\
    EMAIL;TYPE=work;PREF=1:ana@example.org\r\nEMAIL:mailto:ana@example.net\r\n\
    TEL;VALUE=uri;TYPE=\"voice,cell\":tel:+34-600-000-001\r\nADR;TYPE=home:;;Calle Mayor 1;Madrid;;28013;España\r\n\
    ORG:Museo;Archivo\r\nTITLE:Archivera\r\nBDAY:19850412\r\nURL:https://ana.example.org/\r\nNICKNAME:Anita,Nita\r\n\
    NOTE:Meets on Thursdays\\, at nine\\nand brings cake\r\nX-FAVOURITE;X-LEVEL=3:chocolate\r\n\
    item1.X-ABLABEL:custom\r\nUID:urn:uuid:1\r\nEND:VCARD\r\n";

#[test]
fn a_card_of_today_is_understood() {
    let ana = one(FOUR.as_bytes());
    assert_eq!(ana.name.as_deref(), Some("Ana Martín"));
    assert_eq!(ana.note.as_deref(), Some("Meets on Thursdays, at nine\nand brings cake"));
    assert_eq!(ana.addresses, ["ana@example.org", "ana@example.net"]);
    assert_eq!(
        ana.fields,
        [
            field(FieldKind::Phone, Some(FieldUse::Mobile), "+34-600-000-001"),
            field(FieldKind::Address, Some(FieldUse::Home), "Calle Mayor 1, Madrid, 28013, España"),
            field(FieldKind::Organisation, None, "Museo, Archivo"),
            field(FieldKind::Title, None, "Archivera"),
            field(FieldKind::Birthday, None, "1985-04-12"),
            field(FieldKind::Url, None, "https://ana.example.org/"),
            field(FieldKind::Nickname, None, "Anita, Nita"),
        ]
    );
}

#[test]
fn a_card_of_2_1_with_quoted_printable_and_folds_is_understood() {
    let ana = one(
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Mart=C3=ADn;Ana;;;\r\n\
          TEL;CELL:+34 600 000 001\r\nTEL;WORK;FAX:+34 91 000 000\r\nEMAIL;INTERNET;PREF:ana@example.org\r\n\
          NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:A note that is broken in=\r\n two: caf=C3=A9\r\n\
          ORG:A long\r\n  name\r\nEND:VCARD\r\n",
    );
    assert_eq!(ana.name.as_deref(), Some("Ana Martín"));
    assert!(ana.note.as_deref().is_some_and(|note| note.ends_with("café")), "{:?}", ana.note);
    assert_eq!(ana.addresses, ["ana@example.org"]);
    assert_eq!(ana.fields[0], field(FieldKind::Phone, Some(FieldUse::Mobile), "+34 600 000 001"));
    assert_eq!(ana.fields[1], field(FieldKind::Phone, Some(FieldUse::Fax), "+34 91 000 000"));
    assert_eq!(ana.fields[2], field(FieldKind::Organisation, None, "A long name"));
}

#[test]
fn a_file_in_latin_1_says_what_it_means() {
    assert_eq!(one(b"BEGIN:VCARD\nVERSION:2.1\nFN:Jos\xe9\nEND:VCARD").name.as_deref(), Some("José"));
}

#[test]
fn what_nobody_changed_is_written_as_it_came() {
    let ana = one(FOUR.as_bytes());
    let written = write(&ana, Version::V4);
    for line in [
        "EMAIL;TYPE=WORK;PREF=1:ana@example.org",
        "ADR;TYPE=HOME:;;Calle Mayor 1;Madrid;;28013;España",
        "X-FAVOURITE;X-LEVEL=3:chocolate",
        "item1.X-ABLABEL:custom",
        "UID:urn:uuid:1",
        "BDAY:19850412",
        "N:Martín;Ana;;;",
    ] {
        assert!(
            written.to_lowercase().contains(&format!("{}\r\n", line.to_lowercase())),
            "{line}\n{written}"
        );
    }
    let again = one(written.as_bytes());
    assert_eq!(Card { kept: String::new(), ..again }, Card { kept: String::new(), ..ana });
}

#[test]
fn what_was_changed_is_written_anew_and_the_rest_stays() {
    let mut ana = one(FOUR.as_bytes());
    ana.name = Some("Ana; la del museo".to_owned());
    ana.note = None;
    ana.addresses = vec!["ana@example.net".to_owned(), "new@example.com".to_owned()];
    ana.fields = vec![
        field(FieldKind::Birthday, None, "--04-13"),
        field(FieldKind::Phone, Some(FieldUse::Home), "112"),
    ];
    for version in [Version::V3, Version::V4] {
        let written = write(&ana, version);
        assert!(
            written.contains("chocolate") && !written.contains("cake") && !written.contains("Calle"),
            "{written}"
        );
        let again = one(written.as_bytes());
        assert_eq!(again.name, ana.name);
        assert_eq!(again.note, None);
        assert_eq!(again.addresses, ana.addresses);
        assert_eq!(again.fields, ana.fields, "{written}");
    }
}

#[test]
fn a_person_without_a_card_gets_one_that_both_versions_allow() {
    let card = Card { addresses: vec!["ana@example.org".to_owned()], ..Card::default() };
    assert_eq!(
        write(&card, Version::V4),
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:ana@example.org\r\nEMAIL:ana@example.org\r\nEND:VCARD\r\n"
    );
    assert!(write(&card, Version::V3).contains("\r\nN:;ana@example.org;;;\r\n"));
}

#[test]
fn cards_that_say_nothing_or_too_much_are_named_and_passed_over() {
    let large = format!("BEGIN:VCARD\nFN:L\nNOTE:{}\nEND:VCARD\n", "x".repeat(1_000_001));
    let picture = format!(
        "BEGIN:VCARD\nVERSION:3.0\nFN:P\nPHOTO;ENCODING=b;TYPE=JPEG:{}\nTEL:1\nEND:VCARD\n",
        "QUJD".repeat(120_000)
    );
    let text = format!("BEGIN:VCARD\nVERSION:4.0\nEND:VCARD\n{large}{picture}");
    let reading = read(text.as_bytes());
    assert!(matches!(reading.found[0], Found::Empty));
    assert!(matches!(reading.found[1], Found::TooLarge));
    let Found::Card { card, left_out: true } = &reading.found[2] else { panic!("{:?}", reading.found[2]) };
    assert_eq!((card.name.as_deref(), card.fields.len()), (Some("P"), 1));
    assert!(card.kept.len() < 1_000, "the picture is not kept");
    assert!(read(b"hello").found.is_empty());
}

#[test]
fn a_file_of_too_many_cards_is_cut_and_says_so() {
    let text = "BEGIN:VCARD\nFN:A\nEND:VCARD\n".repeat(caliopen_cards::CARDS_MAX + 1);
    let reading = read(text.as_bytes());
    assert!(reading.is_cut);
    assert_eq!(reading.found.len(), caliopen_cards::CARDS_MAX);
}

#[test]
fn days_are_days() {
    for day in ["1985-04-12", "--04-12", "1985-04", "1985"] {
        assert!(caliopen_cards::is_day(day), "{day}");
    }
    for text in
        ["", "1985-13-01", "1985-04-32", "12.04.1985", "1985-", "--", "soon", "--4-12", "1985-04-12-1"]
    {
        assert!(!caliopen_cards::is_day(text), "{text}");
    }
}
