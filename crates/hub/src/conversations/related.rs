//! The stubs that a conversation shows of others: who answered fewer people, or more.

use crate::Hub;
use crate::access::Access;
use crate::error::HubError;
use crate::keys;
use crate::limits::RELATED_MAX;
use crate::records::{MessageRecord, RelatedRecord, StoredRelation, read};
use crate::views::{RelatedView, Relation};
use caliopen_model::{ConversationId, MessageId, Timestamp};
use caliopen_store::Direction;

impl Hub {
    /// The newest stubs of a conversation, oldest first. One whose conversation is gone is left out.
    pub async fn related(&self, access: &Access, id: ConversationId) -> Result<Vec<RelatedView>, HubError> {
        let mut stubs: Vec<(Timestamp, MessageId, RelatedRecord)> = Vec::new();
        for strand in self.strands(access, id).await? {
            let range = keys::related_of(strand);
            let rows =
                self.core.store.scan(access.partition(), range, RELATED_MAX, Direction::Backward).await?;
            for (key, row) in rows.iter().rev() {
                let (at, message) = keys::stub_of_row(key).ok_or(HubError::Damaged)?;
                stubs.push((at, message, read(row)?));
            }
        }
        stubs.sort_by_key(|(at, message, _)| (*at, *message));
        stubs.drain(..stubs.len().saturating_sub(RELATED_MAX));
        let of = |stub: &RelatedRecord| ConversationId::from_bytes(stub.conversation);
        let shown_in = self.shown_in(access, stubs.iter().map(|(_, _, stub)| of(stub))).await?;
        let shown = |stub: &RelatedRecord| shown_in.get(&of(stub)).copied().unwrap_or_else(|| of(stub));
        // Two strands of one conversation need no stub of each other.
        stubs.retain(|(_, _, stub)| shown(stub) != id);
        let others: Vec<ConversationId> = stubs.iter().map(|(_, _, stub)| shown(stub)).collect();
        let messages = stubs.iter().map(|(_, message, _)| keys::message(*message)).collect();
        let messages: Vec<Option<MessageRecord>> = access.rows(&self.core, messages).await?;
        let others = self.conversations(access, &others).await?;
        let views = stubs.into_iter().zip(others).zip(messages).filter_map(|((stub, other), message)| {
            let ((at, id, record), other) = (stub, other?);
            Some(RelatedView {
                conversation: other.id,
                message: message.map(|_| id),
                relation: relation(record.relation),
                at,
                people: other.people,
            })
        });
        Ok(views.collect())
    }
}

const fn relation(stored: StoredRelation) -> Relation {
    match stored {
        StoredRelation::Narrower => Relation::Narrower,
        StoredRelation::Wider => Relation::Wider,
    }
}
