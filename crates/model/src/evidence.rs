//! Evidence: what Caliopen checked itself, at its own boundary. Verdicts are data.
//!
//! Nothing that a sender wrote becomes evidence by itself. What was not checked is `Unknown`, or
//! absent, and absent never means good. The order of a list of evidence carries no meaning.

/// One fact about a message, established by a check of our own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Evidence {
    /// How one hop that this host took part in was protected.
    Hop(Hop),
    /// Who the message is from, as far as Internet mail can prove it.
    Authentication(Authentication),
    /// A service that carried the message, and what it could see.
    Handler(Handler),
    /// End-to-end encryption, as found by opening the message or by recognising its structure.
    Encryption(Encryption),
    /// What is known of the key that signed or encrypted the message.
    Key(KeyStanding),
    /// Which way the metadata went.
    Metadata(MetadataPath),
    /// How the message is kept on one side.
    AtRest(AtRest),
    /// The device that wrote or opened the message.
    Device(DeviceStanding),
    /// What serves the other side.
    Peer(PeerService),
    /// The message went through a bridge or gateway that decrypted it.
    DecryptedByBridge {
        /// Who runs it.
        operator: String,
    },
    /// The message stands in a public archive.
    PubliclyArchived {
        /// Where.
        archive: String,
    },
    /// Carried by the telephone network (SMS).
    TelephoneNetwork,
    /// Administrators of several services can read it (a Mastodon direct message).
    ReadableByServices {
        /// Their names.
        operators: Vec<String>,
    },
    /// What proved who answered on a hop whose [`Hop::security`] is [`HopSecurity::Authenticated`]. It explains that
    /// hop, and counts for nothing by itself.
    HopProven {
        /// The peer, as the hop names it.
        peer: String,
        /// By what.
        by: HopProof,
    },
    /// How the list of the message is left by one request (RFC 8058) stands under a signature that passed: it may be
    /// offered. It counts for nothing by itself.
    OneClickSigned {
        /// Whose signature, its `d=`.
        domain: String,
    },
}

/// One hop: the peer that we spoke with, and how.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Hop {
    /// Host name or address of the other end, for the explanation.
    pub peer: String,
    /// What protected it.
    pub security: HopSecurity,
    /// The facts of the TLS session, when there was one.
    pub tls: Option<TlsFacts>,
}

/// What protected a hop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HopSecurity {
    /// We could not see it.
    Unknown,
    /// In clear.
    Clear,
    /// TLS without a proof of who answered.
    Opportunistic,
    /// TLS whose peer was authenticated: DANE, enforced MTA-STS, REQUIRETLS.
    Authenticated,
    /// No network: both people are on this server.
    SameServer,
}

/// What proved who answered on a hop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HopProof {
    /// The certificate is the one that the host's DNS describes, validated with DNSSEC here (RFC 7672).
    Dane,
    /// The domain names its hosts and wants their certificates proven (RFC 8461, `enforce`).
    MtaSts,
    /// The configuration names the host and wants its certificate proven.
    Configured,
}

/// A TLS session as our end saw it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TlsFacts {
    /// `TLSv1.3` or `TLSv1.2`.
    pub version: String,
    /// The cipher suite's IANA name.
    pub cipher: String,
    /// The key exchange group's name, for example `X25519MLKEM768`.
    pub group: Option<String>,
}

/// SPF, DKIM, DMARC and ARC of one message, checked at arrival.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Authentication {
    /// The domain of the address that is shown (RFC 5322 From).
    pub from_domain: Option<String>,
    /// RFC 7208, on the envelope's reverse path or HELO.
    pub spf: SpfResult,
    /// The domain that SPF was checked for.
    pub spf_domain: Option<String>,
    /// RFC 6376, one for each signature that was checked.
    pub dkim: Vec<DkimVerdict>,
    /// RFC 9989, for `from_domain`.
    pub dmarc: DmarcResult,
    /// RFC 8617.
    pub arc: ArcResult,
    /// The answers that the verdict rests on were validated with DNSSEC.
    pub dnssec: bool,
}

/// RFC 7208 §2.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the words are the standard's own")]
pub enum SpfResult {
    None,
    Neutral,
    Pass,
    Fail,
    Softfail,
    Temperror,
    Permerror,
}

