//! The bytes of messages that all connections together may hold in memory.
//!
//! A counting semaphore that never waits: a peer that is told 452 keeps its message and comes back, which
//! costs less than a queue of half-received ones.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many bytes of messages in flight are still free. Shared by every connection of a host.
#[derive(Debug)]
pub struct Budget {
    free_bytes: AtomicU64,
}

impl Budget {
    /// A budget of this many bytes.
    pub fn new(bytes_max: u64) -> Arc<Self> {
        Arc::new(Self { free_bytes: AtomicU64::new(bytes_max) })
    }

    /// What is free at this moment.
    pub fn free_bytes(&self) -> u64 {
        self.free_bytes.load(Ordering::Acquire)
    }

    /// Takes bytes until the reservation is dropped. `None` when they are not there.
    pub fn reserve(self: &Arc<Self>, bytes: u64) -> Option<Reservation> {
        self.take(bytes).then(|| Reservation { budget: Arc::clone(self), bytes })
    }

    fn take(&self, bytes: u64) -> bool {
        self.free_bytes
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |free| free.checked_sub(bytes))
            .is_ok()
    }
}

/// Bytes that were taken from a [`Budget`]; dropping it gives them back.
#[derive(Debug)]
pub struct Reservation {
    budget: Arc<Budget>,
    bytes: u64,
}

impl Reservation {
    /// Bytes held.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Takes more, until this many bytes are held. Says whether they are.
    #[must_use]
    pub fn grow_to(&mut self, bytes: u64) -> bool {
        let missing = bytes.saturating_sub(self.bytes);
        let taken = self.budget.take(missing);
        if taken {
            self.bytes += missing;
        }
        taken
    }

    /// Gives everything back at once; the reservation holds nothing then.
    pub fn release(&mut self) {
        let bytes = std::mem::take(&mut self.bytes);
        self.budget.free_bytes.fetch_add(bytes, Ordering::AcqRel);
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.release();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_reserved_comes_back_when_it_is_dropped() {
        let budget = Budget::new(100);
        let mut first = budget.reserve(40).expect("40 of 100 are free");
        assert!(budget.reserve(61).is_none());
        assert!(first.grow_to(100));
        assert!(!first.grow_to(101));
        assert!(first.grow_to(10), "what is held already needs nothing");
        assert_eq!((first.bytes(), budget.free_bytes()), (100, 0));
        drop(first);
        assert_eq!(budget.free_bytes(), 100);
    }
}
