//! `POST /jmap/import/…`: the file of an import, straight into the account, nothing of it kept on the way.
//! `GET /jmap/export/…`: the whole account as one file, written while it is sent.

use super::caller::caller_for;
use super::disposition::attachment;
use super::json_response;
use super::problem::Problem;
use super::turns::Doing;
use crate::limits::{IMPORT_SILENCE_MAX, TRANSFERS_OF_ALL_MAX};
use crate::rfc8620::request::RequestError;
use crate::types::TransferRecord;
use crate::{Api, Shared};
use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use caliopen_hub::{Access, Export, ExportKind, Import, ImportError};
use caliopen_model::TransferId;
use futures_util::{StreamExt, stream};
use serde::Deserialize;
use serde_json::json;
use tokio::time::timeout;

#[derive(Deserialize)]
pub(super) struct From {
    #[serde(default)]
    offset: u64,
}

/// Takes the file of an import from a byte of it on. Answers the transfer as it stands then.
pub(super) async fn import(
    State(shared): State<Shared>,
    path: Result<Path<(String, String)>, PathRejection>,
    query: Result<Query<From>, QueryRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let Path((account, id)) = path.map_err(|_| Problem::Request("The path is not well formed."))?;
    let Query(From { offset }) = query.map_err(|_| Problem::Request("The query is not well formed."))?;
    let access = caller_for(&shared.api, &parts, &account).await?;
    let id: TransferId = id.parse().map_err(|_| Problem::NotFound("There is no such import."))?;
    let _place = enter(&shared)?;
    let hub = &shared.api.hub;
    let mut import = hub.import(&access, id, offset).await?;
    // What could not be stored was not: the import goes on where its last commit ended.
    let broken = take(&mut import, body).await?;
    let is_whole = broken.is_none() && import.has_all();
    import.end(is_whole).await?;
    if let Some(problem) = broken {
        return Err(problem);
    }
    let view = hub.transfers(&access, &[id]).await?.into_iter().flatten().next();
    let record = view.map(TransferRecord::from).ok_or(Problem::NotFound("There is no such import."))?;
    Ok(json_response(&json!(record)))
}

/// Feeds what comes. Gives why it ended before the body did; what came in until then is kept, the rest can be sent later.
async fn take(import: &mut Import<'_>, body: Body) -> Result<Option<Problem>, ImportError> {
    let mut chunks = body.into_data_stream();
    loop {
        match timeout(IMPORT_SILENCE_MAX, chunks.next()).await {
            Err(_) => return Ok(Some(Problem::Timeout)),
            Ok(None) => return Ok(None),
            Ok(Some(Err(_))) => return Ok(Some(Problem::Request("The body broke off."))),
            Ok(Some(Ok(chunk))) => import.feed(&chunk).await?,
        }
    }
}

fn enter(shared: &Shared) -> Result<super::turns::Pass, Problem> {
    let pass = shared.turns.enter(Doing::Transfers, [0; 16], TRANSFERS_OF_ALL_MAX);
    pass.ok_or_else(|| RequestError::Limit("maxConcurrentRequests").into())
}

#[derive(Deserialize)]
pub(super) struct As {
    #[serde(rename = "as", default)]
    kind: Option<String>,
}

/// An export that is being sent, with what it needs until its last byte.
struct Sending {
    api: std::sync::Arc<Api>,
    access: Access,
    export: Export,
    _place: super::turns::Pass,
}

/// The whole account, as an archive that another Caliopen reads, or as an mbox.
pub(super) async fn export(
    State(shared): State<Shared>,
    path: Result<Path<String>, PathRejection>,
    query: Result<Query<As>, QueryRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let Path(account) = path.map_err(|_| Problem::Request("The path is not well formed."))?;
    let Query(As { kind }) = query.map_err(|_| Problem::Request("The query is not well formed."))?;
    let (kind, media_type) = match kind.as_deref() {
        None | Some("archive") => (ExportKind::Archive, "application/x-tar"),
        Some("mbox") => (ExportKind::Mailbox, "application/mbox"),
        Some(_) => return Err(Problem::Request("An export is an archive or an mbox.")),
    };
    let access = caller_for(&shared.api, &parts, &account).await?;
    let place = enter(&shared)?;
    let export = shared.api.hub.export(&access, kind).await?.ok_or(ImportError::Busy)?;
    let name = export.file_name();
    let sending = Sending { api: shared.api, access, export, _place: place };
    let body = Body::from_stream(stream::try_unfold(sending, |mut sending| async move {
        let next = sending.export.next(&sending.api.hub, &sending.access).await;
        // The file that broke off is not whole, and says so: its last bytes are missing.
        let next = next.inspect_err(|cause| tracing::error!(%cause, "an export broke off"))?;
        Ok::<_, caliopen_hub::HubError>(next.map(|bytes| (bytes, sending)))
    }));
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CONTENT_DISPOSITION, attachment(&name));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    Ok(response)
}
