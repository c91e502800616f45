//! What the queue has in hand, and what may run now. Holds no words of a message, and no time. Pure.

use super::Due;
use super::round::{Job, Round};
use crate::keys;
use crate::limits::{DESTINATION_ACTIVE_MAX, QUEUE_GULP, QUEUE_LOOK_MS, QUEUE_OPENS_MAX, QUEUE_ROUNDS_MAX};
use bytes::Bytes;
use caliopen_model::{AccountId, SubmissionId, Timestamp};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

/// The queue in memory.
pub(super) struct Schedule {
    cursor: Bytes,
    hungry: bool,
    next_due: Option<Timestamp>,
    to_open: VecDeque<Due>,
    /// Submissions that are being opened.
    opening: usize,
    /// Everything in hand: no submission is taken twice.
    taken: BTreeSet<(AccountId, SubmissionId)>,
    /// What was heard of while it was in hand: what was seen of it may have been too little.
    heard_again: BTreeSet<Due>,
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
            opening: 0,
            taken: BTreeSet::new(),
            heard_again: BTreeSet::new(),
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

    /// Whether the store may have more that is due, and there is room for it.
    pub(super) fn is_hungry(&self) -> bool {
        self.hungry && self.to_open.len() < QUEUE_OPENS_MAX && self.rounds() + QUEUE_GULP <= QUEUE_ROUNDS_MAX
    }

    /// Everything that is due was taken; this is when the next one will be, if that is known.
    pub(super) fn rest(&mut self, next_due: Option<Timestamp>) {
        self.hungry = false;
        self.next_due = next_due;
    }

    /// What was to be due next is due: the look goes on where the last one stopped.
    pub(super) fn look_on(&mut self) {
        self.hungry = true;
        self.next_due = None;
    }

    /// Looks at everything, whatever was in hand or missed.
    pub(super) fn look_again(&mut self) {
        self.look_on();
        self.cursor = keys::all_due().start;
    }

    /// A submission is new. One that is due is taken at once: nobody has to look for it.
    pub(super) fn hear(&mut self, due: Due, now: Timestamp) {
        if due.at > now {
            self.next_due = Some(self.next_due.map_or(due.at, |next| next.min(due.at)));
        } else if self.taken.contains(&(due.account, due.submission)) {
            self.heard_again.insert(due);
        } else if self.rounds() < QUEUE_ROUNDS_MAX {
            self.take(due);
        }
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

    /// The next submission to open: a bounded number at a time, so that what is open is sent meanwhile.
    pub(super) fn next_to_open(&mut self) -> Option<Due> {
        if self.opening >= QUEUE_OPENS_MAX {
            return None;
        }
        let due = self.to_open.pop_front()?;
        self.opening += 1;
        Some(due)
    }

    /// A submission was opened, or is over.
    pub(super) fn opened(&mut self) {
        self.opening = self.opening.saturating_sub(1);
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

    /// A submission is out of hand: its row was moved or removed, or leads nowhere yet.
    pub(super) fn forget(&mut self, due: Due) {
        self.taken.remove(&(due.account, due.submission));
        if self.heard_again.remove(&due) {
            self.take(due);
        }
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
    fn thousands_for_one_destination_leave_room_for_the_others() {
        let mut schedule = Schedule::default();
        let many = |number: usize| Due {
            submission: SubmissionId::from_bytes((number as u128).to_be_bytes()),
            ..due(1)
        };
        for number in 0..QUEUE_ROUNDS_MAX / 2 {
            schedule.take(many(number));
            assert_eq!(schedule.next_to_open(), Some(many(number)));
            schedule.opened();
            let job = |name: &str| Job { due: many(number), ..round(1, &[name]).jobs.remove(0) };
            schedule.add_round(many(number), Round { jobs: vec![job("silent")] });
            let _runs_for_ever = schedule.next_job();
        }
        assert!(schedule.is_hungry());
        schedule.hear(due(9), Timestamp::from_unix_ms(9));
        assert_eq!(schedule.next_to_open(), Some(due(9)));
    }

    #[test]
    fn a_bounded_number_is_opened_at_a_time() {
        let mut schedule = Schedule::default();
        (0..200).for_each(|number| schedule.take(due(number)));
        assert_eq!(std::iter::from_fn(|| schedule.next_to_open()).count(), QUEUE_OPENS_MAX);
        schedule.opened();
        assert!(schedule.next_to_open().is_some() && schedule.next_to_open().is_none());
    }

    #[test]
    fn what_is_heard_of_while_it_is_in_hand_is_looked_at_again() {
        let mut schedule = Schedule::default();
        schedule.take(due(1));
        assert_eq!(schedule.next_to_open(), Some(due(1)));
        schedule.hear(due(1), Timestamp::from_unix_ms(5));
        schedule.opened();
        schedule.forget(due(1));
        assert_eq!(schedule.next_to_open(), Some(due(1)));
        schedule.opened();
        schedule.forget(due(1));
        assert_eq!((schedule.next_to_open(), schedule.rounds()), (None, 0));
    }

    #[test]
    fn news_of_what_is_due_later_is_remembered() {
        let (mut schedule, at) = (Schedule::default(), Timestamp::from_unix_ms);
        schedule.rest(Some(at(90)));
        schedule.hear(due(50), at(10));
        schedule.hear(due(70), at(10));
        assert_eq!(schedule.pause(at(10)), Duration::from_millis(40));
        assert_eq!(schedule.next_to_open(), None);
    }

    #[test]
    fn a_submission_is_over_with_the_last_of_its_destinations() {
        let mut schedule = Schedule::default();
        schedule.take(due(1));
        schedule.take(due(1));
        assert_eq!((schedule.next_to_open(), schedule.next_to_open()), (Some(due(1)), None));
        schedule.opened();
        schedule.add_round(due(1), round(1, &["a", "b"]));
        let jobs: Vec<Job> = std::iter::from_fn(|| schedule.next_job()).collect();
        assert_eq!(schedule.finish(&jobs[0]), None);
        assert_eq!(schedule.finish(&jobs[1]), Some(due(1)));
        schedule.forget(due(1));
        assert_eq!(schedule.rounds(), 0);
    }
}
