//! How much an account or a session may do at a time. A pass is given back when it is dropped.

use crate::limits::{DOWNLOAD_WAIT_MAX, DOWNLOADS_AT_ONCE_MAX, Limits, UPLOADS_OF_ALL_MAX};
use crate::rfc8620::request::RequestError;
use caliopen_model::AccountId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// What is counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Doing {
    /// Requests of an account to the API.
    Requests,
    /// Uploads of an account.
    Uploads,
    /// Uploads of everybody.
    UploadsOfAll,
    /// Event streams of a session.
    Events,
    /// Imports and exports of everybody.
    Transfers,
}

type Key = (Doing, [u8; 16]);

/// Who does what now.
#[derive(Default)]
pub(crate) struct Turns {
    counts: Arc<Mutex<HashMap<Key, usize>>>,
    downloads: Mutex<HashMap<AccountId, Weak<Semaphore>>>,
}

/// The right to do one thing.
#[derive(Debug)]
pub(crate) struct Pass {
    counts: Arc<Mutex<HashMap<Key, usize>>>,
    key: Key,
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.key) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                counts.remove(&self.key);
            }
        }
    }
}

impl Turns {
    /// A pass, unless there are already `max`.
    pub(crate) fn enter(&self, doing: Doing, who: [u8; 16], max: usize) -> Option<Pass> {
        let key = (doing, who);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.get(&key).copied().unwrap_or(0);
        if count >= max {
            return None;
        }
        counts.insert(key, count.saturating_add(1));
        Some(Pass { counts: Arc::clone(&self.counts), key })
    }

    /// A pass for a request to the API, unless the account has as many under way as the Session object says.
    pub(crate) fn enter_requests(&self, account: AccountId, limits: &Limits) -> Result<Pass, RequestError> {
        let pass = self.enter(Doing::Requests, *account.as_bytes(), limits.requests_at_once_max);
        pass.ok_or(RequestError::Limit("maxConcurrentRequests"))
    }

    /// A pass for an upload among those of everybody.
    pub(crate) fn enter_uploads(&self) -> Option<Pass> {
        self.enter(Doing::UploadsOfAll, [0; 16], UPLOADS_OF_ALL_MAX)
    }

    /// The account's turn to download: a page of images asks for many at once, and each waits a little.
    pub(crate) async fn download(&self, account: AccountId) -> Result<OwnedSemaphorePermit, RequestError> {
        let turn = timeout(DOWNLOAD_WAIT_MAX, self.turns(account).acquire_owned()).await;
        turn.ok().and_then(Result::ok).ok_or(RequestError::Limit("maxConcurrentRequests"))
    }

    fn turns(&self, account: AccountId) -> Arc<Semaphore> {
        let mut downloads = self.downloads.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turns) = downloads.get(&account).and_then(Weak::upgrade) {
            return turns;
        }
        downloads.retain(|_, turns| turns.strong_count() > 0);
        let turns = Arc::new(Semaphore::new(DOWNLOADS_AT_ONCE_MAX));
        downloads.insert(account, Arc::downgrade(&turns));
        turns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_comes_back_when_it_is_dropped() {
        let turns = Turns::default();
        let first = turns.enter(Doing::Requests, [1; 16], 2);
        let second = turns.enter(Doing::Requests, [1; 16], 2);
        assert!(first.is_some() && second.is_some());
        assert!(turns.enter(Doing::Requests, [1; 16], 2).is_none());
        assert!(turns.enter(Doing::Requests, [2; 16], 2).is_some());
        assert!(turns.enter(Doing::Uploads, [1; 16], 2).is_some());
        drop(first);
        assert!(turns.enter(Doing::Requests, [1; 16], 2).is_some());
        drop(second);
        assert!(turns.counts.lock().unwrap().is_empty());
    }

    #[test]
    fn an_account_has_its_own_turns_for_as_long_as_it_downloads() {
        let turns = Turns::default();
        let (one, other) = (AccountId::from_bytes([1; 16]), AccountId::from_bytes([2; 16]));
        let of_one = turns.turns(one);
        assert!(Arc::ptr_eq(&of_one, &turns.turns(one)));
        drop(of_one);
        turns.turns(other);
        assert_eq!(turns.downloads.lock().unwrap().len(), 1);
    }
}
