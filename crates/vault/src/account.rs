//! The account's key pair and the master key that wraps its private half.
//!
//! The public half stands in clear at the node: it is enough to receive. The private half is opened only with
//! the master key, and the master key only with a secret of the person.

use crate::AccountBytes;
use crate::aead::{open_key, seal, wrap_data};
use crate::error::{OpenError, PublicKeyError};
use crate::random::{Random, Source, secret};
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, Serializable};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

const PRIVATE_KEY: &str = "account private key";

pub(crate) type PrivateKey = <X25519HkdfSha256 as Kem>::PrivateKey;
pub(crate) type PublicKey = <X25519HkdfSha256 as Kem>::PublicKey;

/// The secret behind every wrap. Whoever holds it reads the account.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct MasterKey([u8; 32]);

impl MasterKey {
    /// A new one, for a new account or for an account that starts with an empty key.
    #[must_use]
    pub fn generate(random: Random<'_>) -> Self {
        Self(*secret(random))
    }

    pub(crate) fn wrap_with(
        &self,
        wrapping: &[u8; 32],
        account: &AccountBytes,
        kind: &str,
        random: Random<'_>,
    ) -> Vec<u8> {
        seal(wrapping, &wrap_data(account, kind), &self.0, random)
    }

    pub(crate) fn unwrap_with(
        wrapping: &[u8; 32],
        account: &AccountBytes,
        kind: &str,
        wrapped: &[u8],
    ) -> Result<Self, OpenError> {
        open_key(wrapping, &wrap_data(account, kind), wrapped).map(|key| Self(*key))
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The public half: anything can be sealed to it, nothing is read with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AccountPublicKey(pub [u8; 32]);

impl AccountPublicKey {
    pub(crate) fn key(&self) -> Result<PublicKey, PublicKeyError> {
        PublicKey::from_bytes(&self.0).map_err(|_| PublicKeyError)
    }
}

/// The private half under the master key, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedPrivateKey(pub Vec<u8>);

/// The key pair of an unlocked account. The private half is wiped when this is dropped.
pub struct AccountKeys {
    private: PrivateKey,
    public: AccountPublicKey,
}

impl AccountKeys {
    /// A new pair.
    #[must_use]
    pub fn generate(random: Random<'_>) -> Self {
        let (private, _) = X25519HkdfSha256::gen_keypair_with_rng(&mut Source(random));
        Self::from_private(private)
    }

    fn from_private(private: PrivateKey) -> Self {
        let public = AccountPublicKey(X25519HkdfSha256::sk_to_pk(&private).to_bytes().into());
        Self { private, public }
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> AccountPublicKey {
        self.public
    }

    /// The private half under the master key.
    #[must_use]
    pub fn seal(&self, master: &MasterKey, account: &AccountBytes, random: Random<'_>) -> SealedPrivateKey {
        let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(self.private.to_bytes().into());
        SealedPrivateKey(seal(master.bytes(), &wrap_data(account, PRIVATE_KEY), bytes.as_slice(), random))
    }

    /// Unlocks the account.
    pub fn open(
        sealed: &SealedPrivateKey,
        master: &MasterKey,
        account: &AccountBytes,
    ) -> Result<Self, OpenError> {
        let bytes = open_key(master.bytes(), &wrap_data(account, PRIVATE_KEY), &sealed.0)?;
        PrivateKey::from_bytes(bytes.as_slice()).map(Self::from_private).map_err(|_| OpenError::Malformed)
    }

    pub(crate) fn private(&self) -> &PrivateKey {
        &self.private
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::fixed::stream;

    #[test]
    fn the_master_key_of_the_account_opens_the_pair() {
        let (mut random, account) = (stream("account"), [1; 16]);
        let (keys, master) = (AccountKeys::generate(&mut random), MasterKey::generate(&mut random));
        let sealed = keys.seal(&master, &account, &mut random);
        let opened = AccountKeys::open(&sealed, &master, &account).expect("our own key");
        assert_eq!(opened.public(), keys.public());
        let other = MasterKey::generate(&mut random);
        assert_eq!(AccountKeys::open(&sealed, &other, &account).err(), Some(OpenError::Refused));
        assert_eq!(AccountKeys::open(&sealed, &master, &[2; 16]).err(), Some(OpenError::Refused));
        let empty = SealedPrivateKey(Vec::new());
        assert_eq!(AccountKeys::open(&empty, &master, &account).err(), Some(OpenError::Malformed));
    }

    #[test]
    fn a_wrap_of_one_kind_is_not_one_of_another() {
        let (mut random, account) = (stream("account"), [1; 16]);
        let (master, wrapping) = (MasterKey::generate(&mut random), [3; 32]);
        let wrapped = master.wrap_with(&wrapping, &account, "session", &mut random);
        assert!(MasterKey::unwrap_with(&wrapping, &account, "session", &wrapped).is_ok());
        let other = MasterKey::unwrap_with(&wrapping, &account, "recovery", &wrapped);
        assert_eq!(other.err(), Some(OpenError::Refused));
    }
}
