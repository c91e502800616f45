//! The keys that a domain signs with: made here, published in the DNS, kept by the host.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write as _;
use zeroize::Zeroizing;

/// What a selector has of its key's hash: enough that two keys of a domain differ.
const SELECTOR_HASH_BYTES: usize = 5;

/// The two kinds of keys that RFC 8301 and RFC 8463 leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// `rsa-sha256` with 2,048 bits: known to every verifier.
    Rsa2048,
    /// `ed25519-sha256`: small and quick, and known to some.
    Ed25519,
}

impl KeyKind {
    /// The `a=` of a signature.
    pub(super) const fn algorithm(self) -> &'static str {
        match self {
            Self::Rsa2048 => "rsa-sha256",
            Self::Ed25519 => "ed25519-sha256",
        }
    }

    /// The `k=` of a key record.
    const fn name(self) -> &'static str {
        match self {
            Self::Rsa2048 => "rsa",
            Self::Ed25519 => "ed25519",
        }
    }
}

/// Why there is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The machine made none.
    #[error("no key could be made")]
    Generation,
    /// The bytes are no private key of either kind.
    #[error("the bytes are not a private key (PKCS #8) of RSA or Ed25519")]
    Unreadable,
    /// An RSA key of another size: shorter ones prove nothing, longer ones do not fit into the DNS.
    #[error("an RSA key for DKIM has 2,048 to 4,096 bits")]
    Size,
    /// A selector that is no name in the DNS.
    #[error("a selector has letters, digits and hyphens")]
    Selector,
}

/// A key that was just made.
pub struct NewKey {
    /// What the record is found by: `<selector>._domainkey.<domain>`. Follows from the key.
    pub selector: String,
    /// The private key (PKCS #8, DER). To be kept outside database and backups.
    pub private_key: Zeroizing<Vec<u8>>,
    /// The value of the TXT record (RFC 6376 §3.6.1): longer than one string of it.
    pub record: String,
}

/// Makes a key.
///
/// # Errors
///
/// When the machine cannot.
pub fn generate(kind: KeyKind) -> Result<NewKey, KeyError> {
    let unmade = |_| KeyError::Generation;
    let (private_key, public_key) = match kind {
        KeyKind::Rsa2048 => {
            let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(unmade)?;
            let private: Pkcs8V1Der<'_> = pair.as_der().map_err(unmade)?;
            (Zeroizing::new(private.as_ref().to_vec()), rsa_public_key(&pair).ok_or(KeyError::Generation)?)
        }
        KeyKind::Ed25519 => {
            let pair = Ed25519KeyPair::generate().map_err(unmade)?;
            let private: Pkcs8V1Der<'_> = pair.as_der().map_err(unmade)?;
            (Zeroizing::new(private.as_ref().to_vec()), pair.public_key().as_ref().to_vec())
        }
    };
    Ok(NewKey { selector: selector(kind, &public_key), private_key, record: record(kind, &public_key) })
}

/// The value of the TXT record of a key that was made before.
///
/// # Errors
///
/// When the bytes are no private key of either kind.
pub fn record_of(private_key: &[u8]) -> Result<String, KeyError> {
    match Pair::read(private_key)? {
        Pair::Rsa(pair) => {
            let public_key = rsa_public_key(&pair).ok_or(KeyError::Unreadable)?;
            Ok(record(KeyKind::Rsa2048, &public_key))
        }
        Pair::Ed25519(pair) => Ok(record(KeyKind::Ed25519, pair.public_key().as_ref())),
    }
}

fn record(kind: KeyKind, public_key: &[u8]) -> String {
    format!("v=DKIM1; k={}; h=sha256; p={}", kind.name(), STANDARD.encode(public_key))
}

/// In the DNS an RSA key has the form of X.509 (RFC 6376 §3.6.1, erratum 3017), an Ed25519 key is bare
/// (RFC 8463 §4.2).
fn rsa_public_key(pair: &RsaKeyPair) -> Option<Vec<u8>> {
    let public: PublicKeyX509Der<'_> = pair.public_key().as_der().ok()?;
    Some(public.as_ref().to_vec())
}

