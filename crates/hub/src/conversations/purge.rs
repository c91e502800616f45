//! What leaves for good: what was in the bin, or among the spam, for 30 days; or all of it at once, when its person says so.

use crate::Hub;
use crate::access::Access;
use crate::context::DIRECTORY;
use crate::error::HubError;
use crate::joint;
use crate::keys::{self, ObjectType};
use crate::limits::{BIN_MS, EMPTIED_MAX};
use crate::owner::Plan;
use crate::records::{ConversationRecord, LoginRecord, MessageRecord, read};
use crate::shelve::remove_conversation;
use caliopen_model::{AccountId, ChangeKind, ConversationId, MessageId, Place};
use caliopen_store::BlobKey;
use std::collections::BTreeSet;

/// How far an emptying came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Emptied {
    /// Conversations that went with this call.
    pub removed: usize,
    /// None is left.
    pub finished: bool,
}

impl Hub {
    /// Removes for good what has been in the bin of each account, or among its spam, for 30 days, and what deeds could
    /// be undone with for a day.
    pub async fn purge_bins(&self) -> Result<usize, HubError> {
        let mut accounts = BTreeSet::new();
        for (_, row) in self.core.scan_all(DIRECTORY, keys::logins()).await? {
            accounts.insert(read::<LoginRecord>(&row)?.account);
        }
        let mut purged = 0;
        for account in accounts.into_iter().map(AccountId::from_bytes) {
            purged += self.purge_bin(account).await?;
            self.forget_operations(account).await?;
        }
        Ok(purged)
    }

    /// Removes for good what has been in the bin of an account, or among its spam, for 30 days, and the cards of
    /// contacts that were deleted then. Needs no key: nothing is read. Gives the number of conversations that went.
    pub async fn purge_bin(&self, account: AccountId) -> Result<usize, HubError> {
        let owner = self.core.owner(account).await?;
        let due = self.core.clock.now().plus_ms(-BIN_MS).unix_ms();
        let mut purged = 0;
        let mut rows = Vec::new();
        for place in Place::ALL.into_iter().filter(|place| place.is_passing()) {
            let range = keys::view_of(keys::View::Date, place);
            rows.extend(self.core.scan_all(owner.partition(), range).await?);
        }
        for id in rows.iter().filter_map(|(key, _)| keys::conversation_of_view(key)) {
            let mut plan = Plan::open_settled(&self.core, &owner).await?;
            let strands = joint::strands(&plan, id).await?;
            let is_due = |record: &ConversationRecord| record.binned_at.is_some_and(|binned| binned <= due);
            if strands.is_empty() || !strands.iter().all(|(_, record)| is_due(record)) {
                continue;
            }
            self.remove_for_good(&mut plan, &strands, &|_| true).await?;
            self.commit(plan).await?;
            purged += 1;
        }
        let mut plan = Plan::open_settled(&self.core, &owner).await?;
        if self.purge_contacts(&mut plan).await? > 0 {
            self.commit(plan).await?;
        }
        Ok(purged)
    }

    /// Removes for good what is in the bin now, or among the spam: so many conversations at a call, in one batch. None where
    /// nothing of this place leaves by itself either.
    ///
    /// # Errors
    ///
    /// [`HubError::Hidden`] where one of them holds a message that is held back from whoever asks: who may not read it does not
    /// destroy it. Nothing of the batch is removed then.
    pub async fn empty(&self, access: &Access, place: Place) -> Result<Option<Emptied>, HubError> {
        if !place.is_passing() {
            return Ok(None);
        }
        let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
        let range = keys::view_of(keys::View::Date, place);
        let rows = self.core.scan_page(access.partition(), range, 0, EMPTIED_MAX + 1).await?;
        let ids = rows.iter().filter_map(|(key, _)| keys::conversation_of_view(key)).take(EMPTIED_MAX);
        let mut removed = 0;
        for id in ids {
            let strands = joint::strands(&plan, id).await?;
            self.remove_for_good(&mut plan, &strands, &|score| access.shows(score)).await?;
            removed += 1;
        }
        self.commit(plan).await?;
        Ok(Some(Emptied { removed, finished: rows.len() <= EMPTIED_MAX }))
    }

    async fn remove_for_good(
        &self,
        plan: &mut Plan<'_>,
        strands: &[(ConversationId, ConversationRecord)],
        shows: &(dyn Fn(u8) -> bool + Sync),
    ) -> Result<(), HubError> {
        for (strand, record) in strands {
            self.remove_messages(plan, *strand, shows).await?;
            remove_conversation(plan, *strand, record).await?;
        }
        Ok(())
    }

    async fn remove_messages(
        &self,
        plan: &mut Plan<'_>,
        id: ConversationId,
        shows: &(dyn Fn(u8) -> bool + Sync),
    ) -> Result<(), HubError> {
        let rows = self.core.scan_all(plan.owner().partition(), keys::of_conversation(id)).await?;
        let ids: Vec<MessageId> = rows.iter().filter_map(|(key, _)| keys::message_of_row(key)).collect();
        let records = plan.get_many(&ids.iter().copied().map(keys::message).collect::<Vec<_>>()).await?;
        rows.into_iter().for_each(|(key, _)| plan.delete(key));
        for (message, row) in ids.into_iter().zip(records) {
            let record = row.map(|row| read::<MessageRecord>(&row)).transpose()?;
            if record.as_ref().is_some_and(|record| !shows(record.privacy.0)) {
                return Err(HubError::Hidden);
            }
            plan.delete(keys::message(message));
            plan.drop_blob(BlobKey(*message.as_bytes()), record.map_or(0, |record| record.stored_bytes));
            plan.changed(ObjectType::Message, message.as_bytes(), ChangeKind::Destroyed);
        }
        for (key, _) in self.core.scan_all(plan.owner().partition(), keys::related_of(id)).await? {
            plan.delete(key);
        }
        Ok(())
    }
}
