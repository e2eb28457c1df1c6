//! The two commands of the README and everything behind them.
//!
//! Builds, runs and checks the product; holds none of its rules. Nothing here is shipped.
#![allow(clippy::print_stdout, reason = "a command-line tool talks on standard output")]
#![allow(
    clippy::expect_used,
    reason = "a tool for developers may stop where it stands"
)]

mod apps;
mod bench;
mod bindings;
mod bundle;
mod demo;
mod doctor;
mod harden;
mod mobile;
mod needs;
mod process;
mod simulate;
mod steps;
mod test;
mod wasm_clang;
mod wasm_toolchain;
mod web;
mod workspace;

use clap::{Parser, Subcommand};
use std::process::ExitCode;
use workspace::Workspace;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Build, run and check MomFood",
    disable_help_subcommand = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything, fill the demo city, serve it and print the links.
    Demo(demo::Options),
    /// Format, lints, documents, supply chain, every test, both databases, a real browser.
    Test(test::Options),
    /// The store's tests alone, in Chromium: SQLite as wasm, and workers that end in the middle of things.
    StoreSuite {
        /// Of the module as it is shipped: for its figures.
        #[arg(long)]
        release: bool,
    },
    /// Build the web apps into `dist/`.
    Web(web::Options),
    /// Build the native apps of this machine.
    Apps(apps::Options),
    /// Pack the native apps for people to install: a `.deb` each.
    Bundle(bundle::Options),
    /// Make the engine's face for phones: Swift, Kotlin and Python, in `dist/bindings`.
    Bindings,
    /// Type-check what runs on phones, for Android, without its SDK.
    CheckMobile(mobile::Options),
    /// Put our files into the project that Tauri made for a phone.
    MobileOverlay(mobile::OverlayOptions),
    /// Measure a server and the web apps on this machine.
    Bench(bench::Options),
    /// Run simulated towns, each from one seed, and look whether a law of the sync protocol breaks.
    #[command(disable_help_flag = true)]
    Simulate(simulate::Options),
    /// Requests made to break the server, bytes made to break its parsers, known faults of its crates.
    Harden(harden::Options),
    /// Say what is installed, what is missing and how to get it.
    Doctor,
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // What failed and why, in one line; a backtrace of xtask helps nobody who waits for a build.
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    let workspace = Workspace::locate()?;
    match command {
        Command::Demo(options) => demo::run(&workspace, &options),
        Command::Test(options) => test::run(&workspace, &options),
        Command::StoreSuite { release } => test::store_suite::run(&workspace, release).map(|_| ()),
        Command::Web(options) => web::run(&workspace, &options),
        Command::Apps(options) => apps::run(&workspace, &options),
        Command::Bundle(options) => bundle::run(&workspace, &options),
        Command::Bindings => bindings::run(&workspace).map(|_| ()),
        Command::CheckMobile(options) => mobile::check(&workspace, &options),
        Command::MobileOverlay(options) => mobile::overlay(&workspace, &options),
        Command::Bench(options) => bench::run(&workspace, &options),
        Command::Simulate(options) => simulate::run(&workspace, &options),
        Command::Harden(options) => harden::run(&workspace, &options),
        Command::Doctor => {
            doctor::run(&workspace);
            Ok(())
        }
    }
}
