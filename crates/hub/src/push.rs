//! Tells who listens that something of their account changed: states only, no content (RFC 8620 §7.1).

use crate::views::States;
use caliopen_model::AccountId;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tokio::sync::watch;

/// Who listens to which account.
#[derive(Default)]
pub(crate) struct Push {
    listeners: Mutex<HashMap<AccountId, watch::Sender<States>>>,
}

impl Push {
    /// Listens to an account from these states on.
    pub(crate) fn watch(&self, account: AccountId, states: States) -> watch::Receiver<States> {
        let mut listeners = self.lock();
        listeners.retain(|_, sender| sender.receiver_count() > 0);
        listeners.entry(account).or_insert_with(|| watch::channel(states).0).subscribe()
    }

    /// Tells the listeners of an account where it stands. Batches may end in another order than they were planned
    /// in; a state never goes back.
    pub(crate) fn tell(&self, account: AccountId, states: States) {
        if let Some(sender) = self.lock().get(&account) {
            sender.send_modify(|known| {
                for (known, new) in known.0.iter_mut().zip(states.0) {
                    *known = new.max(*known);
                }
            });
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<AccountId, watch::Sender<States>>> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
