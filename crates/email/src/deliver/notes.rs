//! What a policy of another domain kept back, or would have kept back: what reports of TLS are made of (RFC 8460 §4).

use std::sync::Arc;

/// Takes notes. Called once for each connection or fetch that failed a policy; has to return at once.
pub type NoteTaker = Arc<dyn Fn(&Note) + Send + Sync>;

/// One failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Whose policy it is, in A-labels.
    pub domain: String,
    /// Which one.
    pub policy: PolicyKind,
    /// The host that failed it, when it came to one.
    pub host: Option<String>,
    /// How.
    pub failure: Failure,
    /// Whether the message went on all the same.
    pub sent: bool,
}

/// The policies that a domain can publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the standards' own")]
pub enum PolicyKind {
    Dane,
    MtaSts,
}

/// What went wrong, in the kinds of RFC 8460 §4.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// `starttls-not-supported`, or its handshake failed.
    StartTls,
    /// `validation-failure` or `certificate-host-mismatch`: the certificate does not prove the host.
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

/// Writes notes to the log, without saying whom they are about.
pub(super) fn logged() -> NoteTaker {
    Arc::new(|note| {
        tracing::info!(policy = ?note.policy, failure = ?note.failure, sent = note.sent, "a policy of TLS failed");
    })
}
