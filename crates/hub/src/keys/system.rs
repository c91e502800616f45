//! Rows of the system's own partitions: the directory, and the queue.

use super::{key, oldest_first, under};
use bytes::Bytes;
use caliopen_model::{AccountId, ConversationId, SubmissionId, Timestamp};
use std::ops::Range;

// The directory: a system partition.

pub(crate) fn login(blind: &[u8]) -> Bytes {
    key(b'L', &[blind])
}
pub(crate) fn logins() -> Range<Bytes> {
    under(key(b'L', &[]))
}
pub(crate) fn token(hash: &[u8; 32]) -> Bytes {
    key(b'T', &[hash])
}
/// Whose passkey it is, by the blind index of its credential's id.
pub(crate) fn passkey_owner(blind: &[u8]) -> Bytes {
    key(b'P', &[blind])
}
pub(crate) fn domain(blind: &[u8]) -> Bytes {
    key(b'D', &[blind])
}
pub(crate) fn domains() -> Range<Bytes> {
    under(key(b'D', &[]))
}
/// What is known of a domain of this host, as others see it.
pub(crate) fn own_domain(blind: &[u8]) -> Bytes {
    key(b'V', &[blind])
}
/// Which layout the accounts' rows have.
pub(crate) fn layout() -> Bytes {
    key(b'Y', &[])
}

// The queue: a system partition. What is due first comes first.

pub(crate) fn due(at: Timestamp, account: AccountId, id: SubmissionId) -> Bytes {
    key(b'Q', &[&oldest_first(at), account.as_bytes(), id.as_bytes()])
}
pub(crate) fn all_due() -> Range<Bytes> {
    under(key(b'Q', &[]))
}
/// A report that this host writes.
pub(crate) fn notice(id: SubmissionId) -> Bytes {
    key(b'N', &[id.as_bytes()])
}
/// The time, the account and the submission of a row of the queue.
pub(crate) fn due_of_row(key: &[u8]) -> Option<(Timestamp, AccountId, SubmissionId)> {
    let (rest, id) = key.split_last_chunk::<16>()?;
    let (rest, account) = rest.split_last_chunk::<16>()?;
    let at = u64::from_be_bytes(*rest.last_chunk::<8>()?);
    let at = Timestamp::from_unix_ms((at ^ (1 << 63)) as i64);
    Some((at, AccountId::from_bytes(*account), SubmissionId::from_bytes(*id)))
}

/// When a snoozed conversation comes back.
pub(crate) fn reminder(at: Timestamp, account: AccountId, id: ConversationId) -> Bytes {
    key(b'Z', &[&oldest_first(at), account.as_bytes(), id.as_bytes()])
}
pub(crate) fn reminders() -> Range<Bytes> {
    under(key(b'Z', &[]))
}
/// The time, the account and the conversation of a reminder.
pub(crate) fn reminder_of_row(key: &[u8]) -> Option<(Timestamp, AccountId, ConversationId)> {
    let (at, account, id) = due_of_row(key)?;
    Some((at, account, ConversationId::from_bytes(*id.as_bytes())))
}
