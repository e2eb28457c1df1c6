//! The C compiler for wasm32: the engine's SQLite is C. Any clang that knows wasm32 will do, with its archiver.

use crate::needs::{self, Need};
use crate::process::output_of;
use crate::wasm_toolchain::TARGET;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

/// Compiles the engine's SQLite.
pub const CLANG: Need = Need {
    name: "clang for wasm32",
    purpose: "the engine's SQLite is C",
    packages: &["clang-19", "llvm-19"],
    find: || clang().map(|(clang, _)| clang.clone()),
};

/// What a phone never asks of the SQLite in the engine, and would download: undone after sqlite-wasm-rs asked for it.
const LEFT_OUT: &[&str] = &[
    "-USQLITE_ENABLE_FTS5",
    "-USQLITE_ENABLE_RTREE",
    "-USQLITE_ENABLE_SESSION",
    "-USQLITE_ENABLE_PREUPDATE_HOOK",
    "-USQLITE_ENABLE_MATH_FUNCTIONS",
    "-USQLITE_ENABLE_BYTECODE_VTAB",
    "-USQLITE_ENABLE_DBPAGE_VTAB",
    "-USQLITE_ENABLE_DBSTAT_VTAB",
    "-USQLITE_ENABLE_STMTVTAB",
    "-USQLITE_ENABLE_OFFSET_SQL_FUNC",
    "-USQLITE_ENABLE_UNKNOWN_SQL_FUNCTION",
    "-DSQLITE_OMIT_JSON",
    "-DSQLITE_OMIT_TRACE",
    "-DSQLITE_OMIT_DEPRECATED",
];

/// Newest first; Debian and Ubuntu have the version in the name.
const NAMES: &[&str] = &["", "-22", "-21", "-20", "-19", "-18", "-17", "-16", "-15", "-14"];

/// Tells the C compiler to whatever `cargo` builds for wasm32.
pub fn apply(cargo: &mut Command) {
    if let Some((clang, archiver)) = clang() {
        let of = |variable: &str| format!("{variable}_{}", TARGET.replace('-', "_"));
        cargo
            .env(of("CC"), clang)
            .env(of("AR"), archiver)
            .env(of("CFLAGS"), LEFT_OUT.join(" "));
    }
}

/// The first clang that knows wasm32, with the archiver of its version, or any.
fn clang() -> Option<&'static (PathBuf, PathBuf)> {
    static FOUND: OnceLock<(PathBuf, PathBuf)> = OnceLock::new();
    if FOUND.get().is_none() {
        // Nothing found is not remembered: it may be installed next.
        let _ = FOUND.set(look()?);
    }
    FOUND.get()
}

fn look() -> Option<(PathBuf, PathBuf)> {
    let archiver = |version: &&str| needs::on_path(&format!("llvm-ar{version}"));
    NAMES.iter().find_map(|version| {
        let clang = needs::on_path(&format!("clang{version}"))?;
        let targets = output_of(&clang, &["--print-targets"])?;
        let own = archiver(version).or_else(|| NAMES.iter().find_map(archiver))?;
        targets.contains("wasm32").then_some((clang, own))
    })
}
