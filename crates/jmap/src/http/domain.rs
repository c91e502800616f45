//! `GET /public/domain/{domain}?language=`: why mail to a domain has the index that it has, for whoever asks.

use super::auth::read_language;
use super::caller::peer;
use super::json_response;
use super::problem::Problem;
use crate::Shared;
use crate::types::{Explanation, domain};
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, Request, State};
use axum::response::Response;
use caliopen_hub::DomainError;
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
pub(super) struct Options {
    language: String,
}

pub(super) async fn get(
    State(shared): State<Shared>,
    path: Result<Path<String>, PathRejection>,
    query: Result<Query<Options>, QueryRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let Path(name) = path.map_err(|_| Problem::Request("The path is not well formed."))?;
    let Query(options) = query.map_err(|_| Problem::Request("Say the language: en, fr or it."))?;
    let language = read_language(&options.language)?;
    let view = shared.api.hub.domain(&name, peer(&parts)).await.map_err(|error| match error {
        DomainError::NoDomain => Problem::NotFound("This is no domain that mail goes to."),
        DomainError::Rate { retry_after_s } => Problem::Rate { retry_after_s },
        DomainError::Hub(cause) => cause.into(),
    })?;
    let explanation = Explanation::new(&view.evidence, language);
    Ok(json_response(&json!(domain::Record::new(name, explanation, &view))))
}
