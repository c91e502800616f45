//! Reads what a person typed. Never fails: what is not understood is named, and the rest is searched.
//!
//! Words are all wanted; `OR` between two asks for one of them; `-` before one excludes it; quotes keep words together;
//! `*` ends the beginning of a word. `name:value` is an operator when its name is one of ours.

use crate::dates;
use crate::document::{Field, Trait};
use crate::limits::{LEAVES_MAX, PHRASE_WORDS_MAX, PREFIX_CHARS_MIN, QUERY_BYTES_MAX};
use crate::query::{Expression, Fact, Leaf, Problem, Query, Reason};
use crate::words::words;
use caliopen_model::Place;
use std::ops::Range;

/// Reads a question of somebody whose clock is ahead of UTC by some minutes. `typing`: the last word may not be
/// finished yet.
pub fn parse(text: &str, utc_offset_minutes: i32, typing: bool) -> Query {
    let end = floor_boundary(text, QUERY_BYTES_MAX);
    let mut reader =
        Reader { leaves: Vec::new(), by_subject: false, problems: Vec::new(), utc_offset_minutes };
    if end < text.len() {
        reader.problem(end..text.len(), Reason::TooLong);
    }
    let items = cut(text.get(..end).unwrap_or_default(), &mut reader.problems);
    let last = if typing && end == text.len() { items.len().checked_sub(1) } else { None };
    let mut parts: Vec<Expression> = Vec::new();
    let mut joins = false;
    for (number, item) in items.iter().enumerate() {
        if item.is_or() {
            joins = !parts.is_empty();
            continue;
        }
        let Some(part) = reader.item(item, last == Some(number) && item.is_open(text)) else { continue };
        match (std::mem::take(&mut joins), parts.last_mut()) {
            (true, Some(Expression::Any(others))) => others.push(part),
            (true, Some(before)) => {
                let first = std::mem::replace(before, Expression::All(Vec::new()));
                *before = Expression::Any(vec![first, part]);
            }
            _ => parts.push(part),
        }
    }
    let Reader { leaves, by_subject, problems, .. } = reader;
    Query { expression: Expression::All(parts), leaves, by_subject, problems }
}

/// The greatest character boundary up to a place.
fn floor_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|place| text.is_char_boundary(*place)).unwrap_or(0)
}

/// What stands between two spaces, or in quotes.
#[derive(Debug)]
struct Item<'t> {
    range: Range<usize>,
    excludes: bool,
    operator: Option<&'t str>,
    value: &'t str,
    is_quoted: bool,
}

impl Item<'_> {
    fn is_or(&self) -> bool {
        self.value == "OR" && self.operator.is_none() && !self.is_quoted && !self.excludes
    }

    /// The text ends right behind it, and it is not closed by a quotation mark.
    fn is_open(&self, text: &str) -> bool {
        self.range.end == text.len() && !text.ends_with('"')
    }
}

/// Cuts a question into its items.
fn cut<'t>(text: &'t str, problems: &mut Vec<Problem>) -> Vec<Item<'t>> {
    let mut items = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let blank =
            rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || "()".contains(c)).len();
        let start = at + blank;
        let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) else { break };
        let (item, length) = item(rest, start, problems);
        items.push(item);
        at = start + length;
    }
    items
}

/// The item at the beginning of a text that stands at `start` in the question, and its length.
fn item<'t>(rest: &'t str, start: usize, problems: &mut Vec<Problem>) -> (Item<'t>, usize) {
    let body = rest.strip_prefix('-').filter(|body| !body.is_empty()).unwrap_or(rest);
    let excludes = body.len() < rest.len();
    let name_length = body.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(body.len());
    let (operator, value) = match body.split_at_checked(name_length) {
        Some((name, value)) if !name.is_empty() && value.starts_with(':') && !value.starts_with("://") => {
            (Some(name), value.get(1..).unwrap_or_default())
        }
        _ => (None, body),
    };
    let before = rest.len() - value.len();
    let (value, length, is_quoted) = match value.strip_prefix('"') {
        Some(quoted) => match quoted.find('"') {
            Some(end) => (quoted.get(..end).unwrap_or_default(), end + 2, true),
            None => {
                problems.push(Problem {
                    range: start + before..start + rest.len(),
                    reason: Reason::OpenQuotation,
                });
                (quoted, value.len(), true)
            }
        },
        None => {
            let end = value.find(|letter: char| letter.is_whitespace() || "()".contains(letter));
            let end = end.unwrap_or(value.len());
            (value.get(..end).unwrap_or_default(), end, false)
        }
    };
    let length = before + length;
    (Item { range: start..start + length, excludes, operator, value, is_quoted }, length)
}

