//! Marking a message, and removing one for good.

use crate::Hub;
use crate::access::{Access, Sealed};
use crate::error::HubError;
use crate::keys::{self, ObjectType};
use crate::owner::Plan;
use crate::records::{
    ConversationRecord, HeadlineRecord, MessageRecord, StoredDisposition, StoredKind, SummaryRecord,
};
use crate::shelve::{put_conversation, remove_conversation};
use crate::views::MessagePatch;
use caliopen_model::{ChangeKind, ConversationId, MessageId, Timestamp};
use caliopen_store::{BlobKey, Direction};

impl Hub {
    /// Marks a message. False: there is no such message.
    pub async fn update_message(
        &self,
        access: &Access,
        id: MessageId,
        patch: &MessagePatch,
    ) -> Result<bool, HubError> {
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        let Some(before) = plan.get::<MessageRecord>(&keys::message(id)).await? else {
            return Ok(false);
        };
        let after = MessageRecord {
            seen: patch.seen.unwrap_or(before.seen),
            flagged: patch.flagged.unwrap_or(before.flagged),
            ..before.clone()
        };
        if before.seen != after.seen {
            count_unread(&mut plan, &after).await?;
        }
        plan.put(keys::message(id), &after);
        plan.changed(ObjectType::Message, id.as_bytes(), ChangeKind::Updated);
        if let Some(left_at) = patch.left_at {
            self.note_leaving(access, &mut plan, id, left_at).await?;
        }
        self.commit(plan).await?;
        Ok(true)
    }

    /// Removes a message for good. False: there is no such message. A conversation goes with its last message.
    ///
    /// # Errors
    ///
    /// [`HubError::Hidden`] where the message is held back from whoever asks: who may not read it does not destroy it.
    pub async fn destroy_message(&self, access: &Access, id: MessageId) -> Result<bool, HubError> {
        let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
        let record: Option<MessageRecord> = plan.get(&keys::message(id)).await?;
        if record.is_some_and(|record| !access.shows(record.privacy.0)) {
            return Err(HubError::Hidden);
        }
        let removed = self.remove_message(access, &mut plan, id).await?;
        if removed {
            self.commit(plan).await?;
        }
        Ok(removed)
    }

    /// Plans the removal of a message. False: there is no such message. The plan must be settled.
    pub(crate) async fn remove_message(
        &self,
        access: &Access,
        plan: &mut Plan<'_>,
        id: MessageId,
    ) -> Result<bool, HubError> {
        let Some(message) = plan.get::<MessageRecord>(&keys::message(id)).await? else {
            return Ok(false);
        };
        let conversation = ConversationId::from_bytes(message.conversation);
        let before: ConversationRecord =
            plan.get(&keys::conversation(conversation)).await?.ok_or(HubError::Damaged)?;
        let received = Timestamp::from_unix_ms(message.received_at);
        plan.delete(keys::message(id));
        plan.delete(keys::in_conversation(conversation, received, id));
        plan.drop_blob(BlobKey(*id.as_bytes()), message.stored_bytes);
        plan.changed(ObjectType::Message, id.as_bytes(), ChangeKind::Destroyed);
        match self.without(access, plan, conversation, &before, (id, &message)).await? {
            Some(after) => put_conversation(plan, conversation, Some(&before), &after).await?,
            None => remove_conversation(plan, conversation, &before).await?,
        }
        Ok(true)
    }

    /// The conversation without one of its messages; none when it was the last.
    async fn without(
        &self,
        access: &Access,
        plan: &mut Plan<'_>,
        id: ConversationId,
        before: &ConversationRecord,
        (gone, message): (MessageId, &MessageRecord),
    ) -> Result<Option<ConversationRecord>, HubError> {
        let mut after = ConversationRecord {
            message_count: before.message_count.saturating_sub(1),
            unread_count: before.unread_count.saturating_sub(u32::from(!message.seen)),
            ..before.clone()
        };
        if before.latest_message != *gone.as_bytes() {
            return Ok(Some(after));
        }
        let rows = self
            .core
            .store
            .scan(access.partition(), keys::of_conversation(id), 2, Direction::Backward)
            .await?;
        let next = rows.iter().filter_map(|(key, _)| keys::message_of_row(key)).find(|other| *other != gone);
        let Some(next) = next else { return Ok(None) };
        let (record, summary) = self
            .unseal_messages(access, &[next])
            .await?
            .into_iter()
            .next()
            .flatten()
            .ok_or(HubError::Damaged)?;
        after.latest_message = *next.as_bytes();
        after.latest_at = record.received_at;
        if before.listed_at == before.latest_at {
            after.listed_at = record.received_at;
        }
        after.latest_direction = record.direction;
        after.importance = record.importance;
        after.privacy = (record.privacy.0, record.privacy.1);
        after.suspicious = record.suspicious;
        after.protection = record.protection;
        after.has_attachment =
            summary.parts.iter().any(|part| part.disposition == StoredDisposition::Attachment);
        let sealed = Sealed { kind: "headline", key: id.as_bytes(), bytes: &before.headline };
        let name = access.open_one::<HeadlineRecord>(&self.core, &sealed).await?.name;
        after.headline = plan.seal("headline", id.as_bytes(), &headline(before.kind, name, summary))?;
        Ok(Some(after))
    }
}

fn headline(kind: StoredKind, name: Option<String>, summary: SummaryRecord) -> HeadlineRecord {
    let is_sent = summary.from.iter().all(|author| author.is_me);
    let rest = if kind == StoredKind::Group || is_sent {
        [summary.to, summary.cc, summary.bcc].concat()
    } else {
        Vec::new()
    };
    let mut people = Vec::new();
    for person in summary.from.into_iter().chain(rest) {
        if !person.is_me && !people.contains(&person) {
            people.push(person);
        }
    }
    HeadlineRecord { name, people, subject: summary.subject, excerpt: summary.excerpt }
}

async fn count_unread(plan: &mut Plan<'_>, message: &MessageRecord) -> Result<(), HubError> {
    let id = ConversationId::from_bytes(message.conversation);
    let before: ConversationRecord = plan.get(&keys::conversation(id)).await?.ok_or(HubError::Damaged)?;
    let unread_count = match message.seen {
        true => before.unread_count.saturating_sub(1),
        false => before.unread_count.saturating_add(1),
    };
    let after = ConversationRecord { unread_count, ..before.clone() };
    put_conversation(plan, id, Some(&before), &after).await
}
