//! States and changes: what `/changes` and push answer from (RFC 8620 §5.2, §7.1). Costs O(changes).

use crate::Hub;
use crate::access::Access;
use crate::error::HubError;
use crate::keys::{self, ObjectType};
use crate::limits::CHANGE_LOG_MAX;
use crate::records::HeadRecord;
use crate::views::{ChangeSet, States};
use caliopen_model::{ChangeKind, Sequence};
use caliopen_store::Direction;
use tokio::sync::watch;

/// Entries of the log that one look takes.
const LOG_PAGE: usize = 1_000;

impl Hub {
    pub(crate) async fn head(&self, access: &Access) -> Result<HeadRecord, HubError> {
        access.row(&self.core, keys::head()).await?.ok_or(HubError::NoAccount)
    }

    /// Where each type of the account stands.
    pub async fn states(&self, access: &Access) -> Result<States, HubError> {
        Ok(States(self.head(access).await?.states))
    }

    /// Listens to the account: marked as changed whenever a durable change moved a state.
    pub async fn watch(&self, access: &Access) -> Result<watch::Receiver<States>, HubError> {
        let states = self.states(access).await?;
        let receiver = self.core.push.watch(access.account(), states);
        // What became durable between the two lines above.
        self.core.push.tell(access.account(), self.states(access).await?);
        Ok(receiver)
    }

    /// Ends every [`Hub::watch`], now and later: the process is about to stop, and who waits for news would hold it up.
    pub fn end_watches(&self) {
        self.core.push.end();
    }

    /// What happened to the objects of a type since a state, at most `max` objects. None: the log does not reach
    /// back so far, or the state is not of this account.
    pub async fn changes(
        &self,
        access: &Access,
        object: ObjectType,
        since: Sequence,
        max: usize,
    ) -> Result<Option<ChangeSet>, HubError> {
        let head = self.head(access).await?;
        if since.0 > head.sequence || since.0 < head.sequence.saturating_sub(CHANGE_LOG_MAX) {
            return Ok(None);
        }
        if object == ObjectType::Message && since.0 < head.messages_anew {
            return Ok(None);
        }
        let mut changes =
            ChangeSet { new_state: States(head.states).of(object).max(since), ..ChangeSet::default() };
        let mut last = since.0;
        while last < head.sequence {
            let range = keys::changes_after(last);
            let page = self.core.store.scan(access.partition(), range, LOG_PAGE, Direction::Forward).await?;
            if page.is_empty() {
                break;
            }
            for (key, entry) in page {
                let sequence = key.last_chunk().copied().map(u64::from_be_bytes).ok_or(HubError::Damaged)?;
                let (of, kind, id) = read_entry(&entry)?;
                if sequence > head.sequence {
                    return Ok(Some(changes));
                }
                if of == object as u8 && changes.len() >= max && !changes.names(&id) {
                    changes.new_state = Sequence(last);
                    changes.has_more = true;
                    return Ok(Some(changes));
                }
                last = sequence;
                if of == object as u8 {
                    changes.add(id, kind);
                }
            }
        }
        Ok(Some(changes))
    }
}

pub(crate) fn read_entry(entry: &[u8]) -> Result<(u8, ChangeKind, [u8; 16]), HubError> {
    let (&[object, kind], id) = entry.split_first_chunk().ok_or(HubError::Damaged)?;
    let kind = match kind {
        0 => ChangeKind::Created,
        1 => ChangeKind::Updated,
        2 => ChangeKind::Destroyed,
        _ => return Err(HubError::Damaged),
    };
    Ok((object, kind, id.try_into().map_err(|_| HubError::Damaged)?))
}
