//! The password's wrap of the master key: Argon2id (RFC 9106) gives 64 bytes, of which one half is hashed into
//! the verifier that login compares, and the other wraps. A wrong password costs the same as an unknown account.
//!
//! Stored form: version (1 byte) ‖ memory KiB, passes, lanes (4 each, big-endian) ‖ salt (16) ‖ verifier (32) ‖
//! the wrap. It stands in a row that the node's key seals, so that a copied disk allows no guessing.

use crate::AccountBytes;
use crate::account::MasterKey;
use crate::aead::derive;
use crate::error::{OpenError, PasswordError};
use crate::random::{Random, public};
use argon2::{Algorithm, Argon2, Params, Version};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Longest password, in bytes of UTF-8.
pub const PASSWORD_BYTES_MAX: usize = 1024;

const VERSION: u8 = 1;
const SALT_BYTES: usize = 16;
const VERIFIER_BYTES: usize = 32;
const KIND: &str = "password";
const VERIFIER: &str = "caliopen password verifier 1";
const WRAPPING: &str = "caliopen password wrap 1";

/// What a check costs. It is stored with each wrap, so that it can rise for new passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl PasswordCost {
    /// 32 MiB, three passes, one lane: above OWASP's minimum (19 MiB, two passes), below what a small host's
    /// memory bears when several people sign in at once.
    pub const STANDARD: Self = Self { memory_kib: 32 * 1024, passes: 3, lanes: 1 };

    /// A stored row must not be able to ask for more than this, whoever wrote it.
    pub const HIGHEST: Self = Self { memory_kib: 1024 * 1024, passes: 16, lanes: 8 };

    fn argon2(self) -> Result<Argon2<'static>, PasswordError> {
        let highest = Self::HIGHEST;
        if self.memory_kib > highest.memory_kib || self.passes > highest.passes || self.lanes > highest.lanes
        {
            return Err(PasswordError::Cost);
        }
        let params =
            Params::new(self.memory_kib, self.passes, self.lanes, None).map_err(|_| PasswordError::Cost)?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

/// The master key under a password, with what checks the password.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordWrap {
    cost: PasswordCost,
    salt: [u8; SALT_BYTES],
    verifier: [u8; VERIFIER_BYTES],
    wrapped: Vec<u8>,
}

impl PasswordWrap {
    /// Wraps the master key. Takes tens of milliseconds: run it where blocking is allowed.
    pub fn new(
        master: &MasterKey,
        account: &AccountBytes,
        password: &str,
        cost: PasswordCost,
        random: Random<'_>,
    ) -> Result<Self, PasswordError> {
        let salt = public(random);
        let halves = Halves::stretch(password, &salt, cost)?;
        let wrapped = master.wrap_with(&halves.wrapping, account, KIND, random);
        Ok(Self { cost, salt, verifier: *halves.verifier, wrapped })
    }

    /// A wrap that no password opens, for logins that do not exist: checking it costs the same as a real one.
    #[must_use]
    pub fn decoy(cost: PasswordCost, random: Random<'_>) -> Self {
        Self { cost, salt: public(random), verifier: public(random), wrapped: Vec::new() }
    }

    /// Checks the password and opens the master key. Takes tens of milliseconds: run it where blocking is
    /// allowed. A wrong password, a too long one and a decoy are all `Refused`.
    pub fn open(&self, account: &AccountBytes, password: &str) -> Result<MasterKey, OpenError> {
        let halves = match Halves::stretch(password, &self.salt, self.cost) {
            Ok(halves) => halves,
            Err(PasswordError::TooLong { .. }) => return Err(OpenError::Refused),
            Err(PasswordError::Cost) => return Err(OpenError::Malformed),
        };
        if !bool::from(halves.verifier.ct_eq(&self.verifier)) {
            return Err(OpenError::Refused);
        }
        MasterKey::unwrap_with(&halves.wrapping, account, KIND, &self.wrapped)
    }

    /// Whether it was made at another cost than is wanted now: after a successful login, wrap again.
    #[must_use]
    pub fn is_outdated(&self, wanted: PasswordCost) -> bool {
        self.cost != wanted
    }

