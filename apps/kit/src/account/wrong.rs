//! What is wrong with a form: at its field where it is a field's, above the button where it is not.

use dioxus::prelude::*;
use momfood_protocol::error::{ErrorCode, Failure};
use serde_json::Value;

use crate::components::{Banner, BannerKind};
use crate::t;

/// What is wrong with `field`, when the failure is about it.
pub fn wrong_field(failure: Option<&Failure>, field: &str) -> Option<String> {
    let failure = failure?;
    let about = match failure.code {
        ErrorCode::EmailTaken => "email",
        ErrorCode::PhoneTaken => "phone",
        ErrorCode::PasswordWeak => "password",
        ErrorCode::CodeInvalid => "code",
        ErrorCode::InvalidInput => failure.details.get("field")?.as_str()?,
        _ => return None,
    };
    (about == field).then(|| words(failure, about))
}

fn words(failure: &Failure, field: &str) -> String {
    if failure.code == ErrorCode::CodeInvalid {
        return match failure.details.get("triesLeft").and_then(Value::as_i64) {
            Some(left) if left > 0 => t!("entry-code-wrong", left: left),
            _ => t!("entry-code-over"),
        };
    }
    if failure.code != ErrorCode::InvalidInput {
        return failure.message.clone();
    }
    match field {
        "email" => t!("entry-wrong-email"),
        "phone" => t!("entry-wrong-phone"),
        "password" => t!("entry-wrong-password"),
        "firstName" => t!("entry-wrong-first-name"),
        "lastName" => t!("entry-wrong-last-name"),
        "name" | "district" | "plate" | "color" => t!("entry-wrong-empty"),
        _ => failure.message.clone(),
    }
}

/// What is wrong with the whole, when it is none of `fields`'.
#[component]
pub fn Wrong(
    /// What went wrong, if something did.
    failure: Option<Failure>,
    /// The fields of the form.
    #[props(default = &[])]
    fields: &'static [&'static str],
) -> Element {
    let Some(failure) = failure else { return rsx! {} };
    if fields
        .iter()
        .any(|field| wrong_field(Some(&failure), field).is_some())
    {
        return rsx! {};
    }
    let kind = if failure.code == ErrorCode::Offline {
        BannerKind::Offline
    } else {
        BannerKind::Error
    };
    let wait = failure.details.get("retryAfter").and_then(Value::as_i64);
    rsx! {
        div { role: "alert", "data-testid": "wrong",
            Banner { kind,
                match (failure.code, wait) {
                    (ErrorCode::Offline, _) => t!("entry-offline"),
                    (ErrorCode::RateLimited, Some(wait)) if wait > 0 => t!("entry-wait", minutes: (wait + 59) / 60),
                    _ => failure.message.clone(),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::on_screen;
    use momfood_domain::text::Lang;
    use serde_json::json;

    fn failure(code: ErrorCode, details: Value) -> Failure {
        Failure::new(code, Lang::En).with(details)
    }

    fn shown(failure: Option<&Failure>, field: &str) -> Option<String> {
        on_screen(|| wrong_field(failure, field))
    }

    #[test]
    fn what_is_wrong_stands_at_its_own_field() {
        let taken = failure(ErrorCode::EmailTaken, Value::Null);
        assert!(shown(Some(&taken), "email").is_some());
        assert_eq!(shown(Some(&taken), "phone"), None);
        let name = failure(ErrorCode::InvalidInput, json!({ "field": "firstName" }));
        assert!(shown(Some(&name), "firstName").is_some());
        assert_eq!(shown(Some(&name), "lastName"), None);
        let busy = failure(ErrorCode::TryAgain, Value::Null);
        assert_eq!(shown(Some(&busy), "email"), None);
    }
}
