//! RFC 8620 over HTTP: methods, push, blobs and our types. The only room that knows API shapes.
//!
//! docs/api says what is spoken here. A request goes from its path in `http`, which finds out who asks and bounds
//! what comes in, to `rfc8620`, which knows the standard and no type of object, to the file of its type in `types`,
//! which asks the hub; `methods` is the table between the two. Whoever prints what the API shows uses the same shapes:
//! [`Explanation`], [`Body`] and [`words`]. What is not here: any rule of the domain, TLS, and the accepting of
//! connections.

mod http;
mod limits;
mod methods;
mod rfc8620;
mod types;

pub use http::{PATHS_READ, PeerAddress};
pub use limits::Limits;
pub use methods::METHODS;
pub use types::{Body, Explanation, words};

use caliopen_hub::Hub;
use http::Turns;
use std::sync::Arc;

/// What the API is made of.
#[derive(Clone)]
pub struct Api {
    /// The use cases.
    pub hub: Arc<Hub>,
    /// What is declared and kept of RFC 8620 §2.
    pub limits: Limits,
    /// Where people reach this server, for example `https://mail.example.org`, without a final slash. When it is
    /// empty the Session object names paths alone, which resolve against its own address.
    pub public_url: String,
    /// Where people's other programs send from; none where they cannot.
    pub submission: Option<SubmissionServer>,
}

/// What a person types into another program, beside the address and an app password.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SubmissionServer {
    /// The server's name, as its certificate has it.
    pub host: String,
    /// The port of TLS from the first byte (RFC 8314 §3.3); none when it is not open.
    pub port: Option<u16>,
    /// The port of STARTTLS; none when it is not open.
    pub starttls_port: Option<u16>,
}

/// One router's own state.
#[derive(Clone)]
pub(crate) struct Shared {
    api: Arc<Api>,
    turns: Arc<Turns>,
}

/// Every path of docs/api. Each request carries a [`PeerAddress`] among its extensions; without it, the sign-in
/// limits of all addresses are one.
pub fn router(api: Api) -> axum::Router {
    http::routes(Shared { api: Arc::new(api), turns: Arc::default() })
}
