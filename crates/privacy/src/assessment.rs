//! The assessment of a message: its index, explained row by row, and what would raise it.

use crate::facts::Facts;
use crate::formula::Component;
use crate::level::{Sentence, sentence};
use crate::message::Message;
use crate::party::{Party, readers, watchers};
use crate::raise::Action;
use crate::reason::ReasonCode;
use crate::subject::{self, State, explained_caps, index, points, raises};
use caliopen_model::{Evidence, FORMULA_VERSION, Language, PrivacyIndex};

/// One row of points of a message.
pub type Point = subject::Point<Component, ReasonCode>;
/// A cap of a message's index.
pub type Cap = subject::Cap<ReasonCode>;
/// A step that would raise a message's index.
pub type Raise = subject::Raise<Action>;
/// Why a message was given a point or a cap.
pub type Reason = subject::Reason<ReasonCode>;

/// Everything that the why panel shows of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// The number.
    pub index: PrivacyIndex,
    /// Every row of points, in the order of the components.
    pub points: Vec<Point>,
    /// Every cap that applies, lowest first.
    pub caps: Vec<Cap>,
    /// At most three steps that would raise it, best gain first.
    pub raises: Vec<Raise>,
    /// Who can read it besides the two people.
    pub readers: Vec<Party>,
    /// Who sees that the two write to each other, and cannot read it.
    pub watchers: Vec<Party>,
    /// The check of the sender failed: it may be from somebody else.
    pub suspicious: bool,
    /// Which sentence sums it up.
    pub sentence: Sentence,
    /// The formula that computed it.
    pub formula_version: u16,
}

/// Assesses one message from everything that is known of it. The order of the evidence has no effect on
/// anything but the places that rows point to.
pub fn assess(evidence: &[Evidence]) -> Assessment {
    let facts = Facts::gather(evidence);
    let index = index::<Message>(&facts);
    let (readers, watchers) = (readers(&facts, evidence), watchers(&facts, evidence));
    let any_name = |parties: &[Party]| parties.iter().any(|party| party.name().is_some());
    Assessment {
        index,
        points: points::<Message>(&facts, evidence),
        caps: explained_caps::<Message>(&facts, evidence),
        raises: raises::<Message>(&facts, index.score(), evidence, &|_| true),
        suspicious: facts.suspicious(),
        sentence: sentence(index.level(), &facts, any_name(&readers), any_name(&watchers)),
        readers,
        watchers,
        formula_version: FORMULA_VERSION,
    }
}

impl Assessment {
    /// The sum of the points, before any cap.
    pub fn sum(&self) -> u8 {
        subject::sum(&self.points)
    }

    /// The cap that decides the index, when it is a cap that does and not the sum.
    pub fn binding_cap(&self) -> Option<&Cap> {
        subject::binding(&self.caps, self.sum())
    }

    /// What was not checked yet.
    pub fn unknown(&self) -> impl Iterator<Item = &Point> {
        self.points.iter().filter(|point| point.state == State::Unknown)
    }

    /// What the level means here, with the names of who can read it or sees it pass.
    pub fn sentence_text(&self, language: Language) -> String {
        let parties = if self.sentence.names_watchers() { &self.watchers } else { &self.readers };
        let names: Vec<String> = parties.iter().filter_map(Party::name).map(str::to_owned).collect();
        self.sentence.text(&names, language)
    }

    /// Who can read it, as text.
    pub fn reader_names(&self, language: Language) -> Vec<String> {
        self.readers.iter().map(|party| party.text(language)).collect()
    }

    /// Who sees that the two people write to each other, as text.
    pub fn watcher_names(&self, language: Language) -> Vec<String> {
        self.watchers.iter().map(|party| party.text(language)).collect()
    }
}
