//! Who opens an account, and what ends it.

use crate::support;
use bytes::Bytes;
use caliopen_hub::Asking;
use caliopen_hub::SignInError;
use caliopen_model::{EmailAddress, Language, Place};
use caliopen_store::{Batch, MemoryStore, Partition, Store};
use std::sync::Arc;
use support::{HERE, PASSWORD, World};

const ALICE: &str = "alice@example.org";
const NEW: &str = "another long password";

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let world = World::new().await;
    for (address, password) in
        [(ALICE, "not the password"), ("nobody@example.org", PASSWORD), ("\u{0}", PASSWORD)]
    {
        let refused = world.hub.sign_in(address, password, "a test", HERE).await.err().expect("is refused");
        assert!(matches!(refused, SignInError::Credentials), "{address}: {refused}");
    }
}

#[tokio::test]
async fn many_wrong_passwords_make_everybody_wait_for_that_account() {
    let world = World::new().await;
    let mut wait = None;
    for _ in 0..20 {
        if let Err(SignInError::Rate { retry_after_s }) =
            world.hub.sign_in(ALICE, "wrong wrong", "a test", HERE).await
        {
            wait = Some(retry_after_s);
            break;
        }
    }
    assert_eq!(wait, Some(20));
    let refused = world.hub.sign_in(ALICE, PASSWORD, "a test", HERE).await.err();
    assert!(matches!(refused, Some(SignInError::Rate { .. })), "the right password waits too");
}

#[tokio::test]
async fn signing_out_ends_the_token() {
    let world = World::new().await;
    let signed_in = world.hub.sign_in(ALICE, PASSWORD, "a test", HERE).await.unwrap();
    let access = world.hub.unlock(&signed_in.token, &Asking::default()).await.unwrap().expect("a session");
    world.hub.sign_out(&access).await.unwrap();
    assert!(world.hub.unlock(&signed_in.token, &Asking::default()).await.unwrap().is_err());
    assert!(!world.hub.is_current(&access).await.unwrap());
}

#[tokio::test]
async fn changing_the_password_ends_every_other_session_and_the_old_password() {
    let world = World::new().await;
    let other = world.hub.sign_in(ALICE, PASSWORD, "another browser", HERE).await.unwrap();
    let mine = world.hub.sign_in(ALICE, PASSWORD, "my browser", HERE).await.unwrap();
    let access = world.hub.unlock(&mine.token, &Asking::default()).await.unwrap().unwrap();
    assert_eq!(world.hub.sessions(&access).await.unwrap().len(), 2);
    let wrong = world.hub.change_password(&access, "wrong wrong", NEW).await;
    assert!(matches!(wrong, Err(SignInError::Credentials)));
    world.hub.change_password(&access, PASSWORD, NEW).await.unwrap();
    assert!(world.hub.unlock(&other.token, &Asking::default()).await.unwrap().is_err());
    assert!(world.hub.unlock(&mine.token, &Asking::default()).await.unwrap().is_ok());
    assert!(world.hub.sign_in(ALICE, PASSWORD, "a test", HERE).await.is_err());
    assert!(world.hub.sign_in(ALICE, NEW, "a test", HERE).await.is_ok());
}

#[tokio::test]
async fn a_session_is_ended_from_another_one() {
    let world = World::new().await;
    let lost = world.hub.sign_in(ALICE, PASSWORD, "the lost phone", HERE).await.unwrap();
    let mine = world.sign_in(ALICE).await;
    let phone =
        world.hub.sessions(&mine).await.unwrap().into_iter().find(|session| !session.current).unwrap();
    assert_eq!(phone.client, "the lost phone");
    assert!(world.hub.end_session(&mine, phone.id).await.unwrap());
    assert!(world.hub.unlock(&lost.token, &Asking::default()).await.unwrap().is_err());
    assert!(!world.hub.end_session(&mine, phone.id).await.unwrap());
}

