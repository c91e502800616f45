//! What a browser says that it asked an authenticator (WebAuthn §5.8.1): JSON, of which some members count.

use super::{CHALLENGE_BYTES, DATA_BYTES_MAX, Refusal, RelyingParty};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;

/// The members that count. There may be others (§5.8.1.2, "future verifiers").
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

impl ClientData {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > DATA_BYTES_MAX {
            return Err(Refusal::Malformed);
        }
        serde_json::from_slice(bytes).map_err(|_| Refusal::Malformed)
    }

    pub(super) fn check(
        &self,
        ceremony: &str,
        party: &RelyingParty,
        challenge: &[u8; CHALLENGE_BYTES],
    ) -> Result<(), Refusal> {
        if self.r#type != ceremony {
            return Err(Refusal::Type);
        }
        if self.challenge()? != *challenge {
            return Err(Refusal::Challenge);
        }
        // A page that stands inside another one may be made to look like something else.
        if self.origin != party.origin || self.cross_origin {
            return Err(Refusal::Origin);
        }
        Ok(())
    }

    fn challenge(&self) -> Result<[u8; CHALLENGE_BYTES], Refusal> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(&self.challenge).map_err(|_| Refusal::Malformed)?;
        bytes.try_into().map_err(|_| Refusal::Challenge)
    }
}

/// The challenge that client data answers: whoever asked finds out by it whether they did.
///
/// # Errors
///
/// When the data cannot be read, or its challenge is none of ours.
pub fn challenge_of(client_data: &[u8]) -> Result<[u8; CHALLENGE_BYTES], Refusal> {
    ClientData::read(client_data)?.challenge()
}
