//! A message leaves: draft, letter, bytes, sealed into its conversation, then into the queue.
//!
//! The queue's row stands before the account's batch: when the batch fails, the row leads nowhere and is dropped. So
//! nothing that was accepted can be forgotten, and nothing leaves that was not accepted.

use crate::Hub;
use crate::access::Access;
use crate::blobs::{self, SealedBlob};
use crate::context::QUEUE;
use crate::drafts::{keep_uploads, remove_draft};
use crate::error::HubError;
use crate::keys::{self, ObjectType};
use crate::letter::{SubmitError, Written};
use crate::limits::{EXPIRY_MS, SEND_LATER_MS_MAX};
use crate::owner::Plan;
use crate::place::{self, Settled};
use crate::queue::Due;
use crate::rates::Spending;
use crate::receive::{Assessed, gather};
use crate::records::{
    AddressRecord, ContactRecord, DraftRecord, EvidenceRecord, FatesRecord, HandleRecord, RecipientRecord,
    StoredContactState, StoredFate, StoredScreener, SubmissionRecord, UndoRecord, WorkRecord, write,
};
use crate::resolve::{self, People, Resolved};
use crate::returned::return_path;
use crate::shelve::{self, Shelved};
use crate::standing::News;
use bytes::Bytes;
use caliopen_connect::{ComposeError, Verified};
use caliopen_model::{
    AccountId, ChangeKind, ConversationId, Direction, Draft, DraftId, Importance, Message, MessageId,
    Participant, Protocol, SubmissionId, Timestamp,
};
use caliopen_store::{Batch, Partition, StoreError};
use caliopen_vault::RowName;
use std::collections::HashSet;

/// A message that was accepted for sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Submitted {
    /// How its fate is asked for.
    pub submission: SubmissionId,
    /// The message as it stands in its conversation.
    pub message: MessageId,
    /// The conversation.
    pub conversation: ConversationId,
    /// It can be taken back until then.
    pub send_at: Timestamp,
}

/// What became of a wish to take a message back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenBack {
    /// The draft is there again.
    Draft(DraftId),
    /// It has left.
    TooLate,
    /// There is no such submission.
    Unknown,
}

/// A message that can leave, and whom it goes to.
pub(crate) struct Ready {
    draft: Draft,
    assessed: Assessed,
    message: MessageId,
    pub(crate) blob: SealedBlob,
    send_at: Timestamp,
}

impl Hub {
    /// Sends a draft at a time, or now. It stands in its conversation when this returns, and is durable.
    ///
    /// # Errors
    ///
    /// See [`SubmitError`]: the draft is as it was, and nothing leaves.
    pub async fn submit(
        &self,
        access: &Access,
        id: DraftId,
        send_at: Option<Timestamp>,
    ) -> Result<Submitted, SubmitError> {
        let found = self.drafts(access, &[id]).await?.into_iter().next().flatten();
        let view = found.ok_or(SubmitError::NoDraft)?;
        if view.hidden {
            return Err(SubmitError::Hidden);
        }
        let now = self.core.clock.now();
        let latest = now.plus_ms(SEND_LATER_MS_MAX);
        let send_at = send_at.map_or(now, |at| at.clamp(now, latest));
        let written = self.write_letter(access, &view.draft, send_at).await?;
        let spending = Spending { recipients: view.draft.recipients().count(), strangers: 0 };
        self.rates.spend(access.account(), spending, now)?;
        let ready = self.ready(access, view.draft, written, send_at).await?;
        let blob = ready.blob.key;
        let accepted = self.accept(access, (id, view.revision), ready).await;
        if matches!(accepted, Err(SubmitError::NoDraft | SubmitError::Conflict)) {
            // Another device was quicker: a large message's bytes stand there for nobody.
            let batch = Batch { blob_deletes: vec![blob], ..Batch::default() };
            self.core.store.commit(access.partition(), batch).await?;
        }
        let submitted = accepted?;
        let Submitted { submission, send_at: at, .. } = submitted;
        self.core.queue_news.tell(Due { at, account: access.account(), submission });
        Ok(submitted)
    }

    /// Writes the bytes and seals them.
    async fn ready(
        &self,
        access: &Access,
        draft: Draft,
        written: Written,
        send_at: Timestamp,
    ) -> Result<Ready, SubmitError> {
        let protocol = written.letter.from.handle.protocol();
        let carrier = self.core.carrier(protocol).ok_or(SubmitError::NoCarrier)?;
        let format = self.core.format(protocol).ok_or(SubmitError::NoCarrier)?;
        let raw = carrier.compose(&written.letter).map_err(|error| match error {
            ComposeError::TooLarge(_) => SubmitError::TooLarge,
            ComposeError::Address => SubmitError::Unwritable,
        })?;
        let (mut message, _) = format.parse(&raw);
        message.list = written.list;
        self.seal_sent(access.partition(), (protocol, message, raw), (draft, send_at)).await
    }

