//! Errors of one method call (RFC 8620 §3.6.2 and §5) and of one object of a `/set` (§5.3).

use caliopen_hub::HubError;
use serde_json::{Map, Value, json};

/// Why a method call was not done. Its siblings in the same request are not touched by it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MethodError {
    #[error("{0}")]
    InvalidArguments(String),
    #[error("there is no such method, or `using` does not name its capability")]
    UnknownMethod,
    #[error("{0}")]
    InvalidResultReference(&'static str),
    #[error("there is no such account")]
    AccountNotFound,
    #[error("{0}")]
    RequestTooLarge(&'static str),
    #[error("the state is not the one that ifInState names")]
    StateMismatch,
    #[error("fetch the objects anew: the changes since this state are not known")]
    CannotCalculateChanges,
    #[error("the anchor is not in the list")]
    AnchorNotFound,
    #[error("{0}")]
    UnsupportedFilter(&'static str),
    #[error("{0}")]
    UnsupportedSort(&'static str),
    /// Ours, not the caller's. Its cause is logged and never sent.
    #[error(transparent)]
    Hub(#[from] HubError),
    /// The same, after some objects of a `/set` were changed.
    #[error(transparent)]
    HubHalfway(HubError),
}

impl MethodError {
    /// The `type` of RFC 8620.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::InvalidArguments(_) => "invalidArguments",
            Self::UnknownMethod => "unknownMethod",
            Self::InvalidResultReference(_) => "invalidResultReference",
            Self::AccountNotFound => "accountNotFound",
            Self::RequestTooLarge(_) => "requestTooLarge",
            Self::StateMismatch => "stateMismatch",
            Self::CannotCalculateChanges => "cannotCalculateChanges",
            Self::AnchorNotFound => "anchorNotFound",
            Self::UnsupportedFilter(_) => "unsupportedFilter",
            Self::UnsupportedSort(_) => "unsupportedSort",
            Self::Hub(HubError::Hidden) => "hidden",
            Self::Hub(cause) if cause.is_temporary() => "serverUnavailable",
            Self::Hub(_) => "serverFail",
            Self::HubHalfway(_) => "serverPartialFail",
        }
    }

    /// The arguments of the `error` response.
    pub(crate) fn response(&self) -> Value {
        match self {
            Self::Hub(cause) if !matches!(cause, HubError::Hidden) => json!({ "type": self.kind() }),
            Self::HubHalfway(_) => json!({ "type": self.kind() }),
            said => json!({ "type": said.kind(), "description": said.to_string() }),
        }
    }
}

/// Why one object was not created, updated or destroyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SetError {
    Forbidden(&'static str),
    NotFound,
    InvalidPatch(&'static str),
    WillDestroy,
    InvalidProperties {
        properties: Vec<String>,
        why: &'static str,
    },
    /// An error of the type's own, said in docs/api.
    Own {
        kind: &'static str,
        properties: Vec<String>,
        why: String,
    },
}

impl SetError {
    /// One property that cannot have this value.
    pub(crate) fn invalid(property: &str, why: &'static str) -> Self {
        Self::InvalidProperties { properties: vec![property.to_owned()], why }
    }

    /// The object of RFC 8620 §5.3.
    pub(crate) fn response(&self) -> Value {
        let (kind, description) = match self {
            Self::Forbidden(why) => ("forbidden", Some(*why)),
            Self::NotFound => ("notFound", None),
            Self::InvalidPatch(why) => ("invalidPatch", Some(*why)),
            Self::WillDestroy => ("willDestroy", None),
            Self::InvalidProperties { why, .. } => ("invalidProperties", Some(*why)),
            Self::Own { kind, why, .. } => (*kind, Some(why.as_str())),
        };
        let mut object = Map::from_iter([("type".to_owned(), json!(kind))]);
        if let Some(description) = description {
            object.insert("description".to_owned(), json!(description));
        }
        if let Self::InvalidProperties { properties, .. } | Self::Own { properties, .. } = self
            && !properties.is_empty()
        {
            object.insert("properties".to_owned(), json!(properties));
        }
        Value::Object(object)
    }
}
