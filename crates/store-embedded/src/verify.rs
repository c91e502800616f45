//! Reading everything: SQLite's own check of its pages and indexes, then each large blob's row against its file.

use crate::error::{from_io, from_sqlite};
use crate::files::{BlobFiles, file_bytes, parse_name};
use crate::read::Reader;
use caliopen_store::{BlobKey, Partition, StoreError};
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;

/// Sentences of one kind that are told; a store that is broken all over needs no more.
const FINDINGS_MAX: usize = 100;
const SOUND: &str = "ok";

pub(crate) fn verify(reader: &Reader, files: &BlobFiles) -> Result<Vec<String>, StoreError> {
    let connection = reader.connection();
    let mut findings = check_pages(connection)?;
    if findings.is_empty() {
        findings.extend(check_parts(connection)?);
        findings.extend(check_rows(connection, files)?);
        findings.extend(check_files(connection, files)?);
    }
    Ok(findings)
}

fn check_pages(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement =
        connection.prepare(&format!("PRAGMA integrity_check({FINDINGS_MAX})")).map_err(from_sqlite)?;
    let lines = statement.query_map((), |row| row.get::<_, String>(0)).map_err(from_sqlite)?;
    let mut findings = Vec::new();
    for line in lines {
        match line {
            Ok(line) if line == SOUND => {}
            Ok(line) => findings.push(format!("the database is damaged: {line}")),
            // A page that cannot be walked ends the check, and is its finding.
            Err(error) => {
                findings.push(format!("the database is damaged: {error}"));
                break;
            }
        }
    }
    Ok(findings)
}

/// The rows of small blobs name as many parts as there are.
fn check_parts(connection: &Connection) -> Result<Option<String>, StoreError> {
    let sql = "SELECT (SELECT coalesce(sum(parts), 0) FROM blob), (SELECT count(*) FROM part)";
    let (named, there): (i64, i64) =
        connection.query_row(sql, (), |row| Ok((row.get(0)?, row.get(1)?))).map_err(from_sqlite)?;
    Ok((named != there).then(|| format!("the blobs name {named} parts, the database has {there}")))
}

/// Each row of a large blob has a file of its length.
fn check_rows(connection: &Connection, files: &BlobFiles) -> Result<Vec<String>, StoreError> {
    let mut statement = connection
        .prepare(
            "SELECT name, key, place FROM blob JOIN partition ON partition.number = blob.partition
             WHERE parts = 0",
        )
        .map_err(from_sqlite)?;
    let rows = statement
        .query_map((), |row| {
            Ok((Partition(row.get(0)?), BlobKey(row.get(1)?), row.get::<_, i64>(2)?.unsigned_abs()))
        })
        .map_err(from_sqlite)?;
    let mut findings = Vec::new();
    for row in rows {
        let (partition, key, expected) = row.map_err(from_sqlite)?;
        let path = files.path(partition, key);
        let finding = match fs::metadata(&path) {
            Ok(file) if file.len() == expected => continue,
            Ok(file) => format!("{} has {} bytes, not {expected}", path.display(), file.len()),
            Err(error) => format!("{}: {error}", path.display()),
        };
        // What is being written or removed at this moment looks the same: it is not, on a second look.
        if file_bytes(connection, partition, key)? == Some(expected)
            && fs::metadata(&path).is_ok_and(|file| file.len() == expected)
        {
            continue;
        }
        findings.push(finding);
        if findings.len() == FINDINGS_MAX {
            break;
        }
    }
    Ok(findings)
}

/// Each file has a row: another one takes room, and may be mail that was to be gone.
fn check_files(connection: &Connection, files: &BlobFiles) -> Result<Vec<String>, StoreError> {
    let failed = |error| from_io("the folder of blobs cannot be read", &error);
    let mut findings = BTreeSet::new();
    for folder in fs::read_dir(files.folder()).map_err(failed)? {
        let folder = folder.map_err(failed)?.path();
        if folder.file_name() == Some(OsStr::new("new")) {
            continue;
        }
        for file in fs::read_dir(&folder).map_err(failed)? {
            let path = file.map_err(failed)?.path();
            let known = match parse_name(&path) {
                Some((partition, key)) => {
                    path == files.path(partition, key) && file_bytes(connection, partition, key)?.is_some()
                }
                None => false,
            };
            // A file that is removed right now has lost its row first.
            if !known && path.exists() && findings.len() < FINDINGS_MAX {
                findings.insert(format!("{} belongs to no blob", path.display()));
            }
        }
    }
    Ok(findings.into_iter().collect())
}
