//! Reports that this host writes: they leave like messages, stand in nobody's account, and are forgotten.

use crate::support;
use bytes::Bytes;
use caliopen_connect::{Inbox, Notice, Protection};
use caliopen_model::{Cause, Handle, Outcome, Place, Protocol};
use support::{Post, World};

const SECOND: i64 = 1_000;
const ANA: &str = "ana@x.net";

async fn report(world: &World, to: &str) {
    let recipient = Handle::literal(Protocol::Email, to);
    let raw = Bytes::from("From: daemon@example.org\nAuto: yes\n\nDelivered.");
    let protection = Protection::BestEffort;
    world.hub.report(Notice { protocol: Protocol::Email, recipient, raw, protection }).await;
}

fn carried(world: &World) -> usize {
    world.post.carried.lock().expect("nobody panicked").len()
}

#[tokio::test(start_paused = true)]
async fn a_report_leaves_once_without_a_return_path() {
    let world = World::new().await;
    report(&world, ANA).await;
    world.work().await;
    world.work().await;
    let left = world.post.carried.lock().unwrap().clone();
    assert_eq!((left.len(), left[0].recipients[0].address()), (1, ANA));
    assert_eq!((left[0].reverse_path.as_ref(), left[0].protection), (None, Protection::BestEffort));
    assert!(left[0].raw.ends_with(b"Delivered."));
    world.assert_sound().await;
}

#[tokio::test(start_paused = true)]
async fn a_report_that_has_to_wait_is_tried_again_for_a_day() {
    let world = World::new().await;
    for _ in 0..100 {
        world.post.answer("x.net", Outcome::Deferred(Post::trouble(Cause::Busy, "4.3.2")));
    }
    report(&world, ANA).await;
    let mut attempts = Vec::new();
    for _ in 0..30 {
        world.work().await;
        attempts.push(carried(&world));
        world.pass(60 * 60 * SECOND);
    }
    assert_eq!(attempts[..2], [1, 2]);
    assert_eq!(attempts[29], attempts[27], "{attempts:?}: it is over after a day");
    assert!(attempts[29] < 30, "less and less often: {attempts:?}");
}

#[tokio::test(start_paused = true)]
async fn a_report_that_is_refused_is_forgotten() {
    let world = World::new().await;
    world.post.answer("x.net", Outcome::Failed(Post::trouble(Cause::NoSuchRecipient, "5.1.1")));
    report(&world, ANA).await;
    for _ in 0..3 {
        world.work().await;
        world.pass(60 * 60 * SECOND);
    }
    assert_eq!(carried(&world), 1);
}

#[tokio::test(start_paused = true)]
async fn a_report_to_somebody_here_never_leaves() {
    let world = World::new().await;
    report(&world, "alice@example.org").await;
    world.work().await;
    assert_eq!(carried(&world), 0);
    let alice = world.sign_in("alice@example.org").await;
    assert_eq!(world.list(&alice, Place::Inbox).await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn whoever_asks_for_thousands_of_reports_gets_some() {
    let world = World::new().await;
    for number in 0..600 {
        report(&world, &format!("ana{number}@x.net")).await;
    }
    world.work().await;
    assert_eq!(carried(&world), 500);
    world.pass(60 * 60 * SECOND);
    report(&world, ANA).await;
    world.work().await;
    assert_eq!(carried(&world), 501, "and again in the next hour");
}
