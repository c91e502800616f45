//! Public keys of credentials, as COSE writes them (RFC 9052 §7, RFC 9053, RFC 8812) in the canonical form of CTAP2:
//! WebAuthn §6.5.1.1 leaves one way to write each, so that a key is what begins as it must.

use super::Refusal;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};

/// Longest key of a credential, in bytes: one of RSA, with 4,096 bits.
pub const CREDENTIAL_KEY_BYTES_MAX: usize = 528;

/// ECDSA over P-256 with SHA-256.
pub(super) const ES256: i32 = -7;
/// Ed25519.
pub(super) const EDDSA: i32 = -8;
/// RSASSA-PKCS1-v1_5 with SHA-256: some of what is built into computers has nothing else.
pub(super) const RS256: i32 = -257;

/// `{1: 2 (EC2), 3: -7, -1: 1 (P-256), -2: 32 bytes…`
const ES256_HEAD: [u8; 10] = [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
/// `…, -3: 32 bytes}`
const ES256_Y: [u8; 3] = [0x22, 0x58, 0x20];
/// `{1: 1 (OKP), 3: -8, -1: 6 (Ed25519), -2: 32 bytes}`
const EDDSA_HEAD: [u8; 10] = [0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20];
/// `{1: 3 (RSA), 3: -257, -1: as many bytes as the next two say…`
const RS256_HEAD: [u8; 8] = [0xa4, 0x01, 0x03, 0x03, 0x39, 0x01, 0x00, 0x20];
const LONG_BYTES: u8 = 0x59;
/// `…, -2: 3 bytes, 65537}`
const RS256_E: [u8; 5] = [0x21, 0x43, 0x01, 0x00, 0x01];
/// Bytes of an RSA modulus: 2,048 to 4,096 bits.
const MODULUS_BYTES: std::ops::RangeInclusive<usize> = 256..=512;

/// A public key, read.
pub(super) enum PublicKey<'a> {
    Es256 { x: &'a [u8; 32], y: &'a [u8; 32] },
    EdDsa { x: &'a [u8; 32] },
    Rs256 { modulus: &'a [u8] },
}

impl<'a> PublicKey<'a> {
    /// A whole key.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        match Self::parse(bytes)? {
            (key, []) => Ok(key),
            _ => Err(Refusal::Malformed),
        }
    }

    /// The bytes of a key that others follow, and these.
    pub(super) fn split(bytes: &'a [u8]) -> Result<(&'a [u8], &'a [u8]), Refusal> {
        let (key, rest) = Self::parse(bytes)?;
        key.is_sound().then_some(()).ok_or(Refusal::Key)?;
        bytes.split_at_checked(bytes.len() - rest.len()).ok_or(Refusal::Malformed)
    }

    fn parse(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Refusal> {
        if let Some(rest) = bytes.strip_prefix(&ES256_HEAD) {
            let (x, rest) = rest.split_first_chunk().ok_or(Refusal::Malformed)?;
            let rest = rest.strip_prefix(&ES256_Y).ok_or(Refusal::Malformed)?;
            let (y, rest) = rest.split_first_chunk().ok_or(Refusal::Malformed)?;
            return Ok((Self::Es256 { x, y }, rest));
        }
        if let Some(rest) = bytes.strip_prefix(&EDDSA_HEAD) {
            let (x, rest) = rest.split_first_chunk().ok_or(Refusal::Malformed)?;
            return Ok((Self::EdDsa { x }, rest));
        }
        let rest = bytes.strip_prefix(&RS256_HEAD).ok_or(Refusal::Key)?;
        let (&LONG_BYTES, rest) = rest.split_first().ok_or(Refusal::Malformed)? else {
            return Err(Refusal::Key);
        };
        let (length, rest) = rest.split_first_chunk::<2>().ok_or(Refusal::Malformed)?;
        let length = usize::from(u16::from_be_bytes(*length));
        if !MODULUS_BYTES.contains(&length) {
            return Err(Refusal::Key);
        }
        let (modulus, rest) = rest.split_at_checked(length).ok_or(Refusal::Malformed)?;
        let rest = rest.strip_prefix(&RS256_E).ok_or(Refusal::Key)?;
        Ok((Self::Rs256 { modulus }, rest))
    }

    /// A point that is on its curve. Of an RSA key nothing can be said before it is used.
    fn is_sound(&self) -> bool {
        match self {
            Self::Es256 { x, y } => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point(x, y)).parse().is_ok()
            }
            Self::EdDsa { x } => UnparsedPublicKey::new(&ED25519, x).parse().is_ok(),
            Self::Rs256 { .. } => true,
        }
    }

    pub(super) fn has_signed(&self, words: &[u8], signature: &[u8]) -> bool {
        let checked = match self {
            Self::Es256 { x, y } => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point(x, y)).verify(words, signature)
            }
            Self::EdDsa { x } => UnparsedPublicKey::new(&ED25519, x).verify(words, signature),
            Self::Rs256 { modulus } => {
                let key = RsaPublicKeyComponents { n: *modulus, e: [1, 0, 1].as_slice() };
                key.verify(&RSA_PKCS1_2048_8192_SHA256, words, signature)
            }
        };
        checked.is_ok()
    }
}

/// An uncompressed point (SEC 1 §2.3.3).
fn point(x: &[u8; 32], y: &[u8; 32]) -> Vec<u8> {
    [[4].as_slice(), x, y].concat()
}
