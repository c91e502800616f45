//! Limits how often a password may be tried: by account, and by the network that it is tried from.

use caliopen_model::Timestamp;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// How many tries come at once, and how often after that.
#[derive(Debug, Clone, Copy)]
struct Pace {
    /// For one account.
    account_burst: u32,
    /// From one network.
    network_burst: u32,
    /// After the burst: one try in so many milliseconds.
    refill_ms: i64,
}

/// Of passwords and codes.
const SECRETS: Pace = Pace { account_burst: 8, network_burst: 30, refill_ms: 20_000 };
/// Of codes of an app: three of a million are right at any time, so that a right guess is likely after years.
const CODES: Pace = Pace { account_burst: 5, network_burst: 30, refill_ms: 5 * 60_000 };
/// Of what strangers may have looked up, where everybody is one account.
const LOOKS: Pace = Pace { account_burst: 300, network_burst: 30, refill_ms: 2_000 };
/// Buckets kept. Beyond it the full ones are forgotten first: they limit nothing.
const BUCKETS_MAX: usize = 50_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Subject {
    Account([u8; 16]),
    Network([u8; 8]),
}

/// The instant at which a bucket is full again: all that must be remembered of it.
pub(crate) struct Attempts {
    pace: Pace,
    full_at: Mutex<HashMap<Subject, i64>>,
}

impl Default for Attempts {
    fn default() -> Self {
        Self { pace: SECRETS, full_at: Mutex::default() }
    }
}

impl Attempts {
    /// Limits codes of an app, for whoever knows the password already.
    pub(crate) fn for_codes() -> Self {
        Self { pace: CODES, ..Self::default() }
    }

    /// Limits what strangers may have looked up.
    pub(crate) fn for_looks() -> Self {
        Self { pace: LOOKS, ..Self::default() }
    }

    /// Counts a try. `Err` says after how many seconds to come back.
    pub(crate) fn allow(&self, account: [u8; 16], from: IpAddr, now: Timestamp) -> Result<(), u32> {
        let Pace { account_burst, network_burst, .. } = self.pace;
        self.count(&[(Subject::Account(account), account_burst), (network(from), network_burst)], now)
    }

    /// Counts a try that is its account's alone: of somebody in an open session, who is one client wherever they are.
    pub(crate) fn allow_inside(&self, account: [u8; 16], now: Timestamp) -> Result<(), u32> {
        self.count(&[(Subject::Account(account), self.pace.account_burst)], now)
    }

    fn count(&self, subjects: &[(Subject, u32)], now: Timestamp) -> Result<(), u32> {
        let (now, refill_ms) = (now.unix_ms(), self.pace.refill_ms);
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= BUCKETS_MAX {
            full_at.retain(|_, full| *full > now);
        }
        for (subject, burst) in subjects {
            if let Some(full) = full_at.get_mut(subject) {
                *full = fullest(*full, *burst, refill_ms, now);
            }
        }
        let wait = subjects
            .iter()
            .map(|(subject, burst)| wait_ms(full_at.get(subject), *burst, refill_ms, now))
            .max();
        if let Some(wait @ 1..) = wait {
            return Err(u32::try_from(wait.div_ceil(1000)).unwrap_or(u32::MAX));
        }
        for (subject, _) in subjects {
            let full = full_at.entry(*subject).or_insert(now);
            *full = (*full).max(now).saturating_add(refill_ms);
        }
        Ok(())
    }

    /// A right word of a program gives its account's tries back, and its own one to its network: programs sign in for
    /// every message, and a house full of them shares one network.
    pub(crate) fn give_back(&self, account: [u8; 16], from: IpAddr) {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        full_at.remove(&Subject::Account(account));
        if let Some(full) = full_at.get_mut(&network(from)) {
            *full = full.saturating_sub(self.pace.refill_ms);
        }
    }

    /// A right password gives its account's tries back.
    pub(crate) fn forgive(&self, account: [u8; 16]) {
        self.full_at.lock().unwrap_or_else(PoisonError::into_inner).remove(&Subject::Account(account));
    }
}

/// Milliseconds until the bucket holds one try.
fn wait_ms(full_at: Option<&i64>, burst: u32, refill_ms: i64, now: i64) -> u64 {
    let missing_ms = full_at.map_or(0, |full| full.saturating_sub(now).max(0));
    let allowed_ms = refill_ms.saturating_mul(i64::from(burst) - 1);
    missing_ms.saturating_sub(allowed_ms).max(0).unsigned_abs()
}

