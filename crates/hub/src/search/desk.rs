//! Which unlocked accounts are indexed as mail arrives: those whose person has the application open.
//!
//! An account stands here while an event stream holds its [`Indexing`]; the desk itself keeps no key. One task of the
//! server works on all of them, a step for each in turn, so that a large account holds nobody up.

use super::chunks::Keeping;
use super::step::Rest;
use crate::Hub;
use crate::access::Access;
use caliopen_model::AccountId;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use tokio::sync::{Notify, watch};

/// Keeps an account indexed for as long as it is held.
#[expect(dead_code, reason = "held, so that the account stays open")]
pub struct Indexing {
    access: Arc<Access>,
    keeping: Keeping,
}

/// The accounts that are kept indexed.
#[derive(Default)]
pub(crate) struct Desk {
    accounts: Mutex<Accounts>,
    news: Notify,
}

#[derive(Default)]
struct Accounts {
    open: HashMap<AccountId, Vec<Weak<Access>>>,
    /// Those where something may be to do.
    due: BTreeSet<AccountId>,
}

impl Desk {
    /// Something of an account changed.
    pub(crate) fn told(&self, account: AccountId) {
        let mut accounts = self.lock();
        if accounts.open.contains_key(&account) {
            accounts.due.insert(account);
            drop(accounts);
            self.news.notify_one();
        }
    }

    fn open(&self, access: &Arc<Access>) {
        let mut accounts = self.lock();
        let account = access.account();
        accounts.open.retain(|_, holders| {
            holders.retain(|holder| holder.strong_count() > 0);
            !holders.is_empty()
        });
        accounts.open.entry(account).or_default().push(Arc::downgrade(access));
        accounts.due.insert(account);
        drop(accounts);
        self.news.notify_one();
    }

    /// The next account with something to do, when it is still open.
    fn next(&self) -> Option<Arc<Access>> {
        let mut accounts = self.lock();
        while let Some(account) = accounts.due.pop_first() {
            let holders = accounts.open.get(&account).into_iter().flatten();
            if let Some(access) = holders.filter_map(Weak::upgrade).next() {
                return Some(access);
            }
        }
        None
    }

    fn lock(&self) -> MutexGuard<'_, Accounts> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hub {
    /// Keeps an account indexed while the result is held. The account stays unlocked in memory as long.
    pub fn keep_indexed(&self, access: Access) -> Indexing {
        let access = Arc::new(access);
        self.core.desk.open(&access);
        let keeping = self.core.chunks.keep(access.account());
        Indexing { access, keeping }
    }

    /// Indexes what arrives for the accounts that are kept indexed, until asked to stop. One task of the process runs
    /// this.
    pub async fn run_indexing(&self, mut stop: watch::Receiver<bool>) {
        loop {
            tokio::select! {
                // A sender that is gone asks for the same.
                _asked = stop.wait_for(|asked| *asked) => return,
                () = self.core.desk.news.notified() => {}
            }
            while !*stop.borrow() && self.index_each_once().await {}
        }
    }

    /// A step for each account that has something to do. False: none had.
    pub async fn index_each_once(&self) -> bool {
        let mut again = Vec::new();
        let mut worked = false;
        while let Some(access) = self.core.desk.next() {
            worked = true;
            match self.index_step(&access).await {
                Ok((Rest::Something, _)) => again.push(access.account()),
                Ok((Rest::Nothing, _)) => {}
                Err(error) => tracing::error!(%error, "an account could not be indexed"),
            }
        }
        again.into_iter().for_each(|account| self.core.desk.told(account));
        worked
    }
}
