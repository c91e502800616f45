//! What people's other programs may do, and nothing else: they send, and open nothing.

use crate::support;
use bytes::Bytes;
use caliopen_connect::{
    Outbox, Posting, PostingVerdict, Program, ProgramSignIn, Protection, RecipientVerdict,
};
use caliopen_hub::limits::{APP_PASSWORDS_MAX, RECIPIENTS_HOUR_MAX, STRANGERS_HOUR_MAX};
use caliopen_hub::{Access, AppPasswordError, TakenBack};
use caliopen_model::{Cause, Handle, Outcome, Place, Protocol};
use std::sync::atomic::Ordering;
use support::{HERE, PASSWORD, Post, World};
use zeroize::Zeroizing;

const ALICE: &str = "alice@example.org";

fn to(address: &str) -> Handle {
    Handle::literal(Protocol::Email, address)
}

async fn made(world: &World, alice: &Access) -> Zeroizing<String> {
    world.hub.new_app_password(alice, "Phone").await.unwrap().secret
}

async fn program(world: &World, secret: &str) -> Program {
    match world.hub.sign_in(ALICE, secret, "a thief", HERE).await {
        Ok(_) => panic!("an app password opened the account"),
        Err(error) => assert_eq!(error.to_string(), "the address or the password is wrong"),
    }
    match world.hub.let_in(ALICE, secret, HERE).await {
        ProgramSignIn::Accepted(program) => program,
        other => panic!("{other:?}"),
    }
}

async fn post(world: &World, program: Program, raw: &str, recipients: Vec<Handle>) -> PostingVerdict {
    let (raw, protection) = (Bytes::from(raw.to_owned()), Protection::EveryHost);
    world.hub.post(Posting { program, recipients, raw, protection }).await
}

fn letter(from: &str) -> String {
    format!("From: {from}\nTo: bo@example.net\nSubject: Pears\n\nFrom the phone.")
}

#[tokio::test]
async fn a_program_sends_while_its_person_is_away_and_it_leaves_at_once() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let secret = made(&world, &alice).await;
    world.hub.sign_out(&alice).await.unwrap();
    let program = program(&world, &secret).await;
    let envelope = vec![to("bo@example.net"), to("eve@example.net")];
    assert_eq!(post(&world, program, &letter(ALICE), envelope).await, PostingVerdict::Taken);

    let alice = world.sign_in(ALICE).await;
    let ids = world.hub.submission_ids(&alice).await.unwrap();
    let [id] = ids[..] else { panic!("{ids:?}") };
    assert_eq!(world.hub.take_back(&alice, id).await.unwrap(), TakenBack::TooLate);
    let sent = world.hub.submissions(&alice, &[id]).await.unwrap().remove(0).unwrap();
    assert_eq!((sent.can_be_taken_back, sent.recipients.len()), (false, 2));
    assert!(sent.requires_tls, "what a program asks for with REQUIRETLS is kept");
    let shown = world.hub.messages(&alice, &[sent.message]).await.unwrap().remove(0).unwrap();
    let addresses = |people: &[caliopen_hub::PersonView]| {
        people.iter().map(|person| person.handle.address().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        (addresses(&shown.to), addresses(&shown.bcc)),
        (vec!["bo@example.net".to_owned()], vec!["eve@example.net".to_owned()])
    );
    assert_eq!(shown.subject.as_deref(), Some("Pears"));
}

#[tokio::test(start_paused = true)]
async fn what_a_program_sent_in_vain_is_told_to_its_author_by_mail_once() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let program = program(&world, &made(&world, &alice).await).await;
    world.post.answer("x.net", Outcome::Failed(Post::trouble(Cause::NoSuchRecipient, "5.1.1")));
    let envelope = vec![to("bo@x.net"), to("ana@y.net")];
    assert_eq!(post(&world, program, &letter(ALICE), envelope).await, PostingVerdict::Taken);
    for _ in 0..3 {
        world.work().await;
        world.pass(60 * 60 * 1_000);
    }
    let inbox = world.list(&alice, Place::Inbox).await;
    let report = inbox.iter().find(|one| one.subject.as_deref() == Some("Not delivered")).unwrap();
    let [told] = &world.messages(&alice, report).await[..] else { panic!("one report") };
    let body = world.hub.reading(&alice, told.id).await.unwrap().unwrap();
    assert!(format!("{body:?}").contains("bo@x.net: 5.1.1"), "{body:?}");
    assert!(!format!("{body:?}").contains("ana@y.net"), "{body:?}");
    assert_eq!(world.post.carried.lock().unwrap().len(), 2, "the report never left");
    world.assert_sound().await;
}

