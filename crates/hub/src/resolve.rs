//! From the handles of a message to the people of the account. Suggests contacts; never merges two in silence.

use crate::contacts;
use crate::context::{Context, without_tag};
use crate::error::HubError;
use crate::keys::{self, Blind};
use crate::limits::{NAME_CHARS_MAX, PEOPLE_MAX};
use crate::owner::Plan;
use crate::records::{
    CardRecord, ContactRecord, HandleOwner, HandleRecord, PersonRecord, StoredContactState, StoredProtocol,
    read,
};
use bytes::Bytes;
use caliopen_model::{ContactId, Handle, Message, Participant};
use std::collections::{BTreeMap, BTreeSet};

/// A handle of the message, and whose it is.
#[derive(Debug, Clone)]
pub(crate) struct Resolved {
    pub(crate) participant: Participant,
    pub(crate) handle: HandleRecord,
}

impl Resolved {
    /// The contact that it belongs to now.
    pub(crate) fn contact(&self) -> Option<ContactId> {
        match self.handle.owner {
            HandleOwner::Contact(bytes) => Some(ContactId::from_bytes(bytes)),
            HandleOwner::Own(_) => None,
        }
    }

    /// What stands for somebody else's handle in rows that outlast every edit of contacts.
    pub(crate) fn home(&self) -> Option<ContactId> {
        self.contact().map(|_| ContactId::from_bytes(self.handle.home))
    }
}

/// Everybody whom a message names, by canonical handle.
pub(crate) struct People {
    by_handle: BTreeMap<String, Resolved>,
    /// Handles' homes that this message makes known: nothing in the store names them yet.
    new: BTreeSet<ContactId>,
}

impl People {
    /// Finds everybody of the headers and of the hidden recipients, and suggests a contact for each handle that is new.
    pub(crate) async fn resolve(
        core: &Context,
        plan: &mut Plan<'_>,
        message: &Message,
        hidden: &[Participant],
    ) -> Result<Self, HubError> {
        let participants = everybody(message, hidden);
        let rows: Vec<(Bytes, Bytes)> =
            participants.iter().map(|(canonical, _)| handle_keys(plan, canonical)).collect();
        let (exact, untagged): (Vec<Bytes>, Vec<Bytes>) = rows.iter().cloned().unzip();
        let (exact, untagged) = (plan.get_many(&exact).await?, plan.get_many(&untagged).await?);
        let mut people = Self { by_handle: BTreeMap::new(), new: BTreeSet::new() };
        for (((canonical, participant), (key, _)), found) in
            participants.into_iter().zip(rows).zip(exact.into_iter().zip(untagged))
        {
            let resolved = match known(found)? {
                Some(handle) => Resolved { participant, handle },
                None => {
                    let suggested = suggest(core, plan, key, participant)?;
                    people.new.extend(suggested.home());
                    suggested
                }
            };
            people.by_handle.insert(canonical, resolved);
        }
        Ok(people)
    }

    /// One of these became known by this very message: no conversation can have them yet.
    pub(crate) fn any_new(&self, contacts: &[ContactId]) -> bool {
        contacts.iter().any(|contact| self.new.contains(contact))
    }

    /// Whose a handle of this message is. None beyond the limit of people.
    pub(crate) fn find(&self, handle: &Handle) -> Option<&Resolved> {
        self.by_handle.get(&handle.canonical())
    }

    /// The homes of the other people's handles among these participants: each once, in order.
    pub(crate) fn others<'p>(&self, participants: impl Iterator<Item = &'p Participant>) -> Vec<ContactId> {
        let mut others: Vec<ContactId> =
            participants.filter_map(|participant| self.find(&participant.handle)?.home()).collect();
        others.sort_unstable();
        others.dedup();
        others
    }

    /// A header's people as they are stored.
    pub(crate) fn records(&self, participants: &[Participant]) -> Vec<PersonRecord> {
        participants.iter().take(PEOPLE_MAX).map(|participant| self.record(participant)).collect()
    }

    pub(crate) fn record(&self, participant: &Participant) -> PersonRecord {
        let contact = self.find(&participant.handle).and_then(Resolved::home);
        PersonRecord {
            contact: contact.map(|id| *id.as_bytes()),
            is_me: self.find(&participant.handle).is_some_and(|found| found.contact().is_none()),
            protocol: participant.handle.protocol().into(),
            address: cut(participant.handle.address()),
            name: participant.name.as_deref().map(cut),
        }
    }
}

/// The first characters of a text that somebody else wrote.
pub(crate) fn cut(text: &str) -> String {
    text.chars().take(NAME_CHARS_MAX).collect()
}

fn everybody(message: &Message, hidden: &[Participant]) -> Vec<(String, Participant)> {
    let mut seen = BTreeMap::new();
    // Reply-To is not here: what a stranger writes there makes nobody known.
    let headers = message.from.iter().chain(&message.to).chain(&message.cc);
    for participant in headers.chain(hidden) {
        if seen.len() >= PEOPLE_MAX {
            break;
        }
        seen.entry(participant.handle.canonical()).or_insert_with(|| participant.clone());
    }
    seen.into_iter().collect()
}

/// The rows that resolving this message will read.
pub(crate) fn rows(plan: &Plan<'_>, message: &Message, hidden: &[Participant]) -> Vec<Bytes> {
    let both = |(canonical, _): &(String, Participant)| <[Bytes; 2]>::from(handle_keys(plan, canonical));
    everybody(message, hidden).iter().flat_map(both).collect()
}

/// The rows that a handle may be known by: itself, and the user's own address that it may be a tag of.
fn handle_keys(plan: &Plan<'_>, canonical: &str) -> (Bytes, Bytes) {
    let key = |text: &str| keys::handle(&handle_blind(plan, text));
    (key(canonical), key(&without_tag(canonical)))
}

pub(crate) fn handle_blind(plan: &Plan<'_>, canonical: &str) -> Blind {
    plan.owner().blind.index("handle", canonical.as_bytes())
}

/// A tagged address is the user's when the address without its tag is; for others a tag is another handle.
fn known((exact, untagged): (Option<Bytes>, Option<Bytes>)) -> Result<Option<HandleRecord>, HubError> {
    if let Some(row) = exact {
        return Ok(Some(read(&row)?));
    }
    let own = untagged.map(|row| read::<HandleRecord>(&row)).transpose()?;
    Ok(own.filter(|record| matches!(record.owner, HandleOwner::Own(_))))
}

fn suggest(
    core: &Context,
    plan: &mut Plan<'_>,
    key: Bytes,
    participant: Participant,
) -> Result<Resolved, HubError> {
    let id = ContactId::from_bytes(core.ids.next());
    list_alone(plan, id, &participant)?;
    let handle = HandleRecord::of(*id.as_bytes(), *id.as_bytes(), false);
    plan.put(key, &handle);
    Ok(Resolved { participant, handle })
}

/// Lists a contact of whom only a message tells.
pub(crate) fn list_alone(
    plan: &mut Plan<'_>,
    id: ContactId,
    participant: &Participant,
) -> Result<(), HubError> {
    let handle = (StoredProtocol::from(participant.handle.protocol()), cut(participant.handle.address()));
    let card = CardRecord {
        suggested_name: participant.name.as_deref().map(cut),
        handles: vec![handle],
        ..CardRecord::default()
    };
    let card = plan.seal("contact", id.as_bytes(), &card)?;
    contacts::list(
        plan,
        id,
        &ContactRecord { state: StoredContactState::Suggested, links: Vec::new(), card },
    );
    Ok(())
}
