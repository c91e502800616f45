//! Policies of other domains: DANE (RFC 7672) and MTA-STS (RFC 8461), with a signed DNS, a real Postfix and a host that
//! gives policies. What is not proven is not sent.

use crate::certificates::{Signed, certificate};
use crate::world::{Host, NOW, carry_one, check_deferred, delivered, deliverer_with};
use caliopen_email::deliver::{DeliverConfig, Deliverer, Failure, Note, PolicyKind, SealedFile};
use caliopen_email::verify::Validation;
use caliopen_model::{Cause, HopProof, HopSecurity, Timestamp};
use caliopen_testkit::dns::{Knot, Signing, Zone};
use caliopen_testkit::https::{Answer, Https};
use caliopen_testkit::postfix::{Postfix, PostfixOptions, Route, Starttls, Transport};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// The domains that Postfix takes mail for, and hands to the host behind it.
const DOMAINS: [&str; 4] = ["dane.test", "sts.test", "both.test", "plain.test"];
pub const DAY_MS: i64 = 24 * 3600 * 1000;

/// A Postfix with a certificate, or without TLS, and the host that sees what came through.
pub struct There {
    pub postfix: Postfix,
    pub behind: Host,
    _certificates: TempDir,
}

impl There {
    pub async fn start(signed: Option<&Signed>) -> Self {
        let behind = Host::start(|_| ()).await;
        let certificates = tempfile::tempdir().unwrap();
        let tls = signed.map(|signed| tls_lines(certificates.path(), signed)).unwrap_or_default();
        let route = |domain: &&str| Route {
            domain: (*domain).to_owned(),
            transport: Transport::Smtp,
            server: behind.address,
        };
        let options = PostfixOptions {
            host_name: "mx.there.test".to_owned(),
            routes: DOMAINS.iter().map(route).collect(),
            starttls: Starttls::Never,
        };
        let postfix = Postfix::start_with(&options, &tls).unwrap();
        Self { postfix, behind, _certificates: certificates }
    }

    /// No message was begun, neither here nor behind.
    pub fn saw_no_message(&self) -> bool {
        !self.postfix.log().contains("client=") && self.behind.journal.arrivals().is_empty()
    }
}

fn tls_lines(folder: &Path, signed: &Signed) -> String {
    let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
    std::fs::write(&certificate, &signed.certificate_pem).unwrap();
    std::fs::write(&key, &signed.key_pem).unwrap();
    format!(
        "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = {}\nsmtpd_tls_key_file = {}\n",
        certificate.display(),
        key.display()
    )
}

/// A zone whose mail goes to `mx` in it.
pub fn zone(name: &str, signing: Signing) -> Zone {
    Zone::new(name, signing).record("@", "MX", &format!("10 mx.{name}.")).record("mx", "A", "1.1.1.1")
}

pub fn with_sts(zone: Zone, id: &str) -> Zone {
    zone.text("_mta-sts", &format!("v=STSv1; id={id};")).record("mta-sts", "A", "127.0.0.1")
}

pub fn policy(mode: &str, host: &str) -> Answer {
    Answer::text(&format!("version: STSv1\r\nmode: {mode}\r\nmx: {host}\r\nmax_age: 604800\r\n"))
}

pub type Notes = Arc<Mutex<Vec<Note>>>;

/// A deliverer that finds these hosts where they are, and writes down what it notes.
pub fn deliverer(
    knot: &Knot,
    hosts: &[(&str, SocketAddr)],
    change: impl FnOnce(&mut DeliverConfig),
) -> (Deliverer, Notes) {
    let notes = Notes::default();
    let taken = Arc::clone(&notes);
    let validation = Validation::Dnssec { extra_anchors: knot.anchors().to_owned() };
    let deliverer = deliverer_with(knot.address(), validation, |config| {
        config.places = hosts.iter().map(|(host, address)| ((*host).to_owned(), *address)).collect();
        config.notes = Arc::new(move |note| taken.lock().unwrap().push(note.clone()));
        change(config);
    });
    (deliverer, notes)
}

