//! Answers a question: segments from the newest back, candidates from the newest back, rows for what changes.
//!
//! A segment is opened only when an answer may be in it that is newer than those that are known, so that a page costs
//! what it shows, not what there is. Where answers are rare, twice as many segments are opened at a time as before.

use super::index::{Coverage, Stored, read_segment};
use crate::Hub;
use crate::access::Access;
use crate::error::HubError;
use crate::keys::{self, ObjectType};
use crate::limits::{FILTER_ROWS_MAX, PAGE_MAX, SEARCH_PAGE_MAX};
use crate::records::{ConversationRecord, IndexRecord, MessageRecord, SegmentRecord};
use crate::views::States;
use caliopen_model::{ConversationId, LabelId, MessageId, Place, Sequence};
use caliopen_search::{Fact, Key, Kind, Problem, Query, matches, parse, words};
use futures_util::future::try_join_all;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// How often an index that changes under a search is read again.
const ATTEMPTS_MAX: u32 = 3;

/// Segments that are read at a time. Each holds the chunks that a question touches.
const SEGMENTS_AT_ONCE_MAX: usize = 8;

/// Steps of indexing that a search does before it answers: enough for a small account that was never searched.
const STEPS_MAX: usize = 5;

/// What a person typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// As it was typed.
    pub text: String,
    /// How far their clock is ahead of UTC, for days.
    pub utc_offset_minutes: i32,
    /// The last word may not be finished.
    pub is_typing: bool,
}

/// Among what is searched, and what an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Every message.
    Messages,
    /// The newest message that is found in each conversation, or of each subject when the question asks so.
    NewestOfEach,
    /// The messages of one conversation.
    Within(ConversationId),
}

/// A message that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundMessage {
    /// The message.
    pub message: MessageId,
    /// Its conversation.
    pub conversation: ConversationId,
}

/// A page of what was found, the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The page.
    pub page: Vec<FoundMessage>,
    /// How many there are, when all of them were looked at.
    pub total: Option<u64>,
    /// So many messages were passed over that the search ended early: a narrower question finds more.
    pub is_cut: bool,
    /// Private messages were left out, if there are any: they are not shown where they are asked for.
    pub leaves_out: bool,
    /// What of the question was not understood.
    pub problems: Vec<Problem>,
    /// How much of the account was searched.
    pub progress: Coverage,
    /// The state of the account's messages.
    pub state: Sequence,
}

/// A message that may be an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    at: i64,
    message: MessageId,
}

impl Hub {
    /// Finds the messages that a question asks for. What arrived last is indexed before, up to one step.
    pub async fn search(
        &self,
        access: &Access,
        question: &Question,
        scope: Scope,
        position: u64,
        limit: usize,
    ) -> Result<Found, HubError> {
        let head = self.head(access).await?;
        let progress = self.index_tail(access).await?;
        let mut query = parse(&question.text, question.utc_offset_minutes, question.is_typing);
        let mut walk = Walk::new((scope, query.by_subject), position, limit);
        let mut attempts = 0;
        while let Stored::Index(index) = self.stored_index(access).await? {
            walk = Walk::new((scope, query.by_subject), position, limit);
            match self.walk(access, &index, &mut query, &mut walk).await {
                Ok(()) => break,
                // A step may have replaced a segment that was about to be read.
                Err(HubError::Damaged) if attempts < ATTEMPTS_MAX => attempts += 1,
                Err(HubError::Damaged) => {
                    self.drop_damaged(access, &index).await?;
                    return Err(HubError::Damaged);
                }
                Err(error) => return Err(error),
            }
        }
        let state = States(head.states).of(ObjectType::Message);
        let is_cut = walk.looked_at >= FILTER_ROWS_MAX && !walk.is_over;
        let total = walk.is_over.then_some(walk.seen);
        let leaves_out = access.hides_something();
        Ok(Found { page: walk.page, total, is_cut, leaves_out, problems: query.problems, progress, state })
    }

    /// Indexes what arrived last, unless a step is on its way already: then that one does it.
    async fn index_tail(&self, access: &Access) -> Result<Coverage, HubError> {
        let sequence = self.head(access).await?.sequence;
        let known = match self.stored_index(access).await? {
            Stored::Index(index) => Coverage::of(&index, sequence),
            Stored::None => Coverage { percent: 0, is_complete: false },
        };
        let mut progress = known;
        for _ in 0..STEPS_MAX {
            if progress.is_complete || access.owner.index_turn.try_lock().is_err() {
                break;
            }
            progress = self.index_step(access).await?.1;
        }
        Ok(progress)
    }

