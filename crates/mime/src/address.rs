//! Address lists (RFC 5322 §3.4, obsolete forms included): who a message says it is from and to.
//!
//! Ours and not the vendor's, because what is shown here is what people trust: an encoded word is decoded
//! in a display name only, never inside an address, and what stands between `<` and `>` is the address
//! whatever stands before it.

use crate::{
    clean,
    defects::Defects,
    limits::{ADDRESSES_MAX, NAME_CHARS_MAX},
    vendor,
};
use caliopen_model::{EmailAddress, Handle, Participant, Protocol};

/// Comments inside each other that are told apart.
const COMMENT_DEPTH_MAX: u32 = 16;
/// Bytes of an ill-formed address that are kept.
const ADDRESS_BYTES_MAX: usize = 320;

/// The people of one field's value, in order. Groups are opened (RFC 5322 §3.4), their names dropped.
pub(crate) fn list(value: &str, defects: &mut Defects) -> Vec<Participant> {
    let mut reader = Reader { rest: value, entry: Entry::default(), people: Vec::new(), defects };
    reader.run();
    reader.people
}

/// One run of characters of a phrase or an address that no separator divides.
#[derive(Debug)]
struct Word {
    text: String,
    /// It may hold an address: not an encoded word, not quoted.
    plain: bool,
    /// Nothing stands between it and the word before.
    glued: bool,
}

/// What was read since the last separator.
#[derive(Debug, Default)]
struct Entry {
    words: Vec<Word>,
    angle: Option<String>,
    comment: String,
}

struct Reader<'a, 'd> {
    rest: &'a str,
    entry: Entry,
    people: Vec<Participant>,
    defects: &'d mut Defects,
}

