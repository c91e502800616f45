//! Header fields as they leave: the one place where text becomes a header.
//!
//! Nothing that ends a line, hides or turns the text around it passes: names, subjects and file names are
//! cleaned, addresses and ids are judged whole. Folding, encoded words (RFC 2047), parameters (RFC 2231) and
//! dates are mail-builder's, which is known here and in `encode` alone.

use super::BuildError;
use crate::{
    clean,
    limits::{NAME_CHARS_MAX, SUBJECT_CHARS_MAX},
};
use caliopen_model::{EmailAddress, Handle, Participant, Rfc5322MessageId, Timestamp};
use mail_builder::headers::{
    Header,
    address::{Address, EmailAddress as Mailbox},
    content_type::ContentType,
    date::Date,
    message_id::MessageId,
    raw::Raw,
    text::Text,
};
use std::borrow::Cow;

/// Ids of a chain that are written: the first, and the nearest.
const CHAIN_MAX: usize = 20;
/// Longest id that is written, so that a line with it stays within RFC 5322 §2.1.1.
const ID_BYTES_MAX: usize = 900;
/// Characters of a field that holds words of others.
const ASCII_CHARS_MAX: usize = 900;
/// Longest word of an ASCII subject that is written as it is; with a longer one the line could not be folded.
const WORD_BYTES_MAX: usize = 60;

/// The fields of one header, in order.
#[derive(Debug, Default)]
pub(super) struct Fields {
    written: Vec<u8>,
}

impl Fields {
    /// The bytes, each field ended by CRLF.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.written
    }

    fn field(&mut self, name: &str, value: &impl Header) {
        self.written.extend_from_slice(name.as_bytes());
        self.written.extend_from_slice(b": ");
        value.write_header(&mut self.written, name.len() + ": ".len());
    }

    /// A value of ours, in ASCII.
    pub(super) fn verbatim(&mut self, name: &str, value: &str) {
        self.field(name, &Raw::new(value));
    }

    /// Words of others in ASCII after a prefix of ours; no field when nothing is left of them.
    pub(super) fn ascii(&mut self, name: &str, prefix: &str, words: &str) {
        let line = clean::one_line(words, ASCII_CHARS_MAX);
        let line: String = line.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect();
        if !line.is_empty() {
            self.verbatim(name, &format!("{prefix}{line}"));
        }
    }

    /// An empty line, as it stands between groups of fields (RFC 3464 §2.1).
    pub(super) fn gap(&mut self) {
        self.written.extend_from_slice(b"\r\n");
    }

    /// Unstructured text (RFC 5322 §2.2.1); no field when nothing is left of it.
    pub(super) fn text(&mut self, name: &str, text: &str) {
        let text = clean::one_line(text, SUBJECT_CHARS_MAX);
        let short_words = text.split(' ').all(|word| word.len() <= WORD_BYTES_MAX);
        if text.is_empty() {
        } else if text.is_ascii() && short_words && !text.contains("=?") {
            self.field(name, &Raw::new(text));
        } else {
            self.field(name, &Text::new(unmistakable(&text)));
        }
    }

    /// An address list (RFC 5322 §3.4), names in encoded words where they need it, addresses never.
    pub(super) fn people(&mut self, name: &str, people: &[Participant]) -> Result<(), BuildError> {
        let mailboxes = people.iter().map(mailbox).collect::<Result<Vec<_>, _>>()?;
        if !mailboxes.is_empty() {
            self.field(name, &Address::new_list(mailboxes));
        }
        Ok(())
    }

    /// An instant in UTC, so that it says nothing of where (RFC 5322 §3.3).
    pub(super) fn date(&mut self, name: &str, at: Timestamp) {
        self.field(name, &Date::new(at.unix_ms().div_euclid(1_000)));
    }

    /// The message's own id.
    pub(super) fn own_id(&mut self, id: &Rfc5322MessageId) -> Result<(), BuildError> {
        let id = writable(id).ok_or(BuildError::Address)?;
        self.field("Message-ID", &MessageId::new(id));
        Ok(())
    }

    /// What the message answers, and the chain before it, which ends with what it answers (RFC 5322 §3.6.4).
    ///
    /// A long chain keeps its first id and its nearest ones: programs find the thread by either. An id that
    /// no header may hold is left out, since somebody else wrote it.
    pub(super) fn chain(&mut self, parent: Option<&Rfc5322MessageId>, before: &[Rfc5322MessageId]) {
        let parent = parent.and_then(writable_ascii);
        let mut chain: Vec<&str> = before.iter().filter_map(writable_ascii).collect();
        if let Some(parent) = parent {
            self.field("In-Reply-To", &MessageId::new(parent));
            chain.retain(|id| *id != parent);
            chain.push(parent);
        }
        if chain.len() > CHAIN_MAX {
            chain.drain(1..=chain.len() - CHAIN_MAX);
        }
        if !chain.is_empty() {
            self.field("References", &MessageId::new_list(chain.into_iter()));
        }
    }

    /// `Content-ID` (RFC 2392); the id was judged before.
    pub(super) fn content_id(&mut self, id: &str) {
        self.field("Content-ID", &MessageId::new(id));
    }

    /// A structured MIME field with its parameters, encoded as RFC 2231 says where they need it.
    pub(super) fn structured(&mut self, name: &str, value: &str, parameters: &[(&str, &str)]) {
        let field = ContentType::new(value);
        let field = parameters.iter().fold(field, |field, (key, value)| field.attribute(*key, *value));
        self.field(name, &field);
    }
}

