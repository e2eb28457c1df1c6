//! `cargo xtask simulate`: runs seeds, or one run in every detail.
#![allow(clippy::print_stdout, reason = "a command-line tool talks on standard output")]

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Parser;
use momfood_sim::campaign::{self, Bench};
use momfood_sim::plan::{Broken, Cast, Plan, Trouble};

/// Runs simulated towns, each from one seed, and looks whether a law of the sync protocol breaks.
#[derive(Parser)]
#[command(name = "cargo xtask simulate")]
struct Options {
    /// How many seeds.
    #[arg(long, default_value_t = 10_000)]
    seeds: u64,
    /// The first.
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// One run only, told step by step.
    #[arg(long)]
    seed: Option<u64>,
    /// How often somebody does something.
    #[arg(long)]
    steps: Option<u32>,
    /// Customers, kitchen screens and drivers: `2,3,2`.
    #[arg(long)]
    cast: Option<String>,
    /// What goes wrong: words with commas between, `none` or `all`.
    #[arg(long)]
    faults: Option<String>,
    /// Changes on a page.
    #[arg(long)]
    page: Option<u32>,
    /// A wrong variant to be caught.
    #[arg(long)]
    broken: Option<Broken>,
    /// Threads; as many as the machine has when absent.
    #[arg(long)]
    threads: Option<usize>,
}

impl Options {
    fn plan(&self, seed: u64) -> Result<Plan> {
        let mut plan = Plan::of(seed);
        plan.broken = self.broken;
        if let Some(steps) = self.steps {
            plan.steps = steps;
        }
        if let Some(page) = self.page {
            plan.page = page;
        }
        if let Some(cast) = &self.cast {
            let numbers: Vec<usize> = cast.split(',').map(str::parse).collect::<Result<_, _>>()?;
            let [customers, screens, drivers] = numbers[..] else {
                bail!("--cast takes three numbers");
            };
            plan.cast = Cast {
                customers,
                screens,
                drivers,
            };
        }
        match self.faults.as_deref() {
            None => {}
            Some("none") => plan.troubles.clear(),
            Some("all") => plan.troubles = Trouble::ALL.iter().copied().collect(),
            Some(words) => {
                let words: Result<_, String> = words.split(',').map(str::parse).collect();
                plan.troubles = words.map_err(anyhow::Error::msg)?;
            }
        }
        Ok(plan)
    }
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<bool> {
    if let Some(seed) = options.seed {
        return one(&options.plan(seed)?);
    }
    // Whatever is wrong with the options is said before anything is run.
    options.plan(options.from)?;
    let threads = options
        .threads
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get));
    let plan = |seed| options.plan(seed).unwrap_or_else(|_| Plan::of(seed));
    let rate = |runs: u64, took: std::time::Duration| {
        #[expect(clippy::cast_precision_loss, reason = "for eyes")]
        let runs = runs as f64;
        runs / took.as_secs_f64().max(0.001)
    };
    let sum = campaign::run((options.from, options.seeds), threads, plan, |runs, took| {
        println!("  {runs} seeds, {:.0} a second", rate(runs, took));
    })?;
    println!(
        "{} seeds from {} in {:.1} s ({:.0} a second): {} taps, {} results",
        sum.runs,
        options.from,
        sum.took.as_secs_f64(),
        rate(sum.runs, sum.took),
        sum.taps,
        sum.results,
    );
    let Some(failure) = sum.failure else {
        println!("no law was broken");
        return Ok(true);
    };
    for line in &failure.story {
        println!("{line}");
    }
    println!("\nBROKEN: {}", failure.law);
    println!("found by: {}", failure.plan);
    println!("smallest: {}", failure.small);
    Ok(false)
}

fn one(plan: &Plan) -> Result<bool> {
    let bench = Bench::set_up()?;
    let stall = bench.stall(0)?;
    let outcome = stall.run(plan, true)?;
    for line in &outcome.story {
        println!("{line}");
    }
    println!(
        "{plan}\n{} taps, {} results, trace {:016x}",
        outcome.taps, outcome.results, outcome.trace
    );
    if let Some(broken) = &outcome.broken {
        println!("BROKEN: {broken}");
    } else {
        println!("no law was broken");
    }
    Ok(outcome.broken.is_none())
}
