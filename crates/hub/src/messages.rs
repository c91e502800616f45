//! Messages: shown, read, marked, removed.

mod change;

use crate::Hub;
use crate::access::{Access, Sealed};
use crate::blobs;
use crate::contacts::{Names, person};
use crate::error::HubError;
use crate::gate::hide_summary;
use crate::keys::{self, ObjectType};
use crate::leaving::offers_one_click;
use crate::limits::PAGE_MAX;
use crate::records::{
    ConversationRecord, MessageRecord, PartRecord, PersonRecord, StoredDirection, SummaryRecord,
};
use crate::views::{MessageView, Page, PersonView, States};
use bytes::Bytes;
use caliopen_connect::Format;
use caliopen_model::{
    BlobId, ConversationId, MessageId, Part, PartId, PrivacyIndex, Reading, SegmentId, Timestamp,
};
use caliopen_store::{BlobKey, Direction};
use caliopen_vault::ContentKey;
use std::sync::Arc;

impl Hub {
    /// A page of a conversation's messages.
    pub async fn message_page(
        &self,
        access: &Access,
        conversation: ConversationId,
        newest_first: bool,
        position: u64,
        limit: usize,
    ) -> Result<Page<MessageId>, HubError> {
        let head = self.head(access).await?;
        let strands = self.strands(access, conversation).await?;
        let records = strands.iter().copied().map(keys::conversation).collect();
        let records: Vec<Option<ConversationRecord>> = access.rows(&self.core, records).await?;
        let total = records.iter().flatten().map(|record| u64::from(record.message_count)).sum();
        let direction = if newest_first { Direction::Backward } else { Direction::Forward };
        let wanted = usize::try_from(position).unwrap_or(usize::MAX).saturating_add(limit.min(PAGE_MAX));
        let wanted = wanted.min(caliopen_store::SCAN_LIMIT_MAX);
        let mut rows = Vec::new();
        for strand in strands {
            let range = keys::of_conversation(strand);
            let found = self.core.store.scan(access.partition(), range, wanted, direction).await?;
            rows.extend(found.iter().filter_map(|(key, _)| keys::place_in_conversation(key)));
        }
        rows.sort_unstable();
        if newest_first {
            rows.reverse();
        }
        let skip = usize::try_from(position).unwrap_or(usize::MAX);
        let ids = rows.into_iter().take(wanted).skip(skip).map(|(_, message)| message).collect();
        let state = States(head.states).of(ObjectType::Message);
        Ok(Page { ids, position: Some(position), total: Some(total), state })
    }

    /// Messages by id; none where there is none.
    pub async fn messages(
        &self,
        access: &Access,
        ids: &[MessageId],
    ) -> Result<Vec<Option<MessageView>>, HubError> {
        let mut opened = self.unseal_messages(access, ids).await?;
        let left = self.left_at(access, &opened).await?;
        self.follow_merges(access, opened.iter_mut().flatten().map(|(record, _)| &mut record.segment))
            .await?;
        let people = opened.iter().flatten().flat_map(|(_, summary)| people_of(summary));
        let names = self.names(access, people).await?;
        let directions: Vec<(MessageId, StoredDirection)> = ids
            .iter()
            .zip(&opened)
            .filter_map(|(id, opened)| Some((*id, opened.as_ref()?.0.direction)))
            .collect();
        let mut fates = self.fates(access, &directions).await?;
        let strands =
            opened.iter().flatten().map(|(record, _)| ConversationId::from_bytes(record.conversation));
        let shown_in = self.shown_in(access, strands).await?;
        let mut view =
            |((id, left_at), opened): ((&MessageId, _), Option<(MessageRecord, SummaryRecord)>)| {
                opened.map(|(record, mut summary)| {
                    let one_click = offers_one_click(&self.core, &record, &summary);
                    let fate = fates.remove(id).map(|(worst, fates)| {
                        summary.evidence = fates.evidence;
                        worst.into()
                    });
                    let strand = ConversationId::from_bytes(record.conversation);
                    let conversation = shown_in.get(&strand).copied().unwrap_or(strand);
                    let hidden = !access.shows(record.privacy.0);
                    if hidden {
                        hide_summary(&mut summary);
                    }
                    let view = message_view(*id, &record, summary, &names);
                    MessageView { sending: fate, conversation, one_click, left_at, hidden, ..view }
                })
            };
        Ok(ids.iter().zip(left).zip(opened).map(&mut view).collect())
    }

    /// Leads each segment to the one that it became part of. A look at the store for each step of a merge, not for
    /// each message.
    pub(crate) async fn follow_merges(
        &self,
        access: &Access,
        segments: impl Iterator<Item = &mut [u8; 16]>,
    ) -> Result<(), HubError> {
        let mut open: Vec<&mut [u8; 16]> = segments.collect();
        while !open.is_empty() {
            let keys =
                open.iter().map(|bytes| keys::merged_segment(SegmentId::from_bytes(**bytes))).collect();
            let merges: Vec<Option<[u8; 16]>> = access.rows(&self.core, keys).await?;
            let mut further = Vec::new();
            for (segment, into) in open.into_iter().zip(merges) {
                // Merges lead to smaller ids: a row that does not would be followed for ever.
                if let Some(into) = into.filter(|into| into < segment) {
                    *segment = into;
                    further.push(segment);
                }
            }
            open = further;
        }
        Ok(())
    }

