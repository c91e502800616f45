//! Rows of texts that the user writes often.

use serde::{Deserialize, Serialize};

/// A template: its words sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TemplateRecord {
    pub(crate) updated_at: i64,
    /// Sealed: [`TemplateTextRecord`].
    pub(crate) words: Vec<u8>,
}

/// Sealed part of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TemplateTextRecord {
    pub(crate) name: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: Option<String>,
}
