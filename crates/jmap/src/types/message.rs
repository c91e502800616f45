//! Message: get, changes, query, set. Bodies and headers are read from the blob, and only when they are asked for.

mod unsubscribe;

pub(crate) use unsubscribe::unsubscribe;

use super::encryption_report;
use super::person::{Person, people};
use super::words::{self, Privacy, utc_date};
use super::{Body, end_filter, not_settable, object, state};
use crate::limits::{ANSWER_BYTES_MAX, OPENED_MESSAGES_MAX, PAGE_MAX, WALKED_IDS_MAX};
use crate::rfc8620::arguments::Arguments;
use crate::rfc8620::call::Call;
use crate::rfc8620::error::{MethodError, SetError};
use crate::rfc8620::json::weight;
use crate::rfc8620::resource::{Logged, Object, Queried, Resource, Settable, Start, Wanted, found};
use caliopen_hub::{HubError, MessagePatch, MessageView, ObjectType, Page};
use caliopen_model::{BlobId, ConversationId, MessageId, Part, Reading, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// The type.
pub(crate) struct Message;

const SEEN: &str = "$seen";
const FLAGGED: &str = "$flagged";
/// Of the server's own (RFC 9979): the message's list is left by one request.
const CAN_UNSUBSCRIBE: &str = "$canunsubscribe";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: String,
    conversation_id: String,
    segment_id: String,
    blob_id: String,
    direction: &'static str,
    protocol: &'static str,
    from: Vec<Person>,
    to: Vec<Person>,
    cc: Vec<Person>,
    bcc: Vec<Person>,
    reply_to: Vec<Person>,
    subject: String,
    sent_at: Option<String>,
    received_at: String,
    size: u64,
    excerpt: String,
    keywords: Object,
    privacy: Privacy,
    importance: i8,
    importance_reasons: Vec<&'static str>,
    protection: &'static str,
    warnings: Vec<&'static str>,
    suspicious: bool,
    sending: Option<&'static str>,
    left_at: Option<String>,
    hidden: bool,
    attachments: Vec<Attachment>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Attachment {
    part_id: u32,
    blob_id: String,
    #[serde(rename = "type")]
    media_type: String,
    name: Option<String>,
    size: u64,
    disposition: &'static str,
    cid: Option<String>,
}

impl From<MessageView> for Record {
    fn from(view: MessageView) -> Self {
        Self {
            id: view.id.to_string(),
            conversation_id: view.conversation.to_string(),
            segment_id: view.segment.to_string(),
            blob_id: view.blob.to_string(),
            direction: words::direction(view.direction),
            protocol: view.protocol.name(),
            from: people(&view.from),
            to: people(&view.to),
            cc: people(&view.cc),
            bcc: people(&view.bcc),
            reply_to: people(&view.reply_to),
            subject: view.subject.unwrap_or_default(),
            sent_at: view.sent_at.map(utc_date),
            received_at: utc_date(view.received_at),
            size: view.size_bytes,
            excerpt: view.excerpt,
            keywords: keywords(view.seen, view.flagged, view.one_click),
            privacy: Privacy::new(view.privacy, view.formula),
            importance: view.importance,
            importance_reasons: view.importance_reasons.into_iter().map(words::importance_reason).collect(),
            protection: words::protection(view.protection),
            warnings: view.warnings.into_iter().map(words::warning).collect(),
            suspicious: view.suspicious,
            sending: view.sending.map(words::fate),
            left_at: view.left_at.map(utc_date),
            hidden: view.hidden,
            attachments: view.parts.into_iter().map(|part| attachment(view.blob, part)).collect(),
        }
    }
}

fn attachment(blob: BlobId, part: Part) -> Attachment {
    Attachment {
        part_id: part.id.0,
        blob_id: format!("{blob}.{}", part.id.0),
        media_type: part.media_type,
        name: part.name,
        size: part.size_bytes,
        disposition: words::disposition(part.disposition),
        cid: part.content_id,
    }
}

/// The keywords that are set, each true (RFC 8621 §4.1.1).
fn keywords(seen: bool, flagged: bool, one_click: bool) -> Object {
    let set = [(SEEN, seen), (FLAGGED, flagged), (CAN_UNSUBSCRIBE, one_click)]
        .into_iter()
        .filter(|(_, is_set)| *is_set);
    set.map(|(name, _)| (name.to_owned(), Value::Bool(true))).collect()
}

impl Resource for Message {
    type Id = MessageId;
    type Options = ();
    const PROPERTIES: &'static [&'static str] = &[
        "id",
        "conversationId",
        "segmentId",
        "blobId",
        "direction",
        "protocol",
        "from",
        "to",
        "cc",
        "bcc",
        "replyTo",
        "subject",
        "sentAt",
        "receivedAt",
        "size",
        "excerpt",
        "keywords",
        "privacy",
        "importance",
        "importanceReasons",
        "protection",
        "warnings",
        "suspicious",
        "sending",
        "leftAt",
        "hidden",
        "attachments",
        "bodies",
        "headers",
        "language",
        "encryptionReport",
    ];

    fn options(_: &Call<'_>, _: &mut Arguments) -> Result<(), MethodError> {
        Ok(())
    }

    async fn state(call: &Call<'_>) -> Result<String, MethodError> {
        state(call, ObjectType::Message).await
    }

    async fn all(_: &Call<'_>) -> Result<Option<Vec<MessageId>>, MethodError> {
        Ok(None)
    }

    async fn objects(
        call: &Call<'_>,
        ids: &[MessageId],
        wanted: &Wanted,
        (): &(),
    ) -> Result<Vec<Option<Object>>, MethodError> {
        let opens = OPENED.iter().any(|name| wanted.names(name));
        if opens && ids.len() > OPENED_MESSAGES_MAX {
            return Err(MethodError::RequestTooLarge("at most 50 messages at a time with bodies or headers"));
        }
        let views = call.hub.messages(call.access, ids).await?;
        let mut objects: Vec<Option<Object>> =
            views.into_iter().map(|view| view.map(|view| object(&Record::from(view)))).collect();
        if opens {
            open_each(call, ids, wanted, &mut objects).await?;
        }
        Ok(objects)
    }
}

