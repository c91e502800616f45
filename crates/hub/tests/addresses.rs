//! The addresses of an account: how each is signed, and what another address of the same person does.

use crate::support;
use caliopen_connect::{DeliveryVerdict, Inbox, RecipientVerdict};
use caliopen_hub::{Access, AccountError, ChooseError, IdentityPatch, Rested, Reward, SubmitError, Unlock};
use caliopen_model::{EmailAddress, Handle, IdentityId, Participant, Place, Protocol};
use support::{PASSWORD, World};

const ALICE: &str = "alice@example.org";
const CHOIR: &str = "choir@example.org";

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).expect("an address")
}

async fn give(world: &World, alias: &str) -> Result<(), AccountError> {
    world.hub.add_alias(&address(ALICE), &address(alias)).await
}

#[tokio::test]
async fn a_second_address_receives_and_is_written_from_while_its_person_is_away() {
    let world = World::new().await;
    give(&world, CHOIR).await.expect("is free");
    world.deliver(&[CHOIR], "From: bo@x.net\nTo: choir@example.org\nId: 1\n\nHello").await;
    let alice = world.sign_in(ALICE).await;
    let identities = world.hub.identities(&alice).await.expect("reads");
    let addresses: Vec<&str> = identities.iter().map(|own| own.address.as_str()).collect();
    assert_eq!(addresses, [ALICE, CHOIR]);
    let arrived = world.list(&alice, Place::Inbox).await;
    assert_eq!(arrived.first().map(|one| one.identity.as_str()), Some(CHOIR));
    let people: Vec<&str> = arrived.iter().flat_map(|one| &one.people).map(|one| one.name.as_str()).collect();
    assert_eq!(people, ["bo@x.net"], "the new address is the user, not somebody");
    world.assert_sound().await;
}

#[tokio::test]
async fn an_address_that_is_given_twice_is_there_once_and_nobody_is_given_another_s() {
    let world = World::new().await;
    world.add("bob@example.org").await;
    give(&world, CHOIR).await.expect("is free");
    give(&world, CHOIR).await.expect("changes nothing");
    let alice = world.sign_in(ALICE).await;
    assert_eq!(world.hub.identities(&alice).await.expect("reads").len(), 2);
    assert!(matches!(give(&world, "bob@example.org").await, Err(AccountError::Taken)));
    assert!(matches!(give(&world, "choir@elsewhere.net").await, Err(AccountError::NoDomain)));
    let nobody = world.hub.add_alias(&address("nobody@example.org"), &address("x@example.org")).await;
    assert!(matches!(nobody, Err(AccountError::Unknown)));
    assert_eq!(world.hub.identities(&alice).await.expect("reads").len(), 2);
    world.assert_sound().await;
}

#[tokio::test]
async fn each_address_has_a_name_and_a_signature_of_its_own() {
    let world = World::new().await;
    give(&world, CHOIR).await.expect("is free");
    let alice = world.sign_in(ALICE).await;
    let second = world.hub.identities(&alice).await.expect("reads").remove(1).id;
    let patch = IdentityPatch {
        name: Some(Some("The choir".to_owned())),
        text_signature: Some("Alice, alto\n\n".to_owned()),
        html_signature: None,
    };
    assert!(world.hub.update_identity(&alice, second, &patch).await.expect("is kept"));
    let identities = world.hub.identities(&alice).await.expect("reads");
    let signed: Vec<(Option<&str>, &str)> =
        identities.iter().map(|own| (own.name.as_deref(), own.text_signature.as_str())).collect();
    assert_eq!(signed, [(None, ""), (Some("The choir"), "Alice, alto")]);
}

/// One quest done, where a quest brings so many addresses.
async fn earned(world: &World, addresses: usize) -> Access {
    world.hub.unlock_for_quests(vec![Unlock { reward: Reward::Addresses(addresses), quests: 1 }]);
    let alice = world.sign_in(ALICE).await;
    let code = world.hub.new_recovery_code(&alice, PASSWORD).await.expect("is made");
    assert!(world.hub.confirm_recovery_code(&alice, &code).await.expect("is kept"));
    world.hub.coaching(&alice).await.expect("is found done");
    alice
}

fn reaches(address: &str) -> Handle {
    Handle::literal(Protocol::Email, address)
}

