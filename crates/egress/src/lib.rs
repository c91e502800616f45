//! The one egress client: everything that a message or a person can cause to be fetched, or told, goes through it.
//!
//! It is not for what the host itself chose to speak with. Its rules stand here once: HTTPS alone, no address outside
//! the public Internet in any spelling, decided on the address that is connected to and again on each redirect, bounds
//! on bytes and time. It has no cookies, sends no referrer, follows no proxy of the environment and does not say what
//! it is.

pub mod limits;
mod places;
mod public;

pub use places::{Lookup, Places};
pub use public::is_public;

use bytes::{Bytes, BytesMut};
use limits::{BODY_BYTES_MAX, CONNECT_TIMEOUT, REDIRECTS_MAX, TIME_MAX, URL_BYTES_MAX};
use places::{Guard, NotPublic};
use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::{Client, Response, Url, redirect};
use rustls::{ClientConfig, RootCertStore};
use std::error::Error as _;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// How this host fetches.
#[derive(Clone)]
pub struct EgressConfig {
    /// Who is believed about certificates.
    pub roots: Arc<RootCertStore>,
    /// Looks names up.
    pub lookup: Lookup,
    /// Hosts that the configuration has the addresses of.
    pub places: Places,
}

impl EgressConfig {
    /// With the authorities that browsers know, and no places.
    pub fn for_internet(lookup: Lookup) -> Self {
        let roots = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
        Self { roots: Arc::new(roots), lookup, places: Places::default() }
    }
}

/// What a caller allows one fetch. Each is cut to what [`limits`] has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Bytes of the body.
    pub body_bytes_max: usize,
    /// Everything together.
    pub time_max: Duration,
    /// What becomes of a redirect.
    pub redirects: Redirects,
}

/// What becomes of a redirect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redirects {
    /// It is an error.
    Refused,
    /// It is followed, decided anew like a first request, at most so many times.
    Followed(u8),
}

/// What is posted to a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form<'a> {
    /// Its media type.
    pub media_type: &'a str,
    /// The whole of it.
    pub body: &'a str,
}

/// What was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The media type that the server named, in lower case and without parameters; empty when it named none.
    pub media_type: String,
    /// The body.
    pub body: Bytes,
}

/// Why nothing was fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EgressError {
    /// Not a URL that is fetched: of another scheme, with a password, too long.
    #[error("the URL is not one that is fetched")]
    Url,
    /// The host has no address in the public Internet.
    #[error("the host has no public address")]
    NotPublic,
    /// It was redirected, and that was not allowed or went on too long.
    #[error("the server redirects elsewhere")]
    Redirected,
    /// The server answered with another status than one that says that all is well.
    #[error("the server answered with status {0}")]
    Status(u16),
    /// The body is larger than was allowed.
    #[error("the body is too large")]
    TooLarge,
    /// It took longer than was allowed.
    #[error("the server is too slow")]
    TooSlow,
    /// No answer: the name, the connection, the certificate or the protocol failed.
    #[error("the server cannot be reached")]
    Unreachable,
}

/// The client. Cheap to clone.
#[derive(Clone)]
pub struct Egress {
    client: Client,
}

