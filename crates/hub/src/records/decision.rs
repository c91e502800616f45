//! Rows of decisions about new senders.

use super::words::{StoredAdmission, StoredScope};
use serde::{Deserialize, Serialize};

/// What the user decided about a domain, or about a list or the machines of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DecisionRecord {
    pub(crate) scope: StoredScope,
    pub(crate) admission: StoredAdmission,
    pub(crate) decided_at: i64,
    /// Sealed: whom it is about, in words.
    pub(crate) name: Vec<u8>,
}
