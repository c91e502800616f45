//! Paths and mailboxes (RFC 5321 §4.1.2, RFC 6531 §3.3): what stands between `<` and `>`.

use caliopen_model::EmailAddress;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Longest label of a domain name (RFC 1035 §2.3.4).
const LABEL_BYTES_MAX: usize = 63;

/// A path as a command names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Path {
    /// `<>`: nobody; the message is a report (RFC 5321 §4.5.5).
    Null,
    /// `<Postmaster>`, which every server takes without a domain (RFC 5321 §4.5.1).
    Postmaster,
    /// `<local-part@domain>`.
    Mailbox(EmailAddress),
}

/// The text is no path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PathError;

/// Reads a path from the beginning of the text; gives the rest too.
pub(crate) fn parse(text: &str) -> Result<(Path, &str), PathError> {
    let (inner, rest) = split_brackets(text).ok_or(PathError)?;
    if inner.is_empty() {
        return Ok((Path::Null, rest));
    }
    let mailbox = without_source_route(inner)?;
    if mailbox.eq_ignore_ascii_case("postmaster") {
        return Ok((Path::Postmaster, rest));
    }
    Ok((Path::Mailbox(parse_mailbox(mailbox)?), rest))
}

/// Finds the `>` that closes the path; one inside a quoted local part does not.
fn split_brackets(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('<')?;
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in inner.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '>' if !quoted => return Some((inner.get(..at)?, inner.get(at + 1..)?)),
            _ => {}
        }
    }
    None
}

/// Takes `@one,@two:` away: it must be accepted and should be ignored (RFC 5321 §4.1.1.3, appendix C).
fn without_source_route(path: &str) -> Result<&str, PathError> {
    if !path.starts_with('@') {
        return Ok(path);
    }
    let mut in_literal = false;
    let end = path.find(|c| {
        in_literal = c == '[' || (in_literal && c != ']');
        c == ':' && !in_literal
    });
    let (route, mailbox) = end.and_then(|at| path.split_at_checked(at)).ok_or(PathError)?;
    let hops_named = route.split(',').all(|hop| hop.strip_prefix('@').is_some_and(is_domain));
    if hops_named { mailbox.strip_prefix(':').ok_or(PathError) } else { Err(PathError) }
}

fn parse_mailbox(text: &str) -> Result<EmailAddress, PathError> {
    let (local_part, domain) = text.rsplit_once('@').ok_or(PathError)?;
    if !is_domain(domain) {
        return Err(PathError);
    }
    let local_part = match local_part.strip_prefix('"') {
        Some(quoted) => unquoted(quoted.strip_suffix('"').ok_or(PathError)?)?,
        None => local_part.to_owned(),
    };
    EmailAddress::parse(&format!("{local_part}@{domain}")).map_err(|_| PathError)
}

/// The local part without quotes that it does not need: `"ana"` and `ana` are one mailbox, and a mailbox
/// has one spelling here (RFC 5321 §4.1.2).
fn unquoted(content: &str) -> Result<String, PathError> {
    let mut plain = String::with_capacity(content.len());
    let mut chars = content.chars();
    while let Some(c) = chars.next() {
        let c = match c {
            '\\' => chars.next().filter(char::is_ascii).ok_or(PathError)?,
            '"' => return Err(PathError),
            other => other,
        };
        if c.is_control() {
            return Err(PathError);
        }
        plain.push(c);
    }
    if is_dot_string(&plain) {
        return Ok(plain);
    }
    let escaped = plain.replace('\\', "\\\\").replace('"', "\\\"");
    Ok(format!("\"{escaped}\""))
}

/// `Dot-string` of RFC 5321 §4.1.2, with the letters of RFC 6531.
fn is_dot_string(text: &str) -> bool {
    let atext = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    text.split('.').all(|atom| !atom.is_empty() && atom.chars().all(atext))
}

