//! Passkey: get, changes, set. One is added by `/auth/passkeys`; destroying it ends what it opens, and no session.

use super::words::utc_date;
use super::{Few, not_settable, object};
use crate::rfc8620::call::Call;
use crate::rfc8620::error::{MethodError, SetError};
use crate::rfc8620::resource::{Object, Settable, found};
use caliopen_hub::{ObjectType, PasskeyError, PasskeyView};
use caliopen_model::PasskeyId;
use serde::Serialize;
use serde_json::Value;

/// The type.
pub(crate) struct Passkey;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: String,
    name: String,
    created_at: String,
    last_used_at: Option<String>,
    can_sign_in: bool,
    is_synced: bool,
    is_copied: bool,
}

impl From<&PasskeyView> for Record {
    fn from(view: &PasskeyView) -> Self {
        Self {
            id: view.id.to_string(),
            name: view.name.clone(),
            created_at: utc_date(view.created_at),
            last_used_at: view.used_at.map(utc_date),
            can_sign_in: view.can_sign_in,
            is_synced: view.is_synced,
            is_copied: view.is_copied,
        }
    }
}

impl Few for Passkey {
    type Id = PasskeyId;
    const OBJECT: ObjectType = ObjectType::Passkey;
    const PROPERTIES: &'static [&'static str] =
        &["id", "name", "createdAt", "lastUsedAt", "canSignIn", "isSynced", "isCopied"];

    async fn every(call: &Call<'_>) -> Result<Vec<(PasskeyId, Object)>, MethodError> {
        let views = call.hub.passkeys(call.access).await?;
        Ok(views.iter().map(|view| (view.id, object(&Record::from(view)))).collect())
    }
}

impl Settable for Passkey {
    const WRITE_ONLY: &'static [&'static str] = &[];
    const NO_CREATE: &'static str = "a passkey is added by /auth/passkeys";
    /// Its name.
    type Patch = Option<String>;

    fn patch(_: &Object, changed: &Object) -> Result<Option<String>, SetError> {
        let mut name = None;
        for (property, value) in changed {
            match (property.as_str(), value) {
                ("name", Value::String(text)) => name = Some(text.clone()),
                ("name", _) => return Err(SetError::invalid("name", "a name is a text")),
                _ => return Err(not_settable(property)),
            }
        }
        Ok(name)
    }

    async fn update(
        call: &Call<'_>,
        id: PasskeyId,
        name: &Option<String>,
    ) -> Result<Result<(), SetError>, MethodError> {
        let Some(name) = name else { return Ok(Ok(())) };
        answered(call.hub.rename_passkey(call.access, id, name).await)
    }

    async fn destroy(call: &Call<'_>, id: PasskeyId) -> Result<Result<(), SetError>, MethodError> {
        answered(call.hub.remove_passkey(call.access, id).await)
    }
}

fn answered(done: Result<bool, PasskeyError>) -> Result<Result<(), SetError>, MethodError> {
    match done {
        Ok(there) => Ok(found(there)),
        Err(PasskeyError::Hub(cause)) => Err(cause.into()),
        Err(error @ PasskeyError::Name) => Ok(Err(SetError::Own {
            kind: "invalidProperties",
            properties: vec!["name".to_owned()],
            why: error.to_string(),
        })),
        Err(error) => {
            Ok(Err(SetError::Own { kind: "forbidden", properties: Vec::new(), why: error.to_string() }))
        }
    }
}
