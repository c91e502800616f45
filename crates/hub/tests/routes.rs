//! The routes that a user has: the ways to their contacts, those that are alike together, ranked.

use crate::support;
use caliopen_connect::{ExpectedChannel, ExpectedHost, Outlook, ServiceFacts};
use caliopen_hub::{Access, ContactPatch, Routes};
use caliopen_model::{Cause, ContactId, Handle, HopProof, Protocol, Trouble};
use caliopen_privacy::route::Kind;
use caliopen_privacy::score;
use support::World;

const ALICE: &str = "alice@example.org";
const BOB: &str = "bob@example.org";

fn handle(address: &str) -> Handle {
    Handle::literal(Protocol::Email, address)
}

async fn contact(world: &World, access: &Access, address: &str) -> ContactId {
    let handles = Some(vec![handle(address)]);
    let patch = ContactPatch { name: Some(Some(address.to_owned())), handles, ..ContactPatch::default() };
    world.hub.create_contact(access, &patch).await.expect("is made")
}

/// Makes a contact and looks at the way there: through this service, over this channel.
async fn looked(
    world: &World,
    access: &Access,
    address: &str,
    (domain, channel): (&str, ExpectedChannel),
) -> ContactId {
    let id = contact(world, access, address).await;
    let hosts = vec![ExpectedHost { host: format!("mx.{domain}"), channel, is_on_trial: false }];
    let service = ServiceFacts { domain: domain.to_owned(), ..ServiceFacts::default() };
    let outlook = Outlook { complete: true, hosts, service, trouble: None };
    *world.post.outlook.lock().expect("is whole") = Some(outlook);
    world.hub.outlooks(access, &[handle(address)]).await.expect("answers");
    id
}

async fn routes(world: &World, access: &Access) -> Routes {
    world.hub.routes(access, usize::MAX).await.expect("reads")
}

fn said(routes: &Routes) -> Vec<(Kind, Option<&str>, usize)> {
    routes.routes.iter().map(|route| (route.kind, route.service.as_deref(), route.contacts)).collect()
}

#[tokio::test]
async fn ways_that_are_alike_are_one_route_and_the_most_private_comes_first() {
    let world = World::new().await;
    world.add(BOB).await;
    let alice = world.sign_in(ALICE).await;
    let dane = ExpectedChannel::Proven(HopProof::Dane);
    looked(&world, &alice, "ana@gmail.com", ("gmail.com", dane)).await;
    looked(&world, &alice, "bo@x.net", ("x.net", ExpectedChannel::AsItCan)).await;
    looked(&world, &alice, "cy@y.net", ("y.net", dane)).await;
    looked(&world, &alice, "di@yahoo.com", ("yahoo.com", dane)).await;
    looked(&world, &alice, "ed@gmail.com", ("gmail.com", ExpectedChannel::Encrypted)).await;
    looked(&world, &alice, "flo@z.net", ("z.net", ExpectedChannel::Clear)).await;
    contact(&world, &alice, BOB).await;
    world.hub.outlooks(&alice, &[handle(BOB)]).await.expect("answers");
    let found = routes(&world, &alice).await;
    let expected = [
        (Kind::SameServer, None, 1),
        (Kind::Proven, None, 1),
        (Kind::NotSeen, None, 1),
        (Kind::Advertising, Some("Gmail"), 2),
        (Kind::Advertising, Some("Yahoo"), 1),
        (Kind::Clear, None, 1),
    ];
    let mut sorted = said(&found);
    let scores: Vec<u8> = found.routes.iter().map(|route| route.lowest.score()).collect();
    assert!(scores.is_sorted_by(|one, next| one >= next), "{scores:?}");
    sorted.sort_unstable();
    let mut wanted = expected.to_vec();
    wanted.sort_unstable();
    assert_eq!(sorted, wanted);
    assert_eq!((found.counted, found.not_reached, found.is_complete), (7, 0, true));
    for route in &found.routes {
        assert_eq!(score(&route.evidence), route.lowest, "it is explained by its own evidence");
        assert!(route.lowest.score() <= route.highest.score());
    }
}

#[tokio::test]
async fn a_route_promises_no_more_than_its_least_private_way_and_names_the_best_first() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let dane = ExpectedChannel::Proven(HopProof::Dane);
    let plain = looked(&world, &alice, "bo@x.net", ("x.net", dane)).await;
    let kept = looked(&world, &alice, "cy@posteo.de", ("posteo.de", dane)).await;
    let found = routes(&world, &alice).await;
    assert_eq!(said(&found), [(Kind::Proven, None, 2)]);
    let route = &found.routes[0];
    let named: std::collections::BTreeSet<ContactId> = route.named.iter().copied().collect();
    assert_eq!(named, [plain, kept].into());
    let of = |id| world.hub.contact_cards(&alice, std::slice::from_ref(id));
    let first = of(&route.named[0]).await.expect("reads")[0].as_ref().and_then(|card| card.index);
    let last = of(&route.named[1]).await.expect("reads")[0].as_ref().and_then(|card| card.index);
    assert_eq!(first.map(|(index, _)| index), Some(route.highest));
    assert_eq!(last.map(|(index, _)| index), Some(route.lowest));
}

#[tokio::test]
async fn whom_nobody_looked_at_is_on_no_route_and_whom_nothing_reaches_is_counted() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    contact(&world, &alice, "new@x.net").await;
    assert_eq!(routes(&world, &alice).await.counted, 0);
    let gone = contact(&world, &alice, "gone@x.net").await;
    let nowhere = Trouble { cause: Cause::NoSuchDomain, host: None, status: "5.1.2".to_owned(), said: None };
    *world.post.outlook.lock().expect("is whole") = Some(Outlook {
        complete: true,
        hosts: Vec::new(),
        service: ServiceFacts::default(),
        trouble: Some(nowhere),
    });
    world.hub.outlooks(&alice, &[handle("gone@x.net")]).await.expect("answers");
    let found = routes(&world, &alice).await;
    assert_eq!((found.routes.len(), found.counted, found.not_reached), (0, 1, 1));
    world.hub.destroy_contact(&alice, gone).await.expect("is deleted");
    assert_eq!(routes(&world, &alice).await.counted, 0, "who was deleted is on no list");
}

#[tokio::test]
async fn more_contacts_than_one_look_opens_are_left_out_and_said_to_be() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    for number in 0..5 {
        let address = format!("p{number}@x.net");
        looked(&world, &alice, &address, ("x.net", ExpectedChannel::Encrypted)).await;
    }
    let found = world.hub.routes(&alice, 3).await.expect("reads");
    assert_eq!((found.counted, found.is_complete), (3, false));
    let found = world.hub.routes(&alice, 5).await.expect("reads");
    assert_eq!((found.counted, found.is_complete), (5, true));
}
