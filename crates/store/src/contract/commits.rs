//! Batches: order, conditions, atomicity, limits.

use super::*;

pub(super) async fn hold<S: Subject>() {
    a_batch_is_all_or_nothing::<S>().await;
    removals_come_before_puts_and_the_last_put_wins::<S>().await;
    conditions_see_the_state_before_the_batch::<S>().await;
    the_order_is_that_of_the_calls::<S>().await;
    a_batch_whose_future_is_dropped_keeps_its_place::<S>().await;
    of_many_that_want_a_name_one_gets_it::<S>().await;
    each_of_a_row_of_commits_has_its_own_result::<S>().await;
    what_is_over_a_limit_changes_nothing::<S>().await;
    what_is_at_a_limit_is_kept::<S>().await;
}

async fn a_batch_is_all_or_nothing<S: Subject>() {
    let subject = S::fresh().await;
    let store = subject.store();
    store.commit(ALICE, put("kept", "1")).await.expect("commits");
    let batch = Batch {
        expect: vec![(bytes("kept"), Expect::Value(bytes("1"))), (bytes("kept"), Expect::Absent)],
        puts: vec![(bytes("new"), bytes("2"))],
        deletes: vec![bytes("kept")],
        blobs: vec![(BLOB, bytes("blob"))],
        blob_deletes: Vec::new(),
    };
    let refused = store.commit(ALICE, batch.clone()).await;
    assert!(matches!(refused, Err(StoreError::Expectation)), "{refused:?}");
    assert_eq!(value(store, ALICE, "kept").await, Some(bytes("1")));
    assert_eq!(value(store, ALICE, "new").await, None);
    assert_eq!(store.get_blob(ALICE, BLOB, 0..9).await.expect("reads"), None);

    let batch = Batch { expect: Vec::new(), ..batch };
    store.commit(ALICE, batch).await.expect("commits");
    assert_eq!(value(store, ALICE, "kept").await, None);
    assert_eq!(value(store, ALICE, "new").await, Some(bytes("2")));
    assert_eq!(store.get_blob(ALICE, BLOB, 0..9).await.expect("reads"), Some(bytes("blob")));
    store.commit(ALICE, Batch::default()).await.expect("an empty batch is no error");
}

async fn removals_come_before_puts_and_the_last_put_wins<S: Subject>() {
    let subject = S::fresh().await;
    let store = subject.store();
    let batch = Batch {
        puts: vec![(bytes("key"), bytes("first")), (bytes("key"), bytes("last"))],
        deletes: vec![bytes("key"), bytes("never there")],
        ..Batch::default()
    };
    store.commit(ALICE, batch).await.expect("removing what is not there is no error");
    assert_eq!(value(store, ALICE, "key").await, Some(bytes("last")));
}

async fn conditions_see_the_state_before_the_batch<S: Subject>() {
    let subject = S::fresh().await;
    let store = subject.store();
    let claim = |expected, new| Batch { expect: vec![(bytes("key"), expected)], ..put("key", new) };
    store.commit(ALICE, claim(Expect::Absent, "1")).await.expect("it is absent");
    let again = store.commit(ALICE, claim(Expect::Absent, "2")).await;
    assert!(matches!(again, Err(StoreError::Expectation)), "{again:?}");
    let other = store.commit(ALICE, claim(Expect::Value(bytes("2")), "3")).await;
    assert!(matches!(other, Err(StoreError::Expectation)), "{other:?}");
    store.commit(ALICE, claim(Expect::Value(bytes("1")), "4")).await.expect("it is 1");
    assert_eq!(value(store, ALICE, "key").await, Some(bytes("4")));
    // Another partition's key is another key.
    store.commit(BOB, claim(Expect::Absent, "1")).await.expect("it is absent there");
}

/// Each batch is planned on the one before, and the futures are polled last to first.
async fn the_order_is_that_of_the_calls<S: Subject>() {
    let subject = S::fresh().await;
    let store = subject.store();
    store.commit(ALICE, put("count", "0")).await.expect("commits");
    let step = |number: u32| Batch {
        expect: vec![(bytes("count"), Expect::Value(bytes(&number.to_string())))],
        ..put("count", &(number + 1).to_string())
    };
    let mut waiting: Vec<_> = (0..100).map(|number| store.commit(ALICE, step(number))).collect();
    waiting.reverse();
    for result in join_all(waiting).await {
        result.expect("the batch before it took effect first");
    }
    assert_eq!(value(store, ALICE, "count").await, Some(bytes("100")));
}

async fn a_batch_whose_future_is_dropped_keeps_its_place<S: Subject>() {
    let subject = S::fresh().await;
    let store = subject.store();
    drop(store.commit(ALICE, put("first", "1")));
    let batch = Batch { expect: vec![(bytes("first"), Expect::Value(bytes("1")))], ..put("second", "2") };
    store.commit(ALICE, batch).await.expect("the first took effect although nobody waited");
}

