//! What storage promises.
//!
//! A partition is an account, or one of a few system partitions. Inside it, keys are ordered bytes. A batch is
//! atomic and durable within its partition. Blobs are immutable sealed bytes. Nothing here knows what is stored:
//! every value that says something of correspondence is sealed before it comes here.
//!
//! Order: batches of one partition take effect in the order in which `commit` was *called*, even before the
//! earlier ones are durable, so that an owner can plan its next batch on the one before. A batch that fails does
//! not take those behind it along: an owner that plans ahead lets each batch expect the value that the one before
//! it wrote, and reads its state again after any failure.

mod contract;
mod error;
mod faulty;
mod limits;
mod memory;

pub use contract::{Subject, contract};
pub use error::StoreError;
pub use faulty::{Fault, FaultyStore};
pub use memory::MemoryStore;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use std::ops::Range;

/// What atomicity, ordering and erasure are kept for: an account's id, or a system partition's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Partition(pub [u8; 16]);

/// The name of a blob inside its partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobKey(pub [u8; 16]);

/// What a key must hold for its batch to be applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expect {
    /// Nothing: used for names that must be unique.
    Absent,
    /// Exactly this value.
    Value(Bytes),
}

/// Changes that happen together or not at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// Conditions, all checked before the first change.
    pub expect: Vec<(Bytes, Expect)>,
    /// Keys to set. The last one wins when a key is named twice.
    pub puts: Vec<(Bytes, Bytes)>,
    /// Keys to remove; removing what is not there is no error. Removals happen before puts.
    pub deletes: Vec<Bytes>,
    /// Small blobs, at most [`INLINE_BLOB_BYTES_MAX`] each, that become durable with the batch. A blob that is
    /// there already stays as it is.
    pub blobs: Vec<(BlobKey, Bytes)>,
    /// Blobs to remove, small or large.
    pub blob_deletes: Vec<BlobKey>,
}

/// Largest blob that rides in a batch, in bytes. A larger one goes through [`Store::put_blob`] first.
pub const INLINE_BLOB_BYTES_MAX: usize = 64 * 1024;
/// Longest key, in bytes.
pub const KEY_BYTES_MAX: usize = 512;
/// Longest value, in bytes.
pub const VALUE_BYTES_MAX: usize = 1024 * 1024;
/// Most pairs that one scan returns.
pub const SCAN_LIMIT_MAX: usize = 10_000;

/// The way of a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Smallest key first.
    Forward,
    /// Greatest key first.
    Backward,
}

/// The promise. Two implementations keep it here, and one contract suite holds them to it.
pub trait Store: Send + Sync + 'static {
    /// Applies a batch; resolves when it is durable. The place in the order is taken when this is called, not
    /// when the future is polled, and is kept when the future is dropped. `Expectation` when a condition does not hold: then nothing changed.
    fn commit(&self, partition: Partition, batch: Batch) -> BoxFuture<'static, Result<(), StoreError>>;

    /// Commits that belong together, one batch for each partition, placed next to each other in the order. An
    /// engine that can makes them durable together; each has its own result.
    fn commit_each(
        &self,
        commits: Vec<(Partition, Batch)>,
    ) -> BoxFuture<'static, Vec<Result<(), StoreError>>>;

    /// The value of a key. Sees every commit that was durable when this was called.
    fn get(&self, partition: Partition, key: Bytes) -> BoxFuture<'_, Result<Option<Bytes>, StoreError>>;

    /// The values of many keys, in their order, from one state of the store.
    fn get_many(
        &self,
        partition: Partition,
        keys: Vec<Bytes>,
    ) -> BoxFuture<'_, Result<Vec<Option<Bytes>>, StoreError>>;

    /// Pairs with `range.start <= key < range.end`, at most `limit` (itself at most [`SCAN_LIMIT_MAX`]).
    fn scan(
        &self,
        partition: Partition,
        range: Range<Bytes>,
        limit: usize,
        direction: Direction,
    ) -> BoxFuture<'_, Result<Vec<(Bytes, Bytes)>, StoreError>>;

    /// Every partition that holds a key, in order, starting after the one given. At most `limit`.
    fn partitions(
        &self,
        after: Option<Partition>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<Partition>, StoreError>>;

    /// Makes a blob of any size durable. The same key is written once: what is there already stays.
    fn put_blob(
        &self,
        partition: Partition,
        key: BlobKey,
        bytes: Bytes,
    ) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Bytes of a blob, small or large; the range is cut at the blob's end. `None` when there is no such blob.
    fn get_blob(
        &self,
        partition: Partition,
        key: BlobKey,
        range: Range<u64>,
    ) -> BoxFuture<'_, Result<Option<Bytes>, StoreError>>;

    /// Removes everything of a partition, keys and blobs, and resolves when that is durable. Commits that were
    /// called before it are removed too.
    fn erase(&self, partition: Partition) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Reads the whole store and says what is wrong with it, one sentence each. Changes nothing.
    fn verify(&self) -> BoxFuture<'_, Result<Vec<String>, StoreError>>;
}
