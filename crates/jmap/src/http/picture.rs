//! `GET /jmap/picture/{account}/{message}/{body}/{place}`: a picture that a message wants from elsewhere, fetched in the
//! reader's place. What the answer is was told by its first bytes alone.

use super::caller::caller_for;
use super::problem::Problem;
use crate::Shared;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::Response;
use caliopen_hub::PictureError;
use caliopen_model::MessageId;

pub(super) async fn get(
    State(shared): State<Shared>,
    path: Result<Path<(String, String, usize, usize)>, PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let Path((account, message, body, place)) =
        path.map_err(|_| Problem::Request("The path is not well formed."))?;
    let access = caller_for(&shared.api, &parts, &account).await?;
    const UNKNOWN: Problem = Problem::NotFound("There is no such picture.");
    let message: MessageId = message.parse().map_err(|_| UNKNOWN)?;
    // A page of a newsletter asks for many at once: each waits for its turn, as files do.
    let _turn = shared.turns.download(access.account()).await?;
    let picture = match shared.api.hub.picture(&access, message, body, place).await? {
        Ok(picture) => picture,
        Err(PictureError::Unknown) => return Err(UNKNOWN),
        Err(PictureError::Off) => return Err(Problem::NotFound("This server fetches no pictures.")),
        Err(PictureError::Unavailable) => return Err(Problem::NotFound("The picture cannot be had.")),
    };
    let mut response = Response::new(Body::from(picture.bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(picture.media_type));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    Ok(response)
}
