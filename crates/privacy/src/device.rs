//! The index of a device on its network: how much a message may be trusted to it.
//!
//! `PI = min(sum of points, lowest cap)`. What we measured counts in full, what was declared for half; what speaks
//! against a device counts in full either way, since nobody declares that in vain.

mod words;

pub use words::{Action, ReasonCode, describe};

use crate::axis::{Axis, Who};
use crate::subject::{self, Explained, Line, Step, Subject, components, explain, index, row, unknown, worst};
use caliopen_model::{
    Basis, DeviceEvidence, DeviceKey, DeviceUse, LocalStore, Network, PersonCheck, PrivacyIndex, Support,
};
use std::borrow::Cow;

components! {
    /// What a device earns points for.
    pub enum Component {
        /// A key that cannot leave it.
        Key "key" 20 Technical "Key" "Clé" "Chiave"
        /// What shows that it is its person.
        Person "person" 15 Behaviour "Sign-in" "Connexion" "Accesso"
        /// Its operating system and its browser.
        Software "software" 20 Technical "Software" "Logiciels" "Programmi"
        /// How it keeps what it stores.
        Store "store" 10 Technical "Where it keeps things" "Conservation" "Conservazione"
        /// How long and how regularly it has been used.
        Use "use" 10 Behaviour "Use" "Usage" "Uso"
        /// The network that it is on.
        Network "network" 25 Context "Network" "Réseau" "Rete"
    }
}

/// Days from which on a device is no stranger, and from which on it is well known.
const KNOWN_DAYS: [u16; 2] = [7, 30];
/// Days of the last 30 from which on it is used now and then, and regularly.
const USED_DAYS: [u8; 2] = [3, 8];
/// What the second of such days gives; the first gives [`SOME_USE`].
const FULL_USE: u8 = 5;
const SOME_USE: u8 = 2;

/// The index of a device, explained.
pub type Assessment = Explained<Component, ReasonCode, Action>;

/// Assesses a device from everything that is known of it and of its network.
pub fn assess(evidence: &[DeviceEvidence]) -> Assessment {
    assess_among(evidence, &|_| true)
}

/// The same, with steps among those that are possible where it is asked: a program that cannot take one, or would not see
/// it taken, promises nothing by it.
pub fn assess_among(evidence: &[DeviceEvidence], possible: &dyn Fn(Action) -> bool) -> Assessment {
    explain::<Device>(evidence, possible)
}

/// The number alone.
pub fn score(evidence: &[DeviceEvidence]) -> PrivacyIndex {
    index::<Device>(&Facts::gather(evidence.iter()))
}

/// The evidence that would be there had the step been taken; `None` when the step makes no sense for it.
pub fn hypothetical(action: Action, evidence: &[DeviceEvidence]) -> Option<Vec<DeviceEvidence>> {
    subject::hypothetical::<Device>(action, evidence)
}

/// The worst of everything that was said about one device.
#[derive(Debug, Clone, Copy, Default)]
struct Facts {
    key: Option<DeviceKey>,
    person: Option<PersonCheck>,
    system: Option<(Support, Basis)>,
    browser: Option<(Support, Basis)>,
    store: Option<(LocalStore, Basis)>,
    days_known: Option<u16>,
    days_used: Option<u8>,
    network: Option<(Network, Basis)>,
    shared: bool,
    intercepted: bool,
}

impl Facts {
    fn gather<'a>(evidence: impl Iterator<Item = &'a DeviceEvidence>) -> Self {
        let mut facts = Self::default();
        for fact in evidence {
            match *fact {
                DeviceEvidence::Key(key) => worst(&mut facts.key, key),
                DeviceEvidence::Person(check) => worst(&mut facts.person, check),
                DeviceEvidence::System(support, basis) => worst(&mut facts.system, (support, basis)),
                DeviceEvidence::Browser(support, basis) => worst(&mut facts.browser, (support, basis)),
                DeviceEvidence::LocalStore(store, basis) => worst(&mut facts.store, (store, basis)),
                DeviceEvidence::Use(DeviceUse { days_known, days_used }) => {
                    worst(&mut facts.days_known, days_known);
                    worst(&mut facts.days_used, days_used);
                }
                DeviceEvidence::Network(network, basis) => worst(&mut facts.network, (network, basis)),
                DeviceEvidence::SharedComputer => facts.shared = true,
                DeviceEvidence::TlsIntercepted => facts.intercepted = true,
            }
        }
        facts
    }
}

enum Device {}

impl Subject for Device {
    type Fact = DeviceEvidence;
    type Facts = Facts;
    type Component = Component;
    type Code = ReasonCode;
    type Action = Action;

    const COMPONENTS: &'static [Component] = Component::ALL;

    fn actions() -> impl Iterator<Item = Action> {
        Action::ALL.iter().copied()
    }

