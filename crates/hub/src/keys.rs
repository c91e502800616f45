//! How rows are named: the whole layout of a partition on one page.
//!
//! The first byte says the kind of row. Times are written so that the greatest comes first. Handles, domains and
//! references stand here only as blind indices (HMAC under a key of the account, or of the node).

mod entry;
mod indices;
mod lists;
mod system;

pub(crate) use entry::*;
pub(crate) use indices::*;
pub(crate) use lists::*;
pub(crate) use system::*;

use bytes::Bytes;
use caliopen_model::{
    BlobId, ContactId, ConversationId, DecisionId, DraftId, IdentityId, MessageId, OperationId, SegmentId,
    SubmissionId, TemplateId, Timestamp, TransferId,
};
use std::ops::Range;

/// A blind index: what a handle, a conversation's key or a reference is found by.
pub(crate) type Blind = [u8; 16];

/// The types that have a change log of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectType {
    /// Conversations.
    Conversation,
    /// Messages.
    Message,
    /// Contacts.
    Contact,
    /// Sessions.
    Session,
    /// Drafts.
    Draft,
    /// Messages on their way out.
    Submission,
    /// Addresses that the user writes from, with their signatures.
    Identity,
    /// Texts that the user writes often.
    Template,
    /// Labels and folders.
    Label,
    /// Passwords of other programs.
    AppPassword,
    /// Imports and exports.
    Transfer,
    /// Decisions about new senders.
    Decision,
    /// Browsers with a key of their own.
    Device,
    /// The user's own index: one object.
    UserPrivacy,
    /// What devices must be for what is private to be shown there: one object.
    Gate,
    /// What the user is coached to do, and did: one object.
    Coaching,
    /// Passkeys.
    Passkey,
    /// What the password is asked for beside it: one object.
    SecondFactor,
    /// What the mail of the account takes on the disk, and may: one object.
    Quota,
}

impl ObjectType {
    /// All of them, in the order in which their states are kept.
    pub const ALL: [Self; 19] = [
        Self::Conversation,
        Self::Message,
        Self::Contact,
        Self::Session,
        Self::Draft,
        Self::Submission,
        Self::Identity,
        Self::Template,
        Self::Label,
        Self::AppPassword,
        Self::Transfer,
        Self::Decision,
        Self::Device,
        Self::UserPrivacy,
        Self::Gate,
        Self::Coaching,
        Self::Passkey,
        Self::SecondFactor,
        Self::Quota,
    ];
}

fn key(kind: u8, parts: &[&[u8]]) -> Bytes {
    let mut bytes = Vec::with_capacity(1 + parts.iter().map(|part| part.len()).sum::<usize>());
    bytes.push(kind);
    for part in parts {
        bytes.extend_from_slice(part);
    }
    bytes.into()
}

/// The keys that start with these bytes.
fn under(prefix: Bytes) -> Range<Bytes> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            break;
        }
    }
    prefix..end.into()
}

const fn oldest_first(at: Timestamp) -> [u8; 8] {
    ((at.unix_ms() as u64) ^ (1 << 63)).to_be_bytes()
}

const fn newest_first(at: Timestamp) -> [u8; 8] {
    // The sign bit is flipped so that instants before 1970 sort below the others.
    (!((at.unix_ms() as u64) ^ (1 << 63))).to_be_bytes()
}

// The account itself.

pub(crate) fn account() -> Bytes {
    key(b'A', &[])
}
pub(crate) fn head() -> Bytes {
    key(b'H', &[])
}
pub(crate) fn identity(id: IdentityId) -> Bytes {
    key(b'i', &[id.as_bytes()])
}
pub(crate) fn identities() -> Range<Bytes> {
    under(key(b'i', &[]))
}
pub(crate) fn epoch(id: &[u8]) -> Bytes {
    key(b'e', &[id])
}
pub(crate) fn epochs() -> Range<Bytes> {
    under(key(b'e', &[]))
}

// People.

pub(crate) fn handle(blind: &Blind) -> Bytes {
    key(b'h', &[blind])
}
pub(crate) fn contact(id: ContactId) -> Bytes {
    key(b'p', &[id.as_bytes()])
}
pub(crate) fn contacts() -> Range<Bytes> {
    under(key(b'p', &[]))
}

