//! The second factor: a password alone opens nothing any more, and a code counts once.

use crate::support;
use caliopen_hub::{
    Access, Asking, Assertion, NewPasskey, PasskeyError, PasskeySecret, Presented, Registration,
    RelyingParty, Second, SecondFactorView, SignInError, SignedIn,
};
use caliopen_model::{AccountEvidence, SignIn, UserEvidence};
use caliopen_testkit::authenticator::{Authenticator, Response};
use caliopen_testkit::code_app::CodeApp;
use support::{HERE, PASSWORD, World};

const ALICE: &str = "alice@example.org";
const HOST: &str = "mail.example.org";
const NEW: &str = "another long password";
const STEP_MS: i64 = 30_000;

async fn session(world: &World) -> (Access, String) {
    let signed_in = world.hub.sign_in(ALICE, PASSWORD, "a test", HERE).await.unwrap();
    (
        world.hub.unlock(&signed_in.token, &Asking::default()).await.unwrap().unwrap(),
        signed_in.token.to_string(),
    )
}

/// A world where alice's password is asked for codes, her app and the session that set it up.
async fn world() -> (World, CodeApp, (Access, String)) {
    let world = World::new().await;
    let alice = session(&world).await;
    let secret = world.hub.new_code_secret(&alice.0, Some(PASSWORD), HOST).await.unwrap();
    assert!(secret.uri.starts_with("otpauth://totp/mail.example.org:alice%40example.org?secret="));
    let app = CodeApp::new(&secret.text).unwrap();
    assert!(world.hub.confirm_codes(&alice.0, &app.code(world.now().unix_ms())).await.unwrap());
    world.pass(STEP_MS);
    (world, app, alice)
}

async fn sign_in(world: &World, second: Option<Second<'_>>) -> Result<SignedIn, SignInError> {
    world.hub.sign_in_with(ALICE, PASSWORD, second, "a phone", HERE).await
}

async fn view(world: &World, access: &Access) -> SecondFactorView {
    world.hub.second_factor(access).await.unwrap()
}

#[tokio::test]
async fn the_password_alone_opens_nothing_any_more_and_a_code_beside_it_does() {
    let (world, app, alice) = world().await;
    let expected = SecondFactorView { is_on: true, has_codes: true, passkeys: 0 };
    assert_eq!(view(&world, &alice.0).await, expected);
    let alone = sign_in(&world, None).await;
    assert!(matches!(alone, Err(SignInError::SecondFactor { codes: true, passkeys: false })));
    let code = app.code(world.now().unix_ms());
    assert!(sign_in(&world, Some(Second::Code(&code))).await.is_ok());
    let again = sign_in(&world, Some(Second::Code(&code))).await;
    assert!(matches!(again, Err(SignInError::WrongSecondFactor)), "a code counts once");
    let wrong = world.hub.sign_in_with(ALICE, "wrong wrong", Some(Second::Code(&code)), "x", HERE).await;
    assert!(matches!(wrong, Err(SignInError::Credentials)), "the password is asked first");
}

#[tokio::test]
async fn guessing_codes_takes_years() {
    let (world, app, _) = world().await;
    let right = app.code(world.now().unix_ms());
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        let answer = sign_in(&world, Some(Second::Code(wrong))).await;
        assert!(matches!(answer, Err(SignInError::WrongSecondFactor)));
    }
    for code in [wrong, &right] {
        let answer = sign_in(&world, Some(Second::Code(code))).await;
        assert!(matches!(answer, Err(SignInError::Rate { retry_after_s: 300 })), "the right one waits, too");
    }
}

#[tokio::test]
async fn a_secret_counts_once_a_code_of_it_was_typed_back() {
    let world = World::new().await;
    let (access, _) = session(&world).await;
    for password in [None, Some("wrong wrong wrong")] {
        let refused = world.hub.new_code_secret(&access, password, HOST).await;
        assert!(matches!(refused, Err(SignInError::Credentials)));
    }
    let app = async || {
        let secret = world.hub.new_code_secret(&access, Some(PASSWORD), HOST).await.unwrap();
        CodeApp::new(&secret.text).unwrap()
    };
    let first = app().await;
    assert!(sign_in(&world, None).await.is_ok(), "nothing is asked for yet");
    let second = app().await;
    let now = world.now().unix_ms();
    assert!(!world.hub.confirm_codes(&access, &first.code(now)).await.unwrap(), "a newer one was shown");
    assert!(world.hub.confirm_codes(&access, &second.code(now)).await.unwrap());
    assert!(!world.hub.confirm_codes(&access, &second.code(now)).await.unwrap(), "there is none to confirm");
    let reused = sign_in(&world, Some(Second::Code(&second.code(now)))).await;
    assert!(matches!(reused, Err(SignInError::WrongSecondFactor)), "the code that confirmed it is used");
}

#[tokio::test]
async fn turning_it_off_asks_for_the_password_and_forgets_the_secret() {
    let (world, _, (access, _)) = world().await;
    let refused = world.hub.ask_for_second_factor(&access, "wrong wrong", false).await;
    assert!(matches!(refused, Err(SignInError::Credentials)));
    assert!(sign_in(&world, None).await.is_err());
    assert!(world.hub.ask_for_second_factor(&access, PASSWORD, false).await.unwrap());
    let expected = SecondFactorView { is_on: false, has_codes: false, passkeys: 0 };
    assert_eq!(view(&world, &access).await, expected);
    assert!(sign_in(&world, None).await.is_ok());
    let on = world.hub.ask_for_second_factor(&access, PASSWORD, true).await.unwrap();
    assert!(!on, "there is nothing to ask for");
}

