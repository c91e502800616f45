//! One look at a submission: its recipients by destination, one attempt for each, and what became of them.

use super::{Due, Leads};
use crate::Hub;
use crate::blobs;
use crate::error::HubError;
use crate::indices::sent;
use crate::indices::ways::{self, Look};
use crate::keys::{self, ObjectType};
use crate::limits::{QUEUE_BYTES_MAX, RETRY_MS};
use crate::owner::{Owner, Plan};
use crate::receive::{gather, inside, way};
use crate::records::{
    ConversationRecord, EvidenceRecord, FatesRecord, HopSecurityRecord, MessageRecord, RecipientRecord,
    StoredFate, StoredKind, SubmissionRecord, TlsRecord, WorkRecord, read,
};
use crate::shelve::put_conversation;
use crate::submit::seal_work;
use bytes::Bytes;
use caliopen_connect::{
    Arrival, Channel, DeliveryVerdict, Dispatch, Envelope, GivenUp, Origin, Protection, ServiceFacts,
    Verified,
};
use caliopen_model::{
    Cause, ChangeKind, ConversationId, Delivery, Evidence, FORMULA_VERSION, Handle, Hop, HopSecurity,
    MessageId, Outcome, Participant, Protocol, Reach, SubmissionId, Timestamp, Trouble,
};
use caliopen_store::{BlobKey, Partition};
use caliopen_vault::{ContentKey, RowName};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// What is to be done for one submission now.
pub(super) struct Round {
    pub(super) jobs: Vec<Job>,
}

/// Recipients of one message at one destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Job {
    pub(super) due: Due,
    /// What the connector puts together; one name for all people of this server.
    pub(super) destination: String,
    /// Their places among the message's recipients.
    pub(super) recipients: Vec<usize>,
    /// They are people of this server.
    pub(super) is_here: bool,
}

/// The destination of everybody here: no domain has this name.
const HERE: &str = "";

impl Hub {
    /// Groups the recipients that are due. None: nothing is left to do, or the message was taken back.
    pub(super) async fn open_round(&self, due: Due) -> Result<Option<Round>, HubError> {
        if due.is_notice() {
            return self.open_notice(due).await;
        }
        let owner = self.core.owner(due.account).await?;
        let Some(work) = self.work_left(&owner, due).await? else { return Ok(None) };
        let now = self.core.clock.now().unix_ms();
        let carrier = self.core.carrier(work.protocol.into());
        let mut groups: BTreeMap<(bool, String), Vec<usize>> = BTreeMap::new();
        for (place, recipient) in work.fates.recipients.iter().enumerate() {
            if recipient.next_try_at.is_none_or(|next| next > now) {
                continue;
            }
            let handle = Participant::from(&recipient.to).handle;
            let is_here = self.core.login(&handle).await?.is_some() || self.is_ours(&handle).await?;
            let name = match carrier {
                Some(carrier) if !is_here => carrier.destination(&handle),
                _ => HERE.to_owned(),
            };
            groups.entry((is_here, name)).or_default().push(place);
        }
        let jobs = groups.into_iter().map(|((is_here, destination), recipients)| Job {
            due,
            destination,
            recipients,
            is_here,
        });
        let jobs: Vec<Job> = jobs.collect();
        Ok((!jobs.is_empty()).then_some(Round { jobs }))
    }

    /// When the queue is to look at a submission next.
    pub(super) async fn submission_due(&self, due: Due) -> Result<Leads, HubError> {
        if due.is_notice() {
            return Ok(self.notice_due(due).await?.into());
        }
        let owner = match self.core.owner(due.account).await {
            Ok(owner) => owner,
            Err(HubError::NoAccount) => return Ok(Leads::ToAnEnd),
            Err(error) => return Err(error),
        };
        let record = self.submission(&owner, due).await?;
        Ok(record.map_or(Leads::Nowhere, |record| record.due_at.map(Timestamp::from_unix_ms).into()))
    }

