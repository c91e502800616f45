//! `Content-Disposition: attachment` with a cleaned name (RFC 6266, RFC 8187).

use crate::limits::FILE_NAME_CHARS_MAX;
use axum::http::HeaderValue;
use std::fmt::Write as _;

/// The header for a file of this name. Both forms are given: an ASCII one for old programs, UTF-8 for the others.
pub(super) fn attachment(name: &str) -> HeaderValue {
    let name = clean(name);
    let mut line = String::from("attachment; filename=\"");
    line.extend(name.chars().map(|letter| if is_plain(letter) { letter } else { '_' }));
    line.push_str("\"; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            line.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(line, "%{byte:02X}");
        }
    }
    HeaderValue::from_str(&line).unwrap_or(HeaderValue::from_static("attachment"))
}

/// Letters that need no quoting, nor mislead programs that unescape a quoted name (RFC 6266 appendix D).
fn is_plain(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || " -._()+,=@".contains(letter)
}

/// A name without folders, control characters and direction overrides, that no system hides or runs specially.
fn clean(name: &str) -> String {
    let safe = |letter: char| match letter {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        other => other,
    };
    let kept = name.chars().filter(|letter| !letter.is_control() && !is_invisible(*letter)).map(safe);
    let kept: String = kept.take(FILE_NAME_CHARS_MAX).collect();
    let kept = kept.trim_matches(|letter: char| letter == '.' || letter.is_whitespace());
    if kept.is_empty() { "file".to_owned() } else { kept.to_owned() }
}

/// Direction marks and overrides, and marks without a width: they make one name look like another.
const fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{061C}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: &str) {
        assert_eq!(attachment(name).to_str().unwrap(), expected, "{name:?}");
    }

    #[test]
    fn names_are_cleaned_and_written_twice() {
        check("photo.png", "attachment; filename=\"photo.png\"; filename*=UTF-8''photo.png");
        check("été.pdf", "attachment; filename=\"_t_.pdf\"; filename*=UTF-8''%C3%A9t%C3%A9.pdf");
        check("../../etc/passwd", "attachment; filename=\"_.._etc_passwd\"; filename*=UTF-8''_.._etc_passwd");
        check(
            "a\"; x=\r\nSet-Cookie: b",
            "attachment; filename=\"a__ x=Set-Cookie_ b\"; filename*=UTF-8''a_%3B%20x%3DSet-Cookie_%20b",
        );
        check(
            "annexe\u{202e}fdp.exe",
            "attachment; filename=\"annexefdp.exe\"; filename*=UTF-8''annexefdp.exe",
        );
        check(".htaccess", "attachment; filename=\"htaccess\"; filename*=UTF-8''htaccess");
        check("100%.txt", "attachment; filename=\"100_.txt\"; filename*=UTF-8''100%25.txt");
        check(" . ", "attachment; filename=\"file\"; filename*=UTF-8''file");
    }

    #[test]
    fn a_name_is_never_longer_than_its_limit() {
        assert_eq!(clean(&"é".repeat(10_000)).chars().count(), FILE_NAME_CHARS_MAX);
    }
}
