//! Any letter: what is written is well-formed, and our own parser finds in it what the letter said.

use crate::letters::{anybody, assert_well_formed, id, person, plain};
use caliopen_mime::{BuildError, build, needs_smtputf8, parse, part, read};
use caliopen_model::{Attachment, Body, Letter, Participant, Rfc5322MessageId, Timestamp};
use proptest::prelude::*;

/// Pieces that mean something in a header, to those who write or read one.
const WORDS: &[&str] = &[
    "Ana",
    "é",
    "会議",
    "🎉",
    " ",
    "  ",
    ",",
    ";",
    ":",
    "\"",
    "\\",
    "(",
    ")",
    "<",
    ">",
    "@",
    "=?",
    "?=",
    "=",
    "=?utf-8?q?a?=",
    "=?utf-8?b?6Q==?=",
    "\r\n",
    "\n",
    "\r",
    "\t",
    "\0",
    "\u{1b}",
    "\u{7f}",
    "\u{85}",
    "\u{202E}",
    "\u{200B}",
    "\u{2028}",
    "\r\nBcc: eve@example.org",
    "\r\n\r\n",
    "_",
    ".",
    "'",
    "a-very-long-word-without-any-space",
];
/// Pieces that mean something in a text, to those who break, stuff or encode it.
const TEXT: &[&str] = &[
    "word",
    "é",
    "会議の予定",
    "🎉",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    ">",
    "> ",
    " >",
    ">>",
    "From ",
    "-- ",
    "\n-- \n",
    "--",
    ".",
    "\n.\n",
    "=",
    "=20",
    "\t",
    "\0",
    "\u{1b}",
    "\u{A0}",
    "--=_",
    "a-word-of-some-length ",
    "and a few words of text that fill a line ",
    "https://example.org/a/very/long/link/that/cannot/be/broken/at/all",
];
const HTML: &[&str] = &[
    "<p>",
    "</p>",
    "word ",
    "é",
    "<b style='color:red'>",
    "</b>",
    "<img src='cid:one@x'>",
    "<img src='cid:two@x'>",
    "<img src='https://t.test/x'>",
    "<script>x</script>",
    "<a href='https://x.test/'>",
    "</a>",
    "<br>",
    "\n",
    "<style>p{color:blue;background:url(https://t.test/y)}</style>",
    "From here\n",
    ".\n",
    "&lt;",
    "<blockquote>",
];

fn pieces(of: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(of), 0..most).prop_map(|pieces| pieces.concat())
}

fn people() -> impl Strategy<Value = Vec<Participant>> {
    const ADDRESSES: &[&str] =
        &["ana@example.org", "\"a b\"@example.org", "josé@exämple.org", "a+b@[192.0.2.1]", "x@y"];
    let somebody = (pieces(WORDS, 8), prop::sample::select(ADDRESSES));
    prop::collection::vec(somebody.prop_map(|(name, address)| person(&name, address)), 0..4)
}

fn attachment() -> impl Strategy<Value = Attachment> {
    const TYPES: &[&str] = &[
        "image/png",
        "text/plain",
        "TEXT/HTML",
        "message/rfc822",
        "multipart/mixed",
        "no type",
        "a/b\r\nX: y",
    ];
    let name = prop_oneof![Just(None), "[a-zé会(][a-zA-Z0-9éà会議 _()'-]{0,80}x[.][a-z]{3}".prop_map(Some)];
    let content = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        pieces(TEXT, 20).prop_map(String::into_bytes),
        pieces(TEXT, 20).prop_map(|text| text.replace(['\r', '\0'], "").replace('\n', "\r\n").into_bytes()),
    ];
    let content_id = prop::sample::select([None, Some("one@x"), Some("two@x"), Some("no id")].as_slice());
    (name, prop::sample::select(TYPES), content_id, content).prop_map(|(name, kind, id, content)| {
        Attachment { name, media_type: kind.to_owned(), content_id: id.map(str::to_owned), content }
    })
}

fn ids() -> impl Strategy<Value = Vec<Rfc5322MessageId>> {
    let one = prop_oneof![4 => "[a-z0-9.]{1,40}@[a-z.]{1,30}", 1 => pieces(WORDS, 4)];
    prop::collection::vec(one.prop_map(|text| id(&text)), 0..30)
}

fn letter() -> impl Strategy<Value = Letter> {
    let html = prop::option::of(pieces(HTML, 20));
    let files = prop::collection::vec(attachment(), 0..4);
    let said = (pieces(WORDS, 20), pieces(TEXT, 60), html, files);
    let times = (any::<[u8; 32]>(), 0i64..4_102_444_800_000);
    (people(), people(), ids(), said, times).prop_map(|(to, cc, references, said, times)| {
        let (subject, text, html, attachments) = said;
        let (chance, sent_at) = times;
        let in_reply_to = references.last().cloned();
        let sent_at = Timestamp::from_unix_ms(sent_at);
        Letter {
            to,
            cc,
            references,
            in_reply_to,
            subject,
            text,
            html,
            attachments,
            chance,
            sent_at,
            ..plain()
        }
    })
}

