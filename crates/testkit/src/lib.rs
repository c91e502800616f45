//! Alice and bob, a DNS and a Postfix of ours, a stopped clock, fixtures. For tests and the demo alone.

pub mod authenticator;
pub mod certificates;
pub mod code_app;
pub mod dns;
pub mod https;
pub mod postfix;
mod process;
pub mod sample;
pub mod second_opinion;

pub use process::{Process, free_port};
