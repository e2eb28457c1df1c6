//! One-time codes: signing in and up with one, choosing a new password, and emails and phones that are shown to be
//! somebody's. What guessing, repeating, asking too often and looking for accounts come to.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use argon2::password_hash::PasswordHasher as _;
use http::{Method, StatusCode};
use momfood_backend::both;
use momfood_backend::limits::{Budgets, Class};
use momfood_backend::store::{Engine, sql};
use momfood_backend::testing::{Answer, TestApp};
use momfood_protocol::account::Consent;
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;
use uuid::Uuid;

use crate::asking::{rows, word};
use crate::failures::settled;

pub const SARA: &str = "sara@example.sa";
pub const PHONE: &str = "+966512345678";
pub const PASSWORD: &str = "a long secret";
const OTHER: &str = "a hedgehog in the attic";

pub async fn send(app: &TestApp, purpose: &str, target: &str) -> Answer {
    let field = if target.contains('@') { "email" } else { "phone" };
    let ask = json!({ "purpose": purpose, field: target, "language": "en" });
    app.post("/api/v1/auth/codes", &ask).await
}

/// Asks for a code a while after the last, and shows what was sent: challenge and digits.
async fn code(app: &TestApp, purpose: &str, target: &str) -> Value {
    app.clock.advance(Duration::from_secs(601));
    let sent = send(app, purpose, target).await.data();
    json!({ "challenge": sent["challenge"], "code": app.code_to(target).await })
}

pub async fn check(app: &TestApp, shown: &Value) -> Answer {
    app.post("/api/v1/auth/codes/check", shown).await
}

pub async fn recover(app: &TestApp, shown: &Value, password: &str) -> Answer {
    let mut body = shown.clone();
    body["password"] = json!(password);
    app.post("/api/v1/auth/recovery", &body).await
}

async fn login(app: &TestApp, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    app.post("/api/v1/auth/login", &body).await
}

async fn as_who(app: &TestApp, method: Method, path: &str, token: &str, body: &Value) -> Answer {
    app.request(method, path).bearer(token).json(body).send().await
}

fn access(answer: &Answer) -> String {
    answer.data()["accessToken"].as_str().unwrap().to_owned()
}

/// Another code than the one shown.
fn wrong(shown: &Value) -> Value {
    let digits: u32 = shown["code"].as_str().unwrap().parse().unwrap();
    json!({ "challenge": shown["challenge"], "code": format!("{:06}", (digits + 1) % 1_000_000) })
}

/// Names of fields, all the way down.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), shape(value)))
            .collect(),
        Value::String(_) => json!("text"),
        Value::Number(_) => json!(0),
        other => other.clone(),
    }
}

