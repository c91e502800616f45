//! RFC 5322 and MIME: bytes to a message, a letter to bytes, and hostile HTML to safe HTML. Pure.
//!
//! Reading is lenient, since strangers wrote it. [`parse`], [`read`], [`texts`], [`part`], [`safe_html`] and
//! [`linkify`] take any bytes: they do not fail, do not panic, and use time and memory bounded by [`limits`]
//! and the size of their input. What is beyond a limit stays in the raw message, and is named by a defect.
//! Writing is strict: what [`build`] gives is well-formed, or it is an error. [`complete`] takes what another program
//! wrote, and answers for who it is from.
//!
//! Files of mail ([`Container`], [`pack`]): mbox (RFC 4155), Maildir, tar, zip, gzip (RFC 1952).
//!
//! Standards: RFC 5322 (messages), 2045 to 2047 and 2049 (MIME), 2183 and 2231 (dispositions, parameters),
//! 6532 (UTF-8 headers), 3676 (flowed text), 2387 (related), 2919, 2369 and 8058 (lists), 3834 (automatic
//! mail), 3156 and 8551 (signed and encrypted structures).
//!
//! Two rules hold everywhere: parts are never joined, and an encoded word is never decoded inside an
//! address. mail-parser, mail-builder, ammonia and cssparser are known in this room alone.
//!
//! The property tests in `tests/` drive the same five entry points that a fuzzer would: any bytes, and
//! mutations of the golden messages in `tests/fixtures`.

mod address;
mod body;
mod build;
mod caution;
mod charset;
mod clean;
mod container;
mod defects;
mod displayed;
mod headers;
mod html;
mod ids;
mod language;
pub mod limits;
mod lines;
mod linkify;
mod message;
mod metadata;
mod one_click;
mod protection;
mod reading;
mod report;
mod structure;
mod text;
mod transfer;
mod vendor;

pub use build::{
    BuildError, ReportLetter, Submitted, SubmittedError, build, build_report, complete, needs_smtputf8,
};
pub use container::{Container, pack, tar_head};
pub use html::safe_html;
pub use linkify::{Span, linkify};
pub use message::parse;
pub use metadata::{Stripped, strip_metadata};
pub use one_click::{LIST_UNSUBSCRIBE, LIST_UNSUBSCRIBE_POST, ONE_CLICK, one_click, one_click_of};
pub use reading::{part, read, texts};
pub use report::{Action, DeliveryReport, RecipientReport, delivery_report};
