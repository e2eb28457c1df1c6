//! An engine that is killed, and a disk that is full, at any moment.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use momfood_protocol::mutation::{Deliver, Mutation};

use super::Files;
use crate::store::suite::{EPOCH, Ground as _, NOW, SCOPE, USER, change, identity, order, page, tap, uid};
use crate::store::{NewMutation, Place, Store, StoreError};

/// In the environment of a process that is to be killed: where it keeps its files.
const CHILD: &str = "MOMFOOD_STORE_TEST_CHILD";

/// Not a test of its own: what [`no_acknowledged_tap_is_lost_to_a_killed_process`] kills.
#[test]
fn a_process_that_taps_until_it_is_killed() {
    let Some(folder) = std::env::var_os(CHILD).map(PathBuf::from) else {
        return;
    };
    let store = Store::open_as(Place::Files { folder }, "kitchen", 1).unwrap();
    let vault = store.vault(USER, || identity(1), NOW).unwrap();
    let mut next = vault.above(0).unwrap().len() as u128;
    loop {
        next += 1;
        let delivered = Mutation::Deliver(Deliver {
            order_id: order(next),
            cash: Some(100),
            proof: None,
        });
        let queued = vault
            .enqueue(&NewMutation::of(uid(next), &delivered, NOW))
            .unwrap();
        eprintln!("taken {}", queued.mid);
        if next.is_multiple_of(7) {
            let cursor = store
                .cache()
                .cursors()
                .unwrap()
                .get(SCOPE)
                .map_or(0, |cursor| cursor.seq);
            let changes = (cursor + 1..=cursor + 50)
                .map(|seq| change(seq, seq.unsigned_abs().into()))
                .collect();
            let pages = [(SCOPE.to_owned(), page(cursor, cursor + 50, cursor + 50, changes))];
            store.cache().apply(EPOCH, &pages.into(), &[].into()).unwrap();
            vault
                .put_blob(&vec![next.to_le_bytes()[0]; 100_000], NOW)
                .unwrap();
        }
    }
}

#[test]
fn no_acknowledged_tap_is_lost_to_a_killed_process() {
    let files = Files::new();
    let mut taken = 0;
    for round in 0..20_u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "store::tests::ends::a_process_that_taps_until_it_is_killed",
                "--nocapture",
            ])
            .env(CHILD, &files.folder)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut hear = |line: &str| {
            let mid = line
                .strip_prefix("taken ")
                .and_then(|mid| mid.parse::<usize>().ok());
            taken = taken.max(mid.unwrap_or(0));
        };
        // Once it has begun, at another moment each time.
        for line in said.by_ref().map_while(Result::ok) {
            hear(&line);
            if line.starts_with("taken ") {
                break;
            }
        }
        std::thread::sleep(Duration::from_millis(round * 7 % 60));
        child.kill().unwrap();
        child.wait().unwrap();
        for line in said.map_while(Result::ok) {
            hear(&line);
        }

        let store = files.open(1);
        assert!(!store.cache_was_lost(), "round {round}");
        let rows = store.cache().rows(SCOPE).unwrap().len();
        let cursor = store
            .cache()
            .cursors()
            .unwrap()
            .get(SCOPE)
            .map_or(0, |cursor| cursor.seq);
        assert_eq!(i64::try_from(rows).unwrap(), cursor, "rows and cursor are one");
        let vault = store.vault(USER, || identity(9), NOW).unwrap();
        let taps = vault.above(0).unwrap();
        assert!(
            taps.len() >= taken,
            "round {round}: {taken} were acknowledged, {} are there",
            taps.len()
        );
        assert!(
            taps.iter()
                .zip(1..)
                .all(|(tap, mid)| tap.mid == mid && tap.uid == uid(mid.unsigned_abs().into()))
        );
        assert_eq!(vault.cash(NOW).unwrap().len(), taps.len(), "each with its cash");
    }
    assert!(taken > 20, "it was killed before it could tap");
}

/// A file system of its own with little room; `None` where one may not be mounted.
struct Small(PathBuf);

impl Small {
    fn mount(folder: &Path) -> Option<Self> {
        std::fs::create_dir_all(folder).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=600k", "tmpfs"])
            .arg(folder)
            .stderr(Stdio::null())
            .status();
        mounted
            .is_ok_and(|status| status.success())
            .then(|| Self(folder.to_owned()))
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_takes_nothing_more_and_keeps_what_it_had() {
    let files = Files::new();
    let folder = files.folder.join("small");
    // Without the right to mount there is still the suite's case with a limited file.
    let Some(small) = Small::mount(&folder) else {
        return;
    };
    let open = || {
        Store::open_as(
            Place::Files {
                folder: folder.clone(),
            },
            "kitchen",
            1,
        )
        .unwrap()
    };
    let store = open();
    let vault = store.vault(USER, || identity(1), NOW).unwrap();
    let mut taken = 0;
    let refusal = loop {
        let large = NewMutation {
            args: "x".repeat(3_000).into(),
            cash: Some(1),
            ..tap(taken + 1)
        };
        match vault.enqueue(&large) {
            Ok(_) => taken += 1,
            Err(error) => break error,
        }
        assert!(taken < 10_000, "it never fills");
    };
    assert!(
        matches!(refusal, StoreError::Full | StoreError::Disk(_)),
        "{refusal:?}"
    );
    assert_eq!(u128::from(vault.waiting_count().unwrap().count), taken);
    drop((vault, store));
    // Also the start of an engine needs no room it has not got.
    let store = open();
    let vault = store.vault(USER, || identity(2), NOW).unwrap();
    assert_eq!(vault.waiting(99_999).unwrap().len() as u128, taken);
    assert_eq!(vault.cash(NOW).unwrap().len() as u128, taken);
    drop((vault, store, small));
}
