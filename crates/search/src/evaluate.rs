//! What a segment has to say to a question.

use crate::document::Field;
use crate::limits::EXPANSIONS_MAX;
use crate::query::{Leaf, Leaves, Query, bit};
use crate::segment::{Fault, Postings, Segment};

/// A document that may be an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// Its number in the segment: the newest is 0.
    pub number: u32,
    /// The leaves that it has, as bits.
    pub leaves: u32,
}

/// The documents of a segment that the question holds for, or may hold for once the facts are known; the newest first.
/// What is missing is asked for by [`Fault::Missing`]; nothing is kept of an attempt.
///
/// The rarest leaf is looked up first, and what can no longer be an answer is not looked up further: a word that most
/// messages have costs nothing in a segment where the other one is not.
pub fn matches(segment: &Segment<'_>, query: &Query) -> Result<Vec<Hit>, Fault> {
    let terms: Vec<Vec<u8>> = query.leaves.iter().flat_map(terms).collect();
    segment.require_terms(terms.iter().map(Vec::as_slice))?;
    let mut known = 0;
    let mut rest = Vec::with_capacity(query.leaves.len());
    for (number, leaf) in query.leaves.iter().enumerate() {
        match frequency(segment, leaf)? {
            0 => known |= bit(number),
            count => rest.push((count, number, leaf)),
        }
        if !query.may_hold(Leaves { found: 0, known }) {
            return Ok(Vec::new());
        }
    }
    rest.sort_by_key(|(count, number, _)| (*count, *number));
    let mut found = vec![0_u32; segment.documents() as usize];
    for (_, number, leaf) in rest {
        for document in documents(segment, leaf)? {
            if let Some(bits) = found.get_mut(document as usize) {
                *bits |= bit(number);
            }
        }
        known |= bit(number);
        if !found.iter().any(|bits| query.may_hold(Leaves { found: *bits, known })) {
            return Ok(Vec::new());
        }
    }
    let hits = (0_u32..).zip(found).map(|(number, leaves)| Hit { number, leaves });
    Ok(hits.filter(|hit| query.verdict(hit.leaves, &|_| None) != Some(false)).collect())
}

/// Every term that a leaf may be found by; of a beginning, where its words begin.
fn terms(leaf: &Leaf) -> Vec<Vec<u8>> {
    let (fields, words, alternatives) = match leaf {
        Leaf::Trait(known) => return vec![crate::segment::term(Field::Traits, known.term())],
        Leaf::Words { fields, words, alternatives, .. } => (fields, words, alternatives),
    };
    let mut terms = Vec::new();
    for field in fields {
        terms.extend(words.iter().map(|word| crate::segment::term(*field, word)));
        if matches!(field, Field::From | Field::To) {
            terms.extend(alternatives.iter().flatten().map(|word| crate::segment::term(*field, word)));
        }
    }
    terms
}

/// How many documents have a leaf, at most; 0 when none has. Only the dictionary is read.
fn frequency(segment: &Segment<'_>, leaf: &Leaf) -> Result<u64, Fault> {
    let (fields, words, is_prefix, alternatives) = match leaf {
        Leaf::Trait(known) => return rarest(segment, Field::Traits, &[known.term().to_owned()], false),
        Leaf::Words { fields, words, is_prefix, alternatives } => (fields, words, *is_prefix, alternatives),
    };
    let mut sum = 0_u64;
    for field in fields {
        sum += rarest(segment, *field, words, is_prefix)?;
        if matches!(field, Field::From | Field::To) {
            for other in alternatives {
                sum += rarest(segment, *field, other, false)?;
            }
        }
    }
    Ok(sum)
}

/// How many documents have the rarest of some words, each somewhere in a field.
fn rarest(segment: &Segment<'_>, field: Field, words: &[String], is_prefix: bool) -> Result<u64, Fault> {
    let mut least = None;
    for (at, word) in words.iter().enumerate() {
        let is_beginning = is_prefix && at + 1 == words.len();
        let found = postings(segment, field, word, is_beginning)?;
        let count = found.iter().map(|postings| u64::from(postings.count)).sum();
        if count == 0 {
            return Ok(0);
        }
        least = Some(least.map_or(count, |least: u64| least.min(count)));
    }
    Ok(least.unwrap_or(0))
}

