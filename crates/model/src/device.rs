//! What is known of a device, and of the network that it is on: facts in, never an opinion.
//!
//! A fact that nobody established is absent, and absent never means good.

/// One fact about a device and its access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeviceEvidence {
    /// Whether a key of its own signs its sessions. Always checked by the server.
    Key(DeviceKey),
    /// What showed, when it signed in, that it is its person who uses it. Always checked by the server.
    Person(PersonCheck),
    /// Whether its operating system still gets corrections.
    System(Support, Basis),
    /// Whether its browser still gets corrections.
    Browser(Support, Basis),
    /// How it keeps what it stores of the correspondence.
    LocalStore(LocalStore, Basis),
    /// How long and how regularly it has been used.
    Use(DeviceUse),
    /// The network that it is on.
    Network(Network, Basis),
    /// The user said that others use it too.
    SharedComputer,
    /// Something between it and the server opens its TLS sessions.
    TlsIntercepted,
}

/// What a fact rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// The user, or the device itself, says so.
    Declared,
    /// A check of ours showed it.
    Measured,
}

/// Whether a device has a key that cannot leave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeviceKey {
    /// Its session is a cookie or a token alone.
    NotEnrolled,
    /// Its key signs its session.
    Enrolled,
}

/// What showed that it is the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PersonCheck {
    /// A password, or nothing since.
    Password,
    /// A passkey that verified its user (WebAuthn Level 3 §6.1, the flag UV).
    Passkey,
}

/// Whether a program still gets corrections from its maker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Support {
    /// Its maker has given it up.
    EndOfLife,
    /// It gets corrections.
    Supported,
}

/// How a device keeps what it stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LocalStore {
    /// Readable for whoever holds the device.
    InClear,
    /// Encrypted.
    Encrypted,
}

/// How long a device is known, and on how many different days it was used. Counted in days that the server saw, so
/// that a clock which jumps ages nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeviceUse {
    /// Different days on which it was used since its first session.
    pub days_known: u16,
    /// Different days, of the last 30, on which it was used.
    pub days_used: u8,
}

/// A network, as far as the server can tell or the user said. Worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Network {
    /// Anybody can join it: open Wi-Fi.
    Open,
    /// Not one that this device is usually on.
    Unknown,
    /// Tor or a VPN: which network is behind it cannot be seen, on purpose.
    Tunnel,
    /// One that the user named as theirs, and that is recognised.
    Known,
}
