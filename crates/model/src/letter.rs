//! A message before it has bytes: what the person composed, and nothing about how or where they did.

use crate::{Handle, Participant, Rfc5322MessageId, Timestamp};

/// What a connector makes a message of. Hidden recipients are not here: they stand in envelopes alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its own id: random, and of the identity's domain.
    pub id: Rfc5322MessageId,
    /// When it is sent. Written in UTC, so that it says nothing of where.
    pub sent_at: Timestamp,
    /// The identity that it is written from.
    pub from: Participant,
    /// The first recipients.
    pub to: Vec<Participant>,
    /// The other recipients.
    pub cc: Vec<Participant>,
    /// The subject; empty for none.
    pub subject: String,
    /// What it answers; none for the first message of a chain.
    pub in_reply_to: Option<Rfc5322MessageId>,
    /// The chain before it, oldest first.
    pub references: Vec<Rfc5322MessageId>,
    /// The text, with `\n` line ends. Paragraphs are not wrapped.
    pub text: String,
    /// The same text with its formatting, when the person used any: an allow-listed fragment of HTML.
    pub html: Option<String>,
    /// Files, and images that `html` shows.
    pub attachments: Vec<Attachment>,
    /// Random bytes for what must not be guessable, such as the boundaries between parts.
    pub chance: [u8; 32],
}

/// A file that goes with a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The file's name, without folders.
    pub name: Option<String>,
    /// `type/subtype`.
    pub media_type: String,
    /// What `html` calls it (`cid:`), when it is shown in the text; none for a file beside it.
    pub content_id: Option<String>,
    /// Its bytes.
    pub content: Vec<u8>,
}

impl Letter {
    /// Everybody whom the message itself names as a recipient.
    pub fn named_recipients(&self) -> impl Iterator<Item = &Handle> {
        self.to.iter().chain(&self.cc).map(|person| &person.handle)
    }
}
