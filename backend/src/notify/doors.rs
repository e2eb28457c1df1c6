//! `/push/token`: where a push service finds the caller's app. No rule lives here.

use axum::extract::State;
use momfood_domain::access::Permission;
use momfood_protocol::device::PushPlatform;
use momfood_protocol::error::{Failed, Success};
use momfood_protocol::rest::PushToken;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::tokens::{self, Platform};
use crate::app::App;
use crate::error::{ApiError, ErrorCode};
use crate::identity::{SignedIn, is_alive};
use crate::request::{Body, Nothing, Reply};

/// Longest token.
const LONGEST: usize = 1_024;

/// The routes of this module.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(keep_token, forget_token))
}

/// Whether it could be a token. It becomes part of an address, and what it may be is each service's own affair.
fn is_token(platform: PushPlatform, token: &str) -> bool {
    let allowed = |byte: u8| match platform {
        PushPlatform::Apns => byte.is_ascii_hexdigit(),
        PushPlatform::Fcm => byte.is_ascii_alphanumeric() || b"-_:.".contains(&byte),
    };
    (1..=LONGEST).contains(&token.len()) && token.bytes().all(allowed)
}

/// Say where a push service finds the app on this device.
///
/// Role: customer. The token belongs to this sign-in: it replaces an earlier one, is taken over from whoever was signed in
/// on the device before, and is forgotten with the sign-in, or when the service says that it leads nowhere.
#[utoipa::path(put, path = "/api/v1/push/token", tag = "notify", security(("bearer" = [])),
    request_body(content = PushToken, example = json!({ "platform": "apns",
        "token": "740f4707bebcf74f9b7c25d48e3358945f6aa01da5ddb387462c7eaf61bb78ad" })),
    responses(
        (status = 200, body = Success<Nothing>, description = "Known", example = json!({ "success": true, "data": null })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: not a customer"),
        (status = 413, body = Failed, description = "`body_too_large`"),
        (status = 415, body = Failed, description = "`unsupported_media_type`"),
        (status = 422, body = Failed, description = "`invalid_input` (`details.field`: `token`)"),
    ))]
async fn keep_token(
    State(app): State<App>,
    caller: SignedIn,
    body: Body<PushToken>,
) -> Result<Reply<Nothing>, ApiError> {
    caller.may(Permission::PlaceOrder)?;
    let PushToken { platform, token } = body.value;
    if !is_token(platform, &token) {
        return Err(ApiError::new(ErrorCode::InvalidInput).with("field", "token"));
    }
    let now = app.clock.now();
    app.db
        .write(async move |mut tx| {
            // A sign-in that has ended, elsewhere or a moment ago, takes no token with it.
            if !is_alive(&mut tx, caller.session, now).await? {
                return Err(ApiError::new(ErrorCode::SessionRevoked));
            }
            let whose = (caller.user, caller.session);
            tokens::keep(&mut tx, whose, (Platform(platform), &token), now).await?;
            Ok(())
        })
        .await?;
    Ok(Reply(Nothing))
}

/// Let no push service find the app of this sign-in any more.
///
/// Role: customer. Signing out does the same.
#[utoipa::path(delete, path = "/api/v1/push/token", tag = "notify", security(("bearer" = [])),
    responses(
        (status = 200, body = Success<Nothing>, description = "Forgotten, or not known",
            example = json!({ "success": true, "data": null })),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: not a customer"),
    ))]
async fn forget_token(State(app): State<App>, caller: SignedIn) -> Result<Reply<Nothing>, ApiError> {
    caller.may(Permission::PlaceOrder)?;
    app.db
        .write(async move |mut tx| tokens::forget_session(&mut tx, caller.session).await)
        .await?;
    Ok(Reply(Nothing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_a_token_never_becomes_part_of_an_address() {
        assert!(is_token(PushPlatform::Apns, "740f4707bebcf74f"));
        assert!(is_token(PushPlatform::Fcm, "dQw4-w9_:APA91b.x"));
        for (platform, wrong) in [
            (PushPlatform::Apns, "../../admin"),
            (PushPlatform::Apns, "740f?x=1"),
            (PushPlatform::Apns, ""),
            (PushPlatform::Fcm, "a b"),
            (PushPlatform::Fcm, "a/b"),
        ] {
            assert!(!is_token(platform, wrong), "{wrong}");
        }
        assert!(!is_token(PushPlatform::Apns, &"0".repeat(LONGEST + 1)));
    }
}
