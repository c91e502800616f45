//! Segments become fewer, and what is gone leaves them.

use super::index::{fetch, read_segment, seal_segment};
use crate::Hub;
use crate::access::Access;
use crate::error::HubError;
use crate::limits::{GONE_MAX, GONE_MS_MAX, MERGE_TERMS_MAX};
use crate::records::{GoneRecord, IndexRecord, SegmentRecord};
use caliopen_search::{Fault, Key, Kind, Merge, due};
use std::collections::HashSet;
use std::ops::Range;

/// One of the two rows of segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Series {
    Messages,
    Names,
}

impl Series {
    fn of(self, index: &mut IndexRecord) -> &mut Vec<SegmentRecord> {
        match self {
            Self::Messages => &mut index.messages,
            Self::Names => &mut index.names,
        }
    }
}

impl Hub {
    /// Merges what is due, and takes out what was removed once there is enough of it, or it waited long enough.
    pub(super) async fn join_segments(
        &self,
        access: &Access,
        index: &mut IndexRecord,
    ) -> Result<(), HubError> {
        for series in [Series::Messages, Series::Names] {
            let sizes: Vec<u64> = series.of(index).iter().map(|segment| segment.bytes).collect();
            if let Some(range) = due(&sizes) {
                self.rewrite(access, index, series, range).await?;
            }
        }
        if self.is_purge_due(index) { self.purge(access, index).await } else { Ok(()) }
    }

    fn is_purge_due(&self, index: &IndexRecord) -> bool {
        let oldest = index.gone.iter().map(|gone| gone.since).min();
        let now = self.core.clock.now().unix_ms();
        index.gone.len() >= GONE_MAX || oldest.is_some_and(|since| now.saturating_sub(since) >= GONE_MS_MAX)
    }

    /// Writes every segment anew that has something of what is gone.
    async fn purge(&self, access: &Access, index: &mut IndexRecord) -> Result<(), HubError> {
        let gone = Gone::of(&index.gone);
        for series in [Series::Messages, Series::Names] {
            // From the last one, so that one which becomes empty moves none that is still to come.
            for at in (0..series.of(index).len()).rev() {
                let Some(segment) = series.of(index).get(at).cloned() else { continue };
                let has_some = read_segment(&self.core, access, &segment, |segment| {
                    for number in 0..segment.documents() {
                        if gone.has(&segment.document(number)?.0) {
                            return Ok(true);
                        }
                    }
                    Ok(false)
                });
                if has_some.await? {
                    self.rewrite(access, index, series, at..at + 1).await?;
                }
            }
        }
        index.gone.clear();
        self.put_index(access, index, Vec::new(), &[]).await
    }

    /// Makes one segment of some neighbours, without what is gone.
    async fn rewrite(
        &self,
        access: &Access,
        index: &mut IndexRecord,
        series: Series,
        range: Range<usize>,
    ) -> Result<(), HubError> {
        let old: Vec<SegmentRecord> = series.of(index).get(range.clone()).unwrap_or_default().to_vec();
        let mut whole = Vec::with_capacity(old.len());
        for segment in &old {
            whole.push(fetch(&self.core, access, segment, 0..segment.bytes).await?);
        }
        let gone = Gone::of(&index.gone);
        let mut merge = Merge::begin(whole, &|key| !gone.has(key)).map_err(damaged)?;
        while !merge.advance(MERGE_TERMS_MAX).map_err(damaged)? {
            tokio::task::yield_now().await;
        }
        let mut blobs = Vec::new();
        let mut new = Vec::new();
        if let Some(bytes) = merge.finish() {
            let (segment, blob) = seal_segment(&self.core, access, bytes).await?;
            new.push(segment);
            blobs.extend(blob);
        }
        series.of(index).splice(range, new);
        self.put_index(access, index, blobs, &old).await
    }
}

fn damaged(_: Fault) -> HubError {
    HubError::Damaged
}

/// What is gone, by its key.
struct Gone {
    messages: HashSet<[u8; 16]>,
    names: HashSet<[u8; 16]>,
}

impl Gone {
    fn of(records: &[GoneRecord]) -> Self {
        let ids = |is_message| {
            records.iter().filter(|gone| gone.is_message == is_message).map(|gone| gone.id).collect()
        };
        Self { messages: ids(true), names: ids(false) }
    }

    fn has(&self, key: &Key) -> bool {
        match key.kind {
            Kind::Message => self.messages.contains(&key.id),
            Kind::Conversation | Kind::Contact => self.names.contains(&key.id),
        }
    }
}
