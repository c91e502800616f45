//! Leaving a list: by one request to its own host, where the message says how under a signature that passed; or in
//! another way, which a client writes down. What was left is remembered, and shown on all messages of that list.

use crate::Hub;
use crate::access::Access;
use crate::context::Context;
use crate::error::HubError;
use crate::fetcher::NotLeft;
use crate::keys::{self, ObjectType};
use crate::limits::LEAVINGS_HOUR_MAX;
use crate::owner::Plan;
use crate::records::{MessageRecord, StoredDirection, SummaryRecord};
use bytes::Bytes;
use caliopen_model::{AccountId, ChangeKind, Evidence, ImportanceReason, MessageId, Timestamp};
use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

const HOUR_MS: i64 = 60 * 60 * 1000;

/// Why a list was not left.
#[derive(Debug, thiserror::Error)]
pub enum LeaveError {
    /// There is no such message.
    #[error("there is no such message")]
    Unknown,
    /// The message says no such way, or nobody proves that its sender says it.
    #[error("this message cannot be answered by one request: leave its list as the message itself says")]
    NotOffered,
    /// The account asked too often.
    #[error("at most {0} lists are left in an hour: try again later")]
    OverLimit(u32),
    /// It is being asked already.
    #[error("this list is being left already: wait for its answer")]
    UnderWay,
    /// The list's host answered that it did not do it.
    #[error("the list's host refused: leave the list as the message itself says")]
    Refused,
    /// The list's host did not answer.
    #[error("the list's host did not answer: try again later, or leave the list as the message itself says")]
    Unreachable,
    /// Storage, or a damaged record.
    #[error(transparent)]
    Hub(#[from] HubError),
}

impl From<NotLeft> for LeaveError {
    fn from(fate: NotLeft) -> Self {
        match fate {
            NotLeft::Refused => Self::Refused,
            NotLeft::Unreachable => Self::Unreachable,
        }
    }
}

/// Which lists are being left, and how many each account left in its present hour.
#[derive(Default)]
pub(crate) struct Leavings(Mutex<State>);

#[derive(Default)]
struct State {
    under_way: HashSet<(AccountId, Bytes)>,
    hours: HashMap<AccountId, (Timestamp, u32)>,
}

impl Leavings {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nobody else leaves this list for this account until the turn is dropped.
    fn begin(&self, account: AccountId, list: &Bytes) -> Result<Turn<'_>, LeaveError> {
        let turn = (account, list.clone());
        match self.lock().under_way.insert(turn.clone()) {
            true => Ok(Turn { leavings: self, turn }),
            false => Err(LeaveError::UnderWay),
        }
    }

    /// Counts a request, or refuses it.
    fn spend(&self, account: AccountId, now: Timestamp) -> Result<(), LeaveError> {
        let mut state = self.lock();
        state.hours.retain(|_, (begun, _)| now.unix_ms() - begun.unix_ms() < HOUR_MS);
        let (_, spent) = state.hours.entry(account).or_insert((now, 0));
        if *spent >= LEAVINGS_HOUR_MAX {
            return Err(LeaveError::OverLimit(LEAVINGS_HOUR_MAX));
        }
        *spent += 1;
        Ok(())
    }
}

struct Turn<'a> {
    leavings: &'a Leavings,
    turn: (AccountId, Bytes),
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.leavings.lock().under_way.remove(&self.turn);
    }
}

impl Hub {
    /// Leaves the list of a message by the one request that the message offers. Gives when it was left: a message that
    /// came before the list was left asks nobody again.
    ///
    /// # Errors
    ///
    /// See [`LeaveError`]. Nothing is written down then; asking again is harmless.
    pub async fn leave_list(&self, access: &Access, id: MessageId) -> Result<Timestamp, LeaveError> {
        let opened = self.unseal_messages(access, &[id]).await?.into_iter().next().flatten();
        let (record, summary) = opened.ok_or(LeaveError::Unknown)?;
        let list = list_row(access, &record, &summary).ok_or(LeaveError::NotOffered)?;
        let fetcher = self.core.fetcher.as_ref().ok_or(LeaveError::NotOffered)?;
        if !offers_one_click(&self.core, &record, &summary) {
            return Err(LeaveError::NotOffered);
        }
        let _turn = self.leavings.begin(access.account(), &list)?;
        let left_at = access.rows::<i64>(&self.core, vec![list.clone()]).await?.into_iter().next().flatten();
        if let Some(left_at) = left_at.filter(|left_at| *left_at >= record.received_at) {
            return Ok(Timestamp::from_unix_ms(left_at));
        }
        let (format, raw) = self.unseal_blob(access, id, &record, &summary).await?;
        let request = format.leaving(&raw).ok_or(LeaveError::NotOffered)?;
        self.leavings.spend(access.account(), self.now())?;
        fetcher.leave(&request).await?;
        let now = self.now();
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        write_down(&mut plan, id, list, Some(now));
        self.commit(plan).await?;
        Ok(now)
    }

