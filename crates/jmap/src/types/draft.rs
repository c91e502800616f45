//! Draft: get, changes, query, set. What an update leaves out stays; a revision that is no longer the stored one is
//! a conflict, and the client keeps its text as another draft.

use super::words::utc_date;
use super::{end_filter, listed, not_settable, object, state};
use crate::rfc8620::arguments::Arguments;
use crate::rfc8620::call::Call;
use crate::rfc8620::error::{MethodError, SetError};
use crate::rfc8620::resource::{Logged, Object, Queried, Resource, Settable, Start, Wanted, found};
use caliopen_hub::{DraftError, DraftView, ObjectType, Page};
use caliopen_model::{BlobId, Draft as Words, DraftFile, DraftId, Handle, PartId, Participant};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The type.
pub(crate) struct Draft;

/// Properties that only the server writes.
const SERVER_SET: [&str; 4] = ["id", "revision", "updatedAt", "hidden"];

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Record {
    #[serde(skip_deserializing)]
    id: String,
    #[serde(skip_deserializing)]
    revision: u32,
    #[serde(skip_deserializing)]
    updated_at: String,
    #[serde(skip_deserializing)]
    hidden: bool,
    identity_id: String,
    #[serde(default)]
    conversation_id: Option<String>,
    #[serde(default)]
    answers: Option<String>,
    #[serde(default)]
    forwards: Option<String>,
    #[serde(default)]
    to: Vec<Address>,
    #[serde(default)]
    cc: Vec<Address>,
    #[serde(default)]
    bcc: Vec<Address>,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    html: Option<String>,
    #[serde(default)]
    attachments: Vec<File>,
    #[serde(default)]
    keep_metadata: bool,
    #[serde(default)]
    requires_tls: bool,
    #[serde(default)]
    conflict_of: Option<String>,
}

/// `Address` of docs/api.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Address {
    #[serde(default)]
    name: Option<String>,
    handle: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    blob_id: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(rename = "type")]
    media_type: String,
    #[serde(default)]
    size: u64,
    #[serde(default)]
    cid: Option<String>,
}

impl From<DraftView> for Record {
    fn from(view: DraftView) -> Self {
        let draft = view.draft;
        let people = |people: Vec<Participant>| people.into_iter().map(Address::from).collect();
        Self {
            id: view.id.to_string(),
            revision: view.revision,
            updated_at: utc_date(view.updated_at),
            hidden: view.hidden,
            identity_id: draft.identity.to_string(),
            conversation_id: draft.conversation.map(|id| id.to_string()),
            answers: draft.answers.map(|id| id.to_string()),
            forwards: draft.forwards.map(|id| id.to_string()),
            to: people(draft.to),
            cc: people(draft.cc),
            bcc: people(draft.bcc),
            subject: draft.subject,
            text: draft.text,
            html: draft.html,
            attachments: draft.files.into_iter().map(File::from).collect(),
            keep_metadata: draft.keep_metadata,
            requires_tls: draft.requires_tls,
            conflict_of: draft.conflict_of.map(|id| id.to_string()),
        }
    }
}

impl From<Participant> for Address {
    fn from(person: Participant) -> Self {
        Self { handle: person.handle.to_string(), name: person.name }
    }
}

impl From<DraftFile> for File {
    fn from(file: DraftFile) -> Self {
        let blob_id = match file.part {
            Some(PartId(part)) => format!("{}.{part}", file.blob),
            None => file.blob.to_string(),
        };
        Self {
            blob_id,
            name: file.name,
            media_type: file.media_type,
            size: file.size_bytes,
            cid: file.content_id,
        }
    }
}

