//! Any question, and any text that it is asked of.
#![no_main]

use caliopen_search::{excerpt, marked, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str, bool)| {
    let (question, text, is_typing) = input;
    let query = parse(question, 60, is_typing);
    for problem in &query.problems {
        assert!(question.get(problem.range.clone()).is_some(), "{question:?}");
    }
    for mark in marked(&query, text) {
        assert!(text.get(mark).is_some(), "{question:?} in {text:?}");
    }
    assert_eq!(excerpt(&query, text).len() % 2, 1);
});
