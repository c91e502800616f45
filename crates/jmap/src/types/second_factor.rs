//! SecondFactor: get and changes of the one object that there is: what the password is asked for beside it. It is changed
//! by `/auth/second-factor`.

use super::{Few, Singleton, object, single};
use crate::rfc8620::call::Call;
use crate::rfc8620::error::MethodError;
use crate::rfc8620::resource::Object;
use caliopen_hub::ObjectType;
use serde::Serialize;

/// The type.
pub(crate) struct SecondFactor;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: &'static str,
    is_on: bool,
    has_codes: bool,
}

impl Few for SecondFactor {
    type Id = Singleton;
    const OBJECT: ObjectType = ObjectType::SecondFactor;
    const PROPERTIES: &'static [&'static str] = &["id", "isOn", "hasCodes"];

    async fn ids(_: &Call<'_>) -> Result<Vec<Singleton>, MethodError> {
        Ok(vec![Singleton])
    }

    async fn every(call: &Call<'_>) -> Result<Vec<(Singleton, Object)>, MethodError> {
        let view = call.hub.second_factor(call.access).await?;
        Ok(single(object(&Record { id: "singleton", is_on: view.is_on, has_codes: view.has_codes })))
    }
}
