//! Reports that come back for what was sent (RFC 3464): who may send one, and how the sender gets to see it.
//!
//! A message leaves with a return path of its own, which carries the submission and a code that only this node can
//! make: a report to any other address tells nothing about anything. What a report says is sealed to the person beside
//! the fates that we saw ourselves; the report itself is placed like any message, so that nothing is lost.

use crate::context::Context;
use crate::error::HubError;
use crate::keys::{self, ObjectType};
use crate::owner::Plan;
use crate::records::{
    AddressRecord, ReturnedFate, ReturnedRecord, StoredFate, SubmissionRecord, TroubleRecord,
};
use caliopen_connect::{Envelope, Reported, ReportedFate};
use caliopen_model::{ChangeKind, Handle, MessageId, Participant, SubmissionId, Timestamp, Trouble};
use std::fmt::Write as _;

/// What stands between the name of an address and the code of a return path.
const MARK: &str = "+b-";
/// Bytes of the code.
const CODE_BYTES: usize = 8;
/// Longest local part (RFC 5321 §4.5.3.1.1).
const LOCAL_PART_BYTES_MAX: usize = 64;

/// Where reports about a submission come back to. The plain address when it has no room for more.
pub(crate) fn return_path(core: &Context, from: &Handle, id: SubmissionId) -> Handle {
    let address = from.address();
    let Some((local_part, domain)) = address.rsplit_once('@') else { return from.clone() };
    let local_part = format!("{local_part}{MARK}{id}-{}", code(core, id));
    if local_part.len() > LOCAL_PART_BYTES_MAX || address.contains('"') || address.contains('+') {
        return from.clone();
    }
    Handle::literal(from.protocol(), format!("{local_part}@{domain}"))
}

/// The submissions that a report may speak of: those whose return path it was sent to. None for other mail.
pub(crate) fn submissions(core: &Context, envelope: &Envelope) -> Vec<SubmissionId> {
    if envelope.reverse_path.is_some() {
        return Vec::new();
    }
    envelope.recipients.iter().filter_map(|recipient| submission(core, recipient)).collect()
}

fn submission(core: &Context, recipient: &Handle) -> Option<SubmissionId> {
    let (local_part, _) = recipient.address().rsplit_once('@')?;
    let (_, tag) = local_part.split_once(MARK)?;
    let (id, said) = tag.split_once('-')?;
    let id: SubmissionId = id.to_ascii_lowercase().parse().ok()?;
    // A stranger's guess is compared with one code: how long that takes tells nothing that helps with the next.
    said.eq_ignore_ascii_case(&code(core, id)).then_some(id)
}

fn code(core: &Context, id: SubmissionId) -> String {
    let mut text = String::with_capacity(CODE_BYTES * 2);
    for byte in core.node.index("return path", id.as_bytes()).iter().take(CODE_BYTES) {
        // Writing into a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Seals what a report says beside the submission that it speaks of.
pub(crate) async fn write_down(
    plan: &mut Plan<'_>,
    id: SubmissionId,
    report: MessageId,
    at: Timestamp,
    said: &[Reported],
) -> Result<(), HubError> {
    let key = keys::submission(id);
    let Some(mut record) = plan.get::<SubmissionRecord>(&key).await? else { return Ok(()) };
    let records: Vec<ReturnedRecord> = said.iter().map(|reported| returned(reported, at)).collect();
    let sealed = plan.seal("returned", report.as_bytes(), &records)?;
    plan.put_bytes(keys::returned(id, report), sealed);
    if records.iter().any(|record| matches!(record.fate, ReturnedFate::Failed(_))) {
        record.worst = StoredFate::Failed;
        plan.put(key, &record);
    }
    plan.changed(ObjectType::Submission, id.as_bytes(), ChangeKind::Updated);
    plan.changed(ObjectType::Message, id.as_bytes(), ChangeKind::Updated);
    Ok(())
}

fn returned(reported: &Reported, at: Timestamp) -> ReturnedRecord {
    let recipient = Participant { name: None, handle: reported.recipient.clone() };
    ReturnedRecord {
        recipient: AddressRecord::from(&recipient),
        at: at.unix_ms(),
        fate: match &reported.fate {
            ReportedFate::Failed(trouble) => ReturnedFate::Failed(trouble.into()),
            ReportedFate::Delayed(trouble) => ReturnedFate::Delayed(trouble.into()),
            ReportedFate::Arrived => ReturnedFate::Arrived,
        },
    }
}

impl From<&Trouble> for TroubleRecord {
    fn from(trouble: &Trouble) -> Self {
        Self {
            cause: trouble.cause.into(),
            host: trouble.host.clone(),
            status: trouble.status.clone(),
            said: trouble.said.clone(),
        }
    }
}
