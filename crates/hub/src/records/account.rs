//! Rows of the account itself, and of the directory.

use super::words::{StoredLanguage, StoredNetwork, StoredScreener, StoredSupport};
use crate::keys::ObjectType;
use caliopen_model::Place;
use serde::{Deserialize, Serialize};

/// What stands in clear of an account: keys that only its secrets, or the node's, can use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AccountRecord {
    pub(crate) created_at: i64,
    /// X25519: anything can be sealed to it.
    pub(crate) public_key: [u8; 32],
    /// The private half, under the master key.
    pub(crate) private_key: Vec<u8>,
    /// The blind-index key under the master key, for when the person is here.
    pub(crate) blind_key_by_master: Vec<u8>,
    /// The same under the node's key, so that mail can be placed while the person is away.
    pub(crate) blind_key_by_node: Vec<u8>,
    /// Sealed: [`ProfileRecord`].
    pub(crate) profile: Vec<u8>,
    /// The person has written the recovery code down.
    pub(crate) recovery_confirmed: bool,
}

/// Sealed part of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProfileRecord {
    pub(crate) address: String,
    pub(crate) language: StoredLanguage,
}

/// Where the account stands: the one row that every batch of its owner rewrites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct HeadRecord {
    /// The last sequence of the change log.
    pub(crate) sequence: u64,
    /// The last sequence of each type, in the order of `ObjectType::ALL`.
    pub(crate) states: [u64; ObjectType::ALL.len()],
    /// Conversations in each place, in the order of `Place::ALL`.
    pub(crate) conversations: [u32; Place::ALL.len()],
    /// Of these, with something unread.
    pub(crate) unread: [u32; Place::ALL.len()],
    /// Contacts.
    pub(crate) contacts: u32,
    /// Drafts.
    pub(crate) drafts: u32,
    /// So many messages changed their conversation at once that nobody can follow them from before this sequence.
    pub(crate) messages_anew: u64,
    /// Labels.
    pub(crate) labels: u32,
    /// Decisions about new senders.
    pub(crate) decisions: u32,
    pub(crate) screener: StoredScreener,
    pub(crate) storage: StorageRecord,
}

/// What the mail of an account takes on the disk, and what it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct StorageRecord {
    /// Bytes of the blobs of its messages and uploads.
    pub(crate) used: u64,
    pub(crate) allowance: StoredAllowance,
    /// Quests that its person did: the host may give space for them.
    pub(crate) quests: u8,
}

/// What the administrator said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum StoredAllowance {
    #[default]
    Host,
    Bytes(u64),
    Unlimited,
}

impl HeadRecord {
    /// Counts a conversation in, or out, of a place.
    pub(crate) fn count(&mut self, place: usize, is_unread: bool, add: bool) {
        let step = |number: &mut u32| {
            *number = if add { number.saturating_add(1) } else { number.saturating_sub(1) }
        };
        if let Some(conversations) = self.conversations.get_mut(place) {
            step(conversations);
        }
        if let Some(unread) = self.unread.get_mut(place).filter(|_| is_unread) {
            step(unread);
        }
    }
}

/// A signed-in browser or program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SessionRecord {
    /// Of the token; the token itself is nowhere. Found through the directory.
    pub(crate) token_hash: [u8; 32],
    /// The master key under a key derived from the token.
    pub(crate) wrap: Vec<u8>,
    /// Sealed: the name of the client.
    pub(crate) client: Vec<u8>,
    pub(crate) created_at: i64,
    pub(crate) last_used_at: i64,
    /// The device that its requests must be signed by; none for a program without keys.
    pub(crate) device: Option<[u8; 16]>,
    /// When its person last showed, in an open session, that it is them.
    pub(crate) stepped_up_at: Option<i64>,
}

/// A browser that enrolled with keys of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DeviceRecord {
    /// Its public keys: what it signs with, and what is sealed to.
    pub(crate) signing_key: Vec<u8>,
    pub(crate) agreement_key: Vec<u8>,
    /// Sealed: what it calls itself.
    pub(crate) client: Vec<u8>,
    /// Sealed: what its person calls it.
    pub(crate) name: Option<Vec<u8>>,
    pub(crate) created_at: i64,
    pub(crate) last_used_at: i64,
    /// The days of UTC on which it was used: bit 0 is that of its last use, bit 1 the one before it…
    pub(crate) days: u32,
    /// On how many different days it was used in all. A clock that jumps is one more day, whatever it jumps over.
    pub(crate) days_in_all: u16,
    pub(crate) is_shared: bool,
    /// It was given the key of what it keeps.
    pub(crate) keeps_sealed: bool,
    /// Whether its system and its browser get corrections, as they said last.
    pub(crate) system: Option<StoredSupport>,
    pub(crate) browser: Option<StoredSupport>,
    /// When its person last showed there by a passkey that it is them.
    pub(crate) passkey_at: Option<i64>,
}

/// What a person said of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NetworkRecord {
    pub(crate) network: StoredNetwork,
}

/// What the user demands of devices, for what is sealed, sealed and known, and private.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ThresholdsRecord(pub(crate) [u8; 3]);

/// Sealed: an address that the user writes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct IdentityRecord {
    pub(crate) address: String,
    pub(crate) name: Option<String>,
    /// Empty for none.
    pub(crate) text_signature: String,
    pub(crate) html_signature: Option<String>,
    /// Its person made it themself, and may let it rest.
    pub(crate) by_person: bool,
}

/// Who an address of ours belongs to. Stands in the directory under the blind index of the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LoginRecord {
    pub(crate) account: [u8; 16],
    pub(crate) identity: [u8; 16],
    /// Its person let it rest: nobody reaches them by it, and nobody else gets it.
    pub(crate) rests: bool,
}

/// Which session a token opens. Stands in the directory under the token's hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TokenRecord {
    pub(crate) account: [u8; 16],
    pub(crate) session: [u8; 16],
    pub(crate) device: Option<[u8; 16]>,
}
