//! The way back of somebody who lost their second factor and its recovery codes: another admin, or whoever runs the
//! machine, takes it off.

use momfood_backend::admin::command;
use momfood_backend::both;
use momfood_backend::identity::Bearer;
use momfood_backend::store::sql;
use momfood_backend::testing::{Answer, TestApp};
use momfood_domain::actor::Role;
use serde_json::{Value, json};

use crate::authenticators::{authenticator, code};
use crate::cast::{linked, passkey};
use crate::factors::{STEP, Strict, begin, fresh, login, show, somebody, with_codes};
use crate::town::*;

const WHY: &str = "came to the office with their papers";

async fn remove(app: &TestApp, by: &Someone, whom: &Someone) -> Answer {
    let path = format!("/api/v1/admin/people/{}/remove-factor", whom.id);
    post(app, by, &path, &json!({ "reason": WHY })).await
}

/// An admin who signed in a moment ago, with a second factor.
async fn admin(app: &TestApp) -> Someone {
    let root = somebody(app, Role::Admin).await;
    let token = Bearer::sign(
        &app.keys,
        root.id,
        Role::Admin,
        None,
        root.session,
        true,
        app.clock.now(),
    );
    Someone {
        token: token.unwrap().text,
        ..root
    }
}

/// What the audit log says of factors taken off, with who did it.
async fn removals(app: &TestApp, whom: &Someone) -> Vec<(Option<uuid::Uuid>, Value)> {
    let mut tx = app.db.read().await.unwrap();
    let rows = sql!(
        &mut tx,
        fetch_all as (Option<uuid::Uuid>, sqlx::types::Json<Value>),
        "select actor, detail from audit_log where action = 'people.factor_removed' and subject_id = $1",
        whom.id
    )
    .unwrap();
    rows.into_iter()
        .map(|(actor, detail)| (actor, detail.0))
        .collect()
}

/// The subjects of what was written to somebody.
async fn told(app: &TestApp, whom: &Someone) -> Vec<String> {
    let sent = app.messages_to(&format!("{}@example.sa", whom.id)).await;
    sent.into_iter().map(|message| message.subject).collect()
}

async fn password_hash(app: &TestApp, id: momfood_domain::id::UserId) -> Option<String> {
    let mut tx = app.db.read().await.unwrap();
    let (hash,) = sql!(
        &mut tx,
        fetch_one as (Option<String>,),
        "select password_hash from users where id = $1",
        id
    )
    .unwrap();
    hash
}

async fn can_be_written_to(app: &TestApp, whom: &Someone) {
    let id = whom.id;
    change!(app, "update users set email_verified = true where id = $1", id);
    change!(
        app,
        "update customer_profiles set preferred_language = 'en' where user_id = $1",
        id
    );
}

