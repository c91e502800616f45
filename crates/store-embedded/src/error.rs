//! SQLite's and the file system's errors in the words of the promise.

use caliopen_store::StoreError;
use rusqlite::ErrorCode;
use std::io;

/// The log's index could not grow: the disk is full, and nothing was written.
const SQLITE_IOERR_SHMSIZE: i32 = rusqlite::ffi::SQLITE_IOERR_SHMSIZE;

pub(crate) fn from_sqlite(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error() {
        Some(cause) if cause.code == ErrorCode::DiskFull || cause.extended_code == SQLITE_IOERR_SHMSIZE => {
            StoreError::Full
        }
        Some(cause) if matches!(cause.code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            StoreError::Damaged(error.to_string())
        }
        _ => StoreError::Failed(error.to_string()),
    }
}

pub(crate) fn from_io(doing: &str, error: &io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full,
        _ => StoreError::Failed(format!("{doing}: {error}")),
    }
}

/// What the ones hear whose work was not answered because its thread is gone.
pub(crate) fn stopped() -> StoreError {
    StoreError::Failed("the store was closed or its thread has ended".to_owned())
}

/// The same answer for another who waits.
pub(crate) fn again(error: &StoreError) -> StoreError {
    match error {
        StoreError::Expectation => StoreError::Expectation,
        StoreError::Full => StoreError::Full,
        StoreError::TooLarge { what, bytes, limit } => {
            StoreError::TooLarge { what, bytes: *bytes, limit: *limit }
        }
        StoreError::Version { found, known } => StoreError::Version { found: *found, known: *known },
        StoreError::Damaged(cause) => StoreError::Damaged(cause.clone()),
        StoreError::Failed(cause) => StoreError::Failed(cause.clone()),
    }
}
