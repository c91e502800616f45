//! Rows of conversations.

use super::words::{StoredDirection, StoredKind, StoredPlace, StoredProtection, StoredProtocol};
use serde::{Deserialize, Serialize};

/// A conversation: what lists are ordered and filtered by stands in clear, the rest is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ConversationRecord {
    pub(crate) kind: StoredKind,
    pub(crate) place: StoredPlace,
    /// When it came into the bin.
    pub(crate) binned_at: Option<i64>,
    /// While it is snoozed: when it comes back.
    pub(crate) snoozed_until: Option<i64>,
    /// It came back from a snooze, and nothing happened since.
    pub(crate) returned: bool,
    /// What lists are ordered by: the newest message that raised it, or its return.
    pub(crate) listed_at: i64,
    pub(crate) pinned: bool,
    /// New messages neither raise it nor count.
    pub(crate) muted: bool,
    /// Each once, in order of their ids.
    pub(crate) labels: Vec<[u8; 16]>,
    pub(crate) protocol: StoredProtocol,
    pub(crate) identity: [u8; 16],
    pub(crate) latest_message: [u8; 16],
    pub(crate) latest_at: i64,
    pub(crate) latest_direction: StoredDirection,
    pub(crate) message_count: u32,
    pub(crate) unread_count: u32,
    /// Of the newest message.
    pub(crate) importance: i8,
    /// Of the newest message: score, approximate.
    pub(crate) privacy: (u8, bool),
    pub(crate) suspicious: bool,
    pub(crate) has_attachment: bool,
    pub(crate) protection: StoredProtection,
    /// Sealed: the user's own name for it.
    pub(crate) title: Option<Vec<u8>>,
    /// Sealed: [`HeadlineRecord`] of the newest message.
    pub(crate) headline: Vec<u8>,
}

/// Strands that are shown as one conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct JointRecord {
    pub(crate) kind: StoredKind,
    /// In order: the first is the one whose id the conversation has.
    pub(crate) strands: Vec<[u8; 16]>,
}

/// Sealed: whom a strand is with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StrandRecord {
    pub(crate) identity: [u8; 16],
    pub(crate) suspicious: bool,
    /// The homes of the handles.
    pub(crate) homes: Vec<[u8; 16]>,
}

/// What a list shows of a conversation in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HeadlineRecord {
    /// What the protocol calls it: a list's name.
    pub(crate) name: Option<String>,
    pub(crate) people: Vec<PersonRecord>,
    pub(crate) subject: Option<String>,
    pub(crate) excerpt: String,
}

/// A message as its replies find it: where it is, and who is there, as blind indices of this message alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AnchorRecord {
    pub(crate) conversation: [u8; 16],
    pub(crate) message: [u8; 16],
    pub(crate) received_at: i64,
    pub(crate) members: Vec<[u8; 16]>,
}

/// What another conversation is to the one that shows a stub of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum StoredRelation {
    Narrower,
    Wider,
}

impl StoredRelation {
    pub(crate) const fn reverse(self) -> Self {
        match self {
            Self::Narrower => Self::Wider,
            Self::Wider => Self::Narrower,
        }
    }
}

/// A stub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RelatedRecord {
    pub(crate) conversation: [u8; 16],
    pub(crate) relation: StoredRelation,
}

/// Somebody who takes part, as the newest message names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PersonRecord {
    /// None for the user, and for handles beyond the limit of one message.
    pub(crate) contact: Option<[u8; 16]>,
    pub(crate) is_me: bool,
    pub(crate) protocol: StoredProtocol,
    pub(crate) address: String,
    pub(crate) name: Option<String>,
}
