//! Writes a placed message into its account: the sealed summary, the conversation's row and views, the log.

use crate::blobs::SealedBlob;
use crate::error::HubError;
use crate::joint;
use crate::keys::{self, Listing, ObjectType, View};
use crate::limits::PARTS_MAX;
use crate::owner::Plan;
use crate::place::Placed;
use crate::receive::Assessed;
use crate::records::{
    ConversationRecord, EvidenceRecord, HeadlineRecord, MessageRecord, PartRecord, PersonRecord,
    SummaryRecord,
};
use crate::resolve::{People, cut};
use crate::standing::{self, Kept, News};
use caliopen_model::{
    ChangeKind, ConversationId, ConversationKind, Direction, Disposition, FORMULA_VERSION, IdentityId,
    Importance, ImportanceReason, LabelId, Message, MessageId, Part, Participant, Place, Timestamp,
};

/// What was decided of a message for one account.
pub(crate) struct Shelved {
    pub(crate) message: MessageId,
    pub(crate) blob: SealedBlob,
    pub(crate) identity: IdentityId,
    pub(crate) kind: ConversationKind,
    pub(crate) importance: Importance,
    pub(crate) reasons: Vec<ImportanceReason>,
    /// Where it may bring its conversation.
    pub(crate) news: News,
    /// Recipients of a sent message whom the message does not name.
    pub(crate) bcc: Vec<Participant>,
}

/// Writes everything that a stored message consists of into the plan.
pub(crate) async fn shelve(
    plan: &mut Plan<'_>,
    assessed: &Assessed,
    people: &People,
    placed: Placed,
    shelved: Shelved,
) -> Result<(), HubError> {
    let bytes = plan.owner().blind.index("bytes", &assessed.raw);
    plan.put(keys::of_bytes(&bytes), shelved.message.as_bytes());
    let summary = summary(assessed, people, &shelved);
    let sealed = plan.seal("summary", shelved.message.as_bytes(), &summary)?;
    plan.put(keys::message(shelved.message), &message_record(assessed, &placed, &shelved, sealed));
    let received = assessed.at;
    plan.mark(keys::in_conversation(placed.conversation, received, shelved.message));
    plan.changed(ObjectType::Message, shelved.message.as_bytes(), ChangeKind::Created);
    let id = placed.conversation;
    let after = conversation_record(plan, assessed, people, &placed, &shelved)?;
    put_conversation(plan, id, placed.before.as_ref(), &after).await?;
    plan.keep_blob(shelved.blob);
    Ok(())
}

fn message_record(
    assessed: &Assessed,
    placed: &Placed,
    shelved: &Shelved,
    summary: Vec<u8>,
) -> MessageRecord {
    MessageRecord {
        conversation: *placed.conversation.as_bytes(),
        segment: *placed.segment.as_bytes(),
        protocol: assessed.protocol.into(),
        direction: assessed.direction.into(),
        received_at: assessed.at.unix_ms(),
        stored_bytes: shelved.blob.sealed.len() as u64,
        seen: shelved.news.is_seen(),
        flagged: matches!(shelved.news, News::Kept(Kept { flagged: true, .. })),
        importance: shelved.importance.score(),
        privacy: (assessed.index.score(), assessed.index.approximate(), FORMULA_VERSION),
        suspicious: assessed.suspicious,
        protection: assessed.message.protection.into(),
        summary,
    }
}

fn summary(assessed: &Assessed, people: &People, shelved: &Shelved) -> SummaryRecord {
    let message = &assessed.message;
    SummaryRecord {
        blob_key: *shelved.blob.content_key.as_bytes(),
        size_bytes: assessed.size_bytes,
        from: people.records(&message.from),
        reply_to: people.records(&message.reply_to),
        to: people.records(&message.to),
        cc: people.records(&message.cc),
        bcc: people.records(&shelved.bcc),
        subject: message.subject.as_deref().map(cut),
        excerpt: message.excerpt.clone(),
        sent_at: message.sent_at.map(Timestamp::unix_ms),
        parts: message.parts.iter().take(PARTS_MAX).map(part_record).collect(),
        warnings: message.warnings.iter().map(|warning| (*warning).into()).collect(),
        importance_reasons: shelved.reasons.iter().map(|reason| (*reason).into()).collect(),
        evidence: assessed.evidence.iter().cloned().map(EvidenceRecord).collect(),
    }
}

fn part_record(part: &Part) -> PartRecord {
    PartRecord {
        id: part.id.0,
        media_type: cut(&part.media_type),
        name: part.name.as_deref().map(cut),
        size_bytes: part.size_bytes,
        disposition: part.disposition.into(),
        content_id: part.content_id.as_deref().map(cut),
    }
}

