//! Session: get, changes, set. Destroying one signs that browser or program out at once.

use super::words::utc_date;
use super::{Few, not_settable, object};
use crate::rfc8620::call::Call;
use crate::rfc8620::error::{MethodError, SetError};
use crate::rfc8620::resource::{Object, Settable, found};
use caliopen_hub::{ObjectType, SessionView};
use caliopen_model::SessionId;
use serde::Serialize;

/// The type.
pub(crate) struct Session;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: String,
    client: String,
    created_at: String,
    last_used_at: String,
    current: bool,
    device_id: Option<String>,
    stepped_up_until: Option<String>,
}

impl From<&SessionView> for Record {
    fn from(view: &SessionView) -> Self {
        Self {
            id: view.id.to_string(),
            client: view.client.clone(),
            created_at: utc_date(view.created_at),
            last_used_at: utc_date(view.last_used_at),
            current: view.current,
            device_id: view.device.map(|id| id.to_string()),
            stepped_up_until: view.stepped_up_until.map(utc_date),
        }
    }
}

impl Few for Session {
    type Id = SessionId;
    const OBJECT: ObjectType = ObjectType::Session;
    const PROPERTIES: &'static [&'static str] =
        &["id", "client", "createdAt", "lastUsedAt", "current", "deviceId", "steppedUpUntil"];

    async fn every(call: &Call<'_>) -> Result<Vec<(SessionId, Object)>, MethodError> {
        let views = call.hub.sessions(call.access).await?;
        Ok(views.iter().map(|view| (view.id, object(&Record::from(view)))).collect())
    }
}

impl Settable for Session {
    const WRITE_ONLY: &'static [&'static str] = &[];
    const NO_CREATE: &'static str = "a session begins by signing in";
    type Patch = ();

    fn patch(_: &Object, changed: &Object) -> Result<(), SetError> {
        changed.keys().next().map_or(Ok(()), |name| Err(not_settable(name)))
    }

    async fn update(_: &Call<'_>, _: SessionId, (): &()) -> Result<Result<(), SetError>, MethodError> {
        Ok(Ok(()))
    }

    async fn destroy(call: &Call<'_>, id: SessionId) -> Result<Result<(), SetError>, MethodError> {
        Ok(found(call.hub.end_session(call.access, id).await?))
    }
}
