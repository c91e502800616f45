//! One piece of work inside the writer's transaction.

use crate::arena::Arena;
use crate::files::NewFile;
use bytes::Bytes;
use caliopen_store::{Batch, BlobKey, Expect, Partition, StoreError};
use rusqlite::{Connection, OptionalExtension, Params, Row};

const NUMBER: &str = "SELECT number FROM partition WHERE name = ?";
const ENTER: &str = "INSERT INTO partition (name) VALUES (?) RETURNING number";
const LEAVE: &str = "DELETE FROM partition WHERE number = ?";
const VALUE: &str = "SELECT value FROM kv WHERE partition = ? AND key = ?";
const PUT: &str = "REPLACE INTO kv (partition, key, value) VALUES (?, ?, ?)";
const DELETE: &str = "DELETE FROM kv WHERE partition = ? AND key = ?";
const ERASE_KEYS: &str = "DELETE FROM kv WHERE partition = ?";
const BLOB: &str = "SELECT 1 FROM blob WHERE partition = ? AND key = ?";
const PUT_BLOB: &str = "INSERT INTO blob (partition, key, parts, place) VALUES (?, ?, ?, ?)";
const DELETE_BLOB: &str = "DELETE FROM blob WHERE partition = ? AND key = ? RETURNING key, parts, place";
const ERASE_BLOBS: &str = "DELETE FROM blob WHERE partition = ? RETURNING key, parts, place";
const DELETE_PARTS: &str = "DELETE FROM part WHERE number >= ? AND number < ?";
const DOOM: &str = "INSERT OR IGNORE INTO doomed (partition, key) VALUES (?, ?)";
const SPARE: &str = "DELETE FROM doomed WHERE partition = ? AND key = ?";

/// Why a piece of work was not applied.
pub(crate) enum Unapplied {
    /// It changed nothing; the rest of the group goes on.
    Refused(StoreError),
    /// The transaction is spoilt.
    Broken(rusqlite::Error),
}

impl From<rusqlite::Error> for Unapplied {
    fn from(error: rusqlite::Error) -> Self {
        Self::Broken(error)
    }
}

/// What is done to a file once the transaction is durable, in the order of the work.
pub(crate) enum FileStep {
    /// Moved to its place.
    Settle(NewFile),
    /// The key has a blob already, which stays.
    Discard(NewFile),
    /// Removed from its place.
    Remove(Partition, BlobKey),
}

/// The tables inside the transaction, and what is to be done to files after it.
pub(crate) struct Transaction<'a> {
    pub(crate) connection: &'a Connection,
    pub(crate) arena: &'a mut Arena,
    pub(crate) steps: Vec<FileStep>,
}

/// A blob's row, as it was removed.
type RemovedBlob = (BlobKey, i64, i64);

impl Transaction<'_> {
    pub(crate) fn batch(&mut self, name: Partition, batch: &Batch) -> Result<(), Unapplied> {
        batch.check_limits().map_err(Unapplied::Refused)?;
        let known = self.known(name)?;
        for (key, expected) in &batch.expect {
            if !self.holds(known, key, expected)? {
                return Err(Unapplied::Refused(StoreError::Expectation));
            }
        }
        let number = match known {
            Some(number) => number,
            None => self.enter(name)?,
        };
        for key in &batch.deletes {
            self.execute(DELETE, (number, key.as_ref()))?;
        }
        for key in &batch.blob_deletes {
            let removed = self.removed(DELETE_BLOB, (number, key.0))?;
            self.clear(name, removed)?;
        }
        for (key, value) in &batch.puts {
            self.execute(PUT, (number, key.as_ref(), value.as_ref()))?;
        }
        for (key, blob) in &batch.blobs {
            if !self.has_blob(number, *key)? {
                let parts = self.arena.append(self.connection, blob)?;
                self.execute(PUT_BLOB, (number, key.0, parts.count, parts.first))?;
            }
        }
        Ok(())
    }

    /// Gives a large blob its row.
    pub(crate) fn adopt(&mut self, new: &NewFile) -> rusqlite::Result<()> {
        let number = match self.known(new.partition)? {
            Some(number) => number,
            None => self.enter(new.partition)?,
        };
        if self.has_blob(number, new.key)? {
            self.steps.push(FileStep::Discard(new.clone()));
            return Ok(());
        }
        let file_bytes = i64::try_from(new.file_bytes).unwrap_or(i64::MAX);
        self.execute(PUT_BLOB, (number, new.key.0, 0, file_bytes))?;
        self.bury(new.partition, new.key)?;
        self.steps.push(FileStep::Settle(new.clone()));
        Ok(())
    }

    pub(crate) fn erase(&mut self, name: Partition) -> rusqlite::Result<()> {
        let Some(number) = self.known(name)? else { return Ok(()) };
        let removed = self.removed(ERASE_BLOBS, (number,))?;
        self.clear(name, removed)?;
        self.execute(ERASE_KEYS, (number,))?;
        self.execute(LEAVE, (number,))?;
        Ok(())
    }

    /// Forgets a doomed file: it is gone, or has become another blob's.
    pub(crate) fn bury(&self, partition: Partition, key: BlobKey) -> rusqlite::Result<()> {
        self.execute(SPARE, (partition.0, key.0)).map(drop)
    }

    fn known(&self, name: Partition) -> rusqlite::Result<Option<i64>> {
        self.connection.prepare_cached(NUMBER)?.query_row((name.0,), |row| row.get(0)).optional()
    }

    fn enter(&self, name: Partition) -> rusqlite::Result<i64> {
        self.connection.prepare_cached(ENTER)?.query_row((name.0,), |row| row.get(0))
    }

    fn holds(&self, number: Option<i64>, key: &Bytes, expected: &Expect) -> rusqlite::Result<bool> {
        let same = |row: &Row<'_>| {
            Ok(match expected {
                Expect::Absent => false,
                Expect::Value(value) => row.get_ref(0)?.as_blob()? == value.as_ref(),
            })
        };
        let found =
            self.connection.prepare_cached(VALUE)?.query_row((number, key.as_ref()), same).optional()?;
        Ok(found.unwrap_or(matches!(expected, Expect::Absent)))
    }

    fn has_blob(&self, number: i64, key: BlobKey) -> rusqlite::Result<bool> {
        self.connection.prepare_cached(BLOB)?.exists((number, key.0))
    }

    fn removed(&self, sql: &str, parameters: impl Params) -> rusqlite::Result<Vec<RemovedBlob>> {
        let read = |row: &Row<'_>| Ok((BlobKey(row.get(0)?), row.get(1)?, row.get(2)?));
        self.connection.prepare_cached(sql)?.query_map(parameters, read)?.collect()
    }

    /// Removes what the rows of removed blobs named.
    fn clear(&mut self, name: Partition, removed: Vec<RemovedBlob>) -> rusqlite::Result<()> {
        for (key, parts, place) in removed {
            if parts > 0 {
                self.execute(DELETE_PARTS, (place, place + parts))?;
            } else {
                self.execute(DOOM, (name.0, key.0))?;
                self.steps.push(FileStep::Remove(name, key));
            }
        }
        Ok(())
    }

    fn execute(&self, sql: &str, parameters: impl Params) -> rusqlite::Result<usize> {
        self.connection.prepare_cached(sql)?.execute(parameters)
    }
}
