//! The change log, as the index needs it.

use crate::Hub;
use crate::access::Access;
use crate::error::HubError;
use crate::keys::{self, ObjectType};
use crate::limits::{INDEX_BATCH_MAX, INDEX_LOG_MAX};
use crate::states::read_entry;
use caliopen_model::{ChangeKind, ContactId, ConversationId, MessageId};
use caliopen_store::Direction;
use std::collections::BTreeSet;

/// A part of the log.
#[derive(Default)]
pub(super) struct News {
    /// Messages that came, each with its place in the log.
    pub(super) messages: Vec<(u64, MessageId)>,
    /// Messages that went.
    pub(super) gone: Vec<[u8; 16]>,
    pub(super) contacts: BTreeSet<ContactId>,
    pub(super) conversations: BTreeSet<ConversationId>,
    /// Contacts and conversations that went.
    pub(super) gone_names: BTreeSet<[u8; 16]>,
    /// The last entry that was read.
    pub(super) upto: u64,
}

impl News {
    /// Reads the log behind an entry, up to another one, or as far as one step goes.
    pub(super) async fn read(hub: &Hub, access: &Access, after: u64, last: u64) -> Result<Self, HubError> {
        let range = keys::changes_after(after);
        let rows = hub.core.store.scan(access.partition(), range, INDEX_LOG_MAX, Direction::Forward).await?;
        let is_all = rows.len() < INDEX_LOG_MAX;
        let mut news = Self { upto: after, ..Self::default() };
        for (key, entry) in rows {
            let sequence = key.last_chunk().copied().map(u64::from_be_bytes).ok_or(HubError::Damaged)?;
            if sequence > last || news.messages.len() >= INDEX_BATCH_MAX {
                return Ok(news);
            }
            let (object, kind, id) = read_entry(&entry)?;
            news.add(sequence, object, kind, id);
            news.upto = sequence;
        }
        if is_all {
            news.upto = last;
        }
        Ok(news)
    }

    fn add(&mut self, sequence: u64, object: u8, kind: ChangeKind, id: [u8; 16]) {
        let is = |other: ObjectType| object == other as u8;
        match kind {
            ChangeKind::Created if is(ObjectType::Message) => {
                self.messages.push((sequence, MessageId::from_bytes(id)));
            }
            ChangeKind::Destroyed if is(ObjectType::Message) => self.gone.push(id),
            ChangeKind::Destroyed if is(ObjectType::Contact) => {
                self.gone_names.insert(id);
            }
            ChangeKind::Destroyed if is(ObjectType::Conversation) => {
                self.gone_names.insert(id);
            }
            ChangeKind::Updated | ChangeKind::Created if is(ObjectType::Contact) => {
                self.contacts.insert(ContactId::from_bytes(id));
            }
            ChangeKind::Updated if is(ObjectType::Conversation) => {
                self.conversations.insert(ConversationId::from_bytes(id));
            }
            _ => {}
        }
    }
}
