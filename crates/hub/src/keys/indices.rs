//! Rows of indices: how contacts can be reached, what the user sent to people, and what an index was.

use super::{key, under};
use bytes::Bytes;
use caliopen_model::ContactId;
use caliopen_privacy::user::WINDOW_DAYS;
use std::ops::Range;

/// How a contact can be reached.
pub(crate) fn ways(id: ContactId) -> Bytes {
    key(b'w', &[id.as_bytes()])
}
pub(crate) fn all_ways() -> Range<Bytes> {
    under(key(b'w', &[]))
}
/// What an index was, day by day.
pub(crate) fn history_of_contact(id: ContactId) -> Bytes {
    key(b'a', &[b"c", id.as_bytes()])
}
pub(crate) fn history_of_user() -> Bytes {
    key(b'a', &[b"u"])
}
/// What the user demands of devices.
pub(crate) fn thresholds() -> Bytes {
    key(b'T', &[])
}
/// What the user is coached to do, and did.
pub(crate) fn coaching() -> Bytes {
    key(b'a', &[b"q"])
}
/// What the user sent on one of the days that count. A day stands where one long past stood.
pub(crate) fn sent_day(day: u32) -> Bytes {
    let place = day % u32::from(WINDOW_DAYS);
    key(b'S', &[&place.to_be_bytes()])
}
/// What the user sent to one person lately.
pub(crate) fn sent_to(id: ContactId) -> Bytes {
    key(b'G', &[id.as_bytes()])
}
pub(crate) fn all_sent_to() -> Range<Bytes> {
    under(key(b'G', &[]))
}
