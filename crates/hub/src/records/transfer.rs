//! Rows of imports and exports.

use super::words::{StoredPlace, StoredUnpackReason};
use serde::{Deserialize, Serialize};

/// Which way an account's things go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum StoredTransferKind {
    Import,
    Export,
}

/// How far it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum StoredTransferState {
    /// It goes on, or can.
    Open,
    Done,
    Cancelled,
}

/// An import or an export: what stands in clear, and its sealed words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TransferRecord {
    pub(crate) kind: StoredTransferKind,
    pub(crate) state: StoredTransferState,
    pub(crate) created_at: i64,
    pub(crate) changed_at: i64,
    /// Where to put what names no place of its own.
    pub(crate) place: StoredPlace,
    /// Bytes of the file, where it is known.
    pub(crate) bytes_total: Option<u64>,
    /// Bytes of the file that were read.
    pub(crate) bytes: u64,
    /// Where the next part of the file begins.
    pub(crate) resume_at: u64,
    pub(crate) counts: TransferCounts,
    /// Sealed: [`TransferWordsRecord`].
    pub(crate) words: Vec<u8>,
}

/// What became of what a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct TransferCounts {
    /// Messages that are there now.
    pub(crate) stored: u64,
    /// Messages that were there already.
    pub(crate) known: u64,
    /// Cards that were read.
    pub(crate) cards: u64,
    /// What could not be read.
    pub(crate) passed: u64,
}

/// Sealed part of a transfer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct TransferWordsRecord {
    /// What the file is called.
    pub(crate) name: String,
    /// What could not be read, the first of it.
    pub(crate) faults: Vec<FaultRecord>,
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FaultRecord {
    pub(crate) path: String,
    pub(crate) number: u64,
    pub(crate) offset: u64,
    pub(crate) reason: StoredUnpackReason,
}
