//! Where a message ends: the dots of DATA (RFC 5321 §4.5.2), judged by a reading of the rule that is written here anew.
#![no_main]

use caliopen_fuzz::Connection;
use caliopen_smtp::Dialect;
use libfuzzer_sys::fuzz_target;

const BEGIN: &[u8] = b"EHLO a.test\r\nMAIL FROM:<>\r\nRCPT TO:<bob@here.test>\r\nDATA\r\n";

fuzz_target!(|input: &[u8]| {
    let Some((how, content)) = input.split_first() else { return };
    let mut connection = Connection::open(Dialect::Smtp);
    connection.read(BEGIN);
    content.chunks(usize::from(*how) + 1).for_each(|bytes| connection.read(bytes));
    if let Some(message) = connection.delivered.first() {
        assert_eq!(Some(message), expected(content).as_ref());
    }
});

/// The lines before the first that is a dot alone, each without the dot that was put before it. Nothing when a CR or
/// an LF stands alone among them.
fn expected(mut content: &[u8]) -> Option<Vec<u8>> {
    let mut message = Vec::new();
    loop {
        let end = content.windows(2).position(|pair| pair == b"\r\n")?;
        let (line, rest) = (&content[..end], &content[end + 2..]);
        if line == b"." {
            return Some(message);
        }
        if line.contains(&b'\r') || line.contains(&b'\n') {
            return None;
        }
        message.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
        message.extend_from_slice(b"\r\n");
        content = rest;
    }
}
