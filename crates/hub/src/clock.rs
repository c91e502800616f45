//! Time and chance, passed in: the hub has neither of its own.

use caliopen_model::Timestamp;

/// Whoever knows the time.
pub trait Clock: Send + Sync + 'static {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// A source of random bytes fit for keys.
pub type Entropy = dyn Fn(&mut [u8]) + Send + Sync;
