//! What one does with conversations in a list: the lists and their counts stay exact under any order of deeds, and
//! undoing gives back exactly what was.

use crate::support;
use caliopen_hub::{
    Access, ConversationFilter, ConversationOrder, ConversationPatch, PageStart, Progress, Target,
};
use caliopen_model::{ConversationId, LabelColour, LabelId, Place, Timestamp};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use support::World;

const ALICE: &str = "alice@example.org";
const HOUR_MS: i64 = 60 * 60 * 1000;

/// A conversation as it should stand.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Expected {
    place: Place,
    listed_at: i64,
    snoozed_until: Option<i64>,
    pinned: bool,
    muted: bool,
    unread: u32,
    labels: BTreeSet<LabelId>,
}

#[derive(Debug, Clone)]
enum Deed {
    Arrives(usize),
    Move(usize, Place),
    Pin(usize, bool),
    Mute(usize, bool),
    Snooze(usize, i64),
    Mark(usize, bool),
    Label(usize, usize, bool),
    Wait(i64),
    All(Place, Patch),
    AllThenUndo(Place, Patch),
}

#[derive(Debug, Clone)]
enum Patch {
    Move(Place),
    Pin(bool),
    Mute(bool),
    Read,
    Snooze(i64),
    Label(usize, bool),
}

const PEOPLE: usize = 4;
const LABELS: usize = 2;

fn a_place() -> impl Strategy<Value = Place> {
    prop::sample::select(vec![Place::Inbox, Place::Archive, Place::Bin, Place::Spam])
}

fn a_patch() -> impl Strategy<Value = Patch> {
    prop_oneof![
        a_place().prop_map(Patch::Move),
        any::<bool>().prop_map(Patch::Pin),
        any::<bool>().prop_map(Patch::Mute),
        Just(Patch::Read),
        (1..5i64).prop_map(Patch::Snooze),
        (0..LABELS, any::<bool>()).prop_map(|(label, on)| Patch::Label(label, on)),
    ]
}

fn a_deed() -> impl Strategy<Value = Deed> {
    let who = 0..PEOPLE;
    prop_oneof![
        3 => who.clone().prop_map(Deed::Arrives),
        2 => (who.clone(), a_place()).prop_map(|(who, place)| Deed::Move(who, place)),
        1 => (who.clone(), any::<bool>()).prop_map(|(who, on)| Deed::Pin(who, on)),
        1 => (who.clone(), any::<bool>()).prop_map(|(who, on)| Deed::Mute(who, on)),
        2 => (who.clone(), 1..5i64).prop_map(|(who, hours)| Deed::Snooze(who, hours)),
        1 => (who.clone(), any::<bool>()).prop_map(|(who, on)| Deed::Mark(who, on)),
        1 => (who, 0..LABELS, any::<bool>()).prop_map(|(who, label, on)| Deed::Label(who, label, on)),
        1 => (1..4i64).prop_map(Deed::Wait),
        1 => (a_place(), a_patch()).prop_map(|(place, patch)| Deed::All(place, patch)),
        1 => (a_place(), a_patch()).prop_map(|(place, patch)| Deed::AllThenUndo(place, patch)),
    ]
}

/// The hub, and what should be in it.
struct Pair {
    world: World,
    alice: Access,
    ids: Vec<ConversationId>,
    labels: Vec<LabelId>,
    expected: BTreeMap<ConversationId, Expected>,
}

impl Pair {
    async fn new() -> Self {
        let world = World::new().await;
        let alice = world.sign_in(ALICE).await;
        for person in 0..PEOPLE {
            world.deliver(&[ALICE], &mail(person)).await;
        }
        let mut labels = Vec::new();
        for name in ["Travel", "Work"].into_iter().take(LABELS) {
            labels.push(world.hub.create_label(&alice, name, LabelColour::Blue).await.unwrap());
        }
        let list = world.list(&alice, Place::Inbox).await;
        let expected = list.iter().map(|one| {
            let listed_at = one.latest_at.unix_ms();
            let (snoozed_until, labels) = (None, BTreeSet::new());
            let (pinned, muted, unread) = (false, false, 1);
            let place = Place::Inbox;
            (one.id, Expected { place, listed_at, snoozed_until, pinned, muted, unread, labels })
        });
        let expected = expected.collect();
        let ids = list.iter().rev().map(|one| one.id).collect();
        Self { world, alice, ids, labels, expected }
    }

    fn now(&self) -> i64 {
        self.world.now().unix_ms()
    }

    async fn one(&mut self, who: usize, patch: Patch) {
        let id = self.ids[who];
        let patch = self.patch(&patch);
        assert!(self.world.hub.update_conversation(&self.alice, id, &patch).await.unwrap());
        let now = self.now();
        apply(self.expected.get_mut(&id).unwrap(), &patch, now);
    }

