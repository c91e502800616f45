//! Why messages belong together, and how important one is. Pure.

use caliopen_model::{ConversationKind, Importance, ImportanceReason, Message, Protection};

/// The class of a message; the first rule that matches wins.
///
/// `others` is the number of other people in From, To and Cc, the user's own addresses left out.
pub fn class(message: &Message, others: usize) -> ConversationKind {
    if message.list.is_some() {
        ConversationKind::List
    } else if message.room.is_some() {
        ConversationKind::Room
    } else if message.automated {
        ConversationKind::Automated
    } else if others >= 2 {
        ConversationKind::Group
    } else {
        ConversationKind::Direct
    }
}

/// What is known when the importance of a message is weighed.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Known {
    /// The user confirmed the author as a contact.
    pub(crate) author_confirmed: bool,
    /// The user has written to the author.
    pub(crate) user_wrote: bool,
    /// Nothing from this author before.
    pub(crate) first_time: bool,
    /// It joins a conversation that exists.
    pub(crate) is_reply: bool,
    /// The authentication failed.
    pub(crate) suspicious: bool,
}

/// How important a message is, with each point that was given or taken.
pub(crate) fn importance(
    message: &Message,
    kind: ConversationKind,
    known: Known,
) -> (Importance, Vec<ImportanceReason>) {
    let reasons: Vec<ImportanceReason> = candidates(message, kind, known)
        .into_iter()
        .filter_map(|(applies, reason)| applies.then_some(reason))
        .collect();
    let score = reasons.iter().map(|reason| points(*reason)).sum();
    (Importance::clamped(score), reasons)
}

fn candidates(message: &Message, kind: ConversationKind, known: Known) -> [(bool, ImportanceReason); 11] {
    let from_person =
        matches!(kind, ConversationKind::Direct | ConversationKind::Group | ConversationKind::Room);
    let encrypted = matches!(
        message.protection,
        Protection::PgpEncrypted | Protection::PgpInlineEncrypted | Protection::SmimeEncrypted
    );
    [
        (known.suspicious, ImportanceReason::Suspicious),
        (known.author_confirmed, ImportanceReason::KnownPerson),
        (known.user_wrote, ImportanceReason::UserWrote),
        (kind == ConversationKind::Direct, ImportanceReason::Direct),
        (matches!(kind, ConversationKind::Group | ConversationKind::Room), ImportanceReason::Group),
        (kind == ConversationKind::List, ImportanceReason::List),
        (kind == ConversationKind::Automated, ImportanceReason::Automated),
        (known.is_reply && from_person, ImportanceReason::Reply),
        (known.first_time && !known.user_wrote, ImportanceReason::FirstTimeSender),
        (from_person && !message.parts.is_empty(), ImportanceReason::Attachment),
        (encrypted, ImportanceReason::Encrypted),
    ]
}

/// The points of a reason. Shown to the user beside it.
pub const fn points(reason: ImportanceReason) -> i32 {
    match reason {
        ImportanceReason::Suspicious => -8,
        ImportanceReason::Automated => -3,
        ImportanceReason::List => -1,
        ImportanceReason::FirstTimeSender => -1,
        ImportanceReason::Group | ImportanceReason::Attachment | ImportanceReason::NamedInText => 1,
        ImportanceReason::Direct | ImportanceReason::Reply | ImportanceReason::Encrypted => 2,
        ImportanceReason::KnownPerson => 3,
        ImportanceReason::UserWrote => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(message: &Message, others: usize, expected: ConversationKind) {
        assert_eq!(class(message, others), expected);
    }

    #[test]
    fn the_first_rule_that_matches_gives_the_class() {
        let list = Some(("choir.example.org".to_owned(), None));
        check(&Message { list, automated: true, ..Message::default() }, 3, ConversationKind::List);
        check(&Message { automated: true, ..Message::default() }, 3, ConversationKind::Automated);
        check(&Message::default(), 2, ConversationKind::Group);
        check(&Message::default(), 1, ConversationKind::Direct);
        check(&Message::default(), 0, ConversationKind::Direct);
    }

    #[test]
    fn a_friend_counts_more_than_a_stranger_and_a_stranger_more_than_a_forgery() {
        let message = Message::default();
        let score = |known| importance(&message, ConversationKind::Direct, known).0;
        let friend =
            score(Known { author_confirmed: true, user_wrote: true, is_reply: true, ..Known::default() });
        let stranger = score(Known { first_time: true, ..Known::default() });
        let forgery = score(Known { first_time: true, suspicious: true, ..Known::default() });
        assert!(friend > stranger && stranger > forgery);
        assert_eq!(friend.score(), 10);
    }

    #[test]
    fn each_reason_gives_exactly_its_points() {
        let known = Known { author_confirmed: true, ..Known::default() };
        let (score, reasons) = importance(&Message::default(), ConversationKind::Group, known);
        assert_eq!(i32::from(score.score()), reasons.iter().map(|reason| points(*reason)).sum::<i32>());
    }
}
