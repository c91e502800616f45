//! The header of a message or a part, split into fields (RFC 5322 §2.2). Nothing is interpreted here.

use crate::{
    defects::Defects,
    limits::{FIELD_BYTES_MAX, FIELD_NAME_BYTES_MAX},
};
use std::borrow::Cow;

/// How much of a header is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HeaderLimits {
    /// Bytes, all fields together.
    pub(crate) bytes_max: usize,
    /// Fields.
    pub(crate) fields_max: usize,
}

/// One field as it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field<'a> {
    /// The name, in ASCII, as written.
    pub(crate) name: &'a str,
    value: &'a [u8],
}

impl<'a> Field<'a> {
    /// Reads the lines of one field; none when they are none.
    pub(crate) fn read(lines: &'a [u8]) -> Option<Self> {
        split_field(lines).map(|(name, value)| Self { name, value })
    }

    /// A field that was split elsewhere.
    pub(crate) fn new(name: &'a str, value: &'a [u8]) -> Self {
        Self { name, value }
    }

    /// Whether the value is ASCII, as every host takes it.
    pub(crate) fn is_ascii(&self) -> bool {
        self.value.is_ascii()
    }

    /// The value on one line, as text: UTF-8 (RFC 6532), or what most likely was meant.
    pub(crate) fn unfolded(&self) -> String {
        let bytes = self.value.get(..FIELD_BYTES_MAX).unwrap_or(self.value);
        let text: Cow<'_, str> = match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(_) if bytes.len() < self.value.len() => String::from_utf8_lossy(bytes),
            Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
        };
        let line: String = text.chars().filter(|&c| c != '\r' && c != '\n').collect();
        line.trim_matches([' ', '\t']).to_owned()
    }
}

/// The fields of one header, in order.
#[derive(Debug, Default)]
pub(crate) struct Headers<'a> {
    fields: Vec<Field<'a>>,
}

impl<'a> Headers<'a> {
    /// Splits a header from the body that follows its first empty line.
    pub(crate) fn split(entity: &'a [u8], limits: HeaderLimits, defects: &mut Defects) -> (Self, &'a [u8]) {
        let mut splitter = Splitter { entity, limits, defects, fields: Vec::new(), over: false };
        let body_start = splitter.run();
        let fields = splitter.fields;
        (Self { fields }, entity.get(body_start..).unwrap_or_default())
    }

    /// Every field.
    pub(crate) fn fields(&self) -> &[Field<'a>] {
        &self.fields
    }

    /// The fields of that name, whatever its case.
    pub(crate) fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Field<'a>> {
        self.fields.iter().filter(move |field| field.name.eq_ignore_ascii_case(name))
    }

    /// The unfolded value of the first field of that name.
    pub(crate) fn first(&self, name: &str) -> Option<String> {
        self.all(name).next().map(Field::unfolded)
    }

    /// Whether a field of that name stands here.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }
}

struct Splitter<'a, 'd> {
    entity: &'a [u8],
    limits: HeaderLimits,
    defects: &'d mut Defects,
    fields: Vec<Field<'a>>,
    over: bool,
}

