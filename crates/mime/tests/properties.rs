//! Any bytes, and mutations of the golden messages: nothing panics, everything is bounded, and what comes
//! out of the sanitiser is safe and stays as it is. A fuzzer would drive the same entry points.

mod judge;

use caliopen_mime::{delivery_report, limits, linkify, needs_smtputf8, parse, part, read, safe_html};
use caliopen_model::{Body, PartId};
use judge::{assert_safe, assert_sent_safe, sent};
use proptest::prelude::*;

const FIXTURES: &[&[u8]] = &[
    include_bytes!("fixtures/alternative.eml"),
    include_bytes!("fixtures/forwarded.eml"),
    include_bytes!("fixtures/latin1.eml"),
    include_bytes!("fixtures/list.eml"),
    include_bytes!("fixtures/names.eml"),
    include_bytes!("fixtures/nested.eml"),
    include_bytes!("fixtures/pgp-encrypted.eml"),
    include_bytes!("fixtures/pgp-inline.eml"),
    include_bytes!("fixtures/pgp-signed.eml"),
    include_bytes!("fixtures/smime.eml"),
    include_bytes!("fixtures/utf8.eml"),
    include_bytes!("build/report.eml"),
    include_bytes!("build/inline_image.eml"),
];

/// Pieces that mean something to a parser of messages.
const MESSAGE_PIECES: &[&str] = &[
    "From: ",
    "To: ",
    "Subject: ",
    "Content-Type: multipart/mixed; boundary=b\r\n",
    "Content-Type: text/html\r\n",
    "Content-Type: multipart/alternative; boundary=\"b b\"\r\n",
    "Content-Type: message/rfc822\r\n",
    "Content-Transfer-Encoding: base64\r\n",
    "Content-Transfer-Encoding: quoted-printable\r\n",
    "\r\n",
    "\n",
    "\r",
    "\r\n\r\n",
    "--b\r\n",
    "--b--\r\n",
    "--b b\r\n",
    "=?utf-8?q?",
    "=?iso-8859-1?b?6Q==?=",
    "?=",
    "<",
    ">",
    "@",
    "\"",
    "(",
    ")",
    ",",
    ";",
    ":",
    "\\",
    " ",
    "\t",
    "a",
    "é",
    "\u{202E}",
    "\0",
    "=C3=A9",
    "=",
    "filename*0*=utf-8''%e2",
    "Content-Disposition: attachment; ",
    "Message-ID: <a@b>\r\n",
    "References: ",
    "Date: Mon, 1 Jan 2024 00:00:00 +0000\r\n",
    "> quoted\r\n",
    "On Mon, a@b.c wrote:\r\n",
    "-- \r\n",
    "-----BEGIN PGP MESSAGE-----\r\n",
    "<p>",
    "charset=utf-7",
    "Content-Type: message/delivery-status\r\n\r\n",
    "Final-Recipient: utf-8; a\\x{E9}@b\r\n",
    "Action: failed\r\n",
    "Status: 5.1.1\r\n",
];

/// Pieces that mean something to a parser of HTML or CSS.
const HTML_PIECES: &[&str] = &[
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<b>",
    "</b>",
    "<a href=\"https://a.test/\">",
    "</a>",
    "<table>",
    "</table>",
    "<tr>",
    "<td>",
    "</td>",
    "</tr>",
    "<tbody>",
    "<caption>",
    "<li>",
    "<ul>",
    "</ul>",
    "<dl>",
    "<dt>",
    "<dd>",
    "<h1>",
    "</h1>",
    "<font color=red>",
    "</font>",
    "<i>",
    "</i>",
    "<pre>",
    "\n",
    "</pre>",
    "<img src=cid:a>",
    "<img src=http://a.test/x>",
    "<br>",
    "<hr>",
    "<center>",
    "<style>",
    "</style>",
    "<svg>",
    "</svg>",
    "<math>",
    "<mtext>",
    "<mglyph>",
    "<title>",
    "</title>",
    "<template>",
    "<select>",
    "<option>",
    "<form>",
    "</form>",
    "<noscript>",
    "</noscript>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<textarea>",
    "<p style=\"",
    "\">",
    "'",
    "\"",
    ">",
    "<",
    "&",
    "&lt;",
    "&#x3c;",
    "&quot;",
    "a.test",
    "x",
    " ",
    "url(",
    ")",
    "{",
    "}",
    "color:red",
    ";",
    "@import ",
    "@media all{",
    "\\75rl(",
    "/*",
    "*/",
    "p",
    ".a",
    "expression(",
    "<details open>",
    "<ruby>",
    "<rt>",
    "<summary>",
    "<blockquote>",
    "</blockquote>",
    "<a>",
    "<span class=a id=b>",
    "</span>",
    "<body>",
    "<col>",
    "<colgroup>",
    "<th>",
    "<u>",
    "<nobr>",
    "<big>",
    "\0",
    "é",
    "<iframe srcdoc='",
    "<plaintext>",
    "<dialog>",
];

fn pieces(of: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(of), 0..most).prop_map(|pieces| pieces.concat())
}

