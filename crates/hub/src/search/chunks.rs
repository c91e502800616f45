//! Chunks of search indexes that were opened lately, for accounts whose person has the application open: what is typed
//! letter by letter asks for the same ones again and again. They are in clear in memory, and go when the application is
//! closed.

use crate::limits::INDEX_CHUNKS_BYTES_MAX;
use caliopen_model::AccountId;
use caliopen_store::BlobKey;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Keeps the chunks of an account for as long as it is held.
pub(super) struct Keeping {
    chunks: Arc<Chunks>,
    account: AccountId,
}

/// The chunks of all accounts that are open.
#[derive(Default)]
pub(crate) struct Chunks(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    accounts: HashMap<AccountId, Account>,
    /// Of all accounts.
    bytes: usize,
    /// Goes on with every use, so that the chunks can be told apart by their last one.
    uses: u64,
}

#[derive(Default)]
struct Account {
    holders: usize,
    /// By the blob of their segment, and their number in it.
    chunks: HashMap<(BlobKey, u64), Chunk>,
}

struct Chunk {
    bytes: Arc<[u8]>,
    last_use: u64,
}

impl Chunks {
    /// Keeps what is read of an account from now on.
    pub(super) fn keep(self: &Arc<Self>, account: AccountId) -> Keeping {
        self.lock().accounts.entry(account).or_default().holders += 1;
        Keeping { chunks: Arc::clone(self), account }
    }

    /// A chunk that was kept.
    pub(super) fn find(&self, account: AccountId, blob: BlobKey, number: u64) -> Option<Arc<[u8]>> {
        let mut kept = self.lock();
        kept.uses += 1;
        let now = kept.uses;
        let chunk = kept.accounts.get_mut(&account)?.chunks.get_mut(&(blob, number))?;
        chunk.last_use = now;
        Some(Arc::clone(&chunk.bytes))
    }

    /// Keeps a chunk, when its account is open.
    pub(super) fn put(&self, account: AccountId, blob: BlobKey, number: u64, bytes: &Arc<[u8]>) {
        let mut kept = self.lock();
        kept.uses += 1;
        let chunk = Chunk { bytes: Arc::clone(bytes), last_use: kept.uses };
        let Some(open) = kept.accounts.get_mut(&account) else { return };
        let before = open.chunks.insert((blob, number), chunk).map_or(0, |chunk| chunk.bytes.len());
        kept.bytes = kept.bytes + bytes.len() - before;
        if kept.bytes > INDEX_CHUNKS_BYTES_MAX {
            kept.forget_oldest();
        }
    }

    /// Forgets the chunks of a segment that is no more.
    pub(super) fn forget(&self, account: AccountId, blob: BlobKey) {
        self.lock().retain(|owner, of, _| owner != account || of != blob);
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// Forgets the half that was not used for longest: rarely, so that each chunk pays little for it.
    fn forget_oldest(&mut self) {
        let chunks = self.accounts.values().flat_map(|account| account.chunks.values());
        let mut uses: Vec<u64> = chunks.map(|chunk| chunk.last_use).collect();
        let middle = uses.len() / 2;
        let limit = *uses.select_nth_unstable(middle).1;
        self.retain(|_, _, chunk| chunk.last_use > limit);
    }

    fn retain(&mut self, stays: impl Fn(AccountId, BlobKey, &Chunk) -> bool) {
        let mut bytes = 0;
        for (owner, account) in &mut self.accounts {
            account.chunks.retain(|(blob, _), chunk| stays(*owner, *blob, chunk));
            bytes += account.chunks.values().map(|chunk| chunk.bytes.len()).sum::<usize>();
        }
        self.bytes = bytes;
    }
}

impl Drop for Keeping {
    fn drop(&mut self) {
        let mut kept = self.chunks.lock();
        let Some(account) = kept.accounts.get_mut(&self.account) else { return };
        account.holders -= 1;
        if account.holders == 0 {
            let gone = kept.accounts.remove(&self.account).unwrap_or_default();
            kept.bytes -= gone.chunks.values().map(|chunk| chunk.bytes.len()).sum::<usize>();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: AccountId = AccountId::from_bytes([1; 16]);
    const BOB: AccountId = AccountId::from_bytes([2; 16]);
    const CHUNK: usize = 64 * 1024;

    fn blob(number: u8) -> BlobKey {
        BlobKey([number; 16])
    }

    fn put(chunks: &Chunks, account: AccountId, blob: BlobKey, number: u64) {
        chunks.put(account, blob, number, &vec![7; CHUNK].into());
    }

    #[test]
    fn chunks_are_kept_while_somebody_has_the_account_open() {
        let chunks = Arc::new(Chunks::default());
        put(&chunks, ALICE, blob(1), 0);
        assert!(chunks.find(ALICE, blob(1), 0).is_none(), "nobody has it open");
        let (first, second) = (chunks.keep(ALICE), chunks.keep(ALICE));
        put(&chunks, ALICE, blob(1), 0);
        drop(first);
        assert!(chunks.find(ALICE, blob(1), 0).is_some());
        assert!(chunks.find(BOB, blob(1), 0).is_none());
        drop(second);
        assert!(chunks.find(ALICE, blob(1), 0).is_none());
        assert_eq!(chunks.lock().bytes, 0);
    }

    #[test]
    fn a_segment_that_is_no_more_leaves_nothing() {
        let chunks = Arc::new(Chunks::default());
        let _open = chunks.keep(ALICE);
        put(&chunks, ALICE, blob(1), 0);
        put(&chunks, ALICE, blob(2), 0);
        chunks.forget(ALICE, blob(1));
        assert!(chunks.find(ALICE, blob(1), 0).is_none());
        assert!(chunks.find(ALICE, blob(2), 0).is_some());
        assert_eq!(chunks.lock().bytes, CHUNK);
    }

    #[test]
    fn memory_is_bounded_and_what_is_used_stays() {
        let chunks = Arc::new(Chunks::default());
        let _open = (chunks.keep(ALICE), chunks.keep(BOB));
        put(&chunks, ALICE, blob(1), 0);
        for number in 0..3 * (INDEX_CHUNKS_BYTES_MAX / CHUNK) as u64 {
            put(&chunks, BOB, blob(2), number);
            assert!(chunks.find(ALICE, blob(1), 0).is_some(), "{number}");
            assert!(chunks.lock().bytes <= INDEX_CHUNKS_BYTES_MAX);
        }
        assert!(chunks.find(BOB, blob(2), 0).is_none());
    }
}
