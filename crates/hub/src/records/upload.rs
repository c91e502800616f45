//! Rows of files that wait for something that uses them.

use serde::{Deserialize, Serialize};

/// An upload: when it came, and its sealed secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UploadRecord {
    pub(crate) uploaded_at: i64,
    /// A draft names it: it stays until the draft is gone.
    pub(crate) kept: bool,
    /// Bytes of its blob on the disk.
    pub(crate) stored_bytes: u64,
    /// Sealed: [`UploadSecretRecord`].
    pub(crate) secret: Vec<u8>,
}

/// What opens the blob of an upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UploadSecretRecord {
    pub(crate) blob_key: [u8; 32],
    pub(crate) size_bytes: u64,
    pub(crate) media_type: String,
}
