//! The promises of the indices of devices, accounts, users and contacts: each scenario with its number.

use crate::support;
use caliopen_model::{
    AccountEvidence, AddressProof, Basis, DeviceEvidence, DeviceKey, DeviceUse, EndToEnd, Evidence, Handle,
    HandlerClass, HandlerSees, HopSecurity, KeyHolder, LocalStore, Network, PeerService, PersonCheck,
    Protocol, Reach, Recovery, Route, SignIn, Support, TransportPolicy, UserEvidence,
};
use caliopen_privacy::contact::Standing;
use caliopen_privacy::{account, contact, device, user};
use support::{clear_mail, handler};

const DECLARED: Basis = Basis::Declared;
const MEASURED: Basis = Basis::Measured;

/// An enrolled, kept-up device of one's own, at home, on which everything was measured.
fn good_device() -> Vec<DeviceEvidence> {
    vec![
        DeviceEvidence::Key(DeviceKey::Enrolled),
        DeviceEvidence::Person(PersonCheck::Passkey),
        DeviceEvidence::System(Support::Supported, MEASURED),
        DeviceEvidence::Browser(Support::Supported, MEASURED),
        DeviceEvidence::LocalStore(LocalStore::Encrypted, MEASURED),
        DeviceEvidence::Use(DeviceUse { days_known: 30, days_used: 8 }),
        DeviceEvidence::Network(Network::Known, MEASURED),
    ]
}

fn with<T: Clone>(base: &[T], more: impl IntoIterator<Item = T>) -> Vec<T> {
    base.iter().cloned().chain(more).collect()
}

fn without<T: Clone>(base: &[T], out: impl Fn(&T) -> bool) -> Vec<T> {
    base.iter().filter(|fact| !out(fact)).cloned().collect()
}

#[test]
fn a_device_is_worth_what_was_seen_of_it() {
    use DeviceEvidence as Fact;
    let good = good_device();
    let on = |network, basis| {
        let elsewhere = without(&good, |fact| matches!(fact, Fact::Network(..)));
        with(&elsewhere, [Fact::Network(network, basis)])
    };
    let declared = [
        Fact::Key(DeviceKey::Enrolled),
        Fact::System(Support::Supported, DECLARED),
        Fact::Browser(Support::Supported, DECLARED),
        Fact::LocalStore(LocalStore::Encrypted, DECLARED),
        Fact::Network(Network::Unknown, MEASURED),
    ];
    let table: [(&str, Vec<Fact>, u8); 13] = [
        ("everything is good and measured", good.clone(), 100),
        ("nothing is known", vec![], 0),
        (
            "a session without a key, as every device begins",
            with(&good, [Fact::Key(DeviceKey::NotEnrolled)]),
            25,
        ),
        ("nobody looked for a key", without(&good, |fact| matches!(fact, Fact::Key(_))), 25),
        ("a shared computer", with(&good, [Fact::SharedComputer]), 25),
        ("a browser without corrections", with(&good, [Fact::Browser(Support::EndOfLife, DECLARED)]), 30),
        ("opened connections", with(&good, [Fact::TlsIntercepted]), 0),
        ("an unknown network", on(Network::Unknown, MEASURED), 85),
        ("Tor: neither for nor against", on(Network::Tunnel, MEASURED), 85),
        ("an open network, by the user’s word", on(Network::Open, DECLARED), 80),
        ("a network that was only just named", on(Network::Known, DECLARED), 87),
        ("only what it says itself", declared.to_vec(), 45),
        ("a new device", with(&good, [Fact::Use(DeviceUse { days_known: 0, days_used: 1 })]), 90),
    ];
    for (name, evidence, expected) in table {
        assert_eq!(device::score(&evidence).score(), expected, "{name}");
        assert_eq!(device::assess(&evidence).index, device::score(&evidence), "{name}");
    }
}

#[test]
fn an_enrolled_device_over_tor_still_opens_the_most_private_messages() {
    let over_tor = [
        DeviceEvidence::Key(DeviceKey::Enrolled),
        DeviceEvidence::System(Support::Supported, MEASURED),
        DeviceEvidence::Browser(Support::Supported, MEASURED),
        DeviceEvidence::LocalStore(LocalStore::Encrypted, MEASURED),
        DeviceEvidence::Network(Network::Tunnel, MEASURED),
    ];
    let index = device::score(&over_tor).score();
    assert!(
        caliopen_privacy::gate::Thresholds::DEFAULT
            .allows(caliopen_model::PrivacyIndex::new(100, false), index),
        "{index}"
    );
    let advice = device::assess(&over_tor).raises;
    assert!(!advice.is_empty() && advice.iter().all(|raise| !raise.action.key().contains("network")));
}

