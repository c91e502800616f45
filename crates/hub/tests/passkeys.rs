//! Passkeys: one opens its account, on its host, by a touch; no other, no copy and no answer that was given before does.

use crate::support;
use caliopen_hub::limits::{CHALLENGE_MS, PASSKEYS_MAX};
use caliopen_hub::{
    Access, Asking, Assertion, Client, Enrolment, NewPasskey, PASSKEY_INPUT, PasskeyError, PasskeyRequest,
    PasskeySecret, PasskeyView, Presented, Proof, Registration, RelyingParty, SignInError, SignedIn,
};
use caliopen_model::{DeviceEvidence, PersonCheck, Place};
use caliopen_privacy::software::Software;
use caliopen_testkit::authenticator::{Authenticator, Response};
use caliopen_vault::DevicePair;
use support::{HERE, PASSWORD, World};

const ALICE: &str = "alice@example.org";
const BOB: &str = "bob@example.org";
const HOST: &str = "mail.example.org";
const ORIGIN: &str = "https://mail.example.org";
const NEW: &str = "another long password";

fn party() -> RelyingParty {
    RelyingParty { id: HOST.to_owned(), origin: ORIGIN.to_owned() }
}

fn authenticator() -> Authenticator {
    Authenticator::new(HOST, ORIGIN).unwrap()
}

fn secret(authenticator: &Authenticator) -> Option<PasskeySecret> {
    PasskeySecret::from_bytes(&authenticator.prf())
}

/// Alice's session, and its token.
async fn session(world: &World, address: &str) -> (Access, String) {
    let signed_in = world.hub.sign_in(address, PASSWORD, "a test", HERE).await.unwrap();
    (
        world.hub.unlock(&signed_in.token, &Asking::default()).await.unwrap().unwrap(),
        signed_in.token.to_string(),
    )
}

/// Adds a passkey: one that opens the account, or one that gives no secret.
async fn add(
    world: &World,
    (access, token): &(Access, String),
    authenticator: &Authenticator,
    secret: Option<PasskeySecret>,
) -> Result<PasskeyView, PasskeyError> {
    let creation = world.hub.ask_for_passkey(access, Some(PASSWORD), &party()).await?;
    let made = authenticator.register(&creation.challenge);
    let registration =
        Registration { client_data: &made.client_data, authenticator_data: &made.authenticator_data };
    world
        .hub
        .add_passkey(access, token, &party(), &NewPasskey { name: " My key ", registration, secret })
        .await
}

fn presented<'a>(
    authenticator: &'a Authenticator,
    response: &'a Response,
    secret: Option<PasskeySecret>,
) -> Presented<'a> {
    Presented {
        credential_id: &authenticator.credential_id,
        user_id: None,
        assertion: Assertion {
            client_data: &response.client_data,
            authenticator_data: &response.authenticator_data,
            signature: &response.signature,
        },
        secret,
    }
}

async fn sign_in_as(
    world: &World,
    authenticator: &mut Authenticator,
    client: impl Into<Client>,
) -> Result<SignedIn, SignInError> {
    let asked = world.hub.ask_to_sign_in(&party());
    let response = authenticator.assert(&asked.challenge).unwrap();
    let shown = presented(authenticator, &response, secret(authenticator));
    world.hub.sign_in_by_passkey(&party(), shown, client, HERE).await
}

async fn sign_in(world: &World, authenticator: &mut Authenticator) -> Result<SignedIn, SignInError> {
    sign_in_as(world, authenticator, "a phone").await
}

#[tokio::test]
async fn a_passkey_opens_the_mail_by_itself() {
    let world = World::new().await;
    world.deliver(&[ALICE], "From: bob@example.net\nTo: alice@example.org\nSubject: Kept\n\nText.").await;
    let (alice, mut key) = (session(&world, ALICE).await, authenticator());
    let added = add(&world, &alice, &key, secret(&key)).await.unwrap();
    assert_eq!((added.name.as_str(), added.can_sign_in), ("My key", true));
    world.pass(60_000);
    let signed_in = sign_in(&world, &mut key).await.unwrap();
    assert_eq!(signed_in.profile.address, ALICE);
    let access = world.hub.unlock(&signed_in.token, &Asking::default()).await.unwrap().unwrap();
    assert_eq!(world.list(&access, Place::Inbox).await[0].subject.as_deref(), Some("Kept"));
    let listed = world.hub.passkeys(&access).await.unwrap();
    assert_eq!(listed, [PasskeyView { used_at: Some(world.now()), ..added }]);
    assert_eq!(PASSKEY_INPUT, b"caliopen passkey 1", "another input would lock everybody out");
    world.assert_sound().await;
}

