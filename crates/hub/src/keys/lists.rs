//! Rows of the lists: of each place in each order, and of each label.

use super::{key, newest_first, oldest_first, under};
use bytes::Bytes;
use caliopen_model::{ConversationId, LabelId, Place, Timestamp};
use std::ops::Range;

/// One of the orders that conversations are listed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    /// All of a place, newest first.
    Date,
    /// Those of a place with something unread, newest first.
    Unread,
    /// All of a place, those with something unread before the others.
    UnreadFirst,
    /// All of a place, most important first.
    Importance,
}

/// What a conversation's rows in the lists are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Listing {
    pub(crate) place: Place,
    /// Stands before the others.
    pub(crate) pinned: bool,
    pub(crate) is_unread: bool,
    pub(crate) importance: i8,
    /// When it was raised last.
    pub(crate) raised_at: Timestamp,
    /// What a place is ordered by, the newest first; of what is snoozed, what comes back first.
    pub(crate) at: Timestamp,
}

pub(crate) fn view(view: View, listing: &Listing, id: ConversationId) -> Bytes {
    let place = listing.place as u8;
    let (read, unpinned) = (u8::from(!listing.is_unread), u8::from(!listing.pinned));
    let rank: &[u8] = match view {
        View::Date => &[place, unpinned],
        View::Unread | View::UnreadFirst => &[place, read, unpinned],
        View::Importance => &[place, unpinned, (10 - listing.importance).unsigned_abs()],
    };
    key(view_kind(view), &[rank, &when(listing), id.as_bytes()])
}
pub(crate) fn view_of(view: View, place: Place) -> Range<Bytes> {
    let place = place as u8;
    let all: &[u8] = if view == View::Unread { &[place, 0] } else { &[place] };
    under(key(view_kind(view), &[all]))
}
const fn view_kind(view: View) -> u8 {
    match view {
        View::Date => b'v',
        View::Unread | View::UnreadFirst => b'u',
        View::Importance => b'x',
    }
}
const fn when(listing: &Listing) -> [u8; 8] {
    match listing.place {
        Place::Snoozed => oldest_first(listing.at),
        _ => newest_first(listing.at),
    }
}
/// A conversation among those of a label, newest first. Those in the bin, and spam, stand apart.
pub(crate) fn labelled(label: LabelId, listing: &Listing, id: ConversationId) -> Bytes {
    let apart = u8::from(listing.place.is_passing());
    key(b'b', &[label.as_bytes(), &[apart], &newest_first(listing.raised_at), id.as_bytes()])
}
/// Those that are neither in the bin nor spam.
pub(crate) fn labelled_of(label: LabelId) -> Range<Bytes> {
    under(key(b'b', &[label.as_bytes(), &[0]]))
}
pub(crate) fn labelled_anywhere(label: LabelId) -> Range<Bytes> {
    under(key(b'b', &[label.as_bytes()]))
}
pub(crate) fn label(id: LabelId) -> Bytes {
    key(b'n', &[id.as_bytes()])
}
pub(crate) fn labels() -> Range<Bytes> {
    under(key(b'n', &[]))
}
/// The conversation at the end of a view's key.
pub(crate) fn conversation_of_view(key: &[u8]) -> Option<ConversationId> {
    key.last_chunk::<16>().map(|bytes| ConversationId::from_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_conversation_comes_first_in_its_view() {
        let id = ConversationId::from_bytes([7; 16]);
        let at = |ms| view(View::Date, &Listing { at: Timestamp::from_unix_ms(ms), ..listing() }, id);
        assert!(at(2_000) < at(1_000));
        assert!(at(0) < at(-1));
        assert!(view_of(View::Date, Place::Inbox).contains(&at(5)));
        assert_eq!(conversation_of_view(&at(5)), Some(id));
    }

    #[test]
    fn the_most_important_conversation_comes_first_in_its_view() {
        let id = ConversationId::from_bytes([7; 16]);
        let at = |importance| view(View::Importance, &Listing { importance, ..listing() }, id);
        assert!(at(10) < at(0) && at(0) < at(-10));
    }

    #[test]
    fn what_is_pinned_comes_first_and_what_is_snoozed_in_the_order_of_its_return() {
        let id = ConversationId::from_bytes([7; 16]);
        let old = Timestamp::from_unix_ms(1);
        let pinned = Listing { pinned: true, at: old, ..listing() };
        let unread = Listing { is_unread: true, at: old, ..listing() };
        assert!(view(View::Date, &pinned, id) < view(View::Date, &listing(), id));
        assert!(view(View::Importance, &pinned, id) < view(View::Importance, &listing(), id));
        assert!(view(View::UnreadFirst, &unread, id) < view(View::UnreadFirst, &pinned, id));
        let snoozed = |ms| Listing { place: Place::Snoozed, at: Timestamp::from_unix_ms(ms), ..listing() };
        assert!(view(View::Date, &snoozed(1), id) < view(View::Date, &snoozed(2), id));
    }

    #[test]
    fn the_unread_ones_are_the_beginning_of_the_list_that_they_come_first_in() {
        let id = ConversationId::from_bytes([7; 16]);
        let (unread, read) = (Listing { is_unread: true, ..listing() }, listing());
        let range = view_of(View::Unread, Place::Inbox);
        assert!(range.contains(&view(View::Unread, &unread, id)));
        assert!(!range.contains(&view(View::Unread, &read, id)));
        assert!(view_of(View::UnreadFirst, Place::Inbox).contains(&view(View::UnreadFirst, &read, id)));
    }

    fn listing() -> Listing {
        let at = Timestamp::from_unix_ms(9);
        Listing { place: Place::Inbox, pinned: false, is_unread: false, importance: 0, raised_at: at, at }
    }
}
