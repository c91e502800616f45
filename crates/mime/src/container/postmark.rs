//! The line that begins a message of an mbox: `From `, somebody, a date (RFC 4155, appendix A). Programs differ in
//! where they write the zone and the year, so the words are looked for, not their places.

use super::days_of;
use caliopen_model::Timestamp;

/// Longest line that is looked at.
pub(super) const POSTMARK_BYTES_MAX: usize = 1_000;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The date of a postmark; none when the line is not one. The line is without its end.
pub(super) fn read(line: &[u8]) -> Option<Timestamp> {
    let rest = line.strip_prefix(b"From ")?;
    let text = std::str::from_utf8(rest.get(..rest.len().min(POSTMARK_BYTES_MAX))?).ok()?;
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    // A year is never the first word: that is the sender, even when its name is a number.
    let month_at = words.iter().skip(1).position(|word| month(word).is_some())? + 1;
    let month = month(words.get(month_at)?)?;
    let after = words.get(month_at + 1..)?;
    let day = number(after.first()?, 1, 31).or_else(|| number(words.get(month_at - 1)?, 1, 31))?;
    let (hours, minutes, seconds) = after.iter().find_map(|word| clock(word))?;
    let year = after.iter().rev().find_map(|word| number(word, 1970, 9999).filter(|_| word.len() == 4))?;
    let zone = after.iter().find_map(|word| zone(word)).unwrap_or(0);
    let minutes = days_of(year, month, day) * 24 * 60 + hours * 60 + minutes - zone;
    Some(Timestamp::from_unix_ms((minutes * 60 + seconds) * 1_000))
}

fn month(word: &str) -> Option<i64> {
    let position = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(word))?;
    Some(position as i64 + 1)
}

fn number(word: &str, least: i64, most: i64) -> Option<i64> {
    let digits = word.bytes().all(|byte| byte.is_ascii_digit());
    word.parse().ok().filter(|number| digits && (least..=most).contains(number))
}

/// `10:04:05` or `10:04`.
fn clock(word: &str) -> Option<(i64, i64, i64)> {
    let mut parts = word.split(':');
    let hours = number(parts.next()?, 0, 23)?;
    let minutes = number(parts.next()?, 0, 59)?;
    let seconds = parts.next().map_or(Some(0), |part| number(part, 0, 60))?;
    parts.next().is_none().then_some((hours, minutes, seconds))
}

/// `+0200` as minutes east of Greenwich.
fn zone(word: &str) -> Option<i64> {
    let (sign, digits) = match word.strip_prefix('+') {
        Some(digits) => (1, digits),
        None => (-1, word.strip_prefix('-')?),
    };
    let number = number(digits, 0, 1_400).filter(|_| digits.len() == 4)?;
    Some(sign * (number / 100 * 60 + number % 100))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Option<i64>) {
        assert_eq!(read(line.as_bytes()).map(Timestamp::unix_ms), expected.map(|s| s * 1_000), "{line}");
    }

    #[test]
    fn the_date_is_found_wherever_programs_write_it() {
        check("From ana@example.org Thu Jan  1 00:00:10 1970", Some(10));
        check("From - Fri Mar 01 12:00:00 2024", Some(1_709_294_400));
        check("From 1791234567890@xxx Fri Mar 01 12:00:00 +0000 2024", Some(1_709_294_400));
        check("From ana@example.org Fri Mar  1 14:00:00 2024 +0200", Some(1_709_294_400));
        check("From ana@example.org  Fri, 1 Mar 2024 12:00:00 +0000", Some(1_709_294_400));
        check("From ???@??? Fri Mar 01 12:00 2024", Some(1_709_294_400));
    }

    #[test]
    fn a_sentence_is_no_postmark() {
        for line in [
            "From here on",
            "From January to May 2024 we travelled",
            "From 10:00 to 11:00 in Mar 2024",
            "From",
            "from ana@example.org Thu Jan  1 00:00:10 1970",
            ">From ana@example.org Thu Jan  1 00:00:10 1970",
        ] {
            check(line, None);
        }
    }
}
