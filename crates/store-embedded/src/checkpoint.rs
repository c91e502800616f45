//! Copying the write-ahead log into the database, off the writer's path.
//!
//! This thread copies while the writer goes on appending (`PASSIVE`). Under steady load it never reaches the
//! log's end, so the log would grow without bound: past a hard limit the writer itself finishes the copy between
//! two groups, which is short because most of it is done. When writing pauses, the log is copied and emptied.
//!
//! A long read (verifying) keeps the log from starting over; it grows until the read ends.

use crate::error::from_io;
use crate::schema::{LOCK_WAIT_MAX, PAGE_BYTES};
use caliopen_store::StoreError;
use rusqlite::Connection;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// What the writer puts in before it wakes this thread, in bytes of payload. The log holds whole pages, so that
/// it is several times as long.
const PAYLOAD_BYTES_BETWEEN: u64 = 4 * 1024 * 1024;
/// Pages in the log beyond which the writer finishes the copy itself: 64 MiB.
const LOG_PAGES_MAX: i64 = 64 * 1024 * 1024 / PAGE_BYTES as i64;
/// A pause in writing after which the log is emptied.
const PAUSE: Duration = Duration::from_secs(2);
/// What the writer waits for the end of a copy, before it goes on with a longer log.
const PATIENCE: Duration = Duration::from_millis(50);

/// What the writer and this thread tell each other.
#[derive(Default)]
pub(crate) struct Gauge {
    payload_bytes: AtomicU64,
    /// The log holds something.
    unsettled: AtomicBool,
    overgrown: AtomicBool,
    failure: OnceLock<String>,
    signal: Mutex<Signal>,
    changed: Condvar,
}

#[derive(Default)]
struct Signal {
    due: bool,
    closed: bool,
}

impl Gauge {
    /// Counts what a commit wrote, and asks for a copy when it is time.
    pub(crate) fn wrote(&self, payload_bytes: u64) {
        let before = self.payload_bytes.fetch_add(payload_bytes, Ordering::Relaxed);
        if before + payload_bytes >= PAYLOAD_BYTES_BETWEEN {
            self.payload_bytes.store(0, Ordering::Relaxed);
            self.signal(|signal| signal.due = true);
        } else if !self.unsettled.swap(true, Ordering::Relaxed) {
            self.signal(|_| ());
        }
    }

    /// Whether the writer has to finish the copy. It is asked once for each time that this is seen.
    pub(crate) fn take_overgrown(&self) -> bool {
        self.overgrown.swap(false, Ordering::Relaxed)
    }

    /// Why the copy failed, if it did: the disk no longer keeps what it is told.
    pub(crate) fn failure(&self) -> Option<&str> {
        self.failure.get().map(String::as_str)
    }

    fn signal(&self, change: impl FnOnce(&mut Signal)) {
        change(&mut self.signal.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_one();
    }

    fn wait(&self) -> Due {
        let mut signal = self.signal.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if signal.closed {
                return Due::Close;
            }
            if signal.due {
                signal.due = false;
                return Due::Copy;
            }
            if self.unsettled.load(Ordering::Relaxed) {
                let (woken, timeout) =
                    self.changed.wait_timeout(signal, PAUSE).unwrap_or_else(PoisonError::into_inner);
                signal = woken;
                if timeout.timed_out() && !signal.due && !signal.closed {
                    self.unsettled.store(false, Ordering::Relaxed);
                    return Due::Empty;
                }
            } else {
                signal = self.changed.wait(signal).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}

enum Due {
    Copy,
    Empty,
    Close,
}

pub(crate) struct Checkpointer {
    gauge: Arc<Gauge>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    pub(crate) fn start(connection: Connection) -> Result<Self, StoreError> {
        let gauge = Arc::new(Gauge::default());
        let shared = Arc::clone(&gauge);
        let thread = thread::Builder::new()
            .name("store-log".to_owned())
            .spawn(move || copy_when_due(&connection, &shared))
            .map_err(|error| from_io("a thread did not start", &error))?;
        Ok(Self { gauge, thread: Some(thread) })
    }

    pub(crate) fn gauge(&self) -> Arc<Gauge> {
        Arc::clone(&self.gauge)
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.gauge.signal(|signal| signal.closed = true);
        if let Some(thread) = self.thread.take() {
            // It has nothing left to tell.
            let _ = thread.join();
        }
    }
}

fn copy_when_due(connection: &Connection, gauge: &Gauge) {
    loop {
        let result = match gauge.wait() {
            Due::Copy => copy(connection, "PRAGMA wal_checkpoint(PASSIVE)"),
            Due::Empty => copy(connection, "PRAGMA wal_checkpoint(TRUNCATE)"),
            Due::Close => return,
        };
        match result {
            Ok(log_pages) => {
                if log_pages > LOG_PAGES_MAX {
                    gauge.overgrown.store(true, Ordering::Relaxed);
                }
            }
            // It is tried again with the next writing, or when the store closes.
            Err(error) if is_harmless(&error) => tracing::warn!(%error, "the log is not copied yet"),
            Err(error) => {
                // A failed fsync is never retried: the pages it lost are still in the log, which must not be
                // started over on the word of a second fsync.
                let _ = gauge.failure.set(error.to_string());
                return;
            }
        }
    }
}

/// Finishes the copy and lets the log start over. Called by the writer, between two groups.
pub(crate) fn finish(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    let result = copy(connection, "PRAGMA wal_checkpoint(RESTART)");
    connection.busy_timeout(LOCK_WAIT_MAX)?;
    match result {
        Err(error) if !is_harmless(&error) => Err(error),
        _ => Ok(()),
    }
}

/// Pages in the log.
fn copy(connection: &Connection, sql: &str) -> rusqlite::Result<i64> {
    connection.prepare_cached(sql)?.query_row((), |row| row.get(1))
}

/// Somebody still reads, or there is no room to copy to now: the log keeps everything.
fn is_harmless(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked, DiskFull};
    matches!(error.sqlite_error_code(), Some(DatabaseBusy | DatabaseLocked | DiskFull))
}
