//! Submission: get, changes, query, set. Creating one sends a draft; destroying one that has not left takes it back.

use super::words::{self, utc_date};
use super::{end_filter, listed, not_settable, object, state};
use crate::rfc8620::arguments::Arguments;
use crate::rfc8620::call::Call;
use crate::rfc8620::error::{MethodError, SetError};
use crate::rfc8620::resource::{Logged, Object, Queried, Resource, Settable, Start, Wanted};
use caliopen_hub::{ObjectType, Page, RecipientView, SubmissionView, SubmitError, TakenBack};
use caliopen_model::{CertificateFacts, DraftId, SubmissionId, Timestamp};
use caliopen_privacy::TlsRecord;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The type.
pub(crate) struct Submission;

/// How a submission is asked for.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    draft_id: String,
    #[serde(default)]
    delay_ms: Option<u32>,
    #[serde(default)]
    send_at: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: String,
    message_id: String,
    conversation_id: Option<String>,
    send_at: String,
    undo_status: &'static str,
    requires_tls: bool,
    recipients: Vec<Recipient>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Recipient {
    name: Option<String>,
    handle: String,
    state: &'static str,
    at: Option<String>,
    host: Option<String>,
    security: Option<&'static str>,
    proof: Option<&'static str>,
    tls: Option<TlsRecord>,
    certificate: Option<Certificate>,
    cause: Option<&'static str>,
    status: Option<String>,
    said: Option<String>,
    attempts: u32,
    next_try_at: Option<String>,
}

/// The certificate of the host that took it.
#[derive(Debug, Serialize)]
struct Certificate {
    standing: &'static str,
    /// In hexadecimal, as TLSA records have it.
    key: Option<String>,
    issuer: Option<String>,
    from: Option<String>,
    until: Option<String>,
}

