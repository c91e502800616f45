//! What becomes of a message that arrives, in product words.

use crate::support;
use caliopen_connect::{DeliveryVerdict, Inbox, RecipientVerdict};
use caliopen_hub::{ContactPatch, ConversationPatch};
use caliopen_model::{ConversationKind, Handle, Place, Protocol};
use support::World;

const HELLO: &str =
    "From: Bob <bob@example.net>\nTo: alice@example.org\nId: 1@b\nSubject: Hello\n\nA first word.";

#[tokio::test]
async fn a_message_becomes_a_conversation_with_its_author() {
    let world = World::new().await;
    assert_eq!(world.deliver(&["alice@example.org"], HELLO).await, [DeliveryVerdict::Stored]);
    let alice = world.sign_in("alice@example.org").await;
    let list = world.list(&alice, Place::Inbox).await;
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].kind, ConversationKind::Direct);
    assert_eq!(list[0].people.iter().map(|person| person.name.as_str()).collect::<Vec<_>>(), ["Bob"]);
    assert_eq!(list[0].subject.as_deref(), Some("Hello"));
    assert_eq!((list[0].message_count, list[0].unread_count), (1, 1));
    let messages = world.messages(&alice, &list[0]).await;
    let raw = world.hub.raw(&alice, messages[0].blob).await.unwrap().unwrap();
    assert_eq!(raw, HELLO.as_bytes(), "the message is kept bit for bit");
    world.assert_sound().await;
}

#[tokio::test]
async fn only_people_of_this_host_are_recipients() {
    let world = World::new().await;
    let verdict = async |address: &str| world.hub.accepts(&Handle::literal(Protocol::Email, address)).await;
    assert_eq!(verdict("Alice@Example.ORG").await, RecipientVerdict::Accepted);
    assert_eq!(verdict("alice+shop@example.org").await, RecipientVerdict::Accepted);
    assert_eq!(verdict("postmaster@example.org").await, RecipientVerdict::Accepted, "RFC 5321 §4.5.1");
    assert_eq!(verdict("nobody@example.org").await, RecipientVerdict::NoSuchUser);
    assert_eq!(verdict("bob@example.net").await, RecipientVerdict::NotLocal);
}

#[tokio::test]
async fn each_recipient_gets_the_message_once_and_has_a_verdict() {
    let world = World::new().await;
    world.add("carol@example.org").await;
    let recipients = ["alice@example.org", "nobody@example.org", "alice+x@example.org", "carol@example.org"];
    let verdicts = world.deliver(&recipients, HELLO).await;
    let (stored, unknown) = (DeliveryVerdict::Stored, DeliveryVerdict::NoSuchUser);
    assert_eq!(verdicts, [stored, unknown, stored, stored]);
    for address in ["alice@example.org", "carol@example.org"] {
        let access = world.sign_in(address).await;
        let list = world.list(&access, Place::Inbox).await;
        assert_eq!((list.len(), list[0].message_count), (1, 1));
    }
    world.assert_sound().await;
}

#[tokio::test]
async fn a_private_reply_to_a_group_is_not_shown_in_the_group() {
    let world = World::new().await;
    let group = "From: bob@example.net\nTo: alice@example.org, dora@example.com\nId: 1@b\nSubject: Choir\n\nWho comes?";
    let private =
        "From: dora@example.com\nTo: alice@example.org\nId: 2@d\nRefs: 1@b\nSubject: Re: Choir\n\nOnly you.";
    world.deliver(&["alice@example.org"], group).await;
    world.deliver(&["alice@example.org"], private).await;
    let alice = world.sign_in("alice@example.org").await;
    let list = world.list(&alice, Place::Inbox).await;
    let kinds: Vec<_> =
        list.iter().map(|conversation| (conversation.kind, conversation.message_count)).collect();
    assert_eq!(kinds, [(ConversationKind::Direct, 1), (ConversationKind::Group, 1)]);
    assert_eq!(list[0].people.len(), 1);
    assert_eq!(list[1].people.len(), 2);
}

#[tokio::test]
async fn lists_and_machines_have_conversations_of_their_own() {
    let world = World::new().await;
    for text in [
        "From: bob@example.net\nTo: all@lists.example.com\nList: all.lists.example.com\nId: 1\n\nTo the list.",
        "From: dora@example.com\nTo: all@lists.example.com\nList: all.lists.example.com\nId: 2\n\nTo the list too.",
        "From: news@mail.shop.example\nTo: alice@example.org\nAuto: yes\nId: 3\n\nBuy.",
        "From: orders@shop.example\nTo: alice@example.org\nAuto: yes\nId: 4\n\nBought.",
    ] {
        world.deliver(&["alice@example.org"], text).await;
    }
    let alice = world.sign_in("alice@example.org").await;
    let list = world.list(&alice, Place::Inbox).await;
    let kinds: Vec<_> =
        list.iter().map(|conversation| (conversation.kind, conversation.message_count)).collect();
    assert_eq!(kinds, [(ConversationKind::Automated, 2), (ConversationKind::List, 2)]);
    assert_eq!(list[1].title.as_deref(), Some("all.lists.example.com"), "a list has a name of its own");
}

