//! Other domains are told how encryption with them went (RFC 8460): a signed DNS or none, a real Postfix, a host of policies,
//! and a page that takes reports.

use crate::certificates::{Signed, certificate};
use crate::dkim;
use crate::journal::Journal;
use crate::policies::{DAY_MS, There, deliverer, policy, with_sts, zone};
use crate::world::{NOW, carry_one, delivered, handle};
use caliopen_connect::{Format, Protection};
use caliopen_email::EmailFormat;
use caliopen_email::deliver::Deliverer;
use caliopen_email::verify::{NameServers, Resolver, ResolverSettings, Validation};
use caliopen_model::{
    EncryptionReport, ReportedFailure, ReportedFailureKind, ReportedPolicy, ReportedPolicyKind, Timestamp,
};
use caliopen_testkit::dns::{Knot, Signing};
use caliopen_testkit::https::{Answer, Https};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// A domain that tries MTA-STS out on a host with another name in its certificate, and wants to be told.
struct World {
    deliverer: Deliverer,
    now_ms: Arc<AtomicI64>,
    told: Https,
    inbox: Journal,
    _there: There,
    _policies: Https,
    _knot: Knot,
}

impl World {
    async fn start(wish: &str) -> Self {
        let signed: Signed = certificate(&["mx.other.test"], 2020..2040);
        let there = There::start(Some(&signed)).await;
        let zone = with_sts(zone("sts.test", Signing::Unsigned), "1").text("_smtp._tls", wish);
        let knot = Knot::start(&[zone.record("reports", "A", "127.0.0.1")]).unwrap();
        let names = ["mta-sts.sts.test", "reports.sts.test", "reports.elsewhere.test"];
        let policies = Https::start(&names, policy("testing", "mx.sts.test")).await;
        let told = Https::start(&names, Answer::status(200)).await;
        let now_ms = Arc::new(AtomicI64::new(NOW.unix_ms()));
        let clock = Arc::clone(&now_ms);
        let hosts = [
            ("mx.sts.test", there.postfix.address()),
            ("mta-sts.sts.test", policies.address()),
            ("reports.sts.test", told.address()),
            ("reports.elsewhere.test", told.address()),
        ];
        let (deliverer, _) = deliverer(&knot, &hosts, |config| {
            config.roots = signed.roots;
            let mut roots = (*policies.roots()).clone();
            roots.roots.extend(told.roots().roots.iter().cloned());
            config.policy_roots = Arc::new(roots);
            config.clock = Arc::new(move || Timestamp::from_unix_ms(clock.load(Ordering::SeqCst)));
        });
        let inbox = Journal::default();
        Self { deliverer, now_ms, told, inbox, _there: there, _policies: policies, _knot: knot }
    }

    async fn send(&self) {
        delivered(&carry_one(&self.deliverer, "bob@sts.test").await);
    }

    async fn days_later(&self, days: i64) {
        self.now_ms.fetch_add(days * DAY_MS, Ordering::SeqCst);
        self.deliverer.tell_domains(&handle("postmaster@ana.test"), &self.deliverer, &self.inbox).await;
    }
}

fn day() -> (Timestamp, Timestamp) {
    let begin_ms = NOW.unix_ms().div_euclid(DAY_MS) * DAY_MS;
    (Timestamp::from_unix_ms(begin_ms), Timestamp::from_unix_ms(begin_ms + DAY_MS - 1_000))
}

fn format() -> EmailFormat {
    let settings = ResolverSettings {
        name_servers: NameServers::Given(vec!["127.0.0.1:9".parse().unwrap()]),
        validation: Validation::Off,
        query_timeout: Duration::from_millis(1),
    };
    EmailFormat::new(Resolver::new(&settings).unwrap())
}

#[tokio::test]
async fn a_domain_that_wants_it_is_told_once_how_a_day_went() {
    let world = World::start("v=TLSRPTv1; rua=mailto:tls@sts.test,https://reports.sts.test/in").await;
    let signer = dkim::signer();
    world.deliverer.set_keys(signer.keys());
    world.send().await;
    world.days_later(0).await;
    assert!(world.told.requests().is_empty() && world.inbox.notices().is_empty(), "the day is not over");
    world.days_later(1).await;
    world.days_later(1).await;

    let notice = world.inbox.notice();
    assert_eq!((notice.recipient.address(), notice.protection), ("tls@sts.test", Protection::BestEffort));
    assert_eq!(signer.good(&notice.raw), 2, "it is signed with both keys");
    let (from, until) = day();
    let failure = ReportedFailure {
        kind: ReportedFailureKind::OtherName,
        host: Some("mx.sts.test".to_owned()),
        sessions: 1,
    };
    let policy = ReportedPolicy {
        kind: ReportedPolicyKind::MtaSts,
        domain: "sts.test".to_owned(),
        met: 0,
        failed: 1,
        failures: vec![failure],
    };
    let organisation = Some("mx.ana.test".to_owned());
    let expected = EncryptionReport { organisation, from, until, policies: vec![policy] };
    assert_eq!(format().read(&notice.raw).encryption_report, Some(expected));

    let requests = world.told.requests();
    assert_eq!(requests.len(), 1);
    for said in [
        "POST /in HTTP/1.1",
        "content-type: application/tlsrpt+json",
        r#""result-type":"certificate-host-mismatch""#,
        r#""policy-string":["version: STSv1","mode: testing","mx: mx.sts.test","max_age: 604800"]"#,
        r#""contact-info":"postmaster@ana.test""#,
    ] {
        assert!(requests.iter().all(|request| request.contains(said)), "{said}: {requests:?}");
    }
}

#[tokio::test]
async fn a_place_that_does_not_know_already_who_wrote_to_the_domain_is_not_told() {
    let world =
        World::start("v=TLSRPTv1; rua=mailto:tls@elsewhere.test,https://reports.elsewhere.test/in").await;
    world.send().await;
    world.days_later(1).await;
    assert!(world.told.requests().is_empty() && world.inbox.notices().is_empty());
}

#[tokio::test]
async fn what_is_not_taken_is_told_later_and_not_for_ever() {
    let world = World::start("v=TLSRPTv1; rua=https://reports.sts.test/in").await;
    world.told.now(Answer::status(503));
    world.send().await;
    world.days_later(1).await;
    world.days_later(0).await;
    assert_eq!(world.told.requests().len(), 2);
    world.told.now(Answer::status(200));
    world.days_later(0).await;
    world.days_later(0).await;
    assert_eq!(world.told.requests().len(), 3, "once it was taken, it is over");

    let both = World::start("v=TLSRPTv1; rua=mailto:tls@sts.test,https://reports.sts.test/in").await;
    both.told.now(Answer::status(503));
    both.send().await;
    both.days_later(1).await;
    both.days_later(0).await;
    assert_eq!((both.told.requests().len(), both.inbox.notices().len()), (2, 1), "who took it gets it once");

    world.told.now(Answer::status(503));
    world.send().await;
    world.days_later(3).await;
    assert_eq!(world.told.requests().len(), 3, "too old to be told");
}
