//! Full-text search in one account: words into an index, a question into what it finds. Pure.
//!
//! An index is a row of *segments*, each immutable: [`build`] makes one of a batch of documents, [`Merge`] makes one of
//! several, [`due`] says which. A segment is plain bytes; whoever keeps it seals it. It is read through [`Held`], which
//! holds some of its chunks and says which others are wanted, so that a question reads only what it needs and nothing
//! here waits for a disk. [`parse`] reads what a person typed, and never fails.
//!
//! Documents are numbered from the newest in their segment, so that every answer has the newest first. Facts that
//! change (read or not, the place, labels) are not in an index: [`Query::verdict`] is asked again with them.
//!
//! What is not here: which documents there are, where segments are kept, who may ask (all of that is the hub's).

mod dates;
mod document;
mod evaluate;
mod fold;
pub mod limits;
mod marks;
mod parse;
mod query;
mod segment;
mod tiers;
mod words;

pub use document::{Document, Field, Key, Kind, Trait};
pub use evaluate::{Hit, matches};
pub use marks::{excerpt, marked};
pub use parse::parse;
pub use query::{Expression, Fact, Leaf, Problem, Query, Reason};
pub use segment::{Fault, Held, Merge, Segment, build, chunks_of, newest};
pub use tiers::due;
pub use words::{Word, words};