/// mail-builder writes ASCII as it stands, even where readers take it for an encoded word. With a space at
/// its end, which nobody sees, it is encoded.
fn unmistakable(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && text.contains("=?") { format!("{text} ").into() } else { text.into() }
}

fn mailbox(person: &Participant) -> Result<Address<'_>, BuildError> {
    let email = address(&person.handle).ok_or(BuildError::Address)?;
    let name = person.name.as_deref().map(|name| clean::one_line(name, NAME_CHARS_MAX));
    let name = name.filter(|name| !name.is_empty()).map(|name| unmistakable(&name).into_owned().into());
    Ok(Address::Address(Mailbox { name, email: email.into() }))
}

/// The address, if a header may hold it: what a reader finds there is this address and no other.
pub(super) fn address(handle: &Handle) -> Option<&str> {
    let text = handle.address();
    let parsed = EmailAddress::parse(text).ok()?;
    let seen = |c: char| !clean::is_bidi_control(c) && !clean::is_invisible(c);
    let spaced = |c: char| c.is_whitespace() && c != ' ';
    let quoted = parsed.local_part().strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    // Some readers decode what looks like an encoded word, and find another address.
    let plain = !text.contains("=?") && !parsed.domain().ends_with('.');
    let whole = plain && quoted.is_none_or(is_quoted_content);
    (whole && text.chars().all(seen) && !text.chars().any(spaced)).then_some(text)
}

/// Whether a quoted string ends where it seems to (RFC 5322 §3.2.4).
fn is_quoted_content(content: &str) -> bool {
    let mut escaped = false;
    for c in content.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return false,
            _ => {}
        }
    }
    !escaped
}

/// The id, if it can stand between angle brackets on one line.
fn writable(id: &Rfc5322MessageId) -> Option<&str> {
    let plain = |c: char| {
        !c.is_control()
            && !c.is_whitespace()
            && !"<>".contains(c)
            && !clean::is_bidi_control(c)
            && !clean::is_invisible(c)
    };
    let id = id.0.as_str();
    (!id.is_empty() && id.len() <= ID_BYTES_MAX && id.chars().all(plain)).then_some(id)
}

