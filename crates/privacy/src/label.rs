//! The short labels of the why panel, in three languages.

use crate::formula::{Axis, Component};
use crate::raise::Who;
use caliopen_model::Language;

const fn pick(
    language: Language,
    english: &'static str,
    french: &'static str,
    italian: &'static str,
) -> &'static str {
    match language {
        Language::English => english,
        Language::French => french,
        Language::Italian => italian,
    }
}

impl Component {
    /// What panels call it.
    pub const fn label(self, language: Language) -> &'static str {
        match self {
            Self::Content => pick(language, "Content", "Contenu", "Contenuto"),
            Self::Identity => pick(language, "Identity", "Identité", "Identità"),
            Self::Exposure => pick(language, "Exposure", "Exposition", "Esposizione"),
            Self::AtRest => pick(language, "Where it is kept", "Conservation", "Conservazione"),
            Self::Context => pick(language, "Device", "Appareil", "Dispositivo"),
        }
    }
}

impl Axis {
    /// What panels call it.
    pub const fn label(self, language: Language) -> &'static str {
        match self {
            Self::Technical => pick(language, "Technical", "Technique", "Tecnica"),
            Self::Behaviour => pick(language, "Behaviour", "Comportement", "Comportamento"),
            Self::Context => pick(language, "Context", "Contexte", "Contesto"),
        }
    }
}

impl Who {
    /// What panels call them.
    pub const fn label(self, language: Language) -> &'static str {
        match self {
            Self::You => pick(language, "You", "Vous", "Tu"),
            Self::Contact => pick(language, "Your contact", "Votre contact", "Il contatto"),
            Self::TheirProvider => pick(language, "Their provider", "Son fournisseur", "Il suo fornitore"),
        }
    }
}
