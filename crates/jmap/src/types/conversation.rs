//! Conversation: get, changes, query, set; setAll and undoAll for many at a time.

mod many;
mod patch;

pub(crate) use many::{empty, set_all, undo_all};

use super::person::{Person, people};
use super::words::{self, Privacy, utc_date};
use super::{end_filter, object, state};
use crate::rfc8620::arguments::{Arguments, wrong};
use crate::rfc8620::call::Call;
use crate::rfc8620::error::{MethodError, SetError};
use crate::rfc8620::resource::{Logged, Object, Queried, Resource, Settable, Start, Wanted, found};
use caliopen_hub::{
    ConversationFilter, ConversationOrder, ConversationPatch, ConversationView, ObjectType, Page, PageStart,
    RelatedView, Relation,
};
use caliopen_model::{ConversationId, Place};
use serde::Serialize;
use serde_json::{Value, json};

/// The type.
pub(crate) struct Conversation;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: String,
    kind: &'static str,
    place: &'static str,
    title: Option<String>,
    people: Vec<Person>,
    protocol: &'static str,
    identity: String,
    listed_at: String,
    pinned: bool,
    muted: bool,
    snoozed_until: Option<String>,
    returned: bool,
    labels: Object,
    latest_at: String,
    latest_message_id: String,
    subject: String,
    excerpt: String,
    hidden: bool,
    latest_direction: &'static str,
    message_count: u32,
    unread_count: u32,
    has_attachment: bool,
    importance: i8,
    privacy: Privacy,
    suspicious: bool,
    protection: &'static str,
}

impl From<ConversationView> for Record {
    fn from(view: ConversationView) -> Self {
        Self {
            id: view.id.to_string(),
            kind: words::kind(view.kind),
            place: words::place(view.place),
            title: view.title,
            people: people(&view.people),
            protocol: view.protocol.name(),
            identity: view.identity,
            listed_at: utc_date(view.listed_at),
            pinned: view.pinned,
            muted: view.muted,
            snoozed_until: view.snoozed_until.map(utc_date),
            returned: view.returned,
            labels: view.labels.iter().map(|label| (label.to_string(), Value::Bool(true))).collect(),
            latest_at: utc_date(view.latest_at),
            latest_message_id: view.latest_message.to_string(),
            subject: view.subject.unwrap_or_default(),
            excerpt: view.excerpt,
            hidden: view.hidden,
            latest_direction: words::direction(view.latest_direction),
            message_count: view.message_count,
            unread_count: view.unread_count,
            has_attachment: view.has_attachment,
            importance: view.importance,
            privacy: Privacy::current(view.privacy),
            suspicious: view.suspicious,
            protection: words::protection(view.protection),
        }
    }
}

/// Given only when it is named: it costs a look at other conversations.
const RELATED: &str = "related";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Related {
    conversation_id: String,
    message_id: Option<String>,
    relation: &'static str,
    at: String,
    people: Vec<Person>,
}

impl From<RelatedView> for Related {
    fn from(view: RelatedView) -> Self {
        Self {
            conversation_id: view.conversation.to_string(),
            message_id: view.message.map(|id| id.to_string()),
            relation: match view.relation {
                Relation::Narrower => "narrower",
                Relation::Wider => "wider",
            },
            at: utc_date(view.at),
            people: people(&view.people),
        }
    }
}

impl Resource for Conversation {
    type Id = ConversationId;
    type Options = ();
    const PROPERTIES: &'static [&'static str] = &[
        "id",
        "kind",
        "place",
        "title",
        "people",
        "protocol",
        "identity",
        "listedAt",
        "pinned",
        "muted",
        "snoozedUntil",
        "returned",
        "labels",
        "latestAt",
        "latestMessageId",
        "subject",
        "excerpt",
        "hidden",
        "latestDirection",
        "messageCount",
        "unreadCount",
        "hasAttachment",
        "importance",
        "privacy",
        "suspicious",
        "protection",
        RELATED,
    ];

    fn options(_: &Call<'_>, _: &mut Arguments) -> Result<(), MethodError> {
        Ok(())
    }

    async fn state(call: &Call<'_>) -> Result<String, MethodError> {
        state(call, ObjectType::Conversation).await
    }

    async fn all(_: &Call<'_>) -> Result<Option<Vec<ConversationId>>, MethodError> {
        Ok(None)
    }

    async fn objects(
        call: &Call<'_>,
        ids: &[ConversationId],
        wanted: &Wanted,
        (): &(),
    ) -> Result<Vec<Option<Object>>, MethodError> {
        let views = call.hub.conversations(call.access, ids).await?;
        let mut objects: Vec<Option<Object>> =
            views.into_iter().map(|view| view.map(|view| object(&Record::from(view)))).collect();
        if wanted.names(RELATED) {
            for (id, found) in ids.iter().zip(&mut objects) {
                let Some(found) = found else { continue };
                let stubs = call.hub.related(call.access, *id).await?.into_iter().map(Related::from);
                found.insert(RELATED.to_owned(), json!(stubs.collect::<Vec<_>>()));
            }
        }
        Ok(objects)
    }
}

