//! The relaxed forms of RFC 6376 §3.4: what remains of a message when relays fold, trim and change case.

/// One header field as it stands in the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Field<'x> {
    pub(super) name: &'x [u8],
    value: &'x [u8],
}

/// The fields of a header section, folded lines with theirs. What is no field is left out.
pub(super) fn fields(header: &[u8]) -> Vec<Field<'_>> {
    let mut starts = Vec::new();
    let mut at = 0;
    for line in header.split_inclusive(|byte| *byte == b'\n') {
        if !matches!(line, [b' ' | b'\t', ..]) {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([header.len()]);
    starts
        .iter()
        .zip(ends)
        .filter_map(|(start, end)| {
            let field = header.get(*start..end)?;
            let colon = field.iter().position(|byte| *byte == b':')?;
            Some(Field { name: field.get(..colon)?, value: field.get(colon + 1..)? })
        })
        .collect()
}

/// §3.4.2: the name in lower case, the value on one line with single spaces. Without its CRLF.
pub(super) fn relaxed_field(field: &Field<'_>) -> Vec<u8> {
    let mut form = field.name.trim_ascii().to_ascii_lowercase();
    form.push(b':');
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let words = field.value.split(is_space).filter(|word| !word.is_empty());
    for (at, word) in words.enumerate() {
        if at > 0 {
            form.push(b' ');
        }
        form.extend_from_slice(word);
    }
    form
}

/// §3.4.4: white space at line ends goes, inner runs become one space, empty lines at the end go. An empty
/// body stays empty.
pub(super) fn write_relaxed_body(body: &[u8], mut write: impl FnMut(&[u8])) {
    let mut empty_lines = 0_usize;
    let mut line_form = Vec::new();
    for line in lines(body) {
        line_form.clear();
        let mut pending_space = false;
        for byte in line {
            if matches!(byte, b' ' | b'\t') {
                pending_space = true;
                continue;
            }
            if std::mem::take(&mut pending_space) {
                line_form.push(b' ');
            }
            line_form.push(*byte);
        }
        if line_form.is_empty() {
            empty_lines += 1;
            continue;
        }
        for _ in 0..std::mem::take(&mut empty_lines) {
            write(b"\r\n");
        }
        line_form.extend_from_slice(b"\r\n");
        write(&line_form);
    }
}

/// Lines without their CRLF. A CR or LF alone belongs to its line.
fn lines(body: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(body).filter(|body| !body.is_empty());
    std::iter::from_fn(move || {
        let body = rest?;
        match body.windows(2).position(|pair| pair == b"\r\n") {
            Some(at) => {
                rest = body.get(at + 2..).filter(|later| !later.is_empty());
                body.get(..at)
            }
            None => {
                rest = None;
                Some(body)
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_body(body: &str, expected: &str) {
        let mut found = Vec::new();
        write_relaxed_body(body.as_bytes(), |bytes| found.extend_from_slice(bytes));
        assert_eq!(String::from_utf8(found).unwrap(), expected, "{body:?}");
    }

    #[test]
    fn bodies_are_relaxed() {
        check_body("", "");
        check_body("\r\n", "");
        check_body(" \t\r\n\r\n \r\n", "");
        check_body("Ciao", "Ciao\r\n");
        // The example of RFC 6376 §3.4.5.
        check_body(" C \r\nD \t E\r\n\r\n\r\n", " C\r\nD E\r\n");
        check_body("a\r\n \r\n\r\nb \r\n \t\r\n", "a\r\n\r\n\r\nb\r\n");
    }

    #[test]
    fn fields_are_relaxed() {
        let check = |header: &str, expected: &[&str]| {
            let found: Vec<String> = fields(header.as_bytes())
                .iter()
                .map(|field| String::from_utf8(relaxed_field(field)).unwrap())
                .collect();
            assert_eq!(found, expected, "{header:?}");
        };
        // The example of RFC 6376 §3.4.5.
        check("A: X\r\nB : Y\t\r\n\tZ  \r\n", &["a:X", "b:Y Z"]);
        check("Subject:\r\n", &["subject:"]);
        check("no field\r\nTo: a@b.test,\r\n c@d.test\r\n", &["to:a@b.test, c@d.test"]);
    }
}
