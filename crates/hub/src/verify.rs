//! Reads the whole store and says what is wrong with it. Changes nothing, and opens nothing: it needs no key of any
//! person. What is sealed is checked for its shape, and for the epoch that opens it.

use crate::Hub;
use crate::context::{Context, DIRECTORY, QUEUE, successor};
use crate::error::HubError;
use crate::joint::{Joint, fold};
use crate::keys;
use crate::records::{
    AccountRecord, ConversationRecord, DecisionRecord, HeadRecord, JointRecord, LabelRecord, LoginRecord,
    MessageRecord, UploadRecord, WaysRecord, read,
};
use crate::shelve::{is_unread, labels_in_sight, views};
use bytes::Bytes;
use caliopen_model::{ConversationId, LabelId, MessageId, Place, Timestamp};
use caliopen_store::{BlobKey, Direction, Partition};
use caliopen_vault::record_epoch;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Partitions that are looked up at a time.
const PARTITIONS_PAGE: usize = 1_000;
/// Rows that are held at a time.
const ROWS_PAGE: usize = 1_000;

/// What `verify` found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Findings {
    /// Accounts that were read.
    pub accounts: u64,
    /// Messages that were read.
    pub messages: u64,
    /// What is wrong, one sentence each. Holds no word of correspondence.
    pub faults: Vec<String>,
}

impl Hub {
    /// Reads everything: the engine's own checks, every record, and whether the records agree.
    pub async fn verify(&self) -> Result<Findings, HubError> {
        let mut findings = Findings { faults: self.core.store.verify().await?, ..Findings::default() };
        let mut after = None;
        loop {
            let partitions = self.core.store.partitions(after, PARTITIONS_PAGE).await?;
            for partition in partitions.iter().filter(|partition| ![DIRECTORY, QUEUE].contains(partition)) {
                AccountCheck::new(&self.core, *partition, &mut findings).run().await?;
            }
            after = partitions.last().copied();
            if partitions.len() < PARTITIONS_PAGE {
                break;
            }
        }
        self.verify_directory(&mut findings).await?;
        Ok(findings)
    }

    async fn verify_directory(&self, findings: &mut Findings) -> Result<(), HubError> {
        if self.domains().await.is_err() {
            findings.faults.push("a domain of the directory does not open with this node's key".to_owned());
        }
        for (_, row) in self.core.scan_all(DIRECTORY, keys::logins()).await? {
            let Ok(login) = read::<LoginRecord>(&row) else {
                findings.faults.push("a login of the directory cannot be read".to_owned());
                continue;
            };
            if self.core.store.get(Partition(login.account), keys::account()).await?.is_none() {
                findings.faults.push("a login of the directory leads to no account".to_owned());
            }
        }
        Ok(())
    }
}

/// The check of one account.
struct AccountCheck<'a> {
    core: &'a Context,
    partition: Partition,
    findings: &'a mut Findings,
    epochs: BTreeSet<[u8; 8]>,
    counted: HeadRecord,
    /// Conversations, and unread ones, of each label.
    labelled: BTreeMap<LabelId, (u32, u32)>,
}

impl<'a> AccountCheck<'a> {
    fn new(core: &'a Context, partition: Partition, findings: &'a mut Findings) -> Self {
        Self {
            core,
            partition,
            findings,
            epochs: BTreeSet::new(),
            counted: HeadRecord::default(),
            labelled: BTreeMap::new(),
        }
    }

    async fn run(mut self) -> Result<(), HubError> {
        self.findings.accounts += 1;
        self.check_account().await?;
        self.check_messages().await?;
        self.check_conversations().await?;
        self.check_joints().await?;
        self.check_labels().await?;
        self.check_decisions().await?;
        self.check_ways().await?;
        self.check_uploads().await?;
        self.check_head().await
    }

    fn fault(&mut self, what: impl std::fmt::Display) {
        let account = caliopen_model::AccountId::from_bytes(self.partition.0);
        self.findings.faults.push(format!("account {account}: {what}"));
    }

    async fn check_account(&mut self) -> Result<(), HubError> {
        for (key, _) in self.core.scan_all(self.partition, keys::epochs()).await? {
            if let Some(id) = key.last_chunk() {
                self.epochs.insert(*id);
            }
        }
        let record = match self.core.store.get(self.partition, keys::account()).await? {
            Some(row) => read::<AccountRecord>(&row).ok(),
            None => None,
        };
        match record {
            Some(record) => self.check_sealed("its profile", &record.profile),
            None => self.fault("its own record is missing or cannot be read"),
        }
        if self.core.store.get(self.partition, keys::password_wrap()).await?.is_none() {
            self.fault("it has no password");
        }
        Ok(())
    }

