//! A plan: reads as the account will be, writes that happen together.

use super::{ActiveEpoch, Owner, State};
use crate::blobs::SealedBlob;
use crate::context::Context;
use crate::error::HubError;
use crate::keys::{self, ObjectType};
use crate::limits::CHANGE_LOG_MAX;
use crate::records::{self, HeadRecord};
use crate::storage;
use crate::views::States;
use bytes::Bytes;
use caliopen_model::{AccountId, ChangeKind, Timestamp};
use caliopen_store::{Batch, BlobKey, Expect, INLINE_BLOB_BYTES_MAX, StoreError};
use caliopen_vault::RowName;
use futures_util::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// What one use case will change in one account.
pub(crate) struct Plan<'a> {
    core: &'a Context,
    owner: &'a Arc<Owner>,
    state: tokio::sync::MutexGuard<'a, State>,
    before: HeadRecord,
    /// Where the account stands once this plan is done.
    pub(crate) head: HeadRecord,
    rows: BTreeMap<Bytes, Option<Bytes>>,
    /// Rows as the store had them when this plan asked: the owner's lock keeps them so.
    fetched: HashMap<Bytes, Option<Bytes>>,
    blobs: Vec<(BlobKey, Bytes)>,
    blob_deletes: Vec<BlobKey>,
    changes: Vec<(ObjectType, [u8; 16], ChangeKind)>,
}

