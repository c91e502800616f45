//! `GET /jmap/start`: what the application opens with, in one answer: the Session object, and the first page of the
//! inbox.
//!
//! A page names it in its head, so that a browser asks for it while it still loads the script. It says nothing that
//! `/.well-known/jmap` and `/jmap/api` do not say, through the same code.

use super::api::answer;
use super::caller::caller;
use super::json_response;
use super::problem::Problem;
use super::session_object::session;
use crate::Shared;
use crate::rfc8620::request::{CORE, CORRESPONDENCE, Request as JmapRequest};
use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::{Value, json};

/// Rows of the first page: those of a page of the application.
const ROWS: usize = 50;

pub(super) async fn get(State(shared): State<Shared>, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let (api, limits) = (&shared.api, &shared.api.limits);
    let access = caller(api, &parts).await?;
    let _pass = shared.gate.enter_requests(access.account(), limits)?;
    let profile = api.hub.profile(&access).await?;
    let request = JmapRequest::read(first_page(&access.account().to_string()), limits)?;
    let inbox = answer(api, &access, &profile, request).await;
    Ok(json_response(&json!({ "session": session(api, &profile), "inbox": inbox })))
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
