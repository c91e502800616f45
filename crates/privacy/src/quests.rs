//! Coaching: things to do once, that a person controls, and what each would truly bring.
//!
//! A quest is judged from the same evidence as the index. It is met when the evidence says so, whoever did it and
//! however; what it would bring is the recomputed value of what the user controls, and nothing is promised where there is
//! none. Nothing here counts days in a row, or compares people.

use crate::{account, device, user};
use caliopen_model::{
    AccountEvidence, DeviceEvidence, DeviceKey, Network, PersonCheck, Recovery, SignIn, UserEvidence,
};

/// Something to do once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quest {
    /// Write down a recovery code.
    RecoveryCode,
    /// Sign in with a passkey.
    Passkey,
    /// Ask for a second proof beside the password.
    SecondFactor,
    /// Name the network at home.
    HomeNetwork,
    /// Enrol a second device.
    SecondDevice,
    /// Invite the person to whom most is written on postcards.
    Invite,
}

impl Quest {
    /// All of them, in the order in which they are proposed among equals.
    pub const ALL: [Self; 6] = [
        Self::RecoveryCode,
        Self::Passkey,
        Self::SecondFactor,
        Self::HomeNetwork,
        Self::SecondDevice,
        Self::Invite,
    ];

    /// The stable name, for interfaces.
    pub const fn key(self) -> &'static str {
        match self {
            Self::RecoveryCode => "recovery-code",
            Self::Passkey => "passkey",
            Self::SecondFactor => "second-factor",
            Self::HomeNetwork => "home-network",
            Self::SecondDevice => "second-device",
            Self::Invite => "invite",
        }
    }

    /// The quest of a name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|quest| quest.key() == key)
    }

    /// The step whose taking is what the quest brings; none for what the formula rewards only once others act, or not
    /// at all.
    const fn step(self) -> Option<user::Action> {
        match self {
            Self::RecoveryCode => Some(user::Action::Account(account::Action::OwnRecoveryCode)),
            Self::Passkey => Some(user::Action::Device(device::Action::AddPasskey)),
            Self::SecondFactor => Some(user::Action::Account(account::Action::AddSecondFactor)),
            Self::HomeNetwork => Some(user::Action::Device(device::Action::NameNetwork)),
            Self::SecondDevice | Self::Invite => None,
        }
    }
}

/// What a quest is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// What the user's index rests on.
    pub evidence: &'a [UserEvidence],
    /// Whether the user named a network as theirs.
    pub has_network: bool,
    /// Whether somebody is written to on postcards.
    pub writes_postcards: bool,
    /// Whether somebody who was invited is reached by more than a postcard now.
    pub invitation_helped: bool,
}

/// What is to be said of a quest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// It makes no sense now.
    NotNow,
    /// It can be done. What the user controls would be this much then, where it would be more than now.
    Open {
        /// 0 to 100.
        projected: Option<u8>,
    },
    /// It is done.
    Met,
}

/// Judges a quest.
pub fn judge(quest: Quest, standing: &Standing<'_>) -> Judged {
    if is_met(quest, standing) {
        return Judged::Met;
    }
    if !is_possible(quest, standing) {
        return Judged::NotNow;
    }
    Judged::Open { projected: quest.step().and_then(|step| projected(step, standing.evidence)) }
}

fn is_met(quest: Quest, standing: &Standing<'_>) -> bool {
    match quest {
        Quest::RecoveryCode => {
            any_account(standing, |fact| *fact == AccountEvidence::Recovery(Recovery::OwnCode))
        }
        Quest::Passkey => any_device(standing, |fact| *fact == DeviceEvidence::Person(PersonCheck::Passkey)),
        Quest::SecondFactor => any_account(standing, |fact| {
            matches!(fact, AccountEvidence::SignIn(SignIn::SecondFactor | SignIn::Passkey))
        }),
        Quest::HomeNetwork => standing.has_network,
        Quest::SecondDevice => standing.evidence.iter().filter(|fact| is_own_device(fact)).count() >= 2,
        Quest::Invite => standing.invitation_helped,
    }
}

/// Whether it can be done where the user is.
fn is_possible(quest: Quest, standing: &Standing<'_>) -> bool {
    match quest {
        Quest::HomeNetwork => {
            any_device(standing, |fact| matches!(fact, DeviceEvidence::Network(Network::Unknown, _)))
        }
        // Without a device of their own, a second one is a first one.
        Quest::SecondDevice => any_device(standing, |fact| *fact == DeviceEvidence::Key(DeviceKey::Enrolled)),
        Quest::Invite => standing.writes_postcards,
        Quest::RecoveryCode | Quest::Passkey | Quest::SecondFactor => true,
    }
}

