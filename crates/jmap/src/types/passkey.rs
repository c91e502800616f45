//! Passkey: get, changes, set. One is added by `/auth/passkeys`; destroying it ends what it opens, and no session.

use super::words::utc_date;
use super::{not_settable, object, state};
use crate::rfc8620::arguments::Arguments;
use crate::rfc8620::call::Call;
use crate::rfc8620::error::{MethodError, SetError};
use crate::rfc8620::resource::{Logged, Object, Resource, Settable, Wanted, found};
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

impl Resource for Passkey {
    type Id = PasskeyId;
    type Options = ();
    const PROPERTIES: &'static [&'static str] =
        &["id", "name", "createdAt", "lastUsedAt", "canSignIn", "isSynced", "isCopied"];

    fn options(_: &Call<'_>, _: &mut Arguments) -> Result<(), MethodError> {
        Ok(())
    }

    async fn state(call: &Call<'_>) -> Result<String, MethodError> {
        state(call, ObjectType::Passkey).await
    }

    async fn all(call: &Call<'_>) -> Result<Option<Vec<PasskeyId>>, MethodError> {
        Ok(Some(call.hub.passkeys(call.access).await?.into_iter().map(|view| view.id).collect()))
    }

    async fn objects(
        call: &Call<'_>,
        ids: &[PasskeyId],
        _: &Wanted,
        (): &(),
    ) -> Result<Vec<Option<Object>>, MethodError> {
        let views = call.hub.passkeys(call.access).await?;
        let find = |id| views.iter().find(|view| view.id == id).map(|view| object(&Record::from(view)));
        Ok(ids.iter().map(|id| find(*id)).collect())
    }
}

impl Logged for Passkey {
    const OBJECT: ObjectType = ObjectType::Passkey;
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
