//! The power fails at any step of anything the store does. What it had acknowledged is there afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use momfood_client::store::suite::{EPOCH, NOW, SCOPE, USER, change, done, identity, page, tap, uid};
use momfood_client::store::{NewMutation, Place, Store, StoreError, Vault};
use momfood_crash_disk::CrashDisk;
use momfood_protocol::sync::Page;

/// What was acknowledged before the power failed.
#[derive(Default)]
struct Acknowledged {
    taps: i64,
    settled: BTreeSet<i64>,
    photos: BTreeMap<String, Vec<u8>>,
    alerts: usize,
}

fn open(disk: &CrashDisk) -> Result<Store, StoreError> {
    Store::open_as(Place::Other(Rc::new(disk.clone())), "driver", 1)
}

fn vault(store: &Store) -> Result<Rc<Vault>, StoreError> {
    store.vault(USER, || identity(7), NOW)
}

/// Uses the store as an app does, until the power fails. The app is closed and opened again now and then: that is when
/// SQLite moves its log into the file.
fn use_until_the_end(disk: &CrashDisk, known: &mut Acknowledged) -> Result<(), StoreError> {
    loop {
        use_for_a_while(disk, known)?;
    }
}

fn use_for_a_while(disk: &CrashDisk, known: &mut Acknowledged) -> Result<(), StoreError> {
    let store = open(disk)?;
    let vault = vault(&store)?;
    let mut next = vault.above(0)?.len() as u128;
    let mut cursor = store.cache().cursors()?.get(SCOPE).map_or(0, |cursor| cursor.seq);
    for _ in 0..disk.chance(60) {
        match disk.chance(12) {
            0..=4 => {
                let size = usize::try_from(disk.chance(3_000)).unwrap_or(0);
                let new = NewMutation {
                    args: "x".repeat(size).into(),
                    cash: Some(100),
                    ..tap(next + 1)
                };
                known.taps = vault.enqueue(&new)?.mid;
                next += 1;
            }
            5 => {
                let mid = i64::from(disk.chance(u32::try_from(known.taps).unwrap_or(0).max(1))) + 1;
                if !vault.settle(&[done(mid)], NOW)?.is_empty() {
                    known.settled.insert(mid);
                }
            }
            6 => {
                let photo = vec![
                    disk.chance(256).to_le_bytes()[0];
                    usize::try_from(disk.chance(40_000)).unwrap_or(0)
                ];
                let named = vault.put_blob(&photo, NOW)?;
                known.photos.insert(named.sha256, photo);
            }
            7 => {
                vault.acknowledge(&format!("alert {}", known.alerts), NOW)?;
                known.alerts += 1;
            }
            8 => {
                vault.prune(NOW)?;
            }
            9 => {
                // The scope is filled anew.
                let changes = (1..=cursor)
                    .map(|seq| change(seq, u128::from(seq.unsigned_abs())))
                    .collect();
                let anew = Page {
                    reset: true,
                    ..page(0, cursor, cursor, changes)
                };
                let pages = BTreeMap::from([(SCOPE.to_owned(), anew)]);
                store.cache().apply(EPOCH, &pages, &BTreeMap::new())?;
            }
            _ => {
                let to = cursor + i64::from(disk.chance(40)) + 1;
                let changes = (cursor + 1..=to)
                    .map(|seq| change(seq, u128::from(seq.unsigned_abs())))
                    .collect();
                let pages = BTreeMap::from([(SCOPE.to_owned(), page(cursor, to, to, changes))]);
                store.cache().apply(EPOCH, &pages, &BTreeMap::new())?;
                cursor = to;
            }
        }
    }
    Ok(())
}

/// Looks whether everything acknowledged is there; says what is not.
fn look(disk: &CrashDisk, known: &Acknowledged) -> Result<(), String> {
    let said = |error: StoreError| error.to_string();
    let store = open(disk).map_err(said)?;
    let vault = vault(&store).map_err(said)?;
    let taps = vault.above(0).map_err(said)?;
    let there = i64::try_from(taps.len()).unwrap_or(0);
    // What was under way when the power failed may be there, whole.
    if there < known.taps || there > known.taps + 1 {
        return Err(format!(
            "{} taps were acknowledged, {there} are there",
            known.taps
        ));
    }
    if !taps
        .iter()
        .zip(1..)
        .all(|(tap, mid)| tap.mid == mid && tap.uid == uid(u128::from(mid.unsigned_abs())))
    {
        return Err("the taps are not in their order".to_owned());
    }
    if vault.cash(NOW).map_err(said)?.len() != taps.len() {
        return Err("a tap without its cash, or cash without its tap".to_owned());
    }
    for mid in &known.settled {
        let tap = taps.iter().find(|tap| tap.mid == *mid);
        if tap.is_none_or(|tap| tap.result.is_none()) {
            return Err(format!("the result of {mid} is gone"));
        }
    }
    for (sha256, photo) in &known.photos {
        if vault.blob(sha256).map_err(said)?.as_ref() != Some(photo) {
            return Err(format!("the photo {sha256} is gone"));
        }
    }
    if vault.acknowledged().map_err(said)?.len() < known.alerts {
        return Err("an acknowledged alert rings again".to_owned());
    }
    // The cache may have lost its last pages, never half of one.
    let rows = store.cache().rows(SCOPE).map_err(said)?.len();
    let cursor = store
        .cache()
        .cursors()
        .map_err(said)?
        .get(SCOPE)
        .map_or(0, |cursor| cursor.seq);
    if i64::try_from(rows).unwrap_or(0) != cursor {
        return Err(format!("{rows} rows at cursor {cursor}"));
    }
    if store.cache_was_lost() {
        return Err("the cache is damaged".to_owned());
    }
    Ok(())
}

/// One disk's life: power failures, one after the other. Says what was lost.
fn live(disk: &CrashDisk, seed: u64, lies: bool) -> Result<i64, String> {
    disk.begin(seed);
    if lies {
        disk.lie();
    }
    let mut known = Acknowledged::default();
    for _ in 0..8 {
        disk.fail_after(disk.chance(900));
        let end = use_until_the_end(disk, &mut known);
        disk.restart();
        if let Err(StoreError::DamagedVault { .. } | StoreError::Damaged | StoreError::Internal(_)) = end {
            return Err(format!("the power has failed, not the program: {end:?}"));
        }
        look(disk, &known)?;
        // What was under way and is there counts from now on.
        let store = open(disk).map_err(|error| error.to_string())?;
        let vault = vault(&store).map_err(|error| error.to_string())?;
        known.taps = i64::try_from(vault.above(0).map_err(|error| error.to_string())?.len()).unwrap_or(0);
    }
    Ok(known.taps)
}

#[test]
fn what_was_acknowledged_outlives_the_power() {
    let disk = CrashDisk::new("crash");
    let seeds = std::env::var("MOMFOOD_CRASH_SEEDS")
        .ok()
        .and_then(|seeds| seeds.parse().ok())
        .unwrap_or(200);
    let mut taps = 0;
    for seed in 0..seeds {
        match live(&disk, seed, false) {
            Ok(lived) => taps += lived,
            Err(loss) => panic!("seed {seed}: {loss}"),
        }
    }
    assert!(
        taps > i64::try_from(seeds).unwrap(),
        "too little was tapped to mean anything"
    );
}

#[test]
fn a_disk_that_lies_about_its_syncs_is_found_out() {
    let disk = CrashDisk::new("liar");
    let losses = (0..40).filter(|seed| live(&disk, *seed, true).is_err()).count();
    assert!(
        losses > 20,
        "a test that finds nothing proves nothing: {losses} of 40"
    );
}
