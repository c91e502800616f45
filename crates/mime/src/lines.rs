//! Line ends and stray bytes of the whole message (RFC 5322 §2.1, §2.3): one pass, findings as defects.

use crate::{defects::Defects, limits::LINE_BYTES_MAX};

/// Counts what RFC 5322 forbids: bare CR, bare LF, NUL, lines over 998 bytes.
pub(crate) fn inspect(raw: &[u8], defects: &mut Defects) {
    let (mut bare_cr, mut bare_lf, mut nul, mut long) = (0u64, 0u64, 0u64, 0u64);
    for line in raw.split_inclusive(|&byte| byte == b'\n') {
        let content = line.strip_suffix(b"\n").unwrap_or(line);
        let ended_by_crlf = content.len() < line.len() && content.ends_with(b"\r");
        bare_lf += u64::from(content.len() < line.len() && !ended_by_crlf);
        let content = if ended_by_crlf { content.strip_suffix(b"\r").unwrap_or(content) } else { content };
        long += u64::from(content.len() > LINE_BYTES_MAX);
        bare_cr += count(content, b'\r');
        nul += count(content, 0);
    }
    defects.add_many("bare-cr", "a CR without LF", bare_cr);
    defects.add_many("bare-lf", "a LF without CR", bare_lf);
    defects.add_many("nul", "a NUL byte", nul);
    defects.add_many("long-line", "a line of more than 998 bytes", long);
}

fn count(bytes: &[u8], wanted: u8) -> u64 {
    bytes.iter().map(|&byte| u64::from(byte == wanted)).sum()
}
