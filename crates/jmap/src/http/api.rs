//! `POST /jmap/api` (RFC 8620 §3): a request of several method calls.

use super::body::{Bounds, read, says_json};
use super::caller::caller;
use super::json_response;
use super::problem::Problem;
use super::session_object::session_state;
use crate::limits::BODY_TIME_MAX;
use crate::rfc8620::call::{Call, CreatedIds};
use crate::rfc8620::json;
use crate::rfc8620::processor::process;
use crate::rfc8620::request::{Invocation, Request as JmapRequest, RequestError};
use crate::{Api, Shared};
use axum::extract::{Request, State};
use axum::response::Response;
use caliopen_hub::{Access, ProfileView};
use serde_json::{Value, json};

pub(super) async fn post(State(shared): State<Shared>, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let (api, limits) = (&shared.api, &shared.api.limits);
    let access = caller(api, &parts).await?;
    let _pass = shared.turns.enter_requests(access.account(), limits)?;
    if !says_json(&parts.headers) {
        return Err(RequestError::NotJson.into());
    }
    let bounds =
        Bounds { bytes_max: limits.request_bytes_max, time_max: BODY_TIME_MAX, limit: "maxSizeRequest" };
    let body = read(&parts.headers, body, bounds).await?;
    let value = json::parse(&body).ok_or(RequestError::NotJson)?;
    drop(body);
    let request = JmapRequest::read(value, limits)?;
    let profile = api.hub.profile(&access).await?;
    Ok(json_response(&answer(api, &access, &profile, request).await))
}

/// The Response object (RFC 8620 §3.4).
pub(super) async fn answer(api: &Api, access: &Access, profile: &ProfileView, request: JmapRequest) -> Value {
    let says_created_ids = request.created_ids.is_some();
    let created_ids = CreatedIds::new(request.created_ids.clone().unwrap_or_default());
    let call = Call {
        hub: &api.hub,
        access,
        limits: &api.limits,
        language: profile.language,
        created_ids: &created_ids,
    };
    let answers = process(&call, request).await;
    let answers: Vec<Value> = answers.into_iter().map(invocation).collect();
    let mut response = json!({ "methodResponses": answers, "sessionState": session_state(profile, api) });
    if let (true, Some(members)) = (says_created_ids, response.as_object_mut()) {
        members.insert("createdIds".to_owned(), json!(created_ids.all()));
    }
    response
}

fn invocation(answer: Invocation) -> Value {
    Value::Array(vec![
        Value::String(answer.name),
        Value::Object(answer.arguments),
        Value::String(answer.call_id),
    ])
}
