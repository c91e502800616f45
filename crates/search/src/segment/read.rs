//! Reads segments.

use super::numbers::Bytes;
use super::{DOCUMENT_BYTES, FOOTER_BYTES, Fault, Held, VERSION};
use crate::document::{Key, Kind};
use std::cell::OnceCell;
use std::ops::Range;

/// Where a block of the dictionary is, and the first of its terms.
type Block = (Vec<u8>, Range<u64>);

/// A segment whose footer was read.
#[derive(Debug)]
pub struct Segment<'h> {
    held: &'h Held,
    documents: u32,
    newest: i64,
    oldest: i64,
    /// Where dictionary, documents, blocks and footer begin.
    starts: [u64; 4],
    blocks: OnceCell<Vec<Block>>,
}

/// Where the postings of a term are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Postings {
    start: u64,
    documents_bytes: u64,
    positions_bytes: u64,
    pub(crate) count: u32,
}

/// The end of a segment, which says where its parts are.
#[derive(Debug)]
struct Footer {
    documents: u32,
    newest: i64,
    oldest: i64,
    starts: [u64; 4],
}

impl Footer {
    /// Reads what ends a segment of so many bytes.
    fn read(footer: &[u8], length: u64) -> Result<Self, Fault> {
        let mut bytes = Bytes(footer);
        let [version] = bytes.fixed()?;
        let documents = u32::from_be_bytes(bytes.fixed()?);
        let (newest, oldest) = (i64::from_be_bytes(bytes.fixed()?), i64::from_be_bytes(bytes.fixed()?));
        let mut starts = [0; 4];
        for start in &mut starts {
            *start = u64::from_be_bytes(bytes.fixed()?);
        }
        let [dictionary, table, blocks, end] = starts;
        let is_whole = version == VERSION
            && dictionary <= table
            && table.checked_add(u64::from(documents) * DOCUMENT_BYTES) == Some(blocks)
            && blocks <= end
            && end.checked_add(FOOTER_BYTES) == Some(length);
        if is_whole { Ok(Self { documents, newest, oldest, starts }) } else { Err(Fault::Damaged) }
    }
}

/// The time of the newest document of a whole segment, in milliseconds since 1970.
pub fn newest(segment: &[u8]) -> Result<i64, Fault> {
    let footer = segment.last_chunk::<{ FOOTER_BYTES as usize }>().ok_or(Fault::Damaged)?;
    Footer::read(footer, segment.len() as u64).map(|footer| footer.newest)
}

impl<'h> Segment<'h> {
    /// Reads the footer.
    pub fn open(held: &'h Held) -> Result<Self, Fault> {
        let length = held.length();
        let footer = held.read(length.checked_sub(FOOTER_BYTES).ok_or(Fault::Damaged)?..length)?;
        let Footer { documents, newest, oldest, starts } = Footer::read(&footer, length)?;
        Ok(Self { held, documents, newest, oldest, starts, blocks: OnceCell::new() })
    }

    /// How many documents it has.
    pub fn documents(&self) -> u32 {
        self.documents
    }

    /// The time of its newest document, in milliseconds since 1970.
    pub fn newest(&self) -> i64 {
        self.newest
    }

    /// The time of its oldest document, in milliseconds since 1970.
    pub fn oldest(&self) -> i64 {
        self.oldest
    }

    /// The names and times of documents, with what goes with them.
    pub fn documents_of<T>(
        &self,
        numbers: impl IntoIterator<Item = (u32, T)>,
    ) -> Result<Vec<(Key, i64, T)>, Fault> {
        let rows = numbers.into_iter().map(|(number, with)| Ok((self.row(number)?, with)));
        let rows = rows.collect::<Result<Vec<(Range<u64>, T)>, Fault>>()?;
        self.held.require(rows.iter().map(|(row, _)| row.clone()))?;
        let read = |(row, with)| self.read_row(row).map(|(key, at)| (key, at, with));
        rows.into_iter().map(read).collect()
    }

    fn row(&self, number: u32) -> Result<Range<u64>, Fault> {
        if number >= self.documents {
            return Err(Fault::Damaged);
        }
        let start = self.starts[1] + u64::from(number) * DOCUMENT_BYTES;
        Ok(start..start + DOCUMENT_BYTES)
    }

    /// The name and time of a document.
    pub fn document(&self, number: u32) -> Result<(Key, i64), Fault> {
        self.read_row(self.row(number)?)
    }

    fn read_row(&self, row: Range<u64>) -> Result<(Key, i64), Fault> {
        let row = self.held.read(row)?;
        let mut bytes = Bytes(&row);
        let [kind] = bytes.fixed()?;
        let kind = Kind::of_byte(kind).ok_or(Fault::Damaged)?;
        let id = bytes.fixed()?;
        Ok((Key { kind, id }, i64::from_be_bytes(bytes.fixed()?)))
    }

