//! Delivery status notifications as they arrive (RFC 3464, 6522, 6533): what another host says became of a
//! message. Nothing of it is proved: whoever asks matches it with what was sent.

use crate::{
    clean,
    defects::Defects,
    headers::Headers,
    ids,
    limits::{ADDRESSES_MAX, DIAGNOSTIC_CHARS_MAX, ID_BYTES_MAX},
    structure::{Node, PART_LIMITS, Tree},
    vendor,
};
use caliopen_model::{Rfc5322MessageId, Timestamp};

/// What one host reports of one message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeliveryReport {
    /// The host that reports.
    pub reporting_host: String,
    /// What the sender called the transaction (RFC 3461 §4.4).
    pub envelope_id: Option<String>,
    /// When that host had the message.
    pub arrived_at: Option<Timestamp>,
    /// One for each recipient that it speaks of, in order.
    pub recipients: Vec<RecipientReport>,
    /// The message that it is about, from what was returned of it.
    pub original_id: Option<Rfc5322MessageId>,
}

/// What became of a message for one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientReport {
    /// The address that the sender gave, if the host says another now.
    pub original_recipient: Option<String>,
    /// The address that it was for in the end.
    pub final_recipient: String,
    /// What was done.
    pub action: Action,
    /// The enhanced status (RFC 3463); that of the action when the host gave none.
    pub status: String,
    /// The host that decided.
    pub remote_host: Option<String>,
    /// That host's own words: one line, cleaned. Never trusted.
    pub said: Option<String>,
    /// Until when it is tried again.
    pub retried_until: Option<Timestamp>,
}

/// RFC 3464 §2.3.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Given up.
    Failed,
    /// Not yet, and still tried.
    Delayed,
    /// In the mailbox.
    Delivered,
    /// Handed to a host that reports nothing.
    Relayed,
    /// Delivered to several addresses instead, which are not reported of.
    Expanded,
}

impl Action {
    const ALL: [Self; 5] = [Self::Failed, Self::Delayed, Self::Delivered, Self::Relayed, Self::Expanded];

    /// The word of the standard.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Delayed => "delayed",
            Self::Delivered => "delivered",
            Self::Relayed => "relayed",
            Self::Expanded => "expanded",
        }
    }

    /// The status that says no more than this.
    pub const fn status(self) -> &'static str {
        match self {
            Self::Failed => "5.0.0",
            Self::Delayed => "4.0.0",
            Self::Delivered | Self::Relayed | Self::Expanded => "2.0.0",
        }
    }

    fn read(word: &str, status: Option<&str>) -> Option<Self> {
        let word = word.split([' ', ';', '(']).next().unwrap_or_default();
        let known = Self::ALL.into_iter().find(|action| word.eq_ignore_ascii_case(action.word()));
        known.or_else(|| match status?.as_bytes().first()? {
            b'2' => Some(Self::Delivered),
            b'4' => Some(Self::Delayed),
            _ => Some(Self::Failed),
        })
    }
}

/// Reads a delivery status notification; nothing when the message is none, or speaks of nobody. Never fails.
pub fn delivery_report(raw: &[u8]) -> Option<DeliveryReport> {
    let mut defects = Defects::default();
    let tree = Tree::read(raw, &mut defects);
    let root = tree.root()?;
    let is_status =
        |node: &&Node<'_>| node.is("message/delivery-status") || node.is("message/global-delivery-status");
    let status = tree.children(root).find(is_status)?;
    let mut report = DeliveryReport::default();
    let decoded = status.encoding.decode(status.body, &mut defects);
    let mut rest = decoded.as_slice();
    while !rest.is_empty() && report.recipients.len() < ADDRESSES_MAX {
        let (group, after) = Headers::split(rest, PART_LIMITS, &mut defects);
        if after.len() == rest.len() {
            break;
        }
        rest = after;
        if let Some(recipient) = recipient(&group, &mut defects) {
            report.recipients.push(recipient);
        } else {
            of_message(&group, &mut report, &mut defects);
        }
    }
    report.original_id = tree.children(root).find_map(|node| original_id(node, &mut defects));
    (!report.recipients.is_empty()).then_some(report)
}

