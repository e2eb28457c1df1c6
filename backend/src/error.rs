//! How a refusal leaves the server: a code of the closed set, details, and words in the caller's language.
//! What went wrong inside is logged, never sent.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use momfood_domain::text::Lang;
pub use momfood_protocol::error::ErrorCode;
use momfood_protocol::error::{Failed, Failure};
use serde_json::{Map, Value};

use crate::store::StoreError;

/// A refused request. Each module maps its own error enum to this, once.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{code:?}")]
pub struct ApiError {
    code: ErrorCode,
    details: Value,
}

impl ApiError {
    /// A refusal with `code`, without details.
    pub const fn new(code: ErrorCode) -> Self {
        Self {
            code,
            details: Value::Null,
        }
    }

    /// The same with one more detail.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        if !self.details.is_object() {
            self.details = Value::Object(Map::new());
        }
        self.details[name] = value.into();
        self
    }

    /// The same with all its details.
    #[must_use]
    pub fn with_details(mut self, details: Value) -> Self {
        self.details = details;
        self
    }

    /// Something inside broke. `error` is logged; the caller learns only that it happened.
    pub fn internal(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "internal error");
        Self::new(ErrorCode::Internal)
    }

    /// Its code.
    pub const fn code(&self) -> ErrorCode {
        self.code
    }

    /// What the code says it holds; `null` when nothing.
    pub const fn details(&self) -> &Value {
        &self.details
    }

    /// As it crosses the wire.
    pub fn failure(&self, lang: Lang) -> Failure {
        Failure::new(self.code, lang).with(self.details.clone())
    }

    /// The whole answer in the words of `lang`.
    pub fn written_in(&self, lang: Lang) -> Response {
        let status = StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = axum::Json(Failed {
            success: false,
            error: self.failure(lang),
        });
        let mut response = (status, [(http::header::CACHE_CONTROL, "no-store")], body).into_response();
        // The same as the detail, for programs that know only HTTP.
        if let Some(seconds) = self.details["retryAfter"].as_i64() {
            response
                .headers_mut()
                .insert(http::header::RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(self.clone());
        response
    }
}

impl IntoResponse for ApiError {
    /// A response that carries the error; [`crate::layers::answer`] writes it in the caller's language.
    fn into_response(self) -> Response {
        self.written_in(Lang::default())
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        if error.is_temporary() {
            tracing::warn!(%error, "the database cannot serve a request now");
            Self::new(ErrorCode::TryAgain)
        } else {
            Self::internal(&error)
        }
    }
}
