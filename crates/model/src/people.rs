//! People and the handles that they are reached by.

use crate::{ContactId, EmailAddress};
use std::fmt;

/// A way that correspondence travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// Internet mail.
    Email,
}

impl Protocol {
    /// The word that stands before the colon of a handle.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
        }
    }
}

/// Protocol and address: `email:ana@example.org`. Compared by its canonical form, used as written.
#[derive(Debug, Clone)]
pub struct Handle {
    protocol: Protocol,
    address: String,
}

impl Handle {
    /// The handle of an address of Internet mail.
    pub fn email(address: &EmailAddress) -> Self {
        Self { protocol: Protocol::Email, address: address.to_string() }
    }

    /// A handle from what a protocol calls an address, however ill-formed: it may only be shown and compared.
    pub fn literal(protocol: Protocol, address: impl Into<String>) -> Self {
        Self { protocol, address: address.into() }
    }

    /// A handle from its whole form, `email:ana@example.org`; none unless something can be sent to it.
    pub fn parse(text: &str) -> Option<Self> {
        let (protocol, address) = text.split_once(':')?;
        match protocol {
            "email" => EmailAddress::parse(address).ok().map(|address| Self::email(&address)),
            _ => None,
        }
    }

    /// The protocol.
    pub const fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// The address as it was written.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What two handles are compared by, and what the blind index is computed from.
    pub fn canonical(&self) -> String {
        format!("{}:{}", self.protocol.name(), self.address.to_lowercase())
    }

    /// The domain of the address, in lower case, when the protocol has domains.
    pub fn domain(&self) -> Option<String> {
        self.address.rsplit_once('@').map(|(_, domain)| domain.to_lowercase())
    }
}

impl PartialEq for Handle {
    fn eq(&self, other: &Self) -> bool {
        self.canonical() == other.canonical()
    }
}

impl Eq for Handle {}

impl PartialOrd for Handle {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Handle {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.canonical().cmp(&other.canonical())
    }
}

impl std::hash::Hash for Handle {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.canonical().hash(state);
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.protocol.name(), self.address)
    }
}

/// Somebody as a message names them: the name is the sender's word and proves nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// The display name that the message gave.
    pub name: Option<String>,
    /// The handle that the message gave.
    pub handle: Handle,
}

/// What a field of a card says. The words are those of vCard (RFC 6350 §6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldKind {
    /// A telephone number.
    Phone,
    /// A postal address, on one line.
    Address,
    /// Where the person works, or what they are.
    Organisation,
    /// What they do there.
    Title,
    /// `1985-04-12`, or `--04-12` when the year is not said.
    Birthday,
    /// A page.
    Url,
    /// Another name.
    Nickname,
}

/// For which part of somebody's life a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldUse {
    /// At home.
    Home,
    /// At work.
    Work,
    /// Wherever the person is: a telephone in the pocket.
    Mobile,
    /// Takes pages, not words.
    Fax,
}

/// One thing that a card says of a person besides name, note and handles.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CardField {
    /// What it is.
    pub kind: FieldKind,
    /// What it is for; none where the card does not say.
    pub usage: Option<FieldUse>,
    /// The value, as people write it.
    pub value: String,
}

/// A person as the user knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Stable id.
    pub id: ContactId,
    /// The name that the user gave; empty until then.
    pub name: Option<String>,
    /// The name that the first message gave.
    pub suggested_name: Option<String>,
    /// A note of the user's own. Never leaves the account.
    pub note: Option<String>,
    /// How the person is reached.
    pub handles: Vec<Handle>,
    /// What else their card says.
    pub fields: Vec<CardField>,
    /// Pictures that their messages want from elsewhere are fetched, in the reader's place.
    pub shows_pictures: bool,
    /// Suggested by mail, or confirmed by the user.
    pub state: ContactState,
}

impl Contact {
    /// What to call the person: the user's word, else the message's, else the address.
    pub fn display_name(&self) -> &str {
        self.name
            .as_deref()
            .or(self.suggested_name.as_deref())
            .or_else(|| self.handles.first().map(Handle::address))
            .unwrap_or_default()
    }
}

/// Who made the contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactState {
    /// Made from a message; the user has not touched it.
    Suggested,
    /// The user named, edited or answered it.
    Confirmed,
}

/// The three languages that everything is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// French.
    French,
    /// Italian.
    Italian,
}

impl Language {
    /// All of them, in the order that menus show.
    pub const ALL: [Self; 3] = [Self::English, Self::French, Self::Italian];

    /// The tag of BCP 47.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
            Self::Italian => "it",
        }
    }

    /// The language of a tag such as `fr` or `fr-CA`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }
}