    fn check_sealed(&mut self, what: impl std::fmt::Display, sealed: &[u8]) {
        match record_epoch(sealed) {
            Ok(epoch) if self.epochs.contains(&epoch.0) => {}
            Ok(_) => self.fault(format_args!("{what} was sealed in an epoch whose key is missing")),
            Err(_) => self.fault(format_args!("{what} is not a sealed record")),
        }
    }

    async fn check_messages(&mut self) -> Result<(), HubError> {
        let mut pages = Pages::new(keys::messages());
        while let Some(rows) = pages.next(self.core, self.partition).await? {
            for (key, row) in rows {
                let id = key.last_chunk().copied().map(MessageId::from_bytes).ok_or(HubError::Damaged)?;
                self.findings.messages += 1;
                match read::<MessageRecord>(&row) {
                    Ok(record) => {
                        self.counted.storage.add(record.stored_bytes);
                        self.check_message(id, &record).await?;
                    }
                    Err(error) => self.fault(format_args!("message {id}: {error}")),
                }
            }
        }
        Ok(())
    }

    async fn check_message(&mut self, id: MessageId, record: &MessageRecord) -> Result<(), HubError> {
        self.check_sealed(format_args!("message {id}"), &record.summary);
        let blob = BlobKey(*id.as_bytes());
        match self.core.store.get_blob(self.partition, blob, 0..1).await? {
            Some(first) if !first.is_empty() => {}
            _ => self.fault(format_args!("message {id} has lost its content")),
        }
        let conversation = ConversationId::from_bytes(record.conversation);
        let received = Timestamp::from_unix_ms(record.received_at);
        let place = keys::in_conversation(conversation, received, id);
        if self.core.store.get(self.partition, place).await?.is_none() {
            self.fault(format_args!("message {id} is not listed in its conversation"));
        }
        Ok(())
    }

    async fn check_conversations(&mut self) -> Result<(), HubError> {
        let mut pages = Pages::new(keys::conversations());
        while let Some(rows) = pages.next(self.core, self.partition).await? {
            for (key, row) in rows {
                let id =
                    key.last_chunk().copied().map(ConversationId::from_bytes).ok_or(HubError::Damaged)?;
                match read::<ConversationRecord>(&row) {
                    Ok(record) => self.check_conversation(id, &record).await?,
                    Err(error) => self.fault(format_args!("conversation {id}: {error}")),
                }
            }
        }
        Ok(())
    }

    async fn check_conversation(
        &mut self,
        id: ConversationId,
        record: &ConversationRecord,
    ) -> Result<(), HubError> {
        self.check_sealed(format_args!("conversation {id}"), &record.headline);
        let (mut listed, mut unread) = (0u32, 0u32);
        let mut pages = Pages::new(keys::of_conversation(id));
        while let Some(rows) = pages.next(self.core, self.partition).await? {
            let wanted =
                rows.iter().filter_map(|(key, _)| keys::message_of_row(key)).map(keys::message).collect();
            for row in self.core.store.get_many(self.partition, wanted).await?.into_iter().flatten() {
                listed += 1;
                unread += u32::from(read::<MessageRecord>(&row).is_ok_and(|message| !message.seen));
            }
        }
        if (listed, unread) != (record.message_count, record.unread_count) {
            self.fault(format_args!(
                "conversation {id} says {} messages, {} unread; it has {listed}, {unread} unread",
                record.message_count, record.unread_count
            ));
        }
        match self.core.store.get(self.partition, keys::joined(id)).await? {
            // It is shown with others: they are looked at together.
            Some(_) => Ok(()),
            None => self.check_shown(id, record).await,
        }
    }

    /// Whether lists show it, and where.
    async fn check_shown(&mut self, id: ConversationId, record: &ConversationRecord) -> Result<(), HubError> {
        self.counted.count(Place::from(record.place) as usize, is_unread(record), true);
        for label in labels_in_sight(record) {
            let (conversations, unread) = self.labelled.entry(label).or_default();
            *conversations += 1;
            *unread += u32::from(is_unread(record));
        }
        for key in views(id, record) {
            if self.core.store.get(self.partition, key).await?.is_none() {
                self.fault(format_args!("conversation {id} is missing from a list"));
            }
        }
        Ok(())
    }

