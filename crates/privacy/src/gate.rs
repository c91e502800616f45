//! The gate: how good the device and the network must be before a message is shown there.
//!
//! It decides for bodies, snippets, subjects, attachment names, search hits and push texts alike. What is
//! held back keeps its place in the order, behind a placeholder; how one gets back in is for the callers to
//! say.

use caliopen_model::{Level, PrivacyIndex};

/// What each level asks of the place where it is shown. A user may raise it; nothing lowers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Thresholds {
    sealed: u8,
    known: u8,
    private: u8,
}

impl Thresholds {
    /// What everybody starts with.
    pub const DEFAULT: Self = Self { sealed: 20, known: 40, private: 60 };

    /// What a user asks for instead: at most 100 each. What is less than everybody starts with, or than a level below asks
    /// for, becomes that.
    #[must_use]
    pub fn wished(sealed: u8, known: u8, private: u8) -> Self {
        let wish = [(Level::Sealed, sealed), (Level::SealedAndKnown, known), (Level::Private, private)];
        wish.into_iter().fold(Self::DEFAULT, |thresholds, (from, access)| thresholds.raised(from, access))
    }

    /// What each level asks for: sealed, sealed and known, private.
    pub const fn levels(self) -> [(Level, u8); 3] {
        [(Level::Sealed, self.sealed), (Level::SealedAndKnown, self.known), (Level::Private, self.private)]
    }

    /// The same for this level and the ones above it, raised to `access` (at most 100) where that is more
    /// than it was. A level under 20 is always shown: raising it changes only the levels above.
    #[must_use]
    pub fn raised(self, from: Level, access: u8) -> Self {
        let access = access.min(100);
        let at = |level: Level, current: u8| if level >= from { current.max(access) } else { current };
        Self {
            sealed: at(Level::Sealed, self.sealed),
            known: at(Level::SealedAndKnown, self.known),
            private: at(Level::Private, self.private),
        }
    }

    /// The least index of device and network that may show a message of this index.
    pub const fn required_access(self, index: PrivacyIndex) -> u8 {
        match index.level() {
            Level::Postcard | Level::InTransit => 0,
            Level::Sealed => self.sealed,
            Level::SealedAndKnown => self.known,
            Level::Private => self.private,
        }
    }

    /// Whether a device and network of index `access` may show it.
    pub const fn allows(self, index: PrivacyIndex, access: u8) -> bool {
        access >= self.required_access(index)
    }
}

impl Default for Thresholds {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// What a message of this index asks of a user who raised nothing.
pub const fn required_access(index: PrivacyIndex) -> u8 {
    Thresholds::DEFAULT.required_access(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(thresholds: Thresholds, score: u8, expected: u8) {
        let index = PrivacyIndex::new(score, false);
        assert_eq!(thresholds.required_access(index), expected, "{score} under {thresholds:?}");
        assert!(thresholds.allows(index, expected));
        assert!(expected == 0 || !thresholds.allows(index, expected - 1));
    }

    #[test]
    fn each_level_asks_for_its_place() {
        for (score, expected) in
            [(0, 0), (19, 0), (20, 20), (49, 20), (50, 40), (79, 40), (80, 60), (100, 60)]
        {
            check(Thresholds::DEFAULT, score, expected);
            assert_eq!(required_access(PrivacyIndex::new(score, true)), expected);
        }
    }

    #[test]
    fn a_user_raises_thresholds_and_never_lowers_them() {
        let raised = Thresholds::DEFAULT.raised(Level::SealedAndKnown, 50);
        check(raised, 20, 20);
        check(raised, 50, 50);
        check(raised, 80, 60);
        assert_eq!(raised.raised(Level::Sealed, 0), raised);
        check(raised.raised(Level::Postcard, 255), 19, 0);
        check(raised.raised(Level::Postcard, 255), 20, 100);
    }

    #[test]
    fn a_wish_is_granted_where_it_asks_for_more() {
        assert_eq!(Thresholds::wished(0, 0, 0), Thresholds::DEFAULT);
        assert_eq!(Thresholds::wished(20, 40, 75).levels().map(|(_, asked)| asked), [20, 40, 75]);
        assert_eq!(Thresholds::wished(70, 40, 10).levels().map(|(_, asked)| asked), [70, 70, 70]);
        assert_eq!(Thresholds::wished(0, 255, 0).levels().map(|(_, asked)| asked), [20, 100, 100]);
    }

    #[test]
    fn a_more_private_message_never_asks_for_less() {
        let thresholds = [
            Thresholds::DEFAULT,
            Thresholds::DEFAULT.raised(Level::Sealed, 70),
            Thresholds::DEFAULT.raised(Level::Private, 90),
        ];
        for choice in thresholds {
            let asked: Vec<u8> =
                (0..=100).map(|score| choice.required_access(PrivacyIndex::new(score, false))).collect();
            assert!(asked.is_sorted(), "{asked:?}");
        }
    }
}
