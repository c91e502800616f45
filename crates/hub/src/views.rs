//! What an unlocked account shows: the answers of this room, in words of `model`.

mod deeds;

pub use deeds::*;

use crate::keys::ObjectType;
use caliopen_model::{
    AccountId, BlobId, CardField, Cause, CertificateFacts, ChangeKind, Contact, ContactId, ConversationId,
    ConversationKind, DeviceId, Direction, Draft, DraftId, Evidence, Handle, HopProof, HopSecurity,
    ImportanceReason, LabelId, Language, MessageId, Part, Place, PrivacyIndex, Protection, Protocol,
    SegmentId, Sequence, SessionId, Spot, SubmissionId, Timestamp, TlsFacts, TransferId, UnpackReason,
    Warning,
};

/// Somebody in a conversation or a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonView {
    /// The contact; none for the user, and for handles beyond the limit of one message.
    pub contact: Option<ContactId>,
    /// What to call them: the user's word, else the message's, else the address.
    pub name: String,
    /// Their handle in this message.
    pub handle: Handle,
    /// The user.
    pub is_me: bool,
}

/// A conversation as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "docs/api says what each property means")]
pub struct ConversationView {
    pub id: ConversationId,
    pub kind: ConversationKind,
    pub place: Place,
    /// The user's own name for it, else what the protocol calls it: a list's name.
    pub title: Option<String>,
    pub people: Vec<PersonView>,
    pub protocol: Protocol,
    pub identity: String,
    pub listed_at: Timestamp,
    pub pinned: bool,
    pub muted: bool,
    pub snoozed_until: Option<Timestamp>,
    pub returned: bool,
    pub labels: Vec<LabelId>,
    pub latest_at: Timestamp,
    pub latest_message: MessageId,
    pub latest_direction: Direction,
    pub subject: Option<String>,
    pub excerpt: String,
    /// What its newest message says is held back.
    pub hidden: bool,
    pub message_count: u32,
    pub unread_count: u32,
    pub has_attachment: bool,
    pub importance: i8,
    pub privacy: PrivacyIndex,
    pub suspicious: bool,
    pub protection: Protection,
}

/// What another conversation is to the one that shows a stub of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// It is with some of the people.
    Narrower,
    /// It is with these people and others.
    Wider,
}

/// A stub: the chain of replies goes on, or came from, where fewer or more people are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelatedView {
    /// The other conversation.
    pub conversation: ConversationId,
    /// The message there that it leads to; none once it was removed.
    pub message: Option<MessageId>,
    /// What the other conversation is to this one.
    pub relation: Relation,
    /// When the reply came: the stub's place in time.
    pub at: Timestamp,
    /// The people of the other conversation.
    pub people: Vec<PersonView>,
}

/// A draft as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftView {
    /// Stable id.
    pub id: DraftId,
    /// How often it was changed; the first is 1.
    pub revision: u32,
    /// When it was changed last.
    pub updated_at: Timestamp,
    /// What it says.
    pub draft: Draft,
    /// What it says is held back, since the message is that it answers or passes on.
    pub hidden: bool,
}

/// What became of a message for one recipient. From best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// The next host has it.
    Delivered,
    /// It was not tried yet.
    Waiting,
    /// It did not work yet, and is tried again.
    Deferred,
    /// It will not arrive.
    Failed,
}

/// A recipient of a sent message, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "docs/api says what each property means")]
pub struct RecipientView {
    pub name: Option<String>,
    pub handle: Handle,
    pub fate: Fate,
    pub at: Option<Timestamp>,
    pub attempts: u32,
    pub next_try_at: Option<Timestamp>,
    pub host: Option<String>,
    pub security: Option<HopSecurity>,
    pub proof: Option<HopProof>,
    pub tls: Option<TlsFacts>,
    pub certificate: Option<CertificateFacts>,
    pub cause: Option<Cause>,
    pub status: Option<String>,
    pub said: Option<String>,
}

/// A message on its way out, or that left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmissionView {
    /// Stable id.
    pub id: SubmissionId,
    /// The message as it stands in its conversation.
    pub message: MessageId,
    /// Its conversation; none once the message was removed.
    pub conversation: Option<ConversationId>,
    /// When it leaves, or left.
    pub send_at: Timestamp,
    /// It has not left yet.
    pub can_be_taken_back: bool,
    /// It goes over proven channels alone, up to its end (RFC 8689).
    pub requires_tls: bool,
    /// Everybody whom it goes to.
    pub recipients: Vec<RecipientView>,
}

