//! How things are written in rows: postcard after one byte of format.
//!
//! Records are this room's own types, so that the words of `model` can change without changing what is stored.
//! Where a record repeats a word of `model`, the compiler checks that they agree (`serde(remote)`).

mod account;
mod app_password;
mod contact;
mod conversation;
mod decision;
mod draft;
mod evidence;
mod factors;
mod indices;
mod label;
mod message;
mod operation;
mod search;
mod template;
mod transfer;
mod upload;
mod words;

pub(crate) use account::{
    AccountRecord, DeviceRecord, HeadRecord, IdentityRecord, LoginRecord, NetworkRecord, ProfileRecord,
    SessionRecord, StorageRecord, StoredAllowance, ThresholdsRecord, TokenRecord,
};
pub(crate) use app_password::AppPasswordRecord;
pub(crate) use contact::{
    CardRecord, ContactRecord, FieldRecord, HandleOwner, HandleRecord, LinkRecord, PutAway, PutAwayRecord,
    StoredLinkEvidence,
};
pub(crate) use conversation::{
    AnchorRecord, ConversationRecord, HeadlineRecord, JointRecord, PersonRecord, RelatedRecord,
    StoredRelation, StrandRecord,
};
pub(crate) use decision::DecisionRecord;
pub(crate) use draft::{
    AddressRecord, DraftFileRecord, DraftRecord, DraftTextRecord, FatesRecord, NoticeRecord, RecipientRecord,
    ReturnedFate, ReturnedRecord, StoredFate, SubmissionRecord, TroubleRecord, UndoRecord, WorkRecord,
};
pub use evidence::EvidenceRecord;
pub(crate) use evidence::{HopSecurityRecord, TlsRecord};
pub(crate) use factors::{PasskeyOwnerRecord, PasskeyRecord, SecondFactorRecord};
pub(crate) use indices::{
    CoachingRecord, HistoryRecord, OwnDomainRecord, ProofRecord, SeenRecord, SentDayRecord, SentToRecord,
    WayRecord, WaysRecord,
};
pub(crate) use label::LabelRecord;
pub(crate) use message::{MessageRecord, PartRecord, SummaryRecord};
pub(crate) use operation::{FormerRecord, OperationRecord, StoredDeed};
pub(crate) use search::{BacklogRecord, BacklogStage, GoneRecord, IndexRecord, SegmentRecord};
pub(crate) use template::{TemplateRecord, TemplateTextRecord};
pub(crate) use transfer::{
    FaultRecord, StoredTransferKind, StoredTransferState, TransferCounts, TransferRecord, TransferWordsRecord,
};
pub(crate) use upload::{UploadRecord, UploadSecretRecord};
pub(crate) use words::*;

use serde::{Serialize, de::DeserializeOwned};

/// The format that this program writes. Another one is refused, not guessed at.
const FORMAT: u8 = 1;

/// The layout of an account's rows: which record says what. It grows with each change that makes older rows unreadable.
pub(crate) const LAYOUT: u8 = 11;

/// A row that does not read as what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RecordError {
    /// Written by another version.
    #[error("a record has format {0}, this program reads 1")]
    Format(u8),
    /// Not a record of this kind.
    #[error("a record cannot be read")]
    Unreadable,
}

/// Writes a record.
pub(crate) fn write<T: Serialize>(record: &T) -> Vec<u8> {
    postcard::to_extend(record, vec![FORMAT])
        .expect("postcard writes every record type of this room into memory")
}

/// Reads a record.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, RecordError> {
    match bytes.split_first() {
        Some((&FORMAT, rest)) => postcard::from_bytes(rest).map_err(|_| RecordError::Unreadable),
        Some((&other, _)) => Err(RecordError::Format(other)),
        None => Err(RecordError::Unreadable),
    }
}
