//! A message leaves: from a draft into its conversation, into the queue, and what becomes of it.

use crate::support;
use caliopen_connect::Protection;
use caliopen_hub::{
    Access, ConversationView, DraftError, Fate, SubmissionView, SubmitError, Submitted, TakenBack,
};
use caliopen_model::{
    Cause, CertificateFacts, CertificateStanding, Delivery, Direction, Draft, DraftId, Evidence, Handle,
    HopProof, HopSecurity, MessageId, Outcome, Participant, Place, Protocol, Timestamp, TlsFacts,
};
use std::collections::HashSet;
use std::sync::atomic::Ordering;
use support::{Post, World};

const ALICE: &str = "alice@example.org";
const BO: &str = "bo@x.net";
const SECOND: i64 = 1_000;

fn person(address: &str) -> Participant {
    Participant { name: None, handle: Handle::literal(Protocol::Email, address) }
}

async fn draft(world: &World, alice: &Access, to: &[&str]) -> Draft {
    let identity = world.hub.identities(alice).await.expect("reads").remove(0).id;
    support::draft(identity, to.iter().copied().map(person).collect())
}

async fn keep(world: &World, alice: &Access, draft: Draft) -> DraftId {
    world.hub.create_draft(alice, draft).await.expect("is kept").id
}

/// Writes to these people, with ten seconds to think again.
async fn send(world: &World, alice: &Access, to: &[&str]) -> Submitted {
    let id = keep(world, alice, draft(world, alice, to).await).await;
    let at = world.now().plus_ms(10 * SECOND);
    world.hub.submit(alice, id, Some(at)).await.expect("is accepted")
}

async fn alice() -> (World, Access) {
    let world = World::new().await;
    world.add("bob@example.org").await;
    let alice = world.sign_in(ALICE).await;
    (world, alice)
}

async fn fate(world: &World, alice: &Access, sent: Submitted) -> SubmissionView {
    let found = world.hub.submissions(alice, &[sent.submission]).await.expect("reads");
    found.into_iter().next().flatten().expect("is there")
}

#[tokio::test(start_paused = true)]
async fn a_sent_message_stands_in_its_conversation_and_leaves_when_its_time_has_come() {
    let (world, alice) = alice().await;
    let sent = send(&world, &alice, &[BO]).await;
    let list = world.list(&alice, Place::Inbox).await;
    assert_eq!((list.len(), list[0].id), (1, sent.conversation));
    assert_eq!((list[0].latest_direction, list[0].unread_count), (Direction::Sent, 0));
    assert_eq!(list[0].people[0].handle.address(), BO);
    world.work().await;
    assert!(world.post.carried.lock().unwrap().is_empty(), "ten seconds are not over");
    world.pass(11 * SECOND);
    world.work().await;
    let carried = world.post.carried.lock().unwrap().clone();
    assert_eq!((carried.len(), carried[0].recipients[0].address()), (1, BO));
    let view = fate(&world, &alice, sent).await;
    let recipient = &view.recipients[0];
    assert_eq!((recipient.fate, recipient.host.as_deref()), (Fate::Delivered, Some("mx.example.net")));
    assert_eq!(recipient.security, Some(HopSecurity::Opportunistic));
    world.work().await;
    assert_eq!(world.post.carried.lock().unwrap().len(), 1, "nothing leaves twice");
    world.assert_sound().await;
}

#[tokio::test(start_paused = true)]
async fn a_message_that_wants_proven_servers_alone_goes_no_other_way_and_says_so() {
    let (world, alice) = alice().await;
    let wish = Draft { requires_tls: true, ..draft(&world, &alice, &[BO]).await };
    let id = keep(&world, &alice, wish).await;
    assert!(world.hub.drafts(&alice, &[id]).await.unwrap().remove(0).unwrap().draft.requires_tls);
    let sent = world.hub.submit(&alice, id, None).await.unwrap();
    world.work().await;
    let carried = world.post.carried.lock().unwrap().remove(0);
    assert_eq!(carried.protection, Protection::EveryHost);
    assert!(fate(&world, &alice, sent).await.requires_tls);
}

