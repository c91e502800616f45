//! One commit of an import: what is new among the messages that wait, in their conversations, and how far the import
//! came, all of it or nothing. While it becomes durable, the next messages are read.

use super::import::{Import, ImportError};
use super::labelling::Labels;
use super::prepare::{Ready, Source, known, prepare};
use super::put_transfer;
use crate::Hub;
use crate::access::Access;
use crate::classify;
use crate::conversations::put_label;
use crate::error::HubError;
use crate::keys::{self, Blind};
use crate::limits::FAULTS_LISTED_MAX;
use crate::owner::{Commit, Plan};
use crate::place::{self, Settled};
use crate::receive::remember_author;
use crate::records::{
    ConversationRecord, FaultRecord, SessionRecord, StoredPlace, StoredTransferState, TransferRecord, read,
};
use crate::relate;
use crate::resolve::{self, cut};
use crate::shelve::{self, Shelved};
use crate::standing::{Kept, News};
use crate::submit::remember_recipients;
use bytes::Bytes;
use caliopen_model::{AddressProof, ConversationId, Direction, Importance, LabelId, MessageId, TransferId};
use futures_util::future::try_join_all;
use std::collections::{BTreeSet, HashSet};

/// What was read, and waits for a commit.
#[derive(Default)]
pub(super) struct Waiting {
    pub(super) messages: Vec<Source>,
    pub(super) bytes: usize,
    pub(super) faults: Vec<FaultRecord>,
    pub(super) passed: u64,
    /// Files of vCards.
    pub(super) cards: Vec<Vec<u8>>,
}

impl Import<'_> {
    /// Commits what waits, and where the import stands then. After a failure nothing more is committed: what it lost would
    /// be passed over.
    pub(super) async fn store(&mut self, state: StoredTransferState) -> Result<(), ImportError> {
        let stored = self.store_waiting(state).await;
        self.is_broken |= stored.is_err();
        stored
    }

    async fn store_waiting(&mut self, state: StoredTransferState) -> Result<(), ImportError> {
        let mut waiting = std::mem::take(&mut self.waiting);
        let read = waiting.messages.len();
        let sources = std::mem::take(&mut waiting.messages);
        let (fresh, blinds) = fresh(self.hub, self.access, &self.recent, sources).await?;
        let (stored, known) = (fresh.len() as u64, (read - fresh.len()) as u64);
        let core = &self.hub.core;
        if stored > 0 {
            core.room(&self.access.owner).await?;
        }
        let partition = self.access.partition();
        let ready =
            fresh.into_iter().map(|source| prepare(core, partition, self.format.as_ref(), &self.own, source));
        let ready = try_join_all(ready).await?;
        self.settle().await?;
        let names: BTreeSet<String> = ready.iter().flat_map(|one| one.labels.iter().cloned()).collect();
        self.labels.make(self.hub, self.access, &names).await?;
        let cards = take_cards(self.hub, self.access, &waiting.cards).await?;
        let mut plan = Plan::open(core, &self.access.owner).await?;
        let mut record = open_record(&plan, self.access, self.id).await?;
        prefetch(&mut plan, &ready).await?;
        for one in ready {
            shelve_kept(self.hub, &mut plan, one, &self.labels).await?;
        }
        record.state = state;
        record.changed_at = core.clock.now().unix_ms();
        (record.bytes, record.resume_at) = (self.fed, self.resume_at);
        record.counts.stored += stored;
        record.counts.known += known;
        record.counts.cards += cards;
        record.counts.passed += waiting.passed;
        let room = FAULTS_LISTED_MAX.saturating_sub(self.words.faults.len());
        if !waiting.faults.is_empty() && room > 0 {
            self.words.faults.extend(waiting.faults.into_iter().take(room));
            record.words = plan.seal("transfer", self.id.as_bytes(), &self.words)?;
        }
        put_transfer(&mut plan, self.id, &record);
        self.on_its_way = Some(plan.commit());
        self.recent = blinds;
        self.stored_at = core.clock.now();
        Ok(())
    }

    /// Waits until what was committed is durable, then says that it is there.
    pub(super) async fn settle(&mut self) -> Result<(), ImportError> {
        match self.on_its_way.take() {
            Some(commit) => Ok(self.hub.landed(commit).await?),
            None => Ok(()),
        }
    }
}

/// Takes in files of vCards. The same file again changes nothing, so that it may come again after a break.
async fn take_cards(hub: &Hub, access: &Access, files: &[Vec<u8>]) -> Result<u64, HubError> {
    let mut cards = 0;
    for bytes in files {
        let report = hub.import_vcards(access, bytes).await?;
        cards += u64::from(report.made) + u64::from(report.updated) + u64::from(report.unchanged);
    }
    Ok(cards)
}

/// The import's own record, as long as it may go on.
async fn open_record(
    plan: &Plan<'_>,
    access: &Access,
    id: TransferId,
) -> Result<TransferRecord, ImportError> {
    if plan.get::<SessionRecord>(&keys::session(access.session())).await?.is_none() {
        return Err(ImportError::SignedOut);
    }
    let record: Option<TransferRecord> = plan.get(&keys::transfer(id)).await?;
    let record = record.ok_or(ImportError::Unknown)?;
    if record.state == StoredTransferState::Open { Ok(record) } else { Err(ImportError::Over) }
}

