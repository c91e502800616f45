//! What protects a delivery, and what is said of it.

use crate::certificates::{Signed, certificate};
use crate::world::{Host, carry_one, check_deferred, delivered, deliverer_to};
use caliopen_email::deliver::{Deliverer, Policy};
use caliopen_model::{Cause, CertificateStanding, HopSecurity, Timestamp};
use std::sync::Arc;

async fn host(signed: &Signed) -> Host {
    let server = Arc::clone(&signed.server);
    Host::start(|config| config.tls = Some(server)).await
}

fn deliverer(host: &Host, signed: &Signed, policy: Policy) -> Deliverer {
    let roots = Arc::clone(&signed.roots);
    deliverer_to(host.address, policy, |config| config.roots = roots)
}

#[tokio::test]
async fn tls_is_used_where_it_is_offered_and_its_facts_are_kept() {
    let signed = certificate(&["somebody.else.test"], 2020..2021);
    let host = host(&signed).await;
    let outcome = carry_one(&deliverer(&host, &signed, Policy::Opportunistic), "bob@here.test").await;
    let delivery = delivered(&outcome);
    assert_eq!(delivery.security, HopSecurity::Opportunistic);
    let tls = delivery.tls.as_ref().unwrap();
    assert_eq!(tls.version, "TLSv1.3");
    assert!(tls.cipher.starts_with("TLS_"), "{}", tls.cipher);
    assert_eq!(tls.group.as_deref(), Some("X25519MLKEM768"));
    assert_eq!(host.journal.arrival().channel.tls.as_ref(), Some(tls), "both ends saw the same");
}

#[tokio::test]
async fn what_a_certificate_says_is_kept_with_the_delivery() {
    let here = || certificate(&["127.0.0.1"], 2020..2040);
    let stranger = here();
    for (signed, known, standing) in [
        (here(), None, CertificateStanding::Vouched),
        (certificate(&["somebody.else.test"], 2020..2040), None, CertificateStanding::OtherName),
        (certificate(&["127.0.0.1"], 2020..2021), None, CertificateStanding::OutOfDate),
        (here(), Some(&stranger), CertificateStanding::UnknownAuthority),
    ] {
        let host = host(&signed).await;
        let deliverer = deliverer(&host, known.unwrap_or(&signed), Policy::Opportunistic);
        let outcome = carry_one(&deliverer, "bob@here.test").await;
        let found = delivered(&outcome).certificate.clone().unwrap();
        assert_eq!((found.standing, found.key), (standing, Some(signed.key_sha256())));
        assert_eq!(found.issuer.as_deref(), Some("rcgen self signed cert"));
        let first_day = Timestamp::from_unix_ms(1_577_836_800_000);
        assert_eq!(found.validity.unwrap().0, first_day, "2020-01-01");
    }
}

#[tokio::test]
async fn in_clear_is_said_to_be_in_clear() {
    let host = Host::start(|_| ()).await;
    let deliverer = deliverer_to(host.address, Policy::Opportunistic, |_| ());
    let outcome = carry_one(&deliverer, "bob@here.test").await;
    let delivery = delivered(&outcome);
    assert_eq!((delivery.security, delivery.tls.as_ref()), (HopSecurity::Clear, None));
    assert_eq!(delivery.certificate, None);
    assert_eq!(delivery.host, "127.0.0.1");
}

#[tokio::test]
async fn a_policy_that_wants_tls_does_not_do_without() {
    let host = Host::start(|_| ()).await;
    for policy in [Policy::Encrypted, Policy::Authenticated] {
        let deliverer = deliverer_to(host.address, policy, |_| ());
        check_deferred(&carry_one(&deliverer, "bob@here.test").await, Cause::NotPrivate, "4.7.4");
    }
    assert_eq!(host.journal.arrivals().len(), 0);
}

#[tokio::test]
async fn a_certificate_proves_a_host_where_the_policy_wants_it() {
    let signed = certificate(&["127.0.0.1"], 2020..2040);
    let host = host(&signed).await;
    let outcome = carry_one(&deliverer(&host, &signed, Policy::Authenticated), "bob@here.test").await;
    assert_eq!(delivered(&outcome).security, HopSecurity::Authenticated);
}

#[tokio::test]
async fn a_wrong_certificate_stops_where_the_policy_wants_a_right_one() {
    let (known, stranger) =
        (certificate(&["127.0.0.1"], 2020..2040), certificate(&["127.0.0.1"], 2020..2040));
    for signed in [certificate(&["127.0.0.2"], 2020..2040), certificate(&["127.0.0.1"], 2020..2021)] {
        let host = host(&signed).await;
        let deliverer = deliverer(&host, &signed, Policy::Authenticated);
        check_deferred(&carry_one(&deliverer, "bob@here.test").await, Cause::NotPrivate, "4.7.5");
        assert_eq!(host.journal.arrivals().len(), 0);
    }
    let host = host(&stranger).await;
    let deliverer = deliverer(&host, &known, Policy::Authenticated);
    check_deferred(&carry_one(&deliverer, "bob@here.test").await, Cause::NotPrivate, "4.7.5");
}
