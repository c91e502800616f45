//! The index that evidence gives, explained in one language, with the names that docs/api has: what the server sends is
//! what the browser computes.

use crate::assessment::assess;
use crate::describe::describe;
use crate::device;
use crate::level::level_word;
use crate::subject::{Cap as CapOf, Counted, Phrase, Point as PointOf, Raise as RaiseOf, State, Step};
use caliopen_model::{DeviceEvidence, Evidence, FORMULA_VERSION, Language, PrivacyIndex};
use serde::Serialize;

/// An index with the formula that gave it.
#[derive(Debug, Serialize)]
pub struct Index {
    score: u8,
    approximate: bool,
    level: u8,
    formula: u16,
}

impl Index {
    /// One that this version of the formula gave.
    pub fn new(index: PrivacyIndex, formula: u16) -> Self {
        Self {
            score: index.score(),
            approximate: index.approximate(),
            level: index.level().number(),
            formula,
        }
    }

    /// One that the formula gives now.
    pub fn current(index: PrivacyIndex) -> Self {
        Self::new(index, FORMULA_VERSION)
    }
}

/// An index with its reasons and what would raise it, in one language.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    privacy: Index,
    level_word: &'static str,
    sentence: String,
    suspicious: bool,
    readers: Vec<String>,
    watchers: Vec<String>,
    cap: Option<Cap>,
    caps: Vec<Cap>,
    points: Vec<Point>,
    raises: Vec<Raise>,
    formula: u16,
}

/// A limit that an index does not pass.
#[derive(Debug, Serialize)]
pub struct Cap {
    limit: u8,
    reason: String,
}

/// A row of points, of whatever has an index.
#[derive(Debug, Serialize)]
pub struct Point {
    component: &'static str,
    label: &'static str,
    axis: &'static str,
    points: u8,
    most: u8,
    known: bool,
    reason: String,
    evidence: Vec<String>,
}

/// A step that would raise an index.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Raise {
    who: &'static str,
    who_label: &'static str,
    axis: &'static str,
    action: String,
    projected: u8,
}

impl Explanation {
    /// Assesses the evidence and explains the result.
    pub fn new(evidence: &[Evidence], language: Language) -> Self {
        let assessed = assess(evidence);
        let binding = assessed.binding_cap().map(std::slice::from_ref).unwrap_or_default();
        Self {
            privacy: Index::new(assessed.index, assessed.formula_version),
            level_word: level_word(assessed.index.level(), language),
            sentence: assessed.sentence_text(language),
            suspicious: assessed.suspicious,
            readers: assessed.reader_names(language),
            watchers: assessed.watcher_names(language),
            cap: caps(binding, language).pop(),
            caps: caps(&assessed.caps, language),
            points: points(&assessed.points, evidence, describe, language),
            raises: raises(&assessed.raises, language),
            formula: assessed.formula_version,
        }
    }
}

impl Explanation {
    /// The index of a device, with steps among those that are `possible`. Its sentence is what holds it down: the cap that
    /// decides, else its weakest row.
    pub fn of_device(
        evidence: &[DeviceEvidence],
        possible: &dyn Fn(device::Action) -> bool,
        language: Language,
    ) -> Self {
        let assessed = device::assess_among(evidence, possible);
        let cap =
            |cap: &CapOf<device::ReasonCode>| Cap { limit: cap.limit, reason: cap.reason.text(language) };
        let weakest =
            assessed.points.iter().min_by_key(|row| 100 * u16::from(row.points) / u16::from(row.most.max(1)));
        let binding = assessed.binding_cap().map(cap);
        let sentence = binding.as_ref().map(|cap| cap.reason.clone());
        Self {
            privacy: Index::current(assessed.index),
            level_word: level_word(assessed.index.level(), language),
            sentence: sentence.or_else(|| weakest.map(|row| row.reason.text(language))).unwrap_or_default(),
            suspicious: false,
            readers: Vec::new(),
            watchers: Vec::new(),
            caps: assessed.caps.iter().map(cap).collect(),
            cap: binding,
            points: points(&assessed.points, evidence, device::describe, language),
            raises: raises(&assessed.raises, language),
            formula: FORMULA_VERSION,
        }
    }
}

/// Limits, each in words.
pub fn caps<R: Phrase>(caps: &[CapOf<R>], language: Language) -> Vec<Cap> {
    caps.iter().map(|cap| Cap { limit: cap.limit, reason: cap.reason.text(language) }).collect()
}

/// Rows of points, each with the evidence that it rests on in words.
pub fn points<C: Counted, R: Phrase, F>(
    points: &[PointOf<C, R>],
    evidence: &[F],
    describe: fn(&F, Language) -> String,
    language: Language,
) -> Vec<Point> {
    let lines = |places: &[usize]| {
        places.iter().filter_map(|place| evidence.get(*place)).map(|fact| describe(fact, language)).collect()
    };
    let point = |point: &PointOf<C, R>| Point {
        component: point.component.key(),
        label: point.component.label(language),
        axis: point.axis.key(),
        points: point.points,
        most: point.most,
        known: point.state == State::Known,
        reason: point.reason.text(language),
        evidence: lines(&point.evidence),
    };
    points.iter().map(point).collect()
}

/// Steps, each in words.
pub fn raises<A: Step>(raises: &[RaiseOf<A>], language: Language) -> Vec<Raise> {
    let raises = raises.iter().map(|raise| Raise {
        who: raise.who.key(),
        who_label: raise.who.label(language),
        axis: raise.axis.key(),
        action: raise.text(language),
        projected: raise.projected,
    });
    raises.collect()
}
