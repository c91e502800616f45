//! DKIM (RFC 6376): messages that dkimpy signed, and ours; the keys are served by Knot.

use crate::world::{STRANGER, World, fixture, message};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use caliopen_model::{Authentication, DkimResult, DmarcResult};
use caliopen_testkit::dns::{Signing, Zone};
use mail_auth::common::crypto::{RsaKey, Sha256};
use mail_auth::common::headers::HeaderWriter;
use mail_auth::dkim::DkimSigner;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

async fn check(world: &World, raw: &[u8], expected: &[DkimResult]) -> Authentication {
    let found = world.authenticate(STRANGER, "bounce@elsewhere.test", raw).await;
    let results: Vec<DkimResult> = found.dkim.iter().map(|verdict| verdict.result).collect();
    assert_eq!(results, expected, "{}", String::from_utf8_lossy(raw));
    found
}

fn replaced(raw: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(raw.to_vec()).unwrap();
    assert!(text.contains(from));
    text.replacen(from, to, 1).into_bytes()
}

#[tokio::test]
async fn what_another_implementation_signed_is_accepted() {
    let world = World::start();
    for name in [
        "rsa-relaxed",
        "rsa-relaxed-blank-lines",
        "rsa-relaxed-blank-body",
        "rsa-simple-blank-lines",
        "rsa-simple-empty-body",
        "ed25519-relaxed",
    ] {
        let found = check(&world, &fixture(name), &[DkimResult::Pass]).await;
        assert_eq!(found.dmarc, DmarcResult::Pass, "{name}");
        assert_eq!(found.dkim[0].domain, "fixture.test");
    }
}

#[tokio::test]
async fn a_changed_message_fails() {
    let world = World::start();
    let raw = fixture("rsa-relaxed-blank-lines");
    let body = replaced(&raw, "un saluto", "un bonifico");
    let added = [&raw[..], b"Paga qui.\r\n"].concat();
    let subject = replaced(&raw, "Subject: Blank", "Subject: Black");
    for changed in [body, added, subject] {
        let found = check(&world, &changed, &[DkimResult::Fail]).await;
        assert_eq!(found.dmarc, DmarcResult::Fail);
    }
    // Simple canonicalization keeps white space: a blank line more is another body.
    let simple = replaced(&fixture("rsa-simple-blank-lines"), "Ana.\r\n", "Ana. \r\n");
    check(&world, &simple, &[DkimResult::Fail]).await;
}

#[tokio::test]
async fn an_expired_signature_proves_nothing() {
    let world = World::start();
    let found = check(&world, &fixture("rsa-expired"), &[DkimResult::Neutral]).await;
    assert_eq!(found.dmarc, DmarcResult::Fail);
}

#[tokio::test]
async fn a_body_length_never_counts() {
    let world = World::start();
    let found = check(&world, &fixture("rsa-body-length"), &[DkimResult::Policy]).await;
    assert!(found.dkim[0].body_length_limited);
    assert_eq!(found.dmarc, DmarcResult::Fail);
    // Beside a whole signature it is still told, and does no harm.
    let both = world.signed("plain.test", &message("ana@plain.test"));
    let limited = "DKIM-Signature: v=1; a=rsa-sha256; d=plain.test; s=ed; h=from; l=1; bh=AA==; b=AA==\r\n";
    let raw = [limited.as_bytes(), &both].concat();
    let found = check(&world, &raw, &[DkimResult::Pass, DkimResult::Policy]).await;
    assert_eq!(found.dmarc, DmarcResult::Pass);
}

#[tokio::test]
async fn an_rsa_key_of_2048_bits_works_as_well() {
    let pair = rcgen::KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048).unwrap();
    let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(pair.serialize_der()));
    let key: RsaKey<Sha256> = RsaKey::from_key_der(private).unwrap();
    let record = format!("v=DKIM1; k=rsa; p={}", STANDARD.encode(key.public_key()));
    let zone = Zone::new("rsa.test", Signing::Unsigned).text("big._domainkey", &record);
    let world = World::start_with(vec![zone]);
    let text = message("ana@rsa.test");
    let signer = DkimSigner::from_key(key).domain("rsa.test").selector("big").headers(["From", "Subject"]);
    let header = signer.sign(text.as_bytes()).unwrap().to_header();
    check(&world, format!("{header}{text}").as_bytes(), &[DkimResult::Pass]).await;
}

#[tokio::test]
async fn a_key_that_is_gone_and_a_key_that_nobody_can_fetch_are_two_things() {
    let world = World::start();
    let gone = replaced(&fixture("rsa-relaxed"), "s=rsa;", "s=gone;");
    check(&world, &gone, &[DkimResult::Permerror]).await;
    let down = world.signed("down.test", &message("ana@down.test"));
    check(&world, &down, &[DkimResult::Temperror]).await;
}

#[tokio::test]
async fn only_so_many_signatures_are_checked() {
    let world = World::start();
    let one = "DKIM-Signature: v=1; a=ed25519-sha256; d=plain.test; s=ed; h=from; bh=AA==; b=AA==\r\n";
    let raw = format!("{}{}", one.repeat(100), message("ana@plain.test"));
    let most = caliopen_email::verify::limits::SIGNATURES_MAX;
    check(&world, raw.as_bytes(), &vec![DkimResult::Fail; most]).await;
}
