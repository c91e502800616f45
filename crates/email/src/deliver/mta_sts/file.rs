//! The file that policies survive a restart in: sealed, because it tells whom this host writes to.

use super::Kept;
use super::policy::{Mode, Policy, mode, seconds};
use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hmac;
use caliopen_model::Timestamp;
use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zeroize::Zeroizing;

/// What the key and the file are for, so that nothing else of the node is taken for them.
const PURPOSE: &[u8] = b"caliopen policies of mail domains 1";

/// A file of policies.
#[derive(Clone)]
pub struct PolicyFile {
    path: PathBuf,
    key: Arc<Zeroizing<Vec<u8>>>,
}

impl PolicyFile {
    /// A file that is sealed under a key of its own, which follows from the node's. It need not exist.
    pub fn new(path: &Path, node_key: &[u8; 32]) -> Self {
        let derived = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, node_key), PURPOSE);
        let key = Zeroizing::new(derived.as_ref().to_vec());
        Self { path: path.to_owned(), key: Arc::new(key) }
    }

    /// The policies that it holds by domain; none when there is no file yet.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or was sealed under another key.
    pub(super) fn read(&self) -> io::Result<HashMap<String, Kept>> {
        let mut sealed = match fs::read(&self.path) {
            Ok(sealed) => sealed,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(HashMap::new()),
            Err(error) => return Err(error),
        };
        let text = self.open(&mut sealed).ok_or(io::ErrorKind::InvalidData)?;
        Ok(text.lines().filter_map(entry).collect())
    }

    /// Puts these policies in the place of what it held, whole or not at all.
    ///
    /// # Errors
    ///
    /// When the disk does not take them. The file is as before.
    pub(super) fn write(&self, policies: &HashMap<String, Kept>) -> io::Result<()> {
        let text: String = policies.iter().map(line).collect();
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
        let nonce = self.cipher()?.seal_in_place_append_tag(Aad::from(PURPOSE), &mut bytes).ok()?;
        Some([nonce.as_ref().as_slice(), &bytes].concat())
    }

    fn open<'a>(&self, sealed: &'a mut [u8]) -> Option<&'a str> {
        let (nonce, bytes) = sealed.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let opened = self.cipher()?.open_in_place(nonce, Aad::from(PURPOSE), bytes).ok()?;
        std::str::from_utf8(opened).ok()
    }
}

/// `domain id fetched-at mode max-age host host …`
fn line((domain, kept): (&String, &Kept)) -> String {
    let mode = match kept.policy.mode {
        Mode::Enforce => "enforce",
        Mode::Testing => "testing",
        Mode::None => "none",
    };
    let (at, age) = (kept.fetched_at.unix_ms(), kept.policy.age_max.as_secs());
    let hosts = kept.policy.hosts.join(" ");
    format!("{domain} {} {at} {mode} {age} {hosts}\n", kept.id)
}

fn entry(line: &str) -> Option<(String, Kept)> {
    let mut words = line.split_whitespace();
    let (domain, id) = (words.next()?.to_owned(), words.next()?.to_owned());
    let fetched_at = Timestamp::from_unix_ms(words.next()?.parse().ok()?);
    let (mode, age_max) = (mode(words.next()?)?, seconds(words.next()?)?);
    let policy = Policy { mode, age_max, hosts: words.map(str::to_owned).collect() };
    Some((domain, Kept { id, policy: Arc::new(policy), fetched_at }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_read_again_under_the_same_key_and_shows_no_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("policies");
        let file = PolicyFile::new(&path, &[7; 32]);
        assert!(file.read().unwrap().is_empty(), "no file is no policy");
        let text = "version: STSv1\nmode: enforce\nmx: mx.there.test\nmx: *.there.test\nmax_age: 60";
        let policy = Arc::new(Policy::parse(text).unwrap());
        let kept = Kept { id: "a1".to_owned(), policy, fetched_at: Timestamp::from_unix_ms(5) };
        let all = HashMap::from([("there.test".to_owned(), kept)]);
        file.write(&all).unwrap();
        assert_eq!(file.read().unwrap(), all);
        let bytes = fs::read(&path).unwrap();
        assert!(!bytes.windows(5).any(|part| part == b"there"));
        assert!(PolicyFile::new(&path, &[8; 32]).read().is_err());
        fs::write(&path, b"short").unwrap();
        assert!(file.read().is_err());
    }
}
