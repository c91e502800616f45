//! Step-up: a session whose person just showed that it is them, and no other.

use crate::support;
use caliopen_hub::limits::STEP_UP_MS;
use caliopen_hub::{Access, Asking, ObjectType, SignInError};
use support::{HERE, PASSWORD, World};

const ALICE: &str = "alice@example.org";

struct Session<'a>(&'a World, zeroize::Zeroizing<String>);

impl<'a> Session<'a> {
    async fn begin(world: &'a World) -> Self {
        Self(world, world.hub.sign_in(ALICE, PASSWORD, "a test", HERE).await.unwrap().token)
    }

    async fn open(&self) -> Access {
        self.0.hub.unlock(&self.1, &Asking::default()).await.unwrap().expect("a session")
    }

    async fn is_stepped_up(&self) -> bool {
        self.open().await.is_stepped_up(self.0.now())
    }
}

/// A world where alice has written down her recovery code, and the code.
async fn world() -> (World, String) {
    let world = World::new().await;
    let access = world.sign_in(ALICE).await;
    let code = world.hub.new_recovery_code(&access, PASSWORD).await.unwrap().to_string();
    assert!(world.hub.confirm_recovery_code(&access, &code).await.unwrap());
    (world, code)
}

#[tokio::test]
async fn the_recovery_code_steps_one_session_up_for_a_quarter_of_an_hour() {
    let (world, code) = world().await;
    let (here, elsewhere) = (Session::begin(&world).await, Session::begin(&world).await);
    assert!(!here.is_stepped_up().await, "signing in by the password is not enough");
    let at = world.hub.step_up_by_recovery_code(&here.open().await, &code).await.unwrap();
    assert_eq!((at, here.open().await.stepped_up_at()), (world.now(), Some(world.now())));
    assert!(here.is_stepped_up().await && !elsewhere.is_stepped_up().await);
    world.pass(STEP_UP_MS - 1);
    assert!(here.is_stepped_up().await);
    world.pass(1);
    assert!(!here.is_stepped_up().await);
    world.hub.step_up_by_recovery_code(&here.open().await, &code).await.unwrap();
    assert!(here.is_stepped_up().await, "the code stays as it is");
    world.pass(-1);
    assert!(!here.is_stepped_up().await, "a clock that jumps back opens nothing for longer");
}

#[tokio::test]
async fn its_person_ends_it_before_its_time_and_is_told_that_the_gate_moved() {
    let (world, code) = world().await;
    let (here, elsewhere) = (Session::begin(&world).await, Session::begin(&world).await);
    for session in [&here, &elsewhere] {
        world.hub.step_up_by_recovery_code(&session.open().await, &code).await.unwrap();
    }
    let access = here.open().await;
    let before = world.hub.states(&access).await.unwrap();
    world.hub.end_step_up(&access).await.unwrap();
    assert!(!here.is_stepped_up().await && elsewhere.is_stepped_up().await);
    let after = world.hub.states(&access).await.unwrap();
    assert!(after.of(ObjectType::Gate) > before.of(ObjectType::Gate));
    world.hub.end_step_up(&here.open().await).await.unwrap();
    assert_eq!(world.hub.states(&access).await.unwrap(), after, "there was nothing to end");
}

#[tokio::test]
async fn wrong_codes_step_nothing_up_and_make_their_session_wait() {
    let (world, code) = world().await;
    let session = Session::begin(&world).await;
    let access = session.open().await;
    for _ in 0..8 {
        let refused = world.hub.step_up_by_recovery_code(&access, "0000-0000").await;
        assert!(matches!(refused, Err(SignInError::Credentials)));
    }
    let refused = world.hub.step_up_by_recovery_code(&access, &code).await;
    assert!(matches!(refused, Err(SignInError::Rate { .. })), "the right one waits too");
    assert!(!session.is_stepped_up().await);
    world.pass(20_000);
    assert!(world.hub.step_up_by_recovery_code(&access, &code).await.is_ok());
}

#[tokio::test]
async fn a_code_that_was_not_confirmed_steps_nothing_up() {
    let world = World::new().await;
    let session = Session::begin(&world).await;
    let access = session.open().await;
    let code = world.hub.new_recovery_code(&access, PASSWORD).await.unwrap();
    let refused = world.hub.step_up_by_recovery_code(&access, &code).await;
    assert!(matches!(refused, Err(SignInError::Credentials)));
}

#[tokio::test]
async fn a_session_that_was_ended_is_not_brought_back_by_stepping_up() {
    let (world, code) = world().await;
    let (here, elsewhere) = (Session::begin(&world).await, Session::begin(&world).await);
    let access = here.open().await;
    assert!(world.hub.end_session(&elsewhere.open().await, access.session()).await.unwrap());
    let _ = world.hub.step_up_by_recovery_code(&access, &code).await;
    assert!(world.hub.unlock(&here.1, &Asking::default()).await.unwrap().is_err());
}

#[tokio::test]
async fn trying_in_many_accounts_keeps_no_other_account_from_trying() {
    let (world, code) = world().await;
    let access = Session::begin(&world).await.open().await;
    for number in 0..5 {
        let address = format!("p{number}@example.org");
        world.add(&address).await;
        let other = world.sign_in(&address).await;
        for _ in 0..8 {
            let _ = world.hub.step_up_by_recovery_code(&other, "0000-0000").await;
        }
    }
    assert!(world.hub.step_up_by_recovery_code(&access, &code).await.is_ok());
}
