//! Placing: a quote becomes an order, once. Charges nothing that was not quoted.

use momfood_domain::actor::{Actor, Role};
use momfood_domain::address::Address;
use momfood_domain::cart::MAX_NOTE;
use momfood_domain::id::{OrderId, QuoteId, UserId};
use momfood_domain::money::scale_half_up;
use momfood_domain::order::{Event, Order};
use momfood_domain::payment::{Payment, PaymentMethod};
use momfood_domain::pricing::{Bill, Fulfilment};
use momfood_domain::time::Timestamp;
use momfood_protocol::problem::Problem;
use momfood_protocol::rest::PlaceOrder;
use serde_json::json;
use sqlx::types::Json;

use super::OrderingError;
use super::address;
use super::command::tell;
use super::number::{handover_code, order_number};
use super::quote::{self, Quoted};
use super::record::Record;
use super::shop::Shop;
use super::view::Fresh;
use super::write;
use crate::clock::Clock;
use crate::store::{StoreError, Tx, sql};

/// What a customer still pays who cancels after the kitchen accepted: this part of the food, in basis points.
const CANCEL_FEE_BP: i64 = 2_000;
/// How far the address may lie from the point that was quoted, metres.
const SAME_PLACE_M: u32 = 50;
/// Longest part of an address, in characters.
const MAX_ADDRESS: usize = 300;
/// Longest card token, in characters.
const MAX_TOKEN: usize = 200;
/// How many order numbers are tried.
const NUMBERS: usize = 8;

/// Places the order `request` describes for `customer`, from a quote of theirs that still holds and still is what
/// the cart costs. The same order placed before is left as it is; only a new one is given back.
pub async fn place(
    tx: &mut Tx,
    customer: UserId,
    request: &PlaceOrder,
    clock: &Clock,
) -> Result<Option<Fresh>, OrderingError> {
    let now = clock.now();
    check(request)?;
    if was_placed(tx, customer, request).await? {
        return Ok(None);
    }
    let quoted = quote::read(tx, customer, request.quote_id).await?;
    check_address(request, &quoted)?;
    let late = request.valid_until.is_some_and(|until| now > until);
    if late || now >= quoted.expires_at {
        return Err(OrderingError::QuoteExpired(None));
    }
    let shop = Shop::of(tx, quoted.cart.restaurant_id).await?;
    shop.takes_orders(now)?;
    let bill = shop.price(&quoted.cart, quoted.distance_m, now)?;
    if !quote::same_price(&bill, &quoted.bill) {
        return Err(OrderingError::PriceChanged(None));
    }
    let new = New {
        request,
        quoted: &quoted,
        bill: &bill,
        order: new_order(
            customer,
            request,
            &quoted,
            &bill,
            shop.settings.accept_limit_seconds,
        ),
        estimated_at: shop.estimate(quoted.distance_m, now),
        handover_code: (quoted.fulfilment == Fulfilment::Delivery).then(|| handover_code(clock.bytes())),
        now,
    };
    for _ in 0..NUMBERS {
        let number = order_number(clock.bytes());
        if new.insert(tx, &number).await? {
            new.finish(tx).await?;
            return Ok(Some(new.fresh(number)));
        }
        // Perhaps not for its number: someone placed the very same at the very same moment.
        if was_placed(tx, customer, request).await? {
            return Ok(None);
        }
    }
    Err(OrderingError::NoNumber)
}

fn invalid(field: &str) -> OrderingError {
    OrderingError::Problem(Problem::invalid(field))
}

fn fits(text: Option<&String>, most: usize) -> bool {
    text.is_none_or(|text| text.chars().count() <= most)
}

fn check(request: &PlaceOrder) -> Result<(), OrderingError> {
    if !fits(request.note.as_ref(), MAX_NOTE) {
        return Err(invalid("note"));
    }
    let token = request.card_token.as_ref();
    let blank = token.is_none_or(|token| token.trim().is_empty());
    if !fits(token, MAX_TOKEN) || (blank && request.payment_method == PaymentMethod::Card) {
        return Err(invalid("cardToken"));
    }
    Ok(())
}

/// The address must be where the quote was for: the fee and the time depend on it.
fn check_address(request: &PlaceOrder, quoted: &Quoted) -> Result<(), OrderingError> {
    if quoted.fulfilment == Fulfilment::Pickup {
        return Ok(());
    }
    let Some(address) = &request.address else {
        return Err(invalid("address"));
    };
    let Address {
        label,
        point,
        line,
        landmark,
        note,
        ..
    } = address;
    let near = point.is_valid()
        && quoted
            .point
            .is_some_and(|quoted| quoted.distance_m(*point) <= SAME_PLACE_M);
    let texts = [Some(label), Some(line), landmark.as_ref(), note.as_ref()];
    if near && texts.into_iter().all(|text| fits(text, MAX_ADDRESS)) {
        Ok(())
    } else {
        Err(invalid("address"))
    }
}

/// Whether this very order is there already. The id or the quote used for another order is refused.
async fn was_placed(tx: &mut Tx, customer: UserId, request: &PlaceOrder) -> Result<bool, OrderingError> {
    #[cfg(feature = "faults")]
    if crate::faults::is(crate::faults::Fault::NoUidGuard) {
        return Ok(false);
    }
    let rows = sql!(
        tx,
        fetch_all as (OrderId, UserId, QuoteId),
        "select id, customer_id, quote_id from orders where id = $1 or quote_id = $2",
        request.id,
        request.quote_id
    )?;
    let mine = (request.id, customer, request.quote_id);
    let another = |(id, whose, _): &(OrderId, UserId, QuoteId)| *id == request.id || *whose == customer;
    if rows.contains(&mine) {
        Ok(true)
    } else if rows.iter().any(another) {
        Err(OrderingError::KeyReused)
    } else {
        Ok(false)
    }
}

