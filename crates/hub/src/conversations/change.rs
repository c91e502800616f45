//! What the user does with a conversation: move it, name it, mark it. Each can be undone by setting the former value.

use crate::Hub;
use crate::access::Access;
use crate::error::HubError;
use crate::joint::{self, Whole};
use crate::keys::{self, ObjectType};
use crate::limits::{CONVERSATION_LABELS_MAX, PAGE_MAX, SNOOZE_MS_MAX};
use crate::owner::Plan;
use crate::records::{ConversationRecord, LabelRecord, MessageRecord, StoredPlace, read};
use crate::resolve::cut;
use crate::shelve::put_conversation;
use crate::views::ConversationPatch;
use bytes::Bytes;
use caliopen_model::{ChangeKind, ConversationId, LabelId, MessageId, Place, Timestamp};
use caliopen_store::Direction;

impl Hub {
    /// Changes a conversation. False: there is no such conversation.
    pub async fn update_conversation(
        &self,
        access: &Access,
        id: ConversationId,
        patch: &ConversationPatch,
    ) -> Result<bool, HubError> {
        let patch = self.within_reach(patch);
        self.remind_strands(access, &[id], &patch).await?;
        let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
        let (strands, whole) = joint::strands_and_whole(&plan, id).await?;
        let Some(whole) = whole else { return Ok(false) };
        for (strand, before) in strands {
            let patch = patch_of_strand(&patch, &whole, strand);
            let (after, _) = self.patched(&mut plan, strand, &before, &patch).await?;
            put_conversation(&mut plan, strand, Some(&before), &after).await?;
        }
        self.commit(plan).await?;
        if patch.snoozed_until.is_some() {
            self.core.reminder_news.notify_one();
        }
        Ok(true)
    }

    /// Writes down when what is shown under these ids comes back, if the patch says so.
    pub(crate) async fn remind_strands(
        &self,
        access: &Access,
        ids: &[ConversationId],
        patch: &ConversationPatch,
    ) -> Result<(), HubError> {
        let Some(at) = patch.snoozed_until else { return Ok(()) };
        let mut snoozed = Vec::with_capacity(ids.len());
        for id in ids {
            snoozed.extend(self.strands(access, *id).await?.into_iter().map(|strand| (strand, at)));
        }
        self.remind(access.account(), snoozed).await
    }

    /// A patch whose time is neither past nor too far away.
    pub(crate) fn within_reach(&self, patch: &ConversationPatch) -> ConversationPatch {
        let now = self.core.clock.now();
        let snoozed_until = patch.snoozed_until.map(|at| at.clamp(now, now.plus_ms(SNOOZE_MS_MAX)));
        ConversationPatch { snoozed_until, ..patch.clone() }
    }

    /// What a patch makes of a conversation, and the messages that it marked.
    pub(crate) async fn patched(
        &self,
        plan: &mut Plan<'_>,
        id: ConversationId,
        before: &ConversationRecord,
        patch: &ConversationPatch,
    ) -> Result<(ConversationRecord, Vec<MessageId>), HubError> {
        let mut after = before.clone();
        moved(&mut after, patch, self.core.clock.now());
        if let Some(title) = &patch.title {
            after.title = match title.as_deref().map(str::trim).filter(|title| !title.is_empty()) {
                Some(title) => Some(plan.seal("title", id.as_bytes(), &cut(title))?),
                None => None,
            };
        }
        after.pinned = patch.pinned.unwrap_or(after.pinned);
        after.muted = patch.muted.unwrap_or(after.muted);
        for (label, on) in &patch.labels {
            put_label(plan, &mut after, *label, *on).await?;
        }
        let marked = match patch.unread {
            Some(false) => self.mark_all_seen(plan, id, &mut after).await?,
            Some(true) if after.unread_count == 0 => mark_latest_unseen(plan, &mut after).await?,
            _ => Vec::new(),
        };
        Ok((after, marked))
    }

