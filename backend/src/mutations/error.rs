//! Why a mutation was not done, and what that is called on the wire.

use momfood_protocol::problem::Problem;

use crate::catalog::CatalogError;
use crate::delivery::DeliveryError;
use crate::error::{ApiError, ErrorCode};
use crate::ordering::OrderingError;
use crate::store::StoreError;

/// Why something was not done. Nothing of it remains.
#[derive(Debug, thiserror::Error)]
pub enum MutationError {
    /// The database could not be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The order, or placing it, does not allow it.
    #[error(transparent)]
    Ordering(OrderingError),
    /// The menu or the restaurant does not.
    #[error(transparent)]
    Catalog(CatalogError),
    /// The shift does not.
    #[error(transparent)]
    Delivery(DeliveryError),
    /// It does not make sense as it is, or was refused before under the same uid.
    #[error("{:?}", .0.code)]
    Problem(Problem),
    /// It came after the time up to which it was meant.
    #[error("too late")]
    TooLate,
    /// Its uid was used for something else.
    #[error("used for something else")]
    KeyReused,
}

impl From<OrderingError> for MutationError {
    fn from(error: OrderingError) -> Self {
        match error {
            OrderingError::Store(error) => Self::Store(error),
            error => Self::Ordering(error),
        }
    }
}

impl From<CatalogError> for MutationError {
    fn from(error: CatalogError) -> Self {
        match error {
            CatalogError::Store(error) => Self::Store(error),
            error => Self::Catalog(error),
        }
    }
}

impl From<DeliveryError> for MutationError {
    fn from(error: DeliveryError) -> Self {
        match error {
            DeliveryError::Store(error) => Self::Store(error),
            DeliveryError::Ordering(error) => error.into(),
            error => Self::Delivery(error),
        }
    }
}

impl From<Problem> for MutationError {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<MutationError> for ApiError {
    fn from(error: MutationError) -> Self {
        match error {
            MutationError::Store(error) => error.into(),
            MutationError::Ordering(error) => error.into(),
            MutationError::Catalog(error) => error.into(),
            MutationError::Delivery(error) => error.into(),
            MutationError::Problem(problem) => Self::new(problem.code).with_details(problem.details),
            MutationError::TooLate => Self::new(ErrorCode::TooLate),
            MutationError::KeyReused => Self::new(ErrorCode::KeyReused),
        }
    }
}

impl MutationError {
    /// What was refused for good, and why. Given back as it is when that is not so: the database could not be used, or
    /// the same may be done a moment later.
    pub fn refusal(self) -> Result<Problem, Self> {
        let passing = |error: &OrderingError| {
            matches!(
                error,
                OrderingError::Store(_) | OrderingError::DriverBusy | OrderingError::NoNumber
            )
        };
        match self {
            Self::Store(_) => Err(self),
            Self::Ordering(ref error) if passing(error) => Err(self),
            error => {
                let refusal = ApiError::from(error);
                Ok(Problem {
                    code: refusal.code(),
                    details: refusal.details().clone(),
                })
            }
        }
    }
}
