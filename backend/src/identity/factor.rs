//! The second factor: whether a person has one, what they may show, and what comes of showing it. An authenticator app is
//! what makes one be asked for; recovery codes and SMS only ever stand beside it.

use momfood_domain::actor::{Actor, Role};
use momfood_domain::id::UserId;
use momfood_protocol::account::{CodeSent, FactorMethod};
use serde_json::json;
use uuid::Uuid;

use super::challenge::{self, Kind};
use super::codes::{self, Ask, Purpose, Reach};
use super::entry::{Begun, Entered, FirstFactor, How, Origin};
use super::error::Refusal;
use super::failures::{self, Method, Why};
use super::totp::{self, Place, Tried};
use super::{people, recovery_codes, session};
use crate::app::App;
use crate::audit;
use crate::messages::{self, Target, Text};
use crate::store::{StoreError, Tx, sql};

/// What `person` may show as a second factor; `None` when they have no confirmed authenticator app, and none is asked
/// for.
pub async fn asked_of(tx: &mut Tx, person: UserId) -> Result<Option<Vec<FactorMethod>>, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (i64, bool),
        "select (select count(*) from recovery_codes r where r.person = t.person and r.used_at is null), \
         u.phone_verified and u.phone is not null \
         from totp t join users u on u.id = t.person where t.person = $1 and t.confirmed_at is not null",
        person
    )?;
    Ok(row.map(|(codes, phone)| {
        let mut methods = vec![FactorMethod::Totp];
        if codes > 0 {
            methods.push(FactorMethod::Recovery);
        }
        if phone {
            methods.push(FactorMethod::Sms);
        }
        methods
    }))
}

/// [`asked_of`] somebody who showed `first`: digits sent to a phone are no second factor to digits sent to a phone.
pub async fn beside(
    tx: &mut Tx,
    person: UserId,
    first: FirstFactor,
) -> Result<Option<Vec<FactorMethod>>, StoreError> {
    let methods = asked_of(tx, person).await?;
    Ok(methods.map(|mut methods| {
        methods.retain(|method| *method != FactorMethod::Sms || first != FirstFactor::Code);
        methods
    }))
}

/// Whether a role `person` holds must have a second factor.
pub async fn needed_by(tx: &mut Tx, person: UserId) -> Result<bool, StoreError> {
    let roles = people::roles(tx, person).await?;
    Ok(roles.into_iter().any(Role::needs_second_factor))
}

/// Asks `person` for no second factor any more: their app and its recovery codes are gone, and SMS, which only ever
/// stands beside an app.
pub async fn remove(tx: &mut Tx, person: UserId) -> Result<(), StoreError> {
    totp::remove(tx, person).await?;
    recovery_codes::forget(tx, person).await
}

/// What came of something that must be kept either way: a wrong code is counted, so its transaction is committed.
pub enum Outcome<T> {
    /// It went well.
    Done(T),
    /// It was refused, and that was written down.
    Refused(Refusal),
}

impl<T> Outcome<T> {
    /// After the commit.
    pub fn settled(self) -> Result<T, Refusal> {
        match self {
            Self::Done(done) => Ok(done),
            Self::Refused(refusal) => Err(refusal),
        }
    }
}

/// Shows the second factor of a sign-in that was begun. The ticket is used up by what is right, and by the fifth wrong.
pub async fn show(
    app: &App,
    tx: &mut Tx,
    (ticket, method, code): (&str, FactorMethod, &str),
    origin: &Origin,
) -> Result<Outcome<Entered>, Refusal> {
    let now = app.clock.now();
    let begun = challenge::look::<Begun>(tx, &app.keys, Kind::SecondFactor, ticket, now).await?;
    let person = begun.person.ok_or(Refusal::TicketInvalid)?;
    // Turned off since: who has the password begins again, and gets in.
    let methods = beside(tx, person, begun.state.method).await?;
    let methods = methods.ok_or(Refusal::TicketInvalid)?;
    if !methods.contains(&method) {
        return Err(Refusal::Invalid("method"));
    }
    let place = Place::Address(origin.address);
    let tried = match method {
        FactorMethod::Totp => totp::check(tx, person, place, code, now).await?,
        FactorMethod::Recovery => right_or_wrong(recovery_codes::spend(tx, person, code, now).await?),
        FactorMethod::Sms => right_or_wrong(is_sent(app, tx, person, (begun.state.sms, code)).await?),
    };
    match tried {
        Tried::Right => {}
        Tried::Wait(retry_after) => {
            failures::log(Some(person), Method::SecondFactor, Why::Limited, origin.address);
            return Err(Refusal::RateLimited { retry_after });
        }
        Tried::None => return Err(Refusal::TicketInvalid),
        Tried::Wrong { last } => {
            failures::log(Some(person), Method::SecondFactor, Why::Wrong, origin.address);
            failed(app, tx, person, method, last).await?;
            let left = challenge::miss(tx, begun.id).await?;
            let tries_left = Some(left);
            return Ok(Outcome::Refused(Refusal::CodeInvalid { tries_left }));
        }
    }
    challenge::finish(tx, begun.id, now).await?;
    if method == FactorMethod::Recovery {
        recovery_code_used(app, tx, person).await?;
    }
    let how = How {
        method: begun.state.method,
        second_factor: true,
    };
    let ids = (app.clock.id(), app.clock.uuid());
    let live = session::begin(tx, person, begun.state.wish, how, origin, ids, now).await?;
    let me = people::me(tx, person, live.role, live.restaurant).await?;
    Ok(Outcome::Done(Entered::In(live, Box::new(me))))
}

