//! vCard 2.1, 3.0 and 4.0 (RFC 2426, RFC 6350): bytes to people, people to bytes.
//!
//! Reading never fails: what is no card is passed over and said. What a card says beyond the words of `model` is kept
//! as it came, so that writing the person again loses nothing. Pure, and the only room that knows `calcard`.

mod read;
mod split;
mod write;

use caliopen_model::CardField;

/// Cards that one file holds.
pub const CARDS_MAX: usize = 10_000;
/// Bytes of one card as it stands in its file.
pub const CARD_BYTES_MAX: usize = 1_000_000;
/// Bytes of one card as it is kept. A picture or a sound that makes it larger is left behind, and said.
pub const KEPT_BYTES_MAX: usize = 256 * 1024;
/// Fields that are read of one card; the others are kept.
pub const FIELDS_MAX: usize = 100;
/// Addresses that are read of one card; the others are kept.
pub const ADDRESSES_MAX: usize = 50;
/// Characters of one value that are read.
pub const VALUE_CHARS_MAX: usize = 1_000;
/// Characters of a note that are read.
pub const NOTE_CHARS_MAX: usize = 10_000;

/// A person as a card describes them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Card {
    /// What they are called (`FN`, else `N`).
    pub name: Option<String>,
    /// Everything that notes say.
    pub note: Option<String>,
    /// Addresses of Internet mail, as written: nobody checked that they are ones.
    pub addresses: Vec<String>,
    /// What else is understood.
    pub fields: Vec<CardField>,
    /// The whole card in vCard 4.0: what [`write`](fn@write) starts from. Empty for somebody who came from no card.
    pub kept: String,
}

/// A card of a file, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A person. `left_out` says that a picture or a sound was too large to be kept.
    Card {
        /// Who.
        card: Card,
        /// Something large was left behind.
        left_out: bool,
    },
    /// More than [`CARD_BYTES_MAX`].
    TooLarge,
    /// Names nobody: no name, no address, nothing.
    Empty,
}

/// What a file held.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// In the order of the file.
    pub found: Vec<Found>,
    /// There were more than [`CARDS_MAX`].
    pub is_cut: bool,
}

/// Which vCard to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Version {
    /// 3.0 (RFC 2426), for programs of before 2011.
    V3,
    /// 4.0 (RFC 6350).
    #[default]
    V4,
}

/// Reads the cards of a file, in any of their versions and encodings.
pub fn read(bytes: &[u8]) -> Reading {
    let text = split::text(bytes);
    let (chunks, is_cut) = split::cards(&text);
    Reading { found: chunks.iter().map(|chunk| read::card(chunk)).collect(), is_cut }
}

/// Writes a person: what the card says now, and everything else that it said when it came.
pub fn write(card: &Card, version: Version) -> String {
    write::card(card, version)
}

/// Two kept cards of one person as one: the first, and what only the second says.
pub fn join(first: &str, second: &str) -> String {
    write::join(first, second)
}

/// Whether a text is a day as fields have it: `1985-04-12`, `--04-12`, `1985-04` or `1985`.
pub fn is_day(text: &str) -> bool {
    read::day(text).is_some()
}
