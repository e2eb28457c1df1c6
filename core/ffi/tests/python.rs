//! The engine from another language, for real: a server, the library, bindings made from it, and a story told in Python.
//!
//! The library is `small-shell`: as in a shell, the face is linked into a library that has its own code too.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "tests, and what they share")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use camino::Utf8PathBuf;
use momfood_backend::app::App;
use momfood_backend::clock::Clock;
use momfood_backend::config::Config;
use momfood_backend::testing::Folder;
use momfood_backend::{seed, server};
use tokio_util::sync::CancellationToken;
use uniffi_bindgen::bindings::{GenerateOptions, TargetLanguage, generate};

// Named, so that cargo builds it.
use small_shell as _;

/// Cargo puts it beside this test.
fn library() -> PathBuf {
    let library = std::env::current_exe()
        .unwrap()
        .with_file_name("libsmall_shell.so");
    assert!(library.is_file(), "there is no {}", library.display());
    library
}

/// Puts the library and its bindings where Python finds them.
fn bind(folder: &Path) {
    let copy = Utf8PathBuf::from_path_buf(folder.join("libsmall_shell.so")).unwrap();
    std::fs::copy(library(), &copy).unwrap();
    generate(GenerateOptions {
        languages: vec![TargetLanguage::Python],
        source: copy,
        out_dir: Utf8PathBuf::from_path_buf(folder.to_owned()).unwrap(),
        ..GenerateOptions::default()
    })
    .unwrap();
    for module in ["momfood.py", "small_shell.py"] {
        assert!(folder.join(module).is_file(), "there is no {module}");
    }
}

#[test]
fn a_story_told_in_python() {
    let (bench, kept) = (Folder::new("momfood-python"), Folder::new("momfood-python-kept"));
    bind(bench.path());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let stop = CancellationToken::new();
    let (address, sign_ins, kitchen) = runtime.block_on(async {
        let config = Config {
            listen: ([127, 0, 0, 1], 0).into(),
            data_dir: bench.path().join("server"),
            ..Config::default()
        };
        let (media, clock) = (config.media(), Clock::system());
        let app = App::start(config, clock.clone()).await.unwrap();
        let seeded = seed::demo(&app.db, &clock, &media).await.unwrap();
        let listener = server::listen(&app).unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(server::serve(app, listener, stop.clone()));
        let kitchen = seeded.sign_ins.iter().find(|person| person.app == "kitchen");
        let kitchen = kitchen.unwrap().email.clone();
        (address, serde_json::to_string(&seeded.sign_ins).unwrap(), kitchen)
    });
    let python = |part: &[&str]| {
        let output = Command::new("python3")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/story.py"))
            .args(part)
            .current_dir(bench.path())
            .env("PYTHONPATH", bench.path())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            // Not the keychain of whoever runs the tests.
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
            .env("STORY_SERVER", address.to_string())
            .env("STORY_FOLDER", kept.path())
            .env("STORY_SIGN_INS", &sign_ins)
            .stderr(Stdio::inherit())
            .output()
            .expect("python3 is installed");
        assert!(output.status.success(), "{part:?} ended badly: {}", output.status);
        String::from_utf8(output.stdout).unwrap()
    };
    python(&[]);
    let owner = python(&["restart"]);
    stop.cancel();
    // The kitchen is still signed in, and nothing it did was refused.
    assert_eq!(owner.trim(), format!("{kitchen} 0"));
}
