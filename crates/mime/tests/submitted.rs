//! Any message of a program: what leaves has one author for every reader, hides nobody, and keeps its body.

use caliopen_mime::{complete, parse};
use caliopen_model::Timestamp;
use proptest::prelude::*;

/// Pieces that mean something to those who read a header.
const PIECES: &[&str] = &[
    "From: ",
    "from : ",
    "From:",
    "Sender: ",
    "Resent-From: ",
    "Bcc: eve@example.org\r\n",
    "BCC :\r\n eve@example.org\r\n",
    "Subject: x\r\n",
    "ana@example.org",
    "<bob@example.org>",
    "Ana ",
    "\"",
    "(",
    ")",
    "<",
    ">",
    ",",
    ";",
    ":",
    " ",
    "\t",
    "\r\n ",
    "\r\n",
    "\r",
    "\n",
    "\0",
    "=?utf-8?q?=3Ceve=40x=3E?=",
    "\u{e9}",
    "\u{202E}",
    "\\",
    "body",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_leaves_is_from_whom_was_checked(
        beginning in prop::sample::select(vec!["", "From: ana@example.org\r\n", "From: Ana <ana@example.org>\r\n"]),
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..20),
        body in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let header = format!("{beginning}{}\r\n", pieces.concat());
        let raw = [header.as_bytes(), b"\r\n", &body].concat();
        let Ok(done) = complete(&raw, "new", Timestamp::from_unix_ms(0)) else { return Ok(()) };
        prop_assert!(done.raw.ends_with(&body));
        let (message, _) = parse(&done.raw);
        prop_assert_eq!(message.from.len(), 1);
        prop_assert_eq!(&message.from[0].handle, &done.from.handle);
        let header_end = done.raw.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("an empty line");
        let lines = done.raw[..header_end].split(|byte| *byte == b'\n');
        prop_assert!(!lines.into_iter().any(|line| line.to_ascii_lowercase().starts_with(b"bcc")));
        let again = complete(&done.raw, "new", Timestamp::from_unix_ms(1)).expect("what leaves can leave");
        prop_assert_eq!(again.from.handle, done.from.handle);
    }
}
