//! `momfood-bench`: the figures of the product, measured against release builds on this machine, and a simulated
//! city to look at. Started by `cargo xtask bench` and `cargo xtask demo --simulate`.
//!
//! Where to start: `load`, `live`, `sync`, `web` and `app` each measure one thing and answer tables; `simulate` lives in a running
//! server. `arrivals` and `stats` are what the figures stand on. It must never touch an installed database, speak to
//! anything but this machine while it measures, or fail because a figure is missed: it says what it saw.
#![allow(clippy::print_stdout, reason = "a command-line tool talks on standard output")]
#![allow(
    clippy::doc_markdown,
    reason = "doc comments of commands are what `--help` prints"
)]

mod app;
mod arrivals;
mod auth;
mod cart;
mod city;
mod folder;
mod http;
mod keeper;
mod live;
mod load;
mod machine;
mod people;
mod postgres;
mod report;
mod sealing;
mod server;
mod simulate;
mod stats;
mod stream;
mod sync;
mod usage;
mod web;
mod webdriver;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use report::Report;

#[derive(Parser)]
#[command(
    name = "momfood-bench",
    about = "Measure MomFood, or bring its demo city to life",
    disable_help_subcommand = true,
    arg_required_else_help = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Print one JSON document instead of tables
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Orders placed and menus read at a fixed rate, on each database
    Load(load::Options),
    /// How long until the other window hears of it, and what an open stream costs
    Live(live::Options),
    /// Signing in while orders are placed, believing a token, sealing an address
    Auth(auth::Options),
    /// Size of the web apps, and how soon they show something in Chromium
    Web(web::Options),
    /// Offline work: a device's first fill, outboxes handed in, how soon another device hears, bytes on the wire
    Sync(sync::Options),
    /// The kitchen's native app: how soon it stands there, and what it takes
    App(app::Options),
    /// Load with and without a flood of sign-ins, live, sync, web and app, one after the other
    All(AllOptions),
    /// Simulated customers, kitchens and drivers in a running server, through the public API only
    Simulate(simulate::Options),
}

#[derive(clap::Args)]
struct AllOptions {
    #[command(flatten)]
    load: load::Options,
}

fn main() -> Result<ExitCode> {
    let cli = Cli::parse();
    let mut report = match cli.command {
        Command::Simulate(options) => {
            simulate::run(&options)?;
            return Ok(ExitCode::SUCCESS);
        }
        Command::Load(options) => begin(cli.json, |report| load::run(&options, report))?,
        Command::Live(options) => begin(cli.json, |report| live::run(&options, report))?,
        Command::Sync(options) => begin(cli.json, |report| sync::run(&options, report))?,
        Command::Auth(options) => begin(cli.json, |report| auth::run(&options, report))?,
        Command::Web(options) => begin(cli.json, |report| web::run(&options, report))?,
        Command::App(options) => begin(cli.json, |report| app::run(&options, report))?,
        Command::All(options) => begin(cli.json, |report| {
            auth::run(&auth::Options::of(&options.load), report)?;
            live::run(&live::Options::of(options.load.database), report)?;
            sync::run(&sync::Options::of(options.load.database), report)?;
            web::run(&web::Options::default(), report)?;
            app::run(&app::Options::default(), report)
        })?,
    };
    Ok(if report.end() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn begin(json: bool, measure: impl FnOnce(&mut Report) -> Result<()>) -> Result<Report> {
    let mut report = Report::begin(machine::describe(), json);
    measure(&mut report)?;
    Ok(report)
}