/// What stands in the blob, and is answered only when it is named.
const OPENED: [&str; 4] = ["bodies", "headers", "language", "encryptionReport"];

/// Adds what stands in the blob of each message, until there is too much to answer.
async fn open_each(
    call: &Call<'_>,
    ids: &[MessageId],
    wanted: &Wanted,
    objects: &mut [Option<Object>],
) -> Result<(), MethodError> {
    let mut bytes_left = ANSWER_BYTES_MAX;
    for (id, slot) in ids.iter().zip(objects) {
        let Some(object) = slot else { continue };
        if object.get("hidden") == Some(&Value::Bool(true)) {
            object.extend(opened(Reading::default(), wanted));
            continue;
        }
        // A message that went away since its row was read is not found, like one that never was.
        let Some(reading) = call.hub.reading(call.access, *id).await? else {
            *slot = None;
            continue;
        };
        let opened = opened(reading, wanted);
        let bytes = opened.values().map(weight).fold(0, usize::saturating_add);
        bytes_left = bytes_left.checked_sub(bytes).ok_or(MethodError::RequestTooLarge(
            "these messages are too large for one answer: ask for fewer",
        ))?;
        object.extend(opened);
    }
    Ok(())
}

fn opened(reading: Reading, wanted: &Wanted) -> Object {
    let mut opened = Map::new();
    if wanted.names("language") {
        opened.insert("language".to_owned(), json!(reading.language));
    }
    if wanted.names("encryptionReport") {
        let report = reading.encryption_report.map(encryption_report::Record::from);
        opened.insert("encryptionReport".to_owned(), json!(report));
    }
    if wanted.names("bodies") {
        let bodies: Vec<Body> = reading.bodies.into_iter().map(Body::from).collect();
        opened.insert("bodies".to_owned(), json!(bodies));
    }
    if wanted.names("headers") {
        opened.insert("headers".to_owned(), json!(reading.headers));
    }
    opened
}

impl Logged for Message {
    const OBJECT: ObjectType = ObjectType::Message;
}

/// A conversation, and whether its newest message comes first.
pub(crate) struct Query {
    conversation: ConversationId,
    newest_first: bool,
}

impl Queried for Message {
    type Query = Query;

    fn query(call: &Call<'_>, mut filter: Arguments, sort: &[(String, bool)]) -> Result<Query, MethodError> {
        let conversation = call.need_id(&mut filter, "conversationId")?;
        end_filter(filter)?;
        let newest_first = match sort {
            [] => false,
            [(property, ascending)] if property == "receivedAt" => !ascending,
            _ => return Err(MethodError::UnsupportedSort("messages sort by receivedAt")),
        };
        Ok(Query { conversation, newest_first })
    }

    async fn page(
        call: &Call<'_>,
        query: &Query,
        start: Start<MessageId>,
        limit: usize,
    ) -> Result<Option<Page<MessageId>>, MethodError> {
        let position = match start {
            Start::Position(position) => Some(position),
            Start::Anchor(id, offset) => {
                find(call, query, id).await?.map(|at| at.saturating_add_signed(offset))
            }
        };
        let Some(position) = position else { return Ok(None) };
        let (conversation, newest_first) = (query.conversation, query.newest_first);
        Ok(Some(call.hub.message_page(call.access, conversation, newest_first, position, limit).await?))
    }
}

/// The place of a message in its conversation. Clients that page ask for the neighbours of what they have.
async fn find(call: &Call<'_>, query: &Query, id: MessageId) -> Result<Option<u64>, MethodError> {
    let views = call.hub.messages(call.access, &[id]).await?;
    if !views.iter().flatten().any(|view| view.conversation == query.conversation) {
        return Ok(None);
    }
    let mut position = 0;
    while position < WALKED_IDS_MAX as u64 {
        let (conversation, newest_first) = (query.conversation, query.newest_first);
        let page = call.hub.message_page(call.access, conversation, newest_first, position, PAGE_MAX).await?;
        if let Some(offset) = page.ids.iter().position(|other| *other == id) {
            return Ok(Some(position.saturating_add(offset as u64)));
        }
        if page.ids.is_empty() {
            break;
        }
        position = position.saturating_add(page.ids.len() as u64);
    }
    Ok(None)
}

