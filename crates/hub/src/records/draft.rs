//! Rows of messages that are being written, and of those on their way out.

use super::evidence::{EvidenceRecord, HopSecurityRecord, TlsRecord};
use super::words::{StoredCause, StoredProof, StoredProtocol, StoredStanding, StoredWayProtection};
use caliopen_model::{CertificateFacts, Timestamp};
use serde::{Deserialize, Serialize};

/// A draft: its number of changes in clear, its words sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DraftRecord {
    pub(crate) revision: u32,
    pub(crate) updated_at: i64,
    /// Sealed: [`DraftTextRecord`].
    pub(crate) words: Vec<u8>,
}

/// Sealed part of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DraftTextRecord {
    pub(crate) identity: [u8; 16],
    pub(crate) conversation: Option<[u8; 16]>,
    pub(crate) answers: Option<[u8; 16]>,
    pub(crate) forwards: Option<[u8; 16]>,
    pub(crate) to: Vec<AddressRecord>,
    pub(crate) cc: Vec<AddressRecord>,
    pub(crate) bcc: Vec<AddressRecord>,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: Option<String>,
    pub(crate) files: Vec<DraftFileRecord>,
    pub(crate) keep_metadata: bool,
    pub(crate) requires_tls: bool,
    pub(crate) conflict_of: Option<[u8; 16]>,
}

/// Somebody whom the user writes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AddressRecord {
    pub(crate) name: Option<String>,
    pub(crate) protocol: StoredProtocol,
    pub(crate) address: String,
}

/// A file of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DraftFileRecord {
    pub(crate) blob: [u8; 16],
    pub(crate) part: Option<u32>,
    pub(crate) name: Option<String>,
    pub(crate) media_type: String,
    pub(crate) size_bytes: u64,
    pub(crate) content_id: Option<String>,
}

/// A message on its way out. Has the id of the sent message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SubmissionRecord {
    pub(crate) created_at: i64,
    /// It can be taken back until then.
    pub(crate) send_at: i64,
    /// When the queue looks at it next; none once every recipient's fate is final.
    pub(crate) due_at: Option<i64>,
    /// The worst fate of its recipients.
    pub(crate) worst: StoredFate,
    /// Sealed to the node while anything is left to do: [`WorkRecord`].
    pub(crate) work: Option<Vec<u8>>,
    /// Sealed: [`FatesRecord`].
    pub(crate) fates: Vec<u8>,
    /// What taking it back restores, while it can be.
    pub(crate) undo: Option<UndoRecord>,
}

/// The draft that a submission was made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UndoRecord {
    pub(crate) draft: [u8; 16],
    pub(crate) record: DraftRecord,
}

/// What the queue needs while the person is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WorkRecord {
    pub(crate) protocol: StoredProtocol,
    /// What opens the message's blob.
    pub(crate) content_key: [u8; 32],
    pub(crate) size_bytes: u64,
    pub(crate) reverse_path: Option<String>,
    /// Who is told by mail of what is given up: the author of what a program sent.
    pub(crate) reports_to: Option<String>,
    pub(crate) expires_at: i64,
    pub(crate) fates: FatesRecord,
}

/// A report that this host writes to somebody. Sealed to the node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NoticeRecord {
    pub(crate) protocol: StoredProtocol,
    pub(crate) to: String,
    pub(crate) raw: Vec<u8>,
    pub(crate) protection: StoredWayProtection,
    pub(crate) attempts: u32,
    pub(crate) due_at: i64,
    pub(crate) expires_at: i64,
}

/// What became of a message so far, and what that says of its privacy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FatesRecord {
    pub(crate) recipients: Vec<RecipientRecord>,
    pub(crate) evidence: Vec<EvidenceRecord>,
    /// It goes over proven channels alone, up to its end.
    pub(crate) requires_tls: bool,
}

/// One recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RecipientRecord {
    pub(crate) to: AddressRecord,
    pub(crate) fate: StoredFate,
    /// When that was found out.
    pub(crate) at: Option<i64>,
    pub(crate) attempts: u32,
    pub(crate) next_try_at: Option<i64>,
    pub(crate) host: Option<String>,
    pub(crate) security: Option<HopSecurityRecord>,
    pub(crate) proof: Option<StoredProof>,
    pub(crate) tls: Option<TlsRecord>,
    pub(crate) certificate: Option<CertificateRecord>,
    pub(crate) cause: Option<StoredCause>,
    pub(crate) status: Option<String>,
    pub(crate) said: Option<String>,
}

/// The certificate of the host that took a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CertificateRecord {
    pub(crate) standing: StoredStanding,
    pub(crate) key: Option<[u8; 32]>,
    pub(crate) issuer: Option<String>,
    pub(crate) validity: Option<(i64, i64)>,
}

impl From<CertificateFacts> for CertificateRecord {
    fn from(facts: CertificateFacts) -> Self {
        let validity = facts.validity.map(|(from, until)| (from.unix_ms(), until.unix_ms()));
        Self { standing: facts.standing.into(), key: facts.key, issuer: facts.issuer, validity }
    }
}

impl From<CertificateRecord> for CertificateFacts {
    fn from(record: CertificateRecord) -> Self {
        let instant = Timestamp::from_unix_ms;
        let validity = record.validity.map(|(from, until)| (instant(from), instant(until)));
        Self { standing: record.standing.into(), key: record.key, issuer: record.issuer, validity }
    }
}

/// Sealed: what a report said of one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReturnedRecord {
    pub(crate) recipient: AddressRecord,
    pub(crate) at: i64,
    pub(crate) fate: ReturnedFate,
}

/// What a report can say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ReturnedFate {
    Failed(TroubleRecord),
    Delayed(TroubleRecord),
    Arrived,
}

/// Why a message did not arrive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TroubleRecord {
    pub(crate) cause: StoredCause,
    pub(crate) host: Option<String>,
    pub(crate) status: String,
    pub(crate) said: Option<String>,
}

/// The fate of a recipient. The order is from best to worst: the greatest is shown of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum StoredFate {
    Delivered,
    Waiting,
    Deferred,
    Failed,
}
