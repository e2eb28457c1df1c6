//! Files that cannot be read, are too new, or belong to somebody else.

use std::path::PathBuf;

use momfood_protocol::engine::Storage;

use super::Files;
use crate::store::suite::{Ground as _, NOW, SCOPE, USER, change, identity, page, tap, uid};
use crate::store::{Store, StoreError};

const VAULT: &str = "vault-00000000-0000-0000-0000-00000000000a.db";

impl Files {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.join("kitchen").join(name)
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.join("kitchen")).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

/// A store with a row and a tap in it, closed.
fn used(files: &Files) {
    let store = files.open(1);
    let pages = [(
        SCOPE.to_owned(),
        page(
            0,
            300,
            300,
            (1..=300).map(|n| change(n, n.unsigned_abs().into())).collect(),
        ),
    )];
    store.cache().apply(uid(0), &pages.into(), &[].into()).unwrap();
    let vault = store.vault(USER, || identity(1), NOW).unwrap();
    for n in 1..=300 {
        vault.enqueue(&tap(n)).unwrap();
    }
}

type Break = fn(&std::path::Path);

/// Writes over the middle of every page but the first.
fn tear(path: &std::path::Path) {
    let mut bytes = std::fs::read(path).unwrap();
    for page in bytes.chunks_mut(4_096).skip(1) {
        page[..2_000].fill(0xA5);
    }
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn a_damaged_cache_is_set_aside_and_begun_anew_and_no_vault_is_touched() {
    let breaks: [(&str, Break); 4] = [
        ("torn", tear),
        ("another file", |path| {
            std::fs::write(path, "not a database, not even a page of one".repeat(500)).unwrap();
        }),
        ("cut", |path| {
            let bytes = std::fs::read(path).unwrap();
            std::fs::write(path, &bytes[..bytes.len() / 2 + 100]).unwrap();
        }),
        ("of a newer program", |path| {
            rusqlite::Connection::open(path)
                .unwrap()
                .pragma_update(None, "user_version", 99)
                .unwrap();
        }),
    ];
    for (how, damage) in breaks {
        let files = Files::new();
        used(&files);
        damage(&files.path("cache.db"));
        let before = std::fs::read(files.path(VAULT)).unwrap();
        let store = files.open(1);
        assert!(store.cache_was_lost(), "{how}");
        assert_eq!(store.cache().rows(SCOPE).unwrap(), [], "{how}");
        assert!(store.cache().cursors().unwrap().is_empty(), "{how}");
        assert!(files.names().contains(&"damaged-cache.db".to_owned()), "{how}");
        assert_eq!(std::fs::read(files.path(VAULT)).unwrap(), before, "{how}");
        assert_eq!(
            store
                .vault(USER, || identity(2), NOW)
                .unwrap()
                .waiting(999)
                .unwrap()
                .len(),
            300
        );
        assert_eq!(store.storage(), Storage::Durable, "a cache is no loss");
        drop(store);
        assert!(!files.open(1).cache_was_lost(), "{how}: once is enough");
    }
}

#[test]
fn a_cache_found_damaged_while_it_is_used_is_begun_anew() {
    let files = Files::new();
    used(&files);
    let store = files.open(1);
    store.rebuild_cache().unwrap();
    assert!(store.cache_was_lost());
    assert_eq!(store.cache().rows(SCOPE).unwrap(), []);
    store.cache().keep("a", "b", NOW).unwrap();
    drop(store);
    assert!(files.open(1).cache().kept("a").unwrap().is_some());
}

#[test]
fn a_damaged_vault_is_copied_and_left_alone_and_a_new_one_begun() {
    let breaks: [Break; 2] = [tear, |path| std::fs::write(path, "gone".repeat(5_000)).unwrap()];
    for damage in breaks {
        let files = Files::new();
        used(&files);
        damage(&files.path(VAULT));
        let before = std::fs::read(files.path(VAULT)).unwrap();
        let store = files.open(1);
        let Err(StoreError::DamagedVault { copy }) = store.vault(USER, || identity(2), NOW) else {
            panic!("it must be said");
        };
        assert_eq!(store.storage(), Storage::Recovered);
        assert_eq!(std::fs::read(files.path(&copy)).unwrap(), before);
        let vault = store.vault(USER, || identity(3), NOW).unwrap();
        assert_eq!(
            vault.identity().unwrap(),
            identity(2),
            "the numbers begin anew, under another name"
        );
        assert_eq!(vault.enqueue(&tap(1)).unwrap().mid, 1);
        drop((vault, store));
        let store = files.open(1);
        let vault = store.vault(USER, || identity(4), NOW).unwrap();
        assert_eq!(
            vault.waiting(9).unwrap().len(),
            1,
            "the new one is the one from now on"
        );
        assert_eq!(store.storage(), Storage::Recovered);
        assert_eq!(store.vaults(), [USER]);
        assert_eq!(
            std::fs::read(files.path(VAULT)).unwrap(),
            before,
            "not a byte of it was changed"
        );
    }
}

#[test]
fn a_vault_with_a_damaged_log_loses_nothing_it_had_before_and_is_not_written_over() {
    let files = Files::new();
    used(&files);
    let wal = files.path(&format!("{VAULT}-wal"));
    // Somebody else's log, or one that was torn: not a frame of it counts.
    std::fs::write(&wal, vec![0x5A; 50_000]).unwrap();
    let store = files.open(1);
    assert_eq!(
        store
            .vault(USER, || identity(2), NOW)
            .unwrap()
            .waiting(999)
            .unwrap()
            .len(),
        300
    );
}

#[test]
fn a_vault_of_a_newer_program_is_read_and_not_written() {
    let files = Files::new();
    used(&files);
    let newer = rusqlite::Connection::open(files.path(VAULT)).unwrap();
    newer
        .execute_batch("ALTER TABLE tap ADD COLUMN weather TEXT; PRAGMA user_version = 7")
        .unwrap();
    newer.close().unwrap();
    let before = std::fs::read(files.path(VAULT)).unwrap();
    let store = files.open(1);
    let refused = store.vault(USER, || identity(2), NOW).err();
    assert_eq!(refused, Some(StoreError::NewerVault { found: 7, known: 1 }));
    let export = store.export_vault(USER).unwrap();
    assert_eq!(
        (
            &export["version"],
            export["tables"]["tap"].as_array().unwrap().len()
        ),
        (&7.into(), 300)
    );
    drop(store);
    assert_eq!(std::fs::read(files.path(VAULT)).unwrap(), before);
}

#[test]
fn a_second_engine_is_turned_away_and_nothing_is_hurt() {
    let files = Files::new();
    used(&files);
    let store = files.open(1);
    let vault = store.vault(USER, || identity(2), NOW).unwrap();
    assert_eq!(
        Store::open_as(files.place(), "kitchen", 1).err(),
        Some(StoreError::InUse)
    );
    vault.enqueue(&tap(301)).unwrap();
    drop((vault, store));
    let store = files.open(1);
    assert_eq!(
        store
            .vault(USER, || identity(2), NOW)
            .unwrap()
            .waiting(999)
            .unwrap()
            .len(),
        301
    );
}