    /// The postings of a term.
    pub(crate) fn find(&self, term: &[u8]) -> Result<Option<Postings>, Fault> {
        let mut found = None;
        self.walk(term, |other, postings| {
            if other == term {
                found = Some(postings);
            }
            other < term
        })?;
        Ok(found)
    }

    /// The postings of every term that begins so, at most `max`.
    pub(crate) fn find_prefix(&self, prefix: &[u8], max: usize) -> Result<Vec<Postings>, Fault> {
        let mut found = Vec::new();
        self.walk(prefix, |other, postings| {
            if other.starts_with(prefix) {
                found.push(postings);
            }
            (other < prefix || other.starts_with(prefix)) && found.len() < max
        })?;
        Ok(found)
    }

    /// Goes through the terms from the block where one would stand, until told to stop.
    fn walk(&self, from: &[u8], mut visit: impl FnMut(&[u8], Postings) -> bool) -> Result<(), Fault> {
        for range in self.blocks_from(from)? {
            let block = self.held.read(range.clone())?;
            let mut entries = Entries::new(&block)?;
            while entries.advance()? {
                if !visit(&entries.term, entries.postings) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Asks for the blocks where some terms would stand.
    pub(crate) fn require_terms<'t>(&self, terms: impl Iterator<Item = &'t [u8]>) -> Result<(), Fault> {
        let blocks = terms.map(|term| Ok(self.blocks_from(term)?.next().cloned().unwrap_or_default()));
        self.held.require(blocks.collect::<Result<Vec<_>, Fault>>()?)
    }

    /// The blocks from the one where a term would stand.
    fn blocks_from(&self, term: &[u8]) -> Result<impl Iterator<Item = &Range<u64>>, Fault> {
        let blocks = self.blocks()?;
        let behind = blocks.partition_point(|(first, _)| first.as_slice() <= term);
        Ok(blocks.iter().skip(behind.saturating_sub(1)).map(|(_, range)| range))
    }

    /// Every block of the dictionary.
    fn blocks(&self) -> Result<&[Block], Fault> {
        if let Some(blocks) = self.blocks.get() {
            return Ok(blocks);
        }
        let table = self.held.read(self.starts[2]..self.starts[3])?;
        let mut bytes = Bytes(&table);
        let mut blocks = Vec::new();
        while !bytes.is_empty() {
            let length = bytes.small()? as usize;
            let first = bytes.take(length)?.to_vec();
            let start = self.starts[0].checked_add(bytes.number()?).ok_or(Fault::Damaged)?;
            let end = start.checked_add(bytes.number()?).ok_or(Fault::Damaged)?;
            if end > self.starts[1] {
                return Err(Fault::Damaged);
            }
            blocks.push((first, start..end));
        }
        Ok(self.blocks.get_or_init(|| blocks))
    }

    /// Asks for the documents of some postings.
    pub(crate) fn require_documents<'p>(
        &self,
        postings: impl Iterator<Item = &'p Postings>,
    ) -> Result<(), Fault> {
        self.require_each(postings, Postings::documents_range)
    }

    /// Asks for the positions of some postings.
    pub(crate) fn require_positions<'p>(
        &self,
        postings: impl Iterator<Item = &'p Postings>,
    ) -> Result<(), Fault> {
        self.require_each(postings, Postings::positions_range)
    }