fn failures(notes: &Notes) -> Vec<(PolicyKind, Failure, bool)> {
    let noted = |note: &Note| Some((note.policy?, note.failure, note.sent));
    notes.lock().unwrap().iter().filter_map(noted).collect()
}

#[tokio::test]
async fn a_host_that_its_signed_dns_describes_is_proven_by_dane() {
    let signed = certificate(&["somebody.else.test"], 2010..2011);
    let there = There::start(Some(&signed)).await;
    let zone = zone("dane.test", Signing::Signed).record("_25._tcp.mx", "TLSA", &signed.association());
    let knot = Knot::start(&[zone]).unwrap();
    let (deliverer, notes) = deliverer(&knot, &[("mx.dane.test", there.postfix.address())], |_| ());
    for _ in 0..2 {
        let outcome = carry_one(&deliverer, "bob@dane.test").await;
        let delivery = delivered(&outcome);
        assert_eq!((delivery.security, delivery.proof), (HopSecurity::Authenticated, Some(HopProof::Dane)));
        assert_eq!(delivery.tls.as_ref().unwrap().version, "TLSv1.3");
    }
    assert_eq!(failures(&notes), []);
}

#[tokio::test]
async fn a_host_with_another_certificate_than_its_dns_describes_gets_nothing() {
    let (signed, other) =
        (certificate(&["mx.dane.test"], 2020..2040), certificate(&["mx.dane.test"], 2020..2040));
    let there = There::start(Some(&signed)).await;
    let zone = zone("dane.test", Signing::Signed).record("_25._tcp.mx", "TLSA", &other.association());
    let knot = Knot::start(&[zone]).unwrap();
    let place = [("mx.dane.test", there.postfix.address())];
    // That an authority vouches for it changes nothing.
    let (deliverer, notes) = deliverer(&knot, &place, |config| config.roots = Arc::clone(&signed.roots));
    check_deferred(&carry_one(&deliverer, "bob@dane.test").await, Cause::NotPrivate, "4.7.5");
    assert!(there.saw_no_message());
    assert_eq!(failures(&notes), [(PolicyKind::Dane, Failure::Certificate, false)]);
}

#[tokio::test]
async fn starttls_that_is_stripped_from_a_domain_with_dane_delays_the_message() {
    let there = There::start(None).await;
    let signed = certificate(&["mx.dane.test"], 2020..2040);
    for record in [signed.association(), "0 0 1 00".to_owned() + &"00".repeat(31)] {
        let zone = zone("dane.test", Signing::Signed).record("_25._tcp.mx", "TLSA", &record);
        let knot = Knot::start(&[zone]).unwrap();
        let (deliverer, _) = deliverer(&knot, &[("mx.dane.test", there.postfix.address())], |_| ());
        check_deferred(&carry_one(&deliverer, "bob@dane.test").await, Cause::NotPrivate, "4.7.4");
    }
    assert!(there.saw_no_message());
}

#[tokio::test]
async fn records_that_cannot_be_used_still_demand_encryption_and_prove_nothing() {
    let signed = certificate(&["mx.dane.test"], 2020..2040);
    let there = There::start(Some(&signed)).await;
    let unusable = signed.association().replacen('3', "1", 1);
    let zone = zone("dane.test", Signing::Signed).record("_25._tcp.mx", "TLSA", &unusable);
    let knot = Knot::start(&[zone]).unwrap();
    let (deliverer, _) = deliverer(&knot, &[("mx.dane.test", there.postfix.address())], |_| ());
    let outcome = carry_one(&deliverer, "bob@dane.test").await;
    let delivery = delivered(&outcome);
    assert_eq!((delivery.security, delivery.proof), (HopSecurity::Opportunistic, None));
}

#[tokio::test]
async fn records_that_somebody_hides_delay_the_message() {
    let there = There::start(None).await;
    let knot = Knot::start(&[
        zone("dane.test", Signing::Signed),
        Zone::new("_tcp.mx.dane.test", Signing::Bogus).record("_25", "TLSA", "3 1 1 00"),
    ]);
    let knot = knot.unwrap();
    let (deliverer, notes) = deliverer(&knot, &[("mx.dane.test", there.postfix.address())], |_| ());
    check_deferred(&carry_one(&deliverer, "bob@dane.test").await, Cause::NotPrivate, "4.7.5");
    assert!(there.saw_no_message());
    assert_eq!(failures(&notes), [(PolicyKind::Dane, Failure::Records, false)]);
}

