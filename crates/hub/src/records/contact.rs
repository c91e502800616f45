//! Rows of people.

use super::words::{StoredContactState, StoredProtocol};
use serde::{Deserialize, Serialize};

/// Whose handle it is. Found by its blind index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum HandleOwner {
    /// The user's own: an identity.
    Own([u8; 16]),
    /// A contact's.
    Contact([u8; 16]),
}

/// A handle that the account has met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HandleRecord {
    pub(crate) owner: HandleOwner,
    pub(crate) blocked: bool,
    /// It has written to the user before.
    pub(crate) wrote: bool,
    /// The user has written to it.
    pub(crate) written_to: bool,
    /// The user confirmed the contact: what importance asks for while the card is sealed.
    pub(crate) confirmed: bool,
}

/// A contact: what stands in clear, and its sealed card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ContactRecord {
    pub(crate) state: StoredContactState,
    pub(crate) blocked: bool,
    /// Sealed: [`CardRecord`].
    pub(crate) card: Vec<u8>,
}

/// Sealed part of a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CardRecord {
    pub(crate) name: Option<String>,
    pub(crate) suggested_name: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) handles: Vec<(StoredProtocol, String)>,
}
