//! Rows of people.
//!
//! A handle has a home, made with it and never changed: what its conversations are found by, and what messages name.
//! Its owner is the contact that it belongs to now, which the user can change and change back.

use super::words::{StoredContactState, StoredFieldKind, StoredFieldUse, StoredProtocol};
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
    /// What stands for this handle alone, whoever owns it.
    pub(crate) home: [u8; 16],
    pub(crate) blocked: bool,
    /// It has written to the user before.
    pub(crate) wrote: bool,
    /// The user has written to it.
    pub(crate) written_to: bool,
    /// It wrote for the first time, and the user did not let it in yet.
    pub(crate) waiting: bool,
    /// The user confirmed the handle: what importance asks for while the card is sealed.
    pub(crate) confirmed: bool,
    /// A message came from it that its domain proves.
    pub(crate) proven: bool,
}

impl HandleRecord {
    /// A handle of a contact that nobody has written from or to.
    pub(crate) const fn of(contact: [u8; 16], home: [u8; 16], confirmed: bool) -> Self {
        let owner = HandleOwner::Contact(contact);
        Self {
            owner,
            home,
            blocked: false,
            wrote: false,
            written_to: false,
            waiting: false,
            confirmed,
            proven: false,
        }
    }
}

/// A contact: what stands in clear, and its sealed card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ContactRecord {
    pub(crate) state: StoredContactState,
    /// Contacts whose cards belong to this person too, as long as the links last.
    pub(crate) links: Vec<LinkRecord>,
    /// Sealed: [`CardRecord`].
    pub(crate) card: Vec<u8>,
}

/// Why another contact is the same person, and since when. Taking it away restores both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LinkRecord {
    pub(crate) contact: [u8; 16],
    /// The linked contact that it was part of before.
    pub(crate) via: Option<[u8; 16]>,
    pub(crate) evidence: StoredLinkEvidence,
    pub(crate) at: i64,
    /// The user has written the person's card since: what the other card says was taken into it, or left out.
    pub(crate) is_spoken_for: bool,
}

/// What says that two contacts are one person. The user is the author of each: by hand, or by a card of theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum StoredLinkEvidence {
    /// The user said so.
    ByHand,
    /// One card of the user's names both.
    SameCard,
}

/// A contact that is not listed now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PutAwayRecord {
    pub(crate) because: PutAway,
    pub(crate) record: ContactRecord,
}

/// Why a contact is not listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum PutAway {
    /// The user deleted it, then. It can be taken back for a while.
    Deleted(i64),
    /// It is part of another contact.
    Linked([u8; 16]),
}

/// Sealed part of a contact.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct CardRecord {
    pub(crate) name: Option<String>,
    pub(crate) suggested_name: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) handles: Vec<(StoredProtocol, String)>,
    pub(crate) fields: Vec<FieldRecord>,
    /// Pictures elsewhere are fetched for their messages.
    pub(crate) shows_pictures: bool,
}

/// One thing that a card says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FieldRecord {
    pub(crate) kind: StoredFieldKind,
    pub(crate) usage: Option<StoredFieldUse>,
    pub(crate) value: String,
}
