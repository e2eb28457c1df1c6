//! What is kept comes back, to nobody else; what was meddled with is forgotten; a keychain that comes or goes loses nothing.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use momfood_protocol::engine::Secrets;

use super::sealed::Key;
use super::{ANSWER, SecretKeep};
use crate::port::Keep as _;

const TOKEN: &str = r#"{"refresh":"the-token-nobody-else-may-read"}"#;
const LATER: &str = r#"{"refresh":"a-later-one"}"#;

/// A folder of a test's own.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let n = MADE.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("momfood-secrets-{}-{n}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn keep(&self, key: Option<&Key>) -> SecretKeep {
        let key = key.cloned();
        SecretKeep::open_with("kitchen", &self.0, ANSWER, move || key)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join("kitchen/secrets").join(name)
    }

    fn everything(&self) -> Vec<(PathBuf, Vec<u8>)> {
        fn walk(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    walk(&path, found);
                } else {
                    found.push((path.clone(), std::fs::read(path).unwrap()));
                }
            }
        }
        let mut found = Vec::new();
        walk(&self.0, &mut found);
        found
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn session(keep: &SecretKeep) -> Option<String> {
    keep.get("session")
}

#[test]
fn without_a_keychain_it_lies_encrypted_in_files_and_comes_back() {
    let folder = Folder::new();
    let keep = folder.keep(None);
    assert_eq!((keep.kind(), session(&keep)), (Secrets::File, None));
    keep.set("session", Some(TOKEN));
    keep.set("heard", Some("17"));
    let files = folder.everything();
    assert_eq!(files.len(), 3, "two texts and their key: {files:?}");
    for (path, bytes) in files {
        let seen = bytes
            .windows(b"the-token".len())
            .any(|window| window == b"the-token");
        assert!(!seen, "{} shows the token", path.display());
    }
    let again = folder.keep(None);
    assert_eq!(session(&again).as_deref(), Some(TOKEN));
    assert_eq!(again.get("heard").as_deref(), Some("17"));
    again.set("session", None);
    assert_eq!(session(&folder.keep(None)), None);
}

#[test]
fn with_a_keychain_no_key_lies_beside_the_files() {
    let folder = Folder::new();
    let key = Key::fresh().unwrap();
    let keep = folder.keep(Some(&key));
    assert_eq!(keep.kind(), Secrets::Keychain);
    keep.set("session", Some(TOKEN));
    for (path, bytes) in folder.everything() {
        let seen = bytes.windows(32).any(|window| window == key.bytes());
        assert!(!seen, "{} holds the key", path.display());
    }
    assert_eq!(session(&folder.keep(Some(&key))).as_deref(), Some(TOKEN));
    // The keychain was emptied: what its key sealed is gone, and a new one begins.
    let other = folder.keep(Some(&Key::fresh().unwrap()));
    assert_eq!((session(&other), other.kind()), (None, Secrets::Keychain));
}

#[cfg(unix)]
#[test]
fn every_file_is_its_owners_alone_even_where_it_was_not() {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = Folder::new();
    folder.keep(None).set("session", Some(TOKEN));
    let (home, key, sealed) = (
        folder.path("file"),
        folder.path("file/key"),
        folder.path("file/session.sealed"),
    );
    assert_eq!((mode(&home), mode(&key), mode(&sealed)), (0o700, 0o600, 0o600));
    for (path, open) in [(&home, 0o755), (&key, 0o644), (&sealed, 0o666)] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(open)).unwrap();
    }
    let keep = folder.keep(None);
    assert_eq!(session(&keep).as_deref(), Some(TOKEN));
    assert_eq!((mode(&home), mode(&key), mode(&sealed)), (0o700, 0o600, 0o600));
}

#[test]
fn a_write_that_was_cut_off_leaves_what_was_there() {
    let folder = Folder::new();
    folder.keep(None).set("session", Some(TOKEN));
    std::fs::write(folder.path("file/session.sealed.new"), b"momfood-seal").unwrap();
    let keep = folder.keep(None);
    assert_eq!(session(&keep).as_deref(), Some(TOKEN));
    keep.set("session", Some(LATER));
    assert_eq!(session(&folder.keep(None)).as_deref(), Some(LATER));
}

