//! Whether one may leave a message's list by one request: a signature that passed covers both header fields that say how
//! (RFC 8058 §4). Anybody can write the fields; without a signature, whoever did would choose whom this host asks.

use super::service::organisational_domain;
use super::signed::SignedMessage;
use caliopen_mime::{LIST_UNSUBSCRIBE, LIST_UNSUBSCRIBE_POST, one_click, one_click_of};
use mail_auth::{DkimOutput, DkimResult};

/// The domain that signed them, the author's own before any other; `None` when nobody did. What is signed is what the
/// signatures' reader saw, so that it must be what ours reads.
pub(super) fn signer(
    signed: &SignedMessage<'_>,
    outputs: &[DkimOutput<'_>],
    author: Option<&str>,
) -> Option<String> {
    let fields = signed.parsed.headers.iter().copied();
    one_click_of(fields).filter(|url| one_click(signed.parsed.raw_message).as_ref() == Some(url))?;
    let passed = outputs.iter().filter(|output| *output.result() == DkimResult::Pass);
    let covering = passed.filter_map(DkimOutput::signature).filter(|signature| covers_both(&signature.h));
    let domains: Vec<&str> = covering.map(|signature| signature.d.as_str()).collect();
    let is_own = |domain: &&str| {
        author.is_some_and(|author| organisational_domain(author) == organisational_domain(domain))
    };
    domains.iter().find(|domain| is_own(domain)).or(domains.first()).map(|domain| (*domain).to_owned())
}

/// Each of the fields stands once in the message, so that naming it once covers it (RFC 6376 §5.4.2).
fn covers_both(names: &[String]) -> bool {
    let names_field = |field: &str| names.iter().any(|name| name.eq_ignore_ascii_case(field));
    names_field(LIST_UNSUBSCRIBE) && names_field(LIST_UNSUBSCRIBE_POST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_covers_what_its_list_names() {
        let check = |names: &str, expected: bool| {
            let names: Vec<String> = names.split(':').map(str::to_owned).collect();
            assert_eq!(covers_both(&names), expected, "{names:?}");
        };
        check("From:List-Unsubscribe:List-Unsubscribe-Post", true);
        check("from:list-unsubscribe-post:x:list-unsubscribe:list-unsubscribe", true);
        check("From:List-Unsubscribe", false);
        check("From:List-Unsubscribe-Post", false);
        check("From", false);
    }
}
