//! What the DNS says about where mail goes (RFC 5321 §5.1, RFC 7505).

use crate::peer::{Peer, usual};
use crate::world::{carry_one, check_deferred, check_failed, delivered, deliverer_with, handle};
use caliopen_connect::Carrier;
use caliopen_email::deliver::{Deliverer, Policy, Route};
use caliopen_email::verify::Validation;
use caliopen_model::Cause;
use caliopen_testkit::dns::{Knot, Signing, Zone};

fn knot() -> Knot {
    let zone = |name: &str| Zone::new(name, Signing::Signed);
    Knot::start(&[
        zone("nomail.test").record("@", "MX", "0 ."),
        zone("inside.test")
            .record("@", "MX", "10 a.inside.test.")
            .record("@", "MX", "20 b.inside.test.")
            .record("a", "A", "127.0.0.1")
            .record("b", "A", "169.254.169.254")
            .record("b", "AAAA", "::1"),
        zone("itself.test").record("@", "A", "10.0.0.1"),
        zone("nothing.test"),
        zone("dangling.test").record("@", "MX", "10 gone.nothing.test."),
        zone("circle.test").record("@", "MX", "10 mx.ana.test."),
        Zone::new("down.test", Signing::Unavailable),
        Zone::new("bogus.test", Signing::Bogus).record("@", "MX", "10 a.inside.test."),
        zone("stuck.test").record("@", "MX", "10 mx.down.test."),
    ])
    .unwrap()
}

fn deliverer(knot: &Knot) -> Deliverer {
    let validation = Validation::Dnssec { extra_anchors: knot.anchors().to_owned() };
    deliverer_with(knot.address(), validation, |_| ())
}

#[tokio::test]
async fn a_domain_that_takes_no_mail_fails_at_once() {
    let knot = knot();
    let deliverer = deliverer(&knot);
    check_failed(&carry_one(&deliverer, "bob@nomail.test").await, Cause::NoSuchDomain, "5.1.10");
    check_failed(&carry_one(&deliverer, "bob@nothing.test").await, Cause::NoSuchDomain, "5.1.2");
    check_failed(&carry_one(&deliverer, "bob@missing.nothing.test").await, Cause::NoSuchDomain, "5.1.2");
    check_failed(&carry_one(&deliverer, "bob@dangling.test").await, Cause::Unreachable, "5.4.4");
    check_failed(&carry_one(&deliverer, "bob@circle.test").await, Cause::Unreachable, "5.4.6");
}

#[tokio::test]
async fn nobody_is_made_to_knock_inside_the_hosts_own_network() {
    let knot = knot();
    let deliverer = deliverer(&knot);
    for recipient in ["bob@inside.test", "bob@itself.test", "bob@[127.0.0.1]", "bob@[IPv6:::1]"] {
        check_failed(&carry_one(&deliverer, recipient).await, Cause::Unreachable, "5.4.4");
    }
}

#[tokio::test]
async fn what_nobody_knows_now_is_tried_again() {
    let knot = knot();
    let deliverer = deliverer(&knot);
    for recipient in ["bob@down.test", "bob@bogus.test", "bob@stuck.test"] {
        check_deferred(&carry_one(&deliverer, recipient).await, Cause::LookupFailed, "4.4.3");
    }
}

#[tokio::test]
async fn a_route_outweighs_the_dns() {
    let knot = knot();
    let (peer, smarthost) = (Peer::start(usual).await, Peer::start(usual).await);
    let route = |peer: &Peer| Route {
        host: peer.address.ip().to_string(),
        port: peer.address.port(),
        policy: Policy::Opportunistic,
    };
    let (special, others) = (route(&peer), route(&smarthost));
    let deliverer = deliverer_with(knot.address(), Validation::Off, |config| {
        config.routes.domains.insert("xn--exmple-cua.test".to_owned(), special);
        config.routes.others = Some(others);
    });
    delivered(&carry_one(&deliverer, "bob@Ex\u{e4}mple.test").await);
    assert!(peer.heard_any("RCPT TO:<bob@xn--exmple-cua.test>"), "{:?}", peer.heard());
    delivered(&carry_one(&deliverer, "bob@nomail.test").await);
    assert!(smarthost.heard_any("RCPT TO:<bob@nomail.test>"));
    assert_eq!(deliverer.destination(&handle("Bob@EX\u{e4}mple.test")), "xn--exmple-cua.test");
}
