//! Rows of messages.

use super::conversation::PersonRecord;
use super::evidence::EvidenceRecord;
use super::words::{
    StoredDirection, StoredDisposition, StoredImportanceReason, StoredProtection, StoredProtocol,
    StoredWarning,
};
use serde::{Deserialize, Serialize};

/// A message: what stands in clear, and its sealed summary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MessageRecord {
    pub(crate) conversation: [u8; 16],
    pub(crate) segment: [u8; 16],
    pub(crate) protocol: StoredProtocol,
    pub(crate) direction: StoredDirection,
    pub(crate) received_at: i64,
    /// Bytes of its blob on the disk, as the store shows them anyway.
    pub(crate) stored_bytes: u64,
    pub(crate) seen: bool,
    pub(crate) flagged: bool,
    pub(crate) importance: i8,
    /// Score, approximate, version of the formula. Frozen.
    pub(crate) privacy: (u8, bool, u16),
    pub(crate) suspicious: bool,
    pub(crate) protection: StoredProtection,
    /// Sealed: [`SummaryRecord`].
    pub(crate) summary: Vec<u8>,
}

/// What is said of a message in words, and the key of its blob.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SummaryRecord {
    pub(crate) blob_key: [u8; 32],
    pub(crate) size_bytes: u64,
    pub(crate) from: Vec<PersonRecord>,
    pub(crate) reply_to: Vec<PersonRecord>,
    pub(crate) to: Vec<PersonRecord>,
    pub(crate) cc: Vec<PersonRecord>,
    pub(crate) bcc: Vec<PersonRecord>,
    pub(crate) subject: Option<String>,
    pub(crate) excerpt: String,
    pub(crate) sent_at: Option<i64>,
    pub(crate) parts: Vec<PartRecord>,
    pub(crate) warnings: Vec<StoredWarning>,
    pub(crate) importance_reasons: Vec<StoredImportanceReason>,
    pub(crate) evidence: Vec<EvidenceRecord>,
}

/// A file of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PartRecord {
    pub(crate) id: u32,
    pub(crate) media_type: String,
    pub(crate) name: Option<String>,
    pub(crate) size_bytes: u64,
    pub(crate) disposition: StoredDisposition,
    pub(crate) content_id: Option<String>,
}