    /// Tries one destination once, and writes down what became of its recipients.
    pub(super) async fn try_once(&self, job: &Job) -> Result<(), HubError> {
        if job.due.is_notice() {
            return self.try_notice(job).await;
        }
        let owner = self.core.owner(job.due.account).await?;
        let Some(work) = self.work_left(&owner, job.due).await? else { return Ok(()) };
        let recipients: Vec<Handle> = job
            .recipients
            .iter()
            .filter_map(|place| work.fates.recipients.get(*place))
            .map(|recipient| Participant::from(&recipient.to).handle)
            .collect();
        // The bytes of all messages in flight are bounded; one larger than that goes alone.
        let permits =
            u32::try_from(work.size_bytes / 1024 + 1).unwrap_or(u32::MAX).min(QUEUE_BYTES_MAX / 1024);
        let _held = self.queue_bytes.acquire_many(permits).await;
        let raw = self.raw_of(job.due, &work).await?;
        let outcomes = if job.is_here {
            self.carry_inside(job.due, &work, recipients, raw.clone()).await
        } else {
            self.carry_outside(job.due, &work, recipients, raw.clone()).await
        };
        self.write_down(&owner, job, outcomes, raw).await
    }

    async fn raw_of(&self, due: Due, work: &WorkRecord) -> Result<Bytes, HubError> {
        let partition = Partition(*due.account.as_bytes());
        let key = BlobKey(*due.submission.as_bytes());
        let sealed = self.core.store.get_blob(partition, key, 0..u64::MAX).await?.ok_or(HubError::Damaged)?;
        blobs::open(&ContentKey::from_bytes(work.content_key), &sealed, work.size_bytes)
    }

    async fn carry_outside(
        &self,
        due: Due,
        work: &WorkRecord,
        recipients: Vec<Handle>,
        raw: Bytes,
    ) -> Vec<Outcome> {
        let Some(carrier) = self.core.carrier(work.protocol.into()) else {
            return vec![Outcome::Deferred(ours(Cause::Unreachable, "4.3.5")); recipients.len()];
        };
        let dispatch = Dispatch {
            reverse_path: reverse_path(work),
            recipients,
            raw,
            envelope_id: due.submission.to_string(),
            protection: Protection::wished(work.fates.requires_tls),
        };
        carrier.carry(dispatch).await
    }

    async fn carry_inside(
        &self,
        due: Due,
        work: &WorkRecord,
        recipients: Vec<Handle>,
        raw: Bytes,
    ) -> Vec<Outcome> {
        self.receive_own(work.protocol.into(), reverse_path(work), recipients, raw, due.submission).await
    }

    /// Delivers to people of this server without leaving the process.
    pub(super) async fn receive_own(
        &self,
        protocol: Protocol,
        reverse_path: Option<Handle>,
        recipients: Vec<Handle>,
        raw: Bytes,
        id: SubmissionId,
    ) -> Vec<Outcome> {
        let arrival = Arrival {
            protocol,
            envelope: Envelope { reverse_path, recipients },
            channel: Channel {
                origin: Origin::Inside,
                peer: None,
                greeting: None,
                security: HopSecurity::SameServer,
                tls: None,
            },
            raw,
            received_at: self.core.clock.now(),
        };
        let verdicts = self.receive_inside(arrival, id).await;
        verdicts.into_iter().map(inside_outcome).collect()
    }

    /// The fates of a destination's recipients, the index that follows, and when to look again: one batch.
    async fn write_down(
        &self,
        owner: &Arc<Owner>,
        job: &Job,
        outcomes: Vec<Outcome>,
        raw: Bytes,
    ) -> Result<(), HubError> {
        let mut plan = Plan::open(&self.core, owner).await?;
        let key = keys::submission(job.due.submission);
        let Some(mut record) = plan.get::<SubmissionRecord>(&key).await? else { return Ok(()) };
        let Some(mut work) = self.open_work(job.due, &record)? else { return Ok(()) };
        let now = self.core.clock.now();
        let goes_to_people = goes_to_people(&plan, job).await?;
        for (place, outcome) in job.recipients.iter().zip(outcomes) {
            let found = self.core.as_known_here(evidence(&outcome));
            if let Some(recipient) = work.fates.recipients.get(*place) {
                note_way(&mut plan, recipient, &outcome, &found, goes_to_people).await?;
            }
            work.fates.evidence.extend(found.into_iter().map(EvidenceRecord));
            if let Some(recipient) = work.fates.recipients.get_mut(*place) {
                settle(recipient, outcome, now, Timestamp::from_unix_ms(work.expires_at));
            }
        }
        once_each(&mut work.fates.evidence);
        self.report_failures(job, &work, Timestamp::from_unix_ms(record.send_at), raw).await?;
        let fates = &work.fates;
        record.worst = worst(fates);
        record.due_at = fates.recipients.iter().filter_map(|recipient| recipient.next_try_at).min();
        record.fates = plan.seal("fates", job.due.submission.as_bytes(), fates)?;
        record.work = record.due_at.map(|_| seal_work(self, job.due.account, job.due.submission, &work));
        record.undo = None;
        self.write_index(&mut plan, job, fates).await?;
        plan.put(key, &record);
        plan.changed(ObjectType::Submission, job.due.submission.as_bytes(), ChangeKind::Updated);
        self.commit(plan).await
    }

