//! Conversations: messages grouped by people, not by protocol.

/// Why messages belong together; the first rule that matches wins, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConversationKind {
    /// A mailing list (RFC 2919 List-Id).
    List,
    /// A room of the protocol's own.
    Room,
    /// Sent by a machine: newsletters, notices, receipts.
    Automated,
    /// Two or more other people.
    Group,
    /// One other person.
    Direct,
}

/// Where the user keeps a conversation. Exactly one place at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// In front of the user.
    Inbox,
    /// Kept, out of sight.
    Archive,
    /// Deleted; purged 30 days after it came here.
    Bin,
    /// Out of sight until a time; then back in front of the user.
    Snoozed,
    /// Its people wrote for the first time, and wait to be let in.
    NewSenders,
    /// The user says that it is spam: whatever comes in it stays here; purged 30 days after it came.
    Spam,
}

impl Place {
    /// All of them, in the order in which they are counted.
    pub const ALL: [Self; 6] =
        [Self::Inbox, Self::Archive, Self::Bin, Self::Snoozed, Self::NewSenders, Self::Spam];

    /// Whether what stands here is on its way out: purged in time, and counted by no label.
    pub const fn is_passing(self) -> bool {
        matches!(self, Self::Bin | Self::Spam)
    }
}

/// How a label looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum LabelColour {
    /// Says nothing.
    #[default]
    Grey,
    /// Red.
    Red,
    /// Orange.
    Orange,
    /// Yellow.
    Yellow,
    /// Green.
    Green,
    /// Between green and blue.
    Teal,
    /// Blue.
    Blue,
    /// Purple.
    Purple,
}

impl LabelColour {
    /// All of them, in the order that menus show.
    pub const ALL: [Self; 8] = [
        Self::Grey,
        Self::Red,
        Self::Orange,
        Self::Yellow,
        Self::Green,
        Self::Teal,
        Self::Blue,
        Self::Purple,
    ];
}

/// For whom a decision about new senders counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// One person, whatever they write from.
    Person,
    /// Everybody of a domain.
    Domain,
    /// A mailing list, or the machines of one organisation: the conversation itself.
    Sender,
}

/// What the user decided about somebody who wrote for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Admission {
    /// They reach the inbox.
    Accepted,
    /// What they write goes to the bin.
    Refused,
}

/// −10 (unwanted) to +10 (important). Private: never written where other clients or people see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Importance(i8);

impl Importance {
    /// The nearest score in −10..=10.
    pub fn clamped(score: i32) -> Self {
        Self(score.clamp(-10, 10) as i8)
    }

    /// The score.
    pub const fn score(self) -> i8 {
        self.0
    }
}

/// One reason of an importance, with the points that it gave or took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImportanceReason {
    /// The user knows this person (confirmed contact).
    KnownPerson,
    /// The user wrote first, or has answered before.
    UserWrote,
    /// Written to the user alone.
    Direct,
    /// Written to a few people.
    Group,
    /// Came through a mailing list.
    List,
    /// Sent by a machine.
    Automated,
    /// A reply to a conversation that exists.
    Reply,
    /// First message ever from this sender.
    FirstTimeSender,
    /// The user's name stands in the text.
    NamedInText,
    /// Carries a file.
    Attachment,
    /// The sender could not be authenticated, or the authentication failed.
    Suspicious,
    /// End-to-end encrypted.
    Encrypted,
}
