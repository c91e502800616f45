//! The keys that domains sign their mail with (RFC 6376): files of the node, beside its own key.
//!
//! A domain's keys are made the first time that they are needed, one of each kind. They stand in
//! `keys/dkim/DOMAIN/SELECTOR.der`; a file more is a key more, so that old and new sign together while keys change.

use crate::folder::write_secret;
use anyhow::{Context, Result};
use bytes::Bytes;
use caliopen_connect::{
    Carrier, CompleteError, Completed, ComposeError, Dispatch, GivenUp, Missing, Notice, Outlook,
};
use caliopen_email::deliver::Deliverer;
use caliopen_email::deliver::dkim::{KeyKind, Keys, NewKey, generate, record_of};
use caliopen_model::{Attachment, Handle, Letter, Outcome, Protocol};
use futures_util::future::BoxFuture;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use zeroize::Zeroizing;

/// Where a node keeps the keys of its domains.
#[derive(Debug, Clone)]
pub(crate) struct KeyFolder(PathBuf);

/// One key of a domain.
struct StoredKey {
    selector: String,
    private_key: Zeroizing<Vec<u8>>,
}

impl KeyFolder {
    pub(crate) fn at(keys: &Path) -> Self {
        Self(keys.join("dkim"))
    }

    /// The records to publish: the name of each, and its value.
    pub(crate) fn records(&self, domain: &str) -> Result<Vec<(String, String)>> {
        let record = |key: &StoredKey| {
            let value = record_of(&key.private_key).context("a key of keys/dkim cannot be read")?;
            Ok((format!("{}._domainkey.{domain}.", key.selector), value))
        };
        self.stored(domain)?.iter().map(record).collect()
    }

    fn keys(&self, domain: &str) -> Result<Keys> {
        self.stored(domain)?.into_iter().try_fold(Keys::new(domain), |keys, key| {
            keys.with(&key.selector, &key.private_key).with_context(|| format!("the key {}", key.selector))
        })
    }

    /// Every key of a domain, made when there is none.
    fn stored(&self, domain: &str) -> Result<Vec<StoredKey>> {
        let folder = self.0.join(domain);
        if !folder.exists() {
            self.make(&folder)?;
        }
        let mut keys = Vec::new();
        for entry in fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if let Some(selector) = name.strip_suffix(".der") {
                keys.push(StoredKey {
                    selector: selector.to_owned(),
                    private_key: Zeroizing::new(fs::read(&path)?),
                });
            }
        }
        keys.sort_by(|one, other| one.selector.cmp(&other.selector));
        Ok(keys)
    }

    /// Both kinds at once under a name of their own, then in place: a domain never has half of its keys.
    fn make(&self, folder: &Path) -> Result<()> {
        let new = folder.with_extension("new");
        if new.exists() {
            fs::remove_dir_all(&new)?;
        }
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&new)?;
        for kind in [KeyKind::Rsa2048, KeyKind::Ed25519] {
            let NewKey { selector, private_key, .. } = generate(kind)?;
            write_secret(&new.join(format!("{selector}.der")), &private_key)?;
        }
        fs::rename(&new, folder).with_context(|| format!("{} cannot be made", folder.display()))
    }
}

/// The way out of Internet mail, each domain's mail signed with its keys.
pub(crate) struct Signing {
    pub(crate) deliverer: Arc<Deliverer>,
    keys: KeyFolder,
    known: Mutex<BTreeSet<String>>,
}

impl Signing {
    pub(crate) fn new(deliverer: Arc<Deliverer>, keys: KeyFolder) -> Self {
        Self { deliverer, keys, known: Mutex::default() }
    }

    fn learn_of(&self, author: &Handle) {
        if author.domain().is_some() {
            self.learn(&self.deliverer.destination(author));
        }
    }

    /// Reads the keys of a domain once. Mail whose keys cannot be read leaves unsigned, and that is said.
    fn learn(&self, domain: &str) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.contains(domain) {
            return;
        }
        match self.keys.keys(domain) {
            Ok(keys) => {
                self.deliverer.set_keys(keys);
                known.insert(domain.to_owned());
            }
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "mail leaves without a DKIM signature")
            }
        }
    }
}

impl Carrier for Signing {
    fn protocol(&self) -> Protocol {
        self.deliverer.protocol()
    }

    fn without_metadata(&self, file: Attachment) -> Attachment {
        self.deliverer.without_metadata(file)
    }

    fn compose(&self, letter: &Letter) -> Result<Bytes, ComposeError> {
        self.learn_of(&letter.from.handle);
        self.deliverer.compose(letter)
    }

    fn complete(&self, raw: &[u8], missing: &Missing) -> Result<Completed, CompleteError> {
        self.deliverer.complete(raw, missing)
    }

    fn sign(&self, from: &Handle, raw: Bytes) -> Bytes {
        self.learn_of(from);
        self.deliverer.sign(from, raw)
    }

    fn failure(&self, given_up: &GivenUp, missing: &Missing) -> Option<Notice> {
        self.deliverer.failure(given_up, missing)
    }

    fn destination(&self, recipient: &Handle) -> String {
        self.deliverer.destination(recipient)
    }

    fn outlook<'a>(&'a self, recipient: &'a Handle) -> BoxFuture<'a, Option<Outlook>> {
        self.deliverer.outlook(recipient)
    }

    fn carry(&self, dispatch: Dispatch) -> BoxFuture<'_, Vec<Outcome>> {
        self.deliverer.carry(dispatch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_gets_one_key_of_each_kind_and_keeps_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let keys = KeyFolder::at(folder.path());
        let first = keys.records("example.org").expect("records");
        assert_eq!(first.len(), 2);
        assert!(first.iter().any(|(name, value)| name.starts_with("rsa") && value.contains("k=rsa")));
        assert!(first.iter().any(|(name, value)| name.starts_with("ed25519") && value.contains("k=ed25519")));
        assert_eq!(keys.records("example.org").expect("records"), first);
        assert_ne!(keys.records("example.net").expect("records"), first);
    }
}
