//! Where a conversation stands once a message came, or left. Pure.
//!
//! Mail that comes brings its conversation in front of the user, wherever it was, with five exceptions: what a blocked
//! person writes announces nothing; what is muted stays where it is; what is spam stays spam until the user says that it
//! is none; who wrote for the first time waits to be let in; and the user's own words leave a conversation where it is,
//! unless that hid what they say.

use crate::records::{ConversationRecord, StoredPlace};

/// What came, or left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News {
    /// The user wrote it.
    Sent,
    /// Somebody wrote it whom the user lets in.
    Welcome,
    /// Somebody wrote it for the first time.
    FirstTime,
    /// Somebody wrote it whom the user does not want to hear of.
    Unwanted,
    /// Another program kept it, perhaps for years: it is no news.
    Kept(Kept),
}

impl News {
    /// Whether there is nothing to read in it for the user.
    pub(crate) const fn is_seen(self) -> bool {
        match self {
            Self::Sent | Self::Unwanted => true,
            Self::Welcome | Self::FirstTime => false,
            Self::Kept(kept) => kept.seen,
        }
    }
}

/// How another program kept a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) seen: bool,
    pub(crate) flagged: bool,
    pub(crate) place: StoredPlace,
    /// What is put into the bin now stays there for its time, however old it is.
    pub(crate) now: i64,
}

/// How far out of sight a place is.
pub(crate) const fn depth(place: StoredPlace) -> u8 {
    match place {
        StoredPlace::Inbox => 0,
        StoredPlace::NewSenders => 1,
        StoredPlace::Snoozed => 2,
        StoredPlace::Archive => 3,
        StoredPlace::Spam => 4,
        StoredPlace::Bin => 5,
    }
}

/// The part of a conversation's row that says where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) place: StoredPlace,
    pub(crate) binned_at: Option<i64>,
    pub(crate) snoozed_until: Option<i64>,
    pub(crate) listed_at: i64,
    pub(crate) returned: bool,
}

/// Where a conversation stands after a message of this time. None before: the message begins it.
pub(crate) fn after(before: Option<&ConversationRecord>, news: News, at: i64) -> Standing {
    let Some(before) = before else { return begun(news, at) };
    let stays = Standing {
        place: before.place,
        binned_at: before.binned_at,
        snoozed_until: before.snoozed_until,
        listed_at: before.listed_at,
        returned: before.returned,
    };
    match news {
        News::Unwanted => stays,
        // In the most visible of the places where its messages were kept, whichever came first.
        News::Kept(kept) if depth(kept.place) < depth(before.place) => {
            Standing { listed_at: before.listed_at.max(at), ..kept_alone(kept, at) }
        }
        News::Kept(_) => Standing { listed_at: before.listed_at.max(at), ..stays },
        // What comes into the bin all the same is kept for as long as anything else there.
        News::Welcome | News::FirstTime if before.muted || before.place == StoredPlace::Spam => {
            Standing { binned_at: before.binned_at.map(|_| at), ..stays }
        }
        News::Sent if !is_hidden(before.place) => Standing { listed_at: at, ..stays },
        // The user dealt with it before: it is no stranger to the inbox.
        News::FirstTime if matches!(before.place, StoredPlace::Inbox | StoredPlace::Snoozed) => inbox(at),
        News::FirstTime => Standing { place: StoredPlace::NewSenders, ..inbox(at) },
        News::Sent | News::Welcome => inbox(at),
    }
}

/// Where nobody would look for an answer to their own words.
const fn is_hidden(place: StoredPlace) -> bool {
    matches!(place, StoredPlace::Bin | StoredPlace::Spam | StoredPlace::NewSenders)
}

const fn begun(news: News, at: i64) -> Standing {
    match news {
        News::Sent | News::Welcome => inbox(at),
        News::FirstTime => Standing { place: StoredPlace::NewSenders, ..inbox(at) },
        News::Unwanted => Standing { place: StoredPlace::Bin, binned_at: Some(at), ..inbox(at) },
        News::Kept(kept) => kept_alone(kept, at),
    }
}

const fn kept_alone(kept: Kept, at: i64) -> Standing {
    let binned_at = match kept.place {
        StoredPlace::Bin | StoredPlace::Spam => Some(kept.now),
        _ => None,
    };
    Standing { place: kept.place, binned_at, ..inbox(at) }
}

