//! Certificates of peers: sound, and wrong in the usual ways.

use aws_lc_rs::digest::{SHA256, digest};
use rcgen::{CertificateParams, KeyPair, PublicKeyData};
use rustls::RootCertStore;
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use std::sync::Arc;

/// A certificate, for the server that has it and for who trusts it.
pub struct Signed {
    pub server: Arc<ServerConfig>,
    pub roots: Arc<RootCertStore>,
    pub certificate_pem: String,
    pub key_pem: String,
    public_key: Vec<u8>,
}

impl Signed {
    /// The TLSA record of its key: DANE-EE, public key, SHA-256 (RFC 7672 §3.1.1).
    pub fn association(&self) -> String {
        let hex: String = self.key_sha256().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("3 1 1 {hex}")
    }

    /// SHA-256 of its public key.
    pub fn key_sha256(&self) -> [u8; 32] {
        digest(&SHA256, &self.public_key).as_ref().try_into().unwrap()
    }
}

/// A certificate of these names, valid in these years.
pub fn certificate(names: &[&str], years: std::ops::Range<i32>) -> Signed {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.not_before = rcgen::date_time_ymd(years.start, 1, 1);
    params.not_after = rcgen::date_time_ymd(years.end, 1, 1);
    let key = KeyPair::generate().unwrap();
    let signed = params.self_signed(&key).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(signed.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let server = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![signed.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
        .unwrap();
    Signed {
        server: Arc::new(server),
        roots: Arc::new(roots),
        certificate_pem: signed.pem(),
        key_pem: key.serialize_pem(),
        public_key: key.subject_public_key_info(),
    }
}
