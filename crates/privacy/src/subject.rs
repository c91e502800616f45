//! What every kind of index has in common: rows of points under caps, each with its reason and its evidence,
//! and the steps that would raise it.
//!
//! A subject (a message, a device, an account, a user) says which facts it knows, what they give, and what a
//! step would change. Everything that is said about its index is derived here, for all of them alike.

use crate::axis::{Axis, Who};
use caliopen_model::{Language, PrivacyIndex};
use std::borrow::Cow;

/// Most steps that are shown.
pub const RAISES_MAX: usize = 3;

/// A code with a stable key and a text in each language.
pub trait Phrase: Copy + Ord + 'static {
    /// The stable name, for records and interfaces.
    fn key(self) -> &'static str;

    /// One sentence for a person, with these names in it.
    fn say(self, names: &[String], language: Language) -> String;
}

/// Something that points are given for.
pub trait Counted: Copy + Eq + 'static {
    /// The stable name, for records and interfaces.
    fn key(self) -> &'static str;

    /// Most points that it gives.
    fn most(self) -> u8;

    /// The kind of thing that it measures.
    fn axis(self) -> Axis;

    /// What panels call it.
    fn label(self, language: Language) -> &'static str;
}

/// Makes the enum of what points are given for: the stable key of each, the most that it gives, its axis, and
/// what panels call it in each language.
macro_rules! components {
    ($(#[$meta:meta])* pub enum $name:ident {
        $($(#[$doc:meta])* $variant:ident $key:literal $most:literal $axis:ident $en:literal $fr:literal $it:literal)*
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// All of them, as panels list them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stable name, for records and interfaces.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key,)* }
            }

            /// Most points that it gives.
            pub const fn most(self) -> u8 {
                match self { $(Self::$variant => $most,)* }
            }

            /// The kind of thing that it measures.
            pub const fn axis(self) -> $crate::Axis {
                match self { $(Self::$variant => $crate::Axis::$axis,)* }
            }

            /// What panels call it.
            pub const fn label(self, language: caliopen_model::Language) -> &'static str {
                match self { $(Self::$variant => $crate::phrase::pick(language, $en, $fr, $it),)* }
            }
        }

        impl $crate::subject::Counted for $name {
            fn key(self) -> &'static str {
                self.key()
            }

            fn most(self) -> u8 {
                self.most()
            }

            fn axis(self) -> $crate::Axis {
                self.axis()
            }

            fn label(self, language: caliopen_model::Language) -> &'static str {
                self.label(language)
            }
        }
    };
}
pub(crate) use components;

/// A step that would raise an index.
pub trait Step: Phrase {
    /// Who can take it.
    fn who(self) -> Who;

    /// What kind of thing it changes.
    fn axis(self) -> Axis;
}

/// Why a point was given or a cap applies, with the names that belong into its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason<R> {
    /// What it is about.
    pub code: R,
    /// Services, hosts or domains, sorted, each once.
    pub names: Vec<String>,
}

impl<R: Phrase> Reason<R> {
    /// One sentence for a person.
    pub fn text(&self, language: Language) -> String {
        self.code.say(&self.names, language)
    }
}

/// One row of points. The `most` of all rows add up to 100.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point<C, R> {
    /// What it counts for.
    pub component: C,
    /// The kind of thing that it is about.
    pub axis: Axis,
    /// Points earned.
    pub points: u8,
    /// Points that could be earned.
    pub most: u8,
    /// Whether this was checked at all.
    pub state: State,
    /// Why.
    pub reason: Reason<R>,
    /// The places, in the list that was assessed, of the evidence that it rests on.
    pub evidence: Vec<usize>,
}

/// Whether a row was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// It was.
    Known,
    /// Not yet: no points, and the person is told so.
    Unknown,
}

/// A limit that no sum of points passes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cap<R> {
    /// Highest index that it allows.
    pub limit: u8,
    /// Why.
    pub reason: Reason<R>,
    /// The places, in the list that was assessed, of the evidence that it rests on.
    pub evidence: Vec<usize>,
}

/// A step, and the index that it would lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raise<A> {
    /// Who can take it.
    pub who: Who,
    /// What kind of thing it changes.
    pub axis: Axis,
    /// What to do.
    pub action: A,
    /// The services that its text names, sorted, each once.
    pub names: Vec<String>,
    /// The index once the step is taken, and nothing else changed: recomputed, so that the promise and the
    /// later fact are the same computation.
    pub projected: u8,
}