#[test]
fn one_bit_turned_anywhere_and_it_is_forgotten() {
    let folder = Folder::new();
    folder.keep(None).set("session", Some(TOKEN));
    let path = folder.path("file/session.sealed");
    let whole = std::fs::read(&path).unwrap();
    for at in 0..whole.len() {
        let mut turned = whole.clone();
        turned[at] ^= 1;
        std::fs::write(&path, &turned).unwrap();
        assert_eq!(session(&folder.keep(None)), None, "bit at {at}");
        std::fs::write(&path, &whole[..at]).unwrap();
        assert_eq!(session(&folder.keep(None)), None, "cut at {at}");
    }
    let keep = folder.keep(None);
    keep.set("session", Some(LATER));
    assert_eq!(session(&folder.keep(None)).as_deref(), Some(LATER));
}

#[test]
fn a_text_put_in_the_place_of_another_is_not_taken_for_it() {
    let folder = Folder::new();
    folder.keep(None).set("cart", Some(TOKEN));
    std::fs::rename(
        folder.path("file/cart.sealed"),
        folder.path("file/session.sealed"),
    )
    .unwrap();
    let keep = folder.keep(None);
    assert_eq!((session(&keep), keep.get("cart")), (None, None));
    // Nor one of another app.
    folder.keep(None).set("session", Some(TOKEN));
    let theirs = folder.0.join("driver/secrets");
    std::fs::create_dir_all(&theirs).unwrap();
    std::fs::rename(folder.path("file"), theirs.join("file")).unwrap();
    let driver = SecretKeep::open_with("driver", &folder.0, ANSWER, || None);
    assert_eq!(session(&driver), None);
}

#[test]
fn a_key_cut_short_is_replaced() {
    let folder = Folder::new();
    folder.keep(None).set("session", Some(TOKEN));
    std::fs::write(folder.path("file/key"), b"short").unwrap();
    let keep = folder.keep(None);
    assert_eq!((session(&keep), keep.kind()), (None, Secrets::File));
    keep.set("session", Some(LATER));
    assert_eq!(session(&folder.keep(None)).as_deref(), Some(LATER));
}

#[test]
fn what_lay_in_files_moves_when_a_keychain_appears() {
    let folder = Folder::new();
    let before = folder.keep(None);
    before.set("session", Some(TOKEN));
    before.set("cart", Some("[1]"));
    let key = Key::fresh().unwrap();
    let keep = folder.keep(Some(&key));
    assert_eq!(
        (
            keep.kind(),
            session(&keep).as_deref(),
            keep.get("cart").as_deref()
        ),
        (Secrets::Keychain, Some(TOKEN), Some("[1]"))
    );
    assert!(!folder.path("file").exists(), "nothing is left beside its key");
}

#[test]
fn a_move_that_was_cut_off_is_done_again_and_one_that_was_done_stays_done() {
    let folder = Folder::new();
    let key = Key::fresh().unwrap();
    folder.keep(None).set("session", Some(TOKEN));
    let left: Vec<_> = folder.everything();
    drop(folder.keep(Some(&key)));
    // Killed before the old key was gone: both are there, and say the same.
    std::fs::create_dir_all(folder.path("file")).unwrap();
    for (path, bytes) in &left {
        std::fs::write(path, bytes).unwrap();
    }
    let keep = folder.keep(Some(&key));
    assert_eq!(session(&keep).as_deref(), Some(TOKEN));
    keep.set("session", Some(LATER));
    // Killed after the old key was gone, before the rest was: that is nothing any more.
    std::fs::create_dir_all(folder.path("file")).unwrap();
    for (path, bytes) in &left {
        if !path.ends_with("key") {
            std::fs::write(path, bytes).unwrap();
        }
    }
    assert_eq!(session(&folder.keep(Some(&key))).as_deref(), Some(LATER));
}

