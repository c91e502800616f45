//! What is known of a user's own side: the accounts that they write from, and whom they wrote to.

use crate::{DeviceEvidence, HandlerClass, PeerService};

/// One fact about an account that the user writes from: an identity, here or elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum AccountEvidence {
    /// The service that keeps it.
    Provider {
        /// The name that people know; else its domain.
        name: String,
        /// How it lives.
        class: HandlerClass,
    },
    /// What it runs.
    Service(PeerService),
    /// What the account accepts as proof of its person; the weakest way in counts.
    SignIn(SignIn),
    /// What its domain demands of whoever brings mail.
    Transport(TransportPolicy),
    /// Whether others can encrypt to it.
    EndToEnd(EndToEnd),
    /// Who can open what it keeps.
    Keys(KeyHolder),
    /// How its person gets back in.
    Recovery(Recovery),
}

/// A way to sign in, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignIn {
    /// A password alone.
    Password,
    /// A password for one program, which its person can withdraw.
    AppPassword,
    /// A permission that its person can withdraw, without any password here (OAuth).
    Grant,
    /// A password and something else.
    SecondFactor,
    /// A passkey and nothing weaker.
    Passkey,
}

/// What a domain demands of whoever brings mail, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TransportPolicy {
    /// Nothing.
    None,
    /// It asks to be told of failures only (RFC 8461, `testing`).
    Testing,
    /// A proven server (RFC 8461, `enforce`, or RFC 7672).
    Enforced,
}

/// Whether others can encrypt to an account from end to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndToEnd {
    /// It has no key.
    NoKey,
    /// It has a key that others have to be given.
    Possible,
    /// Its key can be found by whoever wants to write.
    Published,
}

/// Who can open what an account keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyHolder {
    /// The service, at any time.
    Service,
    /// A server, while the person is signed in there.
    Server,
    /// The person's devices alone.
    Devices,
}

/// How a person gets back into an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Recovery {
    /// The service lets them in, and so could let in somebody else.
    ByService,
    /// A message to another account or telephone opens it.
    ByOtherAccount,
    /// There is no way back.
    NoWay,
    /// With a code that they alone hold.
    OwnCode,
}

/// One fact about a user: what the index of a person follows from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum UserEvidence {
    /// Messages to people in the window that counts, so many to each at most.
    Sent {
        /// How many.
        messages: u32,
        /// The sum of their indices.
        total: u32,
    },
    /// People whom the user wrote to in the window, and who can be reached alike.
    People {
        /// Their index.
        index: u8,
        /// How many there are.
        count: u32,
    },
    /// An account that the user writes from, by its own evidence.
    Account(Vec<AccountEvidence>),
    /// A device in use, by its own evidence.
    Device(Vec<DeviceEvidence>),
}
