//! Two contacts that are one person: their conversations are one, and as they were once the two are apart again
//! (conversations.md, invariants).

use crate::support;
use caliopen_hub::{
    Access, ContactError, ContactPatch, ContactView, ConversationFilter, ConversationPatch, ConversationView,
    Target,
};
use caliopen_model::{ContactId, ConversationKind, Handle, LabelColour, MessageId, Place};
use proptest::prelude::*;
use std::collections::BTreeSet;
use support::World;

const ALICE: &str = "alice@example.org";

async fn mail(world: &World, id: usize, from: &str, also: &[&str]) {
    let also: String = also.iter().map(|address| format!(", {address}")).collect();
    world
        .deliver(&[ALICE], &format!("From: {from}\nTo: {ALICE}{also}\nId: {id}@x\nSubject: {id}\n\nText."))
        .await;
}

async fn everybody(world: &World, alice: &Access) -> Vec<ContactView> {
    let ids = world.hub.contact_page(alice, 0, 500).await.unwrap().ids;
    world.hub.contact_cards(alice, &ids).await.unwrap().into_iter().map(Option::unwrap).collect()
}

async fn who(world: &World, alice: &Access, address: &str) -> ContactId {
    let all = everybody(world, alice).await;
    let handle = Handle::parse(&format!("email:{address}")).unwrap();
    all.iter().find(|view| view.contact.handles.contains(&handle)).unwrap().contact.id
}

/// Two contacts who each wrote once, and are one person.
async fn two_of_one(world: &World, alice: &Access) -> (ContactId, ContactId) {
    mail(world, 1, "a@x.net", &[]).await;
    mail(world, 2, "a@y.net", &[]).await;
    (who(world, alice, "a@x.net").await, who(world, alice, "a@y.net").await)
}

/// Everything that a person sees: conversations in all places with their messages, and contacts.
type Picture = (Vec<(ConversationView, Vec<MessageId>)>, Vec<ContactView>);

async fn picture(world: &World, alice: &Access) -> Picture {
    let mut seen = Vec::new();
    for place in [Place::Inbox, Place::Archive, Place::Bin] {
        for conversation in world.list(alice, place).await {
            let messages = world.messages(alice, &conversation).await;
            assert!(messages.iter().all(|message| message.conversation == conversation.id));
            seen.push((conversation, messages.iter().map(|message| message.id).collect()));
        }
    }
    world.assert_sound().await;
    (seen, everybody(world, alice).await)
}

#[tokio::test]
async fn the_direct_conversations_of_two_contacts_become_one_and_are_two_again() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    mail(&world, 1, "Ana <a@x.net>", &[]).await;
    mail(&world, 2, "A. M. <a@y.net>", &[]).await;
    mail(&world, 3, "a@x.net", &[]).await;
    let (ana, other) = (who(&world, &alice, "a@x.net").await, who(&world, &alice, "a@y.net").await);
    let before = picture(&world, &alice).await;
    world.hub.merge_contacts(&alice, ana, other).await.unwrap();
    let list = world.list(&alice, Place::Inbox).await;
    assert_eq!((list.len(), list[0].message_count, list[0].unread_count), (1, 3, 3));
    let subjects: Vec<_> =
        world.messages(&alice, &list[0]).await.into_iter().map(|message| message.subject.unwrap()).collect();
    assert_eq!(subjects, ["1", "2", "3"], "by the time when they came, whatever the address");
    assert_eq!(everybody(&world, &alice).await.len(), 1);
    world.assert_sound().await;
    world.hub.split_contact(&alice, ana, other).await.unwrap();
    assert_eq!(picture(&world, &alice).await, before);
}

