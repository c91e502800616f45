//! One step of indexing: a bounded part of what is due, and one commit.
//!
//! First the change log, so that what arrives is found at once; then, from the newest message back, what was there
//! before the index. A step that was interrupted left nothing: the next one does it again.

use super::index::{Coverage, KIND, Stored, seal_segment};
use super::names::NewNames;
use super::news::News;
use crate::Hub;
use crate::access::Access;
use crate::context::successor;
use crate::error::HubError;
use crate::keys;
use crate::limits::{CHANGE_LOG_MAX, INDEX_BATCH_MAX, INDEX_LAG_MAX, PAGE_MAX};
use crate::owner::Plan;
use crate::records::{
    BacklogRecord, BacklogStage, ContactRecord, ConversationRecord, GoneRecord, IndexRecord, SegmentRecord,
    StoredContactState, read,
};
use bytes::Bytes;
use caliopen_model::{ContactId, ConversationId, MessageId};
use caliopen_search::{Document, build};
use caliopen_store::{BlobKey, Direction};

/// What a step left to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    Nothing,
    Something,
}

/// What a step adds.
#[derive(Default)]
pub(super) struct Work {
    pub(super) messages: Vec<Document>,
    pub(super) names: Vec<Document>,
}

impl Work {
    fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.names.is_empty()
    }
}

impl Hub {
    /// Indexes a bounded part of what is due. Waits for a step of the same account that is on its way.
    pub(super) async fn index_step(&self, access: &Access) -> Result<(Rest, Coverage), HubError> {
        let _turn = access.owner.index_turn.lock().await;
        let sequence = self.head(access).await?.sequence;
        let (mut index, is_new) = self.index_to_go_on(access, sequence).await?;
        let before = index.clone();
        let mut work = Work::default();
        if index.upto < sequence {
            self.take_news(access, &mut index, &mut work, sequence).await?;
        }
        // News without a word of it leave the step to what is older: they go on all the time.
        if work.is_empty()
            && index.upto >= sequence
            && let Some(backlog) = index.backlog.take()
        {
            index.backlog = self.take_backlog(access, &mut index, &mut work, backlog).await?;
        }
        let is_changed = index != IndexRecord { upto: index.upto, ..before.clone() };
        let is_worth_it = !work.is_empty() || is_changed;
        if is_new || is_worth_it || index.upto.saturating_sub(before.upto) >= INDEX_LAG_MAX {
            self.commit_index(access, &mut index, work).await?;
            self.join_segments(access, &mut index).await?;
        }
        let progress = Coverage::of(&index, sequence);
        Ok((if progress.is_complete { Rest::Nothing } else { Rest::Something }, progress))
    }

    /// The index as it stands, or an empty one when there is none that can be carried on.
    async fn index_to_go_on(&self, access: &Access, sequence: u64) -> Result<(IndexRecord, bool), HubError> {
        match self.stored_index(access).await? {
            Stored::Index(index) if sequence.saturating_sub(index.upto) < CHANGE_LOG_MAX => {
                Ok((*index, false))
            }
            // The log does not reach back to it: what was removed meanwhile is not known.
            Stored::Index(index) => {
                tracing::info!("more changed than the change log holds: a search index is built anew");
                self.drop_index(access, &index).await?;
                Ok((self.new_index(access).await?, true))
            }
            Stored::None => Ok((self.new_index(access).await?, true)),
        }
    }

    /// Reads the next part of the change log.
    async fn take_news(
        &self,
        access: &Access,
        index: &mut IndexRecord,
        work: &mut Work,
        sequence: u64,
    ) -> Result<(), HubError> {
        let news = News::read(self, access, index.upto, sequence).await?;
        let ids: Vec<MessageId> = news.messages.iter().map(|(_, id)| *id).collect();
        let gathered = self.gather_messages(access, &ids).await?;
        // More text than a step takes: the rest of the log is read again by the next one.
        let cut = news.messages.get(gathered.looked_at).map(|(sequence, _)| sequence.saturating_sub(1));
        index.upto = cut.unwrap_or(news.upto);
        work.messages = gathered.documents;
        let now = self.core.clock.now().unix_ms();
        let gone = |id| GoneRecord { id, is_message: true, since: now };
        index.gone.extend(news.gone.into_iter().map(gone));
        let names =
            NewNames { contacts: news.contacts, conversations: news.conversations, gone: news.gone_names };
        work.names = self.take_names(access, index, names).await?;
        Ok(())
    }

    /// Reads the next part of what was there before the index. None: that was the last.
    async fn take_backlog(
        &self,
        access: &Access,
        index: &mut IndexRecord,
        work: &mut Work,
        mut backlog: BacklogRecord,
    ) -> Result<Option<BacklogRecord>, HubError> {
        let next = backlog.next.take().map(Bytes::from);
        let after = match backlog.stage {
            BacklogStage::Contacts => self.backlog_of_contacts(access, index, work, next).await?,
            BacklogStage::Titles => self.backlog_of_titles(access, index, work, next).await?,
            BacklogStage::Messages => {
                let (after, done) = self.backlog_of_messages(access, work, next).await?;
                backlog.messages_done = backlog.messages_done.saturating_add(done);
                after
            }
        };
        backlog.stage = match (backlog.stage, &after) {
            (stage, Some(_)) => stage,
            (BacklogStage::Contacts, None) => BacklogStage::Titles,
            (BacklogStage::Titles, None) => BacklogStage::Messages,
            (BacklogStage::Messages, None) => return Ok(None),
        };
        backlog.next = after.map(|key| key.to_vec());
        Ok(Some(backlog))
    }