impl<'a> Plan<'a> {
    /// Waits for the owner's lock and starts an empty plan.
    pub(crate) async fn open(core: &'a Context, owner: &'a Arc<Owner>) -> Result<Plan<'a>, HubError> {
        let mut state = owner.state.lock().await;
        if owner.in_doubt.load(Ordering::Acquire) {
            owner.settle(core.store.as_ref(), &mut state).await;
        }
        if std::mem::take(&mut state.is_epoch_unwritten) {
            state.epoch = None;
        }
        let before = match state.head {
            Some(head) => head,
            None => {
                let row =
                    core.store.get(owner.partition(), keys::head()).await?.ok_or(HubError::NoAccount)?;
                let head = records::read(&row)?;
                owner.stands(&head);
                head
            }
        };
        Ok(Plan {
            core,
            owner,
            state,
            before,
            head: before,
            rows: BTreeMap::new(),
            fetched: HashMap::new(),
            blobs: Vec::new(),
            blob_deletes: Vec::new(),
            changes: Vec::new(),
        })
    }

    /// As [`Plan::open`], once nothing of the account is on its way to the disk: scans see everything then.
    pub(crate) async fn open_settled(core: &'a Context, owner: &'a Arc<Owner>) -> Result<Plan<'a>, HubError> {
        let plan = Self::open(core, owner).await?;
        if plan.owner.overlay().rows.is_empty() {
            return Ok(plan);
        }
        drop(plan);
        owner.in_doubt.store(true, Ordering::Release);
        Self::open(core, owner).await
    }

    /// The owner whose plan this is.
    pub(crate) fn owner(&self) -> &Owner {
        self.owner
    }

    /// The time, for what a plan writes down.
    pub(crate) fn now(&self) -> Timestamp {
        self.core.clock.now()
    }

    /// Nothing would be written.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
            && self.changes.is_empty()
            && self.blobs.is_empty()
            && self.blob_deletes.is_empty()
    }

    /// A row as this plan and the ones before it leave it.
    pub(crate) async fn get<T: DeserializeOwned>(&self, key: &Bytes) -> Result<Option<T>, HubError> {
        let found = self.get_many(std::slice::from_ref(key)).await?.into_iter().next().flatten();
        Ok(found.map(|row| records::read(&row)).transpose()?)
    }

    /// Reads rows that will be asked for one after the other: one look at the store instead of many.
    pub(crate) async fn prefetch(&mut self, keys: Vec<Bytes>) -> Result<(), HubError> {
        let unknown: Vec<Bytes> = keys.into_iter().filter(|key| self.known_row(key).is_none()).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let found = self.core.store.get_many(self.owner.partition(), unknown.clone()).await?;
        self.fetched.extend(unknown.into_iter().zip(found));
        Ok(())
    }

    /// Says that a row cannot be there: nobody looks for it.
    pub(crate) fn assume_absent(&mut self, key: Bytes) {
        self.fetched.insert(key, None);
    }

    fn known_row(&self, key: &Bytes) -> Option<Option<Bytes>> {
        let planned = self.rows.get(key).cloned().or_else(|| self.owner.pending_row(key));
        planned.or_else(|| self.fetched.get(key).cloned())
    }

    /// Rows as this plan and the ones before it leave them, in the order of their keys.
    pub(crate) async fn get_many(&self, keys: &[Bytes]) -> Result<Vec<Option<Bytes>>, HubError> {
        let known: Vec<Option<Option<Bytes>>> = keys.iter().map(|key| self.known_row(key)).collect();
        let unknown: Vec<Bytes> = keys
            .iter()
            .zip(&known)
            .filter(|(_, found)| found.is_none())
            .map(|(key, _)| key.clone())
            .collect();
        let mut stored = if unknown.is_empty() {
            Vec::new().into_iter()
        } else {
            self.core.store.get_many(self.owner.partition(), unknown).await?.into_iter()
        };
        Ok(known.into_iter().map(|found| found.unwrap_or_else(|| stored.next().flatten())).collect())
    }

    /// Writes a row that says nothing of correspondence.
    pub(crate) fn put<T: Serialize>(&mut self, key: Bytes, record: &T) {
        self.rows.insert(key, Some(records::write(record).into()));
    }

    /// Writes a row that is a format of its own.
    pub(crate) fn put_bytes(&mut self, key: Bytes, bytes: Vec<u8>) {
        self.rows.insert(key, Some(bytes.into()));
    }

    /// Marks a key as present.
    pub(crate) fn mark(&mut self, key: Bytes) {
        self.rows.insert(key, Some(Bytes::new()));
    }

    /// Removes a row.
    pub(crate) fn delete(&mut self, key: Bytes) {
        self.rows.insert(key, None);
    }

    /// Stores a small blob with the plan.
    pub(crate) fn put_blob(&mut self, key: BlobKey, sealed: Bytes) {
        self.blobs.push((key, sealed));
    }

    /// Keeps the blob of a message or of an upload, and counts it. A large one is durable already.
    pub(crate) fn keep_blob(&mut self, blob: SealedBlob) {
        self.head.storage.add(blob.sealed.len() as u64);
        if blob.sealed.len() <= INLINE_BLOB_BYTES_MAX {
            self.put_blob(blob.key, blob.sealed);
        }
    }

    /// Removes such a blob, and counts it out.
    pub(crate) fn drop_blob(&mut self, key: BlobKey, stored_bytes: u64) {
        self.head.storage.remove(stored_bytes);
        self.delete_blob(key);
    }

    /// Removes a blob with the plan.
    pub(crate) fn delete_blob(&mut self, key: BlobKey) {
        self.blob_deletes.push(key);
    }

    /// Seals a record for the row where it will stand.
    pub(crate) fn seal<T: Serialize>(
        &mut self,
        kind: &str,
        key: &[u8],
        record: &T,
    ) -> Result<Vec<u8>, HubError> {
        let now = self.core.clock.now();
        let account = self.owner.account;
        let epoch = match self.state.epoch.take().filter(|epoch| epoch.is_open(now)) {
            Some(epoch) => epoch,
            None => self.start_epoch()?,
        };
        let epoch = self.state.epoch.insert(epoch);
        let row = RowName { account: account.as_bytes(), kind, key };
        Ok(epoch.seal(&row, &records::write(record), self.core.entropy.as_ref()))
    }

    fn start_epoch(&mut self) -> Result<ActiveEpoch, HubError> {
        let now = self.core.clock.now();
        let (epoch, sealed) =
            ActiveEpoch::start(self.owner.account, &self.owner.public_key, now, self.core.entropy.as_ref())
                .map_err(|_| HubError::Damaged)?;
        self.rows.insert(keys::epoch(&epoch.id()), Some(sealed.0.into()));
        self.state.is_epoch_unwritten = true;
        Ok(epoch)
    }

    /// Says in the change log what happens to an object. An object that is made and changed in one plan was made.
    pub(crate) fn changed(&mut self, object: ObjectType, id: &[u8; 16], kind: ChangeKind) {
        let known = self.changes.iter_mut().find(|(other, other_id, _)| *other == object && other_id == id);
        match known {
            Some((_, _, before)) if kind == ChangeKind::Destroyed => *before = kind,
            Some((_, _, before)) if kind == ChangeKind::Created && *before == ChangeKind::Updated => {
                *before = kind;
            }
            Some(_) => {}
            None => self.changes.push((object, *id, kind)),
        }
    }

    /// Says in the log that the storage filled or emptied, once it is worth saying: each arrival would be one more row.
    fn note_storage(&mut self) {
        let step = |head: &HeadRecord| self.core.storage_step(head.storage);
        if step(&self.before) != step(&self.head) {
            self.changed(ObjectType::Quota, &storage::ONLY, ChangeKind::Updated);
        }
    }

    fn write_log(&mut self) {
        for (object, id, kind) in std::mem::take(&mut self.changes) {
            self.head.sequence += 1;
            let sequence = self.head.sequence;
            if let Some(state) = self.head.states.get_mut(object as usize) {
                *state = sequence;
            }
            let mut entry = vec![object as u8, kind as u8];
            entry.extend_from_slice(&id);
            self.rows.insert(keys::change(sequence), Some(entry.into()));
            if let Some(past) = sequence.checked_sub(CHANGE_LOG_MAX) {
                self.rows.insert(keys::change(past), None);
            }
        }
    }

    /// Turns the plan into a batch whose first condition is that the account still stands where it was read.
    fn into_batch(mut self) -> (Batch, Ending, HeadRecord, tokio::sync::MutexGuard<'a, State>) {
        self.note_storage();
        self.write_log();
        // Rewritten by every batch, also when it stays as it was: it is what the next plan is built on.
        self.rows.insert(keys::head(), Some(records::write(&self.head).into()));
        let mut batch = Batch { blobs: self.blobs, blob_deletes: self.blob_deletes, ..Batch::default() };
        batch.expect.push((keys::head(), Expect::Value(records::write(&self.before).into())));
        for (key, value) in &self.rows {
            match value {
                Some(value) => batch.puts.push((key.clone(), value.clone())),
                None => batch.deletes.push(key.clone()),
            }
        }
        self.state.is_epoch_unwritten = false;
        self.state.generation += 1;
        let generation = self.state.generation;
        self.state.head = Some(self.head);
        self.owner.stands(&self.head);
        let mut overlay = self.owner.overlay();
        for (key, value) in self.rows {
            overlay.rows.insert(key, (generation, value));
        }
        drop(overlay);
        let ending = Ending { owner: Arc::clone(self.owner), generation, seen: false };
        (batch, ending, self.head, self.state)
    }

    /// Takes the plan's place in the order and gives the lock back. The result says when it is durable.
    pub(crate) fn commit(self) -> Commit {
        let (store, partition, account) =
            (Arc::clone(&self.core.store), self.owner.partition(), self.owner.account);
        let (batch, ending, head, lock) = self.into_batch();
        let durable = store.commit(partition, batch);
        drop(lock);
        let states = States(head.states);
        Commit { account, states, durable, ending }
    }
}

