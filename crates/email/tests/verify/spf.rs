//! SPF (RFC 7208), on the envelope's reverse path, else on the greeting.

use crate::world::{OWN_SERVER, STRANGER, World, arrival, authentication, message, relayed};
use caliopen_model::SpfResult;
use caliopen_testkit::dns::{Signing, Zone};

async fn check(world: &World, peer: &str, reverse_path: &str, expected: SpfResult) {
    let raw = message("ana@signed.test");
    let found = world.authenticate(peer, reverse_path, raw.as_bytes()).await;
    assert_eq!(found.spf, expected, "{peer} {reverse_path}");
}

#[tokio::test]
async fn the_senders_record_decides() {
    let world = World::start();
    check(&world, OWN_SERVER, "ana@signed.test", SpfResult::Pass).await;
    check(&world, STRANGER, "ana@signed.test", SpfResult::Fail).await;
    check(&world, STRANGER, "ana@plain.test", SpfResult::Softfail).await;
    check(&world, OWN_SERVER, "ana@nopolicy.test", SpfResult::Pass).await;
    check(&world, STRANGER, "ana@nopolicy.test", SpfResult::Neutral).await;
    check(&world, OWN_SERVER, "ana@nothing.fixture.test", SpfResult::None).await;
    check(&world, OWN_SERVER, "ana@nobody-knows.test", SpfResult::None).await;
    check(&world, OWN_SERVER, "ana@down.test", SpfResult::Temperror).await;
    check(&world, OWN_SERVER, "ana@bogus.test", SpfResult::Temperror).await;
    // RFC 7208 §4.5: two records are none.
    check(&world, OWN_SERVER, "ana@twice.test", SpfResult::Permerror).await;
}

#[tokio::test]
async fn a_report_is_checked_by_its_greeting() {
    let more = Zone::new("mail.signed.test", Signing::Signed)
        .text("@", "v=spf1 ip4:192.0.2.10 -all")
        .record("@", "A", OWN_SERVER);
    let world = World::start_with(vec![more]);
    let found = world.authenticate(OWN_SERVER, "", message("ana@signed.test").as_bytes()).await;
    assert_eq!((found.spf, found.spf_domain.as_deref()), (SpfResult::Pass, Some("mail.signed.test")));
}

#[tokio::test]
async fn behind_a_relay_of_ours_there_is_no_spf() {
    let world = World::start();
    let raw = message("ana@signed.test");
    let arrival = relayed(arrival(OWN_SERVER, "ana@signed.test", raw.as_bytes()));
    let found = authentication(&world.verify(&arrival).await);
    assert_eq!((found.spf, found.spf_domain), (SpfResult::None, None));
}

#[tokio::test]
async fn a_record_that_asks_for_too_much_is_cut_short() {
    let endless = (0..12).fold(Zone::new("endless.test", Signing::Unsigned), |zone, number| {
        zone.text(&format!("n{number}"), &format!("v=spf1 include:n{}.endless.test -all", number + 1))
    });
    let world = World::start_with(vec![endless]);
    check(&world, OWN_SERVER, "ana@n0.endless.test", SpfResult::Permerror).await;
}