    fn gather<'a>(evidence: impl Iterator<Item = &'a DeviceEvidence>) -> Facts {
        Facts::gather(evidence)
    }

    fn lines(facts: &Facts) -> impl Iterator<Item = Line<Component, ReasonCode>> {
        [key(facts), person(facts), system(facts), browser(facts), store(facts), usage(facts), network(facts)]
            .into_iter()
    }

    fn caps(facts: &Facts) -> impl Iterator<Item = (u8, ReasonCode)> {
        use ReasonCode as Code;
        let browser_given_up = matches!(facts.browser, Some((Support::EndOfLife, _)));
        let rules = [
            (facts.intercepted, 0, Code::TlsIntercepted),
            (facts.shared, 25, Code::SharedComputer),
            (facts.key == Some(DeviceKey::NotEnrolled), 25, Code::NotEnrolled),
            // A device of which nobody knows whether it has a key counts for no more than one without.
            (facts.key.is_none(), 25, Code::EnrolmentNotChecked),
            (browser_given_up, 30, Code::BrowserEndOfLife),
        ];
        rules.into_iter().filter(|(applies, ..)| *applies).map(|(_, limit, code)| (limit, code))
    }

    fn supports(code: ReasonCode, fact: &DeviceEvidence) -> Option<&[String]> {
        words::rests_on(code, fact).then_some(&[])
    }

    fn suppose<'a>(
        action: Action,
        facts: &Facts,
        evidence: &'a [DeviceEvidence],
    ) -> Option<Vec<Cow<'a, DeviceEvidence>>> {
        let added = applies(action, facts)?;
        let kept = evidence.iter().filter_map(|fact| changed(action, fact)).map(Cow::Owned);
        Some(kept.chain(added.into_iter().map(Cow::Owned)).collect())
    }
}

/// What counts in full when it was measured, and for half when it was declared.
const fn believed(most: u8, basis: Basis) -> u8 {
    match basis {
        Basis::Measured => most,
        Basis::Declared => most / 2,
    }
}

fn key(facts: &Facts) -> Line<Component, ReasonCode> {
    let (component, most) = (Component::Key, Component::Key.most());
    match facts.key {
        Some(DeviceKey::Enrolled) => row(component, most, most, ReasonCode::Enrolled),
        Some(DeviceKey::NotEnrolled) => row(component, most, 0, ReasonCode::NotEnrolled),
        None => unknown(component, most, ReasonCode::EnrolmentNotChecked),
    }
}

fn person(facts: &Facts) -> Line<Component, ReasonCode> {
    let (component, most) = (Component::Person, Component::Person.most());
    match facts.person {
        Some(PersonCheck::Passkey) => row(component, most, most, ReasonCode::ByPasskey),
        Some(PersonCheck::Password) => row(component, most, 0, ReasonCode::ByPassword),
        None => unknown(component, most, ReasonCode::PersonNotChecked),
    }
}

fn system(facts: &Facts) -> Line<Component, ReasonCode> {
    use ReasonCode as Code;
    let (component, most) = (Component::Software, 10);
    match facts.system {
        Some((Support::Supported, basis)) => {
            row(component, most, believed(most, basis), Code::SystemSupported)
        }
        Some((Support::EndOfLife, _)) => row(component, most, 0, Code::SystemEndOfLife),
        None => unknown(component, most, Code::SystemNotChecked),
    }
}

fn browser(facts: &Facts) -> Line<Component, ReasonCode> {
    use ReasonCode as Code;
    let (component, most) = (Component::Software, 10);
    match facts.browser {
        Some((Support::Supported, basis)) => {
            row(component, most, believed(most, basis), Code::BrowserSupported)
        }
        Some((Support::EndOfLife, _)) => row(component, most, 0, Code::BrowserEndOfLife),
        None => unknown(component, most, Code::BrowserNotChecked),
    }
}

fn store(facts: &Facts) -> Line<Component, ReasonCode> {
    let (component, most) = (Component::Store, Component::Store.most());
    match facts.store {
        Some((LocalStore::Encrypted, basis)) => {
            row(component, most, believed(most, basis), ReasonCode::StoreEncrypted)
        }
        Some((LocalStore::InClear, _)) => row(component, most, 0, ReasonCode::StoreInClear),
        None => unknown(component, most, ReasonCode::StoreNotChecked),
    }
}

/// Half for how long it is known, half for how regularly it is used.
fn usage(facts: &Facts) -> Line<Component, ReasonCode> {
    let (component, most) = (Component::Use, Component::Use.most());
    let (Some(known), Some(used)) = (facts.days_known, facts.days_used) else {
        return unknown(component, most, ReasonCode::UseNotChecked);
    };
    let points = half(known, KNOWN_DAYS) + half(used, USED_DAYS);
    let code = match points {
        0 => ReasonCode::UseNew,
        points if points < most => ReasonCode::UseSome,
        _ => ReasonCode::UseRegular,
    };
    row(component, most, points, code)
}