#[tokio::test]
async fn a_new_password_and_a_recovered_account_keep_their_passkeys() {
    let world = World::new().await;
    let (alice, mut key) = (session(&world, ALICE).await, authenticator());
    add(&world, &alice, &key, secret(&key)).await.unwrap();
    let code = world.hub.new_recovery_code(&alice.0, PASSWORD).await.unwrap();
    assert!(world.hub.confirm_recovery_code(&alice.0, &code).await.unwrap());
    world.hub.change_password(&alice.0, PASSWORD, NEW).await.unwrap();
    assert!(sign_in(&world, &mut key).await.is_ok());
    world.hub.recover(ALICE, &code, PASSWORD, "a test", HERE).await.unwrap();
    assert!(sign_in(&world, &mut key).await.is_ok());
}

#[tokio::test]
async fn nothing_is_added_without_the_password_or_a_step_up() {
    let world = World::new().await;
    let (access, token) = session(&world, ALICE).await;
    for password in [None, Some("wrong wrong wrong")] {
        let asked = world.hub.ask_for_passkey(&access, password, &party()).await;
        assert!(matches!(asked, Err(PasskeyError::NotProved(SignInError::Credentials))), "{password:?}");
    }
    let code = world.hub.new_recovery_code(&access, PASSWORD).await.unwrap();
    assert!(world.hub.confirm_recovery_code(&access, &code).await.unwrap());
    world.hub.step_up_by_recovery_code(&access, &code).await.unwrap();
    let access = world.hub.unlock(&token, &Asking::default()).await.unwrap().unwrap();
    assert!(world.hub.ask_for_passkey(&access, None, &party()).await.is_ok());
}

#[tokio::test]
async fn a_passkey_that_gives_no_secret_shows_its_person_and_opens_nothing() {
    let world = World::new().await;
    let (alice, mut key) = (session(&world, ALICE).await, authenticator());
    let added = add(&world, &alice, &key, None).await.unwrap();
    assert!(!added.can_sign_in);
    assert!(matches!(sign_in(&world, &mut key).await, Err(SignInError::OnlyConfirms)));
    let PasskeyRequest { challenge, credentials } =
        world.hub.step_up_ways(&alice.0, Some(&party())).await.unwrap().passkeys.unwrap();
    assert_eq!(credentials, [key.credential_id.clone()]);
    let response = key.assert(&challenge).unwrap();
    let shown = presented(&key, &response, None);
    assert!(world.hub.step_up_by_passkey(&alice.0, &party(), &shown).await.is_ok());
    let access = world.hub.unlock(&alice.1, &Asking::default()).await.unwrap().unwrap();
    assert!(access.is_stepped_up(world.now()));
}

#[tokio::test]
async fn a_passkey_with_another_secret_opens_nothing() {
    let world = World::new().await;
    let (alice, mut key) = (session(&world, ALICE).await, authenticator());
    add(&world, &alice, &key, secret(&key)).await.unwrap();
    let asked = world.hub.ask_to_sign_in(&party());
    let response = key.assert(&asked.challenge).unwrap();
    let shown = presented(&key, &response, secret(&authenticator()));
    let refused = world.hub.sign_in_by_passkey(&party(), shown, "a thief", HERE).await;
    assert!(matches!(refused, Err(SignInError::Credentials)));
}

#[tokio::test]
async fn lies_open_nothing_and_are_all_answered_alike() {
    let world = World::new().await;
    let (alice, mut key) = (session(&world, ALICE).await, authenticator());
    add(&world, &alice, &key, secret(&key)).await.unwrap();
    type Lie = fn(&mut Authenticator);
    let lies: [(&str, Lie); 4] = [
        ("another page", |key| key.origin = "https://mail.example.org.evil.example".to_owned()),
        ("another host", |key| key.party = "evil.example".to_owned()),
        ("nobody verified", |key| key.flags = 1),
        ("inside another page", |key| key.is_framed = true),
    ];
    for (lie, tell) in lies {
        let before = (key.origin.clone(), key.party.clone());
        tell(&mut key);
        let refused = sign_in(&world, &mut key).await;
        assert!(matches!(refused, Err(SignInError::Credentials)), "{lie}");
        (key.origin, key.party) = before;
        (key.flags, key.is_framed) = (5, false);
    }
    let mut stranger = authenticator();
    assert!(matches!(sign_in(&world, &mut stranger).await, Err(SignInError::Credentials)), "nobody's");
    stranger.credential_id = key.credential_id.clone();
    assert!(matches!(sign_in(&world, &mut stranger).await, Err(SignInError::Credentials)), "not its key");
    let elsewhere = RelyingParty { id: "evil.example".to_owned(), origin: "https://evil.example".to_owned() };
    let asked = world.hub.ask_to_sign_in(&elsewhere);
    (key.party, key.origin) = (elsewhere.id.clone(), elsewhere.origin.clone());
    let response = key.assert(&asked.challenge).unwrap();
    let shown = presented(&key, &response, secret(&key));
    let refused = world.hub.sign_in_by_passkey(&elsewhere, shown, "a phisher", HERE).await;
    assert!(matches!(refused, Err(SignInError::Credentials)), "a passkey answers its own host alone");
}

