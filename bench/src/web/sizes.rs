//! How much of each web app travels.

use std::path::Path;

use anyhow::{Context, Result};

use crate::report::{Cell, Table};

/// The goal for the program of an app, compressed.
const WASM_GOAL: u64 = 300 * 1024;

/// Bytes of the files of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bytes {
    pub raw: u64,
    pub brotli: u64,
}

/// Sums the files in `folder` called `part….kind`, and their compressed copies.
pub fn of(folder: &Path, part: &str, kind: &str) -> Result<Bytes> {
    let mut bytes = Bytes::default();
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_kind = Path::new(&name)
            .extension()
            .is_some_and(|extension| extension == kind);
        if is_kind && name.starts_with(part) {
            bytes.raw += entry.metadata()?.len();
            let compressed = folder.join(format!("{name}.br"));
            let compressed = std::fs::metadata(&compressed).or_else(|_| entry.metadata())?;
            bytes.brotli += compressed.len();
        }
    }
    Ok(bytes)
}

pub fn table(dist: &Path, apps: &[&str]) -> Result<Table> {
    let mut table = Table::new(
        "Web apps, bytes (brotli unless raw)",
        [
            "",
            "UI wasm raw",
            "UI wasm",
            "other wasm",
            "js",
            "css",
            "html",
            "all",
            "goal",
        ],
    );
    for app in apps {
        let folder = dist.join(app);
        let screens = of(&folder, "app-", "wasm")?;
        let [wasm, js, css, html] = ["wasm", "js", "css", "html"].map(|kind| of(&folder, "", kind));
        let (wasm, js, css, html) = (wasm?, js?, css?, html?);
        let word = if screens.brotli <= WASM_GOAL {
            "met"
        } else {
            "missed"
        };
        table.row(vec![
            (*app).into(),
            screens.raw.into(),
            screens.brotli.into(),
            (wasm.brotli - screens.brotli).into(),
            js.brotli.into(),
            css.brotli.into(),
            html.brotli.into(),
            (wasm.brotli + js.brotli + css.brotli + html.brotli).into(),
            Cell::Text(format!("UI wasm ≤ 300 KiB: {word}")),
        ]);
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_summed_with_its_compressed_copies_and_nothing_else() {
        let folder = std::env::temp_dir().join(format!("momfood-bench-sizes-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for (name, size) in [
            ("a.js", 10),
            ("a.js.br", 4),
            ("b.js", 5),
            ("a.js.gz", 100),
            ("a.wasm", 99),
        ] {
            std::fs::write(folder.join(name), vec![0; size]).unwrap();
        }
        let seen = (of(&folder, "", "js"), of(&folder, "b", "js"));
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(seen.0.unwrap(), Bytes { raw: 15, brotli: 9 });
        assert_eq!(
            seen.1.unwrap(),
            Bytes { raw: 5, brotli: 5 },
            "sent as it is without a copy"
        );
    }
}
