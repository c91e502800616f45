//! `format=flowed` as it leaves (RFC 3676): paragraphs broken softly, so that narrow screens wrap them anew
//! and old programs still show short lines. The reading side is `text::flowed`.

/// Columns of a line with a soft break, its space included (RFC 3676 §4.2).
const COLUMNS_MAX: usize = 76;
/// Columns that a deep quotation still has for its text.
const COLUMNS_MIN: usize = 20;
/// RFC 3676 §4.3: what stands between a text and its signature. Its space at the end is no soft break.
const SIGNATURE_SEPARATOR: &str = "-- ";

/// The body of a text with `\n` line ends: CRLF after every line, soft breaks, stuffed spaces.
///
/// Lines that begin with `>` are quotations: their depth is kept, and repeated on each line that they take.
pub(super) fn compose(text: &str) -> String {
    let text = plain(text);
    let mut out = String::with_capacity(text.len() + text.len() / 16 + 2);
    for line in text.strip_suffix('\n').unwrap_or(&text).split('\n') {
        let (depth, content) = quotation(line);
        write_line(depth, content, &mut out);
    }
    out
}

/// One kind of line end, and no control character that a screen could obey.
pub(super) fn plain(text: &str) -> String {
    let text = text.trim_start_matches('\u{FEFF}').replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|&c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// How deep a line quotes, and what it quotes. `> > a` is written `>> a` (RFC 3676 §4.5).
fn quotation(line: &str) -> (usize, &str) {
    let (mut depth, mut rest) = (0, line);
    while let Some(inner) = rest.strip_prefix('>').or_else(|| rest.strip_prefix(" >").filter(|_| depth > 0)) {
        depth += 1;
        rest = inner;
    }
    (depth, if depth > 0 { rest.strip_prefix(' ').unwrap_or(rest) } else { rest })
}

fn write_line(depth: usize, content: &str, out: &mut String) {
    let content = if content == SIGNATURE_SEPARATOR { content } else { content.trim_end() };
    let columns_max = COLUMNS_MAX.saturating_sub(depth + 1).max(COLUMNS_MIN);
    let mut rest = content;
    loop {
        let end = if content == SIGNATURE_SEPARATOR { rest.len() } else { soft_break(rest, columns_max) };
        let (piece, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        out.extend(std::iter::repeat_n('>', depth));
        if needs_space(depth, piece) {
            out.push(' ');
        }
        out.push_str(piece);
        out.push_str("\r\n");
        if after.is_empty() {
            return;
        }
        rest = after;
    }
}

/// Space-stuffing (RFC 3676 §4.4). After quote marks there is always a space, for people.
fn needs_space(depth: usize, piece: &str) -> bool {
    if depth > 0 {
        return !piece.is_empty();
    }
    piece.starts_with([' ', '>']) || piece.starts_with("From ")
}

/// Where the first line of this text ends: after the last space within its columns, else after the first
/// space beyond, since words are never broken; the whole when it is short.
fn soft_break(text: &str, columns_max: usize) -> usize {
    let mut end = None;
    for (column, (at, c)) in text.char_indices().enumerate() {
        if column >= columns_max && end.is_some() {
            break;
        }
        // A line that is the separator would begin a signature.
        if c == ' ' && text.get(..=at) != Some(SIGNATURE_SEPARATOR) {
            end = Some(at + 1);
        }
    }
    let short = text.chars().nth(columns_max).is_none();
    end.filter(|_| !short).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::flowed::unwrap;

    fn check(text: &str, expected: &str) {
        assert_eq!(compose(text).replace("\r\n", "\n"), expected, "{text:?}");
    }

    #[test]
    fn lines_are_written_as_rfc_3676_says() {
        check("one\ntwo", "one\ntwo\n");
        check("one\n", "one\n");
        check("", "\n");
        check("end  \t\nnext", "end\nnext\n");
        check(" indented\nFrom here\nFromage", "  indented\n From here\nFromage\n");
        check("> quoted\n>> deeper\n> > too\n>", "> quoted\n>> deeper\n>> too\n>\n");
        check("-- \nAna", "-- \nAna\n");
        check("> -- ", "> -- \n");
        check("a\r\nb\rc\u{1b}[0m\u{0}", "a\nb\nc[0m\n");
    }

    #[test]
    fn long_lines_are_broken_after_a_space() {
        let words = "1234567 ".repeat(20);
        let expected = format!("{}\n{}\n{}\n", "1234567 ".repeat(9), "1234567 ".repeat(9), "1234567 1234567");
        check(&words, &expected);
        let word = "x".repeat(100);
        check(&word, &format!("{word}\n"));
        check(&format!("{word} y"), &format!("{word} \ny\n"));
        check(&format!("a {word}"), &format!("a \n{word}\n"));
        check(&format!("{} > b", "x".repeat(75)), &format!("{} \n > b\n", "x".repeat(75)));
        check(&format!("-- {word} y"), &format!("-- {word} \ny\n"));
        let quoted = format!("> {}", "1234567 ".repeat(12));
        check(&quoted, &format!("> {}\n> {}\n", "1234567 ".repeat(9), "1234567 1234567 1234567"));
    }

    #[test]
    fn what_was_broken_is_joined_again() {
        let texts =
            ["a  b   c ".repeat(30), "é è à ".repeat(40), format!("> {}", "quoted words ".repeat(30))];
        for text in texts {
            let flowed = compose(&text).replace("\r\n", "\n");
            assert!(flowed.lines().all(|line| line.chars().count() <= COLUMNS_MAX), "{flowed}");
            assert_eq!(unwrap(&flowed, false).trim_end(), text.trim_end());
        }
    }
}
