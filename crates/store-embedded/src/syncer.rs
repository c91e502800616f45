//! The thread that makes commits durable: one fsync of the log for whatever was committed meanwhile, then the answers.
//!
//! While the disk works for one group, the writer commits the next. The log is written in order and each commit in it is
//! checked when it is read again, so that a crash keeps a beginning of what was committed: at least what was answered.

use crate::apply::FileStep;
use crate::error::{again, from_io};
use crate::files::BlobFiles;
use caliopen_store::{BlobKey, Partition, StoreError};
use std::io;
use std::mem;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};
use tokio::sync::oneshot;

/// Committed groups that may wait for the disk: all of them become durable at once, so that a slow one takes more.
const GROUPS_WAITING_MAX: usize = 8;

/// What each batch of a piece of work came to.
pub(crate) type Answers = Vec<Result<(), StoreError>>;

/// Who waits for a piece of work, and what is to be said once it is durable.
pub(crate) type Waiting = (oneshot::Sender<Answers>, Answers);

/// A group that is committed, and not durable yet.
pub(crate) struct Committed {
    pub(crate) waiting: Vec<Waiting>,
    /// What is done to files once it is durable, in the order of the work.
    pub(crate) steps: Vec<FileStep>,
}

/// Why the store takes no more writes, once a disk can no longer be trusted.
#[derive(Clone, Default)]
pub(crate) struct Failure(Arc<OnceLock<String>>);

impl Failure {
    /// Takes no more writes, for good.
    pub(crate) fn stop(&self, cause: &str) {
        if self.0.set(cause.to_owned()).is_ok() {
            tracing::error!(cause, "the store takes no more writes: end the process and look at the disk");
        }
    }

    pub(crate) fn cause(&self) -> Option<&String> {
        self.0.get()
    }

    /// Fails when the store has stopped.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        self.cause().map_or(Ok(()), |cause| Err(StoreError::Failed(cause.clone())))
    }
}

/// Doomed files that are gone, and named in the database still.
type Gone = Arc<Mutex<Vec<(Partition, BlobKey)>>>;

/// The thread and the way to it. Dropping it makes durable what still waits.
pub(crate) struct Syncer {
    committed: Option<SyncSender<Committed>>,
    thread: Option<JoinHandle<()>>,
    gone: Gone,
}

impl Syncer {
    /// Starts the thread. `sync` returns once everything that was committed before the call is durable.
    pub(crate) fn start(
        sync: impl FnMut() -> io::Result<()> + Send + 'static,
        files: BlobFiles,
        failure: Failure,
    ) -> Result<Self, StoreError> {
        let (committed, groups) = sync_channel(GROUPS_WAITING_MAX);
        let gone = Arc::default();
        let mut desk = Desk { sync, files, failure, gone: Arc::clone(&gone) };
        let thread = thread::Builder::new()
            .name("store-syncer".to_owned())
            .spawn(move || desk.work(&groups))
            .map_err(|error| from_io("a thread did not start", &error))?;
        Ok(Self { committed: Some(committed), thread: Some(thread), gone })
    }

    /// Gives a group to the thread; waits while as many as may are waiting there. When the thread is gone, those who
    /// wait for the group hear that it was not answered.
    pub(crate) fn give(&self, group: Committed) {
        if let Some(committed) = &self.committed {
            let _ = committed.send(group);
        }
    }

