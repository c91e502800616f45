//! Plain text: flowed paragraphs, quotations, excerpts.

pub(crate) mod excerpt;
pub(crate) mod flowed;
pub(crate) mod quotes;

/// Text with `\n` line ends and without control characters that a screen could obey.
pub(crate) fn normalise(text: &str) -> String {
    let mut lines = String::with_capacity(text.len());
    let mut after_cr = false;
    for c in text.chars() {
        match c {
            '\r' => lines.push('\n'),
            '\n' if after_cr => {}
            '\n' | '\t' => lines.push(c),
            _ if c.is_control() => lines.push('\u{FFFD}'),
            _ => lines.push(c),
        }
        after_cr = c == '\r';
    }
    lines
}

#[cfg(test)]
mod tests {
    #[test]
    fn line_ends_become_one() {
        assert_eq!(super::normalise("a\r\nb\rc\nd\u{1b}[0m\r\r\n"), "a\nb\nc\nd\u{FFFD}[0m\n\n");
    }
}
