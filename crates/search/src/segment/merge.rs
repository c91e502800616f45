//! Makes one segment of several, in steps, without the documents that are gone.

use super::read::{Entries, Postings, Segment};
use super::write::{Posting, Writer};
use super::{Fault, Held};
use crate::document::Key;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ops::Range;

/// A merge on its way. It holds the segments that it reads.
#[derive(Debug)]
pub struct Merge {
    sources: Vec<Source>,
    writer: Writer,
}

/// One of the segments, read in the order of its terms.
#[derive(Debug)]
struct Source {
    held: Held,
    /// The new number of each document; none for those that go.
    numbers: Vec<Option<u32>>,
    blocks: VecDeque<Range<u64>>,
    /// Terms of the current block that were not merged yet.
    terms: VecDeque<(Vec<u8>, Postings)>,
}

impl Merge {
    /// Begins: whole segments from the oldest to the newest, and what stays. Of two documents with one name, the one in
    /// the later segment stays.
    pub fn begin(segments: Vec<Vec<u8>>, stays: &dyn Fn(&Key) -> bool) -> Result<Self, Fault> {
        let bytes = segments.iter().map(Vec::len).sum();
        let mut held: Vec<Held> = segments.into_iter().map(Held::whole).collect();
        let mut latest: HashMap<Key, (usize, u32, i64)> = HashMap::new();
        for (source, held) in held.iter().enumerate() {
            let segment = Segment::open(held)?;
            for number in 0..segment.documents() {
                let (key, at) = segment.document(number)?;
                if stays(&key) {
                    latest.insert(key, (source, number, at));
                }
            }
        }
        let mut order: Vec<(i64, Key, usize, u32)> =
            latest.into_iter().map(|(key, (source, number, at))| (at, key, source, number)).collect();
        order.sort_unstable_by_key(|(at, key, ..)| Reverse((*at, *key)));
        let mut writer = Writer::with_capacity(bytes);
        let mut new_numbers: HashMap<(usize, u32), u32> = HashMap::with_capacity(order.len());
        for (new, (at, key, source, number)) in (0_u32..).zip(order) {
            writer.document(key, at);
            new_numbers.insert((source, number), new);
        }
        let mut sources = Vec::with_capacity(held.len());
        for (at, held) in held.drain(..).enumerate() {
            let segment = Segment::open(&held)?;
            let numbers = (0..segment.documents()).map(|number| new_numbers.get(&(at, number)).copied());
            let (numbers, blocks) = (numbers.collect(), segment.dictionary()?.into());
            sources.push(Source { held, numbers, blocks, terms: VecDeque::new() });
        }
        Ok(Self { sources, writer })
    }

    /// Merges the next terms, at most `terms` of them. True once all are merged.
    pub fn advance(&mut self, terms: usize) -> Result<bool, Fault> {
        for _ in 0..terms {
            for source in &mut self.sources {
                source.fill()?;
            }
            let next =
                self.sources.iter().filter_map(|source| source.terms.front()).map(|(term, _)| term).min();
            let Some(term) = next.cloned() else { return Ok(true) };
            self.merge(&term)?;
        }
        Ok(false)
    }

    fn merge(&mut self, term: &[u8]) -> Result<(), Fault> {
        let mut documents: BTreeMap<u32, (u64, Vec<u8>)> = BTreeMap::new();
        for source in &mut self.sources {
            let Some((_, postings)) = source.terms.pop_front_if(|(other, _)| other == term) else { continue };
            let (held, numbers) = (&source.held, &source.numbers);
            Segment::open(held)?.encoded(&postings, |number, times, positions| {
                if let Some(new) = numbers.get(number as usize).copied().flatten() {
                    documents.insert(new, (times, positions.to_vec()));
                }
            })?;
        }
        let mut posting = Posting::default();
        for (number, (times, positions)) in documents {
            posting.push_encoded(number, times, &positions);
        }
        if !posting.is_empty() {
            self.writer.term(term, &posting);
        }
        Ok(())
    }

    /// The segment, once everything is merged. None: no document stayed.
    pub fn finish(self) -> Option<Vec<u8>> {
        // What was merged goes before the whole is put together.
        let Self { sources, writer } = self;
        drop(sources);
        writer.finish()
    }
}

impl Source {
    fn fill(&mut self) -> Result<(), Fault> {
        while self.terms.is_empty() {
            let Some(range) = self.blocks.pop_front() else { return Ok(()) };
            let block = Segment::open(&self.held)?.block(range)?;
            let mut entries = Entries::new(&block)?;
            while entries.advance()? {
                self.terms.push_back((entries.term.clone(), entries.postings));
            }
        }
        Ok(())
    }
}