/// The contact that a handle's home belongs to now, where that is not itself.
pub(crate) fn belongs(home: ContactId) -> Bytes {
    key(b'N', &[home.as_bytes()])
}
/// A contact that is not listed: deleted, or part of another.
pub(crate) fn put_away(id: ContactId) -> Bytes {
    key(b'P', &[id.as_bytes()])
}
pub(crate) fn all_put_away() -> Range<Bytes> {
    under(key(b'P', &[]))
}
/// The card that a contact came from, as it came.
pub(crate) fn kept_card(id: ContactId) -> Bytes {
    key(b'V', &[id.as_bytes()])
}
/// Somebody who came from a card without an address.
pub(crate) fn without_address(blind: &Blind) -> Bytes {
    key(b'M', &[blind])
}

/// What was decided about new senders of a domain, or of a conversation.
pub(crate) fn decision(id: DecisionId) -> Bytes {
    key(b'q', &[id.as_bytes()])
}
pub(crate) fn decisions() -> Range<Bytes> {
    under(key(b'q', &[]))
}

// Conversations.

/// Rows that are read and written together stand side by side: this begins their keys.
pub(crate) type Near = [u8; 8];

/// Half of a blind index: enough to bring rows together, which the rest of their keys tells apart.
pub(crate) fn near(blind: &Blind) -> Near {
    let [near @ .., _, _, _, _, _, _, _, _] = *blind;
    near
}

/// The conversation that a class and its people have.
pub(crate) fn conversation_key(near: &Near, blind: &Blind) -> Bytes {
    key(b'k', &[near, b"k", blind])
}
pub(crate) fn conversation(id: ConversationId) -> Bytes {
    key(b'c', &[id.as_bytes()])
}
/// Whom a strand is with, sealed: in front of its messages.
pub(crate) fn strand(id: ConversationId) -> Bytes {
    key(b't', &[id.as_bytes()])
}
/// One of the strands of a handle's home.
pub(crate) fn strand_of(blind: &Blind) -> Bytes {
    key(b'z', &[blind])
}
/// How many strands a handle's home has, where it is more than one.
pub(crate) fn strand_count(blind: &Blind) -> Bytes {
    key(b'F', &[blind])
}
/// The conversation that an audience has.
pub(crate) fn audience(near: &Near, blind: &Blind) -> Bytes {
    key(b'k', &[near, b"a", blind])
}
/// The joint that a strand is shown in.
pub(crate) fn joined(strand: ConversationId) -> Bytes {
    key(b'j', &[strand.as_bytes()])
}
/// The strands of a joint.
pub(crate) fn joint(lead: ConversationId) -> Bytes {
    key(b'J', &[lead.as_bytes()])
}
pub(crate) fn joints() -> Range<Bytes> {
    under(key(b'J', &[]))
}
pub(crate) fn conversations() -> Range<Bytes> {
    under(key(b'c', &[]))
}
// Deeds that are done to many conversations.

pub(crate) fn operation(id: OperationId) -> Bytes {
    key(b'O', &[id.as_bytes()])
}
pub(crate) fn operations() -> Range<Bytes> {
    under(key(b'O', &[]))
}
/// A conversation as it was before a deed.
pub(crate) fn former(operation: OperationId, id: ConversationId) -> Bytes {
    key(b'C', &[operation.as_bytes(), id.as_bytes()])
}
/// Messages of it that the deed marked, so many at a time.
pub(crate) fn former_marks(operation: OperationId, id: ConversationId, part: u32) -> Bytes {
    key(b'C', &[operation.as_bytes(), id.as_bytes(), &part.to_be_bytes()])
}
pub(crate) fn former_of(operation: OperationId) -> Range<Bytes> {
    under(key(b'C', &[operation.as_bytes()]))
}
/// The conversation of a row of what was before, and whether the row names messages.
pub(crate) fn conversation_of_former(key: &[u8]) -> Option<(ConversationId, bool)> {
    let id = key.get(17..33)?.first_chunk().copied()?;
    Some((ConversationId::from_bytes(id), key.len() > 33))
}

// Messages.

