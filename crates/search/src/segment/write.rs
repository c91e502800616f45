//! Writes segments: from documents, or term by term.

use super::numbers::push;
use super::{BLOCK_BYTES, FOOTER_BYTES, VERSION};
use crate::document::{Document, Field, Key};
use crate::limits::FIELD_WORDS_MAX;
use crate::words::words;
use std::collections::BTreeMap;

/// A gap between the positions of two texts of one field, so that no phrase goes from one to the next.
const TEXT_GAP: u32 = 100;

/// Makes a segment of documents. None of no documents. Of two with one name the later one counts.
pub fn build(documents: Vec<Document>) -> Option<Vec<u8>> {
    let mut named: BTreeMap<Key, Document> = BTreeMap::new();
    named.extend(documents.into_iter().map(|document| (document.key, document)));
    let mut documents: Vec<Document> = named.into_values().collect();
    documents.sort_by_key(|document| std::cmp::Reverse((document.at_unix_ms, document.key)));
    let mut terms: BTreeMap<Vec<u8>, Posting> = BTreeMap::new();
    let mut writer = Writer::default();
    for (number, document) in (0_u32..).zip(&documents) {
        writer.document(document.key, document.at_unix_ms);
        for (term, positions) in terms_of(document) {
            terms.entry(term).or_default().push(number, &positions);
        }
    }
    terms.iter().for_each(|(term, posting)| writer.term(term, posting));
    writer.finish()
}

/// Every term of a document, with its positions in the field.
fn terms_of(document: &Document) -> BTreeMap<Vec<u8>, Vec<u32>> {
    let mut terms: BTreeMap<Vec<u8>, Vec<u32>> = BTreeMap::new();
    let mut next: BTreeMap<Field, (u32, usize)> = BTreeMap::new();
    for (field, text) in &document.texts {
        let (position, count) = next.entry(*field).or_default();
        for word in words(text).take(FIELD_WORDS_MAX.saturating_sub(*count)) {
            terms.entry(term(*field, &word.term)).or_default().push(*position);
            *position += 1;
            *count += 1;
        }
        *position += TEXT_GAP;
    }
    for known in &document.traits {
        terms.insert(term(Field::Traits, known.term()), vec![0]);
    }
    terms
}

/// A word as the dictionary has it.
pub(crate) fn term(field: Field, word: &str) -> Vec<u8> {
    let mut term = Vec::with_capacity(1 + word.len());
    term.push(field.byte());
    term.extend_from_slice(word.as_bytes());
    term
}

/// Where a term stands, as it is written.
#[derive(Debug, Default)]
pub(super) struct Posting {
    documents: Vec<u8>,
    positions: Vec<u8>,
    count: u32,
    next: u32,
}

impl Posting {
    /// Adds a document, greater than all before, with its positions in order.
    pub(super) fn push(&mut self, number: u32, positions: &[u32]) {
        let mut deltas = Vec::with_capacity(positions.len());
        let mut before = 0;
        for position in positions {
            push(&mut deltas, u64::from(position.saturating_sub(before)));
            before = *position;
        }
        self.push_encoded(number, positions.len() as u64, &deltas);
    }

    /// Adds a document whose positions are written already.
    pub(super) fn push_encoded(&mut self, number: u32, times: u64, positions: &[u8]) {
        let distance = u64::from(number.saturating_sub(self.next));
        push(&mut self.documents, distance << 1 | u64::from(times == 1));
        if times != 1 {
            push(&mut self.documents, times);
        }
        self.positions.extend_from_slice(positions);
        self.count += 1;
        self.next = number.saturating_add(1);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// A segment on its way.
#[derive(Debug, Default)]
pub(super) struct Writer {
    postings: Vec<u8>,
    dictionary: Vec<u8>,
    blocks: Vec<u8>,
    documents: Vec<u8>,
    count: u32,
    newest: i64,
    oldest: i64,
    block: Vec<u8>,
    first: Vec<u8>,
    last: Vec<u8>,
}

impl Writer {
    /// One whose postings have so many bytes at most: they are not moved while they grow.
    pub(super) fn with_capacity(postings: usize) -> Self {
        Self { postings: Vec::with_capacity(postings), ..Self::default() }
    }

    /// Adds the next document: they come from the newest.
    pub(super) fn document(&mut self, key: Key, at_unix_ms: i64) {
        if self.count == 0 {
            self.newest = at_unix_ms;
        }
        self.oldest = at_unix_ms;
        self.count += 1;
        self.documents.push(key.kind.byte());
        self.documents.extend_from_slice(&key.id);
        self.documents.extend_from_slice(&at_unix_ms.to_be_bytes());
    }

    /// Adds the next term: they come in order.
    pub(super) fn term(&mut self, term: &[u8], posting: &Posting) {
        if self.block.is_empty() {
            self.first = term.to_vec();
            self.last.clear();
            push(&mut self.block, self.postings.len() as u64);
        }
        let shared = self.last.iter().zip(term).take_while(|(one, other)| one == other).count();
        let suffix = term.get(shared..).unwrap_or_default();
        for number in [shared, suffix.len()] {
            push(&mut self.block, number as u64);
        }
        self.block.extend_from_slice(suffix);
        push(&mut self.block, u64::from(posting.count));
        push(&mut self.block, posting.documents.len() as u64);
        push(&mut self.block, posting.positions.len() as u64);
        self.postings.extend_from_slice(&posting.documents);
        self.postings.extend_from_slice(&posting.positions);
        self.last = term.to_vec();
        if self.block.len() >= BLOCK_BYTES {
            self.end_block();
        }
    }

    fn end_block(&mut self) {
        if self.block.is_empty() {
            return;
        }
        push(&mut self.blocks, self.first.len() as u64);
        self.blocks.extend_from_slice(&self.first);
        push(&mut self.blocks, self.dictionary.len() as u64);
        push(&mut self.blocks, self.block.len() as u64);
        self.dictionary.append(&mut self.block);
    }

    /// The whole segment; none without documents.
    pub(super) fn finish(mut self) -> Option<Vec<u8>> {
        if self.count == 0 {
            return None;
        }
        self.end_block();
        let Self { postings: mut out, dictionary, documents, blocks, count, newest, oldest, .. } = self;
        let rest = dictionary.len() + documents.len() + blocks.len() + FOOTER_BYTES as usize;
        out.reserve_exact(rest);
        let mut starts = Vec::with_capacity(4);
        for part in [dictionary, documents, blocks] {
            starts.push(out.len() as u64);
            out.extend_from_slice(&part);
        }
        starts.push(out.len() as u64);
        out.push(VERSION);
        out.extend_from_slice(&count.to_be_bytes());
        out.extend_from_slice(&newest.to_be_bytes());
        out.extend_from_slice(&oldest.to_be_bytes());
        starts.iter().for_each(|start| out.extend_from_slice(&start.to_be_bytes()));
        Some(out)
    }
}