    fn patch(&self, patch: &Patch) -> ConversationPatch {
        let until = |hours: i64| Timestamp::from_unix_ms(self.now() + hours * HOUR_MS);
        let none = ConversationPatch::default();
        match *patch {
            Patch::Move(place) => ConversationPatch { place: Some(place), ..none },
            Patch::Pin(on) => ConversationPatch { pinned: Some(on), ..none },
            Patch::Mute(on) => ConversationPatch { muted: Some(on), ..none },
            Patch::Read => ConversationPatch { unread: Some(false), ..none },
            Patch::Snooze(hours) => ConversationPatch { snoozed_until: Some(until(hours)), ..none },
            Patch::Label(label, on) => ConversationPatch { labels: vec![(self.labels[label], on)], ..none },
        }
    }

    async fn all(&mut self, place: Place, patch: &Patch) -> Progress {
        let (patch, now) = (self.patch(patch), self.now());
        let target = Target::All(ConversationFilter::of(place));
        let before = self.expected.clone();
        for one in self.expected.values_mut().filter(|one| one.place == place) {
            apply(one, &patch, now);
        }
        let changed = before.iter().filter(|(id, one)| self.expected[*id] != **one).count();
        let mut progress = self.world.hub.change_many(&self.alice, &target, &patch).await.unwrap();
        while !progress.finished {
            let next = self.world.hub.change_more(&self.alice, &target, progress.operation).await;
            progress = next.unwrap().expect("the deed is known");
        }
        // Moving into the bin again is no change here, and none there.
        assert_eq!(progress.changed as usize, changed);
        progress
    }

    async fn run(&mut self, deed: &Deed) {
        match deed.clone() {
            Deed::Arrives(who) => self.arrives(who).await,
            Deed::Move(who, place) => self.one(who, Patch::Move(place)).await,
            Deed::Pin(who, on) => self.one(who, Patch::Pin(on)).await,
            Deed::Mute(who, on) => self.one(who, Patch::Mute(on)).await,
            Deed::Snooze(who, hours) => self.one(who, Patch::Snooze(hours)).await,
            Deed::Mark(who, true) => {
                let patch = ConversationPatch { unread: Some(true), ..Default::default() };
                let id = self.ids[who];
                self.world.hub.update_conversation(&self.alice, id, &patch).await.unwrap();
                let one = self.expected.get_mut(&id).unwrap();
                one.unread = one.unread.max(1);
            }
            Deed::Mark(who, false) => self.one(who, Patch::Read).await,
            Deed::Label(who, label, on) => self.one(who, Patch::Label(label, on)).await,
            Deed::Wait(hours) => self.wait(hours).await,
            Deed::All(place, patch) => _ = self.all(place, &patch).await,
            Deed::AllThenUndo(place, patch) => {
                let before = self.expected.clone();
                let operation = self.all(place, &patch).await.operation;
                let undone = self.world.hub.undo_many(&self.alice, operation).await.unwrap().unwrap();
                assert_eq!((undone.changed, undone.finished), (0, true));
                assert_eq!(self.world.hub.undo_many(&self.alice, operation).await.unwrap(), None);
                self.expected = before;
            }
        }
    }

    async fn arrives(&mut self, who: usize) {
        self.world.deliver(&[ALICE], &mail(who)).await;
        let now = self.now();
        let one = self.expected.get_mut(&self.ids[who]).unwrap();
        one.unread += 1;
        if !one.muted && one.place != Place::Spam {
            (one.place, one.listed_at, one.snoozed_until) = (Place::Inbox, now, None);
        }
    }

    async fn wait(&mut self, hours: i64) {
        self.world.pass(hours * HOUR_MS);
        let now = self.now();
        self.world.hub.bring_back().await.unwrap();
        for one in self.expected.values_mut().filter(|one| one.snoozed_until.is_some_and(|at| at <= now)) {
            (one.place, one.listed_at, one.snoozed_until) = (Place::Inbox, now, None);
        }
    }

    async fn compare(&self) {
        let found = self.world.hub.conversations(&self.alice, &self.ids).await.unwrap();
        for view in found.into_iter().flatten() {
            let found = Expected {
                place: view.place,
                listed_at: view.listed_at.unix_ms(),
                snoozed_until: view.snoozed_until.map(Timestamp::unix_ms),
                pinned: view.pinned,
                muted: view.muted,
                unread: view.unread_count,
                labels: view.labels.into_iter().collect(),
            };
            assert_eq!(found, self.expected[&view.id]);
        }
        for place in Place::ALL {
            self.compare_list(&ConversationFilter::of(place), |one| one.place == place).await;
        }
        for (label, view) in self.labels.iter().zip(self.world.hub.labels(&self.alice).await.unwrap()) {
            let has = |one: &Expected| one.labels.contains(label) && !one.place.is_passing();
            let filter = ConversationFilter { label: Some(*label), ..ConversationFilter::of(Place::Inbox) };
            self.compare_list(&filter, has).await;
            let unread = self.expected.values().filter(|one| has(one) && is_unread(one)).count();
            assert_eq!((view.id, view.unread as usize), (*label, unread));
        }
    }