#[tokio::test]
async fn records_that_nobody_signed_are_not_believed() {
    let signed = certificate(&["mx.plain.test"], 2020..2040);
    let there = There::start(Some(&signed)).await;
    let zone = zone("plain.test", Signing::Unsigned).record("_25._tcp.mx", "TLSA", &signed.association());
    let knot = Knot::start(&[zone]).unwrap();
    let (deliverer, _) = deliverer(&knot, &[("mx.plain.test", there.postfix.address())], |_| ());
    let outcome = carry_one(&deliverer, "bob@plain.test").await;
    let delivery = delivered(&outcome);
    assert_eq!((delivery.security, delivery.proof), (HopSecurity::Opportunistic, None));
}

/// A domain with MTA-STS, and what a deliverer needs to know of it.
struct Sts {
    knot: Knot,
    there: There,
    policies: Https,
    signed: Signed,
}

impl Sts {
    async fn start(names: &[&str], answer: Answer) -> Self {
        let signed = certificate(names, 2020..2040);
        Self {
            knot: Knot::start(&[with_sts(zone("sts.test", Signing::Unsigned), "1")]).unwrap(),
            there: There::start(Some(&signed)).await,
            policies: Https::start(&["mta-sts.sts.test"], answer).await,
            signed,
        }
    }

    fn deliverer(&self, change: impl FnOnce(&mut DeliverConfig)) -> (Deliverer, Notes) {
        self.deliverer_asking(&self.knot, change)
    }

    fn deliverer_asking(&self, knot: &Knot, change: impl FnOnce(&mut DeliverConfig)) -> (Deliverer, Notes) {
        let hosts =
            [("mx.sts.test", self.there.postfix.address()), ("mta-sts.sts.test", self.policies.address())];
        deliverer(knot, &hosts, |config| {
            config.roots = Arc::clone(&self.signed.roots);
            config.policy_roots = self.policies.roots();
            config.policy_time_max = Duration::from_millis(800);
            change(config);
        })
    }
}

async fn check_proven(deliverer: &Deliverer) {
    let outcome = carry_one(deliverer, "bob@sts.test").await;
    let delivery = delivered(&outcome);
    assert_eq!((delivery.security, delivery.proof), (HopSecurity::Authenticated, Some(HopProof::MtaSts)));
}

async fn check_unproven(deliverer: &Deliverer) {
    let outcome = carry_one(deliverer, "bob@sts.test").await;
    let delivery = delivered(&outcome);
    assert_eq!((delivery.security, delivery.proof), (HopSecurity::Opportunistic, None));
}

#[tokio::test]
async fn a_host_that_an_enforced_policy_names_is_proven_by_its_certificate() {
    let sts = Sts::start(&["mx.sts.test"], policy("enforce", "*.sts.test")).await;
    let (deliverer, notes) = sts.deliverer(|_| ());
    for _ in 0..2 {
        check_proven(&deliverer).await;
    }
    assert_eq!(sts.policies.requests().len(), 1, "a policy is kept");
    assert_eq!(failures(&notes), []);
}

#[tokio::test]
async fn an_enforced_policy_that_is_not_met_delays_the_message() {
    let unnamed = Sts::start(&["mx.sts.test"], policy("enforce", "mx.other.test")).await;
    let (deliverer, notes) = unnamed.deliverer(|_| ());
    check_deferred(&carry_one(&deliverer, "bob@sts.test").await, Cause::NotPrivate, "4.7.5");
    assert!(unnamed.there.saw_no_message());
    assert_eq!(failures(&notes), [(PolicyKind::MtaSts, Failure::HostNotNamed, false)]);

    let misnamed = Sts::start(&["mx.other.test"], policy("enforce", "mx.sts.test")).await;
    let (deliverer, notes) = misnamed.deliverer(|_| ());
    check_deferred(&carry_one(&deliverer, "bob@sts.test").await, Cause::NotPrivate, "4.7.5");
    assert!(misnamed.there.saw_no_message());
    assert_eq!(failures(&notes), [(PolicyKind::MtaSts, Failure::OtherName, false)]);
}

