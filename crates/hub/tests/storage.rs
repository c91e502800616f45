//! How much of the disk an account may use: counted to the byte, told in words, and never at the cost of a message.

use crate::support;
use bytes::Bytes;
use caliopen_connect::{
    DeliveryVerdict, Inbox, Outbox, Posting, PostingVerdict, ProgramSignIn, Protection, RecipientVerdict,
};
use caliopen_hub::limits::EMPTIED_MAX;
use caliopen_hub::{
    Access, Allowance, ConversationPatch, Emptied, HubError, ImportError, ImportWish, ObjectType, Reward,
    StorageView, Unlock,
};
use caliopen_model::{Cause, EmailAddress, Handle, Participant, Place, Protocol};
use caliopen_store::{Fault, FaultyStore, MemoryStore, Store};
use std::sync::Arc;
use support::{HERE, PASSWORD, World};

const ALICE: &str = "alice@example.org";
const BOB: &str = "bob@example.org";

/// No two are alike, and none shrinks to nothing: 400 letters of a linear congruential generator.
fn letter(number: u32) -> String {
    let next = |state: &u32| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    let noise = std::iter::successors(Some(number), next).skip(1).take(400);
    let noise: String = noise.map(|state| char::from(b'a' + (state >> 24) as u8 % 26)).collect();
    format!("From: eve@x.net\nTo: {ALICE}\nId: {number}\nSubject: {number}\n\n{noise}")
}

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

async fn used(world: &World, access: &Access) -> u64 {
    world.hub.storage(access).await.unwrap().used
}

/// Lets alice use as much as she does: she is full.
async fn fill(world: &World) -> StorageView {
    let used = world.hub.storage_of(&address(ALICE)).await.unwrap().used;
    world.hub.allow_storage(&address(ALICE), Allowance::Bytes(used)).await.unwrap()
}

#[tokio::test]
async fn what_comes_in_is_counted_and_what_goes_is_not() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    assert_eq!(used(&world, &alice).await, 0);
    world.deliver(&[ALICE], &letter(1)).await;
    let one = used(&world, &alice).await;
    assert!(one > 200, "{one}");
    world.deliver(&[ALICE], &letter(2)).await;
    let blob = world.hub.upload(&alice, "text/plain", Bytes::from(letter(3))).await.unwrap();
    assert!(used(&world, &alice).await > 2 * one);
    world.assert_sound().await;

    let conversation = world.list(&alice, Place::Inbox).await.remove(0);
    let message = world.messages(&alice, &conversation).await.remove(0).id;
    assert!(world.hub.destroy_message(&alice, message).await.unwrap());
    world.assert_sound().await;
    // A conversation that was in the bin for 30 days, and an upload that nothing used for one.
    let bin = ConversationPatch { place: Some(Place::Bin), ..ConversationPatch::default() };
    world.hub.update_conversation(&alice, conversation.id, &bin).await.unwrap();
    world.pass(31 * 24 * 60 * 60 * 1000);
    assert_eq!(world.hub.purge_bins().await.unwrap(), 1);
    world.assert_sound().await;
    let left = used(&world, &alice).await;
    let _another = world.hub.upload(&alice, "text/plain", Bytes::from(letter(3))).await.unwrap();
    assert_eq!(used(&world, &alice).await, left, "the new file took the place of the one of before: {blob}");
    world.assert_sound().await;
}

#[tokio::test]
async fn who_is_full_takes_nothing_more_until_there_is_room_and_loses_nothing() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    world.deliver(&[ALICE], &letter(1)).await;
    assert!(fill(&world).await.is_full());
    let handle = Handle::literal(Protocol::Email, ALICE);
    assert_eq!(world.hub.accepts(&handle).await, RecipientVerdict::MailboxFull);
    world.add(BOB).await;
    let verdicts = world.deliver(&[ALICE, BOB], &letter(2)).await;
    assert_eq!(verdicts, [DeliveryVerdict::MailboxFull, DeliveryVerdict::Stored]);
    let refused = world.hub.upload(&alice, "text/plain", "notes".into()).await;
    assert!(matches!(refused, Err(HubError::MailboxFull)));
    world.assert_sound().await;

    let message = world.messages(&alice, &world.list(&alice, Place::Inbox).await[0]).await.remove(0).id;
    world.hub.destroy_message(&alice, message).await.unwrap();
    assert_eq!(world.hub.accepts(&handle).await, RecipientVerdict::Accepted);
    assert_eq!(world.deliver(&[ALICE], &letter(2)).await, [DeliveryVerdict::Stored]);
    world.assert_sound().await;
}

