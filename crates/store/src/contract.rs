//! What every store must do: one clause for each sentence of [`Store`]'s documentation. An implementation's
//! tests call [`contract`] with a [`Subject`] of theirs, on the executor of their choice.

use crate::{
    Batch, BlobKey, Direction, Expect, INLINE_BLOB_BYTES_MAX, KEY_BYTES_MAX, Partition, Store, StoreError,
    VALUE_BYTES_MAX,
};
use bytes::Bytes;
use futures_util::future::join_all;
use std::future::Future;

mod blobs;
mod commits;
mod reads;

/// A store under test.
pub trait Subject: Sized {
    /// A new, empty one.
    fn fresh() -> impl Future<Output = Self>;

    /// The store.
    fn store(&self) -> &dyn Store;

    /// Closes it and opens it again on what it left. One that keeps nothing gives itself back.
    fn reopen(self) -> impl Future<Output = Self>;
}

/// Holds a store to its promise. Panics, as a test does, at the first clause that it breaks.
pub async fn contract<S: Subject>() {
    commits::hold::<S>().await;
    reads::hold::<S>().await;
    blobs::hold::<S>().await;
    erasing_takes_keys_and_blobs_of_one_partition::<S>().await;
    what_was_acknowledged_is_there_after_reopening::<S>().await;
    a_sound_store_verifies::<S>().await;
}

const ALICE: Partition = Partition([1; 16]);
const BOB: Partition = Partition([2; 16]);
const BLOB: BlobKey = BlobKey([3; 16]);

fn bytes(text: &str) -> Bytes {
    Bytes::copy_from_slice(text.as_bytes())
}

fn put(key: &str, value: &str) -> Batch {
    Batch { puts: vec![(bytes(key), bytes(value))], ..Batch::default() }
}

async fn value(store: &dyn Store, partition: Partition, key: &str) -> Option<Bytes> {
    store.get(partition, bytes(key)).await.expect("a read of a sound store succeeds")
}

async fn erasing_takes_keys_and_blobs_of_one_partition<S: Subject>() {
    let subject = S::fresh().await;
    let store = subject.store();
    let large = BlobKey([4; 16]);
    for partition in [ALICE, BOB] {
        let batch = Batch { blobs: vec![(BLOB, bytes("small"))], ..put("key", "value") };
        store.commit(partition, batch).await.expect("commits");
        store.put_blob(partition, large, bytes("large")).await.expect("is put");
    }
    store.erase(ALICE).await.expect("erases");
    store.erase(ALICE).await.expect("erasing nothing is no error");
    assert_eq!(value(store, ALICE, "key").await, None);
    assert_eq!(value(store, BOB, "key").await, Some(bytes("value")));
    for key in [BLOB, large] {
        assert_eq!(store.get_blob(ALICE, key, 0..9).await.expect("reads"), None);
        assert!(store.get_blob(BOB, key, 0..9).await.expect("reads").is_some());
    }
    assert_eq!(store.partitions(None, 9).await.expect("lists"), [BOB]);
    store.commit(ALICE, put("key", "again")).await.expect("a partition may start anew");
    assert_eq!(value(store, ALICE, "key").await, Some(bytes("again")));
}

async fn what_was_acknowledged_is_there_after_reopening<S: Subject>() {
    let subject = S::fresh().await;
    let large = BlobKey([4; 16]);
    let content = Bytes::from(vec![7; 3 * INLINE_BLOB_BYTES_MAX]);
    let batch = Batch { blobs: vec![(BLOB, bytes("small"))], ..put("key", "value") };
    subject.store().commit(ALICE, batch).await.expect("commits");
    subject.store().put_blob(ALICE, large, content.clone()).await.expect("is put");
    subject.store().commit(BOB, put("key", "erased")).await.expect("commits");
    subject.store().erase(BOB).await.expect("erases");

    let subject = subject.reopen().await;
    let store = subject.store();
    assert_eq!(value(store, ALICE, "key").await, Some(bytes("value")));
    assert_eq!(value(store, BOB, "key").await, None);
    assert_eq!(store.get_blob(ALICE, BLOB, 0..99).await.expect("reads"), Some(bytes("small")));
    assert_eq!(store.get_blob(ALICE, large, 0..u64::MAX).await.expect("reads"), Some(content));
}

async fn a_sound_store_verifies<S: Subject>() {
    let subject = S::fresh().await;
    let store = subject.store();
    assert_eq!(store.verify().await.expect("verifies"), Vec::<String>::new());
    let batch = Batch { blobs: vec![(BLOB, bytes("small"))], ..put("key", "value") };
    store.commit(ALICE, batch).await.expect("commits");
    store.put_blob(ALICE, BlobKey([4; 16]), Bytes::from(vec![7; 100_000])).await.expect("is put");
    assert_eq!(store.verify().await.expect("verifies"), Vec::<String>::new());
}
