//! Credentials as browsers write them (WebAuthn Level 3, §5.1: RegistrationResponseJSON, AuthenticationResponseJSON), and
//! what they are asked with. Bytes are base64url without padding (RFC 4648 §5).

use super::problem::Problem;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use caliopen_hub::limits::CHALLENGE_MS;
use caliopen_hub::{
    ALGORITHMS, Assertion, Creation, PASSKEY_INPUT, PasskeyRequest, PasskeySecret, Presented, Registration,
    RelyingParty,
};
use serde::Deserialize;
use serde_json::{Value, json};
use zeroize::Zeroizing;

/// A passkey that is shown, and what it gives beside its signature.
#[derive(Deserialize)]
pub(super) struct Shown {
    credential: Used,
    #[serde(default)]
    prf: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Used {
    raw_id: String,
    response: Signed,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Signed {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    authenticator_data: String,
    signature: String,
    #[serde(default)]
    user_handle: Option<String>,
}

/// A passkey that was made.
#[derive(Deserialize)]
pub(super) struct Made {
    credential: New,
    #[serde(default)]
    prf: Option<String>,
}

#[derive(Deserialize)]
struct New {
    response: Attested,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attested {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    authenticator_data: String,
}

/// The bytes of a passkey that is shown.
pub(super) struct ShownBytes {
    credential_id: Vec<u8>,
    client_data: Vec<u8>,
    authenticator_data: Vec<u8>,
    signature: Vec<u8>,
    user_id: Option<Vec<u8>>,
    secret: Option<PasskeySecret>,
}

/// The bytes of one that was made.
pub(super) struct MadeBytes {
    client_data: Vec<u8>,
    authenticator_data: Vec<u8>,
    pub(super) secret: Option<PasskeySecret>,
}

impl Shown {
    pub(super) fn read(&self) -> Result<ShownBytes, Problem> {
        let response = &self.credential.response;
        Ok(ShownBytes {
            credential_id: bytes(&self.credential.raw_id)?,
            client_data: bytes(&response.client_data)?,
            authenticator_data: bytes(&response.authenticator_data)?,
            signature: bytes(&response.signature)?,
            user_id: response.user_handle.as_deref().map(bytes).transpose()?,
            secret: secret(self.prf.as_deref())?,
        })
    }
}

impl Made {
    pub(super) fn read(&self) -> Result<MadeBytes, Problem> {
        let response = &self.credential.response;
        Ok(MadeBytes {
            client_data: bytes(&response.client_data)?,
            authenticator_data: bytes(&response.authenticator_data)?,
            secret: secret(self.prf.as_deref())?,
        })
    }
}

impl ShownBytes {
    pub(super) fn presented(&mut self) -> Presented<'_> {
        Presented {
            credential_id: &self.credential_id,
            user_id: self.user_id.as_deref(),
            secret: self.secret.take(),
            assertion: Assertion {
                client_data: &self.client_data,
                authenticator_data: &self.authenticator_data,
                signature: &self.signature,
            },
        }
    }
}

impl MadeBytes {
    pub(super) fn registration(&self) -> Registration<'_> {
        Registration { client_data: &self.client_data, authenticator_data: &self.authenticator_data }
    }
}

/// `PublicKeyCredentialRequestOptionsJSON`.
pub(super) fn request_options(party: &RelyingParty, request: &PasskeyRequest) -> Value {
    json!({
        "challenge": text(&request.challenge),
        "rpId": party.id,
        "timeout": CHALLENGE_MS,
        "userVerification": "required",
        "allowCredentials": descriptors(&request.credentials),
        "extensions": extensions(),
    })
}

/// `PublicKeyCredentialCreationOptionsJSON`. The authenticator keeps the passkey itself, so that nobody has to say who
/// they are before it answers.
pub(super) fn creation_options(party: &RelyingParty, creation: &Creation) -> Value {
    let kinds = ALGORITHMS.map(|number| json!({ "type": "public-key", "alg": number }));
    json!({
        "challenge": text(&creation.challenge),
        "rp": { "id": party.id, "name": "Caliopen" },
        "user": {
            "id": text(creation.user_id.as_bytes()),
            "name": creation.address,
            "displayName": creation.address,
        },
        "pubKeyCredParams": kinds,
        "timeout": CHALLENGE_MS,
        "excludeCredentials": descriptors(&creation.known),
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": true,
            "userVerification": "required",
        },
        "attestation": "none",
        "extensions": extensions(),
    })
}

fn descriptors(ids: &[Vec<u8>]) -> Value {
    ids.iter().map(|id| json!({ "type": "public-key", "id": text(id) })).collect()
}

fn extensions() -> Value {
    json!({ "prf": { "eval": { "first": text(PASSKEY_INPUT) } } })
}

fn text(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn bytes(text: &str) -> Result<Vec<u8>, Problem> {
    let unreadable =
        |_| Problem::Request("Send the credential as the browser gives it, its bytes in base64url.");
    BASE64_URL_SAFE_NO_PAD.decode(text).map_err(unreadable)
}

fn secret(text: Option<&str>) -> Result<Option<PasskeySecret>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let bytes = Zeroizing::new(bytes(text)?);
    let secret = PasskeySecret::from_bytes(&bytes);
    secret.map(Some).ok_or(Problem::Request("Send `prf` as 32 bytes in base64url."))
}
