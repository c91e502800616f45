//! Bodies of requests: their size and the time they take are bounded while they come in.

use super::problem::Problem;
use crate::limits::{AUTH_BYTES_MAX, BODY_SILENCE_MAX, BODY_TIME_MAX};
use crate::rfc8620::json;
use crate::rfc8620::request::RequestError;
use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// What a body may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Bytes.
    pub(super) bytes_max: usize,
    /// From the first byte to the last.
    pub(super) time_max: Duration,
    /// The limit's name in the Session object, for the error.
    pub(super) limit: &'static str,
}

/// Reads a whole body. A length that is declared too large is refused before the first byte.
pub(super) async fn read(headers: &HeaderMap, body: Body, bounds: Bounds) -> Result<Bytes, Problem> {
    let too_large = || Problem::Jmap(RequestError::Limit(bounds.limit));
    let declared = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| length > bounds.bytes_max as u64) {
        return Err(too_large());
    }
    let end = Instant::now() + bounds.time_max;
    let mut chunks = body.into_data_stream();
    let mut read = BytesMut::new();
    loop {
        let silence_ends = Instant::now() + BODY_SILENCE_MAX;
        match timeout_at(end.min(silence_ends), chunks.next()).await {
            Err(_) => return Err(Problem::Timeout),
            Ok(None) => return Ok(read.freeze()),
            Ok(Some(Err(_))) => return Err(Problem::Request("The body broke off.")),
            Ok(Some(Ok(chunk))) if read.len().saturating_add(chunk.len()) > bounds.bytes_max => {
                return Err(too_large());
            }
            Ok(Some(Ok(chunk))) => read.extend_from_slice(&chunk),
        }
    }
}

/// Whether a body is said to be JSON. Other sites' forms cannot say so without asking first (CORS).
pub(super) fn says_json(headers: &HeaderMap) -> bool {
    let declared = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = declared.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

/// The body of a request to `/auth`.
pub(super) async fn read_form<T: DeserializeOwned>(headers: &HeaderMap, body: Body) -> Result<T, Problem> {
    if !says_json(headers) {
        return Err(Problem::Request("Send the body as application/json."));
    }
    let bounds = Bounds { bytes_max: AUTH_BYTES_MAX, time_max: BODY_TIME_MAX, limit: "maxSizeRequest" };
    let bytes = read(headers, body, bounds).await?;
    let value = json::parse(&bytes).ok_or(Problem::Request("The body is not JSON."))?;
    serde_json::from_value(value).map_err(|_| Problem::Request("A field is missing or has the wrong type."))
}
