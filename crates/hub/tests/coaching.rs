//! Quests are done once, by what is there; they promise what comes true, and nobody is pressed.

use crate::support;
use caliopen_hub::{Access, CoachingPatch, CoachingView, ObjectType, QuestState, Reward, Unlock};
use caliopen_model::{Delivery, Handle, HopProof, HopSecurity, Outcome, Participant, Protocol};
use caliopen_privacy::quests::Quest;
use caliopen_privacy::user;
use support::{PASSWORD, World};

const ALICE: &str = "alice@example.org";

async fn coaching(world: &World, access: &Access) -> CoachingView {
    world.hub.coaching(access).await.unwrap()
}

fn state(view: &CoachingView, wanted: Quest) -> Option<QuestState> {
    view.quests.iter().find(|(quest, _)| *quest == wanted).map(|(_, state)| *state)
}

async fn confirm_code(world: &World, access: &Access) {
    let code = world.hub.new_recovery_code(access, PASSWORD).await.unwrap();
    assert!(world.hub.confirm_recovery_code(access, &code).await.unwrap());
}

/// A message that is delivered to bo in this way.
async fn send(world: &World, from: &Access, security: HopSecurity, proof: Option<HopProof>) {
    let delivery = Delivery { host: "mx.x.net".to_owned(), security, proof, tls: None, certificate: None };
    world.post.answer("x.net", Outcome::Delivered(delivery));
    let bo = Participant { name: None, handle: Handle::literal(Protocol::Email, "bo@x.net") };
    let draft = support::draft(world.hub.identities(from).await.unwrap()[0].id, vec![bo]);
    let id = world.hub.create_draft(from, draft).await.unwrap().id;
    world.hub.submit(from, id, None).await.unwrap();
    world.work().await;
}

#[tokio::test]
async fn a_quest_keeps_its_promise_is_dated_and_stays_done() {
    let world = World::new().await;
    world.hub.unlock_for_quests(vec![Unlock { reward: Reward::Theme("harbour".to_owned()), quests: 1 }]);
    let alice = world.sign_in(ALICE).await;
    let before = coaching(&world, &alice).await;
    let Some(QuestState::Open { projected: Some(promised) }) = state(&before, Quest::RecoveryCode) else {
        panic!("{before:?}")
    };
    assert!(!before.unlocks[0].1);
    let at_first = world.hub.states(&alice).await.unwrap().of(ObjectType::Coaching);
    confirm_code(&world, &alice).await;
    let after = coaching(&world, &alice).await;
    assert_eq!(state(&after, Quest::RecoveryCode), Some(QuestState::Done(world.now())));
    let evidence = world.hub.user_privacy(&alice).await.unwrap().evidence;
    assert_eq!((after.yours, user::assess(&evidence).yours), (Some(promised), Some(promised)));
    assert!(after.unlocks[0].1, "one quest was enough");
    assert!(world.hub.states(&alice).await.unwrap().of(ObjectType::Coaching) > at_first, "others are told");
    let found = world.now();
    world.pass(1_000);
    let _unconfirmed = world.hub.new_recovery_code(&alice, PASSWORD).await.unwrap();
    assert_eq!(state(&coaching(&world, &alice).await, Quest::RecoveryCode), Some(QuestState::Done(found)));
    assert!(matches!(after.quests.last(), Some((Quest::RecoveryCode, _))), "what is done comes last");
}

#[tokio::test]
async fn whoever_wants_none_of_it_says_so_once() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    let change = async |patch: CoachingPatch| world.hub.change_coaching(&alice, &patch).await.unwrap();
    change(CoachingPatch { aside: Some(vec![Quest::Passkey]), ..CoachingPatch::default() }).await;
    change(CoachingPatch { is_muted: Some(true), ..CoachingPatch::default() }).await;
    let view = coaching(&world, &alice).await;
    assert!(view.is_muted);
    assert_eq!(state(&view, Quest::Passkey), Some(QuestState::Aside));
    change(CoachingPatch { is_muted: Some(false), aside: Some(Vec::new()), invited: None }).await;
    let view = coaching(&world, &alice).await;
    assert!(!view.is_muted && matches!(state(&view, Quest::Passkey), Some(QuestState::Open { .. })));
}

#[tokio::test(start_paused = true)]
async fn an_invitation_counts_once_it_helped() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    assert_eq!(state(&coaching(&world, &alice).await, Quest::Invite), None, "nobody is written to");
    send(&world, &alice, HopSecurity::Clear, None).await;
    let view = coaching(&world, &alice).await;
    assert_eq!(state(&view, Quest::Invite), Some(QuestState::Open { projected: None }));
    let bo = view.invite.expect("somebody is written to on postcards");
    let invited = CoachingPatch { invited: Some(bo), ..CoachingPatch::default() };
    world.hub.change_coaching(&alice, &invited).await.unwrap();
    assert_eq!(
        state(&coaching(&world, &alice).await, Quest::Invite),
        Some(QuestState::Open { projected: None })
    );
    send(&world, &alice, HopSecurity::Authenticated, Some(HopProof::Dane)).await;
    assert!(matches!(state(&coaching(&world, &alice).await, Quest::Invite), Some(QuestState::Done(_))));
    world.assert_sound().await;
}
