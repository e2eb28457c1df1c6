//! What stays of sign-ins that failed: a line in the log for each, a few in the record of an account, nothing of who has
//! none.

use std::time::Duration;

use http::Method;
use momfood_backend::both;
use momfood_backend::limits::Budgets;
use momfood_backend::store::{Engine, sql};
use momfood_backend::testing::{Answer, FromEngine, TestApp};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::authenticators::code;
use crate::codes::{Log, PASSWORD, PHONE, SARA, check, recover, send};
use crate::factors::{begin, show, with_codes};

const NOBODY: &str = "nobody@example.sa";
const WRONG: &str = "not the password";

/// Until what was begun behind answers is done.
pub async fn settled(app: &TestApp) {
    app.tasks.close();
    app.tasks.wait().await;
    app.tasks.reopen();
}

/// A wrong password, from one of many addresses.
async fn guess(app: &TestApp, email: &str, number: u32) -> Answer {
    let body = json!({ "email": email, "password": WRONG });
    let login = app.request(Method::POST, "/api/v1/auth/login");
    let from = format!("203.0.{}.{}:4000", number / 250, number % 250 + 1);
    login.from(&from).json(&body).send().await
}

/// What the record has of failed sign-ins: who did it, whose account it was, and the rest.
async fn kept(app: &TestApp) -> Vec<(Option<Uuid>, Option<Uuid>, Value)> {
    settled(app).await;
    let mut tx = app.db.read().await.unwrap();
    let rows = sql!(
        &mut tx,
        fetch_all as (Option<Uuid>, Option<Uuid>, sqlx::types::Json<Value>),
        "select actor, subject_id, detail from audit_log where action = 'identity.sign_in_failed' order by at, id"
    )
    .unwrap();
    rows.into_iter()
        .map(|(actor, subject, detail)| (actor, subject, detail.0))
        .collect()
}

async fn sara(app: &TestApp) -> Uuid {
    let session = app.register(SARA, PASSWORD, "سارة").await.data();
    session["user"]["id"].as_str().unwrap().parse().unwrap()
}

/// A server that counts as it does unless its settings say otherwise.
struct Counting(TestApp);

impl FromEngine for Counting {
    async fn from_engine(engine: Engine) -> Self {
        Self(TestApp::start_with(engine, |config| config.limits = Budgets::default()).await)
    }
}

both! {
    async fn a_wrong_password_is_in_the_record_of_its_account(app: TestApp) {
        let sara = sara(&app).await;
        assert_eq!(guess(&app, SARA, 1).await.code(), "invalid_credentials");
        let detail = json!({ "method": "password" });
        assert_eq!(kept(&app).await, [(None, Some(sara), detail)], "by whom nobody knows");
    }

    async fn however_many_guess_only_a_few_lines_are_kept_and_of_who_has_no_account_none(counting: Counting) {
        let app = counting.0;
        sara(&app).await;
        for number in 0..40 {
            guess(&app, SARA, number).await;
            guess(&app, NOBODY, number).await;
            guess(&app, &format!("nobody-{number}@example.sa"), number).await;
        }
        assert_eq!(kept(&app).await.len(), 5);
        app.clock.advance(Duration::from_hours(1));
        for number in 0..40 {
            guess(&app, SARA, number).await;
        }
        assert_eq!(kept(&app).await.len(), 7, "two an hour");
    }

    async fn a_wrong_code_is_in_the_record_of_who_it_was_for(app: TestApp) {
        let sara = sara(&app).await;
        app.register(PHONE, PASSWORD, "نورة").await.data();
        app.clock.advance(Duration::from_secs(601));
        let sent = send(&app, "recover", SARA).await.data();
        let wrong = json!({ "challenge": sent["challenge"], "code": "not a code" });
        assert_eq!(recover(&app, &wrong, WRONG).await.code(), "code_invalid");
        let detail = json!({ "method": "code" });
        assert_eq!(kept(&app).await, [(None, Some(sara), detail.clone())]);
        // One to sign in belongs to whoever has the phone.
        let sent = send(&app, "sign_in", PHONE).await.data();
        let wrong = json!({ "challenge": sent["challenge"], "code": "not a code" });
        assert_eq!(check(&app, &wrong).await.code(), "code_invalid");
        let all = kept(&app).await;
        assert_eq!(all.len(), 2);
        assert!(all.iter().all(|(_, whose, _)| whose.is_some()));
        // Nobody has this one, and this challenge does not exist.
        let sent = send(&app, "sign_in", "+966500000001").await.data();
        check(&app, &json!({ "challenge": sent["challenge"], "code": "not a code" })).await;
        check(&app, &json!({ "challenge": Uuid::nil(), "code": "123456" })).await;
        assert_eq!(kept(&app).await.len(), 2);
    }
}

#[tokio::test]
async fn every_failed_sign_in_is_a_line_in_the_log_that_names_the_account_and_nothing_typed() {
    let log = Log::default();
    let everything = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::INFO)
        .with_writer(log.clone())
        .with_ansi(false)
        .finish();
    let _guard = tracing::subscriber::set_default(everything);
    // While a program has one subscriber, whether a place logs is asked of the thread that reaches it first: another test's,
    // which has none. With two, all are asked.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let app = TestApp::start(Engine::Sqlite).await;
    let lines = async || {
        settled(&app).await;
        let text = String::from_utf8(std::mem::take(&mut *log.0.lock().unwrap())).unwrap();
        let lines = text.lines().filter(|line| line.contains("sign_in_failed"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let sara = sara(&app).await;
    lines().await;

    guess(&app, SARA, 6).await;
    guess(&app, NOBODY, 6).await;
    let said = lines().await;
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].contains(&format!("account={sara}")), "{}", said[0]);
    assert!(!said[1].contains("account="), "{}", said[1]);
    for line in &said {
        assert!(
            line.contains("WARN") && line.contains("address=203.0.0.7"),
            "{line}"
        );
        assert!(line.contains("method=\"password\" why=\"wrong\""), "{line}");
        assert!(!line.contains('@') && !line.contains(WRONG), "{line}");
    }
    for _ in 0..9 {
        guess(&app, SARA, 6).await;
    }
    let limited = lines().await;
    let limited = limited.iter().filter(|line| line.contains("why=\"limited\""));
    assert_eq!(limited.count(), 2);

    app.clock.advance(Duration::from_secs(601));
    let sent = send(&app, "recover", SARA).await.data();
    recover(
        &app,
        &json!({ "challenge": sent["challenge"], "code": "not a code" }),
        WRONG,
    )
    .await;
    let said = lines().await;
    assert_eq!(said.len(), 1);
    assert!(
        said[0].contains(&format!("account={sara}")) && said[0].contains("method=\"code\""),
        "{}",
        said[0]
    );

    let (lina, authenticator, _) = with_codes(&app).await;
    let ticket = begin(&app, &lina).await;
    let wrong = if code(&app, &authenticator) == "123456" {
        "654321"
    } else {
        "123456"
    };
    assert_eq!(show(&app, &ticket, "totp", wrong).await.code(), "code_invalid");
    let said = lines().await;
    assert_eq!(said.len(), 1);
    assert!(
        said[0].contains(&format!("account={}", lina.id)) && said[0].contains("method=\"second_factor\""),
        "{}",
        said[0]
    );
}
