//! HTTP: paths, who asks, bodies in, answers and problems out. What a method does is not here.

mod api;
mod auth;
mod body;
mod caller;
mod cards;
mod credential;
mod disposition;
mod domain;
mod download;
mod events;
mod passkeys;
mod picture;
mod problem;
mod proof;
mod range;
mod second_factor;
mod session_object;
mod site;
mod start;
mod step_up;
mod transfer;
mod turns;
mod upload;

pub use caller::PeerAddress;
pub(crate) use turns::Turns;

use crate::Shared;
use axum::Router;
use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::Value;

/// Every path that gives something out.
pub const PATHS_READ: [&str; 9] = [
    "/.well-known/jmap",
    "/auth/state",
    "/jmap/contacts/{account}/{name}",
    "/jmap/download/{account}/{blob}/{name}",
    "/jmap/events",
    "/jmap/export/{account}",
    "/jmap/picture/{account}/{message}/{body}/{place}",
    "/jmap/start",
    "/public/domain/{domain}",
];

/// Every path of this room.
pub(crate) fn routes(shared: Shared) -> Router {
    Router::new()
        .route("/auth/state", get(auth::state))
        .route("/auth/first-start", post(auth::first_start))
        .route("/auth/login", post(auth::login))
        .route("/auth/logout", post(auth::logout))
        .route("/auth/password", post(auth::password))
        .route("/auth/recovery-code", post(auth::recovery_code))
        .route("/auth/recovery-code/confirm", post(auth::confirm_recovery_code))
        .route("/auth/recover", post(auth::recover))
        .route("/auth/language", post(auth::language))
        .route("/auth/device-key", post(auth::device_key))
        .route("/auth/passkey", post(passkeys::sign_in))
        .route("/auth/passkey/options", post(passkeys::sign_in_options))
        .route("/auth/passkeys", post(passkeys::add))
        .route("/auth/passkeys/options", post(passkeys::add_options))
        .route("/auth/second-factor", post(second_factor::choose))
        .route("/auth/second-factor/codes", post(second_factor::codes))
        .route("/auth/second-factor/codes/confirm", post(second_factor::confirm_codes))
        .route("/auth/step-up", post(step_up::step_up))
        .route("/auth/step-up/end", post(step_up::end))
        .route("/auth/step-up/options", post(step_up::options))
        .route("/.well-known/jmap", get(session_object::get))
        .route("/jmap/api", post(api::post))
        .route("/jmap/start", get(start::get))
        .route("/jmap/download/{account}/{blob}/{name}", get(download::get))
        .route("/jmap/picture/{account}/{message}/{body}/{place}", get(picture::get))
        .route("/jmap/contacts/{account}/{name}", get(cards::get))
        .route("/jmap/upload/{account}", post(upload::post))
        .route("/jmap/import/{account}/{transfer}", post(transfer::import))
        .route("/jmap/export/{account}", get(transfer::export))
        .route("/jmap/events", get(events::get))
        .route("/public/domain/{domain}", get(domain::get))
        .layer(map_response(guard))
        .with_state(shared)
}

/// What every answer carries: nothing is kept by a cache unless its handler says so, and no browser guesses types.
async fn guard(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// 200 with a JSON value.
fn json_response(value: &Value) -> Response {
    let mut response = Response::new(Body::from(value.to_string()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

#[cfg(test)]
mod tests {
    use super::PATHS_READ;

    #[test]
    fn each_path_that_gives_something_out_is_named() {
        let here = include_str!("mod.rs").split("#[cfg(test)]").next().unwrap();
        let mut routes: Vec<&str> = here
            .lines()
            .filter_map(|line| line.trim().strip_prefix(".route(\"")?.split_once("\", get("))
            .map(|(path, _)| path)
            .collect();
        routes.sort_unstable();
        assert_eq!(routes, PATHS_READ);
    }
}
