//! What is indexed of a message, of a conversation's title, of a contact's card.

/// What a document stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A message.
    Message,
    /// A conversation that the user gave a title.
    Conversation,
    /// A contact's card.
    Contact,
}

impl Kind {
    pub(crate) const fn byte(self) -> u8 {
        match self {
            Self::Message => 1,
            Self::Conversation => 2,
            Self::Contact => 3,
        }
    }

    pub(crate) const fn of_byte(byte: u8) -> Option<Self> {
        match byte {
            1 => Some(Self::Message),
            2 => Some(Self::Conversation),
            3 => Some(Self::Contact),
            _ => None,
        }
    }
}

/// The name of a document. Of two with one name, the one in the later segment counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// What it stands for.
    pub kind: Kind,
    /// The id of that.
    pub id: [u8; 16],
}

/// Where in a document a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The subject of a message.
    Subject,
    /// Its texts.
    Body,
    /// Names and addresses of its authors.
    From,
    /// Names and addresses of its recipients.
    To,
    /// Names of its files.
    File,
    /// What a conversation is called.
    Title,
    /// What a contact's card says.
    Card,
    /// Not text: [`Trait`]s.
    Traits,
}

impl Field {
    /// Every field of text that a word without an operator is looked up in.
    pub const ANYWHERE: [Self; 6] =
        [Self::Subject, Self::Body, Self::From, Self::To, Self::File, Self::Title];

    pub(crate) const fn byte(self) -> u8 {
        match self {
            Self::Subject => 1,
            Self::Body => 2,
            Self::From => 3,
            Self::To => 4,
            Self::File => 5,
            Self::Title => 6,
            Self::Card => 7,
            Self::Traits => 8,
        }
    }
}

/// What a message is for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trait {
    /// It carries a file.
    Attachment,
    /// The user wrote it.
    Sent,
    /// Somebody else wrote it.
    Received,
    /// It travelled as Internet mail.
    Email,
}

impl Trait {
    pub(crate) const fn term(self) -> &'static str {
        match self {
            Self::Attachment => "attachment",
            Self::Sent => "sent",
            Self::Received => "received",
            Self::Email => "email",
        }
    }
}

/// What is indexed of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its name.
    pub key: Key,
    /// What answers are ordered by, in milliseconds since 1970.
    pub at_unix_ms: i64,
    /// Its texts. Phrases do not go from one text to the next.
    pub texts: Vec<(Field, String)>,
    /// What it is.
    pub traits: Vec<Trait>,
}
