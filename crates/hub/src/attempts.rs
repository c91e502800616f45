//! Limits how often a password may be tried: by account, and by the network that it is tried from.

use caliopen_model::Timestamp;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Tries that come at once, for one account.
const ACCOUNT_BURST: u32 = 8;
/// Tries that come at once, from one network.
const NETWORK_BURST: u32 = 30;
/// After the burst: one try in so many milliseconds.
const REFILL_MS: i64 = 20_000;
/// Buckets kept. Beyond it the full ones are forgotten first: they limit nothing.
const BUCKETS_MAX: usize = 50_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Subject {
    Account([u8; 16]),
    Network([u8; 8]),
}

/// The instant at which a bucket is full again: all that must be remembered of it.
#[derive(Default)]
pub(crate) struct Attempts {
    full_at: Mutex<HashMap<Subject, i64>>,
}

impl Attempts {
    /// Counts a try. `Err` says after how many seconds to come back.
    pub(crate) fn allow(&self, account: [u8; 16], from: IpAddr, now: Timestamp) -> Result<(), u32> {
        let now = now.unix_ms();
        let subjects = [(Subject::Account(account), ACCOUNT_BURST), (network(from), NETWORK_BURST)];
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= BUCKETS_MAX {
            full_at.retain(|_, full| *full > now);
        }
        let wait = subjects.iter().map(|(subject, burst)| wait_ms(full_at.get(subject), *burst, now)).max();
        if let Some(wait @ 1..) = wait {
            return Err(u32::try_from(wait.div_ceil(1000)).unwrap_or(u32::MAX));
        }
        for (subject, _) in subjects {
            let full = full_at.entry(subject).or_insert(now);
            *full = (*full).max(now).saturating_add(REFILL_MS);
        }
        Ok(())
    }

    /// A right word of a program gives its account's tries back, and its own one to its network: programs sign in for
    /// every message, and a house full of them shares one network.
    pub(crate) fn give_back(&self, account: [u8; 16], from: IpAddr) {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        full_at.remove(&Subject::Account(account));
        if let Some(full) = full_at.get_mut(&network(from)) {
            *full = full.saturating_sub(REFILL_MS);
        }
    }

    /// A right password gives its account's tries back.
    pub(crate) fn forgive(&self, account: [u8; 16]) {
        self.full_at.lock().unwrap_or_else(PoisonError::into_inner).remove(&Subject::Account(account));
    }
}

/// Milliseconds until the bucket holds one try.
fn wait_ms(full_at: Option<&i64>, burst: u32, now: i64) -> u64 {
    let missing_ms = full_at.map_or(0, |full| full.saturating_sub(now).max(0));
    let allowed_ms = REFILL_MS.saturating_mul(i64::from(burst) - 1);
    missing_ms.saturating_sub(allowed_ms).max(0).unsigned_abs()
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
    fn after_a_burst_an_account_waits_and_the_wait_is_told() {
        let attempts = Attempts::default();
        let from: IpAddr = "192.0.2.1".parse().unwrap();
        for _ in 0..ACCOUNT_BURST {
            assert_eq!(attempts.allow([1; 16], from, at(0)), Ok(()));
        }
        assert_eq!(attempts.allow([1; 16], from, at(0)), Err(20));
        assert_eq!(attempts.allow([1; 16], from, at(19_999)), Err(1));
        assert_eq!(attempts.allow([1; 16], from, at(20_000)), Ok(()));
    }

    #[test]
    fn one_network_cannot_try_many_accounts() {
        let attempts = Attempts::default();
        let mut refused = 0;
        for account in 0..100u8 {
            let from: IpAddr = format!("192.0.2.{account}").parse().unwrap();
            refused += usize::from(attempts.allow([account; 16], from, at(0)).is_err());
        }
        assert_eq!(refused, 100 - NETWORK_BURST as usize);
        let elsewhere: IpAddr = "198.51.100.1".parse().unwrap();
        assert_eq!(attempts.allow([200; 16], elsewhere, at(0)), Ok(()));
    }

    #[test]
    fn a_program_that_signs_in_for_every_message_is_not_limited() {
        let attempts = Attempts::default();
        let from: IpAddr = "192.0.2.1".parse().unwrap();
        for _ in 0..NETWORK_BURST * 2 {
            assert_eq!(attempts.allow([1; 16], from, at(0)), Ok(()));
            attempts.give_back([1; 16], from);
        }
        for account in 2..2 + NETWORK_BURST as u8 {
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
