//! A report of encryption, as it is shown with its message.

use super::words::utc_date;
use caliopen_model::{
    EncryptionReport, ReportedFailure, ReportedFailureKind, ReportedPolicy, ReportedPolicyKind,
};
use serde::Serialize;

/// `encryptionReport` of docs/api.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    organisation: Option<String>,
    from: String,
    until: String,
    policies: Vec<Policy>,
}

#[derive(Debug, Serialize)]
struct Policy {
    kind: &'static str,
    domain: String,
    met: u32,
    failed: u32,
    failures: Vec<Failure>,
}

#[derive(Debug, Serialize)]
struct Failure {
    kind: &'static str,
    host: Option<String>,
    sessions: u32,
}

impl From<EncryptionReport> for Record {
    fn from(report: EncryptionReport) -> Self {
        Self {
            organisation: report.organisation,
            from: utc_date(report.from),
            until: utc_date(report.until),
            policies: report.policies.into_iter().map(Policy::from).collect(),
        }
    }
}

impl From<ReportedPolicy> for Policy {
    fn from(policy: ReportedPolicy) -> Self {
        let kind = match policy.kind {
            ReportedPolicyKind::Dane => "dane",
            ReportedPolicyKind::MtaSts => "mta-sts",
            ReportedPolicyKind::NoPolicy => "none",
            ReportedPolicyKind::Other => "other",
        };
        let failures = policy.failures.into_iter().map(Failure::from).collect();
        Self { kind, domain: policy.domain, met: policy.met, failed: policy.failed, failures }
    }
}

impl From<ReportedFailure> for Failure {
    fn from(failure: ReportedFailure) -> Self {
        let kind = match failure.kind {
            ReportedFailureKind::NotOffered => "not-offered",
            ReportedFailureKind::OtherName => "other-name",
            ReportedFailureKind::OutOfDate => "out-of-date",
            ReportedFailureKind::NotTrusted => "not-trusted",
            ReportedFailureKind::NotProven => "not-proven",
            ReportedFailureKind::Records => "records",
            ReportedFailureKind::DaneRequired => "dane-required",
            ReportedFailureKind::PolicyFetch => "policy-fetch",
            ReportedFailureKind::PolicyInvalid => "policy-invalid",
            ReportedFailureKind::PolicyHost => "policy-host",
            ReportedFailureKind::Other => "other",
        };
        Self { kind, host: failure.host, sessions: failure.sessions }
    }
}
