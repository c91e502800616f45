//! What a file is: by its first bytes, and by its name where they do not say.

use super::marks;
use caliopen_model::Marks;

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sort {
    Tar,
    Zip,
    Gzip,
    Leaf(Kind),
    /// Other programs keep it beside their mail: it holds none.
    Nothing,
    /// Nobody here knows it.
    Strange,
}

/// A file that holds messages or cards itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Mbox,
    /// One message, with what its name says of it.
    Message(Marks),
    /// Cards, or what an archive of ours says beside its messages.
    Note,
}

/// Files that mail programs keep beside their mail, by the end of their names.
const BESIDE_MAIL: [&str; 14] = [
    ".msf",
    ".dat",
    "maildirsize",
    "maildirfolder",
    "subscriptions",
    "courierimapuiddb",
    "courierimapsubscribed",
    "dovecot-keywords",
    "dovecot-uidlist",
    "dovecot-uidvalidity",
    "dovecot.index",
    "dovecot.index.cache",
    "dovecot.index.log",
    ".ds_store",
];

/// A file on its own.
pub(super) fn of_file(name: &str, first: &[u8]) -> Sort {
    if first.starts_with(b"PK\x03\x04") || first.starts_with(b"PK\x05\x06") {
        Sort::Zip
    } else if first.starts_with(&[0x1F, 0x8B, 8]) {
        Sort::Gzip
    } else if first.get(257..262) == Some(b"ustar") {
        Sort::Tar
    } else {
        of_entry(name, first)
    }
}

/// A file in an archive. Archives inside archives are not opened: nothing bounds how deep they go.
pub(super) fn of_entry(path: &str, first: &[u8]) -> Sort {
    let lower = path.to_lowercase();
    let maildir = maildir(path);
    if first.starts_with(b"From ") {
        Sort::Leaf(Kind::Mbox)
    } else if let Some((folder, file)) = maildir {
        Sort::Leaf(Kind::Message(marks::of_maildir(folder, file)))
    } else if is_card(first) || lower.ends_with(".json") {
        Sort::Leaf(Kind::Note)
    } else if lower.ends_with(".eml") {
        Sort::Leaf(Kind::Message(Marks::default()))
    } else if lower.ends_with(".mbox") || lower.ends_with(".mbx") {
        Sort::Leaf(Kind::Mbox)
    } else if BESIDE_MAIL.iter().any(|end| lower.ends_with(end)) || is_uid_note(&lower) {
        Sort::Nothing
    } else if is_field(first) {
        Sort::Leaf(Kind::Message(Marks::default()))
    } else {
        Sort::Strange
    }
}

fn is_card(first: &[u8]) -> bool {
    first.get(..11).is_some_and(|start| start.eq_ignore_ascii_case(b"BEGIN:VCARD"))
}

fn is_uid_note(lower: &str) -> bool {
    lower.rsplit('/').next().is_some_and(|name| name.starts_with("dovecot"))
}

/// Whether the bytes begin as a header does: a name of RFC 5322 §2.2, then a colon.
pub(super) fn is_field(first: &[u8]) -> bool {
    let name = first.iter().take(80).take_while(|byte| byte.is_ascii_graphic() && **byte != b':').count();
    let rest = first.get(name..).unwrap_or_default();
    let colon = rest.iter().find(|byte| !matches!(byte, b' ' | b'\t'));
    name > 0 && name < 80 && colon == Some(&b':')
}

/// The folder of a Maildir that a file is in (`cur` or `new`), and the file's own name.
fn maildir(path: &str) -> Option<(&str, &str)> {
    let mut parts = path.rsplit('/');
    let (file, folder) = (parts.next()?, parts.next()?);
    (folder == "cur" || folder == "new").then_some((folder, file))
}

/// The folder of mail that a path names: `.Work.Paris/cur/1:2,S` → `Work/Paris`, `Takeout/Inbox.mbox` → `Inbox`.
pub(super) fn folder_of(path: &str, kind: &Kind) -> Option<String> {
    let name = match (kind, maildir(path)) {
        (Kind::Message(_), Some((folder, file))) => {
            let rest = path.strip_suffix(file)?.strip_suffix('/')?.strip_suffix(folder)?;
            let last = rest.trim_end_matches('/').rsplit('/').next()?;
            match last.strip_prefix('.') {
                Some(sub) => sub.replace('.', "/"),
                // The Maildir itself is the inbox.
                None => "INBOX".to_owned(),
            }
        }
        (Kind::Mbox, _) => {
            let last = path.rsplit('/').next()?;
            let stem = [".mbox", ".mbx", ".mbox.gz", ".gz"].iter().find_map(|end| last.strip_suffix(end));
            match stem.unwrap_or(last) {
                // Apple Mail: a folder `Name.mbox` with a file `mbox` in it.
                "mbox" => path.rsplit('/').nth(1)?.trim_end_matches(".mbox").to_owned(),
                stem => stem.to_owned(),
            }
        }
        (Kind::Message(_), None) => path.rsplit('/').nth(1)?.to_owned(),
        (Kind::Note, _) => return None,
    };
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_first_bytes_or_its_name() {
        let message = Sort::Leaf(Kind::Message(Marks::default()));
        for (name, first, expected) in [
            ("x", "From ana@example.org Thu Jan  1 00:00:10 1970\n", Sort::Leaf(Kind::Mbox)),
            ("x", "Received: from a\n", message.clone()),
            ("x.eml", "\nno header", message),
            ("broken.mbox", "\0\0\0\0", Sort::Leaf(Kind::Mbox)),
            ("x.vcf", "begin:vcard\r\n", Sort::Leaf(Kind::Note)),
            ("x", "<html>", Sort::Strange),
            ("a/Inbox.msf", "// <!-- <mdb:mork", Sort::Nothing),
            ("x", "PK\x03\x04", Sort::Zip),
        ] {
            assert_eq!(of_file(name, first.as_bytes()), expected, "{name}: {first}");
        }
        assert_eq!(of_file("x", &[0x1F, 0x8B, 8, 0]), Sort::Gzip);
    }

    #[test]
    fn a_path_names_its_folder() {
        let message = Kind::Message(Marks::default());
        for (path, kind, expected) in [
            ("Maildir/.Work.Paris/cur/1:2,S", &message, Some("Work/Paris")),
            ("Maildir/new/1", &message, Some("INBOX")),
            ("Takeout/Mail/Inbox.mbox", &Kind::Mbox, Some("Inbox")),
            ("Sent.mbox/mbox", &Kind::Mbox, Some("Sent")),
            ("Inbox.mbox.gz", &Kind::Mbox, Some("Inbox")),
            ("garden/1.eml", &message, Some("garden")),
            ("1.eml", &message, None),
        ] {
            assert_eq!(folder_of(path, kind).as_deref(), expected, "{path}");
        }
    }
}
