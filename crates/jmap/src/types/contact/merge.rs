//! `Contact/merge` and `Contact/split`: two contacts as one person, and as two again.

use super::Contact;
use super::set::said;
use crate::rfc8620::arguments::Arguments;
use crate::rfc8620::call::Call;
use crate::rfc8620::error::{MethodError, SetError};
use crate::rfc8620::resource::Resource;
use caliopen_model::ContactId;
use serde_json::{Value, json};

/// Answers `Contact/merge`.
pub(crate) async fn merge(call: &Call<'_>, arguments: Arguments) -> Result<Value, MethodError> {
    let asked = Asked::read(call, arguments)?;
    let old_state = Contact::state(call).await?;
    let done = said(call.hub.merge_contacts(call.access, asked.id, asked.other).await)?;
    asked.answer(call, old_state, done).await
}

/// Answers `Contact/split`.
pub(crate) async fn split(call: &Call<'_>, arguments: Arguments) -> Result<Value, MethodError> {
    let asked = Asked::read(call, arguments)?;
    let old_state = Contact::state(call).await?;
    let done = said(call.hub.split_contact(call.access, asked.id, asked.other).await)?;
    asked.answer(call, old_state, done).await
}

/// Two contacts: the one that stays, and the one that becomes part of it or leaves it.
struct Asked {
    account: String,
    id: ContactId,
    other: ContactId,
}

impl Asked {
    fn read(call: &Call<'_>, mut arguments: Arguments) -> Result<Self, MethodError> {
        let account = call.account(&mut arguments)?;
        let (id, other) = (call.need_id(&mut arguments, "id")?, call.need_id(&mut arguments, "otherId")?);
        arguments.finish()?;
        Ok(Self { account, id, other })
    }

    async fn answer(
        self,
        call: &Call<'_>,
        old_state: String,
        done: Result<(), SetError>,
    ) -> Result<Value, MethodError> {
        done.map_err(|error| match error {
            SetError::NotFound => MethodError::InvalidArguments(
                "id and otherId name two contacts, or one and a part of it".to_owned(),
            ),
            other => MethodError::InvalidArguments(other.response().to_string()),
        })?;
        let new_state = Contact::state(call).await?;
        Ok(json!({ "accountId": self.account, "oldState": old_state, "newState": new_state }))
    }
}
