//! A letter to the bytes of a message (RFC 5322, 2045 to 2049, 2183, 2231, 2387, 3676, 6532).
//!
//! Pure: the same letter gives the same bytes. Nothing is written that the letter does not say: no name of a
//! program, no host, no `Received`, no `Sender`, no hidden recipient. Every field passes `fields`, which is
//! the one place where text becomes a header; every body passes `encode`.
//!
//! What comes out is 7-bit in all its bodies, has lines of at most 998 bytes that end in CRLF, and is ASCII
//! unless an address itself is not (RFC 6532): [`needs_smtputf8`] says so.

pub(crate) mod encode;
mod fields;
mod files;
mod flowed;
mod parts;
mod report;
mod submitted;

pub use report::{ReportLetter, build_report};
pub use submitted::{Submitted, SubmittedError, complete};

use crate::{
    headers::Field,
    html,
    limits::{BODY_TEXT_BYTES_MAX, HTML_BYTES_MAX, MESSAGE_BYTES_MAX},
    structure::Tree,
};
use caliopen_model::Letter;
use fields::Fields;
use parts::Part;

/// Why a letter cannot become a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// An address, or the message's own id, holds what no header may hold: somebody corrects the address.
    #[error("an address of the letter cannot be written in a header")]
    Address,
    /// The message, or its formatted text, would be larger than `limits` allow: something is left out, or sent
    /// another way.
    #[error("the message, or its formatted text, is larger than may be sent")]
    TooLarge,
}

/// Writes a letter as a message.
///
/// # Errors
///
/// When an address cannot be written, or the message is larger than `limits::MESSAGE_BYTES_MAX`, or its
/// formatted text than `limits::HTML_BYTES_MAX`, beyond which no part of it would be cleaned.
pub fn build(letter: &Letter) -> Result<Vec<u8>, BuildError> {
    let files: usize = letter.attachments.iter().map(|file| file.content.len()).sum();
    let formatted = letter.html.as_ref().map_or(0, String::len);
    if files.saturating_add(letter.text.len()) > MESSAGE_BYTES_MAX || formatted > HTML_BYTES_MAX {
        return Err(BuildError::TooLarge);
    }
    let mut fields = Fields::default();
    fields.people("From", std::slice::from_ref(&letter.from))?;
    if letter.to.is_empty() && letter.cc.is_empty() {
        // Everybody is a hidden recipient: an empty group says that it is meant (RFC 5322 §3.4).
        fields.verbatim("To", "undisclosed-recipients:;");
    }
    fields.people("To", &letter.to)?;
    fields.people("Cc", &letter.cc)?;
    fields.text("Subject", &letter.subject);
    fields.date("Date", letter.sent_at);
    fields.own_id(&letter.id)?;
    fields.chain(letter.in_reply_to.as_ref(), &letter.references);
    fields.verbatim("MIME-Version", "1.0");
    let message = content(letter).write(fields, letter.chance);
    if message.len() > MESSAGE_BYTES_MAX { Err(BuildError::TooLarge) } else { Ok(message) }
}

/// Text, or text and HTML; then the files.
fn content(letter: &Letter) -> Part<'_> {
    let ids: Vec<&str> = letter.attachments.iter().filter_map(files::content_id).collect();
    let sent = letter.html.as_deref().map(|html| html::html_to_send(html, &ids));
    let shown = |file: &&caliopen_model::Attachment| {
        let id = files::content_id(file);
        sent.as_ref().is_some_and(|sent| sent.content_ids.iter().any(|shown| Some(shown.as_str()) == id))
    };
    let (images, files): (Vec<_>, Vec<_>) = letter.attachments.iter().partition(shown);
    let body = match &sent {
        None => text(&letter.text),
        Some(sent) => {
            let plain = if flowed::plain(&letter.text).trim().is_empty() {
                text(&html::text_of(&sent.document, BODY_TEXT_BYTES_MAX))
            } else {
                text(&letter.text)
            };
            let html = Part::text("text/html", &[("charset", "utf-8")], &sent.document);
            let html = Part::related(html, images.into_iter().map(files::inline).collect());
            Part::multipart("multipart/alternative", vec![plain, html])
        }
    };
    if files.is_empty() {
        return body;
    }
    let parts = std::iter::once(body).chain(files.into_iter().map(files::attached)).collect();
    Part::multipart("multipart/mixed", parts)
}

/// Plain text that programs may wrap anew (RFC 3676).
fn text(text: &str) -> Part<'static> {
    let parameters = [("charset", "utf-8"), ("format", "flowed"), ("delsp", "no")];
    Part::text("text/plain", &parameters, &flowed::compose(text))
}

/// Whether a message can only be handed to a host that offers SMTPUTF8 (RFC 6531 §3.2): a header of it, or
/// of one of its parts, holds bytes over 127. Messages inside the message are not looked into.
pub fn needs_smtputf8(raw: &[u8]) -> bool {
    if raw.is_ascii() {
        return false;
    }
    let tree = Tree::read(raw, &mut crate::defects::Defects::default());
    tree.nodes().iter().any(|node| !node.headers.fields().iter().all(Field::is_ascii))
}
