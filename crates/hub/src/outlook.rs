//! What is to be expected of a message before it is sent: the evidence that its way to somebody would give, so that its
//! index can be shown while it is written. Nobody's host is spoken to.

use crate::Hub;
use crate::access::Access;
use crate::error::HubError;
use crate::indices::ways::{self, Look};
use crate::owner::Plan;
use crate::queue::ours;
use crate::receive::{gather, inside, way};
use caliopen_connect::{ExpectedChannel, Outlook, RecipientVerdict, Verified};
use caliopen_model::{Cause, Evidence, Handle, Hop, HopProof, HopSecurity, Reach, Timestamp, Trouble};
use futures_util::future::try_join_all;

/// What is to be expected of a message to one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutlookView {
    /// What the index of the message would rest on.
    pub evidence: Vec<Evidence>,
    /// Everything could be looked up in time. When not, what is missing gives no point.
    pub complete: bool,
    /// Why it would not leave, or not arrive, when that is known.
    pub trouble: Option<Trouble>,
    /// What proved who answers when a message went there last, and would not now.
    pub lost: Option<LostProof>,
}

/// A proof that a way had and has no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LostProof {
    /// By what it was proven.
    pub by: HopProof,
    /// When a message went over it last, to the day.
    pub at: Timestamp,
}

impl OutlookView {
    /// Nothing would prove who answers. Where nobody would be reached at all, that says enough.
    fn lacks_proof(&self) -> bool {
        let is_proven = |fact: &Evidence| match fact {
            Evidence::Hop(hop) => {
                matches!(hop.security, HopSecurity::Authenticated | HopSecurity::SameServer)
            }
            _ => false,
        };
        let is_reached = self.trouble.as_ref().is_none_or(|trouble| trouble.cause == Cause::NotPrivate);
        is_reached && !self.evidence.iter().any(is_proven)
    }
}

impl Hub {
    /// What is to be expected of a message to each of these people, in their order: looked up together, within the
    /// connectors' own limits.
    pub async fn outlooks(
        &self,
        access: &Access,
        recipients: &[Handle],
    ) -> Result<Vec<OutlookView>, HubError> {
        let mut views = try_join_all(recipients.iter().map(|recipient| self.outlook(recipient))).await?;
        self.note_looks(access, recipients, &mut views).await?;
        Ok(views)
    }

    /// What was found becomes what is known of the contacts: an index is new once somebody looked. What could not be
    /// looked up in time says nothing, and takes nothing back.
    async fn note_looks(
        &self,
        access: &Access,
        recipients: &[Handle],
        views: &mut [OutlookView],
    ) -> Result<(), HubError> {
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        for (recipient, view) in recipients.iter().zip(views).filter(|(_, view)| view.complete) {
            if view.lacks_proof() {
                let before = ways::proof_before(&plan, recipient).await?;
                view.lost = before.map(|(by, at)| LostProof { by, at });
            }
            let reach = if view.trouble.is_some() { Reach::Nowhere } else { Reach::Open };
            ways::note(&mut plan, recipient, Look { reach, evidence: view.evidence.clone() }).await?;
        }
        if plan.is_empty() { Ok(()) } else { self.commit(plan).await }
    }

    async fn outlook(&self, recipient: &Handle) -> Result<OutlookView, HubError> {
        match self.recipient_verdict(recipient).await? {
            RecipientVerdict::Accepted | RecipientVerdict::MailboxFull => {
                Ok(self.of(inside().evidence, true, None))
            }
            RecipientVerdict::NoSuchUser => {
                Ok(self.of(Vec::new(), true, Some(ours(Cause::NoSuchRecipient, "5.1.1"))))
            }
            RecipientVerdict::NotLocal | RecipientVerdict::TryLater => {
                Ok(self.outlook_elsewhere(recipient).await)
            }
        }
    }

    async fn outlook_elsewhere(&self, recipient: &Handle) -> OutlookView {
        let outlook = match self.core.carrier(recipient.protocol()) {
            Some(carrier) => carrier.outlook(recipient).await,
            None => None,
        };
        match outlook {
            Some(outlook) => self.of(expected(&outlook), outlook.complete, outlook.trouble),
            None => self.of(Vec::new(), false, None),
        }
    }

    /// What the way would give comes to what a letter has of its own.
    pub(crate) fn of(&self, way: Vec<Evidence>, complete: bool, trouble: Option<Trouble>) -> OutlookView {
        let evidence = gather(Verified::default()).into_iter().chain(way).collect();
        OutlookView { evidence: self.core.as_known_here(evidence), complete, trouble, lost: None }
    }
}

/// What a delivery would say. Any of the hosts may be the one that answers: the weakest channel counts.
pub(crate) fn expected(outlook: &Outlook) -> Vec<Evidence> {
    let usable = outlook.hosts.iter().filter(|host| host.channel != ExpectedChannel::Withheld);
    let Some(weakest) = usable.min_by_key(|host| security(host.channel)) else { return Vec::new() };
    let proof = match weakest.channel {
        ExpectedChannel::Proven(by) => Some(by),
        _ => None,
    };
    let hop = Hop { peer: weakest.host.clone(), security: security(weakest.channel), tls: None };
    way(hop, proof, &outlook.service)
}

/// How the hop would be secured, as far as anybody can say before it is taken. What is encrypted only if the host can is
/// not known.
const fn security(channel: ExpectedChannel) -> HopSecurity {
    match channel {
        ExpectedChannel::AsItCan | ExpectedChannel::Withheld => HopSecurity::Unknown,
        ExpectedChannel::Clear => HopSecurity::Clear,
        ExpectedChannel::Encrypted => HopSecurity::Opportunistic,
        ExpectedChannel::Proven(_) => HopSecurity::Authenticated,
    }
}