    /// Marks what is unread, newest first, until none is left: mail is mostly read from the end.
    async fn mark_all_seen(
        &self,
        plan: &mut Plan<'_>,
        id: ConversationId,
        record: &mut ConversationRecord,
    ) -> Result<Vec<MessageId>, HubError> {
        let mut range = keys::of_conversation(id);
        let mut marked = Vec::new();
        while record.unread_count > 0 {
            let partition = plan.owner().partition();
            let rows = self.core.store.scan(partition, range.clone(), PAGE_MAX, Direction::Backward).await?;
            let Some((oldest, _)) = rows.last() else { break };
            range.end = oldest.clone();
            let ids: Vec<MessageId> = rows.iter().filter_map(|(key, _)| keys::message_of_row(key)).collect();
            let messages: Vec<Bytes> = ids.iter().copied().map(keys::message).collect();
            let found = plan.get_many(&messages).await?;
            for ((id, key), row) in ids.into_iter().zip(&messages).zip(found) {
                let Some(row) = row else { continue };
                let message: MessageRecord = read(&row)?;
                if !message.seen {
                    put_seen(plan, key, message, true);
                    marked.push(id);
                    record.unread_count = record.unread_count.saturating_sub(1);
                }
            }
        }
        record.unread_count = 0;
        Ok(marked)
    }
}

/// What of a patch is meant for one strand: something is unread in the newest, when nothing was.
pub(crate) fn patch_of_strand(
    patch: &ConversationPatch,
    whole: &Whole,
    strand: ConversationId,
) -> ConversationPatch {
    let may_be_unread = whole.record.unread_count == 0 && strand == whole.headline_of;
    let unread = patch.unread.filter(|unread| !unread || may_be_unread);
    ConversationPatch { unread, ..patch.clone() }
}

/// Moves a conversation, or takes it out of sight until a time.
fn moved(record: &mut ConversationRecord, patch: &ConversationPatch, now: Timestamp) {
    let snoozed_until = patch.snoozed_until.map(Timestamp::unix_ms);
    let to = match (snoozed_until, patch.place.map(StoredPlace::from)) {
        (Some(_), _) => StoredPlace::Snoozed,
        // Nothing is snoozed without a time, and what is there stays as it is.
        (None, Some(place)) if place != StoredPlace::Snoozed && place != record.place => place,
        _ => return,
    };
    record.place = to;
    record.binned_at = Place::from(to).is_passing().then_some(now.unix_ms());
    record.snoozed_until = snoozed_until;
    record.returned = false;
}

/// Puts a label on, or takes it off. One that does not exist, or is one too many, is not put on.
pub(crate) async fn put_label(
    plan: &Plan<'_>,
    record: &mut ConversationRecord,
    label: LabelId,
    on: bool,
) -> Result<(), HubError> {
    let found = record.labels.binary_search(label.as_bytes());
    if let (Ok(at), false) = (found, on) {
        record.labels.remove(at);
    }
    if let (Err(at), true) = (found, on)
        && record.labels.len() < CONVERSATION_LABELS_MAX
        && plan.get::<LabelRecord>(&keys::label(label)).await?.is_some()
    {
        record.labels.insert(at, *label.as_bytes());
    }
    Ok(())
}

async fn mark_latest_unseen(
    plan: &mut Plan<'_>,
    record: &mut ConversationRecord,
) -> Result<Vec<MessageId>, HubError> {
    let id = MessageId::from_bytes(record.latest_message);
    let key = keys::message(id);
    let message: MessageRecord = plan.get(&key).await?.ok_or(HubError::Damaged)?;
    put_seen(plan, &key, message, false);
    record.unread_count = 1;
    Ok(vec![id])
}

/// Writes whether a message was seen, and says so in the log.
pub(crate) fn put_seen(plan: &mut Plan<'_>, key: &Bytes, message: MessageRecord, seen: bool) {
    plan.put(key.clone(), &MessageRecord { seen, ..message });
    if let Some(id) = key.last_chunk() {
        plan.changed(ObjectType::Message, id, ChangeKind::Updated);
    }
}
