//! The index of an account that the user writes from: who keeps it, who can open it, and how one gets in.
//!
//! `PI = min(sum of points, lowest cap)`. The caps are those of a message, so that an account is never called more
//! private than what is sent from it can be: from 20 on no service reads it, from 80 on a Caliopen keeps it.

mod words;

pub use words::{Action, ReasonCode, describe};

use crate::axis::{Axis, Who};
use crate::subject::{self, Explained, Line, Step, Subject, components, explain, index, row, unknown, worst};
use caliopen_model::{
    AccountEvidence, EndToEnd, HandlerClass, KeyHolder, PeerService, PrivacyIndex, Recovery, SignIn,
    TransportPolicy,
};
use std::borrow::Cow;

components! {
    /// What an account earns points for.
    pub enum Component {
        /// How the service lives that keeps it.
        Provider "provider" 25 Context "Service" "Service" "Servizio"
        /// How one gets in.
        SignIn "signIn" 20 Behaviour "Sign-in" "Connexion" "Accesso"
        /// What its domain demands of whoever brings mail.
        Transport "transport" 15 Technical "On the way" "Trajet" "In viaggio"
        /// Whether others can encrypt to it.
        EndToEnd "endToEnd" 15 Technical "End to end" "De bout en bout" "Da un capo all’altro"
        /// Who can open what it keeps.
        Keys "keys" 15 Technical "Keys" "Clés" "Chiavi"
        /// How its person gets back in.
        Recovery "recovery" 10 Behaviour "Way back in" "Retour possible" "Come rientrare"
    }
}

/// The index of an account, explained.
pub type Assessment = Explained<Component, ReasonCode, Action>;

/// Assesses an account from everything that is known of it.
pub fn assess(evidence: &[AccountEvidence]) -> Assessment {
    assess_among(evidence, &|_| true)
}

/// The same, with steps among those that are possible where it is asked: a program that cannot take one, or would not see
/// it taken, promises nothing by it.
pub fn assess_among(evidence: &[AccountEvidence], possible: &dyn Fn(Action) -> bool) -> Assessment {
    explain::<Account>(evidence, possible)
}

/// The number alone.
pub fn score(evidence: &[AccountEvidence]) -> PrivacyIndex {
    index::<Account>(&Facts::gather(evidence.iter()))
}

/// The evidence that would be there had the step been taken; `None` when the step makes no sense for it.
pub fn hypothetical(action: Action, evidence: &[AccountEvidence]) -> Option<Vec<AccountEvidence>> {
    subject::hypothetical::<Account>(action, evidence)
}

/// The worst of everything that was said about one account.
#[derive(Debug, Clone, Copy, Default)]
struct Facts {
    provider: Option<HandlerClass>,
    service: Option<PeerService>,
    sign_in: Option<SignIn>,
    transport: Option<TransportPolicy>,
    end_to_end: Option<EndToEnd>,
    keys: Option<KeyHolder>,
    recovery: Option<Recovery>,
}

impl Facts {
    fn gather<'a>(evidence: impl Iterator<Item = &'a AccountEvidence>) -> Self {
        let mut facts = Self::default();
        for fact in evidence {
            match fact {
                AccountEvidence::Provider { class, .. } => worst(&mut facts.provider, *class),
                AccountEvidence::Service(service) => worst(&mut facts.service, *service),
                AccountEvidence::SignIn(way) => worst(&mut facts.sign_in, *way),
                AccountEvidence::Transport(policy) => worst(&mut facts.transport, *policy),
                AccountEvidence::EndToEnd(found) => worst(&mut facts.end_to_end, *found),
                AccountEvidence::Keys(holder) => worst(&mut facts.keys, *holder),
                AccountEvidence::Recovery(way) => worst(&mut facts.recovery, *way),
            }
        }
        facts
    }

    /// The service can open what it keeps. Where nobody knows, it is taken to.
    fn service_reads(&self) -> bool {
        matches!(self.keys, None | Some(KeyHolder::Service))
    }
}

enum Account {}

impl Subject for Account {
    type Fact = AccountEvidence;
    type Facts = Facts;
    type Component = Component;
    type Code = ReasonCode;
    type Action = Action;

    const COMPONENTS: &'static [Component] = Component::ALL;

    fn actions() -> impl Iterator<Item = Action> {
        Action::ALL.iter().copied()
    }

