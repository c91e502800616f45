//! Devices: what a device began opens for it alone, and ends with it.

use crate::support;
use caliopen_hub::{Asking, Client, DevicePatch, Enrolment, Locked, Proof};
use caliopen_model::{DeviceEvidence, DeviceUse, Network, Timestamp};
use caliopen_privacy::software::Software;
use caliopen_vault::DevicePair;
use support::{HERE, PASSWORD, World};

const ALICE: &str = "alice@example.org";
const BOB: &str = "bob@example.org";
const WORDS: &[u8] = b"caliopen request 1\nPOST\n/jmap/api\n0";
const MINUTE_MS: i64 = 60 * 1000;

/// A browser with its keys.
struct Browser(DevicePair);

impl Browser {
    fn new(number: u8) -> Self {
        let mut next = number;
        Self(DevicePair::generate(&mut |bytes: &mut [u8]| {
            bytes.fill(next);
            next = next.wrapping_add(1);
        }))
    }

    fn client(&self, name: &str, is_shared: bool) -> Client {
        let device =
            Some(Enrolment { keys: self.0.keys().clone(), is_shared, software: Software::default() });
        Client { name: name.to_owned(), device }
    }

    fn sign(&self, words: &[u8]) -> [u8; 64] {
        self.0.sign(words)
    }
}

async fn world() -> World {
    let world = World::new().await;
    world.add(BOB).await;
    world
}

#[tokio::test]
async fn a_stolen_cookie_alone_opens_nothing() {
    let world = world().await;
    let (mine, thief) = (Browser::new(1), Browser::new(2));
    let signed_in = world.hub.sign_in(ALICE, PASSWORD, mine.client("my browser", false), HERE).await.unwrap();
    let open = async |signature: Option<[u8; 64]>, words: &'static [u8], at: Timestamp| {
        let proof = signature.as_ref().map(|signature| Proof { words, at, signature });
        world
            .hub
            .unlock(&signed_in.token, &Asking { proof, ..Asking::default() })
            .await
            .unwrap()
            .map(|access| access.device())
    };
    let now = world.hub.now();
    assert_eq!(open(Some(mine.sign(WORDS)), WORDS, now).await, Ok(signed_in.device));
    assert_eq!(open(None, WORDS, now).await, Err(Locked::NotProved));
    assert_eq!(open(Some(thief.sign(WORDS)), WORDS, now).await, Err(Locked::NotProved));
    assert_eq!(open(Some(mine.sign(b"other words")), WORDS, now).await, Err(Locked::NotProved));
    for (apart, expected) in
        [(-MINUTE_MS, true), (MINUTE_MS, true), (3 * MINUTE_MS, false), (-3 * MINUTE_MS, false)]
    {
        let then = Timestamp::from_unix_ms(now.unix_ms() + apart);
        assert_eq!(open(Some(mine.sign(WORDS)), WORDS, then).await.is_ok(), expected, "{apart}");
    }
}

#[tokio::test]
async fn a_browser_that_comes_back_is_the_same_device_and_another_account_sees_another_one() {
    let world = world().await;
    let browser = Browser::new(1);
    let first = world.hub.sign_in(ALICE, PASSWORD, browser.client("Firefox", false), HERE).await.unwrap();
    world.pass(36 * 60 * MINUTE_MS);
    let again = world.hub.sign_in(ALICE, PASSWORD, browser.client("Firefox 200", false), HERE).await.unwrap();
    let of_bob = world.hub.sign_in(BOB, PASSWORD, browser.client("Firefox", false), HERE).await.unwrap();
    assert_eq!(first.device, again.device);
    assert_ne!(first.device, of_bob.device);
    let devices = world.hub.devices(&world.sign_in(ALICE).await).await.unwrap();
    let [device] = devices.as_slice() else { panic!("one device: {devices:?}") };
    assert_eq!((device.name.as_str(), device.days_used, device.is_current), ("Firefox 200", 2, false));
    world.pass(29 * 24 * 60 * MINUTE_MS);
    assert_eq!(
        world.hub.devices(&world.sign_in(ALICE).await).await.unwrap()[0].days_used,
        1,
        "29 days later"
    );
    world.pass(300 * 24 * 60 * MINUTE_MS);
    assert_eq!(world.hub.devices(&world.sign_in(ALICE).await).await.unwrap()[0].days_used, 0);
}

