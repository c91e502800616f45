//! Identity: get, changes, set. Which addresses there are is the administrator's to say, but for those that quests brought;
//! how they are signed is the user's.

use super::{Few, not_settable, object, optional_text, yes_or_no};
use crate::limits::{NAME_CHARS_MAX, SIGNATURE_CHARS_MAX};
use crate::rfc8620::call::Call;
use crate::rfc8620::error::{MethodError, SetError};
use crate::rfc8620::resource::{Object, Settable, found};
use caliopen_hub::{ChooseError, IdentityPatch, IdentityView, ObjectType, Rested};
use caliopen_model::IdentityId;
use serde::Serialize;
use serde_json::Value;

/// The type.
pub(crate) struct Identity;

/// What to change: words, and whether it takes mail.
pub(crate) struct Patch {
    words: IdentityPatch,
    rests: Option<bool>,
}

/// The signatures are called as RFC 8621 §6 has them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: String,
    address: String,
    name: Option<String>,
    text_signature: String,
    html_signature: Option<String>,
    is_chosen: bool,
    rests: bool,
}

impl From<&IdentityView> for Record {
    fn from(view: &IdentityView) -> Self {
        let IdentityView { id, address, name, text_signature, html_signature, by_person, rests } =
            view.clone();
        Self {
            id: id.to_string(),
            address,
            name,
            text_signature,
            html_signature,
            is_chosen: by_person,
            rests,
        }
    }
}

impl Few for Identity {
    type Id = IdentityId;
    const OBJECT: ObjectType = ObjectType::Identity;
    const PROPERTIES: &'static [&'static str] =
        &["id", "address", "name", "textSignature", "htmlSignature", "isChosen", "rests"];

    async fn every(call: &Call<'_>) -> Result<Vec<(IdentityId, Object)>, MethodError> {
        let views = call.hub.identities(call.access).await?;
        Ok(views.iter().map(|view| (view.id, object(&Record::from(view)))).collect())
    }
}

impl Settable for Identity {
    const WRITE_ONLY: &'static [&'static str] = &[];
    const NO_CREATE: &'static str = "";
    type Patch = Patch;

    fn patch(_: &Object, changed: &Object) -> Result<Patch, SetError> {
        let mut rests = None;
        let mut patch = IdentityPatch::default();
        for (name, value) in changed {
            match name.as_str() {
                "name" => patch.name = Some(optional_text(name, value, NAME_CHARS_MAX)?),
                "textSignature" => {
                    let text = optional_text(name, value, SIGNATURE_CHARS_MAX)?;
                    patch.text_signature = Some(text.unwrap_or_default());
                }
                "htmlSignature" => {
                    patch.html_signature = Some(optional_text(name, value, SIGNATURE_CHARS_MAX)?);
                }
                "rests" => rests = Some(yes_or_no(name, value)?),
                _ => return Err(not_settable(name)),
            }
        }
        Ok(Patch { words: patch, rests })
    }

    async fn create(
        call: &Call<'_>,
        properties: &Object,
    ) -> Result<Result<(IdentityId, Object), SetError>, MethodError> {
        let wanted = match properties.get("address") {
            Some(Value::String(address)) if properties.len() == 1 => address,
            _ => {
                return Ok(Err(SetError::invalid("address", "the address alone: the rest is changed later")));
            }
        };
        let id = match call.hub.choose_address(call.access, wanted).await {
            Ok(id) => id,
            Err(error) => return refused(error).map(Err),
        };
        let made = call.hub.identities(call.access).await?.into_iter().find(|own| own.id == id);
        let mut told = made.map(|view| object(&Record::from(&view))).unwrap_or_default();
        told.retain(|name, value| properties.get(name) != Some(value));
        Ok(Ok((id, told)))
    }

    async fn update(
        call: &Call<'_>,
        id: IdentityId,
        patch: &Patch,
    ) -> Result<Result<(), SetError>, MethodError> {
        if let Some(rests) = patch.rests {
            match call.hub.let_rest(call.access, id, rests).await? {
                Rested::Done => {}
                Rested::Unknown => return Ok(Err(SetError::NotFound)),
                Rested::NotChosen => {
                    return Ok(Err(SetError::invalid(
                        "rests",
                        "the administrator of the host gave this address",
                    )));
                }
            }
        }
        if patch.words == IdentityPatch::default() {
            return Ok(Ok(()));
        }
        Ok(found(call.hub.update_identity(call.access, id, &patch.words).await?))
    }

    async fn destroy(call: &Call<'_>, id: IdentityId) -> Result<Result<(), SetError>, MethodError> {
        let there = call.hub.identities(call.access).await?.iter().any(|view| view.id == id);
        let why = SetError::Forbidden(
            "an address stays its person's for good: let it rest, or ask the administrator",
        );
        Ok(Err(if there { why } else { SetError::NotFound }))
    }
}

fn refused(error: ChooseError) -> Result<SetError, MethodError> {
    let kind = match error {
        ChooseError::Hub(cause) => return Err(cause.into()),
        ChooseError::NoneLeft => "overQuota",
        ChooseError::Taken => "alreadyExists",
        ChooseError::Reserved => "reserved",
        ChooseError::Wait(_) => "rateLimit",
        ChooseError::Name | ChooseError::Domain => "invalidProperties",
    };
    Ok(SetError::Own { kind, properties: vec!["address".to_owned()], why: error.to_string() })
}
