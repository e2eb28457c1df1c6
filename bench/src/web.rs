//! The web apps as they are shipped: their sizes, and how soon they show something in Chromium on a slow line, served
//! by the real server.
//!
//! Every cold run has a new profile. A warm one is a second visit with the profile of a first, in a new browser; once
//! as it is, and once past the service worker, because the browser does not slow down what a service worker fetches.

mod browser;
mod sizes;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::report::{Cell, Report, Table, progress};
use crate::server::{Engine, Server, dist};
use crate::stats::median_and_worst;
use browser::{Driver, Line};

#[derive(clap::Args, Clone)]
pub struct Options {
    /// Visits of each kind
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=50))]
    runs: u16,
    /// Only the sizes, without a browser
    #[arg(long)]
    sizes: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            runs: 5,
            sizes: false,
        }
    }
}

/// The apps and where each is served.
const APPS: [(&str, &str); 3] = [
    ("customer", "/"),
    ("kitchen", "/kitchen/"),
    ("driver", "/driver/"),
];

const FAST: Line = Line {
    megabits: 10.0,
    round_trip_ms: 40,
};
const SLOW: Line = Line {
    megabits: 1.6,
    round_trip_ms: 150,
};

/// Notes when the first restaurant's card has been painted: the second frame after it is in the page.
const WATCH: &str = r#"
(() => {
  let seen = false;
  const look = () => {
    if (seen || !document.querySelector('[data-testid="restaurant-card"]')) return;
    seen = true;
    requestAnimationFrame(() => requestAnimationFrame(() => { window.momfoodCard = performance.now(); }));
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
})();
"#;
const CARD: &str = "return window.momfoodCard || null;";
/// A shell of shapes only is painted, but not "contentful": both moments are told.
const CONTENT: &str = "const paint = performance.getEntriesByName('first-contentful-paint')[0]; return paint ? paint.startTime : null;";
const PAINT: &str =
    "const paint = performance.getEntriesByName('first-paint')[0]; return paint ? paint.startTime : null;";
const TRAVELLED: &str = "return performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))\
     .reduce((sum, entry) => sum + entry.transferSize, 0);";
const WORKER: &str = "return navigator.serviceWorker.controller !== null || \
     navigator.serviceWorker.getRegistration().then(found => !!(found && found.active));";
const PATIENCE: Duration = Duration::from_mins(1);

pub fn run(options: &Options, report: &mut Report) -> Result<()> {
    let dist = dist()?;
    let built: Vec<&str> = APPS
        .iter()
        .map(|(app, _)| *app)
        .filter(|app| dist.join(app).join("index.html").is_file())
        .collect();
    report.table(sizes::table(&dist, &built)?);
    for (app, _) in APPS {
        if !built.contains(&app) {
            report.fault(format!("the {app} app is not in {}", dist.display()));
        }
    }
    if options.sizes {
        return Ok(());
    }
    let server = Server::start(Engine::Sqlite, Some(&dist))?;
    let driver = Driver::start()?;
    let mut visits = Visits {
        driver: &driver,
        base: format!("http://{}", server.address),
        profiles: 0,
        version: String::new(),
    };
    let mut table = Table::new(
        "In Chromium, ms since the navigation began",
        ["", "line", "runs", "median", "worst", "goal", "median bytes"],
    );
    for (app, path) in APPS.iter().filter(|(app, _)| built.contains(app)) {
        progress(format_args!("{app}: shell painted, cold"));
        let seen = visits.cold(options.runs, SLOW, path, "the first paint", CONTENT)?;
        let painted = |visit: &Visit| visit.painted;
        table.row(row(
            &format!("{app}: shell painted, cold"),
            SLOW,
            &seen,
            painted,
            Some(2000.0),
        ));
        let contentful = |visit: &Visit| visit.ms;
        table.row(row(
            &format!("{app}: first contentful paint, cold"),
            SLOW,
            &seen,
            contentful,
            None,
        ));
    }
    if built.contains(&"customer") {
        progress("customer: restaurants on screen, cold");
        let seen = visits.cold(options.runs, FAST, "/", "a restaurant's card", CARD)?;
        table.row(row(
            "customer: restaurants on screen, cold",
            FAST,
            &seen,
            |visit| visit.ms,
            Some(2000.0),
        ));
        for (name, past_worker) in [("warm", false), ("warm, past the service worker", true)] {
            progress(format_args!("customer: restaurants on screen, {name}"));
            let seen = visits.warm(options.runs, past_worker)?;
            let name = format!("customer: restaurants on screen, {name}");
            table.row(row(&name, FAST, &seen, |visit| visit.ms, Some(1000.0)));
        }
    }
    report.table(table);
    report.note(format!(
        "Chromium {}, headless, 412×915, processor not slowed down",
        visits.version
    ));
    Ok(())
}

/// What was seen of one visit: milliseconds until what was waited for and until anything was painted, and bytes that
/// came over the line by then.
struct Visit {
    ms: f64,
    painted: f64,
    bytes: f64,
}

struct Visits<'a> {
    driver: &'a Driver,
    base: String,
    profiles: u32,
    version: String,
}

