//! Who can read a message, and who sees that two people write to each other.

use crate::facts::Facts;
use crate::phrase::phrases;
use caliopen_model::{Custody, Evidence, HandlerClass, HandlerSees, HopSecurity, Language, MetadataPath};

phrases! {
    /// Readers that have no name of their own.
    pub enum Group {
    Everyone "everyone" "everyone" "tout le monde" "chiunque"
    AnyoneOnTheWay "anyone-on-the-way"
        "anyone on the way" "quiconque se trouve sur le trajet" "chiunque si trovi lungo il percorso"
    TelephoneOperators "telephone-operators"
        "the telephone operators" "les opérateurs téléphoniques" "gli operatori telefonici"
    BothServers "both-servers" "both mail servers" "les deux serveurs de messagerie" "entrambi i server di posta"
    YourServer "your-server" "your own server" "votre propre serveur" "il tuo server"
    YourKeyHolder "your-key-holder"
        "the server that holds your key" "le serveur qui détient votre clé" "il server che ha la tua chiave"
    TheirKeyHolder "their-key-holder"
        "the server that holds your contact’s key"
        "le serveur qui détient la clé de votre contact"
        "il server che ha la chiave del contatto"
    PossibleKeyHolder "possible-key-holder"
        "perhaps a server that holds a key" "peut-être un serveur qui détient une clé" "forse un server che ha una chiave"
    DeviceWatchers "device-watchers"
        "whoever watches the device" "quiconque observe l’appareil" "chiunque osservi il dispositivo"
    Relays "relays" "every relay on the way" "chaque relais du trajet" "ogni server lungo il percorso"
    }
}

/// Somebody other than the two people.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// A service, by the name that people know.
    Named(String),
    /// Somebody who has no name.
    Group(Group),
}

impl Party {
    /// What to call them, as it stands inside a sentence.
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::Named(name) => name.clone(),
            Self::Group(group) => group.template(language).to_owned(),
        }
    }

    /// The name, when there is one.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Named(name) => Some(name),
            Self::Group(_) => None,
        }
    }
}

/// Who can read the message besides the two people: groups first, then names, the worst class first.
pub(crate) fn readers(facts: &Facts, evidence: &[Evidence]) -> Vec<Party> {
    let named = named_readers(evidence);
    let open = facts.encryption.is_none();
    let ours = facts.encryption.map(|found| found.ours);
    let theirs = facts.encryption.map(|found| found.theirs);
    let unknown = ours == Some(Custody::Unknown) || theirs == Some(Custody::Unknown);
    let same_server = facts.way == Some(HopSecurity::SameServer);
    let groups = [
        (facts.archived, Group::Everyone),
        (facts.hop_clear && open, Group::AnyoneOnTheWay),
        (facts.telephone, Group::TelephoneOperators),
        (open && named.is_empty() && !same_server, Group::BothServers),
        (open && (same_server || !named.is_empty()), Group::YourServer),
        (ours == Some(Custody::Server), Group::YourKeyHolder),
        (theirs == Some(Custody::Server), Group::TheirKeyHolder),
        (unknown, Group::PossibleKeyHolder),
        (facts.device_exposed, Group::DeviceWatchers),
    ];
    join(&groups, named)
}

/// Who sees that the two people write to each other, but cannot read it. Readers see it too and are not
/// repeated.
pub(crate) fn watchers(facts: &Facts, evidence: &[Evidence]) -> Vec<Party> {
    let mut named = names_of(evidence.iter().filter_map(|fact| match fact {
        Evidence::Handler(handler) => Some((handler.class, handler.name.as_str())),
        _ => None,
    }));
    let readers = named_readers(evidence);
    named.retain(|name| !readers.contains(name));
    let sealed = facts.encryption.is_some();
    let groups = [
        (facts.hop_clear && sealed, Group::AnyoneOnTheWay),
        (facts.metadata == Some(MetadataPath::Bare), Group::Relays),
        (sealed && facts.handler.is_none(), Group::BothServers),
    ];
    join(&groups, named)
}

fn named_readers(evidence: &[Evidence]) -> Vec<&str> {
    names_of(evidence.iter().flat_map(|fact| {
        let (class, names) = match fact {
            Evidence::Handler(handler) if handler.sees == HandlerSees::Content => {
                (handler.class, std::slice::from_ref(&handler.name))
            }
            Evidence::ReadableByServices { operators } => (HandlerClass::E, operators.as_slice()),
            Evidence::DecryptedByBridge { operator } => (HandlerClass::E, std::slice::from_ref(operator)),
            _ => (HandlerClass::A, [].as_slice()),
        };
        names.iter().map(move |name| (class, name.as_str()))
    }))
}

/// Each name once, the worst class first, then by the alphabet: the order of the evidence leaves no trace.
fn names_of<'a>(found: impl Iterator<Item = (HandlerClass, &'a str)>) -> Vec<&'a str> {
    let mut named: Vec<(HandlerClass, &str)> = found.filter(|(_, name)| !name.is_empty()).collect();
    named.sort_unstable_by_key(|(class, name)| (*name, *class));
    named.dedup_by_key(|(_, name)| *name);
    named.sort_unstable();
    named.into_iter().map(|(_, name)| name).collect()
}

fn join(groups: &[(bool, Group)], named: Vec<&str>) -> Vec<Party> {
    let groups = groups.iter().filter(|(there, _)| *there).map(|(_, group)| Party::Group(*group));
    groups.chain(named.into_iter().map(|name| Party::Named(name.to_owned()))).collect()
}
