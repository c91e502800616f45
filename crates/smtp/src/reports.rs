//! What a sender wants to be told of its message (RFC 3461 §4): RET and ENVID of MAIL, NOTIFY and ORCPT of RCPT.
//!
//! Here they are read, as a server hears them. Whether anything is reported, and to whom, is not for the protocol.

use caliopen_model::EmailAddress;

/// Longest ENVID as it is written (RFC 3461 §4.4).
pub(crate) const ENVELOPE_ID_BYTES_MAX: usize = 100;
/// Longest ORCPT as it is written (RFC 3461 §4.2).
pub(crate) const ORIGINAL_BYTES_MAX: usize = 500;

/// How much of the message a report of failure holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Returned {
    /// All of it.
    Full,
    /// Its header section.
    Headers,
}

/// When a server down the way reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notify {
    /// Never.
    Never,
    /// On the events that are true; with none of them it is like [`Notify::Never`].
    On {
        /// It was delivered.
        success: bool,
        /// It was not.
        failure: bool,
        /// It takes long.
        delay: bool,
    },
}

/// What is asked about one message. Nothing when it is the default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReportsAsked {
    /// RET.
    pub returned: Option<Returned>,
    /// ENVID, decoded: printable ASCII, to be said back in each report.
    pub envelope_id: Option<String>,
    /// For each recipient of the envelope, in its order.
    pub recipients: Vec<RecipientAsked>,
}

/// What is asked about one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecipientAsked {
    /// NOTIFY. Without it a failure is reported, and a delay may be (RFC 3461 §4.1).
    pub notify: Option<Notify>,
    /// ORCPT, decoded, when it is an address of mail: the one that the sender wrote.
    pub original: Option<EmailAddress>,
    /// Something was asked, even if nothing of it is kept.
    pub(crate) is_asked: bool,
}

impl ReportsAsked {
    /// Whether MAIL asked for anything.
    pub(crate) const fn by_mail(&self) -> bool {
        self.returned.is_some() || self.envelope_id.is_some()
    }
}

impl RecipientAsked {
    /// Whether a delivery is to be reported.
    pub const fn wants_success(&self) -> bool {
        matches!(self.notify, Some(Notify::On { success: true, .. }))
    }
}

/// The value of RET.
pub(crate) fn returned(value: &str) -> Option<Returned> {
    match value.to_ascii_uppercase().as_str() {
        "FULL" => Some(Returned::Full),
        "HDRS" => Some(Returned::Headers),
        _ => None,
    }
}

/// The value of ENVID.
pub(crate) fn envelope_id(value: &str) -> Option<String> {
    let id = (value.len() <= ENVELOPE_ID_BYTES_MAX).then(|| xtext(value)).flatten()?;
    let printable = !id.is_empty() && id.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    printable.then_some(id)
}

/// The value of NOTIFY.
pub(crate) fn notify(value: &str) -> Option<Notify> {
    let value = value.to_ascii_uppercase();
    if value == "NEVER" {
        return Some(Notify::Never);
    }
    let (mut success, mut failure, mut delay) = (false, false, false);
    for event in value.split(',') {
        match event {
            "SUCCESS" => success = true,
            "FAILURE" => failure = true,
            "DELAY" => delay = true,
            _ => return None,
        }
    }
    Some(Notify::On { success, failure, delay })
}

/// The value of ORCPT: an error when it is malformed, nothing when it is no address of mail.
pub(crate) fn original(value: &str) -> Result<Option<EmailAddress>, ()> {
    let (kind, encoded) = value.split_once(';').filter(|_| value.len() <= ORIGINAL_BYTES_MAX).ok_or(())?;
    let decoded = match kind.to_ascii_lowercase().as_str() {
        "rfc822" => xtext(encoded).ok_or(())?,
        "utf-8" => utf8_xtext(encoded).ok_or(())?,
        _ => return xtext(encoded).map(|_| None).ok_or(()),
    };
    Ok(EmailAddress::parse(&decoded).ok())
}

/// Decodes `xtext` (RFC 3461 §4). What is not UTF-8 afterwards is none.
fn xtext(text: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'+' => decoded.push((hex(bytes.next()?)? << 4) | hex(bytes.next()?)?),
            b'=' => return None,
            graphic if graphic.is_ascii_graphic() => decoded.push(graphic),
            _ => return None,
        }
    }
    String::from_utf8(decoded).ok()
}

/// Only in upper case (RFC 3461 §4).
const fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// Decodes `utf-8-addr-xtext` and `utf-8-addr-unitext` (RFC 6533 §3).
fn utf8_xtext(text: &str) -> Option<String> {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        decoded.push_str(before);
        let (digits, after) = after.strip_prefix("x{")?.split_once('}')?;
        let sound = (2..=6).contains(&digits.len()) && digits.bytes().all(|digit| hex(digit).is_some());
        decoded.push(char::from_u32(u32::from_str_radix(digits, 16).ok().filter(|_| sound)?)?);
        rest = after;
    }
    decoded.push_str(rest);
    (!decoded.contains(char::is_control)).then_some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn events_are_never_or_some() {
        let on = |success, failure, delay| Some(Notify::On { success, failure, delay });
        assert_eq!(notify("never"), Some(Notify::Never));
        assert_eq!(notify("SUCCESS"), on(true, false, false));
        assert_eq!(notify("Delay,FAILURE"), on(false, true, true));
        for wrong in ["", "NEVER,FAILURE", "SUCCESS,", "SUCCESS FAILURE", "ALWAYS"] {
            assert_eq!(notify(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_envelope_id_is_decoded_printable_and_bounded() {
        assert_eq!(envelope_id("a+2Bb+3Dc+20d").as_deref(), Some("a+b=c d"));
        for wrong in ["", "a=b", "a+2", "a+2b", "a+0D+0ADATA", "+C3+A9", "é", &"x".repeat(101)] {
            assert_eq!(envelope_id(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_original_recipient_is_an_address_of_mail_or_nothing() {
        let address = |text: &str| Ok(Some(EmailAddress::parse(text).unwrap()));
        assert_eq!(original("rfc822;ana+2Bx@a.test"), address("ana+x@a.test"));
        assert_eq!(original("UTF-8;jos\\x{E9}\\x{2B}x@a.test"), address("josé+x@a.test"));
        assert_eq!(original("utf-8;josé@a.test"), address("josé@a.test"));
        assert_eq!(original("x400;/c=fr"), Err(()));
        assert_eq!(original("x400;/c+3Dfr"), Ok(None));
        assert_eq!(original("rfc822;nobody"), Ok(None));
        let long = format!("rfc822;{}@a.test", "x".repeat(500));
        for wrong in
            ["", "rfc822", "rfc822;a b@c", "rfc822;é@a.test", "utf-8;\\x{0D}a@b.test", "utf-8;\\x{ZZ}", &long]
        {
            assert_eq!(original(wrong), Err(()), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_value_is_read_or_refused_and_never_holds_a_line_end(text in "\\PC{0,40}|[+\\\\x{}0-9A-F;a-z@.]{0,40}") {
            let _ = (returned(&text), notify(&text));
            let id = envelope_id(&text).unwrap_or_default();
            let first = original(&text).ok().flatten().map(|address| address.to_string()).unwrap_or_default();
            prop_assert!(!(id + &first).contains(['\r', '\n', '\0']));
        }
    }
}
