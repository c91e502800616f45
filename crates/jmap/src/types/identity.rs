//! Identity: get only. Identities come with the account.

use super::object;
use crate::rfc8620::arguments::Arguments;
use crate::rfc8620::call::Call;
use crate::rfc8620::error::MethodError;
use crate::rfc8620::resource::{Object, Resource, Wanted};
use caliopen_hub::IdentityView;
use caliopen_model::IdentityId;
use serde::Serialize;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The type.
pub(crate) struct Identity;

#[derive(Debug, Serialize)]
struct Record {
    id: String,
    address: String,
    name: Option<String>,
}

impl From<&IdentityView> for Record {
    fn from(view: &IdentityView) -> Self {
        Self { id: view.id.to_string(), address: view.address.clone(), name: view.name.clone() }
    }
}

impl Resource for Identity {
    type Id = IdentityId;
    type Options = ();
    const PROPERTIES: &'static [&'static str] = &["id", "address", "name"];

    fn options(_: &Call<'_>, _: &mut Arguments) -> Result<(), MethodError> {
        Ok(())
    }

    /// Identities have no change log: their state is a digest of all of them.
    async fn state(call: &Call<'_>) -> Result<String, MethodError> {
        let mut digest = DefaultHasher::new();
        for view in call.hub.identities(call.access).await? {
            (view.id, view.address, view.name).hash(&mut digest);
        }
        Ok(format!("{:016x}", digest.finish()))
    }

    async fn all(call: &Call<'_>) -> Result<Option<Vec<IdentityId>>, MethodError> {
        Ok(Some(call.hub.identities(call.access).await?.into_iter().map(|view| view.id).collect()))
    }

    async fn objects(
        call: &Call<'_>,
        ids: &[IdentityId],
        _: &Wanted,
        (): &(),
    ) -> Result<Vec<Option<Object>>, MethodError> {
        let views = call.hub.identities(call.access).await?;
        let find = |id| views.iter().find(|view| view.id == id).map(|view| object(&Record::from(view)));
        Ok(ids.iter().map(|id| find(*id)).collect())
    }
}