#[tokio::test]
async fn a_policy_that_tests_lets_the_message_go_and_notes_what_failed() {
    let sts = Sts::start(&["mx.other.test"], policy("testing", "mx.sts.test")).await;
    let (deliverer, notes) = sts.deliverer(|_| ());
    check_unproven(&deliverer).await;
    assert_eq!(failures(&notes), [(PolicyKind::MtaSts, Failure::OtherName, true)]);
}

#[tokio::test]
async fn a_policy_that_cannot_be_had_properly_is_no_policy() {
    let large = format!("version: STSv1\nmode: enforce\nmx: mx.x.test\nmax_age: 60\n{}", "#".repeat(70_000));
    let sts = Sts::start(&["mx.sts.test"], Answer::status(404)).await;
    for answer in [
        Answer::text(&large),
        Answer::endless(),
        Answer::silent(),
        Answer::redirect("https://mta-sts.sts.test/elsewhere"),
        Answer::status(404),
    ] {
        sts.policies.now(answer.clone());
        let before = sts.policies.requests().len();
        let (deliverer, notes) = sts.deliverer(|_| ());
        check_unproven(&deliverer).await;
        check_unproven(&deliverer).await;
        assert_eq!(failures(&notes), [(PolicyKind::MtaSts, Failure::PolicyFetch, true)], "{answer:?}");
        assert_eq!(sts.policies.requests().len(), before + 1, "it is not asked again at once");
    }
}

#[tokio::test]
async fn a_policy_on_a_private_address_is_not_fetched() {
    let sts = Sts::start(&["mx.sts.test"], policy("enforce", "mx.other.test")).await;
    let hosts = [("mx.sts.test", sts.there.postfix.address())];
    let roots = sts.policies.roots();
    let (deliverer, notes) = deliverer(&sts.knot, &hosts, |config| config.policy_roots = roots);
    check_unproven(&deliverer).await;
    assert_eq!(failures(&notes), [(PolicyKind::MtaSts, Failure::PolicyFetch, true)]);
    assert!(sts.policies.requests().is_empty());
}

#[tokio::test]
async fn a_policy_that_was_seen_holds_whoever_hides_it_and_across_a_restart() {
    let sts = Sts::start(&["mx.other.test"], policy("enforce", "mx.sts.test")).await;
    let folder = tempfile::tempdir().unwrap();
    let file = || Some(SealedFile::of_policies(&folder.path().join("policies"), &[7; 32]));
    let (first, _) = sts.deliverer(|config| config.policy_file = file());
    check_deferred(&carry_one(&first, "bob@sts.test").await, Cause::NotPrivate, "4.7.5");

    sts.policies.now(Answer::status(404));
    let gone = Knot::start(&[zone("sts.test", Signing::Unsigned)]).unwrap();
    let renamed = Knot::start(&[with_sts(zone("sts.test", Signing::Unsigned), "2")]).unwrap();
    for knot in [&gone, &renamed] {
        let (next, _) = sts.deliverer_asking(knot, |config| config.policy_file = file());
        check_deferred(&carry_one(&next, "bob@sts.test").await, Cause::NotPrivate, "4.7.5");
    }
    assert!(sts.there.saw_no_message());

    let later = Timestamp::from_unix_ms(NOW.unix_ms() + 8 * DAY_MS);
    let (over, _) = sts.deliverer_asking(&gone, |config| {
        config.policy_file = file();
        config.clock = Arc::new(move || later);
    });
    check_unproven(&over).await;
}

#[tokio::test]
async fn a_policy_that_holds_is_renewed_long_before_it_is_over() {
    let sts = Sts::start(&["mx.other.test"], policy("enforce", "mx.sts.test")).await;
    let folder = tempfile::tempdir().unwrap();
    let file = || Some(SealedFile::of_policies(&folder.path().join("policies"), &[7; 32]));
    let after = async |days: i64| {
        let now = Timestamp::from_unix_ms(NOW.unix_ms() + days * DAY_MS);
        let (deliverer, _) = sts.deliverer(|config| {
            config.policy_file = file();
            config.clock = Arc::new(move || now);
        });
        check_deferred(&carry_one(&deliverer, "bob@sts.test").await, Cause::NotPrivate, "4.7.5");
        sts.policies.requests().len()
    };
    assert_eq!([after(0).await, after(0).await, after(2).await], [1, 1, 2]);
    // Seven days are counted from the last time.
    sts.policies.now(Answer::status(404));
    assert_eq!(after(8).await, 3);
}