    /// The doomed files that are gone since this was asked last.
    pub(crate) fn take_gone(&self) -> Vec<(Partition, BlobKey)> {
        mem::take(&mut *self.gone.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Syncer {
    fn drop(&mut self) {
        self.committed = None;
        if let Some(thread) = self.thread.take() {
            // If it panicked, those who waited have heard that nobody answers.
            let _ = thread.join();
        }
    }
}

struct Desk<S> {
    sync: S,
    files: BlobFiles,
    failure: Failure,
    gone: Gone,
}

impl<S: FnMut() -> io::Result<()>> Desk<S> {
    fn work(&mut self, groups: &Receiver<Committed>) {
        while let Ok(first) = groups.recv() {
            let due: Vec<Committed> = std::iter::once(first).chain(groups.try_iter()).collect();
            let kept = self.keep(&due);
            for (waits, answers) in due.into_iter().flat_map(|group| group.waiting) {
                let said = match &kept {
                    Ok(()) => answers,
                    Err(error) => answers.iter().map(|_| Err(again(error))).collect(),
                };
                // Who no longer waits has lost interest, not the commit.
                let _ = waits.send(said);
            }
        }
    }

    /// Makes the groups durable, and puts their files in place.
    fn keep(&mut self, groups: &[Committed]) -> Result<(), StoreError> {
        // After a failed fsync nobody knows what the disk holds, and asking again would be believed wrongly.
        self.failure.check()?;
        (self.sync)().map_err(|error| self.spoilt("the log cannot be made durable", &error))?;
        for step in groups.iter().flat_map(|group| &group.steps) {
            self.take(step)
                .map_err(|error| self.spoilt("a large blob cannot be moved or removed", &error))?;
        }
        Ok(())
    }

    fn take(&self, step: &FileStep) -> io::Result<()> {
        match step {
            FileStep::Settle(new) => self.files.settle(new),
            FileStep::Discard(new) => BlobFiles::remove(&new.path),
            FileStep::Remove(partition, key) => {
                BlobFiles::remove(&self.files.path(*partition, *key))?;
                self.gone.lock().unwrap_or_else(PoisonError::into_inner).push((*partition, *key));
                Ok(())
            }
        }
    }

    fn spoilt(&self, what: &str, error: &io::Error) -> StoreError {
        let failed = from_io(what, error);
        self.failure.stop(&failed.to_string());
        failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;
    use std::sync::mpsc::{Sender, channel};

    /// A disk that says what happens to it, and goes on when it is told to.
    fn disk() -> (impl FnMut() -> io::Result<()>, Receiver<()>, Sender<io::Result<()>>) {
        let (asked, asks) = channel();
        let (answer, answers) = channel();
        let sync = move || {
            asked.send(()).unwrap();
            answers.recv().unwrap()
        };
        (sync, asks, answer)
    }

    fn start(sync: impl FnMut() -> io::Result<()> + Send + 'static) -> (Syncer, Failure) {
        let failure = Failure::default();
        let files = BlobFiles::new(Path::new("nothing is done here"));
        (Syncer::start(sync, files, failure.clone()).unwrap(), failure)
    }

    fn group() -> (Committed, oneshot::Receiver<Answers>) {
        let (waits, answered) = oneshot::channel();
        (Committed { waiting: vec![(waits, vec![Ok(())])], steps: Vec::new() }, answered)
    }

    #[test]
    fn nobody_is_answered_before_the_disk_has_it() {
        let (sync, asks, disk) = disk();
        let (syncer, _) = start(sync);
        let (one, mut answered) = group();
        syncer.give(one);
        asks.recv().unwrap();
        assert!(answered.try_recv().is_err(), "the disk has not answered");
        disk.send(Ok(())).unwrap();
        assert!(matches!(answered.blocking_recv().unwrap()[..], [Ok(())]));
    }

    #[test]
    fn what_is_committed_while_the_disk_works_waits_for_the_next_time() {
        let (sync, asks, disk) = disk();
        let (syncer, _) = start(sync);
        let ((one, first), (two, mut second)) = (group(), group());
        syncer.give(one);
        asks.recv().unwrap();
        syncer.give(two);
        disk.send(Ok(())).unwrap();
        assert!(matches!(first.blocking_recv().unwrap()[..], [Ok(())]));
        asks.recv().unwrap();
        assert!(second.try_recv().is_err(), "the first time did not cover it");
        disk.send(Ok(())).unwrap();
        assert!(matches!(second.blocking_recv().unwrap()[..], [Ok(())]));
    }

    #[test]
    fn a_disk_that_fails_once_is_not_asked_again() {
        let (sync, asks, disk) = disk();
        let (syncer, failure) = start(sync);
        disk.send(Err(io::Error::other("gone"))).unwrap();
        for _ in 0..2 {
            let (one, answered) = group();
            syncer.give(one);
            assert!(matches!(answered.blocking_recv().unwrap()[..], [Err(StoreError::Failed(_))]));
        }
        assert_eq!(asks.try_iter().count(), 1);
        assert!(failure.cause().is_some());
    }

    #[test]
    fn what_waits_when_the_store_closes_is_made_durable() {
        let (sync, _asks, disk) = disk();
        let (syncer, _) = start(sync);
        let (one, answered) = group();
        syncer.give(one);
        disk.send(Ok(())).unwrap();
        drop(syncer);
        assert!(matches!(answered.blocking_recv().unwrap()[..], [Ok(())]));
    }
}
