//! What the use cases promise, as one program: what they share is compiled once, and everything is linked once.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a story stops where its world is not as it should be"
)]

mod access;
mod addresses;
mod arrival;
mod changes;
mod coaching;
mod contact_index;
mod contacts;
mod deeds;
mod devices;
mod gate;
mod importing;
mod merging;
mod notices;
mod outlook;
mod own_domains;
mod passkeys;
mod placing;
mod programs;
mod queue;
mod relating;
mod rescoring;
mod routes;
mod screening;
mod searching;
mod second_factor;
mod sending;
mod step_up;
mod storage;
mod support;
mod user_index;