/// RFC 8601 §2.7.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the words are the standard's own")]
pub enum DkimResult {
    None,
    Pass,
    Fail,
    Policy,
    Neutral,
    Temperror,
    Permerror,
}

/// One DKIM signature (RFC 6376 §3.5).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DkimVerdict {
    /// `d=`.
    pub domain: String,
    /// `s=`.
    pub selector: String,
    /// What the check said.
    pub result: DkimResult,
    /// `l=` leaves the end of the body unsigned: never counts as a pass (RFC 6376 §8.2).
    pub body_length_limited: bool,
}

/// RFC 9989.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DmarcResult {
    /// The domain has no policy, or there is no single domain to ask.
    None,
    /// SPF or DKIM passed for a domain aligned with From.
    Pass,
    /// A policy exists and neither did.
    Fail,
    /// The check could not be finished: unknown.
    Temperror,
    /// The policy cannot be read.
    Permerror,
}

/// RFC 8617 §5.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the words are the standard's own")]
pub enum ArcResult {
    None,
    Pass,
    Fail,
    Temperror,
}

/// A service on the way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Handler {
    /// The name that people know, for example `Gmail`; else the domain or host.
    pub name: String,
    /// How it lives.
    pub class: HandlerClass,
    /// What it could see.
    pub sees: HandlerSees,
    /// What the class rests on: `mx`, `network`, `received`, for the explanation.
    pub found_by: String,
}

/// How a service lives; the worst one on the way counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HandlerClass {
    /// Advertising, named in a mass-surveillance programme, or a telephone network.
    E,
    /// Large and commercial, without advertising.
    D,
    /// Unknown.
    C,
    /// Privacy charter, paid or non-profit.
    B,
    /// Self-hosted, or a labelled Caliopen.
    A,
}

/// What a service on the way could see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HandlerSees {
    /// Who writes to whom, when.
    Metadata,
    /// And what is said.
    Content,
}

/// End-to-end encryption of a message.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Encryption {
    /// By which scheme.
    pub scheme: EncryptionScheme,
    /// Who holds the other side's private key.
    pub theirs: Custody,
    /// Who holds the user's private key.
    pub ours: Custody,
    /// Old messages stay closed when a key leaks (OMEMO, Olm, MLS).
    pub forward_secrecy: bool,
    /// Headers are protected and every part is covered.
    pub covers_everything: bool,
    /// The key exchange resists a quantum computer.
    pub post_quantum: bool,
}

/// How a message was encrypted end to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the schemes' own")]
pub enum EncryptionScheme {
    OpenPgp,
    Smime,
    Omemo,
    Megolm,
    Mls,
    Caliopen,
}

/// Who holds a private key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Custody {
    /// Nobody told us: counted as a server until proven otherwise.
    Unknown,
    /// A server can use it.
    Server,
    /// Only the person's devices have it.
    Client,
}

/// What is known of the key that the other person used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyStanding {
    /// A signature that is wrong.
    BadSignature,
    /// The contact was verified with another key than this one.
    ChangedAfterVerification,
    /// Seen for the first time.
    FirstSeen,
    /// The same for at least 7 days and 3 messages.
    Unchanged,
    /// Confirmed by a directory: WKD, DNSSEC OPENPGPKEY, or signed by the service.
    DirectoryConfirmed,
    /// Verified between the two people.
    Verified,
}

/// Which way the metadata went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MetadataPath {
    /// Bare, through relays.
    Bare,
    /// Straight from the sender's server to ours.
    DirectServerToServer,
    /// Sealed, inside or between Caliopens.
    IntraCaliopenSealed,
}

/// How a message is kept on one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AtRest {
    /// Whose side.
    pub side: Side,
    /// How.
    pub state: AtRestState,
}

/// The user's side, or the other one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "said above")]
pub enum Side {
    Here,
    There,
}

/// How a message is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AtRestState {
    /// Nobody told us.
    Unknown,
    /// Encrypted with keys that the server manages.
    ManagedByServer,
    /// Sealed to a key of the user's.
    SealedToUser,
}

/// The device that wrote or opened the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeviceStanding {
    /// Its own privacy index.
    Index(u8),
    /// Known to be unsafe.
    Unsafe,
}

/// What serves the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PeerService {
    /// Something that is not a Caliopen.
    Other,
    /// A Caliopen that nobody vouches for.
    Caliopen,
    /// A labelled Caliopen, as this one is.
    LabelledCaliopen,
}
