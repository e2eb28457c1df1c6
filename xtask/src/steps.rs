//! Numbered steps with their durations, so that a long wait is never a silent one.

use anyhow::{Context, Result, bail};
use std::time::{Duration, Instant};

/// A run of named steps.
pub struct Steps {
    total: usize,
    started: Instant,
    done: Vec<Done>,
}

struct Done {
    name: String,
    took: Duration,
    ok: bool,
}

impl Steps {
    /// A run that announces itself as `1/total`, `2/total`, …
    pub fn new(total: usize) -> Self {
        Self {
            total,
            started: Instant::now(),
            done: Vec::new(),
        }
    }

    /// Runs one step, and says when it starts and how long it took.
    pub fn step<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        println!(
            "\n▸ {}/{} {name}  ({} so far)",
            self.done.len() + 1,
            self.total,
            human(self.started.elapsed())
        );
        let began = Instant::now();
        let result = work();
        let took = began.elapsed();
        let ok = result.is_ok();
        println!("  {} in {}", if ok { "done" } else { "FAILED" }, human(took));
        self.done.push(Done {
            name: name.to_owned(),
            took,
            ok,
        });
        result.with_context(|| format!("step \"{name}\" failed"))
    }

    /// Runs one step whose failure the following steps can live with: it is told now and remembered.
    pub fn independent(&mut self, name: &str, work: impl FnOnce() -> Result<()>) {
        if let Err(error) = self.step(name, work) {
            eprintln!("  {error:#}");
        }
    }

    /// Fails if a step has.
    pub fn verdict(&self) -> Result<()> {
        let failed: Vec<&str> = self
            .done
            .iter()
            .filter(|step| !step.ok)
            .map(|step| step.name.as_str())
            .collect();
        if !failed.is_empty() {
            bail!("failed: {}", failed.join(", "));
        }
        Ok(())
    }

    /// The table of durations.
    pub fn print_table(&self) {
        let width = self
            .done
            .iter()
            .map(|step| step.name.chars().count())
            .max()
            .unwrap_or(0)
            .max(5);
        println!();
        for step in &self.done {
            let mark = if step.ok { ' ' } else { '✘' };
            println!("{mark} {:<width$}  {:>12}", step.name, human(step.took));
        }
        println!("  {:<width$}  {:>12}", "total", human(self.started.elapsed()));
    }
}

/// `850 ms`, `12.3 s` or `4 min 05 s`.
pub fn human(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0 => format!("{} ms", duration.as_millis()),
        1..60 => format!("{:.1} s", duration.as_secs_f64()),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::human;
    use std::time::Duration;

    #[test]
    fn durations_read_naturally() {
        assert_eq!(human(Duration::from_millis(850)), "850 ms");
        assert_eq!(human(Duration::from_millis(12_340)), "12.3 s");
        assert_eq!(human(Duration::from_secs(245)), "4 min 05 s");
    }
}
