//! The row of the index, and its blobs.

use crate::Hub;
use crate::access::{Access, Sealed};
use crate::context::Context;
use crate::error::HubError;
use crate::keys;
use crate::limits::PAGE_MAX;
use crate::owner::Plan;
use crate::records::{BacklogRecord, BacklogStage, IndexRecord, SegmentRecord};
use caliopen_search::limits::CHUNK_BYTES;
use caliopen_search::{Fault, Held, Segment, chunks_of, newest};
use caliopen_store::{BlobKey, INLINE_BLOB_BYTES_MAX, SCAN_LIMIT_MAX};
use caliopen_vault::{BlobLayout, ContentKey, open_range, seal_blob};
use futures_util::future::try_join_all;
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

/// What is indexed of a message, and how. Raised when that changes: every index is built anew then.
pub(super) const VERSION: u16 = 2;
pub(super) const KIND: &str = "search index";

/// How much of the account is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// In percent of its messages. 100 once everything is.
    pub percent: u8,
    /// Nothing is left to index.
    pub is_complete: bool,
}

impl Coverage {
    pub(super) fn of(index: &IndexRecord, sequence: u64) -> Self {
        let percent = match &index.backlog {
            None => 100,
            Some(backlog) => {
                let percent = backlog.messages_done.saturating_mul(100).checked_div(backlog.messages_total);
                u8::try_from(percent.unwrap_or(0).min(99)).unwrap_or(99)
            }
        };
        Self { percent, is_complete: index.backlog.is_none() && index.upto >= sequence }
    }
}

/// An index that was not found as it should be.
pub(super) enum Stored {
    /// As it stands.
    Index(Box<IndexRecord>),
    /// There is none, or none that this program reads: to be built.
    None,
}

impl Hub {
    /// The index of an account.
    pub(super) async fn stored_index(&self, access: &Access) -> Result<Stored, HubError> {
        let key = keys::search_index();
        let Some(row) = self.core.store.get(access.partition(), key.clone()).await? else {
            return Ok(Stored::None);
        };
        let sealed = Sealed { kind: KIND, key: &key, bytes: &row };
        match access.open_one::<IndexRecord>(&self.core, &sealed).await {
            Ok(index) if index.version == VERSION => Ok(Stored::Index(Box::new(index))),
            // A row that does not open is worth no more than one that is missing; the blobs that it named go with the
            // account.
            Ok(_) | Err(HubError::Damaged) => Ok(Stored::None),
            Err(error) => Err(error),
        }
    }

    /// An empty index that has everything before it.
    pub(super) async fn new_index(&self, access: &Access) -> Result<IndexRecord, HubError> {
        let upto = self.head(access).await?.sequence;
        let messages_total = self.count_messages(access).await?;
        let backlog =
            BacklogRecord { stage: BacklogStage::Contacts, next: None, messages_done: 0, messages_total };
        Ok(IndexRecord {
            version: VERSION,
            upto,
            messages: Vec::new(),
            names: Vec::new(),
            gone: Vec::new(),
            titled: Vec::new(),
            backlog: Some(backlog),
        })
    }

    /// Conversations know how many messages they have. Read once for each building of an index.
    async fn count_messages(&self, access: &Access) -> Result<u64, HubError> {
        let mut range = keys::conversations();
        let mut count = 0;
        loop {
            let rows = self
                .core
                .scan_page(access.partition(), range.clone(), 0, PAGE_MAX.min(SCAN_LIMIT_MAX))
                .await?;
            let Some((last, _)) = rows.last() else { return Ok(count) };
            range.start = crate::context::successor(last);
            for (_, row) in &rows {
                count +=
                    u64::from(crate::records::read::<crate::records::ConversationRecord>(row)?.message_count);
            }
        }
    }

    /// Drops an index that cannot be carried on: the next step builds it anew.
    pub(super) async fn drop_index(&self, access: &Access, index: &IndexRecord) -> Result<(), HubError> {
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        plan.delete(keys::search_index());
        for segment in index.messages.iter().chain(&index.names) {
            plan.delete_blob(BlobKey(segment.blob));
        }
        plan.commit().durable().await
    }
}

