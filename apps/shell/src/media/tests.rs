//! Pictures over a server of the test's own that can be counted and switched off.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tauri::async_runtime::block_on;
use tempfile::TempDir;

use super::*;

const DRAWING: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";

/// Answers `/media/dishes/kabsa.svg` with a drawing and all else with 404, as long as it is on.
struct Server {
    address: String,
    asked: Arc<AtomicUsize>,
    on: Arc<AtomicBool>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (asked, on) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(true)));
        let (count, answers) = (Arc::clone(&asked), Arc::clone(&on));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                if !answers.load(Ordering::SeqCst) {
                    continue;
                }
                let mut head = Vec::new();
                let mut piece = [0; 512];
                while !head.ends_with(b"\r\n\r\n") {
                    let read = stream.read(&mut piece).unwrap();
                    head.extend_from_slice(&piece[..read]);
                }
                count.fetch_add(1, Ordering::SeqCst);
                let found = head.starts_with(b"GET /media/dishes/kabsa.svg ");
                let (status, body) = if found {
                    ("200 OK", DRAWING)
                } else {
                    ("404 Not Found", &b""[..])
                };
                write!(
                    stream,
                    "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                )
                .unwrap();
                stream.write_all(body).unwrap();
            }
        });
        Self { address, asked, on }
    }

    fn pictures(&self, folder: &TempDir) -> Pictures {
        let home = Home {
            folder: folder.path().to_owned(),
            server: self.address.clone(),
        };
        Pictures::of(&home).unwrap()
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn ask(pictures: &Pictures, method: &str, path: &str) -> Response<Vec<u8>> {
    let request = Request::builder()
        .method(method)
        .uri(format!("media://localhost{path}"))
        .body(Vec::new())
        .unwrap();
    block_on(pictures.answer(&request))
}

#[test]
fn a_picture_is_fetched_once_and_then_there_without_a_network() {
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    let first = ask(&server.pictures(&folder), "GET", "/dishes/kabsa.svg");
    assert_eq!(
        (first.status(), first.body().as_slice()),
        (StatusCode::OK, DRAWING)
    );
    server.on.store(false, Ordering::SeqCst);
    // Another run of the program, offline.
    let again = ask(&server.pictures(&folder), "GET", "/dishes/kabsa.svg");
    assert_eq!(
        (again.status(), again.body().as_slice()),
        (StatusCode::OK, DRAWING)
    );
    assert_eq!(server.asked(), 1);
    let never_seen = ask(&server.pictures(&folder), "GET", "/dishes/mandi.svg");
    assert_eq!(never_seen.status(), StatusCode::GATEWAY_TIMEOUT);
}

#[test]
fn a_drawing_is_named_as_one_and_can_run_nothing() {
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    let answer = ask(&server.pictures(&folder), "GET", "/dishes%2Fkabsa.svg");
    assert_eq!(answer.headers()[CONTENT_TYPE], "image/svg+xml");
    assert_eq!(answer.headers()[X_CONTENT_TYPE_OPTIONS], "nosniff");
    let policy = answer.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(
        policy.contains("sandbox") && policy.contains("default-src 'none'"),
        "{policy}"
    );
}

#[test]
fn nothing_but_reading_pictures_reaches_the_server() {
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    let pictures = server.pictures(&folder);
    for method in ["POST", "PUT", "DELETE", "HEAD", "OPTIONS"] {
        assert_eq!(
            ask(&pictures, method, "/dishes/kabsa.svg").status(),
            StatusCode::METHOD_NOT_ALLOWED
        );
    }
    let refused = [
        "/",
        "/dishes",
        "/../api/v1/me.png",
        "/dishes/%2e%2e/%2e%2e/api/me.svg",
        "/dishes/..%2f..%2fme.svg",
        "/dishes//kabsa.svg",
        "/.hidden.png",
        "/dishes%5c..%5cme.png",
        "/dishes/kabsa.svg%00.png",
        "/dishes/kabsa.html",
        "/c:/kabsa.png",
        "/a%3fb=.png",
        "/%ff.png",
    ];
    for path in refused {
        assert_eq!(
            ask(&pictures, "GET", path).status(),
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    assert_eq!(server.asked(), 0);
    assert_eq!(
        ask(&pictures, "GET", "/dishes/none.svg").status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(server.asked(), 1);
}

#[test]
fn another_servers_pictures_are_not_shown_as_this_ones() {
    let (first, second, folder) = (Server::start(), Server::start(), tempfile::tempdir().unwrap());
    ask(&first.pictures(&folder), "GET", "/dishes/kabsa.svg");
    ask(&second.pictures(&folder), "GET", "/dishes/kabsa.svg");
    assert_eq!((first.asked(), second.asked()), (1, 1));
}

/// The moment of a test.
fn at(second: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 + second)
}

#[test]
fn the_picture_not_looked_at_for_longest_makes_room() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::in_folder(folder.path().join("pictures"), 250);
    shelf.put("a", &[1; 100], at(1));
    shelf.put("b", &[2; 100], at(2));
    assert_eq!(shelf.take("a", at(3)).unwrap().bytes, [1; 100]);
    shelf.put("c", &[3; 100], at(4));
    assert!(
        shelf.take("b", at(5)).is_none(),
        "b was not looked at since it came"
    );
    assert!(shelf.take("a", at(5)).is_some() && shelf.take("c", at(5)).is_some());
    shelf.put("whole", &[4; 251], at(6));
    assert!(
        shelf.take("whole", at(7)).is_none(),
        "what is larger than the room pushes nothing out"
    );
    assert!(shelf.take("a", at(7)).is_some());
}

#[test]
fn looking_at_a_copy_does_not_make_it_newer() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::in_folder(folder.path().join("pictures"), 1_000);
    shelf.put("a", b"old", at(1));
    assert_eq!(shelf.take("a", at(50)).unwrap().since, at(1));
    assert_eq!(shelf.take("a", at(99)).unwrap().since, at(1));
    shelf.put("a", b"new", at(100));
    let copy = shelf.take("a", at(101)).unwrap();
    assert_eq!((copy.bytes.as_slice(), copy.since), (&b"new"[..], at(100)));
}