    /// Drops an index that was found damaged, unless another one took its place meanwhile.
    async fn drop_damaged(&self, access: &Access, index: &IndexRecord) -> Result<(), HubError> {
        let _turn = access.owner.index_turn.lock().await;
        match self.stored_index(access).await? {
            Stored::Index(now) if *now == *index => {
                tracing::warn!("a search index is damaged and is built anew");
                self.drop_index(access, index).await
            }
            _ => Ok(()),
        }
    }

    async fn walk(
        &self,
        access: &Access,
        index: &IndexRecord,
        query: &mut Query,
        walk: &mut Walk,
    ) -> Result<(), HubError> {
        if query.is_empty() {
            walk.is_over = true;
            return Ok(());
        }
        self.name_people(access, index, query).await?;
        let query = &*query;
        let mut candidates: BTreeMap<Candidate, u32> = BTreeMap::new();
        for hit in self.title_hits(access, index, query).await? {
            candidates.insert(Candidate { at: hit.at, message: hit.message }, hit.leaves);
        }
        let mut segments: Vec<&SegmentRecord> = index.messages.iter().collect();
        segments.sort_by_key(|segment| segment.newest);
        let mut at_once = 1;
        while !walk.is_full() {
            while let Some(next) = segments.last() {
                let newest = candidates.last_key_value().map(|(candidate, _)| candidate.at);
                if newest.is_some_and(|newest| newest > next.newest) {
                    break;
                }
                let due = segments.split_off(segments.len().saturating_sub(at_once));
                let found = due.into_iter().map(|segment| self.candidates(access, segment, query));
                for (candidate, leaves) in try_join_all(found).await?.into_iter().flatten() {
                    *candidates.entry(candidate).or_default() |= leaves;
                }
                at_once = (at_once * 2).min(SEGMENTS_AT_ONCE_MAX);
            }
            let not_before = segments.last().map(|segment| segment.newest);
            let page = newest_page(&mut candidates, not_before, SEARCH_PAGE_MAX);
            if page.is_empty() {
                walk.is_over = true;
                return Ok(());
            }
            self.judge(access, query, &page, walk).await?;
        }
        Ok(())
    }

    /// What a segment may answer with, and the leaves that each has.
    async fn candidates(
        &self,
        access: &Access,
        segment: &SegmentRecord,
        query: &Query,
    ) -> Result<Vec<(Candidate, u32)>, HubError> {
        let found = read_segment(&self.core, access, segment, |segment| {
            let hits = matches(segment, query)?;
            segment.documents_of(hits.into_iter().map(|hit| (hit.number, hit.leaves)))
        });
        let found = found.await?.into_iter().filter(|(key, ..)| key.kind == Kind::Message);
        let candidate = |(key, at, leaves): (Key, i64, u32)| {
            (Candidate { at, message: MessageId::from_bytes(key.id) }, leaves)
        };
        Ok(found.map(candidate).collect())
    }

    /// Looks at the rows of candidates, and takes those that the question holds for. The one place where what was found
    /// becomes an answer.
    async fn judge(
        &self,
        access: &Access,
        query: &Query,
        page: &[(Candidate, u32)],
        walk: &mut Walk,
    ) -> Result<(), HubError> {
        let rows = page.iter().map(|(candidate, _)| keys::message(candidate.message)).collect();
        let records: Vec<Option<MessageRecord>> = access.rows(&self.core, rows).await?;
        let strands = records.iter().flatten().map(|record| ConversationId::from_bytes(record.conversation));
        let shown = self.shown_in(access, strands).await?;
        let standings = self.standings(access, query, shown.values()).await?;
        let mut subjects: Vec<[u8; 16]> =
            records.iter().map(|record| record.as_ref().map_or([0; 16], |record| record.segment)).collect();
        if walk.by_subject {
            self.follow_merges(access, subjects.iter_mut()).await?;
        }
        for (((candidate, leaves), record), subject) in page.iter().zip(records).zip(subjects) {
            walk.looked_at += 1;
            // A message that was removed since it was indexed is no answer, and neither is one that is held back.
            let Some(record) = record.filter(|record| access.shows(record.privacy.0)) else { continue };
            let strand = ConversationId::from_bytes(record.conversation);
            let conversation = shown.get(&strand).copied().unwrap_or(strand);
            let standing = standings.get(&conversation);
            if query.verdict(*leaves, &|fact| Some(is_so(fact, &record, standing))) == Some(true) {
                walk.take(candidate.message, conversation, subject);
            }
        }
        Ok(())
    }

