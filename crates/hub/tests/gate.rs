//! What is private is not shown on a device, or a network, that is too weak for it, and there is always a way back.

use crate::support;
use caliopen_hub::{
    Access, Asking, Client, ConversationPatch, DevicePatch, DraftError, Enrolment, ExportKind, GateError,
    HubError, Proof, Question, Scope, SubmitError,
};
use caliopen_model::{BlobId, Draft, Level, MessageId, Network, Place};
use caliopen_privacy::gate::Thresholds;
use caliopen_privacy::software::Software;
use caliopen_vault::DevicePair;
use support::{HERE, PASSWORD, World};

const ALICE: &str = "alice@example.org";
const WORDS: &[u8] = b"GET /somewhere";
const SECRET: &str = "the harbour at midnight";

/// A browser of alice's, which is enrolled: its index is 20 where its network is not known.
struct Browser {
    pair: DevicePair,
    token: String,
    id: caliopen_model::DeviceId,
}

impl Browser {
    async fn sign_in(world: &World, is_shared: bool) -> Self {
        let mut next = u8::from(is_shared) + 1;
        let pair = DevicePair::generate(&mut |bytes: &mut [u8]| {
            bytes.fill(next);
            next = next.wrapping_add(2);
        });
        let device = Some(Enrolment { keys: pair.keys().clone(), is_shared, software: Software::default() });
        let client = Client { name: "a browser".to_owned(), device };
        let signed_in = world.hub.sign_in(ALICE, PASSWORD, client, HERE).await.unwrap();
        Self { pair, token: signed_in.token.to_string(), id: signed_in.device.unwrap() }
    }

    async fn open(&self, world: &World, from: Option<&str>) -> Access {
        let signature = self.pair.sign(WORDS);
        let proof = Proof { words: WORDS, at: world.hub.now(), signature: &signature };
        let from = from.map(|address| address.parse().unwrap());
        let asking = Asking { proof: Some(proof), from, ..Asking::default() };
        world.hub.unlock(&self.token, &asking).await.unwrap().unwrap()
    }
}

/// Alice has a postcard, and a message of each of the three levels that the gate knows.
async fn world() -> World {
    let world = World::new().await;
    for (name, seal) in
        [("ana", ""), ("bo", "Sealed: new\n"), ("cy", "Sealed: known\n"), ("di", "Sealed: private\n")]
    {
        let text =
            format!("From: {name}@example.net\nTo: {ALICE}\nSubject: {SECRET}, {name}\n{seal}\n{SECRET}\n");
        world.deliver(&[ALICE], &text).await;
    }
    world
}

/// Who wrote what is held back.
async fn held(world: &World, access: &Access) -> String {
    let mut held = String::new();
    for conversation in world.list(access, Place::Inbox).await {
        let author = conversation.people[0].handle.address().chars().next().unwrap();
        let message = world.messages(access, &conversation).await.remove(0);
        let says = [conversation.subject.clone().unwrap_or_default(), conversation.excerpt.clone()].concat();
        assert_eq!(says.contains(SECRET), !conversation.hidden, "{conversation:?}");
        let says = [message.subject.clone().unwrap_or_default(), message.excerpt.clone()].concat();
        assert_eq!(says.contains(SECRET), !message.hidden, "{message:?}");
        assert_eq!(message.hidden, conversation.hidden);
        if message.hidden {
            held.push(author);
        }
    }
    held
}

async fn find(world: &World, access: &Access) -> (usize, Option<u64>, bool) {
    let question = Question { text: "harbour".to_owned(), utc_offset_minutes: 0, is_typing: false };
    let found = world.hub.search(access, &question, Scope::Messages, 0, 50).await.unwrap();
    (found.page.len(), found.total, found.leaves_out)
}