impl Reader<'_, '_> {
    fn run(&mut self) {
        let mut glued = false;
        while let Some(c) = self.rest.chars().next() {
            if self.people.len() >= ADDRESSES_MAX {
                self.defects.add("address-limit", "more addresses than are kept");
                return;
            }
            let before = self.entry.words.len();
            match c {
                ' ' | '\t' => self.skip(1),
                ',' | ';' => {
                    self.skip(1);
                    self.finish();
                }
                ':' => {
                    self.skip(1);
                    self.entry = Entry::default();
                }
                '(' => self.comment(),
                '<' => self.angle(),
                '>' | ')' => self.skip(1),
                '"' => self.quoted(glued),
                _ => self.word(glued),
            }
            glued = self.entry.words.len() > before;
        }
        self.finish();
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    /// Takes the text up to the first character that `ends`, which is left.
    fn take_until(&mut self, ends: impl Fn(char) -> bool) -> String {
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        let taken = self.rest.get(..end).unwrap_or_default().to_owned();
        self.skip(end);
        taken
    }

    fn comment(&mut self) {
        let (mut depth, mut escaped, mut end) = (0u32, false, self.rest.len());
        let mut text = String::new();
        for (offset, c) in self.rest.char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' => {
                    escaped = true;
                    continue;
                }
                '(' => depth = (depth + 1).min(COMMENT_DEPTH_MAX),
                ')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                end = offset + 1;
                break;
            }
            text.push(c);
        }
        self.skip(end);
        if self.entry.comment.is_empty() {
            self.entry.comment = text.trim_start_matches('(').to_owned();
        }
    }

    fn quoted(&mut self, glued: bool) {
        let (mut text, mut escaped, mut end) = (String::new(), false, self.rest.len());
        for (offset, c) in self.rest.char_indices().skip(1) {
            match c {
                _ if escaped => escaped = false,
                '\\' => {
                    escaped = true;
                    continue;
                }
                '"' => {
                    end = offset + 1;
                    break;
                }
                _ => {}
            }
            text.push(c);
        }
        self.skip(end);
        self.entry.words.push(Word { text, plain: false, glued });
    }

    fn word(&mut self, glued: bool) {
        if let Some(length) = encoded_word_length(self.rest) {
            let text = self.rest.get(..length).unwrap_or_default().to_owned();
            self.skip(length);
            self.entry.words.push(Word { text, plain: false, glued });
            return;
        }
        let text = self.take_until(|c| " \t,;:()<>\"".contains(c));
        self.entry.words.push(Word { text, plain: true, glued });
    }

    /// What stands between `<` and `>`: route and folding white space dropped, a quoted local part kept.
    fn angle(&mut self) {
        self.skip(1);
        let (mut text, mut quoted, mut escaped, mut end) = (String::new(), false, false, self.rest.len());
        for (offset, c) in self.rest.char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' if quoted => escaped = true,
                '"' => quoted = !quoted,
                '>' if !quoted => {
                    end = offset + 1;
                    break;
                }
                ' ' | '\t' if !quoted => continue,
                _ => {}
            }
            text.push(c);
        }
        self.skip(end);
        // An obsolete route: `@relay,@relay:local@domain` (RFC 5322 §4.4).
        let address = match text.split_once(':') {
            Some((route, address)) if route.starts_with('@') => address.to_owned(),
            _ => text,
        };
        if self.entry.angle.is_some() {
            self.defects.add("bad-address", "an address is not well-formed");
        } else {
            self.entry.angle = Some(address);
        }
    }

    fn finish(&mut self) {
        let entry = std::mem::take(&mut self.entry);
        let (address, phrase) = match entry.angle {
            Some(address) => (address, phrase(&entry.words)),
            None => bare(entry.words),
        };
        let address: String = address.chars().filter(|c| !c.is_control()).collect();
        if address.is_empty() {
            if !phrase.is_empty() {
                self.defects.add("bad-address", "an address is not well-formed");
            }
            return;
        }
        let name = if phrase.trim().is_empty() { &entry.comment } else { &phrase };
        let name = clean::one_line(&vendor::decode_words(name, self.defects), NAME_CHARS_MAX);
        let handle = self.handle(&address);
        self.people.push(Participant { name: (!name.is_empty()).then_some(name), handle });
    }

    fn handle(&mut self, address: &str) -> Handle {
        if address.contains("=?") {
            self.defects.add("encoded-word-in-address", "an encoded word inside an address is left as it is");
        }
        if let Ok(address) = EmailAddress::parse(address) {
            return Handle::email(&address);
        }
        self.defects.add("bad-address", "an address is not well-formed");
        Handle::literal(Protocol::Email, clean::cut(address, ADDRESS_BYTES_MAX))
    }
}

/// The length of the encoded word (RFC 2047 §2) that `text` begins with. It is taken whole: real mail
/// writes commas and parentheses inside.
fn encoded_word_length(text: &str) -> Option<usize> {
    let inner = text.strip_prefix("=?")?;
    let mut pieces = inner.splitn(4, '?');
    let (charset, encoding, content, rest) = (pieces.next()?, pieces.next()?, pieces.next()?, pieces.next()?);
    let token = |piece: &str| !piece.is_empty() && !piece.contains([' ', '\t', '<', '>', '"']);
    let known = encoding.eq_ignore_ascii_case("q") || encoding.eq_ignore_ascii_case("b");
    let whole = token(charset) && known && !content.contains([' ', '\t']) && rest.starts_with('=');
    whole.then(|| "=?".len() + charset.len() + encoding.len() + content.len() + "???=".len())
}

/// The words of a phrase, one space where the sender wrote any.
fn phrase(words: &[Word]) -> String {
    let mut text = String::new();
    for word in words {
        if !word.glued && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&word.text);
    }
    text
}

