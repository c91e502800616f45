//! Template: get, changes, query, set. What an update leaves out stays.

use super::words::utc_date;
use super::{end_filter, listed, not_settable, object, state};
use crate::rfc8620::arguments::Arguments;
use crate::rfc8620::call::Call;
use crate::rfc8620::error::{MethodError, SetError};
use crate::rfc8620::resource::{Logged, Object, Queried, Resource, Settable, Start, Wanted, found};
use caliopen_hub::{ObjectType, Page, Template as Words, TemplateError, TemplateView};
use caliopen_model::TemplateId;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The type.
pub(crate) struct Template;

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Record {
    #[serde(skip_deserializing)]
    id: String,
    #[serde(skip_deserializing)]
    updated_at: String,
    name: String,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    html: Option<String>,
}

impl From<TemplateView> for Record {
    fn from(view: TemplateView) -> Self {
        let Words { name, subject, text, html } = view.template;
        Self { id: view.id.to_string(), updated_at: utc_date(view.updated_at), name, subject, text, html }
    }
}

/// What a template is to say, read from its properties.
fn words(mut properties: Object) -> Result<Words, SetError> {
    ["id", "updatedAt"].iter().for_each(|name| _ = properties.remove(*name));
    let record: Record = serde_json::from_value(Value::Object(properties)).map_err(|error| {
        SetError::Own { kind: "invalidProperties", properties: Vec::new(), why: error.to_string() }
    })?;
    let Record { name, subject, text, html, .. } = record;
    Ok(Words { name, subject, text, html })
}

impl Resource for Template {
    type Id = TemplateId;
    type Options = ();
    const PROPERTIES: &'static [&'static str] = &["id", "updatedAt", "name", "subject", "text", "html"];

    fn options(_: &Call<'_>, _: &mut Arguments) -> Result<(), MethodError> {
        Ok(())
    }

    async fn state(call: &Call<'_>) -> Result<String, MethodError> {
        state(call, ObjectType::Template).await
    }

    async fn all(call: &Call<'_>) -> Result<Option<Vec<TemplateId>>, MethodError> {
        Ok(Some(ids(call).await?))
    }

    async fn objects(
        call: &Call<'_>,
        ids: &[TemplateId],
        _: &Wanted,
        (): &(),
    ) -> Result<Vec<Option<Object>>, MethodError> {
        let views = call.hub.templates(call.access).await?;
        let find = |id: &TemplateId| views.iter().find(|view| view.id == *id).cloned();
        Ok(ids.iter().map(|id| find(id).map(|view| object(&Record::from(view)))).collect())
    }
}

async fn ids(call: &Call<'_>) -> Result<Vec<TemplateId>, MethodError> {
    Ok(call.hub.templates(call.access).await?.into_iter().map(|view| view.id).collect())
}

impl Logged for Template {
    const OBJECT: ObjectType = ObjectType::Template;
}

impl Queried for Template {
    type Query = ();

    fn query(_: &Call<'_>, filter: Arguments, sort: &[(String, bool)]) -> Result<(), MethodError> {
        end_filter(filter)?;
        match sort {
            [] => Ok(()),
            [(property, true)] if property == "name" => Ok(()),
            _ => Err(MethodError::UnsupportedSort("templates sort by name, ascending")),
        }
    }

    async fn page(
        call: &Call<'_>,
        (): &(),
        start: Start<TemplateId>,
        limit: usize,
    ) -> Result<Option<Page<TemplateId>>, MethodError> {
        let state = call.hub.states(call.access).await?.of(ObjectType::Template);
        Ok(listed(ids(call).await?, start, limit, state))
    }
}

impl Settable for Template {
    const WRITE_ONLY: &'static [&'static str] = &[];
    const NO_CREATE: &'static str = "";
    type Patch = Words;

    fn patch(current: &Object, changed: &Object) -> Result<Words, SetError> {
        if let Some(name) = ["id", "updatedAt"].into_iter().find(|name| changed.contains_key(*name)) {
            return Err(not_settable(name));
        }
        let mut whole = current.clone();
        whole.extend(changed.clone());
        words(whole)
    }

    async fn create(
        call: &Call<'_>,
        properties: &Object,
    ) -> Result<Result<(TemplateId, Object), SetError>, MethodError> {
        let words = match words(properties.clone()) {
            Ok(words) => words,
            Err(error) => return Ok(Err(error)),
        };
        match call.hub.create_template(call.access, words).await {
            Ok(view) => {
                let id = view.id;
                let mut told = object(&Record::from(view));
                told.retain(|name, value| properties.get(name) != Some(value));
                Ok(Ok((id, told)))
            }
            Err(error) => refused(error).map(Err),
        }
    }

    async fn update(
        call: &Call<'_>,
        id: TemplateId,
        words: &Words,
    ) -> Result<Result<(), SetError>, MethodError> {
        match call.hub.update_template(call.access, id, words.clone()).await {
            Ok(view) => Ok(found(view.is_some())),
            Err(error) => refused(error).map(Err),
        }
    }

    async fn destroy(call: &Call<'_>, id: TemplateId) -> Result<Result<(), SetError>, MethodError> {
        Ok(found(call.hub.destroy_template(call.access, id).await?))
    }
}

/// A failure of ours ends the call; the others are said of the one template.
fn refused(error: TemplateError) -> Result<SetError, MethodError> {
    let why = error.to_string();
    let (kind, property) = match error {
        TemplateError::Hub(cause) => return Err(cause.into()),
        TemplateError::TooMany => ("overQuota", None),
        TemplateError::Name => ("invalidProperties", Some("name")),
        TemplateError::TooLong(name) => ("tooLarge", Some(name)),
    };
    Ok(SetError::Own { kind, properties: property.map(str::to_owned).into_iter().collect(), why })
}
