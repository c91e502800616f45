//! The user accepts or refuses a new sender, by person, by domain, or by list; or takes that back.

use super::{forget, of_conversation, of_domain};
use crate::Hub;
use crate::access::{Access, Sealed};
use crate::error::HubError;
use crate::joint;
use crate::keys::{self, ObjectType, View};
use crate::limits::{DECIDED_MAX, DECISIONS_MAX};
use crate::owner::Plan;
use crate::place::organisation;
use crate::records::{
    ContactRecord, ConversationRecord, DecisionRecord, HandleRecord, HeadlineRecord, PersonRecord,
    StoredPlace, StoredScreener,
};
use crate::resolve::handle_blind;
use crate::shelve::put_conversation;
use caliopen_model::{Admission, ChangeKind, ContactId, ConversationId, DecisionId, Handle, Place, Scope};

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// There is no such conversation.
    #[error("there is no such conversation")]
    Unknown,
    /// Its newest message names nobody of this kind: no other person, or no domain.
    #[error("this conversation has nobody to decide about in this way")]
    Nobody,
    /// See [`DECISIONS_MAX`].
    #[error("there are {DECISIONS_MAX} decisions already: forget one first")]
    TooMany,
    /// Storage, or a damaged record.
    #[error(transparent)]
    Hub(#[from] HubError),
}

/// Whom a decision is about.
enum Whom {
    Person(ContactId),
    Domain(String),
    Conversation(ConversationId, String),
}

impl Hub {
    /// Accepts or refuses whoever is behind a conversation; none asks again. Those of their conversations that wait are
    /// moved to the inbox, or to the bin, and named. Asking again moves none.
    pub async fn decide(
        &self,
        access: &Access,
        conversation: ConversationId,
        scope: Scope,
        admission: Option<Admission>,
    ) -> Result<Vec<ConversationId>, DecideError> {
        let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
        let (_, whole) = joint::strands_and_whole(&plan, conversation).await?;
        let whole = whole.ok_or(DecideError::Unknown)?;
        let headline = self.headline(access, whole.headline_of, &whole.record).await?;
        let whom = whom(&plan, conversation, &headline, scope).await?.ok_or(DecideError::Nobody)?;
        match &whom {
            Whom::Person(contact) => self.admit_person(access, &mut plan, *contact, admission).await?,
            Whom::Domain(domain) => {
                let id = of_domain(&plan, domain);
                self.put_decision(&mut plan, id, scope, domain, admission).await?;
            }
            Whom::Conversation(id, name) => {
                self.put_decision(&mut plan, of_conversation(*id), scope, name, admission).await?;
            }
        }
        if plan.head.screener == StoredScreener::NotBegun {
            plan.head.screener = StoredScreener::On;
        }
        let moved = match admission {
            Some(admission) => self.move_waiting(access, &mut plan, &whom, admission).await?,
            None => Vec::new(),
        };
        self.commit(plan).await?;
        Ok(moved)
    }

    async fn headline(
        &self,
        access: &Access,
        id: ConversationId,
        record: &ConversationRecord,
    ) -> Result<HeadlineRecord, HubError> {
        let sealed = Sealed { kind: "headline", key: id.as_bytes(), bytes: &record.headline };
        access.open_one(&self.core, &sealed).await
    }

    /// What arriving mail must know while the card is sealed stands on the handles.
    async fn admit_person(
        &self,
        access: &Access,
        plan: &mut Plan<'_>,
        id: ContactId,
        admission: Option<Admission>,
    ) -> Result<(), DecideError> {
        let record: Option<ContactRecord> = plan.get(&keys::contact(id)).await?;
        let opened = self.open_whole(access, plan, id, record.ok_or(DecideError::Nobody)?).await?;
        let (blocked, waiting) = (admission == Some(Admission::Refused), admission.is_none());
        for (handle, _) in opened.handles() {
            let key = keys::handle(&handle_blind(plan, &handle.canonical()));
            if let Some(known) = plan.get::<HandleRecord>(&key).await? {
                plan.put(key, &HandleRecord { blocked, waiting, ..known });
            }
        }
        plan.changed(ObjectType::Contact, id.as_bytes(), ChangeKind::Updated);
        Ok(())
    }

