//! Blobs, small and large.

use super::*;

pub(super) async fn hold<S: Subject>() {
    a_range_is_cut_at_the_end::<S>().await;
    a_blob_is_written_once::<S>().await;
    a_batch_removes_blobs_of_any_size::<S>().await;
    a_blob_belongs_to_its_partition::<S>().await;
}

fn content(length: usize) -> Bytes {
    (0_u8..=250).cycle().take(length).collect()
}

/// A blob in a batch and two that are put alone, on both sides of the limit for batches.
async fn with_blobs<S: Subject>() -> (S, Vec<(BlobKey, Bytes)>) {
    let subject = S::fresh().await;
    let blobs: Vec<_> = (1..)
        .map(|number| BlobKey([number; 16]))
        .zip([1000, 10, INLINE_BLOB_BYTES_MAX + 1, 3 * INLINE_BLOB_BYTES_MAX].map(content))
        .collect();
    for (position, (key, bytes)) in blobs.iter().enumerate() {
        if position == 0 {
            let batch = Batch { blobs: vec![(*key, bytes.clone())], ..Batch::default() };
            subject.store().commit(ALICE, batch).await.expect("commits");
        } else {
            subject.store().put_blob(ALICE, *key, bytes.clone()).await.expect("is put");
        }
    }
    (subject, blobs)
}

async fn a_range_is_cut_at_the_end<S: Subject>() {
    let (subject, blobs) = with_blobs::<S>().await;
    for (key, whole) in blobs {
        let end = whole.len() as u64;
        let inverted = std::ops::Range { start: 5, end: 2 };
        for range in
            [0..0, 0..end, 0..u64::MAX, 3..9, end - 1..end + 7, end..end + 1, u64::MAX..u64::MAX, inverted]
        {
            let cut = |offset: u64| usize::try_from(offset.min(end)).expect("within the blob");
            let (from, to) = (cut(range.start), cut(range.end));
            let expected = if from < to { whole.slice(from..to) } else { Bytes::new() };
            let read = subject.store().get_blob(ALICE, key, range.clone()).await.expect("reads");
            assert_eq!(read, Some(expected), "{range:?} of {end}");
        }
    }
    let none = subject.store().get_blob(ALICE, BlobKey([99; 16]), 0..1).await.expect("reads");
    assert_eq!(none, None);
}

async fn a_blob_is_written_once<S: Subject>() {
    let (subject, blobs) = with_blobs::<S>().await;
    let store = subject.store();
    for (key, whole) in blobs {
        store.put_blob(ALICE, key, content(20)).await.expect("writing again is no error");
        let batch = Batch { blobs: vec![(key, content(30))], ..Batch::default() };
        store.commit(ALICE, batch).await.expect("writing again is no error");
        let read = store.get_blob(ALICE, key, 0..u64::MAX).await.expect("reads");
        assert_eq!(read, Some(whole), "the first stays");
    }
}

async fn a_batch_removes_blobs_of_any_size<S: Subject>() {
    let (subject, blobs) = with_blobs::<S>().await;
    let store = subject.store();
    let keys: Vec<BlobKey> = blobs.iter().map(|(key, _)| *key).collect();
    let refused = Batch {
        expect: vec![(bytes("none"), Expect::Value(bytes("1")))],
        blob_deletes: keys.clone(),
        ..Batch::default()
    };
    assert!(store.commit(ALICE, refused).await.is_err());
    for (key, whole) in &blobs {
        let read = store.get_blob(ALICE, *key, 0..u64::MAX).await.expect("reads");
        assert_eq!(read.as_ref(), Some(whole), "a batch that was refused removed nothing");
    }
    let batch = Batch { blob_deletes: keys.clone(), ..Batch::default() };
    store.commit(ALICE, batch.clone()).await.expect("commits");
    store.commit(ALICE, batch).await.expect("removing what is not there is no error");
    for key in &keys {
        assert_eq!(store.get_blob(ALICE, *key, 0..9).await.expect("reads"), None);
    }
    // Removed and put in one batch: removals happen first.
    let batch = Batch { blobs: keys.iter().map(|key| (*key, content(5))).collect(), ..Batch::default() };
    store.commit(ALICE, batch).await.expect("commits");
    let batch = Batch {
        blobs: keys.iter().map(|key| (*key, content(6))).collect(),
        blob_deletes: keys.clone(),
        ..Batch::default()
    };
    store.commit(ALICE, batch).await.expect("commits");
    for key in keys {
        assert_eq!(store.get_blob(ALICE, key, 0..9).await.expect("reads"), Some(content(6)));
    }
}

async fn a_blob_belongs_to_its_partition<S: Subject>() {
    let (subject, blobs) = with_blobs::<S>().await;
    let store = subject.store();
    for (key, whole) in blobs {
        assert_eq!(store.get_blob(BOB, key, 0..9).await.expect("reads"), None);
        store.put_blob(BOB, key, content(7)).await.expect("is put");
        let batch = Batch { blob_deletes: vec![key], ..Batch::default() };
        store.commit(BOB, batch).await.expect("commits");
        let read = store.get_blob(ALICE, key, 0..u64::MAX).await.expect("reads");
        assert_eq!(read, Some(whole));
    }
}
