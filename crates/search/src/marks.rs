//! Where the words of a question stand in a text that is shown.

use crate::limits::EXCERPT_CHARS_MAX;
use crate::query::{Leaf, Query};
use crate::words::{Word, words};
use std::ops::Range;

/// Characters of an excerpt before its first mark.
const BEFORE_CHARS: usize = 40;

/// The parts of a text that the question asks for, in order, in bytes. What it excludes is not marked.
pub fn marked(query: &Query, text: &str) -> Vec<Range<usize>> {
    let found: Vec<Word> = words(text).collect();
    let mut marks: Vec<Range<usize>> = Vec::new();
    for start in 0..found.len() {
        let rest = found.get(start..).unwrap_or_default();
        let length = query.wanted_leaves().iter().filter_map(|leaf| length_of(leaf, rest)).max();
        let last = length.and_then(|length| rest.get(length - 1));
        let (Some(first), Some(last)) = (rest.first(), last) else { continue };
        match marks.last_mut() {
            Some(before) if before.end > first.range.start => before.end = before.end.max(last.range.end),
            _ => marks.push(first.range.start..last.range.end),
        }
    }
    marks
}

/// How many words of the beginning of a text are the leaf's.
fn length_of(leaf: &Leaf, text: &[Word]) -> Option<usize> {
    let Leaf::Words { words, is_prefix, alternatives, .. } = leaf else { return None };
    let begins = |words: &[String], is_prefix: bool| {
        let there = text.get(..words.len())?;
        let (last, before) = words.split_last()?;
        let last_there = there.last()?;
        let ends = last_there.term == *last || (is_prefix && last_there.term.starts_with(last.as_str()));
        let begins = before.iter().zip(there).all(|(word, found)| *word == found.term);
        (begins && ends).then_some(words.len())
    };
    let others = alternatives.iter().filter_map(|other| begins(other, false));
    begins(words, *is_prefix).into_iter().chain(others).max()
}

/// A piece of a text around its first mark, on one line: not marked and marked parts by turns, beginning with one that
/// is not. Without a mark it is the beginning of the text.
pub fn excerpt(query: &Query, text: &str) -> Vec<String> {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let marks = marked(query, &line);
    let start = marks.first().map_or(0, |first| back(&line, first.start, BEFORE_CHARS));
    let end = forth(&line, start, EXCERPT_CHARS_MAX);
    let mut parts = Vec::new();
    let mut at = start;
    for mark in marks.iter().filter(|mark| mark.end <= end) {
        parts.push(line.get(at..mark.start).unwrap_or_default().to_owned());
        parts.push(line.get(mark.clone()).unwrap_or_default().to_owned());
        at = mark.end;
    }
    parts.push(line.get(at..end).unwrap_or_default().to_owned());
    if let (true, Some(first)) = (start > 0, parts.first_mut()) {
        first.insert(0, '…');
    }
    if let (true, Some(last)) = (end < line.len(), parts.last_mut()) {
        last.push('…');
    }
    parts
}

/// Some characters back, to the beginning of a word.
fn back(line: &str, from: usize, chars: usize) -> usize {
    let before = line.get(..from).unwrap_or_default();
    let Some((start, _)) = before.char_indices().rev().nth(chars) else { return 0 };
    let rest = before.get(start..).unwrap_or_default();
    rest.find(' ').map_or(start, |space| start + space + 1)
}

/// Some characters forth, to the end of a word where there is one.
fn forth(line: &str, from: usize, chars: usize) -> usize {
    let rest = line.get(from..).unwrap_or_default();
    let Some((end, _)) = rest.char_indices().nth(chars) else { return line.len() };
    let piece = rest.get(..end).unwrap_or_default();
    from + piece.rfind(' ').filter(|space| *space > end / 2).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;
    use proptest::prelude::*;

    fn check(question: &str, text: &str, expected: &[&str]) {
        let query = parse(question, 0, true);
        let found: Vec<&str> = marked(&query, text).into_iter().filter_map(|range| text.get(range)).collect();
        assert_eq!(found, expected, "{question} in {text}");
    }

    #[test]
    fn words_are_marked_as_they_stand() {
        check("ecole ", "L'École et l'école, écoles", &["École", "école"]);
        check("ecol", "L'École et les écoles", &["École", "écoles"]);
        check("\"annual report\"", "An annual report; a report.", &["annual report"]);
        check("report -annual ", "annual report", &["report"]);
        check("from:ana lunch ", "Ana has lunch", &["Ana", "lunch"]);
        check("日本", "これは日本語です", &["日本"]);
        check("is:sent has:attachment", "sent attachment", &[]);
    }

    #[test]
    fn an_excerpt_is_a_piece_around_the_first_mark() {
        let query = parse("needle", 0, false);
        assert_eq!(excerpt(&query, "a needle\n in  it"), ["a ", "needle", " in it"]);
        assert_eq!(excerpt(&query, "nothing here"), ["nothing here"]);
        assert_eq!(excerpt(&query, ""), [""]);
        let long = format!("{} needle {}", "hay ".repeat(50), "straw ".repeat(50));
        let parts = excerpt(&query, &long);
        assert_eq!(parts[1], "needle");
        assert!(parts[0].starts_with("…hay") && parts[2].ends_with("straw…"), "{parts:?}");
        assert!(parts.concat().chars().count() <= EXCERPT_CHARS_MAX + 2);
    }

    proptest! {
        #[test]
        fn an_excerpt_is_a_piece_of_any_text(text in "\\PC{0,300}", question in "[a-zé\" ]{0,12}") {
            let query = parse(&question, 0, true);
            let parts = excerpt(&query, &text);
            prop_assert_eq!(parts.len() % 2, 1);
            let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let shown = parts.concat();
            let shown = shown.strip_prefix('…').filter(|rest| !line.starts_with('…') || line.contains(*rest)).unwrap_or(&shown);
            let shown = shown.strip_suffix('…').unwrap_or(shown);
            prop_assert!(line.contains(shown), "{:?} in {:?}", shown, line);
        }
    }
}