/// What a draft is to say, read from its properties.
fn words(mut properties: Object) -> Result<Words, SetError> {
    SERVER_SET.iter().for_each(|name| _ = properties.remove(*name));
    let record: Record = serde_json::from_value(Value::Object(properties)).map_err(|error| {
        SetError::Own { kind: "invalidProperties", properties: Vec::new(), why: error.to_string() }
    })?;
    Ok(Words {
        identity: id("identityId", &record.identity_id)?,
        conversation: optional_id("conversationId", record.conversation_id)?,
        answers: optional_id("answers", record.answers)?,
        forwards: optional_id("forwards", record.forwards)?,
        to: people("to", record.to)?,
        cc: people("cc", record.cc)?,
        bcc: people("bcc", record.bcc)?,
        subject: record.subject,
        text: record.text,
        html: record.html,
        files: record.attachments.into_iter().map(file).collect::<Result<_, _>>()?,
        keep_metadata: record.keep_metadata,
        requires_tls: record.requires_tls,
        conflict_of: optional_id("conflictOf", record.conflict_of)?,
    })
}

fn id<T: std::str::FromStr>(name: &str, text: &str) -> Result<T, SetError> {
    text.parse().map_err(|_| SetError::invalid(name, "it is not an id of its type"))
}

fn optional_id<T: std::str::FromStr>(name: &str, text: Option<String>) -> Result<Option<T>, SetError> {
    text.map(|text| id(name, &text)).transpose()
}

/// Recipients. What is half typed is kept as it is: whether it can be sent to is asked when it is sent.
fn people(name: &str, addresses: Vec<Address>) -> Result<Vec<Participant>, SetError> {
    let person = |address: Address| {
        let (protocol, literal) = address.handle.split_once(':')?;
        let handle = match Handle::parse(&address.handle) {
            Some(handle) => handle,
            None if protocol == "email" => Handle::literal(caliopen_model::Protocol::Email, literal),
            None => return None,
        };
        Some(Participant { name: address.name.filter(|name| !name.is_empty()), handle })
    };
    let people: Option<Vec<Participant>> = addresses.into_iter().map(person).collect();
    people.ok_or_else(|| SetError::invalid(name, "a handle is a protocol, a colon and an address"))
}

fn file(file: File) -> Result<DraftFile, SetError> {
    let (blob, part) = match file.blob_id.split_once('.') {
        Some((blob, part)) => (blob, Some(part)),
        None => (file.blob_id.as_str(), None),
    };
    let part = part.map(|text| id::<u32>("attachments", text).map(PartId)).transpose()?;
    Ok(DraftFile {
        blob: id::<BlobId>("attachments", blob)?,
        part,
        name: file.name,
        media_type: file.media_type,
        size_bytes: 0,
        content_id: file.cid,
    })
}

impl Resource for Draft {
    type Id = DraftId;
    type Options = ();
    const PROPERTIES: &'static [&'static str] = &[
        "id",
        "revision",
        "updatedAt",
        "identityId",
        "conversationId",
        "answers",
        "forwards",
        "to",
        "cc",
        "bcc",
        "subject",
        "text",
        "html",
        "attachments",
        "keepMetadata",
        "requiresTls",
        "conflictOf",
    ];

    fn options(_: &Call<'_>, _: &mut Arguments) -> Result<(), MethodError> {
        Ok(())
    }

    async fn state(call: &Call<'_>) -> Result<String, MethodError> {
        state(call, ObjectType::Draft).await
    }

    async fn all(call: &Call<'_>) -> Result<Option<Vec<DraftId>>, MethodError> {
        Ok(Some(call.hub.draft_ids(call.access).await?))
    }

    async fn objects(
        call: &Call<'_>,
        ids: &[DraftId],
        _: &Wanted,
        (): &(),
    ) -> Result<Vec<Option<Object>>, MethodError> {
        let views = call.hub.drafts(call.access, ids).await?;
        Ok(views.into_iter().map(|view| view.map(|view| object(&Record::from(view)))).collect())
    }
}

impl Logged for Draft {
    const OBJECT: ObjectType = ObjectType::Draft;
}

