//! The cache: what the server said.

use std::collections::BTreeMap;

use momfood_domain::time::Timestamp;
use momfood_protocol::feed::{Delta, Snapshot};
use momfood_protocol::sync::Page;
use uuid::Uuid;

use super::{DEVICE, EPOCH, Ground, NOW, SCOPE, change, gone, page};
use crate::store::{Applied, Cache, Store};

fn pages(page: Page) -> BTreeMap<String, Page> {
    BTreeMap::from([(SCOPE.to_owned(), page)])
}

fn apply(cache: &Cache, page: Page) -> Applied {
    cache.apply(EPOCH, &pages(page), &BTreeMap::new()).unwrap()[SCOPE]
}

fn said(mid: i64) -> BTreeMap<Uuid, i64> {
    BTreeMap::from([(DEVICE, mid)])
}

/// What is shown: numbers of things with the number of their state.
fn shown(cache: &Cache) -> Vec<(u128, i64)> {
    let rows = cache.rows(SCOPE).unwrap();
    let mut shown: Vec<_> = rows.iter().map(|row| (row.id.as_u128(), row.seq)).collect();
    shown.sort_unstable();
    shown
}

fn cursor(cache: &Cache) -> Option<i64> {
    cache.cursors().unwrap().get(SCOPE).map(|cursor| cursor.seq)
}

fn snapshot(seq: i64, changes: Vec<momfood_protocol::feed::Change>) -> Snapshot {
    Snapshot {
        epoch: EPOCH,
        scope: SCOPE.to_owned(),
        view: "kitchen".to_owned(),
        seq,
        last_mids: BTreeMap::new(),
        time: NOW,
        changes,
    }
}

/// A store whose scope stands at 10 with things 1 and 2.
fn filled(ground: &dyn Ground) -> Store {
    let store = ground.open(1);
    assert_eq!(
        apply(store.cache(), page(0, 10, 10, vec![change(9, 1), change(10, 2)])),
        Applied::Swapped
    );
    store
}

pub fn a_page_applies_only_to_the_cursor_it_follows(ground: &dyn Ground) {
    let store = filled(ground);
    let cache = store.cache();
    assert_eq!(
        apply(cache, page(9, 11, 11, vec![change(11, 3)])),
        Applied::Discarded
    );
    assert_eq!(
        apply(cache, page(11, 12, 12, vec![change(12, 3)])),
        Applied::Discarded
    );
    assert_eq!(shown(cache), [(1, 9), (2, 10)]);
    assert_eq!(
        apply(cache, page(10, 12, 12, vec![gone(11, 1), change(12, 3)])),
        Applied::Shown
    );
    assert_eq!(shown(cache), [(2, 10), (3, 12)]);
    // Told twice, it is done once.
    assert_eq!(
        apply(cache, page(10, 12, 12, vec![change(12, 3)])),
        Applied::Discarded
    );
    assert_eq!(cursor(cache), Some(12));
}

pub fn every_row_arrives_once_however_many_pages_there_are(ground: &dyn Ground) {
    let store = ground.open(1);
    let cache = store.cache();
    let size = 4;
    for rows in [size - 1, size, size + 1, 3 * size - 1, 3 * size, 3 * size + 1] {
        cache.purge(SCOPE).unwrap();
        let mut from = 0;
        loop {
            let to = rows.min(from + size);
            let changes = (from + 1..=to)
                .map(|seq| change(seq, seq.unsigned_abs().into()))
                .collect();
            let applied = apply(cache, page(from, to, rows, changes));
            if to == rows {
                assert_eq!(applied, Applied::Swapped);
                break;
            }
            assert_eq!((applied, cursor(cache)), (Applied::Staged, Some(to)));
            assert_eq!(shown(cache), [], "half a scope is not shown");
            from = to;
        }
        assert_eq!(shown(cache).len(), usize::try_from(rows).unwrap(), "{rows} rows");
        assert_eq!(cursor(cache), Some(rows));
        // An empty page at the end is a page.
        assert_eq!(apply(cache, page(rows, rows, rows, Vec::new())), Applied::Shown);
    }
}

