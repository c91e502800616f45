//! Contacts: suggested from mail, made and edited by the user, put together and apart. This file reads them.

mod edit;
mod export;
mod handles;
mod import;
mod merge;
mod person;

pub use edit::ContactError;
pub(crate) use edit::restore;
pub use export::{CardPage, ExportOf};
pub(crate) use handles::list;
pub use import::{ImportReport, SkipReason, SkippedCard};
pub(crate) use person::{Names, Opened, person};

use crate::Hub;
use crate::access::Access;
use crate::error::HubError;
use crate::indices::ways;
use crate::keys::{self, ObjectType};
use crate::limits::PAGE_MAX;
use crate::records::{
    ContactRecord, HandleRecord, LinkRecord, PersonRecord, PutAwayRecord, StoredContactState, WaysRecord,
};
use crate::views::{ContactView, Page, States, WayView};
use bytes::Bytes;
use caliopen_model::{Contact, ContactId, Timestamp};
use person::Stored;
use std::collections::{BTreeMap, BTreeSet};

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

    /// Contacts by id, those that are part of them included; none where there is none.
    pub async fn contacts(
        &self,
        access: &Access,
        ids: &[ContactId],
    ) -> Result<Vec<Option<Contact>>, HubError> {
        let opened = self.open_contacts(access, ids).await?;
        Ok(opened.into_iter().map(|opened| opened.map(Opened::contact)).collect())
    }

    /// Contacts by id, with what is known of each of their handles.
    pub async fn contact_cards(
        &self,
        access: &Access,
        ids: &[ContactId],
    ) -> Result<Vec<Option<ContactView>>, HubError> {
        let opened = self.open_contacts(access, ids).await?;
        let handles: Vec<Bytes> = opened
            .iter()
            .flatten()
            .flat_map(|opened| opened.handles())
            .map(|(handle, _)| keys::handle(&access.blind.index("handle", handle.canonical().as_bytes())))
            .collect();
        let mut records = access.rows::<HandleRecord>(&self.core, handles).await?.into_iter();
        let ways = ids.iter().copied().map(keys::ways).collect();
        let reached: Vec<Option<WaysRecord>> = access.rows(&self.core, ways).await?;
        let mut view = |opened: Opened, reached: Option<WaysRecord>| {
            let ways =
                opened.handles().map(|(handle, link)| way(handle, link, records.next().flatten())).collect();
            let index = reached.as_ref().and_then(ways::index);
            ContactView { ways, index, contact: opened.contact() }
        };
        let both = opened.into_iter().zip(reached);
        Ok(both.map(|(opened, reached)| opened.map(|opened| view(opened, reached))).collect())
    }

    async fn open_contacts(
        &self,
        access: &Access,
        ids: &[ContactId],
    ) -> Result<Vec<Option<Opened>>, HubError> {
        let rows = ids.iter().copied().map(keys::contact).collect();
        let records: Vec<Option<ContactRecord>> = access.rows(&self.core, rows).await?;
        let stored = self.with_linked(access, records).await?;
        open_all(self, access, ids.iter().copied().zip(stored)).await
    }

    /// Adds the contacts that are part of each.
    async fn with_linked(
        &self,
        access: &Access,
        records: Vec<Option<ContactRecord>>,
    ) -> Result<Vec<Option<Stored>>, HubError> {
        let linked: Vec<LinkRecord> =
            records.iter().flatten().flat_map(|record| record.links.iter().copied()).collect();
        let rows = linked.iter().map(|link| keys::put_away(ContactId::from_bytes(link.contact))).collect();
        let mut found = access.rows::<PutAwayRecord>(&self.core, rows).await?.into_iter();
        let mut stored = |record: ContactRecord| {
            let links = record.links.clone().into_iter();
            let linked = links.filter_map(|link| Some((link, found.next().flatten()?.record))).collect();
            Stored { record, linked }
        };
        Ok(records.into_iter().map(|record| record.map(&mut stored)).collect())
    }

    /// The contacts that these people belong to, and what their cards call them. A card that nobody edited adds nothing
    /// to a name that the message gave, and stays sealed: each may need an epoch of its own.
    pub(crate) async fn names<'p>(
        &self,
        access: &Access,
        people: impl Iterator<Item = &'p PersonRecord>,
    ) -> Result<Names, HubError> {
        let mut homes: BTreeMap<ContactId, bool> = BTreeMap::new();
        for person in people {
            if let Some(home) = person.contact.map(ContactId::from_bytes) {
                *homes.entry(home).or_default() |= person.name.is_none();
            }
        }
        let rows = homes.keys().copied().map(keys::belongs).collect();
        let moved: Vec<Option<[u8; 16]>> = access.rows(&self.core, rows).await?;
        let owners: BTreeMap<ContactId, ContactId> = homes
            .keys()
            .zip(moved)
            .map(|(home, owner)| (*home, owner.map_or(*home, ContactId::from_bytes)))
            .collect();
        let nameless: BTreeSet<ContactId> = homes
            .iter()
            .filter(|(_, nameless)| **nameless)
            .filter_map(|(home, _)| owners.get(home).copied())
            .collect();
        let ids: Vec<ContactId> = owners.values().copied().collect::<BTreeSet<_>>().into_iter().collect();
        let records: Vec<Option<ContactRecord>> =
            access.rows(&self.core, ids.iter().copied().map(keys::contact).collect()).await?;
        let listed: BTreeSet<ContactId> =
            ids.iter().zip(&records).filter(|(_, record)| record.is_some()).map(|(id, _)| *id).collect();
        let wanted = |id: &ContactId, record: &ContactRecord| {
            nameless.contains(id) || record.state == StoredContactState::Confirmed || !record.links.is_empty()
        };
        let records: Vec<Option<ContactRecord>> =
            ids.iter().zip(records).map(|(id, record)| record.filter(|record| wanted(id, record))).collect();
        let stored = self.with_linked(access, records).await?;
        let opened = open_all(self, access, ids.into_iter().zip(stored)).await?;
        let cards = opened.into_iter().flatten().map(|opened| (opened.id, opened.contact())).collect();
        Ok(Names { owners, listed, cards })
    }
}

/// Opens the cards of contacts with one look at the store for all their epochs.
async fn open_all(
    hub: &Hub,
    access: &Access,
    stored: impl Iterator<Item = (ContactId, Option<Stored>)>,
) -> Result<Vec<Option<Opened>>, HubError> {
    let stored: Vec<(ContactId, Option<Stored>)> = stored.collect();
    let cards: Vec<&[u8]> =
        stored.iter().filter_map(|(_, one)| one.as_ref()).flat_map(Stored::cards).collect();
    access.open_epochs(&hub.core, cards.into_iter()).await?;
    stored.into_iter().map(|(id, one)| one.map(|one| one.open(access, id)).transpose()).collect()
}

fn way(handle: caliopen_model::Handle, link: Option<LinkRecord>, record: Option<HandleRecord>) -> WayView {
    WayView {
        handle,
        blocked: record.is_some_and(|record| record.blocked),
        confirmed: record.is_some_and(|record| record.confirmed),
        proven: record.is_some_and(|record| record.proven),
        linked: link.map(|link| (ContactId::from_bytes(link.contact), Timestamp::from_unix_ms(link.at))),
    }
}
