//! Encryption is believed only when the bytes show it.

use crate::world::{OWN_SERVER, World, arrival};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use caliopen_model::{Custody, Encryption, EncryptionScheme, Evidence};

const HEAD: &str = "From: ana@signed.test\r\nTo: bob@here.test\r\nSubject: ...\r\nMIME-Version: 1.0\r\n";

/// A session key for one recipient, then protected data.
const SEALED: &[u8] = &[0xc1, 12, 3, 1, 2, 3, 4, 5, 6, 7, 8, 25, 0xaa, 0xbb, 0xd2, 6, 2, 9, 2, 6, 0xcc, 0xdd];

fn armour(packets: &[u8]) -> String {
    let text = STANDARD.encode(packets);
    format!("-----BEGIN PGP MESSAGE-----\r\n\r\n{text}\r\n-----END PGP MESSAGE-----\r\n")
}

fn pgp_mime(payload: &str, more: &str) -> String {
    format!(
        "{HEAD}Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\r\n\r\n\
         --b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\
         --b\r\nContent-Type: application/octet-stream; name=encrypted.asc\r\n\r\n{payload}{more}\r\n--b--\r\n"
    )
}

fn inline(text: &str) -> String {
    format!("{HEAD}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}")
}

fn smime(payload: &[u8]) -> String {
    format!(
        "{HEAD}Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}\r\n",
        STANDARD.encode(payload)
    )
}

async fn check(world: &World, raw: &str, expected: Option<EncryptionScheme>) {
    let verified = world.verify(&arrival(OWN_SERVER, "ana@signed.test", raw.as_bytes())).await;
    let found: Vec<&Encryption> = verified
        .evidence
        .iter()
        .filter_map(|fact| match fact {
            Evidence::Encryption(encryption) => Some(encryption),
            _ => None,
        })
        .collect();
    assert_eq!(found.first().map(|encryption| encryption.scheme), expected, "{raw}");
    for encryption in found {
        // Nobody opened it yet: no custody, no key, no extra is known.
        assert_eq!((encryption.theirs, encryption.ours), (Custody::Unknown, Custody::Unknown));
        assert!(!encryption.covers_everything && !encryption.forward_secrecy && !encryption.post_quantum);
    }
    assert!(!verified.evidence.iter().any(|fact| matches!(fact, Evidence::Key(_))));
}

#[tokio::test]
async fn openpgp_is_recognised_by_its_packets() {
    let world = World::start();
    check(&world, &pgp_mime(&armour(SEALED), ""), Some(EncryptionScheme::OpenPgp)).await;
    check(&world, &inline(&armour(SEALED)), Some(EncryptionScheme::OpenPgp)).await;
}

#[tokio::test]
async fn what_only_claims_to_be_encrypted_is_not() {
    let world = World::start();
    check(&world, &pgp_mime("Ciao Bob, this is plain.\r\n", ""), None).await;
    check(&world, &pgp_mime(&armour(b"Ciao Bob, this is plain."), ""), None).await;
    let readable = "\r\n--b\r\nContent-Type: text/plain\r\n\r\nAnd this can be read.\r\n";
    check(&world, &pgp_mime(&armour(SEALED), readable), None).await;
    check(&world, &inline(&format!("Ciao Bob!\r\n{}", armour(SEALED))), None).await;
    check(&world, &inline(&format!("{}Ciao Bob!\r\n", armour(SEALED))), None).await;
    check(&world, &inline("Ciao Bob!\r\n"), None).await;
}

#[tokio::test]
async fn smime_is_recognised_by_its_outline() {
    let world = World::start();
    let oid = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03];
    let inner = [0x02, 0x01, 0x00, 0x31, 0x02, 0x05, 0x00, 0x30, 0x02, 0x05, 0x00];
    let data = [&[0xa0, 13, 0x30, 11], &inner[..]].concat();
    let whole = [&[0x30, 26], &oid[..], &data[..]].concat();
    check(&world, &smime(&whole), Some(EncryptionScheme::Smime)).await;
    check(&world, &smime(b"Ciao Bob, this is plain."), None).await;
}
