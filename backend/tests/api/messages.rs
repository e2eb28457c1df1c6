//! Messages by SMS and email: sent after the commit by carriers on real sockets, again when a carrier is away, never
//! when they are over, and shown instead where a developer looks.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use http::{HeaderMap, Method, StatusCode};
use momfood_backend::both;
use momfood_backend::clock::Clock;
use momfood_backend::config::Config;
use momfood_backend::messages::{
    Carriers, CodeFor, Gateway, Mailer, Target, Text, pretend, queue, send_due_with, tell,
};
use momfood_backend::seed;
use momfood_backend::store::{StoreError, sql};
use momfood_backend::testing::{NOON, TestApp};
use momfood_domain::phone::Phone;
use momfood_domain::text::Lang;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

const PHONE: &str = "+966512345678";

fn phone() -> Target {
    Target::Phone(Phone::parse(PHONE).unwrap())
}

fn a_code() -> Text {
    Text::Code {
        what: CodeFor::SignIn,
        code: "123456".into(),
    }
}

async fn write(app: &TestApp, target: Target, text: Text) {
    let made = (app.clock.uuid(), app.clock.now());
    app.db
        .write(async move |mut tx| queue(&mut tx, &target, &text, Lang::En, made).await)
        .await
        .unwrap();
}

async fn waiting(app: &TestApp) -> i64 {
    let mut tx = app.db.read().await.unwrap();
    let (rows,) = sql!(&mut tx, fetch_one as (i64,), "select count(*) from messages").unwrap();
    rows
}

/// A gateway made up: notes what it hears and answers with a status.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<(Asked, u16)>>);

/// Headers and bodies, in the order they came.
type Asked = Vec<(HeaderMap, String)>;

impl Heard {
    async fn start(&self) -> String {
        async fn hear(State(heard): State<Heard>, headers: HeaderMap, body: String) -> StatusCode {
            let mut inside = heard.0.lock().unwrap();
            inside.0.push((headers, body));
            StatusCode::from_u16(inside.1).unwrap()
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/sms", listener.local_addr().unwrap());
        let router = axum::Router::new().fallback(hear).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    fn answer(&self, status: u16) {
        self.0.lock().unwrap().1 = status;
    }

    fn all(&self) -> Vec<(HeaderMap, String)> {
        self.0.lock().unwrap().0.clone()
    }
}

async fn by_sms(body: &str, user: Option<&str>) -> (Heard, Carriers) {
    let heard = Heard::default();
    heard.answer(200);
    let url = heard.start().await;
    let gateway = Gateway::new(&url, body, user.map(str::to_owned), Some("s3cret".into())).unwrap();
    let carriers = Carriers {
        sms: Some(Arc::new(gateway)),
        ..Carriers::default()
    };
    (heard, carriers)
}

async fn send(app: &TestApp, carriers: &Carriers) {
    send_due_with(app, carriers, app.clock.now()).await.unwrap();
}

/// A mail server made up: takes one message after the other, refuses those to `nobody@…`.
async fn mail_server() -> (Arc<Mutex<Vec<String>>>, Carriers) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let taken = Arc::<Mutex<Vec<String>>>::default();
    let letters = Arc::clone(&taken);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let (read, mut write) = socket.into_split();
            let mut lines = BufReader::new(read).lines();
            write.write_all(b"220 here\r\n").await.unwrap();
            while let Ok(Some(line)) = lines.next_line().await {
                let answer = match line.split(' ').next().unwrap_or_default() {
                    "RCPT" if line.contains("nobody@") => "550 no such box\r\n",
                    "RCPT" if line.contains("later@") => "450 not now\r\n",
                    "QUIT" => "221 bye\r\n",
                    "DATA" => {
                        write.write_all(b"354 go on\r\n").await.unwrap();
                        let mut letter = String::new();
                        while let Ok(Some(line)) = lines.next_line().await {
                            if line == "." {
                                break;
                            }
                            letter.push_str(&line);
                            letter.push('\n');
                        }
                        letters.lock().unwrap().push(letter);
                        "250 taken\r\n"
                    }
                    _ => "250 yes\r\n",
                };
                write.write_all(answer.as_bytes()).await.unwrap();
            }
        }
    });
    let mailer = Mailer::new(
        &url,
        "MomFood <no-reply@momfood.test>",
        None,
        Clock::manual(NOON, 1),
    )
    .unwrap();
    let carriers = Carriers {
        mail: Some(Arc::new(mailer)),
        ..Carriers::default()
    };
    (taken, carriers)
}