#[tokio::test]
async fn a_recovery_code_opens_the_mail_once_it_is_confirmed() {
    let world = World::new().await;
    world.deliver(&[ALICE], "From: bob@example.net\nTo: alice@example.org\nSubject: Kept\n\nText.").await;
    let access = world.sign_in(ALICE).await;
    let code = world.hub.new_recovery_code(&access, PASSWORD).await.unwrap();
    let early = world.hub.recover(ALICE, &code, NEW, "a test", HERE).await;
    assert!(matches!(early.err(), Some(SignInError::Credentials)), "not before it is confirmed");
    assert!(!world.hub.confirm_recovery_code(&access, "0000-0000").await.unwrap());
    assert!(world.hub.confirm_recovery_code(&access, &code.to_lowercase()).await.unwrap());
    let recovered = world.hub.recover(ALICE, &code, NEW, "a test", HERE).await.unwrap();
    assert!(recovered.profile.recovery_confirmed);
    assert!(world.hub.unlock(&recovered.token, &Asking::default()).await.unwrap().is_ok());
    assert!(!world.hub.is_current(&access).await.unwrap(), "every session before ended");
    let access = world.hub.unlock(&recovered.token, &Asking::default()).await.unwrap().unwrap();
    assert_eq!(world.list(&access, Place::Inbox).await[0].subject.as_deref(), Some("Kept"));
}

#[tokio::test]
async fn a_forgotten_session_ends_by_itself() {
    let world = World::new().await;
    let signed_in = world.hub.sign_in(ALICE, PASSWORD, "a test", HERE).await.unwrap();
    let day_ms = 24 * 60 * 60 * 1000;
    world.clock.0.fetch_add(89 * day_ms, std::sync::atomic::Ordering::SeqCst);
    assert!(
        world.hub.unlock(&signed_in.token, &Asking::default()).await.unwrap().is_ok(),
        "using it keeps it"
    );
    world.clock.0.fetch_add(91 * day_ms, std::sync::atomic::Ordering::SeqCst);
    assert!(world.hub.unlock(&signed_in.token, &Asking::default()).await.unwrap().is_err());
}

#[tokio::test]
async fn the_first_start_makes_one_account_and_its_link_works_once() {
    let world = World::open(std::sync::Arc::new(caliopen_store::MemoryStore::default()));
    let token = world.hub.begin_first_start().await.unwrap().expect("nobody has an account");
    let address = EmailAddress::parse("ana@example.com").unwrap();
    let wrong = "0".repeat(token.len());
    assert!(world.hub.first_start(&wrong, &address, PASSWORD, Language::French, "a test").await.is_err());
    assert!(world.hub.first_start(&token, &address, "short", Language::French, "a test").await.is_err());
    let signed_in =
        world.hub.first_start(&token, &address, PASSWORD, Language::French, "a test").await.unwrap();
    assert_eq!(signed_in.profile.language, Language::French);
    let other = EmailAddress::parse("mallory@example.com").unwrap();
    assert!(world.hub.first_start(&token, &other, PASSWORD, Language::French, "a test").await.is_err());
    assert!(world.hub.begin_first_start().await.unwrap().is_none());
    assert_eq!(world.hub.domains().await.unwrap(), ["example.com"]);
    world.assert_sound().await;
}

#[tokio::test]
async fn an_address_has_one_account() {
    let world = World::new().await;
    for taken in ["alice@example.org", "ALICE@example.org", "alice+tag@example.org"] {
        let address = EmailAddress::parse(taken).unwrap();
        assert!(world.hub.add_account(&address, PASSWORD, Language::English).await.is_err(), "{taken}");
    }
    world.assert_sound().await;
}

#[tokio::test]
async fn a_store_that_another_version_wrote_is_known_before_anything_is_read() {
    let store = Arc::new(MemoryStore::default());
    let world = World::open(Arc::clone(&store) as Arc<dyn Store>);
    assert_eq!(world.hub.other_layout().await.unwrap(), None, "an empty store is nobody's");
    world.hub.add_domain("example.org").await.unwrap();
    assert_eq!(world.hub.other_layout().await.unwrap(), None);
    let (directory, layout) = (Partition([0; 16]), Bytes::from_static(b"Y"));
    for (row, expected) in [(vec![200], Some(200)), (vec![], Some(0))] {
        let batch = Batch { puts: vec![(layout.clone(), row.into())], ..Batch::default() };
        store.commit(directory, batch).await.unwrap();
        assert_eq!(world.hub.other_layout().await.unwrap(), expected);
    }
}
