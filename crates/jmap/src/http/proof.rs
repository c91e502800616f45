//! What a device signs: that this request is its own, and of now (docs/api, "A device signs").
//!
//! The words are `caliopen request 1`, the method, the path with its query, and the time in seconds since 1970, each on
//! a line of its own. They come in the header `X-Caliopen-Proof` as `seconds.signature`, with the signature in base64url
//! (RFC 4648 §5); a stream of events, and a file that a browser saves by itself, cannot send a header: for GET the last
//! parameter of the query may be `proof`, and the words go without it.

use axum::http::Method;
use axum::http::request::Parts;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use caliopen_hub::Proof;
use caliopen_model::Timestamp;

const HEADER: &str = "x-caliopen-proof";
const PARAMETER: &str = "proof=";
const SIGNATURE_BYTES: usize = 64;

/// A proof as it was sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Signed {
    words: Vec<u8>,
    at: Timestamp,
    signature: [u8; SIGNATURE_BYTES],
}

impl Signed {
    /// The proof of a request. None: it has none that can be read.
    pub(super) fn of(request: &Parts) -> Option<Self> {
        let path = request.uri.path_and_query()?.as_str();
        let (path, text) = match request.headers.get(HEADER) {
            Some(value) => (path, value.to_str().ok()?),
            None if request.method == Method::GET => without_proof(path)?,
            None => return None,
        };
        let (seconds, signature) = text.split_once('.')?;
        let at: i64 = seconds.parse().ok()?;
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?.try_into().ok()?;
        let words = format!("caliopen request 1\n{}\n{path}\n{at}", request.method).into_bytes();
        Some(Self { words, at: Timestamp::from_unix_ms(at.checked_mul(1_000)?), signature })
    }

    pub(super) fn proof(&self) -> Proof<'_> {
        Proof { words: &self.words, at: self.at, signature: &self.signature }
    }
}

/// A path with its query, and the proof that ends it.
fn without_proof(path: &str) -> Option<(&str, &str)> {
    let at = path.rfind(PARAMETER)?;
    let (path, text) = (path.get(..at)?, path.get(at + PARAMETER.len()..)?);
    path.strip_suffix(['?', '&']).map(|path| (path, text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    const SIGNATURE: &str =
        "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ";

    fn check(method: &str, path: &str, header: Option<&str>, expected: Option<&str>) {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(header) = header {
            request = request.header(HEADER, header);
        }
        let signed = Signed::of(&request.body(()).unwrap().into_parts().0);
        let words = signed.map(|signed| String::from_utf8(signed.words).unwrap());
        assert_eq!(words.as_deref(), expected, "{method} {path} {header:?}");
    }

    #[test]
    fn a_proof_is_a_header_or_ends_the_query_of_a_get() {
        let (header, in_query) = (format!("12.{SIGNATURE}"), format!("proof=12.{SIGNATURE}"));
        check("POST", "/jmap/api", Some(&header), Some("caliopen request 1\nPOST\n/jmap/api\n12"));
        check("GET", "/a?b=c", Some(&header), Some("caliopen request 1\nGET\n/a?b=c\n12"));
        check("GET", &format!("/a?{in_query}"), None, Some("caliopen request 1\nGET\n/a\n12"));
        check("GET", &format!("/a?b=c&{in_query}"), None, Some("caliopen request 1\nGET\n/a?b=c\n12"));
    }

    #[test]
    fn nothing_else_is_a_proof() {
        let in_query = format!("/a?proof=12.{SIGNATURE}");
        check("POST", &in_query, None, None);
        check("GET", &format!("{in_query}&b=c"), None, None);
        check("GET", &format!("/a?xproof=12.{SIGNATURE}"), None, None);
        check("GET", "/a", None, None);
        for wrong in ["", "12", "12.", "x.AQ", &format!("99999999999999999999.{SIGNATURE}"), "12.AQEB"] {
            check("GET", "/a", Some(wrong), None);
        }
    }
}