#[tokio::test]
async fn an_answer_counts_once_and_for_five_minutes() {
    let world = World::new().await;
    let (alice, mut key) = (session(&world, ALICE).await, authenticator());
    add(&world, &alice, &key, secret(&key)).await.unwrap();
    let asked = world.hub.ask_to_sign_in(&party());
    let response = key.assert(&asked.challenge).unwrap();
    let show = async || {
        let shown = presented(&key, &response, secret(&key));
        world.hub.sign_in_by_passkey(&party(), shown, "a test", HERE).await.is_ok()
    };
    assert_eq!((show().await, show().await), (true, false), "replayed");
    for (late, expected) in [(CHALLENGE_MS, true), (CHALLENGE_MS + 1, false), (-1, false)] {
        let asked = world.hub.ask_to_sign_in(&party());
        let mut other = authenticator();
        add(&world, &session(&world, ALICE).await, &other, secret(&other)).await.unwrap();
        let response = other.assert(&asked.challenge).unwrap();
        world.pass(late);
        let shown = presented(&other, &response, secret(&other));
        let signed_in = world.hub.sign_in_by_passkey(&party(), shown, "a test", HERE).await;
        assert_eq!(signed_in.is_ok(), expected, "{late}");
    }
}

#[tokio::test]
async fn a_challenge_is_good_for_what_it_was_asked_for_alone() {
    let world = World::new().await;
    world.add(BOB).await;
    let (alice, bob) = (session(&world, ALICE).await, session(&world, BOB).await);
    let (mut hers, mut his) = (authenticator(), authenticator());
    add(&world, &alice, &hers, secret(&hers)).await.unwrap();
    add(&world, &bob, &his, secret(&his)).await.unwrap();
    let step_up = world.hub.step_up_ways(&alice.0, Some(&party())).await.unwrap().passkeys.unwrap();
    let response = hers.assert(&step_up.challenge).unwrap();
    let shown = presented(&hers, &response, secret(&hers));
    let refused = world.hub.sign_in_by_passkey(&party(), shown, "a test", HERE).await;
    assert!(matches!(refused, Err(SignInError::Credentials)), "a step-up is no sign-in");
    let other = session(&world, ALICE).await;
    let shown = presented(&hers, &response, None);
    assert!(world.hub.step_up_by_passkey(&other.0, &party(), &shown).await.is_err(), "of another session");
    let response = his.assert(&step_up.challenge).unwrap();
    let shown = presented(&his, &response, None);
    assert!(world.hub.step_up_by_passkey(&alice.0, &party(), &shown).await.is_err(), "of another account");
    let asked = world.hub.ask_to_sign_in(&party());
    let response = hers.assert(&asked.challenge).unwrap();
    let his_id = bob.0.account().to_string();
    let shown = presented(&hers, &response, secret(&hers));
    let shown = Presented { user_id: Some(his_id.as_bytes()), ..shown };
    let refused = world.hub.sign_in_by_passkey(&party(), shown, "a test", HERE).await;
    assert!(matches!(refused, Err(SignInError::Credentials)), "it says that it is somebody else's");
}

#[tokio::test]
async fn a_copied_passkey_is_believed_no_more_and_its_person_is_told() {
    let world = World::new().await;
    let (alice, mut key) = (session(&world, ALICE).await, authenticator());
    key.counter = 10;
    add(&world, &alice, &key, secret(&key)).await.unwrap();
    assert!(sign_in(&world, &mut key).await.is_ok());
    let real = key.counter;
    key.counter = 5;
    assert!(matches!(sign_in(&world, &mut key).await, Err(SignInError::Credentials)), "the copy");
    key.counter = real;
    assert!(matches!(sign_in(&world, &mut key).await, Err(SignInError::Credentials)), "nor the other one");
    let listed = world.hub.passkeys(&alice.0).await.unwrap();
    assert_eq!((listed[0].is_copied, listed[0].can_sign_in), (true, false));
    assert_eq!(world.hub.step_up_ways(&alice.0, Some(&party())).await.unwrap().passkeys, None);
}

