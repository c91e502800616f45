//! What a person finds: everything that they can read, as soon as it came, and nothing that went.

use crate::support;
use caliopen_hub::{
    Access, ContactPatch, ConversationPatch, ConversationView, Found, HubError, MessagePatch, Question, Scope,
};
use caliopen_model::{LabelColour, MessageId, Place};
use caliopen_store::{BlobKey, MemoryStore, Store};
use std::collections::BTreeSet;
use std::sync::Arc;
use support::World;

const ALICE: &str = "alice@example.org";

fn question(text: &str) -> Question {
    Question { text: text.to_owned(), utc_offset_minutes: 0, is_typing: false }
}

/// Indexes until nothing is left to do.
async fn index(world: &World, access: Access) -> Access {
    let account = world.hub.keep_indexed(access);
    while world.hub.index_each_once().await {}
    drop(account);
    world.sign_in(ALICE).await
}

async fn search(world: &World, access: &Access, text: &str) -> Found {
    world.hub.search(access, &question(text), Scope::Messages, 0, 50).await.unwrap()
}

/// The subjects of what is found, the newest first.
async fn subjects(world: &World, access: &Access, text: &str) -> Vec<String> {
    let found = search(world, access, text).await;
    let ids: Vec<MessageId> = found.page.iter().map(|found| found.message).collect();
    let views = world.hub.messages(access, &ids).await.unwrap();
    views.into_iter().map(|view| view.unwrap().subject.unwrap_or_default()).collect()
}

async fn check(world: &World, access: &Access, text: &str, expected: &[&str]) {
    assert_eq!(subjects(world, access, text).await, expected, "{text}");
}

/// Three messages of two people.
async fn some_mail(world: &World) {
    for text in [
        "From: Ana <ana@elsewhere.test>\nTo: alice@example.org\nSubject: One\n\nLunch at the École on Monday.",
        "From: Bo <bo@elsewhere.test>\nTo: alice@example.org\nSubject: Two\n\nLunch again, and the annual report.",
        "From: Ana <ana@elsewhere.test>\nTo: alice@example.org\nSubject: Three\n\nThe report, annual as ever.",
    ] {
        world.deliver(&[ALICE], text).await;
    }
}

#[tokio::test]
async fn what_arrived_is_found_by_its_words_and_people() {
    let world = World::new().await;
    some_mail(&world).await;
    let alice = index(&world, world.sign_in(ALICE).await).await;
    check(&world, &alice, "lunch", &["Two", "One"]).await;
    check(&world, &alice, "ecole", &["One"]).await;
    check(&world, &alice, "\"annual report\"", &["Two"]).await;
    check(&world, &alice, "annual -from:ana", &["Two"]).await;
    check(&world, &alice, "from:ana@elsewhere.test", &["Three", "One"]).await;
    check(&world, &alice, "subject:two OR ecole", &["Two", "One"]).await;
    check(&world, &alice, "rep*", &["Three", "Two"]).await;
    check(&world, &alice, "nothing", &[]).await;
    check(&world, &alice, "", &[]).await;
    check(&world, &alice, "label:work lunch", &[]).await;
    world.assert_sound().await;
}

/// Two subjects with Ana, one of them answered; a subject is a chain of replies, whatever its messages are called.
#[tokio::test]
async fn what_is_found_is_listed_by_subject_when_one_asks() {
    let world = World::new().await;
    for text in [
        "From: Ana <ana@elsewhere.test>\nTo: alice@example.org\nId: one@x\nSubject: One\n\nLunch?",
        "From: Ana <ana@elsewhere.test>\nTo: alice@example.org\nId: two@x\nSubject: Two\n\nThe report.",
        "From: Ana <ana@elsewhere.test>\nTo: alice@example.org\nId: three@x\nRefs: one@x\nSubject: Now\n\nAt one.",
    ] {
        world.deliver(&[ALICE], text).await;
    }
    let alice = index(&world, world.sign_in(ALICE).await).await;
    let each = async |text: &str| {
        let found = world.hub.search(&alice, &question(text), Scope::NewestOfEach, 0, 50).await.unwrap();
        let ids: Vec<MessageId> = found.page.iter().map(|found| found.message).collect();
        let views = world.hub.messages(&alice, &ids).await.unwrap();
        views.into_iter().map(|view| view.unwrap().subject.unwrap_or_default()).collect::<Vec<_>>()
    };
    assert_eq!(each("in:inbox").await, ["Now"], "one conversation");
    assert_eq!(each("by:subject in:inbox").await, ["Now", "Two"], "two subjects");
    assert_eq!(each("by:subject").await, ["Now", "Two"]);
    assert_eq!(each("by:subject lunch").await, ["One"], "the newest that is found in it");
}

