//! What kind of thing a point or a step is about, and who can take a step.

use crate::phrase::pick;
use caliopen_model::Language;

/// What kind of thing a point, or a step that would raise a score, is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Axis {
    /// Machines and their settings.
    Technical,
    /// What people do.
    Behaviour,
    /// Who else is there.
    Context,
}

impl Axis {
    /// The stable name, for records and interfaces.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Technical => "technical",
            Self::Behaviour => "behaviour",
            Self::Context => "context",
        }
    }

    /// What panels call it.
    pub const fn label(self, language: Language) -> &'static str {
        match self {
            Self::Technical => pick(language, "Technical", "Technique", "Tecnica"),
            Self::Behaviour => pick(language, "Behaviour", "Comportement", "Comportamento"),
            Self::Context => pick(language, "Context", "Contexte", "Contesto"),
        }
    }
}

/// Who can take a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// The user.
    You,
    /// The other person.
    Contact,
    /// The service of the other person.
    TheirProvider,
    /// The user's own service.
    YourProvider,
}

impl Who {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::You, Self::Contact, Self::TheirProvider, Self::YourProvider];

    /// The stable name, for records and interfaces.
    pub const fn key(self) -> &'static str {
        match self {
            Self::You => "you",
            Self::Contact => "contact",
            Self::TheirProvider => "provider",
            Self::YourProvider => "yourProvider",
        }
    }

    /// What panels call them.
    pub const fn label(self, language: Language) -> &'static str {
        match self {
            Self::You => pick(language, "You", "Vous", "Tu"),
            Self::Contact => pick(language, "Your contact", "Votre contact", "Il contatto"),
            Self::TheirProvider => pick(language, "Their provider", "Son fournisseur", "Il suo fornitore"),
            Self::YourProvider => pick(language, "Your provider", "Votre fournisseur", "Il tuo fornitore"),
        }
    }
}
