//! Names and subjects made fit to show: no control characters, no direction overrides, one line.

/// Characters that change the direction of the text around them (Unicode TR9 §2): with them a name shows
/// other than it is, or spills over what stands beside it.
pub(crate) fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}')
}

/// Characters that are not seen, and can hide in a name or an address.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{180E}' | '\u{2028}' | '\u{2029}')
}

/// One line without control, direction and invisible characters, runs of space made one, cut at `chars_max`.
pub(crate) fn one_line(text: &str, chars_max: usize) -> String {
    let mut line = String::with_capacity(text.len().min(chars_max.saturating_mul(4)));
    let mut kept = 0;
    let mut space = false;
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            space = true;
        } else if !is_bidi_control(c) && !is_invisible(c) {
            let wanted = 1 + usize::from(space && kept > 0);
            if kept + wanted > chars_max {
                break;
            }
            if space && kept > 0 {
                line.push(' ');
            }
            line.push(c);
            kept += wanted;
            space = false;
        }
    }
    line
}

/// A file name without folders, control characters and direction overrides (RFC 2183 §2.3, §5), or nothing
/// when nothing is left. The end of an over-long name is kept, since it tells what the file is.
pub(crate) fn file_name(name: &str, chars_max: usize) -> Option<String> {
    let base = name.rsplit(['/', '\\']).find(|piece| !piece.trim().is_empty())?;
    let safe: String = base.chars().map(|c| if "<>:\"|?*".contains(c) { '_' } else { c }).collect();
    let line = one_line(&safe, usize::MAX);
    let trimmed = line.trim_matches(['.', ' ']);
    let (stem, extension) = match trimmed.rsplit_once('.') {
        Some((stem, extension)) if extension.chars().count() <= 16 => (stem, Some(extension)),
        _ => (trimmed, None),
    };
    let extension_chars = extension.map_or(0, |extension| extension.chars().count() + 1);
    let stem: String = stem.chars().take(chars_max.saturating_sub(extension_chars)).collect();
    let whole = extension.map_or(stem.clone(), |extension| format!("{stem}.{extension}"));
    (!whole.is_empty()).then_some(whole)
}

/// At most `bytes_max` bytes of text, cut between two characters.
pub(crate) fn cut(text: &str, bytes_max: usize) -> &str {
    let mut end = bytes_max.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_holds_nothing_that_hides_or_turns() {
        assert_eq!(one_line(" a\r\n\tb\u{0}c ", 10), "a b c");
        assert_eq!(one_line("pay\u{202E}lap\u{200B}", 10), "paylap");
        assert_eq!(one_line("éééé", 3), "ééé");
        assert_eq!(one_line("ab cd", 3), "ab");
    }

    #[test]
    fn a_file_name_names_no_folder() {
        let check = |name: &str, expected: Option<&str>| {
            assert_eq!(file_name(name, 12).as_deref(), expected, "{name:?}");
        };
        check("../../etc/passwd", Some("passwd"));
        check("C:\\boot\\a.txt", Some("a.txt"));
        check("invoice\u{202E}fdp.exe", Some("invoicef.exe"));
        check("a\r\nb.txt", Some("a b.txt"));
        check("a-very-long-name.tar", Some("a-very-l.tar"));
        check("..", None);
        check("/", None);
        check("", None);
        check("a:b?.txt", Some("a_b_.txt"));
    }
}
