//! Undoing a deed for many conversations: each gets back what the deed took, unless something else changed it since.

use crate::Hub;
use crate::access::Access;
use crate::conversations::change::{put_label, put_seen};
use crate::error::HubError;
use crate::keys;
use crate::limits::DEED_CONVERSATIONS_MAX;
use crate::owner::Plan;
use crate::records::{ConversationRecord, FormerRecord, MessageRecord, OperationRecord, StoredDeed, read};
use crate::shelve::put_conversation;
use crate::views::Progress;
use bytes::Bytes;
use caliopen_model::{ConversationId, LabelId, MessageId, OperationId, Timestamp};
use caliopen_store::Direction;

impl Hub {
    /// Undoes one batch of a deed; to be called until it is finished. None: there is nothing to undo any more.
    /// `changed` counts what is left.
    pub async fn undo_many(
        &self,
        access: &Access,
        operation: OperationId,
    ) -> Result<Option<Progress>, HubError> {
        let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
        let Some(mut record) = plan.get::<OperationRecord>(&keys::operation(operation)).await? else {
            return Ok(None);
        };
        let (range, most) = (keys::former_of(operation), DEED_CONVERSATIONS_MAX);
        let rows = self.core.store.scan(access.partition(), range, most, Direction::Forward).await?;
        self.remind(access.account(), snoozed(&rows)?).await?;
        for (key, row) in &rows {
            match keys::conversation_of_former(key).ok_or(HubError::Damaged)? {
                (id, false) => {
                    give_back(&mut plan, id, &record.deed, &read(row)?).await?;
                    record.changed = record.changed.saturating_sub(1);
                }
                (id, true) => mark_back(&mut plan, id, &record.deed, &read::<Vec<[u8; 16]>>(row)?).await?,
            }
            plan.delete(key.clone());
        }
        let finished = rows.len() < most;
        match finished {
            true => plan.delete(keys::operation(operation)),
            // It does not go on in the other direction.
            false => {
                plan.put(keys::operation(operation), &OperationRecord { finished: true, ..record.clone() })
            }
        }
        self.commit(plan).await?;
        self.core.reminder_news.notify_one();
        Ok(Some(Progress { operation, changed: record.changed, finished }))
    }
}

/// The conversations that will be snoozed again: their reminders may be gone.
fn snoozed(rows: &[(Bytes, Bytes)]) -> Result<Vec<(ConversationId, Timestamp)>, HubError> {
    let mut snoozed = Vec::new();
    for (key, row) in rows {
        if let Some((id, false)) = keys::conversation_of_former(key) {
            let until = read::<FormerRecord>(row)?.snoozed_until;
            snoozed.extend(until.map(|until| (id, Timestamp::from_unix_ms(until))));
        }
    }
    Ok(snoozed)
}

async fn give_back(
    plan: &mut Plan<'_>,
    id: ConversationId,
    deed: &StoredDeed,
    former: &FormerRecord,
) -> Result<(), HubError> {
    let Some(now) = plan.get::<ConversationRecord>(&keys::conversation(id)).await? else { return Ok(()) };
    let mut after = now.clone();
    let stands = match deed.snoozed_until {
        Some(until) => now.snoozed_until == Some(until),
        None => deed.place == Some(now.place),
    };
    if stands {
        after.place = former.place;
        after.binned_at = former.binned_at;
        after.snoozed_until = former.snoozed_until;
        after.returned = former.returned;
    }
    if deed.pinned == Some(now.pinned) {
        after.pinned = former.pinned;
    }
    if deed.muted == Some(now.muted) {
        after.muted = former.muted;
    }
    for (label, on) in &deed.labels {
        if former.labels.contains(label) != *on {
            put_label(plan, &mut after, LabelId::from_bytes(*label), !on).await?;
        }
    }
    put_conversation(plan, id, Some(&now), &after).await
}

/// Marks messages as they were before.
async fn mark_back(
    plan: &mut Plan<'_>,
    id: ConversationId,
    deed: &StoredDeed,
    messages: &[[u8; 16]],
) -> Result<(), HubError> {
    let (Some(now), Some(made_unread)) =
        (plan.get::<ConversationRecord>(&keys::conversation(id)).await?, deed.unread)
    else {
        return Ok(());
    };
    let mut after = now.clone();
    let rows: Vec<Bytes> = messages.iter().map(|id| keys::message(MessageId::from_bytes(*id))).collect();
    for (key, row) in rows.iter().zip(plan.get_many(&rows).await?) {
        let Some(message) = row.map(|row| read::<MessageRecord>(&row)).transpose()? else { continue };
        // The deed's mark still stands.
        if message.seen != made_unread {
            put_seen(plan, key, message, made_unread);
            after.unread_count = match made_unread {
                true => after.unread_count.saturating_sub(1),
                false => after.unread_count.saturating_add(1),
            };
        }
    }
    put_conversation(plan, id, Some(&now), &after).await
}
