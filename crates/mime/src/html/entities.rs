//! Character references (HTML Living Standard §13.2.5.72), and the escaping of what is written again.

use html5ever::data::NAMED_ENTITIES;

/// Longest named reference, with its `;`.
const NAME_BYTES_MAX: usize = 33;

/// Text with its character references decoded; in an attribute `&copy=` stays as it is.
pub(crate) fn decode(text: &str, in_attribute: bool) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, reference) = rest.split_at_checked(at).unwrap_or((rest, ""));
        decoded.push_str(before);
        let (characters, length) = match reference.as_bytes().get(1) {
            Some(b'#') => numeric(reference),
            _ => named(reference, in_attribute),
        }
        .unwrap_or((['&', '\0'], 1));
        decoded.extend(characters.into_iter().filter(|&c| c != '\0'));
        rest = reference.get(length..).unwrap_or_default();
    }
    decoded.push_str(rest);
    decoded.retain(|c| c != '\0');
    decoded
}

/// The characters of a numeric reference, and its length.
fn numeric(reference: &str) -> Option<([char; 2], usize)> {
    let body = reference.get(2..)?;
    let hex = body.starts_with(['x', 'X']);
    let digits = if hex { body.get(1..)? } else { body };
    let radix = if hex { 16 } else { 10 };
    let count = digits.bytes().take_while(|byte| char::from(*byte).is_digit(radix)).count();
    let value = digits.get(..count).filter(|_| count > 0)?;
    // Too many digits are a number beyond Unicode, unless they are zeros.
    let code = u32::from_str_radix(value.trim_start_matches('0'), radix);
    let code = if value.trim_start_matches('0').is_empty() { 0 } else { code.unwrap_or(u32::MAX) };
    let length = 2 + usize::from(hex) + count + usize::from(digits.as_bytes().get(count) == Some(&b';'));
    Some(([character(code), '\0'], length))
}

/// The character of a number: windows-1252 in 80 to 9F, U+FFFD for what is none.
fn character(code: u32) -> char {
    match code {
        0x80..=0x9F => {
            let byte = [u8::try_from(code).unwrap_or_default()];
            let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte);
            text.chars().next().unwrap_or('\u{FFFD}')
        }
        0 => '\u{FFFD}',
        _ => char::from_u32(code).unwrap_or('\u{FFFD}'),
    }
}

/// The characters of a named reference, the longest that is known, and its length.
fn named(reference: &str, in_attribute: bool) -> Option<([char; 2], usize)> {
    let body = reference.get(1..)?;
    let letters = body.bytes().take(NAME_BYTES_MAX).take_while(u8::is_ascii_alphanumeric).count();
    let with_end = letters + usize::from(body.as_bytes().get(letters) == Some(&b';'));
    for length in (1..=with_end).rev() {
        let name = body.get(..length)?;
        let Some((first, second)) = NAMED_ENTITIES.get(name).copied().filter(|(first, _)| *first != 0) else {
            continue;
        };
        let next = body.as_bytes().get(length).copied().unwrap_or_default();
        if in_attribute && !name.ends_with(';') && (next == b'=' || next.is_ascii_alphanumeric()) {
            return None;
        }
        let second = char::from_u32(second).unwrap_or('\0');
        return Some(([char::from_u32(first)?, second], 1 + length));
    }
    None
}

/// Appends a character so that it is text and nothing else, as the content of an element.
pub(super) fn escape_text(c: char, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        _ => out.push(c),
    }
}

/// Appends the value of an attribute in double quotes.
pub(super) fn escape_value(value: &str, out: &mut String) {
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_decoded_as_browsers_do() {
        let check = |text: &str, in_attribute: bool, expected: &str| {
            assert_eq!(decode(text, in_attribute), expected, "{text}");
        };
        check("a&amp;b &lt; &copy; &copy x", false, "a&b < © © x");
        check("?a=1&copy=2&lt", true, "?a=1&copy=2<");
        check("?a=1&copy=2", false, "?a=1©=2");
        check("&#106;&#x6A;&#0106&#X6a", false, "jjjj");
        check("java&Tab;script&colon;x&NewLine;", true, "java\tscript:x\n");
        check("&#0;&#x110000;&#99999999999;&#xD800;", false, "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}");
        check("&#128;", false, "€");
        check("&notit; &;& &#; &#x; &zzz;", false, "¬it; &;& &#; &#x; &zzz;");
        check("&NotEqualTilde;", false, "≂\u{338}");
        check("a\0b", false, "ab");
    }

    #[test]
    fn what_is_escaped_decodes_to_itself() {
        let hostile = "<script>'\"&amp;</script>";
        let mut value = String::new();
        escape_value(hostile, &mut value);
        assert_eq!(value, "&lt;script&gt;'&quot;&amp;amp;&lt;/script&gt;");
        assert_eq!(decode(&value, true), hostile);
        let mut text = String::new();
        "<b> & <i>".chars().for_each(|c| escape_text(c, &mut text));
        assert_eq!(text, "&lt;b> &amp; &lt;i>");
    }
}