const fn inbox(at: i64) -> Standing {
    let place = StoredPlace::Inbox;
    Standing { place, binned_at: None, snoozed_until: None, listed_at: at, returned: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::{StoredDirection, StoredKind, StoredProtection, StoredProtocol};
    use StoredPlace::{Archive, Bin, Inbox, NewSenders, Snoozed, Spam};

    fn conversation(place: StoredPlace, muted: bool) -> ConversationRecord {
        ConversationRecord {
            kind: StoredKind::Direct,
            place,
            binned_at: matches!(place, Bin | Spam).then_some(5),
            snoozed_until: (place == Snoozed).then_some(50),
            returned: false,
            listed_at: 5,
            pinned: false,
            muted,
            labels: Vec::new(),
            protocol: StoredProtocol::Email,
            identity: [0; 16],
            latest_message: [0; 16],
            latest_at: 5,
            latest_direction: StoredDirection::Received,
            message_count: 1,
            unread_count: 0,
            importance: 0,
            privacy: (0, false),
            suspicious: false,
            has_attachment: false,
            protection: StoredProtection::None,
            title: None,
            headline: Vec::new(),
        }
    }

    fn check(before: StoredPlace, news: News, expected: (StoredPlace, i64)) {
        let found = after(Some(&conversation(before, false)), news, 9);
        assert_eq!((found.place, found.listed_at), expected, "{before:?} {news:?}");
        assert_eq!(found.snoozed_until.is_some(), found.place == Snoozed, "{before:?} {news:?}");
        assert_eq!(found.binned_at.is_some(), matches!(found.place, Bin | Spam), "{before:?} {news:?}");
    }

    #[test]
    fn mail_that_comes_is_in_front_of_the_user() {
        for place in [Inbox, Archive, Bin, Snoozed, NewSenders] {
            check(place, News::Welcome, (Inbox, 9));
        }
        assert_eq!(after(None, News::Welcome, 9).place, Inbox);
    }

    #[test]
    fn the_users_own_words_move_only_what_was_hidden_from_sight() {
        for (place, stands) in [(Inbox, Inbox), (Archive, Archive), (Snoozed, Snoozed)] {
            check(place, News::Sent, (stands, 9));
        }
        check(Bin, News::Sent, (Inbox, 9));
        check(Spam, News::Sent, (Inbox, 9));
        check(NewSenders, News::Sent, (Inbox, 9));
    }

    #[test]
    fn who_writes_for_the_first_time_waits_unless_the_conversation_was_let_in() {
        for (place, stands) in [(Inbox, Inbox), (Snoozed, Inbox), (Archive, NewSenders), (Bin, NewSenders)] {
            check(place, News::FirstTime, (stands, 9));
        }
        check(NewSenders, News::FirstTime, (NewSenders, 9));
        assert_eq!(after(None, News::FirstTime, 9).place, NewSenders);
    }

    #[test]
    fn what_is_spam_stays_spam_whoever_lets_it_in_and_is_kept_for_its_time() {
        for news in [News::Welcome, News::FirstTime, News::Unwanted] {
            check(Spam, news, (Spam, 5));
        }
        assert_eq!(after(Some(&conversation(Spam, false)), News::Welcome, 9).binned_at, Some(9));
    }

    #[test]
    fn what_is_unwanted_announces_nothing() {
        for place in [Inbox, Archive, Bin, Snoozed, NewSenders] {
            check(place, News::Unwanted, (place, 5));
        }
        let begun = after(None, News::Unwanted, 9);
        assert_eq!((begun.place, begun.binned_at), (Bin, Some(9)));
    }

    #[test]
    fn old_mail_shows_a_conversation_where_its_most_visible_message_was_kept() {
        let kept = |place| News::Kept(Kept { seen: true, flagged: false, place, now: 90 });
        for (before, came, stands) in [
            (Inbox, Bin, Inbox),
            (Archive, Inbox, Inbox),
            (Snoozed, Archive, Snoozed),
            (Bin, Archive, Archive),
            (Bin, Bin, Bin),
            (Spam, Bin, Spam),
            (Spam, Archive, Archive),
        ] {
            check(before, kept(came), (stands, 9));
        }
        let earlier = after(Some(&conversation(Inbox, false)), kept(Archive), 2);
        assert_eq!(earlier.listed_at, 5, "it is no news");
        assert_eq!(after(None, kept(Bin), 2).binned_at, Some(90), "it stays in the bin for its time");
    }

    #[test]
    fn what_is_muted_stays_where_it_is_and_is_kept() {
        for place in [Inbox, Archive, Snoozed] {
            let found = after(Some(&conversation(place, true)), News::Welcome, 9);
            assert_eq!((found.place, found.listed_at), (place, 5));
        }
        let binned = after(Some(&conversation(Bin, true)), News::Welcome, 9);
        assert_eq!((binned.place, binned.binned_at), (Bin, Some(9)));
        assert_eq!(after(Some(&conversation(Archive, true)), News::Sent, 9).listed_at, 9);
    }
}