pub fn a_scope_filled_anew_is_shown_only_when_it_is_complete(ground: &dyn Ground) {
    let store = filled(ground);
    let reset = Page {
        reset: true,
        ..page(0, 20, 30, vec![change(15, 3), change(20, 4)])
    };
    assert_eq!(apply(store.cache(), reset), Applied::Staged);
    assert_eq!(shown(store.cache()), [(1, 9), (2, 10)]);
    let store = ground.reopen(store, 1);
    let cache = store.cache();
    assert_eq!(cursor(cache), Some(20), "it goes on where it was");
    assert!(!cache.scopes().unwrap()[SCOPE].current);
    // A thing that left the scope between two pages is not in it.
    assert_eq!(
        apply(cache, page(20, 30, 30, vec![gone(25, 3), change(30, 5)])),
        Applied::Swapped
    );
    assert_eq!(shown(cache), [(4, 20), (5, 30)]);
    assert!(cache.scopes().unwrap()[SCOPE].current);
}

pub fn an_upgrade_without_a_network_shows_what_it_had(ground: &dyn Ground) {
    let store = filled(ground);
    if store.storage() == momfood_protocol::engine::Storage::Memory {
        return; // There is no upgrade that keeps a memory.
    }
    let store = ground.reopen(store, 2);
    let cache = store.cache();
    assert_eq!(shown(cache), [(1, 9), (2, 10)]);
    assert_eq!(
        cursor(cache),
        None,
        "rows of another shape are asked for from the beginning"
    );
    assert_eq!(
        apply(cache, page(10, 11, 11, vec![change(11, 9)])),
        Applied::Discarded
    );
    assert_eq!(apply(cache, page(0, 5, 11, vec![change(5, 1)])), Applied::Staged);
    assert_eq!(shown(cache), [(1, 9), (2, 10)]);
    assert_eq!(
        apply(cache, page(5, 11, 11, vec![change(11, 7)])),
        Applied::Swapped
    );
    assert_eq!(shown(cache), [(1, 5), (7, 11)]);
}

pub fn other_eyes_see_nothing_of_what_the_old_ones_saw(ground: &dyn Ground) {
    let store = filled(ground);
    let cache = store.cache();
    let other = |page: Page| Page {
        view: "waiter".to_owned(),
        ..page
    };
    assert_eq!(
        apply(cache, other(page(10, 11, 11, vec![change(11, 3)]))),
        Applied::Discarded
    );
    assert_eq!(
        apply(cache, other(page(0, 5, 11, vec![change(5, 1)]))),
        Applied::Staged
    );
    assert_eq!(shown(cache), []);
    assert_eq!(
        apply(cache, page(10, 11, 11, vec![change(11, 3)])),
        Applied::Discarded
    );
    assert_eq!(apply(cache, other(page(5, 11, 11, Vec::new()))), Applied::Swapped);
    assert_eq!(shown(cache), [(1, 5)]);
    assert_eq!(cache.cursors().unwrap()[SCOPE].view, "waiter");
}

pub fn a_page_of_another_history_changes_nothing(ground: &dyn Ground) {
    let store = filled(ground);
    let cache = store.cache();
    let other = Uuid::from_u128(0xF);
    let after = || pages(page(10, 11, 11, vec![change(11, 3)]));
    assert_eq!(
        cache.apply(other, &after(), &said(7)).unwrap()[SCOPE],
        Applied::Discarded
    );
    cache.reset_cursors(other).unwrap();
    assert_eq!((cursor(cache), cache.epoch().unwrap()), (None, Some(other)));
    assert_eq!(
        shown(cache),
        [(1, 9), (2, 10)],
        "shown until there is something newer"
    );
    assert_eq!(
        cache.apply(other, &after(), &said(7)).unwrap()[SCOPE],
        Applied::Discarded
    );
    let anew = pages(page(0, 3, 3, vec![change(3, 1)]));
    assert_eq!(
        cache.apply(EPOCH, &anew, &said(7)).unwrap()[SCOPE],
        Applied::Discarded
    );
    assert_eq!(
        cache.apply(other, &anew, &said(7)).unwrap()[SCOPE],
        Applied::Swapped
    );
    assert_eq!(shown(cache), [(1, 3)]);
}

pub fn an_older_row_never_replaces_a_newer_one(ground: &dyn Ground) {
    let store = filled(ground);
    let cache = store.cache();
    assert_eq!(
        apply(
            cache,
            page(10, 12, 12, vec![change(12, 1), change(11, 1), gone(11, 1)])
        ),
        Applied::Shown
    );
    assert_eq!(shown(cache), [(1, 12), (2, 10)]);
}

pub fn an_older_snapshot_never_replaces_a_newer_one(ground: &dyn Ground) {
    let store = filled(ground);
    let cache = store.cache();
    let none = BTreeMap::new();
    assert_eq!(
        cache.fill(&snapshot(9, vec![change(9, 1)]), &none).unwrap(),
        Applied::Discarded
    );
    assert_eq!(shown(cache), [(1, 9), (2, 10)]);
    assert_eq!(
        cache.fill(&snapshot(12, vec![change(12, 7)]), &none).unwrap(),
        Applied::Swapped
    );
    assert_eq!(shown(cache), [(7, 12)]);
}

