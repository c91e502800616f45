//! Old mail comes in: each message once, where it was kept, and without a noise. And it goes out, whole.

use crate::support;
use caliopen_hub::{
    Access, ContactPatch, ConversationPatch, ExportKind, ExportOf, Hub, ImportError, ImportWish,
    MessagePatch, TransferState, TransferView,
};
use caliopen_model::{Direction, ImportanceReason, LabelColour, Place, Timestamp, TransferId, UnpackReason};
use proptest::prelude::*;
use std::collections::BTreeSet;
use support::World;
use support::files::file;

const ALICE: &str = "alice@example.org";
const OLD_MS: i64 = 1_500_000_000_000;

fn letter(from: &str, to: &str, subject: &str) -> Vec<u8> {
    format!("From: {from}\nTo: {to}\nId: {subject}@x\nSubject: {subject}\n\nText of {subject}.").into_bytes()
}

async fn begin(world: &World, access: &Access, bytes: &[u8]) -> TransferId {
    let total = Some(bytes.len() as u64);
    let wish = ImportWish { name: "old.mbox".to_owned(), bytes_total: total, place: Place::Inbox };
    world.hub.begin_import(access, &wish).await.expect("begins")
}

async fn bring_in(world: &World, access: &Access, bytes: &[u8]) -> TransferView {
    let id = begin(world, access, bytes).await;
    let mut import = world.hub.import(access, id, 0).await.expect("opens");
    for piece in bytes.chunks(50) {
        import.feed(piece).await.expect("reads");
    }
    import.end(true).await.expect("ends");
    view(world, access, id).await
}

async fn view(world: &World, access: &Access, id: TransferId) -> TransferView {
    world.hub.transfers(access, &[id]).await.expect("reads").remove(0).expect("is there")
}

async fn take_out(hub: &Hub, access: &Access) -> Vec<u8> {
    let mut export =
        hub.export(access, ExportKind::Archive).await.expect("begins").expect("nothing else runs");
    let mut bytes = Vec::new();
    while let Some(next) = export.next(hub, access).await.expect("goes on") {
        bytes.extend_from_slice(&next);
    }
    bytes
}

/// What stands where: place, title, people and count of each conversation, and of its messages the subject, the way,
/// the marks, the time, the index and the hidden recipients.
async fn picture(world: &World, access: &Access) -> BTreeSet<String> {
    let mut picture = BTreeSet::new();
    for place in [Place::Inbox, Place::Archive, Place::Bin] {
        for conversation in world.list(access, place).await {
            let people: Vec<&str> = conversation.people.iter().map(|person| person.name.as_str()).collect();
            let messages = world.messages(access, &conversation).await;
            let messages: Vec<String> = messages
                .iter()
                .map(|one| {
                    let bcc: Vec<String> = one.bcc.iter().map(|person| person.handle.to_string()).collect();
                    let marks = (one.seen, one.flagged, one.direction);
                    format!(
                        "{:?} {marks:?} {} {:?} {bcc:?}",
                        one.subject,
                        one.received_at.unix_ms(),
                        one.privacy
                    )
                })
                .collect();
            let (title, unread) = (&conversation.title, conversation.unread_count);
            let mut labels = Vec::new();
            for label in world.hub.labels(access).await.expect("reads") {
                labels.extend(conversation.labels.contains(&label.id).then_some(label.name));
            }
            let marks = (conversation.pinned, conversation.muted, labels);
            picture.insert(format!("{place:?} {title:?} {people:?} {unread} {marks:?} {messages:#?}"));
        }
    }
    let page = world.hub.export_vcards(access, ExportOf::Known, false, None).await.expect("reads");
    let mut cards: Vec<&str> = page.text.split("BEGIN:").collect();
    cards.sort_unstable();
    picture.insert(cards.concat());
    picture
}

