//! Device: get, changes, set. A device is made by signing in; destroying it ends all of its sessions at once.

use super::words::{Privacy, utc_date};
use super::{Few, not_settable, object};
use crate::rfc8620::call::Call;
use crate::rfc8620::error::{MethodError, SetError};
use crate::rfc8620::resource::{Object, Settable, found};
use caliopen_hub::{DevicePatch, DeviceView, ObjectType};
use caliopen_model::{DeviceId, Network};
use caliopen_privacy::device::score;
use serde::Serialize;
use serde_json::Value;

/// The type.
pub(crate) struct Device;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: String,
    name: String,
    created_at: String,
    last_used_at: String,
    days_used: u8,
    is_shared: bool,
    is_signed_in: bool,
    is_current: bool,
    network: Option<&'static str>,
    privacy: Privacy,
}

impl From<&DeviceView> for Record {
    fn from(view: &DeviceView) -> Self {
        Self {
            id: view.id.to_string(),
            name: view.name.clone(),
            created_at: utc_date(view.created_at),
            last_used_at: utc_date(view.last_used_at),
            days_used: view.days_used,
            is_shared: view.is_shared,
            is_signed_in: view.is_signed_in,
            is_current: view.is_current,
            network: view.network.map(network_word),
            privacy: Privacy::current(score(&view.evidence)),
        }
    }
}

impl Few for Device {
    type Id = DeviceId;
    const OBJECT: ObjectType = ObjectType::Device;
    const PROPERTIES: &'static [&'static str] = &[
        "id",
        "name",
        "createdAt",
        "lastUsedAt",
        "daysUsed",
        "isShared",
        "isSignedIn",
        "isCurrent",
        "network",
        "privacy",
    ];

    async fn every(call: &Call<'_>) -> Result<Vec<(DeviceId, Object)>, MethodError> {
        let views = call.hub.devices(call.access).await?;
        Ok(views.iter().map(|view| (view.id, object(&Record::from(view)))).collect())
    }
}

impl Settable for Device {
    const WRITE_ONLY: &'static [&'static str] = &[];
    const NO_CREATE: &'static str = "a device is made by signing in";
    type Patch = DevicePatch;

    fn patch(_: &Object, changed: &Object) -> Result<DevicePatch, SetError> {
        let mut patch = DevicePatch::default();
        for (name, value) in changed {
            match (name.as_str(), value) {
                ("name", Value::String(text)) => patch.name = Some(text.clone()),
                ("isShared", Value::Bool(is_shared)) => patch.is_shared = Some(*is_shared),
                ("network", Value::String(word)) => {
                    let unknown = || SetError::invalid("network", "known, unknown, open or tunnel");
                    patch.network = Some(network(word).ok_or_else(unknown)?);
                }
                ("name", _) => return Err(SetError::invalid("name", "a name is a text")),
                ("isShared", _) => return Err(SetError::invalid("isShared", "true or false")),
                ("network", _) => return Err(SetError::invalid("network", "a word")),
                _ => return Err(not_settable(name)),
            }
        }
        Ok(patch)
    }

    async fn update(
        call: &Call<'_>,
        id: DeviceId,
        patch: &DevicePatch,
    ) -> Result<Result<(), SetError>, MethodError> {
        Ok(found(call.hub.change_device(call.access, id, patch).await?))
    }

    async fn destroy(call: &Call<'_>, id: DeviceId) -> Result<Result<(), SetError>, MethodError> {
        Ok(found(call.hub.remove_device(call.access, id).await?))
    }
}

const NETWORKS: [(Network, &str); 4] = [
    (Network::Known, "known"),
    (Network::Unknown, "unknown"),
    (Network::Open, "open"),
    (Network::Tunnel, "tunnel"),
];

fn network(word: &str) -> Option<Network> {
    NETWORKS.iter().find(|(_, known)| *known == word).map(|(network, _)| *network)
}

fn network_word(network: Network) -> &'static str {
    NETWORKS.iter().find(|(known, _)| *known == network).map_or("unknown", |(_, word)| word)
}
