//! Why delivery refuses, and what each refusal is called on the wire.

use momfood_domain::order::OrderStatus;
use momfood_domain::order::Rejection;
use momfood_protocol::problem::Problem;

use crate::error::ApiError;
use crate::ordering::OrderingError;
use crate::store::StoreError;

/// Why something was not done. Nothing of it remains.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// The database could not be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The order would not do it.
    #[error(transparent)]
    Ordering(#[from] OrderingError),
    /// Going on shift takes a place on Earth.
    #[error("no usable place")]
    NoPlace,
    /// A driver with a job does not go off shift.
    #[error("a job is not finished: its order is {0:?}")]
    AtWork(OrderStatus),
}

impl From<DeliveryError> for ApiError {
    fn from(error: DeliveryError) -> Self {
        let problem = match error {
            DeliveryError::Store(error) => return error.into(),
            DeliveryError::Ordering(error) => return error.into(),
            DeliveryError::NoPlace => Problem::invalid("point"),
            DeliveryError::AtWork(status) => Problem::from(Rejection::WrongState(status)),
        };
        Self::new(problem.code).with_details(problem.details)
    }
}
