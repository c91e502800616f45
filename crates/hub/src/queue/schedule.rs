//! What the queue has in hand, and what may run now. Holds no words of a message, and no time. Pure.

use super::Due;
use super::round::{Job, Round};
use crate::keys;
use crate::limits::{DESTINATION_ACTIVE_MAX, QUEUE_LOOK_MS};
use bytes::Bytes;
use caliopen_model::Timestamp;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

/// The queue in memory.
pub(super) struct Schedule {
    cursor: Bytes,
    hungry: bool,
    next_due: Option<Timestamp>,
    to_open: VecDeque<Due>,
    /// Everything in hand: no submission is taken twice.
    taken: BTreeSet<(caliopen_model::AccountId, caliopen_model::SubmissionId)>,
    /// Jobs that are left of each opened submission.
    left: BTreeMap<Due, usize>,
    destinations: BTreeMap<String, Destination>,
    /// Destinations that have something to do and room to do it, in turns.
    ready: VecDeque<String>,
}

#[derive(Default)]
struct Destination {
    active: usize,
    waiting: VecDeque<Job>,
    is_listed: bool,
}

impl Default for Schedule {
    fn default() -> Self {
        Self {
            cursor: keys::all_due().start,
            hungry: true,
            next_due: None,
            to_open: VecDeque::new(),
            taken: BTreeSet::new(),
            left: BTreeMap::new(),
            destinations: BTreeMap::new(),
            ready: VecDeque::new(),
        }
    }
}

impl Schedule {
    /// Submissions in hand.
    pub(super) fn rounds(&self) -> usize {
        self.taken.len()
    }

    /// Whether the store may have more that is due.
    pub(super) fn is_hungry(&self) -> bool {
        self.hungry
    }

    /// Everything that is due was taken; this is when the next one will be, if that is known.
    pub(super) fn rest(&mut self, next_due: Option<Timestamp>) {
        self.hungry = false;
        self.next_due = next_due;
        self.cursor = keys::all_due().start;
    }

    /// Something new may be due.
    pub(super) fn look_again(&mut self) {
        self.hungry = true;
        self.next_due = None;
        self.cursor = keys::all_due().start;
    }

    /// How long nothing new will be due.
    pub(super) fn pause(&self, now: Timestamp) -> Duration {
        let most = Duration::from_millis(QUEUE_LOOK_MS);
        self.next_due.map_or(most, |due| {
            let wait = u64::try_from(due.unix_ms().saturating_sub(now.unix_ms())).unwrap_or(0);
            most.min(Duration::from_millis(wait))
        })
    }

    /// Where the next look starts.
    pub(super) fn cursor(&self) -> Bytes {
        self.cursor.clone()
    }

    pub(super) fn move_cursor(&mut self, cursor: Bytes) {
        self.cursor = cursor;
    }

    /// Takes a submission in hand, unless it is already.
    pub(super) fn take(&mut self, due: Due) {
        if self.taken.insert((due.account, due.submission)) {
            self.to_open.push_back(due);
        }
    }

    pub(super) fn next_to_open(&mut self) -> Option<Due> {
        self.to_open.pop_front()
    }

    /// Queues the destinations of an opened submission.
    pub(super) fn add_round(&mut self, due: Due, round: Round) {
        self.left.insert(due, round.jobs.len());
        for job in round.jobs {
            let name = job.destination.clone();
            let destination = self.destinations.entry(name.clone()).or_default();
            destination.waiting.push_back(job);
            if !destination.is_listed && destination.active < DESTINATION_ACTIVE_MAX {
                destination.is_listed = true;
                self.ready.push_back(name);
            }
        }
    }

    /// The next job that may run: destinations take turns, and each runs a bounded number at a time.
    pub(super) fn next_job(&mut self) -> Option<Job> {
        loop {
            let name = self.ready.pop_front()?;
            let Some(destination) = self.destinations.get_mut(&name) else { continue };
            destination.is_listed = false;
            let Some(job) = destination.waiting.pop_front() else { continue };
            destination.active += 1;
            if destination.active < DESTINATION_ACTIVE_MAX && !destination.waiting.is_empty() {
                destination.is_listed = true;
                self.ready.push_back(name);
            }
            return Some(job);
        }
    }

    /// A job is done. Gives the submission when it was its last one.
    pub(super) fn finish(&mut self, job: &Job) -> Option<Due> {
        if let Some(destination) = self.destinations.get_mut(&job.destination) {
            destination.active = destination.active.saturating_sub(1);
            if destination.waiting.is_empty() && destination.active == 0 {
                self.destinations.remove(&job.destination);
            } else if !destination.is_listed && !destination.waiting.is_empty() {
                destination.is_listed = true;
                self.ready.push_back(job.destination.clone());
            }
        }
        let left = self.left.get_mut(&job.due)?;
        *left = left.saturating_sub(1);
        if *left > 0 {
            return None;
        }
        self.left.remove(&job.due);
        Some(job.due)
    }

    /// A submission is out of hand: its row was moved or removed.
    pub(super) fn forget(&mut self, due: &Due) {
        self.taken.remove(&(due.account, due.submission));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use caliopen_model::{AccountId, SubmissionId};

    fn due(number: u8) -> Due {
        Due {
            at: Timestamp::from_unix_ms(i64::from(number)),
            account: AccountId::from_bytes([1; 16]),
            submission: SubmissionId::from_bytes([number; 16]),
        }
    }

    fn round(number: u8, destinations: &[&str]) -> Round {
        let job = |name: &&str| Job {
            due: due(number),
            destination: (*name).to_owned(),
            recipients: Vec::new(),
            is_here: false,
        };
        Round { jobs: destinations.iter().map(job).collect() }
    }

    #[test]
    fn a_slow_destination_holds_only_its_own_messages() {
        let mut schedule = Schedule::default();
        for number in 0..100 {
            schedule.add_round(due(number), round(number, &["slow"]));
        }
        schedule.add_round(due(200), round(200, &["quick"]));
        let started: Vec<String> =
            std::iter::from_fn(|| schedule.next_job()).map(|job| job.destination).collect();
        assert_eq!(started.iter().filter(|name| *name == "slow").count(), DESTINATION_ACTIVE_MAX);
        assert_eq!(started.iter().filter(|name| *name == "quick").count(), 1);
    }

    #[test]
    fn what_is_due_next_is_not_forgotten_while_something_else_is_done() {
        let (mut schedule, at) = (Schedule::default(), Timestamp::from_unix_ms);
        schedule.rest(Some(at(5_000)));
        schedule.add_round(due(1), round(1, &["a"]));
        let job = schedule.next_job().expect("may run");
        schedule.finish(&job);
        assert_eq!(schedule.pause(at(1_000)), Duration::from_secs(4));
        assert_eq!(schedule.pause(at(6_000)), Duration::ZERO);
        schedule.rest(None);
        assert_eq!(schedule.pause(at(1_000)), Duration::from_millis(QUEUE_LOOK_MS));
    }

    #[test]
    fn a_submission_is_over_with_the_last_of_its_destinations() {
        let mut schedule = Schedule::default();
        schedule.take(due(1));
        schedule.take(due(1));
        assert_eq!((schedule.next_to_open(), schedule.next_to_open()), (Some(due(1)), None));
        schedule.add_round(due(1), round(1, &["a", "b"]));
        let jobs: Vec<Job> = std::iter::from_fn(|| schedule.next_job()).collect();
        assert_eq!(schedule.finish(&jobs[0]), None);
        assert_eq!(schedule.finish(&jobs[1]), Some(due(1)));
        schedule.forget(&due(1));
        assert_eq!(schedule.rounds(), 0);
    }
}