both! {
    async fn an_admin_takes_a_lost_second_factor_off(app: TestApp) {
        let root = admin(&app).await;
        let (sara, authenticator, codes) = with_codes(&app).await;
        can_be_written_to(&app, &sara).await;
        let begun = begin(&app, &sara).await;
        let page = remove(&app, &root, &sara).await.data();
        assert_eq!((&page["totp"], &page["sessions"]), (&json!(false), &json!([])));
        assert_eq!(get(&app, &sara, "/api/v1/me").await.code(), "session_revoked");
        // What was begun before with the app or a code leads nowhere.
        assert_eq!(show(&app, &begun, "totp", &code(&app, &authenticator)).await.code(), "ticket_invalid");
        assert_eq!(show(&app, &begun, "recovery", &codes[0]).await.code(), "ticket_invalid");
        let session = login(&app, &sara).await.data();
        let back = Someone { token: session["accessToken"].as_str().unwrap().to_owned(), ..sara.clone() };
        let security = get(&app, &back, "/api/v1/me/security").await.data();
        assert_eq!((&security["totp"], &security["recoveryCodes"]), (&json!(false), &json!(0)));
        let word = "Two-step verification was taken off your account";
        assert_eq!(told(&app, &sara).await.iter().filter(|subject| *subject == word).count(), 1);
        let noted = removals(&app, &sara).await;
        assert_eq!(noted.len(), 1);
        assert_eq!((noted[0].0, &noted[0].1["reason"]), (Some(root.id.0), &json!(WHY)));
        // Once more changes nothing: who signed in since stays in.
        remove(&app, &root, &sara).await.data();
        assert_eq!(removals(&app, &sara).await.len(), 1);
        get(&app, &back, "/api/v1/me").await.data();
    }

    /// Whoever stole a session may have added them; without a password they are how their person comes in.
    async fn passkeys_and_linked_accounts_go_with_it_where_there_is_a_password(app: TestApp) {
        let root = admin(&app).await;
        let ways = async |whom: &Someone| {
            let security = get(&app, whom, "/api/v1/me/security").await.data();
            ["passkeys", "linked"].map(|name| security[name].as_array().unwrap().len())
        };
        let back = async |whom: &Someone| {
            let session = login(&app, whom).await.data();
            Someone { token: session["accessToken"].as_str().unwrap().to_owned(), ..whom.clone() }
        };
        let sara = somebody(&app, Role::Customer).await;
        passkey(&app, sara.id).await;
        linked(&app, sara.id).await;
        assert_eq!(ways(&sara).await, [1, 1]);
        remove(&app, &root, &sara).await.data();
        let sara = back(&sara).await;
        assert_eq!(ways(&sara).await, [0, 0]);
        let noted = removals(&app, &sara).await;
        assert_eq!((&noted[0].1["passkeys"], &noted[0].1["links"]), (&json!(1), &json!(1)));

        let (omar, _, _) = with_codes(&app).await;
        passkey(&app, omar.id).await;
        let (id, hash): (_, Option<String>) = (omar.id, None);
        let had = password_hash(&app, id).await;
        change!(&app, "update users set password_hash = $1 where id = $2", hash, id);
        remove(&app, &root, &omar).await.data();
        change!(&app, "update users set password_hash = $1 where id = $2", had, id);
        let omar = back(&omar).await;
        assert_eq!(ways(&omar).await, [1, 0], "a way in stays");
        assert_eq!(get(&app, &omar, "/api/v1/me/security").await.data()["totp"], json!(false));
    }

    async fn nobody_takes_their_own_factor_off_and_only_an_admin_who_showed_it_is_them_anothers(app: TestApp) {
        let root = somebody(&app, Role::Admin).await;
        authenticator(&app, &root).await;
        let (sara, _, _) = with_codes(&app).await;
        assert_eq!(remove(&app, &root, &root).await.code(), "forbidden");
        for role in [Role::Support, Role::Customer] {
            let other = somebody(&app, role).await;
            assert_eq!(remove(&app, &other, &sara).await.code(), "forbidden", "{role:?}");
        }
        let path = format!("/api/v1/admin/people/{}/remove-factor", sara.id);
        assert_eq!(post(&app, &root, &path, &json!({ "reason": "no" })).await.code(), "invalid_input");
        let session = root.session;
        change!(&app, "update sessions set authenticated_at = 0 where id = $1", session);
        assert_eq!(remove(&app, &root, &sara).await.code(), "confirm_identity");
        begin(&app, &sara).await;
        fresh(&app, &root).await;
        remove(&app, &root, &sara).await.data();
        login(&app, &sara).await.data();
    }

    async fn an_admin_without_their_factor_gets_no_further_than_setting_up_another(strict: Strict) {
        let app = &strict.0;
        let root = admin(app).await;
        let dana = somebody(app, Role::Admin).await;
        authenticator(app, &dana).await;
        begin(app, &dana).await;
        remove(app, &root, &dana).await.data();
        let session = login(app, &dana).await.data();
        let half = Someone { token: session["accessToken"].as_str().unwrap().to_owned(), ..dana.clone() };
        assert_eq!(get(app, &half, "/api/v1/admin/people").await.code(), "second_factor_needed");
        assert_eq!(remove(app, &half, &root).await.code(), "second_factor_needed");
        let again = authenticator(app, &half).await;
        app.clock.advance(STEP);
        let ticket = begin(app, &dana).await;
        let session = show(app, &ticket, "totp", &code(app, &again)).await.data();
        let whole = Someone { token: session["accessToken"].as_str().unwrap().to_owned(), ..dana };
        get(app, &whole, "/api/v1/admin/people").await.data();
    }

    async fn whoever_runs_the_machine_lets_the_last_admin_in_again(app: TestApp) {
        let root = somebody(&app, Role::Admin).await;
        authenticator(&app, &root).await;
        can_be_written_to(&app, &root).await;
        begin(&app, &root).await;
        let email = format!("{}@Example.sa", root.id);
        let mut said = Vec::new();
        command::remove_factor(&app.db, &app.clock, &email, &mut said).await.unwrap();
        assert!(String::from_utf8_lossy(&said).contains("sessions ended: 1"));
        login(&app, &root).await.data();
        assert_eq!(told(&app, &root).await.last().unwrap(), "Two-step verification was taken off your account");
        let noted = removals(&app, &root).await;
        assert_eq!((noted.len(), noted[0].0), (1, None), "by nobody with an account");
        let mut said = Vec::new();
        command::remove_factor(&app.db, &app.clock, &email, &mut said).await.unwrap();
        assert!(String::from_utf8_lossy(&said).contains("nothing changed"));
        for nobody in ["nobody@example.sa", "no email"] {
            assert!(command::remove_factor(&app.db, &app.clock, nobody, &mut said).await.is_err());
        }
    }
}