#[tokio::test]
async fn whoever_is_not_full_takes_a_whole_message() {
    let world = World::new().await;
    world.deliver(&[ALICE], &letter(1)).await;
    let view = world.hub.storage_of(&address(ALICE)).await.unwrap();
    world.hub.allow_storage(&address(ALICE), Allowance::Bytes(view.used + 1)).await.unwrap();
    assert_eq!(world.deliver(&[ALICE], &letter(2)).await, [DeliveryVerdict::Stored], "one byte is room");
    assert_eq!(world.deliver(&[ALICE], &letter(3)).await, [DeliveryVerdict::MailboxFull]);
}

#[tokio::test(start_paused = true)]
async fn a_letter_to_somebody_here_who_is_full_waits_and_comes_once_there_is_room() {
    let world = World::new().await;
    world.deliver(&[ALICE], &letter(1)).await;
    fill(&world).await;
    world.add(BOB).await;
    let bob = world.sign_in(BOB).await;
    let to = Participant { name: None, handle: Handle::literal(Protocol::Email, ALICE) };
    let draft = support::draft(world.hub.identities(&bob).await.unwrap()[0].id, vec![to]);
    let id = world.hub.create_draft(&bob, draft).await.unwrap().id;
    let sent = world.hub.submit(&bob, id, None).await.unwrap().submission;
    world.work().await;
    let fate = world.hub.submissions(&bob, &[sent]).await.unwrap().remove(0).unwrap().recipients.remove(0);
    assert_eq!(fate.cause, Some(Cause::MailboxFull));
    world.hub.allow_storage(&address(ALICE), Allowance::Host).await.unwrap();
    world.pass(10 * 60 * 1000);
    world.work().await;
    let alice = world.sign_in(ALICE).await;
    assert_eq!(world.list(&alice, Place::Inbox).await.len(), 2);
}

#[tokio::test]
async fn who_is_full_writes_on_in_the_application_and_a_program_is_told() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    world.deliver(&[ALICE], &letter(1)).await;
    let secret = world.hub.new_app_password(&alice, "Phone").await.unwrap().secret;
    fill(&world).await;
    let bo = Participant { name: None, handle: Handle::literal(Protocol::Email, "bo@x.net") };
    let draft = support::draft(world.hub.identities(&alice).await.unwrap()[0].id, vec![bo]);
    let id = world.hub.create_draft(&alice, draft).await.unwrap().id;
    assert!(world.hub.submit(&alice, id, None).await.is_ok(), "an answer of some lines is never held up");
    let ProgramSignIn::Accepted(program) = world.hub.let_in(ALICE, &secret, HERE).await else { panic!() };
    let raw = Bytes::from(format!("From: {ALICE}\nTo: bo@x.net\nSubject: x\n\nFrom the phone."));
    let recipients = vec![Handle::literal(Protocol::Email, "bo@x.net")];
    let posting = Posting { program, recipients, raw, protection: Protection::EveryHost };
    assert_eq!(world.hub.post(posting).await, PostingVerdict::MailboxFull);
    world.assert_sound().await;
}

#[tokio::test]
async fn an_import_stops_where_the_room_ends_and_goes_on_from_there() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let file = |number| support::files::file("m.eml", 1_500_000_000_000, "S", letter(number).as_bytes());
    let bytes: Vec<u8> = (0..600).flat_map(file).collect();
    world.hub.allow_storage(&address(ALICE), Allowance::Bytes(50_000)).await.unwrap();
    let wish =
        ImportWish { name: "old.mbox".into(), bytes_total: Some(bytes.len() as u64), place: Place::Archive };
    let id = world.hub.begin_import(&alice, &wish).await.unwrap();
    let mut import = world.hub.import(&alice, id, 0).await.unwrap();
    let mut stopped = Ok(());
    for piece in bytes.chunks(10_000) {
        stopped = import.feed(piece).await;
        if stopped.is_err() {
            break;
        }
    }
    assert!(matches!(stopped, Err(ImportError::Hub(HubError::MailboxFull))), "{stopped:?}");
    import.end(false).await.unwrap();
    let view = world.hub.transfers(&alice, &[id]).await.unwrap().remove(0).unwrap();
    assert!(view.stored > 0 && view.stored < 600, "{view:?}");
    world.hub.allow_storage(&address(ALICE), Allowance::Unlimited).await.unwrap();
    let mut import = world.hub.import(&alice, id, view.resume_at).await.unwrap();
    import.feed(&bytes[usize::try_from(view.resume_at).unwrap()..]).await.unwrap();
    import.end(true).await.unwrap();
    let view = world.hub.transfers(&alice, &[id]).await.unwrap().remove(0).unwrap();
    assert_eq!(view.stored, 600);
    world.assert_sound().await;
}