impl Visits<'_> {
    fn profile(&mut self) -> std::path::PathBuf {
        self.profiles += 1;
        self.driver.folder().join(format!("profile-{}", self.profiles))
    }

    fn cold(&mut self, runs: u16, line: Line, path: &str, what: &str, mark: &str) -> Result<Vec<Visit>> {
        (0..runs)
            .map(|_| {
                let profile = self.profile();
                let seen = self.visit(&profile, line, path, what, mark, false);
                let _ = std::fs::remove_dir_all(&profile);
                seen
            })
            .collect()
    }

    fn warm(&mut self, runs: u16, past_worker: bool) -> Result<Vec<Visit>> {
        let profile = self.profile();
        {
            let mut browser = self.driver.open(&profile)?;
            browser.run_first(WATCH)?;
            browser.go(&self.base)?;
            browser.session.wait_for("a restaurant's card", CARD, PATIENCE)?;
            browser.session.wait_for("the service worker", WORKER, PATIENCE)?;
            // It is written to the disk a moment after it is there.
            std::thread::sleep(Duration::from_secs(2));
        }
        (0..runs)
            .map(|_| self.visit(&profile, FAST, "/", "a restaurant's card", CARD, past_worker))
            .collect()
    }

    fn visit(
        &mut self,
        profile: &Path,
        line: Line,
        path: &str,
        what: &str,
        mark: &str,
        past_worker: bool,
    ) -> Result<Visit> {
        let mut browser = self.driver.open(profile)?;
        self.version.clone_from(&browser.version);
        browser.run_first(WATCH)?;
        browser.connect_by(line)?;
        if past_worker {
            browser.pass_service_workers()?;
        }
        browser.go(&format!("{}{path}", self.base))?;
        let ms = browser.session.wait_for(what, mark, PATIENCE)?;
        let painted = browser.session.ask(PAINT)?;
        let bytes = browser.session.ask(TRAVELLED)?;
        let number = |value: &Value| value.as_f64().context("a page that does not tell the time");
        Ok(Visit {
            ms: number(&ms)?,
            painted: number(&painted)?,
            bytes: number(&bytes)?,
        })
    }
}

fn row(name: &str, line: Line, seen: &[Visit], what: impl Fn(&Visit) -> f64, goal: Option<f64>) -> Vec<Cell> {
    let ms: Vec<f64> = seen.iter().map(what).collect();
    let bytes: Vec<f64> = seen.iter().map(|seen| seen.bytes).collect();
    let (median, worst) = median_and_worst(&ms).unwrap_or_default();
    let (bytes, _) = median_and_worst(&bytes).unwrap_or_default();
    let goal = goal.map_or(Cell::None, |goal| {
        let word = if median <= goal { "met" } else { "missed" };
        format!("median ≤ {goal:.0}: {word}").into()
    });
    vec![
        name.into(),
        format!("{} Mbit/s, {} ms", line.megabits, line.round_trip_ms).into(),
        seen.len().into(),
        median.into(),
        worst.into(),
        goal,
        bytes.into(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_goal_is_judged_by_the_median_and_the_worst_is_told() {
        let visit = |ms| Visit {
            ms,
            painted: 1.0,
            bytes: 10.0,
        };
        let visits = [visit(900.0), visit(2100.0), visit(950.0)];
        let cells = row("cold", FAST, &visits, |visit| visit.ms, Some(1000.0));
        let text: Vec<String> = cells.iter().map(ToString::to_string).collect();
        assert_eq!(
            text[1..6],
            ["10 Mbit/s, 40 ms", "3", "950", "2100", "median ≤ 1000: met"]
        );
    }
}
