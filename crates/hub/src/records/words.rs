//! The words of `model` that records repeat. The order of variants is the stored format: only append.

use caliopen_connect::Protection as WayProtection;
use caliopen_model::{
    Admission, Cause, CertificateStanding, ContactState, ConversationKind, Direction, Disposition, FieldKind,
    FieldUse, HopProof, ImportanceReason, LabelColour, Language, Network, Place, Protection, Protocol, Scope,
    Support, TransportPolicy, UnpackReason, Warning,
};
use caliopen_privacy::quests::Quest;
use serde::{Deserialize, Serialize};

/// Whether new senders wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum StoredScreener {
    /// Not yet: they will from the user's first own message on. Until then everybody is new.
    #[default]
    NotBegun,
    On,
    Off,
}

macro_rules! stored_word {
    ($stored:ident = $word:ident { $($variant:ident),+ $(,)? }) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub(crate) enum $stored { $($variant),+ }

        impl From<$word> for $stored {
            fn from(word: $word) -> Self {
                match word { $($word::$variant => Self::$variant),+ }
            }
        }

        impl From<$stored> for $word {
            fn from(stored: $stored) -> Self {
                match stored { $($stored::$variant => Self::$variant),+ }
            }
        }
    };
}

stored_word!(StoredSupport = Support { EndOfLife, Supported });
stored_word!(StoredQuest = Quest { RecoveryCode, Passkey, SecondFactor, HomeNetwork, SecondDevice, Invite });
stored_word!(StoredNetwork = Network { Open, Unknown, Tunnel, Known });
stored_word!(
    StoredStanding = CertificateStanding { Vouched, OtherName, OutOfDate, UnknownAuthority, Broken }
);
stored_word!(StoredWayProtection = WayProtection { AsDemanded, EveryHost, BestEffort });
stored_word!(StoredTransport = TransportPolicy { None, Testing, Enforced });
stored_word!(StoredProof = HopProof { Dane, MtaSts, Configured });
stored_word!(StoredProtocol = Protocol { Email });
stored_word!(StoredPlace = Place { Inbox, Archive, Bin, Snoozed, NewSenders, Spam });
stored_word!(StoredKind = ConversationKind { List, Room, Automated, Group, Direct });
stored_word!(StoredDirection = Direction { Received, Sent });
stored_word!(StoredDisposition = Disposition { Inline, Attachment });
stored_word!(StoredContactState = ContactState { Suggested, Confirmed });
stored_word!(StoredFieldKind = FieldKind { Phone, Address, Organisation, Title, Birthday, Url, Nickname });
stored_word!(StoredFieldUse = FieldUse { Home, Work, Mobile, Fax });
stored_word!(StoredColour = LabelColour { Grey, Red, Orange, Yellow, Green, Teal, Blue, Purple });
stored_word!(StoredScope = Scope { Person, Domain, Sender });
stored_word!(StoredAdmission = Admission { Accepted, Refused });
stored_word!(StoredLanguage = Language { English, French, Italian });
stored_word!(
    StoredProtection = Protection {
        None,
        PgpSigned,
        PgpEncrypted,
        PgpInlineSigned,
        PgpInlineEncrypted,
        SmimeSigned,
        SmimeEncrypted,
    }
);
stored_word!(
    StoredWarning = Warning {
        SeveralFrom,
        NoFrom,
        NameLooksLikeAddress,
        ReplyGoesElsewhere,
        LookAlikeAddress,
        DuplicateHeader,
    }
);
stored_word!(
    StoredImportanceReason = ImportanceReason {
        KnownPerson,
        UserWrote,
        Direct,
        Group,
        List,
        Automated,
        Reply,
        FirstTimeSender,
        NamedInText,
        Attachment,
        Suspicious,
        Encrypted,
    }
);
stored_word!(
    StoredCause = Cause {
        NoSuchDomain,
        NoSuchRecipient,
        MailboxFull,
        TooLarge,
        Refused,
        Unreachable,
        Busy,
        AnswerLost,
        NotPrivate,
        NotCapable,
        LookupFailed,
        Expired,
        Garbled,
    }
);
stored_word!(
    StoredUnpackReason = UnpackReason {
        NotRecognised,
        NoHeader,
        Empty,
        TooLarge,
        Truncated,
        Damaged,
        Encrypted,
        Unsupported,
        Draft,
        Deleted,
    }
);