#[test]
fn a_keychain_that_is_away_for_one_start_loses_nothing_and_what_was_said_meanwhile_counts() {
    let folder = Folder::new();
    let key = Key::fresh().unwrap();
    let keep = folder.keep(Some(&key));
    keep.set("session", Some(TOKEN));
    keep.set("cart", Some("[1]"));
    keep.set("lang", Some("\"ar\""));
    let away = folder.keep(None);
    assert_eq!((session(&away), away.kind()), (None, Secrets::File));
    away.set("lang", Some("\"en\""));
    away.set("cart", Some("[2]"));
    away.set("cart", None);
    assert_eq!(folder.keep(None).get("cart"), None);
    let back = folder.keep(Some(&key));
    assert_eq!(session(&back).as_deref(), Some(TOKEN), "nobody signed out");
    assert_eq!(back.get("lang").as_deref(), Some("\"en\""));
    assert_eq!(back.get("cart"), None, "it was emptied meanwhile");
    assert_eq!(folder.keep(Some(&key)).get("cart"), None);
}

#[test]
fn a_keychain_that_never_answers_does_not_hold_the_start_up() {
    let folder = Folder::new();
    let (_never, silence) = mpsc::channel::<Key>();
    let locked = move || silence.recv().ok();
    let keep = SecretKeep::open_with("kitchen", &folder.0, Duration::from_millis(10), locked);
    keep.set("session", Some(TOKEN));
    assert_eq!(
        (keep.kind(), session(&keep).as_deref()),
        (Secrets::File, Some(TOKEN))
    );
    let broken = SecretKeep::open_with("kitchen", &folder.0, ANSWER, || panic!("a fault in a library"));
    assert_eq!(
        (broken.kind(), session(&broken).as_deref()),
        (Secrets::File, Some(TOKEN))
    );
}

#[test]
fn where_nothing_can_be_written_it_is_kept_in_memory_and_that_is_said() {
    let folder = Folder::new();
    std::fs::write(folder.0.join("kitchen"), b"in the way").unwrap();
    for key in [None, Some(Key::fresh().unwrap())] {
        let keep = folder.keep(key.as_ref());
        keep.set("session", Some(TOKEN));
        assert_eq!(
            (keep.kind(), session(&keep).as_deref()),
            (Secrets::Memory, Some(TOKEN))
        );
    }
}

#[test]
fn what_could_not_be_written_is_written_with_what_comes_after() {
    let folder = Folder::new();
    let key = Key::fresh().unwrap();
    let keep = folder.keep(Some(&key));
    std::fs::create_dir_all(folder.path("")).unwrap();
    std::fs::write(folder.path("keychain"), b"in the way").unwrap();
    keep.set("session", Some(TOKEN));
    assert_eq!(keep.kind(), Secrets::Memory);
    std::fs::remove_file(folder.path("keychain")).unwrap();
    keep.set("lang", Some("\"ar\""));
    assert_eq!(keep.kind(), Secrets::Keychain);
    assert_eq!(session(&folder.keep(Some(&key))).as_deref(), Some(TOKEN));
}

/// By hand, where there is a keychain: `dbus-run-session -- sh -c 'echo | gnome-keyring-daemon --unlock
/// --components=secrets; cargo test --package momfood-client --features keychain -- --ignored real_keychain'`.
#[test]
#[ignore = "needs a keychain that is unlocked"]
fn a_real_keychain_holds_the_key_over_a_restart() {
    let folder = Folder::new();
    let keep = SecretKeep::open("kitchen", &folder.0);
    assert_eq!(keep.kind(), Secrets::Keychain);
    keep.set("session", Some(TOKEN));
    let again = SecretKeep::open("kitchen", &folder.0);
    assert_eq!(
        (again.kind(), session(&again).as_deref()),
        (Secrets::Keychain, Some(TOKEN))
    );
    assert!(!folder.path("file").exists());
}
