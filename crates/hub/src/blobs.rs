//! Messages as they arrived: compressed, then sealed under a key of their own.

use crate::context::Context;
use crate::error::HubError;
use crate::limits::MESSAGE_BYTES_MAX;
use bytes::Bytes;
use caliopen_store::{BlobKey, INLINE_BLOB_BYTES_MAX, Partition};
use caliopen_vault::{ContentKey, open_blob, seal_blob};
use std::cell::RefCell;

/// zstd at its quickest usual level: mail of mixed text shrinks to little more than half, in half the time of level 3.
const COMPRESSION_LEVEL: i32 = 1;

thread_local! {
    /// Making a compressor costs more than compressing a usual message.
    static COMPRESSOR: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
}

/// Compresses the bytes of a message.
pub(crate) fn compress(raw: &[u8]) -> Vec<u8> {
    COMPRESSOR.with_borrow_mut(|slot| {
        let compressor = slot.get_or_insert_with(|| {
            zstd::bulk::Compressor::new(COMPRESSION_LEVEL).expect("zstd knows its usual level")
        });
        compressor.compress(raw).expect("zstd compresses any bytes into memory that it sizes itself")
    })
}

/// Opens and decompresses a blob. The size was written by us, so that it bounds the memory.
pub(crate) fn open(key: &ContentKey, sealed: &[u8], size_bytes: u64) -> Result<Bytes, HubError> {
    let compressed = open_blob(key, sealed)?;
    let size = usize::try_from(size_bytes)
        .ok()
        .filter(|size| *size <= MESSAGE_BYTES_MAX)
        .ok_or(HubError::Damaged)?;
    let raw = zstd::bulk::decompress(&compressed, size).map_err(|_| HubError::Damaged)?;
    if raw.len() == size { Ok(raw.into()) } else { Err(HubError::Damaged) }
}

/// A blob that is ready to be named by a summary.
pub(crate) struct SealedBlob {
    pub(crate) key: BlobKey,
    pub(crate) content_key: ContentKey,
    pub(crate) sealed: Bytes,
}

/// Seals compressed bytes under a new key. A blob too large for a batch is durable when this returns; a small one
/// becomes so with its batch.
pub(crate) async fn seal(
    core: &Context,
    partition: Partition,
    key: BlobKey,
    compressed: &[u8],
) -> Result<SealedBlob, HubError> {
    let (content_key, sealed) = seal_blob(compressed, &mut |bytes| (core.entropy)(bytes));
    let blob = SealedBlob { key, content_key, sealed: sealed.into() };
    if blob.sealed.len() > INLINE_BLOB_BYTES_MAX {
        core.store.put_blob(partition, blob.key, blob.sealed.clone()).await?;
    }
    Ok(blob)
}
