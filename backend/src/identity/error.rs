//! Why identity refuses, and the code each refusal travels under.

use momfood_protocol::account::{NextFactor, Provider, Unregistered};

use super::elsewhere::word;
use crate::error::{ApiError, ErrorCode};
use crate::store::StoreError;

/// A refused request of this module.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// A field is out of bounds.
    #[error("{0} is not right")]
    Invalid(&'static str),
    /// Another account has the email.
    #[error("the email is taken")]
    EmailTaken,
    /// Another account has the phone.
    #[error("the phone is taken")]
    PhoneTaken,
    /// No such email with that password.
    #[error("wrong email or password")]
    Credentials,
    /// The person does not hold the role asked for.
    #[error("the role is not held")]
    RoleNotHeld,
    /// The person may not sign in, or works for no restaurant.
    #[error("not allowed")]
    Forbidden,
    /// The session is over, or its refresh token was used after its successor.
    #[error("the session is over")]
    Revoked,
    /// No refresh token of ours.
    #[error("not a refresh token")]
    TokenInvalid,
    /// The first factor was right, and a second is asked for.
    #[error("a second factor is asked for")]
    SecondFactorRequired(NextFactor),
    /// A code that is wrong, used, or over; how many tries are left when it is only wrong.
    #[error("the code is not right")]
    CodeInvalid {
        /// Tries left.
        tries_left: Option<i64>,
    },
    /// A ticket that is used, over, of another kind, or none of ours.
    #[error("the ticket does not work")]
    TicketInvalid,
    /// A password that is easy to guess.
    #[error("the password is easy to guess")]
    PasswordWeak,
    /// Whoever asks is to show again who they are.
    #[error("identity to be confirmed")]
    ConfirmIdentity,
    /// A role of theirs needs a second factor.
    #[error("a second factor is needed")]
    SecondFactorNeeded,
    /// What was shown is right, and nobody's yet.
    #[error("nobody's yet")]
    RegistrationRequired(Box<Unregistered>),
    /// A passkey that is unknown, or whose answer does not fit.
    #[error("the passkey was not taken")]
    PasskeyInvalid,
    /// Another provider did not say who it is.
    #[error("the provider refused")]
    ProviderRefused(Provider),
    /// Another provider does not answer.
    #[error("the provider does not answer")]
    ProviderSilent(Provider),
    /// An account elsewhere, or its email, is somebody else's here.
    #[error("linked already")]
    AlreadyLinked(Provider),
    /// It would leave no way to sign in.
    #[error("the last way in")]
    LastWayIn,
    /// Not there, or not theirs.
    #[error("not found")]
    NotFound,
    /// Too many attempts.
    #[error("too many attempts")]
    RateLimited {
        /// Seconds to wait.
        retry_after: i64,
    },
    /// Too many passwords are being checked.
    #[error("busy")]
    Busy,
    /// Nobody would be left to run the platform.
    #[error("the last admin stays")]
    LastAdmin,
    /// Nobody would be left who owns the restaurant.
    #[error("the last owner stays")]
    LastOwner,
    /// A bug.
    #[error("{0}")]
    Broken(String),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Invalid(field) => Self::new(ErrorCode::InvalidInput).with("field", field),
            Refusal::EmailTaken => Self::new(ErrorCode::EmailTaken),
            Refusal::PhoneTaken => Self::new(ErrorCode::PhoneTaken),
            Refusal::Credentials => Self::new(ErrorCode::InvalidCredentials),
            Refusal::RoleNotHeld => Self::new(ErrorCode::RoleNotHeld),
            Refusal::Forbidden => Self::new(ErrorCode::Forbidden),
            Refusal::Revoked => Self::new(ErrorCode::SessionRevoked),
            Refusal::TokenInvalid => Self::new(ErrorCode::TokenInvalid),
            Refusal::SecondFactorRequired(next) => match serde_json::to_value(next) {
                Ok(details) => Self::new(ErrorCode::SecondFactorRequired).with_details(details),
                Err(error) => Self::internal(&error),
            },
            Refusal::CodeInvalid { tries_left: None } => Self::new(ErrorCode::CodeInvalid),
            Refusal::CodeInvalid {
                tries_left: Some(left),
            } => Self::new(ErrorCode::CodeInvalid).with("triesLeft", left),
            Refusal::TicketInvalid => Self::new(ErrorCode::TicketInvalid),
            Refusal::PasswordWeak => Self::new(ErrorCode::PasswordWeak),
            Refusal::ConfirmIdentity => Self::new(ErrorCode::ConfirmIdentity),
            Refusal::SecondFactorNeeded => Self::new(ErrorCode::SecondFactorNeeded),
            Refusal::RegistrationRequired(unregistered) => match serde_json::to_value(unregistered) {
                Ok(details) => Self::new(ErrorCode::RegistrationRequired).with_details(details),
                Err(error) => Self::internal(&error),
            },
            Refusal::PasskeyInvalid => Self::new(ErrorCode::PasskeyInvalid),
            Refusal::ProviderRefused(provider) => {
                Self::new(ErrorCode::ProviderRefused).with("provider", word(provider))
            }
            Refusal::ProviderSilent(provider) => {
                Self::new(ErrorCode::TryAgain).with("provider", word(provider))
            }
            Refusal::AlreadyLinked(provider) => {
                Self::new(ErrorCode::AlreadyLinked).with("provider", word(provider))
            }
            Refusal::LastWayIn => Self::new(ErrorCode::LastWayIn),
            Refusal::NotFound => Self::new(ErrorCode::NotFound),
            Refusal::RateLimited { retry_after } => {
                Self::new(ErrorCode::RateLimited).with("retryAfter", retry_after)
            }
            Refusal::Busy => Self::new(ErrorCode::TryAgain),
            Refusal::LastAdmin => Self::new(ErrorCode::LastAdmin),
            Refusal::LastOwner => Self::new(ErrorCode::LastOwner),
            Refusal::Broken(why) => Self::internal(&why),
            Refusal::Store(error) => error.into(),
        }
    }
}
