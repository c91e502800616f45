//! From a draft to a letter: what it answers, its files, and an id that says nothing.

use crate::Hub;
use crate::access::Access;
use crate::error::HubError;
use crate::identities::IdentityView;
use crate::limits::{DRAFT_BYTES_MAX, RECIPIENTS_MAX};
use caliopen_model::{
    Attachment, BlobId, Draft, DraftFile, Handle, Letter, Message, MessageId, Participant, Protocol,
    Rfc5322MessageId, Timestamp,
};

/// Characters of an address that is none that are shown.
const SHOWN_CHARS_MAX: usize = 80;

/// Why a draft cannot be sent. Each says what the person can do.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// It was sent or thrown away, here or on another device.
    #[error("there is no such draft any more")]
    NoDraft,
    /// Another device changed it since it was read.
    #[error("another device changed this draft meanwhile: look at it again")]
    Conflict,
    /// It quotes what is held back where it is sent from.
    #[error("this draft quotes what is held back on this device: show that it is you first")]
    Hidden,
    /// Nobody to send it to.
    #[error("it has no recipient: say who it is for")]
    NoRecipients,
    /// Something that is no address of its protocol.
    #[error("`{0}` is not an address that mail can be sent to")]
    InvalidRecipient(String),
    /// An address that may not stand in a header.
    #[error("one of its addresses holds what no header may hold: write it again by hand")]
    Unwritable,
    /// Beyond the limit of recipients.
    #[error("a message goes to at most {RECIPIENTS_MAX} people: send it in parts, or through a list")]
    TooManyRecipients,
    /// Not an address that the user writes from.
    #[error("this is not an address of yours")]
    NotYourIdentity,
    /// An address that its person let rest.
    #[error("this address rests: wake it in the settings, or write from another one")]
    Resting,
    /// A file is not there any more.
    #[error("the file `{0}` is not there any more: attach it again")]
    NoFile(String),
    /// Larger than a message may be.
    #[error("the message is too large: send a link to its files instead")]
    TooLarge,
    /// Nothing here sends messages of this protocol.
    #[error("this server does not send mail: its administrator can turn it on")]
    NoCarrier,
    /// More recipients in an hour than the host allows.
    #[error("you reached the limit of {0} recipients an hour: the draft is kept, send it later")]
    OverLimit(u32),
    /// More recipients in an hour than the host allows all its people together.
    #[error("this server reached its limit of {0} recipients an hour: the draft is kept, send it later")]
    HostOverLimit(u32),
    /// More people whom the account never wrote to than its programs may write to in an hour.
    #[error("its programs wrote to {0} new people within an hour: send it later, or in the application")]
    FanOut(u32),
    /// Storage or keys.
    #[error(transparent)]
    Hub(#[from] HubError),
}

/// A letter, and what the message that it answers says of its place.
pub(crate) struct Written {
    pub(crate) letter: Letter,
    /// The list that the answered message came by, when the letter goes to it again.
    pub(crate) list: Option<(String, Option<String>)>,
}

impl Hub {
    /// The letter of a draft: with its files, its chain of replies and the identity's address.
    pub(crate) async fn write_letter(
        &self,
        access: &Access,
        draft: &Draft,
        sent_at: Timestamp,
    ) -> Result<Written, SubmitError> {
        check_recipients(draft)?;
        let identities = self.identities(access).await?;
        let own =
            identities.iter().find(|own| own.id == draft.identity).ok_or(SubmitError::NotYourIdentity)?;
        if own.rests {
            return Err(SubmitError::Resting);
        }
        let answered = self.answered(access, draft.answers).await?;
        let (in_reply_to, references) = answered.as_ref().map(chain).unwrap_or_default();
        let mut chance = [0; 32];
        (self.core.entropy)(&mut chance);
        let carrier = self.core.carrier(own_handle(own).protocol()).ok_or(SubmitError::NoCarrier)?;
        let mut attachments = self.attachments(access, draft).await?;
        if !draft.keep_metadata {
            attachments = attachments.into_iter().map(|file| carrier.without_metadata(file)).collect();
        }
        let letter = Letter {
            id: self.new_message_id(own),
            sent_at,
            from: Participant { name: own.name.clone(), handle: own_handle(own) },
            to: draft.to.clone(),
            cc: draft.cc.clone(),
            subject: draft.subject.clone(),
            in_reply_to,
            references,
            text: draft.text.clone(),
            html: draft.html.clone(),
            attachments,
            chance,
        };
        let list = answered.filter(|message| goes_to_its_list(draft, message)).and_then(|found| found.list);
        Ok(Written { letter, list })
    }

