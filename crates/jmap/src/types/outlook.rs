//! Outlook: get only. What the index of a message to somebody would be, and why, before it is sent.

use super::words::{cause, proof, utc_date};
use super::{Explanation, object};
use crate::limits::OUTLOOKS_MAX;
use crate::rfc8620::arguments::Arguments;
use crate::rfc8620::call::Call;
use crate::rfc8620::error::MethodError;
use caliopen_hub::OutlookView;
use caliopen_model::{Handle, Language};
use caliopen_privacy::{EvidenceRecord, together};
use serde::Serialize;
use serde_json::{Value, json};

#[derive(Debug, Serialize)]
struct Record {
    recipient: String,
    #[serde(flatten)]
    explanation: Explanation,
    /// What it rests on: the browser scores any combination of recipients from it.
    evidence: Vec<EvidenceRecord>,
    complete: bool,
    trouble: Option<Trouble>,
    lost: Option<Lost>,
}

/// A proof that the way had.
#[derive(Debug, Serialize)]
struct Lost {
    by: &'static str,
    at: String,
}

#[derive(Debug, Serialize)]
struct Trouble {
    cause: &'static str,
    host: Option<String>,
    status: String,
}

impl Record {
    fn new(recipient: String, view: &OutlookView, language: Language) -> Self {
        let trouble = view.trouble.as_ref();
        Self {
            recipient,
            explanation: Explanation::new(&view.evidence, language),
            evidence: view.evidence.iter().cloned().map(EvidenceRecord).collect(),
            complete: view.complete,
            trouble: trouble.map(|trouble| Trouble {
                cause: cause(trouble.cause),
                host: trouble.host.clone(),
                status: trouble.status.clone(),
            }),
            lost: view.lost.map(|lost| Lost { by: proof(lost.by), at: utc_date(lost.at) }),
        }
    }
}

/// Answers `Outlook/get`.
pub(crate) async fn get_outlooks(call: &Call<'_>, mut arguments: Arguments) -> Result<Value, MethodError> {
    let account = call.account(&mut arguments)?;
    let texts: Vec<String> = arguments.need("recipients")?;
    let language = call.language(&mut arguments)?;
    arguments.finish()?;
    if texts.len() > OUTLOOKS_MAX {
        return Err(MethodError::RequestTooLarge("at most 50 recipients at a time"));
    }
    let (known, unknown): (Vec<_>, Vec<_>) =
        texts.into_iter().map(|text| (Handle::parse(&text), text)).partition(|(handle, _)| handle.is_some());
    let handles: Vec<Handle> = known.iter().filter_map(|(handle, _)| handle.clone()).collect();
    let views = call.hub.outlooks(call.access, &handles).await?;
    let whole = together(views.iter().map(|view| &view.evidence));
    let records = known.into_iter().zip(&views).map(|((_, text), view)| Record::new(text, view, language));
    Ok(json!({
        "accountId": account,
        "message": object(&Explanation::new(&whole, language)),
        "list": records.map(|record| object(&record)).collect::<Vec<_>>(),
        "notFound": unknown.into_iter().map(|(_, text)| text).collect::<Vec<String>>(),
    }))
}
