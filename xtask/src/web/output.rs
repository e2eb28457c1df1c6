//! `dist/<app>/`: written so that a server may hand it out while it is being replaced.

use super::app::Sources;
use super::compress::{self, Effort};
use super::page::{File, PAGE_TEMPLATES};
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::fmt::Write;
use std::path::Path;

/// Holds what the folder was built from.
const STAMP: &str = ".stamp";

/// The first 16 hexadecimal digits of a SHA-256: names a content among all builds of this product.
pub fn short_hash(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        // Lengths keep "ab"+"c" apart from "a"+"bc".
        hasher.update(part.len().to_le_bytes());
        hasher.update(part);
    }
    hasher
        .finalize()
        .iter()
        .take(8)
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Names everything the folder's content depends on.
pub fn stamp(modules: &[&[u8]], sources: &Sources, effort: Effort) -> String {
    let effort = format!("{effort:?}");
    let mut parts = modules.to_vec();
    parts.extend([
        sources.css.as_bytes(),
        sources.shell.as_bytes(),
        sources.icon.as_bytes(),
    ]);
    parts.extend(sources.drawn_icons.iter().map(Vec::as_slice));
    parts.push(effort.as_bytes());
    parts.extend(PAGE_TEMPLATES.iter().map(|template| template.as_bytes()));
    short_hash(&parts)
}

/// Whether the folder was built from exactly this.
pub fn is_current(folder: &Path, stamp: &str) -> bool {
    folder.join("index.html").is_file()
        && std::fs::read_to_string(folder.join(STAMP)).is_ok_and(|old| old == stamp)
}

/// Writes the files with their compressed copies, in the given order, then removes what is left of earlier builds.
pub fn write(folder: &Path, files: &[File], stamp: &str, effort: Effort) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let _ = std::fs::remove_file(folder.join(STAMP));
    let mut kept: HashSet<String> = HashSet::from([STAMP.to_owned()]);
    for file in files {
        let mut copies = vec![(file.name.clone(), None)];
        if !is_packed(&file.name) {
            let brotli = compress::brotli(&file.content, effort)?;
            let gzip = compress::gzip(&file.content, effort)?;
            copies.push((format!("{}.br", file.name), Some(brotli)));
            copies.push((format!("{}.gz", file.name), Some(gzip)));
        }
        // Compressed copies first: a server that finds the plain file finds them too.
        for (name, packed) in copies.into_iter().rev() {
            replace(folder, &name, packed.as_deref().unwrap_or(&file.content))?;
            kept.insert(name);
        }
    }
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if !kept.contains(entry.file_name().to_string_lossy().as_ref()) && entry.path().is_file() {
            std::fs::remove_file(entry.path())?;
        }
    }
    replace(folder, STAMP, stamp.as_bytes())
}

/// Whether the format packs its content itself.
fn is_packed(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|extension| extension == "png")
}

/// Whole or not at all: a reader never sees half a file.
pub fn replace(folder: &Path, name: &str, content: &[u8]) -> Result<()> {
    let draft = folder.join(format!(".{name}.draft"));
    std::fs::write(&draft, content).with_context(|| format!("cannot write {}", draft.display()))?;
    std::fs::rename(&draft, folder.join(name))?;
    Ok(())
}

/// The bytes a first visit downloads.
pub struct Sizes {
    app: &'static str,
    unchanged: bool,
    /// The screens.
    wasm: (u64, u64),
    /// The engine's module, which is loaded beside them.
    engine: (u64, u64),
    js: (u64, u64),
    css: (u64, u64),
}

/// Reads the sizes off the folder.
pub fn measure(folder: &Path, app: &'static str, unchanged: bool) -> Result<Sizes> {
    let mut sizes = Sizes {
        app,
        unchanged,
        wasm: (0, 0),
        engine: (0, 0),
        js: (0, 0),
        css: (0, 0),
    };
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let (plain, packed) = match name.strip_suffix(".br") {
            Some(plain) => (plain, true),
            None => (name.as_str(), false),
        };
        let kind = match Path::new(plain)
            .extension()
            .and_then(|extension| extension.to_str())
        {
            Some("wasm") if plain.starts_with("engine-") => &mut sizes.engine,
            Some("wasm") => &mut sizes.wasm,
            Some("js") => &mut sizes.js,
            Some("css") => &mut sizes.css,
            _ => continue,
        };
        let length = entry.metadata()?.len();
        if packed {
            kind.1 += length;
        } else {
            kind.0 += length;
        }
    }
    Ok(sizes)
}

/// Kilobytes of 1000 bytes, plain and brotli.
pub fn print_sizes(all: &[Sizes]) {
    let pair =
        |(plain, packed): (u64, u64)| format!("{:>5} / {:>4}", plain.div_ceil(1000), packed.div_ceil(1000));
    println!("\n  kB plain / brotli   wasm          engine        js            css           all");
    for sizes in all {
        let total = [sizes.wasm, sizes.engine, sizes.js, sizes.css]
            .iter()
            .fold((0, 0), |sum, x| (sum.0 + x.0, sum.1 + x.1));
        println!(
            "  {:<18} {}  {}  {}  {}  {}{}",
            sizes.app,
            pair(sizes.wasm),
            pair(sizes.engine),
            pair(sizes.js),
            pair(sizes.css),
            pair(total),
            if sizes.unchanged { "  (unchanged)" } else { "" }
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_contents_have_different_names() {
        assert_eq!(short_hash(&[b"menu"]).len(), 16);
        assert_ne!(short_hash(&[b"ab", b"c"]), short_hash(&[b"a", b"bc"]));
    }

    #[test]
    fn a_rebuild_leaves_nothing_of_the_build_before_it() {
        let folder = std::env::temp_dir().join(format!("momfood-xtask-{}", std::process::id()));
        let file = |name: &str| File {
            name: name.to_owned(),
            content: b"content".to_vec(),
        };
        write(
            &folder,
            &[file("app-1.js"), file("index.html")],
            "first",
            Effort::Quick,
        )
        .unwrap();
        assert!(is_current(&folder, "first"));
        write(
            &folder,
            &[file("app-2.js"), file("index.html")],
            "second",
            Effort::Quick,
        )
        .unwrap();
        assert!(!is_current(&folder, "first"));
        assert!(!folder.join("app-1.js").exists() && !folder.join("app-1.js.br").exists());
        assert!(folder.join("app-2.js.gz").exists());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
