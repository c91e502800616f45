//! `GET /jmap/start`: what the application opens with, in one answer: the Session object, and the first page of the
//! inbox.
//!
//! A page names it in its head, so that a browser asks for it while it still loads the script. It says nothing that
//! `/.well-known/jmap` and `/jmap/api` do not say, through the same code. A browser asks for it before any script of ours
//! could sign: when the session belongs to a device, the answer is sealed to that device, and worth nothing to whoever
//! has its cookie alone.

use super::api::answer;
use super::caller::caller_to_seal;
use super::json_response;
use super::problem::Problem;
use super::session_object::session;
use crate::rfc8620::request::{CORE, CORRESPONDENCE, Request as JmapRequest};
use crate::{Api, Shared};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use caliopen_hub::DeviceKeys;
use serde_json::{Value, json};

/// Rows of the first page: those of a page of the application.
const ROWS: usize = 50;
/// What an answer is sealed for.
const PURPOSE: &str = "caliopen start 1";
const SEALED_TYPE: &str = "application/vnd.caliopen.sealed";

pub(super) async fn get(State(shared): State<Shared>, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let (api, limits) = (&shared.api, &shared.api.limits);
    let (access, device) = caller_to_seal(api, &parts).await?;
    let _pass = shared.turns.enter_requests(access.account(), limits)?;
    let profile = api.hub.profile(&access).await?;
    let request = JmapRequest::read(first_page(&access.account().to_string()), limits)?;
    let inbox = answer(api, &access, &profile, request).await;
    let answer = json!({ "session": session(api, &profile), "inbox": inbox });
    match device {
        Some(device) => sealed(api, &device, &answer),
        None => Ok(json_response(&answer)),
    }
}

/// The answer for one device.
fn sealed(api: &Api, device: &DeviceKeys, answer: &Value) -> Result<Response, Problem> {
    let sealed = api.hub.seal_to_device(device, PURPOSE, answer.to_string().as_bytes())?;
    let mut response = Response::new(Body::from(sealed));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(SEALED_TYPE));
    Ok(response)
}

/// The newest conversations of the inbox, as the application asks for a page of any list.
fn first_page(account: &str) -> Value {
    let query = json!({
        "accountId": account,
        "filter": { "place": "inbox" },
        "sort": [{ "property": "latestAt", "isAscending": false }],
        "position": 0,
        "limit": ROWS,
        "calculateTotal": true,
    });
    let ids = json!({ "resultOf": "q", "name": "Conversation/query", "path": "/ids" });
    json!({
        "using": [CORE, CORRESPONDENCE],
        "methodCalls": [
            ["Conversation/query", query, "q"],
            ["Conversation/get", { "accountId": account, "#ids": ids }, "g"],
        ],
    })
}
