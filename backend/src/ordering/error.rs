//! Why ordering refuses, and what each refusal is called on the wire.

use momfood_domain::order::Rejection;
use momfood_domain::time::Timestamp;
use momfood_protocol::problem::Problem;
use momfood_protocol::rest::Quote;

use crate::error::{ApiError, ErrorCode};
use crate::store::StoreError;

/// Why something was not done. Nothing of it remains.
#[derive(Debug, thiserror::Error)]
pub enum OrderingError {
    /// The database could not be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The order does not allow it.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The driver to be asked has an offer or a job already.
    #[error("the driver is busy")]
    DriverBusy,
    /// The request does not make sense as it is.
    #[error("{:?}", .0.code)]
    Problem(Problem),
    /// There is no such restaurant, quote or order for the caller.
    #[error("not found")]
    NotFound,
    /// The role does not order.
    #[error("forbidden")]
    Forbidden,
    /// Outside the restaurant's hours.
    #[error("the restaurant is closed")]
    Closed {
        /// When it opens, if ever.
        opens_at: Option<Timestamp>,
    },
    /// The kitchen asked for a break.
    #[error("the restaurant takes no orders for now")]
    Paused {
        /// Until when, if known.
        until: Option<Timestamp>,
    },
    /// Its kitchen has not been heard lately: an order might not be seen.
    #[error("the kitchen is not heard")]
    Unreachable,
    /// The quote's time, or the request's own, is over. Whoever answers adds the new quote.
    #[error("the quote has expired")]
    QuoteExpired(Option<Box<Quote>>),
    /// The same cart costs something else now. Whoever answers adds the new quote.
    #[error("the price has changed")]
    PriceChanged(Option<Box<Quote>>),
    /// The key, the order's id or the quote was used for something else.
    #[error("used for something else")]
    KeyReused,
    /// Every order number tried was taken.
    #[error("no free order number was found")]
    NoNumber,
    /// The gateway said no; the order is cancelled.
    #[error("the card was declined")]
    CardDeclined,
}

impl From<OrderingError> for ApiError {
    fn from(error: OrderingError) -> Self {
        let quoted = |code, quote: Option<Box<Quote>>| {
            let refusal = Self::new(code);
            match quote.and_then(|quote| serde_json::to_value(*quote).ok()) {
                Some(quote) => refusal.with("quote", quote),
                None => refusal,
            }
        };
        let at = |code, name: &str, time: Option<Timestamp>| {
            let refusal = Self::new(code);
            match time {
                Some(time) => refusal.with(name, time.0),
                None => refusal,
            }
        };
        match error {
            OrderingError::Store(error) => error.into(),
            OrderingError::Rejected(rejection) => problem(Problem::from(rejection)),
            OrderingError::Problem(found) => problem(found),
            OrderingError::NotFound => Self::new(ErrorCode::NotFound),
            OrderingError::Forbidden => Self::new(ErrorCode::Forbidden),
            OrderingError::Closed { opens_at } => at(ErrorCode::RestaurantClosed, "opensAt", opens_at),
            OrderingError::Paused { until } => at(ErrorCode::RestaurantPaused, "until", until),
            OrderingError::Unreachable => Self::new(ErrorCode::KitchenUnreachable),
            OrderingError::QuoteExpired(quote) => quoted(ErrorCode::QuoteExpired, quote),
            OrderingError::PriceChanged(quote) => quoted(ErrorCode::PriceChanged, quote),
            OrderingError::KeyReused => Self::new(ErrorCode::KeyReused),
            OrderingError::DriverBusy | OrderingError::NoNumber => Self::new(ErrorCode::TryAgain),
            OrderingError::CardDeclined => Self::new(ErrorCode::CardDeclined),
        }
    }
}

fn problem(found: Problem) -> ApiError {
    ApiError::new(found.code).with_details(found.details)
}
