//! The search index of an account: kept in its partition, read and written only while the account is unlocked.
//!
//! A message is indexed after it was stored, from the change log: what is sealed cannot be read while its person is
//! away. `step` does a bounded part of what is due, and whoever has an unlocked account calls it: the task that `desk`
//! feeds with the accounts of open event streams, and a search, for what arrived last. Everything of the index can be
//! made anew from the messages; when it is missing, damaged or of another version, it is.
//!
//! Segments are sealed blobs; their keys stand in one sealed row, which is written with the blobs or not at all.

mod chunks;
mod desk;
mod find;
mod gather;
mod index;
mod join;
mod names;
mod news;
mod snippet;
mod step;

pub use desk::Indexing;
pub use find::{Found, FoundMessage, Question, Scope};
pub use index::Coverage;
pub use snippet::Snippet;

/// What of a question was not understood.
pub use caliopen_search::{Problem, Reason};

pub(crate) use chunks::Chunks;
pub(crate) use desk::Desk;
