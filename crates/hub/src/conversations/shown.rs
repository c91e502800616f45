//! Conversations as they are shown: a strand, or several whose people are the same (`joint`).

use crate::Hub;
use crate::access::Access;
use crate::error::HubError;
use crate::joint::{Audience, Joint, Whole, fold};
use crate::keys;
use crate::records::{ConversationRecord, JointRecord};
use caliopen_model::{ContactId, ConversationId};
use std::collections::BTreeMap;

impl Hub {
    /// The conversations with this person alone: at most one for each identity.
    pub async fn conversations_with(
        &self,
        access: &Access,
        contact: ContactId,
    ) -> Result<Vec<ConversationId>, HubError> {
        let identities = self.identities(access).await?;
        let keys = identities
            .iter()
            .map(|identity| Audience::new(identity.id, false, vec![contact]).key(&access.blind))
            .collect();
        let found: Vec<Option<[u8; 16]>> = access.rows(&self.core, keys).await?;
        let found: Vec<ConversationId> =
            found.into_iter().flatten().map(ConversationId::from_bytes).collect();
        let shown = self.shown(access, &found).await?;
        Ok(found.into_iter().zip(shown).filter_map(|(id, whole)| whole.map(|_| id)).collect())
    }

    /// Conversations by the ids that they are shown under; none for a strand that is shown in another.
    pub(crate) async fn shown(
        &self,
        access: &Access,
        ids: &[ConversationId],
    ) -> Result<Vec<Option<Whole>>, HubError> {
        let rows = ids.iter().copied().map(keys::conversation).collect();
        let records: Vec<Option<ConversationRecord>> = access.rows(&self.core, rows).await?;
        let joined = self.joined(access, ids).await?;
        let mut shown = Vec::with_capacity(ids.len());
        for ((id, record), joined) in ids.iter().zip(records).zip(joined) {
            shown.push(match joined {
                None => record.map(|record| Whole::single(*id, record)),
                Some(lead) if lead == *id => self.folded(access, lead).await?,
                Some(_) => None,
            });
        }
        Ok(shown)
    }

    /// The joint that each strand is shown in; none for one that is shown as it is.
    async fn joined(
        &self,
        access: &Access,
        ids: &[ConversationId],
    ) -> Result<Vec<Option<ConversationId>>, HubError> {
        let rows = ids.iter().copied().map(keys::joined).collect();
        let leads: Vec<Option<[u8; 16]>> = access.rows(&self.core, rows).await?;
        Ok(leads.into_iter().map(|lead| lead.map(ConversationId::from_bytes)).collect())
    }

    async fn folded(&self, access: &Access, lead: ConversationId) -> Result<Option<Whole>, HubError> {
        let Some(record) = access.row::<JointRecord>(&self.core, keys::joint(lead)).await? else {
            return Err(HubError::Damaged);
        };
        let joint = Joint::read(lead, record);
        let rows = joint.strands.iter().copied().map(keys::conversation).collect();
        let records: Vec<Option<ConversationRecord>> = access.rows(&self.core, rows).await?;
        let parts: Vec<(ConversationId, ConversationRecord)> =
            joint.strands.iter().zip(records).filter_map(|(id, record)| Some((*id, record?))).collect();
        Ok(fold(&parts, joint.kind))
    }

    /// The strands of a conversation: itself alone, for most.
    pub(crate) async fn strands(
        &self,
        access: &Access,
        id: ConversationId,
    ) -> Result<Vec<ConversationId>, HubError> {
        match access.row::<JointRecord>(&self.core, keys::joint(id)).await? {
            Some(record) => Ok(Joint::read(id, record).strands),
            None => Ok(vec![id]),
        }
    }

    /// The conversations that strands are shown in.
    pub(crate) async fn shown_in(
        &self,
        access: &Access,
        strands: impl Iterator<Item = ConversationId>,
    ) -> Result<BTreeMap<ConversationId, ConversationId>, HubError> {
        let mut ids: Vec<ConversationId> = strands.collect();
        ids.sort_unstable();
        ids.dedup();
        let joined = self.joined(access, &ids).await?;
        Ok(ids.into_iter().zip(joined).map(|(id, lead)| (id, lead.unwrap_or(id))).collect())
    }
}
