//! Running the platform: deciding on applications, and looking after people's accounts. Every look at a person, an
//! application or a document is in the audit log, and so is every change, with its reason.
//!
//! Where to start: `application_doors` and `people_doors` are the routes; the rules are those of
//! [`crate::onboarding`] and [`crate::identity`]. [`appoint`] is how the first admin comes to be: by a
//! [`command`] on the machine, never by a request.

mod application_doors;
pub mod appoint;
pub mod command;
mod people;
mod people_doors;

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;
use crate::audit;
use crate::error::{ApiError, ErrorCode};

/// The routes of this module.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(application_doors::routes())
        .merge(people_doors::routes())
}

/// A reason as it is kept: 3 to 500 characters, without control characters but line breaks. It goes into the audit log,
/// from which nothing is ever erased, and so may not hold an email or a phone.
fn reason(text: &str) -> Result<String, ApiError> {
    let text = text.trim();
    let odd = |c: char| c.is_control() && c != '\n';
    let reaches = audit::reaches_somebody(&text.into());
    if !(3..=500).contains(&text.chars().count()) || text.contains(odd) || reaches {
        return Err(ApiError::new(ErrorCode::InvalidInput).with("field", "reason"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::reason;

    #[test]
    fn a_reason_says_something() {
        assert_eq!(reason("  الرخصة منتهية \n").unwrap(), "الرخصة منتهية");
        assert!(reason("no").is_err());
        assert!(reason(&"a".repeat(501)).is_err());
        assert!(reason("bad\u{7}bell").is_err());
        assert!(reason("asked sara@example.sa").is_err());
    }
}