pub fn a_mutation_counts_once_all_its_pages_are_here(ground: &dyn Ground) {
    let store = filled(ground);
    let first = page(10, 14, 20, vec![change(14, 3)]);
    store.cache().apply(EPOCH, &pages(first), &said(5)).unwrap();
    assert_eq!(
        store.cache().last_mid(DEVICE).unwrap(),
        0,
        "its effects may be on the next page"
    );
    let store = ground.reopen(store, 1);
    let cache = store.cache();
    cache
        .apply(EPOCH, &pages(page(14, 19, 25, Vec::new())), &said(6))
        .unwrap();
    assert_eq!(cache.last_mid(DEVICE).unwrap(), 0);
    cache
        .apply(EPOCH, &pages(page(19, 20, 25, vec![change(20, 4)])), &said(6))
        .unwrap();
    assert_eq!(
        cache.last_mid(DEVICE).unwrap(),
        0,
        "what the first snapshot held may have moved on, to a page of the second"
    );
    cache
        .apply(EPOCH, &pages(page(20, 25, 25, Vec::new())), &said(6))
        .unwrap();
    assert_eq!(cache.last_mid(DEVICE).unwrap(), 6);
    cache
        .hear(EPOCH, &BTreeMap::from([(SCOPE.to_owned(), 25)]), &said(4))
        .unwrap();
    assert_eq!(cache.last_mid(DEVICE).unwrap(), 6, "it never goes back");
    cache.hear(EPOCH, &BTreeMap::new(), &said(9)).unwrap();
    assert_eq!(
        cache.last_mid(DEVICE).unwrap(),
        6,
        "without scopes nothing is said about rows"
    );
}

pub fn a_revoked_scope_is_forgotten_and_nothing_waits_for_it(ground: &dyn Ground) {
    let store = filled(ground);
    let cache = store.cache();
    let heads = BTreeMap::from([(SCOPE.to_owned(), 30), ("driver:other".to_owned(), 0)]);
    cache.hear(EPOCH, &heads, &said(5)).unwrap();
    let own = Page {
        view: "driver".to_owned(),
        ..page(0, 3, 3, Vec::new())
    };
    cache
        .apply(
            EPOCH,
            &BTreeMap::from([("driver:other".to_owned(), own)]),
            &BTreeMap::new(),
        )
        .unwrap();
    assert_eq!(cache.last_mid(DEVICE).unwrap(), 0);
    let revoked = Page {
        revoked: true,
        ..page(0, 0, 0, Vec::new())
    };
    assert_eq!(apply(cache, revoked), Applied::Purged);
    assert_eq!((shown(cache), cursor(cache)), (Vec::new(), None));
    assert_eq!(cache.last_mid(DEVICE).unwrap(), 5);
}

pub fn a_row_that_moved_on_takes_its_mutation_to_a_later_page(ground: &dyn Ground) {
    let store = filled(ground);
    let cache = store.cache();
    let heads = BTreeMap::from([(SCOPE.to_owned(), 12)]);
    cache.hear(EPOCH, &heads, &said(5)).unwrap();
    // Thing 1 had the effect of mutation 5 at 12; at 14 it changed again, before these pages were read.
    apply(cache, page(10, 13, 15, vec![change(13, 3)]));
    assert_eq!(cache.last_mid(DEVICE).unwrap(), 0, "thing 1 is as it was");
    let delta = |from, to, id| Delta {
        scope: SCOPE.to_owned(),
        from,
        to,
        changes: vec![change(to, id)],
    };
    let none = BTreeMap::new();
    cache.apply_delta(&delta(13, 14, 1), &none).unwrap();
    cache.apply_delta(&delta(14, 15, 2), &none).unwrap();
    assert_eq!(cache.last_mid(DEVICE).unwrap(), 5);
}

pub fn a_number_does_not_outlive_the_rows_it_speaks_of(ground: &dyn Ground) {
    let store = filled(ground);
    let cache = store.cache();
    let heads = |head| BTreeMap::from([(SCOPE.to_owned(), head)]);
    cache.hear(EPOCH, &heads(10), &said(5)).unwrap();
    cache.hear(EPOCH, &heads(12), &said(7)).unwrap();
    assert_eq!(cache.last_mid(DEVICE).unwrap(), 5);
    let reset = Page {
        reset: true,
        ..page(0, 6, 12, vec![change(6, 1)])
    };
    assert_eq!(apply(cache, reset), Applied::Staged);
    cache.purge(SCOPE).unwrap();
    assert_eq!(cache.last_mid(DEVICE).unwrap(), 0);
    assert_eq!(cursor(cache), None, "a half filled copy is gone as well");
    apply(cache, page(0, 12, 12, vec![change(9, 1)]));
    assert_eq!(cache.last_mid(DEVICE).unwrap(), 0, "what was promised went too");
}

