//! A deed for many conversations: everything that a list shows, or those that were selected.
//!
//! A call changes one bounded batch and says how far it came; the next call goes on, also after the program was closed.
//! What was before is written down in the same batch, so that undoing gives back exactly that. A conversation that is
//! as wanted already is not touched, and none is changed that left the list meanwhile.

use crate::Hub;
use crate::access::Access;
use crate::conversations::change::patch_of_strand;
use crate::conversations::page::passes;
use crate::error::HubError;
use crate::joint::{self, Whole};
use crate::keys;
use crate::limits::{DEED_CONVERSATIONS_MAX, FORMER_MARKS_MAX, OPERATION_MS, OPERATIONS_MAX};
use crate::owner::Plan;
use crate::records::{ConversationRecord, FormerRecord, OperationRecord, StoredDeed, read};
use crate::shelve::put_conversation;
use crate::views::{ConversationPatch, Progress, Target};
use bytes::Bytes;
use caliopen_model::{AccountId, ConversationId, LabelId, MessageId, OperationId, Timestamp};
use caliopen_store::{Direction, SCAN_LIMIT_MAX};

impl Hub {
    /// Begins a deed for many conversations, and does its first batch. Titles are not part of it.
    pub async fn change_many(
        &self,
        access: &Access,
        target: &Target,
        patch: &ConversationPatch,
    ) -> Result<Progress, HubError> {
        self.forget_operations(access.account()).await?;
        let operation = OperationId::from_bytes(self.core.ids.next());
        let record = OperationRecord {
            started_at: self.core.clock.now().unix_ms(),
            deed: deed(&self.within_reach(patch)),
            cursor: Vec::new(),
            changed: 0,
            finished: false,
        };
        self.change_batch(access, target, operation, record).await
    }

    /// Does the next batch of a deed, for the target that it began with. None: it was undone, or forgotten.
    pub async fn change_more(
        &self,
        access: &Access,
        target: &Target,
        operation: OperationId,
    ) -> Result<Option<Progress>, HubError> {
        let record: Option<OperationRecord> = access.row(&self.core, keys::operation(operation)).await?;
        match record {
            Some(record) if record.finished => Ok(Some(progress(operation, &record))),
            Some(record) => self.change_batch(access, target, operation, record).await.map(Some),
            None => Ok(None),
        }
    }

    async fn change_batch(
        &self,
        access: &Access,
        target: &Target,
        operation: OperationId,
        mut record: OperationRecord,
    ) -> Result<Progress, HubError> {
        let (ids, next) = match target {
            Target::Some(ids) => (ids.iter().copied().take(DEED_CONVERSATIONS_MAX).collect(), None),
            Target::All(filter) => {
                self.rows_from(access, filter, Bytes::from(record.cursor), DEED_CONVERSATIONS_MAX).await?
            }
        };
        let patch = patch(&record.deed);
        self.remind_strands(access, &ids, &patch).await?;
        let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
        let rows = ids.iter().flat_map(|id| [keys::conversation(*id), keys::joined(*id)]);
        plan.prefetch(rows.collect()).await?;
        for id in ids {
            let (strands, whole) = joint::strands_and_whole(&plan, id).await?;
            let is_meant = |record: &ConversationRecord| match target {
                Target::Some(_) => true,
                Target::All(filter) => passes(filter, record),
            };
            if let Some(whole) = whole.filter(|whole| is_meant(&whole.record)) {
                let changed = self.change_one(&mut plan, operation, (strands, whole), &patch).await?;
                record.changed += u32::from(changed);
            }
        }
        record.finished = next.is_none();
        record.cursor = next.map(|next| next.to_vec()).unwrap_or_default();
        plan.put(keys::operation(operation), &record);
        self.commit(plan).await?;
        if patch.snoozed_until.is_some() {
            self.core.reminder_news.notify_one();
        }
        Ok(progress(operation, &record))
    }

