//! The ways in: which there are on this server, and that nobody loses their last.

use axum::extract::State;
use momfood_domain::id::UserId;
use momfood_protocol::account::Ways;
use momfood_protocol::error::Success;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::elsewhere::linked;
use super::error::Refusal;
use super::passkeys;
use crate::app::App;
use crate::request::Reply;
use crate::store::{Tx, sql};

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(ways))
}

/// Ways to sign in.
///
/// Open to everyone: what a sign-in page is to offer. A password always works.
#[utoipa::path(get, path = "/api/v1/auth/ways", operation_id = "ways_in", tag = "identity", security(()),
    responses((status = 200, body = Success<Ways>, description = "What there is beside passwords", example = json!({
        "success": true, "data": { "phone": true, "passkey": true, "providers": ["google", "apple"] } }))))]
async fn ways(State(app): State<App>) -> Reply<Ways> {
    Reply(Ways {
        phone: sends_sms(&app),
        passkey: app.site.as_ref().is_some_and(|site| site.webauthn().is_some()),
        providers: app.elsewhere.names(),
    })
}

/// Whether codes go out by SMS.
fn sends_sms(app: &App) -> bool {
    app.carriers.sms.is_some()
}

/// Refuses (`last_way_in`) when what was just removed left `person` none. Their row is to be locked before, so that
/// nobody removes two at once.
pub(super) async fn are_left(app: &App, tx: &mut Tx, person: UserId) -> Result<(), Refusal> {
    let row = sql!(
        tx,
        fetch_optional as (bool, bool),
        "select password_hash is not null and email is not null, phone is not null and phone_verified \
         from users where id = $1",
        person
    )?;
    let (password, phone) = row.ok_or(Refusal::NotFound)?;
    if password || (phone && sends_sms(app)) || !passkeys::list(tx, person).await?.is_empty() {
        return Ok(());
    }
    // An account at a provider that is no longer set up lets nobody in.
    let set_up = app.elsewhere.names();
    let linked = linked::list(tx, person).await?;
    if linked.iter().any(|linked| set_up.contains(&linked.provider)) {
        return Ok(());
    }
    Err(Refusal::LastWayIn)
}
