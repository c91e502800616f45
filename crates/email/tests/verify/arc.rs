//! ARC (RFC 8617): chains that dkimpy sealed.

use crate::world::{STRANGER, World, fixture, message};
use caliopen_model::{ArcResult, DmarcResult};

async fn check(world: &World, raw: &[u8], expected: ArcResult) {
    let found = world.authenticate(STRANGER, "bounce@elsewhere.test", raw).await;
    assert_eq!(found.arc, expected, "{}", String::from_utf8_lossy(raw));
    // A chain is a witness; it does not make the author speak.
    assert_ne!(found.dmarc, DmarcResult::Pass);
}

#[tokio::test]
async fn chains_hold_or_break() {
    let world = World::start();
    check(&world, &fixture("arc-one"), ArcResult::Pass).await;
    check(&world, &fixture("arc-two"), ArcResult::Pass).await;
    check(&world, message("ana@plain.test").as_bytes(), ArcResult::None).await;

    let text = String::from_utf8(fixture("arc-two")).unwrap();
    check(&world, text.replacen("un saluto", "un bonifico", 1).as_bytes(), ArcResult::Fail).await;
    check(&world, text.replacen("i=1; one.test", "i=1; won.test", 1).as_bytes(), ArcResult::Fail).await;
    check(&world, text.replacen("ARC-Seal: i=2", "X-Seal: i=2", 1).as_bytes(), ArcResult::Fail).await;
    let down = text.replace("d=fixture.test", "d=down.test");
    check(&world, down.as_bytes(), ArcResult::Temperror).await;
}

#[tokio::test]
async fn a_chain_without_end_is_not_followed() {
    let world = World::start();
    let text = String::from_utf8(fixture("arc-one")).unwrap();
    let seal = "ARC-Seal: i=1; cv=none; a=rsa-sha256; d=fixture.test; s=rsa; b=AA==\r\n";
    let long = format!("{}{text}", seal.repeat(60));
    check(&world, long.as_bytes(), ArcResult::Fail).await;
}
