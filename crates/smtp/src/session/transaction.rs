//! One mail transaction (RFC 5321 §3.3): from MAIL to the reply after the message.

use super::Envelope;
use crate::content::Content;
use crate::reports::{RecipientAsked, ReportsAsked};
use caliopen_model::EmailAddress;
use std::collections::BTreeMap;

/// What MAIL, RCPT, DATA and BDAT have said so far.
#[derive(Debug)]
pub(super) struct Transaction {
    pub(super) reverse_path: Option<EmailAddress>,
    /// The size that MAIL announced, or 0.
    pub(super) announced_bytes: u64,
    pub(super) smtputf8: bool,
    /// It may go on over proven channels alone.
    pub(super) requires_tls: bool,
    /// Each recipient once, however often it was named: it gets one copy.
    forward_paths: Vec<EmailAddress>,
    by_canonical: BTreeMap<String, usize>,
    /// For each accepted RCPT, its recipient's place: LMTP answers each (RFC 2033 §4.2).
    accepted: Vec<usize>,
    /// What is to be reported (RFC 3461).
    asked: ReportsAsked,
    /// The same of the recipient that is being looked up.
    pub(super) recipient_asked: RecipientAsked,
    /// The message, once DATA or the first BDAT came.
    pub(super) content: Option<Content>,
}

impl Transaction {
    pub(super) fn new(
        reverse_path: Option<EmailAddress>,
        announced_bytes: u64,
        smtputf8: bool,
        asked: ReportsAsked,
    ) -> Self {
        Self {
            reverse_path,
            announced_bytes,
            smtputf8,
            requires_tls: false,
            forward_paths: Vec::new(),
            by_canonical: BTreeMap::new(),
            accepted: Vec::new(),
            asked,
            recipient_asked: RecipientAsked::default(),
            content: None,
        }
    }

    /// How many RCPT commands were accepted.
    pub(super) const fn accepted_count(&self) -> usize {
        self.accepted.len()
    }

    /// Accepts a recipient again that was accepted before. Says whether it was.
    pub(super) fn accept_again(&mut self, recipient: &EmailAddress) -> bool {
        let known = self.by_canonical.get(&recipient.canonical()).copied();
        self.accepted.extend(known);
        known.is_some()
    }

    /// Accepts a recipient that is new.
    pub(super) fn accept(&mut self, recipient: EmailAddress) {
        let place = self.forward_paths.len();
        self.by_canonical.insert(recipient.canonical(), place);
        self.accepted.push(place);
        self.forward_paths.push(recipient);
        self.asked.recipients.push(std::mem::take(&mut self.recipient_asked));
    }

    /// For each accepted RCPT, the place of its recipient in the envelope.
    pub(super) fn accepted(&self) -> &[usize] {
        &self.accepted
    }

    /// The envelope; the places of its recipients stay here, for the replies.
    pub(super) fn take_envelope(&mut self) -> Envelope {
        Envelope {
            reverse_path: self.reverse_path.take(),
            forward_paths: std::mem::take(&mut self.forward_paths),
            asked: std::mem::take(&mut self.asked),
            requires_tls: self.requires_tls,
        }
    }
}
