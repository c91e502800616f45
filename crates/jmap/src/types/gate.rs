//! Gate: get, changes and set of the one object that there is: what a device and its network must be for what is private
//! to be shown there, and what is held back from whoever asks.

use super::words::{Privacy, utc_date};
use super::{Few, Singleton, not_settable, object, single};
use crate::rfc8620::call::Call;
use crate::rfc8620::error::{MethodError, SetError};
use crate::rfc8620::resource::{Object, Settable};
use caliopen_hub::{GateError, GateView, ObjectType, WayBack};
use caliopen_privacy::gate::Thresholds;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The type.
pub(crate) struct Gate;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: &'static str,
    device: Privacy,
    thresholds: Demands,
    open_until: Option<String>,
    hides: Vec<u8>,
    ways: Vec<&'static str>,
}

/// The least index of a device for each level; what is under "sealed" is always shown.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Demands {
    sealed: u8,
    sealed_and_known: u8,
    private: u8,
}

impl From<&GateView> for Record {
    fn from(view: &GateView) -> Self {
        let [(_, sealed), (_, sealed_and_known), (_, private)] = view.thresholds.levels();
        Self {
            id: "singleton",
            device: Privacy::current(view.device),
            thresholds: Demands { sealed, sealed_and_known, private },
            open_until: view.open_until.map(utc_date),
            hides: view.hides.iter().map(|level| level.number()).collect(),
            ways: view.ways.iter().copied().map(way).collect(),
        }
    }
}

const fn way(way: WayBack) -> &'static str {
    match way {
        WayBack::Passkey => "passkey",
        WayBack::Code => "code",
        WayBack::RecoveryCode => "recoveryCode",
    }
}

impl Few for Gate {
    type Id = Singleton;
    const OBJECT: ObjectType = ObjectType::Gate;
    const PROPERTIES: &'static [&'static str] = &["id", "device", "thresholds", "openUntil", "hides", "ways"];

    async fn ids(_: &Call<'_>) -> Result<Vec<Singleton>, MethodError> {
        Ok(vec![Singleton])
    }

    async fn every(call: &Call<'_>) -> Result<Vec<(Singleton, Object)>, MethodError> {
        Ok(single(object(&Record::from(&call.hub.gate(call.access).await?))))
    }
}

impl Settable for Gate {
    const WRITE_ONLY: &'static [&'static str] = &[];
    const NO_CREATE: &'static str = "there is one gate, and it is there";
    type Patch = Thresholds;

    fn patch(_: &Object, changed: &Object) -> Result<Thresholds, SetError> {
        let mut wished = Thresholds::DEFAULT;
        for (name, value) in changed {
            if name != "thresholds" {
                return Err(not_settable(name));
            }
            wished = thresholds(value)?;
        }
        Ok(wished)
    }

    async fn update(
        call: &Call<'_>,
        _: Singleton,
        wished: &Thresholds,
    ) -> Result<Result<(), SetError>, MethodError> {
        Ok(call.hub.change_thresholds(call.access, *wished).await?.map_err(refused))
    }

    async fn destroy(_: &Call<'_>, _: Singleton) -> Result<Result<(), SetError>, MethodError> {
        Ok(Err(SetError::Forbidden("there is one gate, and it stays")))
    }
}

/// Null is the default. What asks for less than everybody starts with becomes that.
fn thresholds(value: &Value) -> Result<Thresholds, SetError> {
    if value.is_null() {
        return Ok(Thresholds::DEFAULT);
    }
    let wrong = |_| SetError::invalid("thresholds", "sealed, sealedAndKnown and private, each from 0 to 100");
    let demands = Demands::deserialize(value).map_err(wrong)?;
    Ok(Thresholds::wished(demands.sealed, demands.sealed_and_known, demands.private))
}

fn refused(error: GateError) -> SetError {
    let kind = match error {
        GateError::Held => "hidden",
        GateError::NoWayBack => "noWayBack",
    };
    SetError::Own { kind, properties: vec!["thresholds".to_owned()], why: error.to_string() }
}