#[tokio::test]
async fn what_comes_while_they_are_one_goes_with_its_address_when_they_are_apart() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let (ana, other) = two_of_one(&world, &alice).await;
    world.hub.merge_contacts(&alice, ana, other).await.unwrap();
    mail(&world, 3, "a@y.net", &[]).await;
    mail(&world, 4, "b@x.net", &["a@x.net"]).await;
    mail(&world, 5, "b@x.net", &["a@y.net"]).await;
    mail(&world, 6, "a@x.net", &["a@y.net"]).await;
    let list = world.list(&alice, Place::Inbox).await;
    let kinds: Vec<_> = list.iter().map(|found| (found.kind, found.message_count)).collect();
    assert_eq!(kinds, [(ConversationKind::Direct, 4), (ConversationKind::Group, 2)]);
    assert!(list[0].people.iter().all(|person| person.contact == Some(ana)));
    world.assert_sound().await;
    world.hub.split_contact(&alice, ana, other).await.unwrap();
    let counts: Vec<_> = world
        .list(&alice, Place::Inbox)
        .await
        .iter()
        .map(|found| (found.kind, found.message_count))
        .collect();
    let (direct, group) = (ConversationKind::Direct, ConversationKind::Group);
    assert_eq!(counts, [(group, 1), (group, 1), (group, 1), (direct, 2), (direct, 1)]);
    world.assert_sound().await;
}

#[tokio::test]
async fn what_is_done_to_a_conversation_of_two_is_done_to_both() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let (ana, other) = two_of_one(&world, &alice).await;
    world.hub.merge_contacts(&alice, ana, other).await.unwrap();
    let only = world.list(&alice, Place::Inbox).await.remove(0);
    let patch = ConversationPatch { place: Some(Place::Archive), unread: Some(false), ..Default::default() };
    assert!(world.hub.update_conversation(&alice, only.id, &patch).await.unwrap());
    let only = world.list(&alice, Place::Archive).await.remove(0);
    assert_eq!((only.message_count, only.unread_count), (2, 0));
    let unread = ConversationPatch { unread: Some(true), ..Default::default() };
    world.hub.update_conversation(&alice, only.id, &unread).await.unwrap();
    assert_eq!(world.list(&alice, Place::Archive).await[0].unread_count, 1);
    world.assert_sound().await;
    mail(&world, 3, "a@x.net", &[]).await;
    assert_eq!(world.list(&alice, Place::Inbox).await[0].message_count, 3, "a new message brings it back");
    for message in world.messages(&alice, &only).await {
        assert!(world.hub.destroy_message(&alice, message.id).await.unwrap());
        world.assert_sound().await;
    }
    assert_eq!(world.list(&alice, Place::Inbox).await, []);
    mail(&world, 4, "a@y.net", &[]).await;
    assert_eq!(world.list(&alice, Place::Inbox).await.len(), 1);
    world.assert_sound().await;
}

#[tokio::test]
async fn a_bin_of_two_is_emptied_as_one() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let (ana, other) = two_of_one(&world, &alice).await;
    world.hub.merge_contacts(&alice, ana, other).await.unwrap();
    let only = world.list(&alice, Place::Inbox).await.remove(0);
    let bin = ConversationPatch { place: Some(Place::Bin), ..Default::default() };
    world.hub.update_conversation(&alice, only.id, &bin).await.unwrap();
    world.pass(31 * 24 * 60 * 60 * 1000);
    assert_eq!(world.hub.purge_bin(alice.account()).await.unwrap(), 1);
    assert_eq!(world.list(&alice, Place::Bin).await, []);
    world.assert_sound().await;
}

