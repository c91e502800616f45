//! Which conversation a message belongs to, and which chain of replies inside it (conversations.md).
//!
//! A conversation is found by a blind key made of its class and its people; a chain by the blind keys of every
//! reference that its messages carry. Both cost O(participants), and neither depends on the order of arrival.

use crate::classify;
use crate::context::Context;
use crate::error::HubError;
use crate::joint::{self, Audience};
use crate::keys;
use crate::limits::REFERENCES_MAX;
use crate::owner::Plan;
use crate::receive::Assessed;
use crate::records::{self, ConversationRecord};
use crate::relate::{self, Here};
use crate::resolve::{self, People};
use bytes::Bytes;
use caliopen_model::{
    ContactId, ConversationId, ConversationKind, IdentityId, Message, MessageId, Participant, SegmentId,
};

/// Where a message goes.
pub(crate) struct Placed {
    /// The strand: what it is shown in may be another (`joint`).
    pub(crate) conversation: ConversationId,
    /// Nothing was ever placed there before.
    pub(crate) is_new: bool,
    /// The conversation as it was; none when this message begins it.
    pub(crate) before: Option<ConversationRecord>,
    pub(crate) segment: SegmentId,
}

/// A message among its people, in its conversation.
pub(crate) struct Settled {
    pub(crate) people: People,
    pub(crate) kind: ConversationKind,
    pub(crate) placed: Placed,
}

/// Resolves everybody, places the message, and links it with what it answers. `hidden` are recipients whom the message
/// does not name: they count for the conversation only when there is nobody else.
pub(crate) async fn settle(
    core: &Context,
    plan: &mut Plan<'_>,
    assessed: &Assessed,
    id: MessageId,
    (identity, hidden): (IdentityId, &[Participant]),
) -> Result<Settled, HubError> {
    let message = &assessed.message;
    let mut rows = resolve::rows(plan, message, hidden);
    rows.extend(relate::rows(plan, message));
    plan.prefetch(rows).await?;
    let people = People::resolve(core, plan, message, hidden).await?;
    let named: Vec<&Participant> = message.from.iter().chain(&message.to).chain(&message.cc).collect();
    let (others, audience) = match people.others(named.iter().copied()) {
        nobody if nobody.is_empty() => (
            people.others(hidden.iter()),
            Audience::of(&people, hidden.iter(), identity, assessed.suspicious),
        ),
        others => (others, Audience::of(&people, named.iter().copied(), identity, assessed.suspicious)),
    };
    let kind = classify::class(message, others.len());
    let key = conversation_key(plan, message, kind, identity, &others, assessed.suspicious);
    let by_people = matches!(kind, ConversationKind::Direct | ConversationKind::Group);
    let precedent = match by_people && people.any_new(&others) {
        true => Precedent::Impossible,
        false => Precedent::Possible,
    };
    let placed = place(core, plan, message, kind, (key, precedent)).await?;
    if placed.is_new && by_people && !others.is_empty() {
        joint::begin(plan, placed.conversation, &others, &audience, &people).await?;
    }
    if !assessed.suspicious {
        let conversation = placed.conversation;
        let here = Here { kind, conversation, message: id, received_at: assessed.at, others: &others };
        relate::relate(plan, message, here).await?;
    }
    Ok(Settled { people, kind, placed })
}

/// Whether anything in the store can have this key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Precedent {
    /// It is looked up.
    Possible,
    /// It names somebody whom the account hears of for the first time: looking it up would find nothing.
    Impossible,
}

/// Finds or makes the conversation and the segment of a message.
async fn place(
    core: &Context,
    plan: &mut Plan<'_>,
    message: &Message,
    kind: ConversationKind,
    (key, precedent): (Bytes, Precedent),
) -> Result<Placed, HubError> {
    let known = match precedent {
        Precedent::Possible => plan.get::<[u8; 16]>(&key).await?,
        Precedent::Impossible => None,
    };
    let Some(bytes) = known else {
        let conversation = ConversationId::from_bytes(core.ids.next());
        plan.put(key, conversation.as_bytes());
        let segment = SegmentId::from_bytes(core.ids.next());
        if kind != ConversationKind::Automated {
            // References are found by conversation: this one has none yet.
            refer(plan, reference_keys(plan, conversation, message), segment);
        }
        return Ok(Placed { conversation, is_new: true, before: None, segment });
    };
    let conversation = ConversationId::from_bytes(bytes);
    plan.prefetch(vec![keys::conversation(conversation), keys::joined(conversation)]).await?;
    let before = plan.get(&keys::conversation(conversation)).await?;
    let segment = segment(core, plan, conversation, message, kind).await?;
    Ok(Placed { conversation, is_new: false, before, segment })
}

