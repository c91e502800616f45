//! How much an account, and the whole host, may send in an hour: a stolen account must not become a source of spam.

use crate::letter::SubmitError;
use crate::limits::{HOST_RECIPIENTS_HOUR_MAX, RECIPIENTS_HOUR_MAX, STRANGERS_HOUR_MAX};
use caliopen_model::{AccountId, Timestamp};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

const HOUR_MS: i64 = 60 * 60 * 1000;

/// What one message takes of an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spending {
    /// Everybody whom it goes to.
    pub(crate) recipients: usize,
    /// Of these, those whom the account never wrote to. Counted where no person was asked.
    pub(crate) strangers: usize,
}

/// What was sent since an hour began.
#[derive(Debug, Clone, Copy)]
struct Hour {
    begun: Timestamp,
    recipients: u32,
    strangers: u32,
}

impl Hour {
    const fn beginning(now: Timestamp) -> Self {
        Self { begun: now, recipients: 0, strangers: 0 }
    }

    fn is_over(&self, now: Timestamp) -> bool {
        now.unix_ms() - self.begun.unix_ms() >= HOUR_MS
    }

    fn plus(self, spending: Spending) -> Self {
        let add = |spent: u32, more: usize| spent.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
        Self {
            recipients: add(self.recipients, spending.recipients),
            strangers: add(self.strangers, spending.strangers),
            ..self
        }
    }
}

/// What each account, and all of them, sent in their present hour.
pub(crate) struct Rates {
    hours: Mutex<Hours>,
    host_max: AtomicU32,
}

#[derive(Default)]
struct Hours {
    accounts: HashMap<AccountId, Hour>,
    host: Option<Hour>,
}

impl Default for Rates {
    fn default() -> Self {
        Self { hours: Mutex::default(), host_max: AtomicU32::new(HOST_RECIPIENTS_HOUR_MAX) }
    }
}

impl Rates {
    /// Lets all accounts together write to so many people in an hour.
    pub(crate) fn limit_host(&self, recipients_hour_max: u32) {
        self.host_max.store(recipients_hour_max, Ordering::Relaxed);
    }

    /// Counts recipients, or refuses them all.
    pub(crate) fn spend(
        &self,
        account: AccountId,
        spending: Spending,
        now: Timestamp,
    ) -> Result<(), SubmitError> {
        let mut hours = self.hours.lock().unwrap_or_else(PoisonError::into_inner);
        hours.accounts.retain(|_, hour| !hour.is_over(now));
        let own = hours.accounts.get(&account).copied().unwrap_or(Hour::beginning(now)).plus(spending);
        let host =
            hours.host.filter(|hour| !hour.is_over(now)).unwrap_or(Hour::beginning(now)).plus(spending);
        let host_max = self.host_max.load(Ordering::Relaxed);
        if own.recipients > RECIPIENTS_HOUR_MAX {
            return Err(SubmitError::OverLimit(RECIPIENTS_HOUR_MAX));
        }
        if own.strangers > STRANGERS_HOUR_MAX {
            return Err(SubmitError::FanOut(STRANGERS_HOUR_MAX));
        }
        if host.recipients > host_max {
            return Err(SubmitError::HostOverLimit(host_max));
        }
        hours.accounts.insert(account, own);
        hours.host = Some(host);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn account(number: u8) -> AccountId {
        AccountId::from_bytes([number; 16])
    }

    fn spend(rates: &Rates, account: AccountId, recipients: u32, ms: i64) -> Result<(), SubmitError> {
        let spending = Spending { recipients: recipients as usize, strangers: 0 };
        rates.spend(account, spending, Timestamp::from_unix_ms(ms))
    }

    #[test]
    fn an_account_sends_so_much_in_an_hour_and_again_in_the_next() {
        let rates = Rates::default();
        assert!(spend(&rates, account(1), RECIPIENTS_HOUR_MAX, 0).is_ok());
        assert!(matches!(spend(&rates, account(1), 1, 1), Err(SubmitError::OverLimit(_))));
        assert!(spend(&rates, account(2), 1, 1).is_ok());
        assert!(spend(&rates, account(1), 1, HOUR_MS).is_ok());
    }

    #[test]
    fn all_accounts_together_send_what_the_host_allows() {
        let rates = Rates::default();
        rates.limit_host(10);
        assert!(spend(&rates, account(1), 6, 0).is_ok());
        assert!(matches!(spend(&rates, account(2), 5, 1), Err(SubmitError::HostOverLimit(10))));
        assert!(spend(&rates, account(2), 4, 1).is_ok(), "what was refused took nothing");
        assert!(spend(&rates, account(2), 5, HOUR_MS).is_ok());
    }

    #[test]
    fn a_sudden_fan_out_to_strangers_waits_while_people_who_are_known_are_written_to() {
        let rates = Rates::default();
        let now = Timestamp::from_unix_ms(0);
        let many = STRANGERS_HOUR_MAX as usize;
        let strangers = |strangers| Spending { recipients: strangers, strangers };
        assert!(rates.spend(account(1), strangers(many), now).is_ok());
        assert!(matches!(rates.spend(account(1), strangers(1), now), Err(SubmitError::FanOut(_))));
        assert!(spend(&rates, account(1), 1, 0).is_ok());
    }
}