#[tokio::test]
async fn each_level_asks_for_its_device_and_what_is_held_back_keeps_its_place() {
    let world = world().await;
    let program = world.sign_in(ALICE).await;
    assert_eq!(held(&world, &program).await, "dcb", "a program without keys sees postcards");
    let browser = Browser::sign_in(&world, false).await;
    assert_eq!(held(&world, &browser.open(&world, None).await).await, "dc", "an enrolled browser");
    let at_home = Some("192.0.2.7");
    let home = DevicePatch { network: Some(Network::Known), ..DevicePatch::default() };
    let access = browser.open(&world, at_home).await;
    assert!(world.hub.change_device(&access, browser.id, &home).await.unwrap());
    assert_eq!(held(&world, &browser.open(&world, at_home).await).await, "d", "at home");
    assert_eq!(held(&world, &browser.open(&world, Some("198.51.100.7")).await).await, "dc", "elsewhere");
}

#[tokio::test]
async fn a_search_finds_nothing_of_what_is_held_back_and_does_not_count_it() {
    let world = world().await;
    let browser = Browser::sign_in(&world, false).await;
    assert_eq!(find(&world, &browser.open(&world, None).await).await, (2, Some(2), true));
    let program = world.sign_in(ALICE).await;
    assert_eq!(find(&world, &program).await, (1, Some(1), true));
    let ids = all_messages(&world, &program).await;
    let question = Question { text: "harbour".to_owned(), utc_offset_minutes: 0, is_typing: false };
    let snippets = world.hub.snippets(&program, &question, &ids).await.unwrap();
    assert_eq!(snippets.iter().flatten().count(), 1);
}

#[tokio::test]
async fn no_way_leads_to_the_bytes_of_what_is_held_back() {
    let world = world().await;
    let program = world.sign_in(ALICE).await;
    let mut shown = 0;
    for id in all_messages(&world, &program).await {
        let blob = BlobId::from_bytes(*id.as_bytes());
        let message = world.hub.messages(&program, &[id]).await.unwrap().remove(0).unwrap();
        let raw = world.hub.raw(&program, blob).await;
        let reading = world.hub.reading(&program, id).await;
        let part = world.hub.part(&program, blob, caliopen_model::PartId(1)).await;
        if message.hidden {
            assert!(message.parts.is_empty());
            assert!(matches!(raw, Err(HubError::Hidden)) && matches!(reading, Err(HubError::Hidden)));
            assert!(matches!(part, Err(HubError::Hidden)));
        } else {
            shown += 1;
            assert!(raw.unwrap().is_some() && reading.unwrap().is_some() && part.unwrap().is_none());
        }
    }
    assert_eq!(shown, 1);
}

#[tokio::test]
async fn a_draft_that_quotes_what_is_held_back_is_held_back_and_not_written_over_nor_sent() {
    let world = world().await;
    let home = at_home(&world).await;
    let answered = newest_of(&world, &home, "cy").await;
    let identity = world.hub.identities(&home).await.unwrap()[0].id;
    let draft = Draft {
        answers: Some(answered),
        subject: SECRET.to_owned(),
        text: SECRET.to_owned(),
        ..support::draft(identity, Vec::new())
    };
    let kept = world.hub.create_draft(&home, draft.clone()).await.unwrap();
    let program = world.sign_in(ALICE).await;
    let seen = world.hub.drafts(&program, &[kept.id]).await.unwrap().remove(0).unwrap();
    assert!(seen.hidden && seen.draft.text.is_empty() && seen.draft.subject.is_empty());
    let written = world.hub.update_draft(&program, kept.id, None, seen.draft).await;
    assert!(matches!(written, Err(DraftError::Hidden)));
    assert!(matches!(world.hub.create_draft(&program, draft).await, Err(DraftError::Hidden)));
    assert!(matches!(world.hub.submit(&program, kept.id, None).await, Err(SubmitError::Hidden)));
    let still = world.hub.drafts(&home, &[kept.id]).await.unwrap().remove(0).unwrap();
    assert_eq!((still.draft.text.as_str(), still.hidden), (SECRET, false));
}

#[tokio::test]
async fn an_export_leaves_out_what_is_held_back_and_says_how_much() {
    let world = world().await;
    let browser = Browser::sign_in(&world, false).await;
    let access = browser.open(&world, None).await;
    let mut export = world.hub.export(&access, ExportKind::Archive).await.unwrap().unwrap();
    let mut bytes = Vec::new();
    while let Some(piece) = export.next(&world.hub, &access).await.unwrap() {
        bytes.extend_from_slice(&piece);
    }
    drop(export);
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains(&format!("{SECRET}, bo")) && !text.contains(&format!("{SECRET}, cy")));
    let ids = world.hub.transfer_ids(&access).await.unwrap();
    let transfer = world.hub.transfers(&access, &ids).await.unwrap().remove(0).unwrap();
    assert_eq!((transfer.stored, transfer.passed), (2, 2));
}

