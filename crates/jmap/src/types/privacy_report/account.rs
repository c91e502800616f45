//! The reports of the user's accounts.

use super::ReportId;
use crate::rfc8620::resource::Object;
use crate::types::explanation::{Cap, Point, Raise, caps, is_possible_for_account, points, raises};
use crate::types::object;
use crate::types::words::Privacy;
use caliopen_hub::{Subject, UserPrivacy};
use caliopen_model::{AccountEvidence, FORMULA_VERSION, Language, UserEvidence};
use caliopen_privacy::account::{assess_among, describe};
use serde::Serialize;

#[derive(Debug, Serialize)]
struct Record {
    id: String,
    privacy: Privacy,
    cap: Option<Cap>,
    caps: Vec<Cap>,
    points: Vec<Point>,
    raises: Vec<Raise>,
    formula: u16,
}

/// The reports of all of them.
pub(super) fn reports(view: &UserPrivacy, language: Language) -> Vec<(ReportId, Object)> {
    let report = |(subject, fact): (&Subject, &UserEvidence)| match (subject, fact) {
        (Subject::Account(id), UserEvidence::Account(of)) => {
            let id = ReportId::Account(*id);
            Some((id, object(&record(id, of, language))))
        }
        _ => None,
    };
    view.subjects.iter().zip(&view.evidence).filter_map(report).collect()
}

fn record(id: ReportId, evidence: &[AccountEvidence], language: Language) -> Record {
    let assessed = assess_among(evidence, &is_possible_for_account);
    let binding = assessed.binding_cap().map(std::slice::from_ref).unwrap_or_default();
    Record {
        id: id.to_string(),
        privacy: Privacy::current(assessed.index),
        cap: caps(binding, language).pop(),
        caps: caps(&assessed.caps, language),
        points: points(&assessed.points, evidence, describe, language),
        raises: raises(&assessed.raises, language),
        formula: FORMULA_VERSION,
    }
}
