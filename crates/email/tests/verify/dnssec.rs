//! What DNSSEC (RFC 4035) adds, and that a wrong signature is never a pass.

use crate::world::{OWN_SERVER, STRANGER, World, arrival, authentication, format, message, verify};
use caliopen_email::verify::Validation;
use caliopen_model::{Authentication, DkimResult, DmarcResult, SpfResult};
use caliopen_testkit::dns::{Knot, Signing, Zone};
use std::net::UdpSocket;

/// What a resolver that trusts `anchors` makes of Ana's signed message.
async fn with(world: &World, domain: &str, validation: Validation) -> Authentication {
    let raw = world.signed(domain, &message(&format!("ana@{domain}")));
    let arrival = arrival(OWN_SERVER, &format!("ana@{domain}"), &raw);
    authentication(&verify(&format(world.knot.address(), validation), &arrival).await)
}

fn all_unknown(found: &Authentication) {
    assert_eq!(found.spf, SpfResult::Temperror);
    assert_eq!(found.dkim.iter().map(|verdict| verdict.result).collect::<Vec<_>>(), [DkimResult::Temperror]);
    assert_eq!((found.dmarc, found.dnssec), (DmarcResult::Temperror, false));
}

#[tokio::test]
async fn a_pass_says_whether_its_answers_were_validated() {
    let world = World::start();
    let trusted = || Validation::Dnssec { extra_anchors: world.knot.anchors().to_owned() };
    let found = with(&world, "signed.test", trusted()).await;
    assert_eq!((found.dmarc, found.dnssec), (DmarcResult::Pass, true));
    let found = with(&world, "plain.test", trusted()).await;
    assert_eq!((found.dmarc, found.dnssec), (DmarcResult::Pass, false));

    // By SPF alone.
    let raw = message("ana@signed.test");
    let found = world.authenticate(OWN_SERVER, "ana@signed.test", raw.as_bytes()).await;
    assert_eq!((found.dmarc, found.dnssec), (DmarcResult::Pass, true));
    let found = world.authenticate(STRANGER, "ana@signed.test", raw.as_bytes()).await;
    assert_eq!((found.dmarc, found.dnssec), (DmarcResult::Fail, false));
}

#[tokio::test]
async fn a_zone_whose_signatures_are_wrong_is_unknown() {
    let world = World::start();
    let trusted = Validation::Dnssec { extra_anchors: world.knot.anchors().to_owned() };
    all_unknown(&with(&world, "bogus.test", trusted).await);
}

#[tokio::test]
async fn a_root_that_nobody_vouches_for_is_unknown() {
    let world = World::start();
    let other = Knot::start(&[Zone::new("other.test", Signing::Signed)]).unwrap();
    for anchors in [other.anchors(), ""] {
        let wrong = Validation::Dnssec { extra_anchors: anchors.to_owned() };
        all_unknown(&with(&world, "signed.test", wrong).await);
    }
}

#[tokio::test]
async fn without_validation_nothing_counts_as_validated() {
    let world = World::start();
    for domain in ["signed.test", "bogus.test"] {
        let found = with(&world, domain, Validation::Off).await;
        assert_eq!((found.dmarc, found.dnssec), (DmarcResult::Pass, false), "{domain}");
    }
}

#[tokio::test]
async fn a_name_server_that_never_answers_leaves_everything_unknown() {
    let world = World::start();
    let silent = UdpSocket::bind(("127.0.0.1", 0)).unwrap();
    let raw = world.signed("signed.test", &message("ana@signed.test"));
    let arrival = arrival(OWN_SERVER, "ana@signed.test", &raw);
    let found = verify(&format(silent.local_addr().unwrap(), Validation::Off), &arrival).await;
    all_unknown(&authentication(&found));
    assert!(found.services.iter().all(|facts| facts.mx_hosts.is_empty() && facts.peer_host.is_none()));
}
