//! Errors of a whole request, as `application/problem+json` (RFC 7807; RFC 8620 §3.6.1 for those of the API).

use crate::rfc8620::request::RequestError;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use caliopen_hub::{HubError, ImportError, PasskeyError};
use serde_json::json;

/// Why a request was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Problem {
    #[error("The address, the password or the code is not right.")]
    Credentials,
    #[error("The password is right. Send a code of the app, or a passkey, beside it.")]
    SecondFactor { codes: bool, passkeys: bool },
    #[error("The code or the passkey is not right, or the code was used already.")]
    WrongSecondFactor,
    #[error("Add a passkey, or an app that counts codes, before the password is asked for one.")]
    NoSecondFactor,
    #[error("This passkey shows that it is you, and cannot sign in by itself: sign in with your password.")]
    OnlyConfirms,
    #[error("Passkeys belong to a name: open the server by its name, with https, not by a number.")]
    NeedsName,
    #[error("{0}")]
    Passkey(PasskeyError),
    #[error("Sign in first.")]
    NoSession,
    #[error("This session belongs to a device: sign the request with its key, with the time of now.")]
    NotProved,
    #[error("Too many attempts: wait, then try again.")]
    Rate { retry_after_s: u32 },
    #[error("This link is not valid: sign in, or open the newest one that the server printed.")]
    FirstStartOver,
    #[error("Choose a password of at least 10 characters.")]
    PasswordWeak,
    #[error("Write the address as name@domain, without spaces.")]
    Address,
    #[error("{0}")]
    Request(&'static str),
    #[error("{0}")]
    NotFound(&'static str),
    #[error("Send the body faster.")]
    Timeout,
    #[error("The range is not inside the file.")]
    Range { size: usize },
    #[error("{0}")]
    Import(ImportError),
    /// Too private for where it is asked for.
    #[error(
        "This is held back on this device: show that it is you, or open it on a device that you trust more."
    )]
    Hidden,
    /// The account takes nothing more.
    #[error("Your mailbox is full: delete for good what you do not need, then try again.")]
    MailboxFull,
    /// RFC 8620 §3.6.1.
    #[error(transparent)]
    Jmap(#[from] RequestError),
    /// Ours: logged where it is answered, never told.
    #[error("The server could not do this: try again later.")]
    Hub(HubError),
}

impl From<HubError> for Problem {
    fn from(error: HubError) -> Self {
        match error {
            HubError::Hidden => Self::Hidden,
            HubError::MailboxFull => Self::MailboxFull,
            cause => Self::Hub(cause),
        }
    }
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Hub(cause) => cause.into(),
            other => Self::Import(other),
        }
    }
}

