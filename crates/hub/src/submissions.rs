//! What became of sent messages, as their sender sees it.

use crate::Hub;
use crate::access::{Access, Sealed};
use crate::error::HubError;
use crate::keys;
use crate::limits::SUBMISSIONS_LISTED_MAX;
use crate::records::{
    FatesRecord, MessageRecord, RecipientRecord, StoredDirection, StoredFate, SubmissionRecord,
};
use crate::views::{Fate, RecipientView, SubmissionView};
use caliopen_model::{ConversationId, MessageId, Participant, SubmissionId, Timestamp};
use caliopen_store::Direction;
use std::collections::BTreeMap;

impl Hub {
    /// The newest submissions, newest first.
    pub async fn submission_ids(&self, access: &Access) -> Result<Vec<SubmissionId>, HubError> {
        let range = keys::submissions();
        let rows = self
            .core
            .store
            .scan(access.partition(), range, SUBMISSIONS_LISTED_MAX, Direction::Backward)
            .await?;
        Ok(rows
            .iter()
            .filter_map(|(key, _)| key.last_chunk().copied().map(SubmissionId::from_bytes))
            .collect())
    }

    /// Submissions by id; none where there is none.
    pub async fn submissions(
        &self,
        access: &Access,
        ids: &[SubmissionId],
    ) -> Result<Vec<Option<SubmissionView>>, HubError> {
        let rows = ids.iter().copied().map(keys::submission).collect();
        let records: Vec<Option<SubmissionRecord>> = access.rows(&self.core, rows).await?;
        access
            .open_epochs(&self.core, records.iter().flatten().map(|record| record.fates.as_slice()))
            .await?;
        let messages = ids.iter().map(|id| keys::message(message_of(*id))).collect();
        let messages: Vec<Option<MessageRecord>> = access.rows(&self.core, messages).await?;
        let now = self.core.clock.now();
        let mut views = Vec::with_capacity(ids.len());
        for ((id, record), message) in ids.iter().zip(records).zip(messages) {
            let Some(record) = record else {
                views.push(None);
                continue;
            };
            let fates = open_fates(access, *id, &record)?;
            views.push(Some(SubmissionView {
                id: *id,
                message: message_of(*id),
                conversation: message.map(|message| ConversationId::from_bytes(message.conversation)),
                send_at: Timestamp::from_unix_ms(record.send_at),
                can_be_taken_back: record.undo.is_some() && record.send_at > now.unix_ms(),
                recipients: fates.recipients.into_iter().map(recipient_view).collect(),
            }));
        }
        Ok(views)
    }

    /// The fates of the sent messages among these, by message.
    pub(crate) async fn fates(
        &self,
        access: &Access,
        messages: &[(MessageId, StoredDirection)],
    ) -> Result<BTreeMap<MessageId, (StoredFate, FatesRecord)>, HubError> {
        let sent: Vec<SubmissionId> = messages
            .iter()
            .filter(|(_, direction)| *direction == StoredDirection::Sent)
            .map(|(id, _)| SubmissionId::from_bytes(*id.as_bytes()))
            .collect();
        if sent.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows = sent.iter().copied().map(keys::submission).collect();
        let records: Vec<Option<SubmissionRecord>> = access.rows(&self.core, rows).await?;
        access
            .open_epochs(&self.core, records.iter().flatten().map(|record| record.fates.as_slice()))
            .await?;
        let mut fates = BTreeMap::new();
        for (id, record) in sent.into_iter().zip(records) {
            if let Some(record) = record {
                fates.insert(message_of(id), (record.worst, open_fates(access, id, &record)?));
            }
        }
        Ok(fates)
    }
}

fn open_fates(access: &Access, id: SubmissionId, record: &SubmissionRecord) -> Result<FatesRecord, HubError> {
    access.open(&Sealed { kind: "fates", key: id.as_bytes(), bytes: &record.fates })
}

/// A sent message and its submission have the same bytes for an id.
fn message_of(id: SubmissionId) -> MessageId {
    MessageId::from_bytes(*id.as_bytes())
}

fn recipient_view(record: RecipientRecord) -> RecipientView {
    let Participant { name, handle } = Participant::from(&record.to);
    RecipientView {
        name,
        handle,
        fate: record.fate.into(),
        at: record.at.map(Timestamp::from_unix_ms),
        attempts: record.attempts,
        next_try_at: record.next_try_at.map(Timestamp::from_unix_ms).filter(|_| record.attempts > 0),
        host: record.host,
        security: record.security.map(Into::into),
        tls: record.tls,
        cause: record.cause.map(Into::into),
        status: record.status,
        said: record.said,
    }
}

impl From<StoredFate> for Fate {
    fn from(stored: StoredFate) -> Self {
        match stored {
            StoredFate::Delivered => Self::Delivered,
            StoredFate::Waiting => Self::Waiting,
            StoredFate::Deferred => Self::Deferred,
            StoredFate::Failed => Self::Failed,
        }
    }
}
