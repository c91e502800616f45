//! Content-Transfer-Encoding (RFC 2045 §6): lenient decoders that lose nothing which can be read.

use crate::defects::Defects;

/// How the bytes of a part are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// 7bit, 8bit, binary: as they are.
    Identity,
    /// RFC 2045 §6.8.
    Base64,
    /// RFC 2045 §6.7.
    QuotedPrintable,
}

impl Encoding {
    /// The encoding that a field names. An unknown one is read as it is.
    pub(crate) fn named(name: &str, defects: &mut Defects) -> Self {
        match name.split_whitespace().next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "base64" => Self::Base64,
            "quoted-printable" => Self::QuotedPrintable,
            "" | "7bit" | "8bit" | "binary" => Self::Identity,
            _ => {
                defects.add("unknown-encoding", "an unknown Content-Transfer-Encoding");
                Self::Identity
            }
        }
    }

    /// The decoded bytes. Never more than the encoded ones.
    pub(crate) fn decode(self, encoded: &[u8], defects: &mut Defects) -> Vec<u8> {
        match self {
            Self::Identity => encoded.to_vec(),
            Self::Base64 => base64(encoded, defects),
            Self::QuotedPrintable => quoted_printable(encoded, defects),
        }
    }
}

/// Decodes what is of the alphabet and skips the rest, up to the padding (RFC 2045 §6.8).
fn base64(encoded: &[u8], defects: &mut Defects) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(encoded.len() / 4 * 3);
    let (mut group, mut digits, mut skipped) = (0u32, 0u32, 0u64);
    for &byte in encoded {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            b'\r' | b'\n' | b' ' | b'\t' => continue,
            _ => {
                skipped += 1;
                continue;
            }
        };
        group = group << 6 | u32::from(digit);
        digits += 1;
        if digits == 4 {
            decoded.extend([(group >> 16) as u8, (group >> 8) as u8, group as u8]);
            (group, digits) = (0, 0);
        }
    }
    match digits {
        2 => decoded.push((group >> 4) as u8),
        3 => decoded.extend([(group >> 10) as u8, (group >> 2) as u8]),
        _ => {}
    }
    if skipped > 0 || digits == 1 {
        defects.add("bad-base64", "bytes that are not base64 were skipped");
    }
    decoded
}

/// Decodes lenient quoted-printable: a `=` that begins nothing stays as it is (RFC 2045 §6.7).
fn quoted_printable(encoded: &[u8], defects: &mut Defects) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut bad = false;
    for line in encoded.split_inclusive(|&byte| byte == b'\n') {
        let content = line.trim_ascii_end();
        let (content, soft) = match content.strip_suffix(b"=") {
            Some(content) => (content, true),
            None => (content, false),
        };
        bad |= quoted_line(content, &mut decoded);
        if !soft && line.ends_with(b"\n") {
            decoded.extend_from_slice(if line.ends_with(b"\r\n") { b"\r\n" } else { b"\n" });
        }
    }
    if bad {
        defects.add("bad-quoted-printable", "an equals sign that encodes nothing");
    }
    decoded
}

/// Decodes one line without its end; says whether a `=` began nothing.
fn quoted_line(content: &[u8], decoded: &mut Vec<u8>) -> bool {
    let mut bad = false;
    let mut rest = content;
    while let [byte, tail @ ..] = rest {
        match tail {
            [high, low, after @ ..]
                if *byte == b'=' && high.is_ascii_hexdigit() && low.is_ascii_hexdigit() =>
            {
                decoded.push(hex(*high) << 4 | hex(*low));
                rest = after;
            }
            _ => {
                bad |= *byte == b'=';
                decoded.push(*byte);
                rest = tail;
            }
        }
    }
    bad
}

/// The value of a hexadecimal digit.
fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20) - b'a' + 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(encoding: Encoding, encoded: &str, decoded: &[u8], codes: &[&str]) {
        let mut defects = Defects::default();
        assert_eq!(encoding.decode(encoded.as_bytes(), &mut defects), decoded, "{encoded:?}");
        let found: Vec<&str> = defects.into_list().iter().map(|defect| defect.code).collect();
        assert_eq!(found, codes, "{encoded:?}");
    }

    #[test]
    fn base64_keeps_what_it_can() {
        let check = |encoded, decoded, codes| check(Encoding::Base64, encoded, decoded, codes);
        check("aGVsbG8=", b"hello", &[]);
        check("aGVs\r\nbG8=\r\n", b"hello", &[]);
        check("aGVsbG8", b"hello", &[]);
        check("aGVs!bG8=", b"hello", &["bad-base64"]);
        check("aGVsb", b"hel", &["bad-base64"]);
        check("_-8=", b"\xff\xef", &[]);
        check("", b"", &[]);
    }

    #[test]
    fn quoted_printable_keeps_what_it_cannot_read() {
        let check = |encoded, decoded, codes| check(Encoding::QuotedPrintable, encoded, decoded, codes);
        check("caf=C3=a9 =\r\nnoir  \r\nfin", b"caf\xc3\xa9 noir\r\nfin", &[]);
        check("1=2", b"1=2", &["bad-quoted-printable"]);
        check("=\n", b"", &[]);
        check("=C3=", b"\xc3", &[]);
    }

    #[test]
    fn an_unknown_encoding_is_read_as_it_is() {
        let mut defects = Defects::default();
        assert_eq!(Encoding::named("BASE64 ", &mut defects), Encoding::Base64);
        assert_eq!(Encoding::named("x-uuencode", &mut defects), Encoding::Identity);
        assert_eq!(defects.into_list().len(), 1);
    }
}
