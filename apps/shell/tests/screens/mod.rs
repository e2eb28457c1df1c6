//! Holds what a program carries against what was built.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::path::Path;

use tauri::utils::assets::AssetKey;
use tauri::{Context, Wry};

/// Every file of `dist/shells/<app>` is in the program, byte for byte.
pub fn are_inside(context: &Context<Wry>, app: &str) {
    let built = format!("{}/../../../dist/shells/{app}", env!("CARGO_MANIFEST_DIR"));
    let mut count = 0;
    look(context, Path::new(&built), Path::new(&built), &mut count);
    assert!(count > 10, "{count} files in {built}");
}

fn look(context: &Context<Wry>, root: &Path, folder: &Path, count: &mut u32) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            look(context, root, &path, count);
            continue;
        }
        *count += 1;
        // Tauri writes its policy into documents.
        if path.extension().is_some_and(|extension| extension == "html") {
            continue;
        }
        let key = AssetKey::from(path.strip_prefix(root).unwrap());
        let inside = context.assets().get(&key);
        let is_whole = inside.is_some_and(|inside| *inside == *std::fs::read(&path).unwrap());
        assert!(is_whole, "{} is not whole", key.as_ref());
    }
}
