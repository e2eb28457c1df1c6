//! What our books and the gateway's say about an order.

use momfood_backend::payments::gateway::{Charge, ChargeStatus};
use momfood_backend::store::sql;
use momfood_backend::testing::TestApp;
use momfood_domain::id::OrderId;
use momfood_domain::payment::{Owed, PaymentStatus};
use sqlx::types::Json;

/// Our row.
#[derive(Debug, sqlx::FromRow)]
pub struct Ours {
    pub status: PaymentStatus,
    pub captured: i64,
    pub refunded: i64,
    pub owed: Option<Json<Owed>>,
    pub card_token: Option<String>,
}

pub async fn ours(app: &TestApp, order: OrderId) -> Ours {
    let mut tx = app.db.read().await.unwrap();
    sql!(
        &mut tx,
        fetch_one as Ours,
        "select status, captured, refunded, owed, card_token from payments where order_id = $1",
        order
    )
    .unwrap()
}

/// Theirs.
pub async fn theirs(app: &TestApp, order: OrderId) -> Option<Charge> {
    app.gateway.fetch(order).await.unwrap()
}

/// How often the gateway did `operation` for the order: answers under one key count once.
pub async fn done(app: &TestApp, order: OrderId, operation: &str) -> i64 {
    let mut tx = app.db.read().await.unwrap();
    let row = sql!(
        &mut tx,
        fetch_one as (i64,),
        "select count(*) from sandbox_answers where reference = $1 and operation = $2 and answer is not null",
        order,
        operation
    );
    row.unwrap().0
}

/// Fails the test unless both say the same and nothing is charged or held that should not be.
pub async fn agree(app: &TestApp, order: OrderId, total: i64) {
    let (ours, theirs) = (ours(app, order).await, theirs(app, order).await);
    assert!(
        done(app, order, "authorize").await <= 1,
        "charged twice: {theirs:?}"
    );
    let Some(theirs) = theirs else {
        assert!(
            matches!(ours.status, PaymentStatus::Pending | PaymentStatus::Voided),
            "{ours:?}"
        );
        return;
    };
    assert!(theirs.held.amount <= total, "{theirs:?}");
    assert!(theirs.captured.amount <= theirs.held.amount, "{theirs:?}");
    assert!(theirs.refunded.amount <= theirs.captured.amount, "{theirs:?}");
    if ours.owed.is_some() {
        return;
    }
    assert_eq!(
        (ours.captured, ours.refunded),
        (theirs.captured.amount, theirs.refunded.amount),
        "{ours:?} {theirs:?}"
    );
    let expected = match ours.status {
        PaymentStatus::Authorized => vec![ChargeStatus::Held],
        PaymentStatus::Captured | PaymentStatus::PartiallyRefunded | PaymentStatus::Refunded => {
            vec![ChargeStatus::Captured]
        }
        PaymentStatus::Failed => vec![ChargeStatus::Declined],
        PaymentStatus::Voided => vec![ChargeStatus::Released, ChargeStatus::Declined],
        other => panic!("{other:?} with nothing owed: {ours:?} {theirs:?}"),
    };
    assert!(expected.contains(&theirs.status), "{ours:?} {theirs:?}");
}
