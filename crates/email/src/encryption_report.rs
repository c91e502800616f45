//! Reading what another host says of how encryption with a domain went (RFC 8460 §4, §5.3).

use crate::shown::shown;
use caliopen_model::{
    EncryptionReport, ReportedFailure, ReportedFailureKind, ReportedPolicy, ReportedPolicyKind, Timestamp,
};
use flate2::read::GzDecoder;
use mail_auth::report::tlsrpt::{FailureDetails, Policy, PolicyType, ResultType, TlsReport};
use std::io::Read;

/// One report once it is unpacked, in bytes.
const REPORT_BYTES_MAX: u64 = 2 * 1024 * 1024;
/// Policies of a report, and failures of a policy, that are shown.
const SHOWN_MAX: usize = 50;
/// A name in a report, in characters.
const NAME_CHARS_MAX: usize = 255;

const PACKED: &str = "application/tlsrpt+gzip";
const PLAIN: &str = "application/tlsrpt+json";

/// The report that a message is; none when it is none, or cannot be read. `headers` are those of the message.
pub(crate) fn read(raw: &[u8], headers: &[(String, String)]) -> Option<EncryptionReport> {
    if !headers.iter().any(|(name, value)| is_report(name, value)) {
        return None;
    }
    let (message, _) = caliopen_mime::parse(raw);
    let is_packed = |part: &caliopen_model::Part| part.media_type.eq_ignore_ascii_case(PACKED);
    let is_plain = |part: &caliopen_model::Part| part.media_type.eq_ignore_ascii_case(PLAIN);
    let found = message.parts.iter().find(|part| is_packed(part) || is_plain(part))?;
    let (part, bytes) = caliopen_mime::part(raw, found.id)?;
    let json = if is_packed(&part) { unpacked(&bytes)? } else { bytes };
    TlsReport::parse_json(&json).ok().map(report)
}

/// `multipart/report; report-type=tlsrpt` (RFC 8460 §5.3).
fn is_report(name: &str, value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    name.eq_ignore_ascii_case("Content-Type")
        && value.starts_with("multipart/report")
        && value.contains("tlsrpt")
}

/// None for one that would be too large, however small it came.
fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut json = Vec::new();
    GzDecoder::new(bytes).take(REPORT_BYTES_MAX + 1).read_to_end(&mut json).ok()?;
    (json.len() as u64 <= REPORT_BYTES_MAX).then_some(json)
}

fn report(said: TlsReport) -> EncryptionReport {
    let at = |time: &mail_auth::report::tlsrpt::DateRange, end: bool| {
        let date = if end { &time.end_datetime } else { &time.start_datetime };
        Timestamp::from_unix_ms(date.to_timestamp().saturating_mul(1_000))
    };
    EncryptionReport {
        organisation: said.organization_name.as_deref().and_then(name),
        from: at(&said.date_range, false),
        until: at(&said.date_range, true),
        policies: said.policies.into_iter().take(SHOWN_MAX).map(policy).collect(),
    }
}

fn policy(said: Policy) -> ReportedPolicy {
    let kind = match said.policy.policy_type {
        PolicyType::Tlsa => ReportedPolicyKind::Dane,
        PolicyType::Sts => ReportedPolicyKind::MtaSts,
        PolicyType::NoPolicyFound => ReportedPolicyKind::NoPolicy,
        PolicyType::Other => ReportedPolicyKind::Other,
    };
    ReportedPolicy {
        kind,
        domain: name(&said.policy.policy_domain).unwrap_or_default(),
        met: said.summary.total_success,
        failed: said.summary.total_failure,
        failures: said.failure_details.into_iter().take(SHOWN_MAX).map(failure).collect(),
    }
}

fn failure(said: FailureDetails) -> ReportedFailure {
    use ReportedFailureKind as Kind;
    let kind = match said.result_type {
        ResultType::StartTlsNotSupported => Kind::NotOffered,
        ResultType::CertificateHostMismatch => Kind::OtherName,
        ResultType::CertificateExpired => Kind::OutOfDate,
        ResultType::CertificateNotTrusted => Kind::NotTrusted,
        ResultType::ValidationFailure => Kind::NotProven,
        ResultType::TlsaInvalid | ResultType::DnssecInvalid => Kind::Records,
        ResultType::DaneRequired => Kind::DaneRequired,
        ResultType::StsPolicyFetchError => Kind::PolicyFetch,
        ResultType::StsPolicyInvalid => Kind::PolicyInvalid,
        ResultType::StsWebpkiInvalid => Kind::PolicyHost,
        ResultType::Other => Kind::Other,
    };
    let host = said.receiving_mx_hostname.as_deref().and_then(name);
    ReportedFailure { kind, host, sessions: said.failed_session_count }
}

fn name(text: &str) -> Option<String> {
    shown(text, NAME_CHARS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    const JSON: &str = concat!(
        r#"{"organization-name":"Com\u0007pany","date-range":{"start-datetime":"2026-11-25T00:00:00Z","#,
        r#""end-datetime":"2026-11-25T23:59:59Z"},"report-id":"1","policies":[]}"#
    );

    fn message(kind: &str, media_type: &str, content: &[u8]) -> Vec<u8> {
        let head = format!(
            "Content-Type: multipart/report; report-type={kind}; boundary=b\r\n\r\n--b\r\nContent-Type: {media_type}\r\n\
             Content-Transfer-Encoding: binary\r\n\r\n"
        );
        [head.as_bytes(), content, b"\r\n--b--\r\n"].concat()
    }

    fn packed(content: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    fn organisation(raw: &[u8]) -> Option<String> {
        read(raw, &caliopen_mime::read(raw).headers)?.organisation
    }

    #[test]
    fn a_report_is_read_packed_and_plain_without_control_characters() {
        assert_eq!(organisation(&message("tlsrpt", PLAIN, JSON.as_bytes())).as_deref(), Some("Com pany"));
        let base64 = message("TLSRPT", PACKED, &packed(JSON.as_bytes()));
        assert_eq!(organisation(&base64).as_deref(), Some("Com pany"));
    }

    #[test]
    fn what_is_none_or_would_be_too_large_is_no_report() {
        let large = [JSON.as_bytes(), &vec![b' '; REPORT_BYTES_MAX as usize]].concat();
        for raw in [
            message("delivery-status", PLAIN, JSON.as_bytes()),
            message("tlsrpt", "application/json", JSON.as_bytes()),
            message("tlsrpt", PLAIN, b"{"),
            message("tlsrpt", PACKED, b"not packed"),
            message("tlsrpt", PACKED, &packed(&large)),
        ] {
            assert_eq!(read(&raw, &caliopen_mime::read(&raw).headers), None);
        }
    }
}
