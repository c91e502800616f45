//! The one thread that writes: what waits becomes one transaction, answered once the syncer has made it durable.
//!
//! A refused batch (a condition, a limit) changes nothing and leaves the others alone. A full disk fails the
//! whole group, rolled back, and the next group may succeed. Any other failure of the disk stops the writer for
//! good.

use crate::apply::{FileStep, Transaction, Unapplied};
use crate::arena::Arena;
use crate::checkpoint::{self, Gauge};
use crate::error::{again, from_io, from_sqlite, stopped};
use crate::files::{BlobFiles, NewFile};
use crate::queue::{Queue, Refused};
use crate::syncer::{Answers, Committed, Failure, Syncer};
use caliopen_store::{Batch, BlobKey, Partition, StoreError};
use futures_util::future::{BoxFuture, FutureExt, ready};
use rusqlite::Connection;
use std::fs::File;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use tokio::sync::oneshot;

/// What may wait, by pieces of work and by bytes. More is answered with `Full` at once.
const WAITING_MAX: usize = 16 * 1024;
const WAITING_BYTES_MAX: usize = 64 * 1024 * 1024;
/// What one transaction takes.
const GROUP_MAX: usize = 1024;
const GROUP_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Work for the writer.
pub(crate) enum Work {
    /// Batches that share a transaction.
    Commits(Vec<(Partition, Batch)>),
    /// Gives a large blob its row.
    Adopt(NewFile),
    Erase(Partition),
}

impl Work {
    fn answers(&self) -> usize {
        match self {
            Self::Commits(commits) => commits.len(),
            Self::Adopt(_) | Self::Erase(_) => 1,
        }
    }

    fn payload_bytes(&self) -> usize {
        match self {
            Self::Commits(commits) => commits.iter().map(|(_, batch)| batch.payload_bytes()).sum(),
            Self::Adopt(_) | Self::Erase(_) => 0,
        }
    }
}

/// Work with whom to answer.
struct Placed {
    work: Work,
    answer: oneshot::Sender<Answers>,
}

pub(crate) struct Writer {
    queue: Arc<Queue<Placed>>,
    failure: Failure,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread. `log` is the write-ahead log of the connection.
    pub(crate) fn start(
        connection: Connection,
        log: File,
        files: BlobFiles,
        gauge: Arc<Gauge>,
    ) -> Result<Self, StoreError> {
        let queue = Arc::new(Queue::new(WAITING_MAX, WAITING_BYTES_MAX));
        let failure = Failure::default();
        let arena = Arena::find(&connection).map_err(from_sqlite)?;
        let syncer = Syncer::start(move || log.sync_data(), files, failure.clone())?;
        let mut desk = Desk { syncer, connection, gauge, failure: failure.clone(), arena, gone: Vec::new() };
        let waiting = Arc::clone(&queue);
        let thread = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || {
                let guard = CloseOnExit(&waiting);
                desk.write_all(guard.0);
            })
            .map_err(|error| from_io("a thread did not start", &error))?;
        Ok(Self { queue, failure, thread: Some(thread) })
    }

    /// Takes the place in the order now; the future waits for the answers, one for each batch.
    pub(crate) fn place(&self, work: Work) -> BoxFuture<'static, Answers> {
        let (answers, weight) = (work.answers(), work.payload_bytes());
        let (answer, answered) = oneshot::channel();
        let all = move |error: StoreError| (0..answers).map(|_| Err(again(&error))).collect::<Answers>();
        match self.queue.push(Placed { work, answer }, weight) {
            Ok(()) => answered.map(move |given| given.unwrap_or_else(|_| all(stopped()))).boxed(),
            Err(Refused::Full) => ready(all(StoreError::Full)).boxed(),
            Err(Refused::Closed) => ready(all(stopped())).boxed(),
        }
    }

    pub(crate) fn failure(&self) -> Option<String> {
        self.failure.cause().cloned()
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue.close();
        if let Some(thread) = self.thread.take() {
            // If it panicked, those who waited have heard that it stopped.
            let _ = thread.join();
        }
    }
}

/// However the thread ends, nobody may go on placing work that nobody takes.
struct CloseOnExit<'a>(&'a Queue<Placed>);

impl Drop for CloseOnExit<'_> {
    fn drop(&mut self) {
        self.0.close();
        while !self.0.take(usize::MAX, usize::MAX).is_empty() {}
    }
}

