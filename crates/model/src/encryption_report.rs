//! What another host says of how encryption with a domain went (TLS reporting, RFC 8460). Its own words.

use crate::Timestamp;

/// A report about one day, as a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncryptionReport {
    /// Who says so, as it calls itself.
    pub organisation: Option<String>,
    /// The beginning of the time that it is about.
    pub from: Timestamp,
    /// The end of it.
    pub until: Timestamp,
    /// By what the domain demands.
    pub policies: Vec<ReportedPolicy>,
}

/// Sessions under one policy of a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedPolicy {
    /// Which kind of policy.
    pub kind: ReportedPolicyKind,
    /// Whose.
    pub domain: String,
    /// Sessions that met it.
    pub met: u32,
    /// Sessions that did not.
    pub failed: u32,
    /// Why not.
    pub failures: Vec<ReportedFailure>,
}

/// The kinds of RFC 8460 §4.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the standards' own")]
pub enum ReportedPolicyKind {
    Dane,
    MtaSts,
    NoPolicy,
    Other,
}

/// Sessions that failed alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedFailure {
    /// How.
    pub kind: ReportedFailureKind,
    /// The host that was spoken to.
    pub host: Option<String>,
    /// How many.
    pub sessions: u32,
}

/// What went wrong (RFC 8460 §4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportedFailureKind {
    /// The host did not offer encryption.
    NotOffered,
    /// Its certificate is of another name.
    OtherName,
    /// Its certificate is out of date.
    OutOfDate,
    /// No authority that the sender knows vouches for it.
    NotTrusted,
    /// The certificate is not what DANE says, or is broken.
    NotProven,
    /// The TLSA records are wrong, or their signature is.
    Records,
    /// The sender demands DANE, and there is none.
    DaneRequired,
    /// The policy of MTA-STS could not be fetched.
    PolicyFetch,
    /// The policy of MTA-STS is none.
    PolicyInvalid,
    /// The host that gives the policy has a certificate that proves nothing.
    PolicyHost,
    /// Something else.
    Other,
}
