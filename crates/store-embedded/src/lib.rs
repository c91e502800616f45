//! The storage promise on one machine: SQLite with a group-commit writer, and files for large blobs.
//!
//! One thread writes. It takes everything that waits as one transaction, and commits it to the write-ahead log. Another
//! one makes the log durable, and then answers: concurrent commits share an fsync, what was answered survives power
//! loss, and the next group is written meanwhile. A few threads read, each on its own connection. One thread copies the
//! log into the database, off the writer's path. Nothing here needs an executor: the futures wait on channels.
//!
//! The folder, which one process at a time may open:
//!
//! ```text
//! lock            held while the store is open
//! store.sqlite    keys, values and small blobs, with its -wal and -shm
//! blobs/xx/       a large blob each, named by partition and key
//! blobs/new/      large blobs on their way in
//! ```
//!
//! Not here: what is stored and how it is sealed (vault, hub), backups.

mod apply;
mod arena;
mod checkpoint;
mod error;
mod files;
mod folder;
mod pool;
mod queue;
mod read;
mod schema;
mod syncer;
mod verify;
mod writer;

use bytes::Bytes;
use caliopen_store::{
    Batch, BlobKey, Direction, INLINE_BLOB_BYTES_MAX, Partition, SCAN_LIMIT_MAX, Store, StoreError,
};
use futures_util::future::{BoxFuture, FutureExt};
use std::ops::Range;
use std::path::Path;

use crate::checkpoint::Checkpointer;
use crate::error::stopped;
use crate::files::BlobFiles;
use crate::folder::FolderLock;
use crate::pool::Pool;
use crate::read::Reader;
use crate::writer::{Work, Writer};

/// What an operator may choose.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Most pages of the database, of 4 KiB each; more is answered with `Full`. `None` is as much as the disk
    /// holds. Large blobs do not count.
    pub pages_max: Option<u32>,
}

/// Reads that may wait at a time. More are answered with `Full`.
const READS_WAITING_MAX: usize = 16 * 1024;
/// Large blobs that may wait to be written, by count and by bytes. More are answered with `Full`.
const FILES_WAITING_MAX: usize = 256;
const FILE_BYTES_WAITING_MAX: usize = 256 * 1024 * 1024;
const READERS: usize = 3;
const FILE_WRITERS: usize = 2;

/// The store in a folder.
///
/// Dropping it writes what still waits, copies the log into the database and releases the folder; that takes as
/// long as the disk does.
pub struct EmbeddedStore {
    // Dropped in this order: what feeds the writer, what keeps the log from being copied, the writer, the lock.
    file_writers: Pool<()>,
    readers: Pool<Reader>,
    _checkpointer: Checkpointer,
    writer: Writer,
    files: BlobFiles,
    _lock: FolderLock,
}

impl EmbeddedStore {
    /// Opens the store in a folder, or makes one in an empty folder.
    ///
    /// A store of another version is `Version`, one that is not whole is `Damaged`; nothing in the folder is
    /// changed then. `Failed` when another process has it open. The check is quick: [`Store::verify`] reads
    /// everything.
    pub fn open(folder: &Path, options: Options) -> Result<Self, StoreError> {
        let lock = FolderLock::take(folder)?;
        let database = folder::prepare(folder)?;
        let files = BlobFiles::new(folder);
        let connection = schema::open_writer(&database, options)?;
        files.recover(&connection)?;
        let readers = (0..READERS).map(|_| Reader::open(&database)).collect::<Result<Vec<_>, _>>()?;
        let checkpointer = Checkpointer::start(schema::open_checkpointer(&database)?)?;
        let log = schema::open_log(&database)?;
        let writer = Writer::start(connection, log, files.clone(), checkpointer.gauge())?;
        Ok(Self {
            file_writers: Pool::start(
                "store-files",
                vec![(); FILE_WRITERS],
                FILES_WAITING_MAX,
                FILE_BYTES_WAITING_MAX,
            )?,
            readers: Pool::start("store-reader", readers, READS_WAITING_MAX, usize::MAX)?,
            _checkpointer: checkpointer,
            writer,
            files,
            _lock: lock,
        })
    }

    /// Why the store stopped writing, once the disk has failed: it takes no further write until it is opened
    /// again, because what a failed fsync lost is not known. The process should end.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        self.writer.failure()
    }

    fn read<R: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Reader) -> Result<R, StoreError> + Send + 'static,
    ) -> BoxFuture<'static, Result<R, StoreError>> {
        self.readers.run(0, read)
    }
}

impl Store for EmbeddedStore {
    fn commit(&self, partition: Partition, batch: Batch) -> BoxFuture<'static, Result<(), StoreError>> {
        let answers = self.commit_each(vec![(partition, batch)]);
        async move { answers.await.pop().unwrap_or_else(|| Err(stopped())) }.boxed()
    }

    fn commit_each(
        &self,
        commits: Vec<(Partition, Batch)>,
    ) -> BoxFuture<'static, Vec<Result<(), StoreError>>> {
        self.writer.place(Work::Commits(commits))
    }

    fn get(&self, partition: Partition, key: Bytes) -> BoxFuture<'_, Result<Option<Bytes>, StoreError>> {
        self.read(move |reader| reader.get(partition, &key))
    }

    fn get_many(
        &self,
        partition: Partition,
        keys: Vec<Bytes>,
    ) -> BoxFuture<'_, Result<Vec<Option<Bytes>>, StoreError>> {
        self.read(move |reader| reader.get_many(partition, &keys))
    }

    fn scan(
        &self,
        partition: Partition,
        range: Range<Bytes>,
        limit: usize,
        direction: Direction,
    ) -> BoxFuture<'_, Result<Vec<(Bytes, Bytes)>, StoreError>> {
        let limit = limit.min(SCAN_LIMIT_MAX);
        self.read(move |reader| reader.scan(partition, &range, limit, direction))
    }

    fn partitions(
        &self,
        after: Option<Partition>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<Partition>, StoreError>> {
        self.read(move |reader| reader.partitions(after, limit))
    }

    fn put_blob(
        &self,
        partition: Partition,
        key: BlobKey,
        bytes: Bytes,
    ) -> BoxFuture<'_, Result<(), StoreError>> {
        if bytes.len() <= INLINE_BLOB_BYTES_MAX {
            return self.commit(partition, Batch { blobs: vec![(key, bytes)], ..Batch::default() });
        }
        let files = self.files.clone();
        let weight = bytes.len();
        let written = self.file_writers.run(weight, move |()| files.write_new(partition, key, &bytes));
        async move {
            let new = written.await?;
            self.writer.place(Work::Adopt(new)).await.pop().unwrap_or_else(|| Err(stopped()))
        }
        .boxed()
    }

    fn get_blob(
        &self,
        partition: Partition,
        key: BlobKey,
        range: Range<u64>,
    ) -> BoxFuture<'_, Result<Option<Bytes>, StoreError>> {
        let files = self.files.clone();
        self.read(move |reader| reader.blob(&files, partition, key, &range))
    }

    fn erase(&self, partition: Partition) -> BoxFuture<'_, Result<(), StoreError>> {
        let answers = self.writer.place(Work::Erase(partition));
        async move { answers.await.pop().unwrap_or_else(|| Err(stopped())) }.boxed()
    }

    fn verify(&self) -> BoxFuture<'_, Result<Vec<String>, StoreError>> {
        let files = self.files.clone();
        self.read(move |reader| verify::verify(reader, &files))
    }
}