/// What the thread works with.
struct Desk {
    // Dropped first: the connection is closed once everything is durable.
    syncer: Syncer,
    connection: Connection,
    gauge: Arc<Gauge>,
    failure: Failure,
    /// The end of the small blobs, as the last transaction left it.
    arena: Arena,
    /// Doomed files that are gone: their rows go with the next transaction.
    gone: Vec<(Partition, BlobKey)>,
}

impl Desk {
    fn write_all(&mut self, queue: &Queue<Placed>) {
        loop {
            let group = queue.take(GROUP_MAX, GROUP_BYTES_MAX);
            if group.is_empty() {
                return;
            }
            self.write(group);
            if self.gauge.take_overgrown()
                && let Err(error) = checkpoint::finish(&self.connection)
            {
                self.failure.stop(&error.to_string());
            }
        }
    }

    /// Commits a group, and leaves it to the syncer; one that cannot be committed is answered now.
    fn write(&mut self, group: Vec<Placed>) {
        match self.commit(&group) {
            Ok((answers, steps)) => {
                let waiting = group.into_iter().map(|placed| placed.answer).zip(answers).collect();
                self.syncer.give(Committed { waiting, steps });
            }
            Err(error) => {
                for placed in group {
                    let all = (0..placed.work.answers()).map(|_| Err(again(&error))).collect();
                    // Who no longer waits has lost interest.
                    let _ = placed.answer.send(all);
                }
            }
        }
    }

    /// The whole group in one transaction.
    fn commit(&mut self, group: &[Placed]) -> Result<(Vec<Answers>, Vec<FileStep>), StoreError> {
        if let Some(cause) = self.gauge.failure() {
            self.failure.stop(cause);
        }
        self.failure.check()?;
        self.gone.extend(self.syncer.take_gone());
        let done = match self.transact(group) {
            Ok(done) => done,
            Err(error) => return Err(self.roll_back(error, group)),
        };
        self.gauge.wrote(group.iter().map(|placed| placed.work.payload_bytes() as u64).sum());
        self.gone.clear();
        Ok(done)
    }

    fn transact(&mut self, group: &[Placed]) -> rusqlite::Result<(Vec<Answers>, Vec<FileStep>)> {
        self.connection.prepare_cached("BEGIN IMMEDIATE")?.execute(())?;
        let mut transaction =
            Transaction { connection: &self.connection, arena: &mut self.arena, steps: Vec::new() };
        for (partition, key) in &self.gone {
            transaction.bury(*partition, *key)?;
        }
        let answers = group
            .iter()
            .map(|placed| apply(&mut transaction, &placed.work))
            .collect::<rusqlite::Result<Vec<_>>>()?;
        let steps = transaction.steps;
        self.connection.prepare_cached("COMMIT")?.execute(())?;
        Ok((answers, steps))
    }

    /// Takes the transaction back, and decides whether the disk is only full or can no longer be trusted.
    fn roll_back(&mut self, error: rusqlite::Error, group: &[Placed]) -> StoreError {
        let open = !self.connection.is_autocommit();
        let rolled_back = !open || self.connection.execute_batch("ROLLBACK").is_ok();
        let spoilt = from_sqlite(error);
        let arena = Arena::find(&self.connection);
        if let (true, StoreError::Full, Ok(arena)) = (rolled_back, &spoilt, arena) {
            self.arena = arena;
            for placed in group {
                if let Work::Adopt(new) = &placed.work {
                    // One that stays is swept at the next start.
                    let _ = BlobFiles::remove(&new.path);
                }
            }
            return spoilt;
        }
        // A large blob stays where it is: its row may be durable after all.
        self.failure.stop(&spoilt.to_string());
        StoreError::Failed(spoilt.to_string())
    }
}

fn apply(transaction: &mut Transaction<'_>, work: &Work) -> rusqlite::Result<Answers> {
    match work {
        Work::Commits(commits) => commits
            .iter()
            .map(|(partition, batch)| match transaction.batch(*partition, batch) {
                Ok(()) => Ok(Ok(())),
                Err(Unapplied::Refused(error)) => Ok(Err(error)),
                Err(Unapplied::Broken(error)) => Err(error),
            })
            .collect(),
        Work::Adopt(new) => transaction.adopt(new).map(|()| vec![Ok(())]),
        Work::Erase(partition) => transaction.erase(*partition).map(|()| vec![Ok(())]),
    }
}
