//! What an index was, day by day, as docs/api has it.

use super::words::utc_date;
use caliopen_hub::IndexOfDay;
use serde::Serialize;

/// The last index of one day.
#[derive(Debug, Serialize)]
pub(super) struct Day {
    /// `2026-11-22`, in UTC.
    day: String,
    score: Option<u8>,
    approximate: bool,
}

/// The days on which an index changed, oldest first.
pub(super) fn days(history: &[IndexOfDay]) -> Vec<Day> {
    let day = |entry: &IndexOfDay| Day {
        day: utc_date(entry.day).chars().take("2026-11-22".len()).collect(),
        score: entry.index.map(|index| index.score()),
        approximate: entry.index.is_some_and(|index| index.approximate()),
    };
    history.iter().map(day).collect()
}