pub(crate) fn message(id: MessageId) -> Bytes {
    key(b'm', &[id.as_bytes()])
}
pub(crate) fn messages() -> Range<Bytes> {
    under(key(b'm', &[]))
}
pub(crate) fn in_conversation(
    conversation: ConversationId,
    received: Timestamp,
    message: MessageId,
) -> Bytes {
    key(b't', &[conversation.as_bytes(), &oldest_first(received), message.as_bytes()])
}
pub(crate) fn of_conversation(conversation: ConversationId) -> Range<Bytes> {
    Range { start: key(b't', &[conversation.as_bytes(), &[0]]), ..under(strand(conversation)) }
}
/// When the message of a conversation's row came, as it is ordered by, and its id.
pub(crate) fn place_in_conversation(key: &[u8]) -> Option<([u8; 8], MessageId)> {
    let (rest, message) = key.split_last_chunk::<16>()?;
    Some((*rest.last_chunk::<8>()?, MessageId::from_bytes(*message)))
}
/// The message at the end of a conversation's row.
pub(crate) fn message_of_row(key: &[u8]) -> Option<MessageId> {
    key.last_chunk::<16>().map(|bytes| MessageId::from_bytes(*bytes))
}
// What is known of a Message-ID stands side by side.

/// The segment that it is in, in one conversation.
pub(crate) fn reference(id: &Blind, in_conversation: &Blind) -> Bytes {
    key(b'r', &[id, b"c", in_conversation])
}
/// The message that has this Message-ID.
pub(crate) fn anchor(id: &Blind) -> Bytes {
    key(b'r', &[id, b"a"])
}
/// Messages that answer this Message-ID and came before it.
pub(crate) fn awaiting(id: &Blind) -> Bytes {
    key(b'r', &[id, b"w"])
}
/// A stub in a conversation, at its time: the message of another one that it leads to.
pub(crate) fn related(conversation: ConversationId, at: Timestamp, message: MessageId) -> Bytes {
    key(b'y', &[conversation.as_bytes(), &oldest_first(at), message.as_bytes()])
}
pub(crate) fn related_of(conversation: ConversationId) -> Range<Bytes> {
    under(key(b'y', &[conversation.as_bytes()]))
}
/// The time and the message of a stub's key.
pub(crate) fn stub_of_row(key: &[u8]) -> Option<(Timestamp, MessageId)> {
    let (rest, message) = key.split_last_chunk::<16>()?;
    let at = u64::from_be_bytes(*rest.last_chunk::<8>()?);
    Some((Timestamp::from_unix_ms((at ^ (1 << 63)) as i64), MessageId::from_bytes(*message)))
}
/// When a list was left.
pub(crate) fn left(list: &Blind) -> Bytes {
    key(b'R', &[list])
}
pub(crate) fn merged_segment(id: SegmentId) -> Bytes {
    key(b'g', &[id.as_bytes()])
}

// What is written, and what leaves.

pub(crate) fn draft(id: DraftId) -> Bytes {
    key(b'd', &[id.as_bytes()])
}
pub(crate) fn drafts() -> Range<Bytes> {
    under(key(b'd', &[]))
}
pub(crate) fn template(id: TemplateId) -> Bytes {
    key(b'f', &[id.as_bytes()])
}
pub(crate) fn templates() -> Range<Bytes> {
    under(key(b'f', &[]))
}
pub(crate) fn submission(id: SubmissionId) -> Bytes {
    key(b'o', &[id.as_bytes()])
}
/// What a report said of a submission.
pub(crate) fn returned(id: SubmissionId, report: MessageId) -> Bytes {
    key(b'B', &[id.as_bytes(), report.as_bytes()])
}
pub(crate) fn returned_of(id: SubmissionId) -> Range<Bytes> {
    under(key(b'B', &[id.as_bytes()]))
}
pub(crate) fn submissions() -> Range<Bytes> {
    under(key(b'o', &[]))
}

pub(crate) fn upload(id: BlobId) -> Bytes {
    key(b'U', &[id.as_bytes()])
}
pub(crate) fn uploads() -> Range<Bytes> {
    under(key(b'U', &[]))
}

/// The manifest of the search index.
pub(crate) fn search_index() -> Bytes {
    key(b'Z', &[])
}

// The change log.

pub(crate) fn change(sequence: u64) -> Bytes {
    key(b'l', &[&sequence.to_be_bytes()])
}
pub(crate) fn changes_after(sequence: u64) -> Range<Bytes> {
    change(sequence.saturating_add(1))..under(key(b'l', &[])).end
}