    async fn check_joints(&mut self) -> Result<(), HubError> {
        let mut pages = Pages::new(keys::joints());
        while let Some(rows) = pages.next(self.core, self.partition).await? {
            for (key, row) in rows {
                let lead =
                    key.last_chunk().copied().map(ConversationId::from_bytes).ok_or(HubError::Damaged)?;
                let Ok(record) = read::<JointRecord>(&row) else {
                    self.fault(format_args!("conversation {lead} cannot be put together"));
                    continue;
                };
                let joint = Joint::read(lead, record);
                let mut parts = Vec::new();
                for strand in &joint.strands {
                    let shown = self.core.store.get(self.partition, keys::joined(*strand)).await?;
                    let shown = shown.and_then(|row| read::<[u8; 16]>(&row).ok());
                    if shown != Some(*lead.as_bytes()) {
                        self.fault(format_args!("conversation {strand} is not where {lead} has it"));
                    }
                    let row = self.core.store.get(self.partition, keys::conversation(*strand)).await?;
                    parts.extend(row.and_then(|row| read(&row).ok()).map(|record| (*strand, record)));
                }
                if let Some(whole) = fold(&parts, joint.kind) {
                    self.check_shown(lead, &whole.record).await?;
                }
            }
        }
        Ok(())
    }

    async fn check_labels(&mut self) -> Result<(), HubError> {
        for (key, row) in self.core.scan_all(self.partition, keys::labels()).await? {
            let id = key.last_chunk().copied().map(LabelId::from_bytes).ok_or(HubError::Damaged)?;
            let counted = self.labelled.remove(&id).unwrap_or_default();
            self.counted.labels += 1;
            match read::<LabelRecord>(&row) {
                Ok(record) if (record.conversations, record.unread) == counted => {
                    self.check_sealed(format_args!("label {id}"), &record.name);
                }
                Ok(_) => {
                    self.fault(format_args!("the counts of label {id} are not those of its conversations"))
                }
                Err(error) => self.fault(format_args!("label {id}: {error}")),
            }
        }
        if !self.labelled.is_empty() {
            self.fault("a conversation has a label that does not exist");
        }
        Ok(())
    }

    async fn check_decisions(&mut self) -> Result<(), HubError> {
        for (_, row) in self.core.scan_all(self.partition, keys::decisions()).await? {
            self.counted.decisions += 1;
            match read::<DecisionRecord>(&row) {
                Ok(record) => self.check_sealed("a decision about new senders", &record.name),
                Err(error) => self.fault(format_args!("a decision about new senders: {error}")),
            }
        }
        Ok(())
    }

    async fn check_ways(&mut self) -> Result<(), HubError> {
        let mut pages = Pages::new(keys::all_ways());
        while let Some(rows) = pages.next(self.core, self.partition).await? {
            for (_, row) in rows {
                match read::<WaysRecord>(&row) {
                    Ok(record) => {
                        for seen in record.ways.iter().filter_map(|way| way.seen.as_ref()) {
                            self.check_sealed("a way to a contact", &seen.evidence);
                        }
                    }
                    Err(error) => self.fault(format_args!("the ways to a contact: {error}")),
                }
            }
        }
        Ok(())
    }

    async fn check_uploads(&mut self) -> Result<(), HubError> {
        for (_, row) in self.core.scan_all(self.partition, keys::uploads()).await? {
            match read::<UploadRecord>(&row) {
                Ok(record) => self.counted.storage.add(record.stored_bytes),
                Err(error) => self.fault(format_args!("an upload: {error}")),
            }
        }
        Ok(())
    }

    async fn check_head(&mut self) -> Result<(), HubError> {
        let row = self.core.store.get(self.partition, keys::head()).await?;
        match row.map(|row| read::<HeadRecord>(&row)) {
            Some(Ok(head)) => {
                if (head.conversations, head.unread) != (self.counted.conversations, self.counted.unread) {
                    self.fault("its counts of conversations do not agree with its conversations");
                }
                if (head.labels, head.decisions) != (self.counted.labels, self.counted.decisions) {
                    self.fault("its counts of labels and decisions are not those of its rows");
                }
                let (said, taken) = (head.storage.used, self.counted.storage.used);
                if said != taken {
                    self.fault(format_args!(
                        "its storage says {said} bytes; its messages and uploads take {taken}"
                    ));
                }
            }
            _ => self.fault("its head record is missing or cannot be read"),
        }
        Ok(())
    }
}

/// The rows of a range, a bounded number at a time.
struct Pages {
    range: Range<Bytes>,
    is_over: bool,
}

impl Pages {
    fn new(range: Range<Bytes>) -> Self {
        Self { range, is_over: false }
    }

    async fn next(
        &mut self,
        core: &Context,
        partition: Partition,
    ) -> Result<Option<Vec<(Bytes, Bytes)>>, HubError> {
        if self.is_over {
            return Ok(None);
        }
        let rows = core.store.scan(partition, self.range.clone(), ROWS_PAGE, Direction::Forward).await?;
        self.is_over = rows.len() < ROWS_PAGE;
        if let Some((last, _)) = rows.last() {
            self.range.start = successor(last);
        }
        Ok((!rows.is_empty()).then_some(rows))
    }
}
