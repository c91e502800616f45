//! What clients are told of changes, and lists that page through many conversations.

use crate::support;
use caliopen_hub::{
    Access, ChangeSet, ConversationFilter, ConversationOrder, ConversationPatch, MessagePatch, ObjectType,
    PageStart,
};
use caliopen_model::{ConversationId, Place, Sequence};
use support::World;

const ALICE: &str = "alice@example.org";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn mail(author: usize, id: usize) -> String {
    format!("From: p{author}@example.net\nTo: {ALICE}\nId: {id}\nSubject: S{id}\n\nText {id}.")
}

fn inbox() -> ConversationFilter {
    ConversationFilter::of(Place::Inbox)
}

#[tokio::test]
async fn changes_name_each_object_once_with_what_became_of_it() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let before = world.hub.states(&alice).await.unwrap().of(ObjectType::Conversation);
    world.deliver(&[ALICE], &mail(1, 1)).await;
    world.deliver(&[ALICE], &mail(1, 2)).await;
    let conversation = world.list(&alice, Place::Inbox).await.remove(0);
    let changes = world.hub.changes(&alice, ObjectType::Conversation, before, 100).await.unwrap().unwrap();
    assert_eq!(changes.created, [*conversation.id.as_bytes()]);
    assert!(changes.updated.is_empty() && changes.destroyed.is_empty() && !changes.has_more);
    let first = world.messages(&alice, &conversation).await[0].id;
    world
        .hub
        .update_message(&alice, first, &MessagePatch { seen: Some(true), ..MessagePatch::default() })
        .await
        .unwrap();
    let since = world.hub.states(&alice).await.unwrap().of(ObjectType::Message);
    let none = world.hub.changes(&alice, ObjectType::Message, since, 100).await.unwrap().unwrap();
    assert_eq!(none, ChangeSet { new_state: since, ..ChangeSet::default() });
    let later =
        world.hub.changes(&alice, ObjectType::Conversation, changes.new_state, 100).await.unwrap().unwrap();
    assert_eq!(later.updated, [*conversation.id.as_bytes()]);
}

#[tokio::test]
async fn changes_come_in_pages_that_lead_to_the_present() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let mut since = world.hub.states(&alice).await.unwrap().of(ObjectType::Message);
    for id in 0..25 {
        world.deliver(&[ALICE], &mail(id % 3, id)).await;
    }
    let (mut created, mut pages) = (0, 0);
    loop {
        let page = world.hub.changes(&alice, ObjectType::Message, since, 10).await.unwrap().unwrap();
        assert!(page.created.len() <= 10);
        (created, pages, since) = (created + page.created.len(), pages + 1, page.new_state);
        if !page.has_more {
            break;
        }
    }
    assert_eq!((created, pages), (25, 3));
    assert_eq!(since, world.hub.states(&alice).await.unwrap().of(ObjectType::Message));
}

#[tokio::test]
async fn a_state_that_never_was_cannot_be_calculated_from() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    assert!(world.hub.changes(&alice, ObjectType::Message, Sequence(999), 10).await.unwrap().is_none());
}

#[tokio::test]
async fn listeners_are_told_of_what_is_durable() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let mut watch = world.hub.watch(&alice).await.unwrap();
    watch.mark_unchanged();
    world.deliver(&[ALICE], &mail(1, 1)).await;
    assert!(watch.has_changed().unwrap());
    let told = *watch.borrow_and_update();
    assert_eq!(told, world.hub.states(&alice).await.unwrap());
}

#[tokio::test]
async fn pages_by_anchor_and_by_position_are_the_same_list() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    for id in 0..30 {
        world.deliver(&[ALICE], &mail(id, id)).await;
    }
    let page = async |start, limit| {
        let page = world.hub.conversation_page(&alice, &inbox(), ConversationOrder::Date, start, limit).await;
        page.unwrap().expect("a page")
    };
    let whole: Vec<ConversationId> = page(PageStart::Position(0), 100).await.ids;
    assert_eq!(whole.len(), 30);
    let tenth = page(PageStart::Position(10), 5).await;
    assert_eq!((tenth.ids.as_slice(), tenth.total), (&whole[10..15], Some(30)));
    let behind = page(PageStart::Anchor(whole[14], 1), 5).await;
    assert_eq!((behind.ids.as_slice(), behind.position), (&whole[15..20], Some(15)));
    let before = page(PageStart::Anchor(whole[14], -4), 5).await;
    assert_eq!((before.ids.as_slice(), before.position), (&whole[10..15], Some(10)));
    let beyond = page(PageStart::Anchor(whole[2], -9), 5).await;
    assert_eq!((beyond.ids.as_slice(), beyond.position), (&whole[0..5], Some(0)));
    assert!(page(PageStart::Position(30), 5).await.ids.is_empty());
}

