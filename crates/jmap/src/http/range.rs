//! One byte range of a file (RFC 9110 §14). Several ranges at once are answered with the whole file, as it allows.

use std::ops::Range;

/// What a `Range` header asks of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    /// All of it.
    Whole,
    /// These bytes.
    Part(Range<usize>),
    /// Bytes that it does not have.
    Outside,
}

/// Reads `Range`. What is not one range of bytes is passed over (RFC 9110 §14.2).
pub(super) fn read(header: Option<&str>, size: usize) -> Asked {
    let Some(spec) = header.and_then(|header| header.trim().strip_prefix("bytes=")) else {
        return Asked::Whole;
    };
    let Some((first, last)) = spec.trim().split_once('-') else { return Asked::Whole };
    match (number(first), number(last)) {
        (Some(first), None) if last.is_empty() => part(first, size, size),
        (Some(first), Some(last)) if first <= last => part(first, last.saturating_add(1), size),
        (None, Some(0)) if first.is_empty() => Asked::Outside,
        (None, Some(length)) if first.is_empty() => part(size.saturating_sub(length), size, size),
        _ => Asked::Whole,
    }
}

fn part(start: usize, end: usize, size: usize) -> Asked {
    if start < size { Asked::Part(start..end.min(size)) } else { Asked::Outside }
}

/// Digits alone; a number beyond every file is the greatest that there is.
fn number(text: &str) -> Option<usize> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, size: usize, expected: Asked) {
        assert_eq!(read(Some(header), size), expected, "{header}");
    }

    #[test]
    fn the_examples_of_rfc_9110_section_14_1_2() {
        check("bytes=0-499", 10_000, Asked::Part(0..500));
        check("bytes=500-999", 10_000, Asked::Part(500..1_000));
        check("bytes=-500", 10_000, Asked::Part(9_500..10_000));
        check("bytes=9500-", 10_000, Asked::Part(9_500..10_000));
        check("bytes=0-0,-1", 10_000, Asked::Whole);
    }

    #[test]
    fn ranges_end_where_the_file_ends() {
        check("bytes=5-99", 10, Asked::Part(5..10));
        check("bytes=-99", 10, Asked::Part(0..10));
        check("bytes=10-", 10, Asked::Outside);
        check("bytes=-0", 10, Asked::Outside);
        check("bytes=0-", 0, Asked::Outside);
        check("bytes=99999999999999999999999-", 10, Asked::Outside);
        for passed_over in ["bytes=5-4", "bytes=", "bytes=-", "bytes=a-b", "bytes=+1-2", "lines=0-1", ""] {
            check(passed_over, 10, Asked::Whole);
        }
        assert_eq!(read(None, 10), Asked::Whole);
    }
}
