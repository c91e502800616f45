//! The queue and what it stands on: a store that takes its time.

use crate::support;
use bytes::Bytes;
use caliopen_hub::Fate;
use caliopen_model::{Handle, Participant, Protocol};
use caliopen_store::{Batch, BlobKey, Direction, MemoryStore, Partition, Store, StoreError};
use futures_util::future::{BoxFuture, FutureExt};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use support::World;
use tokio::sync::watch;

/// The partition of the queue, which is as quick as ever.
const QUEUE: Partition = Partition([1; 16]);

/// A store in which accounts' batches take so many seconds.
#[derive(Default)]
struct SlowStore {
    inner: Arc<MemoryStore>,
    seconds: AtomicU64,
}

impl Store for SlowStore {
    fn commit(&self, partition: Partition, batch: Batch) -> BoxFuture<'static, Result<(), StoreError>> {
        let seconds = if partition == QUEUE { 0 } else { self.seconds.load(Ordering::SeqCst) };
        let inner = Arc::clone(&self.inner);
        async move {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            inner.commit(partition, batch).await
        }
        .boxed()
    }

    fn commit_each(
        &self,
        commits: Vec<(Partition, Batch)>,
    ) -> BoxFuture<'static, Vec<Result<(), StoreError>>> {
        self.inner.commit_each(commits)
    }

    fn get(&self, partition: Partition, key: Bytes) -> BoxFuture<'_, Result<Option<Bytes>, StoreError>> {
        self.inner.get(partition, key)
    }

    fn get_many(
        &self,
        partition: Partition,
        keys: Vec<Bytes>,
    ) -> BoxFuture<'_, Result<Vec<Option<Bytes>>, StoreError>> {
        self.inner.get_many(partition, keys)
    }

    fn scan(
        &self,
        partition: Partition,
        range: Range<Bytes>,
        limit: usize,
        direction: Direction,
    ) -> BoxFuture<'_, Result<Vec<(Bytes, Bytes)>, StoreError>> {
        self.inner.scan(partition, range, limit, direction)
    }

    fn partitions(
        &self,
        after: Option<Partition>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<Partition>, StoreError>> {
        self.inner.partitions(after, limit)
    }

    fn put_blob(
        &self,
        partition: Partition,
        key: BlobKey,
        bytes: Bytes,
    ) -> BoxFuture<'_, Result<(), StoreError>> {
        self.inner.put_blob(partition, key, bytes)
    }

    fn get_blob(
        &self,
        partition: Partition,
        key: BlobKey,
        range: Range<u64>,
    ) -> BoxFuture<'_, Result<Option<Bytes>, StoreError>> {
        self.inner.get_blob(partition, key, range)
    }

    fn erase(&self, partition: Partition) -> BoxFuture<'_, Result<(), StoreError>> {
        self.inner.erase(partition)
    }

    fn verify(&self) -> BoxFuture<'_, Result<Vec<String>, StoreError>> {
        self.inner.verify()
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_is_not_forgotten_when_the_queue_is_quicker_than_the_account() {
    let store = Arc::new(SlowStore::default());
    let world = World::on(Arc::clone(&store) as Arc<dyn Store>).await;
    let alice = world.sign_in("alice@example.org").await;
    let to = Participant { name: None, handle: Handle::literal(Protocol::Email, "bo@x.net") };
    let identity = world.hub.identities(&alice).await.expect("reads").remove(0).id;
    let draft = support::draft(identity, vec![to]);
    let draft = world.hub.create_draft(&alice, draft).await.expect("is kept").id;
    let (stop, stopped) = watch::channel(false);
    store.seconds.store(100, Ordering::SeqCst);
    let sent = async {
        // The queue's row is there at once: the queue looks at it several times before it leads anywhere.
        let sent = world.hub.submit(&alice, draft, None).await.expect("is accepted");
        store.seconds.store(0, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(1)).await;
        stop.send(true).expect("the queue listens");
        sent
    };
    let ((), sent) = tokio::join!(world.hub.run_queue(stopped), sent);
    let found = world.hub.submissions(&alice, &[sent.submission]).await.expect("reads");
    let view = found.into_iter().next().flatten().expect("is there");
    assert_eq!(view.recipients[0].fate, Fate::Delivered);
    assert_eq!(world.post.carried.lock().unwrap().len(), 1);
}