fn selector(kind: KeyKind, public_key: &[u8]) -> String {
    let mut selector = format!("{}-", kind.name());
    for byte in digest(&SHA256, public_key).as_ref().iter().take(SELECTOR_HASH_BYTES) {
        // Writing into memory does not fail.
        let _ = write!(selector, "{byte:02x}");
    }
    selector
}

/// One key and its selector.
pub(super) struct SigningKey {
    selector: String,
    pair: Pair,
}

enum Pair {
    Rsa(RsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl Pair {
    fn read(private_key: &[u8]) -> Result<Self, KeyError> {
        match (Ed25519KeyPair::from_pkcs8(private_key), RsaKeyPair::from_pkcs8(private_key)) {
            (Ok(pair), _) => Ok(Self::Ed25519(pair)),
            (Err(_), Ok(pair)) if (256..=512).contains(&pair.public_modulus_len()) => Ok(Self::Rsa(pair)),
            (Err(_), Ok(_)) => Err(KeyError::Size),
            (Err(_), Err(_)) => Err(KeyError::Unreadable),
        }
    }
}

impl SigningKey {
    fn read(selector: &str, private_key: &[u8]) -> Result<Self, KeyError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        if selector.is_empty() || selector.len() > 63 || !selector.chars().all(plain) {
            return Err(KeyError::Selector);
        }
        Ok(Self { selector: selector.to_owned(), pair: Pair::read(private_key)? })
    }

    pub(super) fn selector(&self) -> &str {
        &self.selector
    }

    pub(super) const fn kind(&self) -> KeyKind {
        match self.pair {
            Pair::Rsa(_) => KeyKind::Rsa2048,
            Pair::Ed25519(_) => KeyKind::Ed25519,
        }
    }

    pub(super) fn sign(&self, data: &[u8]) -> Option<Vec<u8>> {
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), data, &mut signature).ok()?;
                Some(signature)
            }
            // RFC 8463 §3: what is signed is the hash.
            Pair::Ed25519(pair) => Some(pair.sign(digest(&SHA256, data).as_ref()).as_ref().to_vec()),
        }
    }
}

/// The keys of one domain. Each signs every message: while keys change, old and new sign together.
pub struct Keys {
    domain: String,
    keys: Vec<SigningKey>,
}

impl Keys {
    /// A domain without keys; in A-labels from here on.
    pub fn new(domain: &str) -> Self {
        Self { domain: mail_auth::common::to_a_label(domain).into_owned(), keys: Vec::new() }
    }

    /// The same with one more key.
    ///
    /// # Errors
    ///
    /// When the key cannot be used.
    pub fn with(mut self, selector: &str, private_key: &[u8]) -> Result<Self, KeyError> {
        self.keys.push(SigningKey::read(selector, private_key)?);
        Ok(self)
    }

    /// The domain, in A-labels.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &SigningKey> {
        self.keys.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_again_and_others_refused() {
        for kind in [KeyKind::Rsa2048, KeyKind::Ed25519] {
            let key = generate(kind).unwrap();
            let keys = Keys::new("Exämple.org").with(&key.selector, &key.private_key).unwrap();
            assert_eq!(keys.domain(), "xn--exmple-cua.org");
            assert_eq!(keys.iter().map(SigningKey::kind).collect::<Vec<_>>(), [kind]);
            assert_eq!(record_of(&key.private_key).as_ref(), Ok(&key.record));
            assert!(key.selector.starts_with(kind.name()) && key.selector.len() < 20, "{}", key.selector);
        }
        let read = |selector: &str, bytes: &[u8]| Keys::new("a.test").with(selector, bytes).err();
        assert_eq!(read("s", b"no key"), Some(KeyError::Unreadable));
        assert_eq!(read("s; d=b.test", b""), Some(KeyError::Selector));
        assert_eq!(read("", b""), Some(KeyError::Selector));
    }
}
