//! The node's key: 32 bytes in a file outside the database and its backups.
//!
//! It hides the names in the directory (logins, domains) from who copies the disk, seals the directory's rows,
//! password wraps among them, and opens what must work while the person is away. It opens no mail.

use crate::aead::{RowName, derive, open, seal};
use crate::blind::keyed_index;
use crate::error::OpenError;
use crate::random::{Random, secret};
use subtle::ConstantTimeEq;
use zeroize::{ZeroizeOnDrop, Zeroizing};

const INDEXING: &str = "caliopen node index 1";
const SEALING: &str = "caliopen node seal 1";
const ROW_FORMAT: &str = "caliopen node row 1";

/// A key of the host.
#[derive(ZeroizeOnDrop)]
pub struct NodeKey {
    indexing: [u8; 32],
    sealing: [u8; 32],
}

impl NodeKey {
    /// The bytes for a new key file. The file is readable by the service's user alone.
    #[must_use]
    pub fn new_file(random: Random<'_>) -> Zeroizing<[u8; 32]> {
        secret(random)
    }

    /// The key in a file's bytes.
    #[must_use]
    pub fn from_file(bytes: &[u8; 32]) -> Self {
        Self { indexing: *derive(bytes, INDEXING), sealing: *derive(bytes, SEALING) }
    }

    /// Where a login name, address or domain stands in the directory.
    #[must_use]
    pub fn index(&self, label: &str, canonical: &[u8]) -> [u8; 16] {
        keyed_index(&self.indexing, label, canonical)
    }

    /// Whether that is the index of these words: for those that come back from outside, in constant time.
    #[must_use]
    pub fn has_index(&self, label: &str, canonical: &[u8], index: &[u8]) -> bool {
        self.index(label, canonical).ct_eq(index).into()
    }

    /// Seals a row of the directory, or a credential that a connector needs while the person is away.
    #[must_use]
    pub fn seal_row(&self, row: &RowName<'_>, plaintext: &[u8], random: Random<'_>) -> Vec<u8> {
        seal(&self.sealing, &row.associated_data(ROW_FORMAT), plaintext, random)
    }

    /// Opens a row that stands where `row` says.
    pub fn open_row(&self, row: &RowName<'_>, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
        open(&self.sealing, &row.associated_data(ROW_FORMAT), sealed)
    }

    pub(crate) fn sealing_key(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.sealing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::fixed::stream;

    fn node(seed: &str) -> NodeKey {
        NodeKey::from_file(&NodeKey::new_file(&mut stream(seed)))
    }

    #[test]
    fn a_row_opens_in_its_place_with_its_node_alone() {
        let row = RowName { account: &[0; 16], kind: "login", key: b"a" };
        let sealed = node("one").seal_row(&row, b"alice", &mut stream("nonce"));
        assert_eq!(node("one").open_row(&row, &sealed), Ok(b"alice".to_vec()));
        assert_eq!(node("two").open_row(&row, &sealed), Err(OpenError::Refused));
        let elsewhere = RowName { key: b"b", ..row };
        assert_eq!(node("one").open_row(&elsewhere, &sealed), Err(OpenError::Refused));
        assert_eq!(node("one").open_row(&row, b""), Err(OpenError::Malformed));
    }

    #[test]
    fn names_are_found_by_the_same_node_alone() {
        let index = node("one").index("login", b"alice");
        assert_eq!(index, node("one").index("login", b"alice"));
        assert_ne!(index, node("two").index("login", b"alice"));
        assert_ne!(index, node("one").index("domain", b"alice"));
    }
}
