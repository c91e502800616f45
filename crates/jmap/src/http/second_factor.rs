//! `/auth/second-factor`: what the password is asked for beside it (docs/api, "A second factor").

use super::auth::{no_content, sign_in_problem};
use super::body::read_form;
use super::caller::caller;
use super::json_response;
use super::problem::Problem;
use super::site::host_name;
use crate::Shared;
use axum::extract::{Request, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

type Answer = Result<Response, Problem>;

#[derive(Deserialize)]
struct Person {
    #[serde(default)]
    password: Option<String>,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Choice {
    password: String,
    is_on: bool,
}

/// A new secret for an app, shown once.
pub(super) async fn codes(State(shared): State<Shared>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let access = caller(&shared.api, &parts).await?;
    let form: Person = read_form(&parts.headers, body).await?;
    let password = form.password.as_deref();
    let issuer = host_name(&shared.api, &parts);
    let secret = shared.api.hub.new_code_secret(&access, password, &issuer).await.map_err(sign_in_problem)?;
    Ok(json_response(&json!({ "secret": secret.text.as_str(), "uri": secret.uri.as_str() })))
}

pub(super) async fn confirm_codes(State(shared): State<Shared>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let access = caller(&shared.api, &parts).await?;
    let form: Code = read_form(&parts.headers, body).await?;
    if shared.api.hub.confirm_codes(&access, &form.code).await.map_err(sign_in_problem)? {
        Ok(no_content())
    } else {
        Err(Problem::WrongSecondFactor)
    }
}

pub(super) async fn choose(State(shared): State<Shared>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let access = caller(&shared.api, &parts).await?;
    let form: Choice = read_form(&parts.headers, body).await?;
    let chosen = shared.api.hub.ask_for_second_factor(&access, &form.password, form.is_on).await;
    if chosen.map_err(sign_in_problem)? { Ok(no_content()) } else { Err(Problem::NoSecondFactor) }
}
