//! The honesty rules of the indices of devices, accounts, users and contacts, each for any evidence whatever.

use crate::support;
use caliopen_model::{
    AccountEvidence, AddressProof, Basis, DeviceEvidence, DeviceKey, DeviceUse, EndToEnd, Handle,
    HandlerClass, HandlerSees, HopSecurity, KeyHolder, Language, LocalStore, Network, PeerService,
    PersonCheck, Protocol, Reach, Recovery, Route, SignIn, Support, TransportPolicy, UserEvidence,
};
use caliopen_privacy::{
    Counted, Explained, Phrase, RAISES_MAX, State, Step, account, contact, device, score, user,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use std::mem::discriminant;
use support::{clear_mail, handler};

fn basis() -> impl Strategy<Value = Basis> {
    select(vec![Basis::Declared, Basis::Measured])
}

fn any_device_fact() -> impl Strategy<Value = DeviceEvidence> {
    use DeviceEvidence as Fact;
    let support = || select(vec![Support::EndOfLife, Support::Supported]);
    let networks = select(vec![Network::Open, Network::Unknown, Network::Tunnel, Network::Known]);
    prop_oneof![
        select(vec![DeviceKey::NotEnrolled, DeviceKey::Enrolled]).prop_map(Fact::Key),
        select(vec![PersonCheck::Password, PersonCheck::Passkey]).prop_map(Fact::Person),
        (support(), basis()).prop_map(|(support, basis)| Fact::System(support, basis)),
        (support(), basis()).prop_map(|(support, basis)| Fact::Browser(support, basis)),
        (select(vec![LocalStore::InClear, LocalStore::Encrypted]), basis())
            .prop_map(|(store, basis)| Fact::LocalStore(store, basis)),
        (0_u16..60, 0_u8..31)
            .prop_map(|(days_known, days_used)| Fact::Use(DeviceUse { days_known, days_used })),
        (networks, basis()).prop_map(|(network, basis)| Fact::Network(network, basis)),
        select(vec![Fact::SharedComputer, Fact::TlsIntercepted]),
    ]
}

fn any_device() -> impl Strategy<Value = Vec<DeviceEvidence>> {
    vec(any_device_fact(), 0..9)
}

fn any_account_fact() -> impl Strategy<Value = AccountEvidence> {
    use AccountEvidence as Fact;
    let classes =
        select(vec![HandlerClass::E, HandlerClass::D, HandlerClass::C, HandlerClass::B, HandlerClass::A]);
    let services = vec![PeerService::Other, PeerService::Caliopen, PeerService::LabelledCaliopen];
    let ways =
        vec![SignIn::Password, SignIn::AppPassword, SignIn::Grant, SignIn::SecondFactor, SignIn::Passkey];
    let policies = vec![TransportPolicy::None, TransportPolicy::Testing, TransportPolicy::Enforced];
    let back = vec![Recovery::ByService, Recovery::ByOtherAccount, Recovery::NoWay, Recovery::OwnCode];
    prop_oneof![
        classes.prop_map(|class| Fact::Provider { name: "Orange".into(), class }),
        select(services).prop_map(Fact::Service),
        select(ways).prop_map(Fact::SignIn),
        select(policies).prop_map(Fact::Transport),
        select(vec![EndToEnd::NoKey, EndToEnd::Possible, EndToEnd::Published]).prop_map(Fact::EndToEnd),
        select(vec![KeyHolder::Service, KeyHolder::Server, KeyHolder::Devices]).prop_map(Fact::Keys),
        select(back).prop_map(Fact::Recovery),
    ]
}

fn any_account() -> impl Strategy<Value = Vec<AccountEvidence>> {
    vec(any_account_fact(), 0..9)
}

fn any_sent() -> impl Strategy<Value = UserEvidence> {
    (0_u32..50, 0_u32..=100)
        .prop_map(|(messages, mean)| UserEvidence::Sent { messages, total: messages * mean })
}

fn any_people() -> impl Strategy<Value = UserEvidence> {
    (0_u8..=100, 0_u32..5).prop_map(|(index, count)| UserEvidence::People { index, count })
}

fn any_user() -> impl Strategy<Value = Vec<UserEvidence>> {
    vec(
        prop_oneof![
            2 => any_sent(),
            2 => any_people(),
            1 => any_account().prop_map(UserEvidence::Account),
            1 => any_device().prop_map(UserEvidence::Device),
        ],
        0..12,
    )
}

fn any_route() -> impl Strategy<Value = Route> {
    let addresses = select(vec!["bo@x.net", "bo@y.net", "bo@gmail.com"]);
    let ways = select(vec![
        vec![handler("Gmail", HandlerClass::E, HandlerSees::Content)],
        clear_mail(HopSecurity::Opportunistic, HandlerClass::C),
        clear_mail(HopSecurity::Authenticated, HandlerClass::B),
        clear_mail(HopSecurity::Unknown, HandlerClass::D),
        vec![],
    ]);
    let reach = select(vec![Reach::Nowhere, Reach::NotSeen, Reach::Open, Reach::Open]);
    let proof = select(vec![AddressProof::Written, AddressProof::Received]);
    (addresses, reach, proof, ways).prop_map(|(address, reach, proof, evidence)| Route {
        handle: Handle::literal(Protocol::Email, address),
        reach,
        proof,
        evidence,
    })
}

fn plus<T: Clone>(list: &[T], more: T) -> Vec<T> {
    let mut list = list.to_vec();
    list.push(more);
    list
}

/// What holds of every explained index: the sum under the lowest cap, rows of 100, reasons in every language, nothing
/// earned by what was not checked.
fn is_explained<C: Counted, R: Phrase, A: Step>(explained: &Explained<C, R, A>, all: &[C]) {
    let limit = explained.caps.first().map_or(100, |cap| cap.limit);
    assert_eq!(explained.index.score(), explained.sum().min(limit));
    assert!(explained.caps.is_sorted_by_key(|cap| cap.limit));
    assert_eq!(explained.points.iter().map(|point| u32::from(point.most)).sum::<u32>(), 100);
    assert!(explained.points.iter().all(|point| point.points <= point.most));
    assert!(explained.unknown().all(|point| point.points == 0));
    let unknown = all.iter().filter(|component| {
        let mut rows = explained.points.iter().filter(|point| point.component == **component);
        rows.all(|point| point.state == State::Unknown)
    });
    assert_eq!(explained.index.approximate(), unknown.count() >= 2);
    for point in &explained.points {
        assert!(point.state == State::Unknown || !point.evidence.is_empty());
        assert!(Language::ALL.iter().all(|language| !point.reason.text(*language).is_empty()));
    }
    assert!(
        explained
            .caps
            .iter()
            .all(|cap| Language::ALL.iter().all(|language| !cap.reason.text(*language).is_empty()))
    );
}

/// Every promise is the number that the evidence after the step gives.
fn keeps_its_promises<C, R, A: Step>(explained: &Explained<C, R, A>, then: impl Fn(A) -> Option<u8>) {
    assert!(explained.raises.len() <= RAISES_MAX);
    assert!(explained.raises.is_sorted_by_key(|raise| std::cmp::Reverse(raise.projected)));
    for raise in &explained.raises {
        assert_eq!(then(raise.action), Some(raise.projected), "{}", raise.action.key());
        assert!(raise.projected > explained.index.score());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_device_is_explained_and_every_gain_is_the_recomputed_value(evidence in any_device()) {
        let explained = device::assess(&evidence);
        is_explained(&explained, device::Component::ALL);
        keeps_its_promises(&explained, |action| {
            Some(device::score(&device::hypothetical(action, &evidence)?).score())
        });
    }

    #[test]
    fn an_account_is_explained_and_every_gain_is_the_recomputed_value(evidence in any_account()) {
        let explained = account::assess(&evidence);
        is_explained(&explained, account::Component::ALL);
        keeps_its_promises(&explained, |action| {
            Some(account::score(&account::hypothetical(action, &evidence)?).score())
        });
    }

    #[test]
    fn a_user_is_explained_and_every_gain_is_the_recomputed_value(evidence in any_user()) {
        let explained = user::assess(&evidence).explained;
        is_explained(&explained, user::Component::ALL);
        keeps_its_promises(&explained, |action| {
            Some(user::score(&user::hypothetical(action, &evidence)?).score())
        });
    }

    #[test]
    fn a_contact_keeps_its_promises(routes in vec(any_route(), 0..5)) {
        let assessed = contact::assess(&routes);
        for raise in &assessed.raises {
            let then = contact::hypothetical(raise.action, &routes).and_then(|routes| contact::assess(&routes).index);
            prop_assert_eq!(then.map(|index| index.score()), Some(raise.projected));
        }
        let taken = assessed.taken().map(|place| score(&routes[place].evidence));
        prop_assert_eq!(taken, assessed.index);
    }

    #[test]
    fn harm_never_raises_a_device(evidence in any_device()) {
        use DeviceEvidence as Fact;
        let harm = [
            Fact::Key(DeviceKey::NotEnrolled),
            Fact::Person(PersonCheck::Password),
            Fact::System(Support::EndOfLife, Basis::Declared),
            Fact::Browser(Support::EndOfLife, Basis::Declared),
            Fact::LocalStore(LocalStore::InClear, Basis::Declared),
            Fact::SharedComputer,
            Fact::TlsIntercepted,
        ];
        for fact in harm {
            prop_assert!(device::score(&plus(&evidence, fact)).score() <= device::score(&evidence).score());
        }
    }

    #[test]
    fn harm_never_raises_an_account(evidence in any_account()) {
        use AccountEvidence as Fact;
        let harm = [
            Fact::Provider { name: "Gmail".into(), class: HandlerClass::E },
            Fact::Service(PeerService::Other),
            Fact::Transport(TransportPolicy::None),
            Fact::EndToEnd(EndToEnd::NoKey),
            Fact::Keys(KeyHolder::Service),
            Fact::Recovery(Recovery::ByService),
        ];
        for fact in harm {
            let worse = account::score(&plus(&evidence, fact.clone())).score();
            prop_assert!(worse <= account::score(&evidence).score(), "{:?}", fact);
        }
    }

    #[test]
    fn a_second_answer_never_raises(
        (device, more) in (any_device(), any_device_fact()),
        (account, again) in (any_account(), any_account_fact()),
    ) {
        if device.iter().any(|fact| discriminant(fact) == discriminant(&more)) {
            prop_assert!(device::score(&plus(&device, more)).score() <= device::score(&device).score());
        }
        if account.iter().any(|fact| discriminant(fact) == discriminant(&again)) {
            prop_assert!(account::score(&plus(&account, again)).score() <= account::score(&account).score());
        }
    }

    #[test]
    fn what_was_declared_never_counts_for_more_than_what_was_measured(evidence in any_device()) {
        use DeviceEvidence as Fact;
        let measured = |fact: &Fact| match *fact {
            Fact::System(support, _) => Fact::System(support, Basis::Measured),
            Fact::Browser(support, _) => Fact::Browser(support, Basis::Measured),
            Fact::LocalStore(store, _) => Fact::LocalStore(store, Basis::Measured),
            Fact::Network(network, _) => Fact::Network(network, Basis::Measured),
            fact => fact,
        };
        let all_measured: Vec<Fact> = evidence.iter().map(measured).collect();
        prop_assert!(device::score(&evidence).score() <= device::score(&all_measured).score());
    }

    #[test]
    fn unknown_never_counts_for_more_than_known_good(device in any_device(), account in any_account()) {
        let good = [
            DeviceEvidence::Key(DeviceKey::Enrolled),
            DeviceEvidence::Person(PersonCheck::Passkey),
            DeviceEvidence::Browser(Support::Supported, Basis::Measured),
            DeviceEvidence::Network(Network::Known, Basis::Measured),
        ];
        for fact in good {
            let mut silent = device.clone();
            silent.retain(|old| discriminant(old) != discriminant(&fact));
            prop_assert!(device::score(&silent).score() <= device::score(&plus(&silent, fact)).score());
        }
        let good = [
            AccountEvidence::Provider { name: "here".into(), class: HandlerClass::A },
            AccountEvidence::Service(PeerService::LabelledCaliopen),
            AccountEvidence::SignIn(SignIn::Passkey),
            AccountEvidence::Keys(KeyHolder::Devices),
            AccountEvidence::Recovery(Recovery::OwnCode),
        ];
        for fact in good {
            let mut silent = account.clone();
            silent.retain(|old| discriminant(old) != discriminant(&fact));
            prop_assert!(account::score(&silent).score() <= account::score(&plus(&silent, fact)).score());
        }
    }

    #[test]
    fn the_order_never_matters(
        (device, devices) in any_device().prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle())),
        (account, accounts) in any_account().prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle())),
        (user, users) in any_user().prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle())),
        (routes, shuffled) in vec(any_route(), 0..5)
            .prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle())),
    ) {
        prop_assert_eq!(device::assess(&device).raises, device::assess(&devices).raises);
        prop_assert_eq!(device::score(&device), device::score(&devices));
        prop_assert_eq!(account::assess(&account).raises, account::assess(&accounts).raises);
        prop_assert_eq!(account::score(&account), account::score(&accounts));
        let (one, other) = (user::assess(&user), user::assess(&users));
        prop_assert_eq!((one.yours, one.others, one.explained.index), (other.yours, other.others, other.explained.index));
        prop_assert_eq!(one.explained.raises, other.explained.raises);
        prop_assert_eq!(contact::assess(&routes).index, contact::assess(&shuffled).index);
    }

    #[test]
    fn a_message_that_anybody_can_read_never_raises_a_user(evidence in any_user()) {
        let more = plus(&evidence, UserEvidence::Sent { messages: 1, total: 0 });
        prop_assert!(user::score(&more).score() <= user::score(&evidence).score());
    }

    #[test]
    fn somebody_who_can_be_reached_in_the_open_alone_never_raises_a_user(evidence in any_user()) {
        let more = plus(&evidence, UserEvidence::People { index: 0, count: 1 });
        prop_assert!(user::score(&more).score() <= user::score(&evidence).score());
    }

    #[test]
    fn whoever_can_be_reached_less_privately_than_before_never_raises_a_user(
        evidence in any_user(),
        (high, low) in (0_u8..=100).prop_flat_map(|high| (Just(high), 0..=high)),
    ) {
        let before = plus(&evidence, UserEvidence::People { index: high, count: 1 });
        let after = plus(&evidence, UserEvidence::People { index: low, count: 1 });
        prop_assert!(user::score(&after).score() <= user::score(&before).score());
    }

    #[test]
    fn one_more_account_or_device_never_raises_what_the_others_earned(
        evidence in any_user(),
        account in any_account(),
        device in any_device(),
    ) {
        let has = |wanted: fn(&UserEvidence) -> bool| evidence.iter().any(wanted);
        if has(|fact| matches!(fact, UserEvidence::Account(_))) {
            let more = plus(&evidence, UserEvidence::Account(account));
            prop_assert!(user::score(&more).score() <= user::score(&evidence).score());
        }
        if has(|fact| matches!(fact, UserEvidence::Device(_))) {
            let more = plus(&evidence, UserEvidence::Device(device));
            prop_assert!(user::score(&more).score() <= user::score(&evidence).score());
        }
    }

    #[test]
    fn the_two_halves_make_the_whole(evidence in any_user()) {
        let assessed = user::assess(&evidence);
        let halves = [(assessed.yours, 30_u32), (assessed.others, 70)];
        let sum: u32 = halves.iter().map(|(half, weight)| u32::from(half.unwrap_or(0)) * weight).sum();
        let whole = u32::from(assessed.explained.index.score());
        // Each row and each half is rounded down on its own.
        prop_assert!((sum / 100).abs_diff(whole) <= 3, "{} {:?}", whole, halves);
    }

    #[test]
    fn an_added_address_never_raises_a_contact_before_it_is_proven(routes in vec(any_route(), 0..5), added in any_route()) {
        let before = contact::assess(&routes).index;
        let added = Route { proof: AddressProof::Written, ..added };
        let after = contact::assess(&plus(&routes, added)).index;
        prop_assert!(before.is_none() || after.map(|index| index.score()) <= before.map(|index| index.score()));
    }

    #[test]
    fn an_account_that_a_service_reads_stays_below_20_and_from_80_a_caliopen_keeps_it(evidence in any_account()) {
        let found = account::score(&evidence).score();
        let says = |wanted: fn(&AccountEvidence) -> bool| evidence.iter().any(wanted);
        prop_assert!(found < 20 || says(|fact| matches!(fact, AccountEvidence::Keys(holder) if *holder != KeyHolder::Service)));
        prop_assert!(found < 80 || says(|fact| matches!(fact, AccountEvidence::Service(service) if *service != PeerService::Other)));
    }
}
