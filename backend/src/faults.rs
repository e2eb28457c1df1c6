//! Deliberately wrong variants of the sync protocol, each of which the simulator must catch. They exist only with the
//! feature `faults`, which nothing that is shipped has; a thread chooses one for what it runs itself.

use std::cell::Cell;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Numbers of changes are drawn before the commit, as from a database sequence, and readers trust them.
    SequenceCursor,
    /// A page with exactly as many changes as were asked for says that there are no more.
    NoMoreAtLimit,
    /// What was done under a uid is not looked up: each door does it again.
    NoUidGuard,
    /// A mutation that cannot be done does not spend its number: those behind it wait for ever.
    WedgeOnRefusal,
    /// The view a cursor was read through is not compared with today's.
    CursorOutlivesView,
}

thread_local! {
    static FAULT: Cell<Option<Fault>> = const { Cell::new(None) };
}

/// From now on this thread runs that variant; `None`: the right one.
pub fn choose(fault: Option<Fault>) {
    FAULT.set(fault);
}

/// Whether this thread runs that variant.
pub fn is(fault: Fault) -> bool {
    FAULT.get() == Some(fault)
}
