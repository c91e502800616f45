//! What strangers may send: messages that a reader may fall over, and messages beyond a limit.

use super::ALICE;

pub const KIB: usize = 1024;
pub const MIB: usize = 1024 * KIB;

const TOO_LARGE: &str = "552 5.3.4";
const BAD_CONTENT: &str = "554 5.6.0";
const LOOP: &str = "554 5.4.6";

const MIXED: &str = "multipart/mixed; boundary=b";

/// A message, and what it is.
pub type Named = (&'static str, Vec<u8>);

/// Messages that must be taken and kept as they are.
pub fn readable() -> Vec<Named> {
    [of_noise(), of_parts(), of_codes(), of_html(), of_headers()].concat()
}

/// Messages beyond a limit, with what must be said to them.
pub fn refused() -> Vec<(Named, &'static str)> {
    let long_fields = format!("X-Long: {}\r\n", "and longer ".repeat(100)).repeat(300);
    let hidden = message("Subject: x", "a\n.\nMAIL FROM:<ghost@elsewhere.test>");
    vec![
        (("a line of 8 MiB in the head", message(&"x".repeat(8 * MIB), "x")), TOO_LARGE),
        (("a head of 300 KiB", message(&long_fields, "x")), TOO_LARGE),
        (("2,000 fields", message(&"X: y\r\n".repeat(2_000), "x")), BAD_CONTENT),
        (("a loop", message(&"Received: from a by b\r\n".repeat(101), "x")), LOOP),
        (("a bare LF", b"Subject: x\n\nbody\r\n".to_vec()), BAD_CONTENT),
        (("a bare CR", message("Subject: x", "a\rb")), BAD_CONTENT),
        (("a hidden end", hidden), BAD_CONTENT),
        (("raw noise", noise(9, 100 * KIB)), BAD_CONTENT),
        (("more than the largest message", message("Subject: large", vec![b'x'; 51 * MIB])), TOO_LARGE),
    ]
}

/// Bytes without an order that could be guessed (xorshift64, Marsaglia).
pub fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..length).map(|_| next()).collect()
}

/// Noise in lines that a mail server takes.
fn noise_in_lines(seed: u64, length: usize) -> Vec<u8> {
    let bytes: Vec<u8> = noise(seed, length).into_iter().filter(|byte| !b"\r\n".contains(byte)).collect();
    bytes.chunks(200).flat_map(|line| [line, b"\r\n"].concat()).collect()
}

fn message(head: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let start = format!("From: Ana <ana@elsewhere.test>\r\nTo: {ALICE}\r\n{head}\r\n\r\n");
    [start.as_bytes(), body.as_ref(), b"\r\n"].concat()
}

fn typed(media_type: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    message(&format!("Content-Type: {media_type}"), body)
}

fn encoded(encoding: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    message(&format!("Content-Transfer-Encoding: {encoding}"), body)
}

fn of_noise() -> Vec<Named> {
    vec![
        ("noise", noise_in_lines(1, 100 * KIB)),
        ("noise behind a head", message("Subject: noise", noise_in_lines(2, 2 * MIB))),
        ("20 MiB of noise", message("Subject: large", noise_in_lines(3, 20 * MIB))),
        ("zeros", message("Subject: \0\0", vec![0; 100 * KIB])),
        ("nothing but a line end", b"\r\n".to_vec()),
        ("a head alone", b"Subject: no body\r\n".to_vec()),
        ("no head", b"\r\nText alone.\r\n".to_vec()),
        ("no line end at the end", b"Subject: cut\r\n\r\noff".to_vec()),
        ("one line without an end", message("Subject: long", vec![b'x'; 5 * MIB])),
        ("quotes in quotes", message("Subject: deep", format!("{}x\r\n", ">".repeat(900)).repeat(500))),
    ]
}

fn of_parts() -> Vec<Named> {
    let inner =
        |level| format!("--b{level}\r\nContent-Type: multipart/mixed; boundary=b{}\r\n\r\n", level + 1);
    let nested: String = (0..100_000).map(inner).collect();
    let own_child = format!("--b\r\nContent-Type: {MIXED}\r\n\r\n").repeat(20_000);
    let messages = "Content-Type: message/rfc822\r\n\r\n".repeat(50_000);
    vec![
        ("100,000 parts in each other", typed("multipart/mixed; boundary=b0", nested)),
        ("100,000 parts in a row", typed(MIXED, "--b\r\n\r\nx\r\n".repeat(100_000))),
        ("a boundary that is never used", typed(MIXED, "--z\r\n".repeat(10_000))),
        ("a boundary that is its own child", typed(MIXED, own_child)),
        ("messages in messages", typed("message/rfc822", messages)),
    ]
}

fn of_codes() -> Vec<Named> {
    let text = noise_in_lines(7, 4_000);
    let shifts = "\u{1b}$B\u{1b}(J".repeat(10_000);
    vec![
        ("an unknown charset", typed("text/plain; charset=x-nothing", &text)),
        ("wide text of an odd length", typed("text/plain; charset=utf-16", &text)),
        ("shifts without an end", typed("text/plain; charset=iso-2022-jp", shifts)),
        ("base64 that is none", encoded("base64", noise_in_lines(4, 100 * KIB))),
        ("quoting without an end", encoded("quoted-printable", "=\r\n=A=\r\n".repeat(20_000))),
        ("an encoding that nobody knows", encoded("x-nothing", &text)),
    ]
}

fn of_html() -> Vec<Named> {
    let html = |text: String| typed("text/html; charset=utf-8", text);
    vec![
        ("elements in each other", html("<div><b><table><tr><td>".repeat(40_000))),
        ("an attribute without an end", html(format!("<p style=\"{}", "color:red;".repeat(100_000)))),
        ("styles in each other", html(format!("<style>{}</style>", "@media x{a{".repeat(50_000)))),
        ("entities without an end", html("&#x10ffff;&amp&lt&#99999999999;".repeat(20_000))),
        ("20,000 pictures", html("<img src=https://tracker.test/x.gif width=1e999>".repeat(20_000))),
    ]
}

fn of_headers() -> Vec<Named> {
    let words = "Subject: =?utf-8?B?////?= =?x?Q?=ZZ?= =?utf-8?Q?=\r\n".repeat(200);
    let pieces: String = (0..1_000).map(|piece| format!(";\r\n name*{piece}*=%FF%")).collect();
    let addresses = vec!["\"a b\" <a.long.name@a.long.domain.test>"; 5_000].join(",\r\n ");
    let groups = format!("Cc: {}{}", "(".repeat(20_000), "g: <<@,;:".repeat(10_000));
    let signatures = b"DKIM-Signature: v=1; d=..; h=::::; b=!\r\n".repeat(100);
    vec![
        ("colons", message(&": :: : \r\n: ".repeat(100), "x")),
        ("words that do not decode", message(&words, "x")),
        ("a name in a thousand pieces", typed(&format!("text/plain{pieces}"), "x")),
        ("a giant list of addresses", message(&format!("Cc: {addresses}"), "x")),
        ("groups and comments", message(&groups, "x")),
        ("signatures of noise", [signatures, message("Subject: signed", "x")].concat()),
    ]
}
