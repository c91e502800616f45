//! The index of a contact: what the next message would get over the best way that would arrive now.
//!
//! An address that somebody only wrote down never raises it: until a message came from it that its domain proves, it
//! counts only where there is nothing better proven, and then the least private of them counts.

use crate::axis::{Axis, Who};
use crate::facts::{DomainProof, Facts};
use crate::message::Message;
use crate::phrase::phrases;
use crate::subject::{self, Phrase, Raise, Step, best as best_steps, names, raise};
use crate::{Action as MessageAction, score};
use caliopen_model::{AddressProof, Evidence, HopSecurity, Language, PrivacyIndex, Reach, Route};
use std::cmp::Reverse;

phrases! {
    /// Why a way to somebody is taken, or is not.
    pub enum Standing {
    Best "best"
        "The most private way that would arrive."
        "La voie la plus confidentielle qui aboutirait."
        "La via più riservata che arriverebbe."
    Usable "usable"
        "It would arrive, less privately."
        "Cette voie aboutirait, de façon moins confidentielle."
        "Arriverebbe, in modo meno riservato."
    NotProven "not-proven"
        "It would arrive, but nothing proves yet that the address is your contact’s."
        "Cette voie aboutirait, mais rien ne prouve encore que l’adresse est celle de votre contact."
        "Arriverebbe, ma nulla prova ancora che l’indirizzo sia del contatto."
    NotSeen "not-seen"
        "It is not checked yet."
        "Cette voie n’a pas encore été vérifiée."
        "Non è ancora stata verificata."
    Nowhere "nowhere"
        "It would not arrive."
        "Cette voie n’aboutirait pas."
        "Non arriverebbe."
    }
}

/// One of the ways, where it stands among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ranked {
    /// Its place in the list that was assessed.
    pub place: usize,
    /// What a message over it would get; none where nobody looked.
    pub index: Option<PrivacyIndex>,
    /// Why it is taken, or is not.
    pub standing: Standing,
}

/// A step that would raise the index of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// A message comes from an address that its domain proves: the address counts from then on.
    ProveAddress,
    /// One that improves the way that is taken.
    Way(MessageAction),
}

/// The index of a contact, explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// The number: none while no way was looked at, or none would arrive.
    pub index: Option<PrivacyIndex>,
    /// The ways, the one that is taken first.
    pub ranked: Vec<Ranked>,
    /// At most three steps that would raise it, best gain first.
    pub raises: Vec<Raise<Action>>,
}

impl Assessment {
    /// The place of the way that is taken, in the list that was assessed.
    pub fn taken(&self) -> Option<usize> {
        self.ranked.first().filter(|ranked| ranked.standing == Standing::Best).map(|ranked| ranked.place)
    }
}

/// Assesses a contact from the ways to it. The order of the ways has no effect on anything but their places.
pub fn assess(routes: &[Route]) -> Assessment {
    let taken = taken(routes);
    let index = taken.and_then(|place| routes.get(place)).map(|route| score(&route.evidence));
    Assessment { index, ranked: rank(routes, taken), raises: raises(routes, taken, index) }
}

/// The evidence that would be there had the step been taken; `None` when the step makes no sense for it.
pub fn hypothetical(action: Action, routes: &[Route]) -> Option<Vec<Route>> {
    suppose(action, routes, taken(routes)?)
}

/// One of the ways, by what is known of it without its evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way<N> {
    /// Whether a message would arrive.
    pub reach: Reach,
    /// What shows that the address is the person's.
    pub proof: AddressProof,
    /// What a message over it would get.
    pub index: PrivacyIndex,
    /// What tells it from the others.
    pub name: N,
}

/// The place of the way that a message would take: the best of those that are proven; where none is, the worst of the
/// others. Of two that are alike, the one whose name comes first: their order leaves no trace.
pub fn best<N: Ord>(ways: impl Iterator<Item = Way<N>>) -> Option<usize> {
    let open: Vec<(usize, Way<N>)> = ways.enumerate().filter(|(_, way)| way.reach == Reach::Open).collect();
    let rank = |way: &Way<N>| (way.index.score(), !way.index.approximate());
    let proven = open.iter().filter(|(_, way)| way.proof == AddressProof::Received);
    let best = proven.min_by(|(_, one), (_, other)| {
        (Reverse(rank(one)), &one.name).cmp(&(Reverse(rank(other)), &other.name))
    });
    let worst =
        || open.iter().min_by(|(_, one), (_, other)| (rank(one), &one.name).cmp(&(rank(other), &other.name)));
    best.or_else(worst).map(|(place, _)| *place)
}