impl Settable for Message {
    const WRITE_ONLY: &'static [&'static str] = &[];
    const NO_CREATE: &'static str = "a message arrives, or is made of a draft";
    type Patch = MessagePatch;

    fn patch(current: &Object, changed: &Object) -> Result<MessagePatch, SetError> {
        let mut patch = MessagePatch::default();
        for (name, value) in changed {
            match name.as_str() {
                "keywords" => {
                    patch = MessagePatch {
                        left_at: patch.left_at,
                        ..keyword_patch(current.get("keywords"), value)?
                    };
                }
                "leftAt" => patch.left_at = Some(left_at(current, value)?),
                _ => return Err(not_settable(name)),
            }
        }
        Ok(patch)
    }

    async fn update(
        call: &Call<'_>,
        id: MessageId,
        patch: &MessagePatch,
    ) -> Result<Result<(), SetError>, MethodError> {
        // A client's clock may be ahead of ours.
        let left_at = patch.left_at.map(|at| at.map(|at| at.min(call.hub.now())));
        Ok(found(call.hub.update_message(call.access, id, &MessagePatch { left_at, ..*patch }).await?))
    }

    async fn destroy(call: &Call<'_>, id: MessageId) -> Result<Result<(), SetError>, MethodError> {
        match call.hub.destroy_message(call.access, id).await {
            Err(error @ HubError::Hidden) => {
                Ok(Err(SetError::Own { kind: "hidden", properties: Vec::new(), why: error.to_string() }))
            }
            destroyed => Ok(found(destroyed?)),
        }
    }
}

/// When a list was left in another way than by `Message/unsubscribe`.
fn left_at(current: &Object, wanted: &Value) -> Result<Option<Timestamp>, SetError> {
    let reasons = current.get("importanceReasons").and_then(Value::as_array).into_iter().flatten();
    let is_of_list = reasons.filter_map(Value::as_str).any(|reason| matches!(reason, "list" | "automated"));
    if !is_of_list || current.get("direction") != Some(&json!("received")) {
        return Err(SetError::invalid("leftAt", "only messages of lists and machines have it"));
    }
    words::optional_date("leftAt", wanted)
}

/// Only the keywords that differ, so that what another device did to the others at the same time stands.
fn keyword_patch(current: Option<&Value>, wanted: &Value) -> Result<MessagePatch, SetError> {
    let empty = Map::new();
    let current = current.and_then(Value::as_object).unwrap_or(&empty);
    let wanted = match wanted {
        Value::Null => &empty,
        Value::Object(wanted) => wanted,
        _ => return Err(SetError::invalid("keywords", "it is an object")),
    };
    if wanted.values().any(|value| value != &Value::Bool(true)) {
        return Err(SetError::invalid("keywords", "a keyword is true, or it is not there"));
    }
    let is_known = |name: &String| [SEEN, FLAGGED, CAN_UNSUBSCRIBE].contains(&name.as_str());
    if !wanted.keys().all(is_known) {
        return Err(SetError::invalid("keywords", "the keywords are $seen and $flagged"));
    }
    if wanted.contains_key(CAN_UNSUBSCRIBE) != current.contains_key(CAN_UNSUBSCRIBE) {
        return Err(SetError::invalid("keywords", "$canunsubscribe is for the server to say"));
    }
    let change = |name: &str| {
        let is_wanted = wanted.contains_key(name);
        (is_wanted != current.contains_key(name)).then_some(is_wanted)
    };
    Ok(MessagePatch { seen: change(SEEN), flagged: change(FLAGGED), left_at: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(current: Value, wanted: Value, expected: Option<(Option<bool>, Option<bool>)>) {
        let found = keyword_patch(Some(&current), &wanted).ok().map(|patch| (patch.seen, patch.flagged));
        assert_eq!(found, expected, "{current} {wanted}");
    }

    #[test]
    fn only_keywords_that_differ_are_changed() {
        check(json!({}), json!({"$seen": true}), Some((Some(true), None)));
        check(json!({"$seen": true, "$flagged": true}), json!({"$seen": true}), Some((None, Some(false))));
        check(json!({"$seen": true}), json!(null), Some((Some(false), None)));
        check(json!({}), json!({"$seen": false}), None);
        check(json!({}), json!({"$draft": true}), None);
        check(json!({}), json!(["$seen"]), None);
        check(
            json!({"$canunsubscribe": true}),
            json!({"$canunsubscribe": true, "$seen": true}),
            Some((Some(true), None)),
        );
        check(json!({"$canunsubscribe": true}), json!({}), None);
        check(json!({}), json!({"$canunsubscribe": true}), None);
    }
}
