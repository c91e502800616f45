//! The index of a user: how private a person's correspondence is as a whole, split into what is in their hands and
//! what is not.
//!
//! It is the only index that is a mean. What was never seen (no message sent, no device enrolled) earns nothing and is
//! listed as not checked, so that nobody starts with points for nothing; the split and the summary say which it is.

mod words;

pub use words::{Action, ReasonCode, Summary, describe};

use crate::axis::{Axis, Who};
use crate::subject::{self, Explained, Line, Step, Subject, components, explain, index, row, unknown, worst};
use crate::{account, device};
use caliopen_model::{PrivacyIndex, UserEvidence};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Days of sent messages that count.
pub const WINDOW_DAYS: u16 = 30;
/// Messages to one person that count in that time, the first ones: a long exchange with one friend does not hide all
/// others.
pub const MESSAGES_TO_ONE_MAX: u32 = 20;
/// How long ago a device was used that is still in use, in milliseconds.
pub const ACTIVE_MS: i64 = WINDOW_DAYS as i64 * 24 * 60 * 60 * 1000;

components! {
    /// What a user earns points for.
    pub enum Component {
        /// What they sent.
        Messages "messages" 50 Behaviour "What you sent" "Ce que vous envoyez" "Ciò che invii"
        /// How the people can be reached that they write to.
        Contacts "contacts" 20 Context "Your contacts" "Vos contacts" "I tuoi contatti"
        /// The accounts that they write from.
        Accounts "accounts" 20 Technical "Your accounts" "Vos comptes" "I tuoi account"
        /// The devices that they use.
        Devices "devices" 10 Technical "Your devices" "Vos appareils" "I tuoi dispositivi"
    }
}

/// The index of a user, explained and split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// The number, with its rows and what would raise it: only steps that the user can take.
    pub explained: Explained<Component, ReasonCode, Action>,
    /// What the user controls: their accounts and devices, 0 to 100. None while nothing is known of either.
    pub yours: Option<u8>,
    /// What depends on others: the messages that both sides decide, and how people can be reached. None while nobody
    /// was written to.
    pub others: Option<u8>,
    /// The whole in a sentence.
    pub summary: Summary,
    /// The place, in the list that was assessed, of the account that counts.
    pub weakest_account: Option<usize>,
    /// The place of the device that counts.
    pub weakest_device: Option<usize>,
}

/// Assesses a user from everything that is known of what they sent, whom to, and what from.
pub fn assess(evidence: &[UserEvidence]) -> Assessment {
    assess_among(evidence, &|_| true)
}

/// The same, with steps among those that are possible where it is asked: a program that cannot take one, or would not see
/// it taken, promises nothing by it.
pub fn assess_among(evidence: &[UserEvidence], possible: &dyn Fn(Action) -> bool) -> Assessment {
    let facts = Facts::gather(evidence.iter());
    let yours = half(
        [facts.account, facts.device].map(|index| index.map(u64::from)),
        [Component::Accounts, Component::Devices],
    );
    let others = half([facts.mean(), facts.median()], [Component::Messages, Component::Contacts]);
    let explained = explain::<User>(evidence, possible);
    Assessment {
        summary: summary(explained.index.approximate(), yours, others),
        explained,
        yours,
        others,
        weakest_account: place_of(evidence, |fact| account_score(fact) == facts.account),
        weakest_device: place_of(evidence, |fact| device_score(fact) == facts.device),
    }
}

/// The number alone.
pub fn score(evidence: &[UserEvidence]) -> PrivacyIndex {
    index::<User>(&Facts::gather(evidence.iter()))
}

/// The evidence that would be there had the step been taken; `None` when the step makes no sense for it.
pub fn hypothetical(action: Action, evidence: &[UserEvidence]) -> Option<Vec<UserEvidence>> {
    subject::hypothetical::<User>(action, evidence)
}

/// The weighted mean of what is known of two components; what is not known of one of them counts for nothing.
fn half(parts: [Option<u64>; 2], of: [Component; 2]) -> Option<u8> {
    parts.iter().any(Option::is_some).then(|| {
        let weights = of.map(|component| u64::from(component.most()));
        let total: u64 = parts.iter().zip(weights).map(|(part, weight)| part.unwrap_or(0) * weight).sum();
        let most: u64 = weights.iter().sum();
        u8::try_from(total / most.max(1)).unwrap_or(100)
    })
}

fn summary(approximate: bool, yours: Option<u8>, others: Option<u8>) -> Summary {
    match (yours, others) {
        _ if approximate => Summary::LittleKnown,
        (Some(yours), Some(others)) if yours < others => Summary::YoursLimits,
        (Some(_), Some(_)) => Summary::OthersLimit,
        _ => Summary::LittleKnown,
    }
}

fn place_of(evidence: &[UserEvidence], is_it: impl Fn(&UserEvidence) -> bool) -> Option<usize> {
    let is_own = |fact: &UserEvidence| matches!(fact, UserEvidence::Account(_) | UserEvidence::Device(_));
    evidence.iter().position(|fact| is_own(fact) && is_it(fact))
}

fn account_score(fact: &UserEvidence) -> Option<u8> {
    match fact {
        UserEvidence::Account(evidence) => Some(account::score(evidence).score()),
        _ => None,
    }
}

fn device_score(fact: &UserEvidence) -> Option<u8> {
    match fact {
        UserEvidence::Device(evidence) => Some(device::score(evidence).score()),
        _ => None,
    }
}

