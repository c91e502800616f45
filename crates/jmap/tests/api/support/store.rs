//! The memory store, whose scans can be made to fail.

use bytes::Bytes;
use caliopen_store::{Batch, BlobKey, Direction, MemoryStore, Partition, Store, StoreError};
use futures_util::future::{BoxFuture, FutureExt, ready};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

/// What a failing store says of its inside: never to be seen in an answer.
pub const SECRET: &str = "/var/lib/secret-path";

#[derive(Default)]
pub struct FailingStore {
    inner: MemoryStore,
    fails: AtomicBool,
}

impl FailingStore {
    /// From now on, scans fail, or work again.
    pub fn fail(&self, fails: bool) {
        self.fails.store(fails, Ordering::SeqCst);
    }
}

impl Store for FailingStore {
    fn commit(&self, partition: Partition, batch: Batch) -> BoxFuture<'static, Result<(), StoreError>> {
        self.inner.commit(partition, batch)
    }

    fn commit_each(
        &self,
        commits: Vec<(Partition, Batch)>,
    ) -> BoxFuture<'static, Vec<Result<(), StoreError>>> {
        self.inner.commit_each(commits)
    }

    fn get(&self, partition: Partition, key: Bytes) -> BoxFuture<'_, Result<Option<Bytes>, StoreError>> {
        self.inner.get(partition, key)
    }

    fn get_many(
        &self,
        partition: Partition,
        keys: Vec<Bytes>,
    ) -> BoxFuture<'_, Result<Vec<Option<Bytes>>, StoreError>> {
        self.inner.get_many(partition, keys)
    }

    fn scan(
        &self,
        partition: Partition,
        range: Range<Bytes>,
        limit: usize,
        direction: Direction,
    ) -> BoxFuture<'_, Result<Vec<(Bytes, Bytes)>, StoreError>> {
        if self.fails.load(Ordering::SeqCst) {
            return ready(Err(StoreError::Damaged(SECRET.to_owned()))).boxed();
        }
        self.inner.scan(partition, range, limit, direction)
    }

    fn partitions(
        &self,
        after: Option<Partition>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<Partition>, StoreError>> {
        self.inner.partitions(after, limit)
    }

    fn put_blob(
        &self,
        partition: Partition,
        key: BlobKey,
        bytes: Bytes,
    ) -> BoxFuture<'_, Result<(), StoreError>> {
        self.inner.put_blob(partition, key, bytes)
    }

    fn get_blob(
        &self,
        partition: Partition,
        key: BlobKey,
        range: Range<u64>,
    ) -> BoxFuture<'_, Result<Option<Bytes>, StoreError>> {
        self.inner.get_blob(partition, key, range)
    }

    fn erase(&self, partition: Partition) -> BoxFuture<'_, Result<(), StoreError>> {
        self.inner.erase(partition)
    }

    fn verify(&self) -> BoxFuture<'_, Result<Vec<String>, StoreError>> {
        self.inner.verify()
    }
}