/// Seals a segment. One that is too large for a batch is durable when this returns; a small one goes into the plan.
pub(super) async fn seal_segment(
    core: &Context,
    access: &Access,
    bytes: Vec<u8>,
) -> Result<(SegmentRecord, Option<(BlobKey, bytes::Bytes)>), HubError> {
    let newest = newest(&bytes).map_err(|_| HubError::Damaged)?;
    let (content_key, sealed) = seal_blob(&bytes, &mut |chance| (core.entropy)(chance));
    let blob = BlobKey(core.ids.next());
    let record = SegmentRecord {
        blob: blob.0,
        content_key: *content_key.as_bytes(),
        bytes: bytes.len() as u64,
        newest,
    };
    drop(bytes);
    let sealed = bytes::Bytes::from(sealed);
    if sealed.len() > INLINE_BLOB_BYTES_MAX {
        core.store.put_blob(access.partition(), blob, sealed).await?;
        return Ok((record, None));
    }
    Ok((record, Some((blob, sealed))))
}

/// Fetches bytes of a segment.
pub(super) async fn fetch(
    core: &Context,
    access: &Access,
    segment: &SegmentRecord,
    range: Range<u64>,
) -> Result<Vec<u8>, HubError> {
    let layout = BlobLayout::of_plaintext(segment.bytes);
    let wanted = layout.sealed_range(&range);
    let sealed = core.store.get_blob(access.partition(), BlobKey(segment.blob), wanted).await?;
    let sealed = sealed.ok_or(HubError::Damaged)?;
    Ok(open_range(&ContentKey::from_bytes(segment.content_key), layout, &sealed, range)?)
}

/// Reads a segment by some function, which is asked again until everything that it needs was fetched.
pub(super) async fn read_segment<T>(
    core: &Context,
    access: &Access,
    segment: &SegmentRecord,
    mut read: impl FnMut(&Segment<'_>) -> Result<T, Fault>,
) -> Result<T, HubError> {
    let mut held = Held::new(segment.bytes);
    loop {
        let missing = match Segment::open(&held).and_then(|segment| read(&segment)) {
            Ok(found) => return Ok(found),
            Err(Fault::Missing(ranges)) => ranges,
            Err(Fault::Damaged) => return Err(HubError::Damaged),
        };
        let fetched = missing.into_iter().map(|range| chunks(core, access, segment, range));
        for (number, chunk) in try_join_all(fetched).await?.into_iter().flatten() {
            held.share(number, chunk);
        }
    }
}

/// The chunks of a range of whole ones, by their numbers: those that are kept, and the others fetched together.
async fn chunks(
    core: &Context,
    access: &Access,
    segment: &SegmentRecord,
    range: Range<u64>,
) -> Result<Vec<(u64, Arc<[u8]>)>, HubError> {
    let (account, blob) = (access.account(), BlobKey(segment.blob));
    let numbers = chunks_of(&range);
    let mut found = Vec::new();
    let mut lacking: Option<RangeInclusive<u64>> = None;
    for number in numbers {
        match core.chunks.find(account, blob, number) {
            Some(chunk) => found.push((number, chunk)),
            None => lacking = Some(lacking.map_or(number, |before| *before.start())..=number),
        }
    }
    if let Some(lacking) = lacking {
        let bytes = (lacking.start() * CHUNK_BYTES)..((lacking.end() + 1) * CHUNK_BYTES).min(segment.bytes);
        let fetched = fetch(core, access, segment, bytes).await?;
        for (number, chunk) in lacking.zip(fetched.chunks(CHUNK_BYTES as usize)) {
            let chunk: Arc<[u8]> = chunk.into();
            core.chunks.put(account, blob, number, &chunk);
            found.push((number, chunk));
        }
    }
    Ok(found)
}
