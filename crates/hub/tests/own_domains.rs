//! What others see of this host's own domains counts for the accounts in them.

use crate::support;
use caliopen_connect::{ExpectedChannel, ExpectedHost, Outlook, ServiceFacts};
use caliopen_hub::limits::{OWN_DOMAIN_KNOWN_MS, OWN_DOMAIN_LOOK_MS};
use caliopen_hub::{Access, ObjectType};
use caliopen_model::{AccountEvidence, HandlerClass, HopProof, TransportPolicy, UserEvidence};
use support::World;

const PROVEN: ExpectedChannel = ExpectedChannel::Proven(HopProof::Dane);

async fn world() -> (World, Access) {
    let world = World::new().await;
    let alice = world.sign_in("alice@example.org").await;
    (world, alice)
}

/// What the hosts of the domain would be like for whoever brings mail, on trial or not.
fn seen(world: &World, hosts: &[(&str, ExpectedChannel, bool)]) {
    let host = |(host, channel, is_on_trial): &(&str, ExpectedChannel, bool)| ExpectedHost {
        host: (*host).to_owned(),
        channel: *channel,
        is_on_trial: *is_on_trial,
    };
    let service = ServiceFacts {
        domain: "example.org".to_owned(),
        mx_hosts: hosts.iter().map(|(host, ..)| (*host).to_owned()).collect(),
        ..ServiceFacts::default()
    };
    let hosts = hosts.iter().map(host).collect();
    *world.post.outlook.lock().unwrap() = Some(Outlook { complete: true, hosts, service, trouble: None });
}

/// What is known of the domain: its provider's class, and its demand.
async fn known(world: &World, access: &Access) -> (Option<HandlerClass>, Option<TransportPolicy>) {
    let evidence = world.hub.user_privacy(access).await.unwrap().evidence;
    let facts = evidence.into_iter().find_map(|fact| match fact {
        UserEvidence::Account(facts) => Some(facts),
        _ => None,
    });
    let facts = facts.unwrap();
    let class = facts.iter().find_map(|fact| match fact {
        AccountEvidence::Provider { class, .. } => Some(*class),
        _ => None,
    });
    let demand = facts.iter().find_map(|fact| match fact {
        AccountEvidence::Transport(demand) => Some(*demand),
        _ => None,
    });
    (class, demand)
}

async fn look(world: &World, hosts: &[(&str, ExpectedChannel, bool)]) {
    seen(world, hosts);
    world.pass(OWN_DOMAIN_LOOK_MS);
    world.hub.look_at_own_domains().await.unwrap();
}

#[tokio::test]
async fn nothing_counts_before_somebody_looked() {
    let (world, alice) = world().await;
    assert_eq!(known(&world, &alice).await, (None, None));
    world.hub.look_at_own_domains().await.unwrap();
    assert_eq!(known(&world, &alice).await, (None, None), "a look that gave no answer says nothing");
}

#[tokio::test]
async fn what_all_hosts_demand_counts_and_the_weakest_decides() {
    let (world, alice) = world().await;
    let stranger = Some(HandlerClass::C);
    look(&world, &[("mx.example.org", PROVEN, false), ("mx2.example.org", PROVEN, false)]).await;
    assert_eq!(known(&world, &alice).await, (stranger, Some(TransportPolicy::Enforced)));
    look(&world, &[("mx.example.org", PROVEN, false), ("mx2.example.org", ExpectedChannel::AsItCan, true)])
        .await;
    assert_eq!(known(&world, &alice).await, (stranger, Some(TransportPolicy::Testing)));
    look(
        &world,
        &[("mx.example.org", PROVEN, false), ("mx2.example.org", ExpectedChannel::Encrypted, false)],
    )
    .await;
    assert_eq!(known(&world, &alice).await, (stranger, Some(TransportPolicy::None)));
    look(&world, &[("mx.example.org", PROVEN, false), ("mx2.example.org", ExpectedChannel::Withheld, false)])
        .await;
    let enforced = (stranger, Some(TransportPolicy::Enforced));
    assert_eq!(
        known(&world, &alice).await,
        enforced,
        "nobody brings mail to a host that a policy speaks against"
    );
    // What this host was told to demand says nothing of what others are asked for.
    look(&world, &[("mx.example.org", ExpectedChannel::Proven(HopProof::Configured), false)]).await;
    assert_eq!(known(&world, &alice).await, (stranger, Some(TransportPolicy::None)));
}

#[tokio::test]
async fn a_domain_whose_mail_an_advertiser_takes_says_so() {
    let (world, alice) = world().await;
    look(&world, &[("aspmx.l.google.com", ExpectedChannel::AsItCan, false)]).await;
    assert_eq!(known(&world, &alice).await.0, Some(HandlerClass::E));
}

#[tokio::test]
async fn it_is_looked_at_once_an_hour_and_forgotten_when_nobody_can_look_for_a_day() {
    let (world, alice) = world().await;
    look(&world, &[("mx.example.org", PROVEN, false)]).await;
    seen(&world, &[("mx.example.org", ExpectedChannel::AsItCan, false)]);
    world.pass(OWN_DOMAIN_LOOK_MS - 1);
    world.hub.look_at_own_domains().await.unwrap();
    assert_eq!(known(&world, &alice).await.1, Some(TransportPolicy::Enforced));
    *world.post.outlook.lock().unwrap() = None;
    world.pass(OWN_DOMAIN_KNOWN_MS - OWN_DOMAIN_LOOK_MS);
    world.hub.look_at_own_domains().await.unwrap();
    assert_eq!(
        known(&world, &alice).await.1,
        Some(TransportPolicy::Enforced),
        "what is known stays for a day"
    );
    world.pass(1);
    assert_eq!(known(&world, &alice).await, (None, None));
    world.pass(-2 * OWN_DOMAIN_KNOWN_MS);
    assert_eq!(known(&world, &alice).await, (None, None), "a clock that jumps back makes nothing younger");
}

#[tokio::test]
async fn whoever_is_there_is_told_when_it_is_another() {
    let (world, alice) = world().await;
    let state = async || world.hub.states(&alice).await.unwrap().of(ObjectType::UserPrivacy);
    let at_first = state().await;
    look(&world, &[("mx.example.org", PROVEN, false)]).await;
    let told = state().await;
    assert!(told > at_first);
    look(&world, &[("mx.example.org", PROVEN, false)]).await;
    assert_eq!(state().await, told, "nothing is another");
    world.assert_sound().await;
}