    /// Tells the author of what a program sent whom it will not reach: nobody looks at it in the application. The report
    /// is queued before the fates are written down, so that it cannot be lost; a crash in between sends a second one.
    async fn report_failures(
        &self,
        job: &Job,
        work: &WorkRecord,
        posted_at: Timestamp,
        raw: Bytes,
    ) -> Result<(), HubError> {
        let Some(sender) = &work.reports_to else { return Ok(()) };
        let tried = job.recipients.iter().filter_map(|place| work.fates.recipients.get(*place));
        let given_up = GivenUp {
            sender: Handle::literal(work.protocol.into(), sender),
            envelope_id: job.due.submission.to_string(),
            posted_at,
            recipients: tried.filter(|recipient| recipient.fate == StoredFate::Failed).map(lost).collect(),
            raw,
            protection: Protection::wished(work.fates.requires_tls),
        };
        let carrier = self.core.carrier(work.protocol.into()).filter(|_| !given_up.recipients.is_empty());
        match carrier.and_then(|carrier| carrier.failure(&given_up, &self.missing())) {
            Some(notice) => self.queue_notice(notice).await,
            None => Ok(()),
        }
    }

    /// What was found out on the way is part of what the index of the sent message rests on.
    async fn write_index(&self, plan: &mut Plan<'_>, job: &Job, fates: &FatesRecord) -> Result<(), HubError> {
        let id = MessageId::from_bytes(*job.due.submission.as_bytes());
        let Some(mut message) = plan.get::<MessageRecord>(&keys::message(id)).await? else { return Ok(()) };
        let evidence: Vec<Evidence> = fates.evidence.iter().map(|record| record.0.clone()).collect();
        let index = caliopen_privacy::assess(&evidence).index;
        plan.changed(ObjectType::Message, id.as_bytes(), ChangeKind::Updated);
        if message.privacy == (index.score(), index.approximate(), FORMULA_VERSION) {
            return Ok(());
        }
        message.privacy = (index.score(), index.approximate(), FORMULA_VERSION);
        let conversation = ConversationId::from_bytes(message.conversation);
        plan.put(keys::message(id), &message);
        let before: Option<ConversationRecord> = plan.get(&keys::conversation(conversation)).await?;
        if let Some(before) = before.filter(|before| before.latest_message == *id.as_bytes()) {
            let privacy = (index.score(), index.approximate());
            put_conversation(
                plan,
                conversation,
                Some(&before),
                &ConversationRecord { privacy, ..before.clone() },
            )
            .await?;
        }
        Ok(())
    }

    async fn submission(&self, owner: &Owner, due: Due) -> Result<Option<SubmissionRecord>, HubError> {
        let row = self.core.store.get(owner.partition(), keys::submission(due.submission)).await?;
        Ok(row.map(|row| read(&row)).transpose()?)
    }

    /// What is left to do; none when nothing is, or the message was taken back.
    pub(super) async fn work_left(&self, owner: &Owner, due: Due) -> Result<Option<WorkRecord>, HubError> {
        match self.submission(owner, due).await? {
            Some(record) => self.open_work(due, &record),
            None => Ok(None),
        }
    }

