//! Conversations that are one because their people are (conversations.md, "From a message to its conversation", 2).
//!
//! What a message is placed in is a strand: the conversation with exactly these handles, which no edit of contacts ever
//! changes. Strands whose handles belong to the same people are shown as one conversation, the joint, under the smallest
//! of their ids. So putting people together and apart rewrites no message: it only says anew which strands are shown as
//! one, which costs O(strands of these people), and the reverse edit restores exactly.

mod regroup;

pub(crate) use regroup::Regroup;

use crate::error::HubError;
use crate::keys::{self, Blind, ObjectType};
use crate::labels::count_labels;
use crate::limits::STRANDS_MAX;
use crate::owner::Plan;
use crate::records::{ConversationRecord, JointRecord, StoredKind, read};
use crate::resolve::People;
use crate::shelve::{count, views};
use crate::standing;
use bytes::Bytes;
use caliopen_model::{ChangeKind, ContactId, ConversationId, ConversationKind, IdentityId, Participant};
use caliopen_vault::BlindKey;
use std::collections::BTreeSet;

/// The audience of a strand: whom it is with, from which identity, and whether it is of proved senders.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Audience {
    pub(crate) identity: IdentityId,
    pub(crate) suspicious: bool,
    /// The contacts, in order, each once.
    pub(crate) people: Vec<ContactId>,
}

impl Audience {
    /// The people that these homes belong to, according to the message that names them.
    pub(crate) fn of<'p>(
        people: &People,
        participants: impl Iterator<Item = &'p Participant>,
        identity: IdentityId,
        suspicious: bool,
    ) -> Self {
        let owners = participants.filter_map(|participant| people.find(&participant.handle)?.contact());
        Self::new(identity, suspicious, owners.collect())
    }

    pub(crate) fn new(identity: IdentityId, suspicious: bool, mut people: Vec<ContactId>) -> Self {
        people.sort_unstable();
        people.dedup();
        Self { identity, suspicious, people }
    }

    /// The row that says which conversation this audience has.
    pub(crate) fn key(&self, blind: &BlindKey) -> Bytes {
        let named = named((self.identity, self.suspicious), &self.people);
        let near = near(blind, (self.identity, self.suspicious), &self.people);
        keys::audience(&near, &blind.index("audience", &named))
    }

    /// What a conversation with them is called.
    pub(crate) fn kind(&self) -> ConversationKind {
        if self.people.len() > 1 { ConversationKind::Group } else { ConversationKind::Direct }
    }
}

/// Where the rows stand by which conversations with these people are found, be they handles' homes or contacts: a contact
/// of one handle has its id.
pub(crate) fn near(
    blind: &BlindKey,
    (identity, suspicious): (IdentityId, bool),
    people: &[ContactId],
) -> keys::Near {
    keys::near(&blind.index("near", &named((identity, suspicious), people)))
}

fn named((identity, suspicious): (IdentityId, bool), people: &[ContactId]) -> Vec<u8> {
    let mut canonical = vec![u8::from(suspicious)];
    canonical.extend_from_slice(identity.as_bytes());
    people.iter().for_each(|contact| canonical.extend_from_slice(contact.as_bytes()));
    canonical
}

/// A conversation as it is shown.
#[derive(Debug, Clone)]
pub(crate) struct Whole {
    pub(crate) record: ConversationRecord,
    /// The strand whose headline it has: it is sealed to that one's row.
    pub(crate) headline_of: ConversationId,
    /// The strand whose title it has.
    pub(crate) title_of: ConversationId,
}

impl Whole {
    /// A conversation of one strand.
    pub(crate) const fn single(id: ConversationId, record: ConversationRecord) -> Self {
        Self { record, headline_of: id, title_of: id }
    }
}

/// Several strands as one conversation; none when none of them holds a message.
pub(crate) fn fold(parts: &[(ConversationId, ConversationRecord)], kind: StoredKind) -> Option<Whole> {
    let (newest, latest) = parts.iter().max_by_key(|(id, record)| (record.latest_at, *id))?;
    let titled = parts.iter().filter(|(_, record)| record.title.is_some()).min_by_key(|(id, _)| *id);
    let place = parts.iter().map(|(_, record)| record.place).min_by_key(|place| standing::depth(*place))?;
    let there = || parts.iter().map(|(_, record)| record).filter(|record| record.place == place);
    let sum = |number: fn(&ConversationRecord) -> u32| {
        parts.iter().fold(0u32, |sum, (_, record)| sum.saturating_add(number(record)))
    };
    let record = ConversationRecord {
        kind,
        place,
        // In the bin since its last strand came there.
        binned_at: there().filter_map(|record| record.binned_at).max(),
        snoozed_until: there().filter_map(|record| record.snoozed_until).max(),
        returned: there().any(|record| record.returned),
        listed_at: parts.iter().map(|(_, record)| record.listed_at).max()?,
        pinned: parts.iter().any(|(_, record)| record.pinned),
        // What a person writes from an address that was not muted is news.
        muted: parts.iter().all(|(_, record)| record.muted),
        labels: labels(parts),
        message_count: sum(|record| record.message_count),
        unread_count: sum(|record| record.unread_count),
        title: titled.and_then(|(_, record)| record.title.clone()),
        ..latest.clone()
    };
    Some(Whole { record, headline_of: *newest, title_of: titled.map_or(*newest, |(id, _)| *id) })
}

