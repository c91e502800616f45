//! Bytes of a text part to text: the named charset when it holds, else what most likely was meant.

use crate::{defects::Defects, vendor};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// Longest charset name that is looked up.
const LABEL_BYTES_MAX: usize = 45;

/// The text of these bytes. Bytes that are UTF-8 are read as UTF-8 whatever a single-byte label says: real
/// text in windows-1252 is almost never well-formed UTF-8 with letters outside ASCII.
pub(crate) fn decode(bytes: &[u8], label: Option<&str>, defects: &mut Defects) -> String {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let label = label.map(|label| label.trim().trim_matches('"')).filter(|label| !label.is_empty());
    let named = label.map(|label| (label, Encoding::for_label(label.as_bytes())));
    match named {
        Some((_, Some(encoding))) if encoding != UTF_8 && encoding != WINDOWS_1252 => {
            let (text, bad) = encoding.decode_without_bom_handling(bytes);
            if bad {
                defects.add("bad-charset", "bytes that the named charset does not have");
            }
            text.into_owned()
        }
        Some((label, None)) => match rare(label, bytes, defects) {
            Some(text) => text,
            None => {
                defects.add("unknown-charset", "an unknown charset");
                guess(bytes)
            }
        },
        _ => western(bytes, named.and_then(|(_, encoding)| encoding), defects),
    }
}

fn rare(label: &str, bytes: &[u8], defects: &mut Defects) -> Option<String> {
    if label.len() > LABEL_BYTES_MAX {
        return None;
    }
    vendor::rare_charset(label, bytes, defects)
}

/// UTF-8, Latin-1, ASCII or no label: told apart by the bytes.
fn western(bytes: &[u8], named: Option<&'static Encoding>, defects: &mut Defects) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            if named == Some(WINDOWS_1252) && !text.is_ascii() {
                defects.add("mislabelled-charset", "text in UTF-8 that is labelled as another charset");
            }
            text.to_owned()
        }
        Err(_) if named == Some(WINDOWS_1252) => guess(bytes),
        Err(_) => {
            defects.add("bad-charset", "bytes that the named charset does not have");
            let (lossy, latin) = (String::from_utf8_lossy(bytes), guess(bytes));
            // A few broken bytes in a long text of UTF-8 are better replaced than the whole text garbled.
            let broken = lossy.chars().filter(|&c| c == '\u{FFFD}').count();
            let good = lossy.chars().filter(|c| !c.is_ascii() && *c != '\u{FFFD}').count();
            if named == Some(UTF_8) && good > broken { lossy.into_owned() } else { latin }
        }
    }
}

fn guess(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], label: &str, expected: &str, codes: &[&str]) {
        let mut defects = Defects::default();
        let label = (!label.is_empty()).then_some(label);
        assert_eq!(decode(bytes, label, &mut defects), expected);
        let found: Vec<&str> = defects.into_list().iter().map(|defect| defect.code).collect();
        assert_eq!(found, codes, "{expected} {label:?}");
    }

    #[test]
    fn text_is_read_as_it_was_most_likely_meant() {
        check(b"caf\xe9", "iso-8859-1", "café", &[]);
        check(b"\x80 5", "latin1", "€ 5", &[]);
        check("café".as_bytes(), "utf-8", "café", &[]);
        check("café".as_bytes(), "windows-1252", "café", &["mislabelled-charset"]);
        check("café".as_bytes(), "", "café", &[]);
        check(b"caf\xe9", "utf-8", "café", &["bad-charset"]);
        check(b"caf\xe9", "us-ascii", "café", &[]);
        check("déjà vu à l'été \u{e9}".as_bytes(), "x-nothing", "déjà vu à l'été é", &["unknown-charset"]);
        check(b"d\xc3\xa9j\xc3\xa0 \xff", "utf-8", "déjà \u{FFFD}", &["bad-charset"]);
        check(b"\xa4", "iso-8859-15", "€", &[]);
        check(b"\x1b$B%O\x1b(B", "iso-2022-jp", "ハ", &[]);
        check(b"caf\x82", "ibm850", "café", &[]);
        check(b"\xEF\xBB\xBFa", "", "a", &[]);
    }
}
