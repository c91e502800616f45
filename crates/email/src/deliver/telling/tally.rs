//! How encryption with other domains went, day by day: what reports are made of (RFC 8460 §4). It holds numbers of sessions
//! alone, nothing of messages, and none of it is of one person.

use super::super::limits::TALLY_LINES_MAX;
use super::super::notes::{Failure, Note, PolicyKind};
use super::super::sealed::SealedFile;
use super::wish::Place;
use caliopen_model::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(super) const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What is told in one report: a domain, and a day (UTC) as its number since 1970.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Subject {
    pub(super) day: i64,
    pub(super) domain: String,
}

/// Sessions that are counted together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Line {
    /// None where the domain publishes no policy.
    pub(super) policy: Option<PolicyKind>,
    pub(super) host: Option<String>,
    /// None for a session that met the policy.
    pub(super) failure: Option<Failure>,
}

pub(super) type Lines = BTreeMap<Line, u32>;

/// The counts.
pub(in crate::deliver) struct Tally {
    file: Option<SealedFile>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    counts: BTreeMap<Subject, Lines>,
    lines: usize,
    /// Places that took their report while another of the same subject did not. Not kept: a restart tells them once more.
    reached: BTreeMap<Subject, Vec<Place>>,
    is_changed: bool,
}

impl Tally {
    /// With what the file kept. One that cannot be read is begun anew.
    pub(in crate::deliver) fn new(file: Option<SealedFile>) -> Self {
        let kept = file.as_ref().map(SealedFile::read).transpose().unwrap_or_else(|error| {
            tracing::warn!(%error, "how encryption with other domains went cannot be read, and is counted anew");
            None
        });
        let tally = Self { file, state: Mutex::default() };
        for (subject, line, count) in kept.unwrap_or_default().lines().filter_map(entry) {
            tally.add(subject, line, count);
        }
        tally.state().is_changed = false;
        tally
    }

    /// Counts a session that met what was demanded of it.
    pub(in crate::deliver) fn met(
        &self,
        domain: &str,
        policy: Option<PolicyKind>,
        host: &str,
        now: Timestamp,
    ) {
        let line = Line { policy, host: Some(host.to_owned()), failure: None };
        self.add(Subject { day: day(now), domain: domain.to_owned() }, line, 1);
    }

    /// Counts one that did not, or a policy that could not be had.
    pub(in crate::deliver) fn failed(&self, note: &Note, now: Timestamp) {
        let line = Line { policy: note.policy, host: note.host.clone(), failure: Some(note.failure) };
        self.add(Subject { day: day(now), domain: note.domain.clone() }, line, 1);
    }

    /// When it is full, what is counted already is counted on, and nothing new: a report may say less, never more.
    fn add(&self, subject: Subject, line: Line, count: u32) {
        let mut state = self.state();
        let is_full = state.lines >= TALLY_LINES_MAX;
        let known = state.counts.get(&subject).is_some_and(|lines| lines.contains_key(&line));
        if is_full && !known {
            return;
        }
        state.lines += usize::from(!known);
        state.is_changed = true;
        let counted = state.counts.entry(subject).or_default().entry(line).or_default();
        *counted = counted.saturating_add(count);
    }

    /// What is over, and not told yet: the days before this one.
    pub(super) fn over(&self, now: Timestamp) -> BTreeSet<Subject> {
        let today = day(now);
        self.state().counts.keys().filter(|subject| subject.day < today).cloned().collect()
    }

    pub(super) fn of(&self, subject: &Subject) -> Lines {
        self.state().counts.get(subject).cloned().unwrap_or_default()
    }

    /// Whether a place took its report of a subject already.
    pub(super) fn has_reached(&self, subject: &Subject, place: &Place) -> bool {
        self.state().reached.get(subject).is_some_and(|places| places.contains(place))
    }

    pub(super) fn reached(&self, subject: &Subject, place: Place) {
        self.state().reached.entry(subject.clone()).or_default().push(place);
    }

    pub(super) fn forget(&self, subject: &Subject) {
        let mut state = self.state();
        state.reached.remove(subject);
        if let Some(lines) = state.counts.remove(subject) {
            state.lines = state.lines.saturating_sub(lines.len());
            state.is_changed = true;
        }
    }