/// A golden message that was cut, spliced with another, and had bytes changed.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let index = any::<prop::sample::Index>;
    let message = || prop::sample::select(FIXTURES);
    let changes = prop::collection::vec((index(), any::<u8>()), 0..8);
    (message(), message(), index(), index(), any::<bool>(), changes).prop_map(
        |(first, second, cut, from, splice, changes)| {
            let kept = cut.index(first.len()) + 1;
            let skipped = if splice { from.index(second.len()) } else { second.len() };
            let mut raw: Vec<u8> =
                first.iter().take(kept).chain(second.iter().skip(skipped)).copied().collect();
            for (at, byte) in changes {
                let at = at.index(raw.len());
                raw.splice(at..=at, [byte]);
            }
            raw
        },
    )
}

/// Everything that this room promises of any bytes.
fn check_message(raw: &[u8]) {
    let (message, defects) = parse(raw);
    assert_eq!((&message, &defects), (&parse(raw).0, &parse(raw).1), "the same bytes are read the same way");
    assert!(!defects.iter().any(|defect| defect.code == "parser-panic"), "the vendor's parser panicked");
    assert!(message.excerpt.chars().count() <= limits::EXCERPT_CHARS_MAX && !message.excerpt.contains('\n'));
    assert!(message.references.len() <= limits::REFERENCES_MAX && message.parts.len() <= limits::PARTS_MAX);
    assert!(message.from.len().max(message.to.len()) <= limits::ADDRESSES_MAX);
    for file in &message.parts {
        let name = file.name.as_deref().unwrap_or("a");
        assert!(!name.is_empty() && name.chars().count() <= limits::FILE_NAME_CHARS_MAX);
        assert!(!name.contains(['/', '\\', '\u{202E}']) && !name.chars().any(char::is_control), "{name:?}");
        let (again, bytes) = part(raw, file.id).expect("a part that is listed can be read");
        assert_eq!((&again, bytes.len() as u64), (file, file.size_bytes));
        assert!(bytes.len() <= raw.len());
    }
    let reading = read(raw);
    assert!(reading.bodies.len() <= limits::BODIES_MAX && reading.headers.len() <= limits::HEADER_FIELDS_MAX);
    for body in reading.bodies {
        match body {
            Body::Text { text, quoted_lines } => check_quotes(&text, &quoted_lines),
            Body::Html { safe, .. } => assert_safe(&safe, &String::from_utf8_lossy(raw)),
        }
    }
    assert!(part(raw, PartId(u32::MAX)).is_none());
    if let Some(report) = delivery_report(raw) {
        assert!((1..=limits::ADDRESSES_MAX).contains(&report.recipients.len()));
        let said = |text: &Option<String>| text.as_deref().unwrap_or("a").chars().any(char::is_control);
        assert!(
            !report.recipients.iter().any(|recipient| said(&recipient.said) || said(&recipient.remote_host))
        );
    }
    assert!(!needs_smtputf8(raw) || !raw.is_ascii());
}

fn check_quotes(text: &str, quoted: &[(u32, u32)]) {
    let mut floor = 0;
    for (start, end) in quoted {
        assert!(
            floor <= *start && start < end && *end as usize <= text.lines().count(),
            "{quoted:?} {text:?}"
        );
        floor = *end;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_a_message(raw in prop::collection::vec(any::<u8>(), 0..2_000)) {
        check_message(&raw);
    }

    #[test]
    fn any_pieces_are_a_message(text in pieces(MESSAGE_PIECES, 60)) {
        check_message(text.as_bytes());
    }

    #[test]
    fn mutations_are_messages(raw in mutated()) {
        check_message(&raw);
    }

    #[test]
    fn any_text_is_made_safe(html in "\\PC{0,300}") {
        assert_safe(&safe_html(&html), &html);
    }

    #[test]
    fn any_pieces_are_made_safe_once(html in pieces(HTML_PIECES, 40)) {
        let once = safe_html(&html);
        assert_safe(&once, &html);
        let twice = safe_html(&once.html);
        prop_assert_eq!(&once.html, &twice.html, "{:?}", html);
        prop_assert_eq!(twice.css, "");
        assert_sent_safe(&sent(&html), &html);
    }

    #[test]
    fn any_style_sheet_is_made_safe(css in pieces(HTML_PIECES, 40), text in "[ -~]{0,60}") {
        let html = format!("<style>{css}{text}</style><p style='{text}'>");
        assert_safe(&safe_html(&html), &html);
    }

    #[test]
    fn links_are_the_text(text in "(\\PC{0,20}|https?://[a-z.@)(]{0,12}|www\\.[a-z.]{0,9}| ){0,12}") {
        let spans = linkify(&text);
        prop_assert_eq!(spans.iter().map(|span| span.text.as_str()).collect::<String>(), text);
        for target in spans.into_iter().filter_map(|span| span.target) {
            let schemes = ["http://", "https://", "mailto:"];
            prop_assert!(schemes.iter().any(|scheme| target.starts_with(scheme)), "{}", target);
        }
    }
}
