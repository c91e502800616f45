//! What became of sent messages, as their sender sees it.

use crate::Hub;
use crate::access::{Access, Sealed};
use crate::error::HubError;
use crate::keys;
use crate::limits::{RETURNED_MAX, SUBMISSIONS_LISTED_MAX};
use crate::records::{
    FatesRecord, MessageRecord, RecipientRecord, ReturnedFate, ReturnedRecord, StoredDirection, StoredFate,
    SubmissionRecord,
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
        let strand = |message: &MessageRecord| ConversationId::from_bytes(message.conversation);
        let shown_in = self.shown_in(access, messages.iter().flatten().map(strand)).await?;
        let now = self.core.clock.now();
        let mut views = Vec::with_capacity(ids.len());
        for ((id, record), message) in ids.iter().zip(records).zip(messages) {
            let Some(record) = record else {
                views.push(None);
                continue;
            };
            let mut fates = seen(access, *id, &record)?;
            self.add_returned(access, *id, &mut fates).await?;
            views.push(Some(SubmissionView {
                id: *id,
                message: message_of(*id),
                conversation: message.and_then(|message| shown_in.get(&strand(&message)).copied()),
                send_at: Timestamp::from_unix_ms(record.send_at),
                can_be_taken_back: record.undo.is_some() && record.send_at > now.unix_ms(),
                requires_tls: fates.requires_tls,
                recipients: fates.recipients.into_iter().map(recipient_view).collect(),
            }));
        }
        Ok(views)
    }

    /// Puts what reports said into the fates of the recipients that they name.
    async fn add_returned(
        &self,
        access: &Access,
        id: SubmissionId,
        fates: &mut FatesRecord,
    ) -> Result<(), HubError> {
        let range = keys::returned_of(id);
        let rows = self.core.store.scan(access.partition(), range, RETURNED_MAX, Direction::Backward).await?;
        access.open_epochs(&self.core, rows.iter().map(|(_, row)| row.as_ref())).await?;
        for (key, row) in rows.iter().rev() {
            let report: [u8; 16] = *key.last_chunk().ok_or(HubError::Damaged)?;
            let said: Vec<ReturnedRecord> =
                access.open(&Sealed { kind: "returned", key: &report, bytes: row })?;
            for returned in said {
                let named = Participant::from(&returned.recipient).handle;
                let known = |known: &&mut RecipientRecord| Participant::from(&known.to).handle == named;
                if let Some(recipient) = fates.recipients.iter_mut().find(known) {
                    correct(recipient, returned);
                }
            }
        }
        Ok(())
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
                fates.insert(message_of(id), (record.worst, seen(access, id, &record)?));
            }
        }
        Ok(fates)
    }
}

/// What we saw ourselves of each recipient.
fn seen(access: &Access, id: SubmissionId, record: &SubmissionRecord) -> Result<FatesRecord, HubError> {
    access.open(&Sealed { kind: "fates", key: id.as_bytes(), bytes: &record.fates })
}

/// A report of a later host outweighs that the first one took the message.
fn correct(recipient: &mut RecipientRecord, returned: ReturnedRecord) {
    let (fate, trouble) = match returned.fate {
        ReturnedFate::Failed(trouble) => (StoredFate::Failed, trouble),
        ReturnedFate::Delayed(trouble) => (StoredFate::Deferred, trouble),
        ReturnedFate::Arrived => return,
    };
    recipient.fate = fate;
    recipient.at = Some(returned.at);
    recipient.host = trouble.host.or(recipient.host.take());
    recipient.cause = Some(trouble.cause);
    recipient.status = Some(trouble.status);
    recipient.said = trouble.said;
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
        security: record.security.map(|security| security.0),
        proof: record.proof.map(Into::into),
        tls: record.tls.map(|tls| tls.0),
        certificate: record.certificate.map(Into::into),
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
