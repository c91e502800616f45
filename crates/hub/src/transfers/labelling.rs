//! The labels that an import needs: found by their names, or made.

use crate::Hub;
use crate::access::Access;
use crate::error::HubError;
use crate::labels::LabelError;
use caliopen_model::{LabelColour, LabelId};
use std::collections::{BTreeMap, BTreeSet};

/// Colours of labels that are made, one after the other.
const COLOURS: [LabelColour; 7] = [
    LabelColour::Blue,
    LabelColour::Green,
    LabelColour::Orange,
    LabelColour::Purple,
    LabelColour::Teal,
    LabelColour::Red,
    LabelColour::Yellow,
];

/// Labels by their names, whatever the case.
#[derive(Debug, Default)]
pub(super) struct Labels {
    /// None: it could not be made.
    by_name: BTreeMap<String, Option<LabelId>>,
    is_read: bool,
}

impl Labels {
    /// Makes those of these names that the account does not have. One that is one too many, or has no name, is not made:
    /// its messages come in without it.
    pub(super) async fn make(
        &mut self,
        hub: &Hub,
        access: &Access,
        names: &BTreeSet<String>,
    ) -> Result<(), HubError> {
        for name in names {
            if self.by_name.contains_key(&key(name)) {
                continue;
            }
            if !self.is_read {
                let all = hub.labels(access).await?.into_iter();
                self.by_name.extend(all.map(|label| (key(&label.name), Some(label.id))));
                self.is_read = true;
            }
            if !self.by_name.contains_key(&key(name)) {
                let colour = COLOURS.get(self.by_name.len() % COLOURS.len()).copied().unwrap_or_default();
                let made = match hub.create_label(access, name, colour).await {
                    Ok(id) => Some(id),
                    Err(LabelError::Hub(error)) => return Err(error),
                    Err(_) => None,
                };
                self.by_name.insert(key(name), made);
            }
        }
        Ok(())
    }

    /// The label of a name that was asked for.
    pub(super) fn find(&self, name: &str) -> Option<LabelId> {
        self.by_name.get(&key(name)).copied().flatten()
    }
}

fn key(name: &str) -> String {
    name.trim().to_lowercase()
}
