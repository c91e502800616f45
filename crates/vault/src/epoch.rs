//! Sealing what arrives, in two steps (docs/decisions/0001-sealing-epochs.md).
//!
//! An epoch key is a symmetric key that is sealed once to the account's public key (HPKE, RFC 9180: X25519,
//! HKDF-SHA256, ChaCha20-Poly1305) and stays in the node's memory while it seals a bounded number of records.
//! A page of records of one epoch is then read with one X25519 operation, not one for each.
//!
//! A record: version (1 byte) ‖ epoch id (8) ‖ nonce (24) ‖ ciphertext ‖ tag (16).
//! A sealed epoch key: version (1) ‖ encapsulated key (32) ‖ ciphertext (32) ‖ tag (16).

use crate::AccountBytes;
use crate::account::{AccountKeys, AccountPublicKey};
use crate::aead::{RowName, append_sealed, open_body};
use crate::error::{OpenError, PublicKeyError};
use crate::random::{Random, Source, public, secret};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use zeroize::{ZeroizeOnDrop, Zeroizing};

const EPOCH_VERSION: u8 = 1;
const RECORD_VERSION: u8 = 1;
const ENCAPSULATED_BYTES: usize = 32;
const HPKE_INFO: &[u8] = b"caliopen epoch 1";
const RECORD_FORMAT: &str = "caliopen record 1";

type Encapsulated = <X25519HkdfSha256 as Kem>::EncappedKey;

/// The name of an epoch inside its account. Each record carries it in clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EpochId(pub [u8; 8]);

/// An epoch key as it is stored: opened by the account's private key alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedEpochKey(pub Vec<u8>);

/// The key of an epoch. The node drops it after a bounded number of records or minutes: the caller counts.
#[derive(ZeroizeOnDrop)]
pub struct EpochKey {
    #[zeroize(skip)]
    id: EpochId,
    key: [u8; 32],
}

impl EpochKey {
    /// A new epoch with a random id.
    #[must_use]
    pub fn generate(random: Random<'_>) -> Self {
        Self { id: EpochId(public(random)), key: *secret(random) }
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> EpochId {
        self.id
    }

    /// Seals the key to the account. The result is stored with, or before, the first record of the epoch.
    pub fn seal_to(
        &self,
        recipient: &AccountPublicKey,
        account: &AccountBytes,
        random: Random<'_>,
    ) -> Result<SealedEpochKey, PublicKeyError> {
        let (encapsulated, ciphertext) =
            hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
                &OpModeS::Base,
                &recipient.key()?,
                HPKE_INFO,
                &self.key,
                &epoch_data(account, self.id),
                &mut Source(random),
            )
            .map_err(|_| PublicKeyError)?;
        let mut sealed = vec![EPOCH_VERSION];
        sealed.extend_from_slice(&encapsulated.to_bytes());
        sealed.extend_from_slice(&ciphertext);
        Ok(SealedEpochKey(sealed))
    }

    /// Opens an epoch key with the account's private key.
    pub fn open(
        sealed: &SealedEpochKey,
        id: EpochId,
        keys: &AccountKeys,
        account: &AccountBytes,
    ) -> Result<Self, OpenError> {
        let Some((&EPOCH_VERSION, body)) = sealed.0.split_first() else {
            return Err(OpenError::Malformed);
        };
        let (encapsulated, ciphertext) =
            body.split_first_chunk::<ENCAPSULATED_BYTES>().ok_or(OpenError::Malformed)?;
        let encapsulated = Encapsulated::from_bytes(encapsulated).map_err(|_| OpenError::Malformed)?;
        let plaintext = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            keys.private(),
            &encapsulated,
            HPKE_INFO,
            ciphertext,
            &epoch_data(account, id),
        )
        .map(Zeroizing::new)
        .map_err(|_| OpenError::Refused)?;
        let key = plaintext.as_slice().try_into().map_err(|_| OpenError::Malformed)?;
        Ok(Self { id, key })
    }

    /// Seals a record for the place where it will stand.
    #[must_use]
    pub fn seal_record(&self, row: &RowName<'_>, plaintext: &[u8], random: Random<'_>) -> Vec<u8> {
        let mut record = vec![RECORD_VERSION];
        record.extend_from_slice(&self.id.0);
        append_sealed(&mut record, &self.key, &row.associated_data(RECORD_FORMAT), plaintext, random);
        record
    }

    /// Opens a record that stands where `row` says. A record of another epoch is `Refused`.
    pub fn open_record(&self, row: &RowName<'_>, record: &[u8]) -> Result<Vec<u8>, OpenError> {
        let (id, body) = split_record(record)?;
        if id != self.id {
            return Err(OpenError::Refused);
        }
        open_body(&self.key, &row.associated_data(RECORD_FORMAT), body)
    }
}

/// The epoch that a record was sealed in: the key to open first.
pub fn record_epoch(record: &[u8]) -> Result<EpochId, OpenError> {
    split_record(record).map(|(id, _)| id)
}

