//! The Internet-mail connector: listeners, SPF, DKIM, DMARC, ARC, reading of mail, and delivery.

pub mod deliver;
mod encryption_report;
mod failures;
mod format;
pub mod listen;
mod reports;
mod resolver;
mod shown;
mod tls;
pub mod verify;

pub use format::EmailFormat;
