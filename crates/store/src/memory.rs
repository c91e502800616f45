//! The promise kept in memory: for tests, and for the reader who wants it in one page. Nothing outlives the
//! process.

use crate::{Batch, BlobKey, Direction, Expect, Partition, SCAN_LIMIT_MAX, Store, StoreError};
use bytes::Bytes;
use futures_util::future::{BoxFuture, FutureExt, ready};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Bound, Range};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A store in memory. Each call takes effect when it is made; the futures are ready at once.
#[derive(Debug, Default)]
pub struct MemoryStore {
    shelves: Mutex<BTreeMap<Partition, Shelf>>,
}

/// What one partition holds.
#[derive(Debug, Default)]
struct Shelf {
    pairs: BTreeMap<Bytes, Bytes>,
    blobs: BTreeMap<BlobKey, Bytes>,
}

impl Shelf {
    fn holds(&self, key: &Bytes, expected: &Expect) -> bool {
        match (self.pairs.get(key), expected) {
            (None, Expect::Absent) => true,
            (Some(found), Expect::Value(value)) => found == value,
            (None, Expect::Value(_)) | (Some(_), Expect::Absent) => false,
        }
    }

    fn apply(&mut self, batch: Batch) -> Result<(), StoreError> {
        batch.check_limits()?;
        if !batch.expect.iter().all(|(key, expected)| self.holds(key, expected)) {
            return Err(StoreError::Expectation);
        }
        for key in &batch.deletes {
            self.pairs.remove(key);
        }
        for key in &batch.blob_deletes {
            self.blobs.remove(key);
        }
        self.pairs.extend(batch.puts);
        for (key, blob) in batch.blobs {
            self.blobs.entry(key).or_insert(blob);
        }
        Ok(())
    }

    fn scan(&self, range: Range<Bytes>, limit: usize, direction: Direction) -> Vec<(Bytes, Bytes)> {
        // A range that ends before it starts is empty; the map would panic on it.
        if range.start >= range.end {
            return Vec::new();
        }
        let pairs = self.pairs.range(range).map(|(key, value)| (key.clone(), value.clone()));
        match direction {
            Direction::Forward => pairs.take(limit).collect(),
            Direction::Backward => pairs.rev().take(limit).collect(),
        }
    }
}

impl MemoryStore {
    /// The keys of all blobs, whatever their partition.
    pub fn blob_keys(&self) -> BTreeSet<BlobKey> {
        self.shelves().values().flat_map(|shelf| shelf.blobs.keys().copied()).collect()
    }

    /// Damages blobs: every bit of them is another from now on.
    pub fn damage_blobs(&self, keys: &BTreeSet<BlobKey>) {
        for shelf in self.shelves().values_mut() {
            for (_, blob) in shelf.blobs.iter_mut().filter(|(key, _)| keys.contains(key)) {
                *blob = blob.iter().map(|byte| !byte).collect();
            }
        }
    }

    fn shelves(&self) -> MutexGuard<'_, BTreeMap<Partition, Shelf>> {
        self.shelves.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads from a partition; one that was never written reads as empty.
    fn read<T>(&self, partition: Partition, read: impl FnOnce(&Shelf) -> T) -> T {
        match self.shelves().get(&partition) {
            Some(shelf) => read(shelf),
            None => read(&Shelf::default()),
        }
    }
}

fn answer<'a, T: Send + 'a>(result: T) -> BoxFuture<'a, T> {
    ready(result).boxed()
}

impl Store for MemoryStore {
    fn commit(&self, partition: Partition, batch: Batch) -> BoxFuture<'static, Result<(), StoreError>> {
        answer(self.shelves().entry(partition).or_default().apply(batch))
    }

    fn commit_each(
        &self,
        commits: Vec<(Partition, Batch)>,
    ) -> BoxFuture<'static, Vec<Result<(), StoreError>>> {
        let mut shelves = self.shelves();
        let apply = |(partition, batch)| shelves.entry(partition).or_default().apply(batch);
        answer(commits.into_iter().map(apply).collect())
    }

    fn get(&self, partition: Partition, key: Bytes) -> BoxFuture<'_, Result<Option<Bytes>, StoreError>> {
        answer(Ok(self.read(partition, |shelf| shelf.pairs.get(&key).cloned())))
    }

    fn get_many(
        &self,
        partition: Partition,
        keys: Vec<Bytes>,
    ) -> BoxFuture<'_, Result<Vec<Option<Bytes>>, StoreError>> {
        let values =
            self.read(partition, |shelf| keys.iter().map(|key| shelf.pairs.get(key).cloned()).collect());
        answer(Ok(values))
    }

    fn scan(
        &self,
        partition: Partition,
        range: Range<Bytes>,
        limit: usize,
        direction: Direction,
    ) -> BoxFuture<'_, Result<Vec<(Bytes, Bytes)>, StoreError>> {
        let limit = limit.min(SCAN_LIMIT_MAX);
        answer(Ok(self.read(partition, |shelf| shelf.scan(range, limit, direction))))
    }

    fn partitions(
        &self,
        after: Option<Partition>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<Partition>, StoreError>> {
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let shelves = self.shelves();
        let with_keys = shelves.range((start, Bound::Unbounded)).filter(|(_, shelf)| !shelf.pairs.is_empty());
        answer(Ok(with_keys.map(|(partition, _)| *partition).take(limit).collect()))
    }

    fn put_blob(
        &self,
        partition: Partition,
        key: BlobKey,
        bytes: Bytes,
    ) -> BoxFuture<'_, Result<(), StoreError>> {
        self.shelves().entry(partition).or_default().blobs.entry(key).or_insert(bytes);
        answer(Ok(()))
    }

    fn get_blob(
        &self,
        partition: Partition,
        key: BlobKey,
        range: Range<u64>,
    ) -> BoxFuture<'_, Result<Option<Bytes>, StoreError>> {
        let part = |blob: &Bytes| {
            let end = usize::try_from(range.end).unwrap_or(usize::MAX).min(blob.len());
            let start = usize::try_from(range.start).unwrap_or(usize::MAX).min(end);
            blob.slice(start..end)
        };
        answer(Ok(self.read(partition, |shelf| shelf.blobs.get(&key).map(part))))
    }

    fn erase(&self, partition: Partition) -> BoxFuture<'_, Result<(), StoreError>> {
        self.shelves().remove(&partition);
        answer(Ok(()))
    }

    fn verify(&self) -> BoxFuture<'_, Result<Vec<String>, StoreError>> {
        answer(Ok(Vec::new()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Subject, contract};

    impl Subject for MemoryStore {
        async fn fresh() -> Self {
            Self::default()
        }

        fn store(&self) -> &dyn Store {
            self
        }

        async fn reopen(self) -> Self {
            self
        }
    }

    #[test]
    fn it_keeps_the_promise() {
        contract::<MemoryStore>().now_or_never().expect("a store in memory never waits");
    }
}