#[tokio::test]
async fn old_mail_is_no_news_and_keeps_its_marks_its_time_and_its_place() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let received = letter("Ana <ana@example.net>", ALICE, "received");
    let sent = letter(ALICE, "Bo <bo@example.net>", "sent");
    let bytes = [
        file("garden/1.eml", OLD_MS, "-", &received),
        file("Archive/2.eml", OLD_MS + 1, "UF", &letter("cy@example.net", ALICE, "unread")),
        file("Sent/3.eml", OLD_MS + 2, "-", &sent),
        file("Trash/4.eml", OLD_MS + 3, "-", &letter("di@example.net", ALICE, "thrown away")),
        file("Brouillons/5.eml", OLD_MS + 4, "-", &letter(ALICE, "bo@example.net", "never sent")),
        file("broken", OLD_MS + 5, "-", b"?"),
    ]
    .concat();
    let report = bring_in(&world, &alice, &bytes).await;
    assert_eq!((report.state, report.stored, report.known, report.passed), (TransferState::Done, 4, 0, 2));
    let reasons: Vec<UnpackReason> = report.faults.iter().map(|(_, reason)| *reason).collect();
    assert_eq!(reasons, [UnpackReason::Draft, UnpackReason::Damaged]);

    let inbox = world.list(&alice, Place::Inbox).await;
    let [conversation] = inbox.as_slice() else { panic!("{inbox:?}") };
    let message = world.messages(&alice, conversation).await.remove(0);
    assert_eq!((message.seen, message.received_at), (true, Timestamp::from_unix_ms(OLD_MS)));
    assert!(!message.importance_reasons.contains(&ImportanceReason::FirstTimeSender));
    assert_eq!((conversation.unread_count, message.direction), (0, Direction::Received));
    let archive = world.list(&alice, Place::Archive).await;
    let subjects: BTreeSet<Option<&str>> = archive.iter().map(|one| one.subject.as_deref()).collect();
    assert_eq!(subjects, BTreeSet::from([Some("unread"), Some("sent")]));
    for conversation in &archive {
        let message = world.messages(&alice, conversation).await.remove(0);
        let is_sent = message.subject.as_deref() == Some("sent");
        assert_eq!((message.seen, message.flagged), (is_sent, !is_sent));
        assert_eq!(message.direction == Direction::Sent, is_sent);
    }
    assert_eq!(world.hub.purge_bin(alice.account()).await.expect("purges"), 0, "it is in the bin since now");
    world.assert_sound().await;
}

#[tokio::test]
async fn a_folder_of_ones_own_becomes_a_label_and_those_of_every_program_do_not() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let files: Vec<u8> = [("Work/Paris", "one"), ("work/paris", "two"), ("INBOX", "three")]
        .iter()
        .flat_map(|(folder, subject)| {
            let folder = folder.replace('/', "|");
            file(&format!("{folder}/1.eml"), OLD_MS, "-", &letter("ana@example.net", ALICE, subject))
        })
        .collect();
    bring_in(&world, &alice, &files).await;
    let labels = world.hub.labels(&alice).await.expect("reads");
    let names: Vec<&str> = labels.iter().map(|label| label.name.as_str()).collect();
    assert_eq!(names, ["Work|Paris"], "whatever its case");
    assert_eq!(labels[0].conversations, 1);
    world.assert_sound().await;
}

#[tokio::test]
async fn importing_again_stores_nothing_twice_and_what_was_removed_comes_back() {
    let world = World::new().await;
    world
        .deliver(&[ALICE], &String::from_utf8(letter("ana@example.net", ALICE, "arrived")).expect("text"))
        .await;
    let alice = world.sign_in(ALICE).await;
    let bytes = [
        file("1.eml", OLD_MS, "-", &letter("ana@example.net", ALICE, "arrived")),
        file("2.eml", OLD_MS, "-", &letter("ana@example.net", ALICE, "old")),
        file("3.eml", OLD_MS, "-", &letter("ana@example.net", ALICE, "old")),
    ]
    .concat();
    let report = bring_in(&world, &alice, &bytes).await;
    assert_eq!((report.stored, report.known), (1, 2), "what arrived by mail is known too");
    let report = bring_in(&world, &alice, &bytes).await;
    assert_eq!((report.stored, report.known), (0, 3));
    let conversation = world.list(&alice, Place::Inbox).await.remove(0);
    for message in world.messages(&alice, &conversation).await {
        world.hub.destroy_message(&alice, message.id).await.expect("removes");
    }
    let report = bring_in(&world, &alice, &bytes).await;
    assert_eq!((report.stored, report.known), (2, 1));
    world.assert_sound().await;
}

