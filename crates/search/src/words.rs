//! A text cut into the words that it is found by.
//!
//! A word is a run of letters and digits. French and Italian elisions lose the part before the apostrophe: `l'école` is
//! found as `école`, `dell'arte` as `arte`. Scripts without spaces are cut into single characters, so that a run of them
//! is found as a phrase.

use crate::fold::{fold_into, is_mark};
use crate::limits::WORD_CHARS_MAX;
use std::iter::Peekable;
use std::ops::Range;
use std::str::CharIndices;

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// How it is compared: without case and accents.
    pub term: String,
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
}

/// What stands before an apostrophe and is no word of its own, in French and Italian.
const ELIDED: [&str; 31] = [
    "c", "d", "j", "l", "m", "n", "s", "t", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "un", "all", "coll",
    "dall", "dell", "nell", "sull", "quell", "quest", "bell", "sant", "gl", "degl", "agl", "dagl", "negl",
    "sugl", "pell",
];

/// The words of a text, in order.
pub fn words(text: &str) -> Words<'_> {
    Words { letters: text.char_indices().peekable(), end: text.len() }
}

/// Iterator of [`words`].
#[derive(Debug)]
pub struct Words<'t> {
    letters: Peekable<CharIndices<'t>>,
    end: usize,
}

impl Words<'_> {
    /// The next run of letters, elided or not.
    fn run(&mut self) -> Option<Word> {
        let (start, first) = self.letters.find(|(_, letter)| is_of_word(*letter))?;
        let mut word = Word { term: String::new(), range: start..start };
        let mut chars = grow(&mut word.term, 0, first);
        while let Some((_, letter)) = self.letters.peek().copied() {
            let is_over =
                !(is_of_word(letter) || is_mark(letter)) || stands_alone(first) || stands_alone(letter);
            if is_over && !is_mark(letter) {
                break;
            }
            self.letters.next();
            if chars < WORD_CHARS_MAX {
                chars = grow(&mut word.term, chars, letter);
            }
        }
        word.range.end = self.letters.peek().map_or(self.end, |(at, _)| *at);
        Some(word)
    }

    /// An apostrophe follows, and a letter behind it.
    fn is_elided(&mut self, word: &Word) -> bool {
        let mut ahead = self.letters.clone();
        let apostrophe = ahead.next().is_some_and(|(_, letter)| matches!(letter, '\'' | '’' | 'ʼ'));
        apostrophe
            && ELIDED.contains(&word.term.as_str())
            && ahead.next().is_some_and(|(_, letter)| letter.is_alphabetic())
    }
}

impl Iterator for Words<'_> {
    type Item = Word;

    fn next(&mut self) -> Option<Word> {
        loop {
            let word = self.run()?;
            if !word.term.is_empty() && !self.is_elided(&word) {
                return Some(word);
            }
        }
    }
}

/// Adds a letter to a term of so many characters, which one letter may be several of; gives how many there are then, at
/// most those of the longest word. So a word is cut where its other spelling is.
fn grow(term: &mut String, chars: usize, letter: char) -> usize {
    let length = term.len();
    fold_into(letter, term);
    let added = term.get(length..).map_or(0, |added| added.chars().count());
    (WORD_CHARS_MAX..chars + added).for_each(|_| _ = term.pop());
    (chars + added).min(WORD_CHARS_MAX)
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric()
}

/// Characters of scripts that put no spaces between words: kana, Han, Thai, Lao, Khmer, Burmese.
fn stands_alone(letter: char) -> bool {
    matches!(letter,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = words(text).map(|word| word.term).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        check("Hello, World! 2026-11-22", &["hello", "world", "2026", "11", "22"]);
        check("ana@example.org", &["ana", "example", "org"]);
        check("don't", &["don", "t"]);
        check("", &[]);
        check("… — !", &[]);
    }

    #[test]
    fn elisions_leave_the_word_that_is_meant() {
        check("L’école d'Alice, jusqu'ici", &["ecole", "alice", "ici"]);
        check("dell'arte, un'amica, quell’uomo", &["arte", "amica", "uomo"]);
        check("aujourd'hui", &["aujourd", "hui"]);
        check("l' d", &["l", "d"]);
        check("rock 'n' roll", &["rock", "n", "roll"]);
    }

    #[test]
    fn accents_written_apart_belong_to_their_word() {
        check("e\u{301}te\u{301} a\u{300}", &["ete", "a"]);
    }

    #[test]
    fn scripts_without_spaces_are_cut_into_characters() {
        check("日本語 text", &["日", "本", "語", "text"]);
    }

    #[test]
    fn a_long_word_is_cut_the_same_everywhere() {
        let long = "x".repeat(500);
        check(&long, &[&"x".repeat(WORD_CHARS_MAX)]);
        let other = format!("{}æ", "x".repeat(WORD_CHARS_MAX - 1));
        check(&other, &[&format!("{}a", "x".repeat(WORD_CHARS_MAX - 1))]);
    }

    proptest! {
        #[test]
        fn every_word_stands_where_it_says(text in "\\PC{0,60}") {
            let mut end = 0;
            for word in words(&text) {
                prop_assert!(word.range.start >= end && word.range.start < word.range.end);
                prop_assert!(text.get(word.range.clone()).is_some());
                prop_assert!(!word.term.is_empty());
                end = word.range.end;
            }
        }

        #[test]
        fn folding_twice_changes_nothing(text in "[a-zA-Zà-üÀ-Ü ]{0,40}") {
            let once: Vec<String> = words(&text).map(|word| word.term).collect();
            let again: Vec<String> = words(&once.join(" ")).map(|word| word.term).collect();
            prop_assert_eq!(once, again);
        }
    }
}
