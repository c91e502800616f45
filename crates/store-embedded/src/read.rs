//! Reads on one connection. Each sees one state of the store, and every commit that was answered before it.

use crate::error::from_sqlite;
use crate::files::BlobFiles;
use crate::schema;
use bytes::Bytes;
use caliopen_store::{BlobKey, Direction, Partition, StoreError};
use rusqlite::{CachedStatement, Connection, OptionalExtension, Params, Row};
use std::ops::Range;
use std::path::Path;

const NUMBER: &str = "SELECT number FROM partition WHERE name = ?";
const GET: &str = "SELECT value FROM kv WHERE partition = ? AND key = ?";
const GET_BY_NAME: &str =
    "SELECT value FROM kv WHERE partition = (SELECT number FROM partition WHERE name = ?) AND key = ?";
const FORWARD: &str = "SELECT key, value FROM kv
    WHERE partition = (SELECT number FROM partition WHERE name = ?) AND key >= ? AND key < ?
    ORDER BY key LIMIT ?";
const BACKWARD: &str = "SELECT key, value FROM kv
    WHERE partition = (SELECT number FROM partition WHERE name = ?) AND key >= ? AND key < ?
    ORDER BY key DESC LIMIT ?";
const PARTITIONS: &str = "SELECT name FROM partition
    WHERE name > ? AND EXISTS (SELECT 1 FROM kv WHERE kv.partition = partition.number)
    ORDER BY name LIMIT ?";
const PARTS: &str = "SELECT blob.parts, part.bytes
    FROM blob LEFT JOIN part ON part.number >= blob.place AND part.number < blob.place + blob.parts
    WHERE blob.partition = (SELECT number FROM partition WHERE name = ?) AND blob.key = ?
    ORDER BY part.number";

/// Where a blob is.
enum Found {
    Nowhere,
    /// All of its bytes.
    Here(Vec<u8>),
    InFile,
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
        get(&mut self.statement(GET_BY_NAME)?, (partition.0, key)).map_err(from_sqlite)
    }

    pub(crate) fn get_many(
        &mut self,
        partition: Partition,
        keys: &[Bytes],
    ) -> Result<Vec<Option<Bytes>>, StoreError> {
        // The transaction keeps all reads on one state. It reads only: dropping it gives nothing up.
        let _state = self.connection.unchecked_transaction().map_err(from_sqlite)?;
        let number: Option<i64> = self
            .statement(NUMBER)?
            .query_row((partition.0,), |row| row.get(0))
            .optional()
            .map_err(from_sqlite)?;
        let mut statement = self.statement(GET)?;
        let mut value = |key: &Bytes| get(&mut statement, (number, key.as_ref()));
        keys.iter().map(&mut value).collect::<Result<_, _>>().map_err(from_sqlite)
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

    pub(crate) fn partitions(
        &mut self,
        after: Option<Partition>,
        limit: usize,
    ) -> Result<Vec<Partition>, StoreError> {
        // Names are sixteen bytes: all of them are greater than none.
        let after = after.as_ref().map_or(&[] as &[u8], |partition| &partition.0);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.statement(PARTITIONS)?
            .query_map((after, limit), |row| row.get(0).map(Partition))
            .and_then(Iterator::collect)
            .map_err(from_sqlite)
    }

    pub(crate) fn blob(
        &mut self,
        files: &BlobFiles,
        partition: Partition,
        key: BlobKey,
        range: &Range<u64>,
    ) -> Result<Option<Bytes>, StoreError> {
        match self.find(partition, key)? {
            Found::Nowhere => Ok(None),
            Found::Here(blob) => Ok(Some(cut(blob.into(), range))),
            Found::InFile => match files.read(partition, key, range)? {
                Some(part) => Ok(Some(part)),
                // It may have been removed between the row and the file.
                None => match self.find(partition, key)? {
                    Found::InFile => {
                        Err(StoreError::Damaged("the file of a large blob is missing".to_owned()))
                    }
                    Found::Here(_) | Found::Nowhere => Ok(None),
                },
            },
        }
    }

    fn find(&self, partition: Partition, key: BlobKey) -> Result<Found, StoreError> {
        let mut statement = self.statement(PARTS)?;
        let mut rows = statement.query((partition.0, key.0)).map_err(from_sqlite)?;
        let mut found = Found::Nowhere;
        while let Some(row) = rows.next().map_err(from_sqlite)? {
            let parts: i64 = row.get(0).map_err(from_sqlite)?;
            if parts == 0 {
                return Ok(Found::InFile);
            }
            let part = row.get_ref(1).and_then(|part| Ok(part.as_blob()?)).map_err(from_sqlite)?;
            match &mut found {
                Found::Here(blob) => blob.extend_from_slice(part),
                Found::Nowhere | Found::InFile => found = Found::Here(part.to_vec()),
            }
        }
        Ok(found)
    }

    fn statement(&self, sql: &str) -> Result<CachedStatement<'_>, StoreError> {
        self.connection.prepare_cached(sql).map_err(from_sqlite)
    }
}

fn get(statement: &mut CachedStatement<'_>, place: impl Params) -> rusqlite::Result<Option<Bytes>> {
    statement.query_row(place, |row| bytes(row, 0)).optional()
}

fn bytes(row: &Row<'_>, column: usize) -> rusqlite::Result<Bytes> {
    Ok(Bytes::copy_from_slice(row.get_ref(column)?.as_blob()?))
}

fn cut(blob: Bytes, range: &Range<u64>) -> Bytes {
    let end = usize::try_from(range.end).unwrap_or(usize::MAX).min(blob.len());
    let start = usize::try_from(range.start).unwrap_or(usize::MAX).min(end);
    blob.slice(start..end)
}
