//! From cargo's wasm to what a browser loads: wasm-bindgen as a library, of the version the apps use.

use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::path::Path;
use wasm_bindgen_cli_support::Bindgen;

/// A module a browser can load, with its glue.
pub struct Bound {
    /// The entry module.
    pub js: String,
    /// The program.
    pub wasm: Vec<u8>,
    /// JavaScript that came with crates, by the path under which the entry module imports it.
    pub snippets: BTreeMap<String, String>,
}

/// Binds `module`, using `scratch` as a work folder that is emptied first.
pub fn bind(module: &Path, scratch: &Path) -> Result<Bound> {
    if scratch.exists() {
        std::fs::remove_dir_all(scratch)?;
    }
    std::fs::create_dir_all(scratch)?;
    Bindgen::new()
        .input_path(module)
        .out_name("app")
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .omit_default_module_path(true)
        .generate(scratch)
        .with_context(|| format!("wasm-bindgen cannot process {}", module.display()))?;
    let mut snippets = BTreeMap::new();
    collect(scratch, &scratch.join("snippets"), &mut snippets)?;
    Ok(Bound {
        js: std::fs::read_to_string(scratch.join("app.js"))?,
        wasm: std::fs::read(scratch.join("app_bg.wasm"))?,
        snippets,
    })
}

fn collect(root: &Path, folder: &Path, snippets: &mut BTreeMap<String, String>) -> Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, snippets)?;
            continue;
        }
        let text = std::fs::read_to_string(&path)?;
        // Renaming a module breaks what it imports by a relative path; none of ours does that.
        if text.contains("from \"./") || text.contains("from './") || text.contains("from \"../") {
            bail!(
                "{} imports another file, which the web build cannot rename",
                path.display()
            );
        }
        let name = path
            .strip_prefix(root)?
            .components()
            .map(|part| part.as_os_str().to_string_lossy());
        snippets.insert(format!("./{}", name.collect::<Vec<_>>().join("/")), text);
    }
    Ok(())
}
