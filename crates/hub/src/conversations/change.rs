//! What the user does with a conversation: move it, name it, mark it. Each can be undone by setting the former value.

use crate::Hub;
use crate::access::Access;
use crate::context::DIRECTORY;
use crate::error::HubError;
use crate::joint;
use crate::keys::{self, ObjectType};
use crate::limits::{BIN_MS, PAGE_MAX};
use crate::owner::Plan;
use crate::records::{ConversationRecord, LoginRecord, MessageRecord, read};
use crate::resolve::cut;
use crate::shelve::{put_conversation, remove_conversation};
use crate::views::ConversationPatch;
use bytes::Bytes;
use caliopen_model::{AccountId, ChangeKind, ConversationId, Place};
use caliopen_store::{BlobKey, Direction};

impl Hub {
    /// Changes a conversation. False: there is no such conversation.
    pub async fn update_conversation(
        &self,
        access: &Access,
        id: ConversationId,
        patch: &ConversationPatch,
    ) -> Result<bool, HubError> {
        let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
        let strands = joint::strands(&plan, id).await?;
        let Some(newest) = strands.iter().max_by_key(|(id, record)| (record.latest_at, *id)) else {
            return Ok(false);
        };
        let newest = newest.0;
        let all_read = strands.iter().all(|(_, record)| record.unread_count == 0);
        for (strand, before) in strands {
            // Of several strands, the newest is the one that something is unread in.
            let unread = patch.unread.filter(|unread| !unread || (all_read && strand == newest));
            let patch = ConversationPatch { unread, ..patch.clone() };
            self.update_strand(&mut plan, strand, &before, &patch).await?;
        }
        self.commit(plan).await?;
        Ok(true)
    }

    async fn update_strand(
        &self,
        plan: &mut Plan<'_>,
        id: ConversationId,
        before: &ConversationRecord,
        patch: &ConversationPatch,
    ) -> Result<(), HubError> {
        let mut after = before.clone();
        if let Some(place) = patch.place {
            after.place = place.into();
            after.binned_at = (place == Place::Bin).then(|| self.core.clock.now().unix_ms());
        }
        if let Some(title) = &patch.title {
            after.title = match title.as_deref().map(str::trim).filter(|title| !title.is_empty()) {
                Some(title) => Some(plan.seal("title", id.as_bytes(), &cut(title))?),
                None => None,
            };
        }
        match patch.unread {
            Some(false) => self.mark_all_seen(plan, id, &mut after).await?,
            Some(true) if after.unread_count == 0 => self.mark_latest_unseen(plan, &mut after).await?,
            _ => {}
        }
        put_conversation(plan, id, Some(before), &after).await
    }

    /// Marks what is unread, newest first, until none is left: mail is mostly read from the end.
    async fn mark_all_seen(
        &self,
        plan: &mut Plan<'_>,
        id: ConversationId,
        record: &mut ConversationRecord,
    ) -> Result<(), HubError> {
        let mut range = keys::of_conversation(id);
        while record.unread_count > 0 {
            let partition = plan.owner().partition();
            let rows = self.core.store.scan(partition, range.clone(), PAGE_MAX, Direction::Backward).await?;
            let Some((oldest, _)) = rows.last() else { break };
            range.end = oldest.clone();
            let messages: Vec<Bytes> =
                rows.iter().filter_map(|(key, _)| keys::message_of_row(key)).map(keys::message).collect();
            for (key, row) in messages.iter().zip(plan.get_many(&messages).await?) {
                let Some(row) = row else { continue };
                let message: MessageRecord = read(&row)?;
                if !message.seen {
                    put_seen(plan, key, message, true);
                    record.unread_count = record.unread_count.saturating_sub(1);
                }
            }
        }
        record.unread_count = 0;
        Ok(())
    }

    async fn mark_latest_unseen(
        &self,
        plan: &mut Plan<'_>,
        record: &mut ConversationRecord,
    ) -> Result<(), HubError> {
        let key = keys::message(caliopen_model::MessageId::from_bytes(record.latest_message));
        let message: MessageRecord = plan.get(&key).await?.ok_or(HubError::Damaged)?;
        put_seen(plan, &key, message, false);
        record.unread_count = 1;
        Ok(())
    }

    /// Removes for good what has been in the bin of each account for 30 days.
    pub async fn purge_bins(&self) -> Result<usize, HubError> {
        let mut purged = 0;
        for (_, row) in self.core.scan_all(DIRECTORY, keys::logins()).await? {
            let login: LoginRecord = read(&row)?;
            purged += self.purge_bin(AccountId::from_bytes(login.account)).await?;
        }
        Ok(purged)
    }

    /// Removes for good what has been in the bin of an account for 30 days, and the cards of contacts that were deleted
    /// then. Needs no key: nothing is read. Gives the number of conversations that went.
    pub async fn purge_bin(&self, account: AccountId) -> Result<usize, HubError> {
        let owner = self.core.owner(account).await?;
        let due = self.core.clock.now().plus_ms(-BIN_MS).unix_ms();
        let mut purged = 0;
        let rows = self.core.scan_all(owner.partition(), keys::view_of(keys::View::Date, Place::Bin)).await?;
        for id in rows.iter().filter_map(|(key, _)| keys::conversation_of_view(key)) {
            let mut plan = Plan::open_settled(&self.core, &owner).await?;
            let strands = joint::strands(&plan, id).await?;
            let is_due = |record: &ConversationRecord| record.binned_at.is_some_and(|binned| binned <= due);
            if strands.is_empty() || !strands.iter().all(|(_, record)| is_due(record)) {
                continue;
            }
            for (strand, record) in &strands {
                self.remove_messages(&mut plan, *strand).await?;
                remove_conversation(&mut plan, *strand, record).await?;
            }
            self.commit(plan).await?;
            purged += 1;
        }
        let mut plan = Plan::open_settled(&self.core, &owner).await?;
        if self.purge_contacts(&mut plan).await? > 0 {
            self.commit(plan).await?;
        }
        Ok(purged)
    }

    async fn remove_messages(&self, plan: &mut Plan<'_>, id: ConversationId) -> Result<(), HubError> {
        let rows = self.core.scan_all(plan.owner().partition(), keys::of_conversation(id)).await?;
        for (key, _) in rows {
            let message = keys::message_of_row(&key).ok_or(HubError::Damaged)?;
            plan.delete(key);
            plan.delete(keys::message(message));
            plan.delete_blob(BlobKey(*message.as_bytes()));
            plan.changed(ObjectType::Message, message.as_bytes(), ChangeKind::Destroyed);
        }
        for (key, _) in self.core.scan_all(plan.owner().partition(), keys::related_of(id)).await? {
            plan.delete(key);
        }
        Ok(())
    }
}

/// Writes whether a message was seen, and says so in the log.
pub(crate) fn put_seen(plan: &mut Plan<'_>, key: &Bytes, message: MessageRecord, seen: bool) {
    plan.put(key.clone(), &MessageRecord { seen, ..message });
    if let Some(id) = key.last_chunk() {
        plan.changed(ObjectType::Message, id, ChangeKind::Updated);
    }
}
