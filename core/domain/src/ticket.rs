//! The kitchen's own work on an order, per station: `open ⇄ done`.
//!
//! Bump and recall live here, so the order's public status never has to go back.

use serde::{Deserialize, Serialize};

use crate::id::OrderId;
use crate::time::Timestamp;

/// A station's work on one order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ticket {
    /// Of which order.
    pub order_id: OrderId,
    /// At which station: `grill`, `cold`; one station is `kitchen`.
    pub station: String,
    /// Done since then; `None` while open.
    pub done_at: Option<Timestamp>,
}

/// What a cook does with a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketCommand {
    /// Done.
    Bump,
    /// Not done after all.
    Recall,
}

/// What happened to a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum TicketEvent {
    /// Done.
    Bumped {
        /// Since when.
        at: Timestamp,
    },
    /// Open again.
    Recalled,
}

impl Ticket {
    /// An open ticket.
    pub const fn open(order_id: OrderId, station: String) -> Self {
        Self {
            order_id,
            station,
            done_at: None,
        }
    }

    /// What `command` does now; nothing when it is late or repeated.
    pub const fn decide(&self, command: TicketCommand, now: Timestamp) -> Option<TicketEvent> {
        match (command, self.done_at) {
            (TicketCommand::Bump, None) => Some(TicketEvent::Bumped { at: now }),
            (TicketCommand::Recall, Some(_)) => Some(TicketEvent::Recalled),
            _ => None,
        }
    }

    /// Changes the ticket by what happened.
    pub const fn apply(&mut self, event: TicketEvent) {
        self.done_at = match event {
            TicketEvent::Bumped { at } => Some(at),
            TicketEvent::Recalled => None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn bump_and_recall_undo_each_other_and_repeats_change_nothing() {
        let mut ticket = Ticket::open(OrderId(Uuid::nil()), "grill".into());
        let open = ticket.clone();
        let now = Timestamp(7);
        assert_eq!(ticket.decide(TicketCommand::Recall, now), None);
        ticket.apply(ticket.decide(TicketCommand::Bump, now).unwrap());
        assert_eq!(ticket.done_at, Some(now));
        assert_eq!(
            ticket.decide(TicketCommand::Bump, Timestamp(9)),
            None,
            "the first bump's time stays"
        );
        ticket.apply(ticket.decide(TicketCommand::Recall, now).unwrap());
        assert_eq!(ticket, open);
    }
}