/// The fields about the message (RFC 3464 §2.2); the first of each counts.
fn of_message(group: &Headers<'_>, report: &mut DeliveryReport, defects: &mut Defects) {
    if report.reporting_host.is_empty() {
        report.reporting_host = typed(group, "Reporting-MTA").unwrap_or_default();
    }
    if report.envelope_id.is_none() {
        let id = group.first("Original-Envelope-Id");
        report.envelope_id = id.map(|id| clean::one_line(&id, ID_BYTES_MAX)).filter(|id| !id.is_empty());
    }
    if report.arrived_at.is_none() {
        report.arrived_at = instant(group, "Arrival-Date", defects);
    }
}

/// The fields about one recipient (RFC 3464 §2.3).
fn recipient(group: &Headers<'_>, defects: &mut Defects) -> Option<RecipientReport> {
    let original = typed(group, "Original-Recipient");
    let last = typed(group, "Final-Recipient").or_else(|| original.clone())?;
    let status = group.first("Status").as_deref().and_then(status).map(str::to_owned);
    let action = Action::read(&group.first("Action").unwrap_or_default(), status.as_deref())?;
    let said = group.first("Diagnostic-Code").map(|code| {
        let words = code.split_once(';').map_or(code.as_str(), |(_, words)| words);
        clean::one_line(words, DIAGNOSTIC_CHARS_MAX)
    });
    Some(RecipientReport {
        original_recipient: original.filter(|original| *original != last),
        final_recipient: last,
        action,
        status: status.unwrap_or_else(|| action.status().to_owned()),
        remote_host: typed(group, "Remote-MTA"),
        said: said.filter(|said| !said.is_empty()),
        retried_until: instant(group, "Will-Retry-Until", defects),
    })
}

/// The value of `type; value`, comments left out.
fn typed(group: &Headers<'_>, name: &str) -> Option<String> {
    const VALUE_CHARS_MAX: usize = 320;
    let field = group.first(name)?;
    let (kind, value) = field.split_once(';').unwrap_or(("", field.as_str()));
    let value = value.split(" (").next().unwrap_or_default().trim().trim_matches(['<', '>']);
    let value = if kind.trim().eq_ignore_ascii_case("utf-8") { unescaped(value) } else { value.to_owned() };
    let value = clean::one_line(&value, VALUE_CHARS_MAX);
    (!value.is_empty()).then_some(value)
}

/// `\x{E9}` to the character (RFC 6533 §3).
fn unescaped(address: &str) -> String {
    let mut pieces = address.split("\\x{");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let decoded = piece.split_once('}').and_then(|(digits, after)| {
            Some((u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)?, after))
        });
        match decoded {
            Some((c, after)) => {
                text.push(c);
                text.push_str(after);
            }
            None => {
                text.push_str("\\x{");
                text.push_str(piece);
            }
        }
    }
    text
}

