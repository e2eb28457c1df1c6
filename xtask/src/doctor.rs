//! `cargo xtask doctor`: what is here, what is missing, and the command that brings it. Changes nothing.

use crate::needs::{self, Need};
use crate::process::output_of;
use crate::test::CARGO_DENY;
use crate::wasm_clang;
use crate::wasm_toolchain::{TARGET, WasmToolchain};
use crate::workspace::{Workspace, cargo_program};
use std::path::Path;

/// Prints one line per thing.
pub fn run(workspace: &Workspace) {
    println!("checkout  {}", workspace.root.display());
    println!("target    {}", workspace.target.display());
    if let Ok(cores) = std::thread::available_parallelism() {
        println!("cores     {cores}");
    }

    println!("\nfor everything");
    tell("Rust", output_of("rustc", &["--version"]), "https://rustup.rs");
    tell(
        "cargo",
        output_of(cargo_program(), &["--version"]),
        "https://rustup.rs",
    );
    tell_need(&needs::C_COMPILER);

    println!("\nfor the web apps");
    let wasm = WasmToolchain::ready().map(|toolchain| format!("{toolchain:?}"));
    tell(TARGET, wasm, &format!("rustup target add {TARGET}"));

    tell_need(&wasm_clang::CLANG);

    println!("\nfor the native apps");
    tell_need(&needs::WEBKIT);

    println!("\nfor the tests");
    for (component, program) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        let version = output_of(cargo_program(), &[program, "--version"]);
        tell(component, version, &format!("rustup component add {component}"));
    }
    let deny = crate::test::cargo_deny(workspace).and_then(|path| output_of(path, &["--version"]));
    tell(
        "cargo-deny",
        deny,
        &format!("cargo install --locked cargo-deny@{CARGO_DENY}"),
    );
    for need in [
        &needs::POSTGRES,
        &needs::GLEWLWYD,
        &needs::REDIS,
        &needs::CHROMIUM,
        &needs::CHROMEDRIVER,
        &needs::WEBKIT_DRIVER,
        &needs::XVFB,
        &needs::DBUS,
        &needs::PYTHON,
        &needs::ARABIC_FONT,
    ] {
        tell_need(need);
    }

    println!("\nbuilt here");
    tell(
        "web apps",
        existing(&workspace.dist().join("customer/index.html")),
        "cargo xtask web",
    );
    tell(
        "server",
        existing(&workspace.release_binary("momfood")),
        "cargo xtask demo",
    );
}

fn tell_need(need: &Need) {
    let place = (need.find)().map(|path| path.display().to_string());
    tell(
        need.name,
        place,
        &format!("apt-get install {}", need.packages.join(" ")),
    );
}

fn existing(path: &Path) -> Option<String> {
    path.is_file().then(|| path.display().to_string())
}

fn tell(name: &str, found: Option<String>, how_to_get: &str) {
    match found {
        Some(found) => println!("  ✔ {name:<24} {found}"),
        None => println!("  ✘ {name:<24} missing; get it with: {how_to_get}"),
    }
}
