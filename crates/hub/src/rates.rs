//! How much an account may send in an hour: a stolen account must not become a source of spam.

use crate::letter::SubmitError;
use crate::limits::RECIPIENTS_HOUR_MAX;
use caliopen_model::{AccountId, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

const HOUR_MS: i64 = 60 * 60 * 1000;

/// What each account sent in its present hour.
#[derive(Default)]
pub(crate) struct Rates {
    hours: Mutex<HashMap<AccountId, (Timestamp, u32)>>,
}

impl Rates {
    /// Counts recipients, or refuses them all.
    pub(crate) fn spend(
        &self,
        account: AccountId,
        recipients: usize,
        now: Timestamp,
    ) -> Result<(), SubmitError> {
        let mut hours = self.hours.lock().unwrap_or_else(PoisonError::into_inner);
        hours.retain(|_, (begun, _)| now.unix_ms() - begun.unix_ms() < HOUR_MS);
        let (_, spent) = hours.entry(account).or_insert((now, 0));
        let sum = spent.saturating_add(u32::try_from(recipients).unwrap_or(u32::MAX));
        if sum > RECIPIENTS_HOUR_MAX {
            return Err(SubmitError::OverLimit(RECIPIENTS_HOUR_MAX));
        }
        *spent = sum;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_sends_so_much_in_an_hour_and_again_in_the_next() {
        let (rates, account) = (Rates::default(), AccountId::from_bytes([1; 16]));
        let at = Timestamp::from_unix_ms;
        assert!(rates.spend(account, RECIPIENTS_HOUR_MAX as usize, at(0)).is_ok());
        assert!(matches!(rates.spend(account, 1, at(1)), Err(SubmitError::OverLimit(_))));
        assert!(rates.spend(AccountId::from_bytes([2; 16]), 1, at(1)).is_ok());
        assert!(rates.spend(account, 1, at(HOUR_MS)).is_ok());
    }
}