    /// Where conversations stand, when the question asks for it.
    async fn standings(
        &self,
        access: &Access,
        query: &Query,
        conversations: impl Iterator<Item = &ConversationId>,
    ) -> Result<BTreeMap<ConversationId, Standing>, HubError> {
        let facts = query.facts();
        let asks_for_labels = facts.iter().any(|fact| matches!(fact, Fact::Label(_)));
        if !asks_for_labels && !facts.iter().any(|fact| matches!(fact, Fact::In(_))) {
            return Ok(BTreeMap::new());
        }
        let names = if asks_for_labels { self.label_names(access).await? } else { BTreeMap::new() };
        let ids: BTreeSet<ConversationId> = conversations.copied().collect();
        let ids: Vec<ConversationId> = ids.into_iter().collect();
        let shown = self.shown(access, &ids).await?;
        let known = ids.into_iter().zip(shown).filter_map(|(id, whole)| Some((id, whole?.record)));
        Ok(known.map(|(id, record)| (id, Standing::of(&record, &names))).collect())
    }

    /// What labels are called, in the words that a question is made of.
    async fn label_names(&self, access: &Access) -> Result<BTreeMap<LabelId, String>, HubError> {
        let labels = self.labels(access).await?;
        Ok(labels.into_iter().map(|label| (label.id, terms(&label.name))).collect())
    }
}

/// What the row of a conversation says that a question may ask.
struct Standing {
    place: Place,
    labels: Vec<String>,
}

impl Standing {
    fn of(record: &ConversationRecord, names: &BTreeMap<LabelId, String>) -> Self {
        let labels = record.labels.iter().filter_map(|id| names.get(&LabelId::from_bytes(*id)).cloned());
        Self { place: record.place.into(), labels: labels.collect() }
    }
}

fn terms(name: &str) -> String {
    words(name).map(|word| word.term).collect::<Vec<String>>().join(" ")
}

/// The newest candidates, down to the time from which a segment that is not open may have more.
fn newest_page(
    candidates: &mut BTreeMap<Candidate, u32>,
    not_before: Option<i64>,
    max: usize,
) -> Vec<(Candidate, u32)> {
    let mut page = Vec::new();
    while page.len() < max {
        let Some(newest) = candidates.last_entry() else { break };
        if not_before.is_some_and(|limit| newest.key().at <= limit) {
            break;
        }
        page.push(newest.remove_entry());
    }
    page
}

/// Whether a fact holds.
fn is_so(fact: &Fact, record: &MessageRecord, standing: Option<&Standing>) -> bool {
    match fact {
        Fact::Before(instant) => record.received_at < *instant,
        Fact::After(instant) => record.received_at >= *instant,
        Fact::In(asked) => standing.is_some_and(|standing| standing.place == *asked),
        Fact::Seen => record.seen,
        Fact::Flagged => record.flagged,
        Fact::PrivacyAtLeast(score) => record.privacy.0 >= *score,
        Fact::Label(name) => standing.is_some_and(|standing| standing.labels.contains(name)),
    }
}

/// A page on its way.
struct Walk {
    scope: Scope,
    skip: usize,
    limit: usize,
    page: Vec<FoundMessage>,
    /// Answers so far.
    seen: u64,
    looked_at: usize,
    by_subject: bool,
    /// Conversations, or subjects, that have their answer.
    answered: HashSet<[u8; 16]>,
    /// Everything was looked at.
    is_over: bool,
}

impl Walk {
    fn new((scope, by_subject): (Scope, bool), position: u64, limit: usize) -> Self {
        Self {
            scope,
            skip: usize::try_from(position).unwrap_or(usize::MAX),
            limit: limit.min(PAGE_MAX),
            page: Vec::new(),
            seen: 0,
            looked_at: 0,
            by_subject,
            answered: HashSet::new(),
            is_over: false,
        }
    }

    fn is_full(&self) -> bool {
        self.page.len() >= self.limit || self.looked_at >= FILTER_ROWS_MAX
    }

    fn take(&mut self, message: MessageId, conversation: ConversationId, subject: [u8; 16]) {
        let is_wanted = match self.scope {
            Scope::Messages => true,
            Scope::NewestOfEach if self.by_subject => self.answered.insert(subject),
            Scope::NewestOfEach => self.answered.insert(*conversation.as_bytes()),
            Scope::Within(only) => only == conversation,
        };
        if !is_wanted {
            return;
        }
        self.seen += 1;
        if self.skip > 0 {
            self.skip -= 1;
        } else if self.page.len() < self.limit {
            self.page.push(FoundMessage { message, conversation });
        }
    }
}
