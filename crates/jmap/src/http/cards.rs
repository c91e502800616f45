//! `GET /jmap/contacts/{accountId}/{name}`: the contacts as vCards, a page after the other.

use super::caller::caller_for;
use super::disposition::attachment;
use super::problem::Problem;
use crate::Shared;
use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, Request, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::Response;
use bytes::Bytes;
use caliopen_hub::{Access, CardPage, ExportOf, Hub, HubError};
use caliopen_model::ContactId;
use futures_util::stream;
use serde::Deserialize;
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;

#[derive(Deserialize)]
pub(super) struct Options {
    #[serde(default)]
    version: String,
    #[serde(default)]
    of: String,
}

/// What is still to be sent. The turn ends with it.
struct Sending {
    hub: Arc<Hub>,
    access: Access,
    which: ExportOf,
    is_v3: bool,
    page: Option<CardPage>,
    _turn: OwnedSemaphorePermit,
}

pub(super) async fn get(
    State(shared): State<Shared>,
    path: Result<Path<(String, String)>, PathRejection>,
    query: Result<Query<Options>, QueryRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let Path((account, file_name)) = path.map_err(|_| Problem::Request("The path is not well formed."))?;
    let Query(options) = query.map_err(|_| Problem::Request("The query is not well formed."))?;
    let (which, is_v3) = read(&options)?;
    let access = caller_for(&shared.api, &parts, &account).await?;
    let turn = shared.turns.download(access.account()).await?;
    // What goes wrong at once is said as a problem, not as a file that ends early.
    let page = Some(shared.api.hub.export_vcards(&access, which, is_v3, None).await?);
    let hub = Arc::clone(&shared.api.hub);
    let sending = Sending { hub, access, which, is_v3, page, _turn: turn };
    let mut response = Response::new(Body::from_stream(stream::try_unfold(sending, next)));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/vcard; charset=utf-8"));
    response.headers_mut().insert(CONTENT_DISPOSITION, attachment(&file_name));
    Ok(response)
}

fn read(options: &Options) -> Result<(ExportOf, bool), Problem> {
    let is_v3 = match options.version.as_str() {
        "" | "4" => false,
        "3" => true,
        _ => return Err(Problem::Request("The version is 3 or 4.")),
    };
    match options.of.as_str() {
        "" | "known" => Ok((ExportOf::Known, is_v3)),
        "everybody" => Ok((ExportOf::Everybody, is_v3)),
        _ => Err(Problem::Request("Say of=known or of=everybody.")),
    }
}

/// The page in hand, and the one behind it.
async fn next(mut sending: Sending) -> Result<Option<(Bytes, Sending)>, HubError> {
    let Some(page) = sending.page.take() else { return Ok(None) };
    if let Some(after) = page.next {
        sending.page = Some(more(&sending, after).await?);
    }
    Ok(Some((Bytes::from(page.text), sending)))
}

async fn more(sending: &Sending, after: ContactId) -> Result<CardPage, HubError> {
    sending.hub.export_vcards(&sending.access, sending.which, sending.is_v3, Some(after)).await
}
