//! Printers that are off, jam, and take as long as a test wants, and the paper that comes out of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use futures::channel::oneshot;
use futures::future::BoxFuture;
use momfood_domain::id::OrderId;
use momfood_protocol::engine::{Printer, Sheet, SheetContent};
use uuid::Uuid;

use crate::port::{Press, PressError, Reached};

/// How a printer is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    /// It prints.
    #[default]
    Works,
    /// Nobody can reach it.
    Off,
    /// It takes half a sheet.
    Jams,
}

/// What came out of a printer.
#[derive(Clone, Debug, PartialEq)]
pub struct Paper {
    /// Of this order, or a test page.
    pub order: Option<OrderId>,
    pub lines: Option<Vec<usize>>,
    pub copy: bool,
    /// Whether it is all there.
    pub whole: bool,
}

/// Who is with a printer. Whoever was there before is of a program that died.
struct Going {
    /// What is on its way; nothing while the printer is being reached.
    sheet: Option<Sheet>,
    has_begun: bool,
    tell: oneshot::Sender<Result<(), PressError>>,
}

#[derive(Default)]
struct Machine {
    mood: Mood,
    paper: Vec<Paper>,
    tries: u32,
    given: BTreeSet<OrderId>,
    going: Option<Going>,
}

#[derive(Default)]
struct Inside {
    machines: BTreeMap<Uuid, Machine>,
    /// Whether a sheet goes out only as far as a test says.
    by_hand: bool,
}

/// See the module. Clones are the same printers.
#[derive(Clone, Default)]
pub struct Printers(Arc<Mutex<Inside>>);

impl Printers {
    fn at<T>(&self, printer: Uuid, look: impl FnOnce(&mut Machine) -> T) -> T {
        look(self.0.lock().unwrap().machines.entry(printer).or_default())
    }

    pub fn mood(&self, printer: Uuid, mood: Mood) {
        self.at(printer, |machine| machine.mood = mood);
    }

    /// From now on a sheet goes out only as far as [`Printers::step`] lets it.
    pub fn by_hand(&self, by_hand: bool) {
        self.0.lock().unwrap().by_hand = by_hand;
    }

    pub fn paper(&self, printer: Uuid) -> Vec<Paper> {
        self.at(printer, |machine| machine.paper.clone())
    }

    /// Of which orders, and whether each is marked COPY.
    pub fn orders(&self, printer: Uuid) -> Vec<(OrderId, bool)> {
        let paper = self.paper(printer).into_iter();
        paper
            .filter_map(|paper| Some((paper.order?, paper.copy)))
            .collect()
    }

    /// How often somebody tried to reach it.
    pub fn tries(&self, printer: Uuid) -> u32 {
        self.at(printer, |machine| machine.tries)
    }

    /// Of which orders it was given a sheet, after it was reached.
    pub fn given(&self, printer: Uuid) -> BTreeSet<OrderId> {
        self.at(printer, |machine| machine.given.clone())
    }

    /// Lets what is under way go one step further: the printer is reached; its sheet's first bytes, the rest of them, the word
    /// that it is all out. A printer that is off or jams says so instead.
    pub fn step(&self, printer: Uuid) {
        self.at(printer, |machine| {
            let Some(mut going) = machine.going.take() else {
                return;
            };
            match (going.has_begun, machine.mood) {
                (false, Mood::Off) => end(going, Err(PressError::Unreachable)),
                (false, _) => match &going.sheet {
                    None => end(going, Ok(())),
                    Some(sheet) => {
                        machine.paper.push(paper(sheet));
                        going.has_begun = true;
                        machine.going = Some(going);
                    }
                },
                (true, Mood::Works) => {
                    let paper = machine.paper.last_mut().unwrap();
                    if std::mem::replace(&mut paper.whole, true) {
                        end(going, Ok(()));
                    } else {
                        machine.going = Some(going);
                    }
                }
                (true, _) => end(going, Err(PressError::Stalled)),
            }
        });
    }

    /// Whether a sheet is under way, or somebody on the way to the printer.
    pub fn is_going(&self, printer: Uuid) -> bool {
        self.at(printer, |machine| machine.going.is_some())
    }
}

fn end(going: Going, how: Result<(), PressError>) {
    // The program may have died meanwhile.
    let _ = going.tell.send(how);
}

fn paper(sheet: &Sheet) -> Paper {
    let (order, lines) = match &sheet.content {
        SheetContent::Test => (None, None),
        SheetContent::Order { order, lines } => (Some(order.id), lines.clone()),
    };
    Paper {
        order,
        lines,
        copy: sheet.copy,
        whole: false,
    }
}

impl Printers {
    fn go(&self, printer: Uuid, sheet: Option<Sheet>) -> BoxFuture<'static, Result<(), PressError>> {
        let (tell, told) = oneshot::channel();
        let by_hand = self.0.lock().unwrap().by_hand;
        self.at(printer, |machine| {
            match &sheet {
                None => machine.tries += 1,
                Some(sheet) => machine.given.extend(paper(sheet).order),
            }
            machine.going = Some(Going {
                sheet,
                has_begun: false,
                tell,
            });
        });
        while !by_hand && self.is_going(printer) {
            self.step(printer);
        }
        Box::pin(async move { told.await.unwrap_or(Err(PressError::Stalled)) })
    }
}

impl Press for Printers {
    fn reach(&self, printer: &Printer) -> BoxFuture<'static, Result<Reached, PressError>> {
        let (printers, id) = (self.clone(), printer.id);
        let reached = self.go(id, None);
        Box::pin(async move {
            reached.await?;
            let print: Reached = Box::new(move |sheet| printers.go(id, Some(sheet)));
            Ok(print)
        })
    }
}
