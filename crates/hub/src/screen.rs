//! The screener: who writes for the first time waits among the new senders until the user accepts or refuses.
//!
//! Whoever the user wrote to, confirmed, or heard from before the screener began is no new sender; nor is whoever
//! answers the user's own message from another address, nor a report about it. A decision counts for a person (it
//! stands on their handles), for a domain, or for a list or the machines of an organisation (their conversation). The
//! screener begins with the user's first own message: before it everybody would be new
//! (docs/decisions/0016-new-senders.md).

mod decide;

pub use decide::DecideError;

use crate::Hub;
use crate::access::{Access, Sealed};
use crate::error::HubError;
use crate::keys::{self, ObjectType};
use crate::owner::Plan;
use crate::place::sender_organisation;
use crate::receive::Assessed;
use crate::records::{DecisionRecord, HandleRecord, StoredAdmission, StoredScreener, read};
use crate::relate;
use crate::resolve::Resolved;
use crate::standing::News;
use crate::views::{ConversationFilter, ConversationPatch, DecisionView, ScreenerView, Target};
use caliopen_model::{ChangeKind, ConversationId, ConversationKind, DecisionId, Place, Timestamp};

/// Where an arriving message may bring its conversation.
pub(crate) async fn news(
    plan: &Plan<'_>,
    assessed: &Assessed,
    kind: ConversationKind,
    author: Option<&Resolved>,
    conversation: ConversationId,
) -> Result<News, HubError> {
    if author.is_some_and(|author| author.handle.blocked) {
        return Ok(News::Unwanted);
    }
    // A forged From earns nothing from the person that it imitates. Lists break signatures all the time.
    let is_doubtful = assessed.suspicious && kind != ConversationKind::List;
    if !is_doubtful && author.is_some_and(is_known) {
        return Ok(News::Welcome);
    }
    match decided(plan, assessed, conversation).await? {
        Some(StoredAdmission::Refused) => return Ok(News::Unwanted),
        Some(StoredAdmission::Accepted) if !is_doubtful => return Ok(News::Welcome),
        _ => {}
    }
    let screens = plan.head.screener == StoredScreener::On;
    let is_expected = assessed.is_own_report
        || !assessed.returned.is_empty()
        || relate::answers_the_user(plan, &assessed.message).await?;
    Ok(if screens && (is_doubtful || !is_expected) { News::FirstTime } else { News::Welcome })
}

/// The user themself, and whom the user knows.
fn is_known(author: &Resolved) -> bool {
    let HandleRecord { wrote, written_to, confirmed, waiting, .. } = author.handle;
    author.contact().is_none() || written_to || confirmed || (wrote && !waiting)
}

/// What was decided about the conversation, or else about the author's domain.
async fn decided(
    plan: &Plan<'_>,
    assessed: &Assessed,
    conversation: ConversationId,
) -> Result<Option<StoredAdmission>, HubError> {
    if plan.head.decisions == 0 {
        return Ok(None);
    }
    let own = plan.get::<DecisionRecord>(&keys::decision(of_conversation(conversation))).await?;
    if let Some(own) = own {
        return Ok(Some(own.admission));
    }
    let Some(domain) = sender_organisation(&assessed.message) else { return Ok(None) };
    let of_domain = plan.get::<DecisionRecord>(&keys::decision(of_domain(plan, &domain))).await?;
    Ok(of_domain.map(|decision| decision.admission))
}

fn of_conversation(conversation: ConversationId) -> DecisionId {
    DecisionId::from_bytes(*conversation.as_bytes())
}

fn of_domain(plan: &Plan<'_>, domain: &str) -> DecisionId {
    DecisionId::from_bytes(plan.owner().blind.index("screened-domain", domain.as_bytes()))
}

impl Hub {
    /// Whether new senders wait.
    pub async fn screener(&self, access: &Access) -> Result<ScreenerView, HubError> {
        let screener = self.head(access).await?.screener;
        Ok(ScreenerView { is_on: screener != StoredScreener::Off, has_begun: screener == StoredScreener::On })
    }

    /// Lets new senders wait from now on, or no more: then those who wait stand in the inbox.
    pub async fn set_screener(&self, access: &Access, is_on: bool) -> Result<(), HubError> {
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        plan.head.screener = if is_on { StoredScreener::On } else { StoredScreener::Off };
        self.commit(plan).await?;
        if is_on {
            return Ok(());
        }
        let target = Target::All(ConversationFilter::of(Place::NewSenders));
        let to_inbox = ConversationPatch { place: Some(Place::Inbox), ..ConversationPatch::default() };
        let mut progress = self.change_many(access, &target, &to_inbox).await?;
        while !progress.finished {
            match self.change_more(access, &target, progress.operation).await? {
                Some(next) => progress = next,
                None => break,
            }
        }
        Ok(())
    }

    /// What was decided about domains and lists, the newest first.
    pub async fn decisions(&self, access: &Access) -> Result<Vec<DecisionView>, HubError> {
        let rows = self.core.scan_all(access.partition(), keys::decisions()).await?;
        let mut records = Vec::with_capacity(rows.len());
        for (key, row) in &rows {
            let id = key.last_chunk().copied().map(DecisionId::from_bytes).ok_or(HubError::Damaged)?;
            records.push((id, read::<DecisionRecord>(row)?));
        }
        access.open_epochs(&self.core, records.iter().map(|(_, record)| record.name.as_slice())).await?;
        let mut views = Vec::with_capacity(records.len());
        for (id, record) in records {
            let name = access.open(&Sealed { kind: "decision", key: id.as_bytes(), bytes: &record.name })?;
            let decided_at = Timestamp::from_unix_ms(record.decided_at);
            let (scope, admission) = (record.scope.into(), record.admission.into());
            views.push(DecisionView { id, scope, name, admission, decided_at });
        }
        views.sort_by_key(|view| std::cmp::Reverse((view.decided_at, view.id)));
        Ok(views)
    }

    /// Forgets a decision: the next message of a new sender waits again. False: there is no such decision.
    pub async fn forget_decision(&self, access: &Access, id: DecisionId) -> Result<bool, HubError> {
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        let there = forget(&mut plan, id).await?;
        if there {
            self.commit(plan).await?;
        }
        Ok(there)
    }
}

async fn forget(plan: &mut Plan<'_>, id: DecisionId) -> Result<bool, HubError> {
    if plan.get::<DecisionRecord>(&keys::decision(id)).await?.is_none() {
        return Ok(false);
    }
    plan.delete(keys::decision(id));
    plan.head.decisions = plan.head.decisions.saturating_sub(1);
    plan.changed(ObjectType::Decision, id.as_bytes(), ChangeKind::Destroyed);
    Ok(true)
}
