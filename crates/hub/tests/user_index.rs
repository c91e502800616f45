//! The index of the user: what they sent to people, how those can be reached, their accounts and their devices.

use crate::support;
use caliopen_connect::{ExpectedChannel, ExpectedHost, Outlook, ServiceFacts};
use caliopen_hub::{Access, ObjectType, Subject, UserPrivacy};
use caliopen_model::{ContactId, Draft, Handle, HopProof, Participant, Place, Protocol, UserEvidence};
use caliopen_privacy::user;
use support::World;

const ALICE: &str = "alice@example.org";
const BOB: &str = "bob@example.org";
const BO: &str = "bo@x.net";
const DAY: i64 = 24 * 60 * 60 * 1_000;

async fn world() -> (World, Access) {
    let world = World::new().await;
    world.add(BOB).await;
    let alice = world.sign_in(ALICE).await;
    (world, alice)
}

async fn draft(world: &World, from: &Access, to: &[&str]) -> Draft {
    let person =
        |address: &&str| Participant { name: None, handle: Handle::literal(Protocol::Email, *address) };
    let identity = world.hub.identities(from).await.expect("reads").remove(0).id;
    support::draft(identity, to.iter().map(person).collect())
}

async fn send_draft(world: &World, from: &Access, draft: Draft) {
    let id = world.hub.create_draft(from, draft).await.expect("is kept").id;
    world.hub.submit(from, id, None).await.expect("is accepted");
    world.work().await;
}

async fn send(world: &World, from: &Access, to: &[&str]) {
    send_draft(world, from, draft(world, from, to).await).await;
}

async fn privacy(world: &World, access: &Access) -> UserPrivacy {
    world.hub.user_privacy(access).await.expect("reads")
}

async fn score(world: &World, access: &Access) -> u8 {
    user::score(&privacy(world, access).await.evidence).score()
}

/// Messages that count, and people.
async fn sent(world: &World, access: &Access) -> (u32, u32) {
    let evidence = privacy(world, access).await.evidence;
    let messages = evidence.iter().map(|fact| match fact {
        UserEvidence::Sent { messages, .. } => *messages,
        _ => 0,
    });
    let people = evidence.iter().map(|fact| match fact {
        UserEvidence::People { count, .. } => *count,
        _ => 0,
    });
    (messages.sum(), people.sum())
}

async fn state(world: &World, access: &Access) -> u64 {
    world.hub.states(access).await.expect("reads").of(ObjectType::UserPrivacy).0
}

#[tokio::test]
async fn a_newcomer_is_worth_their_account_and_device_alone_and_it_says_so() {
    let (world, alice) = world().await;
    let found = privacy(&world, &alice).await;
    let assessed = user::assess(&found.evidence);
    assert!(assessed.explained.index.approximate() && assessed.others.is_none());
    assert_eq!(assessed.summary, user::Summary::LittleKnown);
    assert!(found.subjects.iter().any(|subject| matches!(subject, Subject::Account(_))));
    assert!(found.subjects.contains(&Subject::Session(alice.session())));
    assert_eq!(found.subjects.len(), found.evidence.len());
}

#[tokio::test(start_paused = true)]
async fn the_index_follows_a_message_once_it_arrived() {
    let (world, alice) = world().await;
    let (before, at_first) = (score(&world, &alice).await, state(&world, &alice).await);
    send(&world, &alice, &[BOB]).await;
    assert_eq!(sent(&world, &alice).await, (1, 1));
    assert!(state(&world, &alice).await > at_first, "whoever shows it is told");
    assert!(score(&world, &alice).await > before);
    send(&world, &alice, &[BOB, BO]).await;
    assert_eq!(sent(&world, &alice).await, (3, 2), "a message to two people is one to each");
    world.assert_sound().await;
}

