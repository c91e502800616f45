//! `/auth`: signing in and out, passwords, the recovery code, the language (docs/api, "Signing in").

use super::body::read_form;
use super::caller::{caller, cookie, no_cookie, peer, software};
use super::credential::Shown;
use super::json_response;
use super::problem::Problem;
use super::site::relying_party;
use crate::Shared;
use crate::limits::CLIENT_CHARS_MAX;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use caliopen_hub::{
    AccountError, Client, DeviceKeys, Enrolment, FirstStartError, Second, SignInError, SignedIn,
};
use caliopen_model::{EmailAddress, Language};
use caliopen_privacy::software::Software;
use serde::Deserialize;
use serde_json::json;
use zeroize::Zeroizing;

type Answer = Result<Response, Problem>;

#[derive(Deserialize)]
struct FirstStart {
    token: String,
    address: String,
    password: String,
    language: String,
    #[serde(flatten)]
    client: ClientForm,
}

#[derive(Deserialize)]
struct Login {
    address: String,
    password: String,
    /// Beside the password: a code of an app, or a passkey.
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    passkey: Option<Shown>,
    #[serde(flatten)]
    client: ClientForm,
}

#[derive(Deserialize)]
struct Recover {
    address: String,
    code: String,
    new: String,
    #[serde(flatten)]
    client: ClientForm,
}

/// Who signs in: what they call themselves, and the device that it is.
#[derive(Deserialize)]
pub(super) struct ClientForm {
    #[serde(default)]
    client: String,
    #[serde(default)]
    device: Option<EnrolmentForm>,
}

/// The public keys of the device that signs in, as WebCrypto exports them "raw", in base64.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EnrolmentForm {
    signing_key: String,
    agreement_key: String,
    #[serde(default)]
    is_shared: bool,
}

#[derive(Deserialize)]
struct ChangePassword {
    current: String,
    new: String,
}

