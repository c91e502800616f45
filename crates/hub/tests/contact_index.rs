//! The index of a contact: what the next message would get, as far as somebody looked.

use crate::support;
use caliopen_connect::{ExpectedChannel, ExpectedHost, Outlook, ServiceFacts};
use caliopen_hub::{Access, ContactPatch, ContactView, ContactWays, ObjectType};
use caliopen_model::{
    AddressProof, Cause, ContactId, Handle, HopProof, Outcome, Participant, PrivacyIndex, Protocol, Reach,
};
use support::{Post, World};

const ALICE: &str = "alice@example.org";
const BOB: &str = "bob@example.org";
const BO: &str = "bo@x.net";
const DAY: i64 = 24 * 60 * 60 * 1_000;

fn handle(address: &str) -> Handle {
    Handle::literal(Protocol::Email, address)
}

fn person(address: &str) -> Participant {
    Participant { name: None, handle: handle(address) }
}

async fn contact(world: &World, access: &Access, name: &str, addresses: &[&str]) -> ContactId {
    let patch = ContactPatch {
        name: Some(Some(name.to_owned())),
        handles: Some(addresses.iter().map(|address| handle(address)).collect()),
        ..ContactPatch::default()
    };
    world.hub.create_contact(access, &patch).await.expect("is made")
}

async fn card(world: &World, access: &Access, id: ContactId) -> ContactView {
    world.hub.contact_cards(access, &[id]).await.expect("reads").remove(0).expect("is there")
}

async fn index(world: &World, access: &Access, id: ContactId) -> Option<u8> {
    card(world, access, id).await.index.map(|(index, _)| index.score())
}

async fn ways(world: &World, access: &Access, id: ContactId) -> ContactWays {
    world.hub.contact_ways(access, &[id]).await.expect("reads").remove(0).expect("is there")
}

fn expect(world: &World, complete: bool, channel: ExpectedChannel) {
    let hosts = vec![ExpectedHost { host: "mx.x.net".to_owned(), channel, is_on_trial: false }];
    let service = ServiceFacts { domain: "x.net".to_owned(), ..ServiceFacts::default() };
    *world.post.outlook.lock().expect("is whole") = Some(Outlook { complete, hosts, service, trouble: None });
}

async fn look(world: &World, access: &Access, address: &str) {
    world.hub.outlooks(access, &[handle(address)]).await.expect("answers");
}

async fn state(world: &World, access: &Access) -> u64 {
    world.hub.states(access).await.expect("reads").of(ObjectType::Contact).0
}

async fn send(world: &World, from: &Access, to: &[&str]) {
    let identity = world.hub.identities(from).await.expect("reads").remove(0).id;
    let draft = support::draft(identity, to.iter().copied().map(person).collect());
    let id = world.hub.create_draft(from, draft).await.expect("is kept").id;
    world.hub.submit(from, id, None).await.expect("is accepted");
    world.work().await;
}

#[tokio::test]
async fn nobody_has_a_number_before_somebody_looked_and_a_look_gives_one() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let bo = contact(&world, &alice, "Bo", &[BO]).await;
    assert_eq!(index(&world, &alice, bo).await, None);
    let before = state(&world, &alice).await;
    expect(&world, true, ExpectedChannel::Proven(HopProof::Dane));
    look(&world, &alice, BO).await;
    let found = index(&world, &alice, bo).await.expect("somebody looked");
    assert!(state(&world, &alice).await > before, "whoever shows the contact is told");
    let ways = ways(&world, &alice, bo).await;
    assert_eq!(caliopen_privacy::score(&ways.routes[0].evidence).score(), found, "it can be recomputed");
    assert_eq!(ways.looked_at, [Some(world.now())]);
    world.assert_sound().await;
}

#[tokio::test]
async fn a_look_that_finds_the_same_writes_nothing() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let bo = contact(&world, &alice, "Bo", &[BO]).await;
    expect(&world, true, ExpectedChannel::Encrypted);
    look(&world, &alice, BO).await;
    let (before, looked_at) = (state(&world, &alice).await, ways(&world, &alice, bo).await.looked_at);
    world.pass(60_000);
    look(&world, &alice, BO).await;
    assert_eq!(state(&world, &alice).await, before);
    assert_eq!(ways(&world, &alice, bo).await.looked_at, looked_at);
    world.pass(2 * DAY);
    look(&world, &alice, BO).await;
    assert_eq!(state(&world, &alice).await, before, "the number is the same");
    assert_eq!(ways(&world, &alice, bo).await.looked_at, [Some(world.now())]);
}

#[tokio::test]
async fn what_could_not_be_looked_up_takes_nothing_back() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let bo = contact(&world, &alice, "Bo", &[BO]).await;
    expect(&world, true, ExpectedChannel::Proven(HopProof::MtaSts));
    look(&world, &alice, BO).await;
    let known = index(&world, &alice, bo).await;
    expect(&world, false, ExpectedChannel::AsItCan);
    look(&world, &alice, BO).await;
    assert_eq!(index(&world, &alice, bo).await, known);
}

