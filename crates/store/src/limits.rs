//! The named limits, checked in one place for every implementation.

use crate::{Batch, INLINE_BLOB_BYTES_MAX, KEY_BYTES_MAX, StoreError, VALUE_BYTES_MAX};

impl Batch {
    /// Whether each key, value and blob is within its limit. An implementation calls this before a batch takes
    /// its place in the order, so that a batch that is too large changes nothing.
    pub fn check_limits(&self) -> Result<(), StoreError> {
        let keys = self.expect.iter().map(|(key, _)| key).chain(&self.deletes);
        for key in keys.chain(self.puts.iter().map(|(key, _)| key)) {
            within("key", key.len(), KEY_BYTES_MAX)?;
        }
        for (_, value) in &self.puts {
            within("value", value.len(), VALUE_BYTES_MAX)?;
        }
        for (_, blob) in &self.blobs {
            within("blob in a batch", blob.len(), INLINE_BLOB_BYTES_MAX)?;
        }
        Ok(())
    }

    /// The bytes that it carries, for whoever bounds a queue.
    #[must_use]
    pub fn payload_bytes(&self) -> usize {
        let puts = self.puts.iter().map(|(key, value)| key.len() + value.len());
        let blobs = self.blobs.iter().map(|(_, blob)| size_of::<crate::BlobKey>() + blob.len());
        puts.chain(blobs).chain(self.deletes.iter().map(|key| key.len())).sum()
    }
}

fn within(what: &'static str, bytes: usize, limit: usize) -> Result<(), StoreError> {
    if bytes > limit { Err(StoreError::TooLarge { what, bytes, limit }) } else { Ok(()) }
}
