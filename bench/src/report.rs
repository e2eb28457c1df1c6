//! What was seen, for eyes or for programs: plain tables as soon as each is there, or one JSON document at the end.

use std::fmt;

use serde::Serialize;

use crate::machine::Machine;
use crate::stats::Summary;

/// A value of a table.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Cell {
    Text(String),
    Count(u64),
    Number(f64),
    /// Nothing to say.
    None,
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.pad(text),
            Self::Count(count) => f.pad(&thousands(*count)),
            Self::Number(number) if number.abs() >= 100.0 => f.pad(&format!("{number:.0}")),
            Self::Number(number) if number.abs() >= 10.0 => f.pad(&format!("{number:.1}")),
            Self::Number(number) => f.pad(&format!("{number:.2}")),
            Self::None => f.pad("–"),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<u64> for Cell {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<usize> for Cell {
    fn from(count: usize) -> Self {
        Self::Count(count as u64)
    }
}

/// 1234567 → "1 234 567".
fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

/// A table; the first column names the row.
#[derive(Clone, Debug, Serialize)]
pub struct Table {
    pub title: String,
    pub columns: Vec<&'static str>,
    pub rows: Vec<Vec<Cell>>,
}

/// The columns of [`latency`].
pub const LATENCY: [&str; 8] = [
    "", "number", "p50 ms", "p95 ms", "p99 ms", "max ms", "goal", "errors",
];

/// A row of latencies. `goal` is the p99 in milliseconds that is hoped for.
pub fn latency(name: impl Into<Cell>, summary: &Summary, goal: Option<f64>, errors: usize) -> Vec<Cell> {
    let met = goal.map_or(Cell::None, |goal| {
        let word = if summary.p99 <= goal { "met" } else { "missed" };
        format!("p99 ≤ {goal:.0}: {word}").into()
    });
    vec![
        name.into(),
        summary.count.into(),
        summary.p50.into(),
        summary.p95.into(),
        summary.p99.into(),
        summary.max.into(),
        met,
        errors.into(),
    ]
}

impl Table {
    pub fn new(title: impl Into<String>, columns: impl IntoIterator<Item = &'static str>) -> Self {
        Self {
            title: title.into(),
            columns: columns.into_iter().collect(),
            rows: Vec::new(),
        }
    }

    pub fn row(&mut self, row: Vec<Cell>) -> &mut Self {
        self.rows.push(row);
        self
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{}", self.title)?;
        let head = self.columns.iter().map(|name| (*name).to_owned()).collect();
        let body = self
            .rows
            .iter()
            .map(|row| row.iter().map(ToString::to_string).collect());
        let lines: Vec<Vec<String>> = std::iter::once(head).chain(body).collect();
        for line in &lines {
            write!(f, " ")?;
            for (index, text) in line.iter().enumerate() {
                let column = lines.iter().filter_map(|line| line.get(index));
                let width = column.map(|text| text.chars().count()).max().unwrap_or(0);
                if index == 0 {
                    write!(f, " {text:<width$}")?;
                } else {
                    write!(f, "  {text:>width$}")?;
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

/// Says what goes on, to whoever waits; no part of the report.
pub fn progress(what: impl fmt::Display) {
    eprintln!("… {what}");
}

/// Everything of one run.
#[derive(Serialize)]
pub struct Report {
    machine: Machine,
    tables: Vec<Table>,
    notes: Vec<String>,
    /// What must not happen while measuring: refused requests, events nobody heard.
    faults: Vec<String>,
    #[serde(skip)]
    json: bool,
}

impl Report {
    pub fn begin(machine: Machine, json: bool) -> Self {
        if !json {
            for line in machine.lines() {
                println!("{line}");
            }
        }
        Self {
            machine,
            tables: Vec::new(),
            notes: Vec::new(),
            faults: Vec::new(),
            json,
        }
    }

    pub fn table(&mut self, table: Table) {
        if !self.json {
            print!("{table}");
        }
        self.tables.push(table);
    }

    pub fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.json {
            println!("  {note}");
        }
        self.notes.push(note);
    }

    pub fn fault(&mut self, fault: impl Into<String>) {
        let fault = fault.into();
        if !self.json {
            println!("  FAULT: {fault}");
        }
        self.faults.push(fault);
    }

    /// Prints what is printed at the end; whether nothing happened that must not.
    pub fn end(&mut self) -> bool {
        if self.json {
            match serde_json::to_string_pretty(&self) {
                Ok(text) => println!("{text}"),
                Err(error) => self.faults.push(error.to_string()),
            }
        }
        self.faults.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_whatever_stands_in_them() {
        let mut table = Table::new("Sizes", ["", "bytes", "ms"]);
        table.row(vec!["customer".into(), 1_234_567_usize.into(), 2.71499.into()]);
        table.row(vec!["مطبخ".into(), 12_usize.into(), Cell::None]);
        let text = table.to_string();
        let widths: Vec<usize> = text.lines().skip(2).map(|line| line.chars().count()).collect();
        assert_eq!(widths.len(), 3);
        assert!(widths.windows(2).all(|pair| pair[0] == pair[1]), "{text}");
        assert!(text.contains("1 234 567") && text.contains("2.71"), "{text}");
    }

    #[test]
    fn a_goal_is_met_up_to_and_including_itself() {
        let summary = |p99| Summary {
            p99,
            ..Summary::default()
        };
        let goal = |p99| latency("placing", &summary(p99), Some(20.0), 0)[6].to_string();
        assert_eq!(goal(20.0), "p99 ≤ 20: met");
        assert_eq!(goal(20.1), "p99 ≤ 20: missed");
    }
}
