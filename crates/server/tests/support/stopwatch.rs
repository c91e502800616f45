//! Real time: how long the real server takes, and how long to wait for a real peer.

use std::time::{Duration, Instant};

/// A time that runs.
#[derive(Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "what another process takes is measured in real time")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }

    /// Nothing may take longer than this.
    pub fn check(self, most: Duration, what: &str) {
        let elapsed = self.elapsed();
        assert!(elapsed < most, "{what}: {elapsed:?}");
    }
}