/// A batch on its way to the disk.
pub(crate) struct Commit {
    pub(crate) account: AccountId,
    /// Where the account stands once this is durable.
    pub(crate) states: States,
    durable: BoxFuture<'static, Result<(), StoreError>>,
    ending: Ending,
}

impl Commit {
    /// Waits until the batch is durable.
    pub(crate) async fn durable(mut self) -> Result<(), HubError> {
        let result = self.durable.await;
        self.ending.seen(result.is_ok());
        Ok(result?)
    }
}

/// Commits several accounts' plans next to each other, and waits until each is durable. Gives what each came to, and
/// where its account stands then.
pub(crate) async fn commit_each(
    core: &Context,
    plans: Vec<Plan<'_>>,
) -> Vec<(AccountId, Result<States, HubError>)> {
    let mut commits = Vec::with_capacity(plans.len());
    let mut ends = Vec::with_capacity(plans.len());
    let mut locks = Vec::with_capacity(plans.len());
    for plan in plans {
        let (account, partition) = (plan.owner.account, plan.owner.partition());
        let (batch, ending, head, lock) = plan.into_batch();
        commits.push((partition, batch));
        ends.push((account, ending, States(head.states)));
        locks.push(lock);
    }
    let durable = core.store.commit_each(commits);
    drop(locks);
    let results = durable.await;
    let end =
        |((account, mut ending, states), result): ((AccountId, Ending, States), Result<(), StoreError>)| {
            ending.seen(result.is_ok());
            (account, result.map(|()| states).map_err(HubError::from))
        };
    ends.into_iter().zip(results).map(end).collect()
}

/// Tells the owner how a batch ended, also when nobody waited for it.
struct Ending {
    owner: Arc<Owner>,
    generation: u64,
    seen: bool,
}

impl Ending {
    fn seen(&mut self, durable: bool) {
        self.seen = true;
        self.owner.ended(self.generation, durable);
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        if !self.seen {
            self.owner.ended(self.generation, false);
        }
    }
}