/// The documents of one kind that have all of some words in a field; the last is a prefix or not.
pub(crate) fn documents(segment: &Segment<'_>, leaf: &Leaf) -> Result<Vec<u32>, Fault> {
    let (fields, words, is_prefix, alternatives) = match leaf {
        Leaf::Trait(known) => return phrase(segment, Field::Traits, &[known.term().to_owned()], false),
        Leaf::Words { fields, words, is_prefix, alternatives } => (fields, words, *is_prefix, alternatives),
    };
    let mut found = Vec::new();
    for field in fields {
        found.extend(phrase(segment, *field, words, is_prefix)?);
        if matches!(field, Field::From | Field::To) {
            for other in alternatives {
                found.extend(phrase(segment, *field, other, false)?);
            }
        }
    }
    Ok(found)
}

/// Words next to each other in a field.
fn phrase(segment: &Segment<'_>, field: Field, words: &[String], is_prefix: bool) -> Result<Vec<u32>, Fault> {
    let mut found: Vec<Vec<Postings>> = Vec::with_capacity(words.len());
    for (at, word) in words.iter().enumerate() {
        found.push(postings(segment, field, word, is_prefix && at + 1 == words.len())?);
        if found.last().is_some_and(Vec::is_empty) {
            return Ok(Vec::new());
        }
    }
    let among = documents_of_all(segment, &found)?;
    let [first, rest @ ..] = found.as_slice() else { return Ok(among) };
    if rest.is_empty() || among.is_empty() {
        return Ok(among);
    }
    segment.require_positions(found.iter().flatten())?;
    let mut places = occurrences(segment, first, &among)?;
    for next in rest {
        places = followed(&places, &occurrences(segment, next, &among)?);
    }
    let mut numbers: Vec<u32> = places.into_iter().map(|(number, _)| number).collect();
    numbers.dedup();
    Ok(numbers)
}

/// The documents that have every one of some words, in order: the rarest word first.
fn documents_of_all(segment: &Segment<'_>, words: &[Vec<Postings>]) -> Result<Vec<u32>, Fault> {
    segment.require_documents(words.iter().flatten())?;
    let count = |word: &&Vec<Postings>| word.iter().map(|postings| u64::from(postings.count)).sum::<u64>();
    let mut rarest_first: Vec<&Vec<Postings>> = words.iter().collect();
    rarest_first.sort_by_key(count);
    let mut among: Option<Vec<u32>> = None;
    for word in rarest_first {
        let numbers = documents_of_any(segment, word)?;
        let both = match among {
            None => numbers,
            Some(before) => in_both(&before, &numbers),
        };
        if both.is_empty() {
            return Ok(both);
        }
        among = Some(both);
    }
    Ok(among.unwrap_or_default())
}

/// The documents of some postings, in order, each once.
fn documents_of_any(segment: &Segment<'_>, postings: &[Postings]) -> Result<Vec<u32>, Fault> {
    let mut numbers = Vec::new();
    for one in postings {
        numbers.extend(segment.numbers(one)?);
    }
    if postings.len() > 1 {
        numbers.sort_unstable();
        numbers.dedup();
    }
    Ok(numbers)
}

/// What is in both of two lists: all three in order.
fn in_both(few: &[u32], many: &[u32]) -> Vec<u32> {
    let mut others = many.iter().copied().peekable();
    let mut both = Vec::with_capacity(few.len().min(many.len()));
    for number in few {
        while others.next_if(|other| other < number).is_some() {}
        match others.peek() {
            None => break,
            Some(other) if other == number => both.push(*number),
            Some(_) => {}
        }
    }
    both
}

/// The places right behind one of these: both in order.
fn followed(places: &[(u32, u32)], next: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let mut candidates = next.iter().copied().peekable();
    let mut found = Vec::new();
    for (number, position) in places {
        let wanted = (*number, position.saturating_add(1));
        while candidates.next_if(|candidate| *candidate < wanted).is_some() {}
        if candidates.peek() == Some(&wanted) {
            found.push(wanted);
        }
    }
    found
}

/// Where a word stands in some documents, in order.
fn occurrences(segment: &Segment<'_>, word: &[Postings], among: &[u32]) -> Result<Vec<(u32, u32)>, Fault> {
    let mut places = Vec::new();
    for postings in word {
        places.extend(segment.occurrences(postings, among)?);
    }
    if word.len() > 1 {
        places.sort_unstable();
    }
    Ok(places)
}

fn postings(
    segment: &Segment<'_>,
    field: Field,
    word: &str,
    is_prefix: bool,
) -> Result<Vec<Postings>, Fault> {
    let term = crate::segment::term(field, word);
    if is_prefix {
        segment.find_prefix(&term, EXPANSIONS_MAX)
    } else {
        Ok(segment.find(&term)?.into_iter().collect())
    }
}
