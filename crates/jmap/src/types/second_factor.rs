//! SecondFactor: get and changes of the one object that there is: what the password is asked for beside it. It is changed
//! by `/auth/second-factor`.

use super::user_privacy::Singleton;
use super::{object, state};
use crate::rfc8620::arguments::Arguments;
use crate::rfc8620::call::Call;
use crate::rfc8620::error::MethodError;
use crate::rfc8620::resource::{Logged, Object, Resource, Wanted};
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

impl Resource for SecondFactor {
    type Id = Singleton;
    type Options = ();
    const PROPERTIES: &'static [&'static str] = &["id", "isOn", "hasCodes"];

    fn options(_: &Call<'_>, _: &mut Arguments) -> Result<(), MethodError> {
        Ok(())
    }

    async fn state(call: &Call<'_>) -> Result<String, MethodError> {
        state(call, ObjectType::SecondFactor).await
    }

    async fn all(_: &Call<'_>) -> Result<Option<Vec<Singleton>>, MethodError> {
        Ok(Some(vec![Singleton]))
    }

    async fn objects(
        call: &Call<'_>,
        ids: &[Singleton],
        _: &Wanted,
        (): &(),
    ) -> Result<Vec<Option<Object>>, MethodError> {
        let view = call.hub.second_factor(call.access).await?;
        let record = Record { id: "singleton", is_on: view.is_on, has_codes: view.has_codes };
        Ok(ids.iter().map(|_| Some(object(&record))).collect())
    }
}

impl Logged for SecondFactor {
    const OBJECT: ObjectType = ObjectType::SecondFactor;
}
