//! The contacts as cards that any other program reads, a page at a time.

use crate::Hub;
use crate::access::{Access, Sealed};
use crate::context::successor;
use crate::error::HubError;
use crate::keys;
use caliopen_cards::{Card, Version};
use caliopen_model::{Contact, ContactId, ContactState, Protocol};
use caliopen_store::Direction;

/// Contacts that one page of an export looks at.
const EXPORT_PAGE: usize = 100;

/// Whose cards to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ExportOf {
    /// Those whom the user made, named, or wrote to.
    #[default]
    Known,
    /// Everybody who ever wrote, too.
    Everybody,
}

/// Some of the cards.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CardPage {
    /// The cards, one after the other.
    pub text: String,
    /// Where the next page starts; none after the last.
    pub next: Option<ContactId>,
}

impl Hub {
    /// A page of the contacts as vCards: hand `next` in as `after` until there is none. Nothing that an imported card
    /// said is lost. A page holds at most 100 cards, each of at most a quarter of a megabyte and what was added.
    pub async fn export_vcards(
        &self,
        access: &Access,
        which: ExportOf,
        is_v3: bool,
        after: Option<ContactId>,
    ) -> Result<CardPage, HubError> {
        let mut range = keys::contacts();
        if let Some(after) = after {
            range.start = successor(&keys::contact(after));
        }
        let rows = self.core.store.scan(access.partition(), range, EXPORT_PAGE, Direction::Forward).await?;
        let ids: Vec<ContactId> =
            rows.iter().filter_map(|(key, _)| key.last_chunk().copied().map(ContactId::from_bytes)).collect();
        let next = ids.last().copied().filter(|_| rows.len() == EXPORT_PAGE);
        let version = if is_v3 { Version::V3 } else { Version::V4 };
        let mut text = String::new();
        for contact in self.contacts(access, &ids).await?.into_iter().flatten() {
            if which == ExportOf::Everybody || contact.state == ContactState::Confirmed {
                let kept = self.kept(access, contact.id).await?;
                text.push_str(&caliopen_cards::write(&card(contact, kept), version));
            }
        }
        Ok(CardPage { text, next })
    }

    async fn kept(&self, access: &Access, id: ContactId) -> Result<String, HubError> {
        let Some(row) = self.core.store.get(access.partition(), keys::kept_card(id)).await? else {
            return Ok(String::new());
        };
        access.open_one(&self.core, &Sealed { kind: "vcard", key: id.as_bytes(), bytes: &row }).await
    }
}

fn card(contact: Contact, kept: String) -> Card {
    let addresses = contact.handles.iter().filter(|handle| handle.protocol() == Protocol::Email);
    Card {
        addresses: addresses.map(|handle| handle.address().to_owned()).collect(),
        name: contact.name.or(contact.suggested_name),
        note: contact.note,
        fields: contact.fields,
        kept,
    }
}
