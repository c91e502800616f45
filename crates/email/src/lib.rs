//! The Internet-mail connector: listeners, SPF, DKIM, DMARC, ARC, and reading of mail.

mod format;
pub mod listen;
pub mod verify;

pub use format::EmailFormat;
