//! Identity: get, changes, set. Which addresses there are is the administrator's to say; how they are signed the user's.

use super::{Few, not_settable, object, optional_text};
use crate::limits::{NAME_CHARS_MAX, SIGNATURE_CHARS_MAX};
use crate::rfc8620::call::Call;
use crate::rfc8620::error::{MethodError, SetError};
use crate::rfc8620::resource::{Object, Settable, found};
use caliopen_hub::{IdentityPatch, IdentityView, ObjectType};
use caliopen_model::IdentityId;
use serde::Serialize;

/// The type.
pub(crate) struct Identity;

/// The signatures are called as RFC 8621 §6 has them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: String,
    address: String,
    name: Option<String>,
    text_signature: String,
    html_signature: Option<String>,
}

impl From<&IdentityView> for Record {
    fn from(view: &IdentityView) -> Self {
        let IdentityView { id, address, name, text_signature, html_signature } = view.clone();
        Self { id: id.to_string(), address, name, text_signature, html_signature }
    }
}

impl Few for Identity {
    type Id = IdentityId;
    const OBJECT: ObjectType = ObjectType::Identity;
    const PROPERTIES: &'static [&'static str] = &["id", "address", "name", "textSignature", "htmlSignature"];

    async fn every(call: &Call<'_>) -> Result<Vec<(IdentityId, Object)>, MethodError> {
        let views = call.hub.identities(call.access).await?;
        Ok(views.iter().map(|view| (view.id, object(&Record::from(view)))).collect())
    }
}

impl Settable for Identity {
    const WRITE_ONLY: &'static [&'static str] = &[];
    const NO_CREATE: &'static str = "the administrator of the host adds an address: ask them";
    type Patch = IdentityPatch;

    fn patch(_: &Object, changed: &Object) -> Result<IdentityPatch, SetError> {
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
                _ => return Err(not_settable(name)),
            }
        }
        Ok(patch)
    }

    async fn update(
        call: &Call<'_>,
        id: IdentityId,
        patch: &IdentityPatch,
    ) -> Result<Result<(), SetError>, MethodError> {
        Ok(found(call.hub.update_identity(call.access, id, patch).await?))
    }

    async fn destroy(call: &Call<'_>, id: IdentityId) -> Result<Result<(), SetError>, MethodError> {
        let there = call.hub.identities(call.access).await?.iter().any(|view| view.id == id);
        let why = SetError::Forbidden("the administrator of the host takes an address away: ask them");
        Ok(Err(if there { why } else { SetError::NotFound }))
    }
}
