//! An edit of contacts, and what it does to their conversations: looked at before, shown anew after.

use super::{Audience, Joint, Whole, count_strands, fold, home_blind, show};
use crate::access::{Access, Sealed};
use crate::context::Context;
use crate::error::HubError;
use crate::keys::{self, ObjectType};
use crate::limits::{REGROUPED_MESSAGES_LOGGED_MAX, STRANDS_MAX};
use crate::owner::Plan;
use crate::records::{ConversationRecord, StrandRecord};
use caliopen_model::{ChangeKind, ContactId, ConversationId, ConversationKind, IdentityId};
use std::collections::{BTreeMap, BTreeSet};

/// A strand of somebody whom an edit touches.
struct Strand {
    id: ConversationId,
    record: StrandRecord,
    /// What it was shown in.
    before: ConversationId,
}

/// The conversations of everybody whom an edit touches, as they were before it.
pub(crate) struct Regroup {
    strands: Vec<Strand>,
    shown: BTreeMap<ConversationId, ConversationRecord>,
}

impl Regroup {
    /// Looks at the conversations of handles, by their homes. These must be all handles of all contacts that the edit
    /// touches: strands that were shown as one are looked at together.
    pub(crate) async fn begin(
        plan: &mut Plan<'_>,
        access: &Access,
        homes: &[ContactId],
    ) -> Result<Self, HubError> {
        let ids = strands_of(plan, homes).await?;
        let mut strands = Vec::with_capacity(ids.len());
        for (id, record) in open(plan, access, &ids).await? {
            let old = Audience::new(
                IdentityId::from_bytes(record.identity),
                record.suspicious,
                owners(plan, &record.homes).await?,
            );
            let key = old.key(&plan.owner().blind);
            plan.delete(key);
            strands.push(Strand { id, before: super::shown_in(plan, id).await?, record });
        }
        let mut shown = BTreeMap::new();
        for lead in strands.iter().map(|strand| strand.before).collect::<BTreeSet<_>>() {
            if let Some(whole) = whole(plan, lead).await? {
                shown.insert(lead, whole.record);
            }
        }
        for strand in &strands {
            plan.delete(keys::joined(strand.id));
            plan.delete(keys::joint(strand.before));
        }
        Ok(Self { strands, shown })
    }

    /// Shows the strands by the people to whom their handles belong now.
    pub(crate) async fn finish(self, core: &Context, plan: &mut Plan<'_>) -> Result<(), HubError> {
        let mut groups: BTreeMap<Audience, Vec<ConversationId>> = BTreeMap::new();
        for strand in &self.strands {
            let people = owners(plan, &strand.record.homes).await?;
            let identity = IdentityId::from_bytes(strand.record.identity);
            groups
                .entry(Audience::new(identity, strand.record.suspicious, people))
                .or_default()
                .push(strand.id);
        }
        let mut after: BTreeMap<ConversationId, ConversationRecord> = BTreeMap::new();
        let mut leads: BTreeMap<ConversationId, ConversationId> = BTreeMap::new();
        for (audience, mut ids) in groups {
            ids.sort_unstable();
            // As they would have come: what has no room stays apart.
            leads.extend(ids.split_off(ids.len().min(STRANDS_MAX)).into_iter().map(|id| (id, id)));
            let Some(lead) = ids.first().copied() else { continue };
            let key = audience.key(&plan.owner().blind);
            plan.put(key, lead.as_bytes());
            leads.extend(ids.iter().map(|id| (*id, lead)));
            if ids.len() > 1 || self.kind_alone(lead) != audience.kind() {
                Joint { lead, kind: audience.kind().into(), strands: ids }.write(plan);
            }
        }
        for lead in leads.values().collect::<BTreeSet<_>>() {
            if let Some(whole) = whole(plan, *lead).await? {
                after.insert(*lead, whole.record);
            }
        }
        self.show(plan, &after).await?;
        self.move_messages(core, plan, &leads).await
    }

    /// What a strand is called when it is shown alone, as if each handle were somebody.
    fn kind_alone(&self, id: ConversationId) -> ConversationKind {
        let homes =
            self.strands.iter().find(|strand| strand.id == id).map_or(0, |strand| strand.record.homes.len());
        if homes > 1 { ConversationKind::Group } else { ConversationKind::Direct }
    }

