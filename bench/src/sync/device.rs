//! What a device does with what it hears: a first fill, a kitchen's board, page after page; on files and in memory.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use momfood_client::store::{Identity, NewMutation, Place, Store};
use momfood_domain::id::OrderId;
use momfood_domain::time::Timestamp;
use momfood_protocol::feed::{Change, Entity, Snapshot};
use momfood_protocol::mutation::{Mutation, Of};
use momfood_protocol::sync::Page;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Options;
use crate::folder::Folder;
use crate::report::{Cell, Report, Table, progress};
use crate::stats::{median_and_worst, millis};

/// Each figure is the median of so many.
const TIMES: usize = 5;
/// Changes on a page.
const PAGE: usize = 1_000;
/// Taps written down one after another.
const TAPS: u32 = 500;
const EPOCH: Uuid = Uuid::from_u128(0xE);
const SCOPE: &str = "restaurant:00000000-0000-0000-0000-000000000001";

/// Where a device of that number keeps its files.
fn place(folder: &Folder, number: usize) -> Place {
    Place::Files {
        folder: folder.path().join(number.to_string()),
    }
}

/// As small as the rows others publish figures for.
fn small(number: usize) -> Value {
    json!({ "id": number, "title": format!("row {number}"), "status": "open", "owner": number % 97, "position": number })
}

fn change(number: usize, body: Value) -> Change {
    let number_64 = i64::try_from(number).unwrap_or(i64::MAX);
    Change {
        seq: number_64 + 1,
        entity: Entity::Order,
        id: Uuid::from_u128(number as u128 + 1),
        rev: 1,
        body: Some(body),
    }
}

fn snapshot(rows: usize, body: impl Fn(usize) -> Value) -> Snapshot {
    let changes: Vec<Change> = (0..rows).map(|number| change(number, body(number))).collect();
    Snapshot {
        epoch: EPOCH,
        scope: SCOPE.to_owned(),
        view: "kitchen".to_owned(),
        seq: i64::try_from(rows).unwrap_or(i64::MAX),
        last_mids: BTreeMap::new(),
        time: Timestamp(0),
        changes,
    }
}

/// Milliseconds of the middle one of several runs, and of the slowest.
fn several(mut run: impl FnMut(usize) -> Result<Duration>) -> Result<(f64, f64)> {
    let runs: Vec<f64> = (0..TIMES)
        .map(|number| run(number).map(millis))
        .collect::<Result<_>>()?;
    median_and_worst(&runs).context("no runs")
}

fn fill(place: Place, snapshot: &Snapshot) -> Result<Duration> {
    let store = Store::open(place, "kitchen")?;
    store.cache().reset_cursors(EPOCH)?;
    let began = Instant::now();
    store.cache().fill(snapshot, &BTreeMap::new())?;
    let took = began.elapsed();
    let rows = store.cache().rows(SCOPE)?.len();
    ensure!(rows == snapshot.changes.len(), "{rows} rows are there");
    Ok(took)
}

