//! A kitchen's tickets: with printers that are off, jam, and with a program that dies in between.

mod calls;
mod disk;
mod laws;
mod press;
mod stories;

use std::sync::Arc;

use momfood_domain::id::OrderId;
use momfood_domain::text::Lang;
use momfood_protocol::engine::{
    GetPrinting, Paper, PrintJob, PrintState, Printer, PrinterLine, Printing, SavePrinter,
};
use uuid::Uuid;

use self::press::Printers;
use super::world::{World, order};
use crate::kitchen;
use crate::port::Attached;

const HOT: Uuid = Uuid::from_u128(51);
const COLD: Uuid = Uuid::from_u128(52);

const fn id(n: u128) -> OrderId {
    OrderId(Uuid::from_u128(100 + n))
}

fn printer(id: Uuid) -> Printer {
    Printer {
        id,
        name: format!("Printer {}", id.as_u128()),
        line: PrinterLine::Network {
            host: "192.0.2.7".into(),
            port: 9_100,
        },
        paper: Paper::Wide,
        lang: Lang::Ar,
        stations: vec![],
        automatic: true,
        copies: 1,
    }
}

fn attach(world: &mut World, printers: &Printers) {
    world.engine.attach(Attached {
        device: None,
        press: Some(Arc::new(printers.clone())),
    });
    world.pass(0);
}

/// A kitchen with a printer that prints whole orders by itself.
fn with_printer() -> (World, Printers) {
    let mut world = World::durable(kitchen());
    let printers = Printers::default();
    attach(&mut world, &printers);
    save(&mut world, printer(HOT));
    (world, printers)
}

fn save(world: &mut World, printer: Printer) -> Printing {
    world.ask(SavePrinter { printer }).unwrap()
}

fn put(world: &mut World, n: u128, rev: i64, status: &str) {
    world.server.borrow_mut().put_order(&order(id(n), rev, status));
    world.pass(100);
}

/// An order that another screen accepts.
fn accepted(world: &mut World, n: u128) {
    put(world, n, 1, "pending");
    put(world, n, 2, "accepted");
}

fn restart(world: &mut World, printers: &Printers) {
    world.restart();
    attach(world, printers);
}

fn printing(world: &mut World) -> Printing {
    world.ask(GetPrinting {}).unwrap()
}

/// What is listed as not certainly on paper.
fn jobs(world: &mut World) -> Vec<(Option<OrderId>, PrintState, bool)> {
    told(&printing(world).jobs)
}

fn done(world: &mut World) -> Vec<(Option<OrderId>, PrintState, bool)> {
    told(&printing(world).done)
}

fn told(jobs: &[PrintJob]) -> Vec<(Option<OrderId>, PrintState, bool)> {
    jobs.iter()
        .map(|job| (job.order_id, job.state, job.copy))
        .collect()
}
