//! The database: its tables, its marks, and how connections to it are set.
//!
//! Keys and values are one table in the order of the promise. A partition has a short number there: its sixteen
//! bytes would stand in every row. Small blobs are appended to another table (arena). Each blob, small or large,
//! has a row that says where it is, so that it exists from a commit on, whatever its size. `doomed` names the
//! files of removed blobs until they are gone.
//!
//! Pages that are freed are used again; the file does not shrink.

use crate::Options;
use crate::error::{from_io, from_sqlite};
use caliopen_store::StoreError;
use rusqlite::{Connection, OpenFlags};
use std::fs::File;
use std::path::Path;
use std::time::Duration;

/// `CALI`, in the database's header: `file` and we know whose it is.
pub(crate) const APPLICATION_ID: u32 = 0x4341_4c49;
/// Rises with each change that an older program would misread.
pub(crate) const FORMAT: u32 = 1;

/// Small pages make short commits, and the arena fills them.
pub(crate) const PAGE_BYTES: u32 = 4 * 1024;

const TABLES: &str = "
    CREATE TABLE partition (
        number INTEGER PRIMARY KEY,
        name BLOB NOT NULL UNIQUE
    ) STRICT;
    CREATE TABLE kv (
        partition INTEGER NOT NULL,
        key BLOB NOT NULL,
        value BLOB NOT NULL,
        PRIMARY KEY (partition, key)
    ) WITHOUT ROWID, STRICT;
    -- parts > 0: that many rows of `part` from `place` on. parts = 0: a file of `place` bytes.
    CREATE TABLE blob (
        partition INTEGER NOT NULL,
        key BLOB NOT NULL,
        parts INTEGER NOT NULL,
        place INTEGER NOT NULL,
        PRIMARY KEY (partition, key)
    ) WITHOUT ROWID, STRICT;
    CREATE TABLE part (
        number INTEGER PRIMARY KEY,
        bytes BLOB NOT NULL
    ) STRICT;
    CREATE TABLE doomed (
        partition BLOB NOT NULL,
        key BLOB NOT NULL,
        PRIMARY KEY (partition, key)
    ) WITHOUT ROWID, STRICT;
";

/// Page caches, in KiB. They fill as they are used.
const WRITER_CACHE_KIB: u32 = 8 * 1024;
const READER_CACHE_KIB: u32 = 3 * 1024;
/// The log is cut to this length when it starts over: what stays is written over, and only what grows a file makes an
/// fsync wait for the file system's own log.
const LOG_BYTES_KEPT: u32 = 96 * 1024 * 1024;
const STATEMENTS_CACHED: usize = 32;
/// What the writer waits while the log is being emptied.
pub(crate) const LOCK_WAIT_MAX: Duration = Duration::from_secs(60);

/// Makes a database at a path where there is none. The caller moves it to its place when it is whole.
pub(crate) fn create(path: &Path) -> Result<(), StoreError> {
    let connection = Connection::open(path).map_err(from_sqlite)?;
    let script = format!(
        "PRAGMA page_size = {PAGE_BYTES};
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         BEGIN;
         PRAGMA application_id = {APPLICATION_ID};
         PRAGMA user_version = {FORMAT};
         {TABLES}
         COMMIT;
         PRAGMA wal_checkpoint(TRUNCATE);"
    );
    connection.execute_batch(&script).map_err(from_sqlite)?;
    connection.close().map_err(|(_, error)| from_sqlite(error))
}

/// The one connection that changes rows.
pub(crate) fn open_writer(path: &Path, options: Options) -> Result<Connection, StoreError> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE, WRITER_CACHE_KIB)?;
    // 2³² − 2 pages is SQLite's own bound, and asks for nothing.
    let pages_max = options.pages_max.unwrap_or(u32::MAX - 1);
    // NORMAL leaves the fsync of each commit to the syncer, and keeps those that a copy of the log needs.
    let script = format!(
        "PRAGMA synchronous = NORMAL;
         PRAGMA wal_autocheckpoint = 0;
         PRAGMA journal_size_limit = {LOG_BYTES_KEPT};
         PRAGMA secure_delete = FAST;
         PRAGMA max_page_count = {pages_max};"
    );
    connection.execute_batch(&script).map_err(from_sqlite)?;
    connection.busy_timeout(LOCK_WAIT_MAX).map_err(from_sqlite)?;
    Ok(connection)
}

/// The write-ahead log of an open database, to make it durable. SQLite keeps this one file as long as anybody has the
/// database open.
pub(crate) fn open_log(path: &Path) -> Result<File, StoreError> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    File::open(log).map_err(|error| from_io("the log cannot be opened", &error))
}

/// The connection that copies the log into the database.
pub(crate) fn open_checkpointer(path: &Path) -> Result<Connection, StoreError> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE, 64)?;
    // While a reader holds the log, emptying it must not hold up the writer.
    connection.busy_timeout(Duration::ZERO).map_err(from_sqlite)?;
    connection.execute_batch("PRAGMA synchronous = FULL").map_err(from_sqlite)?;
    Ok(connection)
}

/// A connection that reads.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    open(path, OpenFlags::SQLITE_OPEN_READ_ONLY, READER_CACHE_KIB)
}

fn open(path: &Path, access: OpenFlags, cache_kib: u32) -> Result<Connection, StoreError> {
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(from_sqlite)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_CACHED);
    let script = format!("PRAGMA cache_size = -{cache_kib}; PRAGMA temp_store = MEMORY;");
    connection.execute_batch(&script).map_err(from_sqlite)?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    #[test]
    fn sqlite_is_told_that_it_may_leave_the_times_of_a_file() {
        let flags = option_env!("LIBSQLITE3_FLAGS").unwrap_or_default();
        assert!(flags.contains("-DHAVE_FDATASYNC"), "see .cargo/config.toml");
    }
}