#[tokio::test]
async fn whoever_removes_a_device_ends_all_of_its_sessions_and_no_other() {
    let world = world().await;
    let (lost, kept) = (Browser::new(1), Browser::new(2));
    let mut tokens = Vec::new();
    for browser in [&lost, &lost, &kept] {
        let signed_in = world.hub.sign_in(ALICE, PASSWORD, browser.client("x", false), HERE).await.unwrap();
        tokens.push((signed_in.token, signed_in.device.unwrap()));
    }
    let access = world.sign_in(ALICE).await;
    assert!(world.hub.remove_device(&access, tokens[0].1).await.unwrap());
    assert!(!world.hub.remove_device(&access, tokens[0].1).await.unwrap(), "it is gone");
    for ((token, _), (browser, expected)) in
        tokens.iter().zip([(&lost, false), (&lost, false), (&kept, true)])
    {
        let signature = browser.sign(WORDS);
        let proof = Proof { words: WORDS, at: world.hub.now(), signature: &signature };
        assert_eq!(
            world
                .hub
                .unlock(token, &Asking { proof: Some(proof), ..Asking::default() })
                .await
                .unwrap()
                .is_ok(),
            expected
        );
    }
    assert_eq!(world.hub.devices(&access).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_session_on_a_shared_device_is_over_after_half_an_hour() {
    let world = world().await;
    let browser = Browser::new(1);
    let signed_in =
        world.hub.sign_in(ALICE, PASSWORD, browser.client("a library", true), HERE).await.unwrap();
    let open = async || {
        let signature = browser.sign(WORDS);
        let proof = Proof { words: WORDS, at: world.hub.now(), signature: &signature };
        world
            .hub
            .unlock(&signed_in.token, &Asking { proof: Some(proof), ..Asking::default() })
            .await
            .unwrap()
            .map(|_| ())
    };
    for _ in 0..3 {
        world.pass(20 * MINUTE_MS);
        assert_eq!(open().await, Ok(()), "using it keeps it");
    }
    world.pass(31 * MINUTE_MS);
    assert_eq!(open().await, Err(Locked::NoSession));
}

#[tokio::test]
async fn a_device_is_called_what_its_person_calls_it() {
    let world = world().await;
    let browser = Browser::new(1);
    let signed_in = world.hub.sign_in(ALICE, PASSWORD, browser.client("Firefox", false), HERE).await.unwrap();
    let (access, id) = (world.sign_in(ALICE).await, signed_in.device.unwrap());
    for (given, shown) in [("  the kitchen ", "the kitchen"), ("", "Firefox")] {
        let patch = DevicePatch { name: Some(given.to_owned()), is_shared: Some(true), network: None };
        assert!(world.hub.change_device(&access, id, &patch).await.unwrap());
        let devices = world.hub.devices(&access).await.unwrap();
        assert_eq!((devices[0].name.as_str(), devices[0].is_shared), (shown, true));
    }
}

#[tokio::test]
async fn a_network_is_remembered_as_its_person_named_it_on_each_device() {
    let world = world().await;
    let browser = Browser::new(1);
    let signed_in = world.hub.sign_in(ALICE, PASSWORD, browser.client("Firefox", false), HERE).await.unwrap();
    let from = async |address: &str| {
        let signature = browser.sign(WORDS);
        let proof = Proof { words: WORDS, at: world.hub.now(), signature: &signature };
        let from = Some(address.parse().unwrap());
        let asking = Asking { proof: Some(proof), from, ..Asking::default() };
        world.hub.unlock(&signed_in.token, &asking).await.unwrap().unwrap()
    };
    let id = signed_in.device.unwrap();
    let say = async |address: &str, network: Network| {
        let patch = DevicePatch { network: Some(network), ..DevicePatch::default() };
        world.hub.change_device(&from(address).await, id, &patch).await.unwrap()
    };
    let network =
        async |address: &str| world.hub.devices(&from(address).await).await.unwrap().remove(0).network;
    assert!(say("192.0.2.7", Network::Known).await);
    assert!(say("2001:db8:1:2::9", Network::Open).await);
    for (address, expected) in [
        ("192.0.2.200", Network::Known),
        ("::ffff:192.0.2.9", Network::Known),
        ("192.0.3.7", Network::Unknown),
        ("2001:db8:1:ffff::1", Network::Open),
        ("2001:db8:2::1", Network::Unknown),
    ] {
        assert_eq!(network(address).await, Some(expected), "{address}");
    }
    for proxy in ["127.0.0.1", "10.0.0.3", "::1", "fd00::3", "::ffff:192.168.1.2"] {
        assert!(say(proxy, Network::Known).await, "there is such a device");
        assert_eq!(network(proxy).await, None, "{proxy} is nobody's network");
    }
    assert!(say("192.0.2.7", Network::Unknown).await);
    assert_eq!(network("192.0.2.7").await, Some(Network::Unknown));
}

/// How long the only device is known, and how regularly it is used.
async fn usage(world: &World, browser: &Browser) -> (u16, u8) {
    let signed_in =
        world.hub.sign_in(ALICE, PASSWORD, browser.client("Firefox", false), HERE).await.expect("signs in");
    let now = world.hub.now();
    let signature = browser.sign(WORDS);
    let proof = Proof { words: WORDS, at: now, signature: &signature };
    let asking = Asking { proof: Some(proof), ..Asking::default() };
    let access = world.hub.unlock(&signed_in.token, &asking).await.expect("reads").expect("a session");
    let device = world.hub.devices(&access).await.expect("reads").remove(0);
    let used = device.evidence.iter().find_map(|fact| match fact {
        DeviceEvidence::Use(DeviceUse { days_known, days_used }) => Some((*days_known, *days_used)),
        _ => None,
    });
    used.expect("is counted")
}

#[tokio::test]
async fn a_clock_that_jumps_ages_no_device() {
    const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
    let (world, browser) = (world().await, Browser::new(1));
    for day in 1..=3 {
        assert_eq!(usage(&world, &browser).await, (day, day as u8));
        world.pass(DAY_MS);
    }
    world.pass(365 * DAY_MS);
    assert_eq!(usage(&world, &browser).await, (4, 1), "a year that nobody saw is one day");
}