impl From<CertificateFacts> for Certificate {
    fn from(facts: CertificateFacts) -> Self {
        Self {
            standing: words::standing(facts.standing),
            key: facts.key.map(|key| hexadecimal(&key)),
            issuer: facts.issuer,
            from: facts.validity.map(|(from, _)| utc_date(from)),
            until: facts.validity.map(|(_, until)| utc_date(until)),
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl From<SubmissionView> for Record {
    fn from(view: SubmissionView) -> Self {
        Self {
            id: view.id.to_string(),
            message_id: view.message.to_string(),
            conversation_id: view.conversation.map(|id| id.to_string()),
            send_at: utc_date(view.send_at),
            undo_status: if view.can_be_taken_back { "pending" } else { "final" },
            requires_tls: view.requires_tls,
            recipients: view.recipients.into_iter().map(Recipient::from).collect(),
        }
    }
}

impl From<RecipientView> for Recipient {
    fn from(view: RecipientView) -> Self {
        Self {
            name: view.name,
            handle: view.handle.to_string(),
            state: words::fate(view.fate),
            at: view.at.map(utc_date),
            host: view.host,
            security: view.security.and_then(words::security),
            proof: view.proof.map(words::proof),
            tls: view.tls.map(TlsRecord),
            certificate: view.certificate.map(Certificate::from),
            cause: view.cause.map(words::cause),
            status: view.status,
            said: view.said,
            attempts: view.attempts,
            next_try_at: view.next_try_at.map(utc_date),
        }
    }
}

impl Resource for Submission {
    type Id = SubmissionId;
    type Options = ();
    const PROPERTIES: &'static [&'static str] =
        &["id", "messageId", "conversationId", "sendAt", "undoStatus", "requiresTls", "recipients"];

    fn options(_: &Call<'_>, _: &mut Arguments) -> Result<(), MethodError> {
        Ok(())
    }

    async fn state(call: &Call<'_>) -> Result<String, MethodError> {
        state(call, ObjectType::Submission).await
    }

    async fn all(_: &Call<'_>) -> Result<Option<Vec<SubmissionId>>, MethodError> {
        Ok(None)
    }

    async fn objects(
        call: &Call<'_>,
        ids: &[SubmissionId],
        _: &Wanted,
        (): &(),
    ) -> Result<Vec<Option<Object>>, MethodError> {
        let views = call.hub.submissions(call.access, ids).await?;
        Ok(views.into_iter().map(|view| view.map(|view| object(&Record::from(view)))).collect())
    }
}

impl Logged for Submission {
    const OBJECT: ObjectType = ObjectType::Submission;
}

impl Queried for Submission {
    type Query = ();

    fn query(_: &Call<'_>, filter: Arguments, sort: &[(String, bool)]) -> Result<(), MethodError> {
        end_filter(filter)?;
        if sort.is_empty() {
            Ok(())
        } else {
            Err(MethodError::UnsupportedSort("submissions come newest first"))
        }
    }

    async fn page(
        call: &Call<'_>,
        (): &(),
        start: Start<SubmissionId>,
        limit: usize,
    ) -> Result<Option<Page<SubmissionId>>, MethodError> {
        let state = call.hub.states(call.access).await?.of(ObjectType::Submission);
        Ok(listed(call.hub.submission_ids(call.access).await?, start, limit, state))
    }
}

impl Settable for Submission {
    const WRITE_ONLY: &'static [&'static str] = &["draftId", "delayMs"];
    const NO_CREATE: &'static str = "";
    type Patch = ();

    fn patch(_: &Object, changed: &Object) -> Result<(), SetError> {
        changed.keys().next().map_or(Ok(()), |name| Err(not_settable(name)))
    }

    async fn create(
        call: &Call<'_>,
        properties: &Object,
    ) -> Result<Result<(SubmissionId, Object), SetError>, MethodError> {
        let (draft, send_at) = match asked(call, properties) {
            Ok(asked) => asked,
            Err(error) => return Ok(Err(error)),
        };
        match call.hub.submit(call.access, draft, send_at).await {
            Ok(sent) => {
                let told = json!({
                    "id": sent.submission.to_string(),
                    "messageId": sent.message.to_string(),
                    "conversationId": sent.conversation.to_string(),
                    "sendAt": utc_date(sent.send_at),
                });
                Ok(Ok((sent.submission, told.as_object().cloned().unwrap_or_default())))
            }
            Err(SubmitError::Hub(cause)) => Err(cause.into()),
            Err(error) => Ok(Err(set_error(&error))),
        }
    }

    async fn update(_: &Call<'_>, _: SubmissionId, (): &()) -> Result<Result<(), SetError>, MethodError> {
        Ok(Ok(()))
    }

    async fn destroy(call: &Call<'_>, id: SubmissionId) -> Result<Result<(), SetError>, MethodError> {
        Ok(match call.hub.take_back(call.access, id).await? {
            TakenBack::Draft(_) => Ok(()),
            TakenBack::Unknown => Err(SetError::NotFound),
            TakenBack::TooLate => Err(SetError::Own {
                kind: "cannotUnsend",
                properties: Vec::new(),
                why: "it has left: it cannot be taken back".to_owned(),
            }),
        })
    }
}

/// Which draft, and when it is to leave; now when nothing is said.
fn asked(call: &Call<'_>, properties: &Object) -> Result<(DraftId, Option<Timestamp>), SetError> {
    let asked: Asked = serde_json::from_value(Value::Object(properties.clone())).map_err(|error| {
        SetError::Own { kind: "invalidProperties", properties: Vec::new(), why: error.to_string() }
    })?;
    let draft = call.id_text(asked.draft_id).parse();
    let draft = draft.map_err(|_| SetError::invalid("draftId", "it is not the id of a draft"))?;
    let at = match (asked.send_at, asked.delay_ms) {
        (Some(text), None) => {
            let at = text.parse::<jiff::Timestamp>();
            let at = at.map_err(|_| SetError::invalid("sendAt", "it is a UTCDate"))?;
            Some(Timestamp::from_unix_ms(at.as_millisecond()))
        }
        (None, Some(delay)) => Some(call.hub.now().plus_ms(i64::from(delay))),
        (None, None) => None,
        (Some(_), Some(_)) => {
            return Err(SetError::invalid("sendAt", "it stands beside delayMs, which says the same"));
        }
    };
    Ok((draft, at))
}

fn set_error(error: &SubmitError) -> SetError {
    let (kind, property) = match error {
        SubmitError::NoDraft => ("notFound", Some("draftId")),
        SubmitError::Hidden => ("hidden", None),
        SubmitError::Conflict => ("conflict", Some("draftId")),
        SubmitError::NoRecipients => ("noRecipients", Some("to")),
        SubmitError::InvalidRecipient(_) | SubmitError::Unwritable => ("invalidRecipients", Some("to")),
        SubmitError::TooManyRecipients => ("tooManyRecipients", Some("to")),
        SubmitError::NotYourIdentity | SubmitError::Resting => ("forbiddenFrom", Some("identityId")),
        SubmitError::NoFile(_) => ("blobNotFound", Some("attachments")),
        SubmitError::TooLarge => ("tooLarge", Some("attachments")),
        SubmitError::NoCarrier => ("forbiddenToSend", None),
        SubmitError::OverLimit(_) | SubmitError::HostOverLimit(_) | SubmitError::FanOut(_) => {
            ("overLimit", None)
        }
        SubmitError::Hub(_) => ("serverFail", None),
    };
    SetError::Own {
        kind,
        properties: property.map(str::to_owned).into_iter().collect(),
        why: error.to_string(),
    }
}