/// An account of this host as it begins: a password, the keys at the server.
fn account_here() -> Vec<AccountEvidence> {
    vec![
        AccountEvidence::Service(PeerService::Caliopen),
        AccountEvidence::SignIn(SignIn::Password),
        AccountEvidence::Transport(TransportPolicy::None),
        AccountEvidence::EndToEnd(EndToEnd::NoKey),
        AccountEvidence::Keys(KeyHolder::Server),
        AccountEvidence::Recovery(Recovery::OwnCode),
    ]
}

fn best_account() -> Vec<AccountEvidence> {
    vec![
        AccountEvidence::Provider { name: "caliopen.example".into(), class: HandlerClass::A },
        AccountEvidence::Service(PeerService::LabelledCaliopen),
        AccountEvidence::SignIn(SignIn::Passkey),
        AccountEvidence::Transport(TransportPolicy::Enforced),
        AccountEvidence::EndToEnd(EndToEnd::Published),
        AccountEvidence::Keys(KeyHolder::Devices),
        AccountEvidence::Recovery(Recovery::OwnCode),
    ]
}

fn gmail() -> AccountEvidence {
    AccountEvidence::Provider { name: "Gmail".into(), class: HandlerClass::E }
}

#[test]
fn an_account_is_worth_what_keeps_it() {
    use AccountEvidence as Fact;
    let best = best_account();
    let but = |fact: Fact| {
        let kind = std::mem::discriminant(&fact);
        with(&without(&best, |old| std::mem::discriminant(old) == kind), [fact])
    };
    let table: [(&str, Vec<Fact>, u8); 12] = [
        ("the best that there is", best.clone(), 100),
        ("nothing is known", vec![], 0),
        ("an account of this host as it begins", account_here(), 19),
        ("Gmail, which reads it", with(&but(Fact::Keys(KeyHolder::Service)), [gmail()]), 3),
        ("Gmail, which only carries it", but(gmail()), 39),
        ("a service that can read it", but(Fact::Keys(KeyHolder::Service)), 19),
        ("nobody knows who can read it", without(&best, |fact| matches!(fact, Fact::Keys(_))), 19),
        ("the keys at the server", but(Fact::Keys(KeyHolder::Server)), 59),
        ("the service can let anybody in", but(Fact::Recovery(Recovery::ByService)), 59),
        ("no Caliopen keeps it", but(Fact::Service(PeerService::Other)), 79),
        ("a Caliopen without label", but(Fact::Service(PeerService::Caliopen)), 84),
        ("no way back in", but(Fact::Recovery(Recovery::NoWay)), 94),
    ];
    for (name, evidence, expected) in table {
        assert_eq!(account::score(&evidence).score(), expected, "{name}");
        assert_eq!(account::assess(&evidence).index, account::score(&evidence), "{name}");
    }
}

#[test]
fn an_account_that_a_company_reads_is_told_where_to_go() {
    let read =
        [gmail(), AccountEvidence::SignIn(SignIn::Password), AccountEvidence::Keys(KeyHolder::Service)];
    let assessed = account::assess(&read);
    let first = assessed.raises.first().expect("something would help");
    assert_eq!(first.action, account::Action::MoveToCaliopen);
    assert_eq!(first.names, ["Gmail"]);
    assert_eq!(first.projected, 19);
}

fn sent(messages: u32, mean: u32) -> UserEvidence {
    UserEvidence::Sent { messages, total: messages * mean }
}

fn people(index: u8, count: u32) -> UserEvidence {
    UserEvidence::People { index, count }
}

