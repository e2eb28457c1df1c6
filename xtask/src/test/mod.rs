//! `cargo xtask test`: everything that must hold before a change is taken, in the order of its cost.
//!
//! `.ci/run` calls this and nothing else. Needs no network once its tools are installed.

pub mod store_suite;
mod tally;

use crate::bundle;
use crate::needs;
use crate::process::{self, output_of};
use crate::simulate;
use crate::steps::Steps;
use crate::wasm_clang;
use crate::wasm_toolchain::{TARGET, WasmToolchain};
use crate::web::{self, AppName};
use crate::workspace::{HOST_PACKAGES, SHELL_PACKAGES, UI_PACKAGES, Workspace};
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;
use tally::Tally;

/// The version of cargo-deny that `deny.toml` is written for.
pub const CARGO_DENY: &str = "0.20.2";

const E2E: &str = "momfood-e2e";
const SIM: &str = "momfood-sim";
/// Towns that are simulated: as many as are known to keep every law, see `docs/sync.md`.
const SEEDS: u64 = 3_000;

#[derive(clap::Args)]
pub struct Options {
    /// Leave out the release builds and the browser.
    #[arg(long)]
    quick: bool,
    /// Towns that are simulated.
    #[arg(long, default_value_t = SEEDS)]
    seeds: u64,
}

/// Runs all steps. One failure does not hide the next: what can still run, runs.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut steps = Steps::new(if options.quick { 7 } else { 16 });
    let mut tally = Tally::default();
    let wasm = steps.step("What this machine needs", || set_up(workspace, options))?;
    examine(workspace, wasm, &mut steps);
    steps.independent("Unit, property, golden and API tests", || {
        let elsewhere = |package: &&str| ![E2E, SIM].contains(package);
        let packages: Vec<_> = HOST_PACKAGES
            .iter()
            .chain(UI_PACKAGES)
            .copied()
            .filter(elsewhere)
            .collect();
        tally.run(&mut tests(workspace, &packages))
    });
    let outcome = if options.quick {
        Ok(())
    } else {
        simulate_towns(workspace, options.seeds, &mut steps, &mut tally);
        tell_the_story(workspace, &mut steps, &mut tally)
    };
    steps.print_table();
    println!("\n{} passed, {} failed", tally.passed, tally.failed);
    outcome.and(steps.verdict())
}

/// What can be said without running the product.
fn examine(workspace: &Workspace, wasm: WasmToolchain, steps: &mut Steps) {
    let format = || process::run(workspace.cargo().args(["fmt", "--all", "--check"]));
    steps.independent("Format", format);
    steps.independent("Lints, host", || {
        lint(workspace, HOST_PACKAGES, &["--all-targets"])
    });
    steps.independent("Lints, browser", || lint(workspace, UI_PACKAGES, ui_target(wasm)));
    steps.independent("Documents", || document(workspace, wasm));
    steps.independent("Supply chain", || check_supply_chain(workspace));
}

/// Runs the simulator: optimised, and by itself, because only it may have the wrong variants it must catch.
fn simulate_towns(workspace: &Workspace, seeds: u64, steps: &mut Steps, tally: &mut Tally) {
    steps.independent("The simulator catches what is wrong", || {
        let mut command = workspace.cargo();
        tally.run(command.args(["test", "--release", "--package", SIM]))
    });
    steps.independent("Simulated towns", || simulate::seeds(workspace, seeds));
}

/// Builds what is shipped and uses it as people do.
fn tell_the_story(workspace: &Workspace, steps: &mut Steps, tally: &mut Tally) -> Result<()> {
    steps.step("Web apps", || web::run(workspace, &web::Options::default()))?;
    let mut server = workspace.cargo();
    server.args(["build", "--release", "--package", "momfood-backend"]);
    steps.step("Server, release build", || process::run(&mut server))?;
    let mut stored = 0;
    steps.independent("The store in a browser", || {
        stored = store_suite::run(workspace, false)?;
        Ok(())
    });
    tally.passed += u64::from(stored);
    steps.independent("Native apps: lints", || {
        lint(workspace, SHELL_PACKAGES, &["--all-targets"])
    });
    steps.independent("Native apps: their commands and ports", || {
        tally.run(&mut tests(workspace, SHELL_PACKAGES))
    });
    let programs = steps.step("Native apps: packed and unpacked", || install_apps(workspace))?;
    steps.step("The story in a browser and in the native apps", || {
        let mut command = tests(workspace, &[E2E]);
        workspace.describe_builds(&mut command);
        command.env("MOMFOOD_E2E", "1").env("MOMFOOD_APPS", &programs);
        tally.run(&mut command)
    })
}

