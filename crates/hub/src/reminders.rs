//! What was snoozed comes back. A row of the queue's partition says when to look at which conversation; the
//! conversation itself says whether it is still snoozed until then. So a conversation that was moved, or snoozed
//! again, leaves a row that leads nowhere, and nothing that was snoozed can be forgotten.

use crate::Hub;
use crate::context::QUEUE;
use crate::error::HubError;
use crate::keys;
use crate::limits::{REMINDERS_LOOK_MS, REMINDERS_PAGE};
use crate::owner::Plan;
use crate::records::{ConversationRecord, StoredPlace};
use crate::shelve::put_conversation;
use bytes::Bytes;
use caliopen_model::{AccountId, ConversationId, Timestamp};
use caliopen_store::{Batch, Direction};
use std::time::Duration;
use tokio::sync::watch;

impl Hub {
    /// Brings conversations back at their time, until it is asked to stop.
    pub async fn run_reminders(&self, mut stop: watch::Receiver<bool>) {
        let longest = Duration::from_millis(REMINDERS_LOOK_MS);
        loop {
            let pause = match self.bring_back().await {
                Ok(next) => next.map_or(longest, |at| self.until(at).min(longest)),
                Err(error) => {
                    tracing::error!(%error, "snoozed conversations could not be brought back");
                    longest
                }
            };
            tokio::select! {
                _ = stop.wait_for(|asked| *asked) => return,
                () = self.core.reminder_news.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    fn until(&self, at: Timestamp) -> Duration {
        let ms = at.unix_ms().saturating_sub(self.core.clock.now().unix_ms());
        Duration::from_millis(u64::try_from(ms).unwrap_or(0))
    }

    /// Brings back everything that is due. Gives when the next one is, if any is. Costs O(due).
    pub async fn bring_back(&self) -> Result<Option<Timestamp>, HubError> {
        let now = self.core.clock.now();
        let mut range = keys::reminders();
        loop {
            let rows = self.core.store.scan(QUEUE, range.clone(), REMINDERS_PAGE, Direction::Forward).await?;
            let is_last = rows.len() < REMINDERS_PAGE;
            let mut done = Vec::new();
            let mut next = None;
            for (key, _) in rows {
                let Some((at, account, id)) = keys::reminder_of_row(&key) else { continue };
                if at > now {
                    next = Some(at);
                    break;
                }
                range.start = crate::context::successor(&key);
                match self.bring_back_one(account, id, at).await {
                    Ok(()) | Err(HubError::NoAccount) => done.push(key),
                    // Its row stays: it is looked at again.
                    Err(error) => tracing::error!(%error, "a snoozed conversation could not be brought back"),
                }
            }
            let batch = Batch { deletes: done, ..Batch::default() };
            self.core.store.commit(QUEUE, batch).await?;
            if is_last || next.is_some() {
                return Ok(next);
            }
        }
    }

    async fn bring_back_one(
        &self,
        account: AccountId,
        id: ConversationId,
        at: Timestamp,
    ) -> Result<(), HubError> {
        let owner = self.core.owner(account).await?;
        let mut plan = Plan::open(&self.core, &owner).await?;
        let before: Option<ConversationRecord> = plan.get(&keys::conversation(id)).await?;
        let is_due = |record: &ConversationRecord| {
            record.place == StoredPlace::Snoozed && record.snoozed_until == Some(at.unix_ms())
        };
        let Some(before) = before.filter(is_due) else { return Ok(()) };
        let after = ConversationRecord {
            place: StoredPlace::Inbox,
            snoozed_until: None,
            returned: true,
            // It is seen on top, also when the server was down at its time.
            listed_at: self.core.clock.now().unix_ms(),
            ..before.clone()
        };
        put_conversation(&mut plan, id, Some(&before), &after).await?;
        self.commit(plan).await
    }

    /// Writes down when conversations come back. Before the account's batch: see the top of this file.
    pub(crate) async fn remind(
        &self,
        account: AccountId,
        what: Vec<(ConversationId, Timestamp)>,
    ) -> Result<(), HubError> {
        let puts: Vec<(Bytes, Bytes)> =
            what.into_iter().map(|(id, at)| (keys::reminder(at, account, id), Bytes::new())).collect();
        if puts.is_empty() {
            return Ok(());
        }
        self.core.store.commit(QUEUE, Batch { puts, ..Batch::default() }).await?;
        Ok(())
    }
}
