//! The folder at start: who may open it, and whether what is in it is ours and whole. Quick: it reads a header.

use crate::error::from_io;
use crate::files::BLOBS;
use crate::schema::{self, APPLICATION_ID, FORMAT};
use caliopen_store::StoreError;
use std::fs::{self, File, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

const DATABASE: &str = "store.sqlite";
const LOG: &str = "store.sqlite-wal";
/// A database that is being made. What a crash left of one is thrown away: nothing was ever promised on it.
const UNFINISHED: &str = "store.sqlite.new";
const UNFINISHED_LOG: &str = "store.sqlite.new-wal";
const UNFINISHED_INDEX: &str = "store.sqlite.new-shm";

/// Held while the store is open; the system releases it when the process ends, however it ends.
pub(crate) struct FolderLock {
    _file: File,
}

impl FolderLock {
    pub(crate) fn take(folder: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(folder).map_err(|error| {
            from_io(&format!("the data folder {} cannot be made", folder.display()), &error)
        })?;
        let path = folder.join("lock");
        let doing = format!("{} cannot be opened", path.display());
        let file = File::create(&path).map_err(|error| from_io(&doing, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Failed(format!(
                "the data folder {} is open in another process; stop that one first",
                folder.display()
            ))),
            Err(TryLockError::Error(error)) => Err(from_io(&doing, &error)),
        }
    }
}

/// The path of a database that looks whole. Makes a new one when the folder holds nothing of a store.
pub(crate) fn prepare(folder: &Path) -> Result<PathBuf, StoreError> {
    let database = folder.join(DATABASE);
    match File::open(&database) {
        Ok(file) => check_header(file, log_bytes(folder)).map(|()| database),
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(folder, database),
        Err(error) => Err(from_io(&format!("{} cannot be read", database.display()), &error)),
    }
}

fn make(folder: &Path, database: PathBuf) -> Result<PathBuf, StoreError> {
    if log_bytes(folder) > 0 || folder.join(BLOBS).exists() {
        // Starting empty here would bury what is left of a store.
        return Err(StoreError::Damaged(format!(
            "{} is missing, the rest of the store is there",
            database.display()
        )));
    }
    let unfinished = folder.join(UNFINISHED);
    for name in [UNFINISHED, UNFINISHED_LOG, UNFINISHED_INDEX] {
        match fs::remove_file(folder.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(from_io("what a crash left cannot be removed", &error));
            }
            _ => {}
        }
    }
    schema::create(&unfinished)?;
    fs::rename(&unfinished, &database)
        .and_then(|()| File::open(folder)?.sync_all())
        .map_err(|error| from_io("a new store cannot be put in its place", &error))?;
    Ok(database)
}

fn log_bytes(folder: &Path) -> u64 {
    fs::metadata(folder.join(LOG)).map_or(0, |log| log.len())
}

/// Reads SQLite's header (100 bytes, "Database File Format" §1.3).
fn check_header(mut file: File, log_bytes: u64) -> Result<(), StoreError> {
    let damaged = |what: &str| StoreError::Damaged(what.to_owned());
    let mut header = [0; 100];
    file.read_exact(&mut header).map_err(|_| damaged("the database is shorter than its header"))?;
    if !header.starts_with(b"SQLite format 3\0") {
        return Err(damaged("the database does not start like one"));
    }
    let number = |offset: usize| {
        let bytes = header.get(offset..).and_then(|rest| rest.first_chunk());
        u32::from_be_bytes(*bytes.unwrap_or(&[0; 4]))
    };
    if number(68) != APPLICATION_ID {
        return Err(damaged("the database belongs to another program"));
    }
    if number(60) != FORMAT {
        return Err(StoreError::Version { found: number(60), known: FORMAT });
    }
    // With a log that waits to be copied, the file may rightly be shorter than its header says.
    let page_bytes = u64::from(number(16) >> 16);
    let expected = page_bytes * u64::from(number(28));
    let length = file.metadata().map_err(|error| from_io("the database cannot be measured", &error))?.len();
    if log_bytes == 0 && length < expected {
        return Err(damaged("the database was cut short"));
    }
    Ok(())
}
