//! A message made ready for the checks of its signatures: parsed once, bounded, and with body hashes that
//! follow RFC 6376 to the letter.

use super::limits;
use mail_auth::dkim::{Canonicalization, Signature};
use mail_auth::{AuthenticatedMessage, DkimResult, Error};

/// The signatures of a message, in two lots: those that are checked, and those that never count.
pub(super) struct SignedMessage<'x> {
    /// Parsed, with body hashes; holds only the signatures that may count.
    pub(super) parsed: AuthenticatedMessage<'x>,
    /// Domain and selector of signatures with `l=` (RFC 6376 §8.2).
    pub(super) length_limited: Vec<(String, String)>,
    /// Domain and selector of signatures that no verifier may accept (RFC 8301 §3.1), or that ask for too
    /// much work.
    pub(super) refused: Vec<(String, String)>,
}

impl<'x> SignedMessage<'x> {
    /// Reads the header fields and hashes the body: at most four times, whatever the signatures say. `None`
    /// when there is nothing that can be authenticated, or more than we are ready to hash.
    pub(super) fn parse(raw: &'x [u8]) -> Option<Self> {
        if raw.len() > limits::MESSAGE_BYTES_MAX {
            return None;
        }
        // Strict: a signature with `l=` is an error there. Each would want a body hash of its own.
        let mut parsed = AuthenticatedMessage::parse_with_opts(raw, None, true)?;
        if parsed.headers.len() > limits::HEADER_FIELDS_MAX {
            return None;
        }
        let length_limited = length_limited_signatures(&parsed);
        let mut refused = Vec::new();
        parsed.dkim_headers.truncate(limits::SIGNATURES_MAX);
        parsed.dkim_headers.retain(|header| {
            let signature = &header.header;
            let counts = may_count(signature);
            if !counts {
                refused.push((signature.d.clone(), signature.s.clone()));
            }
            counts
        });
        // Left in, each would come back as one more verdict without a name.
        parsed.errors.retain(|header| !matches!(header.header, Error::Dkim(_)));
        repair_body_hashes(&mut parsed);
        Some(Self { parsed, length_limited, refused })
    }

    /// The one domain of all addresses in `From`, as the signatures' parser reads it; in A-labels.
    pub(super) fn author_domain(&self) -> Option<String> {
        single_domain(self.parsed.from.iter().map(String::as_str))
    }
}

/// The domain that all addresses share, in A-labels; `None` for none, or several (RFC 9989 §4.4).
pub(super) fn single_domain<'a>(addresses: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut found: Option<String> = None;
    for address in addresses {
        let (_, domain) = address.rsplit_once('@')?;
        let domain = mail_auth::common::to_a_label(domain.trim_end_matches('.')).into_owned();
        if domain.is_empty() || found.as_ref().is_some_and(|before| *before != domain) {
            return None;
        }
        found = Some(domain);
    }
    found
}

/// Signatures with `l=`, among what the strict parse threw out.
fn length_limited_signatures(parsed: &AuthenticatedMessage<'_>) -> Vec<(String, String)> {
    let errors = parsed.errors.iter().filter(|header| matches!(header.header, Error::Dkim(_)));
    errors
        .take(limits::SIGNATURES_MAX)
        .filter_map(|header| Signature::parse(header.value).ok())
        .filter(|signature| signature.l > 0)
        .map(|signature| (signature.d, signature.s))
        .collect()
}

/// SHA-1 must not be accepted (RFC 8301 §3.1); a very long `h=` costs names × fields; and a signature that
/// leaves From out is invalid (RFC 6376 §6.1.1).
fn may_count(signature: &Signature) -> bool {
    signature.a != mail_auth::common::crypto::Algorithm::RsaSha1
        && signature.h.len() <= limits::SIGNED_HEADERS_MAX
        && signature.h.iter().any(|name| name.eq_ignore_ascii_case("from"))
}

/// Computes the hashes of relaxed bodies again when the body ends in lines of nothing but white space: such
/// lines are ignored (RFC 6376 §3.4.4), which the pinned release of the evaluating crate gets wrong.
fn repair_body_hashes(parsed: &mut AuthenticatedMessage<'_>) {
    let start = usize::try_from(parsed.body_offset).unwrap_or(usize::MAX);
    let body = parsed.raw_message.get(start..).unwrap_or_default();
    let core = without_trailing_white_space(body);
    if core.len() == body.len() {
        return;
    }
    for (canonicalization, algorithm, length, hash) in &mut parsed.body_hashes {
        if *canonicalization == Canonicalization::Relaxed && *length == 0 {
            *hash = algorithm.hash(canonicalization.canonical_body(core, 0)).as_ref().to_vec();
        }
    }
}

/// The canonical form ends the last line by itself, so its own line end may go as well.
fn without_trailing_white_space(body: &[u8]) -> &[u8] {
    let blank = body.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count();
    body.get(..body.len().saturating_sub(blank)).unwrap_or_default()
}

