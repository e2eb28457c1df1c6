//! How long it took until the others saw what one did: noted while a story is told, printed at its end.

use std::fmt::Write as _;
use std::sync::Mutex;

use crate::screen::{Screen, Sight};

/// Within this the others have seen it, milliseconds.
const LIVE: i64 = 2_000;

/// The notes of one story.
#[derive(Default)]
pub struct Ledger {
    notes: Mutex<Vec<(String, String, i64)>>,
}

impl Ledger {
    /// Watches `sights`, lets `actor` do the `deed`, and notes how long each sight took from the tap on. Fails when one
    /// took over two seconds.
    pub async fn note(&self, step: &str, actor: &Screen, deed: impl Future<Output = ()>, sights: &[Sight]) {
        let tapped = actor.now().await;
        deed.await;
        for sight in sights {
            let took = sight.seen().await - tapped;
            self.notes.lock().expect("no panic while held").push((
                step.to_owned(),
                sight.who().to_owned(),
                took,
            ));
            assert!(
                took <= LIVE,
                "{step}: {} saw it only after {took} ms",
                sight.who()
            );
        }
    }

    /// The notes as a table.
    pub fn table(&self) -> String {
        let notes = self.notes.lock().expect("no panic while held");
        let mut table = String::new();
        for (step, who, took) in notes.iter() {
            let _ = writeln!(table, "  {step:<34} seen by {who:<10} {took:>5} ms");
        }
        table
    }
}