    fn gather<'a>(evidence: impl Iterator<Item = &'a AccountEvidence>) -> Facts {
        Facts::gather(evidence)
    }

    fn lines(facts: &Facts) -> impl Iterator<Item = Line<Component, ReasonCode>> {
        [provider(facts), sign_in(facts), transport(facts), end_to_end(facts), keys(facts), recovery(facts)]
            .into_iter()
    }

    fn caps(facts: &Facts) -> impl Iterator<Item = (u8, ReasonCode)> {
        use ReasonCode as Code;
        let advertising = facts.provider == Some(HandlerClass::E);
        let rules = [
            (advertising && facts.service_reads(), 3, Code::AdvertisingReads),
            (facts.keys == Some(KeyHolder::Service), 19, Code::ServiceReads),
            (facts.keys.is_none(), 19, Code::KeysNotChecked),
            (advertising && !facts.service_reads(), 39, Code::AdvertisingWatches),
            (facts.keys == Some(KeyHolder::Server), 59, Code::KeysAtServer),
            (facts.recovery == Some(Recovery::ByService), 59, Code::RecoveryByService),
            (matches!(facts.service, None | Some(PeerService::Other)), 79, Code::OtherService),
            (facts.service == Some(PeerService::Caliopen), 84, Code::NotLabelled),
        ];
        rules.into_iter().filter(|(applies, ..)| *applies).map(|(_, limit, code)| (limit, code))
    }

    fn supports(code: ReasonCode, fact: &AccountEvidence) -> Option<&[String]> {
        words::supports(code, fact)
    }

    fn suppose<'a>(
        action: Action,
        facts: &Facts,
        evidence: &'a [AccountEvidence],
    ) -> Option<Vec<Cow<'a, AccountEvidence>>> {
        let better = better(action, facts)?;
        if action == Action::MoveToCaliopen {
            return Some(fresh_caliopen().map(Cow::Owned).into());
        }
        let question = std::mem::discriminant(&better);
        let kept = evidence.iter().filter(|fact| std::mem::discriminant(*fact) != question);
        Some(kept.map(Cow::Borrowed).chain([Cow::Owned(better)]).collect())
    }

    fn named_by(action: Action) -> &'static [ReasonCode] {
        match action {
            Action::MoveToCaliopen => &[
                ReasonCode::ProviderE,
                ReasonCode::ProviderD,
                ReasonCode::ProviderC,
                ReasonCode::ProviderB,
                ReasonCode::ProviderA,
            ],
            _ => &[],
        }
    }
}

/// The answer that the step gives to one question; `None` when it makes no sense here.
fn better(action: Action, facts: &Facts) -> Option<AccountEvidence> {
    let by_password = matches!(facts.sign_in, Some(SignIn::Password | SignIn::AppPassword));
    let (applies, better) = match action {
        Action::UsePasskey => {
            (facts.sign_in.is_some_and(|way| way < SignIn::Passkey), AccountEvidence::SignIn(SignIn::Passkey))
        }
        Action::AddSecondFactor => (by_password, AccountEvidence::SignIn(SignIn::SecondFactor)),
        Action::KeysToDevices => {
            (facts.keys == Some(KeyHolder::Server), AccountEvidence::Keys(KeyHolder::Devices))
        }
        Action::PublishKey => (
            facts.end_to_end.is_some_and(|found| found < EndToEnd::Published),
            AccountEvidence::EndToEnd(EndToEnd::Published),
        ),
        Action::OwnRecoveryCode => (
            matches!(facts.recovery, Some(Recovery::ByOtherAccount | Recovery::NoWay)),
            AccountEvidence::Recovery(Recovery::OwnCode),
        ),
        Action::MoveToCaliopen => {
            let elsewhere = matches!(facts.service, None | Some(PeerService::Other));
            (elsewhere && facts.service_reads(), AccountEvidence::Service(PeerService::Caliopen))
        }
        Action::EnforceTransport => (
            facts.transport.is_some_and(|policy| policy < TransportPolicy::Enforced),
            AccountEvidence::Transport(TransportPolicy::Enforced),
        ),
        Action::GetLabelled => (
            facts.service == Some(PeerService::Caliopen),
            AccountEvidence::Service(PeerService::LabelledCaliopen),
        ),
    };
    applies.then_some(better)
}

/// What an account of a fresh Caliopen shows: promising more would promise what its person may choose later.
fn fresh_caliopen() -> [AccountEvidence; 5] {
    [
        AccountEvidence::Service(PeerService::Caliopen),
        AccountEvidence::SignIn(SignIn::Password),
        AccountEvidence::EndToEnd(EndToEnd::NoKey),
        AccountEvidence::Keys(KeyHolder::Server),
        AccountEvidence::Recovery(Recovery::OwnCode),
    ]
}