fn new_order(
    customer: UserId,
    request: &PlaceOrder,
    quoted: &Quoted,
    bill: &Bill,
    accept_limit_seconds: i64,
) -> Order {
    let method = request.payment_method;
    Order {
        id: request.id,
        customer_id: customer,
        restaurant_id: quoted.cart.restaurant_id,
        fulfilment: quoted.fulfilment,
        status: Order::first_status(method),
        currency: bill.currency,
        total: bill.total_amount,
        cancel_fee: scale_half_up(bill.subtotal, CANCEL_FEE_BP, 10_000).unwrap_or(0),
        accept_limit_seconds,
        accept_by: None,
        ready_by: None,
        reason: None,
        payment: Payment::new(method),
        delivery: None,
    }
}

struct New<'a> {
    request: &'a PlaceOrder,
    quoted: &'a Quoted,
    bill: &'a Bill,
    order: Order,
    estimated_at: Timestamp,
    handover_code: Option<String>,
    now: Timestamp,
}

impl New<'_> {
    /// What happens to the order as it is placed: a kitchen sees a cash order at once.
    fn events(&self) -> Vec<Event> {
        match self.order.payment.method {
            PaymentMethod::Card => vec![],
            PaymentMethod::Cash => vec![Event::Submitted {
                accept_by: self.now.plus_seconds(self.order.accept_limit_seconds),
            }],
        }
    }

    fn placed(&self) -> Order {
        let mut order = self.order.clone();
        for event in self.events() {
            order.apply(&event);
        }
        order
    }

    fn address(&self) -> Option<&Address> {
        let address = self.request.address.as_ref();
        address.filter(|_| self.order.fulfilment == Fulfilment::Delivery)
    }

    fn note(&self) -> Option<&String> {
        self.request.note.as_ref().filter(|note| !note.trim().is_empty())
    }

    /// The order as reading it would find it.
    fn fresh(&self, number: String) -> Fresh {
        let bill = self.bill;
        let record = Record {
            order: self.placed(),
            rev: 1,
            number,
            subtotal: bill.subtotal,
            delivery_fee: bill.delivery_fee,
            service_fee: bill.service_fee,
            discount: bill.discount,
            tip: bill.tip,
            tax_amount: bill.tax_amount,
            note: self.note().cloned(),
            address: self.address().cloned(),
            distance_m: self.quoted.distance_m.unwrap_or(0),
            estimated_at: Some(self.estimated_at),
            placed_at: self.now,
            pay: 0,
            handover_code: self.handover_code.clone(),
        };
        Fresh {
            record,
            lines: bill.lines.clone(),
            events: self.events().into_iter().map(|event| (self.now, event)).collect(),
        }
    }

    /// Writes the order's row; `false` when its number, id or quote is taken.
    async fn insert(&self, tx: &mut Tx, number: &str) -> Result<bool, StoreError> {
        let (order, bill) = (self.placed(), self.bill);
        let address = address::kept(tx, (order.id, order.customer_id), self.address()).await?;
        let rows = sql!(
            tx,
            execute,
            "insert into orders (id, customer_id, restaurant_id, quote_id, order_number, rev, status, fulfilment,
                currency, subtotal, delivery_fee, service_fee, discount, tip, tax_amount, total_amount, cancel_fee,
                payment_method, payment_status, special_instructions, delivery_address, distance_m,
                accept_limit_seconds, accept_by, estimated_delivery_time, created_at, updated_at,
                handover_code)
             values ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
                $21, $22, $23, $24, $25, $26, $27)
             on conflict do nothing",
            order.id,
            order.customer_id,
            order.restaurant_id,
            self.quoted.id,
            number,
            order.status,
            order.fulfilment,
            order.currency,
            bill.subtotal,
            bill.delivery_fee,
            bill.service_fee,
            bill.discount,
            bill.tip,
            bill.tax_amount,
            bill.total_amount,
            order.cancel_fee,
            order.payment.method,
            order.payment.status,
            self.note(),
            address,
            self.quoted.distance_m.map(i64::from),
            order.accept_limit_seconds,
            order.accept_by,
            self.estimated_at,
            self.now,
            self.now,
            self.handover_code.as_ref()
        )?;
        Ok(rows == 1)
    }

    /// Writes everything else of the order, and tells those who can see it.
    async fn finish(&self, tx: &mut Tx) -> Result<(), OrderingError> {
        let (order, now) = (self.placed(), self.now);
        write::lines(tx, order.id, &self.bill.lines).await?;
        let card = self.request.card_token.as_ref();
        sql!(
            tx,
            execute,
            "insert into payments (order_id, method, status, authorized, captured, refunded, owed, card_token, asked,
                tries, updated_at)
             values ($1, $2, $3, 0, 0, 0, $4, $5, 0, 0, $6)",
            order.id,
            order.payment.method,
            order.payment.status,
            order.payment.owed.map(Json),
            card.filter(|_| order.payment.method == PaymentMethod::Card),
            now
        )?;
        let actor = Actor::person(order.customer_id, Role::Customer);
        let events = self.events();
        write::append(tx, order.id, &events, &actor, now.into()).await?;
        let detail = json!({
            "quote": self.quoted.id,
            "total": order.total,
            "method": order.payment.method,
        });
        write::audit(tx, &actor, "place", (order.id, 1), detail, now).await?;
        tell(tx, &order, &order, &events, 1, now).await
    }
}
