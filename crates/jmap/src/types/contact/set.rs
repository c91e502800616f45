//! What of a contact can be made and changed.

use super::Contact;
use super::record::Field;
use crate::limits::{NAME_CHARS_MAX, NOTE_CHARS_MAX};
use crate::rfc8620::call::Call;
use crate::rfc8620::error::{MethodError, SetError};
use crate::rfc8620::resource::{Object, Resource, Settable, Wanted, found};
use crate::types::{not_settable, optional_text, yes_or_no};
use caliopen_hub::{ContactError, ContactPatch, WayPatch};
use caliopen_model::{CardField, ContactId, Handle};
use serde_json::Value;

impl Settable for Contact {
    const WRITE_ONLY: &'static [&'static str] = &["restores"];
    const NO_CREATE: &'static str = "";
    type Patch = ContactPatch;

    fn patch(_: &Object, changed: &Object) -> Result<ContactPatch, SetError> {
        patch(changed)
    }

    async fn create(
        call: &Call<'_>,
        properties: &Object,
    ) -> Result<Result<(ContactId, Object), SetError>, MethodError> {
        let made = match properties.get("restores") {
            Some(_) if properties.len() > 1 => {
                Err(SetError::invalid("restores", "what is taken back is as it was: nothing else is said"))
            }
            Some(id) => restore(call, id).await?,
            None => match patch(properties) {
                Ok(patch) => said(call.hub.create_contact(call.access, &patch).await)?,
                Err(error) => Err(error),
            },
        };
        let id = match made {
            Ok(id) => id,
            Err(error) => return Ok(Err(error)),
        };
        let mut told =
            Self::objects(call, &[id], &Wanted::Usual, &()).await?.pop().flatten().unwrap_or_default();
        told.retain(|name, value| properties.get(name) != Some(value));
        Ok(Ok((id, told)))
    }

    async fn update(
        call: &Call<'_>,
        id: ContactId,
        patch: &ContactPatch,
    ) -> Result<Result<(), SetError>, MethodError> {
        said(call.hub.update_contact(call.access, id, patch).await)
    }

    async fn destroy(call: &Call<'_>, id: ContactId) -> Result<Result<(), SetError>, MethodError> {
        Ok(found(call.hub.destroy_contact(call.access, id).await?))
    }
}

async fn restore(call: &Call<'_>, id: &Value) -> Result<Result<ContactId, SetError>, MethodError> {
    let id = id.as_str().and_then(|text| text.parse::<ContactId>().ok());
    let Some(id) = id else { return Ok(Err(SetError::invalid("restores", "it is the id of a contact"))) };
    let there = call.hub.restore_contact(call.access, id).await?;
    Ok(found(there).map(|()| id))
}

fn patch(changed: &Object) -> Result<ContactPatch, SetError> {
    let mut patch = ContactPatch::default();
    for (name, value) in changed {
        match name.as_str() {
            "name" => patch.name = Some(optional_text(name, value, NAME_CHARS_MAX)?),
            "note" => patch.note = Some(optional_text(name, value, NOTE_CHARS_MAX)?),
            "blocked" => patch.blocked = Some(yes_or_no(name, value)?),
            "showsPictures" => patch.shows_pictures = Some(yes_or_no(name, value)?),
            "fields" => patch.fields = Some(fields(name, value)?),
            "handles" => patch.handles = Some(handles(name, value)?),
            "ways" => patch.ways = ways(name, value)?,
            _ => return Err(not_settable(name)),
        }
    }
    Ok(patch)
}

fn fields(name: &str, value: &Value) -> Result<Vec<CardField>, SetError> {
    let fields: Option<Vec<Field>> = match value {
        Value::Null => Some(Vec::new()),
        other => serde_json::from_value(other.clone()).ok(),
    };
    let fields =
        fields.ok_or_else(|| SetError::invalid(name, "a field has a kind, a use or none, and a value"))?;
    Ok(fields.into_iter().map(CardField::from).collect())
}

fn handles(name: &str, value: &Value) -> Result<Vec<Handle>, SetError> {
    let texts: Option<Vec<String>> = match value {
        Value::Null => Some(Vec::new()),
        other => serde_json::from_value(other.clone()).ok(),
    };
    let handles: Option<Vec<Handle>> =
        texts.and_then(|texts| texts.iter().map(|text| Handle::parse(text)).collect());
    handles.ok_or_else(|| SetError::invalid(name, "a handle is a protocol, a colon and an address"))
}

/// What is said of single handles: the rest of each is as the server has it.
fn ways(name: &str, value: &Value) -> Result<Vec<WayPatch>, SetError> {
    let wrong = || SetError::invalid(name, "a way has a handle, and is blocked or confirmed or not");
    let way = |way: &Value| {
        let text = |key: &str| way.get(key).and_then(Value::as_str);
        let handle = Handle::parse(text("handle")?)?;
        let said = |key: &str| way.get(key).and_then(Value::as_bool);
        Some(WayPatch { handle, blocked: said("blocked"), confirmed: said("confirmed") })
    };
    let ways = value.as_array().ok_or_else(wrong)?;
    ways.iter().map(|one| way(one).ok_or_else(wrong)).collect()
}

/// A failure of ours ends the call; the others are said of the one contact.
pub(super) fn said<T>(done: Result<T, ContactError>) -> Result<Result<T, SetError>, MethodError> {
    let error = match done {
        Ok(value) => return Ok(Ok(value)),
        Err(ContactError::Hub(cause)) => return Err(cause.into()),
        Err(ContactError::NotFound) => return Ok(Err(SetError::NotFound)),
        Err(error) => error,
    };
    let (kind, property) = match &error {
        ContactError::Taken(_) => ("handleTaken", Some("handles")),
        ContactError::Own => ("handleOwn", Some("handles")),
        ContactError::TooMany(_) => ("overQuota", None),
        ContactError::Birthday => ("invalidProperties", Some("fields")),
        _ => ("invalidProperties", Some("name")),
    };
    let why = match &error {
        ContactError::Taken(other) => format!("{other}: {error}"),
        _ => error.to_string(),
    };
    Ok(Err(SetError::Own { kind, properties: property.map(str::to_owned).into_iter().collect(), why }))
}