/// A domain name or an address literal (RFC 5321 §4.1.3).
pub(crate) fn is_domain(text: &str) -> bool {
    match text.strip_prefix('[') {
        Some(literal) => literal.strip_suffix(']').is_some_and(is_address),
        None => is_domain_name(text),
    }
}

fn is_address(text: &str) -> bool {
    match text.split_once(':') {
        Some((tag, address)) if tag.eq_ignore_ascii_case("IPv6") => address.parse::<Ipv6Addr>().is_ok(),
        Some(_) => false,
        None => text.parse::<Ipv4Addr>().is_ok(),
    }
}

/// A domain name. Underscores are let through, since hosts in use have them.
pub(crate) fn is_domain_name(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || c == '-' || c == '_' || (!c.is_ascii() && !c.is_control());
    let label = |label: &str| !label.is_empty() && label.len() <= LABEL_BYTES_MAX && label.chars().all(plain);
    text.len() <= EmailAddress::DOMAIN_BYTES_MAX && text.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: Option<(&str, &str)>) {
        let found = parse(text).ok().map(|(path, rest)| {
            let path = match path {
                Path::Null => "null".to_owned(),
                Path::Postmaster => "postmaster".to_owned(),
                Path::Mailbox(address) => address.to_string(),
            };
            (path, rest)
        });
        assert_eq!(found, expected.map(|(path, rest)| (path.to_owned(), rest)), "{text:?}");
    }

    #[test]
    fn paths_are_read_with_what_follows_them() {
        check("<> SIZE=1", Some(("null", " SIZE=1")));
        check("<ana@Example.ORG>", Some(("ana@Example.ORG", "")));
        check("<PostMaster> X", Some(("postmaster", " X")));
        check("<ana@[192.0.2.1]>", Some(("ana@[192.0.2.1]", "")));
        check("<ana@[IPv6:2001:db8::1]>", Some(("ana@[IPv6:2001:db8::1]", "")));
        check("<josé@exämple.org>", Some(("josé@exämple.org", "")));
    }

    #[test]
    fn source_routes_are_ignored() {
        check("<@a.test,@b.test:ana@c.test>", Some(("ana@c.test", "")));
        check("<@[IPv6:::1]:ana@c.test>", Some(("ana@c.test", "")));
        check("<@a.test,b.test:ana@c.test>", None);
        check("<@a.test ana@c.test>", None);
    }

    #[test]
    fn quotes_stay_only_where_they_are_needed() {
        check("<\"ana\"@a.test>", Some(("ana@a.test", "")));
        check("<\"a\\na\"@a.test>", Some(("ana@a.test", "")));
        check("<\"a b>c@d\"@a.test> X", Some(("\"a b>c@d\"@a.test", " X")));
        check("<\"a\\\"b\\\\\"@a.test>", Some(("\"a\\\"b\\\\\"@a.test", "")));
        check("<\"\"@a.test>", Some(("\"\"@a.test", "")));
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for text in [
            "",
            "ana@a.test",
            "<ana@a.test",
            "<ana>",
            "<@>",
            "<ana@>",
            "<ana@a..test>",
            "<a b@a.test>",
            "<\"ana@a.test>",
            "<\"a\"b\"@a.test>",
            "<ana@[192.0.2]>",
            "<ana@[x:1]>",
            "<ana@-@a_b,c>",
            "<<ana@a.test>>",
            "<\"a\\é\"@a.test>",
        ] {
            check(text, None);
        }
        check(&format!("<ana@{}.test>", "x".repeat(64)), None);
    }

    proptest! {
        #[test]
        fn a_mailbox_that_was_read_is_read_again_as_the_same(text in "<[ -~é]{0,20}@[a-z0-9.\\[\\]:-]{1,20}>") {
            if let Ok((Path::Mailbox(address), _)) = parse(&text) {
                let again = format!("<{address}>");
                prop_assert_eq!(parse(&again), Ok((Path::Mailbox(address), "")));
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*") {
            let _ = parse(&format!("<{text}>"));
        }
    }
}
