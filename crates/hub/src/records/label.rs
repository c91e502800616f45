//! Rows of labels.

use super::words::StoredColour;
use serde::{Deserialize, Serialize};

/// A label: what is counted under it stands in clear, what it is called is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LabelRecord {
    pub(crate) colour: StoredColour,
    /// Conversations that have it, without those in the bin.
    pub(crate) conversations: u32,
    /// Of these, with something unread.
    pub(crate) unread: u32,
    /// Sealed: its name.
    pub(crate) name: Vec<u8>,
}
