//! Who sends a request: a session's token, in the cookie or as a bearer token (RFC 6750 §2.1), and what the session's
//! device signed.

use super::problem::Problem;
use super::proof::Signed;
use crate::Api;
use crate::limits::{COOKIE_SECONDS, TOKEN_BYTES_MAX};
use axum::http::header::{AUTHORIZATION, COOKIE, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method};
use caliopen_hub::{Access, Asking, DeviceKeys, Locked};
use caliopen_model::AccountId;
use caliopen_privacy::software::{self, Declared, Software};
use std::net::{IpAddr, Ipv4Addr};

/// The other end's address, put into each request by whoever accepts connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerAddress(pub IpAddr);

const COOKIE_NAME: &str = "__Host-caliopen";
/// A form or an image of another site cannot send this header.
const OWN_HEADER: &str = "x-caliopen";

/// Where a token was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Bearer(&'a str),
    Cookie(&'a str),
}

/// Unlocks the account of the request's session. With the cookie, a request that changes something proves by its
/// header that it comes from the application itself.
pub(super) async fn caller(api: &Api, request: &Parts) -> Result<Access, Problem> {
    let token = token(request)?;
    let signed = Signed::of(request);
    let asking = Asking { proof: signed.as_ref().map(Signed::proof), ..asking(request) };
    let unlocked = api.hub.unlock(token, &asking).await?;
    unlocked.map_err(|locked| match locked {
        Locked::NoSession => Problem::NoSession,
        Locked::NotProved => Problem::NotProved,
    })
}

/// The same for an answer that a page asks for before it can sign: it may leave only sealed to the keys, if there are
/// any.
pub(super) async fn caller_to_seal(
    api: &Api,
    request: &Parts,
) -> Result<(Access, Option<DeviceKeys>), Problem> {
    api.hub.unlock_to_seal(token(request)?, &asking(request)).await?.ok_or(Problem::NoSession)
}

fn asking(request: &Parts) -> Asking<'_> {
    Asking { proof: None, from: Some(peer(request)), software: software(&request.headers) }
}

/// What a browser says of itself: its name, and the hints of User-Agent Client Hints, which are texts in quotes.
pub(super) fn software(headers: &HeaderMap) -> Software {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    software::read(Declared {
        user_agent: text(USER_AGENT.as_str()),
        platform: text("sec-ch-ua-platform").trim_matches('"'),
        platform_version: text("sec-ch-ua-platform-version").trim_matches('"'),
    })
}

/// The token of a request.
pub(super) fn token(request: &Parts) -> Result<&str, Problem> {
    match find_token(&request.headers).ok_or(Problem::NoSession)? {
        Token::Bearer(token) => Ok(token),
        Token::Cookie(token) if is_safe(&request.method) || has_own_header(&request.headers) => Ok(token),
        Token::Cookie(_) => Err(Problem::Request("With the cookie, send the header X-Caliopen: 1.")),
    }
}

/// The same, for a path that names an account: another account is as little there as one that does not exist.
pub(super) async fn caller_for(api: &Api, request: &Parts, account: &str) -> Result<Access, Problem> {
    let access = caller(api, request).await?;
    if account.parse::<AccountId>() == Ok(access.account()) {
        Ok(access)
    } else {
        Err(Problem::NotFound("There is no such account."))
    }
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

fn has_own_header(headers: &HeaderMap) -> bool {
    headers.get(OWN_HEADER).is_some_and(|value| value.as_bytes() == b"1")
}

/// The token; a request that tries to authenticate in the header does not fall back to the cookie.
fn find_token(headers: &HeaderMap) -> Option<Token<'_>> {
    let token = match headers.get(AUTHORIZATION) {
        Some(value) => {
            let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
            scheme.eq_ignore_ascii_case("Bearer").then(|| Token::Bearer(token.trim()))
        }
        None => find_cookie(headers).map(Token::Cookie),
    };
    token.filter(|(Token::Bearer(text) | Token::Cookie(text))| (1..=TOKEN_BYTES_MAX).contains(&text.len()))
}

fn find_cookie(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE_NAME).map(|(_, token)| token)
}

/// `Set-Cookie` for a new session. That of a shared device goes when its browser is closed.
pub(super) fn cookie(token: &str, is_shared: bool) -> Option<HeaderValue> {
    let age = if is_shared { String::new() } else { format!("; Max-Age={COOKIE_SECONDS}") };
    let line = format!("{COOKIE_NAME}={token}; Path=/; Secure; HttpOnly; SameSite=Strict{age}");
    let mut value = HeaderValue::from_str(&line).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// `Set-Cookie` that removes it.
pub(super) fn no_cookie() -> HeaderValue {
    HeaderValue::from_static("__Host-caliopen=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0")
}

/// The peer's address. Requests that came without one share one limit.
pub(super) fn peer(request: &Parts) -> IpAddr {
    let known = request.extensions.get::<PeerAddress>();
    known.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |PeerAddress(address)| *address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &[(&'static str, &str)], expected: Option<Token<'_>>) {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        assert_eq!(find_token(&headers), expected, "{lines:?}");
    }

    #[test]
    fn a_token_is_found_in_the_header_or_in_our_cookie() {
        check(&[("authorization", "Bearer abc")], Some(Token::Bearer("abc")));
        check(&[("authorization", "bearer  abc ")], Some(Token::Bearer("abc")));
        check(&[("cookie", "a=b; __Host-caliopen=abc")], Some(Token::Cookie("abc")));
        check(&[("cookie", "a=b"), ("cookie", "__Host-caliopen=abc; c")], Some(Token::Cookie("abc")));
        check(
            &[("cookie", "__Host-caliopen=abc"), ("authorization", "Bearer def")],
            Some(Token::Bearer("def")),
        );
    }

    #[test]
    fn nothing_else_is_a_token() {
        check(&[], None);
        check(&[("cookie", "caliopen=abc")], None);
        check(&[("cookie", "__Host-caliopen=")], None);
        check(&[("cookie", "__Host-caliopen=abc"), ("authorization", "Basic YTpi")], None);
        check(&[("cookie", "__Host-caliopen=abc"), ("authorization", "Bearer")], None);
        check(&[("authorization", &format!("Bearer {}", "x".repeat(TOKEN_BYTES_MAX + 1)))], None);
    }
}
