//! Which methods there are: the table of RFC 8620 §3.2 for our capability and the core.

use crate::rfc8620::arguments::Arguments;
use crate::rfc8620::call::Call;
use crate::rfc8620::changes::{changes, query_changes};
use crate::rfc8620::error::MethodError;
use crate::rfc8620::get::get;
use crate::rfc8620::query::query;
use crate::rfc8620::set::set;
use crate::types::{Contact, Conversation, Identity, Message, PrivacyReport, Session};
use serde_json::{Map, Value};

/// Answers one call. `uses` says which capabilities the request named: the core, and ours.
pub(crate) async fn answer(
    call: &Call<'_>,
    uses: (bool, bool),
    method: &str,
    arguments: Map<String, Value>,
) -> Result<Map<String, Value>, MethodError> {
    let (core, correspondence) = uses;
    let answer = match method {
        "Core/echo" if core => return Ok(arguments),
        _ if !correspondence => return Err(MethodError::UnknownMethod),
        _ => correspondence_method(call, method, Arguments::new(arguments)).await?,
    };
    match answer {
        Value::Object(members) => Ok(members),
        _ => Err(MethodError::UnknownMethod),
    }
}

async fn correspondence_method(
    call: &Call<'_>,
    method: &str,
    arguments: Arguments,
) -> Result<Value, MethodError> {
    match method {
        "Conversation/get" => get::<Conversation>(call, arguments).await,
        "Conversation/changes" => changes::<Conversation>(call, arguments).await,
        "Conversation/query" => query::<Conversation>(call, arguments).await,
        "Conversation/set" => set::<Conversation>(call, arguments).await,
        "Message/get" => get::<Message>(call, arguments).await,
        "Message/changes" => changes::<Message>(call, arguments).await,
        "Message/query" => query::<Message>(call, arguments).await,
        "Message/set" => set::<Message>(call, arguments).await,
        "Contact/get" => get::<Contact>(call, arguments).await,
        "Contact/changes" => changes::<Contact>(call, arguments).await,
        "Contact/query" => query::<Contact>(call, arguments).await,
        "Contact/set" => set::<Contact>(call, arguments).await,
        "Session/get" => get::<Session>(call, arguments).await,
        "Session/changes" => changes::<Session>(call, arguments).await,
        "Session/set" => set::<Session>(call, arguments).await,
        "Identity/get" => get::<Identity>(call, arguments).await,
        "PrivacyReport/get" => get::<PrivacyReport>(call, arguments).await,
        "Conversation/queryChanges" | "Message/queryChanges" | "Contact/queryChanges" => {
            query_changes(call, arguments)
        }
        _ => Err(MethodError::UnknownMethod),
    }
}
