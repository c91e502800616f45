//! The keys of an account and everything that is sealed with them. Pure: randomness is handed in, there is no
//! clock, no file and no network, and the browser runs this very code.
//!
//! From the person's secret to a mail:
//!
//! ```text
//! password, passkey, recovery code,
//! session token                            each wraps     MasterKey
//! MasterKey                                wraps          AccountKeys (X25519), BlindKey
//! AccountPublicKey                         seals          EpochKey          (HPKE, RFC 9180)
//! EpochKey                                 seals          records           (XChaCha20-Poly1305)
//! a sealed record                          holds          ContentKey        (one for each blob)
//! ContentKey                               seals          a blob in chunks  (ChaCha20-Poly1305)
//! AccountKeys                              derives        the key of what one browser keeps
//! NodeKey (outside the database)           seals          what must work while the person is away
//! AppPassword                              opens nothing: it lets a program send
//! DeviceKeys (public)                      say that a request comes from the device that signed in
//! ```
//!
//! Each sealed thing starts with a format byte and is bound to what it is and where it stands, so that the one
//! who holds the disk can neither alter it nor put it in another's place. Secrets have no `Debug`, `Display` or
//! `Clone`, and are wiped when dropped.
//!
//! What is not here: which row holds what (hub), when an epoch ends (hub counts), how anything is stored (store).

mod account;
mod aead;
mod app_password;
mod base32;
mod blind;
mod blob;
mod device;
mod enrolment;
mod epoch;
mod error;
mod node;
mod passkey;
mod password;
mod random;
mod recovery;
mod session;

pub use account::{AccountKeys, AccountPublicKey, MasterKey, SealedPrivateKey};
pub use aead::RowName;
pub use app_password::{AppPassword, AppPasswordCheck};
pub use blind::BlindKey;
pub use blob::{BLOB_CHUNK_BYTES, BlobLayout, BlobSealer, ContentKey, open_blob, open_range, seal_blob};
pub use device::DeviceBytes;
pub use enrolment::{DEVICE_KEY_BYTES, DEVICE_SIGNATURE_BYTES, DeviceKeys, DevicePair};
pub use epoch::{EpochId, EpochKey, SealedEpochKey, record_epoch};
pub use error::{OpenError, PasswordError, PublicKeyError, RecoveryCodeError};
pub use node::NodeKey;
pub use passkey::{PASSKEY_INPUT, PASSKEY_SECRET_BYTES, PasskeySecret};
pub use password::{PASSWORD_BYTES_MAX, PasswordCost, PasswordWrap};
pub use random::Random;
pub use recovery::RecoveryCode;
pub use session::SessionToken;

/// The bytes of an account's id, which everything of the account is bound to.
pub type AccountBytes = [u8; 16];

#[cfg(test)]
mod tests {
    //! Secrets are never printable: this does not compile when one of them gets `Debug`, `Display` or `Clone`.

    use super::*;

    /// Implemented once for every type, and once more for those that have the trait: naming it is then
    /// ambiguous, which the compiler refuses.
    macro_rules! has_not {
        ($bound:path: $($secret:ty),+) => {{
            trait Ambiguous<Marker> {
                fn name() {}
            }
            struct Bounded;
            impl<T: ?Sized> Ambiguous<()> for T {}
            impl<T: ?Sized + $bound> Ambiguous<Bounded> for T {}
            $(<$secret as Ambiguous<_>>::name();)+
        }};
    }

    #[test]
    fn secrets_are_not_printable() {
        has_not!(std::fmt::Debug: MasterKey, AccountKeys, BlindKey, NodeKey, EpochKey, ContentKey, BlobSealer);
        has_not!(std::fmt::Debug: PasskeySecret, AppPassword, DevicePair, RecoveryCode, SessionToken, PasswordWrap);
        has_not!(std::fmt::Display: MasterKey, AccountKeys, BlindKey, NodeKey, EpochKey, ContentKey, BlobSealer);
        has_not!(std::fmt::Display: PasskeySecret, AppPassword, DevicePair, RecoveryCode, SessionToken, PasswordWrap);
        has_not!(Clone: MasterKey, AccountKeys, BlindKey, NodeKey, EpochKey, ContentKey, BlobSealer);
        has_not!(Clone: PasskeySecret, AppPassword, DevicePair, RecoveryCode, SessionToken);
    }
}
