//! Mail leaves over real sockets on loopback: to peers that behave, to a real Postfix, and to peers that do
//! not behave. The DNS is Knot's.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod certificates;
mod dkim;
mod hostile;
#[path = "../listen/journal.rs"]
#[allow(dead_code, reason = "a host of these tests is asked for no report")]
mod journal;
mod outlook;
mod peer;
mod policies;
mod postfix;
mod required;
mod reuse;
mod routes;
mod telling;
mod tls;
mod world;
