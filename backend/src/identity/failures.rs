//! What stays of a sign-in that failed: a line `sign_in_failed` in the log for each, with the address and the account it
//! was about, and for a few wrong ones of each account an entry in its record. Of an account that does not exist neither
//! says anything, and nothing here is waited for by an answer. What was typed is never part of it.

use std::net::IpAddr;

use momfood_domain::actor::Actor;
use momfood_domain::id::UserId;
use serde_json::json;
use uuid::Uuid;

use super::codes;
use super::error::Refusal;
use crate::address::Address;
use crate::app::App;
use crate::audit;
use crate::limits::{Class, Who};

/// What was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// A password.
    Password,
    /// A code that was sent, to sign in, to sign up or for a new password.
    Code,
    /// A passkey.
    Passkey,
    /// A second factor. What is wrong of these the record has by itself (`identity.second_factor_failed`).
    SecondFactor,
}

impl Method {
    const fn word(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Code => "code",
            Self::Passkey => "passkey",
            Self::SecondFactor => "second_factor",
        }
    }
}

/// Why it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It was wrong, or nobody's.
    Wrong,
    /// There were too many tries; this one was not looked at.
    Limited,
}

impl Why {
    const fn word(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::Limited => "limited",
        }
    }
}

/// The line of one. `account` is whose, if it is anybody's.
pub fn log(account: Option<UserId>, method: Method, why: Why, address: Option<IpAddr>) {
    let account = account.map(tracing::field::display);
    let address = Address(address);
    let (method, why) = (method.word(), why.word());
    tracing::warn!(account, method, why, %address, "sign_in_failed");
}

/// A wrong password for `account`, as it was typed; `user` is whose it is, if it is anybody's.
pub fn password(app: &App, (account, user): (&str, Option<UserId>), address: Option<IpAddr>) {
    log(user, Method::Password, Why::Wrong, address);
    let (state, account) = (app.clone(), account.to_owned());
    app.tasks.spawn(async move {
        keep(&state, &account, user, Method::Password).await;
    });
}

/// A wrong code of `challenge`. Whose it is is looked for behind the answer.
pub fn code(app: &App, challenge: Uuid, address: Option<IpAddr>) {
    let state = app.clone();
    app.tasks.spawn(async move {
        let holder = async {
            let mut tx = state.db.read().await?;
            codes::holder(&mut tx, challenge).await
        };
        let user = holder.await.unwrap_or_else(|error| {
            tracing::warn!(%error, "whose a wrong code was could not be read");
            None
        });
        log(user, Method::Code, Why::Wrong, address);
        let account = user.map_or_else(|| challenge.to_string(), |user| user.to_string());
        keep(&state, &account, user, Method::Code).await;
    });
}

/// Writes it into the record, unless enough was written of that account lately. For an account that does not exist the
/// same is done and taken back: who asks next waits as long behind either.
async fn keep(app: &App, account: &str, user: Option<UserId>, method: Method) {
    let (id, at) = (app.clock.uuid(), app.clock.now());
    let who = Who::Account(account);
    if app.limits.take(Class::Failures, who, at).await.is_err() {
        return;
    }
    let kept = app
        .db
        .write(async move |mut tx| {
            let entry = audit::Entry {
                id,
                at,
                action: "identity.sign_in_failed",
                subject: "user",
                subject_id: user.map(|user| user.0),
                detail: json!({ "method": method.word() }),
            };
            // Whoever failed is not known to be the account's person.
            audit::record(&mut tx, &Actor::SYSTEM, entry).await?;
            if user.is_none() {
                return Err(Refusal::NotFound);
            }
            Ok(())
        })
        .await;
    match kept {
        Ok(()) | Err(Refusal::NotFound) => {}
        Err(error) => tracing::warn!(%error, "a failed sign-in could not be written down"),
    }
}