/// What the items come to.
struct Reader {
    leaves: Vec<Leaf>,
    by_subject: bool,
    problems: Vec<Problem>,
    utc_offset_minutes: i32,
}

impl Reader {
    fn problem(&mut self, range: Range<usize>, reason: Reason) {
        self.problems.push(Problem { range, reason });
    }

    fn item(&mut self, item: &Item<'_>, typing: bool) -> Option<Expression> {
        let operator = item.operator.map(str::to_ascii_lowercase);
        let part = match operator.as_deref() {
            None => self.text(item, item.value, &Field::ANYWHERE, typing),
            Some("from") => self.text(item, item.value, &[Field::From], typing),
            Some("to" | "cc" | "bcc") => self.text(item, item.value, &[Field::To], typing),
            Some("subject") => self.text(item, item.value, &[Field::Subject, Field::Title], typing),
            Some("filename" | "file") => self.text(item, item.value, &[Field::File], typing),
            Some("has") => self.has(item, typing),
            Some("is") => self.is(item, typing),
            Some("in") => self.place(item, typing),
            Some("route") => self.route(item, typing),
            Some("before") => self.date(item, typing).map(|at| Expression::Fact(Fact::Before(at))),
            Some("after" | "since") => self.date(item, typing).map(|at| Expression::Fact(Fact::After(at))),
            Some("pi") => self.index(item, typing),
            Some("label") => self.label(item),
            Some("by") => self.grouping(item, typing),
            Some(_) => self.unknown_operator(item, typing),
        }?;
        Some(if item.excludes { Expression::Not(Box::new(part)) } else { part })
    }

    /// Words next to each other in one of some fields. Words that are no words (a dash) ask for nothing.
    fn text(&mut self, item: &Item<'_>, value: &str, fields: &[Field], typing: bool) -> Option<Expression> {
        let starred = !item.is_quoted && value.ends_with('*');
        let terms: Vec<String> = words(value).take(PHRASE_WORDS_MAX).map(|word| word.term).collect();
        let last_chars = terms.last()?.chars().count();
        let is_finished = !value.ends_with(char::is_alphanumeric);
        let is_prefix = (starred || (typing && !is_finished)) && last_chars >= PREFIX_CHARS_MIN;
        let (fields, alternatives) = (fields.to_vec(), Vec::new());
        self.leaf(item, Leaf::Words { fields, words: terms, is_prefix, alternatives })
    }

    fn leaf(&mut self, item: &Item<'_>, leaf: Leaf) -> Option<Expression> {
        let known = self.leaves.iter().position(|other| *other == leaf);
        let number = known.unwrap_or(self.leaves.len());
        if number >= LEAVES_MAX {
            self.problem(item.range.clone(), Reason::TooLong);
            return None;
        }
        if known.is_none() {
            self.leaves.push(leaf);
        }
        Some(Expression::Leaf(number))
    }

    fn unknown_operator(&mut self, item: &Item<'_>, typing: bool) -> Option<Expression> {
        if !item.value.is_empty() {
            self.problem(item.range.clone(), Reason::UnknownOperator);
        }
        let whole = format!("{} {}", item.operator.unwrap_or_default(), item.value);
        self.text(item, &whole, &Field::ANYWHERE, typing)
    }

    /// A value that the operator does not have. One that is being typed is waited for without a word.
    fn wrong(&mut self, item: &Item<'_>, reason: Reason, typing: bool) -> Option<Expression> {
        if !typing {
            self.problem(item.range.clone(), reason);
        }
        None
    }

