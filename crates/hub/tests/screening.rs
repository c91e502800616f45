//! New senders wait until the user accepts or refuses them; nobody whom the user knows ever does.

use crate::support;
use caliopen_hub::{Access, ContactPatch, ConversationPatch};
use caliopen_model::{Admission, ConversationId, Draft, Handle, Participant, Place, Protocol, Scope};
use support::World;

const ALICE: &str = "alice@example.org";

fn mail(from: &str) -> String {
    format!("From: {from}\nTo: {ALICE}\nSubject: Hello\n\nText.")
}

/// Alice wrote to bo, so that the screener has begun.
async fn begun() -> (World, Access) {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    write(&world, &alice, "bo@example.net").await;
    (world, alice)
}

async fn write(world: &World, alice: &Access, to: &str) -> ConversationId {
    let identity = world.hub.identities(alice).await.unwrap()[0].id;
    let draft = Draft {
        subject: "Hi".to_owned(),
        text: "Text.".to_owned(),
        ..support::draft(
            identity,
            vec![Participant { name: None, handle: Handle::literal(Protocol::Email, to) }],
        )
    };
    let id = world.hub.create_draft(alice, draft).await.unwrap().id;
    world.pass(1_000);
    world.hub.submit(alice, id, None).await.unwrap().conversation
}

async fn places(world: &World, alice: &Access) -> [usize; 3] {
    let mut counts = [0; 3];
    for (count, place) in counts.iter_mut().zip([Place::Inbox, Place::NewSenders, Place::Bin]) {
        *count = world.list(alice, place).await.len();
    }
    counts
}

#[tokio::test]
async fn nobody_waits_before_the_user_wrote_to_somebody_and_who_wrote_before_is_known() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    world.deliver(&[ALICE], &mail("early@example.net")).await;
    let screener = world.hub.screener(&alice).await.unwrap();
    assert_eq!((screener.is_on, screener.has_begun), (true, false));
    write(&world, &alice, "bo@example.net").await;
    assert!(world.hub.screener(&alice).await.unwrap().has_begun);
    world.deliver(&[ALICE], &mail("early@example.net")).await;
    world.deliver(&[ALICE], &mail("bo@example.net")).await;
    world.deliver(&[ALICE], &mail("late@example.net")).await;
    assert_eq!(places(&world, &alice).await, [2, 1, 0]);
    world.assert_sound().await;
}

#[tokio::test]
async fn who_is_accepted_reaches_the_inbox_and_can_be_asked_about_again() {
    let (world, alice) = begun().await;
    world.deliver(&[ALICE], &mail("late@example.net")).await;
    world.deliver(&[ALICE], &format!("From: late@example.net\nTo: {ALICE}, x@y.net\n\nText.")).await;
    let waiting = world.list(&alice, Place::NewSenders).await;
    assert_eq!(waiting.len(), 2);
    let accept = Some(Admission::Accepted);
    let moved = world.hub.decide(&alice, waiting[0].id, Scope::Person, accept).await.unwrap();
    assert_eq!((moved.len(), places(&world, &alice).await), (2, [3, 0, 0]));
    world.deliver(&[ALICE], &mail("late@example.net")).await;
    assert_eq!(places(&world, &alice).await, [3, 0, 0]);
    assert!(world.hub.decide(&alice, waiting[0].id, Scope::Person, None).await.unwrap().is_empty());
    let back = ConversationPatch { place: Some(Place::NewSenders), ..Default::default() };
    for id in moved {
        world.hub.update_conversation(&alice, id, &back).await.unwrap();
    }
    world.deliver(&[ALICE], &mail("late@example.net")).await;
    assert_eq!(places(&world, &alice).await, [1, 2, 0]);
    world.assert_sound().await;
}

#[tokio::test]
async fn a_person_is_let_in_with_all_their_addresses() {
    let (world, alice) = begun().await;
    for address in ["late@example.net", "late@home.test"] {
        world.deliver(&[ALICE], &mail(address)).await;
    }
    let waiting = world.list(&alice, Place::NewSenders).await;
    let people: Vec<_> = waiting.iter().map(|one| one.people[0].contact.unwrap()).collect();
    world.hub.merge_contacts(&alice, people[0], people[1]).await.unwrap();
    let only = world.list(&alice, Place::NewSenders).await.remove(0);
    let moved = world.hub.decide(&alice, only.id, Scope::Person, Some(Admission::Accepted)).await.unwrap();
    assert_eq!(moved, [only.id]);
    world.deliver(&[ALICE], &mail("late@home.test")).await;
    assert_eq!(places(&world, &alice).await, [2, 0, 0]);
    world.assert_sound().await;
}

#[tokio::test]
async fn who_is_refused_goes_to_the_bin_now_and_later() {
    let (world, alice) = begun().await;
    world.deliver(&[ALICE], &mail("late@example.net")).await;
    let id = world.list(&alice, Place::NewSenders).await[0].id;
    world.hub.decide(&alice, id, Scope::Person, Some(Admission::Refused)).await.unwrap();
    world.deliver(&[ALICE], &mail("late@example.net")).await;
    assert_eq!(places(&world, &alice).await, [1, 0, 1]);
    let contact = world.list(&alice, Place::Bin).await[0].people[0].contact.unwrap();
    let card = world.hub.contact_cards(&alice, &[contact]).await.unwrap().remove(0).unwrap();
    assert!(card.ways.iter().all(|way| way.blocked));
    world
        .hub
        .update_contact(&alice, contact, &ContactPatch { blocked: Some(false), ..Default::default() })
        .await
        .unwrap();
    world.deliver(&[ALICE], &mail("late@example.net")).await;
    assert_eq!(places(&world, &alice).await, [2, 0, 0]);
    world.assert_sound().await;
}