#[tokio::test]
async fn a_deed_is_done_to_all_that_a_person_wrote_and_undone_as_one() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let (ana, other) = two_of_one(&world, &alice).await;
    world.hub.merge_contacts(&alice, ana, other).await.unwrap();
    let label = world.hub.create_label(&alice, "Choir", LabelColour::Teal).await.unwrap();
    let patch =
        ConversationPatch { pinned: Some(true), labels: vec![(label, true)], ..ConversationPatch::default() };
    let only = world.list(&alice, Place::Inbox).await.remove(0);
    world.hub.update_conversation(&alice, only.id, &patch).await.unwrap();
    let before = picture(&world, &alice).await;
    assert_eq!(
        (before.0.len(), before.0[0].0.pinned, before.0[0].0.labels.as_slice()),
        (1, true, &[label][..])
    );
    let labels = world.hub.labels(&alice).await.unwrap();
    assert_eq!((labels[0].conversations, labels[0].unread), (1, 1), "one conversation counts once");

    let target = Target::All(ConversationFilter::of(Place::Inbox));
    let archive = ConversationPatch {
        place: Some(Place::Archive),
        unread: Some(false),
        ..ConversationPatch::default()
    };
    let done = world.hub.change_many(&alice, &target, &archive).await.unwrap();
    assert_eq!((done.changed, done.finished), (1, true));
    let archived = world.list(&alice, Place::Archive).await;
    assert_eq!((archived.len(), archived[0].unread_count), (1, 0));
    world.assert_sound().await;
    world.hub.undo_many(&alice, done.operation).await.unwrap();
    assert_eq!(picture(&world, &alice).await, before);

    let until = world.now().plus_ms(60_000);
    let snooze = ConversationPatch { snoozed_until: Some(until), ..ConversationPatch::default() };
    world.hub.update_conversation(&alice, only.id, &snooze).await.unwrap();
    assert_eq!(world.list(&alice, Place::Snoozed).await.len(), 1);
    world.pass(61_000);
    world.hub.bring_back().await.unwrap();
    assert_eq!(world.list(&alice, Place::Snoozed).await, []);
    assert!(world.list(&alice, Place::Inbox).await[0].returned);
    assert!(world.hub.destroy_label(&alice, label).await.unwrap());
    world.assert_sound().await;
}

#[tokio::test]
async fn trust_does_not_flow_along_a_link() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let (ana, other) = two_of_one(&world, &alice).await;
    let named = ContactPatch { name: Some(Some("Ana".to_owned())), ..ContactPatch::default() };
    world.hub.update_contact(&alice, ana, &named).await.unwrap();
    let blocked = ContactPatch { blocked: Some(true), ..ContactPatch::default() };
    world.hub.update_contact(&alice, other, &blocked).await.unwrap();
    world.hub.merge_contacts(&alice, ana, other).await.unwrap();
    let view = everybody(&world, &alice).await.remove(0);
    let known: Vec<_> = view.ways.iter().map(|way| (way.blocked, way.linked.is_some())).collect();
    assert_eq!(known, [(false, false), (true, true)]);
    assert!(!view.is_blocked());
    world.hub.update_contact(&alice, ana, &named).await.unwrap();
    mail(&world, 3, "a@y.net", &[]).await;
    let list = world.list(&alice, Place::Inbox).await;
    assert_eq!(list[0].unread_count, 2, "what a blocked address writes is read by nobody: {list:?}");
    assert_eq!(list[0].people[0].name, "Ana");
}

#[tokio::test]
async fn editing_the_whole_leaves_the_part_as_it_was() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    mail(&world, 1, "Ana <a@x.net>", &[]).await;
    mail(&world, 2, "A. M. <a@y.net>", &[]).await;
    let (ana, other) = (who(&world, &alice, "a@x.net").await, who(&world, &alice, "a@y.net").await);
    let note = |text: &str| ContactPatch { note: Some(Some(text.to_owned())), ..ContactPatch::default() };
    world.hub.update_contact(&alice, ana, &note("one")).await.unwrap();
    world.hub.update_contact(&alice, other, &note("two")).await.unwrap();
    world.hub.merge_contacts(&alice, ana, other).await.unwrap();
    assert_eq!(everybody(&world, &alice).await[0].contact.note.as_deref(), Some("one\n\ntwo"));
    world.hub.update_contact(&alice, ana, &note("three")).await.unwrap();
    assert_eq!(everybody(&world, &alice).await[0].contact.note.as_deref(), Some("three"));
    world.hub.split_contact(&alice, ana, other).await.unwrap();
    let notes: Vec<_> = everybody(&world, &alice).await.into_iter().map(|view| view.contact.note).collect();
    assert_eq!(notes, [Some("three".to_owned()), Some("two".to_owned())]);
}

