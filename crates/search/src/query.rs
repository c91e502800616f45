//! A question once it was read: an expression over words, and over facts that rows know.

use crate::document::{Field, Trait};
use crate::limits::ALTERNATIVES_MAX;
use caliopen_model::Place;
use std::ops::Range;

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// What must hold.
    pub expression: Expression,
    /// The words and traits that the expression speaks of, by their number.
    pub leaves: Vec<Leaf>,
    /// One answer for each subject, that is for each chain of replies, instead of each conversation.
    pub by_subject: bool,
    /// What was not understood. It is left out of the expression, or searched as a word, as each says.
    pub problems: Vec<Problem>,
}

/// What must hold of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// All of these. None of them: everything.
    All(Vec<Self>),
    /// One of these.
    Any(Vec<Self>),
    /// Not this.
    Not(Box<Self>),
    /// The leaf with this number is in the index.
    Leaf(usize),
    /// A row says so.
    Fact(Fact),
}

/// What stands in the index of a message or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leaf {
    /// A word, or several next to each other.
    Words {
        /// In one of these.
        fields: Vec<Field>,
        /// Folded, in order.
        words: Vec<String>,
        /// The last word is only its beginning.
        is_prefix: bool,
        /// Or these words, each whole: other addresses of the people who are called so.
        alternatives: Vec<Vec<String>>,
    },
    /// A trait.
    Trait(Trait),
}

/// What the index does not know, because it changes, or because it is a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// Received before this instant, in milliseconds since 1970.
    Before(i64),
    /// Received at this instant or later.
    After(i64),
    /// Its conversation is there.
    In(Place),
    /// It was read.
    Seen,
    /// It is flagged.
    Flagged,
    /// Its privacy index is at least this.
    PrivacyAtLeast(u8),
    /// It has a label of this name, folded.
    Label(String),
}

/// A part of a question that was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it stands, in bytes of the question.
    pub range: Range<usize>,
    /// Why.
    pub reason: Reason,
}

/// Why a part of a question was not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// There is no such operator: it was searched as words.
    UnknownOperator,
    /// The operator does not take this value: it was left out.
    UnknownValue,
    /// No day: it was left out.
    NotADate,
    /// No number from 0 to 100: it was left out.
    NotAnIndex,
    /// The quotation has no end: it goes to the end of the question.
    OpenQuotation,
    /// The question is too long: what begins here was left out.
    TooLong,
}

impl Query {
    /// Whether the question holds, given the leaves that were found, as bits, and what is known of the facts. None:
    /// it depends on facts that are not known.
    pub fn verdict(&self, leaves: u32, fact: &dyn Fn(&Fact) -> Option<bool>) -> Option<bool> {
        self.expression.verdict(Leaves { found: leaves, known: u32::MAX }, fact)
    }

    /// Whether the question may hold for a document of which some leaves were not looked up yet, whatever the rows say.
    pub(crate) fn may_hold(&self, leaves: Leaves) -> bool {
        self.expression.verdict(leaves, &|_| None) != Some(false)
    }

    /// Whether rows are needed to answer it, beyond whether there is such a message.
    pub fn needs_facts(&self) -> bool {
        self.expression.any(&|expression| matches!(expression, Expression::Fact(_)))
    }

    /// Whether it asks for nothing: an empty question. All subjects are something.
    pub fn is_empty(&self) -> bool {
        !self.by_subject && matches!(&self.expression, Expression::All(parts) if parts.is_empty())
    }

    /// The words of leaf `number` that may name a person.
    pub fn person_words(&self, number: usize) -> Option<(&[String], bool)> {
        match self.leaves.get(number) {
            Some(Leaf::Words { fields, words, is_prefix, .. })
                if fields.contains(&Field::From) || fields.contains(&Field::To) =>
            {
                Some((words, *is_prefix))
            }
            _ => None,
        }
    }

    /// Lets a leaf also stand for other words, up to a limit.
    pub fn add_alternative(&mut self, number: usize, other: Vec<String>) {
        if let Some(Leaf::Words { alternatives, .. }) = self.leaves.get_mut(number)
            && alternatives.len() < ALTERNATIVES_MAX
            && !other.is_empty()
            && !alternatives.contains(&other)
        {
            alternatives.push(other);
        }
    }

