//! Signatures of a domain on its mail (RFC 6376, RFC 8301, RFC 8463).
//!
//! Relaxed canonicalization for both halves, so that relays may fold and trim. The fields that say who, to
//! whom, what and how it is to be read are signed once more than they are there: nobody can add a second one
//! (RFC 6376 §8.15). The body is signed whole: there is never an `l=` (RFC 6376 §8.2).

mod canonical;
mod keys;

pub use keys::{KeyError, KeyKind, Keys, NewKey, generate, record_of};

use aws_lc_rs::digest::{self, SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use caliopen_model::Timestamp;
use canonical::{fields, relaxed_field, write_relaxed_body};
use keys::SigningKey;

/// The fields that are signed, whether they are there or not.
const SIGNED: [&str; 16] = [
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Content-Disposition",
    "Content-ID",
    "Content-Description",
];
/// Where lines of the field are broken (RFC 5322 §2.1.1).
const LINE_BYTES: usize = 76;

/// The `DKIM-Signature` fields of a message, one for each key, each with its CRLF: to be put before it.
pub fn sign(raw: &[u8], keys: &Keys, signed_at: Timestamp) -> Vec<u8> {
    let (header, body) = split(raw);
    let fields = fields(header);
    let mut hash = digest::Context::new(&SHA256);
    write_relaxed_body(body, |bytes| hash.update(bytes));
    let body_hash = STANDARD.encode(hash.finish());

    // Names as often as they occur and once more; occurrences from the last to the first (§5.4.2).
    let mut names: Vec<&str> = Vec::new();
    let mut signed_header = Vec::new();
    for name in SIGNED {
        for field in fields.iter().rev().filter(|field| field.name.eq_ignore_ascii_case(name.as_bytes())) {
            names.push(name);
            signed_header.extend_from_slice(&relaxed_field(field));
            signed_header.extend_from_slice(b"\r\n");
        }
        names.push(name);
    }
    let seconds = signed_at.unix_ms() / 1_000;
    let mut signatures = Vec::new();
    for key in keys.iter() {
        let unsigned = unsigned_field(key, keys.domain(), seconds, &names, &body_hash);
        match signature(key, &signed_header, &unsigned) {
            Some(value) => {
                signatures.extend_from_slice(unsigned.as_bytes());
                signatures.extend_from_slice(folded(&STANDARD.encode(value)).as_bytes());
                signatures.extend_from_slice(b"\r\n");
            }
            None => tracing::error!(domain = keys.domain(), "a message could not be signed"),
        }
    }
    signatures
}

/// The field up to its `b=`.
fn unsigned_field(key: &SigningKey, domain: &str, seconds: i64, names: &[&str], body_hash: &str) -> String {
    let (algorithm, selector) = (key.kind().algorithm(), key.selector());
    let mut field = format!(
        "DKIM-Signature: v=1; a={algorithm}; c=relaxed/relaxed; t={seconds};\r\n\t\
         d={domain};\r\n\ts={selector};\r\n\th="
    );
    let mut line_bytes = 3;
    for (at, name) in names.iter().enumerate() {
        let separator = if at == 0 { "" } else { ":" };
        if line_bytes + separator.len() + name.len() > LINE_BYTES {
            // A colon stands before the fold.
            field.push_str(separator);
            field.push_str("\r\n\t");
            field.push_str(name);
            line_bytes = 1 + name.len();
        } else {
            field.push_str(separator);
            field.push_str(name);
            line_bytes += separator.len() + name.len();
        }
    }
    field.push_str(";\r\n\tbh=");
    field.push_str(body_hash);
    field.push_str(";\r\n\tb=");
    field
}

/// Base64 on lines of their own; white space in it means nothing (RFC 6376 §3.5).
fn folded(base64: &str) -> String {
    let letters: Vec<char> = base64.chars().collect();
    let lines: Vec<String> = letters.chunks(LINE_BYTES - 4).map(|line| line.iter().collect()).collect();
    lines.join("\r\n\t ")
}

fn signature(key: &SigningKey, signed_header: &[u8], unsigned: &str) -> Option<Vec<u8>> {
    let own = fields(unsigned.as_bytes());
    let mut data = signed_header.to_vec();
    // §3.7: the signature's own field comes last, with an empty `b=` and without its CRLF.
    data.extend_from_slice(&relaxed_field(own.first()?));
    key.sign(&data)
}

/// Header section and body, without the empty line between them.
fn split(raw: &[u8]) -> (&[u8], &[u8]) {
    let find = |needle: &[u8]| raw.windows(needle.len()).position(|bytes| bytes == needle);
    if raw.starts_with(b"\r\n") {
        return (&[], raw.get(2..).unwrap_or_default());
    }
    match find(b"\r\n\r\n") {
        Some(at) => (raw.get(..at + 2).unwrap_or_default(), raw.get(at + 4..).unwrap_or_default()),
        None => (raw, &[]),
    }
}
