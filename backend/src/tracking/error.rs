//! Why tracking refuses, and what each refusal is called on the wire.

use momfood_protocol::problem::Problem;

use crate::error::{ApiError, ErrorCode};
use crate::ordering::OrderingError;
use crate::store::StoreError;

/// Why something was not done. Nothing of it remains.
#[derive(Debug, thiserror::Error)]
pub enum TrackingError {
    /// The database could not be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The order is out of reach.
    #[error(transparent)]
    Ordering(#[from] OrderingError),
    /// A field is out of bounds; holds its name.
    #[error("{0} is out of bounds")]
    Invalid(&'static str),
    /// Only a driver on duty is followed.
    #[error("off duty")]
    OffShift,
}

impl From<TrackingError> for ApiError {
    fn from(error: TrackingError) -> Self {
        match error {
            TrackingError::Store(error) => error.into(),
            TrackingError::Ordering(error) => error.into(),
            TrackingError::Invalid(field) => {
                let problem = Problem::invalid(field);
                Self::new(problem.code).with_details(problem.details)
            }
            TrackingError::OffShift => Self::new(ErrorCode::WrongState),
        }
    }
}
