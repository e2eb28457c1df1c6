//! The ledger of cash: every amount that a device ever acknowledged, also of facts that people must look at. Append-only:
//! nothing here changes or removes a row, and nothing is decided by it.

use momfood_domain::actor::{Actor, Role};
use momfood_domain::id::OrderId;
use momfood_domain::money::Currency;
use momfood_domain::order::Event;
use momfood_domain::payment::{PaymentMethod, PaymentStatus};

use super::When;
use crate::delivery;
use crate::ordering::Executed;
use crate::store::{StoreError, Tx, sql};

/// What an amount is to the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Disposition {
    /// In the order's payment.
    Applied,
    /// Says again what is in them.
    Repeated,
    /// Fits nothing: people look at it.
    Review,
}

impl Disposition {
    const fn word(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Repeated => "repeated",
            Self::Review => "review",
        }
    }
}

/// What `amount` is to the books of an order on which a step was `done`.
pub(super) fn disposition(amount: i64, done: &Executed) -> Disposition {
    let collected =
        |event: &Event| matches!(event, Event::CashCollected { amount: taken } if *taken == amount);
    let payment = &done.after.payment;
    let in_books = payment.method == PaymentMethod::Cash
        && matches!(
            payment.status,
            PaymentStatus::Collected | PaymentStatus::Reconciled
        );
    if done.events.iter().any(collected) {
        Disposition::Applied
    } else if amount == 0 || (in_books && payment.captured == amount) {
        Disposition::Repeated
    } else {
        Disposition::Review
    }
}

/// Writes an amount down, once for each uid. What a driver has in hand and nobody has looked at counts in their day.
pub(super) async fn write(
    tx: &mut Tx,
    actor: &Actor,
    (order, amount, currency): (OrderId, i64, Currency),
    disposition: Disposition,
    when: &When,
) -> Result<(), StoreError> {
    let Some(person) = actor.user else {
        return Ok(());
    };
    let written = sql!(
        tx,
        execute,
        "insert into cash_entries (actor, uid, role, order_id, amount, currency, disposition, at, occurred_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (actor, uid) do nothing",
        person,
        when.uid,
        actor.role,
        order,
        amount,
        currency,
        disposition.word(),
        when.now,
        when.occurred_at
    )?;
    if written == 1 && disposition == Disposition::Review && actor.role == Role::Driver {
        delivery::day_changed(tx, person, when.now).await?;
    }
    Ok(())
}
