//! A compiler for wasm32: rustup's when it can be had, otherwise Debian's own, which needs no download
//! from rustup's servers. Never touches the compiler that builds the host programs.

use crate::needs;
use crate::process::{self, output_of};
use crate::workspace::{Workspace, cargo_program};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The target of every web app.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Set to `debian` to use Debian's compiler even where rustup's would do.
pub const CHOICE: &str = "MOMFOOD_WASM_TOOLCHAIN";

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_LINKER: &str = "wasm-ld-19";
const DEBIAN_PACKAGES: &[&str] = &["rustc-web", "rust-web-src", "lld-19", "llvm-19", "clang-19"];

/// Which compiler builds the web apps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WasmToolchain {
    /// The toolchain that runs xtask, with the wasm32 target added.
    Rustup,
    /// Debian's `rustc-web`, with a standard library built from its sources.
    Debian,
}

impl WasmToolchain {
    /// The one that is ready, without changing anything.
    pub fn ready() -> Option<Self> {
        if !debian_chosen() && rustup_ready() {
            return Some(Self::Rustup);
        }
        debian_ready().then_some(Self::Debian)
    }

    /// Makes one ready: adds rustup's target, or falls back to Debian's compiler.
    pub fn ensure(workspace: &Workspace) -> Result<Self> {
        if let Some(toolchain) = Self::ready() {
            return Ok(toolchain);
        }
        if !debian_chosen() && needs::on_path("rustup").is_some() {
            println!("  adding the wasm32 target: rustup target add {TARGET}");
            let added = process::run(Command::new("rustup").args(["target", "add", TARGET]));
            if added.is_ok() && rustup_ready() {
                return Ok(Self::Rustup);
            }
        }
        println!("  rustup cannot provide {TARGET}: using Debian's rustc-web");
        install_debian(workspace)?;
        Ok(Self::Debian)
    }

    /// Makes a cargo call use this compiler, and says where its output goes.
    pub fn apply(self, command: &mut Command, workspace: &Workspace) -> PathBuf {
        match self {
            Self::Rustup => workspace.target.clone(),
            Self::Debian => {
                // Another compiler, another target folder: they would rebuild each other's work forever.
                let target = workspace.target.join("debian");
                command
                    .env("RUSTC", DEBIAN_RUSTC)
                    .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", DEBIAN_LINKER)
                    .env("CARGO_TARGET_DIR", &target);
                forget_rustup(command);
                target
            }
        }
    }
}

fn debian_chosen() -> bool {
    std::env::var_os(CHOICE).is_some_and(|choice| choice == "debian")
}

fn rustup_ready() -> bool {
    output_of("rustc", &["--print", "sysroot"]).is_some_and(|sysroot| has_std(&library_folder(&sysroot)))
}

fn debian_ready() -> bool {
    needs::on_path(DEBIAN_LINKER).is_some()
        && debian_library().is_some_and(|library| {
            // A library built for an older compiler is of no use to a newer one.
            has_std(&library)
                && std::fs::read_to_string(library.join(MARKER)).ok() == output_of(DEBIAN_RUSTC, &["-vV"])
        })
}

/// Names, beside the library, the compiler it was built for.
const MARKER: &str = "momfood-built-for";

fn debian_library() -> Option<PathBuf> {
    output_of(DEBIAN_RUSTC, &["--print", "sysroot"]).map(|sysroot| library_folder(&sysroot))
}

fn library_folder(sysroot: &str) -> PathBuf {
    Path::new(sysroot).join("lib/rustlib").join(TARGET).join("lib")
}

fn has_std(library: &Path) -> bool {
    rlibs(library).iter().any(|file| {
        file.file_name()
            .is_some_and(|n| n.to_string_lossy().starts_with("libstd-"))
    })
}

fn rlibs(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "rlib"))
        .collect()
}

/// Takes away what rustup's cargo passes on: its libraries do not fit Debian's compiler.
fn forget_rustup(command: &mut Command) {
    command
        .env_remove("LD_LIBRARY_PATH")
        .env_remove("RUSTC_WRAPPER")
        .env_remove("RUSTFLAGS");
}

fn install_debian(workspace: &Workspace) -> Result<()> {
    let compiler = Path::new(DEBIAN_RUSTC).is_file() && needs::on_path(DEBIAN_LINKER).is_some();
    let sources = debian_sources().is_some();
    if !(compiler && sources) {
        needs::install(DEBIAN_PACKAGES)?;
    }
    let library = debian_library().context("Debian's rustc does not answer")?;
    let version = output_of(DEBIAN_RUSTC, &["-vV"]).context("Debian's rustc does not answer")?;

    println!("  building the standard library for {TARGET} (once, about a minute)");
    let empty = workspace.target.join("debian-std");
    std::fs::create_dir_all(empty.join("src"))?;
    std::fs::write(
        empty.join("Cargo.toml"),
        "[package]\nname = \"empty\"\nedition = \"2021\"\n\n[workspace]\n\n[profile.release]\npanic = \"abort\"\n",
    )?;
    std::fs::write(empty.join("src/lib.rs"), "")?;
    let mut build = Command::new(cargo_program());
    build.current_dir(&empty).args([
        "build",
        "--release",
        "-Zbuild-std=std,panic_abort",
        "--target",
        TARGET,
    ]);
    forget_rustup(&mut build);
    build
        .env("RUSTC", DEBIAN_RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        // The bitcode is what lets the apps' link-time optimisation see into the library.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("CARGO_TARGET_DIR", empty.join("target"));
    process::run(&mut build)?;

    let built = rlibs(&empty.join("target").join(TARGET).join("release/deps"));
    if built.is_empty() {
        bail!("the standard library was built but cannot be found");
    }
    let marker = empty.join(MARKER);
    std::fs::write(&marker, version)?;
    let Some(prefix) = needs::root_prefix() else {
        bail!(
            "not root, and sudo asks for a password: the library cannot be put into {}",
            library.display()
        );
    };
    let as_root = |program: &str| {
        let mut words = prefix.iter().copied().chain([program]);
        let mut command = Command::new(words.next().unwrap_or(program));
        command.args(words);
        command
    };
    process::run(as_root("rm").arg("-rf").arg(&library))?;
    process::run(as_root("mkdir").arg("-p").arg(&library))?;
    process::run(as_root("cp").args(&built).arg(&marker).arg(&library))
}

fn debian_sources() -> Option<PathBuf> {
    let sysroot = output_of(DEBIAN_RUSTC, &["--print", "sysroot"])?;
    let library = Path::new(&sysroot).join("lib/rustlib/src/rust/library/std/Cargo.toml");
    library.is_file().then_some(library)
}
