//! Commands as they go on the wire (RFC 5321 §4.1.1), with the parameters of the extensions that are offered.

use super::offers::Offers;
use super::outgoing::{Outgoing, Recipient, wire_path};
use crate::reports::{ENVELOPE_ID_BYTES_MAX, Notify, ORIGINAL_BYTES_MAX, Returned};
use caliopen_model::EmailAddress;
use std::fmt::Write as _;

/// MAIL with its line end.
pub(super) fn mail(outgoing: &Outgoing, offers: &Offers) -> String {
    let path = outgoing.reverse_path.as_ref().and_then(wire_path);
    let mut line = format!("MAIL FROM:{}", path.as_deref().unwrap_or("<>"));
    // Writing into memory does not fail.
    if offers.announces_size {
        let _ = write!(line, " SIZE={}", outgoing.content.bytes().len());
    }
    if outgoing.is_eight_bit() && offers.eight_bit_mime {
        line.push_str(" BODY=8BITMIME");
    }
    if outgoing.needs_smtputf8() && offers.smtputf8 {
        line.push_str(" SMTPUTF8");
    }
    if outgoing.requires_tls {
        line.push_str(" REQUIRETLS");
    }
    if offers.dsn {
        match outgoing.returned {
            Some(Returned::Full) => line.push_str(" RET=FULL"),
            Some(Returned::Headers) => line.push_str(" RET=HDRS"),
            None => {}
        }
        if let Some(id) = outgoing.envelope_id.as_deref().and_then(envelope_id) {
            let _ = write!(line, " ENVID={id}");
        }
    }
    line.push_str("\r\n");
    line
}

/// RCPT with its line end. `None` when the address cannot be written.
pub(super) fn recipient(recipient: &Recipient, offers: &Offers) -> Option<String> {
    let mut line = format!("RCPT TO:{}", wire_path(&recipient.address)?);
    if offers.dsn {
        if let Some(notify) = recipient.notify {
            let _ = write!(line, " NOTIFY={}", notify_list(notify));
        }
        if let Some(original) = recipient.original.as_ref().and_then(original_recipient) {
            let _ = write!(line, " ORCPT={original}");
        }
    }
    line.push_str("\r\n");
    Some(line)
}

fn notify_list(notify: Notify) -> String {
    let Notify::On { success, failure, delay } = notify else { return "NEVER".to_owned() };
    let wanted = [(success, "SUCCESS"), (failure, "FAILURE"), (delay, "DELAY")];
    let words: Vec<&str> = wanted.iter().filter(|(wanted, _)| *wanted).map(|(_, word)| *word).collect();
    if words.is_empty() { "NEVER".to_owned() } else { words.join(",") }
}

fn envelope_id(id: &str) -> Option<String> {
    let printable = !id.is_empty() && id.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    let encoded = if printable { xtext(id) } else { return None };
    (encoded.len() <= ENVELOPE_ID_BYTES_MAX).then_some(encoded)
}

fn original_recipient(address: &EmailAddress) -> Option<String> {
    let text = address.to_string();
    let encoded = if text.is_ascii() {
        format!("rfc822;{}", xtext(&text))
    } else {
        format!("utf-8;{}", utf8_xtext(&text))
    };
    (encoded.len() <= ORIGINAL_BYTES_MAX).then_some(encoded)
}

/// `xtext` of RFC 3461 §4.
fn xtext(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_graphic() && c != '+' && c != '=' {
            encoded.push(c);
        } else {
            let _ = write!(encoded, "+{:02X}", u32::from(c));
        }
    }
    encoded
}

/// `utf-8-addr-xtext` of RFC 6533 §3: it passes through servers without SMTPUTF8 too.
fn utf8_xtext(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_graphic() && !matches!(c, '+' | '=' | '\\') {
            encoded.push(c);
        } else {
            let _ = write!(encoded, "\\x{{{:02X}}}", u32::from(c));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> EmailAddress {
        EmailAddress::parse(text).expect("a test names addresses")
    }

    #[test]
    fn envelope_ids_are_encoded_and_bounded() {
        assert_eq!(envelope_id("a+b=c d").as_deref(), Some("a+2Bb+3Dc+20d"));
        assert_eq!(envelope_id(&"x".repeat(100)).map(|id| id.len()), Some(100));
        for bad in ["", "é", "a\r\nDATA", &"x".repeat(101), &"+".repeat(34)] {
            assert_eq!(envelope_id(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn original_recipients_name_their_kind() {
        let original = |text: &str| original_recipient(&address(text));
        assert_eq!(original("ana+x@a.test").as_deref(), Some("rfc822;ana+2Bx@a.test"));
        assert_eq!(original("josé+x@a.test").as_deref(), Some("utf-8;jos\\x{E9}\\x{2B}x@a.test"));
    }

    #[test]
    fn no_event_is_never() {
        let events = |success, failure, delay| notify_list(Notify::On { success, failure, delay });
        assert_eq!(events(true, true, true), "SUCCESS,FAILURE,DELAY");
        assert_eq!(events(false, true, false), "FAILURE");
        assert_eq!(events(false, false, false), "NEVER");
    }

    #[test]
    fn nothing_is_asked_that_is_not_offered() {
        let asked = Recipient {
            address: address("bob@b.test"),
            notify: Some(Notify::Never),
            original: Some(address("rob@b.test")),
        };
        assert_eq!(recipient(&asked, &Offers::default()).as_deref(), Some("RCPT TO:<bob@b.test>\r\n"));
        let offers = Offers { dsn: true, ..Offers::default() };
        let line = "RCPT TO:<bob@b.test> NOTIFY=NEVER ORCPT=rfc822;rob@b.test\r\n";
        assert_eq!(recipient(&asked, &offers).as_deref(), Some(line));
    }
}