#[tokio::test]
async fn a_user_asks_for_more_where_there_is_a_way_back_and_for_less_where_nothing_is_held_back() {
    let world = world().await;
    let browser = Browser::sign_in(&world, false).await;
    let access = browser.open(&world, None).await;
    let change = async |wished: Thresholds| {
        world.hub.change_thresholds(&browser.open(&world, None).await, wished).await.unwrap()
    };
    let strict = Thresholds::wished(30, 40, 60);
    assert_eq!(change(strict).await, Err(GateError::NoWayBack), "the recovery code is not confirmed");
    let code = world.hub.new_recovery_code(&access, PASSWORD).await.unwrap();
    assert!(world.hub.confirm_recovery_code(&access, &code).await.unwrap());
    assert_eq!(change(strict).await, Ok(()));
    let gate = world.hub.gate(&browser.open(&world, None).await).await.unwrap();
    assert_eq!(gate.thresholds, strict);
    assert_eq!(
        (gate.device.score(), gate.hides.as_slice()),
        (20, &[Level::Sealed, Level::SealedAndKnown, Level::Private][..])
    );
    assert_eq!(held(&world, &browser.open(&world, None).await).await, "dcb");
    assert_eq!(change(Thresholds::DEFAULT).await, Err(GateError::Held));
    assert_eq!(change(Thresholds::wished(50, 50, 60)).await, Ok(()), "more is always taken");
}

/// Alice on a device that sees everything.
async fn at_home(world: &World) -> Access {
    let browser = Browser::sign_in(world, false).await;
    let access = browser.open(world, Some("192.0.2.7")).await;
    let home = DevicePatch { network: Some(Network::Known), ..DevicePatch::default() };
    assert!(world.hub.change_device(&access, browser.id, &home).await.unwrap());
    browser.open(world, Some("192.0.2.7")).await
}

async fn newest_of(world: &World, access: &Access, name: &str) -> MessageId {
    let list = world.list(access, Place::Inbox).await;
    let of = list.iter().find(|one| one.people[0].handle.address().starts_with(name)).unwrap();
    of.latest_message
}

async fn all_messages(world: &World, access: &Access) -> Vec<MessageId> {
    world.list(access, Place::Inbox).await.into_iter().map(|one| one.latest_message).collect()
}

#[tokio::test]
async fn what_may_not_be_read_is_not_destroyed_and_can_still_be_put_away() {
    let world = world().await;
    let browser = Browser::sign_in(&world, false).await;
    let access = browser.open(&world, None).await;
    let bin = ConversationPatch { place: Some(Place::Bin), ..ConversationPatch::default() };
    let all = world.list(&access, Place::Inbox).await;
    let hidden = all.iter().find(|one| one.hidden).unwrap();
    let message = world.messages(&access, hidden).await.remove(0).id;
    assert!(matches!(world.hub.destroy_message(&access, message).await, Err(HubError::Hidden)));
    for one in &all {
        assert!(
            world.hub.update_conversation(&access, one.id, &bin).await.unwrap(),
            "that can be taken back"
        );
    }
    assert!(matches!(world.hub.empty(&access, Place::Bin).await, Err(HubError::Hidden)));
    assert_eq!(world.list(&access, Place::Bin).await.len(), all.len(), "nothing of it went");
    let code = world.hub.new_recovery_code(&access, PASSWORD).await.unwrap();
    assert!(world.hub.confirm_recovery_code(&access, &code).await.unwrap());
    world.hub.step_up_by_recovery_code(&access, &code).await.unwrap();
    let open = browser.open(&world, None).await;
    assert_eq!(world.hub.empty(&open, Place::Bin).await.unwrap().map(|done| done.removed), Some(all.len()));
    world.assert_sound().await;
}
