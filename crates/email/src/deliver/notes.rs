//! Where encryption with another domain failed, and what its policy kept back, or would have kept back: what reports of TLS
//! are made of (RFC 8460 §4).

use caliopen_model::CertificateStanding;
use std::sync::Arc;

/// Takes notes. Called once for each connection or fetch that failed; has to return at once.
pub type NoteTaker = Arc<dyn Fn(&Note) + Send + Sync>;

/// One failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Whose policy it is, in A-labels.
    pub domain: String,
    /// Which one; none where it has none, and the host does not encrypt.
    pub policy: Option<PolicyKind>,
    /// The host that failed it, when it came to one.
    pub host: Option<String>,
    /// How.
    pub failure: Failure,
    /// Whether the message went on all the same.
    pub sent: bool,
}

/// The policies that a domain can publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the standards' own")]
pub enum PolicyKind {
    Dane,
    MtaSts,
}

/// What went wrong, in the kinds of RFC 8460 §4.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Failure {
    /// `starttls-not-supported`, or its handshake failed.
    StartTls,
    /// `certificate-host-mismatch`: the certificate is of another name.
    OtherName,
    /// `certificate-expired`, or not valid yet.
    OutOfDate,
    /// `certificate-not-trusted`: no known authority vouches for it.
    UnknownAuthority,
    /// `validation-failure`: it is not what DANE describes, or cannot be read.
    Certificate,
    /// The host is none of the policy's.
    HostNotNamed,
    /// `sts-policy-fetch-error`.
    PolicyFetch,
    /// `sts-policy-invalid`.
    PolicyInvalid,
    /// `dnssec-invalid`: the records are signed wrongly, or hidden.
    Records,
}

impl Failure {
    /// Each of them.
    pub(super) const ALL: [Self; 9] = [
        Self::StartTls,
        Self::OtherName,
        Self::OutOfDate,
        Self::UnknownAuthority,
        Self::Certificate,
        Self::HostNotNamed,
        Self::PolicyFetch,
        Self::PolicyInvalid,
        Self::Records,
    ];

    /// What it is called in our own file.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::StartTls => "starttls",
            Self::OtherName => "other-name",
            Self::OutOfDate => "out-of-date",
            Self::UnknownAuthority => "unknown-authority",
            Self::Certificate => "certificate",
            Self::HostNotNamed => "host-not-named",
            Self::PolicyFetch => "policy-fetch",
            Self::PolicyInvalid => "policy-invalid",
            Self::Records => "records",
        }
    }

    /// What a certificate falls short of where an authority has to vouch for the host's name; none when one does.
    pub(super) const fn of_certificate(standing: CertificateStanding) -> Option<Self> {
        match standing {
            CertificateStanding::Vouched => None,
            CertificateStanding::OtherName => Some(Self::OtherName),
            CertificateStanding::OutOfDate => Some(Self::OutOfDate),
            CertificateStanding::UnknownAuthority => Some(Self::UnknownAuthority),
            CertificateStanding::Broken => Some(Self::Certificate),
        }
    }
}

/// Writes notes to the log, without saying whom they are about.
pub(super) fn logged() -> NoteTaker {
    Arc::new(|note| {
        if let Some(policy) = note.policy {
            tracing::info!(?policy, failure = ?note.failure, sent = note.sent, "a policy of TLS failed");
        }
    })
}
