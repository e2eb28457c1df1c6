//! Every screen has its picture, in both languages, on a phone and on a desk, for somebody to look at:
//! `target/screenshots/<app>/<screen>-<language>-<width>-<theme>.png`.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use momfood_domain::text::Lang;
use momfood_e2e::screen::{Screen, Size};
use momfood_e2e::setup::setup;
use momfood_e2e::stage::{say, tell};
use serde_json::json;

use crate::walk::{Stop, usual, walk};

#[test]
fn every_screen_has_its_picture_in_arabic() {
    take_pictures(Lang::Ar);
}

#[test]
fn every_screen_has_its_picture_in_english() {
    take_pictures(Lang::En);
}

fn take_pictures(lang: Lang) {
    tell(async |stage| {
        let mut taken = 0;
        walk(stage, lang, &mut async |stop: Stop<'_>| {
            let folder = setup().target.join("screenshots").join(stop.app);
            std::fs::create_dir_all(&folder).expect("a folder");
            let file = |size: Size, theme: &str| {
                let name = format!("{}-{}-{}-{theme}.png", stop.name, lang.tag(), size.width);
                folder.join(name)
            };
            let usual = usual(stop.app);
            let other = if usual == Size::DESK {
                Size::PHONE
            } else {
                Size::DESK
            };
            stop.screen.resize(other).await;
            take(stop.screen, &file(other, "light")).await;
            stop.screen.resize(usual).await;
            take(stop.screen, &file(usual, "light")).await;
            taken += 2;
            // Dark in one language: colours do not depend on words.
            if lang == Lang::Ar {
                in_the_dark(stop.screen, true).await;
                take(stop.screen, &file(usual, "dark")).await;
                in_the_dark(stop.screen, false).await;
                taken += 1;
            }
        })
        .await;
        assert!(taken >= 80, "{taken} pictures are not all screens");
        let folder = setup().target.join("screenshots");
        say(&format!("  {taken} pictures in {}\n", folder.display()));
    });
}

async fn in_the_dark(screen: &Screen, dark: bool) {
    let scheme = if dark { "dark" } else { "light" };
    let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
    screen.devtools("Emulation.setEmulatedMedia", features).await;
}

/// Takes a picture once everything has come to rest: images and fonts are there, what moves once has moved.
async fn take(screen: &Screen, file: &Path) {
    let settle = "const loaded = [...document.images].filter(i => i.checkVisibility()).map(i => i.decode().catch(() => 0)); \
        const moved = document.getAnimations().filter(a => a.effect?.getComputedTiming().endTime < 2000).map(a => a.finished.catch(() => 0)); \
        const patience = new Promise(r => setTimeout(r, 1500)); \
        return Promise.race([patience, Promise.all([document.fonts.ready, ...loaded, ...moved])]) \
            .then(() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => r(true)))))";
    screen.run(settle, Vec::new()).await;
    let shot = screen
        .devtools("Page.captureScreenshot", json!({ "format": "png" }))
        .await;
    let bytes = STANDARD
        .decode(shot["data"].as_str().expect("a picture"))
        .expect("base64");
    std::fs::write(file, bytes).expect("a written picture");
}
