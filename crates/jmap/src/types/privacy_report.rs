//! PrivacyReport: get only. The index of a message explained, computed anew from its stored evidence.

use super::words::utc_date;
use super::{Explanation, object, state};
use crate::rfc8620::arguments::Arguments;
use crate::rfc8620::call::Call;
use crate::rfc8620::error::MethodError;
use crate::rfc8620::resource::{Object, Resource, Wanted};
use caliopen_hub::{MessageView, ObjectType};
use caliopen_model::{Language, MessageId};
use serde::Serialize;

/// The type.
pub(crate) struct PrivacyReport;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: String,
    #[serde(flatten)]
    explanation: Explanation,
    assessed_at: String,
}

/// The report of a message. The date is that of the evidence: it was gathered when the message came.
fn report(view: &MessageView, language: Language) -> Record {
    Record {
        id: view.id.to_string(),
        explanation: Explanation::new(&view.evidence, language),
        assessed_at: utc_date(view.received_at),
    }
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
        call.language(arguments)
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
