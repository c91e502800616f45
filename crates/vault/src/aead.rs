//! The one symmetric seal of the room: XChaCha20-Poly1305 under a random 192-bit nonce, so that no counter has
//! to survive a restart. Every use names what it seals in its associated data.
//!
//! Format: version (1 byte) ‖ nonce (24) ‖ ciphertext ‖ tag (16).

use crate::AccountBytes;
use crate::error::OpenError;
use crate::random::{Random, public};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

const VERSION: u8 = 1;
pub(crate) const NONCE_BYTES: usize = 24;

/// Where a sealed row stands. A row that is copied to another place does not open there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowName<'a> {
    /// The account that it belongs to.
    pub account: &'a AccountBytes,
    /// What the row is: `summary`, `contact`…
    pub kind: &'a str,
    /// Its key in the partition.
    pub key: &'a [u8],
}

impl RowName<'_> {
    /// Unambiguous bytes: each part of variable length stands behind its length.
    pub(crate) fn associated_data(&self, format: &str) -> Vec<u8> {
        let mut data = Vec::with_capacity(32 + format.len() + self.kind.len() + self.key.len());
        data.extend_from_slice(self.account);
        for part in [format.as_bytes(), self.kind.as_bytes(), self.key] {
            data.extend_from_slice(&(part.len() as u64).to_be_bytes());
            data.extend_from_slice(part);
        }
        data
    }
}

/// What a wrapped key is bound to: its account and the kind of wrap.
pub(crate) fn wrap_data(account: &AccountBytes, kind: &str) -> Vec<u8> {
    RowName { account, kind, key: &[] }.associated_data("caliopen wrap 1")
}

pub(crate) fn seal(key: &[u8; 32], data: &[u8], plaintext: &[u8], random: Random<'_>) -> Vec<u8> {
    let mut sealed = vec![VERSION];
    append_sealed(&mut sealed, key, data, plaintext, random);
    sealed
}

/// Appends nonce, ciphertext and tag.
pub(crate) fn append_sealed(
    out: &mut Vec<u8>,
    key: &[u8; 32],
    data: &[u8],
    plaintext: &[u8],
    random: Random<'_>,
) {
    let nonce: [u8; NONCE_BYTES] = public(random);
    let ciphertext = XChaCha20Poly1305::new(key.into())
        .encrypt(&XNonce::from(nonce), Payload { msg: plaintext, aad: data })
        .expect("a plaintext in memory is shorter than the cipher's limit of 256 GiB");
    out.extend_from_slice(&nonce);
    out.extend_from_slice(&ciphertext);
}

pub(crate) fn open(key: &[u8; 32], data: &[u8], sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
    match sealed.split_first() {
        Some((&VERSION, body)) => open_body(key, data, body),
        _ => Err(OpenError::Malformed),
    }
}

/// Opens what [`append_sealed`] wrote.
pub(crate) fn open_body(key: &[u8; 32], data: &[u8], body: &[u8]) -> Result<Vec<u8>, OpenError> {
    let (nonce, ciphertext) = body.split_first_chunk::<NONCE_BYTES>().ok_or(OpenError::Malformed)?;
    XChaCha20Poly1305::new(key.into())
        .decrypt(&XNonce::from(*nonce), Payload { msg: ciphertext, aad: data })
        .map_err(|_| OpenError::Refused)
}

/// Opens a wrapped key of 32 bytes.
pub(crate) fn open_key(key: &[u8; 32], data: &[u8], sealed: &[u8]) -> Result<Zeroizing<[u8; 32]>, OpenError> {
    let plaintext = Zeroizing::new(open(key, data, sealed)?);
    let bytes: [u8; 32] = plaintext.as_slice().try_into().map_err(|_| OpenError::Malformed)?;
    Ok(Zeroizing::new(bytes))
}

/// A key for one purpose out of a secret of full entropy (HKDF-SHA256, RFC 5869).
pub(crate) fn derive(secret: &[u8], purpose: &str) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(None, secret)
        .expand(purpose.as_bytes(), key.as_mut_slice())
        .expect("32 bytes is within the 8,160 that HKDF-SHA256 gives");
    key
}
