//! The row of the search index.

use serde::{Deserialize, Serialize};

/// Sealed: what the index is made of, and how far it goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct IndexRecord {
    /// Of what is indexed of a message. Another one: the index is built anew.
    pub(crate) version: u16,
    /// The last entry of the change log that it knows.
    pub(crate) upto: u64,
    /// Segments of messages, from the oldest to the newest.
    pub(crate) messages: Vec<SegmentRecord>,
    /// Segments of contacts' cards and conversations' titles, likewise. They are few.
    pub(crate) names: Vec<SegmentRecord>,
    /// What was removed and has words in a segment still.
    pub(crate) gone: Vec<GoneRecord>,
    /// Conversations with a title in `names`.
    pub(crate) titled: Vec<[u8; 16]>,
    /// What was there before the index, and is not in it yet.
    pub(crate) backlog: Option<BacklogRecord>,
}

/// A segment: an immutable blob, and its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SegmentRecord {
    pub(crate) blob: [u8; 16],
    pub(crate) content_key: [u8; 32],
    /// Bytes before sealing.
    pub(crate) bytes: u64,
    /// The time of its newest message.
    pub(crate) newest: i64,
}

/// Something that was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct GoneRecord {
    pub(crate) id: [u8; 16],
    pub(crate) is_message: bool,
    pub(crate) since: i64,
}

/// How far the building of an index is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BacklogRecord {
    pub(crate) stage: BacklogStage,
    /// Where the stage goes on: rows before this key (messages), or from it on (the others).
    pub(crate) next: Option<Vec<u8>>,
    pub(crate) messages_done: u64,
    pub(crate) messages_total: u64,
}

/// What is read in this order: names first, since they are few.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum BacklogStage {
    Contacts,
    Titles,
    /// The newest first.
    Messages,
}
