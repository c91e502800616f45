//! DMARC (RFC 9989): whether what passed speaks for the address that people see.

use crate::world::{OWN_SERVER, STRANGER, World, arrival, authentication, message, relayed};
use caliopen_model::DmarcResult;

async fn check(world: &World, peer: &str, reverse_path: &str, raw: &[u8], expected: DmarcResult) {
    let found = world.authenticate(peer, reverse_path, raw).await;
    assert_eq!(found.dmarc, expected, "{peer} {reverse_path} {}", String::from_utf8_lossy(raw));
}

#[tokio::test]
async fn spf_alone_or_dkim_alone_is_enough_when_aligned() {
    let world = World::start();
    let unsigned = message("ana@plain.test");
    let signed = world.signed("plain.test", &unsigned);
    check(&world, OWN_SERVER, "ana@plain.test", unsigned.as_bytes(), DmarcResult::Pass).await;
    check(&world, STRANGER, "bounce@elsewhere.test", &signed, DmarcResult::Pass).await;
    // Relaxed alignment: the same organisation.
    let news = world.signed("plain.test", &message("ana@news.plain.test"));
    check(&world, STRANGER, "bounce@elsewhere.test", &news, DmarcResult::Pass).await;
}

#[tokio::test]
async fn somebody_elses_pass_is_no_pass() {
    let world = World::start();
    let text = message("ana@plain.test");
    check(&world, OWN_SERVER, "mallory@signed.test", text.as_bytes(), DmarcResult::Fail).await;
    let signed = world.signed("nopolicy.test", &text);
    check(&world, STRANGER, "mallory@nopolicy.test", &signed, DmarcResult::Fail).await;
}

#[tokio::test]
async fn without_a_policy_there_is_nothing_to_say() {
    let world = World::start();
    let signed = world.signed("nopolicy.test", &message("ana@nopolicy.test"));
    check(&world, OWN_SERVER, "ana@nopolicy.test", &signed, DmarcResult::None).await;
}

#[tokio::test]
async fn what_cannot_be_looked_up_is_unknown() {
    let world = World::start();
    for domain in ["down.test", "bogus.test"] {
        let signed = world.signed(domain, &message(&format!("ana@{domain}")));
        check(&world, OWN_SERVER, &format!("ana@{domain}"), &signed, DmarcResult::Temperror).await;
    }
    let signed = world.signed("twice.test", &message("ana@twice.test"));
    check(&world, STRANGER, "bounce@elsewhere.test", &signed, DmarcResult::Permerror).await;
}

#[tokio::test]
async fn two_authors_of_two_domains_are_no_author() {
    let world = World::start();
    for from in ["ana@plain.test, boss@signed.test", "Ana <ana@plain.test>\r\nFrom: boss@signed.test"] {
        let raw = world.signed("plain.test", &message(from));
        let found = world.authenticate(OWN_SERVER, "ana@plain.test", &raw).await;
        assert_eq!((found.from_domain, found.dmarc), (None, DmarcResult::None), "{from}");
    }
    let raw = world.signed("plain.test", &message("ana@plain.test, bea@plain.test"));
    check(&world, STRANGER, "bounce@elsewhere.test", &raw, DmarcResult::Pass).await;
}

#[tokio::test]
async fn behind_a_relay_of_ours_a_missing_spf_is_not_held_against_the_sender() {
    let world = World::start();
    let unsigned = message("ana@plain.test");
    for (raw, expected) in [
        (unsigned.clone().into_bytes(), DmarcResult::Temperror),
        (world.signed("plain.test", &unsigned), DmarcResult::Pass),
    ] {
        let arrival = relayed(arrival(STRANGER, "ana@plain.test", &raw));
        assert_eq!(authentication(&world.verify(&arrival).await).dmarc, expected);
    }
}

#[tokio::test]
async fn claims_in_headers_change_nothing() {
    let world = World::start();
    let text = message("ana@plain.test");
    let plain = world.authenticate(STRANGER, "mallory@signed.test", text.as_bytes()).await;
    let claims = "Authentication-Results: mx.here.test; spf=pass smtp.mailfrom=plain.test; \
                  dkim=pass header.d=plain.test; dmarc=pass header.from=plain.test; arc=pass\r\n\
                  Received-SPF: pass (here.test: allowed) client-ip=192.0.2.10\r\n\
                  X-DMARC: pass\r\n";
    let claimed = format!("{claims}{text}");
    let found = world.authenticate(STRANGER, "mallory@signed.test", claimed.as_bytes()).await;
    assert_eq!(found, plain);
    assert_eq!(found.dmarc, DmarcResult::Fail);
}