#[tokio::test(start_paused = true)]
async fn how_it_was_handed_over_stands_with_each_recipient() {
    let (world, alice) = alice().await;
    let tls = TlsFacts {
        version: "TLSv1.3".to_owned(),
        cipher: "TLS_AES_256_GCM_SHA384".to_owned(),
        group: Some("X25519MLKEM768".to_owned()),
    };
    let certificate = CertificateFacts {
        standing: CertificateStanding::UnknownAuthority,
        key: Some([7; 32]),
        issuer: Some("Ca of x.net".to_owned()),
        validity: Some((Timestamp::from_unix_ms(1_000), Timestamp::from_unix_ms(9_000))),
    };
    let delivery = Delivery {
        host: "mx.x.net".to_owned(),
        security: HopSecurity::Authenticated,
        proof: Some(HopProof::Dane),
        tls: Some(tls.clone()),
        certificate: Some(certificate.clone()),
    };
    world.post.answer("x.net", Outcome::Delivered(delivery));
    let draft = draft(&world, &alice, &[BO]).await;
    let id = keep(&world, &alice, draft).await;
    let sent = world.hub.submit(&alice, id, None).await.unwrap();
    world.work().await;
    let recipient = fate(&world, &alice, sent).await.recipients.remove(0);
    assert_eq!((recipient.proof, recipient.tls), (Some(HopProof::Dane), Some(tls)));
    assert_eq!(recipient.certificate, Some(certificate));
}

#[tokio::test(start_paused = true)]
async fn a_message_taken_back_in_time_is_a_draft_again_and_never_leaves() {
    let (world, alice) = alice().await;
    let sent = send(&world, &alice, &[BO]).await;
    assert!(world.hub.draft_ids(&alice).await.unwrap().is_empty());
    let TakenBack::Draft(id) = world.hub.take_back(&alice, sent.submission).await.unwrap() else {
        unreachable!("ten seconds are not over")
    };
    let back = world.hub.drafts(&alice, &[id]).await.unwrap().remove(0).expect("is there");
    assert_eq!(back.draft.text, "See you there.");
    assert!(world.list(&alice, Place::Inbox).await.is_empty());
    world.pass(60 * SECOND);
    world.work().await;
    assert!(world.post.carried.lock().unwrap().is_empty());
    world.assert_sound().await;
}

#[tokio::test(start_paused = true)]
async fn what_has_left_cannot_be_taken_back() {
    let (world, alice) = alice().await;
    let sent = send(&world, &alice, &[BO]).await;
    world.pass(11 * SECOND);
    assert_eq!(world.hub.take_back(&alice, sent.submission).await.unwrap(), TakenBack::TooLate);
}

