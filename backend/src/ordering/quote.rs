//! Quotes: what a cart costs now, by the server's word, for some minutes. Never charges anything.

use momfood_domain::cart::Cart;
use momfood_domain::geo::GeoPoint;
use momfood_domain::id::{QuoteId, RestaurantId, UserId};
use momfood_domain::pricing::{Bill, Fulfilment};
use momfood_domain::time::Timestamp;
use momfood_protocol::problem::Problem;
use momfood_protocol::rest::{Quote, QuoteRequest};
use sqlx::types::Json;

use super::OrderingError;
use super::shop::Shop;
use crate::store::{StoreError, Tx, sql};

/// How long a quote holds.
pub const QUOTE_MINUTES: i64 = 10;

/// A quote as it is kept.
pub(super) struct Quoted {
    pub id: QuoteId,
    pub cart: Cart,
    pub bill: Bill,
    pub fulfilment: Fulfilment,
    pub point: Option<GeoPoint>,
    pub distance_m: Option<u32>,
    pub expires_at: Timestamp,
}

/// Prices what `customer` asks for and keeps the price under `id` for [`QUOTE_MINUTES`].
pub async fn quote(
    tx: &mut Tx,
    customer: UserId,
    id: QuoteId,
    request: &QuoteRequest,
    now: Timestamp,
) -> Result<Quote, OrderingError> {
    let point = match (request.fulfilment, request.point) {
        (Fulfilment::Pickup, _) => None,
        (Fulfilment::Delivery, Some(point)) if point.is_valid() => Some(point),
        (Fulfilment::Delivery, _) => return Err(OrderingError::Problem(Problem::invalid("point"))),
    };
    let shop = Shop::of(tx, request.cart.restaurant_id).await?;
    shop.takes_orders(now)?;
    let distance_m = shop.distance(request.fulfilment, point);
    let bill = shop.price(&request.cart, distance_m, now)?;
    let expires_at = now.plus_minutes(QUOTE_MINUTES);
    sql!(
        tx,
        execute,
        "insert into quotes (id, customer_id, restaurant_id, fulfilment, cart, bill, lat, lng, distance_m, created_at,
            expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        id,
        customer,
        request.cart.restaurant_id,
        request.fulfilment,
        Json(&request.cart),
        Json(&bill),
        point.map(|point| point.lat),
        point.map(|point| point.lng),
        distance_m.map(i64::from),
        now,
        expires_at
    )?;
    Ok(Quote {
        id,
        bill,
        fulfilment: request.fulfilment,
        expires_at,
        estimated_at: shop.estimate(distance_m, now),
    })
}

#[derive(sqlx::FromRow)]
struct Row {
    id: QuoteId,
    restaurant_id: RestaurantId,
    fulfilment: Fulfilment,
    cart: Json<Cart>,
    bill: Json<Bill>,
    lat: Option<f64>,
    lng: Option<f64>,
    distance_m: Option<i64>,
    expires_at: Timestamp,
}

/// The customer's own quote; anybody else's is not found.
pub(super) async fn read(tx: &mut Tx, customer: UserId, id: QuoteId) -> Result<Quoted, OrderingError> {
    let row = sql!(
        tx,
        fetch_optional as Row,
        "select id, restaurant_id, fulfilment, cart, bill, lat, lng, distance_m, expires_at
         from quotes where id = $1 and customer_id = $2",
        id,
        customer
    )?
    .ok_or(OrderingError::NotFound)?;
    let mut cart = row.cart.0;
    cart.restaurant_id = row.restaurant_id;
    Ok(Quoted {
        id: row.id,
        cart,
        bill: row.bill.0,
        fulfilment: row.fulfilment,
        point: row.lat.zip(row.lng).map(|(lat, lng)| GeoPoint { lat, lng }),
        distance_m: row.distance_m.and_then(|metres| u32::try_from(metres).ok()),
        expires_at: row.expires_at,
    })
}

/// The same cart, asked about again.
pub(super) async fn again(
    tx: &mut Tx,
    customer: UserId,
    old: QuoteId,
    fresh: QuoteId,
    now: Timestamp,
) -> Result<Quote, OrderingError> {
    let Quoted {
        cart,
        fulfilment,
        point,
        ..
    } = read(tx, customer, old).await?;
    let request = QuoteRequest {
        cart,
        fulfilment,
        point,
    };
    quote(tx, customer, fresh, &request, now).await
}

/// Forgets quotes that ended long ago and became no order.
pub(super) async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    sql!(tx, execute, "delete from quotes where expires_at < $1", before)
}

/// Whether two bills ask for the same money, line by line. Names may have changed.
pub(super) fn same_price(one: &Bill, other: &Bill) -> bool {
    let sums = |bill: &Bill| {
        [
            bill.subtotal,
            bill.delivery_fee,
            bill.service_fee,
            bill.discount,
            bill.tip,
            bill.tax_amount,
            bill.total_amount,
        ]
    };
    one.currency == other.currency
        && sums(one) == sums(other)
        && one.lines.len() == other.lines.len()
        && one
            .lines
            .iter()
            .zip(&other.lines)
            .all(|(one, other)| (one.unit_price, one.total) == (other.unit_price, other.total))
}
