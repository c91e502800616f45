//! What a passkey gives beside its signature: 32 bytes of the `prf` extension (WebAuthn Level 3, §10.1.4), the same
//! each time and known to nobody before its user was verified. A key that is derived from them wraps the master key.

use crate::AccountBytes;
use crate::account::MasterKey;
use crate::aead::derive;
use crate::error::OpenError;
use crate::random::Random;
use zeroize::ZeroizeOnDrop;

/// Bytes that the extension gives.
pub const PASSKEY_SECRET_BYTES: usize = 32;

/// What the extension is asked for, of every passkey alike: whose it is, is not known before it answers.
pub const PASSKEY_INPUT: &[u8] = b"caliopen passkey 1";

const KIND: &str = "passkey";
const WRAPPING: &str = "caliopen passkey wrap 1";

/// The secret of one passkey. It is told at each sign-in, as a password is, and kept nowhere.
#[derive(ZeroizeOnDrop)]
pub struct PasskeySecret([u8; PASSKEY_SECRET_BYTES]);

impl PasskeySecret {
    /// What the extension gave. `None` for anything that it does not give.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The master key under this passkey. The secret is random, so no slow hash is needed.
    #[must_use]
    pub fn wrap(&self, master: &MasterKey, account: &AccountBytes, random: Random<'_>) -> Vec<u8> {
        master.wrap_with(&derive(&self.0, WRAPPING), account, KIND, random)
    }

    /// The master key that this passkey wraps.
    pub fn open(&self, wrapped: &[u8], account: &AccountBytes) -> Result<MasterKey, OpenError> {
        MasterKey::unwrap_with(&derive(&self.0, WRAPPING), account, KIND, wrapped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::fixed::stream;

    fn secret(byte: u8) -> PasskeySecret {
        PasskeySecret::from_bytes(&[byte; PASSKEY_SECRET_BYTES]).unwrap()
    }

    #[test]
    fn it_opens_its_own_wrap_of_its_own_account_alone() {
        let master = MasterKey::generate(&mut stream("master"));
        let wrapped = secret(1).wrap(&master, &[1; 16], &mut stream("nonce"));
        assert_eq!(secret(1).open(&wrapped, &[1; 16]).ok().map(|key| *key.bytes()), Some(*master.bytes()));
        assert_eq!(secret(1).open(&wrapped, &[2; 16]).err(), Some(OpenError::Refused));
        assert_eq!(secret(2).open(&wrapped, &[1; 16]).err(), Some(OpenError::Refused));
        assert_eq!(secret(1).open(&[], &[1; 16]).err(), Some(OpenError::Malformed));
    }

    #[test]
    fn its_key_is_none_that_another_secret_of_the_same_bytes_gives() {
        let wrapping = derive(&secret(1).0, WRAPPING);
        assert_ne!(*wrapping, secret(1).0);
        assert_ne!(*wrapping, *derive(&secret(1).0, "caliopen session wrap 1"));
    }

    #[test]
    fn nothing_but_32_bytes_is_a_secret() {
        for length in [0, 31, 33, 64] {
            assert!(PasskeySecret::from_bytes(&vec![1; length]).is_none(), "{length}");
        }
    }
}