const fn right_or_wrong(right: bool) -> Tried {
    if right {
        Tried::Right
    } else {
        Tried::Wrong { last: false }
    }
}

/// Whether `code` is the one that was sent.
async fn is_sent(
    app: &App,
    tx: &mut Tx,
    person: UserId,
    (sent, code): (Option<Uuid>, &str),
) -> Result<bool, Refusal> {
    let Some(sent) = sent else { return Ok(false) };
    let purposes = [Purpose::SecondFactor];
    let now = app.clock.now();
    let outcome = codes::verify(tx, &app.keys, &purposes, Some(person), (sent, code), now).await?;
    Ok(matches!(outcome, Outcome::Done(_)))
}

/// Sends digits to the verified phone of whoever holds `ticket`.
pub async fn send(app: &App, tx: &mut Tx, ticket: &str) -> Result<CodeSent, Refusal> {
    let now = app.clock.now();
    let mut begun = challenge::look::<Begun>(tx, &app.keys, Kind::SecondFactor, ticket, now).await?;
    let person = begun.person.ok_or(Refusal::TicketInvalid)?;
    let methods = beside(tx, person, begun.state.method).await?;
    let methods = methods.ok_or(Refusal::TicketInvalid)?;
    let contacts = people::contacts(tx, person)
        .await?
        .ok_or(Refusal::TicketInvalid)?;
    let phone = contacts.phone.filter(|_| methods.contains(&FactorMethod::Sms));
    let phone = phone.filter(|_| app.carriers.sms.is_some());
    let target = Target::Phone(phone.ok_or(Refusal::Invalid("ticket"))?);
    let ask = Ask {
        purpose: Purpose::SecondFactor,
        target: &target,
        person: Some(person),
        lang: contacts.language,
        reach: Reach::Sent,
    };
    let sent = codes::send(app, tx, ask).await?;
    begun.state.sms = Some(sent.challenge);
    challenge::keep(tx, begun.id, &begun.state).await?;
    Ok(sent)
}

/// Tries the six digits of `person`'s app, or one of their recovery codes: for whoever is signed in and may have lost
/// the phone.
pub async fn either(
    app: &App,
    tx: &mut Tx,
    person: UserId,
    place: Place,
    code: &str,
) -> Result<Tried, Refusal> {
    let now = app.clock.now();
    if recovery_codes::spend(tx, person, code, now).await? {
        recovery_code_used(app, tx, person).await?;
        return Ok(Tried::Right);
    }
    totp::check(tx, person, place, code, now).await
}

/// Writes down that `person` was asked for a second factor and a wrong one was shown; `last` when nothing more may be
/// tried from there for a while.
pub async fn failed(
    app: &App,
    tx: &mut Tx,
    person: UserId,
    method: FactorMethod,
    last: bool,
) -> Result<(), Refusal> {
    let detail = json!({ "method": method, "last": last });
    record(app, tx, person, "identity.second_factor_failed", detail).await?;
    if last {
        tell(app, tx, person, &Text::FactorGuessed).await?;
    }
    Ok(())
}

async fn recovery_code_used(app: &App, tx: &mut Tx, person: UserId) -> Result<(), Refusal> {
    let left = recovery_codes::left(tx, person).await?;
    record(
        app,
        tx,
        person,
        "identity.recovery_code_used",
        json!({ "left": left }),
    )
    .await?;
    tell(app, tx, person, &Text::RecoveryCodeUsed { left }).await?;
    Ok(())
}

/// Writes to `person` what they should hear of.
pub async fn tell(app: &App, tx: &mut Tx, person: UserId, text: &Text) -> Result<(), StoreError> {
    messages::tell(tx, person, text, (app.clock.uuid(), app.clock.now())).await
}

/// Audits what `person` did about their own account.
pub async fn record(
    app: &App,
    tx: &mut Tx,
    person: UserId,
    action: &str,
    detail: serde_json::Value,
) -> Result<(), StoreError> {
    let (_, role) = people::standing(tx, person)
        .await?
        .unwrap_or((false, Role::Customer));
    let entry = audit::Entry {
        id: app.clock.uuid(),
        at: app.clock.now(),
        action,
        subject: "user",
        subject_id: Some(person.0),
        detail,
    };
    audit::record(tx, &Actor::person(person, role), entry).await
}
