//! `GET /jmap/download/…` (RFC 8620 §6.2): a message as it arrived, one of its parts, or what was uploaded.
//!
//! What strangers sent is never shown in our origin: it is a file to be saved, of a type that no browser runs, in a
//! sandbox if one opens it all the same.

use super::caller::caller_for;
use super::disposition::attachment;
use super::problem::Problem;
use super::range::{self, Asked};
use crate::{Api, Shared};
use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, Request, State};
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH, IF_RANGE, RANGE,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use caliopen_hub::Access;
use caliopen_model::{BlobId, PartId};
use futures_util::stream;
use serde::Deserialize;
use std::convert::Infallible;
use tokio::sync::OwnedSemaphorePermit;

/// Bytes that are handed to the connection at a time.
const CHUNK_BYTES: usize = 64 * 1024;

/// Types that a browser shows without running anything. Every other one is sent as opaque bytes.
const SAFE_TYPES: [&str; 15] = [
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/avif",
    "image/bmp",
    "text/plain",
    "application/pdf",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "audio/mp4",
    "audio/flac",
    "audio/webm",
    "audio/aac",
];
const OPAQUE: &str = "application/octet-stream";

#[derive(Deserialize)]
pub(super) struct Options {
    #[serde(rename = "type", default)]
    media_type: String,
}

/// What a blob id of the API names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Name {
    blob: BlobId,
    part: Option<PartId>,
}

pub(super) async fn get(
    State(shared): State<Shared>,
    path: Result<Path<(String, String, String)>, PathRejection>,
    query: Result<Query<Options>, QueryRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let Path((account, blob, file_name)) =
        path.map_err(|_| Problem::Request("The path is not well formed."))?;
    let Query(options) = query.map_err(|_| Problem::Request("The query is not well formed."))?;
    let access = caller_for(&shared.api, &parts, &account).await?;
    let name = read_name(&blob).ok_or(Problem::NotFound("There is no such file."))?;
    let turn = shared.turns.download(access.account()).await?;

    let tag = entity_tag(&blob);
    if tag.is_some() && parts.headers.get(IF_NONE_MATCH) == tag.as_ref() {
        return Ok(with_headers(StatusCode::NOT_MODIFIED, Body::empty(), &file_name, tag));
    }
    let bytes = open(&shared.api, &access, name).await?.ok_or(Problem::NotFound("There is no such file."))?;
    // The keys of the account are not needed while the bytes travel.
    drop(access);
    let mut response = send(bytes, &parts.headers, &file_name, tag, turn)?;
    response.headers_mut().insert(CONTENT_TYPE, safe_type(&options.media_type));
    Ok(response)
}

/// `b…`, or `b….2` for a part.
fn read_name(text: &str) -> Option<Name> {
    match text.split_once('.') {
        None => Some(Name { blob: text.parse().ok()?, part: None }),
        Some((blob, part)) => {
            let number: u32 = part.parse().ok()?;
            // One spelling for each part: its entity tag and its cache entry are one, too.
            (number.to_string() == part).then_some(())?;
            Some(Name { blob: blob.parse().ok()?, part: Some(PartId(number)) })
        }
    }
}

async fn open(api: &Api, access: &Access, name: Name) -> Result<Option<Bytes>, Problem> {
    if let Some(part) = name.part {
        let part = api.hub.part(access, name.blob, part).await?;
        return Ok(part.map(|(_, bytes)| bytes.into()));
    }
    if let Some(raw) = api.hub.raw(access, name.blob).await? {
        return Ok(Some(raw));
    }
    Ok(api.hub.uploaded(access, name.blob).await?.map(|(_, bytes)| bytes))
}

/// The bytes that were asked for, whole or one range of them. The turn ends with the last byte.
fn send(
    bytes: Bytes,
    headers: &HeaderMap,
    file_name: &str,
    tag: Option<HeaderValue>,
    turn: OwnedSemaphorePermit,
) -> Result<Response, Problem> {
    let size = bytes.len();
    let unchanged = headers.get(IF_RANGE).is_none_or(|value| Some(value) == tag.as_ref());
    let asked = headers.get(RANGE).filter(|_| unchanged).and_then(|value| value.to_str().ok());
    let (status, bytes, range) = match range::read(asked, size) {
        Asked::Outside => return Err(Problem::Range { size }),
        Asked::Whole => (StatusCode::OK, bytes, None),
        Asked::Part(part) => {
            let last = part.end.saturating_sub(1);
            let range = HeaderValue::from_str(&format!("bytes {}-{last}/{size}", part.start)).ok();
            (StatusCode::PARTIAL_CONTENT, bytes.slice(part), range)
        }
    };
    let length = bytes.len();
    let mut response = with_headers(status, body(bytes, turn), file_name, tag);
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    if let Some(range) = range {
        response.headers_mut().insert(CONTENT_RANGE, range);
    }
    Ok(response)
}

fn body(bytes: Bytes, turn: OwnedSemaphorePermit) -> Body {
    Body::from_stream(stream::unfold((bytes, turn), |(mut bytes, turn)| async move {
        let chunk = bytes.split_to(bytes.len().min(CHUNK_BYTES));
        (!chunk.is_empty()).then(|| (Ok::<_, Infallible>(chunk), (bytes, turn)))
    }))
}

fn with_headers(status: StatusCode, body: Body, file_name: &str, tag: Option<HeaderValue>) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert(CONTENT_DISPOSITION, attachment(file_name));
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    );
    if let Some(tag) = tag {
        headers.insert(ETAG, tag);
    }
    response
}

/// The bytes behind an id never change.
fn entity_tag(blob: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("\"{blob}\"")).ok()
}

fn safe_type(asked: &str) -> HeaderValue {
    let essence = asked.split(';').next().unwrap_or_default().trim();
    let known = SAFE_TYPES.into_iter().find(|known| known.eq_ignore_ascii_case(essence));
    HeaderValue::from_static(known.unwrap_or(OPAQUE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blob_id_names_a_file_or_a_part_of_it() {
        let blob = BlobId::from_bytes([7; 16]);
        let part = |number| Some(Name { blob, part: Some(PartId(number)) });
        assert_eq!(read_name(&blob.to_string()), Some(Name { blob, part: None }));
        assert_eq!(read_name(&format!("{blob}.12")), part(12));
        for wrong in [
            "",
            "b",
            "x.1",
            &format!("{blob}."),
            &format!("{blob}.01"),
            &format!("{blob}.-1"),
            &format!("{blob}.1.2"),
        ] {
            assert_eq!(read_name(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn only_types_that_run_nothing_are_sent_as_asked() {
        for (asked, expected) in [
            ("image/png", "image/png"),
            ("IMAGE/PNG; x=y", "image/png"),
            ("text/html", OPAQUE),
            ("image/svg+xml", OPAQUE),
            ("text/plain", "text/plain"),
            ("", OPAQUE),
            ("image/png\r\nX: y", OPAQUE),
        ] {
            assert_eq!(safe_type(asked), HeaderValue::from_static(expected), "{asked}");
        }
    }
}
