//! Rows of indices: how contacts can be reached, and what an index was.

use super::{key, under};
use bytes::Bytes;
use caliopen_model::ContactId;
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
