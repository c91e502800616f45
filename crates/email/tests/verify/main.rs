//! Verification against a real Knot: signed, unsigned, bogus and failing zones under a signed root.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where its world is not as it should be"
)]

mod arc;
mod dkim;
mod dmarc;
mod dnssec;
mod encryption;
mod evidence;
mod one_click;
mod spf;
mod world;
