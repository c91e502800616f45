//! The privacy index as a value. How it is computed is the business of the `privacy` room alone.

/// The version of the formula that this source computes.
pub const FORMULA_VERSION: u16 = 1;

/// 0 to 100: how private something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PrivacyIndex {
    score: u8,
    approximate: bool,
}

impl PrivacyIndex {
    /// The index of this score, at most 100. `approximate` when two or more components are unknown.
    pub fn new(score: u8, approximate: bool) -> Self {
        Self { score: score.min(100), approximate }
    }

    /// 0 to 100.
    pub const fn score(self) -> u8 {
        self.score
    }

    /// Two or more components are unknown: shown as `~37`.
    pub const fn approximate(self) -> bool {
        self.approximate
    }

    /// The level that people see.
    pub const fn level(self) -> Level {
        Level::of(self.score)
    }
}

/// What people see of an index: always a word and a shape with the colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 0–4: anybody on the way, or a company, can read it.
    Postcard,
    /// 5–19: protected on the way, readable by both mail servers.
    InTransit,
    /// 20–49: only the two people can read it.
    Sealed,
    /// 50–79: and the key is known or checked.
    SealedAndKnown,
    /// 80–100: private from end to end, on both services.
    Private,
}

impl Level {
    /// All of them, lowest first.
    pub const ALL: [Self; 5] =
        [Self::Postcard, Self::InTransit, Self::Sealed, Self::SealedAndKnown, Self::Private];

    /// The level of a score.
    pub const fn of(score: u8) -> Self {
        match score {
            0..=4 => Self::Postcard,
            5..=19 => Self::InTransit,
            20..=49 => Self::Sealed,
            50..=79 => Self::SealedAndKnown,
            _ => Self::Private,
        }
    }

    /// 1 to 5.
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }
}
