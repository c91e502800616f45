//! A message that is being written.

use crate::{BlobId, ConversationId, DraftId, IdentityId, MessageId, PartId, Participant};

/// What the person has written so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Who it is written as.
    pub identity: IdentityId,
    /// Where it was begun.
    pub conversation: Option<ConversationId>,
    /// The message that it answers.
    pub answers: Option<MessageId>,
    /// The message that it passes on.
    pub forwards: Option<MessageId>,
    /// The first recipients.
    pub to: Vec<Participant>,
    /// The other recipients.
    pub cc: Vec<Participant>,
    /// Recipients whom no other recipient sees.
    pub bcc: Vec<Participant>,
    /// The subject; empty for none.
    pub subject: String,
    /// The text, with `\n` line ends.
    pub text: String,
    /// The same with formatting, when the person used any.
    pub html: Option<String>,
    /// What goes with it.
    pub files: Vec<DraftFile>,
    /// Images keep what cameras write into them. Otherwise it is removed when the message leaves.
    pub keep_metadata: bool,
    /// Every host on the way has to prove who it is, and to ask the same of the next (RFC 8689). Where one cannot, the
    /// message does not leave, or is given back.
    pub requires_tls: bool,
    /// The draft that another device changed at the same time; this one keeps the other text.
    pub conflict_of: Option<DraftId>,
}

impl Draft {
    /// Everybody whom it would be sent to.
    pub fn recipients(&self) -> impl Iterator<Item = &Participant> {
        self.to.iter().chain(&self.cc).chain(&self.bcc)
    }
}

/// A file that goes with a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftFile {
    /// Where its bytes are.
    pub blob: BlobId,
    /// The part of the message that `blob` is; none for an upload, or for a whole message.
    pub part: Option<PartId>,
    /// The file's name.
    pub name: Option<String>,
    /// `type/subtype`.
    pub media_type: String,
    /// Its size. Written by the server.
    pub size_bytes: u64,
    /// What `html` calls it, when it is shown in the text.
    pub content_id: Option<String>,
}
