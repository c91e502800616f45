//! What a host's certificate says of itself (RFC 5280 §4.1). To be shown, never to be believed: whether it proves anything
//! is decided elsewhere.

use super::dane::public_key;
use crate::shown::shown;
use aws_lc_rs::digest::{SHA256, digest};
use caliopen_model::{CertificateFacts, CertificateStanding, Timestamp};
use rustls::pki_types::CertificateDer;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;
use x509_parser::time::ASN1Time;

/// How much of a name is kept, in characters.
const ISSUER_CHARS_MAX: usize = 100;

/// The facts of a certificate that was checked with this result.
pub(super) fn facts(certificate: &CertificateDer<'_>, standing: CertificateStanding) -> CertificateFacts {
    let key = public_key(certificate).and_then(|key| digest(&SHA256, &key).as_ref().try_into().ok());
    let read = X509Certificate::from_der(certificate).ok().map(|(_, read)| read);
    CertificateFacts {
        standing,
        key,
        issuer: read.as_ref().and_then(issuer),
        validity: read.as_ref().map(|read| {
            let validity = read.validity();
            (instant(&validity.not_before), instant(&validity.not_after))
        }),
    }
}

/// When a peer showed no certificate that could be read.
pub(super) const fn nothing() -> CertificateFacts {
    CertificateFacts { standing: CertificateStanding::Broken, key: None, issuer: None, validity: None }
}

/// The organisation, as people know it; else the name.
fn issuer(certificate: &X509Certificate<'_>) -> Option<String> {
    let issuer = certificate.issuer();
    let named = issuer.iter_organization().chain(issuer.iter_common_name());
    named.filter_map(|part| part.as_str().ok()).find_map(|text| shown(text, ISSUER_CHARS_MAX))
}

fn instant(time: &ASN1Time) -> Timestamp {
    Timestamp::from_unix_ms(time.timestamp().saturating_mul(1_000))
}
