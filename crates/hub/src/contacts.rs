//! Contacts: suggested from mail, named and edited by the user, blocked by handle.

use crate::Hub;
use crate::access::{Access, Sealed};
use crate::error::HubError;
use crate::keys::{self, ObjectType};
use crate::limits::PAGE_MAX;
use crate::owner::Plan;
use crate::records::{CardRecord, ContactRecord, HandleRecord, PersonRecord, StoredContactState};
use crate::resolve::cut;
use crate::views::{ContactPatch, Page, PersonView, States};
use caliopen_model::{ChangeKind, Contact, ContactId, Handle};
use std::collections::BTreeMap;

/// Contacts that a page of something else needs the names of.
pub(crate) type Names = BTreeMap<ContactId, Contact>;

impl Hub {
    /// A page of the contacts, in the order in which they were made: their names are sealed.
    pub async fn contact_page(
        &self,
        access: &Access,
        position: u64,
        limit: usize,
    ) -> Result<Page<ContactId>, HubError> {
        let head = self.head(access).await?;
        let skip = usize::try_from(position).unwrap_or(usize::MAX);
        let range = keys::contacts();
        let rows = self.core.scan_page(access.partition(), range, skip, limit.min(PAGE_MAX)).await?;
        let ids =
            rows.iter().filter_map(|(key, _)| key.last_chunk().copied().map(ContactId::from_bytes)).collect();
        let state = States(head.states).of(ObjectType::Contact);
        Ok(Page { ids, position: Some(position), total: Some(u64::from(head.contacts)), state })
    }

    /// Contacts by id; none where there is none.
    pub async fn contacts(
        &self,
        access: &Access,
        ids: &[ContactId],
    ) -> Result<Vec<Option<Contact>>, HubError> {
        let rows = ids.iter().copied().map(keys::contact).collect();
        let records: Vec<Option<ContactRecord>> = access.rows(&self.core, rows).await?;
        let cards = records.iter().flatten().map(|record| record.card.as_slice());
        access.open_epochs(&self.core, cards).await?;
        ids.iter()
            .zip(records)
            .map(|(id, record)| record.map(|record| contact(access, *id, record)).transpose())
            .collect()
    }

    /// The contacts whose card says what to call these people. A card that nobody edited adds nothing to a name that
    /// the message gave, and stays sealed: each may need an epoch of its own.
    pub(crate) async fn names<'p>(
        &self,
        access: &Access,
        people: impl Iterator<Item = &'p PersonRecord>,
    ) -> Result<Names, HubError> {
        let mut nameless: BTreeMap<ContactId, bool> = BTreeMap::new();
        for person in people {
            if let Some(id) = person.contact.map(ContactId::from_bytes) {
                *nameless.entry(id).or_default() |= person.name.is_none();
            }
        }
        let rows = nameless.keys().copied().map(keys::contact).collect();
        let records: Vec<Option<ContactRecord>> = access.rows(&self.core, rows).await?;
        let wanted: Vec<(ContactId, ContactRecord)> = nameless
            .into_iter()
            .zip(records)
            .filter_map(|((id, nameless), record)| Some((id, nameless, record?)))
            .filter(|(_, nameless, record)| *nameless || record.state == StoredContactState::Confirmed)
            .map(|(id, _, record)| (id, record))
            .collect();
        access.open_epochs(&self.core, wanted.iter().map(|(_, record)| record.card.as_slice())).await?;
        wanted.into_iter().map(|(id, record)| Ok((id, contact(access, id, record)?))).collect()
    }

    /// Changes a contact. False: there is no such contact. Naming somebody confirms them.
    pub async fn update_contact(
        &self,
        access: &Access,
        id: ContactId,
        patch: &ContactPatch,
    ) -> Result<bool, HubError> {
        let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
        let Some(mut record) = plan.get::<ContactRecord>(&keys::contact(id)).await? else {
            return Ok(false);
        };
        let mut card: CardRecord = access
            .open_one(&self.core, &Sealed { kind: "contact", key: id.as_bytes(), bytes: &record.card })
            .await?;
        if let Some(name) = &patch.name {
            card.name = name.as_deref().map(str::trim).filter(|name| !name.is_empty()).map(cut);
        }
        if let Some(note) = &patch.note {
            card.note = note.clone().filter(|note| !note.is_empty());
        }
        if let Some(blocked) = patch.blocked {
            record.blocked = blocked;
        }
        record.state = StoredContactState::Confirmed;
        record.card = plan.seal("contact", id.as_bytes(), &card)?;
        self.update_handles(access, &mut plan, &card, record.blocked).await?;
        plan.put(keys::contact(id), &record);
        plan.changed(ObjectType::Contact, id.as_bytes(), ChangeKind::Updated);
        self.commit(plan).await?;
        Ok(true)
    }

    /// What arriving mail must know while the card is sealed stands on the handles.
    async fn update_handles(
        &self,
        access: &Access,
        plan: &mut Plan<'_>,
        card: &CardRecord,
        blocked: bool,
    ) -> Result<(), HubError> {
        for (protocol, address) in &card.handles {
            let handle = Handle::literal((*protocol).into(), address.as_str());
            let key = keys::handle(&access.blind.index("handle", handle.canonical().as_bytes()));
            if let Some(record) = plan.get::<HandleRecord>(&key).await? {
                plan.put(key, &HandleRecord { blocked, confirmed: true, ..record });
            }
        }
        Ok(())
    }
}

fn contact(access: &Access, id: ContactId, record: ContactRecord) -> Result<Contact, HubError> {
    let card: CardRecord =
        access.open(&Sealed { kind: "contact", key: id.as_bytes(), bytes: &record.card })?;
    let handles =
        card.handles.into_iter().map(|(protocol, address)| Handle::literal(protocol.into(), address));
    Ok(Contact {
        id,
        name: card.name,
        suggested_name: card.suggested_name,
        note: card.note,
        handles: handles.collect(),
        state: record.state.into(),
        blocked: record.blocked,
    })
}

/// Somebody as they are shown: the user's name for them, else what this message called them.
pub(crate) fn person(names: &Names, record: &PersonRecord) -> PersonView {
    let contact = record.contact.map(ContactId::from_bytes);
    let known = contact.and_then(|id| names.get(&id));
    let name = known
        .and_then(|contact| contact.name.as_deref())
        .or(record.name.as_deref())
        .or_else(|| known.and_then(|contact| contact.suggested_name.as_deref()))
        .unwrap_or(&record.address);
    PersonView {
        contact,
        name: name.to_owned(),
        handle: Handle::literal(record.protocol.into(), record.address.as_str()),
        is_me: record.is_me,
    }
}
