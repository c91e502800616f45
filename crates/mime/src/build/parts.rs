//! The tree of parts as it leaves (RFC 2046), and the boundaries between them.

use super::{encode, fields::Fields};
use std::fmt::Write;

/// Bytes of chance that a boundary shows: nobody guesses them, and the rest stays unused.
const CHANCE_SHOWN_BYTES: usize = 16;

/// One part, leaf or multipart.
#[derive(Debug)]
pub(super) struct Part<'a> {
    fields: Fields,
    content: Content<'a>,
}

#[derive(Debug)]
enum Content<'a> {
    /// As it is written.
    Written(Vec<u8>),
    /// Encoded when it is written, so that a large file is in memory once.
    Base64(&'a [u8]),
    /// `multipart/…`, its parameters and its parts.
    Multipart(&'static str, &'static [(&'static str, &'static str)], Vec<Part<'a>>),
}

impl<'a> Part<'a> {
    /// Text whose lines end in CRLF.
    pub(super) fn text(media_type: &str, parameters: &[(&str, &str)], text: &str) -> Self {
        Self::encoded(media_type, parameters, encode::text(text))
    }

    /// Lines of a header that is returned.
    pub(super) fn header(media_type: &str, parameters: &[(&str, &str)], lines: &str) -> Self {
        Self::encoded(media_type, parameters, encode::header(lines))
    }

    fn encoded(media_type: &str, parameters: &[(&str, &str)], encoded: encode::Encoded) -> Self {
        let mut fields = Fields::default();
        fields.structured("Content-Type", media_type, parameters);
        fields.verbatim("Content-Transfer-Encoding", encoded.name);
        Self { fields, content: Content::Written(encoded.body) }
    }

    /// Any bytes.
    pub(super) fn base64(mut fields: Fields, bytes: &'a [u8]) -> Self {
        fields.verbatim("Content-Transfer-Encoding", "base64");
        Self { fields, content: Content::Base64(bytes) }
    }

    /// Bytes that are 7-bit lines already.
    pub(super) fn seven_bit(mut fields: Fields, bytes: &[u8]) -> Self {
        fields.verbatim("Content-Transfer-Encoding", "7bit");
        Self { fields, content: Content::Written(bytes.to_vec()) }
    }

    /// A multipart of these parts.
    pub(super) fn multipart(media_type: &'static str, parts: Vec<Self>) -> Self {
        Self { fields: Fields::default(), content: Content::Multipart(media_type, &[], parts) }
    }

    /// A report in words, for programs, and what was returned (RFC 6522 §3).
    pub(super) fn report(parts: Vec<Self>) -> Self {
        let kind = &[("report-type", "delivery-status")];
        Self { fields: Fields::default(), content: Content::Multipart("multipart/report", kind, parts) }
    }

    /// HTML with the images that it shows (RFC 2387 §3.1 wants the type of the root); alone without any.
    pub(super) fn related(html: Self, mut images: Vec<Self>) -> Self {
        if images.is_empty() {
            return html;
        }
        images.insert(0, html);
        let content = Content::Multipart("multipart/related", &[("type", "text/html")], images);
        Self { fields: Fields::default(), content }
    }

    /// The whole message: its own fields, then this part.
    pub(super) fn write(self, fields: Fields, chance: [u8; 32]) -> Vec<u8> {
        let mut message = fields.into_bytes();
        message.reserve(self.size());
        let mut boundaries = Boundaries { stem: stem(&self, chance), count: 0 };
        self.append(&mut boundaries, &mut message);
        message
    }

    fn append(self, boundaries: &mut Boundaries, out: &mut Vec<u8>) {
        let mut fields = self.fields;
        match self.content {
            Content::Written(bytes) => {
                out.extend(fields.into_bytes());
                out.extend_from_slice(b"\r\n");
                out.extend(bytes);
            }
            Content::Base64(bytes) => {
                out.extend(fields.into_bytes());
                out.extend_from_slice(b"\r\n");
                encode::base64(bytes, out);
            }
            Content::Multipart(media_type, parameters, parts) => {
                let boundary = boundaries.next();
                let parameters: Vec<(&str, &str)> =
                    parameters.iter().copied().chain([("boundary", boundary.as_str())]).collect();
                fields.structured("Content-Type", media_type, &parameters);
                out.extend(fields.into_bytes());
                for part in parts {
                    out.extend_from_slice(format!("\r\n--{boundary}\r\n").as_bytes());
                    part.append(boundaries, out);
                }
                out.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
            }
        }
    }

    /// About how many bytes are written.
    fn size(&self) -> usize {
        const OVERHEAD_BYTES: usize = 400;
        OVERHEAD_BYTES
            + match &self.content {
                Content::Written(bytes) => bytes.len(),
                Content::Base64(bytes) => encode::base64_bytes(bytes.len()),
                Content::Multipart(_, _, parts) => parts.iter().map(Part::size).sum(),
            }
    }

    /// Whether a body holds this text. Base64 cannot: it has no underscore.
    fn holds(&self, text: &str) -> bool {
        match &self.content {
            // Everything that is written is ASCII; what is not would hold anything, to be safe.
            Content::Written(bytes) => std::str::from_utf8(bytes).map_or(true, |body| body.contains(text)),
            Content::Base64(_) => false,
            Content::Multipart(_, _, parts) => parts.iter().any(|part| part.holds(text)),
        }
    }
}

/// What all boundaries of this message begin with: it occurs in no body. `=_` never stands in
/// quoted-printable or base64 (RFC 2045 §6.7).
fn stem(part: &Part<'_>, chance: [u8; 32]) -> String {
    let mut hex = String::with_capacity(CHANCE_SHOWN_BYTES * 2);
    for byte in chance.iter().take(CHANCE_SHOWN_BYTES) {
        let _ = write!(hex, "{byte:02x}");
    }
    let stems = (0u32..).map(|attempt| format!("=_{hex}{attempt:x}"));
    let mut free = stems.filter(|stem| !part.holds(stem));
    // A body cannot hold four thousand million stems within the size of a message.
    free.next().unwrap_or_default()
}

struct Boundaries {
    stem: String,
    count: u32,
}

impl Boundaries {
    /// The next one. None is the beginning of another.
    fn next(&mut self) -> String {
        self.count += 1;
        format!("{}_{:02}", self.stem, self.count)
    }
}
