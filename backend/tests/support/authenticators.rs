//! A person's authenticator app, as a test holds it.

use momfood_backend::identity::entry::{self, Entered, FirstFactor, How, Origin};
use momfood_backend::identity::session::Wish;
use momfood_backend::testing::TestApp;
use momfood_domain::time::SECOND;
use serde_json::Value;
use totp_rs::{Builder, Secret, Totp};

use crate::town::*;

/// The app that holds `secret`.
pub fn holding(secret: &str) -> Totp {
    let secret = Secret::try_from_base32(secret).unwrap();
    Builder::new().with_secret(secret).build().unwrap()
}

/// What it shows now.
pub fn code(app: &TestApp, authenticator: &Totp) -> String {
    let seconds = app.clock.now().0 / SECOND;
    authenticator.generate(seconds.try_into().unwrap()).to_string()
}

/// One that `someone` was shown and has not confirmed.
pub async fn proposed(app: &TestApp, someone: &Someone) -> Totp {
    let shown = post(app, someone, "/api/v1/me/totp", &Value::Null).await.data();
    holding(shown["secret"].as_str().unwrap())
}

/// A new one of `someone`, in force, whose present code was not used.
pub async fn authenticator(app: &TestApp, someone: &Someone) -> Totp {
    forget_authenticator(app, Some(someone)).await;
    let authenticator = proposed(app, someone).await;
    let shown = serde_json::json!({ "code": code(app, &authenticator) });
    post(app, someone, "/api/v1/me/totp/confirm", &shown).await.data();
    let id = someone.id;
    change!(app, "update totp set last_step = 0 where person = $1", id);
    authenticator
}

/// As if `someone` never had one.
pub async fn forget_authenticator(app: &TestApp, someone: Option<&Someone>) {
    let Some(id) = someone.map(|someone| someone.id) else {
        return;
    };
    change!(app, "delete from totp where person = $1", id);
    change!(app, "delete from recovery_codes where person = $1", id);
}

/// What `someone` holds whose first factor was right.
pub async fn ticket(app: &TestApp, someone: &Someone) -> String {
    let (state, id) = ((*app).clone(), someone.id);
    let entered = app
        .db
        .write(async move |mut tx| {
            let how = How::by(FirstFactor::Password);
            entry::admit(&state, &mut tx, id, how, Wish::default(), &Origin::default()).await
        })
        .await
        .unwrap();
    match entered {
        Entered::Asked(next) => next.ticket,
        Entered::In(..) => panic!("in without a second factor"),
    }
}
