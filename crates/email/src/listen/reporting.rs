//! Reports of deliveries to senders who asked for them: NOTIFY=SUCCESS (RFC 3461 §5.2.1), as RFC 3464 writes them.
//!
//! There is nothing else to report: what this host does not deliver it has refused, and whoever holds the message then
//! says so. Only a sender whom SPF vouches for is written to. Anybody can write any address into MAIL, and would have
//! this host write to strangers (docs/decisions/0011-who-is-told-of-a-delivery.md).

use crate::failures::{ORIGINAL_BYTES_MAX, mail_system};
use crate::verify::{Resolver, Verifier};
use caliopen_connect::{Arrival, DeliveryVerdict, Notice, Protection};
use caliopen_mime::{Action, DeliveryReport, RecipientReport, ReportLetter};
use caliopen_model::{Evidence, Handle, Protocol, Rfc5322MessageId, SpfResult};
use caliopen_smtp::{RecipientAsked, ReportsAsked};
use std::sync::Arc;

/// Fills these bytes with chance.
type Entropy = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// Who reports.
pub struct Reporting {
    verifier: Verifier,
    host_name: String,
    entropy: Entropy,
}

impl Reporting {
    /// In this host's name; this resolver is asked who the sender is.
    pub fn new(host_name: impl Into<String>, resolver: Resolver, entropy: Entropy) -> Self {
        Self { verifier: Verifier::new(resolver), host_name: host_name.into(), entropy }
    }

    /// The report of a delivery, when the sender asked for one and is who it says.
    pub(super) async fn notice(
        &self,
        arrival: &Arrival,
        asked: &ReportsAsked,
        verdicts: &[DeliveryVerdict],
    ) -> Option<Notice> {
        let sender = arrival.envelope.reverse_path.as_ref()?;
        let delivered = arrival.envelope.recipients.iter().zip(&asked.recipients).zip(verdicts);
        let delivered = delivered
            .filter(|((_, asked), verdict)| asked.wants_success() && **verdict == DeliveryVerdict::Stored);
        let recipients: Vec<RecipientReport> =
            delivered.map(|((recipient, asked), _)| report(recipient, asked)).collect();
        if recipients.is_empty() || !self.is_proven(arrival, sender).await {
            return None;
        }
        let raw = caliopen_mime::build_report(&self.letter(arrival, sender, asked, recipients)).ok()?;
        let (recipient, protection) = (sender.clone(), Protection::AsDemanded);
        Some(Notice { protocol: Protocol::Email, recipient, raw: raw.into(), protection })
    }

    /// SPF of the return path itself (RFC 7208 §2.4): the look-ups were made a moment ago, and are remembered.
    async fn is_proven(&self, arrival: &Arrival, sender: &Handle) -> bool {
        let (message, _) = caliopen_mime::parse(&arrival.raw);
        let verified = self.verifier.verify(arrival, &message).await;
        verified.evidence.iter().any(|fact| match fact {
            Evidence::Authentication(found) => {
                found.spf == SpfResult::Pass && found.spf_domain == sender.domain()
            }
            _ => false,
        })
    }

    fn letter(
        &self,
        arrival: &Arrival,
        sender: &Handle,
        asked: &ReportsAsked,
        recipients: Vec<RecipientReport>,
    ) -> ReportLetter {
        let (mut id, mut chance) = ([0; 16], [0; 32]);
        (self.entropy)(&mut id);
        (self.entropy)(&mut chance);
        let names: String =
            recipients.iter().map(|recipient| format!("  {}\n", recipient.final_recipient)).collect();
        ReportLetter {
            id: Rfc5322MessageId(format!("{:032x}@{}", u128::from_be_bytes(id), self.host_name)),
            sent_at: arrival.received_at,
            from: mail_system(&self.host_name),
            to: sender.clone(),
            subject: "Your message was delivered".to_owned(),
            text: format!(
                "Your message is in the mailbox of:\n\n{names}\nYou asked to be told. It says nothing of whether \
                 anybody reads it.\n"
            ),
            report: DeliveryReport {
                reporting_host: self.host_name.clone(),
                envelope_id: asked.envelope_id.clone(),
                arrived_at: Some(arrival.received_at),
                recipients,
                original_id: None,
            },
            original: arrival.raw.get(..ORIGINAL_BYTES_MAX).unwrap_or(&arrival.raw).to_vec(),
            chance,
        }
    }
}

fn report(recipient: &Handle, asked: &RecipientAsked) -> RecipientReport {
    RecipientReport {
        original_recipient: asked.original.as_ref().map(ToString::to_string),
        final_recipient: recipient.address().to_owned(),
        action: Action::Delivered,
        status: "2.0.0".to_owned(),
        remote_host: None,
        said: None,
        retried_until: None,
    }
}