#[tokio::test]
async fn a_removed_passkey_opens_nothing_and_ends_nothing() {
    let world = World::new().await;
    let (alice, mut key) = (session(&world, ALICE).await, authenticator());
    let added = add(&world, &alice, &key, secret(&key)).await.unwrap();
    let begun = sign_in(&world, &mut key).await.unwrap();
    assert!(world.hub.rename_passkey(&alice.0, added.id, "The blue one").await.unwrap());
    assert_eq!(world.hub.passkeys(&alice.0).await.unwrap()[0].name, "The blue one");
    for name in ["", "  ", "a\nb", &"x".repeat(101)] {
        let renamed = world.hub.rename_passkey(&alice.0, added.id, name).await;
        assert!(matches!(renamed, Err(PasskeyError::Name)), "{name:?}");
    }
    assert!(world.hub.remove_passkey(&alice.0, added.id).await.unwrap());
    assert!(!world.hub.remove_passkey(&alice.0, added.id).await.unwrap());
    assert!(!world.hub.rename_passkey(&alice.0, added.id, "gone").await.unwrap());
    assert!(matches!(sign_in(&world, &mut key).await, Err(SignInError::Credentials)));
    assert!(world.hub.unlock(&begun.token, &Asking::default()).await.unwrap().is_ok());
    assert!(add(&world, &alice, &key, secret(&key)).await.is_ok(), "it can be added anew");
}

#[tokio::test]
async fn a_credential_is_of_one_account_and_an_account_has_sixteen() {
    let world = World::new().await;
    world.add(BOB).await;
    let (alice, bob, key) = (session(&world, ALICE).await, session(&world, BOB).await, authenticator());
    add(&world, &alice, &key, secret(&key)).await.unwrap();
    assert!(matches!(add(&world, &bob, &key, secret(&key)).await, Err(PasskeyError::Known)));
    assert!(matches!(add(&world, &alice, &key, secret(&key)).await, Err(PasskeyError::Known)));
    for _ in 1..PASSKEYS_MAX {
        world.pass(60_000);
        let another = authenticator();
        add(&world, &alice, &another, None).await.unwrap();
    }
    world.pass(60_000);
    assert!(matches!(add(&world, &alice, &authenticator(), None).await, Err(PasskeyError::TooMany)));
}

#[tokio::test]
async fn trying_passkeys_is_limited_by_network() {
    let world = World::new().await;
    let mut refused = 0;
    for _ in 0..40 {
        let answer = sign_in(&world, &mut authenticator()).await;
        refused += usize::from(matches!(answer, Err(SignInError::Rate { .. })));
    }
    assert_eq!(refused, 10);
}

#[tokio::test]
async fn a_device_that_is_used_by_passkey_is_worth_more_for_as_long_as_there_is_one() {
    let world = World::new().await;
    let (alice, mut key) = (session(&world, ALICE).await, authenticator());
    let added = add(&world, &alice, &key, secret(&key)).await.unwrap();
    let mut next = 1;
    let pair = DevicePair::generate(&mut |bytes: &mut [u8]| {
        bytes.fill(next);
        next += 1;
    });
    let client = |name: &str| Client {
        name: name.to_owned(),
        device: Some(Enrolment {
            keys: pair.keys().clone(),
            is_shared: false,
            software: Software::default(),
        }),
    };
    let person = async || {
        let devices = world.hub.devices(&alice.0).await.unwrap();
        devices[0].evidence.iter().find_map(|fact| match fact {
            DeviceEvidence::Person(check) => Some(*check),
            _ => None,
        })
    };
    let by_password = world.hub.sign_in(ALICE, PASSWORD, client("Firefox"), HERE).await.unwrap();
    assert_eq!(person().await, Some(PersonCheck::Password));
    let words = b"caliopen request 1\nPOST\n/auth/step-up\n0";
    let signature = pair.sign(words);
    let proof = Proof { words, at: world.now(), signature: &signature };
    let access = world
        .hub
        .unlock(&by_password.token, &Asking { proof: Some(proof), ..Asking::default() })
        .await
        .unwrap()
        .unwrap();
    let asked = world.hub.step_up_ways(&access, Some(&party())).await.unwrap().passkeys.unwrap();
    let response = key.assert(&asked.challenge).unwrap();
    let shown = presented(&key, &response, None);
    world.hub.step_up_by_passkey(&access, &party(), &shown).await.unwrap();
    assert_eq!(person().await, Some(PersonCheck::Passkey), "a step-up shows it");
    assert!(world.hub.remove_passkey(&alice.0, added.id).await.unwrap());
    assert_eq!(person().await, Some(PersonCheck::Password), "without any passkey nobody shows one");
    let mut another = authenticator();
    add(&world, &alice, &another, secret(&another)).await.unwrap();
    sign_in_as(&world, &mut another, client("Firefox")).await.unwrap();
    assert_eq!(person().await, Some(PersonCheck::Passkey), "signing in shows it");
}
