//! The ways in: which there are on this server, and that nobody loses their last.

use axum::extract::State;
use momfood_domain::id::UserId;
use momfood_protocol::account::Ways;
use momfood_protocol::error::Success;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::elsewhere::linked;
use super::error::Refusal;
use super::{factor, passkeys};
use crate::app::App;
use crate::request::Reply;
use crate::store::{StoreError, Tx, sql};

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

/// Forgets everything `person` comes in with beside a password and what is sent to them.
pub async fn forget(tx: &mut Tx, person: UserId) -> Result<(), StoreError> {
    factor::remove(tx, person).await?;
    passkeys::forget(tx, person).await?;
    linked::forget(tx, person).await?;
    Ok(())
}

/// Whether `person` can come in by email and password.
pub(super) async fn has_password(tx: &mut Tx, person: UserId) -> Result<bool, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (bool,),
        "select password_hash is not null and email is not null from users where id = $1",
        person
    )?;
    Ok(row.is_some_and(|(there,)| there))
}

/// Refuses (`last_way_in`) when what was just removed left `person` none. Their row is to be locked before, so that
/// nobody removes two at once.
pub(super) async fn are_left(app: &App, tx: &mut Tx, person: UserId) -> Result<(), Refusal> {
    let row = sql!(
        tx,
        fetch_optional as (bool,),
        "select phone is not null and phone_verified from users where id = $1",
        person
    )?;
    let (phone,) = row.ok_or(Refusal::NotFound)?;
    if has_password(tx, person).await?
        || (phone && sends_sms(app))
        || !passkeys::list(tx, person).await?.is_empty()
    {
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
