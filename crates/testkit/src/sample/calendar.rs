//! Dates without a clock: days and hours of the sample, and their spelling in messages (RFC 5322 §3.3).

/// Milliseconds of a day.
pub const DAY_MS: i64 = 86_400_000;
/// Milliseconds of a minute.
pub const MINUTE_MS: i64 = 60_000;

const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const OF_MONTHS_IN_FRENCH: [&str; 12] = [
    "de janvier",
    "de février",
    "de mars",
    "d'avril",
    "de mai",
    "de juin",
    "de juillet",
    "d'août",
    "de septembre",
    "d'octobre",
    "de novembre",
    "de décembre",
];

/// A place's difference from UTC, in minutes, in winter. Summer adds an hour from April to October: near enough
/// for a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place(pub i64);

/// Lyon and Milan.
pub const CONTINENT: Place = Place(60);
/// Bristol and Edinburgh.
pub const ISLANDS: Place = Place(0);

impl Place {
    /// Minutes ahead of UTC at an instant.
    pub fn offset_minutes(self, unix_ms: i64) -> i64 {
        let (_, month, _) = civil(unix_ms);
        if (4..=10).contains(&month) { self.0 + 60 } else { self.0 }
    }
}

/// Year, month and day in UTC, in the proleptic Gregorian calendar: months are counted from March, so that the
/// leap day is the last of a year.
pub fn civil(unix_ms: i64) -> (i64, i64, i64) {
    let days = unix_ms.div_euclid(DAY_MS) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// `Sun, 22 Nov 2026 19:05:42 +0100`.
pub fn rfc5322(unix_ms: i64, place: Place) -> String {
    let offset = place.offset_minutes(unix_ms);
    let local = unix_ms + offset * MINUTE_MS;
    let (year, month, day) = civil(local);
    let seconds = local.rem_euclid(DAY_MS) / 1000;
    format!(
        "{}, {day} {} {year} {:02}:{:02}:{:02} +{:02}{:02}",
        name(&WEEKDAYS, local.div_euclid(DAY_MS).rem_euclid(7)),
        name(&MONTHS, month - 1),
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        offset / 60,
        offset % 60,
    )
}

/// `20261122T180000Z` (RFC 5545 §3.3.5).
pub fn basic(unix_ms: i64) -> String {
    let (year, month, day) = civil(unix_ms);
    let minutes = unix_ms.rem_euclid(DAY_MS) / MINUTE_MS;
    format!("{year}{month:02}{day:02}T{:02}{:02}00Z", minutes / 60, minutes % 60)
}

/// Of which month an instant is, in French: « de mars », « d'avril ».
pub fn of_month_in_french(unix_ms: i64) -> &'static str {
    name(&OF_MONTHS_IN_FRENCH, civil(unix_ms).1 - 1)
}

fn name<'a>(names: &[&'a str], index: i64) -> &'a str {
    usize::try_from(index).ok().and_then(|index| names.get(index)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(unix_ms: i64, place: Place, expected: &str) {
        assert_eq!(rfc5322(unix_ms, place), expected);
    }

    #[test]
    fn dates_are_spelt_as_the_standard_says() {
        check(0, ISLANDS, "Thu, 1 Jan 1970 00:00:00 +0000");
        check(1_795_374_342_000, CONTINENT, "Sun, 22 Nov 2026 20:05:42 +0100");
        check(1_719_792_000_000, CONTINENT, "Mon, 1 Jul 2024 02:00:00 +0200");
        check(1_709_164_800_000, ISLANDS, "Thu, 29 Feb 2024 00:00:00 +0000");
        assert_eq!(of_month_in_french(1_709_164_800_000), "de février");
        assert_eq!(basic(1_795_374_342_000), "20261122T190500Z");
    }
}
