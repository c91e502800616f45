//! Everything that is in a folder.

use std::collections::BTreeMap;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Every file below a folder, with its bytes. Sockets hold none.
pub fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            found.extend(files(&entry.path()));
        } else if !kind.is_socket() {
            found.insert(entry.path(), std::fs::read(entry.path()).unwrap());
        }
    }
    found
}

/// All that a program could change of a folder: names, permissions and bytes.
pub fn state(folder: &Path) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let about = entry.metadata().unwrap();
        let bytes = if about.is_file() { std::fs::read(entry.path()).unwrap() } else { Vec::new() };
        found.insert(entry.path(), (about.permissions().mode(), bytes));
        if about.is_dir() {
            found.extend(state(&entry.path()));
        }
    }
    found
}
