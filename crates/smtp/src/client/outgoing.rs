//! One message to send, with its envelope, and what keeps a server from taking it.

use super::offers::Offers;
use super::verdict::Unable;
use crate::path::{self, Path};
use crate::reports::{Notify, Returned};
use bytes::Bytes;
use caliopen_model::EmailAddress;
use memchr::memchr2_iter;

/// A message and who it is from and for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Where failures are reported; `None` for `<>`, which a report has (RFC 5321 §4.5.5).
    pub reverse_path: Option<EmailAddress>,
    /// Who it is for. RFC 5321 §4.5.3.1.8: a server takes at least 100.
    pub recipients: Vec<Recipient>,
    /// The message.
    pub content: Content,
    /// What a report shall hold, where reports are offered (RFC 3461 §4.3).
    pub returned: Option<Returned>,
    /// What a report shall name this sending by: printable ASCII, 100 bytes of it at most once encoded
    /// (RFC 3461 §4.4). Not sent otherwise.
    pub envelope_id: Option<String>,
    /// Every host from here on has to prove who it is and hand it on in the same way (RFC 8689). Whoever sends it has
    /// proven this server; one that does not offer REQUIRETLS gets nothing.
    pub requires_tls: bool,
}

/// One recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The address.
    pub address: EmailAddress,
    /// When to report, where reports are offered (RFC 3461 §4.1).
    pub notify: Option<Notify>,
    /// The address that the sender wrote, when this one came out of it (RFC 3461 §4.2).
    pub original: Option<EmailAddress>,
}

impl Recipient {
    /// A recipient about whom nothing is asked.
    pub const fn new(address: EmailAddress) -> Self {
        Self { address, notify: None, original: None }
    }
}

/// The bytes of a message, looked through once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    bytes: Bytes,
    has_bare_line_end: bool,
    is_eight_bit: bool,
    has_eight_bit_header: bool,
}

impl Content {
    /// Looks the bytes through. Nothing is changed: what cannot be sent is refused later, in its place.
    pub fn new(bytes: Bytes) -> Self {
        let is_eight_bit = !bytes.is_ascii();
        let header_bytes = memchr::memmem::find(&bytes, b"\r\n\r\n").unwrap_or(bytes.len());
        let has_eight_bit_header = is_eight_bit && !bytes.get(..header_bytes).unwrap_or_default().is_ascii();
        Self { has_bare_line_end: has_bare_line_end(&bytes), is_eight_bit, has_eight_bit_header, bytes }
    }

    /// The bytes as they were given.
    pub const fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}

fn has_bare_line_end(bytes: &[u8]) -> bool {
    // The LF that belongs to the last CR.
    let mut paired = None;
    for at in memchr2_iter(b'\r', b'\n', bytes) {
        if paired == Some(at) {
            continue;
        }
        if bytes.get(at..at + 2) != Some(b"\r\n") {
            return true;
        }
        paired = Some(at + 1);
    }
    false
}

impl Outgoing {
    /// Whether addresses or header fields outside ASCII are in it (RFC 6531 §3.4).
    pub(super) fn needs_smtputf8(&self) -> bool {
        self.needs_smtputf8_for_all() || self.recipients.iter().any(|recipient| !is_ascii(&recipient.address))
    }

    pub(super) const fn is_eight_bit(&self) -> bool {
        self.content.is_eight_bit
    }

    /// Sender and header fields concern every recipient.
    fn needs_smtputf8_for_all(&self) -> bool {
        self.content.has_eight_bit_header || self.reverse_path.as_ref().is_some_and(|path| !is_ascii(path))
    }

    /// Why this server cannot take the message for anybody.
    pub(super) fn obstacle(&self, offers: &Offers) -> Option<Unable> {
        let too_large = |size_max: u64| self.content.bytes.len() as u64 > size_max;
        if self.content.has_bare_line_end {
            Some(Unable::BareLineEnd)
        } else if self.reverse_path.as_ref().is_some_and(|sender| wire_path(sender).is_none()) {
            Some(Unable::BadSender)
        } else if self.requires_tls && !offers.require_tls {
            Some(Unable::NeedsRequireTls)
        } else if self.needs_smtputf8_for_all() && !offers.smtputf8 {
            Some(Unable::NeedsSmtpUtf8)
        } else if self.is_eight_bit() && !offers.eight_bit_mime {
            Some(Unable::NeedsEightBit)
        } else if offers.message_bytes_max.is_some_and(too_large) {
            Some(Unable::TooLarge)
        } else {
            None
        }
    }
}

impl Recipient {
    /// Why this server cannot take the message for this one.
    pub(super) fn obstacle(&self, offers: &Offers) -> Option<Unable> {
        if wire_path(&self.address).is_none() {
            Some(Unable::BadRecipient)
        } else if !is_ascii(&self.address) && !offers.smtputf8 {
            Some(Unable::NeedsSmtpUtf8)
        } else {
            None
        }
    }
}

fn is_ascii(address: &EmailAddress) -> bool {
    address.local_part().is_ascii() && address.domain().is_ascii()
}

/// `<local-part@domain>`, only when it is read as one path again: an address can end neither its path nor the
/// command early.
pub(super) fn wire_path(address: &EmailAddress) -> Option<String> {
    match path::parse(&format!("<{address}>")) {
        Ok((Path::Mailbox(mailbox), "")) => Some(format!("<{mailbox}>")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(bytes: &'static [u8]) -> Content {
        Content::new(Bytes::from_static(bytes))
    }

    #[test]
    fn line_ends_that_stand_alone_are_seen() {
        for sound in [&b""[..], b"a", b"a\r\n", b"\r\n\r\n", b"a\r\n.b\r\n"] {
            assert!(!has_bare_line_end(sound), "{}", sound.escape_ascii());
        }
        for broken in [&b"\r"[..], b"\n", b"a\n", b"a\r\r\n", b"a\r\n\n", b"a\n\r", b"a\rb"] {
            assert!(has_bare_line_end(broken), "{}", broken.escape_ascii());
        }
    }

    #[test]
    fn eight_bit_headers_are_told_from_eight_bit_bodies() {
        let facts = |content: Content| (content.is_eight_bit, content.has_eight_bit_header);
        assert_eq!(facts(content(b"A: b\r\n\r\nc\r\n")), (false, false));
        assert_eq!(facts(content(b"A: b\r\n\r\n\xc3\xa9\r\n")), (true, false));
        assert_eq!(facts(content(b"A: \xc3\xa9\r\n\r\nc\r\n")), (true, true));
        assert_eq!(facts(content(b"\xc3\xa9")), (true, true));
    }

    #[test]
    fn an_address_cannot_end_its_path() {
        let wire = |text: &str| wire_path(&EmailAddress::parse(text).unwrap());
        assert_eq!(wire("\"ana\"@a.test").as_deref(), Some("<ana@a.test>"));
        assert_eq!(wire("\"a> b\"@a.test").as_deref(), Some("<\"a> b\"@a.test>"));
        assert_eq!(wire("\"a\"> NOTIFY=NEVER <\"@a.test"), None);
        assert_eq!(wire("ana@a.test."), None);
    }
}
