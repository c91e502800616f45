//! Rows of deeds that are done to many conversations: how far they came, and what was before.

use super::words::StoredPlace;
use serde::{Deserialize, Serialize};

/// A deed that is done a batch at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OperationRecord {
    pub(crate) started_at: i64,
    pub(crate) deed: StoredDeed,
    /// The row of the list where the next batch starts; empty before the first one.
    pub(crate) cursor: Vec<u8>,
    /// Conversations that were changed.
    pub(crate) changed: u32,
    pub(crate) finished: bool,
}

/// What is done to each of them. None leaves it as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredDeed {
    pub(crate) place: Option<StoredPlace>,
    pub(crate) snoozed_until: Option<i64>,
    pub(crate) pinned: Option<bool>,
    pub(crate) muted: Option<bool>,
    pub(crate) unread: Option<bool>,
    /// Labels to put on, or to take off.
    pub(crate) labels: Vec<([u8; 16], bool)>,
}

/// A conversation before the deed: what undoing gives back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FormerRecord {
    pub(crate) place: StoredPlace,
    pub(crate) binned_at: Option<i64>,
    pub(crate) snoozed_until: Option<i64>,
    pub(crate) returned: bool,
    pub(crate) pinned: bool,
    pub(crate) muted: bool,
    pub(crate) labels: Vec<[u8; 16]>,
}
