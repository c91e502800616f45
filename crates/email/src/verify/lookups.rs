//! The look-ups of one check: counted against its budget, and remembered, so that it can be said afterwards
//! whether they were validated and whether a name gave more records than its standard allows.

use crate::resolver::Resolver;
use hickory_resolver::proto::rr::RecordType;
use mail_auth::{DnsError, DnssecStatus, Error, MX, RecordSet, ResolverCache, Txt};
use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What one check asked. The evaluating crate takes it for a cache.
pub(super) struct Lookups {
    left: Arc<AtomicUsize>,
    pub(super) txt: Table<Box<str>, Txt>,
    pub(super) mx: Table<Box<str>, RecordSet<MX>>,
    pub(super) ptr: Table<IpAddr, RecordSet<Box<str>>>,
    pub(super) ipv4: Table<Box<str>, RecordSet<Ipv4Addr>>,
    pub(super) ipv6: Table<Box<str>, RecordSet<Ipv6Addr>>,
}

impl Lookups {
    pub(super) fn with_budget(lookups_max: usize) -> Self {
        // One more than allowed, so that zero can mean "one was refused".
        let left = Arc::new(AtomicUsize::new(lookups_max.saturating_add(1)));
        Self {
            txt: Table::new(&left),
            mx: Table::new(&left),
            ptr: Table::new(&left),
            ipv4: Table::new(&left),
            ipv6: Table::new(&left),
            left,
        }
    }

    /// A look-up was refused: what the check said rests on answers that it never got.
    pub(super) fn exhausted(&self) -> bool {
        self.left.load(Ordering::Relaxed) == 0
    }

    /// The names whose texts were found.
    pub(super) fn text_names(&self) -> Vec<Box<str>> {
        self.txt.keys()
    }

    /// Everything that was found was validated, and something was.
    pub(super) async fn all_secure(&self, resolver: &Resolver) -> bool {
        let mut asked: Vec<(Box<str>, RecordType)> = Vec::new();
        asked.extend(self.txt.keys().into_iter().map(|name| (name, RecordType::TXT)));
        asked.extend(self.mx.keys().into_iter().map(|name| (name, RecordType::MX)));
        asked.extend(self.ipv4.keys().into_iter().map(|name| (name, RecordType::A)));
        asked.extend(self.ipv6.keys().into_iter().map(|name| (name, RecordType::AAAA)));
        for address in self.ptr.keys() {
            if !resolver.reverse_names(address).await.is_ok_and(|answer| answer.secure) {
                return false;
            }
        }
        for (name, kind) in &asked {
            if !resolver.is_secure(name, *kind).await {
                return false;
            }
        }
        !asked.is_empty()
    }
}

/// A value that stands for "not looked up: the budget is spent".
pub(super) trait Refusal {
    fn refusal() -> Self;
}

impl Refusal for Txt {
    fn refusal() -> Self {
        Self::Error(Error::Dns(DnsError::Resolver("too many look-ups".to_owned())))
    }
}

impl<T> Refusal for RecordSet<T> {
    fn refusal() -> Self {
        // The type has no room for an error; `Lookups::exhausted` tells.
        Self { rrset: Arc::from(Vec::new()), dnssec_status: DnssecStatus::Indeterminate }
    }
}

/// One kind of record.
pub(super) struct Table<K, V> {
    left: Arc<AtomicUsize>,
    found: Mutex<HashMap<K, V>>,
}

impl<K: Hash + Eq + Clone, V> Table<K, V> {
    fn new(left: &Arc<AtomicUsize>) -> Self {
        Self { left: Arc::clone(left), found: Mutex::new(HashMap::new()) }
    }

    fn keys(&self) -> Vec<K> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }

    /// Takes one look-up from the budget; false when there is none left.
    fn spend(&self) -> bool {
        let spent = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        spent.is_ok_and(|before| before > 1)
    }
}

impl<K: Hash + Eq + Clone, V: Clone + Refusal> ResolverCache<K, V> for Table<K, V> {
    fn get<Q>(&self, name: &Q) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let known = self.found.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        match known {
            Some(value) => Some(value),
            None if self.spend() => None,
            None => Some(V::refusal()),
        }
    }

    fn remove<Q>(&self, name: &Q) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).remove(name)
    }

    fn insert(&self, name: K, value: V, _valid_until: std::time::Instant) {
        // Kept for the length of one check, far less than any time to live.
        self.found.lock().unwrap_or_else(PoisonError::into_inner).insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_spent_by_misses_alone_and_then_everything_is_refused() {
        let lookups = Lookups::with_budget(2);
        let name: Box<str> = "example.org.".into();
        assert!(lookups.mx.get::<str>(&name).is_none());
        lookups.mx.insert(name.clone(), RecordSet::refusal(), tokio::time::Instant::now().into_std());
        for _ in 0..10 {
            assert!(lookups.mx.get::<str>(&name).is_some());
        }
        assert!(lookups.txt.get::<str>("a.").is_none());
        assert!(!lookups.exhausted());
        assert!(matches!(lookups.txt.get::<str>("b."), Some(Txt::Error(_))));
        assert!(lookups.exhausted());
        assert!(lookups.ipv4.get::<str>("c.").is_some());
        assert!(lookups.exhausted());
    }
}