impl Egress {
    /// A client that fetches nothing yet.
    ///
    /// # Errors
    ///
    /// In words, when TLS cannot start.
    pub fn new(config: EgressConfig) -> Result<Self, String> {
        let client = Client::builder()
            .tls_backend_preconfigured(tls(config.roots).map_err(|error| error.to_string())?)
            .dns_resolver(Guard::new(config.lookup, config.places))
            .https_only(true)
            .http1_only()
            .no_proxy()
            .referer(false)
            .redirect(redirect::Policy::none())
            // Each request is decided on the address that it connects to: no connection serves a second one.
            .pool_max_idle_per_host(0)
            .connect_timeout(CONNECT_TIMEOUT)
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self { client })
    }

    /// Fetches what a URL names.
    ///
    /// # Errors
    ///
    /// When there is no whole body within what was allowed.
    pub async fn get(&self, url: &str, allowance: Allowance) -> Result<Fetched, EgressError> {
        let url = checked(url)?;
        let time_max = allowance.time_max.min(TIME_MAX);
        timeout(time_max, self.follow(url, allowance)).await.unwrap_or(Err(EgressError::TooSlow))
    }

    /// Posts a form to what a URL names, and waits for the status alone: a body that comes with it is not read. A redirect
    /// is an error, whatever is allowed: nobody knows what a form means elsewhere (RFC 8058 §3.1 forbids it too).
    ///
    /// # Errors
    ///
    /// When the server did not say that it did what was asked (200 to 299) in that time. It may have done it.
    pub async fn post(&self, url: &str, form: Form<'_>, time_max: Duration) -> Result<(), EgressError> {
        let url = checked(url)?;
        let request = self.client.post(url).header(CONTENT_TYPE, form.media_type).body(form.body.to_owned());
        let answer = timeout(time_max.min(TIME_MAX), request.send()).await;
        let status = answer.map_err(|_| EgressError::TooSlow)?.map_err(|error| cause(&error))?.status();
        match status {
            done if done.is_success() => Ok(()),
            elsewhere if elsewhere.is_redirection() => Err(EgressError::Redirected),
            other => Err(EgressError::Status(other.as_u16())),
        }
    }

    async fn follow(&self, mut url: Url, allowance: Allowance) -> Result<Fetched, EgressError> {
        let mut left = match allowance.redirects {
            Redirects::Refused => 0,
            Redirects::Followed(most) => most.min(REDIRECTS_MAX),
        };
        loop {
            let response = self.client.get(url.clone()).send().await.map_err(|error| cause(&error))?;
            let status = response.status();
            if status.is_redirection() {
                url = target(&url, &response).filter(|_| left > 0).ok_or(EgressError::Redirected)?;
                left -= 1;
                continue;
            }
            if status.as_u16() != 200 {
                return Err(EgressError::Status(status.as_u16()));
            }
            return read(response, allowance.body_bytes_max.min(BODY_BYTES_MAX)).await;
        }
    }
}

fn tls(roots: Arc<RootCertStore>) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    // A ticket would let a server tie our visits together.
    config.resumption = rustls::client::Resumption::disabled();
    Ok(config)
}

/// The URL, when it is one that is fetched. An address in it never passes the resolver, and so is decided on here.
fn checked(text: &str) -> Result<Url, EgressError> {
    if text.len() > URL_BYTES_MAX {
        return Err(EgressError::Url);
    }
    allowed(Url::parse(text).map_err(|_| EgressError::Url)?)
}

fn allowed(url: Url) -> Result<Url, EgressError> {
    let has_password = !url.username().is_empty() || url.password().is_some();
    if url.scheme() != "https" || has_password {
        return Err(EgressError::Url);
    }
    let host = url.host_str().ok_or(EgressError::Url)?;
    match host.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(address) if !is_public(address) => Err(EgressError::NotPublic),
        _ => Ok(url),
    }
}

/// Where a redirect leads, when that may be fetched too.
fn target(from: &Url, response: &Response) -> Option<Url> {
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    allowed(from.join(location).ok().filter(|url| url.as_str().len() <= URL_BYTES_MAX)?).ok()
}

async fn read(mut response: Response, bytes_max: usize) -> Result<Fetched, EgressError> {
    let named = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = named.and_then(|text| text.split(';').next()).unwrap_or_default();
    let media_type = media_type.trim().to_ascii_lowercase();
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| cause(&error))? {
        if body.len() + chunk.len() > bytes_max {
            return Err(EgressError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Fetched { media_type, body: body.freeze() })
}

fn cause(error: &reqwest::Error) -> EgressError {
    let mut source = error.source();
    while let Some(inner) = source {
        if inner.is::<NotPublic>() {
            return EgressError::NotPublic;
        }
        source = inner.source();
    }
    // Not the error itself: it names the URL, which says what somebody reads or whom they write to.
    tracing::debug!(connected = !error.is_connect(), "a fetch failed");
    if error.is_timeout() { EgressError::TooSlow } else { EgressError::Unreachable }
}