    /// Seals a message that was written, here or by another program.
    pub(crate) async fn seal_sent(
        &self,
        partition: Partition,
        (protocol, message, raw): (Protocol, Message, Bytes),
        (draft, send_at): (Draft, Timestamp),
    ) -> Result<Ready, SubmitError> {
        // What happens on the way is not known yet, so that it earns nothing yet.
        let evidence = gather(Verified::default());
        let compressed = blobs::compress(&raw);
        let id = MessageId::from_bytes(self.core.ids.next());
        let key = caliopen_store::BlobKey(*id.as_bytes());
        let blob = blobs::seal(&self.core, partition, key, &compressed).await?;
        let assessed = Assessed {
            protocol,
            direction: Direction::Sent,
            at: self.core.clock.now(),
            size_bytes: raw.len() as u64,
            index: caliopen_privacy::assess(&evidence).index,
            suspicious: false,
            message,
            evidence,
            returned: Vec::new(),
            reported: Vec::new(),
            is_own_report: false,
            inside: None,
            raw,
            compressed,
        };
        Ok(Ready { draft, assessed, message: id, blob, send_at })
    }

    /// The queue's row, then the account's batch.
    async fn accept(
        &self,
        access: &Access,
        (id, revision): (DraftId, u32),
        ready: Ready,
    ) -> Result<Submitted, SubmitError> {
        self.queue(access.account(), &ready).await?;
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        let record: DraftRecord = plan.get(&keys::draft(id)).await?.ok_or(SubmitError::NoDraft)?;
        if record.revision != revision {
            return Err(SubmitError::Conflict);
        }
        let undo = UndoRecord { draft: *id.as_bytes(), record };
        let submitted = self.plan_sent(&mut plan, ready, Some(undo)).await?;
        remove_draft(&mut plan, id);
        self.commit(plan).await?;
        Ok(submitted)
    }

    /// Says to the queue when to look at a message.
    pub(crate) async fn queue(&self, account: AccountId, ready: &Ready) -> Result<(), HubError> {
        let submission = SubmissionId::from_bytes(*ready.message.as_bytes());
        let due = keys::due(ready.send_at, account, submission);
        let row = Batch { puts: vec![(due, Bytes::new())], ..Batch::default() };
        Ok(self.core.store.commit(QUEUE, row).await?)
    }

    /// Puts a message that leaves into a plan: itself in its conversation, and what is left to do for it.
    pub(crate) async fn plan_sent(
        &self,
        plan: &mut Plan<'_>,
        ready: Ready,
        undo: Option<UndoRecord>,
    ) -> Result<Submitted, HubError> {
        let submission = SubmissionId::from_bytes(*ready.message.as_bytes());
        let account = plan.owner().account;
        let send_at = ready.send_at;
        let message = ready.message;
        let work = self.work(&ready, undo.is_none());
        let fates = plan.seal("fates", message.as_bytes(), &work.fates)?;
        let submission_record = SubmissionRecord {
            created_at: self.core.clock.now().unix_ms(),
            send_at: send_at.unix_ms(),
            due_at: Some(send_at.unix_ms()),
            worst: StoredFate::Waiting,
            work: Some(seal_work(self, account, submission, &work)),
            fates,
            undo,
        };
        plan.put(keys::submission(submission), &submission_record);
        plan.changed(ObjectType::Submission, submission.as_bytes(), ChangeKind::Created);
        let conversation = self.shelve_sent(plan, ready).await?;
        Ok(Submitted { submission, message, conversation, send_at })
    }

    fn work(&self, ready: &Ready, is_of_program: bool) -> WorkRecord {
        let recipient = |person: &Participant| RecipientRecord {
            to: AddressRecord::from(person),
            fate: StoredFate::Waiting,
            at: None,
            attempts: 0,
            next_try_at: Some(ready.send_at.unix_ms()),
            host: None,
            security: None,
            proof: None,
            tls: None,
            certificate: None,
            cause: None,
            status: None,
            said: None,
        };
        let from = ready.assessed.message.from.first();
        // Somebody who is named twice receives once.
        let mut named = HashSet::new();
        let once = ready.draft.recipients().filter(|person| named.insert(person.handle.canonical()));
        let recipients = once.map(recipient).collect();
        WorkRecord {
            protocol: ready.assessed.protocol.into(),
            content_key: *ready.blob.content_key.as_bytes(),
            size_bytes: ready.assessed.size_bytes,
            reverse_path: from.map(|from| {
                let id = SubmissionId::from_bytes(*ready.message.as_bytes());
                return_path(&self.core, &from.handle, id).address().to_owned()
            }),
            reports_to: from.filter(|_| is_of_program).map(|from| from.handle.address().to_owned()),
            expires_at: ready.send_at.plus_ms(EXPIRY_MS).unix_ms(),
            fates: FatesRecord {
                recipients,
                evidence: ready.assessed.evidence.iter().cloned().map(EvidenceRecord).collect(),
                requires_tls: ready.draft.requires_tls,
            },
        }
    }

