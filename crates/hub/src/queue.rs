//! The queue: takes what is due, tries each destination once, writes down what became of each recipient.
//!
//! A row of the queue says when to look at a submission; the submission itself stands in its account. Destinations of
//! one message are tried side by side, and a destination that answers slowly only holds its own messages. What was in
//! flight when the process died is tried again: that is the one way in which a message can arrive twice.

mod news;
mod notice;
mod overview;
mod round;
mod schedule;

pub(crate) use news::QueueNews;
pub(crate) use notice::Notices;
pub use overview::{DestinationView, QueueView};

use crate::Hub;
use crate::context::{QUEUE, successor};
use crate::error::HubError;
use crate::keys;
use crate::limits::{QUEUE_GULP, QUEUE_LOOK_MS, QUEUE_ORPHAN_MS};
use bytes::Bytes;
use caliopen_model::{AccountId, SubmissionId, Timestamp};
use caliopen_store::{Batch, Direction};
use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::{FuturesUnordered, StreamExt};
pub(crate) use round::ours;
use round::{Job, Round};
use schedule::Schedule;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

/// A submission that the queue looks at: its row, and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Due {
    pub(crate) at: Timestamp,
    pub(crate) account: AccountId,
    pub(crate) submission: SubmissionId,
}

impl Due {
    fn row(&self) -> Bytes {
        keys::due(self.at, self.account, self.submission)
    }
}

/// What a piece of the queue's work came to.
enum Step {
    /// A submission was opened: these are its destinations, or it is over.
    Opened(Due, Option<Round>),
    /// A destination was tried, and the outcome written down.
    Tried(Job),
    /// A submission's row was removed, or moved to where it stands now.
    Closed(Due, Option<Due>),
}

/// Where a row of the queue leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leads {
    /// There is nothing: it was taken back, or is not there yet.
    Nowhere,
    /// To something of which nothing is left to do.
    ToAnEnd,
    /// To something that is to be looked at then.
    On(Timestamp),
}

impl From<Option<Timestamp>> for Leads {
    fn from(next: Option<Timestamp>) -> Self {
        next.map_or(Self::ToAnEnd, Self::On)
    }
}

type Running<'a> = FuturesUnordered<BoxFuture<'a, Step>>;

impl Hub {
    /// Works on the queue until it is asked to stop. What is being sent then is finished, or tried again later.
    pub async fn run_queue(&self, mut stop: watch::Receiver<bool>) {
        let mut schedule = Schedule::default();
        let mut running: Running<'_> = FuturesUnordered::new();
        let mut full_look = tokio::time::interval(Duration::from_millis(QUEUE_LOOK_MS));
        full_look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let pause = self.look(&mut schedule).await;
            self.start_ready(&mut schedule, &mut running);
            tokio::select! {
                _ = stop.wait_for(|asked| *asked) => return,
                Some(step) = running.next(), if !running.is_empty() => {
                    self.advance(&mut schedule, &mut running, step);
                    // Whatever else is ready is taken before the store is asked again.
                    while let Some(Some(step)) = running.next().now_or_never() {
                        self.advance(&mut schedule, &mut running, step);
                    }
                }
                () = self.core.queue_news.told() => self.hear(&mut schedule),
                () = tokio::time::sleep(pause) => schedule.look_on(),
                _ = full_look.tick() => schedule.look_again(),
            }
        }
    }

    /// Takes what is new. More than a list holds is looked for.
    fn hear(&self, schedule: &mut Schedule) {
        let now = self.core.clock.now();
        match self.core.queue_news.take() {
            Some(news) => news.into_iter().for_each(|due| schedule.hear(due, now)),
            None => schedule.look_again(),
        }
    }

    /// Reads what is due while there is room for more. Gives how long nothing else will be.
    async fn look(&self, schedule: &mut Schedule) -> Duration {
        let now = self.core.clock.now();
        // Read in gulps, so that a long queue costs a look for many messages and not for each.
        if !schedule.is_hungry() {
            return schedule.pause(now);
        }
        let range = schedule.cursor()..keys::all_due().end;
        let rows = match self.core.store.scan(QUEUE, range, QUEUE_GULP, Direction::Forward).await {
            Ok(rows) => rows,
            Err(error) => {
                tracing::error!(%error, "the queue cannot be read");
                schedule.rest(None);
                return schedule.pause(now);
            }
        };
        let is_all = rows.len() < QUEUE_GULP;
        for (key, _) in &rows {
            let Some((at, account, submission)) = keys::due_of_row(key) else { continue };
            if at > now {
                schedule.rest(Some(at));
                return schedule.pause(now);
            }
            schedule.take(Due { at, account, submission });
            schedule.move_cursor(successor(key));
        }
        if is_all {
            schedule.rest(None);
        }
        schedule.pause(now)
    }

    /// Starts everything that may run now.
    fn start_ready<'a>(&'a self, schedule: &mut Schedule, running: &mut Running<'a>) {
        while let Some(due) = schedule.next_to_open() {
            running.push(self.open(due).boxed());
        }
        while let Some(job) = schedule.next_job() {
            running.push(self.attempt_job(job).boxed());
        }
    }

    fn advance<'a>(&'a self, schedule: &mut Schedule, running: &mut Running<'a>, step: Step) {
        match step {
            Step::Opened(due, round) => {
                schedule.opened();
                match round {
                    Some(round) => schedule.add_round(due, round),
                    None => running.push(self.close(due).boxed()),
                }
            }
            Step::Tried(job) => {
                if let Some(over) = schedule.finish(&job) {
                    running.push(self.close(over).boxed());
                }
            }
            Step::Closed(due, moved) => {
                schedule.forget(due);
                if let Some(moved) = moved {
                    schedule.hear(moved, self.core.clock.now());
                }
            }
        }
    }

    async fn open(&self, due: Due) -> Step {
        match self.open_round(due).await {
            Ok(round) => Step::Opened(due, round),
            Err(error) => {
                tracing::error!(%error, "a message of the queue cannot be opened");
                Step::Opened(due, None)
            }
        }
    }

    async fn attempt_job(&self, job: Job) -> Step {
        if let Err(error) = self.try_once(&job).await {
            tracing::error!(%error, "what became of a message could not be written down");
        }
        Step::Tried(job)
    }

    /// Moves a submission's row to its next time, or removes it.
    async fn close(&self, due: Due) -> Step {
        let moved = self.reschedule(due).await.unwrap_or_else(|error| {
            tracing::error!(%error, "a message of the queue could not be put back");
            None
        });
        Step::Closed(due, moved)
    }

    async fn reschedule(&self, due: Due) -> Result<Option<Due>, HubError> {
        let now = self.core.clock.now();
        let next = match self.submission_due(due).await {
            // The row stands before what it leads to: it may be on its way still.
            Ok(Leads::Nowhere) if now < due.at.plus_ms(QUEUE_ORPHAN_MS) => return Ok(None),
            Ok(Leads::Nowhere | Leads::ToAnEnd) => None,
            Ok(Leads::On(next)) => Some(next),
            // What cannot be read today is looked at again, not forgotten.
            Err(_) => Some(now.plus_ms(60 * 60 * 1000)),
        };
        if next == Some(due.at) {
            return Ok(None);
        }
        let moved = next.map(|at| Due { at, ..due });
        let put = moved.map(|moved| (moved.row(), Bytes::new()));
        let batch = Batch { puts: put.into_iter().collect(), deletes: vec![due.row()], ..Batch::default() };
        self.core.store.commit(QUEUE, batch).await?;
        Ok(moved)
    }
}
