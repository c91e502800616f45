//! Dialogues, as one program: what they share is compiled once, and everything is linked once.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a story stops where its world is not as it should be"
)]

mod client_driver;
mod client_properties;
mod client_transcripts;
mod driver;
mod properties;
mod support;
mod transcripts;
