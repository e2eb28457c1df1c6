//! What no client of ours would ever send, over a real socket: the server answers or hangs up, and goes on.

use std::net::SocketAddr;
use std::time::Duration;

use momfood_backend::server;
use momfood_backend::store::Engine;
use momfood_backend::testing::TestApp;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

/// Sends bytes and reads until the server hangs up, or says nothing more for a while.
async fn talk(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // It may have hung up before all was sent.
    let _ = stream.write_all(bytes).await;
    let mut heard = Vec::new();
    let mut chunk = [0; 4096];
    while let Ok(Ok(1..)) = tokio::time::timeout(Duration::from_millis(300), stream.read(&mut chunk))
        .await
        .map(|read| read.inspect(|length| heard.extend_from_slice(&chunk[..*length])))
    {}
    String::from_utf8_lossy(&heard).into_owned()
}

#[tokio::test]
async fn the_server_outlives_whatever_is_sent_to_its_socket() {
    let app = TestApp::start_with(Engine::Sqlite, |config| {
        config.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    })
    .await;
    let listener = server::listen(&app).unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let serving = tokio::spawn(server::serve((*app).clone(), listener, stop.clone()));

    let get = |path: &str, headers: &[u8]| {
        [
            format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n").as_bytes(),
            headers,
            b"\r\n",
        ]
        .concat()
    };
    let long = "a".repeat(9_000);
    let odd_bytes = [b"authorization: Bearer ".as_slice(), &[0xff, 0xfe, 0x80], b"\r\n"].concat();
    let too_long = format!("x-long: {}\r\n", "a".repeat(40_000));
    let too_many = "x-more: 1\r\n".repeat(500);
    for (what, bytes, status, says) in [
        ("a header of 9 kB", get("/health/live", format!("x-long: {long}\r\n").as_bytes()), "200", "ok"),
        ("a bearer of 9 kB", get("/api/v1/me", format!("authorization: Bearer {long}\r\n").as_bytes()), "401", "token_invalid"),
        ("a bearer of odd bytes", get("/api/v1/me", &odd_bytes), "401", "token_invalid"),
        ("a header of 40 kB", get("/health/live", too_long.as_bytes()), "431", ""),
        ("500 headers", get("/health/live", too_many.as_bytes()), "431", ""),
        ("dots", get("/../../../etc/passwd", b""), "404", "not_found"),
        ("dots in disguise", get("/media/%2e%2e/%2e%2e/etc/passwd", b""), "404", ""),
        ("dots and the API", get("/api/v1/restaurants/../me", b""), "404", "not_found"),
        ("a path of 9 kB", get(&format!("/api/v1/orders/{long}"), b""), "401", "unauthenticated"),
        ("NUL in the path", get("/api/v1/restaurants/a\0b", b""), "400", ""),
        ("another's address", get("http://evil.example/api/v1/me", b""), "401", "unauthenticated"),
        ("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00".to_vec(), "", ""),
        ("no HTTP at all", b"hello?\r\n\r\n".to_vec(), "400", ""),
        ("two lengths", b"POST /api/v1/auth/login HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\ncontent-length: 40\r\n\r\n{}".to_vec(), "400", ""),
        ("a length and chunks", b"POST /api/v1/auth/login HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n".to_vec(), "400", ""),
        ("chunks that are none", b"POST /api/v1/auth/login HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n".to_vec(), "400", "malformed_json"),
        ("a length of 1 GB", b"POST /api/v1/auth/login HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 1000000000\r\n\r\n{".to_vec(), "413", "body_too_large"),
        ("a negative length", b"POST /api/v1/auth/login HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n".to_vec(), "400", ""),
        ("an unknown method", b"BREW /api/v1/me HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".to_vec(), "405", "method_not_allowed"),
    ] {
        let heard = talk(address, &bytes).await;
        let line = heard.lines().next().unwrap_or("");
        assert!(line.contains(status) && heard.contains(says), "{what}: {heard}");
        assert!(!heard.contains(" 500 ") && !heard.contains("root:"), "{what}: {heard}");
    }
    let alive = talk(address, &get("/health/ready", b"")).await;
    assert!(alive.starts_with("HTTP/1.1 200"), "{alive}");
    stop.cancel();
    serving.await.unwrap();
}
