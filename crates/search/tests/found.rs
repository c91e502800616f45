//! What an index finds is what reading everything would find, whatever was merged, and however it was fetched.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where its world is not as it should be"
)]

use caliopen_search::limits::{CHUNK_BYTES, PREFIX_CHARS_MIN};
use caliopen_search::{
    Document, Fault, Field, Held, Key, Kind, Merge, Segment, Trait, build, matches, parse, words,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

const WORDS: [&str; 14] = [
    "lunch",
    "lunches",
    "Lunar",
    "budget",
    "École",
    "ecole",
    "rapport",
    "annuel",
    "l'été",
    "日本語",
    "ana",
    "example",
    "org",
    "x1",
];

fn key(number: u8) -> Key {
    Key { kind: Kind::Message, id: [number; 16] }
}

fn document(number: u8, at: i64, texts: &[(Field, &str)], is_sent: bool) -> Document {
    let texts = texts.iter().map(|(field, text)| (*field, (*text).to_owned())).collect();
    let traits = vec![if is_sent { Trait::Sent } else { Trait::Received }];
    Document { key: key(number), at_unix_ms: at, texts, traits }
}

/// What a question finds in a segment that is fetched chunk by chunk: ids from the newest, and how much was read.
fn find(bytes: &[u8], question: &str) -> (Vec<u8>, u64) {
    let query = parse(question, 0, false);
    let mut held = Held::new(bytes.len() as u64);
    let mut read = 0;
    loop {
        let found = Segment::open(&held).and_then(|segment| {
            let hits = matches(&segment, &query)?;
            let found = segment.documents_of(hits.iter().map(|hit| (hit.number, ())))?;
            Ok(found.iter().map(|(key, ..)| key.id[0]).collect::<Vec<u8>>())
        });
        match found {
            Ok(ids) => return (ids, read),
            Err(Fault::Damaged) => panic!("damaged: {question}"),
            Err(Fault::Missing(ranges)) => {
                for range in ranges {
                    assert_eq!(range.start % CHUNK_BYTES, 0);
                    read += range.end - range.start;
                    held.insert(range.start, &bytes[range.start as usize..range.end as usize]);
                }
            }
        }
    }
}

fn merge(segments: Vec<Vec<u8>>, stays: &dyn Fn(&Key) -> bool) -> Option<Vec<u8>> {
    let mut merge = Merge::begin(segments, stays).unwrap();
    while !merge.advance(3).unwrap() {}
    merge.finish()
}

fn check(documents: Vec<Document>, question: &str, expected: &[u8]) {
    let bytes = build(documents).unwrap();
    assert_eq!(find(&bytes, question).0, expected, "{question}");
}

#[test]
fn the_newest_comes_first() {
    let at = |number, at| document(number, at, &[(Field::Body, "lunch")], false);
    check(vec![at(1, 10), at(2, 30), at(3, 20)], "lunch", &[2, 3, 1]);
    check(vec![at(1, 10), at(2, 30), at(3, 20)], "dinner", &[]);
    check(vec![at(1, 10), at(2, 30), at(3, 20)], "", &[2, 3, 1]);
}

#[test]
fn fields_phrases_and_prefixes_are_told_apart() {
    let documents = || {
        vec![
            document(
                1,
                1,
                &[(Field::Subject, "Annual report"), (Field::From, "Ana <ana@example.org>")],
                false,
            ),
            document(
                2,
                2,
                &[(Field::Body, "report of the annual meeting"), (Field::To, "ana@example.org")],
                true,
            ),
            document(3, 3, &[(Field::File, "reports.pdf"), (Field::Body, "Rapport sur l'École")], false),
        ]
    };
    for (question, expected) in [
        ("report", &[2, 1][..]),
        ("report*", &[3, 2, 1]),
        ("\"annual report\"", &[1]),
        ("annual report", &[2, 1]),
        ("from:ana@example.org", &[1]),
        ("to:ana", &[2]),
        ("subject:report", &[1]),
        ("ecole OR annual", &[3, 2, 1]),
        ("report* -annual", &[3]),
        ("is:sent", &[2]),
        ("is:received rapport", &[3]),
        ("is:unread report", &[2, 1]),
        ("-report", &[3]),
    ] {
        check(documents(), question, expected);
    }
}

#[test]
fn a_phrase_does_not_go_from_one_text_to_the_next() {
    let texts = [(Field::Body, "the annual"), (Field::Body, "report")];
    check(vec![document(1, 1, &texts, false)], "\"annual report\"", &[]);
    check(vec![document(1, 1, &texts, false)], "annual report", &[1]);
}

#[test]
fn a_later_segment_replaces_and_what_is_gone_is_gone() {
    let one = |number, at, text| build(vec![document(number, at, &[(Field::Body, text)], false)]).unwrap();
    let merged = merge(vec![one(1, 1, "old"), one(2, 2, "other"), one(1, 3, "new")], &|_| true).unwrap();
    assert_eq!(find(&merged, "old").0, [0; 0]);
    assert_eq!(find(&merged, "").0, [1, 2]);
    let merged = merge(vec![merged], &|other| *other != key(2)).unwrap();
    assert_eq!(find(&merged, "new OR other").0, [1]);
    assert!(!merged.windows(5).any(|bytes| bytes == b"other"), "the word itself is gone");
    assert_eq!(merge(vec![merged], &|_| false), None);
}

#[test]
fn a_question_reads_little_of_a_large_segment() {
    let text = |number: u32| {
        (0..200).map(|at| format!("w{} ", (number * 7919 + at * 104_729) % 50_021)).collect::<String>()
            + "common"
    };
    let documents = (0..4_000_u32).map(|number| Document {
        key: Key { kind: Kind::Message, id: u128::from(number).to_be_bytes() },
        at_unix_ms: i64::from(number),
        texts: vec![(Field::Body, text(number))],
        traits: Vec::new(),
    });
    let bytes = build(documents.collect()).unwrap();
    let (found, read) = find(&bytes, "w17 w104746");
    assert!(found.len() <= 1_000 && read <= 6 * CHUNK_BYTES, "{} of {} bytes", read, bytes.len());
    assert!(bytes.len() as u64 > 20 * CHUNK_BYTES, "{}", bytes.len());
}

/// Whether reading a document says that it is an answer.
type Holds<'a> = Box<dyn Fn(&Document) -> bool + 'a>;

fn any_document() -> impl Strategy<Value = Document> {
    let text =
        prop::collection::vec(prop::sample::select(&WORDS[..]), 0..8).prop_map(|words| words.join(" "));
    let field = prop::sample::select(&[Field::Subject, Field::Body, Field::From, Field::To][..]);
    let texts = prop::collection::vec((field, text), 0..4);
    (0_u8..20, 0_i64..50, texts, any::<bool>()).prop_map(|(number, at, texts, is_sent)| Document {
        key: key(number),
        at_unix_ms: at,
        texts,
        traits: vec![if is_sent { Trait::Sent } else { Trait::Received }],
    })
}

/// Whether reading the document itself finds a phrase.
fn reads(document: &Document, field: Option<Field>, phrase: &str, is_prefix: bool) -> bool {
    let wanted: Vec<String> = words(phrase).map(|word| word.term).collect();
    document.texts.iter().filter(|(other, _)| field.is_none_or(|field| field == *other)).any(|(_, text)| {
        let there: Vec<String> = words(text).map(|word| word.term).collect();
        there.windows(wanted.len()).any(|run| {
            let (last, before) = run.split_last().unwrap();
            let (last_wanted, before_wanted) = wanted.split_last().unwrap();
            before == before_wanted
                && (last == last_wanted || (is_prefix && last.starts_with(last_wanted.as_str())))
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn an_index_finds_what_reading_finds(
        batches in prop::collection::vec(prop::collection::vec(any_document(), 1..6), 1..6),
        one in prop::sample::select(&WORDS[..]), other in prop::sample::select(&WORDS[..]), gone in 0_u8..20,
        merges: bool,
    ) {
        let mut latest: BTreeMap<u8, Document> = BTreeMap::new();
        for document in batches.iter().flatten() {
            latest.insert(document.key.id[0], document.clone());
        }
        latest.remove(&gone);
        let mut segments: Vec<Vec<u8>> = batches.into_iter().filter_map(build).collect();
        if merges {
            let half = segments.split_off(segments.len() / 2);
            segments = merge(segments, &|_| true).into_iter().chain(merge(half, &|_| true)).collect();
        }
        let whole = merge(segments, &|known| *known != key(gone));
        let stem: String = one.chars().take(3).collect();
        let stem_is_prefix = words(&stem).last().is_some_and(|word| word.term.chars().count() >= PREFIX_CHARS_MIN);
        let phrase = format!("{one} {other}");
        let questions: Vec<(String, Holds<'_>)> = vec![
            (one.to_owned(), Box::new(|document| reads(document, None, one, false))),
            (format!("subject:{one}"), Box::new(|document| reads(document, Some(Field::Subject), one, false))),
            (format!("\"{phrase}\""), Box::new(|document| reads(document, None, &phrase, false))),
            (format!("{one} {other}"), Box::new(|document| {
                reads(document, None, one, false) && reads(document, None, other, false)
            })),
            (format!("{one} OR from:{other}"), Box::new(|document| {
                reads(document, None, one, false) || reads(document, Some(Field::From), other, false)
            })),
            (format!("is:sent -{one}"), Box::new(|document| {
                document.traits.contains(&Trait::Sent) && !reads(document, None, one, false)
            })),
            (format!("{stem}*"), Box::new(|document| reads(document, None, &stem, stem_is_prefix))),
        ];
        for (question, holds) in questions {
            let mut expected: Vec<&Document> = latest.values().filter(|document| holds(document)).collect();
            expected.sort_by_key(|document| std::cmp::Reverse((document.at_unix_ms, document.key)));
            let expected: Vec<u8> = expected.iter().map(|document| document.key.id[0]).collect();
            let found = whole.as_ref().map(|bytes| find(bytes, &question).0).unwrap_or_default();
            prop_assert_eq!(found, expected, "{}", question);
        }
    }

    #[test]
    fn any_bytes_are_an_index_or_are_refused(mut bytes in prop::collection::vec(any::<u8>(), 0..400), flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4)) {
        let mut real = build(vec![document(1, 1, &[(Field::Body, "lunch and budget")], true)]).unwrap();
        for (place, byte) in flips {
            let at = place.index(real.len());
            real[at] ^= byte;
        }
        for bytes in [std::mem::take(&mut bytes), real] {
            let held = Held::whole(bytes.clone());
            if let Ok(segment) = Segment::open(&held) {
                let _refused = matches(&segment, &parse("\"lunch and\" bud* OR is:sent", 0, false));
            }
            if let Ok(mut merge) = Merge::begin(vec![bytes], &|_| true) {
                while matches!(merge.advance(10), Ok(false)) {}
            }
        }
    }
}