both! {
    async fn a_phone_becomes_an_account_and_signs_in_again(app: TestApp) {
        let shown = code(&app, "sign_in", PHONE).await;
        let answer = check(&app, &shown).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, "registration_required".to_owned()));
        let who = answer.json()["error"]["details"].clone();
        assert_eq!((&who["phone"], &who["needsPassword"]), (&json!(PHONE), &json!(false)));
        let register = json!({ "ticket": who["ticket"], "firstName": "سارة", "language": "ar", "consents": Consent::of_a_newcomer(false) });
        let answer = app.post("/api/v1/auth/register", &register).await;
        assert_eq!(answer.status, StatusCode::CREATED);
        let user = answer.data()["user"].clone();
        assert_eq!((&user["phone"], &user["email"]), (&json!(PHONE), &Value::Null));
        let again = check(&app, &code(&app, "sign_in", PHONE).await).await;
        assert_eq!(again.data()["user"]["id"], user["id"]);
        let security = as_who(&app, Method::GET, "/api/v1/me/security", &access(&again), &Value::Null).await.data();
        assert_eq!((&security["phoneVerified"], &security["password"]), (&json!(true), &json!(false)));
        // There is no password that would be theirs.
        assert_eq!(login(&app, PHONE, PASSWORD).await.code(), "invalid_credentials");
    }

    async fn an_email_that_has_an_account_is_told_so_and_no_code_works(app: TestApp) {
        app.register(SARA, PASSWORD, "سارة").await.data();
        app.clock.advance(Duration::from_secs(30));
        let before = app.messages_to(SARA).await.len();
        let sent = send(&app, "sign_up", SARA).await.data();
        let told = app.messages_to(SARA).await;
        assert_eq!(told.len(), before + 1);
        assert_eq!(told[before].subject, "You already have a MomFood account");
        assert_eq!(told[before].code, None);
        for guess in ["000000", "123456", ""] {
            let answer = check(&app, &json!({ "challenge": sent["challenge"], "code": guess })).await;
            assert_eq!(answer.code(), "code_invalid");
        }
    }

    async fn a_code_works_once_for_ten_minutes_and_ends_the_one_before(app: TestApp) {
        let old = code(&app, "sign_in", PHONE).await;
        let new = code(&app, "sign_in", PHONE).await;
        assert_eq!(check(&app, &old).await.code(), "code_invalid");
        assert_eq!(check(&app, &new).await.code(), "registration_required");
        assert_eq!(check(&app, &new).await.code(), "code_invalid", "once");
        let late = code(&app, "sign_in", PHONE).await;
        app.clock.advance(Duration::from_mins(10));
        let answer = check(&app, &late).await;
        assert_eq!((answer.code(), &answer.json()["error"]["details"]), ("code_invalid".to_owned(), &Value::Null));
    }

    async fn a_code_is_guessed_at_five_times(app: TestApp) {
        let shown = code(&app, "sign_in", PHONE).await;
        for left in (0..5).rev() {
            let answer = check(&app, &wrong(&shown)).await;
            assert_eq!(answer.code(), "code_invalid");
            assert_eq!(answer.json()["error"]["details"]["triesLeft"], left);
        }
        let answer = check(&app, &shown).await;
        assert_eq!(answer.code(), "code_invalid", "the right one comes too late");
    }

    async fn many_who_guess_at_once_have_no_more_tries(app: TestApp) {
        let shown = code(&app, "sign_in", PHONE).await;
        let guess = wrong(&shown);
        let answers = futures::future::join_all((0..20).map(|_| check(&app, &guess))).await;
        let told = answers.iter().filter(|answer| answer.json()["error"]["details"]["triesLeft"].is_number());
        assert_eq!(told.count(), 5);
        assert_eq!(check(&app, &shown).await.code(), "code_invalid");
    }

    async fn a_code_is_typed_in_any_digits(app: TestApp) {
        let mut shown = code(&app, "sign_in", PHONE).await;
        let digits = shown["code"].as_str().unwrap();
        let arabic: String = digits.chars().map(|c| char::from_u32(u32::from(c) - 0x30 + 0x660).unwrap()).collect();
        shown["code"] = json!(format!(" {} {} ", &arabic[..6], &arabic[6..]));
        assert_eq!(check(&app, &shown).await.code(), "registration_required");
    }

    async fn a_code_of_one_purpose_does_nothing_else(app: TestApp) {
        app.register(SARA, PASSWORD, "سارة").await.data();
        let shown = code(&app, "recover", SARA).await;
        assert_eq!(check(&app, &shown).await.code(), "code_invalid");
        let shown = code(&app, "sign_in", PHONE).await;
        assert_eq!(recover(&app, &shown, OTHER).await.code(), "code_invalid");
        let token = access(&login(&app, SARA, PASSWORD).await);
        let confirm = json!({ "code": shown });
        assert_eq!(as_who(&app, Method::POST, "/api/v1/auth/confirm", &token, &confirm).await.code(), "code_invalid");
        let taken = as_who(&app, Method::POST, "/api/v1/me/contacts/check", &token, &shown).await;
        assert_eq!(taken.code(), "code_invalid");
    }

    async fn nobody_learns_from_an_answer_whether_there_is_an_account(app: TestApp) {
        app.register(SARA, PASSWORD, "سارة").await.data();
        app.register(PHONE, PASSWORD, "نورة").await.data();
        app.clock.advance(Duration::from_secs(601));
        let pairs = [
            ("sign_up", SARA, "nobody@example.sa"),
            ("recover", SARA, "nobody-else@example.sa"),
            ("sign_in", PHONE, "+966500000001"),
            ("recover", PHONE, "+966500000002"),
        ];
        for (purpose, known, unknown) in pairs {
            app.clock.advance(Duration::from_secs(601));
            let mut seen = Vec::new();
            for target in [known, unknown] {
                settled(&app).await;
                let (hashed, before) = (app.gate.hashing.done(), rows(&app).await);
                let sent = send(&app, purpose, target).await;
                let mut after = rows(&app).await;
                // One row per target, kept from before where the target was asked for before.
                after.remove("code_budgets");
                let grown: Vec<(String, i64)> = after
                    .into_iter()
                    .map(|(table, count)| (table.clone(), count - before[&table]))
                    .filter(|(_, more)| *more != 0)
                    .collect();
                assert_eq!(grown, [("messages".to_owned(), 1), ("one_time_codes".to_owned(), 1)], "{purpose}");
                // A guess at either is answered alike, and costs as much.
                let guess = json!({ "challenge": sent.data()["challenge"], "code": "not a code" });
                let guessed = if purpose == "recover" {
                    recover(&app, &guess, OTHER).await
                } else {
                    check(&app, &guess).await
                };
                seen.push((sent.status, shape(&sent.json()), guessed.status, shape(&guessed.json()),
                    app.gate.hashing.done() - hashed));
            }
            assert_eq!(seen[0], seen[1], "{purpose}");
        }
        let mut seen = Vec::new();
        for email in [SARA, "nobody@example.sa", "+966512345678", "no email"] {
            let hashed = app.gate.hashing.done();
            let answer = login(&app, email, OTHER).await;
            seen.push((answer.status, shape(&answer.json()), app.gate.hashing.done() - hashed));
        }
        seen.dedup();
        assert_eq!(seen.len(), 1, "{seen:?}");
        // And nothing was sent to who is not there.
        assert!(app.messages_to("nobody-else@example.sa").await.is_empty());
        assert!(app.messages_to("+966500000002").await.is_empty());
    }

    async fn a_target_is_not_flooded_however_many_ask(app: TestApp) {
        let answers = futures::future::join_all((0..10).map(|_| send(&app, "sign_in", PHONE))).await;
        let sent = answers.iter().filter(|answer| answer.status == StatusCode::OK).count();
        assert_eq!(sent, 1);
        let refused = answers.iter().find(|answer| answer.status != StatusCode::OK).unwrap();
        assert_eq!((refused.code(), &refused.json()["error"]["details"]["retryAfter"]), ("rate_limited".to_owned(), &json!(30)));
        // A day of asking whenever it is allowed: five, and one every ten minutes.
        let mut sent = 1;
        for _ in 0..(60 * 24) {
            app.clock.advance(Duration::from_mins(1));
            sent += usize::from(send(&app, "sign_in", PHONE).await.status == StatusCode::OK);
        }
        assert!((140..=150).contains(&sent), "{sent}");
        assert_eq!(send(&app, "recover", "+966500000001").await.status, StatusCode::OK, "another is not concerned");
    }

    async fn a_new_password_ends_every_session_and_leaves_the_second_factor(app: TestApp) {
        let first = app.register(SARA, PASSWORD, "سارة").await;
        let user: Uuid = first.data()["user"]["id"].as_str().unwrap().parse().unwrap();
        let now = app.clock.now();
        change!(&app, "insert into totp (person, secret, last_step, made_at, confirmed_at) values ($1, 's1.x', 0, $2, $3)",
            user, now, now);
        let shown = code(&app, "recover", SARA).await;
        for weak in ["password1", "sara@example.sa", "momfood123"] {
            assert_eq!(recover(&app, &shown, weak).await.code(), "password_weak", "{weak}");
        }
        assert_eq!(recover(&app, &shown, "short").await.code(), "invalid_input");
        recover(&app, &shown, OTHER).await.data();
        assert_eq!(recover(&app, &shown, OTHER).await.code(), "code_invalid", "once");
        let me = app.request(Method::GET, "/api/v1/me").bearer(&access(&first)).send().await;
        assert!(["session_revoked", "token_expired"].contains(&me.code().as_str()));
        let refresh = json!({ "refreshToken": first.data()["refreshToken"] });
        assert_eq!(app.post("/api/v1/auth/refresh", &refresh).await.code(), "session_revoked");
        assert_eq!(login(&app, SARA, PASSWORD).await.code(), "invalid_credentials");
        assert_eq!(login(&app, SARA, OTHER).await.code(), "second_factor_required");
        let told = app.messages_to(SARA).await;
        assert_eq!(told.last().unwrap().subject, "غُيّرت كلمة مرورك في مام فود");
    }

    async fn a_recovery_code_is_worth_nothing_once_the_email_is_anothers(app: TestApp) {
        let first = app.register(SARA, PASSWORD, "سارة").await;
        let user: Uuid = first.data()["user"]["id"].as_str().unwrap().parse().unwrap();
        let shown = code(&app, "recover", SARA).await;
        change!(&app, "update users set email = 'new@example.sa' where id = $1", user);
        assert_eq!(recover(&app, &shown, OTHER).await.code(), "code_invalid");
        login(&app, "new@example.sa", PASSWORD).await.data();
    }

    async fn who_says_a_phone_is_theirs_does_not_keep_it_from_whose_it_is(app: TestApp) {
        let thief = access(&app.register("thief@example.sa", PASSWORD, "لص").await);
        let said = as_who(&app, Method::PATCH, "/api/v1/me", &thief, &json!({ "phone": PHONE })).await.data();
        assert_eq!(said["phone"], PHONE);
        // It signs nobody in to the thief's account, recovers nothing, and is nobody's.
        let sent = send(&app, "recover", PHONE).await.data();
        assert!(app.messages_to(PHONE).await.is_empty());
        assert_eq!(recover(&app, &json!({ "challenge": sent["challenge"], "code": "123456" }), OTHER).await.code(), "code_invalid");
        let owner = app.clock.now();
        app.clock.advance(Duration::from_secs(601));
        assert_ne!(app.clock.now(), owner);
        let owner = app.register(PHONE, PASSWORD, "سارة").await.data()["user"]["id"].clone();
        let again = check(&app, &code(&app, "sign_in", PHONE).await).await;
        assert_eq!(again.data()["user"]["id"], owner);
        // Nor does the thief get it by saying so again.
        let thief = access(&login(&app, "thief@example.sa", PASSWORD).await);
        as_who(&app, Method::PATCH, "/api/v1/me", &thief, &json!({ "phone": PHONE })).await.data();
        let again = check(&app, &code(&app, "sign_in", PHONE).await).await;
        assert_eq!(again.data()["user"]["id"], owner);
    }

    async fn an_email_or_phone_is_mine_once_i_show_its_code(app: TestApp) {
        let sara = access(&app.register(SARA, PASSWORD, "سارة").await);
        let noura = access(&app.register("noura@example.sa", PASSWORD, "نورة").await);
        let add = async |token: &str, body: Value| as_who(&app, Method::POST, "/api/v1/me/contacts", token, &body).await;
        let show = async |token: &str, shown: &Value| {
            as_who(&app, Method::POST, "/api/v1/me/contacts/check", token, shown).await
        };
        let sent = add(&sara, json!({ "phone": PHONE })).await.data();
        let shown = json!({ "challenge": sent["challenge"], "code": app.code_to(PHONE).await });
        assert_eq!(show(&noura, &shown).await.code(), "code_invalid", "not hers to show");
        assert_eq!(show(&sara, &shown).await.data()["phone"], PHONE);
        assert_eq!(app.messages_to(SARA).await.last().unwrap().subject, "تغيّرت بيانات التواصل في حسابك");
        // Another account's: the code goes out, and whoever shows it learns.
        app.clock.advance(Duration::from_secs(30));
        let sent = add(&noura, json!({ "phone": PHONE })).await.data();
        let shown = json!({ "challenge": sent["challenge"], "code": app.code_to(PHONE).await });
        assert_eq!(show(&noura, &shown).await.code(), "phone_taken");
        let sent = add(&noura, json!({ "email": "New@Example.sa" })).await.data();
        let shown = json!({ "challenge": sent["challenge"], "code": app.code_to("new@example.sa").await });
        assert_eq!(show(&noura, &shown).await.data()["email"], "new@example.sa");
        login(&app, "new@example.sa", PASSWORD).await.data();
        assert_eq!(login(&app, "noura@example.sa", PASSWORD).await.code(), "invalid_credentials");
        for wrong in [json!({}), json!({ "email": "x@y.sa", "phone": PHONE }), json!({ "email": "no" })] {
            assert_eq!(add(&sara, wrong).await.code(), "invalid_input");
        }
        // Whoever found a phone lying about does not make the account theirs.
        app.clock.advance(Duration::from_mins(11));
        assert_eq!(add(&sara, json!({ "email": "thief@example.sa" })).await.code(), "confirm_identity");
    }

    async fn who_has_no_password_confirms_with_a_code(app: TestApp) {
        let shown = code(&app, "sign_in", PHONE).await;
        let who = check(&app, &shown).await.json()["error"]["details"].clone();
        let register = json!({ "ticket": who["ticket"], "firstName": "سارة", "consents": Consent::of_a_newcomer(false) });
        let token = access(&app.post("/api/v1/auth/register", &register).await);
        app.clock.advance(Duration::from_mins(11));
        let add = json!({ "email": SARA });
        let asked = as_who(&app, Method::POST, "/api/v1/me/contacts", &token, &add).await;
        assert_eq!(asked.code(), "confirm_identity");
        let sent = app.request(Method::POST, "/api/v1/auth/confirm/code").bearer(&token).send().await.data();
        let confirm = json!({ "code": { "challenge": sent["challenge"], "code": app.code_to(PHONE).await } });
        as_who(&app, Method::POST, "/api/v1/auth/confirm", &token, &confirm).await.data();
        as_who(&app, Method::POST, "/api/v1/me/contacts", &token, &add).await.data();
    }

    async fn who_is_suspended_is_not_let_in_by_a_code(app: TestApp) {
        let user = app.register(PHONE, PASSWORD, "سارة").await.data()["user"]["id"].clone();
        let user: Uuid = user.as_str().unwrap().parse().unwrap();
        change!(&app, "update users set status = 'suspended' where id = $1", user);
        assert_eq!(check(&app, &code(&app, "sign_in", PHONE).await).await.code(), "forbidden");
        let shown = code(&app, "recover", PHONE).await;
        assert_eq!(recover(&app, &shown, OTHER).await.code(), "forbidden");
    }

    async fn what_is_asked_for_must_fit_its_purpose(app: TestApp) {
        let ask = async |body: Value| word(&app.post("/api/v1/auth/codes", &body).await);
        assert_eq!(ask(json!({ "purpose": "sign_in", "email": SARA })).await, "invalid_input");
        assert_eq!(ask(json!({ "purpose": "sign_up", "phone": PHONE })).await, "invalid_input");
        assert_eq!(ask(json!({ "purpose": "recover" })).await, "invalid_input");
        assert_eq!(ask(json!({ "purpose": "recover", "email": SARA, "phone": PHONE })).await, "invalid_input");
        assert_eq!(ask(json!({ "purpose": "verify", "email": SARA })).await, "malformed_json");
        assert_eq!(ask(json!({ "purpose": "recover", "email": "a@b.sa\r\nBcc: c@d.sa" })).await, "invalid_input");
    }

    async fn an_old_hash_is_made_anew_when_its_password_is_right(app: TestApp) {
        let user = app.register(SARA, PASSWORD, "سارة").await.data()["user"]["id"].clone();
        let user: Uuid = user.as_str().unwrap().parse().unwrap();
        let weaker = argon2::Params::new(4096, 1, 1, None).unwrap();
        let weaker = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, weaker);
        let old = weaker.hash_password_with_salt(PASSWORD.as_bytes(), &[3; 16]).unwrap().to_string();
        let kept = old.clone();
        change!(&app, "update users set password_hash = $1 where id = $2", kept, user);
        let hash = async || {
            let mut tx = app.db.read().await.unwrap();
            let (hash,) = sql!(&mut tx, fetch_one as (String,), "select password_hash from users where id = $1", user).unwrap();
            hash
        };
        assert_eq!(login(&app, SARA, OTHER).await.code(), "invalid_credentials");
        assert_eq!(hash().await, old);
        login(&app, SARA, PASSWORD).await.data();
        assert!(hash().await.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        login(&app, SARA, PASSWORD).await.data();
    }
}