/// A bucket is never emptier than empty: a clock that jumped forward and back keeps nobody out for longer.
fn fullest(full_at: i64, burst: u32, refill_ms: i64, now: i64) -> i64 {
    full_at.min(now.saturating_add(refill_ms.saturating_mul(i64::from(burst))))
}

/// The network of an address: /24 of IPv4, /56 of IPv6. A mapped address is the one that it maps.
fn network(from: IpAddr) -> Subject {
    let mut prefix = [0u8; 8];
    match from.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            prefix = [4, a, b, c, 0, 0, 0, 0];
        }
        IpAddr::V6(address) => {
            for (to, byte) in prefix.iter_mut().zip(std::iter::once(6).chain(address.octets())) {
                *to = byte;
            }
        }
    }
    Subject::Network(prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_unix_ms(ms)
    }

    #[test]
    fn a_clock_that_jumps_forward_and_back_keeps_nobody_out() {
        const YEAR_MS: i64 = 365 * 24 * 60 * 60 * 1000;
        let attempts = Attempts::default();
        let from: IpAddr = "192.0.2.1".parse().unwrap();
        for _ in 0..SECRETS.account_burst {
            assert_eq!(attempts.allow([1; 16], from, at(YEAR_MS)), Ok(()));
        }
        let wait = attempts.allow([1; 16], from, at(0)).expect_err("it is empty");
        assert!(i64::from(wait) * 1000 <= SECRETS.refill_ms, "{wait} s");
        assert_eq!(attempts.allow([1; 16], from, at(SECRETS.refill_ms)), Ok(()));
    }

    #[test]
    fn after_a_burst_an_account_waits_and_the_wait_is_told() {
        let attempts = Attempts::default();
        let from: IpAddr = "192.0.2.1".parse().unwrap();
        for _ in 0..SECRETS.account_burst {
            assert_eq!(attempts.allow([1; 16], from, at(0)), Ok(()));
        }
        assert_eq!(attempts.allow([1; 16], from, at(0)), Err(20));
        assert_eq!(attempts.allow([1; 16], from, at(19_999)), Err(1));
        assert_eq!(attempts.allow([1; 16], from, at(20_000)), Ok(()));
    }

    #[test]
    fn codes_are_tried_less_often() {
        let attempts = Attempts::for_codes();
        for _ in 0..CODES.account_burst {
            assert_eq!(attempts.allow_inside([1; 16], at(0)), Ok(()));
        }
        assert_eq!(attempts.allow_inside([1; 16], at(0)), Err(300));
        assert_eq!(attempts.allow_inside([2; 16], at(0)), Ok(()));
        assert_eq!(attempts.allow_inside([1; 16], at(300_000)), Ok(()));
        attempts.forgive([1; 16]);
        assert_eq!(attempts.allow_inside([1; 16], at(300_000)), Ok(()));
    }

    #[test]
    fn one_network_cannot_try_many_accounts() {
        let attempts = Attempts::default();
        let mut refused = 0;
        for account in 0..100u8 {
            let from: IpAddr = format!("192.0.2.{account}").parse().unwrap();
            refused += usize::from(attempts.allow([account; 16], from, at(0)).is_err());
        }
        assert_eq!(refused, 100 - SECRETS.network_burst as usize);
        let elsewhere: IpAddr = "198.51.100.1".parse().unwrap();
        assert_eq!(attempts.allow([200; 16], elsewhere, at(0)), Ok(()));
    }

    #[test]
    fn a_program_that_signs_in_for_every_message_is_not_limited() {
        let attempts = Attempts::default();
        let from: IpAddr = "192.0.2.1".parse().unwrap();
        for _ in 0..SECRETS.network_burst * 2 {
            assert_eq!(attempts.allow([1; 16], from, at(0)), Ok(()));
            attempts.give_back([1; 16], from);
        }
        for account in 2..2 + SECRETS.network_burst as u8 {
            assert_eq!(attempts.allow([account; 16], from, at(0)), Ok(()));
        }
        assert!(attempts.allow([200; 16], from, at(0)).is_err(), "wrong words count as ever");
    }

    #[test]
    fn a_right_password_gives_the_tries_back() {
        let attempts = Attempts::default();
        for round in 0..20i64 {
            let from: IpAddr = format!("203.0.{round}.1").parse().unwrap();
            assert_eq!(attempts.allow([1; 16], from, at(0)), Ok(()));
            attempts.forgive([1; 16]);
        }
    }
}