/// A message without its bodies.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "docs/api says what each property means")]
pub struct MessageView {
    pub id: MessageId,
    pub conversation: ConversationId,
    pub segment: SegmentId,
    pub blob: BlobId,
    pub direction: Direction,
    pub protocol: Protocol,
    pub from: Vec<PersonView>,
    pub to: Vec<PersonView>,
    pub cc: Vec<PersonView>,
    pub bcc: Vec<PersonView>,
    pub reply_to: Vec<PersonView>,
    pub subject: Option<String>,
    pub sent_at: Option<Timestamp>,
    pub received_at: Timestamp,
    pub size_bytes: u64,
    pub excerpt: String,
    pub seen: bool,
    pub flagged: bool,
    pub privacy: PrivacyIndex,
    pub formula: u16,
    pub importance: i8,
    pub importance_reasons: Vec<ImportanceReason>,
    pub protection: Protection,
    pub warnings: Vec<Warning>,
    pub suspicious: bool,
    /// The worst fate of its recipients; none for a message that arrived.
    pub sending: Option<Fate>,
    /// Its list is left by one request, see [`crate::Hub::leave_list`].
    pub one_click: bool,
    /// When the user left its list.
    pub left_at: Option<Timestamp>,
    /// What it says is held back: whoever asks may not see something so private where they are.
    pub hidden: bool,
    pub parts: Vec<Part>,
    /// Everything that the index was computed from.
    pub evidence: Vec<Evidence>,
}

/// A signed-in browser or program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionView {
    /// Stable id.
    pub id: SessionId,
    /// What it called itself.
    pub client: String,
    /// When it signed in.
    pub created_at: Timestamp,
    /// When it was last used, to the hour.
    pub last_used_at: Timestamp,
    /// The one that asks.
    pub current: bool,
    /// The device that it is bound to; none for a program without keys.
    pub device: Option<DeviceId>,
    /// Until when its person counts as just there; none when they only signed in.
    pub stepped_up_until: Option<Timestamp>,
}

/// The account's own facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileView {
    /// The account.
    pub account: AccountId,
    /// Its first address: what the person signs in with.
    pub address: String,
    /// Its language.
    pub language: Language,
    /// The recovery code was confirmed.
    pub recovery_confirmed: bool,
}

/// Which conversations a page is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationFilter {
    /// Where they are kept. Asks nothing when there is a label.
    pub place: Place,
    /// Those with this label, wherever they are but in the bin.
    pub label: Option<LabelId>,
    /// Only those with something unread.
    pub unread: bool,
    /// Only these kinds; all when empty.
    pub kinds: Vec<ConversationKind>,
}

impl ConversationFilter {
    /// Everything of a place.
    pub const fn of(place: Place) -> Self {
        Self { place, label: None, unread: false, kinds: Vec::new() }
    }
}

/// How conversations are ordered: always the newest first among equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConversationOrder {
    /// Newest first.
    Date,
    /// Those with something unread before the others.
    UnreadFirst,
    /// Most important first.
    Importance,
}

/// Where a page starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageStart {
    /// So many from the beginning.
    Position(u64),
    /// At a conversation, moved by an offset.
    Anchor(ConversationId, i64),
}

/// A page of ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The ids, in order.
    pub ids: Vec<T>,
    /// The position of the first one, counted from the beginning of the list. For an anchor it costs O(position),
    /// so that it is counted only up to a limit; none beyond.
    pub position: Option<u64>,
    /// How many there are in all, when the account's head row says so.
    pub total: Option<u64>,
    /// The state that the page was read in.
    pub state: Sequence,
}

/// What changed since a state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChangeSet {
    /// New objects.
    pub created: Vec<[u8; 16]>,
    /// Changed objects.
    pub updated: Vec<[u8; 16]>,
    /// Objects that are gone.
    pub destroyed: Vec<[u8; 16]>,
    /// The state that these changes lead to.
    pub new_state: Sequence,
    /// There are more after `new_state`.
    pub has_more: bool,
}

impl ChangeSet {
    pub(crate) fn len(&self) -> usize {
        self.created.len() + self.updated.len() + self.destroyed.len()
    }

    pub(crate) fn names(&self, id: &[u8; 16]) -> bool {
        [&self.created, &self.updated, &self.destroyed].iter().any(|ids| ids.contains(id))
    }