#[tokio::test(start_paused = true)]
async fn a_message_that_does_not_arrive_does_not_count() {
    let (world, alice) = world().await;
    send(&world, &alice, &["nobody@example.org"]).await;
    assert_eq!(sent(&world, &alice).await, (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_note_to_oneself_does_not_count() {
    let (world, alice) = world().await;
    send(&world, &alice, &[ALICE]).await;
    assert_eq!(sent(&world, &alice).await, (0, 0));
}

#[tokio::test(start_paused = true)]
async fn twenty_messages_to_one_person_count_and_more_do_not() {
    let (world, alice) = world().await;
    for _ in 0..23 {
        send(&world, &alice, &[BOB]).await;
    }
    assert_eq!(sent(&world, &alice).await, (20, 1));
    world.pass(31 * DAY);
    send(&world, &alice, &[BOB]).await;
    assert_eq!(sent(&world, &alice).await, (1, 1), "thirty days later it begins anew");
}

#[tokio::test(start_paused = true)]
async fn what_goes_to_a_list_does_not_count() {
    const LIST: &str = "list@choir.example";
    let (world, alice) = world().await;
    let mail = format!("From: {BO}\nTo: {LIST}\nId: 1\nList: choir.example\n\nHello");
    world.deliver(&[ALICE], &mail).await;
    let conversation = world.list(&alice, Place::Inbox).await.remove(0);
    let answers = Some(world.messages(&alice, &conversation).await.remove(0).id);
    let answer =
        Draft { conversation: Some(conversation.id), answers, ..draft(&world, &alice, &[LIST]).await };
    send_draft(&world, &alice, answer).await;
    assert_eq!(world.post.carried.lock().unwrap().len(), 1);
    assert_eq!(sent(&world, &alice).await, (0, 0));
}

#[tokio::test(start_paused = true)]
async fn deleting_mail_and_contacts_never_raises_it() {
    let (world, alice) = world().await;
    send(&world, &alice, &[BOB]).await;
    send(&world, &alice, &[BO]).await;
    let before = score(&world, &alice).await;
    for conversation in world.list(&alice, Place::Inbox).await {
        for message in world.messages(&alice, &conversation).await {
            assert!(world.hub.destroy_message(&alice, message.id).await.expect("is removed"));
        }
    }
    assert_eq!(score(&world, &alice).await, before);
    let contacts: Vec<ContactId> = world.hub.contact_page(&alice, 0, 500).await.expect("lists").ids;
    assert_eq!(contacts.len(), 2);
    for contact in contacts {
        assert!(world.hub.destroy_contact(&alice, contact).await.expect("is deleted"));
    }
    assert_eq!(score(&world, &alice).await, before);
    world.assert_sound().await;
}

#[tokio::test(start_paused = true)]
async fn a_contact_who_can_be_reached_otherwise_changes_it() {
    let (world, alice) = world().await;
    send(&world, &alice, &[BO]).await;
    let people = |found: &UserPrivacy| {
        let index = |fact: &UserEvidence| match fact {
            UserEvidence::People { index, .. } => Some(*index),
            _ => None,
        };
        found.evidence.iter().filter_map(index).collect::<Vec<u8>>()
    };
    let before = people(&privacy(&world, &alice).await);
    let hosts = vec![ExpectedHost {
        host: "mx.x.net".to_owned(),
        channel: ExpectedChannel::Proven(HopProof::Dane),
        is_on_trial: false,
    }];
    let service = ServiceFacts { domain: "x.net".to_owned(), ..ServiceFacts::default() };
    *world.post.outlook.lock().unwrap() = Some(Outlook { complete: true, hosts, service, trouble: None });
    let at_first = state(&world, &alice).await;
    world.hub.outlooks(&alice, &[Handle::literal(Protocol::Email, BO)]).await.expect("answers");
    let after = people(&privacy(&world, &alice).await);
    assert_eq!((before.len(), after.len()), (1, 1), "they are one person before and after");
    assert!(after > before);
    assert!(state(&world, &alice).await > at_first);
}

#[tokio::test(start_paused = true)]
async fn a_day_has_one_entry_in_its_history_and_a_quiet_day_none() {
    let (world, alice) = world().await;
    privacy(&world, &alice).await;
    send(&world, &alice, &[BOB]).await;
    privacy(&world, &alice).await;
    world.pass(2 * DAY);
    assert_eq!(privacy(&world, &alice).await.history.len(), 1);
    world.pass(29 * DAY);
    let history = privacy(&world, &alice).await.history;
    assert_eq!(history.len(), 2, "what was sent counts no more");
    assert!(history[0].index.map(|index| index.score()) > history[1].index.map(|index| index.score()));
    assert_eq!(history[1].day.unix_ms() - history[0].day.unix_ms(), 31 * DAY);
}

#[tokio::test]
async fn a_device_that_signs_in_is_one_and_one_that_was_not_used_for_a_month_is_none() {
    let (world, alice) = world().await;
    let at_first = state(&world, &alice).await;
    let second = world.sign_in(ALICE).await;
    assert!(state(&world, &alice).await > at_first);
    let devices = |found: UserPrivacy| {
        found.subjects.iter().filter(|subject| matches!(subject, Subject::Session(_))).count()
    };
    assert_eq!(devices(privacy(&world, &second).await), 2);
    world.pass(31 * DAY);
    assert_eq!(devices(privacy(&world, &second).await), 0);
}