/// A message is stored with the address that it came from; what is found stands in the conversation with the person.
#[tokio::test]
async fn what_a_person_wrote_from_two_addresses_is_found_in_their_one_conversation() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    for from in ["ana@elsewhere.test", "ana@home.test"] {
        world.deliver(&[ALICE], &format!("From: {from}\nTo: {ALICE}\nSubject: {from}\n\nLunch?")).await;
    }
    let of = |list: Vec<ConversationView>, address: &str| {
        let of = |one: &ConversationView| one.people[0].handle.address() == address;
        list.into_iter().find(of).unwrap()
    };
    let list = world.list(&alice, Place::Inbox).await;
    let (first, second) = (of(list.clone(), "ana@elsewhere.test"), of(list, "ana@home.test"));
    let later = if first.id < second.id { &second } else { &first };
    let title = ConversationPatch { title: Some(Some("The garden".to_owned())), ..Default::default() };
    world.hub.update_conversation(&alice, later.id, &title).await.unwrap();
    let people = (first.people[0].contact.unwrap(), second.people[0].contact.unwrap());
    world.hub.merge_contacts(&alice, people.0, people.1).await.unwrap();
    let only = world.list(&alice, Place::Inbox).await.remove(0);
    let alice = index(&world, alice).await;
    let found = search(&world, &alice, "lunch").await.page;
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|found| found.conversation == only.id));
    let within = Scope::Within(only.id);
    assert_eq!(world.hub.search(&alice, &question("lunch"), within, 0, 50).await.unwrap().page, found);
    let ids: Vec<MessageId> = found.iter().map(|found| found.message).collect();
    let snippets = world.hub.snippets(&alice, &question("lunch"), &ids).await.unwrap();
    assert!(snippets.iter().flatten().all(|snippet| snippet.conversation == only.id));
    assert_eq!(search(&world, &alice, "garden").await.page.len(), 1, "by the name that it has now");
}

#[tokio::test]
async fn what_comes_is_found_at_once() {
    let world = World::new().await;
    let alice = index(&world, world.sign_in(ALICE).await).await;
    check(&world, &alice, "lunch", &[]).await;
    some_mail(&world).await;
    check(&world, &alice, "lunch", &["Two", "One"]).await;
}

#[tokio::test]
async fn an_open_application_is_indexed_as_mail_comes_and_a_closed_one_is_not() {
    let world = World::new().await;
    let open = world.hub.keep_indexed(world.sign_in(ALICE).await);
    assert!(world.hub.index_each_once().await, "what was there before");
    while world.hub.index_each_once().await {}
    some_mail(&world).await;
    assert!(world.hub.index_each_once().await, "what came");
    while world.hub.index_each_once().await {}
    drop(open);
    some_mail(&world).await;
    assert!(!world.hub.index_each_once().await, "nobody is there to read it");
}