/// Ours for theirs. A hash or signature that does not match is `Fail`; what could not be judged is not.
pub(super) fn dkim_result(result: &DkimResult) -> caliopen_model::DkimResult {
    use caliopen_model::DkimResult as Ours;
    use mail_auth::dkim::DkimError;
    match result {
        DkimResult::Pass => Ours::Pass,
        DkimResult::Fail(_) | DkimResult::Neutral(Error::Dkim(DkimError::FailedBodyHashMatch)) => Ours::Fail,
        DkimResult::Neutral(_) => Ours::Neutral,
        DkimResult::PermError(_) => Ours::Permerror,
        DkimResult::TempError(_) => Ours::Temperror,
        DkimResult::None => Ours::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_domain(addresses: &[&str], expected: Option<&str>) {
        assert_eq!(single_domain(addresses.iter().copied()).as_deref(), expected, "{addresses:?}");
    }

    #[test]
    fn only_one_domain_can_be_asked() {
        check_domain(&["ana@Example.ORG"], Some("example.org"));
        check_domain(&["ana@example.org", "bob@example.org."], Some("example.org"));
        check_domain(&["ana@exämple.org"], Some("xn--exmple-cua.org"));
        check_domain(&["ana@example.org", "bob@example.net"], None);
        check_domain(&["ana@example.org", "nobody"], None);
        check_domain(&["ana@"], None);
        check_domain(&[], None);
    }

    /// The hash of RFC 6376 §3.4.4, from its text: white space at line ends goes, inner runs become one
    /// space, empty lines at the end go.
    fn relaxed(body: &str) -> String {
        let mut lines: Vec<String> = body
            .split("\r\n")
            .map(|line| {
                let indented = line.starts_with([' ', '\t']);
                let words: Vec<&str> = line.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
                let joined = words.join(" ");
                if indented && !joined.is_empty() { format!(" {joined}") } else { joined }
            })
            .collect();
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        lines.into_iter().map(|line| line + "\r\n").collect()
    }

    fn check_hash(body: &str) {
        let signature = "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=a.test; s=s;\r\n \
                         h=from; bh=AAAA; b=AAAA\r\n";
        let raw = format!("{signature}From: ana@a.test\r\n\r\n{body}");
        let signed = SignedMessage::parse(raw.as_bytes()).unwrap();
        let expected =
            mail_auth::common::crypto::HashAlgorithm::Sha256.hash(relaxed(body).as_bytes()).as_ref().to_vec();
        assert_eq!(signed.parsed.body_hashes.len(), 1);
        assert_eq!(signed.parsed.body_hashes[0].3, expected, "{body:?}");
    }

    #[test]
    fn relaxed_body_hashes_ignore_blank_lines_at_the_end() {
        for body in [
            "",
            "\r\n",
            " \r\n",
            "\t\r\n \t \r\n",
            "Ciao\r\n",
            "Ciao",
            "Ciao  \r\n",
            "Ciao\r\n \r\n",
            "Ciao\r\n\r\n \t\r\n\r\n",
            "Ciao \t bella\r\n  dritta\r\n \r\nfine\r\n   \r\n\t\r\n",
            "a\r\n \r\n\r\n \r\nb \t\r\n ",
        ] {
            check_hash(body);
        }
    }

    #[test]
    fn signatures_that_never_count_are_told_apart() {
        let raw = "DKIM-Signature: v=1; a=rsa-sha256; d=l.test; s=one; h=from; l=12; bh=AA==; b=AA==\r\n\
                   DKIM-Signature: v=1; a=rsa-sha1; d=old.test; s=two; h=from; bh=AA==; b=AA==\r\n\
                   DKIM-Signature: v=1; a=rsa-sha256; d=bare.test; s=three; h=subject; bh=AA==; b=AA==\r\n\
                   DKIM-Signature: v=1; a=rsa-sha256; d=good.test; s=four; h=from; bh=AA==; b=AA==\r\n\
                   DKIM-Signature: nonsense\r\n\
                   From: ana@a.test\r\n\r\nCiao\r\n";
        let signed = SignedMessage::parse(raw.as_bytes()).unwrap();
        assert_eq!(signed.length_limited, [("l.test".to_owned(), "one".to_owned())]);
        assert_eq!(
            signed.refused,
            [("old.test".to_owned(), "two".to_owned()), ("bare.test".to_owned(), "three".to_owned())]
        );
        assert_eq!(signed.parsed.dkim_headers.len(), 1);
    }

    #[test]
    fn a_thousand_signatures_cost_no_more_than_a_few() {
        let signature = "DKIM-Signature: v=1; a=rsa-sha256; d=a.test; s=s; h=from; bh=AA==; b=AA==\r\n";
        let raw = format!("{}From: ana@a.test\r\n\r\nCiao\r\n", signature.repeat(1_000));
        let signed = SignedMessage::parse(raw.as_bytes()).unwrap();
        assert_eq!(signed.parsed.dkim_headers.len(), limits::SIGNATURES_MAX);
        assert_eq!(signed.parsed.body_hashes.len(), 1);
    }
}
