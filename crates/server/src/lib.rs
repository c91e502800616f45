//! Everything that the `caliopen` binary is made of: configuration, wiring, TLS, supervised tasks, command line.
//!
//! This room knows what is concrete, and has no rule of the domain. It is a library so that stories can start the
//! very server that the binary starts, with a clock of theirs.

pub mod command;
pub mod config;
mod control;
mod folder;
mod json;
pub mod serve;
mod signing;
mod supervise;
mod time;
mod transfer;

pub use config::Config;
pub use serve::{Running, start};
pub use time::SystemClock;
