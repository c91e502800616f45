//! What a device enrols with: two public keys whose private halves never leave it. With the one it signs what it asks
//! for, so that a stolen cookie alone is useless; to the other an answer is sealed that was asked for before anything
//! could be signed.
//!
//! Both are of P-256 (FIPS 186-5), which every browser's WebCrypto has: ECDSA with SHA-256, and HPKE (RFC 9180) with
//! DHKEM(P-256, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM.

use crate::error::{OpenError, PublicKeyError};
use crate::random::{Random, Source};
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::DhP256HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use p256::ecdsa::signature::{Signer, Verifier};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use zeroize::Zeroizing;

/// Bytes of a public key: an uncompressed point (SEC 1 §2.3.3), as WebCrypto exports it "raw".
pub const DEVICE_KEY_BYTES: usize = 65;
/// Bytes of a signature: r and s, as WebCrypto gives it (IEEE P1363).
pub const DEVICE_SIGNATURE_BYTES: usize = 64;

/// The public keys of a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceKeys {
    signing: VerifyingKey,
    agreement: <DhP256HkdfSha256 as Kem>::PublicKey,
}

impl DeviceKeys {
    /// Reads both, as WebCrypto exports them.
    pub fn from_bytes(signing: &[u8], agreement: &[u8]) -> Result<Self, PublicKeyError> {
        if signing.len() != DEVICE_KEY_BYTES || agreement.len() != DEVICE_KEY_BYTES {
            return Err(PublicKeyError);
        }
        Ok(Self {
            signing: VerifyingKey::from_sec1_bytes(signing).map_err(|_| PublicKeyError)?,
            agreement: Deserializable::from_bytes(agreement).map_err(|_| PublicKeyError)?,
        })
    }

    /// The bytes of the key that it signs with, and of the one that is sealed to.
    #[must_use]
    pub fn to_bytes(&self) -> (Vec<u8>, Vec<u8>) {
        let signing = self.signing.to_sec1_point(false);
        (signing.as_bytes().to_vec(), self.agreement.to_bytes().to_vec())
    }

    /// Whether the device signed these words.
    #[must_use]
    pub fn has_signed(&self, words: &[u8], signature: &[u8; DEVICE_SIGNATURE_BYTES]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.signing.verify(words, &signature).is_ok())
    }

    /// Seals something that this device alone opens: the encapsulated key (65 bytes), then the ciphertext. It is bound to
    /// `purpose`.
    pub fn seal_to(
        &self,
        purpose: &str,
        plaintext: &[u8],
        random: Random<'_>,
    ) -> Result<Vec<u8>, PublicKeyError> {
        let (encapsulated, ciphertext) =
            hpke::single_shot_seal_with_rng::<AesGcm256, HkdfSha256, DhP256HkdfSha256>(
                &OpModeS::Base,
                &self.agreement,
                purpose.as_bytes(),
                plaintext,
                b"",
                &mut Source(random),
            )
            .map_err(|_| PublicKeyError)?;
        Ok([encapsulated.to_bytes().as_slice(), &ciphertext].concat())
    }
}

/// Both halves, for a device that is no browser: what has a browser's WebCrypto needs none of this.
pub struct DevicePair {
    signing: SigningKey,
    agreement: <DhP256HkdfSha256 as Kem>::PrivateKey,
    keys: DeviceKeys,
}

impl DevicePair {
    /// A new one.
    #[must_use]
    pub fn generate(random: Random<'_>) -> Self {
        let (agreement, public) = DhP256HkdfSha256::gen_keypair_with_rng(&mut Source(random));
        let (signing, _) = DhP256HkdfSha256::gen_keypair_with_rng(&mut Source(random));
        let scalar = Zeroizing::new(signing.to_bytes());
        let signing = SigningKey::from_bytes(&scalar).expect("HPKE makes scalars of P-256");
        let keys = DeviceKeys { signing: *signing.verifying_key(), agreement: public };
        Self { signing, agreement, keys }
    }

    /// The public halves.
    #[must_use]
    pub const fn keys(&self) -> &DeviceKeys {
        &self.keys
    }

    /// Signs words.
    #[must_use]
    pub fn sign(&self, words: &[u8]) -> [u8; DEVICE_SIGNATURE_BYTES] {
        let signature: Signature = self.signing.sign(words);
        signature.to_bytes().into()
    }

    /// Opens what was sealed to this device for `purpose`.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
        let (encapsulated, ciphertext) =
            sealed.split_at_checked(DEVICE_KEY_BYTES).ok_or(OpenError::Malformed)?;
        let encapsulated = Deserializable::from_bytes(encapsulated).map_err(|_| OpenError::Malformed)?;
        hpke::single_shot_open::<AesGcm256, HkdfSha256, DhP256HkdfSha256>(
            &OpModeR::Base,
            &self.agreement,
            &encapsulated,
            purpose.as_bytes(),
            ciphertext,
            b"",
        )
        .map_err(|_| OpenError::Refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::fixed::stream;

    fn device(seed: &str) -> DevicePair {
        DevicePair::generate(&mut stream(seed))
    }

    #[test]
    fn its_own_signature_counts_and_no_other() {
        let (one, other) = (device("one"), device("other"));
        let signature = one.sign(b"GET /jmap/api");
        assert!(one.keys().has_signed(b"GET /jmap/api", &signature));
        assert!(!one.keys().has_signed(b"GET /jmap/apj", &signature));
        assert!(!other.keys().has_signed(b"GET /jmap/api", &signature));
        assert!(!one.keys().has_signed(b"GET /jmap/api", &[0; 64]));
    }

    #[test]
    fn what_is_sealed_to_it_opens_there_alone_for_its_purpose() {
        let (one, other) = (device("one"), device("other"));
        let sealed = one.keys().seal_to("start", b"a page", &mut stream("chance")).unwrap();
        assert_eq!(one.open("start", &sealed).as_deref(), Ok(b"a page".as_slice()));
        assert_eq!(one.open("other", &sealed), Err(OpenError::Refused));
        assert_eq!(other.open("start", &sealed), Err(OpenError::Refused));
        assert_eq!(one.open("start", &sealed[..60]), Err(OpenError::Malformed));
    }

    #[test]
    fn keys_come_back_and_anything_else_is_no_key() {
        let one = device("one");
        let (signing, agreement) = one.keys().to_bytes();
        assert_eq!(DeviceKeys::from_bytes(&signing, &agreement).as_ref(), Ok(one.keys()));
        for wrong in [&[][..], &[4; DEVICE_KEY_BYTES], &signing[..64]] {
            assert_eq!(DeviceKeys::from_bytes(wrong, &agreement), Err(PublicKeyError));
            assert_eq!(DeviceKeys::from_bytes(&signing, wrong), Err(PublicKeyError));
        }
    }
}
