//! Transfer: get, changes, set. Creating one begins an import, whose file is then sent to `/jmap/import`; its state can
//! be set to cancelled; destroying one forgets it and its report.

use super::words::{self, utc_date};
use super::{not_settable, object, state};
use crate::rfc8620::arguments::Arguments;
use crate::rfc8620::call::Call;
use crate::rfc8620::error::{MethodError, SetError};
use crate::rfc8620::resource::{Logged, Object, Resource, Settable, Wanted, found};
use caliopen_hub::{ImportWish, ObjectType, TransferState, TransferView};
use caliopen_model::{Place, Spot, TransferId, UnpackReason};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The type.
pub(crate) struct Transfer;

/// How an import is asked for.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    name: String,
    #[serde(default)]
    size: Option<u64>,
    #[serde(default)]
    place: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record {
    id: String,
    kind: &'static str,
    state: &'static str,
    name: String,
    place: &'static str,
    created_at: String,
    changed_at: String,
    size: Option<u64>,
    bytes: u64,
    resume_at: u64,
    stored: u64,
    known: u64,
    cards: u64,
    passed: u64,
    faults: Vec<Fault>,
}

#[derive(Debug, Serialize)]
struct Fault {
    path: String,
    number: u64,
    offset: u64,
    reason: &'static str,
}

impl From<TransferView> for Record {
    fn from(view: TransferView) -> Self {
        Self {
            id: view.id.to_string(),
            kind: if view.is_export { "export" } else { "import" },
            state: state_word(view.state),
            name: view.name,
            place: words::place(view.place),
            created_at: utc_date(view.created_at),
            changed_at: utc_date(view.changed_at),
            size: view.bytes_total,
            bytes: view.bytes,
            resume_at: view.resume_at,
            stored: view.stored,
            known: view.known,
            cards: view.cards,
            passed: view.passed,
            faults: view.faults.into_iter().map(Fault::from).collect(),
        }
    }
}

impl From<(Spot, UnpackReason)> for Fault {
    fn from((spot, reason): (Spot, UnpackReason)) -> Self {
        Self {
            path: spot.path,
            number: spot.number,
            offset: spot.offset,
            reason: words::unpack_reason(reason),
        }
    }
}

const fn state_word(state: TransferState) -> &'static str {
    match state {
        TransferState::Running => "running",
        TransferState::Paused => "paused",
        TransferState::Done => "done",
        TransferState::Cancelled => CANCELLED,
        TransferState::Broken => "broken",
    }
}

const CANCELLED: &str = "cancelled";

impl Resource for Transfer {
    type Id = TransferId;
    type Options = ();
    const PROPERTIES: &'static [&'static str] = &[
        "id",
        "kind",
        "state",
        "name",
        "place",
        "createdAt",
        "changedAt",
        "size",
        "bytes",
        "resumeAt",
        "stored",
        "known",
        "cards",
        "passed",
        "faults",
    ];

    fn options(_: &Call<'_>, _: &mut Arguments) -> Result<(), MethodError> {
        Ok(())
    }

    async fn state(call: &Call<'_>) -> Result<String, MethodError> {
        state(call, ObjectType::Transfer).await
    }

    async fn all(call: &Call<'_>) -> Result<Option<Vec<TransferId>>, MethodError> {
        Ok(Some(call.hub.transfer_ids(call.access).await?))
    }

    async fn objects(
        call: &Call<'_>,
        ids: &[TransferId],
        _: &Wanted,
        (): &(),
    ) -> Result<Vec<Option<Object>>, MethodError> {
        let views = call.hub.transfers(call.access, ids).await?;
        Ok(views.into_iter().map(|view| view.map(|view| object(&Record::from(view)))).collect())
    }
}

impl Logged for Transfer {
    const OBJECT: ObjectType = ObjectType::Transfer;
}

impl Settable for Transfer {
    const WRITE_ONLY: &'static [&'static str] = &[];
    const NO_CREATE: &'static str = "";
    type Patch = ();

    fn patch(_: &Object, changed: &Object) -> Result<(), SetError> {
        match changed.iter().find(|(name, value)| *name != "state" || **value != CANCELLED) {
            Some((name, _)) if name == "state" => {
                Err(SetError::invalid("state", "it can be set to cancelled alone"))
            }
            Some((name, _)) => Err(not_settable(name)),
            None => Ok(()),
        }
    }

    async fn create(
        call: &Call<'_>,
        properties: &Object,
    ) -> Result<Result<(TransferId, Object), SetError>, MethodError> {
        let wish = match wish(properties) {
            Ok(wish) => wish,
            Err(error) => return Ok(Err(error)),
        };
        let id = call.hub.begin_import(call.access, &wish).await?;
        let view = call.hub.transfers(call.access, &[id]).await?.into_iter().flatten().next();
        Ok(view.map(|view| (id, object(&Record::from(view)))).ok_or(SetError::NotFound))
    }

    async fn update(call: &Call<'_>, id: TransferId, (): &()) -> Result<Result<(), SetError>, MethodError> {
        Ok(match call.hub.cancel_transfer(call.access, id).await? {
            true => Ok(()),
            false => Err(SetError::invalid("state", "it is over already")),
        })
    }

    async fn destroy(call: &Call<'_>, id: TransferId) -> Result<Result<(), SetError>, MethodError> {
        Ok(found(call.hub.forget_transfer(call.access, id).await?))
    }
}

fn wish(properties: &Object) -> Result<ImportWish, SetError> {
    let asked: Asked = serde_json::from_value(Value::Object(properties.clone())).map_err(|error| {
        SetError::Own { kind: "invalidProperties", properties: Vec::new(), why: error.to_string() }
    })?;
    let place = match asked.place.as_deref() {
        None => Place::Inbox,
        Some(word) => words::read_place(word)
            .filter(|place| matches!(place, Place::Inbox | Place::Archive))
            .ok_or_else(|| SetError::invalid("place", "it is inbox or archive"))?,
    };
    Ok(ImportWish { name: asked.name, bytes_total: asked.size, place })
}
