//! The `[coaching]` table: what people are given for their privacy quests.

use bytesize::ByteSize;
use caliopen_hub::{Reward, Unlock};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The `[coaching]` table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Coaching {
    /// Colours of the application, and how many quests each takes.
    pub themes: BTreeMap<Colours, usize>,
    /// More room for mail, each beside what came before.
    pub storage: Vec<Gift<ByteSize>>,
    /// Addresses that people choose themselves, each beside what came before.
    pub addresses: Vec<Gift<usize>>,
}

/// More of something, for so many quests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gift<T> {
    /// How many quests it takes.
    pub quests: usize,
    /// How much there is more.
    pub more: T,
}

/// Colours that the application has beside its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Colours {
    /// Violet.
    Dusk,
    /// Blue.
    Harbour,
    /// Red.
    Clay,
}

impl Colours {
    const fn name(self) -> &'static str {
        match self {
            Self::Dusk => "dusk",
            Self::Harbour => "harbour",
            Self::Clay => "clay",
        }
    }
}

impl Default for Coaching {
    fn default() -> Self {
        Self {
            themes: BTreeMap::from([(Colours::Harbour, 1), (Colours::Dusk, 3), (Colours::Clay, 5)]),
            storage: vec![
                Gift { quests: 2, more: ByteSize::gb(1) },
                Gift { quests: 4, more: ByteSize::gb(2) },
            ],
            addresses: vec![Gift { quests: 3, more: 1 }, Gift { quests: 5, more: 1 }],
        }
    }
}

impl Coaching {
    /// What is given, as the use cases know it: what takes least first.
    pub fn unlocks(&self) -> Vec<Unlock> {
        let themes =
            self.themes.iter().map(|(colours, quests)| (Reward::Theme(colours.name().to_owned()), *quests));
        let storage = self.storage.iter().map(|gift| (Reward::Storage(gift.more.as_u64()), gift.quests));
        let addresses = self.addresses.iter().map(|gift| (Reward::Addresses(gift.more), gift.quests));
        let unlock = |(reward, quests)| Unlock { reward, quests };
        let mut unlocks: Vec<Unlock> = themes.chain(storage).chain(addresses).map(unlock).collect();
        unlocks.sort_by_key(|unlock| unlock.quests);
        unlocks
    }
}