#[tokio::test]
async fn the_author_and_whoever_sends_for_them_are_the_account_itself() {
    let world = World::new().await;
    world.add("bob@example.org").await;
    let alice = world.sign_in(ALICE).await;
    let program = program(&world, &made(&world, &alice).await).await;
    let check = async |from: &str, expected| {
        let envelope = vec![to("bo@example.net")];
        assert_eq!(post(&world, program, &letter(from), envelope).await, expected, "{from}");
    };
    check(ALICE, PostingVerdict::Taken).await;
    check("ALICE+cron@example.org", PostingVerdict::Taken).await;
    check("bob@example.org", PostingVerdict::NotYourFrom).await;
    check("bo@example.net", PostingVerdict::NotYourFrom).await;
    check(&format!("{ALICE}\nSender: bob@example.org"), PostingVerdict::NotYourSender).await;
    check(&format!("{ALICE}\nSender: {ALICE}"), PostingVerdict::Taken).await;
    assert_eq!(world.hub.submission_ids(&alice).await.unwrap().len(), 3);
}

#[tokio::test]
async fn what_was_revoked_signs_in_and_sends_no_more() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let secret = made(&world, &alice).await;
    let program = program(&world, &secret).await;
    let there = to("bo@example.net");
    assert_eq!(world.hub.may_write(program, &there).await, Some(RecipientVerdict::Accepted));
    assert_eq!(world.hub.may_write(program, &to("no@example.org")).await, Some(RecipientVerdict::NoSuchUser));
    assert!(world.hub.revoke_app_password(&alice, program.password).await.unwrap());
    assert!(!world.hub.revoke_app_password(&alice, program.password).await.unwrap());
    assert_eq!(world.hub.may_write(program, &there).await, None);
    assert_eq!(post(&world, program, &letter(ALICE), vec![there]).await, PostingVerdict::SignedOut);
    assert_eq!(world.hub.let_in(ALICE, &secret, HERE).await, ProgramSignIn::Refused);
    assert_eq!(world.hub.submission_ids(&alice).await.unwrap(), []);
}

#[tokio::test]
async fn a_new_password_of_the_account_leaves_them_and_the_old_one_never_was_one() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let secret = made(&world, &alice).await;
    assert_eq!(world.hub.let_in(ALICE, PASSWORD, HERE).await, ProgramSignIn::Refused);
    world.hub.change_password(&alice, PASSWORD, "another long walk").await.unwrap();
    program(&world, &secret).await;
}

#[tokio::test]
async fn wrong_words_are_counted_for_addresses_that_nobody_has_too() {
    for address in [ALICE, "nobody@example.org", "no address"] {
        let world = World::new().await;
        let alice = world.sign_in(ALICE).await;
        let secret = made(&world, &alice).await;
        for _ in 0..8 {
            assert_eq!(world.hub.let_in(address, "wrong", HERE).await, ProgramSignIn::Refused);
        }
        assert_eq!(world.hub.let_in(address, &secret, HERE).await, ProgramSignIn::TooManyTries);
        assert!(
            world.hub.sign_in(ALICE, PASSWORD, "the web", HERE).await.is_ok(),
            "the person is not kept out"
        );
    }
}

#[tokio::test]
async fn a_sudden_fan_out_is_held_and_people_who_are_known_are_not() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let program = program(&world, &made(&world, &alice).await).await;
    let many =
        |count: u32| (0..count).map(|number| to(&format!("p{number}@example.net"))).collect::<Vec<_>>();
    let raw = letter(ALICE);
    assert_eq!(post(&world, program, &raw, many(STRANGERS_HOUR_MAX + 1)).await, PostingVerdict::FanOut);
    assert_eq!(post(&world, program, &raw, many(100)).await, PostingVerdict::Taken);
    for _ in 0..(RECIPIENTS_HOUR_MAX / 100 - 1) {
        assert_eq!(post(&world, program, &raw, many(100)).await, PostingVerdict::Taken);
    }
    assert_eq!(post(&world, program, &raw, many(1)).await, PostingVerdict::AccountLimit);
    world.clock.0.fetch_add(60 * 60 * 1000, Ordering::SeqCst);
    world.hub.limit_recipients_an_hour(5);
    assert_eq!(post(&world, program, &raw, many(6)).await, PostingVerdict::HostLimit);
    assert_eq!(post(&world, program, &raw, many(5)).await, PostingVerdict::Taken);
}

#[tokio::test]
async fn each_is_listed_by_its_name_and_its_last_use_to_the_hour() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let secret = made(&world, &alice).await;
    let used = async || world.hub.app_passwords(&alice).await.unwrap().remove(0).last_used_at;
    assert_eq!(used().await, None);
    program(&world, &secret).await;
    let first = used().await.unwrap();
    world.clock.0.fetch_add(59 * 60 * 1000, Ordering::SeqCst);
    program(&world, &secret).await;
    assert_eq!(used().await, Some(first));
    world.clock.0.fetch_add(60 * 1000, Ordering::SeqCst);
    program(&world, &secret).await;
    assert_eq!(used().await, Some(first.plus_ms(60 * 60 * 1000)));
    for name in ["", " \t", "a\nb", &"x".repeat(101)] {
        assert!(
            matches!(world.hub.new_app_password(&alice, name).await, Err(AppPasswordError::Name)),
            "{name}"
        );
    }
    for _ in 1..APP_PASSWORDS_MAX {
        made(&world, &alice).await;
    }
    assert!(matches!(world.hub.new_app_password(&alice, "x").await, Err(AppPasswordError::TooMany)));
}
