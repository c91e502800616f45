//! A page of a list: a scan of a view that starts where the page does.

use crate::Hub;
use crate::access::Access;
use crate::context::successor;
use crate::error::HubError;
use crate::joint::Whole;
use crate::keys::{self, ObjectType, View};
use crate::limits::{FILTER_ROWS_MAX, PAGE_MAX, POSITION_ROWS_MAX};
use crate::records::{ConversationRecord, HeadRecord, LabelRecord};
use crate::shelve::{is_unread, labels_in_sight, listing};
use crate::views::{ConversationFilter, ConversationOrder, Page, PageStart, States};
use bytes::Bytes;
use caliopen_model::{ConversationId, ConversationKind, Place};
use caliopen_store::Direction;
use std::ops::Range;

/// Where a page starts in its view, and at which position that is.
struct Start {
    range: Range<Bytes>,
    skip: usize,
    position: Option<u64>,
}

impl Hub {
    /// A page of the conversations of a place or a label. None: the anchor is not in this list.
    pub async fn conversation_page(
        &self,
        access: &Access,
        filter: &ConversationFilter,
        order: ConversationOrder,
        start: PageStart,
        limit: usize,
    ) -> Result<Option<Page<ConversationId>>, HubError> {
        let head = self.head(access).await?;
        let view = view(order, filter.unread);
        let Some(start) = self.start(access, filter, view, start).await? else {
            return Ok(None);
        };
        let position = start.position;
        let limit = limit.min(PAGE_MAX);
        let needs_rows = !filter.kinds.is_empty() || (filter.unread && !is_unread_list(filter, view));
        let ids = if needs_rows {
            self.filtered(access, filter, start, limit).await?
        } else {
            let rows = self.core.scan_page(access.partition(), start.range, start.skip, limit).await?;
            rows.iter().filter_map(|(key, _)| keys::conversation_of_view(key)).collect()
        };
        let total = if needs_rows { None } else { self.total(access, &head, filter).await? };
        let state = States(head.states).of(ObjectType::Conversation);
        Ok(Some(Page { ids, position, total, state }))
    }

    /// Conversations of a list from a row on (an empty one is the beginning), and the row where it goes on.
    pub(super) async fn rows_from(
        &self,
        access: &Access,
        filter: &ConversationFilter,
        from: Bytes,
        limit: usize,
    ) -> Result<(Vec<ConversationId>, Option<Bytes>), HubError> {
        let mut range = range_of(filter, view(ConversationOrder::Date, filter.unread));
        range.start = range.start.max(from);
        let rows = self.core.store.scan(access.partition(), range, limit, Direction::Forward).await?;
        let next = rows.last().filter(|_| rows.len() == limit).map(|(last, _)| successor(last));
        Ok((rows.iter().filter_map(|(key, _)| keys::conversation_of_view(key)).collect(), next))
    }

    async fn start(
        &self,
        access: &Access,
        filter: &ConversationFilter,
        view: View,
        start: PageStart,
    ) -> Result<Option<Start>, HubError> {
        let whole = range_of(filter, view);
        let (anchor, offset) = match start {
            PageStart::Position(position) => {
                let skip = usize::try_from(position).unwrap_or(usize::MAX);
                return Ok(Some(Start { range: whole, skip, position: Some(position) }));
            }
            PageStart::Anchor(anchor, offset) => (anchor, offset),
        };
        let shown = self.shown(access, &[anchor]).await?.pop().flatten();
        let Some(Whole { record, .. }) = shown.filter(|shown| is_listed(filter, &shown.record)) else {
            return Ok(None);
        };
        let listing = listing(&record);
        let at = match filter.label {
            Some(label) => keys::labelled(label, &listing, anchor),
            None => keys::view(view, &listing, anchor),
        };
        let first = self.move_back(access, &whole, at, offset).await?;
        let skip = usize::try_from(offset.max(0)).unwrap_or(usize::MAX);
        let position = self.position_of(access, &whole, &first).await?.map(|position| position + skip as u64);
        Ok(Some(Start { range: first..whole.end, skip, position }))
    }