    /// Writes down what changed since the last time.
    ///
    /// # Errors
    ///
    /// When the disk does not take it: it is tried again the next time.
    pub(super) fn keep(&self) -> io::Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let Some(text) = self.changed() else { return Ok(()) };
        // Who counts meanwhile does not wait for the disk.
        let kept = file.write(text);
        if kept.is_err() {
            self.state().is_changed = true;
        }
        kept
    }

    /// Everything, when something changed since it was asked for last.
    fn changed(&self) -> Option<String> {
        let mut state = self.state();
        if !std::mem::take(&mut state.is_changed) {
            return None;
        }
        let lines =
            state.counts.iter().flat_map(|(subject, lines)| lines.iter().map(move |line| (subject, line)));
        Some(lines.map(|(subject, (line, count))| written(subject, line, *count)).collect())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing in here panics half-way.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) const fn day(at: Timestamp) -> i64 {
    at.unix_ms().div_euclid(DAY_MS)
}

/// `day domain policy failure count host`
fn written(subject: &Subject, line: &Line, count: u32) -> String {
    let policy = match line.policy {
        Some(PolicyKind::Dane) => "dane",
        Some(PolicyKind::MtaSts) => "sts",
        None => "none",
    };
    let failure = line.failure.map_or("met", Failure::word);
    let host = line.host.as_deref().unwrap_or_default();
    format!("{} {} {policy} {failure} {count} {host}\n", subject.day, subject.domain)
}

fn entry(text: &str) -> Option<(Subject, Line, u32)> {
    let mut words = text.split_ascii_whitespace();
    let subject = Subject { day: words.next()?.parse().ok()?, domain: words.next()?.to_owned() };
    let policy = match words.next()? {
        "dane" => Some(PolicyKind::Dane),
        "sts" => Some(PolicyKind::MtaSts),
        "none" => None,
        _ => return None,
    };
    let failure = match words.next()? {
        "met" => None,
        word => Some(Failure::ALL.into_iter().find(|failure| failure.word() == word)?),
    };
    let count = words.next()?.parse().ok()?;
    Some((subject, Line { policy, host: words.next().map(str::to_owned), failure }, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(failure: Failure) -> Note {
        let (domain, host) = ("there.test".to_owned(), Some("mx.there.test".to_owned()));
        Note { domain, policy: Some(PolicyKind::MtaSts), host, failure, sent: false }
    }

    #[test]
    fn what_was_counted_survives_a_restart_and_is_forgotten_once_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = || Some(SealedFile::of_tally(&folder.path().join("tally"), &[7; 32]));
        let now = Timestamp::from_unix_ms(5 * DAY_MS);
        let tally = Tally::new(file());
        tally.met("there.test", None, "mx.there.test", now);
        tally.met("there.test", None, "mx.there.test", now);
        for failure in Failure::ALL {
            tally.failed(&note(failure), now);
        }
        assert!(tally.over(now).is_empty(), "the day is not over");
        tally.keep().unwrap();
        let again = Tally::new(file());
        let over = again.over(now.plus_ms(DAY_MS));
        let subject = Subject { day: 5, domain: "there.test".to_owned() };
        assert_eq!(over, BTreeSet::from([subject.clone()]));
        assert_eq!(again.of(&subject), tally.of(&subject));
        assert_eq!(again.of(&subject).values().sum::<u32>(), 2 + u32::try_from(Failure::ALL.len()).unwrap());
        again.forget(&subject);
        again.keep().unwrap();
        assert!(Tally::new(file()).over(now.plus_ms(DAY_MS)).is_empty());
    }

    #[test]
    fn a_full_tally_counts_on_what_it_knows() {
        let tally = Tally::new(None);
        let now = Timestamp::from_unix_ms(0);
        for number in 0..=TALLY_LINES_MAX {
            tally.met(&format!("d{number}.test"), None, "mx.test", now);
        }
        tally.met("d0.test", None, "mx.test", now);
        assert_eq!(tally.over(now.plus_ms(DAY_MS)).len(), TALLY_LINES_MAX);
        let first = Subject { day: 0, domain: "d0.test".to_owned() };
        assert_eq!(tally.of(&first).values().sum::<u32>(), 2);
    }
}
