//! Phones. `cargo xtask check-mobile` type-checks what runs on them, on a machine without their SDKs; `cargo xtask
//! mobile-overlay` puts what is ours into the projects that Tauri's own tool makes where the SDKs are.
//!
//! It packs nothing: an APK needs Android's SDK, an IPA needs Xcode; `.github/workflows/mobile.yml` says how.

mod overlay;

use crate::needs::{self, Need};
use crate::process;
use crate::workspace::{Workspace, cargo_program};
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::Command;

pub use overlay::{Options as OverlayOptions, run as overlay};

/// What is checked: 64-bit ARM is nearly every phone.
const TARGET: &str = "aarch64-linux-android";

/// What runs on a phone.
const PACKAGES: [&str; 5] = [
    "momfood-ffi",
    "tauri-plugin-momfood-location",
    "momfood-customer-shell",
    "momfood-kitchen-shell",
    "momfood-driver-shell",
];

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// Compiles the C inside SQLite and the cryptography: not against Android's own library, which is not here, but near enough
/// for what Rust looks at. Nothing of it is ever linked.
const CROSS_C: Need = Need {
    name: "C compiler for 64-bit ARM",
    purpose: "the C inside the phones' programs is compiled, though never linked",
    packages: &[
        "gcc-aarch64-linux-gnu",
        "g++-aarch64-linux-gnu",
        "libc6-dev-arm64-cross",
    ],
    find: || {
        needs::on_path("aarch64-linux-gnu-gcc").filter(|_| needs::on_path("aarch64-linux-gnu-g++").is_some())
    },
};

/// A compiler that comes with the sources of its standard library.
const RUST_WITH_SOURCES: Need = Need {
    name: "Debian's rustc with its library's sources",
    purpose: "rustup cannot provide Android's standard library here",
    packages: &["rustc-web", "rust-web-src"],
    find: debian_rustc,
};

#[derive(clap::Args, Default)]
pub struct Options {
    /// Only these packages (repeatable); all of them when absent.
    #[arg(long, short)]
    package: Vec<String>,
}

/// Type-checks every package that runs on a phone, for Android.
pub fn check(workspace: &Workspace, options: &Options) -> Result<()> {
    let wanted: Vec<&str> = if options.package.is_empty() {
        PACKAGES.to_vec()
    } else {
        options.package.iter().map(String::as_str).collect()
    };
    needs::ensure(&[&CROSS_C])?;
    let mut check = Command::new(cargo_program());
    check.current_dir(&workspace.root).arg("check");
    if !rustup_has_target() {
        needs::ensure(&[&RUST_WITH_SOURCES])?;
        check
            .arg("-Zbuild-std=std,panic_unwind")
            .env("RUSTC", DEBIAN_RUSTC)
            .env("RUSTC_BOOTSTRAP", "1")
            // What rustup's cargo passes on does not fit Debian's compiler.
            .env_remove("LD_LIBRARY_PATH")
            .env_remove("RUSTC_WRAPPER")
            .env_remove("RUSTFLAGS");
    }
    check.args(["--target", TARGET]);
    for package in &wanted {
        check.args(["--package", package]);
    }
    // Another compiler, another target folder: they would rebuild each other's work forever.
    check.env("CARGO_TARGET_DIR", workspace.target.join("mobile"));
    for (tool, program) in [
        ("CC", "aarch64-linux-gnu-gcc"),
        ("CXX", "aarch64-linux-gnu-g++"),
        ("AR", "aarch64-linux-gnu-ar"),
    ] {
        check.env(format!("{tool}_aarch64_linux_android"), program);
    }
    check.env("CFLAGS_aarch64_linux_android", "-D_GNU_SOURCE");
    process::run(&mut check)?;
    println!("type-checked for {TARGET}: {}", wanted.join(", "));
    Ok(())
}

/// Whether the toolchain that runs xtask has Android's standard library.
fn rustup_has_target() -> bool {
    let sysroot = process::output_of("rustc", &["--print", "sysroot"]);
    sysroot.is_some_and(|sysroot| {
        Path::new(&sysroot)
            .join("lib/rustlib")
            .join(TARGET)
            .join("lib")
            .is_dir()
    })
}

fn debian_rustc() -> Option<PathBuf> {
    let sysroot = process::output_of(DEBIAN_RUSTC, &["--print", "sysroot"])?;
    let sources = Path::new(&sysroot).join("lib/rustlib/src/rust/library/std/Cargo.toml");
    sources.is_file().then(|| PathBuf::from(DEBIAN_RUSTC))
}
