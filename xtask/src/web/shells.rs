//! `dist/shells/<app>/`: the same screens for the native app, which holds them inside its program. Without what only a
//! browser needs: the engine's module (a native app has its own), the service worker, and the compressed copies.

use super::app::App;
use super::output::replace;
use anyhow::{Context, Result};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// Lays out one app's files from `dist/<app>/`. What is there already is left alone, so that cargo builds nothing anew.
pub fn lay_out(dist: &Path, app: &App) -> Result<()> {
    let from = dist.join(app.name);
    let to = dist.join("shells").join(app.name);
    // The page names its files by their whole path; any path that is none of them is a screen, which the page at the root
    // answers.
    let base = to.join(app.base.trim_matches('/'));
    let mut wanted = HashSet::new();
    for entry in std::fs::read_dir(&from).with_context(|| format!("cannot read {}", from.display()))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !is_wanted(&name) {
            continue;
        }
        let content = std::fs::read(from.join(&name))?;
        let folders = [&base, &to];
        let folders = if name == "index.html" {
            &folders[..]
        } else {
            &folders[..1]
        };
        for folder in folders {
            let place = folder.join(&name);
            if wanted.insert(place.clone()) && std::fs::read(&place).ok().as_ref() != Some(&content) {
                std::fs::create_dir_all(folder)?;
                replace(folder, &name, &content)?;
            }
        }
    }
    for place in files_below(&to)? {
        if !wanted.contains(&place) {
            std::fs::remove_file(place)?;
        }
    }
    Ok(())
}

/// Whether a native app needs it.
fn is_wanted(name: &str) -> bool {
    let of_the_browser = name.starts_with('.') || name.starts_with("engine-") || name == "sw.js";
    let packed = [".br", ".gz"].iter().any(|end| name.ends_with(end));
    !of_the_browser && !packed
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::AppName;

    #[test]
    fn a_native_app_holds_its_screens_and_nothing_only_a_browser_needs() {
        let dist = std::env::temp_dir().join(format!("momfood-xtask-shells-{}", std::process::id()));
        let from = dist.join("kitchen");
        std::fs::create_dir_all(&from).unwrap();
        for name in [
            "index.html",
            "app-1.js",
            "app-1.js.br",
            "engine-1_bg.wasm",
            "engine-1.js",
            "sw.js",
            ".stamp",
        ] {
            std::fs::write(from.join(name), name).unwrap();
        }
        let app = AppName::Kitchen.facts();
        lay_out(&dist, &app).unwrap();
        let to = dist.join("shells").join("kitchen");
        let names = |to: &Path| {
            let mut names: Vec<_> = files_below(to)
                .unwrap()
                .iter()
                .map(|path| path.strip_prefix(to).unwrap().display().to_string())
                .collect();
            names.sort();
            names
        };
        assert_eq!(
            names(&to),
            ["index.html", "kitchen/app-1.js", "kitchen/index.html"]
        );
        std::fs::rename(from.join("app-1.js"), from.join("app-2.js")).unwrap();
        lay_out(&dist, &app).unwrap();
        assert_eq!(
            names(&to),
            ["index.html", "kitchen/app-2.js", "kitchen/index.html"]
        );
        std::fs::remove_dir_all(&dist).unwrap();
    }
}