/// The messages whose bytes the account does not have, each once, and the names of these bytes. Those that are on
/// their way to the disk are named by `recent`.
async fn fresh(
    hub: &Hub,
    access: &Access,
    recent: &HashSet<Blind>,
    sources: Vec<Source>,
) -> Result<(Vec<Source>, HashSet<Blind>), HubError> {
    let blind = |source: &Source| access.blind.index("bytes", &source.message.raw);
    let named: Vec<Blind> = sources.iter().map(blind).collect();
    let store = &hub.core.store;
    let rows = store.get_many(access.partition(), named.iter().map(keys::of_bytes).collect()).await?;
    let mut ids: Vec<Option<MessageId>> = Vec::with_capacity(rows.len());
    for row in rows {
        ids.push(row.map(|row| read(&row)).transpose()?.map(MessageId::from_bytes));
    }
    // What was removed for good left its name behind: it may come again.
    let asked = ids.iter().flatten().copied().map(keys::message).collect();
    let mut there = store.get_many(access.partition(), asked).await?.into_iter();
    let mut seen = HashSet::new();
    let mut fresh = Vec::new();
    for ((source, name), id) in sources.into_iter().zip(named).zip(ids) {
        let is_there = id.is_some() && there.next().flatten().is_some();
        if !is_there && !recent.contains(&name) && seen.insert(name) {
            fresh.push(source);
        }
    }
    Ok((fresh, seen))
}

impl Hub {
    async fn landed(&self, commit: Commit) -> Result<(), HubError> {
        let (account, states) = (commit.account, commit.states);
        commit.durable().await?;
        self.core.push.tell(account, states);
        Ok(())
    }
}

/// Reads with one look what placing these messages will ask for.
async fn prefetch(plan: &mut Plan<'_>, ready: &[Ready]) -> Result<(), HubError> {
    let mut rows: Vec<Bytes> = Vec::new();
    for one in ready {
        rows.extend(resolve::rows(plan, &one.assessed.message, &one.bcc));
        rows.extend(relate::rows(plan, &one.assessed.message));
    }
    rows.sort_unstable();
    rows.dedup();
    plan.prefetch(rows).await
}

/// Places a message that was kept elsewhere, as an arriving one is placed.
async fn shelve_kept(
    hub: &Hub,
    plan: &mut Plan<'_>,
    ready: Ready,
    known_labels: &Labels,
) -> Result<(), HubError> {
    let Ready { id, assessed, blob, identity, kept, bcc, title, labels, pinned, muted } = ready;
    let settled = place::settle(&hub.core, plan, &assessed, id, (identity, &bcc)).await?;
    let Settled { people, kind, placed } = settled;
    let (conversation, message) = (placed.conversation, &assessed.message);
    let author = message.from.first().and_then(|author| people.find(&author.handle)).cloned();
    let is_sent = assessed.direction == Direction::Sent;
    let (importance, reasons) = if is_sent {
        let before = placed.before.as_ref().map_or(0, |before| i32::from(before.importance));
        (Importance::clamped(before), Vec::new())
    } else {
        classify::importance(message, kind, known(message, author.as_ref(), assessed.suspicious))
    };
    let recipients: Vec<_> = message.to.iter().chain(&message.cc).chain(&bcc).cloned().collect();
    let is_unwanted = !is_sent && author.as_ref().is_some_and(|author| author.handle.blocked);
    let kept = if is_unwanted { Kept { seen: true, place: StoredPlace::Bin, ..kept } } else { kept };
    let news = News::Kept(kept);
    let shelved = Shelved { message: id, blob, identity, kind, importance, reasons, news, bcc };
    shelve::shelve(plan, &assessed, &people, placed, shelved).await?;
    if is_sent {
        remember_recipients(plan, &people, recipients.iter()).await?;
    } else if let Some(author) = author {
        // What was kept elsewhere was not checked here.
        remember_author(plan, author, news, AddressProof::Written).await?;
    }
    if let Some(title) = title {
        name(plan, conversation, &title).await?;
    }
    let labels: Vec<LabelId> = labels.iter().filter_map(|name| known_labels.find(name)).collect();
    mark(plan, conversation, &labels, (pinned, muted)).await
}

/// Labels a conversation, pins and mutes it, as it was elsewhere.
async fn mark(
    plan: &mut Plan<'_>,
    id: ConversationId,
    labels: &[LabelId],
    (pinned, muted): (bool, bool),
) -> Result<(), HubError> {
    let Some(before) = plan.get::<ConversationRecord>(&keys::conversation(id)).await? else { return Ok(()) };
    let mut after = before.clone();
    after.pinned |= pinned;
    after.muted |= muted;
    for label in labels {
        put_label(plan, &mut after, *label, true).await?;
    }
    if after != before {
        shelve::put_conversation(plan, id, Some(&before), &after).await?;
    }
    Ok(())
}

/// Gives a conversation the user's own name for it, unless it has one.
async fn name(plan: &mut Plan<'_>, id: ConversationId, title: &str) -> Result<(), HubError> {
    let record: Option<ConversationRecord> = plan.get(&keys::conversation(id)).await?;
    if let Some(record) = record.filter(|record| record.title.is_none()) {
        let title = Some(plan.seal("title", id.as_bytes(), &cut(title))?);
        plan.put(keys::conversation(id), &ConversationRecord { title, ..record });
    }
    Ok(())
}
