//! Delivery status notifications as they leave (RFC 3464, 6522, 6533).

use super::{BuildError, fields::Fields, flowed, parts::Part};
use crate::{
    clean,
    limits::{DIAGNOSTIC_CHARS_MAX, PART_HEADER_BYTES_MAX},
    report::{DeliveryReport, RecipientReport, status},
};
use caliopen_model::{Handle, Participant, Rfc5322MessageId, Timestamp};

/// A report to the sender of a message, in words and for programs. It goes from the null reverse-path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportLetter {
    /// Its own id.
    pub id: Rfc5322MessageId,
    /// When it is sent.
    pub sent_at: Timestamp,
    /// The host's own address for such mail.
    pub from: Participant,
    /// Who sent the message.
    pub to: Handle,
    /// The subject, in the language of the sender.
    pub subject: String,
    /// What happened and what to do, in the language of the sender.
    pub text: String,
    /// The same for programs. `original_id` is not written by itself: it stands in the original's header.
    pub report: DeliveryReport,
    /// The message that it is about: its header is returned, and nothing of its body.
    pub original: Vec<u8>,
    /// Random bytes for the boundaries.
    pub chance: [u8; 32],
}

/// Writes a delivery status notification.
///
/// # Errors
///
/// When an address of the letter itself cannot be written. What the report says is cleaned instead: it is
/// text of others.
pub fn build_report(letter: &ReportLetter) -> Result<Vec<u8>, BuildError> {
    let mut fields = Fields::default();
    fields.people("From", std::slice::from_ref(&letter.from))?;
    fields.people("To", &[Participant { name: None, handle: letter.to.clone() }])?;
    fields.text("Subject", &letter.subject);
    fields.date("Date", letter.sent_at);
    fields.own_id(&letter.id)?;
    fields.chain(letter.report.original_id.as_ref(), &[]);
    // So that no program answers it (RFC 3834 §2).
    fields.verbatim("Auto-Submitted", "auto-replied");
    fields.verbatim("MIME-Version", "1.0");
    let words = super::text(&letter.text);
    let parts = vec![words, for_programs(&letter.report), returned(&letter.original)];
    Ok(Part::report(parts).write(fields, letter.chance))
}

fn for_programs(report: &DeliveryReport) -> Part<'static> {
    let mut groups = Fields::default();
    groups.ascii("Reporting-MTA", "dns; ", &report.reporting_host);
    groups.ascii("Original-Envelope-Id", "", report.envelope_id.as_deref().unwrap_or_default());
    if let Some(at) = report.arrived_at {
        groups.date("Arrival-Date", at);
    }
    for recipient in &report.recipients {
        groups.gap();
        group(recipient, &mut groups);
    }
    let mut fields = Fields::default();
    fields.verbatim("Content-Type", "message/delivery-status");
    Part::seven_bit(fields, &groups.into_bytes())
}

fn group(recipient: &RecipientReport, fields: &mut Fields) {
    if let Some(original) = &recipient.original_recipient {
        address("Original-Recipient", original, fields);
    }
    address("Final-Recipient", &recipient.final_recipient, fields);
    fields.verbatim("Action", recipient.action.word());
    let given = status(&recipient.status).filter(|given| given.len() == recipient.status.len());
    fields.verbatim("Status", given.unwrap_or(recipient.action.status()));
    fields.ascii("Remote-MTA", "dns; ", recipient.remote_host.as_deref().unwrap_or_default());
    let said = recipient.said.as_deref().unwrap_or_default();
    fields.ascii("Diagnostic-Code", "smtp; ", clean::cut(said, DIAGNOSTIC_CHARS_MAX));
    if let Some(until) = recipient.retried_until {
        fields.date("Will-Retry-Until", until);
    }
}

/// An address with its type; one that is not ASCII is escaped (RFC 6533 §3), so that the part stays 7-bit.
fn address(name: &str, address: &str, fields: &mut Fields) {
    if address.is_ascii() {
        fields.ascii(name, "rfc822; ", address);
        return;
    }
    let escaped = |c: char| match c {
        '\\' | '+' | '=' => format!("\\x{{{:02X}}}", u32::from(c)),
        _ if c.is_ascii() => c.to_string(),
        _ => format!("\\x{{{:02X}}}", u32::from(c)),
    };
    let address: String = clean::one_line(address, usize::MAX).chars().map(escaped).collect();
    fields.ascii(name, "utf-8; ", &address);
}

/// The header of the original (RFC 6522 §4), cut where a reader would cut it.
fn returned(original: &[u8]) -> Part<'static> {
    let cut = original.get(..PART_HEADER_BYTES_MAX).unwrap_or(original);
    let text = String::from_utf8_lossy(cut).replace("\r\n", "\n");
    let header = text.split("\n\n").next().unwrap_or_default();
    let mut lines: Vec<&str> = header.trim_start_matches('\n').lines().collect();
    if cut.len() < original.len() && header.len() == text.len() {
        // The last line is not whole.
        lines.pop();
    }
    let lines: String =
        lines.iter().map(|line| format!("{}\r\n", flowed::plain(line).replace('\n', ""))).collect();
    let charset: &[(&str, &str)] = if lines.is_ascii() { &[] } else { &[("charset", "utf-8")] };
    Part::header("text/rfc822-headers", charset, &lines)
}
