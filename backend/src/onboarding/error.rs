//! Why joining is refused, and the code each refusal travels under.

use momfood_domain::application::{ApplicationStatus, Rejection};

use crate::error::{ApiError, ErrorCode};
use crate::identity::Refusal;
use crate::store::StoreError;

/// A refused request of this module.
#[derive(Debug, thiserror::Error)]
pub enum OnboardingError {
    /// Not there, or not the caller's to know of.
    #[error("not found")]
    NotFound,
    /// Not the caller's to do.
    #[error("not allowed")]
    Forbidden,
    /// A field is out of bounds.
    #[error("{0} is not right")]
    Invalid(&'static str),
    /// Not while it stands there.
    #[error("not while it is {0:?}")]
    WrongState(ApplicationStatus),
    /// Fields and documents that are missing or wrong.
    #[error("missing: {0:?}")]
    Incomplete(Vec<String>),
    /// Identity would not.
    #[error(transparent)]
    Identity(#[from] Refusal),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Rejection> for OnboardingError {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::NotFound => Self::NotFound,
            Rejection::Forbidden => Self::Forbidden,
            Rejection::WrongState(status) => Self::WrongState(status),
            Rejection::Incomplete => Self::Incomplete(Vec::new()),
        }
    }
}

impl From<OnboardingError> for ApiError {
    fn from(error: OnboardingError) -> Self {
        match error {
            OnboardingError::NotFound => Self::new(ErrorCode::NotFound),
            OnboardingError::Forbidden => Self::new(ErrorCode::Forbidden),
            OnboardingError::Invalid(field) => Self::new(ErrorCode::InvalidInput).with("field", field),
            OnboardingError::WrongState(status) => match serde_json::to_value(status) {
                Ok(status) => Self::new(ErrorCode::ApplicationState).with("status", status),
                Err(error) => Self::internal(&error),
            },
            OnboardingError::Incomplete(missing) => {
                Self::new(ErrorCode::ApplicationIncomplete).with("missing", missing)
            }
            OnboardingError::Identity(refusal) => refusal.into(),
            OnboardingError::Store(error) => error.into(),
        }
    }
}