    /// Plans to write down when the list of a message was left, or that it was not. Does nothing for a message of no list.
    pub(crate) async fn note_leaving(
        &self,
        access: &Access,
        plan: &mut Plan<'_>,
        id: MessageId,
        left_at: Option<Timestamp>,
    ) -> Result<(), HubError> {
        let opened = self.unseal_messages(access, &[id]).await?.into_iter().next().flatten();
        if let Some(list) = opened.and_then(|(record, summary)| list_row(access, &record, &summary)) {
            write_down(plan, id, list, left_at);
        }
        Ok(())
    }

    /// When the lists of these messages were left, in their order. One look at the store, for all of them.
    pub(crate) async fn left_at(
        &self,
        access: &Access,
        opened: &[Option<(MessageRecord, SummaryRecord)>],
    ) -> Result<Vec<Option<Timestamp>>, HubError> {
        let lists: Vec<Option<Bytes>> = opened
            .iter()
            .map(|opened| opened.as_ref().and_then(|(record, summary)| list_row(access, record, summary)))
            .collect();
        let mut wanted: Vec<Bytes> = lists.iter().flatten().cloned().collect();
        wanted.sort_unstable();
        wanted.dedup();
        if wanted.is_empty() {
            return Ok(vec![None; opened.len()]);
        }
        let found: Vec<Option<i64>> = access.rows(&self.core, wanted.clone()).await?;
        let left: HashMap<Bytes, i64> =
            wanted.into_iter().zip(found).filter_map(|(list, at)| Some((list, at?))).collect();
        let at = |list: Option<Bytes>| left.get(&list?).copied().map(Timestamp::from_unix_ms);
        Ok(lists.into_iter().map(at).collect())
    }
}

/// Whether one request to its host takes the reader off the message's list: its sender signed how, nothing says that the
/// sender is somebody else, and this host asks others for its people.
pub(crate) fn offers_one_click(core: &Context, record: &MessageRecord, summary: &SummaryRecord) -> bool {
    let is_signed = || summary.evidence.iter().any(|fact| matches!(fact.0, Evidence::OneClickSigned { .. }));
    core.fetcher.is_some()
        && record.direction == StoredDirection::Received
        && !record.suspicious
        && is_signed()
}

fn write_down(plan: &mut Plan<'_>, id: MessageId, list: Bytes, left_at: Option<Timestamp>) {
    match left_at {
        Some(left_at) => plan.put(list, &left_at.unix_ms()),
        None => plan.delete(list),
    }
    plan.changed(ObjectType::Message, id.as_bytes(), ChangeKind::Updated);
}

/// The row of the list that a message is of: a list has a conversation of its own; of the machines of an organisation,
/// which share one, each address sends a list. None: it is no message of a list.
fn list_row(access: &Access, record: &MessageRecord, summary: &SummaryRecord) -> Option<Bytes> {
    let has = |wanted: ImportanceReason| {
        summary.importance_reasons.iter().any(|reason| ImportanceReason::from(*reason) == wanted)
    };
    let author = match (record.direction, summary.from.first()) {
        (StoredDirection::Sent, _) => return None,
        _ if has(ImportanceReason::List) => String::new(),
        (_, Some(author)) if has(ImportanceReason::Automated) => author.address.to_lowercase(),
        _ => return None,
    };
    let canonical = [record.conversation.as_slice(), author.as_bytes()].concat();
    Some(keys::left(&access.owner.blind.index("left", &canonical)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: AccountId = AccountId::from_bytes([1; 16]);

    #[test]
    fn an_account_leaves_so_many_lists_in_an_hour_and_again_in_the_next() {
        let leavings = Leavings::default();
        let spend = |account, ms| leavings.spend(account, Timestamp::from_unix_ms(ms));
        for _ in 0..LEAVINGS_HOUR_MAX {
            assert!(spend(ALICE, 0).is_ok());
        }
        assert!(matches!(spend(ALICE, 1), Err(LeaveError::OverLimit(LEAVINGS_HOUR_MAX))));
        assert!(spend(AccountId::from_bytes([2; 16]), 1).is_ok());
        assert!(spend(ALICE, HOUR_MS).is_ok());
    }

    #[test]
    fn a_list_is_left_once_at_a_time() {
        let leavings = Leavings::default();
        let list = Bytes::from_static(b"list");
        let turn = leavings.begin(ALICE, &list);
        assert!(turn.is_ok());
        assert!(matches!(leavings.begin(ALICE, &list), Err(LeaveError::UnderWay)));
        assert!(leavings.begin(ALICE, &Bytes::from_static(b"other")).is_ok());
        drop(turn);
        assert!(leavings.begin(ALICE, &list).is_ok());
    }
}