/// What a message that came shows of the address that it came from. One whose sender is in doubt shows nothing.
pub fn proof_of(evidence: &[Evidence]) -> AddressProof {
    let facts = Facts::gather(evidence);
    let never_left = facts.way == Some(HopSecurity::SameServer);
    let is_proven = facts.domain == Some(DomainProof::Proven) || (facts.domain.is_none() && never_left);
    if is_proven && !facts.suspicious() { AddressProof::Received } else { AddressProof::Written }
}

fn taken(routes: &[Route]) -> Option<usize> {
    best(routes.iter().map(|route| Way {
        reach: route.reach,
        proof: route.proof,
        index: score(&route.evidence),
        name: route.handle.canonical(),
    }))
}

fn rank(routes: &[Route], taken: Option<usize>) -> Vec<Ranked> {
    let ranked = |(place, route): (usize, &Route)| {
        let standing = match (route.reach, route.proof) {
            (Reach::Open, _) if taken == Some(place) => Standing::Best,
            (Reach::Open, AddressProof::Received) => Standing::Usable,
            (Reach::Open, AddressProof::Written) => Standing::NotProven,
            (Reach::NotSeen, _) => Standing::NotSeen,
            (Reach::Nowhere, _) => Standing::Nowhere,
        };
        let index = (route.reach == Reach::Open).then(|| score(&route.evidence));
        Ranked { place, index, standing }
    };
    let mut all: Vec<Ranked> = routes.iter().enumerate().map(ranked).collect();
    let address = |ranked: &Ranked| routes.get(ranked.place).map(|route| route.handle.canonical());
    all.sort_by_cached_key(|ranked| {
        (ranked.standing, Reverse(ranked.index.map(PrivacyIndex::score)), address(ranked))
    });
    all
}

fn raises(routes: &[Route], taken: Option<usize>, index: Option<PrivacyIndex>) -> Vec<Raise<Action>> {
    let (Some(place), Some(now)) = (taken, index) else { return Vec::new() };
    let Some(route) = routes.get(place) else { return Vec::new() };
    let steps = MessageAction::ALL.iter().copied().map(Action::Way);
    let projected = |action| {
        let supposed = suppose(action, routes, place)?;
        let then = self::taken(&supposed)?;
        supposed.get(then).map(|route| score(&route.evidence).score())
    };
    best_steps(std::iter::once(Action::ProveAddress).chain(steps), now.score(), projected)
        .into_iter()
        .map(|(projected, action)| {
            let names = match action {
                Action::ProveAddress => Vec::new(),
                Action::Way(action) => names::<Message>(action, &route.evidence),
            };
            raise(action, names, projected)
        })
        .collect()
}

fn suppose(action: Action, routes: &[Route], taken: usize) -> Option<Vec<Route>> {
    let mut supposed = routes.to_vec();
    match action {
        Action::ProveAddress => {
            let unproven = |route: &&mut Route| route.proof == AddressProof::Written;
            supposed.iter_mut().filter(unproven).for_each(|route| route.proof = AddressProof::Received);
        }
        Action::Way(action) => {
            let route = supposed.get_mut(taken)?;
            route.evidence = subject::hypothetical::<Message>(action, &route.evidence)?;
        }
    }
    Some(supposed)
}

phrases! {
    /// What the step of a contact's own says.
    enum Piece {
    ProveAddress
        "Your contact writes once from the better address: it counts from then on."
        "Votre contact écrit une fois depuis la meilleure adresse\u{a0}: elle compte dès lors."
        "Il contatto scrive una volta dall’indirizzo migliore: da allora conta."
    }
}

impl Phrase for Action {
    fn key(self) -> &'static str {
        match self {
            Self::ProveAddress => "prove-address",
            Self::Way(action) => action.key(),
        }
    }

    fn say(self, names: &[String], language: Language) -> String {
        match self {
            Self::ProveAddress => Piece::ProveAddress.template(language).to_owned(),
            Self::Way(action) => action.say(names, language),
        }
    }
}

impl Step for Action {
    fn who(self) -> Who {
        match self {
            Self::ProveAddress => Who::Contact,
            Self::Way(action) => action.who(),
        }
    }

    fn axis(self) -> Axis {
        match self {
            Self::ProveAddress => Axis::Behaviour,
            Self::Way(action) => action.axis(),
        }
    }
}
