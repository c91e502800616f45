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

/// What a list shows of a conversation in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HeadlineRecord {
    /// What the protocol calls it: a list's name.
    pub(crate) name: Option<String>,
    pub(crate) people: Vec<PersonRecord>,
    pub(crate) subject: Option<String>,
    pub(crate) excerpt: String,
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
