//! Every text of the indices of contacts, devices, accounts and users, as reviewed files.

use crate::support;
use caliopen_model::{
    AccountEvidence, Basis, DeviceEvidence, DeviceKey, DeviceUse, EndToEnd, HandlerClass, KeyHolder,
    LocalStore, Network, PeerService, PersonCheck, Recovery, SignIn, Support, TransportPolicy, UserEvidence,
};
use caliopen_privacy::{Counted, Phrase, Step, account, contact, device, user};
use support::golden::{check, entry, is_set_as_its_language_asks, promises_no_more_than_was_checked};

fn phrases<P: Phrase>(page: &mut String, title: &str, all: &[P]) {
    page.push_str(&format!("# {title}\n"));
    for phrase in all {
        entry(page, phrase.key(), |names, language| phrase.say(names, language));
    }
}

fn steps<A: Step>(page: &mut String, all: &[A]) {
    page.push_str("\n# Steps\n");
    for step in all {
        let key = format!("{} ({}, {})", step.key(), step.who().key(), step.axis().key());
        entry(page, &key, |names, language| step.say(names, language));
    }
}

fn rows<C: Counted>(page: &mut String, all: &[C]) {
    page.push_str("\n# Rows\n");
    for row in all {
        let key = format!("{} ({}, {})", row.key(), row.most(), row.axis().key());
        entry(page, &key, |_, language| row.label(language).to_owned());
    }
}

fn evidence<F>(page: &mut String, all: &[F], describe: fn(&F, caliopen_model::Language) -> String) {
    page.push_str("\n# Evidence\n");
    for (number, fact) in all.iter().enumerate() {
        entry(page, &(number + 1).to_string(), |_, language| describe(fact, language));
    }
}

fn device_page() -> String {
    let mut page = String::new();
    phrases(&mut page, "Reasons", device::ReasonCode::ALL);
    steps(&mut page, device::Action::ALL);
    rows(&mut page, device::Component::ALL);
    let facts = [
        DeviceEvidence::Key(DeviceKey::NotEnrolled),
        DeviceEvidence::Key(DeviceKey::Enrolled),
        DeviceEvidence::Person(PersonCheck::Password),
        DeviceEvidence::Person(PersonCheck::Passkey),
        DeviceEvidence::System(Support::Supported, Basis::Declared),
        DeviceEvidence::System(Support::EndOfLife, Basis::Declared),
        DeviceEvidence::Browser(Support::Supported, Basis::Measured),
        DeviceEvidence::Browser(Support::EndOfLife, Basis::Measured),
        DeviceEvidence::LocalStore(LocalStore::Encrypted, Basis::Declared),
        DeviceEvidence::LocalStore(LocalStore::InClear, Basis::Measured),
        DeviceEvidence::Use(DeviceUse { days_known: 40, days_used: 12 }),
        DeviceEvidence::Network(Network::Open, Basis::Declared),
        DeviceEvidence::Network(Network::Unknown, Basis::Measured),
        DeviceEvidence::Network(Network::Tunnel, Basis::Measured),
        DeviceEvidence::Network(Network::Known, Basis::Declared),
        DeviceEvidence::SharedComputer,
        DeviceEvidence::TlsIntercepted,
    ];
    evidence(&mut page, &facts, device::describe);
    page
}

fn account_page() -> String {
    let mut page = String::new();
    phrases(&mut page, "Reasons", account::ReasonCode::ALL);
    steps(&mut page, account::Action::ALL);
    rows(&mut page, account::Component::ALL);
    let mut facts = vec![AccountEvidence::Provider { name: "Gmail".into(), class: HandlerClass::E }];
    facts.extend(
        [PeerService::Other, PeerService::Caliopen, PeerService::LabelledCaliopen]
            .map(AccountEvidence::Service),
    );
    let ways = [SignIn::Password, SignIn::AppPassword, SignIn::Grant, SignIn::SecondFactor, SignIn::Passkey];
    facts.extend(ways.map(AccountEvidence::SignIn));
    let policies = [TransportPolicy::None, TransportPolicy::Testing, TransportPolicy::Enforced];
    facts.extend(policies.map(AccountEvidence::Transport));
    facts.extend([EndToEnd::NoKey, EndToEnd::Possible, EndToEnd::Published].map(AccountEvidence::EndToEnd));
    facts.extend([KeyHolder::Service, KeyHolder::Server, KeyHolder::Devices].map(AccountEvidence::Keys));
    let back = [Recovery::ByService, Recovery::ByOtherAccount, Recovery::NoWay, Recovery::OwnCode];
    facts.extend(back.map(AccountEvidence::Recovery));
    evidence(&mut page, &facts, account::describe);
    page
}

fn user_page() -> String {
    let mut page = String::new();
    phrases(&mut page, "Reasons", user::ReasonCode::ALL);
    page.push('\n');
    phrases(&mut page, "Summaries", user::Summary::ALL);
    rows(&mut page, user::Component::ALL);
    let facts = [
        UserEvidence::Sent { messages: 3, total: 36 },
        UserEvidence::People { index: 12, count: 2 },
        UserEvidence::Account(vec![AccountEvidence::Keys(KeyHolder::Server)]),
        UserEvidence::Device(vec![DeviceEvidence::Key(DeviceKey::NotEnrolled)]),
    ];
    evidence(&mut page, &facts, user::describe);
    page
}

fn contact_page() -> String {
    let mut page = String::new();
    phrases(&mut page, "Ways", contact::Standing::ALL);
    steps(&mut page, &[contact::Action::ProveAddress]);
    page
}

#[test]
fn texts_about_devices_are_as_reviewed() {
    check("device.txt", &device_page());
}

#[test]
fn texts_about_accounts_are_as_reviewed() {
    check("account.txt", &account_page());
}

#[test]
fn texts_about_users_are_as_reviewed() {
    check("user.txt", &user_page());
}

#[test]
fn texts_about_contacts_are_as_reviewed() {
    check("contact.txt", &contact_page());
}

fn pages() -> String {
    [device_page(), account_page(), user_page(), contact_page()].concat()
}

#[test]
fn no_text_promises_more_than_was_checked_or_blames() {
    promises_no_more_than_was_checked(&pages());
}

#[test]
fn every_text_is_set_as_its_language_asks() {
    is_set_as_its_language_asks(&pages(), 100);
}
