//! Deliberately wrong variants of the sync protocol, each of which the simulator must catch. They exist only with the
//! feature `faults`, which nothing that is shipped has; a thread chooses one for what it runs itself.

use std::cell::{Cell, RefCell};

use serde_json::Value;

use crate::sync::Touch;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Numbers of changes are drawn before the commit, as from a database sequence, and readers trust them.
    SequenceCursor,
    /// A page with exactly as many changes as were asked for says that there are no more.
    NoMoreAtLimit,
    /// What was done under a uid is not looked up: each door does it again.
    NoUidGuard,
    /// The view a cursor was read through is not compared with today's.
    CursorOutlivesView,
    /// Mutations are taken from devices that do not know yet that the database was put back.
    OldHistory,
}

thread_local! {
    static FAULT: Cell<Option<Fault>> = const { Cell::new(None) };
    static LATE: RefCell<Vec<(i64, Touch)>> = const { RefCell::new(Vec::new()) };
    static DRAWN: Cell<u32> = const { Cell::new(0) };
    static OTHER_EYES: Cell<bool> = const { Cell::new(false) };
}

/// From now on this thread shows every scope through other eyes: a later version of its view, without notes.
pub fn show_through_other_eyes(other: bool) {
    OTHER_EYES.set(other);
}

/// A body as it is shown.
pub(crate) fn seen(mut body: Value) -> Value {
    if shows_through_other_eyes()
        && let Some(body) = body.as_object_mut()
    {
        body.remove("note");
    }
    body
}

/// Whether it does.
pub fn shows_through_other_eyes() -> bool {
    OTHER_EYES.get()
}

/// From now on this thread runs that variant; `None`: the right one.
pub fn choose(fault: Option<Fault>) {
    LATE.take();
    DRAWN.set(0);
    FAULT.set(fault);
}

/// Whether this thread runs that variant.
pub fn is(fault: Fault) -> bool {
    FAULT.get() == Some(fault)
}

/// What is numbered now. With [`Fault::SequenceCursor`] every third writer has drawn its numbers and commits after the
/// next one: whoever reads in between sees the head, and never the changes.
pub(crate) fn late(numbered: Vec<(i64, Touch)>) -> Vec<(i64, Touch)> {
    if !is(Fault::SequenceCursor) {
        return numbered;
    }
    DRAWN.set(DRAWN.get() + 1);
    if DRAWN.get().is_multiple_of(3) {
        LATE.with_borrow_mut(|late| late.extend(numbered));
        return Vec::new();
    }
    // Things that changed again have newer numbers already.
    let again = |late: &(i64, Touch)| {
        numbered
            .iter()
            .any(|(_, now)| (now.scope, now.entity, now.id) == (late.1.scope, late.1.entity, late.1.id))
    };
    let mut all: Vec<(i64, Touch)> = LATE.take().into_iter().filter(|late| !again(late)).collect();
    all.extend(numbered);
    all
}

/// Breaks the handler of a mutation that says so.
///
/// # Panics
/// That is what it is for.
pub(crate) fn break_over(args: &Value) {
    assert!(args["comment"] != BREAKS, "{MEANT}");
}

/// What the panic says that is meant.
pub const MEANT: &str = "a mutation that breaks its handler";

/// What a mutation's comment says to break its handler.
pub const BREAKS: &str = "breaks the handler";