#[tokio::test(start_paused = true)]
async fn a_deferred_recipient_is_tried_again_and_the_others_are_not() {
    let (world, alice) = alice().await;
    world.post.answer("busy.net", Outcome::Deferred(Post::trouble(Cause::Busy, "4.3.2")));
    let sent = send(&world, &alice, &[BO, "ana@busy.net"]).await;
    world.pass(11 * SECOND);
    world.work().await;
    let view = fate(&world, &alice, sent).await;
    let fates: Vec<Fate> = view.recipients.iter().map(|recipient| recipient.fate).collect();
    assert_eq!(fates, [Fate::Delivered, Fate::Deferred]);
    assert_eq!(view.recipients[1].cause, Some(Cause::Busy));
    assert!(view.recipients[1].next_try_at.is_some());
    world.pass(61 * SECOND);
    world.work().await;
    let view = fate(&world, &alice, sent).await;
    assert!(view.recipients.iter().all(|recipient| recipient.fate == Fate::Delivered));
    assert_eq!(world.post.carried.lock().unwrap().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn the_queue_gives_up_after_five_days_and_says_so() {
    let (world, alice) = alice().await;
    let sent = send(&world, &alice, &["ana@dead.net"]).await;
    world.pass(11 * SECOND);
    for _ in 0..60 {
        world.post.answer("dead.net", Outcome::Deferred(Post::trouble(Cause::Unreachable, "4.4.1")));
    }
    for _ in 0..40 {
        world.work().await;
        world.pass(4 * 60 * 60 * SECOND);
        if fate(&world, &alice, sent).await.recipients[0].fate == Fate::Failed {
            break;
        }
    }
    let view = fate(&world, &alice, sent).await;
    assert_eq!((view.recipients[0].fate, view.recipients[0].cause), (Fate::Failed, Some(Cause::Expired)));
    assert!(view.recipients[0].attempts > 20);
}

#[tokio::test(start_paused = true)]
async fn a_message_that_may_have_arrived_is_sent_once_more_and_not_for_five_days() {
    let (world, alice) = alice().await;
    for cause in [Cause::AnswerLost, Cause::Unreachable, Cause::AnswerLost] {
        world.post.answer("torn.net", Outcome::Deferred(Post::trouble(cause, "4.4.2")));
    }
    let sent = send(&world, &alice, &["ana@torn.net"]).await;
    world.pass(11 * SECOND);
    for expected in [Fate::Deferred, Fate::Deferred, Fate::Failed, Fate::Failed] {
        world.work().await;
        let recipient = fate(&world, &alice, sent).await.recipients.remove(0);
        assert_eq!((recipient.fate, recipient.cause), (expected, Some(Cause::AnswerLost)));
        world.pass(4 * 60 * 60 * SECOND);
    }
    assert_eq!(world.post.carried.lock().unwrap().len(), 3, "two with the message, one that reached nobody");
}

#[tokio::test(start_paused = true)]
async fn a_message_to_somebody_of_this_server_never_leaves_it() {
    let (world, alice) = alice().await;
    let sent = send(&world, &alice, &["bob@example.org"]).await;
    world.pass(11 * SECOND);
    world.work().await;
    assert!(world.post.carried.lock().unwrap().is_empty());
    let recipient = fate(&world, &alice, sent).await.recipients.remove(0);
    assert_eq!((recipient.fate, recipient.security), (Fate::Delivered, Some(HopSecurity::SameServer)));
    let bob = world.sign_in("bob@example.org").await;
    let list = world.list(&bob, Place::Inbox).await;
    assert_eq!((list.len(), list[0].people[0].handle.address()), (1, ALICE));
    let nobody = send(&world, &alice, &["nobody@example.org"]).await;
    world.pass(11 * SECOND);
    world.work().await;
    let recipient = fate(&world, &alice, nobody).await.recipients.remove(0);
    assert_eq!((recipient.fate, recipient.cause), (Fate::Failed, Some(Cause::NoSuchRecipient)));
    world.work().await;
    let told = world.list(&alice, Place::Inbox).await;
    let is_sent = |one: &ConversationView| one.latest_direction == Direction::Sent;
    assert!(told.iter().all(is_sent), "the message itself says it, and no mail: {told:?}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_carries_on_the_chain_in_the_same_conversation() {
    let (world, alice) = alice().await;
    world.deliver(&[ALICE], "From: bo@x.net\nTo: alice@example.org\nId: 2@x\nRefs: 1@x\n\nWhen?").await;
    let conversation = world.list(&alice, Place::Inbox).await.remove(0);
    let answered: MessageId = conversation.latest_message;
    let answer = Draft { answers: Some(answered), ..draft(&world, &alice, &[BO]).await };
    let id = keep(&world, &alice, answer).await;
    let sent = world.hub.submit(&alice, id, None).await.expect("is accepted");
    assert_eq!(sent.conversation, conversation.id);
    world.work().await;
    let raw = world.post.carried.lock().unwrap()[0].raw.clone();
    assert!(String::from_utf8_lossy(&raw).contains("Refs: 1@x 2@x"), "{raw:?}");
    let messages = world.messages(&alice, &conversation).await;
    assert_eq!(messages[0].segment, messages[1].segment);
    assert_eq!(messages[1].sending, Some(Fate::Delivered));
}

#[tokio::test(start_paused = true)]
async fn hidden_recipients_receive_and_stand_in_no_header() {
    let (world, alice) = alice().await;
    let secret = Draft { bcc: vec![person("eve@y.net")], ..draft(&world, &alice, &[BO]).await };
    let id = keep(&world, &alice, secret).await;
    let sent = world.hub.submit(&alice, id, None).await.expect("is accepted");
    world.work().await;
    let carried = world.post.carried.lock().unwrap().clone();
    assert_eq!(carried.len(), 2, "a transaction of its own for each destination");
    assert!(carried.iter().all(|dispatch| !String::from_utf8_lossy(&dispatch.raw).contains("eve@")));
    let conversation = world.list(&alice, Place::Inbox).await.remove(0);
    assert_eq!((conversation.id, conversation.people.len()), (sent.conversation, 2));
    let message = world.messages(&alice, &conversation).await.remove(0);
    assert_eq!(message.bcc[0].handle.address(), "eve@y.net");
}

#[tokio::test(start_paused = true)]
async fn a_draft_changed_elsewhere_is_not_overwritten() {
    let (world, alice) = alice().await;
    let first = draft(&world, &alice, &[BO]).await;
    let id = keep(&world, &alice, first.clone()).await;
    let text = |text: &str| Draft { text: text.to_owned(), ..first.clone() };
    let kept = world.hub.update_draft(&alice, id, Some(1), text("from the phone")).await.unwrap();
    assert_eq!(kept.expect("is there").revision, 2);
    let refused = world.hub.update_draft(&alice, id, Some(1), text("from the desk")).await;
    assert!(matches!(refused, Err(DraftError::Conflict)));
    let stored = world.hub.drafts(&alice, &[id]).await.unwrap().remove(0).expect("is there");
    assert_eq!(stored.draft.text, "from the phone");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_sent_stays_a_draft_and_says_why() {
    let (world, alice) = alice().await;
    let nobody = keep(&world, &alice, draft(&world, &alice, &[]).await).await;
    let refused = world.hub.submit(&alice, nobody, None).await;
    assert!(matches!(refused, Err(SubmitError::NoRecipients)));
    let broken = keep(&world, &alice, draft(&world, &alice, &["a\u{1}b@x.net"]).await).await;
    let refused = world.hub.submit(&alice, broken, None).await;
    assert!(matches!(refused, Err(SubmitError::InvalidRecipient(_))));
    let many: Vec<String> = (0..10_000).map(|number| format!("p{number}@x.net")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let refused = world.hub.create_draft(&alice, draft(&world, &alice, &many).await).await;
    assert!(matches!(refused, Err(DraftError::TooManyRecipients)));
    assert_eq!(world.hub.draft_ids(&alice).await.unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_upload_that_a_draft_names_outlives_its_day_and_leaves_with_the_message() {
    let (world, alice) = alice().await;
    let blob = world.hub.upload(&alice, "text/plain", "notes".into()).await.expect("is kept");
    let file = caliopen_model::DraftFile {
        blob,
        part: None,
        name: Some("notes.txt".to_owned()),
        media_type: "text/plain".to_owned(),
        size_bytes: 0,
        content_id: None,
    };
    let with_file = Draft { files: vec![file], ..draft(&world, &alice, &[BO]).await };
    let id = keep(&world, &alice, with_file).await;
    world.clock.0.fetch_add(3 * 24 * 60 * 60 * SECOND, Ordering::SeqCst);
    world.hub.upload(&alice, "text/plain", "another".into()).await.expect("is kept");
    let stored = world.hub.drafts(&alice, &[id]).await.unwrap().remove(0).expect("is there");
    assert_eq!(stored.draft.files[0].size_bytes, 5);
    world.hub.submit(&alice, id, None).await.expect("the file is still there");
    world.work().await;
    let raw = world.post.carried.lock().unwrap()[0].raw.clone();
    assert!(String::from_utf8_lossy(&raw).contains("File: text/plain; clean=yes"), "{raw:?}");
}

#[tokio::test(start_paused = true)]
async fn files_keep_their_metadata_only_when_that_is_asked_for() {
    let (world, alice) = alice().await;
    let blob = world.hub.upload(&alice, "image/jpeg", "a picture".into()).await.expect("is kept");
    let file = caliopen_model::DraftFile {
        blob,
        part: None,
        name: None,
        media_type: "image/jpeg".to_owned(),
        size_bytes: 0,
        content_id: None,
    };
    let asked = Draft { files: vec![file], keep_metadata: true, ..draft(&world, &alice, &[BO]).await };
    let id = keep(&world, &alice, asked).await;
    world.hub.submit(&alice, id, None).await.expect("is accepted");
    world.work().await;
    let raw = world.post.carried.lock().unwrap()[0].raw.clone();
    assert!(String::from_utf8_lossy(&raw).contains("File: image/jpeg\n"), "{raw:?}");
}

#[tokio::test(start_paused = true)]
async fn a_report_that_comes_back_later_is_told_on_the_message() {
    let (world, alice) = alice().await;
    let sent = send(&world, &alice, &[BO, "ana@y.net"]).await;
    world.pass(11 * SECOND);
    world.work().await;
    let carried = world.post.carried.lock().unwrap()[0].clone();
    let return_path = carried.reverse_path.expect("a message has a return path");
    assert!(return_path.address().starts_with("alice+b-q"), "{return_path}");
    let report = format!("From: daemon@x.net\nTo: {return_path}\nAuto: yes\nFailed: {BO}\n\nSorry.");
    world.deliver(&[return_path.address()], &report).await;
    let view = fate(&world, &alice, sent).await;
    let fates: Vec<Fate> = view.recipients.iter().map(|recipient| recipient.fate).collect();
    assert_eq!(fates, [Fate::Failed, Fate::Delivered]);
    assert_eq!(view.recipients[0].cause, Some(Cause::NoSuchRecipient));
    let list = world.list(&alice, Place::Inbox).await;
    assert_eq!(list.len(), 2, "the report itself is kept");
    world.assert_sound().await;
}

#[tokio::test(start_paused = true)]
async fn a_report_that_nobody_was_asked_for_tells_nothing() {
    let (world, alice) = alice().await;
    let sent = send(&world, &alice, &[BO]).await;
    world.pass(11 * SECOND);
    world.work().await;
    let guess = format!("alice+b-{}-0123456789abcdef@example.org", sent.submission);
    for recipient in [ALICE, guess.as_str()] {
        let report = format!("From: daemon@x.net\nTo: {recipient}\nAuto: yes\nFailed: {BO}\n\nSorry.");
        world.deliver(&[recipient], &report).await;
    }
    assert_eq!(fate(&world, &alice, sent).await.recipients[0].fate, Fate::Delivered);
}

#[tokio::test(start_paused = true)]
async fn what_is_expected_for_somebody_of_this_server_is_what_is_found_once_it_is_sent() {
    let (world, alice) = alice().await;
    let bob = person("bob@example.org").handle;
    let expected = world.hub.outlooks(&alice, &[bob]).await.expect("answers").remove(0);
    let sent = send(&world, &alice, &["bob@example.org"]).await;
    world.pass(11 * SECOND);
    world.work().await;
    let found =
        world.hub.messages(&alice, &[sent.message]).await.expect("reads").remove(0).expect("is there");
    let facts = |evidence: Vec<Evidence>| evidence.into_iter().collect::<HashSet<Evidence>>();
    assert_eq!(facts(expected.evidence), facts(found.evidence));
}