    async fn answered(
        &self,
        access: &Access,
        answers: Option<MessageId>,
    ) -> Result<Option<Message>, HubError> {
        let Some(id) = answers else { return Ok(None) };
        // A message that was removed since is answered all the same, as the first of a chain.
        let opened = self.unseal_messages(access, &[id]).await?.into_iter().next().flatten();
        let Some((record, summary)) = opened else { return Ok(None) };
        let (format, raw) = self.unseal_blob(access, id, &record, &summary).await?;
        Ok(Some(format.parse(&raw).0))
    }

    async fn attachments(&self, access: &Access, draft: &Draft) -> Result<Vec<Attachment>, SubmitError> {
        let mut attachments = Vec::with_capacity(draft.files.len());
        let mut sum = 0u64;
        for file in &draft.files {
            let content = self.file_content(access, file).await?;
            let content =
                content.ok_or_else(|| SubmitError::NoFile(file.name.clone().unwrap_or_default()))?;
            sum = sum.saturating_add(content.len() as u64);
            if sum > DRAFT_BYTES_MAX {
                return Err(SubmitError::TooLarge);
            }
            attachments.push(Attachment {
                name: file.name.clone(),
                media_type: file.media_type.clone(),
                content_id: file.content_id.clone(),
                content,
            });
        }
        Ok(attachments)
    }

    async fn file_content(&self, access: &Access, file: &DraftFile) -> Result<Option<Vec<u8>>, HubError> {
        if let Some(part) = file.part {
            return Ok(self.part(access, file.blob, part).await?.map(|(_, bytes)| bytes));
        }
        if let Some((_, bytes)) = self.uploaded(access, file.blob).await? {
            return Ok(Some(bytes.to_vec()));
        }
        Ok(self.raw(access, BlobId::from_bytes(*file.blob.as_bytes())).await?.map(|raw| raw.to_vec()))
    }

    /// 128 random bits at the identity's domain: it names the message and tells nothing else (RFC 5322 §3.6.4).
    fn new_message_id(&self, own: &IdentityView) -> Rfc5322MessageId {
        let mut bytes = [0; 16];
        (self.core.entropy)(&mut bytes);
        let domain = own_handle(own).domain().unwrap_or_default();
        Rfc5322MessageId(format!("{}@{domain}", MessageId::from_bytes(bytes)))
    }
}

/// The handle of an identity. Internet mail is the only protocol whose identities are made yet.
pub(crate) fn own_handle(own: &IdentityView) -> Handle {
    Handle::literal(Protocol::Email, own.address.as_str())
}

fn check_recipients(draft: &Draft) -> Result<(), SubmitError> {
    let count = draft.recipients().count();
    if count == 0 {
        return Err(SubmitError::NoRecipients);
    }
    if count > RECIPIENTS_MAX {
        return Err(SubmitError::TooManyRecipients);
    }
    match draft.recipients().find(|person| Handle::parse(&person.handle.to_string()).is_none()) {
        Some(person) => Err(SubmitError::InvalidRecipient(shown(person.handle.address()))),
        None => Ok(()),
    }
}

/// An address that is none, fit for a sentence: one line, and no more than the eye takes.
fn shown(address: &str) -> String {
    let visible = |c: char| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c };
    address.chars().take(SHOWN_CHARS_MAX).map(visible).collect()
}

/// What it answers, and everything before (RFC 5322 §3.6.4).
fn chain(answered: &Message) -> (Option<Rfc5322MessageId>, Vec<Rfc5322MessageId>) {
    let mut references = answered.references.clone();
    references.extend(answered.id.clone());
    (answered.id.clone(), references)
}

/// An answer that goes where the list's message went, beside its author, goes to the list.
fn goes_to_its_list(draft: &Draft, answered: &Message) -> bool {
    let addressed = answered.to.iter().chain(&answered.cc).chain(&answered.reply_to);
    let mut addressed = addressed.filter(|person| !answered.from.contains(person));
    addressed.any(|person| draft.to.iter().chain(&draft.cc).any(|other| other.handle == person.handle))
}
