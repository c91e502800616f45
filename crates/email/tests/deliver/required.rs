//! A message that wants a proven host all the way (RFC 8689), and one that wants to arrive even where encryption fails.

use crate::certificates::{Signed, certificate};
use crate::policies::{There, deliverer, zone};
use crate::world::{Host, MESSAGE, carry_protected, check_failed, delivered};
use caliopen_connect::Protection;
use caliopen_email::deliver::Deliverer;
use caliopen_model::{Cause, HopProof, HopSecurity, Outcome};
use caliopen_testkit::dns::{Knot, Signing};
use std::net::SocketAddr;
use std::sync::Arc;

/// To a domain whose signed DNS describes a certificate, when there is one.
fn deliverer_to(address: SocketAddr, described: Option<&Signed>) -> (Knot, Deliverer) {
    let zone = zone("here.test", Signing::Signed);
    let zone = match described {
        Some(signed) => zone.record("_25._tcp.mx", "TLSA", &signed.association()),
        None => zone,
    };
    let knot = Knot::start(&[zone]).unwrap();
    let (deliverer, _) = deliverer(&knot, &[("mx.here.test", address)], |_| ());
    (knot, deliverer)
}

async fn carry(deliverer: &Deliverer, protection: Protection) -> Outcome {
    let outcomes = carry_protected(deliverer, &["bob@here.test"], MESSAGE.as_bytes(), protection).await;
    outcomes.into_iter().next().unwrap()
}

#[tokio::test]
async fn a_proven_host_that_promises_to_go_on_so_gets_the_message() {
    let signed = certificate(&["mx.here.test"], 2020..2040);
    let host = Host::start(|config| config.tls = Some(Arc::clone(&signed.server))).await;
    let (_knot, deliverer) = deliverer_to(host.address, Some(&signed));
    let outcome = carry(&deliverer, Protection::EveryHost).await;
    assert_eq!(delivered(&outcome).proof, Some(HopProof::Dane));
    assert_eq!(host.journal.arrivals().len(), 1);
}

#[tokio::test]
async fn a_host_that_nothing_proves_gets_nothing_of_it() {
    let signed = certificate(&["mx.here.test"], 2020..2040);
    let host = Host::start(|config| config.tls = Some(Arc::clone(&signed.server))).await;
    let (_knot, deliverer) = deliverer_to(host.address, None);
    check_failed(&carry(&deliverer, Protection::EveryHost).await, Cause::NotPrivate, "5.7.30");
    assert!(host.journal.arrivals().is_empty());
    delivered(&carry(&deliverer, Protection::AsDemanded).await);
}

#[tokio::test]
async fn a_proven_host_that_promises_nothing_gets_nothing_of_it() {
    let signed = certificate(&["mx.dane.test"], 2020..2040);
    let there = There::start(Some(&signed)).await;
    let zone = zone("dane.test", Signing::Signed).record("_25._tcp.mx", "TLSA", &signed.association());
    let knot = Knot::start(&[zone]).unwrap();
    let (deliverer, _) = deliverer(&knot, &[("mx.dane.test", there.postfix.address())], |_| ());
    let to = ["bob@dane.test"];
    let outcomes = carry_protected(&deliverer, &to, MESSAGE.as_bytes(), Protection::EveryHost).await;
    check_failed(outcomes.first().unwrap(), Cause::NotPrivate, "5.7.30");
    assert!(there.behind.journal.arrivals().is_empty());
}

#[tokio::test]
async fn what_tells_of_failing_encryption_arrives_where_it_fails() {
    let (signed, other) =
        (certificate(&["mx.here.test"], 2020..2040), certificate(&["mx.here.test"], 2020..2040));
    let host = Host::start(|config| config.tls = Some(Arc::clone(&signed.server))).await;
    let (_knot, deliverer) = deliverer_to(host.address, Some(&other));
    let outcome = carry(&deliverer, Protection::BestEffort).await;
    assert_eq!((delivered(&outcome).security, delivered(&outcome).proof), (HopSecurity::Opportunistic, None));
    assert_eq!(host.journal.arrivals().len(), 1);
}