/// The same, in ASCII: that an ancestor has an international id is no reason to need SMTPUTF8.
pub(super) fn writable_ascii(id: &Rfc5322MessageId) -> Option<&str> {
    writable(id).filter(|id| id.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;
    use caliopen_model::Protocol;

    fn written(write: impl FnOnce(&mut Fields)) -> String {
        let mut fields = Fields::default();
        write(&mut fields);
        String::from_utf8(fields.into_bytes()).expect("fields are UTF-8")
    }

    fn person(name: &str, address: &str) -> Participant {
        let handle = Handle::literal(Protocol::Email, address);
        Participant { name: (!name.is_empty()).then(|| name.to_owned()), handle }
    }

    #[test]
    fn text_stays_text_when_it_can() {
        let check = |text: &str, expected: &str| {
            assert_eq!(written(|fields| fields.text("Subject", text)), expected, "{text:?}");
        };
        check("Hello", "Subject: Hello\r\n");
        check("", "");
        check(" \r\n ", "");
        check("Été", "Subject: =?utf-8?B?w4l0w6k=?=\r\n");
        check("=?utf-8?q?a?=", "Subject: =?utf-8?B?PT91dGYtOD9xP2E/PSA=?=\r\n");
        check("a\r\nBcc: eve@example.org", "Subject: a Bcc: eve@example.org\r\n");
        let (first, second) = ("eight be ".repeat(7), "be eight ".repeat(6));
        check(&format!("{first}eight {second}"), &format!("Subject: {first}eight\r\n {}\r\n", second.trim()));
    }

    #[test]
    fn names_are_encoded_and_addresses_are_not() {
        let check = |name: &str, address: &str, expected: &str| {
            let people = [person(name, address)];
            let found = written(|fields| fields.people("To", &people).expect("it can be written"));
            assert_eq!(found, expected, "{name:?} {address:?}");
        };
        check("", "ana@example.org", "To: <ana@example.org>\r\n");
        check("Ana", "ana@example.org", "To: \"Ana\" <ana@example.org>\r\n");
        check("Ana \"A\"", "ana@example.org", "To: \"Ana \\\"A\\\"\" <ana@example.org>\r\n");
        check("José", "jose@example.org", "To: =?utf-8?B?Sm9zw6k=?= <jose@example.org>\r\n");
        check("José", "josé@example.org", "To: =?utf-8?B?Sm9zw6k=?= <josé@example.org>\r\n");
        check("a\r\nBcc: x", "a@x.org", "To: \"a Bcc: x\" <a@x.org>\r\n");
        check("", "\"a b\"@x.org", "To: <\"a b\"@x.org>\r\n");
        check("=?utf-8?q?a?=", "a@x.org", "To: =?utf-8?B?PT91dGYtOD9xP2E/PSA=?= <a@x.org>\r\n");
    }

    #[test]
    fn an_address_is_one_address_or_an_error() {
        let hostile = [
            "no-at",
            "a@x.org\r\nBcc: b@x.org",
            "\"a\", <b@x.org>, \"c\"@x.org",
            "\"a\\\"@x.org",
            "a@x.org, b@x.org",
            "a@x.org\u{202E}",
            "a@ex\u{200B}ample.org",
            "a@x.org.",
            "=?utf-8?q?ceo=40bank.example?=@x.org",
            "a b@x.org",
            "\"a\u{2028}b\"@x.org",
        ];
        for address in hostile {
            let people = [person("", address)];
            assert_eq!(Fields::default().people("To", &people), Err(BuildError::Address), "{address:?}");
        }
    }

    #[test]
    fn a_chain_keeps_its_ends() {
        let ids: Vec<Rfc5322MessageId> =
            (0..40).map(|number| Rfc5322MessageId(format!("{number}@x.org"))).collect();
        let parent = Rfc5322MessageId("39@x.org".to_owned());
        let found = written(|fields| fields.chain(Some(&parent), &ids));
        let (answered, chain) = found.split_once("\r\nReferences: ").expect("two fields");
        assert_eq!(answered, "In-Reply-To: <39@x.org>");
        let kept: Vec<&str> = chain.split_whitespace().collect();
        assert_eq!(kept.len(), CHAIN_MAX);
        assert_eq!((kept[0], kept[1], kept[19]), ("<0@x.org>", "<21@x.org>", "<39@x.org>"));
        assert!(found.lines().all(|line| line.len() <= 78), "{found}");
        let strange = Rfc5322MessageId("a b>\r\nX: y".to_owned());
        assert_eq!(written(|fields| fields.chain(Some(&strange), &[])), "");
    }

    #[test]
    fn a_date_is_in_utc() {
        let found = written(|fields| fields.date("Date", Timestamp::from_unix_ms(1_700_000_000_999)));
        assert_eq!(found, "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n");
    }
}
