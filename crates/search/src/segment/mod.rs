//! A segment: some documents with all their words, immutable, read by chunks.
//!
//! Format, with numbers as LEB128 unless they are fixed and big-endian:
//!
//! ```text
//! postings     for each term: documents, then positions
//! dictionary   blocks of terms in order, each: where its postings begin ‖ entries
//! documents    kind (1) ‖ id (16) ‖ time (8), from the newest
//! blocks       for each block of the dictionary: its first term, where it is, how long it is
//! footer       version (1) ‖ documents (4) ‖ newest, oldest (8 each) ‖ where each part begins (8 each)
//! ```
//!
//! A term is its field's byte and its letters. An entry leaves out what its term shares with the one before. A document
//! of a posting is the distance from the one before, doubled, and odd when the word stands there once; else the number
//! of times follows.

mod held;
mod merge;
mod numbers;
mod read;
mod write;

pub use held::{Fault, Held, chunks_of};
pub use merge::Merge;
pub use read::{Segment, newest};
pub use write::build;

pub(crate) use read::Postings;
pub(crate) use write::term;

/// What this program writes. Another version is not read: the index is built anew.
const VERSION: u8 = 1;
const FOOTER_BYTES: u64 = 1 + 4 + 2 * 8 + 4 * 8;
const DOCUMENT_BYTES: u64 = 1 + 16 + 8;
/// Bytes after which a block of the dictionary ends.
const BLOCK_BYTES: usize = 2048;
