//! The addresses of an account: how each is signed, and what another address of the same person does.

use crate::support;
use caliopen_hub::{AccountError, IdentityPatch};
use caliopen_model::{EmailAddress, Place};
use support::World;

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