#[tokio::test]
async fn an_address_that_is_typed_brings_the_person_that_mail_suggested() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    mail(&world, 1, "a@x.net", &[]).await;
    mail(&world, 2, "a@y.net", &[]).await;
    let handles = |all: &[&str]| {
        let all = all.iter().map(|address| Handle::parse(&format!("email:{address}")).unwrap());
        ContactPatch { handles: Some(all.collect()), ..ContactPatch::default() }
    };
    let before = picture(&world, &alice).await.0;
    let named =
        ContactPatch { name: Some(Some("Ana".to_owned())), ..handles(&["a@x.net", "a@y.net", "a@z.net"]) };
    let ana = world.hub.create_contact(&alice, &named).await.unwrap();
    assert_eq!(world.list(&alice, Place::Inbox).await.len(), 1);
    assert_eq!(everybody(&world, &alice).await.len(), 1);
    world.hub.update_contact(&alice, ana, &handles(&["a@z.net"])).await.unwrap();
    assert_eq!(picture(&world, &alice).await.0, before);
    assert_eq!(everybody(&world, &alice).await.len(), 3);
}

#[tokio::test]
async fn a_card_with_two_addresses_says_that_they_are_one_person() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    mail(&world, 1, "a@x.net", &[]).await;
    mail(&world, 2, "a@y.net", &[]).await;
    let book = "BEGIN:VCARD\nVERSION:4.0\nFN:Ana\nEMAIL:a@x.net\nEMAIL:a@y.net\nEND:VCARD\n";
    assert_eq!(world.hub.import_vcards(&alice, book.as_bytes()).await.unwrap().updated, 1);
    assert_eq!(world.list(&alice, Place::Inbox).await.len(), 1);
    let ana = everybody(&world, &alice).await.remove(0);
    let (linked, _) = ana.ways[1].linked.unwrap();
    assert_eq!(world.hub.import_vcards(&alice, book.as_bytes()).await.unwrap().unchanged, 1);
    world.hub.split_contact(&alice, ana.contact.id, linked).await.unwrap();
    assert_eq!(world.list(&alice, Place::Inbox).await.len(), 2);
    world.assert_sound().await;
}

#[tokio::test]
async fn one_cannot_be_put_into_itself_or_into_nobody() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    mail(&world, 1, "a@x.net", &[]).await;
    let (ana, nobody) = (who(&world, &alice, "a@x.net").await, ContactId::from_bytes([9; 16]));
    for (into, other) in [(ana, ana), (ana, nobody), (nobody, ana)] {
        let refused = world.hub.merge_contacts(&alice, into, other).await;
        assert!(matches!(refused, Err(ContactError::NotFound)));
        assert!(matches!(world.hub.split_contact(&alice, into, other).await, Err(ContactError::NotFound)));
    }
    assert_eq!(everybody(&world, &alice).await.len(), 1);
}

/// One thing that happens: a message from one of five addresses to some of the others, or two contacts put together or
/// apart.
#[derive(Debug, Clone)]
enum Event {
    Mail(u8, Vec<u8>),
    Merge(u8, u8),
    Split(u8),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        4 => (0u8..5, prop::collection::vec(0u8..5, 0..3)).prop_map(|(from, also)| Event::Mail(from, also)),
        2 => (0u8..5, 0u8..5).prop_map(|(one, other)| Event::Merge(one, other)),
        1 => (0u8..5).prop_map(Event::Split),
    ];
    prop::collection::vec(event, 1..14)
}

fn address(person: u8) -> String {
    format!("p{person}@x.net")
}

