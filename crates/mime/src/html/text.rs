//! HTML to the text that it shows, for search, excerpts and people who prefer text.
//!
//! Written over our own tokens and not over a renderer: time and memory are bounded by construction, and a
//! newsletter's layout tables give lines of text, not drawn boxes.

use super::{
    elements::{self, Treatment},
    entities,
    tokens::{self, Token, Tokens},
};
use crate::clean;

/// Quotations inside each other that are marked.
const QUOTE_DEPTH_MAX: usize = 20;

/// The text of a document, at most `bytes_max` of it; block quotations are marked with `> `.
pub(crate) fn text_of(html: &str, bytes_max: usize) -> String {
    let mut writer = Writer { bytes_max, ..Writer::default() };
    for token in Tokens::new(html) {
        writer.token(&token);
        if writer.text.len() >= bytes_max {
            break;
        }
    }
    clean::cut(writer.text.trim_end(), bytes_max).to_owned()
}

#[derive(Default)]
struct Writer {
    text: String,
    bytes_max: usize,
    dropping: Option<(String, usize)>,
    quotes: usize,
    preformatted: usize,
    /// Line ends that wait for the next word: 1 ends the line, 2 leaves an empty one.
    breaks: usize,
    space: bool,
}

impl Writer {
    fn token(&mut self, token: &Token<'_>) {
        match token {
            Token::Text(text) if self.dropping.is_none() => self.words(&entities::decode(text, false)),
            Token::Start(tag) => self.start(&tag.name, tag.attribute("alt")),
            Token::End(name) => self.end(name),
            Token::Text(_) | Token::Raw(..) => {}
        }
    }

    fn start(&mut self, name: &str, alt: Option<String>) {
        if let Some((dropped, depth)) = &mut self.dropping {
            *depth += usize::from(dropped == name);
            return;
        }
        if elements::treatment(name).0 == Treatment::Drop {
            if !tokens::is_raw(name) {
                self.dropping = Some((name.to_owned(), 1));
            }
            return;
        }
        self.break_before(name);
        match name {
            "br" => self.line_end(),
            "blockquote" => self.quotes = (self.quotes + 1).min(QUOTE_DEPTH_MAX),
            "pre" => self.preformatted += 1,
            "li" => self.words("- "),
            "img" => self.words(&alt.map(|alt| clean::one_line(&alt, 200)).unwrap_or_default()),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if let Some((dropped, depth)) = &mut self.dropping {
            *depth -= usize::from(dropped == name);
            if *depth == 0 {
                self.dropping = None;
            }
            return;
        }
        self.break_before(name);
        match name {
            "blockquote" => self.quotes = self.quotes.saturating_sub(1),
            "pre" => self.preformatted = self.preformatted.saturating_sub(1),
            "td" | "th" => self.space = true,
            _ => {}
        }
    }

    fn break_before(&mut self, name: &str) {
        let breaks = match name {
            "p" | "blockquote" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "pre" | "hr" => 2,
            "div" | "li" | "tr" | "table" | "dl" | "dt" | "dd" | "article" | "section" | "header"
            | "footer" | "address" | "center" | "figure" | "figcaption" | "caption" | "form" => 1,
            _ => 0,
        };
        self.breaks = self.breaks.max(breaks);
    }

    fn line_end(&mut self) {
        self.breaks = if self.breaks == 0 { 1 } else { 2 };
    }

    fn words(&mut self, text: &str) {
        for c in text.chars() {
            if self.text.len() >= self.bytes_max {
                return;
            }
            if self.preformatted > 0 && c == '\n' {
                self.line_end();
            } else if c.is_whitespace() {
                self.space = true;
            } else if !c.is_control() && !clean::is_invisible(c) {
                self.flush();
                self.text.push(c);
            }
        }
    }

    /// Writes the line ends, quote marks or the space that stand before the next word.
    fn flush(&mut self) {
        let fresh = self.text.is_empty();
        let breaks = if fresh { 0 } else { self.breaks };
        let mark = if self.quotes > 0 { format!("{} ", ">".repeat(self.quotes)) } else { String::new() };
        if breaks > 0 {
            self.text.push('\n');
            if breaks > 1 {
                self.text.push_str(mark.trim_end());
                self.text.push('\n');
            }
        }
        if breaks > 0 || fresh {
            self.text.push_str(&mark);
        } else if self.space {
            self.text.push(' ');
        }
        (self.breaks, self.space) = (0, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_becomes_the_text_that_it_shows() {
        let check = |html: &str, expected: &str| assert_eq!(text_of(html, 1_000), expected, "{html}");
        check("<p>Hello <b>you</b></p><p>Bye&nbsp;now</p>", "Hello you\n\nBye now");
        check("a<br>b<br><br>c", "a\nb\n\nc");
        check("<style>x{}</style><title>t</title><script>y</script>z", "z");
        check("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc");
        check("<ul><li>a<li>b</ul>", "- a\n- b");
        check("yes<blockquote>old<br>text</blockquote>no", "yes\n>\n> old\n> text\n\nno");
        check("<img alt='A cat'>", "A cat");
        check("<!-- hidden -->seen", "seen");
        check("<svg><text>no</text></svg>yes", "yes");
        check("", "");
    }

    #[test]
    fn the_text_is_bounded() {
        assert_eq!(text_of(&"é".repeat(100), 11).len(), 10);
    }
}