#[tokio::test]
async fn an_import_that_breaks_off_goes_on_where_it_says() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let letters: Vec<Vec<u8>> = (0..9)
        .map(|number| file("a.eml", OLD_MS, "-", &letter("ana@example.net", ALICE, &number.to_string())))
        .collect();
    let bytes = letters.concat();
    let id = begin(&world, &alice, &bytes).await;
    let mut import = world.hub.import(&alice, id, 0).await.expect("opens");
    world.pass(2_000);
    import.feed(&bytes[..bytes.len() / 2]).await.expect("reads");
    assert_eq!(view(&world, &alice, id).await.state, TransferState::Running);
    assert!(matches!(world.hub.import(&alice, id, 0).await, Err(ImportError::Busy | ImportError::Offset(_))));
    drop(import);
    world.assert_sound().await;

    let paused = view(&world, &alice, id).await;
    assert_eq!(paused.state, TransferState::Paused);
    assert!(
        matches!(world.hub.import(&alice, id, 1).await, Err(ImportError::Offset(at)) if at == paused.resume_at)
    );
    assert_eq!(begin(&world, &alice, &bytes).await, id, "the same file goes on");
    let mut import = world.hub.import(&alice, id, paused.resume_at).await.expect("goes on");
    let from = usize::try_from(paused.resume_at).expect("small");
    import.feed(&bytes[from..]).await.expect("reads");
    import.end(true).await.expect("ends");
    let report = view(&world, &alice, id).await;
    assert_eq!((report.state, report.stored + report.known), (TransferState::Done, 9));
    assert_eq!(report.resume_at, bytes.len() as u64);
    let conversation = world.list(&alice, Place::Inbox).await.remove(0);
    assert_eq!(conversation.message_count, 9);
    assert!(matches!(world.hub.import(&alice, id, report.resume_at).await, Err(ImportError::Over)));
}

#[tokio::test]
async fn an_import_that_is_cancelled_or_signed_out_stops_and_keeps_what_it_stored() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let bytes = file("a.eml", OLD_MS, "-", &letter("ana@example.net", ALICE, "one"));
    let id = begin(&world, &alice, &bytes).await;
    let mut import = world.hub.import(&alice, id, 0).await.expect("opens");
    world.pass(2_000);
    import.feed(&bytes).await.expect("reads");
    assert!(world.hub.cancel_transfer(&alice, id).await.expect("cancels"));
    assert!(matches!(import.end(true).await, Err(ImportError::Over)));
    assert_eq!(view(&world, &alice, id).await.state, TransferState::Cancelled);
    assert_eq!(world.list(&alice, Place::Inbox).await.len(), 1);

    let id = begin(&world, &alice, &bytes).await;
    let import = world.hub.import(&alice, id, 0).await.expect("opens");
    let other = world.sign_in(ALICE).await;
    world.hub.end_session(&other, alice.session()).await.expect("ends");
    assert!(matches!(import.end(true).await, Err(ImportError::SignedOut)));
}

