//! Makes ids: 48 bits of milliseconds, 16 bits of a counter, 64 random bits.
//!
//! The counter keeps the order of ids made in one millisecond by one process; the random bits keep ids of
//! different processes apart. UUID version 7 has the same idea, with fewer bits of order.

use crate::clock::{Clock, Entropy};
use std::sync::{Arc, Mutex, PoisonError};

/// The one place where ids come from.
pub(crate) struct Ids {
    clock: Arc<dyn Clock>,
    entropy: Arc<Entropy>,
    last: Mutex<(u64, u16)>,
}

impl Ids {
    pub(crate) fn new(clock: Arc<dyn Clock>, entropy: Arc<Entropy>) -> Self {
        Self { clock, entropy, last: Mutex::new((0, 0)) }
    }

    /// The next id: greater than every one made before, also when the clock stands still or goes back.
    pub(crate) fn next(&self) -> [u8; 16] {
        let (ms, count) = self.next_tick();
        let mut bytes = [0u8; 16];
        (self.entropy)(&mut bytes);
        let tick = (u128::from(ms) << 80) | (u128::from(count) << 64);
        let chance = u128::from_be_bytes(bytes) & u128::from(u64::MAX);
        (tick | chance).to_be_bytes()
    }

    fn next_tick(&self) -> (u64, u16) {
        let now = u64::try_from(self.clock.now().unix_ms()).unwrap_or(0) & 0xFFFF_FFFF_FFFF;
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = match *last {
            (before, _) if now > before => (now, 0),
            (before, u16::MAX) => (before + 1, 0),
            (before, count) => (before, count + 1),
        };
        *last
    }
}
