//! The apps as they are kept in a browser: whole without a network, and one build at a time.

use std::path::Path;

use momfood_e2e::screen::{Screen, Size, id};
use momfood_e2e::stage::tell;
use serde_json::json;

/// Waits until the app's own worker holds this page.
async fn is_kept(screen: &Screen, base: &str) {
    let script = "return navigator.serviceWorker.controller?.scriptURL === new URL(arguments[0] + 'sw.js', location.href).href";
    let kept = async || (screen.run(script, vec![json!(base)]).await == true).then_some(());
    screen.until("the app's worker", kept).await;
}

/// The file this page was started from: another one in every build.
async fn build_of(screen: &Screen) -> String {
    let script = "return document.querySelector('script[data-entry]')?.dataset.entry ?? null";
    let entry = async || screen.run(script, vec![]).await.as_str().map(str::to_owned);
    screen.until("a page of the app", entry).await
}

#[test]
fn every_app_starts_again_whole_without_a_network() {
    tell(async |stage| {
        let customer = stage.browser.open("customer", Size::PHONE, "/").await;
        customer.see(&id("restaurant-card")).await;
        is_kept(&customer, "/").await;
        let kitchen = stage.browser.open("kitchen", Size::DESK, "/kitchen/").await;
        is_kept(&kitchen, "/kitchen/").await;
        let driver = stage.browser.open("driver", Size::PHONE, "/driver/").await;
        is_kept(&driver, "/driver/").await;

        stage.wire.cut();
        for (screen, path, seen) in [
            (&customer, "/", id("address-button")),
            (&customer, "/orders", id("sign-in")),
            (&kitchen, "/kitchen/history", id("sign-in")),
            (&driver, "/driver/today", id("sign-in")),
        ] {
            screen.goto(path).await;
            screen.see(&seen).await;
            screen.reload().await;
            screen.see(&seen).await;
        }
        let asked = "return fetch('/api/v1/restaurants').then(() => 'answered', () => 'no network')";
        assert_eq!(
            customer.run(asked, vec![]).await,
            "no network",
            "an old answer is never passed off as a new one"
        );
    });
}

/// Puts another build of an app in place of the one in `apps`: as a deployment does, the page and its worker last.
fn deploy(apps: &Path, app: &str) {
    let folder = apps.join(app);
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a file of the app");
    let (page, worker) = (read("index.html"), read("sw.js"));
    let (_, rest) = page.split_once("data-entry=\"").expect("an entry");
    let path = rest.split('"').next().expect("a path");
    let old = path.rsplit('/').next().expect("a name");
    // Some other digits are enough to be another name.
    let (stem, hash) = old.split_at("app-".len());
    let fresh = if hash.starts_with("0000000") {
        "1111111"
    } else {
        "0000000"
    };
    let new = [stem, fresh, &hash[fresh.len()..]].concat();
    std::fs::write(folder.join(&new), read(old)).expect("a file of the app");
    for entry in std::fs::read_dir(&folder).expect("the app").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let packed = |of: &str| name == [of, ".br"].concat() || name == [of, ".gz"].concat();
        if name == old || [old, "index.html", "sw.js"].into_iter().any(packed) {
            std::fs::remove_file(entry.path()).expect("a file of the app");
        }
    }
    let build = worker
        .split_once("CACHE = PREFIX + \"")
        .and_then(|(_, rest)| rest.split('"').next())
        .expect("a build");
    let worker = worker.replace(build, &[fresh, &build[fresh.len()..]].concat());
    std::fs::write(folder.join("index.html"), page.replace(old, &new)).expect("a page");
    std::fs::write(folder.join("sw.js"), worker.replace(old, &new)).expect("a worker");
}

#[test]
fn a_newer_build_is_offered_and_takes_over_as_a_whole() {
    tell(async |stage| {
        let apps = stage.city.copy_apps().await;
        let first = stage.browser.open("driver", Size::PHONE, "/driver/").await;
        // A window that opens while the worker takes over is held by it from its next load on.
        is_kept(&first, "/driver/").await;
        let second = stage
            .browser
            .open("the same driver", Size::PHONE, "/driver/today")
            .await;
        is_kept(&second, "/driver/").await;
        let old = build_of(&first).await;

        deploy(&apps, "driver");
        let look = "return navigator.serviceWorker.getRegistration().then(r => r.update()).then(() => true)";
        first.run(look, vec![]).await;
        first.see(&id("update")).await;
        first.reload().await;
        first.see(&id("sign-in")).await;
        assert_eq!(
            build_of(&first).await,
            old,
            "another window is still at work in it"
        );

        first.see(&id("update")).await;
        first.press(&id("update-reload")).await;
        let another = async |screen: &Screen| {
            let another = async || Some(build_of(screen).await).filter(|build| *build != old);
            screen.until("the newer build", another).await
        };
        let new = another(&first).await;
        // A window nobody looks at follows by itself, one that is looked at when it is told to.
        if second.shows(&id("update-reload")).await {
            second.press(&id("update-reload")).await;
        }
        assert_eq!(another(&second).await, new);

        stage.wire.cut();
        for screen in [&first, &second] {
            screen.reload().await;
            screen.see(&id("sign-in")).await;
            assert_eq!(build_of(screen).await, new, "all of it is here");
        }
    });
}
