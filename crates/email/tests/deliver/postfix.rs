//! A real Postfix takes what we send, and passes it on unchanged.

use crate::certificates::certificate;
use crate::world::{Host, MESSAGE, carry, carry_one, delivered, deliverer_to};
use caliopen_email::deliver::Policy;
use caliopen_model::{HopSecurity, Outcome};
use caliopen_testkit::postfix::{Postfix, PostfixOptions, Route, Starttls, Transport};
use std::time::Duration;
use tokio::time::sleep;

/// Nothing is added to what it was given, and nobody is trusted to send elsewhere.
const UNCHANGED: &str = "local_header_rewrite_clients =\nalways_add_missing_headers = no\n\
                         smtpd_relay_restrictions = reject_unauth_destination\n";

fn options(host: &Host) -> PostfixOptions {
    let route = Route { domain: "here.test".to_owned(), transport: Transport::Smtp, server: host.address };
    PostfixOptions { host_name: "mx.postfix.test".to_owned(), routes: vec![route], starttls: Starttls::Never }
}

/// The messages that came through, once there are this many.
async fn arrivals(host: &Host, postfix: &Postfix, count: usize) -> Vec<Vec<u8>> {
    for _ in 0..300 {
        let arrivals = host.journal.arrivals();
        if arrivals.len() >= count {
            return arrivals.into_iter().map(|arrival| arrival.raw.to_vec()).collect();
        }
        sleep(Duration::from_millis(100)).await;
    }
    panic!("nothing came through: {}", postfix.log());
}

#[tokio::test]
async fn postfix_takes_mail_in_clear() {
    let host = Host::start(|_| ()).await;
    let postfix = Postfix::start_with(&options(&host), UNCHANGED).unwrap();
    let deliverer = deliverer_to(postfix.address(), Policy::Opportunistic, |_| ());
    let outcome = carry_one(&deliverer, "bob@here.test").await;
    let delivery = delivered(&outcome);
    assert_eq!((delivery.security, delivery.tls.as_ref()), (HopSecurity::Clear, None));
    let arrived = arrivals(&host, &postfix, 1).await;
    assert!(arrived[0].ends_with(MESSAGE.as_bytes()), "{}", arrived[0].escape_ascii());
}

#[tokio::test]
async fn postfix_takes_mail_over_tls_one_after_the_other() {
    let host = Host::start(|_| ()).await;
    let signed = certificate(&["mx.postfix.test"], 2020..2040);
    let folder = tempfile::tempdir().unwrap();
    let (certificate_file, key_file) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
    std::fs::write(&certificate_file, signed.certificate_pem).unwrap();
    std::fs::write(&key_file, signed.key_pem).unwrap();
    let tls = format!(
        "{UNCHANGED}smtpd_tls_security_level = encrypt\nsmtpd_tls_cert_file = {}\nsmtpd_tls_key_file = {}\n",
        certificate_file.display(),
        key_file.display()
    );
    let postfix = Postfix::start_with(&options(&host), &tls).unwrap();
    let deliverer = deliverer_to(postfix.address(), Policy::Opportunistic, |_| ());
    for _ in 0..3 {
        let outcomes = carry(&deliverer, &["bob@here.test", "bob@elsewhere.test"]).await;
        let delivery = delivered(&outcomes[0]);
        assert_eq!(delivery.security, HopSecurity::Opportunistic);
        assert_eq!(delivery.tls.as_ref().unwrap().version, "TLSv1.3");
        assert!(matches!(outcomes[1], Outcome::Failed(_)), "Postfix relays nothing else: {outcomes:?}");
    }
    let arrived = arrivals(&host, &postfix, 3).await;
    assert!(arrived.iter().all(|raw| raw.ends_with(MESSAGE.as_bytes())));
    let connections = postfix.log().lines().filter(|line| line.contains(": connect from")).count();
    // The test's own knock at the door is one of them.
    assert!(connections <= 2, "{}", postfix.log());
}
