//! Rows of passwords of other programs.

use caliopen_vault::AppPasswordCheck;
use serde::{Deserialize, Serialize};

/// The password of another program. It wraps no key: nothing of the account opens with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AppPasswordRecord {
    /// What tells it from others, under the node's key.
    pub(crate) check: AppPasswordCheck,
    /// Sealed: what the person calls the program.
    pub(crate) name: Vec<u8>,
    pub(crate) created_at: i64,
    /// To the hour; none before it was used.
    pub(crate) last_used_at: Option<i64>,
}