    pub(crate) fn add(&mut self, id: [u8; 16], kind: ChangeKind) {
        let was_created = self.created.contains(&id);
        match kind {
            ChangeKind::Created => self.created.push(id),
            ChangeKind::Updated if was_created || self.updated.contains(&id) => {}
            ChangeKind::Updated => self.updated.push(id),
            ChangeKind::Destroyed => {
                self.created.retain(|other| *other != id);
                self.updated.retain(|other| *other != id);
                if !was_created {
                    self.destroyed.push(id);
                }
            }
        }
    }
}

/// The states of an account's types, as push tells them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct States(pub(crate) [u64; ObjectType::ALL.len()]);

impl States {
    /// The state of one type.
    pub fn of(&self, object: ObjectType) -> Sequence {
        Sequence(self.0.get(object as usize).copied().unwrap_or_default())
    }
}

/// What to change of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MessagePatch {
    /// Read or not.
    pub seen: Option<bool>,
    /// Flagged or not.
    pub flagged: Option<bool>,
    /// When the message's list was left in a way that this host did not see; none for "not at all".
    pub left_at: Option<Option<Timestamp>>,
}

/// A contact, and what is known of each way to reach it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactView {
    /// The person.
    pub contact: Contact,
    /// One for each handle, in their order.
    pub ways: Vec<WayView>,
    /// What the next message would get, and by which formula; none while nobody looked, or where none would arrive.
    pub index: Option<(PrivacyIndex, u16)>,
}

impl ContactView {
    /// Nothing from this person reaches the inbox.
    pub fn is_blocked(&self) -> bool {
        !self.ways.is_empty() && self.ways.iter().all(|way| way.blocked)
    }
}

/// One way to reach a contact. Trust stays with it, whoever it is linked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayView {
    /// The handle.
    pub handle: Handle,
    /// Nothing from it reaches the inbox.
    pub blocked: bool,
    /// The user wrote to it, typed it, or said that it is this person's.
    pub confirmed: bool,
    /// A message came from it that its domain proves.
    pub proven: bool,
    /// The contact that it came with when two were put together, and when that was.
    pub linked: Option<(ContactId, Timestamp)>,
}

/// What to say of one handle of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayPatch {
    /// Which one.
    pub handle: Handle,
    /// Block or unblock it.
    pub blocked: Option<bool>,
    /// It is this person's, or that is not known.
    pub confirmed: Option<bool>,
}

/// What to change of a contact.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContactPatch {
    /// Name them, or go back to the suggested name.
    pub name: Option<Option<String>>,
    /// Write or remove the note.
    pub note: Option<Option<String>>,
    /// Block or unblock.
    pub blocked: Option<bool>,
    /// What else the card is to say, all of it.
    pub fields: Option<Vec<CardField>>,
    /// Every handle that is to be there.
    pub handles: Option<Vec<Handle>>,
    /// What to say of single handles.
    pub ways: Vec<WayPatch>,
    /// Fetch pictures elsewhere for their messages, or no more.
    pub shows_pictures: Option<bool>,
}

impl ContactPatch {
    /// Whether it says nothing of who they are: a shop whose pictures are shown is nobody's acquaintance.
    pub(crate) fn is_of_pictures_alone(&self) -> bool {
        self.shows_pictures.is_some() && Self { shows_pictures: None, ..self.clone() } == Self::default()
    }

    /// Whether it changes what the card says in words.
    pub(crate) const fn says_something(&self) -> bool {
        self.name.is_some() || self.note.is_some() || self.fields.is_some()
    }
}

/// How far an import or an export came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransferState {
    /// Bytes come in, or go out.
    Running,
    /// It was interrupted: the rest of the file can be sent.
    Paused,
    /// All of it is there.
    Done,
    /// The user ended it. What was stored by then stays.
    Cancelled,
    /// It broke off, and cannot go on: an export is asked for anew.
    Broken,
}

/// An import or an export.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "docs/api says what each property means")]
pub struct TransferView {
    pub id: TransferId,
    pub is_export: bool,
    pub state: TransferState,
    pub name: String,
    pub place: Place,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
    pub bytes: u64,
    pub bytes_total: Option<u64>,
    pub resume_at: u64,
    pub stored: u64,
    pub known: u64,
    pub cards: u64,
    pub passed: u64,
    /// The first of what could not be read.
    pub faults: Vec<(Spot, UnpackReason)>,
}
