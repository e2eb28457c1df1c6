//! Counts what cargo's test programs report, while showing it.

use crate::process::line;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

/// Tests so far.
#[derive(Default)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
}

impl Tally {
    /// Runs a `cargo test`, passing its output on. A failed test is an error, and so is a run without tests.
    pub fn run(&mut self, command: &mut Command) -> Result<()> {
        let before = self.passed + self.failed;
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start `{}`", line(command)))?;
        let output = child
            .stdout
            .take()
            .context("a piped output is there to be read")?;
        for text in BufReader::new(output).split(b'\n') {
            let text = text?;
            let text = String::from_utf8_lossy(&text);
            println!("{text}");
            self.read(&text);
        }
        let status = child.wait()?;
        if !status.success() {
            bail!("`{}` failed ({status})", line(command));
        }
        if self.passed + self.failed == before {
            bail!("`{}` ran no test", line(command));
        }
        Ok(())
    }

    /// Reads one line of a test program's output.
    fn read(&mut self, line: &str) {
        let Some(summary) = line.trim_start().strip_prefix("test result: ") else {
            return;
        };
        let count = |what: &str| -> u64 {
            let words: Vec<&str> = summary.split([' ', ';', '.']).collect();
            words
                .windows(2)
                .find(|pair| pair[1] == what)
                .and_then(|pair| pair[0].parse().ok())
                .unwrap_or(0)
        };
        self.passed += count("passed");
        self.failed += count("failed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_results_of_all_test_programs_are_added_up() {
        let mut tally = Tally::default();
        tally.read("running 3 tests");
        tally.read(
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.52s",
        );
        tally.read("test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out");
        tally.read("test a_result_of_1_passed ... ok");
        assert_eq!((tally.passed, tally.failed), (15, 2));
    }
}