    fn open_work(&self, due: Due, record: &SubmissionRecord) -> Result<Option<WorkRecord>, HubError> {
        let Some(sealed) = &record.work else { return Ok(None) };
        let row = RowName { account: due.account.as_bytes(), kind: "work", key: due.submission.as_bytes() };
        Ok(Some(read(&self.core.node.open_row(&row, sealed)?)?))
    }

    async fn is_ours(&self, handle: &Handle) -> Result<bool, HubError> {
        match handle.domain() {
            Some(domain) => self.core.has_domain(&domain).await,
            None => Ok(false),
        }
    }
}

fn reverse_path(work: &WorkRecord) -> Option<Handle> {
    work.reverse_path.as_deref().map(|address| Handle::literal(work.protocol.into(), address))
}

fn inside_outcome(verdict: DeliveryVerdict) -> Outcome {
    match verdict {
        DeliveryVerdict::Stored => Outcome::Delivered(Delivery {
            host: "this server".to_owned(),
            security: HopSecurity::SameServer,
            proof: None,
            tls: None,
            certificate: None,
        }),
        DeliveryVerdict::NoSuchUser => Outcome::Failed(ours(Cause::NoSuchRecipient, "5.1.1")),
        DeliveryVerdict::MailboxFull => Outcome::Deferred(ours(Cause::MailboxFull, "4.2.2")),
        DeliveryVerdict::StorageFull => Outcome::Deferred(ours(Cause::Busy, "4.3.1")),
        DeliveryVerdict::TryLater => Outcome::Deferred(ours(Cause::Busy, "4.3.0")),
    }
}

/// Trouble that this server found itself.
pub(crate) fn ours(cause: Cause, status: &str) -> Trouble {
    Trouble { cause, host: None, status: status.to_owned(), said: None }
}

/// Somebody whom a message will not reach, and why.
fn lost(recipient: &RecipientRecord) -> (Handle, Trouble) {
    let trouble = Trouble {
        cause: recipient.cause.map_or(Cause::Refused, Cause::from),
        host: recipient.host.clone(),
        status: recipient.status.clone().unwrap_or_default(),
        said: recipient.said.clone(),
    };
    (Participant::from(&recipient.to).handle, trouble)
}

/// Writes an outcome into a recipient's record.
fn settle(recipient: &mut RecipientRecord, outcome: Outcome, now: Timestamp, expires_at: Timestamp) {
    recipient.attempts = recipient.attempts.saturating_add(1);
    recipient.at = Some(now.unix_ms());
    recipient.next_try_at = None;
    let (fate, trouble) = match outcome {
        Outcome::Delivered(delivery) => {
            recipient.host = Some(delivery.host);
            recipient.security = Some(HopSecurityRecord(delivery.security));
            recipient.proof = delivery.proof.map(Into::into);
            recipient.tls = delivery.tls.map(TlsRecord);
            recipient.certificate = delivery.certificate.map(Into::into);
            (recipient.cause, recipient.status, recipient.said) = (None, None, None);
            recipient.fate = StoredFate::Delivered;
            return;
        }
        Outcome::Failed(trouble) => (StoredFate::Failed, trouble),
        Outcome::Deferred(trouble) => defer(recipient, trouble, now, expires_at),
    };
    recipient.fate = fate;
    recipient.host = trouble.host;
    recipient.cause = Some(trouble.cause.into());
    recipient.status = Some(trouble.status);
    recipient.said = trouble.said;
}

/// When to try again, or that it is over.
///
/// An answer that was lost once is asked for once more: most messages did not arrive then, and one copy too many is
/// better than none (RFC 1047). A host that loses its answer again may lose every one, and would get a copy with each
/// attempt of five days: the sender is told instead. That it may have arrived stays said, whatever comes in between.
fn defer(
    recipient: &mut RecipientRecord,
    trouble: Trouble,
    now: Timestamp,
    expires_at: Timestamp,
) -> (StoredFate, Trouble) {
    let may_have_arrived = recipient.cause == Some(Cause::AnswerLost.into());
    let next = now.plus_ms(retry_ms(recipient.attempts));
    if may_have_arrived && trouble.cause == Cause::AnswerLost {
        return (StoredFate::Failed, trouble);
    }
    let is_over = next > expires_at;
    let cause = match trouble.cause {
        _ if may_have_arrived => Cause::AnswerLost,
        Cause::AnswerLost => Cause::AnswerLost,
        _ if is_over => Cause::Expired,
        cause => cause,
    };
    recipient.next_try_at = (!is_over).then(|| next.unix_ms());
    let fate = if is_over { StoredFate::Failed } else { StoredFate::Deferred };
    (fate, Trouble { cause, ..trouble })
}