/// The labels of all strands, in order, each once.
fn labels(parts: &[(ConversationId, ConversationRecord)]) -> Vec<[u8; 16]> {
    let all: BTreeSet<[u8; 16]> =
        parts.iter().flat_map(|(_, record)| record.labels.iter().copied()).collect();
    all.into_iter().collect()
}

/// The strands that are shown as one, and under which id.
#[derive(Debug, Clone)]
pub(crate) struct Joint {
    pub(crate) lead: ConversationId,
    pub(crate) kind: StoredKind,
    pub(crate) strands: Vec<ConversationId>,
}

impl Joint {
    pub(crate) fn read(lead: ConversationId, record: JointRecord) -> Self {
        let strands = record.strands.into_iter().map(ConversationId::from_bytes).collect();
        Self { lead, kind: record.kind, strands }
    }

    /// The joint that a strand is part of; none when it is shown as it is.
    pub(crate) async fn of(plan: &Plan<'_>, strand: ConversationId) -> Result<Option<Self>, HubError> {
        let Some(lead) = plan.get::<[u8; 16]>(&keys::joined(strand)).await? else { return Ok(None) };
        let lead = ConversationId::from_bytes(lead);
        let record: JointRecord = plan.get(&keys::joint(lead)).await?.ok_or(HubError::Damaged)?;
        Ok(Some(Self::read(lead, record)))
    }

    /// The strands that hold messages, as the plan leaves them.
    pub(crate) async fn parts(
        &self,
        plan: &Plan<'_>,
    ) -> Result<Vec<(ConversationId, ConversationRecord)>, HubError> {
        let rows: Vec<Bytes> = self.strands.iter().copied().map(keys::conversation).collect();
        let found = plan.get_many(&rows).await?;
        let held = self.strands.iter().zip(found).filter_map(|(id, row)| Some((*id, row?)));
        held.map(|(id, row)| Ok((id, read(&row)?))).collect()
    }

    fn write(&self, plan: &mut Plan<'_>) {
        let strands = self.strands.iter().map(|strand| *strand.as_bytes()).collect();
        plan.put(keys::joint(self.lead), &JointRecord { kind: self.kind, strands });
        for strand in &self.strands {
            plan.put(keys::joined(*strand), self.lead.as_bytes());
        }
    }
}

/// The conversation that a strand is shown in.
pub(crate) async fn shown_in(plan: &Plan<'_>, strand: ConversationId) -> Result<ConversationId, HubError> {
    let lead = plan.get::<[u8; 16]>(&keys::joined(strand)).await?;
    Ok(lead.map_or(strand, ConversationId::from_bytes))
}

/// The strands of a conversation as the plan leaves them: one, for most.
pub(crate) async fn strands(
    plan: &Plan<'_>,
    shown: ConversationId,
) -> Result<Vec<(ConversationId, ConversationRecord)>, HubError> {
    match Joint::of(plan, shown).await? {
        Some(joint) if joint.lead == shown => joint.parts(plan).await,
        Some(_) => Ok(Vec::new()),
        None => Ok(plan
            .get(&keys::conversation(shown))
            .await?
            .map(|record| (shown, record))
            .into_iter()
            .collect()),
    }
}

/// The strands of a conversation, and what is shown of them together.
pub(crate) async fn strands_and_whole(
    plan: &Plan<'_>,
    shown: ConversationId,
) -> Result<(Vec<(ConversationId, ConversationRecord)>, Option<Whole>), HubError> {
    let strands = strands(plan, shown).await?;
    let kind = match Joint::of(plan, shown).await? {
        Some(joint) => Some(joint.kind),
        None => strands.first().map(|(_, record)| record.kind),
    };
    let whole = kind.and_then(|kind| fold(&strands, kind));
    Ok((strands, whole))
}

