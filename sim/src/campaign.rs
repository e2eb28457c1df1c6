//! Many runs: seeds spread over threads, each run single-threaded. The first seed that breaks a law is run again,
//! shrunk, and told of.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::plan::Plan;
use crate::server::Works;
use crate::shrink::shrink;
use crate::town;
use crate::world::{self, Outcome};

/// A folder of this process for the files of runs: in memory where the system has such a place.
#[derive(Debug)]
pub struct Bench {
    folder: PathBuf,
    template: PathBuf,
}

impl Bench {
    /// Makes the folder and founds the town.
    pub fn set_up() -> Result<Self> {
        static MADE: AtomicU64 = AtomicU64::new(0);
        hush();
        let memory = PathBuf::from("/dev/shm");
        let root = if memory.is_dir() {
            memory
        } else {
            std::env::temp_dir()
        };
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let folder = root.join(format!("momfood-sim-{}-{number}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).context("a folder for the runs")?;
        let template = runtime()?.block_on(town::found(&folder))?;
        Ok(Self { folder, template })
    }

    /// Somewhere to run, one run after the other.
    pub fn stall(&self, number: usize) -> Result<Stall> {
        let folder = self.folder.join(format!("stall-{number}"));
        std::fs::create_dir_all(&folder)?;
        Ok(Stall {
            works: Works::over(self.template.clone()),
            folder,
        })
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Handlers break on purpose in runs with poison: nobody needs to read of it.
fn hush() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let tell = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let meant = panic
                .payload_as_str()
                .is_some_and(|text| text.contains(momfood_backend::faults::MEANT));
            if !meant {
                tell(panic);
            }
        }));
    });
}

/// Where one thread runs.
pub struct Stall {
    works: Works,
    folder: PathBuf,
}

impl Stall {
    /// Runs `plan`; with `told`, every step is written down.
    pub fn run(&self, plan: &Plan, told: bool) -> Result<Outcome> {
        let folder = self.folder.join("run");
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder)?;
        momfood_backend::faults::choose(plan.broken.and_then(crate::plan::Broken::on_server));
        let outcome = runtime()?.block_on(world::run(&self.works, &folder, plan, told));
        momfood_backend::faults::choose(None);
        outcome
    }

    /// Whether a run of `plan` breaks a law, or cannot be run at all.
    pub fn breaks(&self, plan: &Plan) -> bool {
        self.run(plan, false)
            .map_or(true, |outcome| outcome.broken.is_some())
    }
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .context("a runtime")
}

/// What came of many runs.
#[derive(Debug)]
pub struct Sum {
    /// Runs made.
    pub runs: u64,
    /// What people did, in all of them.
    pub taps: u64,
    /// Mutations the server answered.
    pub results: u64,
    /// How long it took.
    pub took: Duration,
    /// The first seed found that broke a law, made small, with its story.
    pub failure: Option<Failure>,
}

/// A broken law.
#[derive(Debug)]
pub struct Failure {
    /// As found.
    pub plan: Plan,
    /// Made small.
    pub small: Plan,
    /// What is broken.
    pub law: String,
    /// What happened in the small run.
    pub story: Vec<String>,
}

/// Runs `seeds` from `from` on `threads` threads, until one fails. `plan` makes a seed's plan; `tell` hears now and then
/// how many were run.
pub fn run(
    (from, seeds): (u64, u64),
    threads: usize,
    plan: impl Fn(u64) -> Plan + Sync,
    tell: impl Fn(u64, Duration) + Sync,
) -> Result<Sum> {
    let bench = Bench::set_up()?;
    let began = Instant::now();
    let (next, done) = (AtomicU64::new(0), AtomicU64::new(0));
    let (taps, results) = (AtomicU64::new(0), AtomicU64::new(0));
    let stop = AtomicBool::new(false);
    let found: Mutex<Option<Plan>> = Mutex::new(None);
    let lock = || found.lock().unwrap_or_else(PoisonError::into_inner);
    let work = |number: usize| -> Result<()> {
        let stall = bench.stall(number)?;
        while !stop.load(Ordering::Relaxed) {
            let nth = next.fetch_add(1, Ordering::Relaxed);
            if nth >= seeds {
                break;
            }
            let plan = plan(from + nth);
            let outcome = stall
                .run(&plan, false)
                .with_context(|| format!("could not be run: {plan}"));
            if outcome.is_err() {
                stop.store(true, Ordering::Relaxed);
            }
            let outcome = outcome?;
            taps.fetch_add(outcome.taps, Ordering::Relaxed);
            results.fetch_add(outcome.results, Ordering::Relaxed);
            if outcome.broken.is_some() {
                stop.store(true, Ordering::Relaxed);
                let mut found = lock();
                // The lowest of those that were under way.
                if found.as_ref().is_none_or(|other| plan.seed < other.seed) {
                    *found = Some(plan);
                }
            }
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            if done.is_multiple_of(1000) {
                tell(done, began.elapsed());
            }
        }
        Ok(())
    };
    let outcomes: Vec<Result<()>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads.max(1))
            .map(|number| scope.spawn(move || work(number)))
            .collect();
        threads
            .into_iter()
            .map(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    });
    outcomes.into_iter().collect::<Result<Vec<()>>>()?;
    let took = began.elapsed();
    let failed = lock().take();
    let failure = match failed {
        Some(plan) => Some(told(&bench.stall(threads)?, plan)?),
        None => None,
    };
    Ok(Sum {
        runs: done.into_inner(),
        taps: taps.into_inner(),
        results: results.into_inner(),
        took,
        failure,
    })
}

/// Shrinks a failing plan, and runs the small one with its story.
pub fn told(stall: &Stall, plan: Plan) -> Result<Failure> {
    let law = stall.run(&plan, false)?.broken.map(|broken| broken.law);
    // The same law: a run made small must not end in another fault.
    let same = |smaller: &Plan| {
        let outcome = stall.run(smaller, false);
        outcome.is_ok_and(|outcome| outcome.broken.map(|broken| broken.law) == law && law.is_some())
    };
    let (small, _tries) = shrink(&plan, same);
    let outcome = stall.run(&small, true)?;
    let law = outcome.broken.map_or_else(
        || "it failed once, and not again: the run is not the same every time".to_owned(),
        |broken| broken.to_string(),
    );
    Ok(Failure {
        plan,
        small,
        law,
        story: outcome.story,
    })
}
