//! A reply to fewer people goes to the conversation of that set; both show a stub (conversations.md).

use crate::support;
use caliopen_hub::{Access, ConversationView, ObjectType, RelatedView, Relation};
use caliopen_model::{ConversationKind, Place};
use support::World;

const ALICE: &str = "alice@example.org";
const TO_ALL: &str =
    "From: ana@x.net\nTo: alice@example.org, bo@x.net\nId: 1@x\nSubject: Choir\n\nWho comes?";
const TO_ALICE: &str =
    "From: bo@x.net\nTo: alice@example.org\nId: 2@x\nRefs: 0@x 1@x\nSubject: Re: Choir\n\nBetween us.";

async fn world(mails: &[&str]) -> (World, Access) {
    let world = World::new().await;
    for text in mails {
        world.deliver(&[ALICE], text).await;
    }
    let alice = world.sign_in(ALICE).await;
    world.assert_sound().await;
    (world, alice)
}

async fn one(world: &World, access: &Access, kind: ConversationKind) -> (ConversationView, Vec<RelatedView>) {
    let list = world.list(access, Place::Inbox).await;
    let found = list.into_iter().find(|conversation| conversation.kind == kind).expect("is listed");
    let related = world.hub.related(access, found.id).await.expect("reads");
    (found, related)
}

/// The group shows that Bo answered only alice, and the direct conversation shows where that came from.
async fn assert_linked(world: &World, alice: &Access) {
    let (group, in_group) = one(world, alice, ConversationKind::Group).await;
    let (direct, in_direct) = one(world, alice, ConversationKind::Direct).await;
    assert_eq!((in_group.len(), in_direct.len()), (1, 1), "one stub in each");
    let (narrower, wider) = (&in_group[0], &in_direct[0]);
    assert_eq!((narrower.conversation, narrower.relation), (direct.id, Relation::Narrower));
    assert_eq!((wider.conversation, wider.relation), (group.id, Relation::Wider));
    assert_eq!(narrower.message, Some(direct.latest_message));
    assert_eq!(wider.message, Some(group.latest_message));
    assert_eq!(narrower.at, direct.latest_at);
    let people: Vec<_> = narrower.people.iter().map(|person| person.handle.address()).collect();
    assert_eq!(people, ["bo@x.net"]);
}

#[tokio::test]
async fn a_private_reply_to_a_group_leaves_a_stub_in_both_conversations() {
    let (world, alice) = world(&[TO_ALL, TO_ALICE]).await;
    assert_linked(&world, &alice).await;
}

#[tokio::test]
async fn the_same_stubs_stand_when_the_reply_comes_first() {
    let (world, alice) = world(&[TO_ALICE, TO_ALL]).await;
    assert_linked(&world, &alice).await;
}

#[tokio::test]
async fn a_stranger_who_quotes_a_message_leaves_no_stub() {
    let stranger = "From: eve@y.net\nTo: alice@example.org\nId: 3@y\nRefs: 1@x\n\nBuy.";
    let (world, alice) = world(&[TO_ALL, stranger]).await;
    assert!(one(&world, &alice, ConversationKind::Group).await.1.is_empty());
    assert!(one(&world, &alice, ConversationKind::Direct).await.1.is_empty());
}

#[tokio::test]
async fn an_answer_inside_a_conversation_leaves_no_stub() {
    let answer = "From: bo@x.net\nTo: alice@example.org, ana@x.net\nId: 4@x\nRefs: 1@x\n\nMe.";
    let (world, alice) = world(&[TO_ALL, answer]).await;
    assert!(one(&world, &alice, ConversationKind::Group).await.1.is_empty());
}

#[tokio::test]
async fn a_stub_goes_with_the_conversation_that_it_leads_to() {
    let (world, alice) = world(&[TO_ALL, TO_ALICE]).await;
    let (_, in_group) = one(&world, &alice, ConversationKind::Group).await;
    let message = in_group[0].message.expect("the message is there");
    assert!(world.hub.destroy_message(&alice, message).await.expect("destroys"));
    assert!(one(&world, &alice, ConversationKind::Group).await.1.is_empty());
}

#[tokio::test]
async fn a_conversation_that_begins_with_a_stub_is_told_as_new() {
    let (world, alice) = world(&[TO_ALL]).await;
    let before = world.hub.states(&alice).await.expect("reads").of(ObjectType::Conversation);
    world.deliver(&[ALICE], TO_ALICE).await;
    let (direct, _) = one(&world, &alice, ConversationKind::Direct).await;
    let changes = world.hub.changes(&alice, ObjectType::Conversation, before, 100).await.expect("reads");
    assert_eq!(changes.expect("are known").created, [*direct.id.as_bytes()]);
}
