//! The program itself: it starts, answers, and stops when asked without cutting anybody off.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};

use momfood_backend::testing::Folder;

fn momfood(folder: &Folder, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_momfood"));
    command.args(arguments).current_dir(folder.path()).env_clear();
    command
}

#[expect(clippy::zombie_processes, reason = "the test that asked for it waits for it")]
fn serve(folder: &Folder) -> (Child, BufReader<ChildStderr>, String) {
    let mut command = momfood(
        folder,
        &["serve", "--listen", "127.0.0.1:0", "--log-format", "json"],
    );
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap());
    let mut seen = String::new();
    loop {
        let mut line = String::new();
        assert_ne!(
            lines.read_line(&mut line).unwrap(),
            0,
            "it ended instead of serving: {seen}"
        );
        let json: serde_json::Value = serde_json::from_str(&line).unwrap();
        if json["message"] == "serving" {
            return (child, lines, json["address"].as_str().unwrap().to_owned());
        }
        seen.push_str(&line);
    }
}

fn signal(child: &Child, name: &str) {
    assert!(
        Command::new("kill")
            .args([name, &child.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
}

#[test]
fn it_serves_and_stops_when_asked_finishing_the_request_in_hand() {
    let folder = Folder::new("process");
    let (mut child, mut log, address) = serve(&folder);
    let mut idle = TcpStream::connect(&address).unwrap();
    let mut busy = TcpStream::connect(&address).unwrap();
    busy.write_all(b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n")
        .unwrap();
    let mut first = [0; 12];
    busy.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    signal(&child, "-TERM");
    let mut rest = String::new();
    busy.read_to_string(&mut rest).unwrap();
    assert!(rest.ends_with(r#"{"status":"ok"}"#), "{rest}");
    let mut nothing = String::new();
    idle.read_to_string(&mut nothing).unwrap();
    assert!(child.wait().unwrap().success());
    let mut said = String::new();
    log.read_to_string(&mut said).unwrap();
    assert!(said.contains("\"stopped\""), "{said}");
    assert!(!said.contains("did not end in time"), "{said}");
}

#[test]
fn doctor_shows_settings_checks_the_database_and_tells_no_secret() {
    let folder = Folder::new("doctor");
    let migrated = momfood(&folder, &["migrate"]).output().unwrap();
    assert!(migrated.status.success(), "{migrated:?}");
    let healthy = momfood(&folder, &["doctor"])
        .env("MOMFOOD_SQLITE_READERS", "3")
        .output()
        .unwrap();
    let text = String::from_utf8(healthy.stdout).unwrap();
    assert!(healthy.status.success(), "{text}");
    assert!(
        text.contains("SQLite answers") && text.contains("up to date"),
        "{text}"
    );
    assert!(
        text.lines()
            .any(|line| line.contains("sqlite_readers") && line.contains("environment")),
        "{text}"
    );

    assert!(
        !text.contains("WARN"),
        "for this machine alone it is right as it is: {text}"
    );
    let earnest = momfood(&folder, &["doctor"])
        .env("MOMFOOD_PUBLIC_URL", "https://momfood.example")
        .env("MOMFOOD_LIMITS", "none")
        .env("MOMFOOD_MASTER_KEY", ANOTHER)
        .output()
        .unwrap();
    let text = String::from_utf8(earnest.stdout).unwrap();
    assert!(earnest.status.success(), "a warning is no fault: {text}");
    for what in [
        "limits",
        "master_key",
        "trusted_proxies",
        "smtp_server",
        "sms_url",
        "admins",
    ] {
        assert!(text.contains(&format!("WARN {what}")), "{what}: {text}");
    }
    assert!(
        !text.contains("WARN public_url") && !text.contains(ANOTHER),
        "{text}"
    );

    let unreachable = momfood(&folder, &["doctor"])
        .env("DATABASE_URL", "postgres://momfood:hunter2@127.0.0.1:1/momfood")
        .output()
        .unwrap();
    let text = String::from_utf8(unreachable.stdout).unwrap();
    assert!(!unreachable.status.success(), "{text}");
    assert!(
        text.contains("cannot be reached") && !text.contains("hunter2"),
        "{text}"
    );
}

#[test]
fn the_api_document_can_be_printed() {
    let folder = Folder::new("openapi");
    let printed = momfood(&folder, &["openapi"]).output().unwrap();
    let document: serde_json::Value = serde_json::from_slice(&printed.stdout).unwrap();
    assert_eq!(document["info"]["title"], "MomFood");
}

#[test]
fn a_history_is_begun_anew_by_hand() {
    let folder = Folder::new("epoch");
    assert!(momfood(&folder, &["migrate"]).status().unwrap().success());
    let rotate = || {
        let done = momfood(&folder, &["epoch", "rotate"]).output().unwrap();
        assert!(done.status.success(), "{done:?}");
        uuid::Uuid::parse_str(String::from_utf8(done.stdout).unwrap().trim()).unwrap()
    };
    assert_ne!(rotate(), rotate());
    assert!(
        momfood(&folder, &["maintenance", "5"])
            .status()
            .unwrap()
            .success()
    );
}

/// Another master key than the one a first start makes.
const ANOTHER: &str = "c29tZSBvdGhlciBrZXkgb2YgMzIgYnl0ZXMgLi4uLi4=";

#[test]
fn a_wrong_master_key_is_refused_with_words_and_the_doctor_says_the_same() {
    let folder = Folder::new("master");
    let (mut child, _log, _) = serve(&folder);
    signal(&child, "-TERM");
    assert!(child.wait().unwrap().success());

    let healthy = momfood(&folder, &["doctor"]).output().unwrap();
    assert!(healthy.status.success(), "{healthy:?}");
    assert!(
        String::from_utf8(healthy.stdout)
            .unwrap()
            .contains("master-keys: ")
    );
    let status = momfood(&folder, &["keys", "status"]).output().unwrap();
    let text = String::from_utf8(status.stdout).unwrap();
    assert!(
        text.contains("signs") && text.contains("2 keys of persons"),
        "{text}"
    );

    let file = folder.path().join(".momfood/master-keys");
    let kept = std::fs::read_to_string(&file).unwrap();
    let secret = kept.split_whitespace().last().unwrap();
    for with in [Some(ANOTHER), None] {
        if with.is_none() {
            std::fs::remove_file(&file).unwrap();
        }
        for what in [&["serve", "--listen", "127.0.0.1:0"][..], &["doctor"]] {
            let mut command = momfood(&folder, what);
            let refused = command
                .envs(with.map(|key| ("MOMFOOD_MASTER_KEY", key)))
                .output()
                .unwrap();
            let text = [refused.stdout, refused.stderr].concat();
            let text = String::from_utf8(text).unwrap();
            assert!(!refused.status.success(), "{text}");
            assert!(
                text.contains("this database is sealed under the master key"),
                "{text}"
            );
            assert!(!text.contains(secret) && !text.contains(ANOTHER), "{text}");
        }
        assert_eq!(
            file.exists(),
            with.is_some(),
            "no key is made for a database that has one"
        );
    }
}

#[test]
fn keys_are_changed_by_hand_while_it_serves() {
    let folder = Folder::new("keys");
    let (mut child, _log, _) = serve(&folder);
    let keys = |what: &[&str]| {
        let done = momfood(&folder, &[&["keys"], what].concat()).output().unwrap();
        let text = [done.stdout, done.stderr].concat();
        (done.status.success(), String::from_utf8(text).unwrap())
    };
    let (done, said) = keys(&["rotate-master", "--after", "0"]);
    assert!(done && said.contains("2 keys are wrapped anew"), "{said}");
    let (done, said) = keys(&["rotate-signing"]);
    assert!(done && said.contains("signs in 30 s"), "{said}");
    let (done, said) = keys(&["retire", "nobody"]);
    assert!(!done && said.contains("no key is called nobody"), "{said}");
    signal(&child, "-TERM");
    assert!(child.wait().unwrap().success());
    let (mut again, _log, _) = serve(&folder);
    signal(&again, "-TERM");
    assert!(again.wait().unwrap().success());
}
