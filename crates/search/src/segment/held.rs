//! The chunks of a segment that somebody fetched so far.

use crate::limits::CHUNK_BYTES;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

/// Why a segment was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// These bytes are needed first, each range whole chunks: hand them to [`Held::insert`] and ask again.
    #[error("bytes {0:?} are not here yet")]
    Missing(Vec<Range<u64>>),
    /// It is not what this program writes: the index is to be built anew.
    #[error("the search index is damaged, or of another version")]
    Damaged,
}

/// Some chunks of a segment, or all of it.
#[derive(Debug)]
pub struct Held {
    length: u64,
    chunks: BTreeMap<u64, Arc<[u8]>>,
}

impl Held {
    /// Nothing yet of a segment of this many bytes.
    #[must_use]
    pub fn new(length: u64) -> Self {
        Self { length, chunks: BTreeMap::new() }
    }

    /// A whole segment.
    #[must_use]
    pub fn whole(bytes: Vec<u8>) -> Self {
        let mut held = Self::new(bytes.len() as u64);
        held.insert(0, &bytes);
        held
    }

    /// Takes bytes that begin at the beginning of a chunk, as [`Fault::Missing`] asked for them.
    pub fn insert(&mut self, start: u64, bytes: &[u8]) {
        let first = start / CHUNK_BYTES;
        for (number, chunk) in (first..).zip(bytes.chunks(CHUNK_BYTES as usize)) {
            self.share(number, chunk.into());
        }
    }

    /// Takes one chunk, by its number, that others hold too.
    pub fn share(&mut self, number: u64, chunk: Arc<[u8]>) {
        self.chunks.insert(number, chunk);
    }

    /// Bytes of the whole.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Bytes of a range, or what is missing of it: whole chunks.
    pub(super) fn read(&self, range: Range<u64>) -> Result<Cow<'_, [u8]>, Fault> {
        if range.start > range.end || range.end > self.length {
            return Err(Fault::Damaged);
        }
        if range.is_empty() {
            return Ok(Cow::Borrowed(&[]));
        }
        let chunks = chunks_of(&range);
        let (first, last) = (*chunks.start(), *chunks.end());
        if chunks.clone().any(|number| !self.chunks.contains_key(&number)) {
            return Err(self.missing(chunks));
        }
        if first == last {
            return self.part(first, &range).map(Cow::Borrowed);
        }
        let mut bytes = Vec::with_capacity(usize::try_from(range.end - range.start).unwrap_or(0));
        for number in first..=last {
            bytes.extend_from_slice(self.part(number, &range)?);
        }
        Ok(Cow::Owned(bytes))
    }

    /// Fails unless all of these ranges are here: what is missing is asked for at once.
    pub(super) fn require(&self, ranges: impl IntoIterator<Item = Range<u64>>) -> Result<(), Fault> {
        let mut wanted = BTreeSet::new();
        for range in ranges.into_iter().filter(|range| !range.is_empty()) {
            if range.start > range.end || range.end > self.length {
                return Err(Fault::Damaged);
            }
            wanted.extend(chunks_of(&range).filter(|number| !self.chunks.contains_key(number)));
        }
        if wanted.is_empty() { Ok(()) } else { Err(self.missing(wanted)) }
    }

    /// What is not here of some chunks, in order: neighbours as one range.
    fn missing(&self, chunks: impl IntoIterator<Item = u64>) -> Fault {
        let mut ranges: Vec<Range<u64>> = Vec::new();
        for number in chunks.into_iter().filter(|number| !self.chunks.contains_key(number)) {
            let chunk = number * CHUNK_BYTES..((number + 1) * CHUNK_BYTES).min(self.length);
            match ranges.last_mut().filter(|last| last.end == chunk.start) {
                Some(last) => last.end = chunk.end,
                None => ranges.push(chunk),
            }
        }
        Fault::Missing(ranges)
    }

    /// What a chunk has of a range.
    fn part(&self, number: u64, range: &Range<u64>) -> Result<&[u8], Fault> {
        let chunk = self.chunks.get(&number).ok_or(Fault::Damaged)?;
        let begin = number * CHUNK_BYTES;
        let start = usize::try_from(range.start.saturating_sub(begin)).map_err(|_| Fault::Damaged)?;
        let end = usize::try_from((range.end - begin).min(CHUNK_BYTES)).map_err(|_| Fault::Damaged)?;
        chunk.get(start..end).ok_or(Fault::Damaged)
    }
}

/// The chunks that a range touches, by their numbers. It is not empty.
pub fn chunks_of(range: &Range<u64>) -> RangeInclusive<u64> {
    range.start / CHUNK_BYTES..=range.end.saturating_sub(1) / CHUNK_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::iter;

    fn missing<T>(range: Range<u64>) -> Result<T, Fault> {
        Err(Fault::Missing(iter::once(range).collect()))
    }

    #[test]
    fn what_is_missing_of_several_ranges_is_asked_for_at_once() {
        let mut held = Held::new(CHUNK_BYTES * 5 + 10);
        held.insert(CHUNK_BYTES, &vec![0; CHUNK_BYTES as usize]);
        let ranges = [
            CHUNK_BYTES * 5..CHUNK_BYTES * 5 + 1,
            7..7,
            3..CHUNK_BYTES + 1,
            CHUNK_BYTES * 4..CHUNK_BYTES * 4 + 9,
        ];
        let missing = vec![0..CHUNK_BYTES, CHUNK_BYTES * 4..CHUNK_BYTES * 5 + 10];
        assert_eq!(held.require(ranges), Err(Fault::Missing(missing)));
        assert_eq!(held.require(iter::once(CHUNK_BYTES..CHUNK_BYTES * 2)), Ok(()));
        let behind = CHUNK_BYTES * 6..CHUNK_BYTES * 6 + 1;
        assert_eq!(held.require(iter::once(behind)), Err(Fault::Damaged));
    }

    #[test]
    fn what_is_missing_is_asked_for_in_whole_chunks() {
        let bytes: Vec<u8> = (0..CHUNK_BYTES * 3 + 10).map(|at| (at % 251) as u8).collect();
        let mut held = Held::new(bytes.len() as u64);
        let wanted = CHUNK_BYTES - 5..CHUNK_BYTES * 2 + 5;
        assert_eq!(held.read(wanted.clone()), missing(0..CHUNK_BYTES * 3));
        held.insert(CHUNK_BYTES, &bytes[CHUNK_BYTES as usize..CHUNK_BYTES as usize * 2]);
        held.insert(0, &bytes[..CHUNK_BYTES as usize]);
        let second = CHUNK_BYTES * 2..CHUNK_BYTES * 3;
        assert_eq!(held.read(wanted.clone()), missing(second.clone()));
        held.insert(second.start, &bytes[second.start as usize..second.end as usize]);
        assert_eq!(
            held.read(wanted.clone()).as_deref(),
            Ok(&bytes[wanted.start as usize..wanted.end as usize])
        );
        let end = bytes.len() as u64;
        assert_eq!(held.read(end - 1..end), missing(CHUNK_BYTES * 3..end));
        assert_eq!(held.read(end..end + 1), Err(Fault::Damaged));
        assert_eq!(Held::whole(bytes.clone()).read(0..end).as_deref(), Ok(bytes.as_slice()));
    }
}
