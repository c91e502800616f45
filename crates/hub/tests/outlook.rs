//! What is to be expected of a message, while it is written.

use crate::support;
use caliopen_connect::{ExpectedChannel, ExpectedHost, Outlook, ServiceFacts};
use caliopen_hub::{Access, DomainError, Lowered, OutlookView};
use caliopen_model::{
    Cause, Delivery, Evidence, Handle, HandlerClass, HopProof, HopSecurity, Outcome, Participant,
    PrivacyIndex, Protocol,
};
use caliopen_privacy::assess;
use support::{Post, World};

const BO: &str = "bo@x.net";

async fn outlook(world: &World, recipient: &str) -> OutlookView {
    let alice = world.sign_in("alice@example.org").await;
    let recipient = Handle::literal(Protocol::Email, recipient);
    world.hub.outlooks(&alice, &[recipient]).await.expect("answers").remove(0)
}

async fn index(world: &World, recipient: &str) -> PrivacyIndex {
    assess(&outlook(world, recipient).await.evidence).index
}

fn expect(world: &World, channels: &[ExpectedChannel]) {
    let host = |(number, channel): (usize, &ExpectedChannel)| ExpectedHost {
        host: format!("mx{number}.x.net"),
        channel: *channel,
        is_on_trial: false,
    };
    let hosts = channels.iter().enumerate().map(host).collect();
    let service = ServiceFacts { domain: "x.net".to_owned(), ..ServiceFacts::default() };
    *world.post.outlook.lock().expect("is whole") =
        Some(Outlook { complete: true, hosts, service, trouble: None });
}

fn hop(view: &OutlookView) -> Option<HopSecurity> {
    view.evidence.iter().find_map(|fact| match fact {
        Evidence::Hop(hop) => Some(hop.security),
        _ => None,
    })
}

#[tokio::test]
async fn nobody_of_this_server_is_told_before_it_is_sent() {
    let world = World::new().await;
    let view = outlook(&world, "nobody@example.org").await;
    assert_eq!(view.trouble.map(|trouble| trouble.cause), Some(Cause::NoSuchRecipient));
    assert!(view.complete);
}

#[tokio::test]
async fn a_host_that_is_proven_earns_more_than_one_that_is_not_and_the_weakest_counts() {
    let world = World::new().await;
    let proven = ExpectedChannel::Proven(HopProof::MtaSts);
    expect(&world, &[proven, proven]);
    let best = index(&world, BO).await;
    assert_eq!(hop(&outlook(&world, BO).await), Some(HopSecurity::Authenticated));
    expect(&world, &[proven, ExpectedChannel::Encrypted]);
    assert_eq!(hop(&outlook(&world, BO).await), Some(HopSecurity::Opportunistic));
    let mixed = index(&world, BO).await;
    expect(&world, &[ExpectedChannel::Clear, proven]);
    let clear = index(&world, BO).await;
    assert!(best.score() > mixed.score() && mixed.score() > clear.score(), "{best:?} {mixed:?} {clear:?}");
}

#[tokio::test]
async fn what_is_not_known_gives_no_point() {
    let world = World::new().await;
    let unknown = index(&world, BO).await;
    assert!(!outlook(&world, BO).await.complete, "this connector cannot tell");
    expect(&world, &[ExpectedChannel::AsItCan]);
    assert_eq!(hop(&outlook(&world, BO).await), Some(HopSecurity::Unknown));
    expect(&world, &[ExpectedChannel::Withheld]);
    assert_eq!(hop(&outlook(&world, BO).await), None);
    assert_eq!(index(&world, BO).await, unknown);
    let trouble = Post::trouble(Cause::NoSuchDomain, "5.1.2");
    world.post.outlook.lock().unwrap().as_mut().expect("was set").trouble = Some(trouble.clone());
    assert_eq!(outlook(&world, BO).await.trouble, Some(trouble));
}