    async fn put_decision(
        &self,
        plan: &mut Plan<'_>,
        id: DecisionId,
        scope: Scope,
        name: &str,
        admission: Option<Admission>,
    ) -> Result<(), DecideError> {
        let Some(admission) = admission else {
            forget(plan, id).await?;
            return Ok(());
        };
        let is_new = plan.get::<DecisionRecord>(&keys::decision(id)).await?.is_none();
        if is_new && plan.head.decisions >= DECISIONS_MAX {
            return Err(DecideError::TooMany);
        }
        let name = plan.seal("decision", id.as_bytes(), &name.to_owned())?;
        let decided_at = self.core.clock.now().unix_ms();
        let record = DecisionRecord { scope: scope.into(), admission: admission.into(), decided_at, name };
        plan.put(keys::decision(id), &record);
        plan.head.decisions = plan.head.decisions.saturating_add(u32::from(is_new));
        let kind = if is_new { ChangeKind::Created } else { ChangeKind::Updated };
        plan.changed(ObjectType::Decision, id.as_bytes(), kind);
        Ok(())
    }

    /// Moves what waits of them. Costs O(what waits), of which a bounded number is looked at.
    async fn move_waiting(
        &self,
        access: &Access,
        plan: &mut Plan<'_>,
        whom: &Whom,
        admission: Admission,
    ) -> Result<Vec<ConversationId>, HubError> {
        let range = keys::view_of(View::Date, Place::NewSenders);
        let rows = self.core.scan_page(access.partition(), range, 0, DECIDED_MAX).await?;
        let ids: Vec<ConversationId> =
            rows.iter().filter_map(|(key, _)| keys::conversation_of_view(key)).collect();
        let rows = ids.iter().flat_map(|id| [keys::conversation(*id), keys::joined(*id)]);
        plan.prefetch(rows.collect()).await?;
        let mut waiting = Vec::with_capacity(ids.len());
        for id in ids {
            let (strands, whole) = joint::strands_and_whole(plan, id).await?;
            waiting.extend(whole.map(|whole| (id, strands, whole)));
        }
        let headlines = waiting.iter().map(|(_, _, whole)| whole.record.headline.as_slice());
        access.open_epochs(&self.core, headlines).await?;
        let mut moved = Vec::new();
        for (id, strands, whole) in waiting {
            let (key, bytes) = (whole.headline_of, &whole.record.headline);
            let sealed = Sealed { kind: "headline", key: key.as_bytes(), bytes };
            if !is_of(plan, whom, id, &access.open(&sealed)?).await? {
                continue;
            }
            for (strand, before) in strands {
                let after = self.admitted(&before, admission);
                put_conversation(plan, strand, Some(&before), &after).await?;
            }
            moved.push(id);
        }
        Ok(moved)
    }

    /// Where what waited stands once it is decided.
    fn admitted(&self, before: &ConversationRecord, admission: Admission) -> ConversationRecord {
        let (place, binned_at) = match admission {
            _ if before.place != StoredPlace::NewSenders => (before.place, before.binned_at),
            Admission::Accepted => (StoredPlace::Inbox, None),
            Admission::Refused => (StoredPlace::Bin, Some(self.core.clock.now().unix_ms())),
        };
        ConversationRecord { place, binned_at, ..before.clone() }
    }
}

/// The author of the newest message: who a list names first.
fn author(headline: &HeadlineRecord) -> Option<&PersonRecord> {
    headline.people.first().filter(|person| !person.is_me)
}

fn domain_of(headline: &HeadlineRecord) -> Option<String> {
    let author = author(headline)?;
    Handle::literal(author.protocol.into(), author.address.as_str()).domain().map(organisation)
}

/// The contact that the author is now: messages name the home of their handle.
async fn person_of(plan: &Plan<'_>, headline: &HeadlineRecord) -> Result<Option<ContactId>, HubError> {
    let Some(home) = author(headline).and_then(|author| author.contact) else { return Ok(None) };
    let owner = plan.get::<[u8; 16]>(&keys::belongs(ContactId::from_bytes(home))).await?;
    Ok(Some(ContactId::from_bytes(owner.unwrap_or(home))))
}

async fn whom(
    plan: &Plan<'_>,
    conversation: ConversationId,
    headline: &HeadlineRecord,
    scope: Scope,
) -> Result<Option<Whom>, HubError> {
    Ok(match scope {
        Scope::Person => person_of(plan, headline).await?.map(Whom::Person),
        Scope::Domain => domain_of(headline).map(Whom::Domain),
        Scope::Sender => {
            let person = author(headline);
            let name = person.and_then(|person| person.name.as_ref().or(Some(&person.address)));
            headline.name.as_ref().or(name).map(|name| Whom::Conversation(conversation, name.clone()))
        }
    })
}

async fn is_of(
    plan: &Plan<'_>,
    whom: &Whom,
    id: ConversationId,
    headline: &HeadlineRecord,
) -> Result<bool, HubError> {
    Ok(match whom {
        Whom::Person(contact) => person_of(plan, headline).await? == Some(*contact),
        Whom::Domain(domain) => domain_of(headline).as_ref() == Some(domain),
        Whom::Conversation(conversation, _) => *conversation == id,
    })
}
