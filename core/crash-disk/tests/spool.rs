//! The power fails at any step of printing. What may be on paper is known to be, afterwards, and what was queued is there.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use momfood_client::store::suite::NOW;
use momfood_client::store::{Decision, Ended, KeptPrinter, NewJob, Place, Spool, Store, StoreError};
use momfood_crash_disk::CrashDisk;
use momfood_domain::id::OrderId;
use momfood_domain::text::Lang;
use momfood_protocol::engine::{Paper, PrintState, Printer, PrinterLine};
use uuid::Uuid;

const PRINTER: Uuid = Uuid::from_u128(9);

/// What the world outside knows.
#[derive(Default)]
struct Outside {
    /// Orders whose job was acknowledged.
    queued: BTreeSet<u128>,
    /// How many sheets of each order went out, in part or whole, that are no COPY, and how many that are.
    sheets: BTreeMap<u128, (u32, u32)>,
}

fn printer() -> KeptPrinter {
    KeptPrinter {
        printer: Printer {
            id: PRINTER,
            name: "Kitchen".into(),
            line: PrinterLine::File {
                path: "/dev/usb/lp0".into(),
            },
            paper: Paper::Wide,
            lang: Lang::En,
            stations: vec![],
            automatic: true,
            copies: 1,
        },
        automatic_since: None,
    }
}

/// Ids that no other run makes.
fn mint(disk: &CrashDisk) -> Uuid {
    let mut id = 0;
    for _ in 0..4 {
        id = (id << 32) | u128::from(disk.chance(u32::MAX));
    }
    Uuid::from_u128(id)
}

fn open(disk: &CrashDisk) -> Result<(Store, Spool), StoreError> {
    let store = Store::open_as(Place::Other(Rc::new(disk.clone())), "kitchen", 1)?;
    let spool = store.spool(&|| mint(disk), NOW)?;
    Ok((store, spool))
}

fn use_until_the_end(disk: &CrashDisk, outside: &mut Outside) -> Result<(), StoreError> {
    loop {
        // The program is closed and opened again now and then, also while a sheet goes out.
        let (_store, spool) = open(disk)?;
        spool.save_printer(&printer(), &[], NOW)?;
        for _ in 0..disk.chance(40) {
            if disk.chance(3) == 0 {
                let order = outside.queued.len() as u128 + 1;
                let id = OrderId(Uuid::from_u128(order));
                let job = NewJob {
                    id: mint(disk),
                    printer: PRINTER,
                    order: Some(id),
                    number: Some(order.to_string()),
                    content: Some("x".repeat(disk.chance(5_000) as usize)),
                    forced: false,
                    at: NOW,
                };
                let decision = Decision {
                    printer: PRINTER,
                    order: id,
                    job: Some(job),
                };
                // What was under way when the power failed may have been decided: it is not queued twice.
                spool.decide(&[decision], NOW)?;
                outside.queued.insert(order);
                continue;
            }
            let Some((job, ())) = spool.next(PRINTER, |_| Some(()))? else {
                continue;
            };
            let Some(copy) = spool.begin(job.job.id, NOW)? else {
                panic!("what was offered is taken");
            };
            let (ended, went_out) = match disk.chance(4) {
                0 => (Ended::Unsent, false),
                1 => (Ended::Torn, true),
                _ => (Ended::Taken, true),
            };
            if went_out {
                let order = job.job.order_id.map_or(0, |order| order.0.as_u128());
                let sheets = outside.sheets.entry(order).or_default();
                if copy {
                    sheets.1 += 1;
                } else {
                    sheets.0 += 1;
                }
            }
            if disk.chance(6) == 0 {
                break;
            }
            spool.end(job.job.id, ended, &|| mint(disk), NOW)?;
        }
    }
}

fn look(disk: &CrashDisk, outside: &Outside) -> Result<(), String> {
    let said = |error: StoreError| error.to_string();
    let (_store, spool) = open(disk).map_err(said)?;
    if spool.was_lost().map_err(said)? {
        return Err("the spool is damaged".to_owned());
    }
    let decided = spool.decided().map_err(said)?;
    for order in &outside.queued {
        if !decided.contains(&(PRINTER, OrderId(Uuid::from_u128(*order)))) {
            return Err(format!("{order} was queued, and is not any more"));
        }
    }
    let open = spool.open_jobs().map_err(said)?;
    for (order, (first, copies)) in &outside.sheets {
        if *first > 1 {
            return Err(format!("{first} sheets of {order} are no COPY"));
        }
        let id = Some(OrderId(Uuid::from_u128(*order)));
        let first_waits = |job: &momfood_client::store::Job| {
            job.job.order_id == id && job.job.state == PrintState::Waiting && !job.job.copy
        };
        if open.iter().any(first_waits) {
            return Err(format!(
                "{order} waits, and {first} sheets and {copies} copies went out"
            ));
        }
    }
    match open.iter().find(|job| job.job.state == PrintState::Sending) {
        Some(job) => Err(format!("nobody sends {job:?} any more")),
        None => Ok(()),
    }
}

/// One disk's life: power failures, one after the other. Says how many orders came to paper, or what was lost.
fn live(disk: &CrashDisk, seed: u64, lies: bool) -> Result<usize, String> {
    disk.begin(seed);
    if lies {
        disk.lie();
    }
    let mut outside = Outside::default();
    for _ in 0..6 {
        disk.fail_after(disk.chance(600));
        let end = use_until_the_end(disk, &mut outside);
        disk.restart();
        if let Err(StoreError::Damaged | StoreError::Internal(_)) = end {
            return Err(format!("the power has failed, not the program: {end:?}"));
        }
        look(disk, &outside)?;
    }
    Ok(outside.sheets.len())
}

#[test]
fn what_may_be_on_paper_is_known_after_the_power_failed() {
    let disk = CrashDisk::new("printing");
    let mut sheets = 0;
    for seed in 0..100 {
        match live(&disk, seed, false) {
            Ok(printed) => sheets += printed,
            Err(loss) => panic!("seed {seed}: {loss}"),
        }
    }
    assert!(sheets > 100, "too little was printed to mean anything: {sheets}");
}

#[test]
fn a_disk_that_lies_about_its_syncs_is_found_out_by_what_it_printed_twice() {
    let disk = CrashDisk::new("printing-liar");
    let found = (0..40).filter(|seed| live(&disk, *seed, true).is_err()).count();
    assert!(found > 10, "only {found} of 40 lives were found out");
}