#[tokio::test]
async fn quests_bring_room_also_while_their_person_is_away() {
    let world = World::new().await;
    world.hub.limit_storage(1_000);
    let gifts = [(1, 500), (1, 250), (2, 1_000_000)];
    world.hub.unlock_for_quests(
        gifts.map(|(quests, bytes)| Unlock { reward: Reward::Storage(bytes), quests }).into(),
    );
    let alice = world.sign_in(ALICE).await;
    let before = world.hub.storage(&alice).await.unwrap();
    assert_eq!((before.allowed, before.earned), (Some(1_000), 0));
    let code = world.hub.new_recovery_code(&alice, PASSWORD).await.unwrap();
    assert!(world.hub.confirm_recovery_code(&alice, &code).await.unwrap());
    let at_first = world.hub.states(&alice).await.unwrap().of(ObjectType::Quota);
    world.hub.coaching(&alice).await.unwrap();
    assert!(
        world.hub.states(&alice).await.unwrap().of(ObjectType::Quota) > at_first,
        "other devices hear of it"
    );
    world.hub.sign_out(&alice).await.unwrap();
    let after = world.hub.storage_of(&address(ALICE)).await.unwrap();
    assert_eq!((after.allowed, after.earned), (Some(1_750), 750));
    let own = world.hub.allow_storage(&address(ALICE), Allowance::Bytes(10)).await.unwrap();
    assert_eq!(own.allowed, Some(760), "what was earned is beside what the administrator says");
    let none = world.hub.allow_storage(&address(ALICE), Allowance::Unlimited).await.unwrap();
    assert_eq!((none.allowed, none.earned), (None, 0));
}

#[tokio::test]
async fn devices_hear_of_hundredths_not_of_each_message() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    world.hub.allow_storage(&address(ALICE), Allowance::Bytes(1_000_000)).await.unwrap();
    let state = async || world.hub.states(&alice).await.unwrap().of(ObjectType::Quota);
    let at_first = state().await;
    world.deliver(&[ALICE], &letter(1)).await;
    assert_eq!(state().await, at_first, "some hundred bytes of a million are no news");
    for number in 2..40 {
        world.deliver(&[ALICE], &letter(number)).await;
    }
    assert!(state().await > at_first);
}

#[tokio::test]
async fn nobody_has_the_storage_of_an_address_that_is_nobody_s() {
    let world = World::new().await;
    assert!(world.hub.storage_of(&address("nobody@example.org")).await.is_err());
    assert!(world.hub.allow_storage(&address("nobody@example.org"), Allowance::Unlimited).await.is_err());
}

#[tokio::test]
async fn a_bin_is_emptied_some_conversations_at_a_time_and_the_rest_stays() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    for number in 0..EMPTIED_MAX + 3 {
        let text = format!("From: p{number}@x.net\nTo: {ALICE}\nId: {number}\n\nHello");
        world.deliver(&[ALICE], &text).await;
    }
    let bin = ConversationPatch { place: Some(Place::Bin), ..ConversationPatch::default() };
    for conversation in world.list(&alice, Place::Inbox).await.iter().skip(1) {
        world.hub.update_conversation(&alice, conversation.id, &bin).await.unwrap();
    }
    let empty = async || world.hub.empty(&alice, Place::Bin).await.unwrap().unwrap();
    assert_eq!(empty().await, Emptied { removed: EMPTIED_MAX, finished: false });
    world.assert_sound().await;
    assert_eq!(empty().await, Emptied { removed: 2, finished: true });
    assert_eq!(empty().await, Emptied { removed: 0, finished: true });
    assert_eq!(world.list(&alice, Place::Inbox).await.len(), 1);
    assert_eq!(world.hub.empty(&alice, Place::Inbox).await.unwrap(), None, "nothing else is emptied");
    world.assert_sound().await;
}

#[tokio::test]
async fn a_commit_that_failed_leaves_no_full_mailbox_behind() {
    let store = Arc::new(FaultyStore::new(MemoryStore::default()));
    let world = World::on(Arc::clone(&store) as Arc<dyn Store>).await;
    world.hub.allow_storage(&address(ALICE), Allowance::Bytes(100)).await.unwrap();
    store.disturb(1, Fault::Full);
    assert_eq!(world.deliver(&[ALICE], &letter(1)).await, [DeliveryVerdict::StorageFull]);
    assert_eq!(world.hub.accepts(&Handle::literal(Protocol::Email, ALICE)).await, RecipientVerdict::Accepted);
    assert_eq!(world.deliver(&[ALICE], &letter(1)).await, [DeliveryVerdict::Stored]);
    world.assert_sound().await;
}
