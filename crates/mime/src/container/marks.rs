//! What other programs write beside a message: fields of an mbox (`Status`, `X-Status`, `X-Mozilla-Status`,
//! `X-Gmail-Labels`), and the letters behind the name of a Maildir's file.

use caliopen_model::Marks;

/// Bytes of a header that are looked through.
const HEAD_BYTES_MAX: usize = 64 * 1024;

/// The marks of a message's header, and the folder that it names.
pub(super) fn of_header(raw: &[u8]) -> (Marks, Option<String>) {
    let (mut marks, mut folder) = (Marks::default(), None);
    let head = raw.get(..raw.len().min(HEAD_BYTES_MAX)).unwrap_or(raw);
    for line in head.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        let Some(colon) = line.iter().take(24).position(|byte| *byte == b':') else { continue };
        let (name, value) = line.split_at(colon);
        let Ok(value) = std::str::from_utf8(value.get(1..).unwrap_or_default()) else { continue };
        field(name, value.trim(), &mut marks, &mut folder);
    }
    (marks, folder)
}

fn field(name: &[u8], value: &str, marks: &mut Marks, folder: &mut Option<String>) {
    if name.eq_ignore_ascii_case(b"Status") {
        // `R` was read, `O` is old: it was seen in the list, and not opened.
        marks.seen = Some(value.contains('R'));
    } else if name.eq_ignore_ascii_case(b"X-Status") {
        marks.flagged |= value.contains('F');
        marks.deleted |= value.contains('D');
        marks.draft |= value.contains('T');
    } else if name.eq_ignore_ascii_case(b"X-Mozilla-Status") {
        let bits = u16::from_str_radix(value, 16).unwrap_or(1);
        marks.seen = Some(bits & 0x0001 != 0);
        marks.flagged |= bits & 0x0004 != 0;
        marks.deleted |= bits & 0x0008 != 0;
    } else if name.eq_ignore_ascii_case(b"X-Gmail-Labels") {
        labels(value, marks, folder);
    }
}

/// Labels of an export: words of state, and the folder among them.
fn labels(value: &str, marks: &mut Marks, folder: &mut Option<String>) {
    marks.seen = Some(true);
    for label in value.split(',').map(str::trim).filter(|label| !label.is_empty()) {
        match label.to_ascii_lowercase().as_str() {
            "unread" => marks.seen = Some(false),
            "opened" | "important" => {}
            "starred" => marks.flagged = true,
            "drafts" => marks.draft = true,
            "inbox" | "trash" | "spam" => *folder = Some(label.to_owned()),
            _ if label.starts_with("Category ") => {}
            _ => _ = folder.get_or_insert_with(|| label.to_owned()),
        }
    }
}

/// The marks behind `:2,` of a Maildir's file. One in `new` was not seen yet.
pub(super) fn of_maildir(folder: &str, file: &str) -> Marks {
    let letters = file.rsplit_once("2,").map_or("", |(_, letters)| letters);
    Marks {
        seen: Some(folder == "cur" && letters.contains('S')),
        flagged: letters.contains('F'),
        draft: letters.contains('D'),
        deleted: letters.contains('T'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, expected: Marks, folder: Option<&str>) {
        let raw = format!("{header}\nSubject: s\n\nStatus: of the body\n");
        assert_eq!(of_header(raw.as_bytes()), (expected, folder.map(str::to_owned)), "{header}");
    }

    #[test]
    fn what_programs_write_into_an_mbox_is_understood() {
        let seen = |seen| Marks { seen: Some(seen), ..Marks::default() };
        check("From: a", Marks::default(), None);
        check("Status: RO\r\nX-Status: F", Marks { flagged: true, ..seen(true) }, None);
        check("Status: O", seen(false), None);
        check("X-Status: AD", Marks { deleted: true, ..Marks::default() }, None);
        check("X-Mozilla-Status: 0005", Marks { flagged: true, ..seen(true) }, None);
        check("X-Mozilla-Status: 0009", Marks { deleted: true, ..seen(true) }, None);
        check("X-Gmail-Labels: Garden,Inbox,Unread", seen(false), Some("Inbox"));
        check("X-Gmail-Labels: Opened,Starred,Garden", Marks { flagged: true, ..seen(true) }, Some("Garden"));
    }

    #[test]
    fn the_letters_of_a_maildir_are_understood() {
        assert_eq!(of_maildir("new", "1.2.host").seen, Some(false));
        assert_eq!(of_maildir("cur", "1.2.host:2,").seen, Some(false));
        let all = of_maildir("cur", "1.2.host,S=10:2,DFRST");
        assert_eq!(all, Marks { seen: Some(true), flagged: true, draft: true, deleted: true });
    }
}