async fn of_many_that_want_a_name_one_gets_it<S: Subject>() {
    let subject = S::fresh().await;
    let store = subject.store();
    let claim = |claimant: usize| {
        let batch =
            Batch { expect: vec![(bytes("name"), Expect::Absent)], ..put("name", &claimant.to_string()) };
        store.commit(ALICE, batch)
    };
    let results = join_all((0..64).map(claim)).await;
    let winners: Vec<_> = (0..).zip(&results).filter(|(_, result)| result.is_ok()).collect();
    assert_eq!(winners.len(), 1);
    assert!(results.iter().all(|result| matches!(result, Ok(()) | Err(StoreError::Expectation))));
    let winner: Vec<_> =
        winners.iter().map(|(claimant, _): &(usize, _)| bytes(&claimant.to_string())).collect();
    assert_eq!(value(store, ALICE, "name").await.into_iter().collect::<Vec<_>>(), winner);
}

async fn each_of_a_row_of_commits_has_its_own_result<S: Subject>() {
    let subject = S::fresh().await;
    let store = subject.store();
    let too_large =
        Batch { puts: vec![(bytes("key"), Bytes::from(vec![0; VALUE_BYTES_MAX + 1]))], ..Batch::default() };
    let impossible = Batch { expect: vec![(bytes("none"), Expect::Value(bytes("1")))], ..put("b", "1") };
    let planned = Batch { expect: vec![(bytes("a"), Expect::Value(bytes("1")))], ..put("c", "1") };
    let row = vec![
        (ALICE, put("a", "1")),
        (BOB, impossible),
        (BOB, too_large),
        (ALICE, planned),
        (BOB, put("d", "1")),
    ];
    match store.commit_each(row).await.as_slice() {
        [Ok(()), Err(StoreError::Expectation), Err(StoreError::TooLarge { .. }), Ok(()), Ok(())] => {}
        other => assert_eq!(format!("{other:?}"), "each batch has its own result"),
    }
    assert_eq!(value(store, BOB, "b").await, None);
    assert_eq!(value(store, ALICE, "c").await, Some(bytes("1")));
    assert_eq!(value(store, BOB, "d").await, Some(bytes("1")));
    assert!(store.commit_each(Vec::new()).await.is_empty());
}

async fn what_is_over_a_limit_changes_nothing<S: Subject>() {
    let subject = S::fresh().await;
    let store = subject.store();
    let long_key = Bytes::from(vec![b'k'; KEY_BYTES_MAX + 1]);
    let long = |bytes_max: usize| Bytes::from(vec![0; bytes_max + 1]);
    let over = [
        Batch { expect: vec![(long_key.clone(), Expect::Absent)], ..put("key", "value") },
        Batch { deletes: vec![long_key.clone()], ..put("key", "value") },
        Batch {
            puts: vec![(bytes("key"), bytes("value")), (long_key.clone(), Bytes::new())],
            ..Batch::default()
        },
        Batch { puts: vec![(bytes("key"), long(VALUE_BYTES_MAX))], ..Batch::default() },
        Batch { blobs: vec![(BLOB, long(INLINE_BLOB_BYTES_MAX))], ..put("key", "value") },
    ];
    for batch in over {
        let refused = store.commit(ALICE, batch).await;
        assert!(matches!(refused, Err(StoreError::TooLarge { .. })), "{refused:?}");
        assert_eq!(value(store, ALICE, "key").await, None);
    }
    assert_eq!(store.get(ALICE, long_key).await.expect("a key that cannot be is not there"), None);
}

async fn what_is_at_a_limit_is_kept<S: Subject>() {
    let subject = S::fresh().await;
    let store = subject.store();
    let key = Bytes::from(vec![b'k'; KEY_BYTES_MAX]);
    let value = Bytes::from(vec![1; VALUE_BYTES_MAX]);
    let blob = Bytes::from(vec![2; INLINE_BLOB_BYTES_MAX]);
    let batch = Batch {
        puts: vec![(key.clone(), value.clone()), (Bytes::new(), Bytes::new())],
        blobs: vec![(BLOB, blob.clone())],
        ..Batch::default()
    };
    store.commit(ALICE, batch).await.expect("commits");
    assert_eq!(store.get(ALICE, key).await.expect("reads"), Some(value));
    assert_eq!(store.get(ALICE, Bytes::new()).await.expect("reads"), Some(Bytes::new()));
    assert_eq!(store.get_blob(ALICE, BLOB, 0..u64::MAX).await.expect("reads"), Some(blob));
}
