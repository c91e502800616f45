//! `Message/unsubscribe`: the list of a message is left by one request to its host (RFC 8058).

use crate::rfc8620::arguments::Arguments;
use crate::rfc8620::call::Call;
use crate::rfc8620::error::{MethodError, SetError};
use crate::types::words::utc_date;
use caliopen_hub::LeaveError;
use caliopen_model::MessageId;
use serde_json::{Value, json};

/// Answers `Message/unsubscribe`. What another host does not do is no error of the call.
pub(crate) async fn unsubscribe(call: &Call<'_>, mut arguments: Arguments) -> Result<Value, MethodError> {
    let account = call.account(&mut arguments)?;
    let id: MessageId = call.need_id(&mut arguments, "id")?;
    arguments.finish()?;
    let (left_at, not_left) = match call.hub.leave_list(call.access, id).await {
        Ok(at) => (Some(utc_date(at)), None),
        Err(error) => (None, Some(why_not(error)?.response())),
    };
    Ok(json!({ "accountId": account, "id": id.to_string(), "leftAt": left_at, "notLeft": not_left }))
}

fn why_not(error: LeaveError) -> Result<SetError, MethodError> {
    let kind = match error {
        LeaveError::Hub(cause) => return Err(cause.into()),
        LeaveError::Unknown => return Ok(SetError::NotFound),
        LeaveError::NotOffered => "notOffered",
        LeaveError::OverLimit(_) => "overLimit",
        LeaveError::UnderWay => "underWay",
        LeaveError::Refused => "refused",
        LeaveError::Unreachable => "unreachable",
    };
    Ok(SetError::Own { kind, properties: Vec::new(), why: error.to_string() })
}
