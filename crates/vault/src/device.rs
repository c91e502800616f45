//! The key of what one browser keeps of an account on its own disk. The browser does not keep the key unless its person
//! asks for that: it is told to an open session, so what lies on a disk opens only while the server says yes.

use crate::account::AccountKeys;
use crate::aead::derive;
use hpke::Serializable;
use zeroize::Zeroizing;

const PURPOSE: &str = "caliopen device key 1";

/// Random bytes that a browser made for itself. No secret.
pub type DeviceBytes = [u8; 16];

impl AccountKeys {
    /// The key of one device: 32 bytes, the same for as long as the account keeps its pair, whatever session asks.
    /// That of one device says nothing of another's (HKDF-SHA256, RFC 5869).
    #[must_use]
    pub fn device_key(&self, device: &DeviceBytes) -> Zeroizing<[u8; 32]> {
        let private: Zeroizing<[u8; 32]> = Zeroizing::new(self.private().to_bytes().into());
        let secret = Zeroizing::new([private.as_slice(), device.as_slice()].concat());
        derive(&secret, PURPOSE)
    }
}

#[cfg(test)]
mod tests {
    use crate::AccountKeys;
    use crate::random::fixed::stream;

    #[test]
    fn each_device_of_each_account_has_one_key() {
        let (alice, bob) =
            (AccountKeys::generate(&mut stream("alice")), AccountKeys::generate(&mut stream("bob")));
        assert_eq!(alice.device_key(&[1; 16]), alice.device_key(&[1; 16]));
        assert_ne!(alice.device_key(&[1; 16]), alice.device_key(&[2; 16]));
        assert_ne!(alice.device_key(&[1; 16]), bob.device_key(&[1; 16]));
    }
}
