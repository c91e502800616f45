//! The words of Caliopen.
//!
//! Every other room speaks with the nouns of this one: ids, people and their handles, messages,
//! conversations, and the evidence that the privacy index is computed from. Nothing here does
//! anything: no I/O, no clock, no randomness, and no serialisation, since each boundary (store,
//! API, command line) keeps records of its own.

mod address;
mod assessment;
mod change;
mod conversation;
mod device;
mod draft;
mod encryption_report;
mod evidence;
mod id;
mod kept;
mod letter;
mod message;
mod outcome;
mod own;
mod people;
mod route;
mod time;

pub use address::{AddressError, EmailAddress};
pub use assessment::{FORMULA_VERSION, Level, PrivacyIndex};
pub use change::{Change, ChangeKind, Sequence};
pub use conversation::{
    Admission, ConversationKind, Importance, ImportanceReason, LabelColour, Place, Scope,
};
pub use device::{Basis, DeviceEvidence, DeviceKey, DeviceUse, LocalStore, Network, PersonCheck, Support};
pub use draft::{Draft, DraftFile};
pub use encryption_report::{
    EncryptionReport, ReportedFailure, ReportedFailureKind, ReportedPolicy, ReportedPolicyKind,
};
pub use evidence::{
    ArcResult, AtRest, AtRestState, Authentication, Custody, DeviceStanding, DkimResult, DkimVerdict,
    DmarcResult, Encryption, EncryptionScheme, Evidence, Handler, HandlerClass, HandlerSees, Hop, HopProof,
    HopSecurity, KeyStanding, MetadataPath, PeerService, Side, SpfResult, TlsFacts,
};
pub use id::{
    AccountId, AppPasswordId, ArrivalId, BlobId, ContactId, ConversationId, DecisionId, DeviceId, DraftId,
    IdError, IdentityId, LabelId, MessageId, OperationId, PasskeyId, SegmentId, SessionId, SubmissionId,
    TemplateId, TransferId,
};
pub use kept::{KeptMessage, Marks, Packed, Spot, UnpackReason, Unpacked};
pub use letter::{Attachment, Letter};
pub use message::{
    Body, Defect, Direction, Disposition, Keywords, Message, Part, PartId, Protection, Reading,
    Rfc5322MessageId, SafeHtml, Warning,
};
pub use outcome::{Cause, CertificateFacts, CertificateStanding, Delivery, Outcome, Trouble};
pub use own::{AccountEvidence, EndToEnd, KeyHolder, Recovery, SignIn, TransportPolicy, UserEvidence};
pub use people::{
    CardField, Contact, ContactState, FieldKind, FieldUse, Handle, Language, Participant, Protocol,
};
pub use route::{AddressProof, Reach, Route};
pub use time::Timestamp;
