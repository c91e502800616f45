//! The index that evidence gives, explained as docs/api has it. What PrivacyReport adds is whose index it is.

use super::words::Privacy;
use caliopen_model::{Evidence, Language};
use caliopen_privacy::{Assessment, assess, describe, level_word};
use serde::Serialize;

/// An index with its reasons and what would raise it, in one language.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    privacy: Privacy,
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

#[derive(Debug, Serialize)]
struct Cap {
    limit: u8,
    reason: String,
}

#[derive(Debug, Serialize)]
struct Point {
    component: &'static str,
    label: &'static str,
    axis: &'static str,
    points: u8,
    most: u8,
    known: bool,
    reason: String,
    evidence: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Raise {
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
        let cap = |cap: &caliopen_privacy::Cap| Cap { limit: cap.limit, reason: cap.reason.text(language) };
        Self {
            privacy: Privacy::new(assessed.index, assessed.formula_version),
            level_word: level_word(assessed.index.level(), language),
            sentence: assessed.sentence_text(language),
            suspicious: assessed.suspicious,
            readers: assessed.reader_names(language),
            watchers: assessed.watcher_names(language),
            cap: assessed.binding_cap().map(cap),
            caps: assessed.caps.iter().map(cap).collect(),
            points: points(&assessed, evidence, language),
            raises: raises(&assessed, language),
            formula: assessed.formula_version,
        }
    }
}

fn points(assessed: &Assessment, evidence: &[Evidence], language: Language) -> Vec<Point> {
    let lines = |places: &[usize]| {
        places.iter().filter_map(|place| evidence.get(*place)).map(|fact| describe(fact, language)).collect()
    };
    assessed
        .points
        .iter()
        .map(|point| Point {
            component: point.component.key(),
            label: point.component.label(language),
            axis: point.axis.key(),
            points: point.points,
            most: point.most,
            known: point.state == caliopen_privacy::State::Known,
            reason: point.reason.text(language),
            evidence: lines(&point.evidence),
        })
        .collect()
}

fn raises(assessed: &Assessment, language: Language) -> Vec<Raise> {
    let raises = assessed.raises.iter().map(|raise| Raise {
        who: raise.who.key(),
        who_label: raise.who.label(language),
        axis: raise.axis.key(),
        action: raise.text(language),
        projected: raise.projected,
    });
    raises.collect()
}
