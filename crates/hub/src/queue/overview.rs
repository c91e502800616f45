//! What waits in the queue, for whoever looks after the host: numbers and the state of destinations, nobody's address.

use super::Due;
use crate::Hub;
use crate::context::{QUEUE, successor};
use crate::error::HubError;
use crate::keys;
use crate::limits::{QUEUE_GULP, QUEUE_OVERVIEW_MAX};
use crate::records::{RecipientRecord, WorkRecord};
use caliopen_model::{Cause, Participant, Timestamp};
use caliopen_store::Direction;
use std::collections::BTreeMap;

/// What waits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QueueView {
    /// Messages that were looked at: all that wait, or as many as one look may cost.
    pub messages: usize,
    /// Reports of deliveries among what was looked at, beside the messages.
    pub notices: usize,
    /// There is more than was looked at.
    pub is_cut: bool,
    /// Where they are for, the most recipients first.
    pub destinations: Vec<DestinationView>,
}

/// How it stands with a destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DestinationView {
    /// Its domain; empty for people of this server.
    pub name: String,
    /// Recipients that wait, over all messages.
    pub recipients: usize,
    /// What went wrong with one of them, when anything was tried.
    pub cause: Option<Cause>,
    /// When the first of them is tried next.
    pub next_try_at: Timestamp,
}

impl Hub {
    /// Looks at what waits. Sees no words, and costs a look for each message: nothing for every day.
    pub async fn queue_overview(&self) -> Result<QueueView, HubError> {
        let mut view = QueueView::default();
        let mut destinations: BTreeMap<String, DestinationView> = BTreeMap::new();
        let mut range = keys::all_due();
        loop {
            let rows = self.core.store.scan(QUEUE, range.clone(), QUEUE_GULP, Direction::Forward).await?;
            let Some((last, _)) = rows.last() else { break };
            range.start = successor(last);
            for (at, account, submission) in rows.iter().filter_map(|(key, _)| keys::due_of_row(key)) {
                let due = Due { at, account, submission };
                if due.is_notice() {
                    view.notices += 1;
                } else if let Some(work) = self.work_of(due).await? {
                    view.messages += 1;
                    work.fates.recipients.iter().for_each(|one| self.count(&work, one, &mut destinations));
                }
            }
            view.is_cut = view.messages + view.notices >= QUEUE_OVERVIEW_MAX;
            if view.is_cut || rows.len() < QUEUE_GULP {
                break;
            }
        }
        view.destinations = destinations.into_values().collect();
        view.destinations
            .sort_by(|one, other| other.recipients.cmp(&one.recipients).then(one.name.cmp(&other.name)));
        Ok(view)
    }

    async fn work_of(&self, due: Due) -> Result<Option<WorkRecord>, HubError> {
        match self.core.owner(due.account).await {
            Ok(owner) => self.work_left(&owner, due).await,
            Err(HubError::NoAccount) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn count(
        &self,
        work: &WorkRecord,
        recipient: &RecipientRecord,
        destinations: &mut BTreeMap<String, DestinationView>,
    ) {
        let Some(next) = recipient.next_try_at else { return };
        let handle = Participant::from(&recipient.to).handle;
        let carrier = self.core.carrier(work.protocol.into());
        let name = carrier.map(|carrier| carrier.destination(&handle)).unwrap_or_default();
        let next = Timestamp::from_unix_ms(next);
        let entry = destinations.entry(name.clone()).or_insert(DestinationView {
            name,
            recipients: 0,
            cause: None,
            next_try_at: next,
        });
        entry.recipients += 1;
        entry.cause = entry.cause.or(recipient.cause.map(Into::into));
        entry.next_try_at = entry.next_try_at.min(next);
    }
}
