//! AppPassword: get, changes, set. Creating one answers its letters once; destroying one revokes it at once.

use super::words::utc_date;
use super::{Few, not_settable, object};
use crate::rfc8620::call::Call;
use crate::rfc8620::error::{MethodError, SetError};
use crate::rfc8620::resource::{Object, Settable, found};
use caliopen_hub::{AppPasswordError, AppPasswordView, ObjectType};
use caliopen_model::AppPasswordId;
use serde::Serialize;
use serde_json::Value;

/// The type.
pub(crate) struct AppPassword;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: String,
    name: String,
    created_at: String,
    last_used_at: Option<String>,
}

impl From<&AppPasswordView> for Record {
    fn from(view: &AppPasswordView) -> Self {
        Self {
            id: view.id.to_string(),
            name: view.name.clone(),
            created_at: utc_date(view.created_at),
            last_used_at: view.last_used_at.map(utc_date),
        }
    }
}

impl Few for AppPassword {
    type Id = AppPasswordId;
    const OBJECT: ObjectType = ObjectType::AppPassword;
    const PROPERTIES: &'static [&'static str] = &["id", "name", "createdAt", "lastUsedAt"];

    async fn every(call: &Call<'_>) -> Result<Vec<(AppPasswordId, Object)>, MethodError> {
        let views = call.hub.app_passwords(call.access).await?;
        Ok(views.iter().map(|view| (view.id, object(&Record::from(view)))).collect())
    }
}

impl Settable for AppPassword {
    const WRITE_ONLY: &'static [&'static str] = &[];
    const NO_CREATE: &'static str = "";
    type Patch = ();

    fn patch(_: &Object, changed: &Object) -> Result<(), SetError> {
        changed.keys().next().map_or(Ok(()), |name| Err(not_settable(name)))
    }

    async fn create(
        call: &Call<'_>,
        properties: &Object,
    ) -> Result<Result<(AppPasswordId, Object), SetError>, MethodError> {
        let name = match name(properties) {
            Ok(name) => name,
            Err(error) => return Ok(Err(error)),
        };
        match call.hub.new_app_password(call.access, name).await {
            Ok(new) => {
                let mut told = object(&Record::from(&new.view));
                told.insert("secret".to_owned(), Value::String(new.secret.to_string()));
                Ok(Ok((new.view.id, told)))
            }
            Err(AppPasswordError::Hub(cause)) => Err(cause.into()),
            Err(error) => Ok(Err(set_error(&error))),
        }
    }

    async fn update(_: &Call<'_>, _: AppPasswordId, (): &()) -> Result<Result<(), SetError>, MethodError> {
        Ok(Ok(()))
    }

    async fn destroy(call: &Call<'_>, id: AppPasswordId) -> Result<Result<(), SetError>, MethodError> {
        Ok(found(call.hub.revoke_app_password(call.access, id).await?))
    }
}

/// What the program is called: all that a client says of it.
fn name(properties: &Object) -> Result<&str, SetError> {
    if let Some(other) = properties.keys().find(|property| *property != "name") {
        return Err(not_settable(other));
    }
    let name = properties.get("name").and_then(Value::as_str);
    name.ok_or_else(|| SetError::invalid("name", "say what it is for"))
}

fn set_error(error: &AppPasswordError) -> SetError {
    let (kind, properties) = match error {
        AppPasswordError::Name => ("invalidProperties", vec!["name".to_owned()]),
        AppPasswordError::TooMany => ("overQuota", Vec::new()),
        AppPasswordError::Hub(_) => ("serverFail", Vec::new()),
    };
    SetError::Own { kind, properties, why: error.to_string() }
}
