//! What is brought in: a file as it is, or a folder as a tar that is made while it is sent.

use anyhow::{Context, Result, bail};
use caliopen_mime::tar_head;
use caliopen_model::Timestamp;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWrite, AsyncWriteExt, SeekFrom};

/// Bytes that are read of a file at a time.
const PIECE_BYTES: usize = 64 * 1024;
/// Files of one folder.
const FILES_MAX: usize = 5_000_000;
/// Folders inside each other.
const DEPTH_MAX: usize = 64;
/// What a tar fills its files up to.
const BLOCK: u64 = 512;

/// A file, or every file of a folder.
pub(super) struct Source {
    /// What it is called in the report, and found again by when it is sent once more.
    pub(super) name: String,
    pub(super) size: u64,
    content: Content,
}

enum Content {
    File(PathBuf),
    Folder(Vec<Entry>),
}

/// A file of a folder.
struct Entry {
    /// Its path, from the folder's own name on.
    name: String,
    path: PathBuf,
    size: u64,
    at: Timestamp,
}

impl Source {
    pub(super) fn at(path: &Path) -> Result<Self> {
        let shown = path.display();
        let about = std::fs::metadata(path).with_context(|| format!("{shown} cannot be read"))?;
        let full = std::fs::canonicalize(path).with_context(|| format!("{shown} cannot be read"))?;
        let name = full.file_name().map_or_else(|| "mail".into(), |name| name.to_string_lossy().into_owned());
        if about.is_file() {
            return Ok(Self { name, size: about.len(), content: Content::File(full) });
        }
        let mut entries = Vec::new();
        walk(&full, &name, 0, &mut entries)?;
        if entries.is_empty() {
            bail!("{shown} holds no file");
        }
        // In one order whenever it is walked: an import that broke off goes on at a byte of this very tar.
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        let size = entries.iter().map(Entry::packed_bytes).sum::<u64>() + 2 * BLOCK;
        Ok(Self { name: format!("{name}.tar"), size, content: Content::Folder(entries) })
    }

    /// Sends it from this byte on.
    pub(super) async fn pour(&self, from: u64, out: &mut (impl AsyncWrite + Unpin)) -> Result<()> {
        match &self.content {
            Content::File(path) => pour_file(path, from, self.size.saturating_sub(from), out).await,
            Content::Folder(entries) => {
                let mut skip = from;
                for entry in entries {
                    let bytes = entry.packed_bytes();
                    if skip >= bytes {
                        skip -= bytes;
                    } else {
                        entry.pour(skip, out).await?;
                        skip = 0;
                    }
                }
                let end = vec![0; usize::try_from((2 * BLOCK).saturating_sub(skip)).unwrap_or(0)];
                Ok(out.write_all(&end).await?)
            }
        }
    }
}

impl Entry {
    fn packed_bytes(&self) -> u64 {
        tar_head(&self.name, self.at, self.size).len() as u64 + self.size.next_multiple_of(BLOCK)
    }

    async fn pour(&self, skip: u64, out: &mut (impl AsyncWrite + Unpin)) -> Result<()> {
        let head = tar_head(&self.name, self.at, self.size);
        let skipped = usize::try_from(skip).unwrap_or(usize::MAX).min(head.len());
        out.write_all(head.get(skipped..).unwrap_or_default()).await?;
        let from = (skip - skipped as u64).min(self.size);
        pour_file(&self.path, from, self.size - from, out).await?;
        let left = self.packed_bytes() - head.len() as u64 - self.size;
        let left = left.saturating_sub((skip - skipped as u64).saturating_sub(self.size));
        Ok(out.write_all(&vec![0; usize::try_from(left).unwrap_or(0)]).await?)
    }
}

/// Exactly so many bytes of a file. One that became shorter meanwhile is filled up with zeros.
async fn pour_file(path: &Path, from: u64, length: u64, out: &mut (impl AsyncWrite + Unpin)) -> Result<()> {
    let mut file =
        tokio::fs::File::open(path).await.with_context(|| format!("{} cannot be read", path.display()))?;
    file.seek(SeekFrom::Start(from)).await?;
    let mut piece = vec![0; PIECE_BYTES];
    let mut left = length;
    while left > 0 {
        let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(PIECE_BYTES);
        let buffer = piece.get_mut(..wanted).unwrap_or_default();
        let read = match file.read(buffer).await? {
            0 => {
                buffer.fill(0);
                wanted
            }
            read => read,
        };
        out.write_all(buffer.get(..read).unwrap_or_default()).await?;
        left -= read as u64;
    }
    Ok(())
}

/// Links are not followed: they could lead in a circle.
fn walk(folder: &Path, name: &str, depth: usize, entries: &mut Vec<Entry>) -> Result<()> {
    if depth > DEPTH_MAX {
        bail!("{} is more than {DEPTH_MAX} folders deep", folder.display());
    }
    let listed = std::fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    for listed in listed {
        let listed = listed?;
        let name = format!("{name}/{}", listed.file_name().to_string_lossy());
        let about = listed.metadata()?;
        if about.is_dir() {
            walk(&listed.path(), &name, depth + 1, entries)?;
        } else if about.is_file() {
            let since = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
            let at = Timestamp::from_unix_ms(i64::try_from(since.as_millis()).unwrap_or(0));
            entries.push(Entry { name, path: listed.path(), size: about.len(), at });
        }
        if entries.len() > FILES_MAX {
            bail!("{} holds more than {FILES_MAX} files: import its folders one by one", folder.display());
        }
    }
    Ok(())
}