fn any_account(standing: &Standing<'_>, is_it: impl Fn(&AccountEvidence) -> bool) -> bool {
    standing.evidence.iter().any(|fact| match fact {
        UserEvidence::Account(of) => of.iter().any(&is_it),
        _ => false,
    })
}

fn any_device(standing: &Standing<'_>, is_it: impl Fn(&DeviceEvidence) -> bool) -> bool {
    standing.evidence.iter().any(|fact| match fact {
        UserEvidence::Device(of) => of.iter().any(&is_it),
        _ => false,
    })
}

/// A device with a key of its own that nobody else uses.
fn is_own_device(fact: &UserEvidence) -> bool {
    let UserEvidence::Device(of) = fact else { return false };
    of.contains(&DeviceEvidence::Key(DeviceKey::Enrolled)) && !of.contains(&DeviceEvidence::SharedComputer)
}

/// What the user controls, once the step is taken; none when it would not be more.
fn projected(step: user::Action, evidence: &[UserEvidence]) -> Option<u8> {
    let yours = |evidence: &[UserEvidence]| user::assess(evidence).yours;
    let after = yours(&user::hypothetical(step, evidence)?)?;
    (Some(after) > yours(evidence)).then_some(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use caliopen_model::{Basis, DeviceUse};

    fn account(recovery: Recovery, sign_in: SignIn) -> UserEvidence {
        UserEvidence::Account(vec![AccountEvidence::Recovery(recovery), AccountEvidence::SignIn(sign_in)])
    }

    fn device(check: PersonCheck, network: Network) -> UserEvidence {
        UserEvidence::Device(vec![
            DeviceEvidence::Key(DeviceKey::Enrolled),
            DeviceEvidence::Person(check),
            DeviceEvidence::Use(DeviceUse { days_known: 0, days_used: 1 }),
            DeviceEvidence::Network(network, Basis::Measured),
        ])
    }

    fn standing(evidence: &[UserEvidence]) -> Standing<'_> {
        Standing { evidence, has_network: false, writes_postcards: false, invitation_helped: false }
    }

    #[test]
    fn a_newcomer_is_offered_what_they_can_do_and_nothing_else() {
        let evidence =
            [account(Recovery::NoWay, SignIn::Password), device(PersonCheck::Password, Network::Unknown)];
        let standing = standing(&evidence);
        for quest in Quest::ALL {
            let judged = judge(quest, &standing);
            match quest {
                Quest::Invite => assert_eq!(judged, Judged::NotNow),
                Quest::SecondDevice => assert_eq!(judged, Judged::Open { projected: None }),
                _ => assert!(matches!(judged, Judged::Open { projected: Some(_) }), "{quest:?} {judged:?}"),
            }
            assert_eq!(Quest::from_key(quest.key()), Some(quest));
        }
    }

    #[test]
    fn what_a_quest_promises_is_what_is_found_once_it_is_met() {
        let before =
            [account(Recovery::NoWay, SignIn::Password), device(PersonCheck::Password, Network::Unknown)];
        let after =
            [account(Recovery::OwnCode, SignIn::Password), device(PersonCheck::Password, Network::Unknown)];
        let Judged::Open { projected } = judge(Quest::RecoveryCode, &standing(&before)) else {
            unreachable!()
        };
        assert_eq!(projected, user::assess(&after).yours);
        assert_eq!(judge(Quest::RecoveryCode, &standing(&after)), Judged::Met);
        let after =
            [account(Recovery::NoWay, SignIn::Password), device(PersonCheck::Passkey, Network::Unknown)];
        let Judged::Open { projected } = judge(Quest::Passkey, &standing(&before)) else { unreachable!() };
        assert_eq!(projected, user::assess(&after).yours);
        assert_eq!(judge(Quest::Passkey, &standing(&after)), Judged::Met);
    }

    #[test]
    fn a_quest_is_met_by_what_is_there_whoever_brought_it() {
        let home = || device(PersonCheck::Password, Network::Known);
        let evidence = [account(Recovery::OwnCode, SignIn::SecondFactor), home(), home()];
        let whole = Standing {
            has_network: true,
            writes_postcards: true,
            invitation_helped: true,
            ..standing(&evidence)
        };
        for quest in
            [Quest::RecoveryCode, Quest::SecondFactor, Quest::HomeNetwork, Quest::SecondDevice, Quest::Invite]
        {
            assert_eq!(judge(quest, &whole), Judged::Met, "{quest:?}");
        }
        assert_eq!(
            judge(Quest::HomeNetwork, &standing(&evidence)),
            Judged::NotNow,
            "the network is not unknown"
        );
    }
}
