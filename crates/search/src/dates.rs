//! Days as people write them in a question: `2026`, `2026-11`, `2026-11-22`, with hyphens, slashes or dots.

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The first instant of a day, month or year, for somebody whose clock is ahead of UTC by some minutes.
pub(crate) fn start_of(text: &str, utc_offset_minutes: i32) -> Option<i64> {
    let mut parts = text.split(['-', '/', '.']);
    let year: i64 = number(parts.next()?, 4)?;
    let month: i64 = parts.next().map_or(Some(1), |text| number(text, 2))?;
    let day: i64 = parts.next().map_or(Some(1), |text| number(text, 2))?;
    let is_date = (1970..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    (is_date && parts.next().is_none())
        .then(|| days(year, month, day) * DAY_MS - i64::from(utc_offset_minutes) * 60_000)
}

fn number(text: &str, digits_max: usize) -> Option<i64> {
    let is_number = (1..=digits_max).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

/// Days since 1970-01-01 in the Gregorian calendar. A 31st of a shorter month is the 1st of the next.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // The year begins in March, so that the leap day is its last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year / 4 - year / 100 + year / 400;
    year * 365 + leap_days + (153 * month + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<i64>) {
        assert_eq!(start_of(text, 0), expected, "{text}");
    }

    #[test]
    fn a_day_a_month_and_a_year_have_a_first_instant() {
        check("1970-01-01", Some(0));
        check("1970-01-02", Some(DAY_MS));
        check("2000-03-01", Some(951_868_800_000));
        check("2024-02-29", Some(1_709_164_800_000));
        check("2026/11/22", Some(1_795_305_600_000));
        check("2026.1.2", Some(1_767_312_000_000));
        check("2026", Some(1_767_225_600_000));
        check("2026-11", Some(1_793_491_200_000));
        for wrong in
            ["", "26", "2026-13", "2026-00-10", "2026-1-32", "yesterday", "2026-1-1-1", "+2026", "2026-"]
        {
            check(wrong, None);
        }
    }

    #[test]
    fn a_day_begins_earlier_in_the_east() {
        assert_eq!(start_of("1970-01-02", 120), Some(DAY_MS - 2 * 60 * 60 * 1000));
    }
}
