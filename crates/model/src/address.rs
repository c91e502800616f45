//! Internet mail addresses (RFC 5321 §4.1.2, RFC 6531): enough to name a mailbox and to compare two.

use std::fmt;

/// Why text is not an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// No `@`, or nothing on one side of it.
    #[error("an address has a name, an @ and a domain")]
    Incomplete,
    /// Longer than RFC 5321 §4.5.3.1 allows: 64 bytes of local part, 255 of domain.
    #[error("an address has at most 64 bytes before the @ and 255 after it")]
    TooLong,
    /// A control character, a space outside quotes, or another byte that no mailbox may hold.
    #[error("an address has no spaces or control characters")]
    BadCharacter,
}

/// `local-part@domain`, as it was written: messages go to the literal address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress {
    local_part: String,
    domain: String,
}

impl EmailAddress {
    /// Longest local part, in bytes (RFC 5321 §4.5.3.1.1).
    pub const LOCAL_PART_BYTES_MAX: usize = 64;
    /// Longest domain, in bytes (RFC 5321 §4.5.3.1.2).
    pub const DOMAIN_BYTES_MAX: usize = 255;

    /// Reads an address without angle brackets. Quoted local parts keep their quotes.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let (local_part, domain) = text.rsplit_once('@').ok_or(AddressError::Incomplete)?;
        if local_part.is_empty() || domain.is_empty() {
            return Err(AddressError::Incomplete);
        }
        if local_part.len() > Self::LOCAL_PART_BYTES_MAX || domain.len() > Self::DOMAIN_BYTES_MAX {
            return Err(AddressError::TooLong);
        }
        check_local_part(local_part)?;
        check_domain(domain)?;
        Ok(Self { local_part: local_part.to_owned(), domain: domain.to_owned() })
    }

    /// What stands before the last `@`.
    pub fn local_part(&self) -> &str {
        &self.local_part
    }

    /// What stands after the last `@`.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The form to compare by: everything in lower case. Never the form to send to.
    pub fn canonical(&self) -> String {
        format!("{}@{}", self.local_part.to_lowercase(), self.domain.to_lowercase())
    }
}

fn check_local_part(local_part: &str) -> Result<(), AddressError> {
    if local_part.len() >= 2 && local_part.starts_with('"') && local_part.ends_with('"') {
        let clean = local_part.chars().all(|c| !c.is_control());
        return if clean { Ok(()) } else { Err(AddressError::BadCharacter) };
    }
    let plain = |c: char| !c.is_control() && !c.is_whitespace() && !"<>()[],;:\\\"@".contains(c);
    if local_part.chars().all(plain) { Ok(()) } else { Err(AddressError::BadCharacter) }
}

fn check_domain(domain: &str) -> Result<(), AddressError> {
    if domain.starts_with('[') && domain.ends_with(']') {
        let literal = domain.bytes().all(|b| b.is_ascii_alphanumeric() || b"[].:-".contains(&b));
        return if literal { Ok(()) } else { Err(AddressError::BadCharacter) };
    }
    let plain = |c: char| {
        c.is_alphanumeric() || c == '-' || c == '.' || c == '_' || (!c.is_ascii() && !c.is_control())
    };
    if !domain.chars().all(plain) {
        return Err(AddressError::BadCharacter);
    }
    let labels_full = domain.strip_suffix('.').unwrap_or(domain).split('.').all(|label| !label.is_empty());
    if labels_full { Ok(()) } else { Err(AddressError::Incomplete) }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.local_part, self.domain)
    }
}

impl std::str::FromStr for EmailAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, AddressError>) {
        let found = EmailAddress::parse(text).map(|address| address.canonical());
        assert_eq!(found, expected.map(str::to_owned), "{text:?}");
    }

    #[test]
    fn addresses_are_read_as_written_and_compared_in_lower_case() {
        check("Ana@Example.ORG", Ok("ana@example.org"));
        check("ana+lists@example.org", Ok("ana+lists@example.org"));
        check("\"a b\"@example.org", Ok("\"a b\"@example.org"));
        check("josé@exämple.org", Ok("josé@exämple.org"));
        check("root@[127.0.0.1]", Ok("root@[127.0.0.1]"));
        check("no-at", Err(AddressError::Incomplete));
        check("@example.org", Err(AddressError::Incomplete));
        check("a@b..c", Err(AddressError::Incomplete));
        check("a b@example.org", Err(AddressError::BadCharacter));
        check("a@exa\u{0}mple.org", Err(AddressError::BadCharacter));
        check("a\r\nRCPT@example.org", Err(AddressError::BadCharacter));
        check(&format!("{}@example.org", "x".repeat(65)), Err(AddressError::TooLong));
    }
}
