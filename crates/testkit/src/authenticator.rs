//! An authenticator of ours: it makes a credential and signs with it, as a key on a person's ring does; told to, it lies.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// A credential's key pair.
enum Pair {
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
    Rs256(Box<RsaKeyPair>),
}

/// What a browser hands over when it made or used a credential, as bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// JSON.
    pub client_data: Vec<u8>,
    /// What the authenticator says.
    pub authenticator_data: Vec<u8>,
    /// None for a credential that was just made.
    pub signature: Vec<u8>,
}

/// One authenticator with one credential.
pub struct Authenticator {
    pair: Pair,
    /// The id of its credential.
    pub credential_id: Vec<u8>,
    /// The relying party that it says it answers.
    pub party: String,
    /// The page that asks it.
    pub origin: String,
    /// How often it signed; 0 for one that does not count.
    pub counter: u32,
    /// Present 1, verified 4, may be synced 8, is synced 16.
    pub flags: u8,
    /// Whether the page stands inside another one.
    pub is_framed: bool,
}

impl Authenticator {
    /// One with a key of P-256, for this origin and its host.
    pub fn new(party: &str, origin: &str) -> anyhow::Result<Self> {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING)?;
        Ok(Self::with(Pair::Es256(pair), party, origin))
    }

    /// One with a key of Ed25519.
    pub fn ed25519(party: &str, origin: &str) -> anyhow::Result<Self> {
        Ok(Self::with(Pair::EdDsa(Ed25519KeyPair::generate()?), party, origin))
    }

    /// One with a key of RSA, as some computers have built in.
    pub fn rsa(party: &str, origin: &str) -> anyhow::Result<Self> {
        Ok(Self::with(Pair::Rs256(Box::new(RsaKeyPair::generate(KeySize::Rsa2048)?)), party, origin))
    }

    fn with(pair: Pair, party: &str, origin: &str) -> Self {
        let credential_id = digest(&SHA256, &cose(&pair)).as_ref().to_vec();
        let (party, origin) = (party.to_owned(), origin.to_owned());
        Self { pair, credential_id, party, origin, counter: 0, flags: 1 | 4, is_framed: false }
    }

    /// Its public key, as COSE writes it.
    #[must_use]
    pub fn key(&self) -> Vec<u8> {
        cose(&self.pair)
    }

    /// The 32 bytes that its `prf` extension gives for the one input that we use.
    #[must_use]
    pub fn prf(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, &[self.key(), b"prf".to_vec()].concat()).as_ref());
        bytes
    }

    /// Makes its credential known.
    #[must_use]
    pub fn register(&self, challenge: &[u8]) -> Response {
        let mut data = self.head(self.flags | 0x40);
        data.extend_from_slice(&[0; 16]);
        data.extend_from_slice(&(self.credential_id.len() as u16).to_be_bytes());
        data.extend_from_slice(&self.credential_id);
        data.extend_from_slice(&self.key());
        let client_data = self.client_data("webauthn.create", challenge);
        Response { client_data, authenticator_data: data, signature: Vec::new() }
    }

    /// Signs a challenge. One that counts does so.
    pub fn assert(&mut self, challenge: &[u8]) -> anyhow::Result<Response> {
        self.counter += u32::from(self.counter > 0);
        let authenticator_data = self.head(self.flags);
        let client_data = self.client_data("webauthn.get", challenge);
        let signed = [authenticator_data.as_slice(), digest(&SHA256, &client_data).as_ref()].concat();
        Ok(Response { signature: self.sign(&signed)?, client_data, authenticator_data })
    }

    fn head(&self, flags: u8) -> Vec<u8> {
        let mut data = digest(&SHA256, self.party.as_bytes()).as_ref().to_vec();
        data.push(flags);
        data.extend_from_slice(&self.counter.to_be_bytes());
        data
    }

    fn client_data(&self, kind: &str, challenge: &[u8]) -> Vec<u8> {
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(challenge);
        let (origin, framed) = (&self.origin, self.is_framed);
        format!(
            r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}","crossOrigin":{framed},"other_keys":"may come"}}"#
        )
        .into_bytes()
    }

    fn sign(&self, words: &[u8]) -> anyhow::Result<Vec<u8>> {
        let random = SystemRandom::new();
        Ok(match &self.pair {
            Pair::Es256(pair) => pair.sign(&random, words)?.as_ref().to_vec(),
            Pair::EdDsa(pair) => pair.sign(words).as_ref().to_vec(),
            Pair::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, words, &mut signature)?;
                signature
            }
        })
    }
}

/// A public key in the canonical form of CTAP2.
fn cose(pair: &Pair) -> Vec<u8> {
    match pair {
        Pair::Es256(pair) => {
            let (_, point) = pair.public_key().as_ref().split_at(1);
            let (x, y) = point.split_at(32);
            [[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 0x20].as_slice(), x, &[0x22, 0x58, 0x20], y].concat()
        }
        Pair::EdDsa(pair) => {
            [[0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21, 0x58, 0x20].as_slice(), pair.public_key().as_ref()].concat()
        }
        Pair::Rs256(pair) => {
            // RSAPublicKey of RFC 8017: before the modulus of 2,048 bits stand nine bytes of DER.
            let modulus: Vec<u8> = pair.public_key().as_ref().iter().skip(9).take(256).copied().collect();
            let head = [0xa4, 1, 3, 3, 0x39, 1, 0, 0x20, 0x59, 1, 0];
            [head.as_slice(), &modulus, &[0x21, 0x43, 1, 0, 1]].concat()
        }
    }
}
