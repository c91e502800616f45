//! What the stories share: the real binary in a folder of its own, a client of its API, a peer that speaks SMTP and
//! LMTP line by line, and a name server that knows no name. Everything is on loopback.

pub mod api;
pub mod caliopen;
pub mod certificate;
pub mod dkim;
pub mod elsewhere;
pub mod folder;
pub mod hostile;
pub mod http;
pub mod nameless;
pub mod script;
pub mod stopwatch;
pub mod wire;

pub use api::Api;
pub use caliopen::Home;
pub use stopwatch::Stopwatch;
pub use wire::Wire;

/// The host that the stories are about.
pub const DOMAIN: &str = "caliopen.test";
pub const ALICE: &str = "alice@caliopen.test";
pub const BOB: &str = "bob@caliopen.test";
pub const PASSWORD: &str = "a long walk by the river";

/// A short message of Ana's, who is elsewhere.
pub fn letter(subject: &str, text: &str) -> Vec<u8> {
    format!(
        "From: Ana <ana@elsewhere.test>\r\nTo: {ALICE}\r\nSubject: {subject}\r\n\
         Date: Sun, 22 Nov 2026 12:00:00 +0000\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    )
    .into_bytes()
}
