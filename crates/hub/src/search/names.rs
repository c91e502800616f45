//! What the user calls people and conversations: indexed apart from messages, since it changes, and there is little of it.

use super::gather::{card_document, title_document};
use super::index::read_segment;
use crate::Hub;
use crate::access::Access;
use crate::error::HubError;
use crate::limits::{NAMED_CONTACTS_MAX, TITLED_MAX};
use crate::records::{GoneRecord, IndexRecord};
use caliopen_model::{ContactId, ConversationId, MessageId};
use caliopen_search::{
    Document, Expression, Field, Held, Key, Kind, Leaf, Query, Segment, build, matches, words,
};
use std::collections::{BTreeMap, BTreeSet};

/// Whose names are to be read.
#[derive(Default)]
pub(super) struct NewNames {
    pub(super) contacts: BTreeSet<ContactId>,
    pub(super) conversations: BTreeSet<ConversationId>,
    /// Contacts and conversations that went.
    pub(super) gone: BTreeSet<[u8; 16]>,
}

/// A conversation whose title is an answer, by its newest message.
pub(super) struct TitleHit {
    pub(super) message: MessageId,
    pub(super) at: i64,
    pub(super) leaves: u32,
}

impl Hub {
    /// The names to index, and what of the index they replace.
    pub(super) async fn take_names(
        &self,
        access: &Access,
        index: &mut IndexRecord,
        new: NewNames,
    ) -> Result<Vec<Document>, HubError> {
        let contacts: Vec<ContactId> = new.contacts.into_iter().collect();
        let conversations: Vec<ConversationId> = new.conversations.into_iter().collect();
        let mut documents = self.gather_cards(access, &contacts).await?;
        let titles = self.gather_titles(access, &conversations).await?;
        let now = self.core.clock.now().unix_ms();
        let has_title = |id: &[u8; 16]| titles.iter().any(|document| document.key.id == *id);
        let untitled = conversations.iter().map(|id| *id.as_bytes()).filter(|id| !has_title(id));
        for id in untitled.filter(|id| index.titled.contains(id)).chain(new.gone).collect::<Vec<_>>() {
            index.titled.retain(|titled| *titled != id);
            index.gone.push(GoneRecord { id, is_message: false, since: now });
        }
        for title in titles {
            if !index.titled.contains(&title.key.id) && index.titled.len() < TITLED_MAX {
                index.titled.push(title.key.id);
            }
            documents.push(title);
        }
        Ok(documents)
    }

    /// Lets the words of a question also stand for the addresses of people whom the user calls so.
    pub(super) async fn name_people(
        &self,
        access: &Access,
        index: &IndexRecord,
        query: &mut Query,
    ) -> Result<(), HubError> {
        for number in 0..query.leaves.len() {
            let Some((asked, is_prefix)) = query.person_words(number) else { continue };
            let leaf = Leaf::Words {
                fields: vec![Field::Card],
                words: asked.to_vec(),
                is_prefix,
                alternatives: Vec::new(),
            };
            let (leaves, problems) = (vec![leaf], Vec::new());
            let card = Query { expression: Expression::Leaf(0), leaves, by_subject: false, problems };
            let ids = self.named(access, index, &card, Kind::Contact).await?;
            let ids: Vec<ContactId> =
                ids.into_keys().take(NAMED_CONTACTS_MAX).map(|key| ContactId::from_bytes(key.id)).collect();
            for contact in self.contacts(access, &ids).await?.into_iter().flatten() {
                // The index may know an older name.
                if card_document(&contact).and_then(|document| holds(&card, document)).is_none() {
                    continue;
                }
                for handle in &contact.handles {
                    let address = words(handle.address()).map(|word| word.term).collect();
                    query.add_alternative(number, address);
                }
            }
        }
        Ok(())
    }

    /// The conversations whose title has what the question asks for, by their newest message.
    pub(super) async fn title_hits(
        &self,
        access: &Access,
        index: &IndexRecord,
        query: &Query,
    ) -> Result<Vec<TitleHit>, HubError> {
        if index.titled.is_empty() {
            return Ok(Vec::new());
        }
        let found = self.named(access, index, query, Kind::Conversation).await?;
        let ids: Vec<ConversationId> = found
            .keys()
            .filter(|key| index.titled.contains(&key.id))
            .map(|key| ConversationId::from_bytes(key.id))
            .collect();
        let shown = self.shown(access, &ids).await?;
        let mut hits = Vec::new();
        for (id, whole) in ids.into_iter().zip(shown) {
            let Some(whole) = whole else { continue };
            let Some(title) = self.open_title(access, &whole).await? else { continue };
            let record = whole.record;
            if let Some(leaves) =
                holds(query, title_document(id, record.latest_at, title)).filter(|leaves| *leaves != 0)
            {
                let message = MessageId::from_bytes(record.latest_message);
                hits.push(TitleHit { message, at: record.latest_at, leaves });
            }
        }
        Ok(hits)
    }

    /// What of one kind the segments of names find. Older versions of a name are among it.
    async fn named(
        &self,
        access: &Access,
        index: &IndexRecord,
        query: &Query,
        kind: Kind,
    ) -> Result<BTreeMap<Key, u32>, HubError> {
        let mut found = BTreeMap::new();
        for segment in &index.names {
            let hits = read_segment(&self.core, access, segment, |segment| {
                let hits = matches(segment, query)?;
                segment.documents_of(hits.into_iter().map(|hit| (hit.number, hit.leaves)))
            });
            let of_kind = |(key, _, leaves): &(Key, i64, u32)| key.kind == kind && *leaves != 0;
            let hits = hits.await?.into_iter().filter(of_kind);
            found.extend(hits.map(|(key, _, leaves)| (key, leaves)));
        }
        Ok(found)
    }
}

/// The leaves that a single document has, when the question may hold for it.
fn holds(query: &Query, document: Document) -> Option<u32> {
    let held = Held::whole(build(vec![document])?);
    let segment = Segment::open(&held).ok()?;
    matches(&segment, query).ok()?.first().map(|hit| hit.leaves)
}
