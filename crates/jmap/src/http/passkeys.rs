//! `/auth/passkey` and `/auth/passkeys`: signing in by a passkey, and adding one (docs/api, "Passkeys").

use super::auth::{ClientForm, is_shared, sign_in_problem, signed_in_response};
use super::body::read_form;
use super::caller::{caller, peer, token};
use super::credential::{Made, Shown, creation_options, request_options};
use super::json_response;
use super::problem::Problem;
use super::site::relying_party;
use crate::Shared;
use axum::extract::{Request, State};
use axum::response::Response;
use caliopen_hub::{NewPasskey, PasskeyError};
use serde::Deserialize;
use serde_json::json;

type Answer = Result<Response, Problem>;

#[derive(Deserialize)]
struct SignIn {
    #[serde(flatten)]
    shown: Shown,
    #[serde(flatten)]
    client: ClientForm,
}

#[derive(Deserialize)]
struct Person {
    #[serde(default)]
    password: Option<String>,
}

#[derive(Deserialize)]
struct Add {
    name: String,
    #[serde(flatten)]
    made: Made,
}

/// What a browser asks an authenticator for when nobody has said yet who they are. It is the same for everybody.
pub(super) async fn sign_in_options(State(shared): State<Shared>, request: Request) -> Answer {
    let (parts, _) = request.into_parts();
    let party = relying_party(&shared.api, &parts)?;
    let asked = shared.api.hub.ask_to_sign_in(&party);
    Ok(json_response(&json!({ "publicKey": request_options(&party, &asked) })))
}

pub(super) async fn sign_in(State(shared): State<Shared>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let form: SignIn = read_form(&parts.headers, body).await?;
    let (party, from) = (relying_party(&shared.api, &parts)?, peer(&parts));
    let client = form.client.read(&parts.headers)?;
    let is_shared = is_shared(&client);
    let mut shown = form.shown.read()?;
    let signed_in = shared.api.hub.sign_in_by_passkey(&party, shown.presented(), client, from).await;
    signed_in_response(&signed_in.map_err(sign_in_problem)?, is_shared)
}

pub(super) async fn add_options(State(shared): State<Shared>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let access = caller(&shared.api, &parts).await?;
    let form: Person = read_form(&parts.headers, body).await?;
    let party = relying_party(&shared.api, &parts)?;
    let password = form.password.as_deref();
    let creation =
        shared.api.hub.ask_for_passkey(&access, password, &party).await.map_err(passkey_problem)?;
    Ok(json_response(&json!({ "publicKey": creation_options(&party, &creation) })))
}

pub(super) async fn add(State(shared): State<Shared>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let access = caller(&shared.api, &parts).await?;
    let form: Add = read_form(&parts.headers, body).await?;
    let party = relying_party(&shared.api, &parts)?;
    let mut made = form.made.read()?;
    let secret = made.secret.take();
    let new = NewPasskey { name: &form.name, registration: made.registration(), secret };
    let added = shared.api.hub.add_passkey(&access, token(&parts)?, &party, &new).await;
    let view = added.map_err(passkey_problem)?;
    Ok(json_response(&json!({ "id": view.id.to_string(), "canSignIn": view.can_sign_in })))
}

fn passkey_problem(error: PasskeyError) -> Problem {
    match error {
        PasskeyError::NotProved(error) => sign_in_problem(error),
        PasskeyError::Hub(cause) => Problem::Hub(cause),
        other => Problem::Passkey(other),
    }
}
