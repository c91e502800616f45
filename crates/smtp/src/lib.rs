//! SMTP, message submission and LMTP (RFC 5321, 6409, 2033) as state machines without I/O, plus a thin tokio driver.
//!
//! [`Session`] is the receiving side of one connection: bytes go in, [`Step`]s come out. It reads no clock,
//! opens no socket and awaits nothing; [`drive`] does that for it. Extensions: SIZE (RFC 1870), PIPELINING
//! (RFC 2920), CHUNKING (RFC 3030), ENHANCEDSTATUSCODES (RFC 2034, 3463), STARTTLS (RFC 3207), 8BITMIME
//! (RFC 6152), SMTPUTF8 (RFC 6531), and for submission AUTH (RFC 4954). DSN (RFC 3461) and REQUIRETLS (RFC 8689) are
//! offered by whoever can keep them. What is not offered is refused by name, as BINARYMIME is (RFC 3030 §3).
//!
//! [`client`] is the sending side, made the same way.
//!
//! Lines end with CRLF and with nothing else, in commands and in messages. A peer that sends a bare CR or LF
//! is refused, so that no two servers on a message's way can disagree about where it ends.

mod auth;
mod budget;
pub mod client;
mod command;
mod config;
mod content;
mod driver;
mod limits;
mod path;
mod replies;
mod reply;
mod reports;
mod session;

pub use auth::{Credentials, SignInVerdict};
pub use budget::{Budget, Reservation};
pub use config::{Config, ConfigError, Dialect};
pub use driver::{Ended, Handler, Timeouts, drive, stop_asked};
pub use limits::Limits;
pub use replies::{TOO_MANY_CONNECTIONS, TOO_MANY_CONNECTIONS_FROM_ADDRESS};
pub use reply::{EnhancedStatus, Reply};
pub use reports::{Notify, RecipientAsked, ReportsAsked, Returned};
pub use session::{Delivery, DeliveryVerdict, Envelope, RecipientVerdict, Refusal, Session, Step};
