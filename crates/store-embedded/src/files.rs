//! Large blobs, a file each.
//!
//! On its way in, a blob is written to `blobs/new` and fsynced; the writer's transaction gives it its row, and
//! only then is it moved to its place. On its way out, the transaction takes the row and names the file as
//! doomed, and then the file goes. A crash between two steps leaves enough to finish them at the next start, and
//! all of them but the first happen on the threads of the commits, in their order.

use crate::error::{from_io, from_sqlite};
use bytes::Bytes;
use caliopen_store::{BlobKey, Partition, StoreError};
use rusqlite::{Connection, OptionalExtension};
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub(crate) const BLOBS: &str = "blobs";
const NEW: &str = "new";

/// A large blob that is durable in `blobs/new` and waits for its row.
#[derive(Clone)]
pub(crate) struct NewFile {
    pub(crate) partition: Partition,
    pub(crate) key: BlobKey,
    pub(crate) file_bytes: u64,
    pub(crate) path: PathBuf,
}

/// The folder of large blobs.
#[derive(Clone)]
pub(crate) struct BlobFiles {
    folder: PathBuf,
    /// Two writers of one key must not share a file on its way in.
    written: Arc<AtomicU64>,
}

impl BlobFiles {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.join(BLOBS), written: Arc::default() }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where a blob's file stands. The last byte of the key chooses among 256 folders: keys are ordered by
    /// time, so the first ones would all fall into one.
    pub(crate) fn path(&self, partition: Partition, key: BlobKey) -> PathBuf {
        let [.., last] = key.0;
        self.folder.join(hex(&[last])).join(name(partition, key))
    }

    /// Writes a blob to `blobs/new`, durably.
    pub(crate) fn write_new(
        &self,
        partition: Partition,
        key: BlobKey,
        bytes: &[u8],
    ) -> Result<NewFile, StoreError> {
        let folder = self.folder.join(NEW);
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("{}-{number}", name(partition, key)));
        let written = write_durably(&folder, &path, bytes);
        if let Err(error) = written {
            // Half a file is swept at the next start if it cannot be removed now.
            let _ = fs::remove_file(&path);
            return Err(from_io("a large blob cannot be written", &error));
        }
        Ok(NewFile { partition, key, file_bytes: bytes.len() as u64, path })
    }

    /// Moves a blob to its place. It has its row.
    pub(crate) fn settle(&self, new: &NewFile) -> io::Result<()> {
        self.settle_at(&new.path, &self.path(new.partition, new.key))
    }

    fn settle_at(&self, from: &Path, to: &Path) -> io::Result<()> {
        match fs::rename(from, to) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                fs::create_dir_all(to.parent().unwrap_or(&self.folder))?;
                fs::rename(from, to)
            }
            other => other,
        }
    }

    /// Removes a file that has no row. It may be gone already.
    pub(crate) fn remove(path: &Path) -> io::Result<()> {
        match fs::remove_file(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    /// Reads a range, cut at the file's end. `None` when there is no such file.
    pub(crate) fn read(
        &self,
        partition: Partition,
        key: BlobKey,
        range: &Range<u64>,
    ) -> Result<Option<Bytes>, StoreError> {
        match read_range(&self.path(partition, key), range) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(from_io("a large blob cannot be read", &error)),
        }
    }

    /// Finishes what a crash interrupted.
    pub(crate) fn recover(&self, connection: &Connection) -> Result<(), StoreError> {
        let failed = |error| from_io("the blobs of an interrupted write cannot be settled", &error);
        let new = self.folder.join(NEW);
        if !new.exists() {
            fs::create_dir_all(&new).map_err(failed)?;
            for made_in in [Some(self.folder.as_path()), self.folder.parent()].into_iter().flatten() {
                File::open(made_in).and_then(|folder| folder.sync_all()).map_err(failed)?;
            }
        }
        for entry in fs::read_dir(&new).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let settled = match parse_name(&path) {
                Some((partition, key)) if file_bytes(connection, partition, key)?.is_some() => {
                    let place = self.path(partition, key);
                    if place.exists() { Self::remove(&path) } else { self.settle_at(&path, &place) }
                }
                _ => Self::remove(&path),
            };
            settled.map_err(failed)?;
        }
        let mut statement = connection.prepare("SELECT partition, key FROM doomed").map_err(from_sqlite)?;
        let doomed = statement
            .query_map((), |row| Ok((Partition(row.get(0)?), BlobKey(row.get(1)?))))
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(from_sqlite)?;
        for (partition, key) in &doomed {
            Self::remove(&self.path(*partition, *key)).map_err(failed)?;
        }
        if !doomed.is_empty() {
            connection.execute("DELETE FROM doomed", ()).map_err(from_sqlite)?;
        }
        Ok(())
    }
}

/// The length of a large blob's file, from its row.
pub(crate) fn file_bytes(
    connection: &Connection,
    partition: Partition,
    key: BlobKey,
) -> Result<Option<u64>, StoreError> {
    connection
        .prepare_cached(
            "SELECT place FROM blob JOIN partition ON partition.number = blob.partition
             WHERE partition.name = ? AND blob.key = ? AND blob.parts = 0",
        )
        .and_then(|mut row| row.query_row((partition.0, key.0), |row| row.get::<_, i64>(0)).optional())
        .map(|row| row.map(i64::unsigned_abs))
        .map_err(from_sqlite)
}

fn write_durably(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    File::open(folder)?.sync_all()
}

fn read_range(path: &Path, range: &Range<u64>) -> io::Result<Bytes> {
    let mut file = File::open(path)?;
    let end = range.end.min(file.metadata()?.len());
    let length = end.saturating_sub(range.start);
    if length == 0 {
        return Ok(Bytes::new());
    }
    file.seek(SeekFrom::Start(range.start))?;
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes.into())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn name(partition: Partition, key: BlobKey) -> String {
    format!("{}-{}", hex(&partition.0), hex(&key.0))
}

/// The partition and key in a file's name; what follows a second hyphen is not read.
pub(crate) fn parse_name(path: &Path) -> Option<(Partition, BlobKey)> {
    let mut parts = path.file_name()?.to_str()?.split('-');
    Some((Partition(unhex(parts.next()?)?), BlobKey(unhex(parts.next()?)?)))
}

fn unhex(text: &str) -> Option<[u8; 16]> {
    if text.len() != 32 || !text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    u128::from_str_radix(text, 16).ok().map(u128::to_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_back() {
        let (partition, key) = (Partition([0xab; 16]), BlobKey([1; 16]));
        let check = |text: &str, expected| assert_eq!(parse_name(Path::new(text)), expected, "{text}");
        check(&name(partition, key), Some((partition, key)));
        check(&format!("blobs/new/{}-17", name(partition, key)), Some((partition, key)));
        check("note.txt", None);
        check("ab-cd", None);
        check(&name(partition, key).to_uppercase(), None);
        check(&"é".repeat(33), None);
    }
}
