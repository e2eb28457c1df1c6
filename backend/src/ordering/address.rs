//! Where an order goes to: sealed under its customer's key, a JSON string in its column. Of an erased customer's order
//! nobody can say any more where it went.

use momfood_domain::address::Address;
use momfood_domain::id::{OrderId, UserId};
use sqlx::types::Json;
use uuid::Uuid;

use crate::sealed::{self, Field, Opener};
use crate::store::{StoreError, Tx, sql};

const ADDRESS: Field = Field::new("orders", "delivery_address");

/// An order's address as its row holds it, joined to its customer's key:
/// `… left join person_keys k on k.person = o.customer_id`.
#[derive(sqlx::FromRow)]
pub(crate) struct Kept {
    customer_id: UserId,
    delivery_address: Option<Json<String>>,
    wrapped: Option<Vec<u8>>,
    master: Option<String>,
}

impl Kept {
    /// The address of `order`, whose row this is.
    pub(crate) fn open(self, order: OrderId, opener: &mut Opener) -> Result<Option<Address>, StoreError> {
        let Some(Json(sealed)) = self.delivery_address else {
            return Ok(None);
        };
        opener.add(self.customer_id, (self.wrapped, self.master))?;
        let opened = opener.open(self.customer_id, ADDRESS, order.0.as_bytes(), &sealed)?;
        Ok(opened.json())
    }
}

/// The address as the column of `order` holds it.
pub(super) async fn kept(
    tx: &mut Tx,
    (order, customer): (OrderId, UserId),
    address: Option<&Address>,
) -> Result<Option<Json<String>>, StoreError> {
    let Some(address) = address else { return Ok(None) };
    let sealed = sealed::seal_json(tx, customer, ADDRESS, order.0.as_bytes(), address).await?;
    Ok(Some(Json(sealed)))
}

/// Seals some addresses of a database from before addresses were sealed, beginning after `last`; where to go on.
pub(crate) async fn adopt_some(tx: &mut Tx, last: Uuid, at_once: i64) -> Result<Option<Uuid>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as (OrderId, UserId, Json<Address>),
        "select id, customer_id, delivery_address from orders
         where id > $1 and cast(delivery_address as text) not like '\"%' order by id limit $2 {for_update}",
        last,
        at_once
    )?;
    let next = rows.last().map(|(id, _, _)| id.0);
    for (id, customer, Json(address)) in rows {
        let kept = kept(tx, (id, customer), Some(&address)).await?;
        sql!(
            tx,
            execute,
            "update orders set delivery_address = $1 where id = $2",
            kept,
            id
        )?;
    }
    Ok(next)
}
