//! `/auth/step-up`: in an open session, its person shows that it is still them (docs/api, "Step-up").

use super::auth::{no_content, sign_in_problem};
use super::body::read_form;
use super::caller::caller;
use super::credential::{Shown, request_options};
use super::json_response;
use super::problem::Problem;
use super::site::relying_party;
use crate::Shared;
use crate::types::words::utc_date;
use axum::extract::{Request, State};
use axum::response::Response;
use caliopen_hub::limits::STEP_UP_MS;
use serde::Deserialize;
use serde_json::json;

type Answer = Result<Response, Problem>;

/// One of them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ways {
    #[serde(default)]
    passkey: Option<Shown>,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    recovery_code: Option<String>,
}

/// What will do.
pub(super) async fn options(State(shared): State<Shared>, request: Request) -> Answer {
    let (parts, _) = request.into_parts();
    let access = caller(&shared.api, &parts).await?;
    let party = relying_party(&shared.api, &parts).ok();
    let ways = shared.api.hub.step_up_ways(&access, party.as_ref()).await?;
    let asked = party.as_ref().zip(ways.passkeys.as_ref());
    Ok(json_response(&json!({
        "publicKey": asked.map(|(party, asked)| request_options(party, asked)),
        "codes": ways.codes,
        "recoveryCode": ways.recovery_code,
    })))
}

pub(super) async fn step_up(State(shared): State<Shared>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let access = caller(&shared.api, &parts).await?;
    let hub = &shared.api.hub;
    let form: Ways = read_form(&parts.headers, body).await?;
    let stepped_up = match form {
        Ways { passkey: Some(shown), .. } => {
            let party = relying_party(&shared.api, &parts)?;
            hub.step_up_by_passkey(&access, &party, &shown.read()?.presented()).await
        }
        Ways { code: Some(code), .. } => hub.step_up_by_code(&access, &code).await,
        Ways { recovery_code: Some(code), .. } => hub.step_up_by_recovery_code(&access, &code).await,
        _ => return Err(Problem::Request("Send one of passkey, code and recoveryCode.")),
    };
    let until = stepped_up.map_err(sign_in_problem)?.plus_ms(STEP_UP_MS);
    Ok(json_response(&json!({ "until": utc_date(until) })))
}

/// What was shown because of it is hidden again from this session.
pub(super) async fn end(State(shared): State<Shared>, request: Request) -> Answer {
    let (parts, _) = request.into_parts();
    let access = caller(&shared.api, &parts).await?;
    shared.api.hub.end_step_up(&access).await?;
    Ok(no_content())
}
