//! The beginning of what a message says: one line, without quotations, signature and armour.

use super::quotes;
use crate::{
    clean,
    limits::{EXCERPT_CHARS_MAX, EXCERPT_SOURCE_BYTES_MAX},
    protection,
};

/// The excerpt of a text with `\n` line ends. A text that is all quotation gives its own beginning.
pub(crate) fn of(text: &str) -> String {
    let text = protection::without_armour(clean::cut(text, EXCERPT_SOURCE_BYTES_MAX));
    let mut quoted = quotes::ranges(&text).into_iter().peekable();
    let mut own: Vec<&str> = Vec::new();
    for (index, line) in (0u32..).zip(text.lines()).take_while(|(_, line)| *line != "-- " && *line != "--") {
        while quoted.next_if(|(_, end)| *end <= index).is_some() {}
        if quoted.peek().is_none_or(|(start, _)| *start > index) {
            own.push(line);
        }
    }
    let line = shorten(&own.join("\n"));
    if line.is_empty() { shorten(&text) } else { line }
}

fn shorten(text: &str) -> String {
    let line = clean::one_line(text, EXCERPT_CHARS_MAX + 1);
    if line.chars().count() <= EXCERPT_CHARS_MAX {
        return line;
    }
    let cut: String = line.chars().take(EXCERPT_CHARS_MAX).collect();
    match cut.rsplit_once(' ') {
        Some((words, _)) if words.len() > cut.len() / 2 => words.to_owned(),
        _ => cut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_what_the_sender_says() {
        assert_eq!(of("Hello,\n\n> old\n\nyes.\n-- \nAna"), "Hello, yes.");
        assert_eq!(of("> only\n> old"), "> only > old");
        assert_eq!(of(""), "");
        assert_eq!(of("On Mon, a@x.org wrote:\n> a\nNo."), "No.");
    }

    #[test]
    fn an_excerpt_is_short() {
        let long = of(&"word ".repeat(100));
        assert!(long.chars().count() <= EXCERPT_CHARS_MAX && long.ends_with("word"));
        assert_eq!(of(&"é".repeat(300)).chars().count(), EXCERPT_CHARS_MAX);
    }
}