#[tokio::test(start_paused = true)]
async fn a_message_shows_what_the_next_one_would_get_even_while_nobody_is_there() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let bo = contact(&world, &alice, "Bo", &[BO]).await;
    send(&world, &alice, &[BO]).await;
    let delivered = index(&world, &alice, bo).await.expect("it went there");
    assert!(delivered > 0);
    world.post.answer("x.net", Outcome::Failed(Post::trouble(Cause::NoSuchRecipient, "5.1.1")));
    send(&world, &alice, &[BO]).await;
    assert_eq!(index(&world, &alice, bo).await, None, "nothing arrives there any more");
    assert_eq!(ways(&world, &alice, bo).await.routes[0].reach, Reach::Nowhere);
    world.post.answer("x.net", Outcome::Failed(Post::trouble(Cause::MailboxFull, "5.2.2")));
    send(&world, &alice, &[BO]).await;
    assert_eq!(index(&world, &alice, bo).await, None, "a full mailbox says nothing of the way");
    world.assert_sound().await;
}

#[tokio::test(start_paused = true)]
async fn an_added_address_counts_once_a_message_came_from_it_that_is_proven() {
    let world = World::new().await;
    world.add(BOB).await;
    let (alice, bob) = (world.sign_in(ALICE).await, world.sign_in(BOB).await);
    let id = contact(&world, &alice, "Bob", &["bob@x.net", BOB]).await;
    expect(&world, true, ExpectedChannel::Clear);
    look(&world, &alice, "bob@x.net").await;
    let alone = index(&world, &alice, id).await;
    look(&world, &alice, BOB).await;
    assert_eq!(index(&world, &alice, id).await, alone, "somebody only wrote the better address down");
    assert!(card(&world, &alice, id).await.ways.iter().all(|way| !way.proven));
    world.deliver(&[ALICE], &format!("From: {BOB}\nTo: {ALICE}\nId: 1\n\nforged")).await;
    assert_eq!(index(&world, &alice, id).await, alone, "nothing proves that it came from there");
    send(&world, &bob, &[ALICE]).await;
    assert!(index(&world, &alice, id).await > alone);
    let found = ways(&world, &alice, id).await;
    let proofs: Vec<AddressProof> = found.routes.iter().map(|route| route.proof).collect();
    assert_eq!(proofs, [AddressProof::Written, AddressProof::Received]);
    world.assert_sound().await;
}

#[tokio::test]
async fn what_is_known_of_an_address_goes_with_it_when_contacts_are_put_together_and_apart() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let bo = contact(&world, &alice, "Bo", &[BO]).await;
    let bosun = contact(&world, &alice, "Bosun", &["bosun@y.net"]).await;
    expect(&world, true, ExpectedChannel::Encrypted);
    look(&world, &alice, BO).await;
    let known = index(&world, &alice, bo).await;
    world.hub.merge_contacts(&alice, bosun, bo).await.expect("are one");
    assert_eq!(index(&world, &alice, bosun).await, known);
    world.hub.split_contact(&alice, bosun, bo).await.expect("are two");
    assert_eq!((index(&world, &alice, bosun).await, index(&world, &alice, bo).await), (None, known));
    let patch = ContactPatch { handles: Some(vec![handle("new@y.net")]), ..ContactPatch::default() };
    world.hub.update_contact(&alice, bo, &patch).await.expect("is changed");
    assert_eq!(index(&world, &alice, bo).await, None, "nobody looked at the new address");
    world.assert_sound().await;
}

#[tokio::test]
async fn a_contact_that_is_taken_back_has_its_index_again() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let bo = contact(&world, &alice, "Bo", &[BO]).await;
    expect(&world, true, ExpectedChannel::Encrypted);
    look(&world, &alice, BO).await;
    let known = index(&world, &alice, bo).await;
    world.hub.destroy_contact(&alice, bo).await.expect("is deleted");
    world.hub.restore_contact(&alice, bo).await.expect("is back");
    assert_eq!(index(&world, &alice, bo).await, known);
}

#[tokio::test]
async fn a_day_has_one_entry_in_the_history() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let bo = contact(&world, &alice, "Bo", &[BO]).await;
    for channel in [ExpectedChannel::Encrypted, ExpectedChannel::Proven(HopProof::Dane)] {
        expect(&world, true, channel);
        look(&world, &alice, BO).await;
    }
    let best = index(&world, &alice, bo).await;
    world.pass(3 * DAY);
    expect(&world, true, ExpectedChannel::Clear);
    look(&world, &alice, BO).await;
    let worst = index(&world, &alice, bo).await;
    let history = ways(&world, &alice, bo).await.history;
    let scores: Vec<Option<u8>> = history.iter().map(|entry| entry.index.map(PrivacyIndex::score)).collect();
    assert_eq!(scores, [best, worst]);
    assert_eq!(history[1].day.unix_ms() - history[0].day.unix_ms(), 3 * DAY);
}

#[tokio::test]
async fn an_address_of_nobody_is_not_remembered() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    expect(&world, true, ExpectedChannel::Encrypted);
    let before = world.hub.states(&alice).await.expect("reads");
    look(&world, &alice, "stranger@z.net").await;
    look(&world, &alice, ALICE).await;
    assert_eq!(world.hub.states(&alice).await.expect("reads"), before);
    assert_eq!(world.hub.contact_page(&alice, 0, 9).await.expect("lists").ids, []);
}