    fn require_each<'p>(
        &self,
        postings: impl Iterator<Item = &'p Postings>,
        range: fn(&Postings, u64) -> Result<Range<u64>, Fault>,
    ) -> Result<(), Fault> {
        let ranges = postings.map(|postings| range(postings, self.starts[0]));
        self.held.require(ranges.collect::<Result<Vec<_>, _>>()?)
    }

    /// The numbers of the documents of a posting, in order.
    pub(crate) fn numbers(&self, postings: &Postings) -> Result<Vec<u32>, Fault> {
        let bytes = self.held.read(postings.documents_range(self.starts[0])?)?;
        let mut numbers = Vec::with_capacity(postings.count.min(self.documents) as usize);
        each(&bytes, postings.count, self.documents, |number, _| numbers.push(number))?;
        Ok(numbers)
    }

    /// Each position of a posting in some documents, in order. Both are in order.
    pub(crate) fn occurrences(&self, postings: &Postings, among: &[u32]) -> Result<Vec<(u32, u32)>, Fault> {
        let documents = self.held.read(postings.documents_range(self.starts[0])?)?;
        let positions = self.held.read(postings.positions_range(self.starts[0])?)?;
        let mut places = Vec::new();
        each(&documents, postings.count, self.documents, |number, times| places.push((number, times)))?;
        let (mut bytes, mut found) = (Bytes(&positions), Vec::new());
        let mut wanted = among.iter().copied().peekable();
        for (number, times) in places {
            while wanted.next_if(|other| *other < number).is_some() {}
            match wanted.peek() {
                None => break,
                Some(other) if *other == number => {
                    let mut position = 0_u32;
                    for _ in 0..times {
                        position = position.checked_add(bytes.small()?).ok_or(Fault::Damaged)?;
                        found.push((number, position));
                    }
                }
                Some(_) => bytes.skip(times)?,
            }
        }
        Ok(found)
    }

    /// The whole dictionary, to be read in order.
    pub(super) fn dictionary(&self) -> Result<Vec<Range<u64>>, Fault> {
        Ok(self.blocks()?.iter().map(|(_, range)| range.clone()).collect())
    }

    pub(super) fn block(&self, range: Range<u64>) -> Result<std::borrow::Cow<'h, [u8]>, Fault> {
        self.held.read(range)
    }

    /// Each document of a posting, with how often the term stands there and its positions as they are written.
    pub(super) fn encoded(
        &self,
        postings: &Postings,
        mut visit: impl FnMut(u32, u64, &[u8]),
    ) -> Result<(), Fault> {
        let documents = self.held.read(postings.documents_range(self.starts[0])?)?;
        let positions = self.held.read(postings.positions_range(self.starts[0])?)?;
        let mut places = Vec::new();
        each(&documents, postings.count, self.documents, |number, times| places.push((number, times)))?;
        let mut rest = Bytes(&positions);
        for (number, times) in places {
            let before = rest;
            for _ in 0..times {
                rest.number()?;
            }
            let length = before.0.len() - rest.0.len();
            visit(number, times, before.0.get(..length).unwrap_or_default());
        }
        Ok(())
    }
}

/// Reads the documents of a posting.
fn each(bytes: &[u8], count: u32, documents: u32, mut visit: impl FnMut(u32, u64)) -> Result<(), Fault> {
    let mut bytes = Bytes(bytes);
    let mut next = 0_u32;
    for _ in 0..count {
        let head = bytes.number()?;
        let number = u32::try_from(head >> 1).ok().and_then(|distance| next.checked_add(distance));
        let number = number.filter(|number| *number < documents).ok_or(Fault::Damaged)?;
        let times = if head & 1 == 1 { 1 } else { bytes.number()? };
        visit(number, times);
        next = number + 1;
    }
    Ok(())
}

impl Postings {
    /// In the segment. Postings end where the dictionary begins.
    fn documents_range(&self, end: u64) -> Result<Range<u64>, Fault> {
        within(self.start, self.documents_bytes, end)
    }

    fn positions_range(&self, end: u64) -> Result<Range<u64>, Fault> {
        let documents = self.documents_range(end)?;
        within(documents.end, self.positions_bytes, end)
    }
}

fn within(start: u64, length: u64, limit: u64) -> Result<Range<u64>, Fault> {
    let end = start.checked_add(length).filter(|end| *end <= limit).ok_or(Fault::Damaged)?;
    Ok(start..end)
}

/// The entries of one block of the dictionary, one after the other.
#[derive(Debug)]
pub(super) struct Entries<'b> {
    bytes: Bytes<'b>,
    pub(super) term: Vec<u8>,
    pub(super) postings: Postings,
}

impl<'b> Entries<'b> {
    pub(super) fn new(block: &'b [u8]) -> Result<Self, Fault> {
        let mut bytes = Bytes(block);
        let start = bytes.number()?;
        let postings = Postings { start, documents_bytes: 0, positions_bytes: 0, count: 0 };
        Ok(Self { bytes, term: Vec::new(), postings })
    }

    /// Reads the next entry. False: there is none.
    pub(super) fn advance(&mut self) -> Result<bool, Fault> {
        if self.bytes.is_empty() {
            return Ok(false);
        }
        let shared = self.bytes.small()? as usize;
        let length = self.bytes.small()? as usize;
        if shared > self.term.len() {
            return Err(Fault::Damaged);
        }
        self.term.truncate(shared);
        self.term.extend_from_slice(self.bytes.take(length)?);
        let before = self.postings;
        let start = before.start.checked_add(before.documents_bytes).ok_or(Fault::Damaged)?;
        let start = start.checked_add(before.positions_bytes).ok_or(Fault::Damaged)?;
        let count = self.bytes.small()?;
        let (documents_bytes, positions_bytes) = (self.bytes.number()?, self.bytes.number()?);
        self.postings = Postings { start, documents_bytes, positions_bytes, count };
        Ok(true)
    }
}
