//! The channel to a peer: which protection is asked for, and what our end saw of it.
//!
//! Certificates are checked after the handshake, not in it. Where nothing vouches for a host's name, a wrong
//! certificate is no reason to send in clear, and so it is no reason to fail (RFC 7435): it is written down.

use super::certificate;
use super::dane::Associations;
use crate::listen::Clock;
use caliopen_model::{CertificateFacts, CertificateStanding};
use rustls::client::Resumption;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, RootCertStore, SignatureScheme,
};
use std::sync::Arc;
use std::time::Duration;

/// How the channel to a destination must be protected.
///
/// A destination whose domain publishes DANE (RFC 7672) or MTA-STS (RFC 8461) gets its own from there, where the
/// configuration names no route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Policy {
    /// In clear: for a route that is trusted, such as one on the same machine.
    Clear,
    /// With TLS where it is offered, whatever the certificate says.
    Opportunistic,
    /// With TLS or not at all, whatever the certificate says.
    Encrypted,
    /// With TLS and a certificate of the host's name that a known authority has signed, or not at all.
    Authenticated,
}

/// What TLS to any peer needs.
pub(super) struct Tls {
    pub(super) config: Arc<ClientConfig>,
    authorities: Option<Arc<WebPkiServerVerifier>>,
    clock: Clock,
}

impl Tls {
    /// With these authorities.
    pub(super) fn new(roots: Arc<RootCertStore>, clock: Clock) -> Result<Self, rustls::Error> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(TakesAnyName { provider: Arc::clone(&provider) }))
            .with_no_client_auth();
        // A ticket would let a peer tie our connections together, and saves little here.
        config.resumption = Resumption::disabled();
        // Without authorities there is nothing to prove a name with.
        let authorities = WebPkiServerVerifier::builder_with_provider(roots, provider).build().ok();
        Ok(Self { config: Arc::new(config), authorities, clock })
    }

    /// What the peer's certificate says of this name.
    pub(super) fn certificate(&self, session: &ClientConnection, name: &ServerName<'_>) -> CertificateFacts {
        let chain = session.peer_certificates().unwrap_or_default();
        let Some((own, issuers)) = chain.split_first() else { return certificate::nothing() };
        certificate::facts(own, self.standing(own, issuers, name))
    }

    fn standing(
        &self,
        own: &CertificateDer<'_>,
        issuers: &[CertificateDer<'_>],
        name: &ServerName<'_>,
    ) -> CertificateStanding {
        let Some(authorities) = &self.authorities else { return CertificateStanding::UnknownAuthority };
        match authorities.verify_server_cert(own, issuers, name, &[], self.now()) {
            Ok(_) => CertificateStanding::Vouched,
            Err(error) => {
                tracing::debug!(%error, "a peer's certificate does not prove its name");
                standing_of(&error)
            }
        }
    }

    /// Whether the peer's certificate is one that its host's records describe (RFC 7672 §3).
    pub(super) fn is_described(
        &self,
        session: &ClientConnection,
        associations: &Associations,
        names: &[ServerName<'_>],
    ) -> bool {
        let chain = session.peer_certificates().unwrap_or_default();
        associations.prove(chain, names, self.now(), self.config.crypto_provider())
    }

    fn now(&self) -> UnixTime {
        let now_ms = u64::try_from((self.clock)().unix_ms()).unwrap_or_default();
        UnixTime::since_unix_epoch(Duration::from_millis(now_ms))
    }
}

fn standing_of(error: &rustls::Error) -> CertificateStanding {
    use CertificateError as Error;
    let rustls::Error::InvalidCertificate(error) = error else { return CertificateStanding::Broken };
    match error {
        Error::NotValidForName | Error::NotValidForNameContext { .. } => CertificateStanding::OtherName,
        Error::Expired
        | Error::ExpiredContext { .. }
        | Error::NotValidYet
        | Error::NotValidYetContext { .. } => CertificateStanding::OutOfDate,
        // A stranger may bear the name of an authority.
        Error::UnknownIssuer | Error::BadSignature => CertificateStanding::UnknownAuthority,
        _ => CertificateStanding::Broken,
    }
}

/// Takes any certificate, but only from who holds its key.
#[derive(Debug)]
struct TakesAnyName {
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for TakesAnyName {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