fn split_record(record: &[u8]) -> Result<(EpochId, &[u8]), OpenError> {
    let Some((&RECORD_VERSION, rest)) = record.split_first() else {
        return Err(OpenError::Malformed);
    };
    let (id, body) = rest.split_first_chunk().ok_or(OpenError::Malformed)?;
    Ok((EpochId(*id), body))
}

fn epoch_data(account: &AccountBytes, id: EpochId) -> Vec<u8> {
    RowName { account, kind: "epoch", key: &id.0 }.associated_data("caliopen epoch 1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::fixed::stream;
    use proptest::prelude::*;

    const ACCOUNT: AccountBytes = [7; 16];

    fn keys() -> AccountKeys {
        AccountKeys::generate(&mut stream("account"))
    }

    fn epoch() -> EpochKey {
        EpochKey::generate(&mut stream("epoch"))
    }

    fn sealed() -> SealedEpochKey {
        epoch().seal_to(&keys().public(), &ACCOUNT, &mut stream("hpke")).unwrap()
    }

    fn row(key: &[u8]) -> RowName<'_> {
        RowName { account: &ACCOUNT, kind: "summary", key }
    }

    #[test]
    fn the_account_opens_what_the_node_sealed() {
        let record = epoch().seal_record(&row(b"1"), b"Bonjour", &mut stream("nonce"));
        assert_eq!(record_epoch(&record), Ok(epoch().id()));
        let opened = EpochKey::open(&sealed(), epoch().id(), &keys(), &ACCOUNT).expect("our own key");
        assert_eq!(opened.open_record(&row(b"1"), &record), Ok(b"Bonjour".to_vec()));
    }

    #[test]
    fn an_epoch_opens_for_its_account_and_id_alone() {
        let check = |id, keys: &AccountKeys, account| {
            assert_eq!(EpochKey::open(&sealed(), id, keys, &account).err(), Some(OpenError::Refused));
        };
        check(EpochId([0; 8]), &keys(), ACCOUNT);
        check(epoch().id(), &AccountKeys::generate(&mut stream("another")), ACCOUNT);
        check(epoch().id(), &keys(), [8; 16]);
    }

    #[test]
    fn a_damaged_public_key_is_said() {
        let none = AccountPublicKey([0; 32]);
        assert_eq!(epoch().seal_to(&none, &ACCOUNT, &mut stream("hpke")), Err(PublicKeyError));
    }

    #[test]
    fn a_record_opens_in_its_place_alone() {
        let record = epoch().seal_record(&row(b"1"), b"Bonjour", &mut stream("nonce"));
        let check =
            |row: RowName<'_>| assert_eq!(epoch().open_record(&row, &record), Err(OpenError::Refused));
        check(row(b"2"));
        check(RowName { kind: "contact", ..row(b"1") });
        check(RowName { account: &[8; 16], ..row(b"1") });
        // Bytes that move from the kind to the key give another place.
        check(RowName { kind: "summar", key: b"y1", account: &ACCOUNT });
    }

    /// The answers were computed once more by a program that shares no code with this one.
    #[test]
    fn the_formats_stay_what_they_are() {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let record = epoch().seal_record(&row(b"1"), b"Bonjour", &mut stream("nonce"));
        assert_eq!(
            hex(&record),
            "015eb6991633fbdaa7f4b99ca9abea252982c269ee80672a2d025d2dc9148fe403d8e7a2e2353a26b9831c42d44ab2a8f42e9e845e5bbbf1"
        );
        assert_eq!(
            hex(&keys().public().0),
            "b1a53ed279a982e03752de19b9ddb34b8ab185fa91a4e4890a8e07575cf73e2f"
        );
        assert_eq!(
            hex(&sealed().0),
            "014b007420a9d1ba905ff05bb2f8950f191b0f8dc7f156a9d0393d98358c0e374167f63e5f14e0c07c44225f4c26df8740de1db56d850bae078cfd56d62126665e8695c8791d510213ebe200fbeb023705"
        );
    }

    proptest! {
        #[test]
        fn any_plaintext_comes_back(plaintext: Vec<u8>, key: Vec<u8>) {
            let record = epoch().seal_record(&row(&key), &plaintext, &mut stream("nonce"));
            prop_assert_eq!(epoch().open_record(&row(&key), &record), Ok(plaintext));
        }

        #[test]
        fn a_flipped_bit_is_noticed(place: prop::sample::Index, bit in 0_u8..8) {
            let mut record = epoch().seal_record(&row(b"1"), b"Bonjour", &mut stream("nonce"));
            let length = record.len();
            record[place.index(length)] ^= 1 << bit;
            prop_assert!(epoch().open_record(&row(b"1"), &record).is_err());
            let mut key = sealed();
            let length = key.0.len();
            key.0[place.index(length)] ^= 1 << bit;
            prop_assert!(EpochKey::open(&key, epoch().id(), &keys(), &ACCOUNT).is_err());
        }

        #[test]
        fn any_bytes_are_refused_without_a_panic(bytes: Vec<u8>) {
            prop_assert!(epoch().open_record(&row(b"1"), &bytes).is_err());
            prop_assert!(EpochKey::open(&SealedEpochKey(bytes), epoch().id(), &keys(), &ACCOUNT).is_err());
        }
    }
}