#[tokio::test]
async fn one_address_does_not_send_codes_to_the_whole_country() {
    let usual = Class::CodesFrom.usual();
    let app = TestApp::start_with(Engine::Sqlite, |config| {
        config.limits = Budgets::none().with(Class::CodesFrom, Some(usual));
    })
    .await;
    let mut sent = 0;
    for number in 0..200 {
        let ask = json!({ "purpose": "sign_in", "phone": format!("+9665000{number:05}") });
        let answer = app
            .request(Method::POST, "/api/v1/auth/codes")
            .from("203.0.113.7:4000")
            .json(&ask)
            .send()
            .await;
        sent += i64::from(answer.status == StatusCode::OK);
    }
    assert_eq!(sent, usual.burst());
    let ask = json!({ "purpose": "sign_in", "phone": PHONE });
    let another = app
        .request(Method::POST, "/api/v1/auth/codes")
        .from("203.0.114.7:4000");
    another.json(&ask).send().await.data();
}

/// What is logged, all of it.
#[derive(Clone, Default)]
pub struct Log(pub Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn no_code_password_token_email_or_number_is_ever_logged() {
    let log = Log::default();
    let everything = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .with_ansi(false)
        .finish();
    let _guard = tracing::subscriber::set_default(everything);
    // While a program has one subscriber, whether a place logs is asked of the thread that reaches it first: another test's,
    // which has none. With two, all are asked.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let app = TestApp::start(Engine::Sqlite).await;
    let mut secrets = vec![
        PASSWORD.to_owned(),
        OTHER.to_owned(),
        SARA.to_owned(),
        "512345678".to_owned(),
    ];
    let ticket = app.ticket(SARA).await;
    let register = json!({ "ticket": ticket, "password": PASSWORD, "firstName": "سارة", "consents": Consent::of_a_newcomer(false) });
    let first = app.post("/api/v1/auth/register", &register).await;
    let token = access(&first);
    secrets.extend([
        ticket,
        token.clone(),
        first.data()["refreshToken"].as_str().unwrap().to_owned(),
    ]);
    let sent = as_who(
        &app,
        Method::POST,
        "/api/v1/me/contacts",
        &token,
        &json!({ "phone": PHONE }),
    )
    .await
    .data();
    let shown = json!({ "challenge": sent["challenge"], "code": app.code_to(PHONE).await });
    as_who(
        &app,
        Method::POST,
        "/api/v1/me/contacts/check",
        &token,
        &wrong(&shown),
    )
    .await;
    as_who(&app, Method::POST, "/api/v1/me/contacts/check", &token, &shown)
        .await
        .data();
    let entered = check(&app, &code(&app, "sign_in", PHONE).await).await;
    secrets.push(access(&entered));
    recover(&app, &code(&app, "recover", SARA).await, OTHER)
        .await
        .data();
    assert_eq!(login(&app, SARA, PASSWORD).await.code(), "invalid_credentials");
    login(&app, SARA, OTHER).await.data();
    app.tick().await;
    for target in [SARA, PHONE] {
        secrets.extend(
            app.messages_to(target)
                .await
                .into_iter()
                .filter_map(|message| message.code),
        );
    }
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(
        log.contains("/api/v1/auth/codes"),
        "something was logged: {}",
        log.chars().take(2_000).collect::<String>()
    );
    assert!(secrets.len() >= 12, "{}", secrets.len());
    for secret in secrets {
        // Six digits may be part of any number: a code would stand alone.
        let told = log.split(|c: char| !(c.is_alphanumeric() || "@.+-_ ".contains(c)));
        let found = if secret.len() == 6 {
            told.flat_map(|part| part.split(' ')).any(|part| part == secret)
        } else {
            log.contains(&secret)
        };
        assert!(!found, "{secret} was logged");
    }
}