#[tokio::test]
async fn a_policy_with_a_new_id_is_fetched_anew() {
    let sts = Sts::start(&["mx.other.test"], policy("enforce", "mx.sts.test")).await;
    let folder = tempfile::tempdir().unwrap();
    let file = || Some(SealedFile::of_policies(&folder.path().join("policies"), &[7; 32]));
    let (first, _) = sts.deliverer(|config| config.policy_file = file());
    check_deferred(&carry_one(&first, "bob@sts.test").await, Cause::NotPrivate, "4.7.5");

    sts.policies.now(Answer::text("version: STSv1\nmode: none\nmax_age: 60\n"));
    let (same, _) = sts.deliverer(|config| config.policy_file = file());
    check_deferred(&carry_one(&same, "bob@sts.test").await, Cause::NotPrivate, "4.7.5");
    let renamed = Knot::start(&[with_sts(zone("sts.test", Signing::Unsigned), "2")]).unwrap();
    let (next, _) = sts.deliverer_asking(&renamed, |config| config.policy_file = file());
    check_unproven(&next).await;
}

#[tokio::test]
async fn a_clock_that_jumps_ages_no_policy() {
    let sts = Sts::start(&["mx.other.test"], policy("enforce", "mx.sts.test")).await;
    let now = Arc::new(AtomicI64::new(NOW.unix_ms()));
    let clock = Arc::clone(&now);
    let (deliverer, _) = sts.deliverer(|config| {
        config.clock = Arc::new(move || Timestamp::from_unix_ms(clock.load(Ordering::Relaxed)));
    });
    check_deferred(&carry_one(&deliverer, "bob@sts.test").await, Cause::NotPrivate, "4.7.5");
    sts.policies.now(Answer::status(404));
    for jump in [300 * DAY_MS, -300 * DAY_MS] {
        now.store(NOW.unix_ms() + jump, Ordering::Relaxed);
        check_deferred(&carry_one(&deliverer, "bob@sts.test").await, Cause::NotPrivate, "4.7.5");
    }
    assert_eq!(sts.policies.requests().len(), 1);
}

#[tokio::test]
async fn dane_comes_before_mta_sts() {
    let (signed, other) = (certificate(&["mx.both.test"], 2020..2040), certificate(&["x.test"], 2020..2040));
    let there = There::start(Some(&signed)).await;
    let policies = Https::start(&["mta-sts.both.test"], policy("enforce", "mx.both.test")).await;
    let hosts = [("mx.both.test", there.postfix.address()), ("mta-sts.both.test", policies.address())];
    let deliverer_of = |record: &str| {
        let zone = with_sts(zone("both.test", Signing::Signed), "1").record("_25._tcp.mx", "TLSA", record);
        let knot = Knot::start(&[zone]).unwrap();
        let (deliverer, _) = deliverer(&knot, &hosts, |config| {
            config.roots = Arc::clone(&signed.roots);
            config.policy_roots = policies.roots();
        });
        (deliverer, knot)
    };
    let (wrong, _knot) = deliverer_of(&other.association());
    check_deferred(&carry_one(&wrong, "bob@both.test").await, Cause::NotPrivate, "4.7.5");
    let (right, _knot) = deliverer_of(&signed.association());
    let outcome = carry_one(&right, "bob@both.test").await;
    assert_eq!(delivered(&outcome).proof, Some(HopProof::Dane));
    assert!(policies.requests().is_empty(), "it was not even asked for");
    let (unusable, _knot) = deliverer_of(&signed.association().replacen('3', "1", 1));
    let outcome = carry_one(&unusable, "bob@both.test").await;
    assert_eq!(delivered(&outcome).proof, Some(HopProof::MtaSts));
}