#[derive(Deserialize)]
struct Password {
    password: String,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

#[derive(Deserialize)]
struct Device {
    device: String,
}

#[derive(Deserialize)]
struct Choice {
    language: String,
}

/// Says whether the first account is to be made. The language is the best that the browser asks for.
pub(super) async fn state(State(shared): State<Shared>, request: Request) -> Answer {
    let first_start = shared.api.hub.needs_first_start().await?;
    let languages: Vec<&str> = Language::ALL.into_iter().map(Language::tag).collect();
    let language = asked_language(request.headers());
    Ok(json_response(
        &json!({ "firstStart": first_start, "language": language.tag(), "languages": languages }),
    ))
}

pub(super) async fn first_start(State(shared): State<Shared>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let form: FirstStart = read_form(&parts.headers, body).await?;
    let address = EmailAddress::parse(&form.address).map_err(|_| Problem::Address)?;
    let (language, client) = (read_language(&form.language)?, form.client.read(&parts.headers)?);
    let (hub, is_shared) = (&shared.api.hub, is_shared(&client));
    let signed_in = hub.first_start(&form.token, &address, &form.password, language, client).await;
    signed_in_response(&signed_in.map_err(first_start_problem)?, is_shared)
}

pub(super) async fn login(State(shared): State<Shared>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let form: Login = read_form(&parts.headers, body).await?;
    let (from, client) = (peer(&parts), form.client.read(&parts.headers)?);
    let is_shared = is_shared(&client);
    let mut shown = form.passkey.as_ref().map(Shown::read).transpose()?;
    let second = match (&mut shown, &form.code) {
        (Some(shown), _) => Some(Second::Passkey(relying_party(&shared.api, &parts)?, shown.presented())),
        (None, Some(code)) => Some(Second::Code(code)),
        (None, None) => None,
    };
    let signed_in = shared.api.hub.sign_in_with(&form.address, &form.password, second, client, from).await;
    signed_in_response(&signed_in.map_err(sign_in_problem)?, is_shared)
}

pub(super) async fn recover(State(shared): State<Shared>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let form: Recover = read_form(&parts.headers, body).await?;
    let (from, client) = (peer(&parts), form.client.read(&parts.headers)?);
    let is_shared = is_shared(&client);
    let signed_in = shared.api.hub.recover(&form.address, &form.code, &form.new, client, from).await;
    signed_in_response(&signed_in.map_err(sign_in_problem)?, is_shared)
}

pub(super) async fn logout(State(shared): State<Shared>, request: Request) -> Answer {
    let (parts, _) = request.into_parts();
    let access = caller(&shared.api, &parts).await?;
    shared.api.hub.sign_out(&access).await?;
    let mut response = no_content();
    response.headers_mut().insert(SET_COOKIE, no_cookie());
    Ok(response)
}

pub(super) async fn password(State(shared): State<Shared>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let access = caller(&shared.api, &parts).await?;
    let form: ChangePassword = read_form(&parts.headers, body).await?;
    shared.api.hub.change_password(&access, &form.current, &form.new).await.map_err(sign_in_problem)?;
    Ok(no_content())
}

pub(super) async fn recovery_code(State(shared): State<Shared>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let access = caller(&shared.api, &parts).await?;
    let form: Password = read_form(&parts.headers, body).await?;
    let code = shared.api.hub.new_recovery_code(&access, &form.password).await.map_err(sign_in_problem)?;
    Ok(json_response(&json!({ "code": code.as_str() })))
}

pub(super) async fn confirm_recovery_code(State(shared): State<Shared>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let access = caller(&shared.api, &parts).await?;
    let form: Code = read_form(&parts.headers, body).await?;
    if shared.api.hub.confirm_recovery_code(&access, &form.code).await? {
        Ok(no_content())
    } else {
        Err(Problem::Credentials)
    }
}

/// The key of what one browser keeps of the account on its own disk. `device` is 16 bytes that it made for itself.
pub(super) async fn device_key(State(shared): State<Shared>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let access = caller(&shared.api, &parts).await?;
    let form: Device = read_form(&parts.headers, body).await?;
    let device = BASE64_STANDARD.decode(&form.device).ok().and_then(|bytes| bytes.try_into().ok());
    let device = device.ok_or(Problem::Request("Send `device` as 16 bytes in base64."))?;
    shared.api.hub.note_sealed_store(&access).await?;
    let key = Zeroizing::new(BASE64_STANDARD.encode(access.device_key(&device).as_slice()));
    Ok(json_response(&json!({ "key": key.as_str() })))
}

pub(super) async fn language(State(shared): State<Shared>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let access = caller(&shared.api, &parts).await?;
    let form: Choice = read_form(&parts.headers, body).await?;
    shared.api.hub.set_language(&access, read_language(&form.language)?).await?;
    Ok(no_content())
}

pub(super) fn signed_in_response(signed_in: &SignedIn, is_shared: bool) -> Answer {
    let (token, profile) = (signed_in.token.as_str(), &signed_in.profile);
    let mut response = json_response(&json!({
        "token": token,
        "accountId": profile.account.to_string(),
        "address": profile.address,
        "language": profile.language.tag(),
        "recoveryCodeConfirmed": profile.recovery_confirmed,
        "deviceId": signed_in.device.map(|id| id.to_string()),
        "secondFactorEnded": signed_in.second_factor_ended,
    }));
    if let Some(cookie) = cookie(token, is_shared) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    Ok(response)
}

pub(super) fn no_content() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

fn first_start_problem(error: FirstStartError) -> Problem {
    match error {
        FirstStartError::Over => Problem::FirstStartOver,
        FirstStartError::Account(error) => account_problem(error),
        FirstStartError::Hub(cause) => Problem::Hub(cause),
    }
}

pub(super) fn sign_in_problem(error: SignInError) -> Problem {
    match error {
        SignInError::Credentials => Problem::Credentials,
        SignInError::SecondFactor { codes, passkeys } => Problem::SecondFactor { codes, passkeys },
        SignInError::WrongSecondFactor => Problem::WrongSecondFactor,
        SignInError::OnlyConfirms => Problem::OnlyConfirms,
        SignInError::Rate { retry_after_s } => Problem::Rate { retry_after_s },
        SignInError::Password(error) => account_problem(error),
        SignInError::Hub(cause) => Problem::Hub(cause),
    }
}

fn account_problem(error: AccountError) -> Problem {
    match error {
        AccountError::Password => Problem::PasswordWeak,
        AccountError::Taken
        | AccountError::NoDomain
        | AccountError::Unknown
        | AccountError::TooManyAddresses => Problem::Address,
        AccountError::Hub(cause) => Problem::Hub(cause),
    }
}

/// One of the three languages, by its tag.
pub(super) fn read_language(tag: &str) -> Result<Language, Problem> {
    Language::from_tag(tag).ok_or(Problem::Request("The language is one of en, fr and it."))
}

impl ClientForm {
    pub(super) fn read(&self, headers: &HeaderMap) -> Result<Client, Problem> {
        let device = self.device.as_ref().map(|form| form.read(software(headers))).transpose()?;
        Ok(Client { name: client_name(&self.client), device })
    }
}

pub(super) fn is_shared(client: &Client) -> bool {
    client.device.as_ref().is_some_and(|device| device.is_shared)
}

impl EnrolmentForm {
    fn read(&self, software: Software) -> Result<Enrolment, Problem> {
        let bytes = |text: &str| BASE64_STANDARD.decode(text).unwrap_or_default();
        let keys = DeviceKeys::from_bytes(&bytes(&self.signing_key), &bytes(&self.agreement_key));
        let keys = keys.map_err(|_| {
            Problem::Request("Send the device's keys as uncompressed points of P-256, in base64.")
        })?;
        Ok(Enrolment { keys, is_shared: self.is_shared, software })
    }
}

/// What a program calls itself, as one short line.
fn client_name(name: &str) -> String {
    name.chars()
        .filter(|letter| !letter.is_control())
        .take(CLIENT_CHARS_MAX)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// The first of our languages that `Accept-Language` (RFC 9110 §12.5.4) likes best.
fn asked_language(headers: &HeaderMap) -> Language {
    let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut best: Option<(f32, Language)> = None;
    for range in asked.split(',').take(32) {
        let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
        let quality = parameters.trim().strip_prefix("q=").map_or(Some(1.0), |text| text.parse::<f32>().ok());
        let (Some(quality), Some(language)) = (quality, Language::from_tag(tag.trim())) else { continue };
        if quality > best.map_or(0.0, |(other, _)| other) {
            best = Some((quality, language));
        }
    }
    best.map_or_else(Language::default, |(_, language)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_one_that_the_browser_likes_best() {
        for (asked, expected) in [
            ("", Language::English),
            ("de-DE, de;q=0.9", Language::English),
            ("fr-CA,fr;q=0.8,en;q=0.5", Language::French),
            ("en;q=0.5, it;q=0.7, fr;q=0.6", Language::Italian),
            ("it;q=x, fr;q=0.1", Language::French),
            ("fr;q=0, en;q=NaN", Language::English),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, asked.parse().unwrap());
            assert_eq!(asked_language(&headers), expected, "{asked}");
        }
    }

    #[test]
    fn a_client_is_named_by_one_short_line() {
        assert_eq!(client_name("  Firefox\r\n on Linux "), "Firefox on Linux");
        assert_eq!(client_name(&"x".repeat(1_000)).len(), CLIENT_CHARS_MAX);
    }
}
