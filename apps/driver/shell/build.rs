//! Lets the page ask for two commands and nothing else, and sees to it that there is a folder for its files.

use std::path::Path;

/// Where `cargo xtask apps` puts the screens.
const SCREENS: &str = "../../../dist/shells/driver";

fn main() {
    // A checkout without built screens still compiles; the program then says at its start what is missing.
    if let Err(error) = std::fs::create_dir_all(Path::new(SCREENS)) {
        println!("cargo:warning={SCREENS} cannot be made: {error}");
    }
    println!("cargo:rerun-if-changed={SCREENS}");
    let commands = tauri_build::AppManifest::new().commands(&["call", "subscribe"]);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands)) {
        println!("cargo:error={error:#}");
    }
}