    /// Every fact that it asks for.
    pub fn facts(&self) -> Vec<&Fact> {
        let mut facts = Vec::new();
        self.expression.collect_facts(&mut facts);
        facts
    }

    /// The leaves that an answer has rather than lacks: what is marked in it.
    pub(crate) fn wanted_leaves(&self) -> Vec<&Leaf> {
        let mut numbers = Vec::new();
        self.expression.collect_wanted(true, &mut numbers);
        numbers.into_iter().filter_map(|number| self.leaves.get(number)).collect()
    }
}

impl Expression {
    fn verdict(&self, leaves: Leaves, fact: &dyn Fn(&Fact) -> Option<bool>) -> Option<bool> {
        match self {
            Self::All(parts) => fold(parts, leaves, fact, false),
            Self::Any(parts) => fold(parts, leaves, fact, true),
            Self::Not(part) => part.verdict(leaves, fact).map(|holds| !holds),
            Self::Leaf(number) => leaves.has(*number),
            Self::Fact(asked) => fact(asked),
        }
    }

    fn any(&self, test: &dyn Fn(&Self) -> bool) -> bool {
        test(self)
            || match self {
                Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.any(test)),
                Self::Not(part) => part.any(test),
                Self::Leaf(_) | Self::Fact(_) => false,
            }
    }

    fn collect_facts<'e>(&'e self, facts: &mut Vec<&'e Fact>) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.collect_facts(facts)),
            Self::Not(part) => part.collect_facts(facts),
            Self::Fact(fact) => facts.push(fact),
            Self::Leaf(_) => {}
        }
    }

    fn collect_wanted(&self, wanted: bool, numbers: &mut Vec<usize>) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().for_each(|part| part.collect_wanted(wanted, numbers));
            }
            Self::Not(part) => part.collect_wanted(!wanted, numbers),
            Self::Leaf(number) if wanted => numbers.push(*number),
            Self::Leaf(_) | Self::Fact(_) => {}
        }
    }
}

/// Which leaves a document has, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leaves {
    pub(crate) found: u32,
    /// Those that were looked up.
    pub(crate) known: u32,
}

impl Leaves {
    /// Whether it has this one; none when that was not looked up.
    fn has(self, number: usize) -> Option<bool> {
        let bit = bit(number);
        // A leaf beyond the bits is in no document.
        (bit == 0 || self.known & bit != 0).then_some(self.found & bit != 0)
    }
}

/// The bit of a leaf.
pub(crate) fn bit(number: usize) -> u32 {
    u32::try_from(number).ok().and_then(|number| 1_u32.checked_shl(number)).unwrap_or(0)
}

/// All of the parts (`decisive` false), or one of them (`decisive` true): a decisive part settles it.
fn fold(
    parts: &[Expression],
    leaves: Leaves,
    fact: &dyn Fn(&Fact) -> Option<bool>,
    decisive: bool,
) -> Option<bool> {
    let mut is_known = true;
    for part in parts {
        match part.verdict(leaves, fact) {
            Some(holds) if holds == decisive => return Some(decisive),
            Some(_) => {}
            None => is_known = false,
        }
    }
    is_known.then_some(!decisive)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rows_must_say_is_not_known_before() {
        let seen = || Expression::Fact(Fact::Seen);
        let query =
            |expression| Query { expression, leaves: Vec::new(), by_subject: false, problems: Vec::new() };
        let check = |expression, expected: [Option<bool>; 3]| {
            let query = query(expression);
            let found = [None, Some(false), Some(true)].map(|known| query.verdict(1, &|_| known));
            assert_eq!(found, expected, "{query:?}");
        };
        check(seen(), [None, Some(false), Some(true)]);
        check(Expression::Not(Box::new(seen())), [None, Some(true), Some(false)]);
        check(Expression::All(vec![Expression::Leaf(0), seen()]), [None, Some(false), Some(true)]);
        check(Expression::All(vec![Expression::Leaf(1), seen()]), [Some(false); 3]);
        check(Expression::Any(vec![Expression::Leaf(0), seen()]), [Some(true); 3]);
        check(Expression::Any(vec![Expression::Leaf(1), seen()]), [None, Some(false), Some(true)]);
        check(Expression::All(vec![]), [Some(true); 3]);
    }
}
