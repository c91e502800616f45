//! Tells who listens that something of their account changed: states only, no content (RFC 8620 §7.1).

use crate::views::States;
use caliopen_model::AccountId;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tokio::sync::watch;

/// Who listens to which account.
#[derive(Default)]
pub(crate) struct Push {
    listeners: Mutex<Listeners>,
}

#[derive(Default)]
struct Listeners {
    by_account: HashMap<AccountId, watch::Sender<States>>,
    /// Nobody is told anything any more.
    is_over: bool,
}

impl Push {
    /// Listens to an account from these states on. Once it is over, the receiver says so at once.
    pub(crate) fn watch(&self, account: AccountId, states: States) -> watch::Receiver<States> {
        let mut listeners = self.lock();
        if listeners.is_over {
            return watch::channel(states).1;
        }
        listeners.by_account.retain(|_, sender| sender.receiver_count() > 0);
        listeners.by_account.entry(account).or_insert_with(|| watch::channel(states).0).subscribe()
    }

    /// Tells the listeners of an account where it stands. Batches may end in another order than they were planned
    /// in; a state never goes back.
    pub(crate) fn tell(&self, account: AccountId, states: States) {
        if let Some(sender) = self.lock().by_account.get(&account) {
            sender.send_modify(|known| {
                for (known, new) in known.0.iter_mut().zip(states.0) {
                    *known = new.max(*known);
                }
            });
        }
    }

    /// Sends all listeners away, for good.
    pub(crate) fn end(&self) {
        *self.lock() = Listeners { by_account: HashMap::new(), is_over: true };
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Listeners> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