#[tokio::test]
async fn two_messages_with_one_message_id_are_both_kept() {
    let world = World::new().await;
    world.deliver(&["alice@example.org"], HELLO).await;
    world.deliver(&["alice@example.org"], &HELLO.replace("A first word.", "Another body.")).await;
    let alice = world.sign_in("alice@example.org").await;
    assert_eq!(world.list(&alice, Place::Inbox).await[0].message_count, 2);
}

#[tokio::test]
async fn what_was_archived_comes_back_with_a_new_message() {
    let world = World::new().await;
    world.deliver(&["alice@example.org"], HELLO).await;
    let alice = world.sign_in("alice@example.org").await;
    let id = world.list(&alice, Place::Inbox).await[0].id;
    let archive =
        ConversationPatch { place: Some(Place::Archive), unread: Some(false), ..Default::default() };
    assert!(world.hub.update_conversation(&alice, id, &archive).await.unwrap());
    assert!(world.list(&alice, Place::Inbox).await.is_empty());
    assert_eq!(world.list(&alice, Place::Archive).await[0].unread_count, 0);
    world.deliver(&["alice@example.org"], &HELLO.replace("1@b", "2@b")).await;
    let back = world.list(&alice, Place::Inbox).await;
    assert_eq!((back[0].id, back[0].message_count, back[0].unread_count), (id, 2, 1));
    world.assert_sound().await;
}

#[tokio::test]
async fn nothing_from_a_blocked_person_reaches_the_inbox() {
    let world = World::new().await;
    world.deliver(&["alice@example.org"], HELLO).await;
    let alice = world.sign_in("alice@example.org").await;
    let conversation = world.list(&alice, Place::Inbox).await.remove(0);
    let contact = conversation.people[0].contact.expect("bob is a contact");
    let block = ContactPatch { blocked: Some(true), ..Default::default() };
    world.hub.update_contact(&alice, contact, &block).await.unwrap();
    let bin = ConversationPatch { place: Some(Place::Bin), unread: Some(false), ..Default::default() };
    world.hub.update_conversation(&alice, conversation.id, &bin).await.unwrap();
    assert_eq!(world.deliver(&["alice@example.org"], HELLO).await, [DeliveryVerdict::Stored]);
    assert!(world.list(&alice, Place::Inbox).await.is_empty());
    assert_eq!(world.list(&alice, Place::Bin).await[0].unread_count, 0);
    world.assert_sound().await;
}

#[tokio::test]
async fn a_name_that_the_user_gave_is_shown_everywhere_and_never_changes_by_mail() {
    let world = World::new().await;
    world.deliver(&["alice@example.org"], HELLO).await;
    let alice = world.sign_in("alice@example.org").await;
    let contact = world.list(&alice, Place::Inbox).await[0].people[0].contact.expect("bob is a contact");
    let name = ContactPatch { name: Some(Some("Bobby".to_owned())), ..Default::default() };
    world.hub.update_contact(&alice, contact, &name).await.unwrap();
    world.deliver(&["alice@example.org"], &HELLO.replace("Bob <", "Robert Tables <")).await;
    let list = world.list(&alice, Place::Inbox).await;
    assert_eq!(list[0].people[0].name, "Bobby");
    assert_eq!(world.messages(&alice, &list[0]).await[1].from[0].name, "Bobby");
}

#[tokio::test]
async fn many_arrivals_at_once_are_all_there_once() {
    let world = World::new().await;
    let texts: Vec<String> = (0..64).map(|n| HELLO.replace("1@b", &format!("{n}@b"))).collect();
    let deliveries = texts.iter().map(|text| world.hub.deliver(world.arrival(&["alice@example.org"], text)));
    for verdicts in futures_util::future::join_all(deliveries).await {
        assert_eq!(verdicts, [DeliveryVerdict::Stored]);
    }
    let alice = world.sign_in("alice@example.org").await;
    let list = world.list(&alice, Place::Inbox).await;
    assert_eq!((list.len(), list[0].message_count, list[0].unread_count), (1, 64, 64));
    assert_eq!(world.messages(&alice, &list[0]).await.len(), 64);
    world.assert_sound().await;
}