#[tokio::test]
async fn whoever_asks_is_told_of_a_domain_what_a_message_to_it_would_get_and_nothing_of_people() {
    let world = World::new().await;
    expect(&world, &[ExpectedChannel::Proven(HopProof::Dane), ExpectedChannel::Encrypted]);
    let view = world.hub.domain("x.net", support::HERE).await.expect("answers");
    assert_eq!(assess(&view.evidence).index, index(&world, BO).await);
    assert_eq!(view.hosts.len(), 2);
    let here = world.hub.domain("example.org", support::HERE).await.expect("answers");
    assert_eq!(
        (here.trouble, here.hosts.len()),
        (None, 0),
        "whether somebody is called postmaster is not said"
    );
    assert_eq!(assess(&here.evidence).index, index(&world, "alice@example.org").await);
    for wrong in ["", "localhost", "x .net", "x.net/", "@x.net", "a@x.net"] {
        assert!(
            matches!(world.hub.domain(wrong, support::HERE).await, Err(DomainError::NoDomain)),
            "{wrong}"
        );
    }
    let mut refused = 0;
    for _ in 0..40 {
        refused += usize::from(matches!(
            world.hub.domain("x.net", support::HERE).await,
            Err(DomainError::Rate { retry_after_s: 1.. })
        ));
    }
    assert!((8..40).contains(&refused), "{refused} of 40 at once");
    world.pass(60_000);
    assert!(world.hub.domain("x.net", support::HERE).await.is_ok());
}

#[tokio::test]
async fn a_service_that_the_administrator_lowers_counts_for_what_they_say() {
    let world = World::new().await;
    let proven = ExpectedChannel::Proven(HopProof::Dane);
    expect(&world, &[proven]);
    let before = index(&world, BO).await;
    world.hub.lower_services(vec![Lowered::new("x.net", HandlerClass::E)]);
    let after = index(&world, BO).await;
    assert!(after.score() < before.score() && after.score() <= 3, "{before:?} {after:?}");
    world.hub.lower_services(Vec::new());
    assert_eq!(index(&world, BO).await, after, "the first word stands");
}

/// Sends a message to Bo, whose host proves itself like this.
async fn send(world: &World, proof: Option<HopProof>) {
    let security = if proof.is_some() { HopSecurity::Authenticated } else { HopSecurity::Opportunistic };
    let delivery = Delivery { host: "mx.x.net".to_owned(), security, proof, tls: None, certificate: None };
    world.post.answer("x.net", Outcome::Delivered(delivery));
    let alice: Access = world.sign_in("alice@example.org").await;
    let draft = support::draft(
        world.hub.identities(&alice).await.expect("reads").remove(0).id,
        vec![Participant { name: None, handle: Handle::literal(Protocol::Email, BO) }],
    );
    let id = world.hub.create_draft(&alice, draft).await.expect("is kept").id;
    world.hub.submit(&alice, id, None).await.expect("is accepted");
    world.work().await;
}

#[tokio::test(start_paused = true)]
async fn a_proof_that_a_way_had_is_missed_until_a_message_went_without_it() {
    let world = World::new().await;
    let lost = async |channel| {
        expect(&world, &[channel]);
        outlook(&world, BO).await.lost.map(|lost| lost.by)
    };
    let proven = ExpectedChannel::Proven(HopProof::Dane);
    assert_eq!(lost(ExpectedChannel::AsItCan).await, None, "there was none");
    send(&world, Some(HopProof::Dane)).await;
    assert_eq!(lost(proven).await, None, "it is there");
    assert_eq!(lost(ExpectedChannel::Proven(HopProof::MtaSts)).await, None, "another one is as good");
    for weaker in [ExpectedChannel::AsItCan, ExpectedChannel::Encrypted, ExpectedChannel::Clear] {
        assert_eq!(lost(weaker).await, Some(HopProof::Dane), "{weaker:?}");
    }
    assert_eq!(lost(ExpectedChannel::Withheld).await, Some(HopProof::Dane));
    let trouble = Post::trouble(Cause::NoSuchDomain, "5.1.2");
    world.post.outlook.lock().unwrap().as_mut().expect("was set").trouble = Some(trouble);
    assert_eq!(outlook(&world, BO).await.lost, None, "that the domain is gone says enough");
    send(&world, None).await;
    assert_eq!(lost(ExpectedChannel::AsItCan).await, None, "the person knows, and wrote all the same");
    world.assert_sound().await;
}
