//! The data folder: the store, and beside it the keys of the node, which no backup of the store contains.

use crate::time::{SystemClock, entropy};
use anyhow::{Context, Result, bail};
use caliopen_connect::{Carrier, Format};
use caliopen_email::deliver::SealedFile;
use caliopen_hub::{Clock, Fetcher, Hub, HubError, Parts};
use caliopen_store::Store;
use caliopen_store_embedded::{EmbeddedStore, Options};
use std::fs;
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zeroize::Zeroizing;

/// Where things are in a data folder.
#[derive(Debug, Clone)]
pub(crate) struct DataFolder {
    root: PathBuf,
}

impl DataFolder {
    /// Names a data folder. Nothing of it is looked at before it is opened.
    pub(crate) fn at(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// Makes what is missing of the folders, for the service's user alone.
    fn make(&self) -> Result<()> {
        for folder in self.folders() {
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(&folder)
                .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        }
        Ok(())
    }

    fn folders(&self) -> [PathBuf; 3] {
        [self.root.clone(), self.keys(), self.store()]
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.root.join("store")
    }

    pub(crate) fn keys(&self) -> PathBuf {
        self.root.join("keys")
    }

    /// Where the running server takes the commands of its administrator.
    pub(crate) fn control_socket(&self) -> PathBuf {
        self.root.join("control.sock")
    }

    /// Where policies of other mail domains are kept. Losing it loses nothing that cannot be fetched again.
    pub(crate) fn policies(&self) -> Result<SealedFile> {
        Ok(SealedFile::of_policies(&self.root.join("policies"), &*self.node_key()?))
    }

    /// Where what is to be told of encryption is kept. Losing it loses a report.
    pub(crate) fn tally(&self) -> Result<SealedFile> {
        Ok(SealedFile::of_tally(&self.root.join("tally"), &*self.node_key()?))
    }

    /// The host's key. Made with an empty store; never made anew beside a store that needs the old one.
    fn node_key(&self) -> Result<Zeroizing<[u8; 32]>> {
        for folder in self.folders().iter().filter(|folder| folder.exists()) {
            check_owner(folder)?;
        }
        let path = self.keys().join("node.key");
        if !path.exists() && self.holds_store() {
            bail!(
                "{} is missing, and nothing of the store can be found without it; put it back from where you keep it",
                path.display()
            );
        }
        self.make()?;
        if !path.exists() {
            let mut key = Zeroizing::new([0; 32]);
            entropy(key.as_mut_slice());
            write_secret(&path, key.as_slice())?;
        }
        let mode = fs::metadata(&path)?.permissions().mode();
        if mode & 0o077 != 0 {
            bail!("{} can be read by others; run: chmod 600 {}", path.display(), path.display());
        }
        let bytes =
            Zeroizing::new(fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?);
        let Ok(key) = <[u8; 32]>::try_from(bytes.as_slice()) else {
            bail!("{} is not a key of 32 bytes; put the right one back", path.display());
        };
        Ok(Zeroizing::new(key))
    }

    /// Whether anything of a store is there, be it only its large blobs.
    fn holds_store(&self) -> bool {
        ["store.sqlite", "blobs"].iter().any(|name| self.store().join(name).exists())
    }

    /// Opens the store and the use cases on it.
    pub(crate) async fn open_hub(
        &self,
        clock: Arc<dyn Clock>,
        formats: Vec<Arc<dyn Format>>,
        carriers: Vec<Arc<dyn Carrier>>,
        fetcher: Option<Arc<dyn Fetcher>>,
    ) -> Result<Opened> {
        let node_key = self.node_key()?;
        let store = Arc::new(EmbeddedStore::open(&self.store(), Options::default())?);
        let parts = Parts {
            store: Arc::clone(&store) as Arc<dyn Store>,
            node_key: *node_key,
            clock,
            entropy: Arc::new(entropy),
            formats,
            carriers,
            fetcher,
        };
        let hub = Hub::new(parts);
        if let Some(layout) = hub.other_layout().await? {
            bail!(
                "{} was written by another version of Caliopen (layout {layout}): let that version export the accounts, \
                 and import them into an empty folder",
                self.store().display()
            );
        }
        match hub.domains().await {
            Ok(_) => Ok(Opened { hub: Arc::new(hub), store }),
            Err(HubError::Store(error)) => Err(error.into()),
            // With another key the store looks empty, and a first start would begin beside what is there.
            Err(_) => bail!(
                "{} is not the key that this store was made with; put the right one back",
                self.keys().join("node.key").display()
            ),
        }
    }

    /// As [`DataFolder::open_hub`], for a command that reads no message.
    pub(crate) async fn open_hub_offline(&self) -> Result<Opened> {
        self.open_hub(Arc::new(SystemClock), Vec::new(), Vec::new(), None).await
    }
}

/// The use cases on their store.
pub(crate) struct Opened {
    pub(crate) hub: Arc<Hub>,
    pub(crate) store: Arc<EmbeddedStore>,
}

/// A folder that another user owns, or that others write in, is not ours to keep secrets in; and a start as root in a
/// service's folder would leave files behind that the service cannot open.
fn check_owner(folder: &Path) -> Result<()> {
    let about = fs::metadata(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    // Where the system shows a process as a folder, that folder belongs to the process's effective user.
    let own = fs::metadata("/proc/self").map_or_else(|_| about.uid(), |process| process.uid());
    if about.uid() != own {
        bail!(
            "{} belongs to another user, number {}; run caliopen as that user",
            folder.display(),
            about.uid()
        );
    }
    if about.mode() & 0o022 != 0 {
        bail!("others can write in {}; run: chmod go-w {}", folder.display(), folder.display());
    }
    Ok(())
}

/// Writes a file that its owner alone can read, durable before this returns.
pub(crate) fn write_secret(path: &Path, bytes: &[u8]) -> Result<()> {
    write_private(path, bytes)?.sync_all()?;
    if let Some(folder) = path.parent() {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Writes a file that its owner alone can read, and that can be made anew when a crash takes it.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<fs::File> {
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("{} cannot be written", path.display()))?;
    file.write_all(bytes)?;
    Ok(file)
}