#[tokio::test]
async fn what_changes_is_asked_of_the_rows() {
    let world = World::new().await;
    some_mail(&world).await;
    let alice = index(&world, world.sign_in(ALICE).await).await;
    let found = search(&world, &alice, "lunch").await.page;
    check(&world, &alice, "is:read", &[]).await;
    let flags = MessagePatch { seen: Some(true), flagged: Some(true), left_at: None };
    assert!(world.hub.update_message(&alice, found[0].message, &flags).await.unwrap());
    check(&world, &alice, "is:read", &["Two"]).await;
    check(&world, &alice, "is:unread", &["Three", "One"]).await;
    check(&world, &alice, "lunch is:flagged", &["Two"]).await;
    let away = ConversationPatch { place: Some(Place::Archive), ..ConversationPatch::default() };
    assert!(world.hub.update_conversation(&alice, found[0].conversation, &away).await.unwrap());
    check(&world, &alice, "in:archive", &["Two"]).await;
    check(&world, &alice, "lunch in:inbox", &["One"]).await;
    let label = world.hub.create_label(&alice, "À faire", LabelColour::Teal).await.unwrap();
    let marked = ConversationPatch { labels: vec![(label, true)], ..ConversationPatch::default() };
    assert!(world.hub.update_conversation(&alice, found[0].conversation, &marked).await.unwrap());
    check(&world, &alice, "label:\"a faire\"", &["Two"]).await;
    check(&world, &alice, "lunch -label:\"À faire\"", &["One"]).await;
    check(&world, &alice, "label:faire", &[]).await;
    check(&world, &alice, "pi:>=0 lunch", &["Two", "One"]).await;
    check(&world, &alice, "pi:100", &[]).await;
    check(&world, &alice, "after:2023-11-14 lunch", &["Two", "One"]).await;
    check(&world, &alice, "before:2023-11-14", &[]).await;
    check(&world, &alice, "is:sent", &[]).await;
    check(&world, &alice, "is:received route:email", &["Three", "Two", "One"]).await;
}

#[tokio::test]
async fn the_users_own_names_are_found_and_forgotten() {
    let world = World::new().await;
    some_mail(&world).await;
    let alice = index(&world, world.sign_in(ALICE).await).await;
    let found = search(&world, &alice, "from:bo").await.page[0];
    let contact =
        world.hub.messages(&alice, &[found.message]).await.unwrap()[0].as_ref().unwrap().from[0].contact;
    let name = |name: &str| ContactPatch { name: Some(Some(name.to_owned())), ..ContactPatch::default() };
    world.hub.update_contact(&alice, contact.unwrap(), &name("Uncle Robert")).await.unwrap();
    check(&world, &alice, "from:robert", &["Two"]).await;
    check(&world, &alice, "uncle lunch", &["Two"]).await;
    world.hub.update_contact(&alice, contact.unwrap(), &name("The neighbour")).await.unwrap();
    check(&world, &alice, "from:robert", &[]).await;
    check(&world, &alice, "from:neighb*", &["Two"]).await;

    let title = |title: Option<&str>| ConversationPatch {
        title: Some(title.map(str::to_owned)),
        ..ConversationPatch::default()
    };
    world.hub.update_conversation(&alice, found.conversation, &title(Some("Garden plans"))).await.unwrap();
    check(&world, &alice, "garden", &["Two"]).await;
    check(&world, &alice, "subject:plans", &["Two"]).await;
    world.hub.update_conversation(&alice, found.conversation, &title(None)).await.unwrap();
    check(&world, &alice, "garden", &[]).await;
}

#[tokio::test]
async fn what_was_removed_is_not_found_and_its_words_leave_the_index() {
    let store = Arc::new(MemoryStore::default());
    let world = World::on(Arc::clone(&store) as Arc<dyn Store>).await;
    some_mail(&world).await;
    let messages = store.blob_keys();
    let alice = index(&world, world.sign_in(ALICE).await).await;
    let segments: BTreeSet<BlobKey> = store.blob_keys().difference(&messages).copied().collect();
    assert!(!segments.is_empty());
    let gone = search(&world, &alice, "ecole").await.page[0].message;
    assert!(world.hub.destroy_message(&alice, gone).await.unwrap());
    check(&world, &alice, "ecole OR lunch", &["Two"]).await;
    assert_eq!(store.blob_keys().intersection(&segments).count(), segments.len(), "not yet");
    world.pass(25 * 60 * 60 * 1000);
    some_mail(&world).await;
    let alice = index(&world, alice).await;
    assert_eq!(store.blob_keys().intersection(&segments).count(), 0, "what held its words was written anew");
    check(&world, &alice, "lunch", &["Two", "One", "Two"]).await;
    world.assert_sound().await;
}