/// Remembers a new strand, and joins it with the conversation that its people have already.
pub(crate) async fn begin(
    plan: &mut Plan<'_>,
    strand: ConversationId,
    homes: &[ContactId],
    audience: &Audience,
    people: &People,
) -> Result<(), HubError> {
    remember(plan, strand, homes, audience, people).await?;
    let key = audience.key(&plan.owner().blind);
    if people.any_new(&audience.people) {
        plan.assume_absent(key.clone());
    }
    let lead = plan.get::<[u8; 16]>(&key).await?.map(ConversationId::from_bytes);
    let joint = match lead {
        Some(lead) => {
            let before = Joint::of(plan, lead).await?.map_or_else(|| vec![lead], |joint| joint.strands);
            let has_room = before.len() < STRANDS_MAX;
            let strands = before.into_iter().chain([strand]).collect();
            has_room.then(|| Joint { lead, kind: audience.kind().into(), strands })
        }
        None => {
            plan.put(key, strand.as_bytes());
            // Two addresses of one person look like two people.
            let is_other = homes.len() != audience.people.len();
            is_other.then(|| Joint { lead: strand, kind: audience.kind().into(), strands: vec![strand] })
        }
    };
    match joint {
        Some(joint) => joint.write(plan),
        None => plan.assume_absent(keys::joined(strand)),
    }
    Ok(())
}

/// Finds strands by their handles' homes. The rows of one home cannot be told to be of one.
async fn remember(
    plan: &mut Plan<'_>,
    strand: ConversationId,
    homes: &[ContactId],
    audience: &Audience,
    people: &People,
) -> Result<(), HubError> {
    let record = crate::records::StrandRecord {
        identity: *audience.identity.as_bytes(),
        suspicious: audience.suspicious,
        homes: homes.iter().map(|home| *home.as_bytes()).collect(),
    };
    let sealed = plan.seal("strand", strand.as_bytes(), &record)?;
    plan.put_bytes(keys::strand(strand), sealed);
    for home in homes {
        let number = if people.any_new(&[*home]) { 0 } else { count_strands(plan, *home).await? };
        plan.put(keys::strand_of(&home_blind(plan, *home, number)), strand.as_bytes());
        if number > 0 {
            let count = keys::strand_count(&home_blind(plan, *home, u32::MAX));
            plan.put(count, &number.saturating_add(1));
        }
    }
    Ok(())
}

/// How many strands a home has ever had. One needs no row that says so.
async fn count_strands(plan: &Plan<'_>, home: ContactId) -> Result<u32, HubError> {
    let rows =
        [keys::strand_count(&home_blind(plan, home, u32::MAX)), keys::strand_of(&home_blind(plan, home, 0))];
    Ok(match plan.get_many(&rows).await?.as_slice() {
        [Some(count), _] => read(count)?,
        [None, Some(_)] => 1,
        _ => 0,
    })
}

/// What the strand of this number of a home is found by; the greatest number is for their count.
fn home_blind(plan: &Plan<'_>, home: ContactId, number: u32) -> Blind {
    plan.owner().blind.index("strand", &[&home.as_bytes()[..], &number.to_be_bytes()].concat())
}

/// Keeps lists, counts and the log in step when what is shown of a conversation changes.
pub(crate) async fn show(
    plan: &mut Plan<'_>,
    id: ConversationId,
    before: Option<&ConversationRecord>,
    after: Option<&ConversationRecord>,
) -> Result<(), HubError> {
    if let Some(before) = before {
        views(id, before).into_iter().for_each(|key| plan.delete(key));
        count(plan, before, false);
    }
    if let Some(after) = after {
        views(id, after).into_iter().for_each(|key| plan.mark(key));
        count(plan, after, true);
    }
    count_labels(plan, before, after).await?;
    let kind = match (before, after) {
        (None, None) => return Ok(()),
        (None, Some(_)) => ChangeKind::Created,
        (Some(_), Some(_)) => ChangeKind::Updated,
        (Some(_), None) => ChangeKind::Destroyed,
    };
    plan.changed(ObjectType::Conversation, id.as_bytes(), kind);
    Ok(())
}

/// Writes, or removes, the row of a strand, and what is shown of it.
pub(crate) async fn put(
    plan: &mut Plan<'_>,
    strand: ConversationId,
    before: Option<&ConversationRecord>,
    after: Option<&ConversationRecord>,
) -> Result<(), HubError> {
    match Joint::of(plan, strand).await? {
        None => show(plan, strand, before, after).await?,
        Some(joint) => {
            let mut parts = joint.parts(plan).await?;
            let was = fold(&parts, joint.kind);
            parts.retain(|(id, _)| *id != strand);
            parts.extend(after.map(|record| (strand, record.clone())));
            let is = fold(&parts, joint.kind);
            let (was, is) = (was.map(|whole| whole.record), is.map(|whole| whole.record));
            show(plan, joint.lead, was.as_ref(), is.as_ref()).await?;
        }
    }
    match after {
        Some(record) => plan.put(keys::conversation(strand), record),
        None => plan.delete(keys::conversation(strand)),
    }
    Ok(())
}