fn half<T: PartialOrd>(days: T, [some, full]: [T; 2]) -> u8 {
    if days >= full {
        FULL_USE
    } else if days >= some {
        SOME_USE
    } else {
        0
    }
}

/// Tor and a VPN hide the network on purpose: they count as a network that is not recognised, never for less, and no
/// step ever advises against them.
fn network(facts: &Facts) -> Line<Component, ReasonCode> {
    use ReasonCode as Code;
    let (component, most) = (Component::Network, Component::Network.most());
    match facts.network {
        Some((Network::Known, basis)) => row(component, most, believed(most, basis), Code::NetworkKnown),
        Some((Network::Tunnel, _)) => row(component, most, 10, Code::NetworkTunnel),
        Some((Network::Unknown, _)) => row(component, most, 10, Code::NetworkUnknown),
        Some((Network::Open, _)) => row(component, most, 5, Code::NetworkOpen),
        None => unknown(component, most, Code::NetworkNotChecked),
    }
}

/// What the step adds to the evidence; `None` when it makes no sense here.
fn applies(action: Action, facts: &Facts) -> Option<Option<DeviceEvidence>> {
    let network_is = |wanted| matches!(facts.network, Some((network, _)) if network == wanted);
    let (applies, adds) = match action {
        Action::CloseInterception => (facts.intercepted, None),
        Action::Enrol => {
            (facts.key != Some(DeviceKey::Enrolled), Some(DeviceEvidence::Key(DeviceKey::Enrolled)))
        }
        Action::AddPasskey => {
            let passkey = DeviceEvidence::Person(PersonCheck::Passkey);
            (facts.person != Some(PersonCheck::Passkey), Some(passkey))
        }
        Action::UpdateBrowser => (matches!(facts.browser, Some((Support::EndOfLife, _))), None),
        Action::UpdateSystem => (matches!(facts.system, Some((Support::EndOfLife, _))), None),
        Action::EncryptStore => (matches!(facts.store, Some((LocalStore::InClear, _))), None),
        Action::LeaveOpenNetwork => (network_is(Network::Open), None),
        Action::NameNetwork => (network_is(Network::Unknown), None),
        Action::OwnComputer => (facts.shared, None),
        Action::KeepUsing => (facts.days_known.is_some(), None),
    };
    applies.then_some(adds)
}

/// The fact after the step; `None` when the step does away with it.
fn changed(action: Action, fact: &DeviceEvidence) -> Option<DeviceEvidence> {
    Some(match (action, *fact) {
        (Action::CloseInterception, DeviceEvidence::TlsIntercepted)
        | (Action::OwnComputer, DeviceEvidence::SharedComputer)
        | (Action::Enrol, DeviceEvidence::Key(_))
        | (Action::AddPasskey, DeviceEvidence::Person(_)) => return None,
        (Action::UpdateBrowser, DeviceEvidence::Browser(_, basis)) => {
            DeviceEvidence::Browser(Support::Supported, basis)
        }
        (Action::UpdateSystem, DeviceEvidence::System(_, basis)) => {
            DeviceEvidence::System(Support::Supported, basis)
        }
        (Action::EncryptStore, DeviceEvidence::LocalStore(_, basis)) => {
            DeviceEvidence::LocalStore(LocalStore::Encrypted, basis)
        }
        (Action::LeaveOpenNetwork, DeviceEvidence::Network(Network::Open, _)) => {
            DeviceEvidence::Network(Network::Unknown, Basis::Measured)
        }
        (Action::NameNetwork, DeviceEvidence::Network(Network::Unknown, _)) => {
            DeviceEvidence::Network(Network::Known, Basis::Declared)
        }
        (Action::KeepUsing, DeviceEvidence::Use(found)) => {
            let [_, days_known] = KNOWN_DAYS;
            let [_, days_used] = USED_DAYS;
            DeviceEvidence::Use(DeviceUse {
                days_known: found.days_known.max(days_known),
                days_used: found.days_used.max(days_used),
            })
        }
        (_, fact) => fact,
    })
}

impl Step for Action {
    fn who(self) -> Who {
        Who::You
    }

    fn axis(self) -> Axis {
        match self {
            Self::Enrol | Self::UpdateBrowser | Self::UpdateSystem | Self::EncryptStore => Axis::Technical,
            Self::AddPasskey | Self::OwnComputer | Self::KeepUsing => Axis::Behaviour,
            Self::CloseInterception | Self::LeaveOpenNetwork | Self::NameNetwork => Axis::Context,
        }
    }
}
