//! The queue: takes what is due, tries each destination once, writes down what became of each recipient.
//!
//! A row of the queue says when to look at a submission; the submission itself stands in its account. Destinations of
//! one message are tried side by side, and a destination that answers slowly only holds its own messages. What was in
//! flight when the process died is tried again: that is the one way in which a message can arrive twice.

mod round;
mod schedule;

use crate::Hub;
use crate::context::{QUEUE, successor};
use crate::error::HubError;
use crate::keys;
use crate::limits::QUEUE_ROUNDS_MAX;
use bytes::Bytes;
use caliopen_model::{AccountId, SubmissionId, Timestamp};
use caliopen_store::{Batch, Direction};
use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::{FuturesUnordered, StreamExt};
use round::{Job, Round};
use schedule::Schedule;
use std::time::Duration;
use tokio::sync::watch;

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
    /// A submission's row was moved or removed.
    Closed(Due),
}

type Running<'a> = FuturesUnordered<BoxFuture<'a, Step>>;

impl Hub {
    /// Works on the queue until it is asked to stop. What is being sent then is finished, or tried again later.
    pub async fn run_queue(&self, mut stop: watch::Receiver<bool>) {
        let mut schedule = Schedule::default();
        let mut running: Running<'_> = FuturesUnordered::new();
        loop {
            let is_idle = running.is_empty();
            let pause = self.look(&mut schedule, is_idle).await;
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
                () = self.core.queue_news.notified() => schedule.look_again(),
                () = tokio::time::sleep(pause) => schedule.look_again(),
            }
        }
    }

    /// Reads what is due while there is room for more. Gives how long nothing else will be.
    async fn look(&self, schedule: &mut Schedule, is_idle: bool) -> Duration {
        let now = self.core.clock.now();
        let room = QUEUE_ROUNDS_MAX.saturating_sub(schedule.rounds());
        // Read in gulps, so that a long queue costs a look for many messages and not for each.
        if !schedule.is_hungry() || (room < QUEUE_ROUNDS_MAX / 4 && !is_idle) {
            return schedule.pause(now);
        }
        let range = schedule.cursor()..keys::all_due().end;
        let rows = match self.core.store.scan(QUEUE, range, room, Direction::Forward).await {
            Ok(rows) => rows,
            Err(error) => {
                tracing::error!(%error, "the queue cannot be read");
                schedule.rest(None);
                return schedule.pause(now);
            }
        };
        let is_all = rows.len() < room;
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
            Step::Opened(due, Some(round)) => schedule.add_round(due, round),
            Step::Opened(due, None) => running.push(self.close(due).boxed()),
            Step::Tried(job) => {
                if let Some(over) = schedule.finish(&job) {
                    running.push(self.close(over).boxed());
                }
            }
            Step::Closed(due) => schedule.forget(&due),
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
        if let Err(error) = self.reschedule(due).await {
            tracing::error!(%error, "a message of the queue could not be put back");
        }
        Step::Closed(due)
    }

    async fn reschedule(&self, due: Due) -> Result<(), HubError> {
        let next = match self.submission_due(due).await {
            Ok(next) => next,
            // What cannot be read today is looked at again, not forgotten.
            Err(_) => Some(self.core.clock.now().plus_ms(60 * 60 * 1000)),
        };
        if next == Some(due.at) {
            return Ok(());
        }
        let put = next.map(|at| (Due { at, ..due }.row(), Bytes::new()));
        let batch = Batch { puts: put.into_iter().collect(), deletes: vec![due.row()], ..Batch::default() };
        self.core.store.commit(QUEUE, batch).await?;
        Ok(())
    }
}
