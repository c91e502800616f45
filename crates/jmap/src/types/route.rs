//! Route: get only. The ways that the user's messages can take now, ranked, with who can read each and who is reached by it.

use super::words::Privacy;
use super::{Explanation, object};
use crate::rfc8620::arguments::Arguments;
use crate::rfc8620::call::Call;
use crate::rfc8620::error::MethodError;
use caliopen_hub::RouteView;
use caliopen_hub::limits::ROUTES_CONTACTS_MAX;
use caliopen_model::{ContactId, Language};
use serde::Serialize;
use serde_json::{Value, json};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    kind: &'static str,
    service: Option<String>,
    contact_count: usize,
    contact_ids: Vec<String>,
    highest: Privacy,
    /// Of the least private of them: a route promises no more.
    #[serde(flatten)]
    explanation: Explanation,
}

impl Record {
    fn new(view: &RouteView, language: Language) -> Self {
        Self {
            kind: view.kind.key(),
            service: view.service.clone(),
            contact_count: view.contacts,
            contact_ids: view.named.iter().map(ContactId::to_string).collect(),
            highest: Privacy::current(view.highest),
            explanation: Explanation::new(&view.evidence, language),
        }
    }
}

/// Answers `Route/get`.
pub(crate) async fn get_routes(call: &Call<'_>, mut arguments: Arguments) -> Result<Value, MethodError> {
    let account = call.account(&mut arguments)?;
    let language = call.language(&mut arguments)?;
    arguments.finish()?;
    let found = call.hub.routes(call.access, ROUTES_CONTACTS_MAX).await?;
    let records = found.routes.iter().map(|route| object(&Record::new(route, language)));
    Ok(json!({
        "accountId": account,
        "list": records.collect::<Vec<_>>(),
        "counted": found.counted,
        "notReached": found.not_reached,
        "isComplete": found.is_complete,
    }))
}