    async fn backlog_of_contacts(
        &self,
        access: &Access,
        index: &mut IndexRecord,
        work: &mut Work,
        next: Option<Bytes>,
    ) -> Result<Option<Bytes>, HubError> {
        let mut range = keys::contacts();
        range.start = next.unwrap_or(range.start);
        let rows = self.core.store.scan(access.partition(), range, PAGE_MAX, Direction::Forward).await?;
        let mut names = NewNames::default();
        for (key, row) in &rows {
            let is_named = read::<ContactRecord>(row)?.state == StoredContactState::Confirmed;
            let id = key.last_chunk().copied().map(ContactId::from_bytes);
            names.contacts.extend(id.filter(|_| is_named));
        }
        work.names = self.take_names(access, index, names).await?;
        Ok(rows.last().filter(|_| rows.len() == PAGE_MAX).map(|(key, _)| successor(key)))
    }

    async fn backlog_of_titles(
        &self,
        access: &Access,
        index: &mut IndexRecord,
        work: &mut Work,
        next: Option<Bytes>,
    ) -> Result<Option<Bytes>, HubError> {
        let mut range = keys::conversations();
        range.start = next.unwrap_or(range.start);
        let rows = self.core.store.scan(access.partition(), range, PAGE_MAX, Direction::Forward).await?;
        let mut titled = Vec::new();
        for (key, row) in &rows {
            let is_titled = read::<ConversationRecord>(row)?.title.is_some();
            let id = key.last_chunk().copied().map(ConversationId::from_bytes);
            titled.extend(id.filter(|_| is_titled));
        }
        let shown = self.shown_in(access, titled.into_iter()).await?;
        let names = NewNames { conversations: shown.into_values().collect(), ..NewNames::default() };
        work.names = self.take_names(access, index, names).await?;
        Ok(rows.last().filter(|_| rows.len() == PAGE_MAX).map(|(key, _)| successor(key)))
    }

    /// The next messages from the newest back, and how many they were.
    async fn backlog_of_messages(
        &self,
        access: &Access,
        work: &mut Work,
        next: Option<Bytes>,
    ) -> Result<(Option<Bytes>, u64), HubError> {
        let mut range = keys::messages();
        range.end = next.unwrap_or(range.end);
        let direction = Direction::Backward;
        let rows = self.core.store.scan(access.partition(), range, INDEX_BATCH_MAX, direction).await?;
        let ids: Vec<MessageId> = rows.iter().filter_map(|(key, _)| keys::message_of_row(key)).collect();
        let gathered = self.gather_messages(access, &ids).await?;
        work.messages = gathered.documents;
        let is_last = gathered.looked_at == rows.len() && rows.len() < INDEX_BATCH_MAX;
        let last = gathered.looked_at.checked_sub(1).and_then(|at| rows.get(at)).filter(|_| !is_last);
        Ok((last.map(|(key, _)| key.clone()), gathered.looked_at as u64))
    }

    /// Writes the index with what a step adds.
    async fn commit_index(
        &self,
        access: &Access,
        index: &mut IndexRecord,
        work: Work,
    ) -> Result<(), HubError> {
        let added: Vec<[u8; 16]> =
            work.messages.iter().chain(&work.names).map(|document| document.key.id).collect();
        index.gone.retain(|gone| !added.contains(&gone.id));
        let mut blobs = Vec::new();
        for (documents, segments) in [(work.messages, &mut index.messages), (work.names, &mut index.names)] {
            if let Some(bytes) = build(documents) {
                let (segment, blob) = seal_segment(&self.core, access, bytes).await?;
                segments.push(segment);
                blobs.extend(blob);
            }
        }
        self.put_index(access, index, blobs, &[]).await
    }

    /// Writes the row of the index, with new blobs, without old ones.
    pub(super) async fn put_index(
        &self,
        access: &Access,
        index: &IndexRecord,
        blobs: Vec<(BlobKey, Bytes)>,
        replaced: &[SegmentRecord],
    ) -> Result<(), HubError> {
        let key = keys::search_index();
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        let row = plan.seal(KIND, &key, index)?;
        plan.put_bytes(key, row);
        blobs.into_iter().for_each(|(key, sealed)| plan.put_blob(key, sealed));
        replaced.iter().for_each(|segment| plan.delete_blob(BlobKey(segment.blob)));
        plan.commit().durable().await?;
        replaced.iter().for_each(|segment| self.core.chunks.forget(access.account(), BlobKey(segment.blob)));
        Ok(())
    }
}