/// What everything says together.
#[derive(Debug, Clone, Default)]
struct Facts {
    /// Messages that count, and the sum of their indices.
    messages: u64,
    total: u64,
    /// How many people can be reached with each index.
    people: BTreeMap<u8, u64>,
    /// The weakest of each.
    account: Option<u8>,
    device: Option<u8>,
}

impl Facts {
    fn gather<'a>(evidence: impl Iterator<Item = &'a UserEvidence>) -> Self {
        let mut facts = Self::default();
        for fact in evidence {
            match fact {
                UserEvidence::Sent { messages, total } => {
                    let messages = u64::from(*messages);
                    facts.messages += messages;
                    facts.total += u64::from(*total).min(messages * 100);
                }
                UserEvidence::People { index, count } => {
                    *facts.people.entry((*index).min(100)).or_default() += u64::from(*count);
                }
                UserEvidence::Account(evidence) => {
                    worst(&mut facts.account, account::score(evidence).score());
                }
                UserEvidence::Device(evidence) => worst(&mut facts.device, device::score(evidence).score()),
            }
        }
        facts
    }

    /// The mean index of what was sent.
    fn mean(&self) -> Option<u64> {
        self.total.checked_div(self.messages)
    }

    /// The index of the person in the middle; of two, the lower one.
    fn median(&self) -> Option<u64> {
        let people: u64 = self.people.values().sum();
        let middle = people.checked_sub(1)? / 2;
        let mut passed = 0;
        for (index, count) in &self.people {
            passed += count;
            if passed > middle {
                return Some(u64::from(*index));
            }
        }
        None
    }
}

enum User {}

impl Subject for User {
    type Fact = UserEvidence;
    type Facts = Facts;
    type Component = Component;
    type Code = ReasonCode;
    type Action = Action;

    const COMPONENTS: &'static [Component] = Component::ALL;

    fn actions() -> impl Iterator<Item = Action> {
        let accounts = account::Action::ALL.iter().copied().map(Action::Account);
        device::Action::ALL.iter().copied().map(Action::Device).chain(accounts)
    }

    fn gather<'a>(evidence: impl Iterator<Item = &'a UserEvidence>) -> Facts {
        Facts::gather(evidence)
    }

    fn lines(facts: &Facts) -> impl Iterator<Item = Line<Component, ReasonCode>> {
        use ReasonCode as Code;
        // Of the mean, the whole share is taken before it is rounded: no point is lost twice.
        let share = |most: u8| (facts.total * u64::from(most)).checked_div(facts.messages * 100);
        let messages = share(Component::Messages.most()).and_then(|points| u8::try_from(points).ok());
        let of = |component: Component, index: Option<u64>| {
            let points = |index: u64| u8::try_from(index * u64::from(component.most()) / 100).unwrap_or(0);
            index.map(points)
        };
        let line = |component: Component, points: Option<u8>, known: Code, not_known: Code| match points {
            Some(points) => row(component, component.most(), points, known),
            None => unknown(component, component.most(), not_known),
        };
        let contacts = of(Component::Contacts, facts.median());
        let accounts = of(Component::Accounts, facts.account.map(u64::from));
        let devices = of(Component::Devices, facts.device.map(u64::from));
        [
            line(Component::Messages, messages, Code::MessagesSent, Code::NothingSent),
            line(Component::Contacts, contacts, Code::MiddleContact, Code::ContactsNotChecked),
            line(Component::Accounts, accounts, Code::WeakestAccount, Code::AccountsNotChecked),
            line(Component::Devices, devices, Code::WeakestDevice, Code::DevicesNotChecked),
        ]
        .into_iter()
    }

    /// None: each message, account and device has its own.
    fn caps(_: &Facts) -> impl Iterator<Item = (u8, ReasonCode)> {
        std::iter::empty()
    }

    fn supports(code: ReasonCode, fact: &UserEvidence) -> Option<&[String]> {
        words::rests_on(code, fact).then_some(&[])
    }

    /// The step taken for each account or device that is the weakest: raising one of two would raise nothing.
    fn suppose<'a>(
        action: Action,
        facts: &Facts,
        evidence: &'a [UserEvidence],
    ) -> Option<Vec<Cow<'a, UserEvidence>>> {
        let taken = |fact: &UserEvidence| match (action, fact) {
            (Action::Account(action), UserEvidence::Account(of)) if account_score(fact) == facts.account => {
                account::hypothetical(action, of).map(UserEvidence::Account)
            }
            (Action::Device(action), UserEvidence::Device(of)) if device_score(fact) == facts.device => {
                device::hypothetical(action, of).map(UserEvidence::Device)
            }
            _ => None,
        };
        let supposed: Vec<Cow<'a, UserEvidence>> =
            evidence.iter().map(|fact| taken(fact).map_or(Cow::Borrowed(fact), Cow::Owned)).collect();
        supposed.iter().any(|fact| matches!(fact, Cow::Owned(_))).then_some(supposed)
    }
}

impl Step for Action {
    fn who(self) -> Who {
        match self {
            Self::Account(action) => action.who(),
            Self::Device(action) => action.who(),
        }
    }

    fn axis(self) -> Axis {
        match self {
            Self::Account(action) => action.axis(),
            Self::Device(action) => action.axis(),
        }
    }
}