impl Queried for Draft {
    type Query = ();

    fn query(_: &Call<'_>, filter: Arguments, sort: &[(String, bool)]) -> Result<(), MethodError> {
        end_filter(filter)?;
        match sort {
            [] => Ok(()),
            [(property, false)] if property == "updatedAt" => Ok(()),
            _ => Err(MethodError::UnsupportedSort("drafts sort by updatedAt, isAscending false")),
        }
    }

    async fn page(
        call: &Call<'_>,
        (): &(),
        start: Start<DraftId>,
        limit: usize,
    ) -> Result<Option<Page<DraftId>>, MethodError> {
        let state = call.hub.states(call.access).await?.of(ObjectType::Draft);
        Ok(listed(call.hub.draft_ids(call.access).await?, start, limit, state))
    }
}

impl Settable for Draft {
    const WRITE_ONLY: &'static [&'static str] = &[];
    const NO_CREATE: &'static str = "";
    type Patch = (u32, Words);

    fn patch(current: &Object, changed: &Object) -> Result<(u32, Words), SetError> {
        if changed.contains_key("revision") {
            return Err(set_error(&DraftError::Conflict));
        }
        if let Some(name) = ["id", "updatedAt", "conversationId", "answers"]
            .into_iter()
            .find(|name| changed.contains_key(*name))
        {
            return Err(not_settable(name));
        }
        let revision = current.get("revision").and_then(Value::as_u64).unwrap_or_default();
        let mut whole = current.clone();
        whole.extend(changed.clone());
        Ok((u32::try_from(revision).unwrap_or(u32::MAX), words(whole)?))
    }

    async fn create(
        call: &Call<'_>,
        properties: &Object,
    ) -> Result<Result<(DraftId, Object), SetError>, MethodError> {
        let words = match words(properties.clone()) {
            Ok(words) => words,
            Err(error) => return Ok(Err(error)),
        };
        match call.hub.create_draft(call.access, words).await {
            Ok(view) => {
                let id = view.id;
                let mut told = object(&Record::from(view));
                told.retain(|name, value| properties.get(name) != Some(value));
                Ok(Ok((id, told)))
            }
            Err(error) => refused(error).map(Err),
        }
    }

    async fn update(
        call: &Call<'_>,
        id: DraftId,
        (revision, words): &(u32, Words),
    ) -> Result<Result<(), SetError>, MethodError> {
        match call.hub.update_draft(call.access, id, Some(*revision), words.clone()).await {
            Ok(view) => Ok(found(view.is_some())),
            Err(error) => refused(error).map(Err),
        }
    }

    async fn destroy(call: &Call<'_>, id: DraftId) -> Result<Result<(), SetError>, MethodError> {
        Ok(found(call.hub.destroy_draft(call.access, id).await?))
    }
}

/// A failure of ours ends the call; the others are said of the one draft.
fn refused(error: DraftError) -> Result<SetError, MethodError> {
    match error {
        DraftError::Hub(cause) => Err(cause.into()),
        other => Ok(set_error(&other)),
    }
}

fn set_error(error: &DraftError) -> SetError {
    let (kind, property) = match error {
        DraftError::Conflict => ("conflict", Some("revision")),
        DraftError::Hidden => ("hidden", None),
        DraftError::TooMany => ("overQuota", None),
        DraftError::TooManyRecipients => ("tooManyRecipients", Some("to")),
        DraftError::TooLong(name) => ("tooLarge", Some(*name)),
        DraftError::NoFile(_) => ("blobNotFound", Some("attachments")),
        DraftError::TooLarge => ("tooLarge", Some("attachments")),
        DraftError::NotYourIdentity => ("forbiddenFrom", Some("identityId")),
        DraftError::Hub(_) => ("serverFail", None),
    };
    SetError::Own {
        kind,
        properties: property.map(str::to_owned).into_iter().collect(),
        why: error.to_string(),
    }
}
