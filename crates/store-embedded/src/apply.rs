//! One piece of work inside the writer's transaction.

use crate::files::NewFile;
use bytes::Bytes;
use caliopen_store::{Batch, BlobKey, Expect, Partition, StoreError};
use rusqlite::{Connection, OptionalExtension, Params};

const VALUE: &str = "SELECT value FROM kv WHERE partition = ? AND key = ?";
const PUT: &str = "REPLACE INTO kv (partition, key, value) VALUES (?, ?, ?)";
const DELETE: &str = "DELETE FROM kv WHERE partition = ? AND key = ?";
const PUT_BLOB: &str = "INSERT OR IGNORE INTO blob (partition, key, bytes) VALUES (?, ?, ?)";
const PUT_FILE: &str = "INSERT OR IGNORE INTO blob (partition, key, file_bytes) VALUES (?, ?, ?)";
const DELETE_BLOB: &str = "DELETE FROM blob WHERE partition = ? AND key = ? RETURNING file_bytes IS NOT NULL";
const DOOM: &str = "INSERT OR IGNORE INTO doomed (partition, key) VALUES (?, ?)";
const SPARE: &str = "DELETE FROM doomed WHERE partition = ? AND key = ?";
const DOOM_ALL: &str = "INSERT OR IGNORE INTO doomed (partition, key)
    SELECT partition, key FROM blob WHERE partition = ? AND file_bytes IS NOT NULL RETURNING key";
const ERASE_BLOBS: &str = "DELETE FROM blob WHERE partition = ?";
const ERASE_KEYS: &str = "DELETE FROM kv WHERE partition = ?";

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

pub(crate) fn batch(
    connection: &Connection,
    partition: Partition,
    batch: &Batch,
    steps: &mut Vec<FileStep>,
) -> Result<(), Unapplied> {
    batch.check_limits().map_err(Unapplied::Refused)?;
    for (key, expected) in &batch.expect {
        if !holds(connection, partition, key, expected)? {
            return Err(Unapplied::Refused(StoreError::Expectation));
        }
    }
    for key in &batch.deletes {
        execute(connection, DELETE, (partition.0, key.as_ref()))?;
    }
    for key in &batch.blob_deletes {
        if delete_blob(connection, partition, *key)? {
            steps.push(FileStep::Remove(partition, *key));
        }
    }
    for (key, value) in &batch.puts {
        execute(connection, PUT, (partition.0, key.as_ref(), value.as_ref()))?;
    }
    for (key, blob) in &batch.blobs {
        execute(connection, PUT_BLOB, (partition.0, key.0, blob.as_ref()))?;
    }
    Ok(())
}

pub(crate) fn adopt(
    connection: &Connection,
    new: &NewFile,
    steps: &mut Vec<FileStep>,
) -> rusqlite::Result<()> {
    let identity = (new.partition.0, new.key.0);
    let file_bytes = i64::try_from(new.file_bytes).unwrap_or(i64::MAX);
    if execute(connection, PUT_FILE, (identity.0, identity.1, file_bytes))? == 0 {
        steps.push(FileStep::Discard(new.clone()));
    } else {
        execute(connection, SPARE, identity)?;
        steps.push(FileStep::Settle(new.clone()));
    }
    Ok(())
}

pub(crate) fn erase(
    connection: &Connection,
    partition: Partition,
    steps: &mut Vec<FileStep>,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(DOOM_ALL)?;
    for key in statement.query_map((partition.0,), |row| row.get(0))? {
        steps.push(FileStep::Remove(partition, BlobKey(key?)));
    }
    execute(connection, ERASE_BLOBS, (partition.0,))?;
    execute(connection, ERASE_KEYS, (partition.0,))?;
    Ok(())
}

/// Forgets files that are gone.
pub(crate) fn bury(connection: &Connection, gone: &[(Partition, BlobKey)]) -> rusqlite::Result<()> {
    for (partition, key) in gone {
        execute(connection, SPARE, (partition.0, key.0))?;
    }
    Ok(())
}

fn holds(
    connection: &Connection,
    partition: Partition,
    key: &Bytes,
    expected: &Expect,
) -> rusqlite::Result<bool> {
    let mut statement = connection.prepare_cached(VALUE)?;
    let same = |row: &rusqlite::Row<'_>| {
        Ok(match expected {
            Expect::Absent => false,
            Expect::Value(value) => row.get_ref(0)?.as_blob()? == value.as_ref(),
        })
    };
    let found = statement.query_row((partition.0, key.as_ref()), same).optional()?;
    Ok(found.unwrap_or(matches!(expected, Expect::Absent)))
}

/// Whether the blob had a file, which is now doomed.
fn delete_blob(connection: &Connection, partition: Partition, key: BlobKey) -> rusqlite::Result<bool> {
    let mut statement = connection.prepare_cached(DELETE_BLOB)?;
    let had_file: Option<bool> = statement.query_row((partition.0, key.0), |row| row.get(0)).optional()?;
    if had_file == Some(true) {
        execute(connection, DOOM, (partition.0, key.0))?;
    }
    Ok(had_file == Some(true))
}

fn execute(connection: &Connection, sql: &str, parameters: impl Params) -> rusqlite::Result<usize> {
    connection.prepare_cached(sql)?.execute(parameters)
}
