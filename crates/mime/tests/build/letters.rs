//! The letters whose messages are the golden files of this folder.

use caliopen_model::{
    Attachment, EmailAddress, Handle, Letter, Participant, Protocol, Rfc5322MessageId, Timestamp,
};

/// Somebody, by a valid address.
pub fn person(name: &str, address: &str) -> Participant {
    let address = EmailAddress::parse(address).expect("a valid address");
    Participant { name: (!name.is_empty()).then(|| name.to_owned()), handle: Handle::email(&address) }
}

/// Somebody, by whatever stands for an address.
pub fn anybody(name: &str, address: &str) -> Participant {
    Participant { name: Some(name.to_owned()), handle: Handle::literal(Protocol::Email, address) }
}

/// Fails unless every host takes these bytes: lines of at most 998 that end in CRLF, no other CR or LF, no
/// NUL, and ASCII but for international addresses.
pub fn assert_well_formed(message: &[u8], international: bool) {
    assert!(message.ends_with(b"\r\n"));
    let text = String::from_utf8_lossy(message);
    for line in text.strip_suffix("\r\n").unwrap_or_default().split("\r\n") {
        assert!(line.len() <= 998 && !line.contains(['\r', '\n', '\0']), "{line:?}");
    }
    let header_end = message.windows(4).position(|four| four == b"\r\n\r\n").expect("a header ends");
    let ascii_from = if international { header_end } else { 0 };
    assert!(message.iter().skip(ascii_from).all(u8::is_ascii), "{text}");
}

/// An id of a message.
pub fn id(id: &str) -> Rfc5322MessageId {
    Rfc5322MessageId(id.to_owned())
}

/// A short letter from Ana to Bo.
pub fn plain() -> Letter {
    Letter {
        id: id("f81d4fae7dec11d0a76500a0c91e6bf6@example.org"),
        sent_at: Timestamp::from_unix_ms(1_700_000_000_123),
        from: person("Ana Example", "ana@example.org"),
        to: vec![person("", "bo@example.net")],
        cc: Vec::new(),
        subject: "The garden".to_owned(),
        in_reply_to: None,
        references: Vec::new(),
        text: "Hello Bo,\n\nthe garden is green.\nFrom here you see it all. The apples are early this year, and we \
               shall have more of them than we can eat before the winter.\n\n-- \nAna\n"
            .to_owned(),
        html: None,
        attachments: Vec::new(),
        chance: *b"\x01\x23\x45\x67\x89\xab\xcd\xef0123456789abcdef01234567",
    }
}

/// Accents in names, subject and text.
pub fn french() -> Letter {
    Letter {
        from: person("Amélie Été", "amelie@example.org"),
        to: vec![person("Benoît, du jardin", "benoit@example.net"), person("Zoé", "zoe@example.net")],
        cc: vec![person("Service \"Vélos\"", "velos@example.com")],
        subject: "Réunion d'été : à bientôt".to_owned(),
        text: "Chère équipe,\n\nnous nous retrouverons à l'ombre du grand chêne, à côté de la rivière, dès que \
               l'été sera là. Apportez vos idées, et de quoi boire.\n\n> Où ça ?\n> Et quand exactement, puisque \
               personne n'est là avant le quinze du mois, sauf erreur de ma part ?\n\nLe vingt.\n\n-- \nAmélie"
            .to_owned(),
        ..plain()
    }
}

/// A subject that takes several encoded words.
pub fn long_subject() -> Letter {
    let subject = "🎉 Fête du village 🎉 le programme complet des réjouissances, des concerts 🎶 et du grand \
                   bal 💃🕺 de samedi soir";
    Letter { subject: subject.to_owned(), ..plain() }
}

/// The forty-first message of a thread.
pub fn long_thread() -> Letter {
    let references: Vec<Rfc5322MessageId> = (1..=40)
        .map(|number| id(&format!("message-{number:02}.of.a.long.thread@lists.example.org")))
        .collect();
    Letter {
        subject: "Re: The garden".to_owned(),
        in_reply_to: references.last().cloned(),
        references,
        ..plain()
    }
}

/// Two files with Japanese names, one with a French one, and an attached message.
pub fn attachments() -> Letter {
    let file = |name: &str, media_type: &str, content: &[u8]| Attachment {
        name: Some(name.to_owned()),
        media_type: media_type.to_owned(),
        content_id: None,
        content: content.to_vec(),
    };
    let long_name = "二〇二三年十一月の会議で話し合ったことのまとめと次の会議の予定.pdf";
    Letter {
        attachments: vec![
            file("会議.txt", "text/plain", "議事録\n".as_bytes()),
            file(long_name, "application/pdf", b"%PDF-1.4\nnot really"),
            file("budget \"final\" (été).csv", "text/csv", b"a;b\r\n1;2\r\n"),
            file("forwarded.eml", "message/rfc822", b"Subject: inner\r\n\r\nHello.\r\n"),
            file("bytes", "not a type", &(0..=255).collect::<Vec<u8>>()),
        ],
        ..plain()
    }
}

/// HTML that shows an image, beside a file.
pub fn inline_image() -> Letter {
    let image = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;".to_vec();
    Letter {
        text: "Look: a tree.".to_owned(),
        html: Some(
            "<p>Look: <b style=\"color:green\">a tree</b>.</p><img src=\"cid:tree@example.org\" alt=\"A tree\">\
             <img src=\"https://tracker.example/pixel.gif\" alt=\"\"><script>alert(1)</script>\
             <p onclick=\"x()\"><a href=\"https://example.org/\">More</a></p>"
                .to_owned(),
        ),
        attachments: vec![
            Attachment {
                name: Some("tree.gif".to_owned()),
                media_type: "image/gif".to_owned(),
                content_id: Some("tree@example.org".to_owned()),
                content: image,
            },
            Attachment {
                name: Some("notes.txt".to_owned()),
                media_type: "text/plain".to_owned(),
                content_id: None,
                content: b"caf\xe9".to_vec(),
            },
        ],
        ..plain()
    }
}

/// An address that is not ASCII.
pub fn international() -> Letter {
    Letter { to: vec![person("José", "josé@exämple.org"), person("", "bo@example.net")], ..plain() }
}
