//! What other code is told when something fails: one error, with a code that stays.

use momfood_client::net::native::NotStarted;
use momfood_protocol::error::Failure;

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum EngineError {
    /// It was refused, or failed.
    #[error("{code}: {explanation}")]
    Failed {
        /// For programs: a code of `momfood_protocol::error::ErrorCode` as it is written in JSON, or one of this type's own.
        code: String,
        /// For people, in the language the engine speaks; of this type's own codes: for developers.
        explanation: String,
        /// What the code says it holds, as JSON.
        details: Option<String>,
    },
}

impl EngineError {
    /// The app's engine runs already over other files or for another server.
    pub const OTHER_ENGINE: &str = "other_engine";
    /// Another process has the files open.
    pub const IN_USE: &str = "in_use";
    /// Nothing can be opened there.
    pub const CANNOT_OPEN: &str = "cannot_open";
    /// What was handed in is no JSON of the right shape.
    pub const MALFORMED: &str = "malformed_json";
    /// The other side of the boundary failed.
    pub const FOREIGN: &str = "foreign";

    /// What a program goes by.
    pub fn code(&self) -> &str {
        let Self::Failed { code, .. } = self;
        code
    }

    fn own(code: &str, explanation: impl Into<String>) -> Self {
        Self::Failed {
            code: code.to_owned(),
            explanation: explanation.into(),
            details: None,
        }
    }

    pub(crate) fn other_engine() -> Self {
        Self::own(
            Self::OTHER_ENGINE,
            "this app's engine runs already over other files or for another server",
        )
    }

    pub(crate) fn cannot_open(error: &std::io::Error) -> Self {
        Self::own(Self::CANNOT_OPEN, error.to_string())
    }

    pub(crate) fn malformed(error: &serde_json::Error) -> Self {
        Self::own(Self::MALFORMED, error.to_string())
    }
}

impl From<NotStarted> for EngineError {
    fn from(error: NotStarted) -> Self {
        let code = match error {
            NotStarted::InUse => Self::IN_USE,
            NotStarted::Machine(_) => Self::CANNOT_OPEN,
        };
        Self::own(code, error.to_string())
    }
}

impl From<Failure> for EngineError {
    fn from(failure: Failure) -> Self {
        let code = serde_json::to_value(failure.code).unwrap_or_default();
        Self::Failed {
            code: code.as_str().unwrap_or_default().to_owned(),
            explanation: failure.message,
            details: (!failure.details.is_null()).then(|| failure.details.to_string()),
        }
    }
}

impl From<uniffi::UnexpectedUniFFICallbackError> for EngineError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::own(Self::FOREIGN, error.reason)
    }
}
