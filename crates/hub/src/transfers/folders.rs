//! What a folder of another program means here: a place, or a word that the user may want as a label. Pure.

use caliopen_model::Place;

const INBOX: [&str; 4] = ["inbox", "boîte de réception", "courrier entrant", "posta in arrivo"];
const ARCHIVE: [&str; 14] = [
    "archive",
    "archives",
    "archived",
    "archivio",
    "all mail",
    "all mail including spam and trash",
    "tous les messages",
    "tutti i messaggi",
    "sent",
    "sent items",
    "sent messages",
    "sent mail",
    "envoyés",
    "inviati",
];
const BIN: [&str; 8] = [
    "trash",
    "deleted",
    "deleted items",
    "deleted messages",
    "bin",
    "corbeille",
    "éléments supprimés",
    "cestino",
];
const SPAM: [&str; 7] =
    ["junk", "junk e-mail", "junk email", "spam", "bulk mail", "indésirables", "posta indesiderata"];
const DRAFTS: [&str; 3] = ["drafts", "brouillons", "bozze"];

/// Where a folder's messages go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Home {
    /// A folder that every mail program has.
    Known(Place),
    /// Messages that were never sent.
    Drafts,
    /// The user's own folder, or none.
    Own,
}

/// What a folder is, by its name in the languages of the application. The last of its levels counts.
pub(super) fn home(folder: &str) -> Home {
    let last = folder.rsplit(['/', '.']).next().unwrap_or(folder).trim().to_lowercase();
    let last = last.strip_prefix("[gmail]").unwrap_or(&last).trim_matches('/');
    let is = |names: &[&str]| names.contains(&last);
    if is(&INBOX) {
        Home::Known(Place::Inbox)
    } else if is(&ARCHIVE) {
        Home::Known(Place::Archive)
    } else if is(&BIN) {
        Home::Known(Place::Bin)
    } else if is(&SPAM) {
        Home::Known(Place::Spam)
    } else if is(&DRAFTS) {
        Home::Drafts
    } else {
        Home::Own
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folders_that_every_program_has_are_known_in_three_languages() {
        for (folder, expected) in [
            ("INBOX", Home::Known(Place::Inbox)),
            ("Posta in arrivo", Home::Known(Place::Inbox)),
            ("[Gmail]/Sent Mail", Home::Known(Place::Archive)),
            ("INBOX.Trash", Home::Known(Place::Bin)),
            ("Indésirables", Home::Known(Place::Spam)),
            ("Brouillons", Home::Drafts),
            ("Garden", Home::Own),
            ("Work/Paris", Home::Own),
        ] {
            assert_eq!(home(folder), expected, "{folder}");
        }
    }
}
