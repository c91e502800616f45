//! A contact with those that are part of it, and somebody as they are shown.

use crate::access::{Access, Sealed};
use crate::error::HubError;
use crate::records::{CardRecord, ContactRecord, FieldRecord, LinkRecord, PersonRecord, StoredContactState};
use crate::views::PersonView;
use caliopen_model::{CardField, Contact, ContactId, ContactState, Handle};
use std::collections::{BTreeMap, BTreeSet};

/// Who the people of a page are, and what the user calls them.
#[derive(Default)]
pub(crate) struct Names {
    /// The contact that each handle's home belongs to.
    pub(super) owners: BTreeMap<ContactId, ContactId>,
    /// Contacts that are there: one may have been deleted.
    pub(super) listed: BTreeSet<ContactId>,
    /// What the card says, where it was opened.
    pub(super) cards: BTreeMap<ContactId, Contact>,
}

/// A contact as it is stored.
pub(super) struct Stored {
    pub(super) record: ContactRecord,
    pub(super) linked: Vec<(LinkRecord, ContactRecord)>,
}

impl Stored {
    /// Every sealed card.
    pub(super) fn cards(&self) -> impl Iterator<Item = &[u8]> {
        let linked = self.linked.iter().map(|(_, record)| record.card.as_slice());
        std::iter::once(self.record.card.as_slice()).chain(linked)
    }

    /// Opens the cards, whose epochs are open.
    pub(super) fn open(self, access: &Access, id: ContactId) -> Result<Opened, HubError> {
        let linked =
            self.linked.iter().map(|(link, record)| Ok((*link, open_card(access, link.contact, record)?)));
        Ok(Opened {
            id,
            state: self.record.state,
            card: open_card(access, *id.as_bytes(), &self.record)?,
            linked: linked.collect::<Result<_, HubError>>()?,
        })
    }
}

fn open_card(access: &Access, id: [u8; 16], record: &ContactRecord) -> Result<CardRecord, HubError> {
    access.open(&Sealed { kind: "contact", key: &id, bytes: &record.card })
}

/// A contact whose cards are open.
pub(crate) struct Opened {
    pub(crate) id: ContactId,
    pub(crate) state: StoredContactState,
    pub(crate) card: CardRecord,
    pub(crate) linked: Vec<(LinkRecord, CardRecord)>,
}

impl Opened {
    /// Every handle, with the link that it came by: the contact's own first.
    pub(crate) fn handles(&self) -> impl Iterator<Item = (Handle, Option<LinkRecord>)> {
        let own = self.card.handles.iter().map(|handle| (handle, None));
        let linked = self
            .linked
            .iter()
            .flat_map(|(link, card)| card.handles.iter().map(|handle| (handle, Some(*link))));
        own.chain(linked)
            .map(|((protocol, address), link)| (Handle::literal((*protocol).into(), address.as_str()), link))
    }

    /// The cards that say something: the contact's own, and those that the user did not write it for.
    fn speaking(&self) -> impl Iterator<Item = &CardRecord> {
        let linked = self.linked.iter().filter(|(link, _)| !link.is_spoken_for).map(|(_, card)| card);
        std::iter::once(&self.card).chain(linked)
    }

    /// The person whom all the cards describe.
    pub(crate) fn contact(self) -> Contact {
        let mut fields: Vec<CardField> = Vec::new();
        for field in self.speaking().flat_map(|card| &card.fields).map(CardField::from) {
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        // Whoever the user put together is known.
        let state = if self.linked.is_empty() { self.state.into() } else { ContactState::Confirmed };
        let notes: Vec<&str> = self.speaking().filter_map(|card| card.note.as_deref()).collect();
        Contact {
            id: self.id,
            name: self.speaking().find_map(|card| card.name.clone()),
            suggested_name: self.speaking().find_map(|card| card.suggested_name.clone()),
            note: Some(notes.join("\n\n")).filter(|note| !note.is_empty()),
            handles: self.handles().map(|(handle, _)| handle).collect(),
            shows_pictures: self.speaking().any(|card| card.shows_pictures),
            fields,
            state,
        }
    }
}

impl From<&FieldRecord> for CardField {
    fn from(record: &FieldRecord) -> Self {
        Self { kind: record.kind.into(), usage: record.usage.map(Into::into), value: record.value.clone() }
    }
}

impl From<&CardField> for FieldRecord {
    fn from(field: &CardField) -> Self {
        Self { kind: field.kind.into(), usage: field.usage.map(Into::into), value: field.value.clone() }
    }
}

/// Somebody as they are shown: the user's name for them, else what this message called them.
pub(crate) fn person(names: &Names, record: &PersonRecord) -> PersonView {
    let home = record.contact.map(ContactId::from_bytes);
    let owner = home.map(|home| names.owners.get(&home).copied().unwrap_or(home));
    let known = owner.and_then(|id| names.cards.get(&id));
    let name = known
        .and_then(|contact| contact.name.as_deref())
        .or(record.name.as_deref())
        .or_else(|| known.and_then(|contact| contact.suggested_name.as_deref()))
        .unwrap_or(&record.address);
    PersonView {
        contact: owner.filter(|id| names.listed.contains(id)),
        name: name.to_owned(),
        handle: Handle::literal(record.protocol.into(), record.address.as_str()),
        is_me: record.is_me,
    }
}
