//! Content-Transfer-Encoding as it leaves (RFC 2045 §6): 7-bit where the text is, else quoted-printable,
//! else base64. Every host takes these, whatever it offers.

use crate::limits::LINE_BYTES_MAX;
use mail_builder::encoders::{Base64Encoder, QuotedPrintableEncoder};

/// Longest line of text that is left as it is (RFC 5322 §2.1.1 recommends it).
const SHORT_LINE_BYTES_MAX: usize = 78;
/// Longest line of quoted-printable (RFC 2045 §6.7).
const QUOTED_LINE_BYTES_MAX: usize = 76;

/// An encoded body.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Encoded {
    /// The value of `Content-Transfer-Encoding`.
    pub(super) name: &'static str,
    /// The bytes.
    pub(super) body: Vec<u8>,
}

/// Encodes text whose lines end in CRLF.
pub(super) fn text(text: &str) -> Encoded {
    if is_short_ascii(text) {
        return Encoded { name: "7bit", body: text.as_bytes().to_vec() };
    }
    let quoted = quoted_printable(text);
    // Where most bytes need three, base64 is smaller and no harder to read.
    if quoted.body.len() > text.len().saturating_add(text.len() / 2) {
        let mut body = Vec::with_capacity(base64_bytes(text.len()));
        base64(text.as_bytes(), &mut body);
        return Encoded { name: "base64", body };
    }
    quoted
}

fn quoted_printable(text: &str) -> Encoded {
    let mut quoted = Vec::with_capacity(text.len() + text.len() / 4);
    QuotedPrintableEncoder::new().preserve_line_breaks().encode_into(text.as_bytes(), &mut quoted);
    Encoded { name: "quoted-printable", body: guard(&quoted) }
}

/// Encodes lines of a header that is returned: quoted-printable is all that it may be (RFC 6522 §4).
pub(super) fn header(text: &str) -> Encoded {
    if text.is_ascii() && text.split("\r\n").all(|line| line.len() <= LINE_BYTES_MAX) {
        return Encoded { name: "7bit", body: text.as_bytes().to_vec() };
    }
    quoted_printable(text)
}

/// Appends base64 in lines of 76, each ended by CRLF (RFC 2045 §6.8).
pub(super) fn base64(bytes: &[u8], out: &mut Vec<u8>) {
    Base64Encoder::new().wrap_lines().encode_into(bytes, out);
}

/// Base64 without line ends, as a URL holds it (RFC 2397).
pub(crate) fn base64_word(bytes: &[u8]) -> String {
    let mut word = Vec::with_capacity(base64_bytes(bytes.len()));
    Base64Encoder::new().encode_into(bytes, &mut word);
    // It is of the alphabet of RFC 4648 §4.
    String::from_utf8(word).unwrap_or_default()
}

/// How many bytes `base64` appends, at most.
pub(super) fn base64_bytes(bytes: usize) -> usize {
    let encoded = bytes.div_ceil(3).saturating_mul(4);
    encoded.saturating_add(encoded.div_ceil(76).saturating_mul(2))
}

/// Whether text passes unchanged through every host, the old ones included that keep mail in mbox files or
/// take a lone dot for the end.
fn is_short_ascii(text: &str) -> bool {
    let safe = |line: &str| line.len() <= SHORT_LINE_BYTES_MAX && line != "." && !line.starts_with("From ");
    text.is_ascii() && text.split("\r\n").all(safe)
}

/// Quoted-printable without lines that an old host would change: `From ` at the beginning, a lone dot.
fn guard(quoted: &[u8]) -> Vec<u8> {
    let mut guarded = Vec::with_capacity(quoted.len() + 16);
    for line in quoted.split_inclusive(|&byte| byte == b'\n') {
        let content = line.strip_suffix(b"\r\n").unwrap_or(line);
        if let Some(rest) = line.strip_prefix(b"From ") {
            guarded.extend_from_slice(b"=46");
            if content.len() + "46".len() > QUOTED_LINE_BYTES_MAX {
                guarded.extend_from_slice(b"=\r\n");
            }
            guarded.extend_from_slice(b"rom ");
            guarded.extend_from_slice(rest);
        } else if content == b"." {
            guarded.extend_from_slice(b"=2E");
            guarded.extend_from_slice(line.strip_prefix(b".").unwrap_or_default());
        } else {
            guarded.extend_from_slice(line);
        }
    }
    guarded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{defects::Defects, transfer::Encoding};

    fn check(given: &str, name: &str, body: &str) {
        let encoded = text(given);
        assert_eq!(
            (encoded.name, String::from_utf8_lossy(&encoded.body).as_ref()),
            (name, body),
            "{given:?}"
        );
        let mut defects = Defects::default();
        let encoding = Encoding::named(name, &mut defects);
        let decoded = encoding.decode(&encoded.body, &mut defects);
        assert_eq!(String::from_utf8_lossy(&decoded), given);
        assert!(defects.into_list().is_empty());
    }

    #[test]
    fn text_is_left_as_it_is_when_every_host_takes_it() {
        check("Hello\r\n soft \r\n", "7bit", "Hello\r\n soft \r\n");
        let line = "x".repeat(78);
        check(&line, "7bit", &line);
    }

    #[test]
    fn other_text_is_quoted() {
        check("caf\u{e9} noir\r\n", "quoted-printable", "caf=C3=A9 noir\r\n");
        check("Revoil\u{e0} ce soir \r\n", "quoted-printable", "Revoil=C3=A0 ce soir=20\r\n");
        let long = "x".repeat(100);
        check(&long, "quoted-printable", &format!("{}=\r\n{}", "x".repeat(75), "x".repeat(25)));
        check("one\r\n.\r\ntwo\r\n", "quoted-printable", "one\r\n=2E\r\ntwo\r\n");
        check("From here\r\n", "quoted-printable", "=46rom here\r\n");
        check("1 = 1 and a caf\u{e9}", "quoted-printable", "1 =3D 1 and a caf=C3=A9");
    }

    #[test]
    fn a_guarded_line_stays_short() {
        let line = format!("From {}\r\n\u{e9} and more of it", "x".repeat(71));
        let encoded = text(&line);
        assert_eq!(encoded.name, "quoted-printable");
        assert!(encoded.body.starts_with(b"=46=\r\nrom xx"));
        let decoded = Encoding::QuotedPrintable.decode(&encoded.body, &mut Defects::default());
        assert_eq!(decoded, line.as_bytes());
    }

    #[test]
    fn text_that_is_mostly_not_ascii_is_base64() {
        check("\u{4f1a}\u{8b70}\r\n", "base64", "5Lya6K2wDQo=\r\n");
    }
}
