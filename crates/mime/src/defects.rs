//! What is wrong with a message, collected while it is read: one entry for each kind, without any text
//! of the message.

use crate::limits::DEFECTS_MAX;
use caliopen_model::Defect;

/// The defects found so far, each kind once, in the order of their discovery.
#[derive(Debug, Default)]
pub(crate) struct Defects {
    found: Vec<Found>,
}

#[derive(Debug)]
struct Found {
    code: &'static str,
    detail: &'static str,
    count: u64,
}

impl Defects {
    /// Notes one defect. `detail` is a sentence of ours: it can hold nothing of the message.
    pub(crate) fn add(&mut self, code: &'static str, detail: &'static str) {
        self.add_many(code, detail, 1);
    }

    /// Notes the same defect `count` times; none when `count` is 0.
    pub(crate) fn add_many(&mut self, code: &'static str, detail: &'static str, count: u64) {
        if count == 0 {
            return;
        }
        if let Some(known) = self.found.iter_mut().find(|found| found.code == code) {
            known.count = known.count.saturating_add(count);
        } else if self.found.len() < DEFECTS_MAX {
            self.found.push(Found { code, detail, count });
        }
    }

    /// The list as the model has it, with how often each was found.
    pub(crate) fn into_list(self) -> Vec<Defect> {
        let text = |found: Found| match found.count {
            1 => Defect { code: found.code, detail: found.detail.to_owned() },
            count => Defect { code: found.code, detail: format!("{} ({count} times)", found.detail) },
        };
        self.found.into_iter().map(text).collect()
    }
}