#[tokio::test]
async fn who_did_a_quest_chooses_an_address_and_not_one_more() {
    let world = World::new().await;
    let newcomer = world.sign_in(ALICE).await;
    let refused = world.hub.choose_address(&newcomer, "ana@example.org").await;
    assert!(matches!(refused, Err(ChooseError::NoneLeft)));
    let alice = earned(&world, 1).await;
    let id = world.hub.choose_address(&alice, " Ana@example.org ").await.expect("is free");
    let own = world.hub.identities(&alice).await.expect("reads");
    let chosen = own.iter().find(|own| own.id == id).expect("is there");
    assert_eq!((chosen.address.as_str(), chosen.by_person, chosen.rests), ("ana@example.org", true, false));
    let coaching = world.hub.coaching(&alice).await.expect("reads");
    assert_eq!((coaching.addresses.allowed, coaching.addresses.chosen), (1, 1));
    assert!(matches!(world.hub.choose_address(&alice, "ana2@example.org").await, Err(ChooseError::NoneLeft)));
    world.deliver(&["ana@example.org"], "From: bo@x.net\nTo: ana@example.org\nId: 1\n\nHello").await;
    assert_eq!(world.list(&alice, Place::Inbox).await.len(), 1);
    world.assert_sound().await;
}

#[tokio::test]
async fn nobody_chooses_what_is_another_s_or_the_host_s_or_cannot_be_read() {
    let world = World::new().await;
    world.add("bob@example.org").await;
    let alice = earned(&world, 5).await;
    let choose = async |wanted: &str| world.hub.choose_address(&alice, wanted).await.expect_err("is refused");
    assert!(matches!(choose("bob@example.org").await, ChooseError::Taken));
    assert!(matches!(choose("abuse@example.org").await, ChooseError::Reserved));
    assert!(matches!(choose("ana@elsewhere.net").await, ChooseError::Domain));
    for wrong in ["ana", "a+b@example.org", "аna@example.org", "an@example.org", "\"a b\"@example.org"] {
        assert!(matches!(choose(wrong).await, ChooseError::Name), "{wrong}");
    }
    assert_eq!(world.hub.identities(&alice).await.expect("reads").len(), 1);
    // Names are not guessed one after the other.
    for number in 0..7 {
        assert!(matches!(choose("bob@example.org").await, ChooseError::Taken), "{number}");
    }
    assert!(matches!(choose("bob@example.org").await, ChooseError::Wait(_)));
    world.assert_sound().await;
}

#[tokio::test]
async fn two_devices_that_choose_at_once_get_what_there_is() {
    let world = World::new().await;
    let alice = earned(&world, 1).await;
    let (one, other) = tokio::join!(
        world.hub.choose_address(&alice, "one@example.org"),
        world.hub.choose_address(&alice, "other@example.org")
    );
    assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1);
    assert_eq!(world.hub.identities(&alice).await.expect("reads").len(), 2);
}

#[tokio::test]
async fn an_address_that_rests_is_nobody_s_for_others_and_stays_its_person_s() {
    let world = World::new().await;
    world.add("bob@example.org").await;
    let alice = earned(&world, 1).await;
    let id = world.hub.choose_address(&alice, "ana@example.org").await.expect("is free");
    assert_eq!(world.hub.let_rest(&alice, id, true).await.expect("is kept"), Rested::Done);
    assert_eq!(world.hub.accepts(&reaches("ana@example.org")).await, RecipientVerdict::NoSuchUser);
    assert_eq!(world.hub.accepts(&reaches("ana+list@example.org")).await, RecipientVerdict::NoSuchUser);
    let told =
        world.deliver(&["ana@example.org"], "From: bo@x.net\nTo: ana@example.org\nId: 1\n\nHello").await;
    assert_eq!(told, [DeliveryVerdict::NoSuchUser], "also where it began to rest after it was asked for");
    let bob = address("bob@example.org");
    assert!(matches!(world.hub.add_alias(&bob, &address("ana@example.org")).await, Err(AccountError::Taken)));
    let bo = Participant { name: None, handle: reaches("bo@x.net") };
    let draft = world.hub.create_draft(&alice, support::draft(id, vec![bo])).await.expect("is kept").id;
    assert!(matches!(world.hub.submit(&alice, draft, None).await, Err(SubmitError::Resting)));

    assert_eq!(world.hub.let_rest(&alice, id, false).await.expect("is kept"), Rested::Done);
    assert_eq!(world.hub.accepts(&reaches("ana@example.org")).await, RecipientVerdict::Accepted);
    assert!(world.hub.submit(&alice, draft, None).await.is_ok());
    let first = world.hub.identities(&alice).await.expect("reads").remove(0).id;
    assert_eq!(world.hub.let_rest(&alice, first, true).await.expect("reads"), Rested::NotChosen);
    let nobody = IdentityId::from_bytes([7; 16]);
    assert_eq!(world.hub.let_rest(&alice, nobody, true).await.expect("reads"), Rested::Unknown);
    world.assert_sound().await;
}
