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
