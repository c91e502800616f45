//! PrivacyReport: get only. The index of a message explained, computed anew from its stored evidence.

use super::words::{Privacy, utc_date};
use super::{object, state};
use crate::rfc8620::arguments::{Arguments, wrong};
use crate::rfc8620::call::Call;
use crate::rfc8620::error::MethodError;
use crate::rfc8620::resource::{Object, Resource, Wanted};
use caliopen_hub::{MessageView, ObjectType};
use caliopen_model::{Evidence, Language, MessageId};
use caliopen_privacy::{Assessment, assess, describe, level_word};
use serde::Serialize;

/// The type.
pub(crate) struct PrivacyReport;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: String,
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
    assessed_at: String,
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

/// The report of a message. The date is that of the evidence: it was gathered when the message came.
fn report(view: &MessageView, language: Language) -> Record {
    let assessed = assess(&view.evidence);
    let cap = |cap: &caliopen_privacy::Cap| Cap { limit: cap.limit, reason: cap.reason.text(language) };
    Record {
        id: view.id.to_string(),
        privacy: Privacy::new(assessed.index, assessed.formula_version),
        level_word: level_word(assessed.index.level(), language),
        sentence: assessed.sentence_text(language),
        suspicious: assessed.suspicious,
        readers: assessed.reader_names(language),
        watchers: assessed.watcher_names(language),
        cap: assessed.binding_cap().map(cap),
        caps: assessed.caps.iter().map(cap).collect(),
        points: points(&assessed, &view.evidence, language),
        raises: raises(&assessed, language),
        formula: assessed.formula_version,
        assessed_at: utc_date(view.received_at),
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

impl Resource for PrivacyReport {
    /// A report has the id of its message.
    type Id = MessageId;
    /// The language of its texts.
    type Options = Language;
    const PROPERTIES: &'static [&'static str] = &[
        "id",
        "privacy",
        "levelWord",
        "sentence",
        "suspicious",
        "readers",
        "watchers",
        "cap",
        "caps",
        "points",
        "raises",
        "formula",
        "assessedAt",
    ];

    fn options(call: &Call<'_>, arguments: &mut Arguments) -> Result<Language, MethodError> {
        match arguments.take::<String>("language")? {
            None => Ok(call.language),
            Some(tag) => {
                Language::from_tag(&tag).ok_or_else(|| wrong("language", "is none of en, fr and it"))
            }
        }
    }

    /// A report follows from its message.
    async fn state(call: &Call<'_>) -> Result<String, MethodError> {
        state(call, ObjectType::Message).await
    }

    async fn all(_: &Call<'_>) -> Result<Option<Vec<MessageId>>, MethodError> {
        Ok(None)
    }

    async fn objects(
        call: &Call<'_>,
        ids: &[MessageId],
        _: &Wanted,
        language: &Language,
    ) -> Result<Vec<Option<Object>>, MethodError> {
        let views = call.hub.messages(call.access, ids).await?;
        Ok(views.iter().map(|view| view.as_ref().map(|view| object(&report(view, *language)))).collect())
    }
}