/// What a reader sees of a name or a subject: one line, nothing that hides or turns.
fn one_line(text: &str) -> String {
    let seen = text.replace(['\u{202E}', '\u{200B}'], "");
    let spaced = seen.replace(|c: char| c.is_control(), " ");
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a reader sees of a text: line ends of one kind, quote marks together, nothing at the end of lines.
fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.replace(|c: char| c.is_control() && c != '\n' && c != '\t', "");
    let line = |line: &str| {
        let content = line.trim_start_matches(['>']);
        if content.len() == line.len() {
            return line.trim_end().to_owned();
        }
        // A single space may stand between marks, and after the last.
        let (mut depth, mut rest) = (0, line);
        while let Some(inner) =
            rest.strip_prefix('>').or_else(|| rest.strip_prefix(" >").filter(|_| depth > 0))
        {
            (depth, rest) = (depth + 1, inner);
        }
        let content = rest.strip_prefix(' ').unwrap_or(rest);
        format!("{} {content}", ">".repeat(depth)).trim_end().to_owned()
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

fn assert_people(found: &[Participant], written: &[Participant]) {
    let seen = |person: &Participant| {
        let name = person.name.as_deref().map(one_line).filter(|name| !name.is_empty());
        (name, person.handle.address().to_owned())
    };
    assert_eq!(found.iter().map(seen).collect::<Vec<_>>(), written.iter().map(seen).collect::<Vec<_>>());
}

fn assert_files(raw: &[u8], letter: &Letter) {
    let (message, _) = parse(raw);
    let mut found: Vec<(Option<String>, Vec<u8>)> = message
        .parts
        .iter()
        .map(|file| (file.name.clone(), part(raw, file.id).expect("a listed part can be read").1))
        .collect();
    let mut written: Vec<(Option<String>, Vec<u8>)> = letter
        .attachments
        .iter()
        .map(|file| (file.name.as_deref().map(one_line), file.content.clone()))
        .collect();
    found.sort();
    written.sort();
    // A message without a name is called by its subject.
    let nameless =
        |files: &[(Option<String>, Vec<u8>)]| files.iter().map(|file| file.1.clone()).collect::<Vec<_>>();
    assert_eq!(nameless(&found).len(), nameless(&written).len());
    for (name, content) in &written {
        assert!(
            found.iter().any(|file| file.1 == *content && (name.is_none() || file.0 == *name)),
            "{name:?} {found:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_letter_is_read_as_it_was_written(letter in letter()) {
        let raw = build(&letter).expect("its addresses are valid");
        let everybody = letter.to.iter().chain(&letter.cc);
        let international = everybody.clone().any(|person| !person.handle.address().is_ascii());
        assert_well_formed(&raw, international);
        assert_eq!(needs_smtputf8(&raw), international);
        let (message, defects) = parse(&raw);
        assert!(defects.is_empty(), "{defects:?}\n{}", String::from_utf8_lossy(&raw));
        assert_people(&message.from, std::slice::from_ref(&letter.from));
        assert_people(&message.to, &letter.to);
        assert_people(&message.cc, &letter.cc);
        assert_eq!(message.subject.unwrap_or_default(), one_line(&letter.subject));
        assert_eq!(message.id.as_ref(), Some(&letter.id));
        assert_eq!(message.sent_at.map(|at| at.unix_ms() / 1_000), Some(letter.sent_at.unix_ms() / 1_000));
        assert_files(&raw, &letter);
        let reading = read(&raw);
        assert_eq!(reading.bodies.len(), 1);
        match reading.bodies.first() {
            Some(Body::Text { text, .. }) => assert_eq!(lines(text), lines(&letter.text)),
            Some(Body::Html { safe, text }) => {
                assert_eq!(safe.remote_count, 0, "nothing that is sent is fetched");
                if !lines(&letter.text).is_empty() {
                    assert_eq!(lines(text), lines(&letter.text));
                }
            }
            None => unreachable!("there is one"),
        }
    }

    #[test]
    fn an_address_is_written_whole_or_not_at_all(name in pieces(WORDS, 6), address in pieces(WORDS, 6)) {
        let address = format!("{address}@example.org");
        let letter = Letter { to: vec![anybody(&name, &address)], ..plain() };
        match build(&letter) {
            Err(error) => assert_eq!(error, BuildError::Address),
            Ok(raw) => {
                let (message, defects) = parse(&raw);
                assert!(defects.is_empty(), "{defects:?}");
                assert_eq!(message.to.len(), 1);
                assert_eq!(message.to.first().map(|to| to.handle.address()), Some(address.as_str()));
                assert!(message.cc.is_empty());
            }
        }
    }
}