async fn known(world: &World, alice: &Access, person: u8) -> Option<ContactView> {
    let handle = Handle::parse(&format!("email:{}", address(person))).unwrap();
    everybody(world, alice).await.into_iter().find(|view| view.contact.handles.contains(&handle))
}

async fn happen(world: &World, alice: &Access, id: usize, event: &Event) {
    match event {
        Event::Mail(from, also) => {
            let also: Vec<String> = also.iter().map(|person| address(*person)).collect();
            let also: Vec<&str> = also.iter().map(String::as_str).collect();
            mail(world, id, &address(*from), &also).await;
        }
        Event::Merge(one, other) => {
            let (one, other) = (known(world, alice, *one).await, known(world, alice, *other).await);
            if let (Some(one), Some(other)) = (one, other)
                && one.contact.id != other.contact.id
            {
                world.hub.merge_contacts(alice, one.contact.id, other.contact.id).await.unwrap();
            }
        }
        Event::Split(person) => {
            let Some(view) = known(world, alice, *person).await else { return };
            if let Some((linked, _)) = view.ways.iter().find_map(|way| way.linked) {
                world.hub.split_contact(alice, view.contact.id, linked).await.unwrap();
            }
        }
    }
}

/// Conversations by their people's contacts and the subjects of their messages: no id, no time.
type Groups = BTreeSet<(String, BTreeSet<String>)>;

async fn groups(world: &World, alice: &Access) -> Groups {
    let mut groups = Groups::new();
    let mut stored = 0;
    for conversation in world.list(alice, Place::Inbox).await {
        let messages = world.messages(alice, &conversation).await;
        stored += messages.len();
        let subjects = messages.iter().map(|message| message.subject.clone().unwrap()).collect();
        groups.insert((format!("{:?}", conversation.kind), subjects));
    }
    assert_eq!(stored, groups.iter().map(|(_, subjects)| subjects.len()).sum::<usize>());
    groups
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn together_and_apart_again_is_as_if_nothing_had_been(events in events(), one in 0u8..5, other in 0u8..5) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let world = World::new().await;
            let alice = world.sign_in(ALICE).await;
            for (id, event) in events.iter().enumerate() {
                happen(&world, &alice, id, event).await;
            }
            let before = picture(&world, &alice).await;
            let (one, other) = (known(&world, &alice, one).await, known(&world, &alice, other).await);
            if let (Some(one), Some(other)) = (one, other) && one.contact.id != other.contact.id {
                let (one, other) = (one.contact.id, other.contact.id);
                world.hub.merge_contacts(&alice, one, other).await.unwrap();
                world.assert_sound().await;
                world.hub.split_contact(&alice, one, other).await.unwrap();
            }
            assert_eq!(picture(&world, &alice).await, before);
        });
    }

    #[test]
    fn whether_mail_comes_before_or_after_a_merge_changes_nothing(events in events()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mails: Vec<(usize, &Event)> =
            events.iter().enumerate().filter(|(_, event)| matches!(event, Event::Mail(..))).collect();
        let merges: Vec<(usize, &Event)> =
            events.iter().enumerate().filter(|(_, event)| matches!(event, Event::Merge(..))).collect();
        let (after, before) = runtime.block_on(async {
            let (first, second) = (World::new().await, World::new().await);
            let (alice, again) = (first.sign_in(ALICE).await, second.sign_in(ALICE).await);
            // Everybody is known in both.
            for (world, number) in [(&first, 100), (&second, 100)] {
                for person in 0..5 {
                    mail(world, number + usize::from(person), &address(person), &[]).await;
                }
            }
            for (id, event) in mails.iter().chain(&merges) {
                happen(&first, &alice, *id, event).await;
            }
            for (id, event) in merges.iter().chain(&mails) {
                happen(&second, &again, *id, event).await;
            }
            first.assert_sound().await;
            second.assert_sound().await;
            (groups(&first, &alice).await, groups(&second, &again).await)
        });
        prop_assert_eq!(after, before);
    }
}
