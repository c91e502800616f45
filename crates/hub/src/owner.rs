//! The owner of an account: its writes go through here, one after the other.
//!
//! A plan is made under the owner's lock and takes its place in the store's order there; waiting for the disk
//! happens outside it, so that many plans of one account share one fsync. Until a batch is durable its rows stand
//! in an overlay that the next plan reads first. Every batch expects the account's head row to be as its plan saw
//! it: when one fails, the ones planned on top of it fail too, and the owner reads everything anew.

mod plan;
mod sealer;

pub(crate) use plan::{Commit, Plan, commit_each};
pub(crate) use sealer::seal_new_account;

use crate::error::HubError;
use crate::keys;
use crate::records::{AccountRecord, HeadRecord, StorageRecord, read};
use bytes::Bytes;
use caliopen_model::AccountId;
use caliopen_store::{Batch, Partition, Store};
use caliopen_vault::{AccountPublicKey, BlindKey, NodeKey};
use sealer::ActiveEpoch;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// One account of this node.
pub(crate) struct Owner {
    pub(crate) account: AccountId,
    pub(crate) blind: BlindKey,
    public_key: AccountPublicKey,
    /// Whoever chooses an address for it holds this.
    pub(crate) choosing: tokio::sync::Mutex<()>,
    /// Whoever writes the search index holds this.
    pub(crate) index_turn: tokio::sync::Mutex<()>,
    state: tokio::sync::Mutex<State>,
    pending: Mutex<Overlay>,
    /// What its storage came to with the last plan, for whoever asks before there is another.
    storage: Mutex<StorageRecord>,
    /// A commit failed, or nobody waited for its end: what was pending is not known.
    in_doubt: AtomicBool,
}

#[derive(Default)]
struct State {
    head: Option<HeadRecord>,
    epoch: Option<ActiveEpoch>,
    /// The plan that started the epoch, and holds its key for the store, was not committed yet. One that never is takes
    /// the epoch with it: what is sealed in it later could not be opened.
    is_epoch_unwritten: bool,
    generation: u64,
}

/// Rows that are on their way to the disk, with the generation of the plan that wrote them last.
#[derive(Default)]
struct Overlay {
    rows: HashMap<Bytes, (u64, Option<Bytes>)>,
}

impl Owner {
    /// Opens the account for receiving: its public key, and the blind-index key that the node holds.
    pub(crate) async fn open(
        store: &dyn Store,
        node: &NodeKey,
        account: AccountId,
    ) -> Result<Self, HubError> {
        let mut rows = store
            .get_many(Partition(*account.as_bytes()), vec![keys::account(), keys::head()])
            .await?
            .into_iter()
            .map(|row| row.ok_or(HubError::NoAccount));
        let mut next = || rows.next().unwrap_or(Err(HubError::NoAccount));
        let record: AccountRecord = read(&next()?)?;
        let head: HeadRecord = read(&next()?)?;
        let blind = BlindKey::open_for_node(&record.blind_key_by_node, node, account.as_bytes())?;
        Ok(Self {
            account,
            blind,
            public_key: AccountPublicKey(record.public_key),
            choosing: tokio::sync::Mutex::default(),
            index_turn: tokio::sync::Mutex::default(),
            state: tokio::sync::Mutex::default(),
            pending: Mutex::default(),
            storage: Mutex::new(head.storage),
            in_doubt: AtomicBool::new(false),
        })
    }

    pub(crate) fn partition(&self) -> Partition {
        Partition(*self.account.as_bytes())
    }

    /// What its storage came to.
    pub(crate) fn storage(&self) -> StorageRecord {
        *self.storage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stands(&self, head: &HeadRecord) {
        *self.storage.lock().unwrap_or_else(PoisonError::into_inner) = head.storage;
    }

    fn pending_row(&self, key: &Bytes) -> Option<Option<Bytes>> {
        self.overlay().rows.get(key).map(|(_, value)| value.clone())
    }

    fn overlay(&self) -> std::sync::MutexGuard<'_, Overlay> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for everything that is on its way, then forgets what was planned on it.
    async fn settle(&self, store: &dyn Store, state: &mut State) {
        // An empty batch takes its place behind all others: its end is theirs. Whether they worked is read anew.
        let _ended = store.commit(self.partition(), Batch::default()).await;
        self.overlay().rows.clear();
        state.head = None;
        state.epoch = None;
        self.in_doubt.store(false, Ordering::Release);
    }

    fn ended(&self, generation: u64, durable: bool) {
        if durable {
            self.overlay().rows.retain(|_, (written, _)| *written > generation);
        } else {
            self.in_doubt.store(true, Ordering::Release);
        }
    }
}
