//! The embedded store keeps the promise of every store.

use caliopen_store::{Store, Subject, contract};
use caliopen_store_embedded::{EmbeddedStore, Options};
use tempfile::TempDir;

struct Embedded {
    store: EmbeddedStore,
    folder: TempDir,
}

impl Embedded {
    fn open(folder: TempDir) -> Self {
        Self { store: EmbeddedStore::open(folder.path(), Options::default()).expect("opens"), folder }
    }
}

impl Subject for Embedded {
    async fn fresh() -> Self {
        Self::open(TempDir::new().expect("a temporary folder"))
    }

    fn store(&self) -> &dyn Store {
        &self.store
    }

    async fn reopen(self) -> Self {
        let Self { store, folder } = self;
        drop(store);
        Self::open(folder)
    }
}

#[tokio::test]
async fn it_keeps_the_promise() {
    contract::<Embedded>().await;
}
