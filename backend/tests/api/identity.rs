//! Who calls: accounts, sign-ins, tokens, and what ends them.

use std::time::Duration;

use http::{Method, StatusCode};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use momfood_backend::both;
use momfood_backend::identity::{self, Bearer, Renewal};
use momfood_backend::keys::Keys;
use momfood_backend::seed;
use momfood_backend::store::{Engine, sql};
use momfood_backend::testing::{Answer, TestApp};
use momfood_domain::actor::Role;
use momfood_domain::id::{SessionId, UserId};
use momfood_protocol::account::Consent;
use serde_json::{Value, json};
use uuid::Uuid;

const DAY: Duration = Duration::from_hours(24);
const AUTH: &str = "/api/v1/auth";

/// Registers by email; the phone is only said to be theirs.
async fn register(app: &TestApp, email: &str, phone: Option<&str>) -> Answer {
    let email = email.trim().to_lowercase();
    let answer = app.register(&email, "a long secret", "سارة").await;
    if let Some(phone) = phone {
        let (access, _) = tokens(&answer);
        let patch = app.request(Method::PATCH, "/api/v1/me").bearer(&access);
        patch.json(&json!({ "phone": phone })).send().await.data();
    }
    answer
}

async fn login(app: &TestApp, email: &str, password: &str, role: Option<&str>) -> Answer {
    app.post(
        &format!("{AUTH}/login"),
        &json!({ "email": email, "password": password, "role": role }),
    )
    .await
}

async fn refresh(app: &TestApp, token: &str) -> Answer {
    app.post(&format!("{AUTH}/refresh"), &json!({ "refreshToken": token }))
        .await
}

