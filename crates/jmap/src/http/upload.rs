//! `POST /jmap/upload/{accountId}` (RFC 8620 §6.1).

use super::body::{Bounds, read};
use super::caller::caller_for;
use super::json_response;
use super::problem::Problem;
use super::turns::Doing;
use crate::Shared;
use crate::limits::UPLOAD_TIME_MAX;
use crate::rfc8620::request::RequestError;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::json;

/// Longest media type, in bytes (RFC 6838 §4.2: two names of at most 127, and a few parameters).
const TYPE_BYTES_MAX: usize = 255;

pub(super) async fn post(
    State(shared): State<Shared>,
    path: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let Path(account) = path.map_err(|_| Problem::Request("The path is not well formed."))?;
    let access = caller_for(&shared.api, &parts, &account).await?;
    let limits = &shared.api.limits;
    let too_many = || RequestError::Limit("maxConcurrentUpload");
    let pass = shared.turns.enter(Doing::Uploads, *access.account().as_bytes(), limits.uploads_at_once_max);
    let _pass = pass.ok_or_else(too_many)?;
    let _place = shared.turns.enter_uploads().ok_or_else(too_many)?;

    let bounds =
        Bounds { bytes_max: limits.upload_bytes_max, time_max: UPLOAD_TIME_MAX, limit: "maxSizeUpload" };
    let bytes = read(&parts.headers, body, bounds).await?;
    let (media_type, size) = (media_type(&parts.headers), bytes.len());
    let blob = shared.api.hub.upload(&access, &media_type, bytes).await?;
    let mut response = json_response(&json!({
        "accountId": access.account().to_string(),
        "blobId": blob.to_string(),
        "type": media_type,
        "size": size,
    }));
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

/// The type that the client says, when it looks like one.
fn media_type(headers: &HeaderMap) -> String {
    let said = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().trim();
    let essence = said.split(';').next().unwrap_or_default();
    let token = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    let is_type = essence.trim().split_once('/').is_some_and(|(kind, subtype)| token(kind) && token(subtype));
    if is_type && said.len() <= TYPE_BYTES_MAX {
        said.to_owned()
    } else {
        "application/octet-stream".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_media_type_is_opaque() {
        for (said, expected) in [
            ("image/png", "image/png"),
            ("text/plain; charset=utf-8", "text/plain; charset=utf-8"),
            ("", "application/octet-stream"),
            ("text", "application/octet-stream"),
            ("/png", "application/octet-stream"),
            ("a b/c", "application/octet-stream"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, said.parse().unwrap());
            assert_eq!(media_type(&headers), expected, "{said}");
        }
    }
}