#[tokio::test]
async fn a_page_follows_a_page_and_conversations_are_found_once() {
    let world = World::new().await;
    for number in 0..250 {
        let author = number % 3;
        let text = format!(
            "From: p{author}@elsewhere.test\nTo: alice@example.org\nSubject: N{number}\n\nLunch number {number}."
        );
        world.deliver(&[ALICE], &text).await;
    }
    let alice = index(&world, world.sign_in(ALICE).await).await;
    let mut all: Vec<MessageId> = Vec::new();
    for page in 0..6 {
        let found =
            world.hub.search(&alice, &question("lunch"), Scope::Messages, page * 50, 50).await.unwrap();
        all.extend(found.page.iter().map(|found| found.message));
    }
    assert_eq!(all.len(), 250);
    let mut sorted = all.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted.into_iter().rev().collect::<Vec<_>>(), all, "the newest first, each once");
    let each = world.hub.search(&alice, &question("lunch"), Scope::NewestOfEach, 0, 50).await.unwrap();
    assert_eq!((each.page.len(), each.total), (3, Some(3)));
    assert_eq!(each.page[0].message, all[0]);
    let within = Scope::Within(each.page[1].conversation);
    let within = world.hub.search(&alice, &question("lunch"), within, 0, 100).await.unwrap();
    assert_eq!(within.total, Some(83));
}

#[tokio::test]
async fn an_index_is_built_of_what_was_there_before_and_says_how_far_it_is() {
    let world = World::new().await;
    for number in 0..450 {
        let text =
            format!("From: p@elsewhere.test\nTo: alice@example.org\nSubject: N{number}\n\nLunch {number}.");
        world.deliver(&[ALICE], &text).await;
    }
    let alice = world.sign_in(ALICE).await;
    let mut percents = Vec::new();
    loop {
        let found = search(&world, &alice, "n229 OR n0").await;
        percents.push(found.progress.percent);
        if found.progress.is_complete {
            break;
        }
        assert!(percents.len() < 20, "{percents:?}");
        // A search indexes the tail alone: the rest is the desk's.
        let open = world.hub.keep_indexed(world.sign_in(ALICE).await);
        world.hub.index_each_once().await;
        drop(open);
    }
    assert!(percents.windows(2).all(|pair| pair[0] <= pair[1]), "{percents:?}");
    assert!(percents.iter().any(|percent| (1..100).contains(percent)), "{percents:?}");
    check(&world, &alice, "n229 OR n0", &["N229", "N0"]).await;
}

#[tokio::test]
async fn a_damaged_index_is_dropped_and_built_anew() {
    let store = Arc::new(MemoryStore::default());
    let world = World::on(Arc::clone(&store) as Arc<dyn Store>).await;
    some_mail(&world).await;
    let messages = store.blob_keys();
    let alice = index(&world, world.sign_in(ALICE).await).await;
    let segments: BTreeSet<BlobKey> = store.blob_keys().difference(&messages).copied().collect();
    store.damage_blobs(&segments);
    let broken = world.hub.search(&alice, &question("lunch"), Scope::Messages, 0, 50).await;
    assert!(matches!(broken, Err(HubError::Damaged)), "{broken:?}");
    let alice = index(&world, alice).await;
    check(&world, &alice, "lunch", &["Two", "One"]).await;
    assert_eq!(store.blob_keys().intersection(&segments).count(), 0);
}

#[tokio::test]
async fn a_snippet_marks_what_was_asked_for() {
    let world = World::new().await;
    some_mail(&world).await;
    let alice = index(&world, world.sign_in(ALICE).await).await;
    let found = search(&world, &alice, "ecole").await.page[0];
    let snippets =
        world.hub.snippets(&alice, &question("ecole subject:one"), &[found.message]).await.unwrap();
    let snippet = snippets[0].clone().unwrap();
    assert_eq!(snippet.subject, Some(vec![String::new(), "One".to_owned(), String::new()]));
    let preview = snippet.preview.unwrap();
    assert_eq!(preview[1..].iter().filter(|part| *part == "École").count(), 1, "{preview:?}");
}