impl Logged for Conversation {
    const OBJECT: ObjectType = ObjectType::Conversation;
}

impl Queried for Conversation {
    type Query = (ConversationFilter, ConversationOrder);

    fn query(
        call: &Call<'_>,
        filter: Arguments,
        sort: &[(String, bool)],
    ) -> Result<Self::Query, MethodError> {
        let (filter, order) = (read_filter(call, filter)?, order(sort)?);
        if filter.label.is_some() && order != ConversationOrder::Date {
            return Err(MethodError::UnsupportedSort("the conversations of a label sort by latestAt"));
        }
        Ok((filter, order))
    }

    async fn page(
        call: &Call<'_>,
        (filter, order): &Self::Query,
        start: Start<ConversationId>,
        limit: usize,
    ) -> Result<Option<Page<ConversationId>>, MethodError> {
        let start = match start {
            Start::Position(position) => PageStart::Position(position),
            Start::Anchor(id, offset) => PageStart::Anchor(id, offset),
        };
        Ok(call.hub.conversation_page(call.access, filter, *order, start, limit).await?)
    }
}

fn read_filter(call: &Call<'_>, mut filter: Arguments) -> Result<ConversationFilter, MethodError> {
    let place = filter.take::<String>("place")?;
    let place = place.map(|word| words::read_place(&word).ok_or_else(|| wrong("place", "is no place")));
    let label = filter.take::<String>("label")?.map(|text| call.id_text(text).parse());
    let label = label.transpose().map_err(|_| wrong("label", "is not the id of a label"))?;
    if place.is_some() && label.is_some() {
        return Err(MethodError::UnsupportedFilter("a label lists its conversations wherever they are"));
    }
    let kinds = filter.take::<Vec<String>>("kinds")?.unwrap_or_default();
    let kinds =
        kinds.iter().map(|word| words::read_kind(word).ok_or_else(|| wrong("kinds", "names no kind")));
    let condition = ConversationFilter {
        place: place.transpose()?.unwrap_or(Place::Inbox),
        label,
        unread: filter.take("unread")?.unwrap_or(false),
        kinds: kinds.collect::<Result<_, _>>()?,
    };
    end_filter(filter)?;
    Ok(condition)
}

/// All orders end with the newest first among equals, which a client may say or leave out.
fn order(sort: &[(String, bool)]) -> Result<ConversationOrder, MethodError> {
    let sort: Vec<(&str, bool)> =
        sort.iter().map(|(property, ascending)| (property.as_str(), *ascending)).collect();
    match sort.as_slice() {
        [] | [("latestAt", false)] => Ok(ConversationOrder::Date),
        [("importance", false)] | [("importance", false), ("latestAt", false)] => {
            Ok(ConversationOrder::Importance)
        }
        [("unread", false)] | [("unread", false), ("latestAt", false)] => Ok(ConversationOrder::UnreadFirst),
        _ => Err(MethodError::UnsupportedSort(
            "conversations sort by latestAt, unread or importance, isAscending false",
        )),
    }
}

impl Settable for Conversation {
    const WRITE_ONLY: &'static [&'static str] = &["unread"];
    const NO_CREATE: &'static str = "a conversation begins with a message";
    type Patch = ConversationPatch;

    fn patch(current: &Object, changed: &Object) -> Result<ConversationPatch, SetError> {
        patch::read(current, changed)
    }

    async fn update(
        call: &Call<'_>,
        id: ConversationId,
        patch: &ConversationPatch,
    ) -> Result<Result<(), SetError>, MethodError> {
        Ok(found(call.hub.update_conversation(call.access, id, patch).await?))
    }

    async fn destroy(call: &Call<'_>, id: ConversationId) -> Result<Result<(), SetError>, MethodError> {
        let to_bin = ConversationPatch { place: Some(Place::Bin), ..ConversationPatch::default() };
        Ok(found(call.hub.update_conversation(call.access, id, &to_bin).await?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sort: &[(&str, bool)], expected: Option<ConversationOrder>) {
        let sort: Vec<(String, bool)> = sort.iter().map(|(name, up)| ((*name).to_owned(), *up)).collect();
        assert_eq!(order(&sort).ok(), expected, "{sort:?}");
    }

    #[test]
    fn only_orders_that_the_store_keeps_are_taken() {
        check(&[], Some(ConversationOrder::Date));
        check(&[("latestAt", false)], Some(ConversationOrder::Date));
        check(&[("importance", false)], Some(ConversationOrder::Importance));
        check(&[("importance", false), ("latestAt", false)], Some(ConversationOrder::Importance));
        check(&[("unread", false)], Some(ConversationOrder::UnreadFirst));
        check(&[("latestAt", true)], None);
        check(&[("subject", false)], None);
        check(&[("latestAt", false), ("importance", false)], None);
    }
}