    /// The key that lies `-offset` rows before the anchor; the first of the view when there are fewer.
    async fn move_back(
        &self,
        access: &Access,
        whole: &Range<Bytes>,
        at: Bytes,
        offset: i64,
    ) -> Result<Bytes, HubError> {
        let back = usize::try_from(offset.min(0).unsigned_abs()).unwrap_or(usize::MAX).min(FILTER_ROWS_MAX);
        if back == 0 {
            return Ok(at);
        }
        let before = whole.start.clone()..at.clone();
        let rows = self.core.store.scan(access.partition(), before, back, Direction::Backward).await?;
        Ok(rows.into_iter().last().map_or(at, |(key, _)| key))
    }

    async fn total(
        &self,
        access: &Access,
        head: &HeadRecord,
        filter: &ConversationFilter,
    ) -> Result<Option<u64>, HubError> {
        if let Some(label) = filter.label {
            let record: Option<LabelRecord> = access.row(&self.core, keys::label(label)).await?;
            return Ok(Some(record.map_or(0, |record| u64::from(record.conversations))));
        }
        let counts = if filter.unread { &head.unread } else { &head.conversations };
        Ok(counts.get(filter.place as usize).copied().map(u64::from))
    }

    async fn position_of(
        &self,
        access: &Access,
        whole: &Range<Bytes>,
        first: &Bytes,
    ) -> Result<Option<u64>, HubError> {
        let before = whole.start.clone()..first.clone();
        let rows =
            self.core.store.scan(access.partition(), before, POSITION_ROWS_MAX, Direction::Forward).await?;
        Ok((rows.len() < POSITION_ROWS_MAX).then_some(rows.len() as u64))
    }

    /// The conversations of a view whose rows pass the filter; a bounded number of rows is looked at.
    async fn filtered(
        &self,
        access: &Access,
        filter: &ConversationFilter,
        start: Start,
        limit: usize,
    ) -> Result<Vec<ConversationId>, HubError> {
        let (mut range, mut skip, mut looked_at) = (start.range, start.skip, 0);
        let mut ids = Vec::new();
        while ids.len() < limit && looked_at < FILTER_ROWS_MAX {
            let rows = self.core.scan_page(access.partition(), range.clone(), 0, PAGE_MAX).await?;
            let Some((last, _)) = rows.last() else { break };
            range.start = successor(last);
            looked_at += rows.len();
            let found: Vec<ConversationId> =
                rows.iter().filter_map(|(key, _)| keys::conversation_of_view(key)).collect();
            let records = self.shown(access, &found).await?;
            for (id, whole) in found.into_iter().zip(records) {
                if !whole.is_some_and(|whole| passes(filter, &whole.record)) {
                    continue;
                }
                if skip > 0 {
                    skip -= 1;
                } else if ids.len() < limit {
                    ids.push(id);
                }
            }
        }
        Ok(ids)
    }
}

/// Whether a conversation passes the whole filter.
pub(super) fn passes(filter: &ConversationFilter, record: &ConversationRecord) -> bool {
    let kind = ConversationKind::from(record.kind);
    is_listed(filter, record) && (filter.kinds.is_empty() || filter.kinds.contains(&kind))
}

/// Whether a conversation stands in the list that the filter asks for, whatever its kind.
fn is_listed(filter: &ConversationFilter, record: &ConversationRecord) -> bool {
    let is_there = match filter.label {
        Some(label) => labels_in_sight(record).any(|other| other == label),
        None => Place::from(record.place) == filter.place,
    };
    is_there && (!filter.unread || is_unread(record))
}

const fn view(order: ConversationOrder, unread: bool) -> View {
    match (order, unread) {
        (ConversationOrder::Importance, _) => View::Importance,
        (ConversationOrder::Date | ConversationOrder::UnreadFirst, true) => View::Unread,
        (ConversationOrder::UnreadFirst, false) => View::UnreadFirst,
        (ConversationOrder::Date, false) => View::Date,
    }
}

/// The rows of a label have one order, by date.
fn range_of(filter: &ConversationFilter, view: View) -> Range<Bytes> {
    match filter.label {
        Some(label) => keys::labelled_of(label),
        None => keys::view_of(view, filter.place),
    }
}

/// Whether the list's rows are the unread ones alone.
fn is_unread_list(filter: &ConversationFilter, view: View) -> bool {
    view == View::Unread && filter.label.is_none()
}
