//! `cargo xtask bindings`: the engine's face in the languages of phones, as `UniFFI` makes it out of the built library.
//!
//! What is made is not kept in the repository: it says nothing that `core/ffi` does not say.

use crate::process;
use crate::workspace::Workspace;
use anyhow::{Context, Result, anyhow};
use camino::Utf8PathBuf;
use std::fs;
use std::path::PathBuf;
use uniffi_bindgen::bindings::{GenerateOptions, TargetLanguage, generate};

const PACKAGE: &str = "momfood-ffi";
const LIBRARY: &str = "momfood_ffi";

/// Folders below `dist/bindings`, and what is in them.
const LANGUAGES: [(&str, TargetLanguage); 3] = [
    ("kotlin", TargetLanguage::Kotlin),
    ("swift", TargetLanguage::Swift),
    ("python", TargetLanguage::Python),
];

/// Builds the library and makes its bindings anew. Names their folder.
pub fn run(workspace: &Workspace) -> Result<PathBuf> {
    process::run(workspace.cargo().args(["build", "--lib", "--package", PACKAGE]))?;
    let (prefix, suffix) = (std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let library = workspace
        .target
        .join("debug")
        .join(format!("{prefix}{LIBRARY}{suffix}"));
    let folder = workspace.dist().join("bindings");
    if folder.exists() {
        // Nothing of an older face is left behind.
        fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    for (name, language) in LANGUAGES {
        generate(GenerateOptions {
            languages: vec![language],
            source: utf8(library.clone())?,
            out_dir: utf8(folder.join(name))?,
            ..GenerateOptions::default()
        })
        .with_context(|| format!("no bindings for {name}"))?;
    }
    println!("  {}", folder.display());
    Ok(folder)
}

fn utf8(path: PathBuf) -> Result<Utf8PathBuf> {
    Utf8PathBuf::from_path_buf(path).map_err(|path| anyhow!("{} is no UTF-8", path.display()))
}