/// Packs the native apps and unpacks them into an empty folder, where the stories find them as a person who installed them
/// would. Names the folder of their programs.
fn install_apps(workspace: &Workspace) -> Result<PathBuf> {
    let packages = bundle::pack(workspace, &AppName::native(&[]), false)?;
    let root = workspace.target.join("bundle").join("installed");
    let _ = std::fs::remove_dir_all(&root);
    for package in &packages {
        bundle::can_be_installed(package)?;
        bundle::unpack(package, &root)?;
    }
    Ok(root.join("usr/bin"))
}

/// Installs what is missing, so that nothing is looked for halfway.
fn set_up(workspace: &Workspace, options: &Options) -> Result<WasmToolchain> {
    needs::ensure_component("rustfmt", "fmt")?;
    needs::ensure_component("clippy", "clippy")?;
    let mut wanted = vec![
        &needs::C_COMPILER,
        &needs::POSTGRES,
        &needs::GLEWLWYD,
        &needs::REDIS,
        &needs::PYTHON,
        &wasm_clang::CLANG,
    ];
    if !options.quick {
        wanted.extend([
            &needs::CHROMIUM,
            &needs::CHROMEDRIVER,
            &needs::ARABIC_FONT,
            &needs::WEBKIT,
            &needs::WEBKIT_DRIVER,
            &needs::XVFB,
            &needs::DBUS,
        ]);
    }
    needs::ensure(&wanted)?;
    let wasm = WasmToolchain::ensure(workspace)?;
    ensure_cargo_deny(workspace)?;
    Ok(wasm)
}

fn select(command: &mut Command, packages: &[&str]) {
    for package in packages {
        command.args(["--package", package]);
    }
}

/// Screens are examined as they are shipped. Clippy and rustdoc are rustup's: where Debian's compiler builds for
/// wasm32, they have no standard library for that target and look at the screens as host code.
fn ui_target(wasm: WasmToolchain) -> &'static [&'static str] {
    if wasm == WasmToolchain::Rustup {
        &["--target", TARGET]
    } else {
        &[]
    }
}

fn lint(workspace: &Workspace, packages: &[&str], flags: &[&str]) -> Result<()> {
    let mut command = workspace.cargo();
    command.arg("clippy").args(flags);
    select(&mut command, packages);
    process::run(command.args(["--", "-D", "warnings"]))
}

fn document(workspace: &Workspace, wasm: WasmToolchain) -> Result<()> {
    for (packages, target) in [(HOST_PACKAGES, &[][..]), (UI_PACKAGES, ui_target(wasm))] {
        let mut command = workspace.cargo();
        command
            .args(["doc", "--no-deps", "--document-private-items"])
            .args(target);
        select(&mut command, packages);
        process::run(command.env("RUSTDOCFLAGS", "-Dwarnings"))?;
    }
    Ok(())
}

fn tests(workspace: &Workspace, packages: &[&str]) -> Command {
    let mut command = workspace.cargo();
    command.args(["test", "--no-fail-fast"]);
    select(&mut command, packages);
    if let Some(folder) = needs::postgres_bin() {
        command.env("MOMFOOD_TEST_POSTGRES_BIN", folder);
    }
    command
}

fn check_supply_chain(workspace: &Workspace) -> Result<()> {
    let Some(program) = cargo_deny(workspace) else {
        anyhow::bail!("cargo-deny is missing")
    };
    let mut command = Command::new(program);
    command.current_dir(&workspace.root);
    process::run(command.args(["--locked", "check", "bans", "licenses", "sources"]))
}

/// The person's own cargo-deny if it is of the right version, or the one installed beside the builds.
pub fn cargo_deny(workspace: &Workspace) -> Option<PathBuf> {
    let own = needs::on_path("cargo-deny");
    let candidates = [own, Some(tools(workspace).join("bin").join("cargo-deny"))];
    candidates
        .into_iter()
        .flatten()
        .find(|program| output_of(program, &["--version"]).is_some_and(|answer| answer.ends_with(CARGO_DENY)))
}

fn tools(workspace: &Workspace) -> PathBuf {
    workspace.target.join("tools")
}

/// Where it is, once it is there.
pub fn ensure_cargo_deny(workspace: &Workspace) -> Result<PathBuf> {
    if cargo_deny(workspace).is_none() {
        install_cargo_deny(workspace)?;
    }
    cargo_deny(workspace).context("cargo-deny was installed but cannot be found")
}

fn install_cargo_deny(workspace: &Workspace) -> Result<()> {
    println!("  building cargo-deny {CARGO_DENY} (once, about two minutes)");
    let mut command = workspace.cargo();
    command
        .args(["install", "--locked", "--no-default-features", "--root"])
        .arg(tools(workspace));
    command.env("CARGO_TARGET_DIR", workspace.target.join("tools-build"));
    process::run(command.arg(format!("cargo-deny@{CARGO_DENY}")))
}
