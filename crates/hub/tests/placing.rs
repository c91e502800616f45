//! Where messages go does not depend on the order in which they come (conversations.md, invariants).

use crate::support;
use caliopen_model::{ConversationKind, Place};
use proptest::prelude::*;
use std::collections::BTreeSet;
use support::World;

const ALICE: &str = "alice@example.org";

/// A message of a small world: who writes, to whom besides alice, what it answers.
#[derive(Debug, Clone)]
struct Mail {
    id: usize,
    author: u8,
    also: Vec<u8>,
    answers: Vec<usize>,
}

impl Mail {
    fn text(&self) -> String {
        let also: String = self.also.iter().map(|person| format!(", p{person}@example.net")).collect();
        let refs: Vec<String> = self.answers.iter().map(|id| format!("{id}@x")).collect();
        let refs = if refs.is_empty() { String::new() } else { format!("Refs: {}\n", refs.join(" ")) };
        format!(
            "From: p{}@example.net\nTo: {ALICE}{also}\nId: {}@x\n{refs}Subject: {}\n\nText.",
            self.author, self.id, self.id
        )
    }
}

fn mails() -> impl Strategy<Value = (Vec<Mail>, Vec<usize>)> {
    let mail = (0u8..3, prop::collection::vec(0u8..3, 0..3), prop::collection::vec(0usize..8, 0..3));
    prop::collection::vec(mail, 1..8).prop_flat_map(|mails| {
        let mails: Vec<Mail> = mails
            .into_iter()
            .enumerate()
            .map(|(id, (author, also, answers))| Mail { id, author, also, answers })
            .collect();
        let order: Vec<usize> = (0..mails.len()).collect();
        (Just(mails), Just(order).prop_shuffle())
    })
}

/// A conversation: its kind, its people, and its messages by subject, in their segments.
type Picture = BTreeSet<(String, BTreeSet<String>, BTreeSet<BTreeSet<String>>)>;

async fn picture(mails: &[Mail], order: impl Iterator<Item = usize>) -> Picture {
    let world = World::new().await;
    for mail in order.filter_map(|place| mails.get(place)) {
        world.deliver(&[ALICE], &mail.text()).await;
    }
    let alice = world.sign_in(ALICE).await;
    let mut picture = Picture::new();
    let mut stored = 0;
    for conversation in world.list(&alice, Place::Inbox).await {
        let mut segments = std::collections::BTreeMap::<_, BTreeSet<String>>::new();
        for message in world.messages(&alice, &conversation).await {
            stored += 1;
            segments.entry(message.segment).or_default().insert(message.subject.clone().unwrap_or_default());
        }
        let people = conversation.people.iter().map(|person| person.handle.canonical()).collect();
        picture.insert((format!("{:?}", conversation.kind), people, segments.into_values().collect()));
    }
    assert_eq!(stored, mails.len(), "each message is in exactly one conversation");
    world.assert_sound().await;
    picture
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_arrival_changes_nothing((mails, order) in mails()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (as_written, shuffled) = runtime.block_on(async {
            (picture(&mails, 0..mails.len()).await, picture(&mails, order.iter().copied()).await)
        });
        prop_assert_eq!(as_written, shuffled);
    }
}

#[tokio::test]
async fn two_groups_with_the_same_people_are_one_conversation_with_two_segments() {
    let world = World::new().await;
    for (id, subject) in [(1, "Choir"), (2, "Garden")] {
        let text = format!("From: a@x.net\nTo: {ALICE}, b@x.net\nId: {id}\nSubject: {subject}\n\nText.");
        world.deliver(&[ALICE], &text).await;
    }
    let alice = world.sign_in(ALICE).await;
    let list = world.list(&alice, Place::Inbox).await;
    assert_eq!((list.len(), list[0].kind), (1, ConversationKind::Group));
    let messages = world.messages(&alice, &list[0]).await;
    assert_ne!(messages[0].segment, messages[1].segment);
}

#[tokio::test]
async fn the_users_own_addresses_are_nobody_else() {
    let world = World::new().await;
    world
        .deliver(
            &[ALICE],
            "From: a@x.net\nTo: alice+choir@example.org\nCc: Alice@Example.org\nId: 1\n\nText.",
        )
        .await;
    let alice = world.sign_in(ALICE).await;
    let list = world.list(&alice, Place::Inbox).await;
    assert_eq!((list[0].kind, list[0].people.len()), (ConversationKind::Direct, 1));
}