    fn has(&mut self, item: &Item<'_>, typing: bool) -> Option<Expression> {
        match item.value.to_ascii_lowercase().as_str() {
            "attachment" | "attachments" | "file" => self.leaf(item, Leaf::Trait(Trait::Attachment)),
            _ => self.wrong(item, Reason::UnknownValue, typing),
        }
    }

    fn is(&mut self, item: &Item<'_>, typing: bool) -> Option<Expression> {
        match item.value.to_ascii_lowercase().as_str() {
            "unread" => Some(Expression::Not(Box::new(Expression::Fact(Fact::Seen)))),
            "read" => Some(Expression::Fact(Fact::Seen)),
            "flagged" | "starred" => Some(Expression::Fact(Fact::Flagged)),
            "sent" => self.leaf(item, Leaf::Trait(Trait::Sent)),
            "received" => self.leaf(item, Leaf::Trait(Trait::Received)),
            _ => self.wrong(item, Reason::UnknownValue, typing),
        }
    }

    fn place(&mut self, item: &Item<'_>, typing: bool) -> Option<Expression> {
        let place = match item.value.to_ascii_lowercase().as_str() {
            "inbox" => Place::Inbox,
            "archive" => Place::Archive,
            "bin" | "trash" => Place::Bin,
            "snoozed" => Place::Snoozed,
            "new-senders" => Place::NewSenders,
            "spam" | "junk" => Place::Spam,
            _ => return self.wrong(item, Reason::UnknownValue, typing),
        };
        Some(Expression::Fact(Fact::In(place)))
    }

    /// How answers are put together: it asks for nothing by itself.
    fn grouping(&mut self, item: &Item<'_>, typing: bool) -> Option<Expression> {
        match item.value.to_ascii_lowercase().as_str() {
            "subject" if !item.excludes => self.by_subject = true,
            _ => return self.wrong(item, Reason::UnknownValue, typing),
        }
        None
    }

    fn route(&mut self, item: &Item<'_>, typing: bool) -> Option<Expression> {
        match item.value.to_ascii_lowercase().as_str() {
            "email" | "mail" => self.leaf(item, Leaf::Trait(Trait::Email)),
            _ => self.wrong(item, Reason::UnknownValue, typing),
        }
    }

    fn date(&mut self, item: &Item<'_>, typing: bool) -> Option<i64> {
        let at = dates::start_of(item.value, self.utc_offset_minutes);
        if at.is_none() {
            self.wrong(item, Reason::NotADate, typing);
        }
        at
    }

    /// `<20`, `<=20`, `>50`, `>=50`, `=50` or `50`.
    fn index(&mut self, item: &Item<'_>, typing: bool) -> Option<Expression> {
        let sign_length = item.value.find(|letter: char| letter.is_ascii_digit()).unwrap_or(item.value.len());
        let (sign, number) = item.value.split_at_checked(sign_length)?;
        let Some(number) = number.parse::<u8>().ok().filter(|number| *number <= 100) else {
            return self.wrong(item, Reason::NotAnIndex, typing);
        };
        let at_least = |number| Expression::Fact(Fact::PrivacyAtLeast(number));
        let below = |number| Expression::Not(Box::new(at_least(number)));
        match sign {
            "<" => Some(below(number)),
            "<=" | "≤" => Some(below(number + 1)),
            ">" => Some(at_least(number + 1)),
            ">=" | "≥" => Some(at_least(number)),
            "=" | "" => Some(Expression::All(vec![at_least(number), below(number + 1)])),
            _ => self.wrong(item, Reason::NotAnIndex, typing),
        }
    }

    fn label(&mut self, item: &Item<'_>) -> Option<Expression> {
        let terms: Vec<String> = words(item.value).map(|word| word.term).collect();
        (!terms.is_empty()).then(|| Expression::Fact(Fact::Label(terms.join(" "))))
    }
}

#[cfg(test)]
#[path = "parse/tests.rs"]
mod tests;