/// How long to wait after so many attempts (RFC 5321 §4.5.4.1).
pub(super) fn retry_ms(attempts: u32) -> i64 {
    let place = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX);
    RETRY_MS.get(place).or(RETRY_MS.last()).copied().unwrap_or(RETRY_MS_DEFAULT)
}

const RETRY_MS_DEFAULT: i64 = 60 * 60 * 1000;

/// A message that went over a way shows what the next one would get there; one that nobody takes, that it leads nowhere.
async fn note_way(
    plan: &mut Plan<'_>,
    recipient: &RecipientRecord,
    outcome: &Outcome,
    found: &[Evidence],
    goes_to_people: bool,
) -> Result<(), HubError> {
    let reach = match outcome {
        Outcome::Delivered(_) => Reach::Open,
        Outcome::Failed(trouble) if matches!(trouble.cause, Cause::NoSuchRecipient | Cause::NoSuchDomain) => {
            Reach::Nowhere
        }
        Outcome::Failed(_) | Outcome::Deferred(_) => return Ok(()),
    };
    let evidence: Vec<Evidence> =
        gather(Verified::default()).into_iter().chain(found.iter().cloned()).collect();
    let handle = Participant::from(&recipient.to).handle;
    let index = caliopen_privacy::score(&evidence);
    ways::note(plan, &handle, Look { reach, evidence }).await?;
    if let Outcome::Delivered(delivery) = outcome {
        ways::went(plan, &handle, delivery.proof).await?;
    }
    if reach == Reach::Open && goes_to_people {
        sent::arrived(plan, &handle, index).await?;
    }
    Ok(())
}

/// Whether a message counts for the index of the user: one to a list does not. One that was removed since
/// does, so that removing it raises nothing.
async fn goes_to_people(plan: &Plan<'_>, job: &Job) -> Result<bool, HubError> {
    let id = MessageId::from_bytes(*job.due.submission.as_bytes());
    let Some(message) = plan.get::<MessageRecord>(&keys::message(id)).await? else { return Ok(true) };
    let conversation = keys::conversation(ConversationId::from_bytes(message.conversation));
    let conversation: Option<ConversationRecord> = plan.get(&conversation).await?;
    let is_of_people = |kind| !matches!(kind, StoredKind::List | StoredKind::Automated);
    Ok(conversation.is_none_or(|conversation| is_of_people(conversation.kind)))
}

/// What a delivery says of the message's privacy.
fn evidence(outcome: &Outcome) -> Vec<Evidence> {
    let Outcome::Delivered(delivery) = outcome else { return Vec::new() };
    if delivery.security == HopSecurity::SameServer {
        return inside().evidence;
    }
    let service = ServiceFacts {
        domain: delivery.host.clone(),
        mx_hosts: vec![delivery.host.clone()],
        peer_host: Some(delivery.host.clone()),
    };
    let hop = Hop { peer: delivery.host.clone(), security: delivery.security, tls: delivery.tls.clone() };
    way(hop, delivery.proof, &service)
}

fn once_each(evidence: &mut Vec<EvidenceRecord>) {
    let mut seen: HashSet<Evidence> = HashSet::new();
    evidence.retain(|record| seen.insert(record.0.clone()));
}

fn worst(fates: &FatesRecord) -> StoredFate {
    fates.recipients.iter().map(|recipient| recipient.fate).max().unwrap_or(StoredFate::Delivered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_come_less_and_less_often_and_never_end_early() {
        let waits: Vec<i64> = (1..12).map(retry_ms).collect();
        assert!(waits.is_sorted());
        assert_eq!(waits.first(), Some(&60_000));
        assert_eq!(waits.last(), RETRY_MS.last());
    }
}