impl<'a> Splitter<'a, '_> {
    /// Collects the fields and says where the body begins.
    fn run(&mut self) -> usize {
        let mut start = 0;
        let mut offset = 0;
        for line in self.entity.split_inclusive(|&byte| byte == b'\n') {
            let folded = matches!(line.first(), Some(b' ' | b'\t')) && offset > 0;
            if !folded || is_empty(line) {
                if start < offset {
                    self.field(start, offset);
                }
                start = offset;
            }
            if is_empty(line) {
                return offset + line.len();
            }
            if offset == 0 && !looks_like_field(line) && !line.starts_with(b"From ") {
                self.defects.add("no-headers", "the first line is not a header field");
                return 0;
            }
            offset += line.len();
        }
        if start < offset {
            self.field(start, offset);
        }
        self.entity.len()
    }

    fn field(&mut self, start: usize, end: usize) {
        if self.over {
            return;
        }
        if end > self.limits.bytes_max || self.fields.len() >= self.limits.fields_max {
            self.over = true;
            self.defects.add("header-limit", "the header is longer than what is read of it");
            // One giant field may be all that there is of an author or a recipient: read its beginning.
            if self.fields.len() >= self.limits.fields_max || start >= self.limits.bytes_max {
                return;
            }
        }
        let bytes = self.entity.get(start..end.min(self.limits.bytes_max)).unwrap_or_default();
        match split_field(bytes) {
            Some((name, value)) => {
                if std::str::from_utf8(value).is_err() {
                    self.defects.add("8bit-header", "a header value holds bytes over 127 that are not UTF-8");
                }
                self.fields.push(Field { name, value });
            }
            None if bytes.starts_with(b"From ") && start == 0 => {
                self.defects.add("mbox-from-line", "the message begins with a line of an mbox file");
            }
            None => self.defects.add("bad-header-line", "a header line is not a field"),
        }
    }
}

fn is_empty(line: &[u8]) -> bool {
    line == b"\r\n" || line == b"\n"
}

fn looks_like_field(line: &[u8]) -> bool {
    is_empty(line) || split_field(line).is_some()
}

fn split_field(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let colon = bytes.iter().take(FIELD_NAME_BYTES_MAX + 1).position(|&byte| byte == b':')?;
    let name = bytes.get(..colon)?.trim_ascii_end();
    let valid = !name.is_empty() && name.iter().all(|byte| (33..=126).contains(byte));
    let name = std::str::from_utf8(name).ok().filter(|_| valid)?;
    Some((name, bytes.get(colon + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(entity: &[u8], names: &[&str], body: &[u8], codes: &[&str]) {
        let mut defects = Defects::default();
        let limits = HeaderLimits { bytes_max: 60, fields_max: 3 };
        let (headers, rest) = Headers::split(entity, limits, &mut defects);
        let found: Vec<&str> = headers.fields().iter().map(|field| field.name).collect();
        let defect_codes: Vec<&str> = defects.into_list().iter().map(|defect| defect.code).collect();
        assert_eq!((found.as_slice(), rest), (names, body), "{}", String::from_utf8_lossy(entity));
        assert_eq!(defect_codes, codes, "{}", String::from_utf8_lossy(entity));
    }

    #[test]
    fn a_header_ends_at_the_first_empty_line() {
        check(b"A: 1\r\nB: 2\r\n 3\r\n\r\nbody", &["A", "B"], b"body", &[]);
        check(b"A: 1\nB : 2\n\nbody", &["A", "B"], b"body", &[]);
        check(b"A: 1", &["A"], b"", &[]);
        check(b"\r\nbody", &[], b"body", &[]);
        check(b"", &[], b"", &[]);
        check(b"From x Mon\nA: 1\n\nbody", &["A"], b"body", &["mbox-from-line"]);
        check(b"just text\n\nmore", &[], b"just text\n\nmore", &["no-headers"]);
        check(b"A: 1\nnonsense\n more\nB: 2\n\nx", &["A", "B"], b"x", &["bad-header-line"]);
        check(b"A: \xe9\n\nx", &["A"], b"x", &["8bit-header"]);
    }

    #[test]
    fn what_is_over_a_limit_is_left_out() {
        check(b"A: 1\nB: 2\nC: 3\nD: 4\n\nx", &["A", "B", "C"], b"x", &["header-limit"]);
        let long = [b"A: 1\nB: ", "y".repeat(100).as_bytes(), b"\nC: 3\n\nx"].concat();
        check(&long, &["A", "B"], b"x", &["header-limit"]);
    }

    #[test]
    fn a_folded_value_becomes_one_line() {
        let mut defects = Defects::default();
        let limits = HeaderLimits { bytes_max: 100, fields_max: 3 };
        let (headers, _) = Headers::split(b"A: one\r\n two\r\n\tthree\r\n\r\n", limits, &mut defects);
        assert_eq!(headers.first("a").as_deref(), Some("one two\tthree"));
    }
}