both! {
    async fn a_message_is_sent_after_the_commit_that_wrote_it_and_never_without(app: TestApp) {
        let made = (app.clock.uuid(), app.clock.now());
        let undone: Result<(), StoreError> = app.db.write(async move |mut tx| {
            queue(&mut tx, &phone(), &a_code(), Lang::En, made).await?;
            Err(StoreError::Stopping)
        }).await;
        assert!(undone.is_err());
        assert!(app.messages_to(PHONE).await.is_empty());
        write(&app, phone(), a_code()).await;
        let sent = app.messages_to(PHONE).await;
        assert_eq!(sent.len(), 1);
        assert_eq!((sent[0].channel, sent[0].code.as_deref()), ("sms", Some("123456")));
        assert_eq!(waiting(&app).await, 0, "its row is gone");
    }

    async fn an_sms_gateway_hears_a_form_as_twilio_or_unifonic_want_it(app: TestApp) {
        let (heard, carriers) = by_sms("To={to}&Body={text}&From=MomFood", Some("AC1")).await;
        write(&app, phone(), a_code()).await;
        send(&app, &carriers).await;
        let (headers, body) = heard.all().remove(0);
        assert_eq!(headers["content-type"], "application/x-www-form-urlencoded");
        assert_eq!(headers["authorization"], "Basic QUMxOnMzY3JldA==");
        assert!(body.starts_with("To=%2B966512345678&Body=Your+MomFood+sign-in+code%3A+123456%0A"), "{body}");
        let (heard, carriers) = by_sms("AppSid={token}&Recipient={digits}&Body={text}", None).await;
        write(&app, phone(), a_code()).await;
        send(&app, &carriers).await;
        let (headers, body) = heard.all().remove(0);
        assert!(headers.get("authorization").is_none());
        assert!(body.starts_with("AppSid=s3cret&Recipient=966512345678&"), "{body}");
    }

    async fn a_gateway_that_is_down_is_asked_again_with_longer_and_longer_rests(app: TestApp) {
        let (heard, carriers) = by_sms(r#"{"to":"{to}","text":"{text}","id":"{id}"}"#, None).await;
        heard.answer(503);
        write(&app, phone(), a_code()).await;
        let mut tries = Vec::new();
        for second in 0..60 {
            let before = heard.all().len();
            send(&app, &carriers).await;
            if heard.all().len() > before {
                tries.push(second);
            }
            app.clock.advance(Duration::from_secs(1));
        }
        assert!((4..=6).contains(&tries.len()), "{tries:?}");
        heard.answer(202);
        app.clock.advance(Duration::from_secs(90));
        send(&app, &carriers).await;
        assert_eq!(waiting(&app).await, 0);
        let all = heard.all();
        assert_eq!(all[0].0["authorization"], "Bearer s3cret");
        let ids: Vec<serde_json::Value> = all
            .iter()
            .map(|(_, body)| serde_json::from_str::<serde_json::Value>(body).unwrap()["id"].clone())
            .collect();
        assert!(ids.iter().all(|id| *id == ids[0]), "the gateway can tell that it is the same message");
    }

    async fn a_code_is_not_sent_once_it_no_longer_works(app: TestApp) {
        let (heard, carriers) = by_sms("to={to}&text={text}", None).await;
        heard.answer(500);
        write(&app, phone(), a_code()).await;
        send(&app, &carriers).await;
        heard.answer(200);
        app.clock.advance(Duration::from_secs(601));
        send(&app, &carriers).await;
        assert_eq!(heard.all().len(), 1);
        assert_eq!(waiting(&app).await, 0);
    }

    async fn what_is_refused_for_good_is_not_tried_again(app: TestApp) {
        let (heard, carriers) = by_sms("to={to}&text={text}", None).await;
        heard.answer(400);
        write(&app, phone(), a_code()).await;
        send(&app, &carriers).await;
        assert_eq!((heard.all().len(), waiting(&app).await), (1, 0));
    }

    async fn a_pretended_message_leaves_as_much_behind_and_is_never_sent(app: TestApp) {
        let made = (app.clock.uuid(), app.clock.now());
        app.db.write(async move |mut tx| pretend(&mut tx, &phone(), &a_code(), Lang::En, made).await).await.unwrap();
        assert_eq!(waiting(&app).await, 1);
        assert!(app.messages_to(PHONE).await.is_empty());
        assert_eq!(waiting(&app).await, 0);
    }

    async fn two_servers_do_not_send_the_same_message(app: TestApp) {
        let (heard, carriers) = by_sms("to={to}&text={text}", None).await;
        for _ in 0..10 {
            write(&app, phone(), a_code()).await;
        }
        let now = app.clock.now();
        let rounds = (0..4).map(|_| send_due_with(&app, &carriers, now));
        for outcome in futures::future::join_all(rounds).await {
            outcome.unwrap();
        }
        assert_eq!(heard.all().len(), 10);
    }

    async fn a_mail_server_is_given_plain_text_in_the_persons_language(app: TestApp) {
        let (taken, carriers) = mail_server().await;
        app.seed().await;
        let sara = seed::id("sara@demo.momfood.test");
        let made = (app.clock.uuid(), app.clock.now());
        app.db.write(async move |mut tx| tell(&mut tx, sara, &Text::PasswordChanged, made).await).await.unwrap();
        send(&app, &carriers).await;
        // People of the demo city are written to as well.
        let letters = taken.lock().unwrap().clone();
        let letter = letters.iter().find(|letter| letter.contains("To: sara@demo.momfood.test")).unwrap();
        assert!(letter.contains("Content-Type: text/plain; charset=utf-8"), "{letter}");
        assert!(letter.contains("Subject: =?utf-8?b?"), "in Arabic: {letter}");
    }

    async fn a_mail_server_that_refuses_or_is_away_is_believed(app: TestApp) {
        let (taken, carriers) = mail_server().await;
        write(&app, Target::Email("nobody@example.com".into()), a_code()).await;
        send(&app, &carriers).await;
        assert_eq!(waiting(&app).await, 0);
        write(&app, Target::Email("later@example.com".into()), a_code()).await;
        send(&app, &carriers).await;
        assert_eq!(waiting(&app).await, 1);
        let gone = Mailer::new("smtp://127.0.0.1:1", "no-reply@momfood.test", None, app.clock.clone()).unwrap();
        let carriers = Carriers { mail: Some(Arc::new(gone)), ..Carriers::default() };
        app.clock.advance(Duration::from_secs(10));
        send(&app, &carriers).await;
        assert_eq!(waiting(&app).await, 1);
        assert!(taken.lock().unwrap().is_empty());
    }
}

#[tokio::test]
async fn messages_are_shown_to_this_machine_only() {
    let app = TestApp::start_with(momfood_backend::store::Engine::Sqlite, |config| {
        config.dev_messages = true;
    })
    .await;
    write(
        &app,
        Target::Email("a@example.com".into()),
        Text::Refused {
            reason: "<script>alert(1)</script>".into(),
        },
    )
    .await;
    write(&app, phone(), a_code()).await;
    app.tick().await;
    let ask = |from: &'static str, host: &'static str| {
        app.request(Method::GET, "/dev/messages")
            .from(from)
            .header("host", host)
    };
    let page = ask("127.0.0.1:5000", "127.0.0.1:8080").send().await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    assert!(
        text.contains("123456") && text.contains(PHONE) && !text.contains("<script>"),
        "{text}"
    );
    let json = ask("[::1]:5000", "localhost")
        .header("accept", "application/json")
        .send()
        .await
        .data();
    let shown = json.as_array().unwrap();
    assert!(
        shown
            .iter()
            .any(|one| one["code"] == "123456" && one["to"] == PHONE && one["channel"] == "sms")
    );
    for elsewhere in [
        ask("192.168.1.7:5000", "localhost"),
        ask("127.0.0.1:5000", "momfood.example"),
        ask("127.0.0.1:5000", "localhost").header("x-forwarded-for", "1.2.3.4"),
        app.request(Method::GET, "/dev/messages")
            .header("host", "localhost"),
    ] {
        assert_eq!(elsewhere.send().await.status, StatusCode::NOT_FOUND);
    }
}

#[test]
fn a_server_that_others_reach_shows_no_messages() {
    let clock = Clock::manual(NOON, 1);
    let mut config = Config {
        dev_messages: true,
        ..Config::default()
    };
    assert!(Carriers::from_config(&config, &clock).is_ok());
    config.public_url = Some("https://momfood.example".into());
    assert!(Carriers::from_config(&config, &clock).is_err());
    let bare = Carriers::from_config(&Config::default(), &clock).unwrap();
    assert!(bare.shown.is_none() && bare.sms.is_none() && bare.mail.is_none());
}