#[test]
fn a_user_is_the_sum_of_what_they_sent_their_contacts_their_accounts_and_their_devices() {
    let (account, device) = (UserEvidence::Account(best_account()), UserEvidence::Device(good_device()));
    let own = [account.clone(), device.clone()];
    let here = UserEvidence::Account(account_here());
    let session = UserEvidence::Device(vec![DeviceEvidence::Key(DeviceKey::NotEnrolled)]);
    type Case = (&'static str, Vec<UserEvidence>, u8, Option<u8>, Option<u8>);
    let table: [Case; 10] = [
        ("nobody yet", vec![], 0, None, None),
        ("a newcomer earns nothing for silence", vec![here, session.clone()], 3, Some(12), None),
        ("the best own side alone", own.to_vec(), 30, Some(100), None),
        ("everything is best", with(&own, [sent(3, 100), people(100, 2)]), 100, Some(100), Some(100)),
        ("mail in transit to one person", with(&own, [sent(3, 12), people(12, 1)]), 38, Some(100), Some(12)),
        (
            "the middle one of three",
            with(&own, [sent(3, 0), people(10, 1), people(80, 1), people(30, 1)]),
            36,
            Some(100),
            Some(8),
        ),
        (
            "of two, the lower one",
            with(&own, [sent(2, 0), people(10, 1), people(80, 1)]),
            32,
            Some(100),
            Some(2),
        ),
        (
            "two of days that are not the same",
            with(&own, [sent(1, 0), sent(1, 100)]),
            55,
            Some(100),
            Some(35),
        ),
        (
            "most people decide",
            with(&own, [sent(1, 50), people(0, 1), people(90, 2)]),
            73,
            Some(100),
            Some(61),
        ),
        (
            "the weakest device counts",
            with(&own, [session, sent(1, 100), people(100, 1)]),
            90,
            Some(66),
            Some(100),
        ),
    ];
    for (name, evidence, expected, yours, others) in table {
        let assessed = user::assess(&evidence);
        assert_eq!(assessed.explained.index.score(), expected, "{name}");
        assert_eq!((assessed.yours, assessed.others), (yours, others), "{name}");
        assert_eq!(assessed.explained.index, user::score(&evidence), "{name}");
    }
}

#[test]
fn a_newcomer_is_told_that_too_little_is_known_and_not_that_nothing_is_private() {
    let newcomer = [UserEvidence::Account(best_account()), UserEvidence::Device(good_device())];
    let assessed = user::assess(&newcomer);
    assert!(assessed.explained.index.approximate());
    assert_eq!(assessed.summary, user::Summary::LittleKnown);
    assert_eq!(assessed.explained.unknown().count(), 2);
}

#[test]
fn a_user_is_told_what_to_do_about_the_weakest_of_their_own() {
    let session = vec![
        DeviceEvidence::Key(DeviceKey::NotEnrolled),
        DeviceEvidence::Network(Network::Unknown, MEASURED),
    ];
    let evidence = [
        UserEvidence::Device(good_device()),
        UserEvidence::Device(session),
        UserEvidence::Account(best_account()),
        sent(2, 19),
        people(19, 2),
    ];
    let assessed = user::assess(&evidence);
    assert_eq!(assessed.weakest_device, Some(1));
    assert_eq!(assessed.weakest_account, Some(2));
    assert_eq!(assessed.summary, user::Summary::OthersLimit);
    let actions: Vec<user::Action> = assessed.explained.raises.iter().map(|raise| raise.action).collect();
    assert_eq!(actions.first(), Some(&user::Action::Device(device::Action::Enrol)));
}

fn route(address: &str, proof: AddressProof, reach: Reach, evidence: Vec<Evidence>) -> Route {
    Route { handle: Handle::literal(Protocol::Email, address), reach, proof, evidence }
}

#[test]
fn a_contact_is_worth_the_best_way_that_is_proven_to_be_theirs() {
    use AddressProof::{Received, Written};
    use Reach::{NotSeen, Nowhere, Open};
    let good = || clear_mail(HopSecurity::Authenticated, HandlerClass::B);
    let fair = || clear_mail(HopSecurity::Opportunistic, HandlerClass::C);
    let read = || vec![handler("Gmail", HandlerClass::E, HandlerSees::Content)];
    type Case = (&'static str, Vec<Route>, Option<u8>, Option<usize>);
    let table: [Case; 7] = [
        ("nobody looked", vec![route("bo@x.net", Received, NotSeen, vec![])], None, None),
        ("it would not arrive", vec![route("bo@x.net", Received, Nowhere, good())], None, None),
        ("one address", vec![route("bo@x.net", Written, Open, fair())], Some(12), Some(0)),
        (
            "the best of two that are proven",
            vec![route("bo@gmail.com", Received, Open, read()), route("bo@x.net", Received, Open, good())],
            Some(19),
            Some(1),
        ),
        (
            "an added address raises nothing",
            vec![route("bo@gmail.com", Received, Open, read()), route("bo@x.net", Written, Open, good())],
            Some(0),
            Some(0),
        ),
        (
            "of two that somebody wrote down, the less private",
            vec![route("bo@gmail.com", Written, Open, read()), route("bo@x.net", Written, Open, good())],
            Some(0),
            Some(0),
        ),
        (
            "the better way is down",
            vec![route("bo@gmail.com", Received, Open, read()), route("bo@x.net", Received, Nowhere, good())],
            Some(0),
            Some(0),
        ),
    ];
    for (name, routes, expected, taken) in table {
        let assessed = contact::assess(&routes);
        assert_eq!(assessed.index.map(|index| index.score()), expected, "{name}");
        assert_eq!(assessed.taken(), taken, "{name}");
        assert_eq!(assessed.ranked.len(), routes.len(), "{name}");
    }
}

#[test]
fn a_better_address_that_is_not_proven_is_shown_as_a_step() {
    let read = vec![handler("Gmail", HandlerClass::E, HandlerSees::Content)];
    let good = clear_mail(HopSecurity::Authenticated, HandlerClass::B);
    let routes = [
        route("bo@gmail.com", AddressProof::Received, Reach::Open, read),
        route("bo@x.net", AddressProof::Written, Reach::Open, good),
    ];
    let assessed = contact::assess(&routes);
    assert_eq!(assessed.ranked[0].standing, Standing::Best);
    assert_eq!(assessed.ranked[1].standing, Standing::NotProven);
    let prove = assessed.raises.iter().find(|raise| raise.action == contact::Action::ProveAddress);
    assert_eq!(prove.map(|raise| raise.projected), Some(19));
}
