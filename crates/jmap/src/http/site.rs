//! Whose passkeys a request is about: WebAuthn's relying party (Level 3, §4) is the host that the server is configured to
//! be reached at, else the one that the request names.
//!
//! A name that somebody made up gains them nothing: an authenticator signs the host that its browser really showed, and
//! a passkey answers no host but the one that it was made for.

use super::problem::Problem;
use crate::Api;
use axum::http::Uri;
use axum::http::header::{HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use caliopen_hub::RelyingParty;
use std::net::IpAddr;

/// The relying party of a request.
pub(super) fn relying_party(api: &Api, request: &Parts) -> Result<RelyingParty, Problem> {
    let party = match api.public_url.as_str() {
        "" => of_request(request),
        url => url.parse().ok().as_ref().and_then(of_url),
    };
    party.ok_or(Problem::NeedsName)
}

/// The name that people know the server by.
pub(super) fn host_name(api: &Api, request: &Parts) -> String {
    relying_party(api, request).map_or_else(|_| "Caliopen".to_owned(), |party| party.id)
}

fn of_url(url: &Uri) -> Option<RelyingParty> {
    let (scheme, authority) = (url.scheme_str()?, url.authority()?);
    let standard = if scheme == "https" { 443 } else { 80 };
    let id = name(authority)?;
    let port = authority.port_u16().filter(|port| *port != standard);
    let port = port.map_or_else(String::new, |port| format!(":{port}"));
    let origin = format!("{scheme}://{id}{port}");
    Some(RelyingParty { id, origin })
}

/// The host that a request was sent to. Without TLS, browsers have passkeys for the machine itself alone.
fn of_request(request: &Parts) -> Option<RelyingParty> {
    let text = |name| request.headers.get(name).and_then(|value| value.to_str().ok());
    let named = || text(HOST)?.parse().ok();
    let authority: Authority = request.uri.authority().cloned().or_else(named)?;
    let id = name(&authority)?;
    let is_local = id == "localhost" || id.ends_with(".localhost");
    let plain = is_local.then(|| format!("http://{authority}").to_lowercase());
    let origin = plain.filter(|plain| text(ORIGIN) == Some(plain));
    Some(RelyingParty { id, origin: origin.unwrap_or_else(|| format!("https://{authority}").to_lowercase()) })
}

/// The name in an authority; none when it is a number.
fn name(authority: &Authority) -> Option<String> {
    let host = authority.host().to_lowercase();
    let is_number = host.starts_with('[') || host.parse::<IpAddr>().is_ok();
    (!host.is_empty() && !is_number).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn parts(uri: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    fn check_url(url: &str, expected: Option<(&str, &str)>) {
        let party = of_url(&url.parse().unwrap());
        assert_eq!(party.as_ref().map(|party| (party.id.as_str(), party.origin.as_str())), expected, "{url}");
    }

    #[test]
    fn the_configured_address_is_the_party() {
        check_url("https://mail.example.org", Some(("mail.example.org", "https://mail.example.org")));
        check_url("https://Mail.Example.org:443", Some(("mail.example.org", "https://mail.example.org")));
        check_url(
            "https://mail.example.org:8443",
            Some(("mail.example.org", "https://mail.example.org:8443")),
        );
        check_url("http://localhost:8080", Some(("localhost", "http://localhost:8080")));
        check_url("https://192.0.2.1", None);
        check_url("https://[2001:db8::1]:8443", None);
    }

    #[test]
    fn else_the_host_that_the_request_names_is() {
        let check = |uri: &str, headers: &[(&str, &str)], expected: Option<(&str, &str)>| {
            let party = of_request(&parts(uri, headers));
            let party = party.as_ref().map(|party| (party.id.as_str(), party.origin.as_str()));
            assert_eq!(party, expected, "{uri} {headers:?}");
        };
        let host = [("host", "mail.example.org")];
        check("/auth", &host, Some(("mail.example.org", "https://mail.example.org")));
        check("https://mail.example.org/auth", &[], Some(("mail.example.org", "https://mail.example.org")));
        let local = [("host", "localhost:4173"), ("origin", "http://localhost:4173")];
        check("/auth", &local, Some(("localhost", "http://localhost:4173")));
        let secure = [("host", "localhost:4173"), ("origin", "https://localhost:4173")];
        check("/auth", &secure, Some(("localhost", "https://localhost:4173")));
        let plain = [("host", "mail.example.org"), ("origin", "http://mail.example.org")];
        check("/auth", &plain, Some(("mail.example.org", "https://mail.example.org")));
        check("/auth", &[("host", "127.0.0.1:4173")], None);
        check("/auth", &[("host", "[::1]:4173")], None);
        check("/auth", &[], None);
    }
}
