//! PrivacyReport: get only. The index of a message, a contact, a device or an account explained, computed anew from its
//! evidence.

mod account;
mod contact;
mod device;

use super::words::utc_date;
use super::{Explanation, object, state};
use crate::rfc8620::arguments::Arguments;
use crate::rfc8620::call::Call;
use crate::rfc8620::error::MethodError;
use crate::rfc8620::resource::{Object, ObjectId, Resource, Wanted};
use caliopen_hub::{DeviceView, MessageView, ObjectType};
use caliopen_model::{ContactId, DeviceId, IdentityId, Language, MessageId};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// The type.
pub(crate) struct PrivacyReport;

/// Whose index it is: a report has the id of what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum ReportId {
    Message(MessageId),
    Contact(ContactId),
    Device(DeviceId),
    Account(IdentityId),
}

impl ObjectId for ReportId {
    /// Reports have no change log of their own; that of messages is theirs.
    fn of_bytes(bytes: [u8; 16]) -> Self {
        Self::Message(MessageId::from_bytes(bytes))
    }
}

impl FromStr for ReportId {
    type Err = caliopen_model::IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let message = text.parse().map(Self::Message);
        let contact = message.or_else(|_| text.parse().map(Self::Contact));
        let device = contact.or_else(|_| text.parse().map(Self::Device));
        device.or_else(|_| text.parse().map(Self::Account))
    }
}

impl fmt::Display for ReportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(id) => id.fmt(f),
            Self::Contact(id) => id.fmt(f),
            Self::Account(id) => id.fmt(f),
            Self::Device(id) => id.fmt(f),
        }
    }
}

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
    type Id = ReportId;
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
        "ways",
        "history",
    ];

    fn options(call: &Call<'_>, arguments: &mut Arguments) -> Result<Language, MethodError> {
        call.language(arguments)
    }

    /// A report follows from its message, its contact or its device.
    async fn state(call: &Call<'_>) -> Result<String, MethodError> {
        let messages = state(call, ObjectType::Message).await?;
        let contacts = state(call, ObjectType::Contact).await?;
        let devices = state(call, ObjectType::Device).await?;
        Ok(format!("{messages}-{contacts}-{devices}"))
    }

    async fn all(_: &Call<'_>) -> Result<Option<Vec<ReportId>>, MethodError> {
        Ok(None)
    }

    async fn objects(
        call: &Call<'_>,
        ids: &[ReportId],
        _: &Wanted,
        language: &Language,
    ) -> Result<Vec<Option<Object>>, MethodError> {
        let mut reports = of_messages(call, ids, *language).await?;
        reports.extend(of_contacts(call, ids, *language).await?);
        reports.extend(of_devices(call, ids, *language).await?);
        reports.extend(of_accounts(call, ids, *language).await?);
        Ok(ids.iter().map(|id| reports.remove(id)).collect())
    }
}

type Reports = BTreeMap<ReportId, Object>;

async fn of_messages(call: &Call<'_>, ids: &[ReportId], language: Language) -> Result<Reports, MethodError> {
    let messages: Vec<MessageId> = ids
        .iter()
        .filter_map(|id| match id {
            ReportId::Message(id) => Some(*id),
            _ => None,
        })
        .collect();
    let views = call.hub.messages(call.access, &messages).await?;
    let found = views.iter().flatten();
    Ok(found.map(|view| (ReportId::Message(view.id), object(&report(view, language)))).collect())
}

async fn of_contacts(call: &Call<'_>, ids: &[ReportId], language: Language) -> Result<Reports, MethodError> {
    let contacts: Vec<ContactId> = ids
        .iter()
        .filter_map(|id| match id {
            ReportId::Contact(id) => Some(*id),
            _ => None,
        })
        .collect();
    let ways = call.hub.contact_ways(call.access, &contacts).await?;
    let found = contacts.into_iter().zip(ways).filter_map(|(id, ways)| Some((id, ways?)));
    Ok(found.map(|(id, ways)| (ReportId::Contact(id), contact::report(id, &ways, language))).collect())
}

async fn of_devices(call: &Call<'_>, ids: &[ReportId], language: Language) -> Result<Reports, MethodError> {
    if !ids.iter().any(|id| matches!(id, ReportId::Device(_))) {
        return Ok(Reports::new());
    }
    let (views, now) = (call.hub.devices(call.access).await?, call.hub.now());
    let report = |view: &DeviceView| (ReportId::Device(view.id), device::report(view, now, language));
    Ok(views.iter().map(report).collect())
}

async fn of_accounts(call: &Call<'_>, ids: &[ReportId], language: Language) -> Result<Reports, MethodError> {
    if !ids.iter().any(|id| matches!(id, ReportId::Account(_))) {
        return Ok(Reports::new());
    }
    let view = call.hub.user_privacy(call.access).await?;
    Ok(account::reports(&view, language).into_iter().collect())
}
