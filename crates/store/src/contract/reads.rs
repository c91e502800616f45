//! Reads: many keys, scans, the list of partitions.

use super::*;

pub(super) async fn hold<S: Subject>() {
    many_keys_come_in_their_order::<S>().await;
    a_scan_has_its_start_and_not_its_end::<S>().await;
    a_scan_gives_no_more_than_its_limit::<S>().await;
    keys_are_ordered_as_bytes::<S>().await;
    partitions_are_listed_in_order::<S>().await;
}

async fn many_keys_come_in_their_order<S: Subject>() {
    let subject = S::fresh().await;
    let store = subject.store();
    let batch = Batch {
        puts: vec![(bytes("a"), bytes("1")), (bytes("b"), bytes("2")), (bytes("c"), bytes("3"))],
        ..Batch::default()
    };
    store.commit(ALICE, batch).await.expect("commits");
    let keys = ["c", "none", "a", "c"].map(bytes).to_vec();
    let values = store.get_many(ALICE, keys).await.expect("reads");
    assert_eq!(values, [Some(bytes("3")), None, Some(bytes("1")), Some(bytes("3"))]);
    assert!(store.get_many(ALICE, Vec::new()).await.expect("reads").is_empty());
    assert_eq!(store.get_many(BOB, vec![bytes("a")]).await.expect("reads"), [None]);
}

async fn keys_in(store: &dyn Store, range: [&str; 2], limit: usize, direction: Direction) -> Vec<Bytes> {
    let [start, end] = range.map(bytes);
    let pairs = store.scan(ALICE, start..end, limit, direction).await.expect("scans");
    assert!(pairs.iter().all(|(key, value)| key == value), "each key was put with itself as its value");
    pairs.into_iter().map(|(key, _)| key).collect()
}

async fn with_keys<S: Subject>(keys: &[&str]) -> S {
    let subject = S::fresh().await;
    let puts = keys.iter().map(|key| (bytes(key), bytes(key))).collect();
    let batch = Batch { puts, ..Batch::default() };
    subject.store().commit(ALICE, batch).await.expect("commits");
    // Neighbours in the order of partitions: a scan must not run over into them.
    for partition in [Partition([0; 16]), BOB] {
        subject.store().commit(partition, put("b", "another's")).await.expect("commits");
    }
    subject
}

async fn a_scan_has_its_start_and_not_its_end<S: Subject>() {
    let subject = with_keys::<S>(&["a", "b", "bb", "c", "d"]).await;
    let store = subject.store();
    for (range, expected) in [
        (["b", "d"], vec!["b", "bb", "c"]),
        (["", "\u{7f}"], vec!["a", "b", "bb", "c", "d"]),
        (["aa", "b"], vec![]),
        (["b", "b"], vec![]),
        (["d", "a"], vec![]),
        (["d", "e"], vec!["d"]),
    ] {
        let mut expected: Vec<Bytes> = expected.into_iter().map(bytes).collect();
        assert_eq!(keys_in(store, range, 99, Direction::Forward).await, expected, "{range:?}");
        expected.reverse();
        assert_eq!(keys_in(store, range, 99, Direction::Backward).await, expected, "{range:?}");
    }
}

async fn a_scan_gives_no_more_than_its_limit<S: Subject>() {
    let subject = with_keys::<S>(&["a", "b", "c", "d"]).await;
    let store = subject.store();
    assert_eq!(keys_in(store, ["a", "z"], 2, Direction::Forward).await, ["a", "b"].map(bytes));
    assert_eq!(keys_in(store, ["a", "z"], 2, Direction::Backward).await, ["d", "c"].map(bytes));
    assert!(keys_in(store, ["a", "z"], 0, Direction::Forward).await.is_empty());
    assert_eq!(keys_in(store, ["a", "z"], usize::MAX, Direction::Forward).await.len(), 4);

    let number = |number: usize| Bytes::copy_from_slice(&number.to_be_bytes());
    let count = crate::SCAN_LIMIT_MAX + 1;
    let batch = Batch { puts: (0..count).map(|n| (number(n), number(n))).collect(), ..Batch::default() };
    store.commit(BOB, batch).await.expect("commits");
    let all = store.scan(BOB, number(0)..number(count), usize::MAX, Direction::Forward).await.expect("scans");
    assert_eq!(all.len(), crate::SCAN_LIMIT_MAX);
}

async fn keys_are_ordered_as_bytes<S: Subject>() {
    let subject = S::fresh().await;
    let store = subject.store();
    let keys: [&[u8]; 6] = [b"", b"\x00", b"\x00\x00", b"a", b"a\x00", b"\xff"];
    for key in keys.iter().rev() {
        let puts = vec![(Bytes::from_static(key), Bytes::new())];
        store.commit(ALICE, Batch { puts, ..Batch::default() }).await.expect("commits");
    }
    let range = Bytes::new()..Bytes::from_static(b"\xff\xff");
    let pairs = store.scan(ALICE, range, 99, Direction::Forward).await.expect("scans");
    assert_eq!(pairs.iter().map(|(key, _)| key.as_ref()).collect::<Vec<_>>(), keys);
}

async fn partitions_are_listed_in_order<S: Subject>() {
    let subject = S::fresh().await;
    let store = subject.store();
    assert!(store.partitions(None, 9).await.expect("lists").is_empty());
    let all: Vec<Partition> = (1..=5).map(|number| Partition([number * 50; 16])).collect();
    for partition in all.iter().rev() {
        let puts = vec![(bytes("a"), bytes("1")), (bytes("b"), bytes("2"))];
        store.commit(*partition, Batch { puts, ..Batch::default() }).await.expect("commits");
    }
    // A partition that holds blobs alone, or whose keys are gone, is not listed.
    store.put_blob(Partition([60; 16]), BLOB, bytes("blob")).await.expect("is put");
    store.commit(Partition([70; 16]), put("a", "1")).await.expect("commits");
    let batch = Batch { deletes: vec![bytes("a")], ..Batch::default() };
    store.commit(Partition([70; 16]), batch).await.expect("commits");

    assert_eq!(store.partitions(None, 99).await.expect("lists"), all);
    let mut paged = Vec::new();
    loop {
        let page = store.partitions(paged.last().copied(), 2).await.expect("lists");
        assert!(page.len() <= 2);
        if page.is_empty() {
            break;
        }
        paged.extend(page);
    }
    assert_eq!(paged, all);
    let last = Partition([255; 16]);
    assert!(store.partitions(Some(last), 9).await.expect("lists").is_empty());
}
