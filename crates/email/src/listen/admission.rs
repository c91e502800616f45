//! How many connections are served at one time, in total and for each address.

use caliopen_smtp::{Reply, TOO_MANY_CONNECTIONS, TOO_MANY_CONNECTIONS_FROM_ADDRESS};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The part of an IPv6 address that names a network: one customer has the rest to itself (RFC 6177).
const IPV6_NETWORK_BITS: u32 = 64;

/// The connections that are being served.
pub(super) struct Admissions {
    connections_max: usize,
    per_address_max: usize,
    open: Arc<Mutex<Open>>,
}

#[derive(Default)]
struct Open {
    total: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// A connection that may be served; dropping it makes room for another.
pub(super) struct Admission {
    address: Option<IpAddr>,
    open: Arc<Mutex<Open>>,
}

impl Admissions {
    pub(super) fn new(connections_max: usize, per_address_max: usize) -> Self {
        Self { connections_max, per_address_max, open: Arc::default() }
    }

    /// Lets a connection in, or says what to answer instead.
    pub(super) fn admit(&self, peer: Option<IpAddr>) -> Result<Admission, Reply> {
        let address = peer.map(network);
        let mut open = lock(&self.open);
        if open.total >= self.connections_max {
            return Err(TOO_MANY_CONNECTIONS);
        }
        if let Some(address) = address {
            let of_address = open.by_address.entry(address).or_default();
            if *of_address >= self.per_address_max {
                return Err(TOO_MANY_CONNECTIONS_FROM_ADDRESS);
            }
            *of_address += 1;
        }
        open.total += 1;
        Ok(Admission { address, open: Arc::clone(&self.open) })
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        let mut open = lock(&self.open);
        open.total -= 1;
        let Some(address) = self.address else { return };
        let left = open.by_address.get_mut(&address).map(|count| {
            *count -= 1;
            *count
        });
        if left == Some(0) {
            open.by_address.remove(&address);
        }
    }
}

/// Counting cannot be left half-done by a panic, so a poisoned lock is as good as any.
fn lock(open: &Mutex<Open>) -> MutexGuard<'_, Open> {
    open.lock().unwrap_or_else(PoisonError::into_inner)
}

fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let mask = u128::MAX << (u128::BITS - IPV6_NETWORK_BITS);
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & mask))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn an_address_and_all_addresses_have_their_limits() {
        let admissions = Admissions::new(3, 2);
        let first = admissions.admit(address("192.0.2.1")).ok();
        let second = admissions.admit(address("192.0.2.1")).ok();
        assert!(first.is_some() && second.is_some());
        assert_eq!(admissions.admit(address("192.0.2.1")).err(), Some(TOO_MANY_CONNECTIONS_FROM_ADDRESS));
        let third = admissions.admit(address("192.0.2.2")).ok();
        assert_eq!(admissions.admit(None).err(), Some(TOO_MANY_CONNECTIONS));
        drop((first, third));
        assert!(admissions.admit(address("192.0.2.1")).is_ok());
        drop(second);
        assert_eq!(lock(&admissions.open).by_address.len(), 0, "addresses that left are forgotten");
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one_address() {
        let admissions = Admissions::new(10, 1);
        let _first = admissions.admit(address("2001:db8::1")).ok();
        assert!(admissions.admit(address("2001:db8::2")).is_err());
        assert!(admissions.admit(address("2001:db8:0:1::2")).is_ok());
    }
}