#[tokio::test]
async fn recovering_the_account_ends_it_and_says_so() {
    let (world, _, (access, _)) = world().await;
    let code = world.hub.new_recovery_code(&access, PASSWORD).await.unwrap();
    assert!(world.hub.confirm_recovery_code(&access, &code).await.unwrap());
    let recovered = world.hub.recover(ALICE, &code, NEW, "a test", HERE).await.unwrap();
    assert!(recovered.second_factor_ended);
    let signed_in = world.hub.sign_in(ALICE, NEW, "a test", HERE).await.unwrap();
    assert!(!signed_in.second_factor_ended);
}

#[tokio::test]
async fn a_code_steps_a_session_up() {
    let (world, app, (access, token)) = world().await;
    let code = app.code(world.now().unix_ms());
    assert!(world.hub.step_up_by_code(&access, &code).await.is_ok());
    let again = world.hub.step_up_by_code(&access, &code).await;
    assert!(matches!(again, Err(SignInError::Credentials)));
    let access = world.hub.unlock(&token, &Asking::default()).await.unwrap().unwrap();
    assert!(access.is_stepped_up(world.now()));
}

#[tokio::test]
async fn the_index_of_the_account_follows() {
    let (world, _, (access, _)) = world().await;
    let sign_in = async || {
        let evidence = world.hub.user_privacy(&access).await.unwrap().evidence;
        let facts = evidence.into_iter().find_map(|fact| match fact {
            UserEvidence::Account(facts) => Some(facts),
            _ => None,
        });
        facts.unwrap().into_iter().find_map(|fact| match fact {
            AccountEvidence::SignIn(way) => Some(way),
            _ => None,
        })
    };
    assert_eq!(sign_in().await, Some(SignIn::SecondFactor));
    world.hub.ask_for_second_factor(&access, PASSWORD, false).await.unwrap();
    assert_eq!(sign_in().await, Some(SignIn::Password));
}

/// A key on a ring, which gives no secret.
struct Key(Authenticator);

impl Key {
    fn new() -> Self {
        Self(Authenticator::new(HOST, "https://mail.example.org").unwrap())
    }

    fn party() -> RelyingParty {
        RelyingParty { id: HOST.to_owned(), origin: "https://mail.example.org".to_owned() }
    }

    async fn add(&self, world: &World, (access, token): &(Access, String)) -> caliopen_model::PasskeyId {
        let asked = world.hub.ask_for_passkey(access, Some(PASSWORD), &Self::party()).await.unwrap();
        let Response { client_data, authenticator_data, .. } = self.0.register(&asked.challenge);
        let registration =
            Registration { client_data: &client_data, authenticator_data: &authenticator_data };
        let new = NewPasskey { name: "a key", registration, secret: PasskeySecret::from_bytes(&[]) };
        world.hub.add_passkey(access, token, &Self::party(), &new).await.unwrap().id
    }

    fn sign(&mut self, world: &World) -> Response {
        self.0.assert(&world.hub.ask_to_sign_in(&Self::party()).challenge).unwrap()
    }

    fn second<'a>(&'a self, response: &'a Response) -> Second<'a> {
        let assertion = Assertion {
            client_data: &response.client_data,
            authenticator_data: &response.authenticator_data,
            signature: &response.signature,
        };
        let credential_id = self.0.credential_id.as_slice();
        Second::Passkey(Self::party(), Presented { credential_id, user_id: None, assertion, secret: None })
    }
}

#[tokio::test]
async fn a_passkey_that_opens_nothing_by_itself_does_beside_the_password() {
    let world = World::new().await;
    let (alice, mut key) = (session(&world).await, Key::new());
    let id = key.add(&world, &alice).await;
    assert!(sign_in(&world, None).await.is_ok(), "having one asks for nothing");
    assert!(world.hub.ask_for_second_factor(&alice.0, PASSWORD, true).await.unwrap());
    let alone = sign_in(&world, None).await;
    assert!(matches!(alone, Err(SignInError::SecondFactor { codes: false, passkeys: true })));
    let response = key.sign(&world);
    assert!(sign_in(&world, Some(key.second(&response))).await.is_ok());
    let replayed = sign_in(&world, Some(key.second(&response))).await;
    assert!(matches!(replayed, Err(SignInError::WrongSecondFactor)));
    let mut other = Key::new();
    let response = other.sign(&world);
    let refused = sign_in(&world, Some(other.second(&response))).await;
    assert!(matches!(refused, Err(SignInError::WrongSecondFactor)), "nobody's key");
    let removed = world.hub.remove_passkey(&alice.0, id).await;
    assert!(matches!(removed, Err(PasskeyError::Needed)), "nobody could sign in without it");
    assert!(world.hub.ask_for_second_factor(&alice.0, PASSWORD, false).await.unwrap());
    assert!(world.hub.remove_passkey(&alice.0, id).await.unwrap());
}

#[tokio::test]
async fn a_passkey_of_somebody_else_is_no_second_factor() {
    let (world, _, _) = world().await;
    world.add("bob@example.org").await;
    let signed_in = world.hub.sign_in("bob@example.org", PASSWORD, "a test", HERE).await.unwrap();
    let bob = world.hub.unlock(&signed_in.token, &Asking::default()).await.unwrap().unwrap();
    let mut key = Key::new();
    key.add(&world, &(bob, signed_in.token.to_string())).await;
    let response = key.sign(&world);
    let refused = sign_in(&world, Some(key.second(&response))).await;
    assert!(matches!(refused, Err(SignInError::WrongSecondFactor)));
}
