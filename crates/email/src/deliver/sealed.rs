//! Files that what delivery knows survives a restart in: sealed, because they tell whom this host writes to.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hmac;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zeroize::Zeroizing;

/// A file of lines.
#[derive(Clone)]
pub struct SealedFile {
    path: PathBuf,
    key: Arc<Zeroizing<Vec<u8>>>,
    /// What the key and the file are for, so that nothing else of the node is taken for them.
    purpose: &'static str,
}

impl SealedFile {
    /// A file of policies of mail domains (RFC 8461 §5.1), sealed under a key of its own, which follows from the node's. It
    /// need not exist.
    pub fn of_policies(path: &Path, node_key: &[u8; 32]) -> Self {
        Self::new(path, node_key, "caliopen policies of mail domains 1")
    }

    /// The same, of how encryption with other domains went (RFC 8460).
    pub fn of_tally(path: &Path, node_key: &[u8; 32]) -> Self {
        Self::new(path, node_key, "caliopen tally of encryption 1")
    }

    fn new(path: &Path, node_key: &[u8; 32], purpose: &'static str) -> Self {
        let derived = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, node_key), purpose.as_bytes());
        let key = Zeroizing::new(derived.as_ref().to_vec());
        Self { path: path.to_owned(), key: Arc::new(key), purpose }
    }

    /// What it holds; nothing when there is no file yet.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or was sealed under another key.
    pub(super) fn read(&self) -> io::Result<String> {
        let mut sealed = match fs::read(&self.path) {
            Ok(sealed) => sealed,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(String::new()),
            Err(error) => return Err(error),
        };
        Ok(self.open(&mut sealed).ok_or(io::ErrorKind::InvalidData)?.to_owned())
    }

    /// Puts this in the place of what it held, whole or not at all.
    ///
    /// # Errors
    ///
    /// When the disk does not take it. The file is as before.
    pub(super) fn write(&self, text: String) -> io::Result<()> {
        let sealed = self.seal(text.into_bytes()).ok_or(io::ErrorKind::Other)?;
        let new = self.path.with_extension("new");
        let mut file: File =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(&sealed)?;
        file.sync_all()?;
        fs::rename(&new, &self.path)
    }

    fn cipher(&self) -> Option<RandomizedNonceKey> {
        RandomizedNonceKey::new(&AES_256_GCM, self.key.as_slice()).ok()
    }

    fn seal(&self, mut bytes: Vec<u8>) -> Option<Vec<u8>> {
        let purpose = Aad::from(self.purpose.as_bytes());
        let nonce = self.cipher()?.seal_in_place_append_tag(purpose, &mut bytes).ok()?;
        Some([nonce.as_ref().as_slice(), &bytes].concat())
    }

    fn open<'a>(&self, sealed: &'a mut [u8]) -> Option<&'a str> {
        let (nonce, bytes) = sealed.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let opened = self.cipher()?.open_in_place(nonce, Aad::from(self.purpose.as_bytes()), bytes).ok()?;
        std::str::from_utf8(opened).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_read_again_under_the_same_key_and_shows_no_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("policies");
        let file = SealedFile::of_policies(&path, &[7; 32]);
        assert_eq!(file.read().unwrap(), "", "no file is nothing");
        file.write("there.test enforce\n".to_owned()).unwrap();
        assert_eq!(file.read().unwrap(), "there.test enforce\n");
        let bytes = fs::read(&path).unwrap();
        assert!(!bytes.windows(5).any(|part| part == b"there"));
        assert!(SealedFile::of_policies(&path, &[8; 32]).read().is_err());
        assert!(SealedFile::of_tally(&path, &[7; 32]).read().is_err(), "a file of another kind is none");
        fs::write(&path, b"short").unwrap();
        assert!(file.read().is_err());
    }
}
