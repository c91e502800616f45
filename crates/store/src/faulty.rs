//! A store that misbehaves when it is told to: what the tests of whoever uses a store run on.

use crate::{Batch, BlobKey, Direction, Partition, Store, StoreError};
use bytes::Bytes;
use futures_util::future::{BoxFuture, FutureExt, ready};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What happens to a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No room: nothing is kept, `Full` is answered.
    Full,
    /// The engine fails before anything is kept; `Failed` is answered.
    Fail,
    /// Everything is kept, but `Failed` is answered: the caller cannot know.
    LoseAnswer,
}

/// A store around another one, with faults at chosen commits, or in every scan. Other reads are never disturbed.
pub struct FaultyStore<S> {
    inner: S,
    plan: Mutex<Plan>,
}

#[derive(Default)]
struct Plan {
    /// How many commits were called so far.
    commits: u64,
    /// By the number of the commit.
    once: BTreeMap<u64, Fault>,
    /// Happens to every write until it is taken back.
    always: Option<Fault>,
    /// What every scan finds damaged, until it is taken back.
    damage: Option<String>,
}

impl Plan {
    fn next_fault(&mut self) -> Option<Fault> {
        self.commits += 1;
        self.once.remove(&self.commits).or(self.always)
    }
}

impl<S: Store> FaultyStore<S> {
    /// A store that behaves, for now.
    pub fn new(inner: S) -> Self {
        Self { inner, plan: Mutex::default() }
    }

    /// Disturbs one commit: 1 is the next that is called. Each batch of `commit_each` counts.
    pub fn disturb(&self, commits_ahead: u64, fault: Fault) {
        let mut plan = self.plan();
        let number = plan.commits + commits_ahead;
        plan.once.insert(number, fault);
    }

    /// Disturbs every commit and blob from now on, until [`FaultyStore::recover`].
    pub fn disturb_all(&self, fault: Fault) {
        self.plan().always = Some(fault);
    }

    /// Answers every scan from now on with `Damaged` and this cause, until [`FaultyStore::recover`]. Single keys are
    /// still read, as they are from a store with one bad page.
    pub fn damage_scans(&self, cause: &str) {
        self.plan().damage = Some(cause.to_owned());
    }

    /// Behaves again.
    pub fn recover(&self) {
        let mut plan = self.plan();
        plan.always = None;
        plan.damage = None;
        plan.once.clear();
    }

    /// How many commits were called since the store was made.
    pub fn commits(&self) -> u64 {
        self.plan().commits
    }

    /// The store within.
    pub fn inner(&self) -> &S {
        &self.inner
    }

    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn failed() -> StoreError {
    StoreError::Failed("a fault that a test asked for".to_owned())
}

impl<S: Store> Store for FaultyStore<S> {
    fn commit(&self, partition: Partition, batch: Batch) -> BoxFuture<'static, Result<(), StoreError>> {
        match self.plan().next_fault() {
            None => self.inner.commit(partition, batch),
            Some(Fault::Full) => ready(Err(StoreError::Full)).boxed(),
            Some(Fault::Fail) => ready(Err(failed())).boxed(),
            Some(Fault::LoseAnswer) => self.inner.commit(partition, batch).map(|_| Err(failed())).boxed(),
        }
    }

    fn commit_each(
        &self,
        commits: Vec<(Partition, Batch)>,
    ) -> BoxFuture<'static, Vec<Result<(), StoreError>>> {
        let each = commits.into_iter().map(|(partition, batch)| self.commit(partition, batch));
        futures_util::future::join_all(each.collect::<Vec<_>>()).boxed()
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
        if let Some(cause) = self.plan().damage.clone() {
            return ready(Err(StoreError::Damaged(cause))).boxed();
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
        let always = self.plan().always;
        match always {
            None => self.inner.put_blob(partition, key, bytes),
            Some(Fault::Full) => ready(Err(StoreError::Full)).boxed(),
            Some(Fault::Fail) => ready(Err(failed())).boxed(),
            Some(Fault::LoseAnswer) => {
                self.inner.put_blob(partition, key, bytes).map(|_| Err(failed())).boxed()
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemoryStore;
    use futures_util::FutureExt;

    const ALICE: Partition = Partition([1; 16]);

    /// What a commit of this key answers, and whether the key is there afterwards.
    fn commit(store: &FaultyStore<MemoryStore>, key: &'static str) -> (String, bool) {
        let key = Bytes::from_static(key.as_bytes());
        let batch = Batch { puts: vec![(key.clone(), Bytes::new())], ..Batch::default() };
        let answer = match store.commit(ALICE, batch).now_or_never().unwrap() {
            Ok(()) => "kept",
            Err(StoreError::Full) => "full",
            Err(_) => "failed",
        };
        let there = store.get(ALICE, key).now_or_never().unwrap().unwrap().is_some();
        (answer.to_owned(), there)
    }

    #[test]
    fn one_commit_is_disturbed_and_the_next_is_not() {
        let store = FaultyStore::new(MemoryStore::default());
        store.disturb(1, Fault::Full);
        store.disturb(2, Fault::Fail);
        store.disturb(3, Fault::LoseAnswer);
        let check = |key, answer: &str, there| assert_eq!(commit(&store, key), (answer.to_owned(), there));
        check("a", "full", false);
        check("b", "failed", false);
        check("c", "failed", true);
        check("d", "kept", true);
        assert_eq!(store.commits(), 4);
    }

    #[test]
    fn a_full_disk_stays_full_until_there_is_room() {
        let store = FaultyStore::new(MemoryStore::default());
        store.disturb_all(Fault::Full);
        assert_eq!(commit(&store, "a"), ("full".to_owned(), false));
        let blob = store.put_blob(ALICE, BlobKey([1; 16]), Bytes::new()).now_or_never().unwrap();
        assert!(matches!(blob, Err(StoreError::Full)));
        store.recover();
        assert_eq!(commit(&store, "a"), ("kept".to_owned(), true));
    }
    #[test]
    fn a_bad_page_fails_scans_and_nothing_else() {
        let store = FaultyStore::new(MemoryStore::default());
        assert_eq!(commit(&store, "a"), ("kept".to_owned(), true));
        let scan = || {
            let all = Bytes::new()..Bytes::from_static(&[0xff]);
            store.scan(ALICE, all, 10, Direction::Forward).now_or_never().unwrap()
        };
        store.damage_scans("page 7");
        assert!(matches!(scan(), Err(StoreError::Damaged(cause)) if cause == "page 7"));
        assert_eq!(commit(&store, "b"), ("kept".to_owned(), true));
        store.recover();
        assert_eq!(scan().unwrap().len(), 2);
    }
}