    /// Places a sent message where its recipients are, as an arriving one is placed.
    async fn shelve_sent(&self, plan: &mut Plan<'_>, ready: Ready) -> Result<ConversationId, HubError> {
        let Ready { draft, assessed, message: id, blob, .. } = ready;
        let settled = place::settle(&self.core, plan, &assessed, id, (draft.identity, &draft.bcc)).await?;
        let Settled { people, kind, placed } = settled;
        let conversation = placed.conversation;
        let importance = placed.before.as_ref().map_or(0, |before| i32::from(before.importance));
        let shelved = Shelved {
            message: id,
            blob,
            identity: draft.identity,
            kind,
            importance: Importance::clamped(importance),
            reasons: Vec::new(),
            news: News::Sent,
            bcc: draft.bcc.clone(),
        };
        shelve::shelve(plan, &assessed, &people, placed, shelved).await?;
        remember_recipients(plan, &people, draft.recipients()).await?;
        crate::joint::shown_in(plan, conversation).await
    }

    /// Takes a message back before it leaves: the draft is there again, the message is not.
    pub async fn take_back(&self, access: &Access, id: SubmissionId) -> Result<TakenBack, HubError> {
        let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
        let Some(record) = plan.get::<SubmissionRecord>(&keys::submission(id)).await? else {
            return Ok(TakenBack::Unknown);
        };
        let is_waiting = record.send_at > self.core.clock.now().unix_ms();
        let Some(undo) = record.undo.filter(|_| is_waiting) else { return Ok(TakenBack::TooLate) };
        let draft = DraftId::from_bytes(undo.draft);
        self.remove_message(access, &mut plan, MessageId::from_bytes(*id.as_bytes())).await?;
        plan.delete(keys::submission(id));
        plan.changed(ObjectType::Submission, id.as_bytes(), ChangeKind::Destroyed);
        let words = self.open_draft(access, draft, &undo.record).await?;
        keep_uploads(&mut plan, &words.files, true).await?;
        plan.put(keys::draft(draft), &undo.record);
        plan.head.drafts = plan.head.drafts.saturating_add(1);
        plan.changed(ObjectType::Draft, draft.as_bytes(), ChangeKind::Created);
        self.commit(plan).await?;
        Ok(TakenBack::Draft(draft))
    }
}

/// Seals what the queue needs to the node: it works while the person is away.
pub(crate) fn seal_work(
    hub: &Hub,
    account: caliopen_model::AccountId,
    id: SubmissionId,
    work: &WorkRecord,
) -> Vec<u8> {
    let row = RowName { account: account.as_bytes(), kind: "work", key: id.as_bytes() };
    hub.core.node.seal_row(&row, &write(work), &mut |bytes| (hub.core.entropy)(bytes))
}

/// Whoever the user writes to is somebody whom the user knows. From the first such message on, others are new.
pub(crate) async fn remember_recipients(
    plan: &mut Plan<'_>,
    people: &People,
    recipients: impl Iterator<Item = &Participant>,
) -> Result<(), HubError> {
    if plan.head.screener == StoredScreener::NotBegun {
        plan.head.screener = StoredScreener::On;
    }
    let resolved: Vec<&Resolved> = recipients.filter_map(|person| people.find(&person.handle)).collect();
    let cards: Vec<Bytes> = resolved.iter().filter_map(|known| known.contact()).map(keys::contact).collect();
    plan.prefetch(cards).await?;
    for known in resolved {
        let Some(contact) = known.contact() else { continue };
        let blind = resolve::handle_blind(plan, &known.participant.handle.canonical());
        let handle = HandleRecord { written_to: true, confirmed: true, waiting: false, ..known.handle };
        plan.put(keys::handle(&blind), &handle);
        let mut record: Option<ContactRecord> = plan.get(&keys::contact(contact)).await?;
        if record.is_none() {
            // Somebody who was deleted is known again.
            if !crate::contacts::restore(plan, contact).await? {
                resolve::list_alone(plan, contact, &known.participant)?;
            }
            record = plan.get(&keys::contact(contact)).await?;
        }
        if let Some(record) = record.filter(|record| record.state != StoredContactState::Confirmed) {
            plan.put(
                keys::contact(contact),
                &ContactRecord { state: StoredContactState::Confirmed, ..record },
            );
            plan.changed(ObjectType::Contact, contact.as_bytes(), ChangeKind::Updated);
        }
    }
    Ok(())
}

impl From<StoreError> for SubmitError {
    fn from(error: StoreError) -> Self {
        Self::Hub(error.into())
    }
}
