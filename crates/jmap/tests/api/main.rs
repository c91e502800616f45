//! The API as its clients see it: every path and method of docs/api, over a real hub on the memory store.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "clippy.toml allows them in tests, and the helpers of tests are part of them"
)]

mod app_password;
mod arbitrary;
mod auth;
mod blobs;
mod coaching;
mod contact;
mod contact_index;
mod conversation;
mod deeds;
mod device;
mod domain;
mod gate;
mod handler;
mod identity;
mod message;
mod outlook;
mod passkey;
mod privacy_report;
mod push;
mod quota;
mod request;
mod route;
mod search;
mod sending;
mod session;
mod session_object;
mod support;
mod template;
mod unsubscribe;
mod user_privacy;
