//! HTML cut into tags and text (HTML Living Standard §13.2.5), leniently and in linear time.
//!
//! This need not agree with a browser on hostile input: what comes out is written again from tokens, with
//! every `<` of a text escaped, so that a disagreement can only lose content.

use super::entities;

/// Longest name of an element or attribute that is told from others.
const NAME_BYTES_MAX: usize = 32;

/// One piece of a document.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// Text as it stands, character references not decoded.
    Text(&'a str),
    /// A start tag.
    Start(Tag<'a>),
    /// An end tag, its name in lower case.
    End(String),
    /// The content of an element whose content is no markup: its name, and the raw text.
    Raw(&'static str, &'a str),
}

/// A start tag.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tag<'a> {
    /// In lower case; empty when it is longer than any known name.
    pub(crate) name: String,
    attributes: Vec<(&'static str, &'a str)>,
}

impl Tag<'_> {
    /// The decoded value of an attribute, if it is one that this room looks at.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        let (_, value) = self.attributes.iter().find(|(key, _)| *key == name)?;
        Some(entities::decode(value, true))
    }

    /// Whether the attribute is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|(key, _)| *key == name)
    }
}

/// The attributes that anybody looks at, in order; the others are not kept, however many there are.
const ATTRIBUTES: &[&str] = &[
    "align",
    "alt",
    "background",
    "bgcolor",
    "border",
    "bordercolor",
    "cellpadding",
    "cellspacing",
    "class",
    "color",
    "colspan",
    "data",
    "data-cid",
    "data-mismatch",
    "data-remote",
    "datetime",
    "dir",
    "face",
    "height",
    "href",
    "hspace",
    "http-equiv",
    "id",
    "imagesrcset",
    "lang",
    "nowrap",
    "open",
    "poster",
    "reversed",
    "rowspan",
    "scope",
    "size",
    "span",
    "src",
    "srcset",
    "start",
    "style",
    "title",
    "type",
    "valign",
    "value",
    "vspace",
    "width",
    "xlink:href",
];

/// Elements whose content is no markup (§13.1.2, raw text and escapable raw text).
const RAW_ELEMENTS: [&str; 9] =
    ["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "plaintext"];

/// Whether the content of this element is no markup, and is given as one token.
pub(crate) fn is_raw(name: &str) -> bool {
    RAW_ELEMENTS.contains(&name)
}

/// Cuts a document into tokens.
pub(crate) struct Tokens<'a> {
    rest: &'a str,
    raw: Option<&'static str>,
}

