//! What would happen to a message that is not sent yet.

use crate::ServiceFacts;
use caliopen_model::{HopProof, Trouble};

/// What is to be expected of a message to one recipient, as far as it is known without speaking to their host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// Everything could be looked up in time. When not, the rest is what is known so far: no good news by itself.
    pub complete: bool,
    /// The hosts that would be tried, the best first.
    pub hosts: Vec<ExpectedHost>,
    /// The service on the other side, to become a handler once it is classified.
    pub service: ServiceFacts,
    /// Why the message would not leave, when that is known.
    pub trouble: Option<Trouble>,
}

/// One host, and what would be demanded of the channel to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedHost {
    /// Its name.
    pub host: String,
    /// What its channel would have to be.
    pub channel: ExpectedChannel,
    /// Its domain tries MTA-STS out: the policy names the host, and does not demand anything yet (RFC 8461 §5).
    pub is_on_trial: bool,
}

/// What a channel would have to be before a message goes over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedChannel {
    /// In clear, as the configuration says.
    Clear,
    /// Encrypted if the host can, else in clear.
    AsItCan,
    /// Encrypted, whoever answers.
    Encrypted,
    /// Encrypted, and the host proven by this.
    Proven(HopProof),
    /// Nothing would be sent to it: a policy speaks against it.
    Withheld,
}