fn conversation_record(
    plan: &mut Plan<'_>,
    assessed: &Assessed,
    people: &People,
    placed: &Placed,
    shelved: &Shelved,
) -> Result<ConversationRecord, HubError> {
    let (message, before) = (&assessed.message, placed.before.as_ref());
    let received = assessed.at.unix_ms();
    let unread = u32::from(!shelved.news.is_seen());
    let standing = standing::after(before, shelved.news, received);
    if let Some(before) = before.filter(|before| before.latest_at > received) {
        // A message that came earlier but was stored later changes no headline.
        let mut after = before.clone();
        after.message_count = before.message_count.saturating_add(1);
        after.unread_count = before.unread_count.saturating_add(unread);
        if matches!(shelved.news, News::Kept(_)) {
            after.place = standing.place;
            after.binned_at = standing.binned_at;
            after.snoozed_until = standing.snoozed_until;
            after.returned = standing.returned;
        }
        return Ok(after);
    }
    let list_name = message.list.as_ref().map(|(id, name)| name.as_deref().unwrap_or(id));
    let headline = HeadlineRecord {
        name: list_name.map(cut),
        people: headline_people(message, people, shelved, assessed.direction),
        subject: message.subject.as_deref().map(cut),
        excerpt: message.excerpt.clone(),
    };
    let headline = plan.seal("headline", placed.conversation.as_bytes(), &headline)?;
    Ok(ConversationRecord {
        kind: shelved.kind.into(),
        place: standing.place,
        binned_at: standing.binned_at,
        snoozed_until: standing.snoozed_until,
        returned: standing.returned,
        listed_at: standing.listed_at,
        pinned: before.is_some_and(|before| before.pinned),
        muted: before.is_some_and(|before| before.muted),
        labels: before.map(|before| before.labels.clone()).unwrap_or_default(),
        protocol: assessed.protocol.into(),
        identity: *shelved.identity.as_bytes(),
        latest_message: *shelved.message.as_bytes(),
        latest_at: received,
        latest_direction: assessed.direction.into(),
        message_count: before.map_or(0, |before| before.message_count).saturating_add(1),
        unread_count: before.map_or(0, |before| before.unread_count).saturating_add(unread),
        importance: shelved.importance.score(),
        privacy: (assessed.index.score(), assessed.index.approximate()),
        suspicious: assessed.suspicious,
        has_attachment: message.parts.iter().any(|part| part.disposition == Disposition::Attachment),
        protection: message.protection.into(),
        title: before.and_then(|before| before.title.clone()),
        headline,
    })
}

/// Whom a list shows: the author first, then the other people of a group; those whom the user wrote to. The user alone
/// when nobody else is.
fn headline_people(
    message: &Message,
    people: &People,
    shelved: &Shelved,
    direction: Direction,
) -> Vec<PersonRecord> {
    let rest: Box<dyn Iterator<Item = &Participant>> = match (direction, shelved.kind) {
        (Direction::Sent, _) => Box::new(message.to.iter().chain(&message.cc).chain(&shelved.bcc)),
        (Direction::Received, ConversationKind::Group) => Box::new(message.to.iter().chain(&message.cc)),
        (Direction::Received, _) => Box::new(std::iter::empty()),
    };
    let mut records: Vec<PersonRecord> = Vec::new();
    for person in message.from.iter().chain(rest).map(|participant| people.record(participant)) {
        let is_known =
            records.iter().any(|other| other.contact == person.contact && other.address == person.address);
        if !is_known && !person.is_me {
            records.push(person);
        }
    }
    if records.is_empty() {
        records.extend(message.from.first().map(|author| people.record(author)));
    }
    records
}

/// Writes the row of a strand, keeps lists and counts in step, and says so in the log.
pub(crate) async fn put_conversation(
    plan: &mut Plan<'_>,
    strand: ConversationId,
    before: Option<&ConversationRecord>,
    after: &ConversationRecord,
) -> Result<(), HubError> {
    joint::put(plan, strand, before, Some(after)).await
}

/// Removes the row of a strand, and what lists and counts say of it, and says so in the log.
pub(crate) async fn remove_conversation(
    plan: &mut Plan<'_>,
    strand: ConversationId,
    before: &ConversationRecord,
) -> Result<(), HubError> {
    joint::put(plan, strand, Some(before), None).await
}

/// The keys under which lists find a conversation.
pub(crate) fn views(id: ConversationId, record: &ConversationRecord) -> Vec<bytes::Bytes> {
    let listing = listing(record);
    let ordered = [View::Date, View::UnreadFirst, View::Importance];
    let mut keys: Vec<bytes::Bytes> = ordered.map(|view| keys::view(view, &listing, id)).into();
    keys.extend(record.labels.iter().map(|label| keys::labelled(LabelId::from_bytes(*label), &listing, id)));
    keys
}

/// What a conversation's rows in the lists are made of.
pub(crate) fn listing(record: &ConversationRecord) -> Listing {
    let place = Place::from(record.place);
    let at = match record.snoozed_until {
        Some(until) if place == Place::Snoozed => until,
        _ => record.listed_at,
    };
    Listing {
        place,
        pinned: record.pinned && place == Place::Inbox,
        is_unread: is_unread(record),
        importance: record.importance,
        raised_at: Timestamp::from_unix_ms(record.listed_at),
        at: Timestamp::from_unix_ms(at),
    }
}

/// Whether lists and counts show it as unread: what is muted is not.
pub(crate) const fn is_unread(record: &ConversationRecord) -> bool {
    record.unread_count > 0 && !record.muted
}

/// The labels that count it: none for what is in the bin, or spam.
pub(crate) fn labels_in_sight(record: &ConversationRecord) -> impl Iterator<Item = LabelId> {
    let labels = if Place::from(record.place).is_passing() { &[][..] } else { record.labels.as_slice() };
    labels.iter().map(|label| LabelId::from_bytes(*label))
}

/// Counts a conversation in, or out, of its place.
pub(crate) fn count(plan: &mut Plan<'_>, record: &ConversationRecord, add: bool) {
    plan.head.count(Place::from(record.place) as usize, is_unread(record), add);
}