/// The message that has exactly these bytes. It may be gone: what was removed leaves its name here.
pub(crate) fn of_bytes(blind: &Blind) -> Bytes {
    key(b'E', &[blind])
}

pub(crate) fn transfer(id: TransferId) -> Bytes {
    key(b'X', &[id.as_bytes()])
}
pub(crate) fn transfers() -> Range<Bytes> {
    under(key(b'X', &[]))
}

/// A submission of another person here that was taken in.
pub(crate) fn taken_in(blind: &Blind) -> Bytes {
    key(b'I', &[blind])
}

#[cfg(test)]
mod tests {
    use super::*;
    use caliopen_model::{AppPasswordId, DeviceId, LabelId, PasskeyId, Place, SessionId};

    #[test]
    fn rows_of_what_was_before_name_their_conversation() {
        let (operation, id) = (OperationId::from_bytes([3; 16]), ConversationId::from_bytes([7; 16]));
        assert_eq!(conversation_of_former(&former(operation, id)), Some((id, false)));
        assert_eq!(conversation_of_former(&former_marks(operation, id, 2)), Some((id, true)));
    }

    /// A scan of one kind of row never meets another.
    #[test]
    fn each_kind_of_row_of_an_account_has_a_letter_of_its_own() {
        let id = [7; 16];
        let (blind, at) = ([9; 16], Timestamp::from_unix_ms(1));
        let (conversation, message) = (ConversationId::from_bytes(id), MessageId::from_bytes(id));
        let contact = ContactId::from_bytes(id);
        let listed = |order| view(order, &listing(), conversation);
        let rows = [
            account(),
            head(),
            password_wrap(),
            session(SessionId::from_bytes(id)),
            device(DeviceId::from_bytes(id)),
            network(&blind),
            app_password(AppPasswordId::from_bytes(id)),
            identity(IdentityId::from_bytes(id)),
            epoch(&id),
            handle(&blind),
            self::contact(contact),
            belongs(contact),
            put_away(contact),
            kept_card(contact),
            without_address(&blind),
            ways(contact),
            history_of_contact(contact),
            sent_day(1),
            sent_to(contact),
            decision(DecisionId::from_bytes(id)),
            conversation_key(&[9; 8], &blind),
            self::conversation(conversation),
            strand_of(&blind),
            strand_count(&blind),
            joined(conversation),
            joint(conversation),
            listed(View::Date),
            listed(View::Unread),
            listed(View::Importance),
            labelled(LabelId::from_bytes(id), &listing(), conversation),
            label(LabelId::from_bytes(id)),
            operation(OperationId::from_bytes(id)),
            former(OperationId::from_bytes(id), conversation),
            self::message(message),
            in_conversation(conversation, at, message),
            reference(&blind, &blind),
            related(conversation, at, message),
            left(&blind),
            merged_segment(SegmentId::from_bytes(id)),
            draft(DraftId::from_bytes(id)),
            template(TemplateId::from_bytes(id)),
            submission(SubmissionId::from_bytes(id)),
            returned(SubmissionId::from_bytes(id), message),
            upload(BlobId::from_bytes(id)),
            passkey(PasskeyId::from_bytes(id)),
            second_factor(),
            search_index(),
            change(1),
            of_bytes(&blind),
            transfer(TransferId::from_bytes(id)),
            taken_in(&blind),
        ];
        let letters: std::collections::BTreeSet<u8> = rows.iter().map(|row| row[0]).collect();
        assert_eq!(letters.len(), rows.len());
    }

    #[test]
    fn what_stands_side_by_side_is_told_apart() {
        let (near, blind) = ([9; 8], [9; 16]);
        assert_ne!(conversation_key(&near, &blind), audience(&near, &blind));
        let of_id = [reference(&blind, &blind), anchor(&blind), awaiting(&blind)];
        assert_eq!(std::collections::BTreeSet::from(of_id).len(), 3);
        let id = ConversationId::from_bytes([7; 16]);
        let message = in_conversation(id, Timestamp::from_unix_ms(i64::MIN), MessageId::from_bytes([0; 16]));
        let range = of_conversation(id);
        assert!(range.contains(&message) && !range.contains(&strand(id)));
    }

    fn listing() -> Listing {
        let at = Timestamp::from_unix_ms(9);
        Listing { place: Place::Inbox, pinned: false, is_unread: false, importance: 0, raised_at: at, at }
    }
}
