//! The relying party's half of WebAuthn (W3C Recommendation, Level 3), as far as we ask for it: no attestation, the
//! user always verified, an origin that is exactly ours, and keys of ES256, EdDSA and RS256.
//!
//! A registration is read from what the browser hands over beside the attestation object: the authenticator data
//! (`getAuthenticatorData()`, §5.2.1). Without attestation nobody signed either of them, so that reading the object would
//! prove no more. The public key is inside the data, in the one form that CTAP2 gives it.

mod authenticator_data;
mod client_data;
mod key;

pub use client_data::challenge_of;
pub use key::CREDENTIAL_KEY_BYTES_MAX;

use authenticator_data::AuthenticatorData;
use aws_lc_rs::digest::{SHA256, digest};
use client_data::ClientData;
use key::PublicKey;

/// Longest id of a credential, in bytes (§4, "Credential ID").
pub const CREDENTIAL_ID_BYTES_MAX: usize = 1023;
/// Longest client data, and longest authenticator data, in bytes.
pub const DATA_BYTES_MAX: usize = 4096;
/// Longest signature, in bytes: that of an RSA key of 4,096 bits.
pub const SIGNATURE_BYTES_MAX: usize = 512;
/// Bytes of a challenge (§13.4.3 wants at least 16).
pub const CHALLENGE_BYTES: usize = 32;

/// Algorithms that a credential may have, the one that we like best first: as COSE numbers them (RFC 9053, RFC 8812).
pub const ALGORITHMS: [i32; 3] = [key::ES256, key::EDDSA, key::RS256];

/// Whom an authenticator answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelyingParty {
    /// A name of the DNS, without port: credentials belong to it.
    pub id: String,
    /// The origin of the pages that may ask, as a browser writes it (RFC 6454 §6.2).
    pub origin: String,
}

/// What a browser made with an authenticator for a new credential.
#[derive(Debug, Clone, Copy)]
pub struct Registration<'a> {
    /// What the browser says it asked: JSON, as it was signed.
    pub client_data: &'a [u8],
    /// What the authenticator says.
    pub authenticator_data: &'a [u8],
}

/// What an authenticator signed with a credential.
#[derive(Debug, Clone, Copy)]
pub struct Assertion<'a> {
    /// What the browser says it asked: JSON, as it was signed.
    pub client_data: &'a [u8],
    /// What the authenticator says.
    pub authenticator_data: &'a [u8],
    /// Over the authenticator data and the hash of the client data (§6.3.3).
    pub signature: &'a [u8],
}

/// A new credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Found by this. Not secret, and not to be guessed.
    pub id: Vec<u8>,
    /// Its public key, as COSE writes it (RFC 9052 §7).
    pub key: Vec<u8>,
    /// How often it signed; 0 for those that do not count.
    pub counter: u32,
    /// Whether it is kept with other devices of its person, too.
    pub is_synced: bool,
}

/// What an assertion says of its credential now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asserted {
    /// How often it signed; 0 for those that do not count.
    pub counter: u32,
    /// Whether it is kept with other devices of its person, too.
    pub is_synced: bool,
}

/// Why something is not believed. Whoever asked is told none of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not what a browser and an authenticator write.
    #[error("it cannot be read")]
    Malformed,
    /// Made for something else.
    #[error("it is of another ceremony")]
    Type,
    /// Not the challenge that was asked.
    #[error("it answers another challenge")]
    Challenge,
    /// Asked by another page, or inside one.
    #[error("it was asked by another origin")]
    Origin,
    /// Of a credential of somebody else's.
    #[error("it is for another relying party")]
    RelyingParty,
    /// Nobody touched the authenticator, or it does not know whose finger it was.
    #[error("the user was not verified")]
    NotVerified,
    /// No key that we can check.
    #[error("its key is of another algorithm")]
    Key,
    /// Not signed with the credential's key.
    #[error("the signature is wrong")]
    Signature,
    /// It signed less often than it had before: there are two of it (§6.1.1).
    #[error("the counter went back: the credential was copied")]
    Copied,
}

/// Checks a registration (§7.1) and gives its credential.
///
/// # Errors
///
/// With the first thing that is not as it must be.
pub fn register(
    party: &RelyingParty,
    challenge: &[u8; CHALLENGE_BYTES],
    registration: &Registration<'_>,
) -> Result<Credential, Refusal> {
    ClientData::read(registration.client_data)?.check("webauthn.create", party, challenge)?;
    let data = AuthenticatorData::read(registration.authenticator_data)?;
    data.check(party)?;
    let attested = data.attested.as_ref().ok_or(Refusal::Malformed)?;
    Ok(Credential {
        id: attested.credential_id.to_vec(),
        key: attested.key.to_vec(),
        counter: data.counter,
        is_synced: data.is_synced(),
    })
}

/// Checks an assertion (§7.2) by the key and the counter that are known of its credential.
///
/// # Errors
///
/// With the first thing that is not as it must be.
pub fn assert(
    party: &RelyingParty,
    challenge: &[u8; CHALLENGE_BYTES],
    (key, counter): (&[u8], u32),
    assertion: &Assertion<'_>,
) -> Result<Asserted, Refusal> {
    ClientData::read(assertion.client_data)?.check("webauthn.get", party, challenge)?;
    let data = AuthenticatorData::read(assertion.authenticator_data)?;
    data.check(party)?;
    if assertion.signature.len() > SIGNATURE_BYTES_MAX {
        return Err(Refusal::Malformed);
    }
    let mut signed = assertion.authenticator_data.to_vec();
    signed.extend_from_slice(digest(&SHA256, assertion.client_data).as_ref());
    if !PublicKey::read(key)?.has_signed(&signed, assertion.signature) {
        return Err(Refusal::Signature);
    }
    // Those that do not count say 0 for ever.
    if (data.counter, counter) != (0, 0) && data.counter <= counter {
        return Err(Refusal::Copied);
    }
    Ok(Asserted { counter: data.counter, is_synced: data.is_synced() })
}