/// An address without angle brackets: the last unit that holds an `@`; what stands before it is its name.
fn bare(words: Vec<Word>) -> (String, String) {
    let mut units: Vec<(String, bool)> = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let at = word.plain && word.text.contains('@');
        // A quoted local part keeps its quotes: `"a b"@example.org`.
        let quotes = !word.plain && !word.text.starts_with("=?");
        let followed = words.get(index + 1).is_some_and(|next| next.glued && next.text.starts_with('@'));
        let text = if quotes && followed { requoted(&word.text) } else { word.text.clone() };
        match units.last_mut() {
            Some((unit, unit_at)) if word.glued => {
                unit.push_str(&text);
                *unit_at |= at;
            }
            _ => units.push((text, at)),
        }
    }
    let Some(position) = units.iter().rposition(|(_, at)| *at) else {
        return (String::new(), phrase(&words));
    };
    let (address, _) = units.remove(position);
    let name: Vec<String> = units.into_iter().map(|(text, _)| text).collect();
    (address, name.join(" "))
}

fn requoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &str, expected: &[(&str, &str)]) {
        let people = list(value, &mut Defects::default());
        let found: Vec<(&str, &str)> = people
            .iter()
            .map(|person| (person.name.as_deref().unwrap_or_default(), person.handle.address()))
            .collect();
        assert_eq!(found, expected, "{value}");
    }

    #[test]
    fn the_forms_of_rfc_5322_are_read() {
        check("ana@example.org", &[("", "ana@example.org")]);
        check("Ana <ana@example.org>", &[("Ana", "ana@example.org")]);
        check("\"Ana, of Turin\" <ana@example.org>", &[("Ana, of Turin", "ana@example.org")]);
        check("\"An \\\"a\\\"\" <ana@example.org>", &[("An \"a\"", "ana@example.org")]);
        check("ana@example.org (Ana (of) Turin)", &[("Ana (of) Turin", "ana@example.org")]);
        check("a@x.org, B <b@x.org>,, c@x.org", &[("", "a@x.org"), ("B", "b@x.org"), ("", "c@x.org")]);
        check("Team: a@x.org, B <b@x.org>; c@x.org", &[("", "a@x.org"), ("B", "b@x.org"), ("", "c@x.org")]);
        check("undisclosed-recipients:;", &[]);
        check("\"a b\"@x.org", &[("", "\"a b\"@x.org")]);
        check("<\"a b\"@x.org>", &[("", "\"a b\"@x.org")]);
        check("Ana <@relay.org,@b.org:ana@x.org>", &[("Ana", "ana@x.org")]);
        check("Ana < ana @ x.org >", &[("Ana", "ana@x.org")]);
        check("josé@exämple.org", &[("", "josé@exämple.org")]);
    }

    #[test]
    fn encoded_words_are_decoded_in_names_and_nowhere_else() {
        check("=?utf-8?q?Jos=C3=A9?= <jose@x.org>", &[("José", "jose@x.org")]);
        check("=?utf-8?q?Doe,_J?= <j@x.org>", &[("Doe, J", "j@x.org")]);
        check("\"=?iso-8859-1?b?6Q==?=\" <e@x.org>", &[("é", "e@x.org")]);
        check("=?utf-8?q?a?= =?utf-8?q?b?= <e@x.org>", &[("ab", "e@x.org")]);
        let hidden = "=?utf-8?q?ceo=40bank.example?=@evil.example";
        check(hidden, &[("", hidden)]);
        check(&format!("<{hidden}>"), &[("", hidden)]);
        check("=?utf-8?q?ceo=40bank.example?=", &[]);
        check("=?utf-8?q?ceo=40bank.example?= <x@evil.example>", &[("ceo@bank.example", "x@evil.example")]);
    }

    #[test]
    fn what_stands_in_angle_brackets_is_the_address() {
        check("ceo@bank.example <x@evil.example>", &[("ceo@bank.example", "x@evil.example")]);
        check("\"ceo@bank.example\" x@evil.example", &[("ceo@bank.example", "x@evil.example")]);
        check("John Doe john@x.org", &[("John Doe", "john@x.org")]);
        check("a@x.org <b@x.org> <c@x.org>", &[("a@x.org", "b@x.org")]);
        check("Ana <ana@x.org", &[("Ana", "ana@x.org")]);
        check("<>", &[]);
        check("Nobody", &[]);
        check("(((", &[]);
        check("a@x.org\u{202E} b", &[("b", "a@x.org\u{202E}")]);
    }
}
