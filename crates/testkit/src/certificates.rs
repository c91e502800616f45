//! Certificates of hosts that a test makes up, and the TLSA records that describe them.

use anyhow::{Context, Result};
use rcgen::{CertificateParams, KeyPair, PublicKeyData};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The certificate of a host, in two files of PEM that can be replaced while it runs.
#[derive(Debug)]
pub struct HostCertificate {
    file: PathBuf,
    key: PathBuf,
    public_key: Vec<u8>,
}

impl HostCertificate {
    /// Makes one of this name in a folder, and writes its two files there; what stood there is replaced.
    pub fn make(folder: &Path, name: &str) -> Result<Self> {
        let key = KeyPair::generate()?;
        let certificate = CertificateParams::new(vec![name.to_owned()])?.self_signed(&key)?;
        let made = Self {
            file: folder.join("certificate.pem"),
            key: folder.join("key.pem"),
            public_key: key.subject_public_key_info(),
        };
        let write = |path: &Path, text: String| {
            std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
        };
        write(&made.file, certificate.pem())?;
        write(&made.key, key.serialize_pem())?;
        Ok(made)
    }

    /// Lines of Postfix' `main.cf` that offer STARTTLS with it.
    pub fn postfix_lines(&self) -> String {
        format!(
            "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = {}\nsmtpd_tls_key_file = {}\n",
            self.file.display(),
            self.key.display()
        )
    }

    /// The TLSA record of its key, as it is: DANE-EE, public key, no digest (RFC 7671 §5.1).
    pub fn association(&self) -> String {
        self.public_key.iter().fold("3 1 0 ".to_owned(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// What authorities that believe it are told: the certificate itself.
    pub fn file(&self) -> &Path {
        &self.file
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_certificate_of_the_same_name_is_described_otherwise() {
        let folder = tempfile::tempdir().unwrap();
        let one = HostCertificate::make(folder.path(), "mx.peer.test").unwrap();
        let before = std::fs::read(one.file()).unwrap();
        let other = HostCertificate::make(folder.path(), "mx.peer.test").unwrap();
        assert_ne!(before, std::fs::read(other.file()).unwrap());
        assert_ne!(one.association(), other.association());
        assert!(one.association().starts_with("3 1 0 3059"), "{}", one.association());
    }
}
