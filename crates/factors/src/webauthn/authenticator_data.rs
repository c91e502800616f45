//! What an authenticator says (WebAuthn §6.1): for whom, whether somebody was there, and of which new credential.

use super::key::PublicKey;
use super::{CREDENTIAL_ID_BYTES_MAX, DATA_BYTES_MAX, Refusal, RelyingParty};
use aws_lc_rs::digest::{SHA256, digest};

const USER_PRESENT: u8 = 1 << 0;
const USER_VERIFIED: u8 = 1 << 2;
const BACKUP_STATE: u8 = 1 << 4;
const ATTESTED: u8 = 1 << 6;
const EXTENDED: u8 = 1 << 7;
const AAGUID_BYTES: usize = 16;

/// Authenticator data, read.
pub(super) struct AuthenticatorData<'a> {
    party_hash: &'a [u8; 32],
    flags: u8,
    pub(super) counter: u32,
    pub(super) attested: Option<Attested<'a>>,
}

/// A new credential (§6.5.1).
pub(super) struct Attested<'a> {
    pub(super) credential_id: &'a [u8],
    pub(super) key: &'a [u8],
}

impl<'a> AuthenticatorData<'a> {
    /// Reads it whole. What extensions say at its end is not read: we ask for none that count.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        if bytes.len() > DATA_BYTES_MAX {
            return Err(Refusal::Malformed);
        }
        let (party_hash, rest) = bytes.split_first_chunk::<32>().ok_or(Refusal::Malformed)?;
        let (flags, rest) = rest.split_first().ok_or(Refusal::Malformed)?;
        let (counter, rest) = rest.split_first_chunk::<4>().ok_or(Refusal::Malformed)?;
        let (attested, rest) = match flags & ATTESTED {
            0 => (None, rest),
            _ => Attested::read(rest).map(|(attested, rest)| (Some(attested), rest))?,
        };
        if rest.is_empty() == (flags & EXTENDED != 0) {
            return Err(Refusal::Malformed);
        }
        Ok(Self { party_hash, flags: *flags, counter: u32::from_be_bytes(*counter), attested })
    }

    pub(super) fn check(&self, party: &RelyingParty) -> Result<(), Refusal> {
        if digest(&SHA256, party.id.as_bytes()).as_ref() != self.party_hash {
            return Err(Refusal::RelyingParty);
        }
        let there = USER_PRESENT | USER_VERIFIED;
        if self.flags & there == there { Ok(()) } else { Err(Refusal::NotVerified) }
    }

    pub(super) fn is_synced(&self) -> bool {
        self.flags & BACKUP_STATE != 0
    }
}

impl<'a> Attested<'a> {
    fn read(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Refusal> {
        let rest = bytes.get(AAGUID_BYTES..).ok_or(Refusal::Malformed)?;
        let (length, rest) = rest.split_first_chunk::<2>().ok_or(Refusal::Malformed)?;
        let length = usize::from(u16::from_be_bytes(*length));
        if length == 0 || length > CREDENTIAL_ID_BYTES_MAX {
            return Err(Refusal::Malformed);
        }
        let (credential_id, rest) = rest.split_at_checked(length).ok_or(Refusal::Malformed)?;
        let (key, rest) = PublicKey::split(rest)?;
        Ok((Self { credential_id, key }, rest))
    }
}
