//! The door in Rust: one engine, whoever comes, however many at once.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "tests, and what they share")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Barrier;

use momfood_backend::testing::Folder;
use momfood_client::net::native::Handle;
use momfood_client::store::{Place, Store};
use momfood_domain::text::Lang;
use momfood_ffi::{AppName, EngineError, OpenConfig, open, secrets};
use momfood_protocol::engine::{Event, GetSession, Secrets, SetLanguage};

/// Nobody listens there.
const NOWHERE: &str = "http://127.0.0.1:9";
/// Says that this process is a test's own.
const ALONE: &str = "MOMFOOD_TEST_ALONE";

/// Runs a test in a process of its own, since a process has one engine, and without the keychain of whoever runs it.
fn alone(name: &str, test: impl FnOnce(&Path)) {
    let folder = Folder::new("momfood-ffi");
    if std::env::var_os(ALONE).is_some() {
        return test(folder.path());
    }
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(ALONE, "1")
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
        .status()
        .unwrap();
    assert!(status.success(), "{name}, alone");
}

fn driver(folder: &Path) -> OpenConfig {
    OpenConfig {
        app: AppName::Driver,
        folder: folder.to_str().unwrap().to_owned(),
        server: NOWHERE.to_owned(),
    }
}

/// Which of the engines' files this process has open. Each engine has one cache.
fn open_caches() -> Vec<PathBuf> {
    let open = std::fs::read_dir("/proc/self/fd").unwrap().flatten();
    let files = open.filter_map(|entry| std::fs::read_link(entry.path()).ok());
    files.filter(|file| file.ends_with("cache.db")).collect()
}

#[test]
fn sixteen_who_come_at_once_get_one_engine() {
    alone("sixteen_who_come_at_once_get_one_engine", |folder| {
        let together = Barrier::new(16);
        let handles: Vec<_> = std::thread::scope(|scope| {
            let come = || {
                together.wait();
                open(&driver(folder)).unwrap()
            };
            let comers: Vec<_> = (0..16).map(|_| scope.spawn(come)).collect();
            comers.into_iter().map(|comer| comer.join().unwrap()).collect()
        });
        let cache = folder.join("driver/cache.db").canonicalize().unwrap();
        assert_eq!(open_caches(), [cache]);
        futures::executor::block_on(async {
            use futures::StreamExt as _;

            let mut heard: Vec<_> = handles.iter().map(Handle::subscribe).collect();
            for (n, handle) in handles.iter().enumerate() {
                handle.tell(Event::Open {
                    path: format!("/{n}"),
                });
                for hearer in &mut heard {
                    let event = hearer.next().await;
                    assert_eq!(
                        event,
                        Some(Event::Open {
                            path: format!("/{n}")
                        })
                    );
                }
            }
            handles[0].ask(SetLanguage { lang: Lang::En }).await.unwrap();
            assert_eq!(handles[15].ask(GetSession {}).await.unwrap().user, None);
        });
        assert_eq!(secrets(AppName::Driver), Secrets::File);
    });
}

#[test]
fn the_same_place_in_other_words_is_the_same_engine() {
    alone("the_same_place_in_other_words_is_the_same_engine", |folder| {
        let _window = open(&driver(folder)).unwrap();
        let elsewhere = folder.join("elsewhere");
        std::fs::create_dir(&elsewhere).unwrap();
        let again = OpenConfig {
            folder: elsewhere.join("..").to_str().unwrap().to_owned(),
            server: format!("{NOWHERE}/"),
            ..driver(folder)
        };
        assert!(open(&again).is_ok());
        assert_eq!(open_caches().len(), 1);
    });
}

#[test]
fn an_engine_of_another_place_or_server_is_never_handed_out() {
    alone(
        "an_engine_of_another_place_or_server_is_never_handed_out",
        |folder| {
            let _window = open(&driver(folder)).unwrap();
            let place = open(&driver(&folder.join("elsewhere"))).err().unwrap();
            let server = OpenConfig {
                server: "http://127.0.0.1:10".to_owned(),
                ..driver(folder)
            };
            let server = open(&server).err().unwrap();
            assert_eq!(
                (place.code(), server.code()),
                (EngineError::OTHER_ENGINE, EngineError::OTHER_ENGINE)
            );
            assert_eq!(open_caches().len(), 1);
            // Another app is another engine.
            let kitchen = OpenConfig {
                app: AppName::Kitchen,
                ..driver(folder)
            };
            assert!(open(&kitchen).is_ok());
            assert_eq!(open_caches().len(), 2);
        },
    );
}

#[test]
fn files_somebody_else_has_open_are_not_opened_and_may_be_later() {
    alone(
        "files_somebody_else_has_open_are_not_opened_and_may_be_later",
        |folder| {
            let place = Place::Files {
                folder: folder.to_owned(),
            };
            let theirs = Store::open(place, "driver").unwrap();
            let refused = open(&driver(folder)).err().unwrap();
            assert_eq!(refused.code(), EngineError::IN_USE);
            drop(theirs);
            assert!(open(&driver(folder)).is_ok());
        },
    );
}

#[test]
fn a_place_that_cannot_be_is_said_to_be_none() {
    alone("a_place_that_cannot_be_is_said_to_be_none", |folder| {
        let file = folder.join("file");
        std::fs::write(&file, b"").unwrap();
        let refused = open(&driver(&file)).err().unwrap();
        assert_eq!(refused.code(), EngineError::CANNOT_OPEN);
    });
}
