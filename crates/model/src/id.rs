//! Ids: 128 bits, made by the client of the store, ordered by the time they were made.
//!
//! The text form is 26 characters of lower-case Crockford base 32, which keeps the order of the bytes
//! and is a legal JMAP `Id` once its kind's letter stands in front (RFC 8620 §1.2).

use std::fmt;

/// Text that is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of this kind")]
pub struct IdError;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const TEXT_LENGTH: usize = 26;

fn write_base32(bytes: [u8; 16], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let value = u128::from_be_bytes(bytes);
    for position in (0..TEXT_LENGTH).rev() {
        let digit = ((value >> (5 * position)) & 31) as u8;
        let letter = ALPHABET.get(usize::from(digit)).copied().unwrap_or(b'0');
        write!(f, "{}", char::from(letter))?;
    }
    Ok(())
}

fn parse_base32(text: &str) -> Result<[u8; 16], IdError> {
    if text.len() != TEXT_LENGTH {
        return Err(IdError);
    }
    let mut value: u128 = 0;
    for letter in text.bytes() {
        let digit = ALPHABET.iter().position(|known| *known == letter).ok_or(IdError)?;
        // 26 digits carry 130 bits: the first one must leave the two highest at zero.
        if value >> 123 != 0 {
            return Err(IdError);
        }
        value = (value << 5) | digit as u128;
    }
    Ok(value.to_be_bytes())
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// The letter that the text form starts with.
            pub const PREFIX: char = $prefix;

            /// The id with these bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// The bytes, ordered by time.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", Self::PREFIX)?;
                write_base32(self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                parse_base32(text.strip_prefix(Self::PREFIX).ok_or(IdError)?).map(Self)
            }
        }
    };
}

id!(
    /// An account: one person's correspondence, and the unit of storage, sealing and erasure.
    AccountId, 'a'
);
id!(
    /// One delivery as we received it: the key that keeps a message from being stored twice.
    ArrivalId, 'r'
);
id!(
    /// Sealed bytes kept apart from the rows: a message as it arrived.
    BlobId, 'b'
);
id!(
    /// A person, a group, a list or a service as the user sees it.
    ContactId, 'p'
);
id!(
    /// A conversation: opaque and stable, whatever its key becomes.
    ConversationId, 'c'
);
id!(
    /// A message that is being written.
    DraftId, 'd'
);
id!(
    /// A message on its way out. Has the bytes of the sent message's id.
    SubmissionId, 'q'
);
id!(
    /// An address that the user writes from.
    IdentityId, 'i'
);
id!(
    /// A message of ours. Never the forgeable `Message-ID` of RFC 5322, which is `Rfc5322MessageId`.
    MessageId, 'm'
);
id!(
    /// A text that the user writes often.
    TemplateId, 'f'
);
id!(
    /// A label or a folder.
    LabelId, 'l'
);
id!(
    /// A deed that is done to many conversations, a batch at a time.
    OperationId, 'u'
);
id!(
    /// A decision about new senders.
    DecisionId, 'v'
);
id!(
    /// A password of another program.
    AppPasswordId, 'k'
);
id!(
    /// An import or an export of an account.
    TransferId, 't'
);
id!(
    /// A chain of replies inside a conversation.
    SegmentId, 'g'
);
id!(
    /// A signed-in browser or program.
    SessionId, 's'
);
id!(
    /// A browser that enrolled with a key of its own.
    DeviceId, 'e'
);
id!(
    /// A passkey.
    PasskeyId, 'y'
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_text_form_and_keeps_its_order() {
        let mut previous: Option<String> = None;
        for byte in [0u8, 1, 7, 127, 128, 255] {
            let id = MessageId::from_bytes([byte; 16]);
            let text = id.to_string();
            assert_eq!(text.parse::<MessageId>(), Ok(id));
            assert!(previous.is_none_or(|before| before < text));
            previous = Some(text);
        }
    }

    #[test]
    fn text_that_is_no_id_is_refused() {
        for text in [
            "",
            "m",
            "m0",
            "c0000000000000000000000000",
            "mzzzzzzzzzzzzzzzzzzzzzzzzzz",
            "m0000000000000000000000000u",
        ] {
            assert_eq!(text.parse::<MessageId>(), Err(IdError), "{text}");
        }
    }
}