#[tokio::test]
async fn the_unread_list_follows_what_is_read() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    for id in 0..4 {
        world.deliver(&[ALICE], &mail(id, id)).await;
    }
    let read = world.list(&alice, Place::Inbox).await[1].id;
    let patch = ConversationPatch { unread: Some(false), ..Default::default() };
    world.hub.update_conversation(&alice, read, &patch).await.unwrap();
    let unread = ConversationFilter { unread: true, ..inbox() };
    let start = PageStart::Position(0);
    for order in [ConversationOrder::Date, ConversationOrder::Importance] {
        let page = world.hub.conversation_page(&alice, &unread, order, start, 10).await.unwrap().unwrap();
        assert_eq!(page.ids.len(), 3);
        assert!(!page.ids.contains(&read));
    }
    let patch = ConversationPatch { unread: Some(true), ..Default::default() };
    world.hub.update_conversation(&alice, read, &patch).await.unwrap();
    let page = world
        .hub
        .conversation_page(&alice, &unread, ConversationOrder::Date, start, 10)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(page.total, Some(4));
    world.assert_sound().await;
}

/// Alice, with one conversation in her inbox.
async fn one_conversation() -> (World, Access, ConversationId) {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    world.deliver(&[ALICE], &mail(1, 1)).await;
    let id = world.list(&alice, Place::Inbox).await.remove(0).id;
    (world, alice, id)
}

fn to(place: Place) -> ConversationPatch {
    ConversationPatch { place: Some(place), ..Default::default() }
}

#[tokio::test]
async fn deleting_can_be_undone_for_thirty_days() {
    let (world, alice, id) = one_conversation().await;
    world.hub.update_conversation(&alice, id, &to(Place::Bin)).await.unwrap();
    world.pass(29 * DAY_MS);
    assert_eq!(world.hub.purge_bins().await.unwrap(), 0);
    world.hub.update_conversation(&alice, id, &to(Place::Inbox)).await.unwrap();
    assert_eq!(world.list(&alice, Place::Inbox).await.len(), 1);
    world.hub.update_conversation(&alice, id, &to(Place::Bin)).await.unwrap();
    world.pass(30 * DAY_MS);
    assert_eq!(world.hub.purge_bins().await.unwrap(), 1);
    assert!(world.list(&alice, Place::Bin).await.is_empty());
    world.assert_sound().await;
}

#[tokio::test]
async fn what_is_spam_stays_spam_whatever_comes_and_leaves_thirty_days_after_the_last() {
    let (world, alice, id) = one_conversation().await;
    world.hub.update_conversation(&alice, id, &to(Place::Spam)).await.unwrap();
    world.pass(29 * DAY_MS);
    world.deliver(&[ALICE], &mail(1, 2)).await;
    assert!(world.list(&alice, Place::Inbox).await.is_empty());
    assert_eq!(world.list(&alice, Place::Spam).await[0].message_count, 2);
    world.pass(29 * DAY_MS);
    assert_eq!(world.hub.purge_bins().await.unwrap(), 0, "the last one is kept for its time too");
    world.pass(DAY_MS);
    assert_eq!(world.hub.purge_bins().await.unwrap(), 1);
    world.assert_sound().await;
}

#[tokio::test]
async fn removing_the_newest_message_shows_the_one_before() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    world.deliver(&[ALICE], &mail(1, 1)).await;
    world.deliver(&[ALICE], &mail(1, 2)).await;
    let conversation = world.list(&alice, Place::Inbox).await.remove(0);
    let messages = world.messages(&alice, &conversation).await;
    assert!(world.hub.destroy_message(&alice, messages[1].id).await.unwrap());
    let after = world.list(&alice, Place::Inbox).await.remove(0);
    assert_eq!((after.subject.as_deref(), after.message_count, after.unread_count), (Some("S1"), 1, 1));
    assert!(world.hub.raw(&alice, messages[1].blob).await.unwrap().is_none());
    assert!(world.hub.destroy_message(&alice, messages[0].id).await.unwrap());
    assert!(world.list(&alice, Place::Inbox).await.is_empty());
    world.assert_sound().await;
}

#[tokio::test]
async fn who_waits_for_news_is_sent_away_at_the_end() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let mut early = world.hub.watch(&alice).await.unwrap();
    early.mark_unchanged();
    world.hub.end_watches();
    assert!(early.changed().await.is_err());
    let mut late = world.hub.watch(&alice).await.unwrap();
    assert!(late.changed().await.is_err());
}