    /// The stored form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        for number in [self.cost.memory_kib, self.cost.passes, self.cost.lanes] {
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        bytes.extend_from_slice(&self.salt);
        bytes.extend_from_slice(&self.verifier);
        bytes.extend_from_slice(&self.wrapped);
        bytes
    }

    /// Reads the stored form.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, OpenError> {
        let Some((&VERSION, mut rest)) = bytes.split_first() else {
            return Err(OpenError::Malformed);
        };
        let memory_kib = u32::from_be_bytes(take(&mut rest)?);
        let passes = u32::from_be_bytes(take(&mut rest)?);
        let lanes = u32::from_be_bytes(take(&mut rest)?);
        let (salt, verifier) = (take(&mut rest)?, take(&mut rest)?);
        let cost = PasswordCost { memory_kib, passes, lanes };
        Ok(Self { cost, salt, verifier, wrapped: rest.to_vec() })
    }
}

/// The two independent halves of a stretched password.
struct Halves {
    verifier: Zeroizing<[u8; VERIFIER_BYTES]>,
    wrapping: Zeroizing<[u8; 32]>,
}

impl Halves {
    fn stretch(password: &str, salt: &[u8; SALT_BYTES], cost: PasswordCost) -> Result<Self, PasswordError> {
        if password.len() > PASSWORD_BYTES_MAX {
            return Err(PasswordError::TooLong { limit: PASSWORD_BYTES_MAX });
        }
        let mut stretched = Zeroizing::new([0; 64]);
        cost.argon2()?
            .hash_password_into(password.as_bytes(), salt, stretched.as_mut_slice())
            .map_err(|_| PasswordError::Cost)?;
        let (login, wrapping) = stretched.split_at(32);
        Ok(Self { verifier: derive(login, VERIFIER), wrapping: derive(wrapping, WRAPPING) })
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], OpenError> {
    let (taken, after) = rest.split_first_chunk::<N>().ok_or(OpenError::Malformed)?;
    *rest = after;
    Ok(*taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::fixed::stream;

    /// Cheap enough to run many times.
    const LOW: PasswordCost = PasswordCost { memory_kib: 64, passes: 1, lanes: 1 };
    const ACCOUNT: AccountBytes = [7; 16];

    fn master() -> MasterKey {
        MasterKey::generate(&mut stream("master"))
    }

    fn wrap() -> PasswordWrap {
        PasswordWrap::new(&master(), &ACCOUNT, "correct horse", LOW, &mut stream("salt")).unwrap()
    }

    #[test]
    fn the_right_password_opens_what_was_stored() {
        let read = PasswordWrap::from_bytes(&wrap().to_bytes()).expect("our own bytes");
        let opened = read.open(&ACCOUNT, "correct horse").expect("the right password");
        assert_eq!(opened.bytes(), master().bytes());
    }

    #[test]
    fn anything_else_is_refused_alike() {
        let check = |account: AccountBytes, password: &str| {
            assert_eq!(wrap().open(&account, password).err(), Some(OpenError::Refused), "{password:.20}");
        };
        check(ACCOUNT, "Correct horse");
        check(ACCOUNT, "");
        check(ACCOUNT, &"x".repeat(PASSWORD_BYTES_MAX + 1));
        check([8; 16], "correct horse");
        let decoy = PasswordWrap::decoy(LOW, &mut stream("decoy"));
        assert_eq!(decoy.open(&ACCOUNT, "correct horse").err(), Some(OpenError::Refused));
    }

    #[test]
    fn a_stored_cost_is_bounded() {
        let mut greedy = wrap();
        greedy.cost.memory_kib = u32::MAX;
        assert_eq!(greedy.open(&ACCOUNT, "correct horse").err(), Some(OpenError::Malformed));
        let none = PasswordCost { memory_kib: 0, passes: 0, lanes: 0 };
        let refused = PasswordWrap::new(&master(), &ACCOUNT, "x", none, &mut stream("salt"));
        assert_eq!(refused.err(), Some(PasswordError::Cost));
    }

    #[test]
    fn a_cut_row_is_malformed() {
        let bytes = wrap().to_bytes();
        for length in 0..61 {
            assert_eq!(PasswordWrap::from_bytes(&bytes[..length]).err(), Some(OpenError::Malformed));
        }
    }

    #[test]
    fn the_stretch_is_argon2id_of_rfc_9106() {
        // A known answer of the reference implementation (phc-winner-argon2, test.c): 64 MiB would be slow, so
        // the 256 KiB, two passes, one lane vector of Argon2id version 0x13.
        let cost = PasswordCost { memory_kib: 256, passes: 2, lanes: 1 };
        let mut out = [0; 32];
        cost.argon2().unwrap().hash_password_into(b"password", b"somesalt", &mut out).unwrap();
        let hex: String = out.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe");
    }

    #[test]
    fn a_higher_cost_asks_for_a_new_wrap() {
        assert!(wrap().is_outdated(PasswordCost::STANDARD));
        assert!(!wrap().is_outdated(LOW));
    }
}
