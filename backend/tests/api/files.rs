//! Web apps and pictures: what browsers get, keep and may never see.

use std::fs;

use http::{Method, StatusCode};
use momfood_backend::store::Engine;
use momfood_backend::testing::{Answer, Folder, TestApp};

async fn app() -> (TestApp, Folder) {
    let dist = Folder::new("dist");
    let write = |name: &str, text: &str| {
        let path = dist.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("customer/index.html", "customer");
    write("customer/app-0123456789abcdef.wasm", "plain wasm");
    write("customer/app-0123456789abcdef.wasm.br", "brotli wasm");
    write("customer/app-0123456789abcdef.wasm.gz", "gzip wasm");
    write("customer/manifest.webmanifest", "{}");
    write("customer/sw.js", "//");
    write("kitchen/index.html", "kitchen");
    write("secret.txt", "secret");
    write("media/dish.svg", "<svg/>");
    let (web, media) = (dist.path().to_owned(), dist.path().join("media"));
    let app = TestApp::start_with(Engine::Sqlite, |config| {
        config.web_dir = Some(web);
        config.media_dir = Some(media);
    });
    (app.await, dist)
}

async fn get_with(app: &TestApp, path: &str, name: &str, value: &str) -> Answer {
    app.request(Method::GET, path).header(name, value).send().await
}

#[tokio::test]
async fn each_app_has_its_path_and_every_screen_is_its_page() {
    let (app, _dist) = app().await;
    for path in ["/", "/orders/123", "/deliver-to"] {
        assert_eq!(app.get(path).await.text(), "customer", "{path}");
    }
    for path in ["/kitchen/", "/kitchen/board"] {
        assert_eq!(app.get(path).await.text(), "kitchen", "{path}");
    }
    let moved = app.get("/kitchen").await;
    assert_eq!(
        (moved.status, moved.header("location")),
        (StatusCode::PERMANENT_REDIRECT, "/kitchen/")
    );
    assert_eq!(app.get("/kitchens").await.text(), "customer");
}

#[tokio::test]
async fn a_missing_file_is_missing_and_no_page() {
    let (app, _dist) = app().await;
    for path in [
        "/app-ffffffffffffffff.js",
        "/kitchen/none.css",
        "/driver/",
        "/media/none.svg",
        "/media/",
    ] {
        assert_eq!(app.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn nothing_outside_an_app_can_be_reached() {
    let (app, _dist) = app().await;
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/kitchen/..%5c..%5csecret.txt",
        "/media/../secret.txt",
        "/media/%2e%2e/secret.txt",
        "/.git/config",
        "/%00",
        "/%zz",
        "/secret.txt",
    ] {
        let answer = app.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_file_comes_in_the_best_encoding_the_browser_takes() {
    let (app, _dist) = app().await;
    let path = "/app-0123456789abcdef.wasm";
    for (accepts, encoding, text) in [
        ("gzip, deflate, br", "br", "brotli wasm"),
        ("gzip", "gzip", "gzip wasm"),
        ("br;q=0, gzip", "gzip", "gzip wasm"),
        ("identity", "", "plain wasm"),
    ] {
        let answer = get_with(&app, path, "accept-encoding", accepts).await;
        assert_eq!(
            (answer.header("content-encoding"), answer.text().as_str()),
            (encoding, text),
            "{accepts}"
        );
        assert_eq!(answer.header("content-type"), "application/wasm");
        assert_eq!(answer.header("vary"), "accept-encoding");
    }
}

#[tokio::test]
async fn hashed_files_are_kept_and_others_asked_for_again() {
    let (app, dist) = app().await;
    let hashed = app.get("/app-0123456789abcdef.wasm").await;
    assert_eq!(
        hashed.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    for path in ["/", "/sw.js", "/manifest.webmanifest"] {
        let first = app.get(path).await;
        assert_eq!(first.header("cache-control"), "no-cache", "{path}");
        let again = get_with(&app, path, "if-none-match", first.header("etag")).await;
        assert_eq!(
            (again.status, again.bytes.len()),
            (StatusCode::NOT_MODIFIED, 0),
            "{path}"
        );
    }
    let before = app.get("/").await.header("etag").to_owned();
    let page = dist.path().join("customer/index.html");
    fs::write(&page, "customer, newer").unwrap();
    let later = fs::metadata(&page).unwrap().modified().unwrap() + std::time::Duration::from_secs(5);
    fs::File::options()
        .write(true)
        .open(&page)
        .unwrap()
        .set_modified(later)
        .unwrap();
    let after = get_with(&app, "/", "if-none-match", &before).await;
    assert_eq!(
        (after.status, after.text().as_str()),
        (StatusCode::OK, "customer, newer")
    );
    assert_eq!(
        app.get("/manifest.webmanifest").await.header("content-type"),
        "application/manifest+json"
    );
}

#[tokio::test]
async fn pictures_are_served_and_nothing_else_is_done_with_them() {
    let (app, _dist) = app().await;
    let picture = app.get("/media/dish.svg").await;
    assert_eq!(
        (picture.text().as_str(), picture.header("content-type")),
        ("<svg/>", "image/svg+xml")
    );
    let head = app.request(Method::HEAD, "/media/dish.svg").send().await;
    assert_eq!((head.bytes.len(), head.header("content-length")), (0, "6"));
    assert_eq!(
        app.request(Method::POST, "/media/dish.svg").send().await.code(),
        "method_not_allowed"
    );
}
