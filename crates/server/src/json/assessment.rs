//! An assessment as JSON: the number, and everything that the why panel says.

use caliopen_model::{Evidence, Language};
use caliopen_privacy::{Assessment, Cap, State, assess, describe, level_word};
use serde::Serialize;
use serde_json::{Value, json};

/// What `assess` prints.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct AssessmentJson(Value);

impl AssessmentJson {
    /// Assesses the evidence and explains the result in a language.
    pub(crate) fn new(evidence: &[Evidence], language: Language) -> Self {
        let found = assess(evidence);
        Self(json!({
            "score": found.index.score(),
            "approximate": found.index.approximate(),
            "level": found.index.level().number(),
            "levelWord": level_word(found.index.level(), language),
            "sentence": found.sentence_text(language),
            "suspicious": found.suspicious,
            "readers": found.reader_names(language),
            "watchers": found.watcher_names(language),
            "cap": found.binding_cap().map(|cap| cap_json(cap, language)),
            "caps": found.caps.iter().map(|cap| cap_json(cap, language)).collect::<Vec<_>>(),
            "points": points(&found, evidence, language),
            "raises": raises(&found, language),
            "formula": found.formula_version,
        }))
    }
}

fn cap_json(cap: &Cap, language: Language) -> Value {
    json!({ "limit": cap.limit, "reason": cap.reason.text(language) })
}

fn points(found: &Assessment, evidence: &[Evidence], language: Language) -> Vec<Value> {
    let facts = |places: &[usize]| -> Vec<String> {
        places.iter().filter_map(|place| evidence.get(*place)).map(|fact| describe(fact, language)).collect()
    };
    let point = |point: &caliopen_privacy::Point| {
        json!({
            "component": point.component.key(),
            "axis": point.axis.key(),
            "points": point.points,
            "most": point.most,
            "known": point.state == State::Known,
            "reason": point.reason.text(language),
            "evidence": facts(&point.evidence),
        })
    };
    found.points.iter().map(point).collect()
}

fn raises(found: &Assessment, language: Language) -> Vec<Value> {
    let raise = |raise: &caliopen_privacy::Raise| {
        json!({
            "who": raise.who.key(),
            "axis": raise.axis.key(),
            "action": raise.text(language),
            "projected": raise.projected,
        })
    };
    found.raises.iter().map(raise).collect()
}
