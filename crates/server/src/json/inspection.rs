//! Everything that is found in a message, as JSON.

use caliopen_hub::{EvidenceRecord, class};
use caliopen_jmap::{Body, Explanation, words};
use caliopen_model::{Defect, Evidence, Language, Message, Part, Participant};
use serde::Serialize;
use serde_json::{Value, json};

/// What `inspect` prints.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct InspectionJson(Value);

impl InspectionJson {
    /// Says what was found. The evidence is what checks established; without any the index says how little is known.
    pub(crate) fn new(
        raw: &[u8],
        (message, defects): &(Message, Vec<Defect>),
        evidence: &[Evidence],
    ) -> Self {
        let reading = caliopen_mime::read(raw);
        let others = message.from.iter().chain(&message.to).chain(&message.cc);
        let mut handles: Vec<String> = others.map(|person| person.handle.canonical()).collect();
        handles.sort_unstable();
        handles.dedup();
        // One of the people is whoever received it.
        let kind = class(message, handles.len().saturating_sub(1));
        Self(json!({
            "bytes": raw.len(),
            "messageId": message.id.as_ref().map(|id| &id.0),
            "references": message.references.iter().map(|id| &id.0).collect::<Vec<_>>(),
            "from": people(&message.from),
            "replyTo": people(&message.reply_to),
            "to": people(&message.to),
            "cc": people(&message.cc),
            "subject": message.subject,
            "sentAtMs": message.sent_at.map(caliopen_model::Timestamp::unix_ms),
            "list": message.list.as_ref().map(|(id, _)| id),
            "class": words::kind(kind),
            "excerpt": message.excerpt,
            "protection": words::protection(message.protection),
            "warnings": message.warnings.iter().copied().map(words::warning).collect::<Vec<_>>(),
            "defects": defects.iter().map(|d| json!({ "code": d.code, "detail": d.detail })).collect::<Vec<_>>(),
            "parts": message.parts.iter().map(part).collect::<Vec<_>>(),
            "bodies": reading.bodies.into_iter().map(Body::from).collect::<Vec<_>>(),
            "evidence": evidence.iter().cloned().map(EvidenceRecord).collect::<Vec<_>>(),
            "privacyReport": Explanation::new(evidence, Language::English),
        }))
    }
}

fn people(participants: &[Participant]) -> Vec<Value> {
    participants
        .iter()
        .map(|person| json!({ "name": person.name, "handle": person.handle.to_string() }))
        .collect()
}

fn part(part: &Part) -> Value {
    json!({
        "part": part.id.0,
        "type": part.media_type,
        "name": part.name,
        "bytes": part.size_bytes,
        "disposition": words::disposition(part.disposition),
        "contentId": part.content_id,
    })
}
