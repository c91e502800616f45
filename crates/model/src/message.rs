//! A message as every protocol gives it: who, when, what, and which parts.

use crate::{EncryptionReport, Handle, Participant, Timestamp};

/// The `Message-ID` of RFC 5322 §3.6.4, without its angle brackets. The sender wrote it: it links replies,
/// and proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rfc5322MessageId(pub String);

/// Which way a message went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// To the user.
    Received,
    /// From the user.
    Sent,
}

/// The place of a part in its message, counted from 0 in the order of the parts' beginnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartId(pub u32);

/// How the sender wants a part shown (RFC 2183).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Disposition {
    /// In the text.
    Inline,
    /// As a file.
    Attachment,
}

/// A part that is a file, or an image inside the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its place.
    pub id: PartId,
    /// `type/subtype` in lower case.
    pub media_type: String,
    /// The file name, cleaned of paths, control characters and direction overrides.
    pub name: Option<String>,
    /// Bytes once decoded.
    pub size_bytes: u64,
    /// How the sender wants it shown.
    pub disposition: Disposition,
    /// `Content-ID` without its angle brackets.
    pub content_id: Option<String>,
}

/// What the structure of a message says about signing and encrypting (RFC 3156, RFC 8551, inline armour).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Protection {
    /// Nothing recognised.
    #[default]
    None,
    /// `multipart/signed` with OpenPGP: the signature is not checked yet.
    PgpSigned,
    /// `multipart/encrypted` with OpenPGP.
    PgpEncrypted,
    /// Armour in the text: a cleartext signature.
    PgpInlineSigned,
    /// Armour in the text: an encrypted message.
    PgpInlineEncrypted,
    /// S/MIME signature.
    SmimeSigned,
    /// S/MIME encryption.
    SmimeEncrypted,
}

/// Something wrong with the bytes of a message. A message is never refused for one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Defect {
    /// A short stable word, for example `bare-cr` or `depth-limit`.
    pub code: &'static str,
    /// What was found, in English, for `inspect`. Holds no text of the message.
    pub detail: String,
}

/// Something that the person should see beside the sender's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Warning {
    /// `From` names several addresses.
    SeveralFrom,
    /// `From` is missing or names nobody.
    NoFrom,
    /// The display name holds an address other than the real one.
    NameLooksLikeAddress,
    /// Replies would go to another domain than the one that is shown.
    ReplyGoesElsewhere,
    /// The address mixes scripts, or uses look-alike letters.
    LookAlikeAddress,
    /// A header that may stand once stands twice.
    DuplicateHeader,
}

/// A message once its bytes were read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    /// Its own id, as the sender wrote it.
    pub id: Option<Rfc5322MessageId>,
    /// What it answers, then everything before, nearest last, each once.
    pub references: Vec<Rfc5322MessageId>,
    /// The authors.
    pub from: Vec<Participant>,
    /// Where replies should go, when it is not `from`.
    pub reply_to: Vec<Participant>,
    /// The first recipients.
    pub to: Vec<Participant>,
    /// The other recipients.
    pub cc: Vec<Participant>,
    /// The subject, decoded.
    pub subject: Option<String>,
    /// When the sender says that it was written.
    pub sent_at: Option<Timestamp>,
    /// The list's identifier (RFC 2919), in lower case, and its name.
    pub list: Option<(String, Option<String>)>,
    /// `Auto-Submitted`, `Precedence: bulk`, `List-Unsubscribe`, or a no-reply author.
    pub automated: bool,
    /// The room that the protocol itself names.
    pub room: Option<Handle>,
    /// The beginning of the text: one line, at most 200 characters, quotes left out.
    pub excerpt: String,
    /// Files and inline images.
    pub parts: Vec<Part>,
    /// Signed or encrypted, by its structure.
    pub protection: Protection,
    /// What the person should be told.
    pub warnings: Vec<Warning>,
}

/// What the person set on a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Keywords {
    /// `$seen` (RFC 8621 §4.1.1).
    pub seen: bool,
    /// `$flagged`.
    pub flagged: bool,
}

/// Hostile HTML made safe: an allow-list of elements, and a style sheet written from its own syntax tree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SafeHtml {
    /// The content of a body element: no style attributes, no scripts, no URL that loads.
    pub html: String,
    /// The style sheet that goes with it, every selector under the message's own prefix.
    pub css: String,
    /// Things that would have been fetched from elsewhere.
    pub remote_count: u32,
    /// `Content-ID`s of inline images, in order of first use; `html` names them as `data-cid="N"`.
    pub content_ids: Vec<String>,
    /// Pictures that stand elsewhere, as `https` URLs in order of first use; `html` names them as `data-remote="N"`.
    pub remote_images: Vec<String>,
}

/// One displayable part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Plain text, with the line numbers (from 0, end excluded) where quotations stand.
    Text {
        /// The text, with `\n` line ends.
        text: String,
        /// Ranges of quoted lines, in order.
        quoted_lines: Vec<(u32, u32)>,
    },
    /// HTML, with what the same part says as plain text.
    Html {
        /// Safe to show in its sandbox.
        safe: SafeHtml,
        /// For search, excerpts, and people who prefer text.
        text: String,
    },
}

/// Everything that is shown of one message: one body for each displayable part, never joined.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// In order.
    pub bodies: Vec<Body>,
    /// Every header field as it stood, name and unfolded value, for the source view.
    pub headers: Vec<(String, String)>,
    /// The language that it is in, as a tag (BCP 47): what it says itself, else what its words look like; none when nobody can
    /// tell.
    pub language: Option<String>,
    /// The report of encryption that it is, when it is one.
    pub encryption_report: Option<EncryptionReport>,
}
