//! Reads on one connection. Each sees one state of the store, and every commit that was answered before it.

use crate::error::from_sqlite;
use crate::files::BlobFiles;
use crate::schema;
use bytes::Bytes;
use caliopen_store::{BlobKey, Direction, Partition, StoreError};
use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row};
use std::ops::Range;
use std::path::Path;

const GET: &str = "SELECT value FROM kv WHERE partition = ? AND key = ?";
const FORWARD: &str =
    "SELECT key, value FROM kv WHERE partition = ? AND key >= ? AND key < ? ORDER BY key LIMIT ?";
const BACKWARD: &str =
    "SELECT key, value FROM kv WHERE partition = ? AND key >= ? AND key < ? ORDER BY key DESC LIMIT ?";
const FIRST_PARTITION: &str = "SELECT partition FROM kv ORDER BY partition LIMIT 1";
const NEXT_PARTITION: &str = "SELECT partition FROM kv WHERE partition > ? ORDER BY partition LIMIT 1";
// SQLite counts from 1, and cuts at the end by itself.
const BLOB_PART: &str =
    "SELECT substr(bytes, ?3, ?4), file_bytes FROM blob WHERE partition = ?1 AND key = ?2";

/// Where a blob's bytes are.
enum BlobPlace {
    Row(Bytes),
    File,
}

pub(crate) struct Reader {
    connection: Connection,
}

impl Reader {
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        schema::open_reader(path).map(|connection| Self { connection })
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(crate) fn get(&mut self, partition: Partition, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        get(&mut self.statement(GET)?, partition, key).map_err(from_sqlite)
    }

    pub(crate) fn get_many(
        &mut self,
        partition: Partition,
        keys: &[Bytes],
    ) -> Result<Vec<Option<Bytes>>, StoreError> {
        // The transaction keeps all reads on one state. It reads only: dropping it gives nothing up.
        let _state = self.connection.unchecked_transaction().map_err(from_sqlite)?;
        let mut statement = self.statement(GET)?;
        keys.iter()
            .map(|key| get(&mut statement, partition, key))
            .collect::<Result<_, _>>()
            .map_err(from_sqlite)
    }

    pub(crate) fn scan(
        &mut self,
        partition: Partition,
        range: &Range<Bytes>,
        limit: usize,
        direction: Direction,
    ) -> Result<Vec<(Bytes, Bytes)>, StoreError> {
        let sql = match direction {
            Direction::Forward => FORWARD,
            Direction::Backward => BACKWARD,
        };
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let bounds = (partition.0, range.start.as_ref(), range.end.as_ref(), limit);
        self.statement(sql)?
            .query_map(bounds, |row| Ok((bytes(row, 0)?, bytes(row, 1)?)))
            .and_then(Iterator::collect)
            .map_err(from_sqlite)
    }

    /// One seek for each partition, however many keys it has.
    pub(crate) fn partitions(
        &mut self,
        after: Option<Partition>,
        limit: usize,
    ) -> Result<Vec<Partition>, StoreError> {
        let mut found = Vec::new();
        let mut last = after;
        while found.len() < limit {
            let next = match last {
                None => self.statement(FIRST_PARTITION)?.query_row((), |row| row.get(0)).optional(),
                Some(last) => {
                    self.statement(NEXT_PARTITION)?.query_row((last.0,), |row| row.get(0)).optional()
                }
            };
            let Some(partition) = next.map_err(from_sqlite)?.map(Partition) else { break };
            found.push(partition);
            last = Some(partition);
        }
        Ok(found)
    }

    pub(crate) fn blob(
        &mut self,
        files: &BlobFiles,
        partition: Partition,
        key: BlobKey,
        range: &Range<u64>,
    ) -> Result<Option<Bytes>, StoreError> {
        match self.blob_place(partition, key, range)? {
            None => Ok(None),
            Some(BlobPlace::Row(part)) => Ok(Some(part)),
            Some(BlobPlace::File) => match files.read(partition, key, range)? {
                Some(part) => Ok(Some(part)),
                // It may have been removed between the row and the file.
                None => match self.blob_place(partition, key, range)? {
                    None => Ok(None),
                    Some(_) => Err(StoreError::Damaged("the file of a large blob is missing".to_owned())),
                },
            },
        }
    }

    fn blob_place(
        &self,
        partition: Partition,
        key: BlobKey,
        range: &Range<u64>,
    ) -> Result<Option<BlobPlace>, StoreError> {
        // Positions beyond SQLite's integers are beyond any blob.
        let position = i64::try_from(range.start.saturating_add(1)).unwrap_or(i64::MAX);
        let length = i64::try_from(range.end.saturating_sub(range.start)).unwrap_or(i64::MAX);
        let place = |row: &Row<'_>| match row.get_ref(1)? {
            ValueRef::Null => bytes(row, 0).map(BlobPlace::Row),
            _ => Ok(BlobPlace::File),
        };
        self.statement(BLOB_PART)?
            .query_row((partition.0, key.0, position, length), place)
            .optional()
            .map_err(from_sqlite)
    }

    fn statement(&self, sql: &str) -> Result<CachedStatement<'_>, StoreError> {
        self.connection.prepare_cached(sql).map_err(from_sqlite)
    }
}

fn get(
    statement: &mut CachedStatement<'_>,
    partition: Partition,
    key: &[u8],
) -> rusqlite::Result<Option<Bytes>> {
    statement.query_row((partition.0, key), |row| bytes(row, 0)).optional()
}

fn bytes(row: &Row<'_>, column: usize) -> rusqlite::Result<Bytes> {
    // An empty `substr` of a blob is an empty blob, never NULL, as long as the row has bytes.
    Ok(Bytes::copy_from_slice(row.get_ref(column)?.as_blob()?))
}
