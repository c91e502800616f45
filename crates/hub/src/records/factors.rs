//! Rows of what shows that somebody is themselves, beside their password.

use serde::{Deserialize, Serialize};

/// A passkey. What stands in clear says nothing of its person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PasskeyRecord {
    pub(crate) credential_id: Vec<u8>,
    /// Its public key, as COSE writes it.
    pub(crate) key: Vec<u8>,
    /// The host that it belongs to: it answers no other.
    pub(crate) party: String,
    /// How often it signed; 0 for one that does not count.
    pub(crate) counter: u32,
    /// The master key under what it gives beside its signature; none for one that gives nothing.
    pub(crate) wrap: Option<Vec<u8>>,
    /// Sealed: what its person calls it.
    pub(crate) name: Vec<u8>,
    pub(crate) created_at: i64,
    pub(crate) used_at: Option<i64>,
    /// It is kept with other devices of its person, too.
    pub(crate) is_synced: bool,
    /// Its counter went back: there are two of it, and neither is believed.
    pub(crate) is_copied: bool,
}

/// Whose passkey this is. Stands in the directory under the blind index of its credential's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PasskeyOwnerRecord {
    pub(crate) account: [u8; 16],
    pub(crate) passkey: [u8; 16],
}

/// What a password is asked for beside it. No row, or the default: nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct SecondFactorRecord {
    pub(crate) is_on: bool,
    /// Sealed: the secret that an app counts from.
    pub(crate) secret: Option<Vec<u8>>,
    /// Sealed: one that was shown, and not yet confirmed.
    pub(crate) pending: Option<Vec<u8>>,
    /// The step of the last code that was taken.
    pub(crate) last_step: Option<i64>,
}