pub fn run(options: &Options, report: &mut Report) -> Result<()> {
    progress("what a device takes in");
    let folder = Folder::new("sync")?;
    let rows = usize::try_from(options.rows).unwrap_or(100_000);
    let mut table = Table::new(
        "A device takes in what the server says (one thread, release build)",
        ["", "rows", "median ms", "worst ms", "rows/s", "goal"],
    );
    let mut next = 0;
    let add = |table: &mut Table, name: &str, rows: usize, (median, worst): (f64, f64), goal: Cell| {
        table.row(vec![
            name.into(),
            rows.into(),
            median.into(),
            worst.into(),
            Cell::from(per_second(rows, median)),
            goal,
        ]);
    };
    let large = snapshot(rows, small);
    let text = serde_json::to_string(&large)?;
    let in_memory = several(|_| fill(Place::Memory, &large))?;
    add(
        &mut table,
        "first fill, small rows, in memory",
        rows,
        in_memory,
        "≤ 300 ms of 100 000".into(),
    );
    let on_disk = several(|number| fill(place(&folder, next + number), &large))?;
    next += TIMES;
    add(
        &mut table,
        "first fill, small rows, on disk",
        rows,
        on_disk,
        "≤ 300 ms of 100 000".into(),
    );
    let from_text = several(|number| {
        let began = Instant::now();
        let read: Snapshot = serde_json::from_str(&text)?;
        let reading = began.elapsed();
        Ok(reading + fill(place(&folder, next + number), &read)?)
    })?;
    next += TIMES;
    add(
        &mut table,
        "the same with reading its JSON",
        rows,
        from_text,
        Cell::None,
    );
    let little = snapshot(1_000, small);
    let kitchen = several(|number| fill(place(&folder, next + number), &little))?;
    next += TIMES;
    add(
        &mut table,
        "a kitchen, small rows, on disk",
        1_000,
        kitchen,
        "≤ 4 ms".into(),
    );
    let board = snapshot(1_000, |number| order_body(number).unwrap_or_default());
    let kitchen = several(|number| fill(place(&folder, next + number), &board))?;
    next += TIMES;
    let bytes = serde_json::to_string(&board)?.len() / 1_000;
    add(
        &mut table,
        &format!("a kitchen, whole orders of {bytes} B, on disk"),
        1_000,
        kitchen,
        "≤ 4 ms".into(),
    );
    let applied = several(|number| pages(place(&folder, next + number), &large))?;
    next += TIMES;
    add(
        &mut table,
        "page after page of 1 000, on disk",
        rows,
        applied,
        "≥ 250 000 rows/s".into(),
    );
    report.table(table);
    taps(place(&folder, next), report)
}

#[expect(clippy::cast_precision_loss, reason = "a rate")]
fn per_second(count: usize, millis: f64) -> f64 {
    (count as f64 / millis * 1e3).round()
}

/// A whole order, as a kitchen sees it.
fn order_body(number: usize) -> Result<Value> {
    let mut body: Value = serde_json::from_str(include_str!("order.json"))?;
    body["id"] = json!(Uuid::from_u128(number as u128 + 1));
    Ok(body)
}

fn pages(place: Place, large: &Snapshot) -> Result<Duration> {
    let store = Store::open(place, "kitchen")?;
    store.cache().reset_cursors(EPOCH)?;
    store.cache().fill(&snapshot(0, small), &BTreeMap::new())?;
    let head = large.seq;
    let pages: Vec<BTreeMap<String, Page>> = large
        .changes
        .chunks(PAGE)
        .map(|changes| {
            let (first, last) = (
                changes.first().map_or(0, |c| c.seq),
                changes.last().map_or(0, |c| c.seq),
            );
            let page = Page {
                view: large.view.clone(),
                from: first - 1,
                to: last,
                head,
                more: last < head,
                reset: false,
                revoked: false,
                changes: changes.to_vec(),
            };
            BTreeMap::from([(SCOPE.to_owned(), page)])
        })
        .collect();
    let began = Instant::now();
    for page in &pages {
        store.cache().apply(EPOCH, page, &BTreeMap::new())?;
    }
    let took = began.elapsed();
    let rows = store.cache().rows(SCOPE)?.len();
    ensure!(rows == large.changes.len(), "{rows} rows are there");
    Ok(took)
}

/// How long a person waits until a tap is written down for good.
fn taps(place: Place, report: &mut Report) -> Result<()> {
    let store = Store::open(place, "driver")?;
    let fresh = || Identity {
        device: Uuid::from_u128(1),
        push_key: "secret".to_owned(),
    };
    let vault = store.vault(Uuid::from_u128(2), fresh, Timestamp(0))?;
    let mut samples = crate::stats::Samples::default();
    for number in 0..TAPS {
        let tap = Mutation::PickUp(Of {
            order_id: OrderId(Uuid::from_u128(3)),
        });
        let new = NewMutation::of(Uuid::from_u128(u128::from(number) + 10), &tap, Timestamp(0));
        let began = Instant::now();
        vault.enqueue(&new)?;
        samples.add(began.elapsed());
    }
    let mut table = Table::new(
        "A tap is written down (vault, synchronous FULL, on disk)",
        crate::report::LATENCY,
    );
    table.row(crate::report::latency(
        "tap → promise",
        &samples.summary(),
        None,
        0,
    ));
    report.table(table);
    Ok(())
}