fn provider(facts: &Facts) -> Line<Component, ReasonCode> {
    use ReasonCode as Code;
    let (component, most) = (Component::Provider, Component::Provider.most());
    match facts.provider {
        Some(HandlerClass::E) => row(component, most, 0, Code::ProviderE),
        Some(HandlerClass::D) => row(component, most, 5, Code::ProviderD),
        Some(HandlerClass::C) => row(component, most, 8, Code::ProviderC),
        Some(HandlerClass::B) => row(component, most, 16, Code::ProviderB),
        Some(HandlerClass::A) => row(component, most, most, Code::ProviderA),
        None => unknown(component, most, Code::ProviderNotChecked),
    }
}

fn sign_in(facts: &Facts) -> Line<Component, ReasonCode> {
    use ReasonCode as Code;
    let (component, most) = (Component::SignIn, Component::SignIn.most());
    match facts.sign_in {
        Some(SignIn::Password) => row(component, most, 4, Code::SignInPassword),
        Some(SignIn::AppPassword) => row(component, most, 8, Code::SignInAppPassword),
        Some(SignIn::Grant) => row(component, most, 12, Code::SignInGrant),
        Some(SignIn::SecondFactor) => row(component, most, 14, Code::SignInSecondFactor),
        Some(SignIn::Passkey) => row(component, most, most, Code::SignInPasskey),
        None => unknown(component, most, Code::SignInNotChecked),
    }
}

fn transport(facts: &Facts) -> Line<Component, ReasonCode> {
    use ReasonCode as Code;
    let (component, most) = (Component::Transport, Component::Transport.most());
    match facts.transport {
        Some(TransportPolicy::None) => row(component, most, 0, Code::TransportNone),
        Some(TransportPolicy::Testing) => row(component, most, 5, Code::TransportTesting),
        Some(TransportPolicy::Enforced) => row(component, most, most, Code::TransportEnforced),
        None => unknown(component, most, Code::TransportNotChecked),
    }
}

fn end_to_end(facts: &Facts) -> Line<Component, ReasonCode> {
    use ReasonCode as Code;
    let (component, most) = (Component::EndToEnd, Component::EndToEnd.most());
    match facts.end_to_end {
        Some(EndToEnd::NoKey) => row(component, most, 0, Code::NoKey),
        Some(EndToEnd::Possible) => row(component, most, 8, Code::KeyNotPublished),
        Some(EndToEnd::Published) => row(component, most, most, Code::KeyPublished),
        None => unknown(component, most, Code::EndToEndNotChecked),
    }
}

fn keys(facts: &Facts) -> Line<Component, ReasonCode> {
    use ReasonCode as Code;
    let (component, most) = (Component::Keys, Component::Keys.most());
    match facts.keys {
        Some(KeyHolder::Service) => row(component, most, 0, Code::ServiceReads),
        Some(KeyHolder::Server) => row(component, most, 5, Code::KeysAtServer),
        Some(KeyHolder::Devices) => row(component, most, most, Code::KeysOnDevices),
        None => unknown(component, most, Code::KeysNotChecked),
    }
}

fn recovery(facts: &Facts) -> Line<Component, ReasonCode> {
    use ReasonCode as Code;
    let (component, most) = (Component::Recovery, Component::Recovery.most());
    match facts.recovery {
        Some(Recovery::ByService) => row(component, most, 0, Code::RecoveryByService),
        Some(Recovery::ByOtherAccount) => row(component, most, 4, Code::RecoveryByOtherAccount),
        Some(Recovery::NoWay) => row(component, most, 4, Code::NoRecovery),
        Some(Recovery::OwnCode) => row(component, most, most, Code::RecoveryByOwnCode),
        None => unknown(component, most, Code::RecoveryNotChecked),
    }
}

impl Step for Action {
    fn who(self) -> Who {
        match self {
            Self::EnforceTransport | Self::GetLabelled => Who::YourProvider,
            _ => Who::You,
        }
    }

    fn axis(self) -> Axis {
        match self {
            Self::UsePasskey | Self::AddSecondFactor | Self::OwnRecoveryCode => Axis::Behaviour,
            Self::KeysToDevices | Self::PublishKey | Self::EnforceTransport => Axis::Technical,
            Self::MoveToCaliopen | Self::GetLabelled => Axis::Context,
        }
    }
}
