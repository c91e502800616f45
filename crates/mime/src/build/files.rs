//! Files and images as they leave (RFC 2183, 2231).
//!
//! A message that is attached may not be encoded (RFC 2046 §5.2.1). One that is 7-bit lines already goes as
//! `message/rfc822`; any other goes as bytes of no type, under its name: to make it fit would change it, and
//! with it the signatures that it bears.

use super::{fields::Fields, parts::Part};
use crate::{
    clean,
    limits::{FILE_NAME_CHARS_MAX, LINE_BYTES_MAX},
    message,
};
use caliopen_model::Attachment;
use std::borrow::Cow;

const OPAQUE: &str = "application/octet-stream";

/// What the HTML may call this file, if it can be written as an id.
pub(super) fn content_id(file: &Attachment) -> Option<&str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.@".contains(&byte);
    /// Longest id that fits one line with its name.
    const CONTENT_ID_BYTES_MAX: usize = 200;
    let id = file.content_id.as_deref()?;
    (!id.is_empty() && id.len() <= CONTENT_ID_BYTES_MAX && id.bytes().all(plain)).then_some(id)
}

/// An image that the HTML shows.
pub(super) fn inline(file: &Attachment) -> Part<'_> {
    part(file, "inline", content_id(file))
}

/// A file beside the text.
pub(super) fn attached(file: &Attachment) -> Part<'_> {
    part(file, "attachment", None)
}

fn part<'a>(file: &'a Attachment, disposition: &str, content_id: Option<&str>) -> Part<'a> {
    let media_type = media_type(file);
    let name = file.name.as_deref().and_then(|name| clean::file_name(name, FILE_NAME_CHARS_MAX));
    let fallback = name.as_deref().filter(|name| !name.is_ascii()).map(in_ascii);
    let mut parameters: Vec<(&str, &str)> = Vec::new();
    if media_type.starts_with("text/") && is_utf8_text(&file.content) {
        parameters.push(("charset", "utf-8"));
    }
    // For readers that do not know RFC 2231. A second `filename` would say two things in one field.
    parameters.extend(fallback.as_deref().map(|fallback| ("name", fallback)));
    let mut fields = Fields::default();
    fields.structured("Content-Type", &media_type, &parameters);
    let name: Vec<(&str, &str)> = name.as_deref().map(|name| ("filename", name)).into_iter().collect();
    fields.structured("Content-Disposition", disposition, &name);
    if let Some(id) = content_id {
        fields.content_id(id);
    }
    if media_type == "message/rfc822" {
        Part::seven_bit(fields, &file.content)
    } else {
        Part::base64(fields, &file.content)
    }
}

/// The type that the file is sent as. Multiparts and messages may not be encoded, so that bytes which call
/// themselves so are sent as bytes.
fn media_type(file: &Attachment) -> Cow<'_, str> {
    let given = file.media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let kept = match given.split_once('/') {
        Some(("message", "rfc822")) => is_seven_bit(&file.content),
        Some(("message" | "multipart", _)) => false,
        _ => message::is_media_type(&given),
    };
    if kept { given.into() } else { OPAQUE.into() }
}

/// Lines of ASCII that end in CRLF and are no longer than RFC 5322 §2.1.1 allows.
fn is_seven_bit(content: &[u8]) -> bool {
    let short = |line: &[u8]| {
        let line = line.strip_suffix(b"\r\n").unwrap_or(line);
        line.len() <= LINE_BYTES_MAX && !line.iter().any(|byte| matches!(byte, 0 | b'\r' | b'\n'))
    };
    content.is_ascii() && content.split_inclusive(|&byte| byte == b'\n').all(short)
}

/// Text whose charset is known by looking: UTF-8, and no control character of another encoding's.
fn is_utf8_text(content: &[u8]) -> bool {
    let plain = |byte: &u8| !byte.is_ascii_control() || matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C);
    std::str::from_utf8(content).is_ok() && content.iter().all(plain)
}

/// A name that says as much as ASCII can; its extension stays.
fn in_ascii(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii() { c } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(media_type: &str, content: &[u8]) -> Attachment {
        let media_type = media_type.to_owned();
        Attachment { name: None, media_type, content_id: None, content: content.to_vec() }
    }

    #[test]
    fn a_type_is_sent_only_when_it_can_be() {
        let check = |given: &str, content: &[u8], expected: &str| {
            assert_eq!(media_type(&file(given, content)), expected, "{given} {content:?}");
        };
        check("Image/PNG", b"", "image/png");
        check("text/plain; charset=x\r\nX: y", b"", "text/plain");
        check("image", b"", OPAQUE);
        check("image/p\r\nX: y", b"", OPAQUE);
        check("", b"", OPAQUE);
        check("multipart/mixed", b"", OPAQUE);
        check("message/partial", b"", OPAQUE);
        check("message/rfc822", b"A: b\r\n\r\nc\r\n", "message/rfc822");
        check("message/rfc822", b"A: b\r\n\r\nc", "message/rfc822");
        check("message/rfc822", b"A: b\n\nc\n", OPAQUE);
        check("message/rfc822", b"A: b\r\n\r\nc\r", OPAQUE);
        check("message/rfc822", b"A: b\r\n\r\n\xe9\r\n", OPAQUE);
        check("message/rfc822", &[b'x'; 999], OPAQUE);
    }

    #[test]
    fn a_charset_is_said_only_when_it_is_known() {
        assert!(is_utf8_text("été\r\n".as_bytes()) && is_utf8_text(b""));
        assert!(!is_utf8_text(b"\xe9t\xe9") && !is_utf8_text(b"h\0i\0") && !is_utf8_text(b"\x1b$B%O\x1b(B"));
    }

    #[test]
    fn an_id_that_no_header_may_hold_is_no_id() {
        let check = |id: &str, expected: Option<&str>| {
            let file = Attachment { content_id: Some(id.to_owned()), ..file("image/png", b"") };
            assert_eq!(content_id(&file), expected, "{id:?}");
        };
        check("a@b", Some("a@b"));
        check("a b", None);
        check("a>\r\nX: y", None);
        check("é", None);
        check("", None);
    }
}
