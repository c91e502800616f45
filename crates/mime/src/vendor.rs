//! The one door to mail-parser: encoded words (RFC 2047), parameters (RFC 2231), dates, rare charsets.
//!
//! Structure, addresses and limits are decided by our own modules, which hand single, bounded fields to
//! this one. A panic inside the vendor's code ends one field, never the message: `guarded` turns it into
//! the defect `parser-panic`.

use crate::defects::Defects;
use mail_parser::{HeaderValue, decoders::charsets::map::charset_decoder, parsers::MessageStream};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A structured MIME field: its value in lower case, and its parameters with names in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Structured {
    /// `type/subtype`, or the disposition.
    pub(crate) value: String,
    /// Decoded parameters.
    pub(crate) parameters: Vec<(String, String)>,
}

impl Structured {
    /// The first parameter of that name.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

fn guarded<T>(defects: &mut Defects, read: impl FnOnce() -> Option<T>) -> Option<T> {
    // The closures own nothing that outlives them, so an unwind leaves no half-made state behind.
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        defects.add("parser-panic", "a field could not be read");
        None
    })
}

/// Unfolded text with its encoded words decoded (RFC 2047 §5).
pub(crate) fn decode_words(text: &str, defects: &mut Defects) -> String {
    if !text.contains("=?") {
        return text.to_owned();
    }
    let line = format!("{text}\n");
    let decoded = guarded(defects, || match MessageStream::new(line.as_bytes()).parse_unstructured() {
        HeaderValue::Text(value) => Some(value.into_owned()),
        _ => None,
    });
    decoded.unwrap_or_else(|| text.to_owned())
}

/// `Content-Type` or `Content-Disposition` with its parameters joined and decoded (RFC 2231).
pub(crate) fn structured(text: &str, defects: &mut Defects) -> Option<Structured> {
    let line = format!("{text}\n");
    let mut found = guarded(defects, || match MessageStream::new(line.as_bytes()).parse_content_type() {
        HeaderValue::ContentType(parsed) => Some(Structured {
            value: match parsed.subtype() {
                Some(subtype) => format!("{}/{subtype}", parsed.ctype()).to_ascii_lowercase(),
                None => parsed.ctype().to_ascii_lowercase(),
            },
            parameters: parsed
                .attributes()
                .unwrap_or_default()
                .iter()
                .map(|attribute| (attribute.name.to_ascii_lowercase(), attribute.value.to_string()))
                .collect(),
        }),
        _ => None,
    })?;
    for (_, value) in &mut found.parameters {
        // RFC 2047 §5 forbids encoded words here, and Outlook writes them all the same.
        *value = decode_words(value, defects);
    }
    Some(found)
}

/// The instant of a `Date` field, in seconds since 1970 (RFC 5322 §3.3, obsolete zones included).
pub(crate) fn date(text: &str, defects: &mut Defects) -> Option<i64> {
    let line = format!("{text}\n");
    guarded(defects, || match MessageStream::new(line.as_bytes()).parse_date() {
        HeaderValue::DateTime(date) if date.is_valid() || date.second == 60 => Some(date.to_timestamp()),
        _ => None,
    })
}

/// Text in a charset that the Encoding Standard does not know (UTF-7, IBM850…).
pub(crate) fn rare_charset(label: &str, bytes: &[u8], defects: &mut Defects) -> Option<String> {
    guarded(defects, || charset_decoder(label.as_bytes()).map(|decode| decode(bytes)))
}