pub fn of_a_new_history_the_number_may_be_lower(ground: &dyn Ground) {
    let store = ground.open(1);
    let cache = store.cache();
    cache
        .apply(EPOCH, &pages(page(0, 10, 10, vec![change(9, 1)])), &said(8))
        .unwrap();
    assert_eq!(cache.last_mid(DEVICE).unwrap(), 8);
    let other = Uuid::from_u128(0xF);
    cache.reset_cursors(other).unwrap();
    assert_eq!(cache.last_mid(DEVICE).unwrap(), 8, "true of what is still shown");
    cache
        .apply(other, &pages(page(0, 4, 4, Vec::new())), &said(3))
        .unwrap();
    assert_eq!(cache.last_mid(DEVICE).unwrap(), 3);
}

pub fn a_promise_does_not_starve_behind_newer_ones(ground: &dyn Ground) {
    let store = filled(ground);
    let cache = store.cache();
    for n in 1..=50 {
        let heads = BTreeMap::from([(SCOPE.to_owned(), 10 + n)]);
        cache.hear(EPOCH, &heads, &said(n)).unwrap();
    }
    apply(cache, page(10, 11, 11, Vec::new()));
    assert_eq!(cache.last_mid(DEVICE).unwrap(), 1);
    apply(cache, page(11, 60, 60, Vec::new()));
    let heads = BTreeMap::from([(SCOPE.to_owned(), 60)]);
    cache.hear(EPOCH, &heads, &said(50)).unwrap();
    assert_eq!(cache.last_mid(DEVICE).unwrap(), 50);
}

pub fn a_delta_follows_what_is_shown_or_is_discarded(ground: &dyn Ground) {
    let delta = |from, to| Delta {
        scope: SCOPE.to_owned(),
        from,
        to,
        changes: vec![change(to, 1)],
    };
    let store = ground.open(1);
    assert_eq!(
        store.cache().apply_delta(&delta(0, 1), &said(1)).unwrap(),
        Applied::Discarded
    );
    drop(store);
    let store = filled(ground);
    let cache = store.cache();
    assert_eq!(
        cache.apply_delta(&delta(11, 12), &said(1)).unwrap(),
        Applied::Discarded
    );
    assert_eq!(
        cache.apply_delta(&delta(10, 11), &said(1)).unwrap(),
        Applied::Shown
    );
    assert_eq!((shown(cache), cursor(cache)), (vec![(1, 11), (2, 10)], Some(11)));
    assert_eq!(cache.last_mid(DEVICE).unwrap(), 1);
}

pub fn documents_are_kept_and_the_oldest_let_go(ground: &dyn Ground) {
    let store = ground.open(1);
    let cache = store.cache();
    for n in 1..=4 {
        cache.keep(&format!("menu:{n}"), "{}", Timestamp(n)).unwrap();
    }
    cache.keep("me", "first", Timestamp(0)).unwrap();
    cache.keep("me", "second", Timestamp(1)).unwrap();
    cache.keep_newest("menu:", 2).unwrap();
    assert_eq!(cache.kept("menu:2").unwrap(), None);
    assert_eq!(cache.kept("menu:3").unwrap().unwrap().as_of, Timestamp(3));
    assert_eq!(cache.kept("me").unwrap().unwrap().text, "second");
    cache.forget("me").unwrap();
    assert_eq!(cache.kept("me").unwrap(), None);
}

pub fn what_is_cached_outlives_the_engine(ground: &dyn Ground) {
    let store = filled(ground);
    store.cache().keep("menu:1", "{}", NOW).unwrap();
    let store = ground.reopen(store, 1);
    let cache = store.cache();
    assert_eq!((shown(cache), cursor(cache)), (vec![(1, 9), (2, 10)], Some(10)));
    let row = cache
        .row(SCOPE, momfood_protocol::feed::Entity::Order, Uuid::from_u128(1))
        .unwrap()
        .unwrap();
    assert_eq!(row.body, r#"{"seq":9}"#);
    assert!(cache.kept("menu:1").unwrap().is_some());
    assert!(!store.cache_was_lost());
}