    /// Changes one conversation, and writes down what was before. False: it is as wanted already.
    async fn change_one(
        &self,
        plan: &mut Plan<'_>,
        operation: OperationId,
        (strands, whole): (Vec<(ConversationId, ConversationRecord)>, Whole),
        patch: &ConversationPatch,
    ) -> Result<bool, HubError> {
        let mut changed = false;
        for (id, before) in strands {
            let patch = patch_of_strand(patch, &whole, id);
            changed |= self.change_strand(plan, operation, (id, &before), &patch).await?;
        }
        Ok(changed)
    }

    async fn change_strand(
        &self,
        plan: &mut Plan<'_>,
        operation: OperationId,
        (id, before): (ConversationId, &ConversationRecord),
        patch: &ConversationPatch,
    ) -> Result<bool, HubError> {
        let (after, marked) = self.patched(plan, id, before, patch).await?;
        if after == *before {
            return Ok(false);
        }
        put_conversation(plan, id, Some(before), &after).await?;
        plan.put(keys::former(operation, id), &former(before));
        for (part, messages) in (0..).zip(marked.chunks(FORMER_MARKS_MAX)) {
            let messages: Vec<[u8; 16]> = messages.iter().map(|id| *MessageId::as_bytes(id)).collect();
            plan.put(keys::former_marks(operation, id, part), &messages);
        }
        Ok(true)
    }

    /// Forgets what deeds of a day ago could be undone with, and the oldest when there are too many. Needs no key.
    pub(crate) async fn forget_operations(&self, account: AccountId) -> Result<(), HubError> {
        let owner = self.core.owner(account).await?;
        let rows = self.core.scan_all(owner.partition(), keys::operations()).await?;
        let before = self.core.clock.now().plus_ms(-OPERATION_MS).unix_ms();
        let too_many = rows.len().saturating_sub(OPERATIONS_MAX - 1);
        for (number, (key, row)) in rows.iter().enumerate() {
            let record: OperationRecord = read(row)?;
            if number < too_many || record.started_at < before {
                let id = key.last_chunk().copied().ok_or(HubError::Damaged)?;
                self.forget_operation(account, OperationId::from_bytes(id)).await?;
            }
        }
        Ok(())
    }

    async fn forget_operation(&self, account: AccountId, operation: OperationId) -> Result<(), HubError> {
        let owner = self.core.owner(account).await?;
        loop {
            let mut plan = Plan::open_settled(&self.core, &owner).await?;
            let range = keys::former_of(operation);
            let rows =
                self.core.store.scan(owner.partition(), range, SCAN_LIMIT_MAX, Direction::Forward).await?;
            let is_last = rows.len() < SCAN_LIMIT_MAX;
            rows.into_iter().for_each(|(key, _)| plan.delete(key));
            if is_last {
                plan.delete(keys::operation(operation));
            }
            self.commit(plan).await?;
            if is_last {
                return Ok(());
            }
        }
    }
}

pub(super) const fn progress(operation: OperationId, record: &OperationRecord) -> Progress {
    Progress { operation, changed: record.changed, finished: record.finished }
}

fn deed(patch: &ConversationPatch) -> StoredDeed {
    StoredDeed {
        place: patch.place.map(Into::into),
        snoozed_until: patch.snoozed_until.map(Timestamp::unix_ms),
        pinned: patch.pinned,
        muted: patch.muted,
        unread: patch.unread,
        labels: patch.labels.iter().map(|(label, on)| (*label.as_bytes(), *on)).collect(),
    }
}

fn patch(deed: &StoredDeed) -> ConversationPatch {
    ConversationPatch {
        place: deed.place.map(Into::into),
        title: None,
        unread: deed.unread,
        pinned: deed.pinned,
        muted: deed.muted,
        snoozed_until: deed.snoozed_until.map(Timestamp::from_unix_ms),
        labels: deed.labels.iter().map(|(label, on)| (LabelId::from_bytes(*label), *on)).collect(),
    }
}

fn former(before: &ConversationRecord) -> FormerRecord {
    FormerRecord {
        place: before.place,
        binned_at: before.binned_at,
        snoozed_until: before.snoozed_until,
        returned: before.returned,
        pinned: before.pinned,
        muted: before.muted,
        labels: before.labels.clone(),
    }
}
