//! What an index was on each day: one entry a day on which it changed, written with the change. O(1) for an event.

use crate::error::HubError;
use crate::limits::HISTORY_DAYS_MAX;
use crate::owner::Plan;
use crate::records::HistoryRecord;
use bytes::Bytes;
use caliopen_model::{PrivacyIndex, Timestamp};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What an index was at the end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexOfDay {
    /// The beginning of the day, in UTC.
    pub day: Timestamp,
    /// None: there was no number.
    pub index: Option<PrivacyIndex>,
}

/// The day of an instant, counted from 1970-01-01 in UTC.
pub(crate) fn day_of(at: Timestamp) -> u32 {
    u32::try_from(at.unix_ms().div_euclid(DAY_MS)).unwrap_or(0)
}

/// Writes down what an index is from now on.
pub(crate) async fn note(
    plan: &mut Plan<'_>,
    key: Bytes,
    index: Option<PrivacyIndex>,
) -> Result<(), HubError> {
    let mut record: HistoryRecord = plan.get(&key).await?.unwrap_or_default();
    if enter(&mut record, day_of(plan.now()), index) {
        plan.put(key, &record);
    }
    Ok(())
}

/// Whether the newest entry says something else.
pub(crate) fn is_new(record: &HistoryRecord, index: Option<PrivacyIndex>) -> bool {
    let index = index.map(|index| (index.score(), index.approximate()));
    record.days.last().is_none_or(|(_, last)| *last != index)
}

/// False: it says so already.
fn enter(record: &mut HistoryRecord, today: u32, index: Option<PrivacyIndex>) -> bool {
    if !is_new(record, index) {
        return false;
    }
    let index = index.map(|index| (index.score(), index.approximate()));
    // A clock that was set back overwrites the newest day rather than break the order.
    match record.days.last_mut() {
        Some((day, last)) if *day >= today => *last = index,
        _ => record.days.push((today, index)),
    }
    let horizon = today.saturating_sub(HISTORY_DAYS_MAX);
    // The last entry before the horizon says what the index was at it.
    let past = record.days.iter().take_while(|(day, _)| *day <= horizon).count();
    record.days.drain(..past.saturating_sub(1));
    true
}

/// The entries since some days ago, and before them what the index was then.
pub(crate) fn since(record: &HistoryRecord, first: u32) -> Vec<IndexOfDay> {
    let before = record.days.iter().take_while(|(day, _)| *day <= first).count();
    let shown = record.days.iter().skip(before.saturating_sub(1));
    shown
        .map(|(day, index)| IndexOfDay {
            day: Timestamp::from_unix_ms(i64::from(*day.max(&first)) * DAY_MS),
            index: index.map(|(score, approximate)| PrivacyIndex::new(score, approximate)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(score: u8) -> Option<PrivacyIndex> {
        Some(PrivacyIndex::new(score, false))
    }

    #[test]
    fn a_day_has_one_entry_and_a_day_without_change_none() {
        let mut record = HistoryRecord::default();
        assert!(enter(&mut record, 10, index(3)));
        assert!(enter(&mut record, 10, index(12)));
        assert!(!enter(&mut record, 11, index(12)));
        assert!(enter(&mut record, 12, None));
        assert_eq!(record.days, [(10, Some((12, false))), (12, None)]);
        assert!(enter(&mut record, 9, index(5)), "the clock was set back");
        assert_eq!(record.days, [(10, Some((12, false))), (12, Some((5, false)))]);
    }

    #[test]
    fn a_history_is_bounded_and_still_says_what_was_at_its_beginning() {
        let mut record = HistoryRecord::default();
        for day in 0..2_000 {
            enter(&mut record, day, index(u8::try_from(day % 90).expect("is small")));
        }
        assert_eq!(record.days.len(), HISTORY_DAYS_MAX as usize + 1);
        let shown = since(&record, 1_995);
        let days: Vec<i64> = shown.iter().map(|entry| entry.day.unix_ms() / DAY_MS).collect();
        assert_eq!(days, [1_995, 1_996, 1_997, 1_998, 1_999]);
        let mut old = HistoryRecord::default();
        enter(&mut old, 7, index(19));
        assert_eq!(since(&old, 100)[0].index, index(19), "it is still what it was");
        assert_eq!(since(&old, 100)[0].day.unix_ms(), 100 * DAY_MS);
    }
}