    async fn show(
        &self,
        plan: &mut Plan<'_>,
        after: &BTreeMap<ConversationId, ConversationRecord>,
    ) -> Result<(), HubError> {
        for id in self.shown.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
            let (before, after) = (self.shown.get(id), after.get(id));
            if before != after {
                show(plan, *id, before, after).await?;
            }
        }
        Ok(())
    }

    /// Says that messages are in another conversation now: each by its name, or, when they are many, that whoever
    /// follows them has to look anew.
    async fn move_messages(
        &self,
        core: &Context,
        plan: &mut Plan<'_>,
        leads: &BTreeMap<ConversationId, ConversationId>,
    ) -> Result<(), HubError> {
        let moved = self.strands.iter().filter(|strand| leads.get(&strand.id) != Some(&strand.before));
        let mut named = 0;
        for strand in moved {
            let room = REGROUPED_MESSAGES_LOGGED_MAX.saturating_sub(named);
            let range = keys::of_conversation(strand.id);
            let rows = core.scan_page(plan.owner().partition(), range, 0, room + 1).await?;
            named += rows.len();
            if named > REGROUPED_MESSAGES_LOGGED_MAX {
                // The first change of this plan is the first that a state can be after.
                plan.head.messages_anew = plan.head.sequence + 1;
            }
            for message in rows.iter().take(room.max(1)).filter_map(|(key, _)| keys::message_of_row(key)) {
                plan.changed(ObjectType::Message, message.as_bytes(), ChangeKind::Updated);
            }
            if named > REGROUPED_MESSAGES_LOGGED_MAX {
                break;
            }
        }
        Ok(())
    }
}

/// The conversation that is shown under this id, as the plan leaves it.
async fn whole(plan: &Plan<'_>, lead: ConversationId) -> Result<Option<Whole>, HubError> {
    match Joint::of(plan, lead).await? {
        Some(joint) => Ok(fold(&joint.parts(plan).await?, joint.kind)),
        None => {
            let record: Option<ConversationRecord> = plan.get(&keys::conversation(lead)).await?;
            Ok(record.map(|record| Whole::single(lead, record)))
        }
    }
}

/// Every strand of these homes, in order.
async fn strands_of(plan: &Plan<'_>, homes: &[ContactId]) -> Result<Vec<ConversationId>, HubError> {
    let mut ids = BTreeSet::new();
    for home in homes {
        let rows: Vec<bytes::Bytes> = (0..count_strands(plan, *home).await?)
            .map(|number| keys::strand_of(&home_blind(plan, *home, number)))
            .collect();
        for row in plan.get_many(&rows).await?.into_iter().flatten() {
            ids.insert(ConversationId::from_bytes(crate::records::read(&row)?));
        }
    }
    Ok(ids.into_iter().collect())
}

async fn open(
    plan: &Plan<'_>,
    access: &Access,
    ids: &[ConversationId],
) -> Result<Vec<(ConversationId, StrandRecord)>, HubError> {
    let rows: Vec<bytes::Bytes> = ids.iter().copied().map(keys::strand).collect();
    let found = plan.get_many(&rows).await?;
    access.open_planned(plan, found.iter().flatten().map(|row| row.as_ref())).await?;
    let opened = ids.iter().zip(&found).filter_map(|(id, row)| {
        let sealed = Sealed { kind: "strand", key: id.as_bytes(), bytes: row.as_ref()? };
        Some(access.open(&sealed).map(|record| (*id, record)))
    });
    opened.collect()
}

/// The contacts that these homes belong to, as the plan leaves them.
async fn owners(plan: &Plan<'_>, homes: &[[u8; 16]]) -> Result<Vec<ContactId>, HubError> {
    let rows: Vec<bytes::Bytes> =
        homes.iter().map(|home| keys::belongs(ContactId::from_bytes(*home))).collect();
    let found = plan.get_many(&rows).await?;
    let owner = |(home, row): (&[u8; 16], Option<bytes::Bytes>)| match row {
        Some(row) => Ok(ContactId::from_bytes(crate::records::read(&row)?)),
        None => Ok(ContactId::from_bytes(*home)),
    };
    homes.iter().zip(found).map(owner).collect()
}