#[tokio::test]
async fn what_is_exported_stands_in_another_account_as_it_stood_here() {
    let here = World::new().await;
    here.deliver(&[ALICE], &String::from_utf8(letter("Ana <ana@example.net>", ALICE, "one")).expect("text"))
        .await;
    here.deliver(&[ALICE], &String::from_utf8(letter("ana@example.net", ALICE, "two")).expect("text")).await;
    here.deliver(&[ALICE], &String::from_utf8(letter("bo@example.net", ALICE, "three")).expect("text")).await;
    let alice = here.sign_in(ALICE).await;
    bring_in(&here, &alice, &file("Sent/1.eml", OLD_MS, "-", &letter(ALICE, "cy@example.net", "sent"))).await;
    let travel = here.hub.create_label(&alice, "Travel", LabelColour::Red).await.expect("makes");
    let ana = ContactPatch {
        name: Some(Some("Ana M.".to_owned())),
        note: Some(Some("Plays the viola".to_owned())),
        ..ContactPatch::default()
    };
    for conversation in here.list(&alice, Place::Inbox).await {
        if conversation.subject.as_deref() == Some("three") {
            let patch = ConversationPatch {
                title: Some(Some("The garden".to_owned())),
                place: Some(Place::Archive),
                muted: Some(true),
                labels: vec![(travel, true)],
                ..ConversationPatch::default()
            };
            here.hub.update_conversation(&alice, conversation.id, &patch).await.expect("changes");
        } else {
            let contact = conversation.people[0].contact.expect("is somebody");
            here.hub.update_contact(&alice, contact, &ana).await.expect("changes");
            let pin = ConversationPatch { pinned: Some(true), ..ConversationPatch::default() };
            here.hub.update_conversation(&alice, conversation.id, &pin).await.expect("changes");
            let message = here.messages(&alice, &conversation).await.remove(0);
            let patch = MessagePatch { seen: Some(true), flagged: Some(true), left_at: None };
            here.hub.update_message(&alice, message.id, &patch).await.expect("changes");
        }
    }
    let archive = take_out(&here.hub, &alice).await;
    let there = World::new().await;
    there.pass(1_000_000);
    let access = there.sign_in(ALICE).await;
    let report = bring_in(&there, &access, &archive).await;
    assert_eq!((report.stored, report.passed), (4, 0), "{:?}", report.faults);
    assert_eq!(picture(&there, &access).await, picture(&here, &alice).await);
    there.assert_sound().await;
    let again = bring_in(&here, &alice, &archive).await;
    assert_eq!((again.stored, again.known), (0, 4), "it is all there already");
    let ids = here.hub.transfer_ids(&alice).await.expect("lists");
    let views = here.hub.transfers(&alice, &ids).await.expect("reads");
    assert!(
        views
            .iter()
            .flatten()
            .any(|one| one.is_export && one.state == TransferState::Done && one.stored == 4)
    );
}

fn mails() -> impl Strategy<Value = (Vec<Vec<u8>>, Vec<usize>)> {
    let folder = prop_oneof![Just("INBOX"), Just("Archive"), Just("Trash"), Just("garden")];
    let mail = (folder, 0u8..3, prop::option::of(0u8..2), 0usize..6, "[SUF]");
    prop::collection::vec(mail, 1..8).prop_flat_map(|mails| {
        let one = |(id, (folder, author, also, answers, marks)): (usize, (&str, u8, Option<u8>, usize, String))| {
            let also = also.map(|person| format!(", p{person}@example.net")).unwrap_or_default();
            let text = format!(
                "From: p{author}@example.net\nTo: {ALICE}{also}\nId: {id}@x\nRefs: {answers}@x\nSubject: {id}\n\nText."
            );
            file(&format!("{folder}/{id}.eml"), OLD_MS + id as i64, &marks, text.as_bytes())
        };
        let files: Vec<Vec<u8>> = mails.into_iter().enumerate().map(one).collect();
        let order: Vec<usize> = (0..files.len()).collect();
        (Just(files), Just(order).prop_shuffle())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_a_file_changes_nothing((files, order) in mails()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("starts");
        let picture_of = |files: Vec<u8>| runtime.block_on(async {
            let world = World::new().await;
            let alice = world.sign_in(ALICE).await;
            bring_in(&world, &alice, &files).await;
            world.assert_sound().await;
            picture(&world, &alice).await
        });
        let shuffled: Vec<u8> = order.iter().flat_map(|place| files[*place].clone()).collect();
        prop_assert_eq!(picture_of(files.concat()), picture_of(shuffled));
    }
}
