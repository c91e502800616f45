//! A mail server's own signature (DKIM, RFC 6376) with Ed25519 (RFC 8463), made by other code than what checks it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rcgen::{KeyPair, PKCS_ED25519, PublicKeyData, SigningKey};
use sha2::{Digest, Sha256};

/// The key of a domain.
pub struct Signer {
    domain: String,
    key: KeyPair,
}

impl Signer {
    pub fn new(domain: &str) -> Self {
        Self { domain: domain.to_owned(), key: KeyPair::generate_for(&PKCS_ED25519).unwrap() }
    }

    /// What stands at `story._domainkey` of the domain.
    pub fn record(&self) -> String {
        format!("v=DKIM1; k=ed25519; p={}", BASE64_STANDARD.encode(self.key.der_bytes()))
    }

    /// The message with a signature of its From, To, Subject and Date, each in one line, byte for byte (`simple`).
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.sign_fields(&["From", "To", "Subject", "Date"], message)
    }

    /// The same, of these fields, each of which stands once.
    pub fn sign_fields(&self, names: &[&str], message: &[u8]) -> Vec<u8> {
        self.sign_with(names, None, message)
    }

    /// A signature that covers so many bytes of the body (`l=`, RFC 6376 §3.5): anybody can add more.
    pub fn sign_part(&self, body_bytes: usize, message: &[u8]) -> Vec<u8> {
        self.sign_with(&["From", "To", "Subject", "Date"], Some(body_bytes), message)
    }

    fn sign_with(&self, names: &[&str], body_bytes: Option<usize>, message: &[u8]) -> Vec<u8> {
        let text = std::str::from_utf8(message).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let field =
            |name: &str| head.split("\r\n").find(|line| line.starts_with(&format!("{name}:"))).unwrap();
        let signed: String = names.iter().map(|name| format!("{}\r\n", field(name))).collect();
        let covered = body.get(..body_bytes.unwrap_or(body.len())).unwrap();
        let length = body_bytes.map(|bytes| format!(" l={bytes};")).unwrap_or_default();
        let own = format!(
            "DKIM-Signature: v=1; a=ed25519-sha256; c=simple/simple; d={}; s=story;{length} h={}; bh={}; b=",
            self.domain,
            names.join(":"),
            BASE64_STANDARD.encode(Sha256::digest(covered))
        );
        let signature = self.key.sign(&Sha256::digest(format!("{signed}{own}"))).unwrap();
        format!("{own}{}\r\n{text}", BASE64_STANDARD.encode(signature)).into_bytes()
    }
}