/// What a conversation is found by: its class and its people, never its subject.
fn conversation_key(
    plan: &Plan<'_>,
    message: &Message,
    kind: ConversationKind,
    identity: IdentityId,
    others: &[ContactId],
    suspicious: bool,
) -> Bytes {
    let mut canonical = vec![kind as u8];
    if suspicious && kind != ConversationKind::List {
        // A forgery stands apart from the person whom it imitates. Lists break signatures all the time.
        canonical.extend_from_slice(b"suspicious");
    }
    match kind {
        ConversationKind::List => extend(&mut canonical, message.list.as_ref().map(|(id, _)| id.as_bytes())),
        ConversationKind::Room => {
            extend(
                &mut canonical,
                message.room.as_ref().map(|room| room.canonical()).as_deref().map(str::as_bytes),
            );
        }
        ConversationKind::Automated => {
            extend(&mut canonical, sender_organisation(message).as_deref().map(str::as_bytes))
        }
        ConversationKind::Group | ConversationKind::Direct => {
            canonical.extend_from_slice(identity.as_bytes());
            others.iter().for_each(|contact| canonical.extend_from_slice(contact.as_bytes()));
        }
    }
    let blind = plan.owner().blind.index("conversation", &canonical);
    let near = match kind {
        ConversationKind::Group | ConversationKind::Direct => {
            joint::near(&plan.owner().blind, (identity, suspicious), others)
        }
        _ => keys::near(&blind),
    };
    keys::conversation_key(&near, &blind)
}

fn extend(canonical: &mut Vec<u8>, name: Option<&[u8]>) {
    canonical.extend_from_slice(name.unwrap_or_default());
}

/// The organisational domain of the author, for mail that machines send; else the address itself.
pub(crate) fn sender_organisation(message: &Message) -> Option<String> {
    let author = message.from.first()?;
    Some(organisation(author.handle.domain()?))
}

/// The organisational domain of a domain; itself when it has none.
pub(crate) fn organisation(domain: String) -> String {
    let organisation = psl::domain_str(&domain).map(str::to_owned);
    organisation.unwrap_or(domain)
}

/// The chain of replies: every reference that is known in this conversation leads to one; several become one.
async fn segment(
    core: &Context,
    plan: &mut Plan<'_>,
    conversation: ConversationId,
    message: &Message,
    kind: ConversationKind,
) -> Result<SegmentId, HubError> {
    if kind == ConversationKind::Automated {
        // Machines repeat one Message-ID or refer to nothing: each of their messages stands alone.
        return Ok(SegmentId::from_bytes(core.ids.next()));
    }
    let rows = reference_keys(plan, conversation, message);
    let found = plan.get_many(&rows).await?;
    let mut known = Vec::new();
    for row in found.into_iter().flatten() {
        known.push(resolve_merges(plan, SegmentId::from_bytes(records::read(&row)?)).await?);
    }
    known.sort_unstable();
    known.dedup();
    let segment = known.first().copied().unwrap_or_else(|| SegmentId::from_bytes(core.ids.next()));
    for other in known.into_iter().skip(1) {
        plan.put(keys::merged_segment(other), segment.as_bytes());
    }
    refer(plan, rows, segment);
    Ok(segment)
}

fn refer(plan: &mut Plan<'_>, rows: Vec<Bytes>, segment: SegmentId) {
    rows.into_iter().for_each(|row| plan.put(row, segment.as_bytes()));
}

fn reference_keys(plan: &Plan<'_>, conversation: ConversationId, message: &Message) -> Vec<Bytes> {
    // The nearest references say most; the far ones of a long chain are behind them.
    let nearest = message.references.iter().rev().take(REFERENCES_MAX);
    let mut names: Vec<&str> = message.id.iter().chain(nearest).map(|id| id.0.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .map(|name| {
            let canonical = [conversation.as_bytes(), name.as_bytes()].concat();
            let blind = plan.owner().blind.index("reference", &canonical);
            keys::reference(&relate::blind(plan, name), &blind)
        })
        .collect()
}

/// The segment that a segment became part of. Merges always lead to a smaller id, so that this ends.
async fn resolve_merges(plan: &Plan<'_>, mut segment: SegmentId) -> Result<SegmentId, HubError> {
    while let Some(bytes) = plan.get::<[u8; 16]>(&keys::merged_segment(segment)).await? {
        let into = SegmentId::from_bytes(bytes);
        if into >= segment {
            return Err(HubError::Damaged);
        }
        segment = into;
    }
    Ok(segment)
}
