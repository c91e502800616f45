//! A message, as something that has an index.

use crate::cite::supports;
use crate::facts::Facts;
use crate::formula::{Component, caps, lines};
use crate::raise::{Action, named_by};
use crate::reason::ReasonCode;
use crate::subject::{Line, Subject};
use crate::suppose::suppose;
use caliopen_model::Evidence;
use std::borrow::Cow;
use std::collections::HashSet;

/// What one message to several people rests on, from what it would rest on for each: every fact once, in their order.
pub fn together<'a>(each: impl Iterator<Item = &'a Vec<Evidence>>) -> Vec<Evidence> {
    let mut seen = HashSet::new();
    each.flatten().filter(|fact| seen.insert(*fact)).cloned().collect()
}

/// One message.
pub(crate) enum Message {}

impl Subject for Message {
    type Fact = Evidence;
    type Facts = Facts;
    type Component = Component;
    type Code = ReasonCode;
    type Action = Action;

    const COMPONENTS: &'static [Component] = Component::ALL;

    fn actions() -> impl Iterator<Item = Action> {
        Action::ALL.iter().copied()
    }

    fn gather<'a>(evidence: impl Iterator<Item = &'a Evidence>) -> Facts {
        Facts::gather(evidence)
    }

    fn lines(facts: &Facts) -> impl Iterator<Item = Line<Component, ReasonCode>> {
        lines(facts)
    }

    fn caps(facts: &Facts) -> impl Iterator<Item = (u8, ReasonCode)> {
        caps(facts)
    }

    fn supports(code: ReasonCode, fact: &Evidence) -> Option<&[String]> {
        supports(code, fact)
    }

    fn advisable(facts: &Facts) -> bool {
        !facts.suspicious() && !facts.archived
    }

    fn suppose<'a>(
        action: Action,
        facts: &Facts,
        evidence: &'a [Evidence],
    ) -> Option<Vec<Cow<'a, Evidence>>> {
        suppose(action, facts, evidence)
    }

    fn named_by(action: Action) -> &'static [ReasonCode] {
        named_by(action)
    }
}
