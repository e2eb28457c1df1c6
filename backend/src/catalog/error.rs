//! Why the catalog refuses, and the code each refusal travels under.

use momfood_domain::menu::MenuFault;
use momfood_protocol::problem::Problem;

use crate::error::{ApiError, ErrorCode};
use crate::store::StoreError;

/// A refused request of this module.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// No such restaurant or item, or none the caller may know of.
    #[error("not found")]
    NotFound,
    /// A field is out of bounds.
    #[error("{0} is not right")]
    Invalid(&'static str),
    /// The menu cannot be kept as written.
    #[error(transparent)]
    Menu(#[from] MenuFault),
    /// Somebody else changed the menu since it was read.
    #[error("the menu has moved on to revision {rev}")]
    Stale {
        /// The menu's revision now.
        rev: i64,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<CatalogError> for ApiError {
    fn from(error: CatalogError) -> Self {
        match error {
            CatalogError::NotFound => Self::new(ErrorCode::NotFound),
            CatalogError::Invalid(field) => Self::new(ErrorCode::InvalidInput).with("field", field),
            CatalogError::Menu(fault) => {
                let problem = Problem::from(fault);
                Self::new(problem.code).with_details(problem.details)
            }
            CatalogError::Stale { rev } => Self::new(ErrorCode::WrongState).with("rev", rev),
            CatalogError::Store(error) => error.into(),
        }
    }
}
