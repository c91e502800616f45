//! What would happen to a message, for whoever writes it: soon, and without a word to anybody's host.

use crate::certificates::certificate;
use crate::policies::{deliverer, policy, with_sts, zone};
use crate::world::{Host, carry_one, check_deferred, deliverer_with, handle};
use caliopen_connect::{Carrier, ExpectedChannel, Outlook};
use caliopen_email::deliver::{Deliverer, Policy, Route};
use caliopen_email::verify::Validation;
use caliopen_model::{Cause, HopProof};
use caliopen_testkit::dns::{Knot, Signing, Zone};
use caliopen_testkit::https::{Answer, Https};
use std::net::UdpSocket;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

const DIGEST: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

async fn outlook(deliverer: &Deliverer, recipient: &str) -> Outlook {
    deliverer.outlook(&handle(recipient)).await.unwrap()
}

async fn check(deliverer: &Deliverer, recipient: &str, host: &str, channel: ExpectedChannel) {
    let outlook = outlook(deliverer, recipient).await;
    assert!(outlook.complete, "{outlook:?}");
    let found: Vec<_> =
        outlook.hosts.iter().map(|expected| (expected.host.as_str(), expected.channel)).collect();
    assert_eq!(found, [(host, channel)]);
}

#[tokio::test]
async fn whoever_writes_sees_what_will_be_demanded() {
    let association = |usage: u8| format!("{usage} 1 1 {DIGEST}");
    let knot = Knot::start(&[
        zone("dane.test", Signing::Signed).record("_25._tcp.mx", "TLSA", &association(3)),
        zone("unusable.test", Signing::Signed).record("_25._tcp.mx", "TLSA", &association(1)),
        zone("plain.test", Signing::Unsigned),
        with_sts(zone("sts.test", Signing::Unsigned), "1"),
        Zone::new("nomail.test", Signing::Signed).record("@", "MX", "0 ."),
    ])
    .unwrap();
    let policies = Https::start(&["mta-sts.sts.test"], policy("enforce", "mx.sts.test")).await;
    let (deliverer, notes) = deliverer(&knot, &[("mta-sts.sts.test", policies.address())], |config| {
        config.policy_roots = policies.roots();
        let route = Route { host: "10.0.0.7".to_owned(), port: 25, policy: Policy::Encrypted };
        config.routes.domains.insert("partner.test".to_owned(), route);
    });
    check(&deliverer, "bob@dane.test", "mx.dane.test", ExpectedChannel::Proven(HopProof::Dane)).await;
    check(&deliverer, "bob@sts.test", "mx.sts.test", ExpectedChannel::Proven(HopProof::MtaSts)).await;
    check(&deliverer, "bob@unusable.test", "mx.unusable.test", ExpectedChannel::Encrypted).await;
    check(&deliverer, "bob@plain.test", "mx.plain.test", ExpectedChannel::AsItCan).await;
    check(&deliverer, "bob@partner.test", "10.0.0.7", ExpectedChannel::Encrypted).await;
    let nowhere = outlook(&deliverer, "bob@nomail.test").await;
    assert_eq!(nowhere.trouble.unwrap().cause, Cause::NoSuchDomain);
    assert_eq!(outlook(&deliverer, "bob@dane.test").await.service.mx_hosts, ["mx.dane.test"]);
    assert!(notes.lock().unwrap().is_empty());

    let since = Instant::now();
    check(&deliverer, "eve@STS.test", "mx.sts.test", ExpectedChannel::Proven(HopProof::MtaSts)).await;
    assert!(since.elapsed() < Duration::from_millis(50), "from memory: {:?}", since.elapsed());
    assert_eq!(policies.requests().len(), 1);
}

#[tokio::test]
async fn what_takes_too_long_is_said_to_be_unfinished() {
    // A name server that never answers.
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let nobody = deliverer_with(silent.local_addr().unwrap(), Validation::Off, |_| ());
    let since = Instant::now();
    let found = outlook(&nobody, "bob@dane.test").await;
    assert!(since.elapsed() < Duration::from_millis(1_500), "{:?}", since.elapsed());
    assert!(!found.complete || found.trouble.is_some(), "{found:?}");

    let knot = Knot::start(&[with_sts(zone("sts.test", Signing::Unsigned), "1")]).unwrap();
    let slow = Https::start(&["mta-sts.sts.test"], Answer::silent()).await;
    let hosts = [("mta-sts.sts.test", slow.address())];
    let (waiting, _) = deliverer(&knot, &hosts, |config| config.policy_roots = slow.roots());
    let since = Instant::now();
    let found = outlook(&waiting, "bob@sts.test").await;
    assert!(since.elapsed() < Duration::from_millis(1_500), "{:?}", since.elapsed());
    assert!(!found.complete && found.service.mx_hosts == ["mx.sts.test"], "{found:?}");
}

#[tokio::test]
async fn hosts_that_did_not_prove_themselves_are_expected_not_to_the_next_time_either() {
    let years = 2020..2040;
    let described = certificate(&["mx.dane.test"], years.clone());
    let other = certificate(&["mx.dane.test"], years);
    let host = Host::start(|config| config.tls = Some(Arc::clone(&other.server))).await;
    let zone = zone("dane.test", Signing::Signed).record("_25._tcp.mx", "TLSA", &described.association());
    let knot = Knot::start(&[zone]).unwrap();
    let (deliverer, _) = deliverer(&knot, &[("mx.dane.test", host.address)], |_| ());
    check(&deliverer, "bob@dane.test", "mx.dane.test", ExpectedChannel::Proven(HopProof::Dane)).await;
    let trouble = check_deferred(&carry_one(&deliverer, "bob@dane.test").await, Cause::NotPrivate, "4.7.5");
    for recipient in ["bob@dane.test", "eve@dane.test"] {
        check(&deliverer, recipient, "mx.dane.test", ExpectedChannel::Withheld).await;
        assert_eq!(outlook(&deliverer, recipient).await.trouble.as_ref(), Some(&trouble));
    }
}