impl Problem {
    fn status(&self) -> StatusCode {
        match self {
            Self::Credentials
            | Self::SecondFactor { .. }
            | Self::WrongSecondFactor
            | Self::OnlyConfirms
            | Self::NoSession
            | Self::NotProved => StatusCode::UNAUTHORIZED,
            Self::NoSecondFactor => StatusCode::CONFLICT,
            Self::Passkey(PasskeyError::Known | PasskeyError::TooMany | PasskeyError::Needed) => {
                StatusCode::CONFLICT
            }
            Self::Hidden => StatusCode::FORBIDDEN,
            Self::MailboxFull => StatusCode::INSUFFICIENT_STORAGE,
            Self::Rate { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::FirstStartOver | Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::PasswordWeak | Self::Address | Self::Request(_) | Self::NeedsName | Self::Passkey(_) => {
                StatusCode::BAD_REQUEST
            }
            Self::Timeout => StatusCode::REQUEST_TIMEOUT,
            Self::Range { .. } => StatusCode::RANGE_NOT_SATISFIABLE,
            Self::Import(ImportError::Unknown) => StatusCode::NOT_FOUND,
            Self::Import(ImportError::SignedOut) => StatusCode::UNAUTHORIZED,
            Self::Import(_) => StatusCode::CONFLICT,
            Self::Jmap(RequestError::Limit("maxSizeRequest" | "maxSizeUpload")) => {
                StatusCode::PAYLOAD_TOO_LARGE
            }
            Self::Jmap(RequestError::Limit("maxCallsInRequest")) => StatusCode::BAD_REQUEST,
            Self::Jmap(RequestError::Limit(_)) => StatusCode::TOO_MANY_REQUESTS,
            Self::Jmap(_) => StatusCode::BAD_REQUEST,
            Self::Hub(cause) if cause.is_temporary() => StatusCode::SERVICE_UNAVAILABLE,
            Self::Hub(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Credentials => "urn:caliopen:error:credentials",
            Self::SecondFactor { .. } => "urn:caliopen:error:second-factor",
            Self::WrongSecondFactor => "urn:caliopen:error:second-factor-wrong",
            Self::NoSecondFactor => "urn:caliopen:error:second-factor-none",
            Self::OnlyConfirms => "urn:caliopen:error:passkey-only-confirms",
            Self::NeedsName => "urn:caliopen:error:passkey-name",
            Self::Passkey(PasskeyError::Known) => "urn:caliopen:error:passkey-known",
            Self::Passkey(PasskeyError::TooMany) => "urn:caliopen:error:passkey-many",
            Self::Passkey(_) => "urn:caliopen:error:passkey",
            Self::NoSession => "urn:caliopen:error:session",
            Self::NotProved => "urn:caliopen:error:proof",
            Self::Hidden => "urn:caliopen:error:hidden",
            Self::MailboxFull => "urn:caliopen:error:mailbox-full",
            Self::Rate { .. } => "urn:caliopen:error:rate",
            Self::FirstStartOver => "urn:caliopen:error:first-start",
            Self::PasswordWeak => "urn:caliopen:error:password-weak",
            Self::Address => "urn:caliopen:error:address",
            Self::Request(_) | Self::Timeout | Self::Range { .. } => "urn:caliopen:error:request",
            Self::Import(ImportError::SignedOut) => "urn:caliopen:error:session",
            Self::Import(ImportError::Unknown) | Self::NotFound(_) => "urn:caliopen:error:not-found",
            Self::Import(_) => "urn:caliopen:error:transfer",
            Self::Hub(_) => "urn:caliopen:error:server",
            Self::Jmap(RequestError::NotJson) => "urn:ietf:params:jmap:error:notJSON",
            Self::Jmap(RequestError::NotRequest(_)) => "urn:ietf:params:jmap:error:notRequest",
            Self::Jmap(RequestError::UnknownCapability(_)) => "urn:ietf:params:jmap:error:unknownCapability",
            Self::Jmap(RequestError::Limit(_)) => "urn:ietf:params:jmap:error:limit",
        }
    }

    /// Seconds to wait before the same request may work.
    fn retry_after_s(&self) -> Option<u32> {
        match self {
            Self::Rate { retry_after_s } => Some((*retry_after_s).max(1)),
            _ if self.status() == StatusCode::TOO_MANY_REQUESTS => Some(1),
            _ if self.status() == StatusCode::SERVICE_UNAVAILABLE => Some(5),
            _ => None,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        if let Self::Hub(cause) = &self {
            tracing::error!(%cause, "a request failed");
        }
        let status = self.status();
        let mut body = json!({ "type": self.kind(), "status": status.as_u16(), "detail": self.to_string() });
        if let (Self::Jmap(RequestError::Limit(limit)), Some(members)) = (&self, body.as_object_mut()) {
            members.insert("limit".to_owned(), json!(limit));
        }
        if let (Self::SecondFactor { codes, passkeys }, Some(members)) = (&self, body.as_object_mut()) {
            members.insert("codes".to_owned(), json!(codes));
            members.insert("passkeys".to_owned(), json!(passkeys));
        }
        if let (Self::Import(ImportError::Offset(offset)), Some(members)) = (&self, body.as_object_mut()) {
            members.insert("resumeAt".to_owned(), json!(offset));
        }
        let mut response = Response::new(Body::from(body.to_string()));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after_s() {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if matches!(self, Self::NoSession) {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Self::Range { size } = self
            && let Ok(range) = HeaderValue::from_str(&format!("bytes */{size}"))
        {
            headers.insert(axum::http::header::CONTENT_RANGE, range);
        }
        response
    }
}
