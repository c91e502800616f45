//! Labels: the user's own words for conversations. A folder is a label that a conversation is moved to, out of the
//! inbox. The list of a label costs O(page), and its counts are kept with it.

use crate::Hub;
use crate::access::{Access, Sealed};
use crate::error::HubError;
use crate::joint;
use crate::keys::{self, ObjectType};
use crate::limits::{DEED_CONVERSATIONS_MAX, LABELS_MAX};
use crate::owner::Plan;
use crate::records::{ConversationRecord, LabelRecord, read};
use crate::resolve::cut;
use crate::shelve::{is_unread, labels_in_sight, put_conversation};
use crate::views::{LabelPatch, LabelView};
use bytes::Bytes;
use caliopen_model::{ChangeKind, LabelColour, LabelId};
use caliopen_store::Direction;
use std::collections::BTreeSet;

/// Why a label was not made, or not changed.
#[derive(Debug, thiserror::Error)]
pub enum LabelError {
    /// Nothing is left of the name once its ends are trimmed.
    #[error("a label needs a name")]
    NoName,
    /// Another one is called so, whatever its case.
    #[error("there is a label of this name already")]
    Taken,
    /// See [`LABELS_MAX`].
    #[error("there are {LABELS_MAX} labels already: remove one first")]
    TooMany,
    /// There is no such label.
    #[error("there is no such label")]
    Unknown,
    /// Storage, or a damaged record.
    #[error(transparent)]
    Hub(#[from] HubError),
}

impl Hub {
    /// All labels, in the order of their names.
    pub async fn labels(&self, access: &Access) -> Result<Vec<LabelView>, HubError> {
        let rows = self.core.scan_all(access.partition(), keys::labels()).await?;
        let records: Vec<(LabelId, LabelRecord)> = rows
            .iter()
            .map(|(key, row)| Ok((label_of(key)?, read(row)?)))
            .collect::<Result<_, HubError>>()?;
        access.open_epochs(&self.core, records.iter().map(|(_, record)| record.name.as_slice())).await?;
        let mut labels: Vec<LabelView> = records
            .into_iter()
            .map(|(id, record)| label_view(access, id, record))
            .collect::<Result<_, HubError>>()?;
        labels.sort_by_cached_key(|label| (label.name.to_lowercase(), label.id));
        Ok(labels)
    }

    /// Makes a label.
    pub async fn create_label(
        &self,
        access: &Access,
        name: &str,
        colour: LabelColour,
    ) -> Result<LabelId, LabelError> {
        let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
        if plan.head.labels >= LABELS_MAX {
            return Err(LabelError::TooMany);
        }
        let id = LabelId::from_bytes(self.core.ids.next());
        let name = self.free_name(access, id, name).await?;
        let name = plan.seal("label", id.as_bytes(), &name)?;
        plan.put(keys::label(id), &LabelRecord { colour: colour.into(), conversations: 0, unread: 0, name });
        plan.head.labels = plan.head.labels.saturating_add(1);
        plan.changed(ObjectType::Label, id.as_bytes(), ChangeKind::Created);
        self.commit(plan).await?;
        Ok(id)
    }

    /// Calls a label otherwise, or lets it look otherwise.
    pub async fn update_label(
        &self,
        access: &Access,
        id: LabelId,
        patch: &LabelPatch,
    ) -> Result<(), LabelError> {
        let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
        let mut record: LabelRecord = plan.get(&keys::label(id)).await?.ok_or(LabelError::Unknown)?;
        if let Some(name) = &patch.name {
            let name = self.free_name(access, id, name).await?;
            record.name = plan.seal("label", id.as_bytes(), &name)?;
        }
        if let Some(colour) = patch.colour {
            record.colour = colour.into();
        }
        plan.put(keys::label(id), &record);
        plan.changed(ObjectType::Label, id.as_bytes(), ChangeKind::Updated);
        self.commit(plan).await?;
        Ok(())
    }

    /// A name that no other label has. The owner's lock is held: nobody takes it meanwhile.
    async fn free_name(&self, access: &Access, own: LabelId, name: &str) -> Result<String, LabelError> {
        let name = cut(name.trim());
        if name.is_empty() {
            return Err(LabelError::NoName);
        }
        let others = self.labels(access).await?;
        let is_taken =
            |other: &LabelView| other.id != own && other.name.to_lowercase() == name.to_lowercase();
        if others.iter().any(is_taken) { Err(LabelError::Taken) } else { Ok(name) }
    }

    /// Takes a label off its conversations, a batch at a time, then removes it. False: there is no such label.
    pub async fn destroy_label(&self, access: &Access, id: LabelId) -> Result<bool, HubError> {
        loop {
            let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
            if plan.get::<LabelRecord>(&keys::label(id)).await?.is_none() {
                return Ok(false);
            }
            let (range, most) = (keys::labelled_anywhere(id), DEED_CONVERSATIONS_MAX);
            let rows = self.core.store.scan(access.partition(), range, most, Direction::Forward).await?;
            for conversation in rows.iter().filter_map(|(key, _)| keys::conversation_of_view(key)) {
                for (strand, before) in joint::strands(&plan, conversation).await? {
                    let mut after = before.clone();
                    after.labels.retain(|label| label != id.as_bytes());
                    put_conversation(&mut plan, strand, Some(&before), &after).await?;
                }
            }
            let is_last = rows.len() < most;
            if is_last {
                plan.delete(keys::label(id));
                plan.head.labels = plan.head.labels.saturating_sub(1);
                plan.changed(ObjectType::Label, id.as_bytes(), ChangeKind::Destroyed);
            }
            self.commit(plan).await?;
            if is_last {
                return Ok(true);
            }
        }
    }
}

fn label_of(key: &Bytes) -> Result<LabelId, HubError> {
    key.last_chunk().copied().map(LabelId::from_bytes).ok_or(HubError::Damaged)
}

fn label_view(access: &Access, id: LabelId, record: LabelRecord) -> Result<LabelView, HubError> {
    let name = access.open(&Sealed { kind: "label", key: id.as_bytes(), bytes: &record.name })?;
    let (conversations, unread) = (record.conversations, record.unread);
    Ok(LabelView { id, name, colour: record.colour.into(), conversations, unread })
}

/// Keeps the counts of labels in step with a conversation that changes.
pub(crate) async fn count_labels(
    plan: &mut Plan<'_>,
    before: Option<&ConversationRecord>,
    after: Option<&ConversationRecord>,
) -> Result<(), HubError> {
    let ((was, was_unread), (is, is_unread)) = (counted(before), counted(after));
    for label in was.union(&is) {
        let (had, has) = (was.contains(label), is.contains(label));
        let (had_unread, has_unread) = (had && was_unread, has && is_unread);
        if (had, had_unread) == (has, has_unread) {
            continue;
        }
        let Some(record) = plan.get::<LabelRecord>(&keys::label(*label)).await? else { continue };
        let conversations = step(record.conversations, had, has);
        let unread = step(record.unread, had_unread, has_unread);
        plan.put(keys::label(*label), &LabelRecord { conversations, unread, ..record });
        plan.changed(ObjectType::Label, label.as_bytes(), ChangeKind::Updated);
    }
    Ok(())
}

/// The labels that count a conversation, and whether they count it as unread.
fn counted(record: Option<&ConversationRecord>) -> (BTreeSet<LabelId>, bool) {
    (record.into_iter().flat_map(labels_in_sight).collect(), record.is_some_and(is_unread))
}

fn step(number: u32, before: bool, after: bool) -> u32 {
    number.saturating_add(u32::from(after)).saturating_sub(u32::from(before))
}
