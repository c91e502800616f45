//! The limits of this room, by name.

/// Characters of a word that are indexed; a longer one is cut, in the index and in the question alike.
pub const WORD_CHARS_MAX: usize = 40;
/// Words of one field of a document; what comes behind them is not found.
pub const FIELD_WORDS_MAX: usize = 30_000;
/// Bytes of a question; what comes behind them is not read.
pub const QUERY_BYTES_MAX: usize = 1_000;
/// Words, phrases and operators of one question. Each has a bit in a [`crate::Hit`].
pub const LEAVES_MAX: usize = 24;
/// Words of a phrase.
pub const PHRASE_WORDS_MAX: usize = 16;
/// Other spellings of one leaf: the addresses of the people whom it names.
pub const ALTERNATIVES_MAX: usize = 32;
/// Words of a segment that one prefix stands for: the first ones.
pub const EXPANSIONS_MAX: usize = 1_000;
/// Shortest prefix, in characters: a shorter one is a word of its own.
pub const PREFIX_CHARS_MIN: usize = 2;
/// Largest segment that a merge makes, in bytes. It bounds the memory of a merge to about three times as much.
pub const SEGMENT_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// Segments of about one size that become one.
pub const MERGED_AT_ONCE: usize = 8;
/// Characters of an excerpt.
pub const EXCERPT_CHARS_MAX: usize = 160;
/// Bytes of a chunk of a segment: what is read at a time.
pub const CHUNK_BYTES: u64 = 64 * 1024;