    async fn compare_list(&self, filter: &ConversationFilter, has: impl Fn(&Expected) -> bool) {
        let mut rows: Vec<(&ConversationId, &Expected)> =
            self.expected.iter().filter(|(_, one)| has(one)).collect();
        let pins = |one: &Expected| filter.label.is_none() && one.pinned && one.place == Place::Inbox;
        let at = |one: &Expected| match one.snoozed_until {
            Some(until) if filter.label.is_none() => until,
            _ => -one.listed_at,
        };
        rows.sort_by_key(|(id, one)| (!pins(one), at(one), **id));
        let ids = |rows: &[(&ConversationId, &Expected)]| rows.iter().map(|(id, _)| **id).collect::<Vec<_>>();
        assert_eq!(self.page(filter, ConversationOrder::Date).await, (ids(&rows), Some(rows.len() as u64)));
        let unread = ConversationFilter { unread: true, ..filter.clone() };
        let (unread_rows, read_rows): (Vec<_>, Vec<_>) = rows.iter().partition(|(_, one)| is_unread(one));
        assert_eq!(self.page(&unread, ConversationOrder::Date).await.0, ids(&unread_rows));
        if filter.label.is_none() {
            let unread_first = [ids(&unread_rows), ids(&read_rows)].concat();
            assert_eq!(self.page(filter, ConversationOrder::UnreadFirst).await.0, unread_first);
        }
    }

    async fn page(
        &self,
        filter: &ConversationFilter,
        order: ConversationOrder,
    ) -> (Vec<ConversationId>, Option<u64>) {
        let page = self.world.hub.conversation_page(&self.alice, filter, order, PageStart::Position(0), 100);
        let page = page.await.unwrap().expect("a page");
        (page.ids, page.total)
    }
}

const fn is_unread(one: &Expected) -> bool {
    one.unread > 0 && !one.muted
}

fn apply(one: &mut Expected, patch: &ConversationPatch, _now: i64) {
    if let Some(place) = patch.place.filter(|place| *place != one.place) {
        (one.place, one.snoozed_until) = (place, None);
    }
    if let Some(until) = patch.snoozed_until {
        (one.place, one.snoozed_until) = (Place::Snoozed, Some(until.unix_ms()));
    }
    one.pinned = patch.pinned.unwrap_or(one.pinned);
    one.muted = patch.muted.unwrap_or(one.muted);
    if patch.unread == Some(false) {
        one.unread = 0;
    }
    for (label, on) in &patch.labels {
        if *on {
            one.labels.insert(*label)
        } else {
            one.labels.remove(label)
        };
    }
}

fn mail(person: usize) -> String {
    format!("From: p{person}@example.net\nTo: {ALICE}\nSubject: S{person}\n\nText.")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn lists_and_counts_stay_exact_under_any_order_of_deeds(deeds in prop::collection::vec(a_deed(), 1..14)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut pair = Pair::new().await;
            for deed in &deeds {
                pair.run(deed).await;
                pair.compare().await;
            }
            pair.world.assert_sound().await;
        });
    }
}

#[tokio::test]
async fn a_snoozed_conversation_comes_back_at_its_time_on_top_and_is_pushed() {
    let mut pair = Pair::new().await;
    pair.run(&Deed::Snooze(0, 2)).await;
    assert_eq!(pair.world.hub.bring_back().await.unwrap(), Some(pair.world.now().plus_ms(2 * HOUR_MS)));
    let mut watch = pair.world.hub.watch(&pair.alice).await.unwrap();
    watch.mark_unchanged();
    pair.run(&Deed::Wait(2)).await;
    assert!(watch.has_changed().unwrap());
    let first = pair.world.list(&pair.alice, Place::Inbox).await.remove(0);
    assert_eq!((first.id, first.returned), (pair.ids[0], true));
    assert_eq!(pair.world.hub.bring_back().await.unwrap(), None, "its row is gone");
}

#[tokio::test]
async fn what_was_snoozed_again_or_moved_is_left_alone_at_the_old_time() {
    let mut pair = Pair::new().await;
    for deed in [Deed::Snooze(0, 1), Deed::Snooze(0, 3), Deed::Snooze(1, 1), Deed::Move(1, Place::Archive)] {
        pair.run(&deed).await;
    }
    pair.run(&Deed::Wait(1)).await;
    pair.compare().await;
    assert_eq!(pair.world.list(&pair.alice, Place::Snoozed).await.len(), 1);
}