impl<A: Step> Raise<A> {
    /// One sentence for a person.
    pub fn text(&self, language: Language) -> String {
        self.action.say(&self.names, language)
    }
}

/// An index with everything that explains it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained<C, R, A> {
    /// The number.
    pub index: PrivacyIndex,
    /// Every row of points, in the order of the components.
    pub points: Vec<Point<C, R>>,
    /// Every cap that applies, lowest first.
    pub caps: Vec<Cap<R>>,
    /// At most three steps that would raise it, best gain first.
    pub raises: Vec<Raise<A>>,
}

impl<C, R, A> Explained<C, R, A> {
    /// The sum of the points, before any cap.
    pub fn sum(&self) -> u8 {
        sum(&self.points)
    }

    /// The cap that decides the index, when it is a cap that does and not the sum.
    pub fn binding_cap(&self) -> Option<&Cap<R>> {
        binding(&self.caps, self.sum())
    }

    /// What was not checked yet.
    pub fn unknown(&self) -> impl Iterator<Item = &Point<C, R>> {
        self.points.iter().filter(|point| point.state == State::Unknown)
    }
}

pub(crate) fn sum<C, R>(points: &[Point<C, R>]) -> u8 {
    points.iter().map(|point| point.points).sum()
}

pub(crate) fn binding<R>(caps: &[Cap<R>], sum: u8) -> Option<&Cap<R>> {
    caps.first().filter(|cap| cap.limit <= sum)
}

/// One row of points, before names are looked up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<C, R> {
    pub(crate) component: C,
    pub(crate) points: u8,
    pub(crate) most: u8,
    pub(crate) known: bool,
    pub(crate) code: R,
}

pub(crate) const fn row<C, R>(component: C, most: u8, points: u8, code: R) -> Line<C, R> {
    Line { component, points, most, known: true, code }
}

pub(crate) const fn unknown<C, R>(component: C, most: u8, code: R) -> Line<C, R> {
    Line { component, points: 0, most, known: false, code }
}

/// Something that has an index.
pub(crate) trait Subject {
    /// One piece of evidence.
    type Fact: Clone;
    /// What a list of evidence says once it is taken together.
    type Facts;
    type Component: Counted;
    type Code: Phrase;
    type Action: Step;

    const COMPONENTS: &'static [Self::Component];

    /// Every step, in order of preference where two raise alike.
    fn actions() -> impl Iterator<Item = Self::Action>;

    /// Takes the evidence together.
    fn gather<'a>(evidence: impl Iterator<Item = &'a Self::Fact>) -> Self::Facts
    where
        Self::Fact: 'a;

    /// Every row of points, in the order of the components. Their `most` adds up to 100.
    fn lines(facts: &Self::Facts) -> impl Iterator<Item = Line<Self::Component, Self::Code>>;

    /// Every cap that applies, lowest first.
    fn caps(facts: &Self::Facts) -> impl Iterator<Item = (u8, Self::Code)>;

    /// The names that this fact gives to this reason; `None` when the reason does not rest on it.
    fn supports(code: Self::Code, fact: &Self::Fact) -> Option<&[String]>;

    /// Whether advice is what the person needs here.
    fn advisable(_: &Self::Facts) -> bool {
        true
    }

    /// The evidence that would be there had the step been taken: what it leaves alone is borrowed. `None` when the
    /// step makes no sense here.
    fn suppose<'a>(
        action: Self::Action,
        facts: &Self::Facts,
        evidence: &'a [Self::Fact],
    ) -> Option<Vec<Cow<'a, Self::Fact>>>;

    /// The reasons whose names the text of a step says.
    fn named_by(_: Self::Action) -> &'static [Self::Code] {
        &[]
    }
}

/// The index of what these facts say.
pub(crate) fn index<S: Subject>(facts: &S::Facts) -> PrivacyIndex {
    let sum: u8 = S::lines(facts).map(|line| line.points).sum();
    let limit = S::caps(facts).map(|(limit, _)| limit).min().unwrap_or(100);
    PrivacyIndex::new(sum.min(limit), unknown_components::<S>(facts) >= 2)
}

/// Components of which not one row is known.
fn unknown_components<S: Subject>(facts: &S::Facts) -> usize {
    let unknown = |component: &&S::Component| {
        S::lines(facts).filter(|line| line.component == **component).all(|line| !line.known)
    };
    S::COMPONENTS.iter().filter(unknown).count()
}