    /// Messages with everything that is said of them, past the gate: for what shows nobody their words.
    pub(crate) async fn unseal_messages(
        &self,
        access: &Access,
        ids: &[MessageId],
    ) -> Result<Vec<Option<(MessageRecord, SummaryRecord)>>, HubError> {
        let rows = ids.iter().copied().map(keys::message).collect();
        let records: Vec<Option<MessageRecord>> = access.rows(&self.core, rows).await?;
        access
            .open_epochs(&self.core, records.iter().flatten().map(|record| record.summary.as_slice()))
            .await?;
        ids.iter()
            .zip(records)
            .map(|(id, record)| {
                record.map(|record| Ok((open_summary(access, *id, &record)?, record))).transpose()
            })
            .map(|opened| opened.map(|opened| opened.map(|(summary, record)| (record, summary))))
            .collect()
    }

    /// Everything that is shown of a message, made safe. None: there is no such message.
    ///
    /// # Errors
    ///
    /// [`HubError::Hidden`] where the message is held back from whoever asks, as for every way to its bytes.
    pub async fn reading(&self, access: &Access, id: MessageId) -> Result<Option<Reading>, HubError> {
        Ok(self.open_raw(access, id).await?.map(|(format, raw)| format.read(&raw)))
    }

    /// A message as it arrived. None: there is no such message.
    ///
    /// # Errors
    ///
    /// As of [`Hub::reading`].
    pub async fn raw(&self, access: &Access, blob: BlobId) -> Result<Option<Bytes>, HubError> {
        Ok(self.open_raw(access, MessageId::from_bytes(*blob.as_bytes())).await?.map(|(_, raw)| raw))
    }

    /// One part of a message, decoded.
    ///
    /// # Errors
    ///
    /// As of [`Hub::reading`].
    pub async fn part(
        &self,
        access: &Access,
        blob: BlobId,
        part: PartId,
    ) -> Result<Option<(Part, Vec<u8>)>, HubError> {
        let opened = self.open_raw(access, MessageId::from_bytes(*blob.as_bytes())).await?;
        Ok(opened.and_then(|(format, raw)| format.part(&raw, part)))
    }

    async fn open_raw(
        &self,
        access: &Access,
        id: MessageId,
    ) -> Result<Option<(Arc<dyn Format>, Bytes)>, HubError> {
        let opened = self.unseal_messages(access, &[id]).await?.into_iter().next().flatten();
        match opened {
            Some((record, _)) if !access.shows(record.privacy.0) => Err(HubError::Hidden),
            Some((record, summary)) => self.unseal_blob(access, id, &record, &summary).await.map(Some),
            None => Ok(None),
        }
    }

    /// A message's bytes, past the gate: for what shows nobody its words. Its blob has the message's own id.
    pub(crate) async fn unseal_blob(
        &self,
        access: &Access,
        id: MessageId,
        record: &MessageRecord,
        summary: &SummaryRecord,
    ) -> Result<(Arc<dyn Format>, Bytes), HubError> {
        let format = self.core.format(record.protocol.into()).cloned().ok_or(HubError::Damaged)?;
        let key = BlobKey(*id.as_bytes());
        let sealed =
            self.core.store.get_blob(access.partition(), key, 0..u64::MAX).await?.ok_or(HubError::Damaged)?;
        let raw = blobs::open(&ContentKey::from_bytes(summary.blob_key), &sealed, summary.size_bytes)?;
        Ok((format, raw))
    }
}

fn open_summary(access: &Access, id: MessageId, record: &MessageRecord) -> Result<SummaryRecord, HubError> {
    access.open(&Sealed { kind: "summary", key: id.as_bytes(), bytes: &record.summary })
}

fn people_of(summary: &SummaryRecord) -> impl Iterator<Item = &PersonRecord> {
    [&summary.from, &summary.reply_to, &summary.to, &summary.cc, &summary.bcc].into_iter().flatten()
}

fn message_view(id: MessageId, record: &MessageRecord, summary: SummaryRecord, names: &Names) -> MessageView {
    let people = |records: &[PersonRecord]| -> Vec<PersonView> {
        records.iter().map(|record| person(names, record)).collect()
    };
    MessageView {
        id,
        conversation: ConversationId::from_bytes(record.conversation),
        segment: SegmentId::from_bytes(record.segment),
        blob: BlobId::from_bytes(*id.as_bytes()),
        direction: record.direction.into(),
        protocol: record.protocol.into(),
        from: people(&summary.from),
        to: people(&summary.to),
        cc: people(&summary.cc),
        bcc: people(&summary.bcc),
        reply_to: people(&summary.reply_to),
        subject: summary.subject,
        sent_at: summary.sent_at.map(Timestamp::from_unix_ms),
        received_at: Timestamp::from_unix_ms(record.received_at),
        size_bytes: summary.size_bytes,
        excerpt: summary.excerpt,
        seen: record.seen,
        flagged: record.flagged,
        privacy: PrivacyIndex::new(record.privacy.0, record.privacy.1),
        formula: record.privacy.2,
        importance: record.importance,
        importance_reasons: summary.importance_reasons.into_iter().map(Into::into).collect(),
        protection: record.protection.into(),
        warnings: summary.warnings.into_iter().map(Into::into).collect(),
        suspicious: record.suspicious,
        sending: None,
        one_click: false,
        left_at: None,
        hidden: false,
        parts: summary.parts.into_iter().map(part_view).collect(),
        evidence: summary.evidence.into_iter().map(|record| record.0).collect(),
    }
}

fn part_view(record: PartRecord) -> Part {
    Part {
        id: PartId(record.id),
        media_type: record.media_type,
        name: record.name,
        size_bytes: record.size_bytes,
        disposition: record.disposition.into(),
        content_id: record.content_id,
    }
}