#[tokio::test]
async fn a_domain_is_decided_about_as_a_whole_but_for_whom_the_user_knows() {
    let (world, alice) = begun().await;
    for from in ["one@shop.example.com", "two@mail.example.com", "three@elsewhere.com"] {
        world.deliver(&[ALICE], &mail(from)).await;
    }
    let one = world.list(&alice, Place::NewSenders).await.remove(2);
    assert_eq!(one.people[0].handle.address(), "one@shop.example.com");
    let moved = world.hub.decide(&alice, one.id, Scope::Domain, Some(Admission::Refused)).await.unwrap();
    assert_eq!(moved.len(), 2, "subdomains are of the same organisation");
    world.deliver(&[ALICE], &mail("four@example.com")).await;
    assert_eq!(places(&world, &alice).await, [1, 1, 3]);
    write(&world, &alice, "friend@example.com").await;
    world.deliver(&[ALICE], &mail("friend@example.com")).await;
    assert_eq!(places(&world, &alice).await, [2, 1, 3]);
    let decisions = world.hub.decisions(&alice).await.unwrap();
    assert_eq!((decisions.len(), decisions[0].name.as_str()), (1, "example.com"));
    assert!(world.hub.forget_decision(&alice, decisions[0].id).await.unwrap());
    world.deliver(&[ALICE], &mail("five@example.com")).await;
    assert_eq!(places(&world, &alice).await, [2, 2, 3]);
    world.assert_sound().await;
}

#[tokio::test]
async fn a_list_is_decided_about_by_itself_whoever_writes_to_it() {
    let (world, alice) = begun().await;
    let post =
        |from: &str| format!("From: {from}\nTo: {ALICE}\nList: garden.example.net\nSubject: Post\n\nText.");
    world.deliver(&[ALICE], &post("one@example.net")).await;
    let id = world.list(&alice, Place::NewSenders).await[0].id;
    world.hub.decide(&alice, id, Scope::Sender, Some(Admission::Refused)).await.unwrap();
    // Also once its conversation was purged.
    world.pass(31 * 24 * 60 * 60 * 1000);
    assert_eq!(world.hub.purge_bins().await.unwrap(), 1);
    world.deliver(&[ALICE], &post("two@example.org")).await;
    assert_eq!(places(&world, &alice).await, [1, 0, 1]);
    world.hub.decide(&alice, id, Scope::Sender, Some(Admission::Accepted)).await.unwrap();
    world.deliver(&[ALICE], &post("three@example.org")).await;
    assert_eq!(places(&world, &alice).await, [2, 0, 0]);
    world.assert_sound().await;
}

#[tokio::test]
async fn who_answers_the_users_own_message_from_another_address_is_expected() {
    let (world, alice) = begun().await;
    let sent = world.post.carried.lock().unwrap().len();
    assert_eq!(sent, 0, "the queue does not run here");
    let conversation = world.list(&alice, Place::Inbox).await.remove(0);
    let message = world.messages(&alice, &conversation).await.remove(0);
    let raw = world.hub.raw(&alice, message.blob).await.unwrap().unwrap();
    let raw = String::from_utf8(raw.to_vec()).unwrap();
    let own = raw.lines().find_map(|line| line.strip_prefix("Id: ")).unwrap().to_owned();
    world.deliver(&[ALICE], &format!("From: sales@other.net\nTo: {ALICE}\nRefs: {own}\n\nText.")).await;
    world
        .deliver(&[ALICE], &format!("From: spam@other.net\nTo: {ALICE}\nRefs: made-up@other.net\n\nText."))
        .await;
    assert_eq!(places(&world, &alice).await, [2, 1, 0]);
}

#[tokio::test]
async fn turned_off_those_who_wait_stand_in_the_inbox() {
    let (world, alice) = begun().await;
    world.deliver(&[ALICE], &mail("late@example.net")).await;
    world.hub.set_screener(&alice, false).await.unwrap();
    world.deliver(&[ALICE], &mail("later@example.net")).await;
    assert_eq!(places(&world, &alice).await, [3, 0, 0]);
    assert!(!world.hub.screener(&alice).await.unwrap().is_on);
    world.hub.set_screener(&alice, true).await.unwrap();
    world.deliver(&[ALICE], &mail("last@example.net")).await;
    assert_eq!(places(&world, &alice).await, [3, 1, 0]);
    world.assert_sound().await;
}

#[tokio::test]
async fn writing_to_somebody_who_waits_lets_them_in() {
    let (world, alice) = begun().await;
    world.deliver(&[ALICE], &mail("late@example.net")).await;
    write(&world, &alice, "late@example.net").await;
    assert_eq!(places(&world, &alice).await, [2, 0, 0]);
}