/// The index with everything that explains it. The order of the evidence has no effect on anything but the
/// places that rows point to. Steps are taken among those that are `possible` where it is asked.
pub(crate) fn explain<S: Subject>(
    evidence: &[S::Fact],
    possible: &dyn Fn(S::Action) -> bool,
) -> Explained<S::Component, S::Code, S::Action> {
    let facts = S::gather(evidence.iter());
    let index = index::<S>(&facts);
    Explained {
        index,
        points: points::<S>(&facts, evidence),
        caps: explained_caps::<S>(&facts, evidence),
        raises: raises::<S>(&facts, index.score(), evidence, possible),
    }
}

pub(crate) fn points<S: Subject>(
    facts: &S::Facts,
    evidence: &[S::Fact],
) -> Vec<Point<S::Component, S::Code>> {
    let point = |line: Line<S::Component, S::Code>| {
        let (reason, places) = cite::<S>(line.code, evidence);
        Point {
            component: line.component,
            axis: line.component.axis(),
            points: line.points,
            most: line.most,
            state: if line.known { State::Known } else { State::Unknown },
            reason,
            evidence: places,
        }
    };
    S::lines(facts).map(point).collect()
}

pub(crate) fn explained_caps<S: Subject>(facts: &S::Facts, evidence: &[S::Fact]) -> Vec<Cap<S::Code>> {
    let cap = |(limit, code)| {
        let (reason, places) = cite::<S>(code, evidence);
        Cap { limit, reason, evidence: places }
    };
    S::caps(facts).map(cap).collect()
}

/// The best steps, at most [`RAISES_MAX`]. Each is scored by the same formula from the evidence that it would
/// leave: no gain is ever estimated.
pub(crate) fn raises<S: Subject>(
    facts: &S::Facts,
    score: u8,
    evidence: &[S::Fact],
    possible: &dyn Fn(S::Action) -> bool,
) -> Vec<Raise<S::Action>> {
    if !S::advisable(facts) {
        return Vec::new();
    }
    let projected = |action: S::Action| {
        let supposed = S::suppose(action, facts, evidence)?;
        Some(index::<S>(&S::gather(supposed.iter().map(Cow::as_ref))).score())
    };
    best(S::actions().filter(|action| possible(*action)), score, projected)
        .into_iter()
        .map(|(projected, action)| raise(action, names::<S>(action, evidence), projected))
        .collect()
}

/// The steps that lead beyond a score, the best first, with what each leads to.
pub(crate) fn best<A: Step>(
    actions: impl Iterator<Item = A>,
    score: u8,
    projected: impl Fn(A) -> Option<u8>,
) -> Vec<(u8, A)> {
    let gain = |action| projected(action).filter(|to| *to > score).map(|to| (to, action));
    let mut found: Vec<(u8, A)> = actions.filter_map(gain).collect();
    found.sort_by_key(|(projected, action)| (std::cmp::Reverse(*projected), *action));
    found.truncate(RAISES_MAX);
    found
}

pub(crate) fn raise<A: Step>(action: A, names: Vec<String>, projected: u8) -> Raise<A> {
    Raise { who: action.who(), axis: action.axis(), action, names, projected }
}

/// The names that the text of a step says.
pub(crate) fn names<S: Subject>(action: S::Action, evidence: &[S::Fact]) -> Vec<String> {
    let of = S::named_by(action).iter();
    sorted(of.flat_map(|code| cite::<S>(*code, evidence).0.names).collect())
}

/// The evidence that would be there had the step been taken; `None` when the step makes no sense for it.
pub(crate) fn hypothetical<S: Subject>(action: S::Action, evidence: &[S::Fact]) -> Option<Vec<S::Fact>> {
    let facts = S::gather(evidence.iter());
    Some(S::suppose(action, &facts, evidence)?.into_iter().map(Cow::into_owned).collect())
}

/// The reason with its names, and the places of its evidence in the list.
fn cite<S: Subject>(code: S::Code, evidence: &[S::Fact]) -> (Reason<S::Code>, Vec<usize>) {
    let mut places = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for (place, fact) in evidence.iter().enumerate() {
        if let Some(named) = S::supports(code, fact) {
            places.push(place);
            names.extend_from_slice(named);
        }
    }
    (Reason { code, names: sorted(names) }, places)
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort_unstable();
    names.dedup();
    names
}

/// Keeps the worse of two answers to one question: the order of evidence then means nothing, and a repeated or
/// contradicting fact never raises a score.
pub(crate) fn worst<T: Ord>(kept: &mut Option<T>, found: T) {
    if kept.as_ref().is_none_or(|current| found < *current) {
        *kept = Some(found);
    }
}
