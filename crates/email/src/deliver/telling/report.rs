//! One report, as its readers' programs take it (RFC 8460 §4). Pure.

use super::super::notes::{Failure, PolicyKind};
use super::tally::{DAY_MS, Line, Lines, Subject};
use crate::resolver::Tlsa;
use caliopen_model::{EmailAddress, Handle};
use mail_auth::report::tlsrpt::{
    DateRange, FailureDetails, Policy, PolicyDetails, PolicyType, ResultType, Summary, TlsReport,
};
use std::fmt::Write as _;

/// What a domain publishes.
#[derive(Default)]
pub(super) struct Published {
    /// The lines of its policy of MTA-STS, and the hosts that it names.
    pub(super) sts: Option<(Vec<String>, Vec<String>)>,
    /// The records of its hosts.
    pub(super) dane: Vec<Tlsa>,
}

/// A report.
pub(super) struct Written {
    report: TlsReport,
    host_name: String,
    domain: String,
    pub(super) json: String,
}

/// Writes what was counted of a domain on a day.
pub(super) fn write(
    host_name: &str,
    author: &Handle,
    subject: &Subject,
    lines: &Lines,
    published: &Published,
) -> Written {
    let begin_s = subject.day * DAY_MS / 1000;
    let kinds = [Some(PolicyKind::MtaSts), Some(PolicyKind::Dane), None];
    let policies = kinds.into_iter().filter_map(|kind| policy(kind, subject, lines, published)).collect();
    let report = TlsReport {
        organization_name: Some(host_name.to_owned()),
        date_range: DateRange::from_timestamps(begin_s, begin_s + DAY_MS / 1000 - 1),
        contact_info: Some(author.address().to_owned()),
        report_id: format!("{begin_s}.{}@{host_name}", subject.domain),
        policies,
    };
    let json = report.to_json();
    Written { report, host_name: host_name.to_owned(), domain: subject.domain.clone(), json }
}

impl Written {
    /// The same as a message (RFC 8460 §5.3), not signed yet. None when it cannot be written.
    pub(super) fn message(&self, author: &Handle, to: &EmailAddress) -> Option<Vec<u8>> {
        let (to, from) = (to.to_string(), author.address());
        let mut raw = Vec::new();
        let recipients = std::iter::once(to.as_str());
        self.report.write_rfc5322(&self.domain, &self.host_name, from, recipients, &mut raw).ok()?;
        Some(raw)
    }
}

fn policy(
    kind: Option<PolicyKind>,
    subject: &Subject,
    lines: &Lines,
    published: &Published,
) -> Option<Policy> {
    let own: Vec<(&Line, u32)> =
        lines.iter().filter(|(line, _)| line.policy == kind).map(|(line, count)| (line, *count)).collect();
    let count = |failed: bool| {
        let counted = own.iter().filter(|(line, _)| line.failure.is_some() == failed);
        counted.fold(0_u32, |sum, (_, count)| sum.saturating_add(*count))
    };
    let failures = own.iter().filter_map(|(line, count)| Some(details(line, line.failure?, *count)));
    (!own.is_empty()).then(|| Policy {
        policy: details_of(kind, subject, published),
        summary: Summary { total_success: count(false), total_failure: count(true) },
        failure_details: failures.collect(),
    })
}

fn details_of(kind: Option<PolicyKind>, subject: &Subject, published: &Published) -> PolicyDetails {
    let (kind, words, hosts) = match kind {
        Some(PolicyKind::MtaSts) => {
            let (words, hosts) = published.sts.clone().unwrap_or_default();
            (PolicyType::Sts, words, hosts)
        }
        Some(PolicyKind::Dane) => (PolicyType::Tlsa, published.dane.iter().map(record).collect(), Vec::new()),
        None => (PolicyType::NoPolicyFound, Vec::new(), Vec::new()),
    };
    PolicyDetails {
        policy_string: words,
        mx_host: hosts,
        ..PolicyDetails::new(kind, subject.domain.as_str())
    }
}

fn details(line: &Line, failure: Failure, count: u32) -> FailureDetails {
    FailureDetails {
        result_type: result(failure),
        receiving_mx_hostname: line.host.clone(),
        failed_session_count: count,
        ..FailureDetails::default()
    }
}

/// RFC 8460 §4.3.
const fn result(failure: Failure) -> ResultType {
    match failure {
        Failure::StartTls => ResultType::StartTlsNotSupported,
        Failure::OtherName => ResultType::CertificateHostMismatch,
        Failure::OutOfDate => ResultType::CertificateExpired,
        Failure::UnknownAuthority => ResultType::CertificateNotTrusted,
        Failure::Certificate | Failure::HostNotNamed => ResultType::ValidationFailure,
        Failure::PolicyFetch => ResultType::StsPolicyFetchError,
        Failure::PolicyInvalid => ResultType::StsPolicyInvalid,
        Failure::Records => ResultType::DnssecInvalid,
    }
}

/// As zones write it (RFC 6698 §2.2).
fn record(tlsa: &Tlsa) -> String {
    let mut text = format!("{} {} {} ", tlsa.usage, tlsa.selector, tlsa.matching);
    // Writing into memory does not fail.
    tlsa.data.iter().for_each(|byte| _ = write!(text, "{byte:02x}"));
    text
}
