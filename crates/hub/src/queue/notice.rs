//! Reports that this host writes to others: queued and retried like messages, but for nobody to look at.
//!
//! A notice belongs to no account: it stands in the queue's own partition, sealed to the node, and is forgotten once it
//! left, failed or grew old. It has no return path, so that nothing ever comes back for it (RFC 5321 §4.5.5).

use super::Due;
use super::round::{Job, Round, retry_ms};
use crate::Hub;
use crate::context::QUEUE;
use crate::error::HubError;
use crate::keys;
use crate::limits::{NOTICE_BYTES_MAX, NOTICE_MS_MAX, NOTICES_HOUR_MAX};
use crate::records::{NoticeRecord, read, write};
use bytes::Bytes;
use caliopen_connect::{Dispatch, Notice};
use caliopen_model::{AccountId, Handle, Outcome, SubmissionId, Timestamp};
use caliopen_store::Batch;
use caliopen_vault::RowName;
use std::sync::{Mutex, PoisonError};

const HOUR_MS: i64 = 60 * 60 * 1000;
/// Whose the notices of the queue are: nobody's. No account has this id.
const NOBODY: AccountId = AccountId::from_bytes(QUEUE.0);

/// How many were written in the present hour: whoever asks for more gets none.
#[derive(Default)]
pub(crate) struct Notices {
    hour: Mutex<(i64, u32)>,
}

impl Notices {
    fn spend(&self, now: Timestamp) -> bool {
        let mut hour = self.hour.lock().unwrap_or_else(PoisonError::into_inner);
        let present = now.unix_ms() / HOUR_MS;
        if hour.0 != present {
            *hour = (present, 0);
        }
        hour.1 = hour.1.saturating_add(1);
        hour.1 <= NOTICES_HOUR_MAX
    }
}

impl Due {
    /// Whether it is a notice, and no submission.
    pub(super) fn is_notice(&self) -> bool {
        self.account == NOBODY
    }
}

impl Hub {
    /// Puts a notice into the queue, unless too many were asked for.
    pub(crate) async fn queue_notice(&self, notice: Notice) -> Result<(), HubError> {
        let now = self.core.clock.now();
        if notice.raw.len() > NOTICE_BYTES_MAX || !self.notices.spend(now) {
            tracing::warn!("a report of a delivery is not sent: too many were asked for, or it is too large");
            return Ok(());
        }
        let due =
            Due { at: now, account: NOBODY, submission: SubmissionId::from_bytes(self.core.ids.next()) };
        let record = NoticeRecord {
            protocol: notice.protocol.into(),
            to: notice.recipient.address().to_owned(),
            raw: notice.raw.to_vec(),
            protection: notice.protection.into(),
            attempts: 0,
            due_at: now.unix_ms(),
            expires_at: now.plus_ms(NOTICE_MS_MAX).unix_ms(),
        };
        let rows =
            vec![(keys::notice(due.submission), self.seal_notice(due, &record)), (due.row(), Bytes::new())];
        self.core.store.commit(QUEUE, Batch { puts: rows, ..Batch::default() }).await?;
        self.core.queue_news.tell(due);
        Ok(())
    }

    /// Its only destination. None: it is over.
    pub(super) async fn open_notice(&self, due: Due) -> Result<Option<Round>, HubError> {
        let Some(record) = self.notice(due).await? else { return Ok(None) };
        if record.due_at > self.core.clock.now().unix_ms() {
            return Ok(None);
        }
        let Some(carrier) = self.core.carrier(record.protocol.into()) else { return Ok(None) };
        let recipient = recipient(&record);
        let is_here = self.core.login(&recipient).await?.is_some();
        let destination = if is_here { String::new() } else { carrier.destination(&recipient) };
        Ok(Some(Round { jobs: vec![Job { due, destination, recipients: vec![0], is_here }] }))
    }

    /// Tries it once; writes down when to try again, or forgets it.
    pub(super) async fn try_notice(&self, job: &Job) -> Result<(), HubError> {
        let Some(mut record) = self.notice(job.due).await? else { return Ok(()) };
        let outcome = self.carry_notice(job, &record).await;
        record.attempts = record.attempts.saturating_add(1);
        record.due_at = self.core.clock.now().plus_ms(retry_ms(record.attempts)).unix_ms();
        let is_over = !matches!(outcome, Some(Outcome::Deferred(_))) || record.due_at > record.expires_at;
        let key = keys::notice(job.due.submission);
        let batch = match is_over {
            true => Batch { deletes: vec![key], ..Batch::default() },
            false => Batch { puts: vec![(key, self.seal_notice(job.due, &record))], ..Batch::default() },
        };
        self.core.store.commit(QUEUE, batch).await?;
        Ok(())
    }

    async fn carry_notice(&self, job: &Job, record: &NoticeRecord) -> Option<Outcome> {
        let (recipients, raw) = (vec![recipient(record)], Bytes::from(record.raw.clone()));
        let id = job.due.submission;
        if job.is_here {
            return self.receive_own(record.protocol.into(), None, recipients, raw, id).await.pop();
        }
        let (envelope_id, protection) = (id.to_string(), record.protection.into());
        let dispatch = Dispatch { reverse_path: None, recipients, raw, envelope_id, protection };
        self.core.carrier(record.protocol.into())?.carry(dispatch).await.pop()
    }

    /// When the queue is to look at it next; none when it is over.
    pub(super) async fn notice_due(&self, due: Due) -> Result<Option<Timestamp>, HubError> {
        Ok(self.notice(due).await?.map(|record| Timestamp::from_unix_ms(record.due_at)))
    }

    async fn notice(&self, due: Due) -> Result<Option<NoticeRecord>, HubError> {
        let Some(sealed) = self.core.store.get(QUEUE, keys::notice(due.submission)).await? else {
            return Ok(None);
        };
        Ok(Some(read(&self.core.node.open_row(&row(&due), &sealed)?)?))
    }

    fn seal_notice(&self, due: Due, record: &NoticeRecord) -> Bytes {
        self.core.node.seal_row(&row(&due), &write(record), &mut |bytes| (self.core.entropy)(bytes)).into()
    }
}

fn row(due: &Due) -> RowName<'_> {
    RowName { account: &QUEUE.0, kind: "notice", key: due.submission.as_bytes() }
}

fn recipient(record: &NoticeRecord) -> Handle {
    Handle::literal(record.protocol.into(), record.to.clone())
}
