//! Finding a handle without storing it: HMAC-SHA256 (RFC 2104) under a key of the account, cut to 128 bits.
//! Equal handles of one account give equal indexes; those of two accounts say nothing of each other.

use crate::AccountBytes;
use crate::account::MasterKey;
use crate::aead::{open_key, seal, wrap_data};
use crate::error::OpenError;
use crate::node::NodeKey;
use crate::random::{Random, secret};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::ZeroizeOnDrop;

const UNDER_MASTER: &str = "blind key under master key";
const UNDER_NODE: &str = "blind key under node key";

/// The key of an account's blind indexes.
///
/// It is wrapped twice: under the master key, and under the node's key because arrival has to find handles
/// while the person is away. A node can therefore test a guess of an address; a copied disk cannot.
#[derive(ZeroizeOnDrop)]
pub struct BlindKey([u8; 32]);

impl BlindKey {
    /// A new key.
    #[must_use]
    pub fn generate(random: Random<'_>) -> Self {
        Self(*secret(random))
    }

    /// The index of a canonical text. The label says what it is (`handle`, `message-id`…): the same text under
    /// two labels has two indexes.
    #[must_use]
    pub fn index(&self, label: &str, canonical: &[u8]) -> [u8; 16] {
        keyed_index(&self.0, label, canonical)
    }

    /// The key under the master key.
    #[must_use]
    pub fn seal(&self, master: &MasterKey, account: &AccountBytes, random: Random<'_>) -> Vec<u8> {
        seal(master.bytes(), &wrap_data(account, UNDER_MASTER), &self.0, random)
    }

    /// Opens what [`BlindKey::seal`] made.
    pub fn open(sealed: &[u8], master: &MasterKey, account: &AccountBytes) -> Result<Self, OpenError> {
        open_key(master.bytes(), &wrap_data(account, UNDER_MASTER), sealed).map(|key| Self(*key))
    }

    /// The key under the node's key.
    #[must_use]
    pub fn seal_for_node(&self, node: &NodeKey, account: &AccountBytes, random: Random<'_>) -> Vec<u8> {
        seal(&node.sealing_key(), &wrap_data(account, UNDER_NODE), &self.0, random)
    }

    /// Opens what [`BlindKey::seal_for_node`] made.
    pub fn open_for_node(sealed: &[u8], node: &NodeKey, account: &AccountBytes) -> Result<Self, OpenError> {
        open_key(&node.sealing_key(), &wrap_data(account, UNDER_NODE), sealed).map(|key| Self(*key))
    }
}

/// HMAC of the label behind its length and the text, so that no two pairs share their bytes.
pub(crate) fn keyed_index(key: &[u8; 32], label: &str, canonical: &[u8]) -> [u8; 16] {
    let digest = Hmac::<Sha256>::new_from_slice(key)
        .expect("HMAC takes a key of any length")
        .chain_update((label.len() as u64).to_be_bytes())
        .chain_update(label)
        .chain_update(canonical)
        .finalize()
        .into_bytes();
    let mut index = [0; 16];
    for (target, byte) in index.iter_mut().zip(digest) {
        *target = byte;
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::fixed::stream;

    #[test]
    fn equal_texts_meet_within_a_key_and_a_label_alone() {
        let key = BlindKey::generate(&mut stream("one"));
        let index = key.index("handle", b"alice@example.org");
        assert_eq!(index, key.index("handle", b"alice@example.org"));
        assert_ne!(index, key.index("handle", b"bob@example.org"));
        assert_ne!(index, key.index("message-id", b"alice@example.org"));
        assert_ne!(index, BlindKey::generate(&mut stream("two")).index("handle", b"alice@example.org"));
        // Letters that move from the label to the text give another index.
        assert_ne!(key.index("handlea", b"lice@example.org"), index);
    }

    #[test]
    fn the_index_stays_what_it_is() {
        let hex: String = keyed_index(&[7; 32], "handle", b"alice@example.org")
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        assert_eq!(hex, "6ab3e1e7e91de0760dc2a624355dbb81");
    }

    #[test]
    fn both_wraps_open_with_their_own_key_alone() {
        let (mut random, account) = (stream("blind"), [1; 16]);
        let (key, master) = (BlindKey::generate(&mut random), MasterKey::generate(&mut random));
        let node = NodeKey::from_file(&NodeKey::new_file(&mut random));
        let for_person = key.seal(&master, &account, &mut random);
        let for_node = key.seal_for_node(&node, &account, &mut random);
        assert_eq!(BlindKey::open(&for_person, &master, &account).ok().map(|key| key.0), Some(key.0));
        assert_eq!(BlindKey::open_for_node(&for_node, &node, &account).ok().map(|key| key.0), Some(key.0));
        assert_eq!(BlindKey::open(&for_node, &master, &account).err(), Some(OpenError::Refused));
        assert_eq!(BlindKey::open_for_node(&for_node, &node, &[2; 16]).err(), Some(OpenError::Refused));
    }
}