impl<'a> Tokens<'a> {
    /// The tokens of a document or a piece of one.
    pub(crate) fn new(html: &'a str) -> Self {
        Self { rest: html, raw: None }
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// Moves past the first `wanted`, or to the end.
    fn skip_past(&mut self, wanted: &str) {
        let end = self.rest.find(wanted).map_or(self.rest.len(), |at| at + wanted.len());
        self.take(end);
    }

    /// Text up to the next `<` that begins something.
    fn text(&mut self) -> Token<'a> {
        let mut end = self.rest.len();
        for (at, _) in self.rest.match_indices('<') {
            let next = self.rest.as_bytes().get(at + 1).copied().unwrap_or_default();
            if next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?') {
                end = at;
                break;
            }
        }
        Token::Text(self.take(end))
    }

    /// A comment, a declaration or a processing instruction: skipped.
    fn skip_declaration(&mut self) {
        if self.rest.starts_with("<!--") {
            self.take("<!--".len());
            if self.rest.starts_with('>') || self.rest.starts_with("->") {
                self.skip_past(">");
                return;
            }
            let end = self.rest.match_indices("--").find_map(|(at, _)| {
                let tail = self.rest.as_bytes().get(at + 2..).unwrap_or_default();
                let closing = [b">".as_slice(), b"!>", b"->", b"-!>"].into_iter();
                closing.filter(|end| tail.starts_with(end)).map(|end| at + 2 + end.len()).next()
            });
            self.take(end.unwrap_or(self.rest.len()));
        } else {
            self.skip_past(">");
        }
    }

    fn name(&mut self) -> String {
        let end = self
            .rest
            .find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>')
            .unwrap_or(self.rest.len());
        let name = self.take(end);
        if name.len() > NAME_BYTES_MAX { String::new() } else { name.to_ascii_lowercase() }
    }

    fn start(&mut self) -> Token<'a> {
        self.take("<".len());
        let name = self.name();
        let mut attributes: Vec<(&'static str, &'a str)> = Vec::new();
        while let Some((name, value)) = self.attribute() {
            let lower = if name.len() > NAME_BYTES_MAX { String::new() } else { name.to_ascii_lowercase() };
            let known =
                ATTRIBUTES.binary_search(&lower.as_str()).ok().and_then(|index| ATTRIBUTES.get(index));
            // The first of two attributes of one name counts (§13.2.5.33).
            if let Some(known) = known.filter(|known| !attributes.iter().any(|(key, _)| key == *known)) {
                attributes.push((known, value));
            }
        }
        self.raw = RAW_ELEMENTS.into_iter().find(|raw| *raw == name);
        Token::Start(Tag { name, attributes })
    }

    /// The next attribute of the open tag, or the end of the tag.
    fn attribute(&mut self) -> Option<(&'a str, &'a str)> {
        self.rest = self.rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if self.rest.is_empty() {
            return None;
        }
        if self.rest.starts_with('>') {
            self.take(1);
            return None;
        }
        // A name may begin with `=`, and then goes on to the next one (§13.2.5.32).
        let mut skip_first = self.rest.starts_with('=');
        let ends = |c: char| {
            let first = std::mem::take(&mut skip_first);
            c.is_ascii_whitespace() || c == '/' || c == '>' || (c == '=' && !first)
        };
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        let name = self.take(end);
        let after = self.rest.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let Some(after) = after.strip_prefix('=') else { return Some((name, "")) };
        self.rest = after.trim_start_matches(|c: char| c.is_ascii_whitespace());
        Some((name, self.value()))
    }

    fn value(&mut self) -> &'a str {
        for quote in ['"', '\''] {
            if self.rest.starts_with(quote) {
                self.take(1);
                let end = self.rest.find(quote).unwrap_or(self.rest.len());
                let value = self.take(end);
                self.take(1);
                return value;
            }
        }
        let end = self.rest.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(self.rest.len());
        self.take(end)
    }

    fn end(&mut self) -> Token<'a> {
        self.take("</".len());
        let name = self.name();
        while self.attribute().is_some() {}
        Token::End(name)
    }

    /// The raw text of `element`, up to its end tag.
    fn raw(&mut self, element: &'static str) -> Token<'a> {
        let ends = self.rest.match_indices("</").find(|(at, _)| {
            let tail = self.rest.as_bytes().get(at + 2..).unwrap_or_default();
            let (name, after) = tail.split_at_checked(element.len()).unwrap_or_default();
            name.eq_ignore_ascii_case(element.as_bytes())
                && after.first().is_none_or(|byte| byte.is_ascii_whitespace() || b"/>".contains(byte))
        });
        let end = ends.filter(|_| element != "plaintext").map_or(self.rest.len(), |(at, _)| at);
        Token::Raw(element, self.take(end))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(element) = self.raw.take() {
            return Some(self.raw(element));
        }
        while !self.rest.is_empty() {
            let mut bytes = self.rest.bytes();
            match (bytes.next(), bytes.next(), bytes.next()) {
                (Some(b'<'), Some(next), _) if next.is_ascii_alphabetic() => return Some(self.start()),
                (Some(b'<'), Some(b'/'), Some(next)) if next.is_ascii_alphabetic() => {
                    return Some(self.end());
                }
                (Some(b'<'), Some(b'!' | b'?'), _) => self.skip_declaration(),
                // `</` before anything but a letter begins a bogus comment (§13.2.5.7).
                (Some(b'<'), Some(b'/'), Some(_)) => self.skip_past(">"),
                (Some(b'<'), Some(b'/'), None) => return Some(Token::Text(self.take(2))),
                _ => return Some(self.text()),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &str) {
        let words = Tokens::new(html).map(|token| match token {
            Token::Text(text) => format!("[{text}]"),
            Token::Start(tag) => {
                let attributes = tag.attributes.iter().map(|(name, value)| format!(" {name}={value}"));
                format!("<{}{}>", tag.name, attributes.collect::<String>())
            }
            Token::End(name) => format!("</{name}>"),
            Token::Raw(name, text) => format!("{name}({text})"),
        });
        assert_eq!(words.collect::<String>(), expected, "{html}");
    }

    #[test]
    fn the_attributes_are_in_order() {
        assert!(ATTRIBUTES.is_sorted_by(|before, after| before < after));
    }

    #[test]
    fn tags_are_told_from_text() {
        check("a<b>c</b >d", "[a]<b>[c]</b>[d]");
        check("1 < 2 <3", "[1 < 2 <3]");
        check("<IMG SRC=x onerror=y alt='a b'/>z", "<img src=x alt=a b>[z]");
        check("<a href = \"x\" href=y title>", "<a href=x title=>");
        check("<a/href=x>", "<a href=x>");
        check("a<!-- <b> -->c<!-->d<!--->e<!-- x --!>f", "[a][c][d][e][f]");
        check("<!doctype html><?x?>a</ b>c", "[a][c]");
        check("<style>a<b></style>c", "<style>style(a<b>)</style>[c]");
        check("<script><!-- <script> </script>a", "<script>script(<!-- <script> )</script>[a]");
        check("<title>a</titlex></TITLE\n>b", "<title>title(a</titlex>)</title>[b]");
        check("<a =href=x href=y>", "<a href=y>");
        check("<a href=\"x", "<a href=x>");
        check("<", "[<]");
        check("</", "[</]");
        check("<b", "<b>");
    }
}