#[tokio::test]
async fn undoing_leaves_alone_what_changed_since() {
    let mut pair = Pair::new().await;
    let operation = pair.all(Place::Inbox, &Patch::Move(Place::Archive)).await.operation;
    pair.run(&Deed::Move(0, Place::Bin)).await;
    pair.run(&Deed::Arrives(1)).await;
    pair.world.hub.undo_many(&pair.alice, operation).await.unwrap().unwrap();
    for (who, place) in [(0, Place::Bin), (1, Place::Inbox), (2, Place::Inbox), (3, Place::Inbox)] {
        let one = pair.expected.get_mut(&pair.ids[who]).unwrap();
        one.place = place;
    }
    pair.compare().await;
    pair.world.assert_sound().await;
}

#[tokio::test]
async fn a_deed_for_all_that_is_read_again_gives_each_message_its_mark_back() {
    let mut pair = Pair::new().await;
    pair.run(&Deed::Arrives(0)).await;
    pair.run(&Deed::Mark(1, false)).await;
    let before = pair.expected.clone();
    let progress = pair.all(Place::Inbox, &Patch::Read).await;
    assert_eq!(progress.changed, 3);
    pair.world.hub.undo_many(&pair.alice, progress.operation).await.unwrap();
    pair.expected = before;
    pair.compare().await;
    pair.world.assert_sound().await;
}

#[tokio::test]
async fn deeds_for_many_come_in_batches_and_can_be_undone_for_a_day() {
    let world = World::new().await;
    let alice = world.sign_in(ALICE).await;
    const MANY: usize = 620;
    for person in 0..MANY {
        world.deliver(&[ALICE], &mail(person)).await;
    }
    let target = Target::All(ConversationFilter::of(Place::Inbox));
    let archive = ConversationPatch { place: Some(Place::Archive), ..Default::default() };
    let first = world.hub.change_many(&alice, &target, &archive).await.unwrap();
    assert_eq!((first.changed, first.finished), (500, false));
    // What arrives meanwhile is not meant.
    world.deliver(&[ALICE], &mail(MANY)).await;
    let second = world.hub.change_more(&alice, &target, first.operation).await.unwrap().unwrap();
    assert_eq!((second.changed as usize, second.finished), (MANY, true));
    assert_eq!(world.list(&alice, Place::Inbox).await.len(), 1);
    let mut undone = world.hub.undo_many(&alice, first.operation).await.unwrap().unwrap();
    assert_eq!((undone.changed as usize, undone.finished), (MANY - 500, false));
    while !undone.finished {
        undone = world.hub.undo_many(&alice, first.operation).await.unwrap().unwrap();
    }
    let filter = ConversationFilter::of(Place::Inbox);
    let page =
        world.hub.conversation_page(&alice, &filter, ConversationOrder::Date, PageStart::Position(0), 1);
    assert_eq!(page.await.unwrap().unwrap().total, Some(MANY as u64 + 1));

    let again = world.hub.change_many(&alice, &target, &archive).await.unwrap();
    world.pass(25 * HOUR_MS);
    world.hub.purge_bins().await.unwrap();
    assert_eq!(world.hub.undo_many(&alice, again.operation).await.unwrap(), None);
    world.assert_sound().await;
}

#[tokio::test]
async fn a_label_has_a_name_of_its_own_and_leaves_its_conversations_where_they_are() {
    let mut pair = Pair::new().await;
    for name in ["  travel ", "", "   "] {
        assert!(pair.world.hub.create_label(&pair.alice, name, LabelColour::Red).await.is_err(), "{name:?}");
    }
    pair.run(&Deed::Label(0, 0, true)).await;
    pair.run(&Deed::Label(1, 0, true)).await;
    pair.run(&Deed::Move(1, Place::Bin)).await;
    let (label, nowhere) = (pair.labels[0], LabelId::from_bytes([7; 16]));
    assert!(pair.world.hub.destroy_label(&pair.alice, label).await.unwrap());
    assert!(!pair.world.hub.destroy_label(&pair.alice, nowhere).await.unwrap());
    pair.labels.remove(0);
    pair.expected.values_mut().for_each(|one| _ = one.labels.remove(&label));
    // What was in the bin lost it too.
    pair.run(&Deed::Move(1, Place::Inbox)).await;
    pair.compare().await;
    let patch = ConversationPatch { labels: vec![(nowhere, true)], ..Default::default() };
    pair.world.hub.update_conversation(&pair.alice, pair.ids[0], &patch).await.unwrap();
    pair.compare().await;
    pair.world.assert_sound().await;
}