async fn me(app: &TestApp, access: &str) -> Answer {
    app.request(Method::GET, "/api/v1/me").bearer(access).send().await
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The access and refresh tokens of an answer.
fn tokens(answer: &Answer) -> (String, String) {
    let data = answer.data();
    (text(&data["accessToken"]), text(&data["refreshToken"]))
}

async fn actions(app: &TestApp) -> Vec<String> {
    let mut tx = app.db.read().await.unwrap();
    let rows = sql!(
        &mut tx,
        fetch_all as (String,),
        "select action from audit_log order by action"
    )
    .unwrap();
    rows.into_iter().map(|(action,)| action).collect()
}

async fn suspend(app: &TestApp, user: UserId) {
    let write = app.db.write(async move |mut tx| {
        sql!(
            &mut tx,
            execute,
            "update users set status = 'suspended' where id = $1",
            user
        )
    });
    write.await.unwrap();
}

both! {
    async fn who_registers_is_signed_in_at_once_as_a_customer(app: TestApp) {
        let ticket = app.ticket("sara@example.com").await;
        let body = json!({ "ticket": ticket, "password": "a long secret", "firstName": " سارة ", "lastName": "القحطاني",
            "language": "en", "consents": Consent::of_a_newcomer(true) });
        let answer = app.post(&format!("{AUTH}/register"), &body).await;
        assert_eq!(answer.status, StatusCode::CREATED);
        assert_eq!(answer.header("cache-control"), "no-store");
        let user = &answer.data()["user"];
        assert_eq!(user["email"], "sara@example.com");
        assert_eq!((&user["firstName"], &user["language"]), (&json!("سارة"), &json!("en")));
        assert_eq!((&user["role"], &user["roles"]), (&json!("customer"), &json!(["customer"])));
        let (access, _) = tokens(&answer);
        assert_eq!(me(&app, &access).await.data(), *user);
        let again = login(&app, "SARA@example.com", "a long secret", None).await;
        assert_eq!(again.data()["user"]["id"], user["id"]);
        let mut tx = app.db.read().await.unwrap();
        let consents = sql!(&mut tx, fetch_all as (String, String, bool), "select kind, version, given from consents order by kind").unwrap();
        let given = |kind: &str| (kind.to_owned(), "2026-11-01".to_owned(), true);
        assert_eq!(consents, [given("marketing"), given("privacy"), given("terms")]);
    }

    async fn an_email_taken_meanwhile_leaves_nothing_half_done(app: TestApp) {
        let (first, second) = (app.ticket("sara@example.com").await, {
            app.clock.advance(Duration::from_secs(30));
            app.ticket("sara@example.com").await
        });
        let with = |ticket: &str| json!({ "ticket": ticket, "password": "a long secret", "firstName": "سارة", "consents": Consent::of_a_newcomer(false) });
        app.post(&format!("{AUTH}/register"), &with(&first)).await.data();
        assert_eq!(app.post(&format!("{AUTH}/register"), &with(&second)).await.code(), "email_taken");
        assert_eq!(app.post(&format!("{AUTH}/register"), &with(&first)).await.code(), "ticket_invalid");
        let mut tx = app.db.read().await.unwrap();
        let counts = sql!(&mut tx, fetch_one as (i64, i64, i64), "select (select count(*) from users), \
            (select count(*) from user_roles), (select count(*) from customer_profiles)").unwrap();
        assert_eq!(counts, (1, 1, 1));
    }

    async fn details_that_are_not_right_are_named_and_the_ticket_goes_on_working(app: TestApp) {
        let ticket = app.ticket("sara@example.com").await;
        let with = |field: &str, value: Value| {
            let mut body = json!({ "ticket": ticket, "password": "a long secret", "firstName": "سارة", "consents": Consent::of_a_newcomer(false) });
            body[field] = value;
            body
        };
        for (field, value) in [
            ("password", json!("short")),
            ("password", json!("x".repeat(201))),
            ("password", Value::Null),
            ("firstName", json!("  ")),
            ("lastName", json!("x".repeat(61))),
        ] {
            let answer = app.post(&format!("{AUTH}/register"), &with(field, value)).await;
            assert_eq!(answer.code(), "invalid_input");
            assert_eq!(answer.json()["error"]["details"]["field"], field);
        }
        for (field, value) in [("email", json!("x@y.z")), ("isAdmin", json!(true)), ("role", json!("admin"))] {
            let answer = app.post(&format!("{AUTH}/register"), &with(field, value)).await;
            assert_eq!(answer.code(), "malformed_json", "{field}");
        }
        for weak in ["password123", "momfood2026", "sara@example.com", "سارةسارة١٢"] {
            let answer = app.post(&format!("{AUTH}/register"), &with("password", json!(weak))).await;
            assert_eq!(answer.code(), "password_weak", "{weak}");
        }
        // Eight letters are eight characters in any script.
        let arabic = app.post(&format!("{AUTH}/register"), &with("password", json!("كلمةسرية"))).await;
        assert_eq!(arabic.status, StatusCode::CREATED);
    }

    async fn nobody_has_an_account_without_agreeing_to_the_texts_in_force(app: TestApp) {
        let ticket = app.ticket("sara@example.com").await;
        let register = async |consents: Value| {
            let body = json!({ "ticket": ticket, "password": "a long secret", "firstName": "سارة", "consents": consents });
            app.post(&format!("{AUTH}/register"), &body).await
        };
        let say = |kind: &str, version: &str, given: bool| json!({ "kind": kind, "version": version, "given": given });
        let day = "2026-11-01";
        let (terms, privacy) = (say("terms", day, true), say("privacy", day, true));
        for (what, consents) in [
            ("nothing", json!([])),
            ("the terms alone", json!([terms])),
            ("the notice alone", json!([privacy])),
            ("news alone", json!([say("marketing", day, true)])),
            ("no to the terms", json!([say("terms", day, false), privacy])),
            ("no to the notice", json!([terms, say("privacy", day, false)])),
            ("an older text", json!([say("terms", "2020-01-01", true), privacy])),
            ("a text of nobody's", json!([terms, say("privacy", &"x".repeat(33), true)])),
            ("news of an older text", json!([terms, privacy, say("marketing", "2020-01-01", false)])),
            ("yes and no", json!([terms, privacy, say("terms", day, false)])),
        ] {
            let answer = register(consents).await;
            assert_eq!((answer.code().as_str(), &answer.json()["error"]["details"]["field"]),
                ("invalid_input", &json!("consents")), "{what}");
        }
        let unsaid = json!({ "ticket": ticket, "password": "a long secret", "firstName": "سارة" });
        assert_eq!(app.post(&format!("{AUTH}/register"), &unsaid).await.json()["error"]["details"]["field"], "consents");
        let mut tx = app.db.read().await.unwrap();
        assert_eq!(sql!(&mut tx, fetch_one as (i64,), "select count(*) from users").unwrap(), (0,));
        drop(tx);
        // News are nobody's duty.
        assert_eq!(register(json!([terms, privacy])).await.status, StatusCode::CREATED);
    }

    async fn a_password_is_taken_exactly_as_it_was_typed(app: TestApp) {
        // Blanks before and behind, both cases, two scripts, a picture, and more than 64 characters.
        let typed = format!("  كلمة السر Of Sara 🔑{} ", "طويلة جداً ".repeat(8));
        assert!(typed.chars().count() > 100 && typed.len() > 72);
        app.register("sara@example.com", &typed, "سارة").await.data();
        let last = typed.trim_end().char_indices().last().unwrap().0;
        for other in [
            typed.trim().to_owned(),
            typed.to_lowercase(),
            typed.replace('ة', "ه"),
            typed.chars().take(64).collect(),
            typed[..last].to_owned(),
            format!("{typed} "),
        ] {
            assert_ne!(other, typed);
            assert_eq!(login(&app, "sara@example.com", &other, None).await.code(), "invalid_credentials", "{other}");
        }
        login(&app, "sara@example.com", &typed, None).await.data();
        let longest: String = ('\u{621}'..='\u{64a}').filter(|c| c.is_alphabetic()).cycle().step_by(7).take(200).collect();
        let cut: String = longest.chars().take(199).collect();
        assert_eq!(longest.chars().count(), 200);
        app.clock.advance(Duration::from_mins(1));
        app.register("noura@example.com", &longest, "نورة").await.data();
        login(&app, "noura@example.com", &longest, None).await.data();
        assert_eq!(login(&app, "noura@example.com", &cut, None).await.code(), "invalid_credentials");
    }

    async fn one_signs_in_only_in_a_role_one_holds(app: TestApp) {
        app.seed().await;
        let sara = login(&app, "sara@demo.momfood.test", seed::PASSWORD, Some("driver")).await;
        assert_eq!((sara.status, sara.code().as_str()), (StatusCode::FORBIDDEN, "role_not_held"));
        let fahad = login(&app, "fahad@demo.momfood.test", seed::PASSWORD, Some("driver")).await;
        assert_eq!(fahad.data()["user"]["role"], "driver");
        let first = login(&app, "fahad@demo.momfood.test", seed::PASSWORD, None).await;
        assert_eq!(first.data()["user"]["role"], "driver");
    }

    async fn an_owner_acts_for_their_own_restaurant_and_no_other(app: TestApp) {
        app.seed().await;
        let saj: Uuid = seed::id("saj-al-sham");
        let other: Uuid = seed::id("najd-kitchen");
        let owner = login(&app, "saj@demo.momfood.test", seed::PASSWORD, Some("restaurant")).await;
        assert_eq!(owner.data()["user"]["restaurantId"], json!(saj));
        let asked = |id: Uuid| json!({
            "email": "saj@demo.momfood.test", "password": seed::PASSWORD, "role": "restaurant", "restaurantId": id });
        let own = app.post(&format!("{AUTH}/login"), &asked(saj)).await;
        assert_eq!(own.data()["user"]["restaurantId"], json!(saj));
        assert_eq!(app.post(&format!("{AUTH}/login"), &asked(other)).await.code(), "forbidden");
        // The role without any restaurant is of no use.
        let sara: UserId = seed::id("sara@demo.momfood.test");
        let now = app.clock.now();
        let grant = app.db.write(async move |mut tx| identity::grant(&mut tx, sara, Role::Restaurant, now).await);
        grant.await.unwrap();
        let sara = login(&app, "sara@demo.momfood.test", seed::PASSWORD, Some("restaurant")).await;
        assert_eq!(sara.code(), "forbidden");
    }

    async fn an_unknown_email_is_answered_as_a_wrong_password_is(app: TestApp) {
        register(&app, "sara@example.com", None).await.data();
        let wrong = login(&app, "sara@example.com", "not her secret", None).await;
        let unknown = login(&app, "nobody@example.com", "not her secret", None).await;
        let no_email = login(&app, "no email at all", "not her secret", None).await;
        let endless = login(&app, "sara@example.com", &"x".repeat(100_000), None).await;
        assert_eq!(wrong.code(), "invalid_credentials");
        for other in [&unknown, &no_email, &endless] {
            assert_eq!((wrong.status, wrong.text()), (other.status, other.text()));
        }
    }

    async fn guessing_is_slowed_down_for_that_account_alone(app: TestApp) {
        register(&app, "sara@example.com", None).await.data();
        register(&app, "noura@example.com", None).await.data();
        for _ in 0..8 {
            assert_eq!(login(&app, "sara@example.com", "a guess!", None).await.code(), "invalid_credentials");
        }
        let limited = login(&app, "Sara@example.com", "a long secret", None).await;
        assert_eq!((limited.status, limited.code().as_str()), (StatusCode::TOO_MANY_REQUESTS, "rate_limited"));
        assert_eq!(limited.json()["error"]["details"]["retryAfter"], 10);
        login(&app, "noura@example.com", "a long secret", None).await.data();
        app.clock.advance(Duration::from_secs(10));
        login(&app, "sara@example.com", "a long secret", None).await.data();
        // Who got it right has all tries again.
        for _ in 0..8 {
            assert_eq!(login(&app, "sara@example.com", "a guess!", None).await.code(), "invalid_credentials");
        }
    }

    async fn tokens_that_are_not_ours_are_not_believed(app: TestApp) {
        register(&app, "sara@example.com", None).await.data();
        assert_eq!(app.get("/api/v1/me").await.code(), "unauthenticated");
        let basic = app.request(Method::GET, "/api/v1/me").header("authorization", "Basic c2FyYTpzZWNyZXQ=");
        assert_eq!(basic.send().await.code(), "unauthenticated");

        let (user, session) = (app.clock.id::<UserId>(), app.clock.id::<SessionId>());
        let now = app.clock.now();
        let seconds = now.0 / 1_000_000;
        let claims = json!({ "iss": "momfood", "aud": "momfood", "kind": "access", "sub": user, "sid": session,
            "role": "customer", "iat": seconds, "exp": seconds + 900 });
        let with = |field: &str, value: Value| {
            let mut claims = claims.clone();
            claims[field] = value;
            encode(&Header::new(Algorithm::EdDSA), &claims, &app.keys.current().signing).unwrap()
        };
        // As written it is believed; the person does not exist, which is another matter.
        assert_eq!(me(&app, &with("role", json!("customer"))).await.code(), "not_found");
        let another = Keys::from_seed(&[8; 32]).unwrap();
        let forged = Bearer::sign(&another, user, Role::Admin, None, session, false, now).unwrap().text;
        let secret = EncodingKey::from_secret(app.keys.current().id.as_bytes());
        let symmetric = encode(&Header::new(Algorithm::HS256), &claims, &secret).unwrap();
        let good = with("role", json!("customer"));
        let (body, signature) = good.rsplit_once('.').unwrap();
        let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", body.split_once('.').unwrap().1);
        let renewal = Renewal { session, generation: 1 }.token(&app.keys);
        for (what, token) in [
            ("forged", forged),
            ("symmetric", symmetric),
            ("unsigned", unsigned),
            ("cut", body.to_owned()),
            ("changed", format!("{}.{signature}", body.replace('J', "K"))),
            ("of another kind", with("kind", json!("invite"))),
            ("for another audience", with("aud", json!("others"))),
            ("of another issuer", with("iss", json!("others"))),
            ("of the system", with("role", json!("system"))),
            ("a refresh token", renewal),
            ("nothing", String::new()),
            ("nonsense", "a.b.c".to_owned()),
        ] {
            assert_eq!(me(&app, &token).await.code(), "token_invalid", "{what}");
        }
        assert_eq!(me(&app, &with("exp", json!(seconds))).await.code(), "token_expired");
    }

    async fn an_access_token_lives_fifteen_minutes(app: TestApp) {
        let (access, renewal) = tokens(&register(&app, "sara@example.com", None).await);
        app.clock.advance(Duration::from_secs(15 * 60 - 1));
        me(&app, &access).await.data();
        app.clock.advance(Duration::from_secs(1));
        let over = me(&app, &access).await;
        assert_eq!((over.status, over.code().as_str()), (StatusCode::UNAUTHORIZED, "token_expired"));
        let (access, _) = tokens(&refresh(&app, &renewal).await);
        me(&app, &access).await.data();
    }

    async fn seven_refreshes_at_once_do_no_harm(app: TestApp) {
        let (_, first) = tokens(&register(&app, "sara@example.com", None).await);
        let answers = futures::future::join_all((0..7).map(|_| refresh(&app, &first))).await;
        let seconds: Vec<String> = answers.iter().map(|answer| tokens(answer).1).collect();
        assert!(seconds.iter().all(|second| *second == seconds[0]), "they agree on the successor");
        assert_ne!(seconds[0], first);
        for answer in &answers {
            me(&app, &tokens(answer).0).await.data();
        }
        refresh(&app, &seconds[0]).await.data();
    }

    async fn a_lost_answer_is_given_again(app: TestApp) {
        let (_, first) = tokens(&register(&app, "sara@example.com", None).await);
        let (_, lost) = tokens(&refresh(&app, &first).await);
        app.clock.advance(2 * DAY);
        let (access, second) = tokens(&refresh(&app, &first).await);
        assert_eq!(second, lost);
        me(&app, &access).await.data();
    }

    async fn a_refresh_token_older_than_the_last_one_ends_the_session(app: TestApp) {
        let (_, first) = tokens(&register(&app, "sara@example.com", None).await);
        let (_, second) = tokens(&refresh(&app, &first).await);
        let (access, third) = tokens(&refresh(&app, &second).await);
        let stolen = refresh(&app, &first).await;
        assert_eq!((stolen.status, stolen.code().as_str()), (StatusCode::UNAUTHORIZED, "session_revoked"));
        assert_eq!(refresh(&app, &third).await.code(), "session_revoked");
        assert_eq!(me(&app, &access).await.code(), "session_revoked");
        assert_eq!(actions(&app).await, ["identity.registered", "identity.session_revoked", "identity.signed_in"]);
        // Another sign-in is not touched.
        let (access, _) = tokens(&login(&app, "sara@example.com", "a long secret", None).await);
        me(&app, &access).await.data();
    }

    async fn a_session_lives_as_long_as_it_is_renewed_every_week(app: TestApp) {
        let (_, mut token) = tokens(&register(&app, "sara@example.com", None).await);
        for _ in 0..5 {
            app.clock.advance(6 * DAY);
            token = tokens(&refresh(&app, &token).await).1;
        }
        app.clock.advance(7 * DAY);
        assert_eq!(refresh(&app, &token).await.code(), "session_revoked");
    }

    async fn nobody_comes_back_after_a_month(app: TestApp) {
        let (_, token) = tokens(&register(&app, "sara@example.com", None).await);
        app.clock.advance(31 * DAY);
        assert_eq!(refresh(&app, &token).await.code(), "session_revoked");
    }

    async fn a_refresh_token_that_is_none_is_refused(app: TestApp) {
        let (access, token) = tokens(&register(&app, "sara@example.com", None).await);
        for wrong in ["", "nonsense", &access, &format!("{token}A"), &token[1..]] {
            assert_eq!(refresh(&app, wrong).await.code(), "token_invalid", "{wrong}");
        }
        assert_eq!(app.post(&format!("{AUTH}/refresh"), &json!({})).await.code(), "unauthenticated");
    }

    async fn signing_out_ends_that_session_at_once_and_no_other(app: TestApp) {
        let (access, token) = tokens(&register(&app, "sara@example.com", None).await);
        let (other, _) = tokens(&login(&app, "sara@example.com", "a long secret", None).await);
        let session = Renewal::read(&app.keys, &token).unwrap().session;
        let now = app.clock.now();
        assert!(identity::is_alive(&mut app.db.read().await.unwrap(), session, now).await.unwrap());
        for _ in 0..2 {
            let out = app.post(&format!("{AUTH}/logout"), &json!({ "refreshToken": token })).await;
            assert_eq!(out.json(), json!({ "success": true, "data": null }));
        }
        assert!(!identity::is_alive(&mut app.db.read().await.unwrap(), session, now).await.unwrap());
        assert_eq!(me(&app, &access).await.code(), "session_revoked");
        assert_eq!(refresh(&app, &token).await.code(), "session_revoked");
        me(&app, &other).await.data();
        let signed_out = actions(&app).await.into_iter().filter(|action| action == "identity.signed_out");
        assert_eq!(signed_out.count(), 1);
    }

    async fn who_is_suspended_can_neither_sign_in_nor_stay(app: TestApp) {
        let answer = register(&app, "sara@example.com", None).await;
        let (_, token) = tokens(&answer);
        let user: UserId = text(&answer.data()["user"]["id"]).parse().unwrap();
        suspend(&app, user).await;
        let session = Renewal::read(&app.keys, &token).unwrap().session;
        let mut tx = app.db.read().await.unwrap();
        assert!(!identity::is_alive(&mut tx, session, app.clock.now()).await.unwrap());
        drop(tx);
        assert_eq!(login(&app, "sara@example.com", "a long secret", None).await.code(), "forbidden");
        assert_eq!(login(&app, "sara@example.com", "a wrong secret", None).await.code(), "invalid_credentials");
        assert_eq!(refresh(&app, &token).await.code(), "session_revoked");
    }

    async fn who_no_longer_works_there_loses_the_session(app: TestApp) {
        app.seed().await;
        let owner = login(&app, "saj@demo.momfood.test", seed::PASSWORD, Some("restaurant")).await;
        let (_, token) = tokens(&owner);
        let saj: UserId = seed::id("saj@demo.momfood.test");
        let leave = app.db.write(async move |mut tx| {
            sql!(&mut tx, execute, "delete from restaurant_staff where user_id = $1", saj)
        });
        leave.await.unwrap();
        assert_eq!(refresh(&app, &token).await.code(), "session_revoked");
    }

    async fn each_app_of_a_browser_has_a_cookie_of_its_own(app: TestApp) {
        app.seed().await;
        let sign_in = async |kind: &str, email: &str, role: &str| {
            let body = json!({ "email": email, "password": seed::PASSWORD, "role": role });
            let request = app.request(Method::POST, &format!("{AUTH}/login"));
            let answer = request.header("x-momfood-cookie", kind).header("host", "localhost:8080").json(&body).send().await;
            assert_eq!(answer.data()["refreshToken"], Value::Null, "never in both places");
            answer.header("set-cookie").to_owned()
        };
        let customer = sign_in("customer", "sara@demo.momfood.test", "customer").await;
        let kitchen = sign_in("kitchen", "saj@demo.momfood.test", "restaurant").await;
        assert!(customer.starts_with("momfood_customer=") && kitchen.starts_with("momfood_kitchen="));
        assert!(customer.ends_with("; Path=/api/v1/auth; Max-Age=604800; HttpOnly; SameSite=Strict"), "{customer}");
        let pair = |cookie: &str| cookie.split_once(';').unwrap().0.to_owned();
        let jar = format!("{}; {}", pair(&customer), pair(&kitchen));

        let renew = async |kind: Option<&str>| {
            let mut request = app.request(Method::POST, &format!("{AUTH}/refresh")).header("cookie", &jar);
            request = request.header("host", "localhost:8080");
            match kind {
                Some(kind) => request.header("x-momfood-cookie", kind).send().await,
                None => request.json(&json!({})).send().await,
            }
        };
        assert_eq!(renew(Some("customer")).await.data()["user"]["role"], "customer");
        assert_eq!(renew(Some("kitchen")).await.data()["user"]["role"], "restaurant");
        assert_eq!(renew(Some("driver")).await.code(), "unauthenticated");
        // A request that another site could have caused is not signed in by its cookies.
        assert_eq!(renew(None).await.code(), "unauthenticated");
        assert_eq!(renew(Some("intruder")).await.code(), "invalid_input");

        let out = app.request(Method::POST, &format!("{AUTH}/logout")).header("cookie", &jar);
        let out = out.header("x-momfood-cookie", "customer").header("host", "localhost:8080").send().await;
        assert!(out.header("set-cookie").starts_with("momfood_customer=; Path=/api/v1/auth; Max-Age=0;"));
        let gone = renew(Some("customer")).await;
        assert_eq!(gone.code(), "session_revoked");
        assert!(gone.header("set-cookie").contains("Max-Age=0"), "the browser forgets what is over");
        renew(Some("kitchen")).await.data();
    }

    async fn a_cookie_is_for_https_alone_unless_the_host_is_this_machine(app: TestApp) {
        for (host, secure) in [("momfood.example", true), ("127.0.0.1:8080", false), ("localhost", false)] {
            let ticket = app.ticket(&format!("sara@{}.example", host.replace([':', '.'], "-"))).await;
            let body = json!({ "ticket": ticket, "password": "a long secret", "firstName": "سارة", "consents": Consent::of_a_newcomer(false) });
            let request = app.request(Method::POST, &format!("{AUTH}/register")).header("host", host);
            let answer = request.header("x-momfood-cookie", "customer").json(&body).send().await;
            assert_eq!(answer.header("set-cookie").ends_with("; Secure"), secure, "{host}");
            assert_eq!(answer.header("set-cookie").starts_with("__Secure-momfood_customer="), secure, "{host}");
        }
    }

    async fn people_change_their_own_details(app: TestApp) {
        let (access, _) = tokens(&register(&app, "sara@example.com", None).await);
        let patch = async |body: Value| {
            app.request(Method::PATCH, "/api/v1/me").bearer(&access).json(&body).send().await
        };
        let changed = patch(json!({ "firstName": " Sara ", "language": "en", "phone": "0512345678" })).await.data();
        assert_eq!(changed["firstName"], "Sara");
        assert_eq!(changed["language"], "en");
        assert_eq!(changed["phone"], "+966512345678");
        assert_eq!(patch(json!({})).await.data(), changed);
        assert_eq!(patch(json!({ "firstName": "" })).await.code(), "invalid_input");
        assert_eq!(patch(json!({ "email": "other@example.com" })).await.code(), "malformed_json");
        assert_eq!(me(&app, &access).await.data(), changed);
    }

    async fn a_name_is_shown_in_its_owners_language(app: TestApp) {
        app.seed().await;
        let access = app.token("sara", Role::Customer).await;
        assert_eq!(me(&app, &access).await.data()["firstName"], "سارة");
        let patch = app.request(Method::PATCH, "/api/v1/me").bearer(&access).json(&json!({ "language": "en" }));
        assert_eq!(patch.send().await.data()["firstName"], "Sara");
        let fahad: UserId = seed::id("fahad@demo.momfood.test");
        let mut tx = app.db.read().await.unwrap();
        let people = identity::people(&mut tx, &[fahad, app.clock.id()]).await.unwrap();
        assert_eq!(people.len(), 1);
        let vehicle = people[&fahad].vehicle.clone().unwrap();
        assert_eq!(vehicle.get(momfood_domain::text::Lang::En), "Red motorbike, ABJ 1234");
    }

    async fn addresses_are_kept_once_each_and_are_their_owners_alone(app: TestApp) {
        let (sara, _) = tokens(&register(&app, "sara@example.com", None).await);
        let (noura, _) = tokens(&register(&app, "noura@example.com", None).await);
        let home = app.clock.uuid();
        let path = format!("/api/v1/me/addresses/{home}");
        let body = json!({ "label": " البيت ", "point": { "lat": 24.7, "lng": 46.6 }, "shortAddress": "rhwa3443",
            "line": "الورود", "landmark": "  " });
        let put = async |who: &str, body: &Value| {
            app.request(Method::PUT, &path).bearer(who).json(body).send().await
        };
        let list = async |who: &str| {
            app.request(Method::GET, "/api/v1/me/addresses").bearer(who).send().await.data()
        };
        let saved = put(&sara, &body).await.data();
        assert_eq!(saved, json!({ "id": home, "label": "البيت", "point": { "lat": 24.7, "lng": 46.6 },
            "shortAddress": "RHWA3443", "line": "الورود" }));
        assert_eq!(put(&sara, &body).await.data(), saved);
        assert_eq!(list(&sara).await, json!([saved]));
        assert_eq!(list(&noura).await, json!([]));
        assert_eq!(put(&noura, &body).await.code(), "not_found");
        let delete = async |who: &str| app.request(Method::DELETE, &path).bearer(who).send().await;
        assert_eq!(delete(&noura).await.code(), "not_found");
        assert_eq!(list(&sara).await, json!([saved]));
        assert_eq!(delete(&sara).await.status, StatusCode::OK);
        assert_eq!(delete(&sara).await.code(), "not_found");
        assert_eq!(list(&sara).await, json!([]));
    }

    async fn an_address_must_be_on_the_earth_and_of_a_sane_length(app: TestApp) {
        let (sara, _) = tokens(&register(&app, "sara@example.com", None).await);
        let put = async |field: &str, value: Value| {
            let mut body = json!({ "label": "Home", "point": { "lat": 24.7, "lng": 46.6 }, "line": "" });
            body[field] = value;
            let path = format!("/api/v1/me/addresses/{}", app.clock.uuid());
            app.request(Method::PUT, &path).bearer(&sara).json(&body).send().await
        };
        for (field, value) in [
            ("point", json!({ "lat": 91.0, "lng": 46.6 })),
            ("label", json!(" ")),
            ("label", json!("x".repeat(61))),
            ("line", json!("x".repeat(201))),
            ("landmark", json!("x".repeat(201))),
            ("note", json!("x".repeat(301))),
        ] {
            let answer = put(field, value).await;
            assert_eq!(answer.code(), "invalid_input", "{field}");
            assert_eq!(answer.json()["error"]["details"]["field"], field);
        }
        assert_eq!(put("shortAddress", json!("RH3443")).await.code(), "malformed_json");
        for _ in 0..identity::addresses::MOST {
            put("line", json!("x")).await.data();
        }
        assert_eq!(put("line", json!("x")).await.json()["error"]["details"]["field"], "addresses");
    }
}

#[tokio::test]
async fn behind_a_proxy_that_speaks_https_only_cookies_named_for_it_count() {
    let app = TestApp::start_with(Engine::Sqlite, |config| {
        config.public_url = Some("https://momfood.example".to_owned());
    })
    .await;
    app.seed().await;
    // The proxy asks by whatever name it knows the server.
    let ask = |path: &str| {
        let request = app
            .request(Method::POST, &format!("{AUTH}/{path}"))
            .header("host", "localhost:8080");
        request.header("x-momfood-cookie", "customer")
    };
    let body = json!({ "email": "sara@demo.momfood.test", "password": seed::PASSWORD, "role": "customer" });
    let answer = ask("login").json(&body).send().await;
    let cookies: Vec<&str> = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|c| c.to_str().unwrap())
        .collect();
    let kept = |name: &str| {
        let cookie = cookies
            .iter()
            .find(|cookie| cookie.starts_with(&format!("{name}=")));
        *cookie.unwrap_or_else(|| panic!("{name}: {cookies:?}"))
    };
    assert!(kept("__Secure-momfood_known_customer").ends_with("; Secure"));
    let session = kept("__Secure-momfood_customer");
    assert!(
        session.ends_with("; Path=/api/v1/auth; Max-Age=604800; HttpOnly; SameSite=Strict; Secure"),
        "{session}"
    );
    // A page without HTTPS can set a cookie of the plain name, and it is nobody's.
    let pair = session.split_once(';').unwrap().0;
    let planted = pair.trim_start_matches("__Secure-");
    assert_eq!(
        ask("refresh").header("cookie", planted).send().await.code(),
        "unauthenticated"
    );
    let both = format!("{}; {pair}", planted.replace('=', "=not-"));
    assert_eq!(
        ask("refresh").header("cookie", &both).send().await.data()["user"]["role"],
        "customer"
    );
}