/// The enhanced status (RFC 3463 §2) that a field begins with.
pub(crate) fn status(field: &str) -> Option<&str> {
    let code = field.split([' ', '\t', '(']).next()?;
    let mut numbers = code.split('.');
    let (class, subject, detail) = (numbers.next()?, numbers.next()?, numbers.next()?);
    let number = |text: &str| (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let valid = matches!(class, "2" | "4" | "5") && number(subject) && number(detail);
    (valid && numbers.next().is_none()).then_some(code)
}

fn instant(group: &Headers<'_>, name: &str, defects: &mut Defects) -> Option<Timestamp> {
    const DATE_BYTES_MAX: usize = 200;
    let value = group.first(name)?;
    let seconds = vendor::date(clean::cut(&value, DATE_BYTES_MAX), defects)?;
    seconds.checked_mul(1_000).map(Timestamp::from_unix_ms)
}

/// The id of the message that was returned, whole or its header alone (RFC 6522 §3, RFC 6533 §4).
fn original_id(node: &Node<'_>, defects: &mut Defects) -> Option<Rfc5322MessageId> {
    const RETURNED: [&str; 4] =
        ["message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"];
    if !RETURNED.contains(&node.media.value.as_str()) {
        return None;
    }
    let decoded = node.encoding.decode(node.body, defects);
    let (headers, _) = Headers::split(&decoded, PART_LIMITS, defects);
    ids::own(&headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(status: &str) -> Option<DeliveryReport> {
        let raw = format!(
            "From: <>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
             --b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n{status}\r\n\
             --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <one@example.org>\r\n--b--\r\n"
        );
        delivery_report(raw.as_bytes())
    }

    #[test]
    fn a_report_is_read_by_recipient() {
        let found = report(
            "Reporting-MTA: dns; mx.example.net\r\nOriginal-Envelope-Id: q42\r\nArrival-Date: Tue, 14 Nov 2023 \
             22:13:20 +0000\r\n\r\nOriginal-Recipient: rfc822;old@example.net\r\nFinal-Recipient: RFC822; \
             <bo@example.net>\r\nAction: failed (sorry)\r\nStatus: 5.1.1 (no such user)\r\nRemote-MTA: dns; \
             mail.example.net (192.0.2.1)\r\nDiagnostic-Code: smtp; 550 5.1.1\r\n\tNo such\u{1b}[0m user\r\n\r\n\
             Final-Recipient: utf-8; jos\\x{E9}@example.net\r\nAction: delayed\r\nStatus: nonsense\r\n\
             Will-Retry-Until: Wed, 15 Nov 2023 22:13:20 +0000\r\n",
        )
        .expect("it is a report");
        assert_eq!(found.reporting_host, "mx.example.net");
        assert_eq!(found.envelope_id.as_deref(), Some("q42"));
        assert_eq!(found.arrived_at, Some(Timestamp::from_unix_ms(1_700_000_000_000)));
        assert_eq!(found.original_id, Some(Rfc5322MessageId("one@example.org".to_owned())));
        let failed = RecipientReport {
            original_recipient: Some("old@example.net".to_owned()),
            final_recipient: "bo@example.net".to_owned(),
            action: Action::Failed,
            status: "5.1.1".to_owned(),
            remote_host: Some("mail.example.net".to_owned()),
            said: Some("550 5.1.1 No such [0m user".to_owned()),
            retried_until: None,
        };
        let delayed = RecipientReport {
            original_recipient: None,
            final_recipient: "josé@example.net".to_owned(),
            action: Action::Delayed,
            status: "4.0.0".to_owned(),
            remote_host: None,
            said: None,
            retried_until: Some(Timestamp::from_unix_ms(1_700_086_400_000)),
        };
        assert_eq!(found.recipients, [failed, delayed]);
    }

    #[test]
    fn what_speaks_of_nobody_is_no_report() {
        assert_eq!(report("Reporting-MTA: dns; mx.example.net\r\n"), None);
        assert_eq!(report("nonsense\r\nmore"), None);
        assert_eq!(report(""), None);
        assert_eq!(report("\r\n\r\nFinal-Recipient: rfc822; a@x.org\r\n"), None);
        assert_eq!(
            delivery_report(b"Subject: Undelivered\r\n\r\nFinal-Recipient: rfc822; a@x.org\r\n"),
            None
        );
        assert_eq!(delivery_report(b""), None);
    }

    #[test]
    fn an_action_that_is_missing_is_that_of_the_status() {
        let action = |status: &str| {
            let group = format!("\r\nFinal-Recipient: rfc822; a@x.org\r\nStatus: {status}\r\n");
            report(&group).and_then(|report| report.recipients.first().map(|recipient| recipient.action))
        };
        assert_eq!(action("5.2.2"), Some(Action::Failed));
        assert_eq!(action("4.4.1"), Some(Action::Delayed));
        assert_eq!(action("2.0.0"), Some(Action::Delivered));
        assert_eq!(action("5.2"), None);
        assert_eq!(action("5.2222.1"), None);
    }

    #[test]
    fn an_escape_that_is_none_stays() {
        assert_eq!(unescaped("jos\\x{e9}@x\\x{110000}\\x{zz\\x{"), "josé@x\\x{110000}\\x{zz\\x{");
    }
}
