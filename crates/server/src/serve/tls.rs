//! Certificates: the operator's for the web and for mail; for mail alone one of our own when there is none, since
//! encryption without authentication is still better than none between mail servers (RFC 7435).

use crate::config::Tls;
use crate::folder::write_private;
use anyhow::{Context, Result, bail};
use rustls::{RootCertStore, ServerConfig};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

/// For HTTPS; none without a certificate.
pub(super) fn for_web(tls: &Tls) -> Result<Option<Arc<ServerConfig>>> {
    let (Some(certificate), Some(key)) = (&tls.certificate, &tls.key) else {
        return Ok(None);
    };
    let mut config = from_files(certificate, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Some(Arc::new(config)))
}

/// For people's programs, which must know whom they give a password; none without a certificate.
pub(super) fn for_people(tls: &Tls) -> Result<Option<Arc<ServerConfig>>> {
    match (&tls.certificate, &tls.key) {
        (Some(certificate), Some(key)) => Ok(Some(Arc::new(from_files(certificate, key)?))),
        _ => Ok(None),
    }
}

/// For STARTTLS.
pub(super) fn for_mail(tls: &Tls, keys: &Path, host_name: &str) -> Result<Arc<ServerConfig>> {
    if let (Some(certificate), Some(key)) = (&tls.certificate, &tls.key) {
        return Ok(Arc::new(from_files(certificate, key)?));
    }
    let (certificate, key) = (keys.join("mail.crt"), keys.join("mail.key"));
    // A pair that is missing, or that a crash cut, is made anew: nobody relies on it staying the same.
    if let Ok(config) = from_files(&certificate, &key) {
        return Ok(Arc::new(config));
    }
    for half in [&certificate, &key] {
        let _was_not_there = std::fs::remove_file(half);
    }
    let made = rcgen::generate_simple_self_signed(vec![host_name.to_owned()])?;
    write_private(&certificate, made.cert.pem().as_bytes())?;
    write_private(&key, made.signing_key.serialize_pem().as_bytes())?;
    Ok(Arc::new(from_files(&certificate, &key)?))
}

/// Who is believed about other hosts: these, and those of a file that the configuration names.
pub(super) fn authorities(file: Option<&Path>, known: &Arc<RootCertStore>) -> Result<Arc<RootCertStore>> {
    let Some(file) = file else { return Ok(Arc::clone(known)) };
    let mut believed = RootCertStore::clone(known);
    for authority in chain(file)? {
        believed.add(authority).with_context(|| format!("{} holds no authority", file.display()))?;
    }
    Ok(Arc::new(believed))
}

fn chain(file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| format!("{} is not a certificate in PEM", file.display()))
}

fn from_files(certificate: &Path, key: &Path) -> Result<ServerConfig> {
    let chain = chain(certificate)?;
    check_private(key)?;
    let private = PrivateKeyDer::from_pem_file(key)
        .with_context(|| format!("{} is not a private key in PEM", key.display()))?;
    ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .with_context(|| format!("{} and {} do not belong together", certificate.display(), key.display()))
}

/// A key that everybody on the machine can read is none. A group may: that is how a certificate's renewal shares it.
fn check_private(key: &Path) -> Result<()> {
    let about = std::fs::metadata(key).with_context(|| format!("{} cannot be read", key.display()))?;
    if about.permissions().mode() & 0o007 != 0 {
        bail!("{} can be read by everybody; run: chmod o= {}", key.display(), key.display());
    }
    Ok(())
}
