//! Quota: get and changes of the one object that there is, with the members of RFC 9425 §4.

use super::{Few, Singleton, object, single};
use crate::rfc8620::call::Call;
use crate::rfc8620::error::MethodError;
use crate::rfc8620::resource::Object;
use caliopen_hub::{ObjectType, StorageView};
use serde::Serialize;

/// Of what may be used, the hundredths from which on a user is warned.
const WARNED_FROM: u64 = 90;

/// The type.
pub(crate) struct Quota;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: &'static str,
    name: &'static str,
    resource_type: &'static str,
    scope: &'static str,
    types: [&'static str; 1],
    used: u64,
    /// None where there is no limit.
    hard_limit: Option<u64>,
    warn_limit: Option<u64>,
    earned: u64,
}

impl From<StorageView> for Record {
    fn from(view: StorageView) -> Self {
        Self {
            id: "singleton",
            name: "storage",
            resource_type: "octets",
            scope: "account",
            types: ["Message"],
            used: view.used,
            hard_limit: view.allowed,
            warn_limit: view.allowed.map(|allowed| allowed / 100 * WARNED_FROM),
            earned: view.earned,
        }
    }
}

impl Few for Quota {
    type Id = Singleton;
    const OBJECT: ObjectType = ObjectType::Quota;
    const PROPERTIES: &'static [&'static str] =
        &["id", "name", "resourceType", "scope", "types", "used", "hardLimit", "warnLimit", "earned"];

    async fn ids(_: &Call<'_>) -> Result<Vec<Singleton>, MethodError> {
        Ok(vec![Singleton])
    }

    async fn every(call: &Call<'_>) -> Result<Vec<(Singleton, Object)>, MethodError> {
        Ok(single(object(&Record::from(call.hub.storage(call.access).await?))))
    }
}
