//! Label: get, changes, set. There are few, and `get` gives them all.

use super::words::{self, optional_colour};
use super::{not_settable, object, state};
use crate::limits::LABEL_CHARS_MAX;
use crate::rfc8620::arguments::Arguments;
use crate::rfc8620::call::Call;
use crate::rfc8620::error::{MethodError, SetError};
use crate::rfc8620::resource::{Logged, Object, Resource, Settable, Wanted, found};
use caliopen_hub::{LabelError, LabelPatch, LabelView, ObjectType};
use caliopen_model::LabelId;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The type.
pub(crate) struct Label;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: String,
    name: String,
    colour: &'static str,
    conversation_count: u32,
    unread_count: u32,
}

impl From<LabelView> for Record {
    fn from(view: LabelView) -> Self {
        Self {
            id: view.id.to_string(),
            name: view.name,
            colour: words::colour(view.colour),
            conversation_count: view.conversations,
            unread_count: view.unread,
        }
    }
}

impl Resource for Label {
    type Id = LabelId;
    type Options = ();
    const PROPERTIES: &'static [&'static str] = &["id", "name", "colour", "conversationCount", "unreadCount"];

    fn options(_: &Call<'_>, _: &mut Arguments) -> Result<(), MethodError> {
        Ok(())
    }

    async fn state(call: &Call<'_>) -> Result<String, MethodError> {
        state(call, ObjectType::Label).await
    }

    async fn all(call: &Call<'_>) -> Result<Option<Vec<LabelId>>, MethodError> {
        Ok(Some(call.hub.labels(call.access).await?.into_iter().map(|label| label.id).collect()))
    }

    async fn objects(
        call: &Call<'_>,
        ids: &[LabelId],
        _: &Wanted,
        (): &(),
    ) -> Result<Vec<Option<Object>>, MethodError> {
        let labels = call.hub.labels(call.access).await?;
        let mut labels: BTreeMap<LabelId, LabelView> =
            labels.into_iter().map(|label| (label.id, label)).collect();
        Ok(ids.iter().map(|id| labels.remove(id).map(|label| object(&Record::from(label)))).collect())
    }
}

impl Logged for Label {
    const OBJECT: ObjectType = ObjectType::Label;
}

impl Settable for Label {
    const WRITE_ONLY: &'static [&'static str] = &[];
    const NO_CREATE: &'static str = "";
    type Patch = LabelPatch;

    fn patch(_: &Object, changed: &Object) -> Result<LabelPatch, SetError> {
        let mut patch = LabelPatch::default();
        for (name, value) in changed {
            match name.as_str() {
                "name" => patch.name = Some(label_name(value)?),
                "colour" => patch.colour = Some(optional_colour(value)?),
                _ => return Err(not_settable(name)),
            }
        }
        Ok(patch)
    }

    async fn create(
        call: &Call<'_>,
        properties: &Object,
    ) -> Result<Result<(LabelId, Object), SetError>, MethodError> {
        let wanted = match Self::patch(&Object::new(), properties) {
            Ok(wanted) => wanted,
            Err(error) => return Ok(Err(error)),
        };
        let (name, colour) = (wanted.name.unwrap_or_default(), wanted.colour.unwrap_or_default());
        let id = match call.hub.create_label(call.access, &name, colour).await {
            Ok(id) => id,
            Err(error) => return refused(error).map(Err),
        };
        let made = LabelView { id, name: name.trim().to_owned(), colour, conversations: 0, unread: 0 };
        let mut told = object(&Record::from(made));
        // What was asked for needs no answer, unless it came out otherwise.
        told.retain(|name, value| properties.get(name) != Some(value));
        Ok(Ok((id, told)))
    }

    async fn update(
        call: &Call<'_>,
        id: LabelId,
        patch: &LabelPatch,
    ) -> Result<Result<(), SetError>, MethodError> {
        match call.hub.update_label(call.access, id, patch).await {
            Ok(()) => Ok(Ok(())),
            Err(error) => refused(error).map(Err),
        }
    }

    async fn destroy(call: &Call<'_>, id: LabelId) -> Result<Result<(), SetError>, MethodError> {
        Ok(found(call.hub.destroy_label(call.access, id).await?))
    }
}

fn label_name(value: &Value) -> Result<String, SetError> {
    match value {
        Value::String(text) if text.chars().count() <= LABEL_CHARS_MAX => Ok(text.clone()),
        Value::String(_) => Err(SetError::invalid("name", "it is too long")),
        _ => Err(SetError::invalid("name", "it is a text")),
    }
}

fn refused(error: LabelError) -> Result<SetError, MethodError> {
    let kind = match error {
        LabelError::Hub(cause) => return Err(cause.into()),
        LabelError::Unknown => return Ok(SetError::NotFound),
        LabelError::NoName => return Ok(SetError::invalid("name", "a label needs a name")),
        LabelError::Taken => "alreadyExists",
        LabelError::TooMany => "overQuota",
    };
    Ok(SetError::Own { kind, properties: Vec::new(), why: error.to_string() })
}
