//! Looking after people's accounts, and how the first admin comes to be.

use std::time::Duration;

use http::Method;
use momfood_backend::admin::command;
use momfood_backend::both;
use momfood_backend::testing::TestApp;
use momfood_domain::actor::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::papers::{ask, noted};
use crate::town::*;

fn page_of(who: &Someone, step: &str) -> String {
    format!("/api/v1/admin/people/{}{step}", who.id)
}

async fn role(
    app: &TestApp,
    by: &Someone,
    whom: &Someone,
    role: &str,
    held: bool,
) -> momfood_backend::testing::Answer {
    let body = json!({ "role": role, "held": held, "reason": "as agreed" });
    post(app, by, &page_of(whom, "/roles"), &body).await
}

const WHY: &str = "complaints";

both! {
    async fn a_suspended_person_is_out_at_once_and_comes_back(app: TestApp) {
        let root = person(&app, "Root", Role::Admin, None).await;
        let fahad = person(&app, "Fahad", Role::Driver, None).await;
        let user = fahad.id;
        change!(app, "update users set email_verified = true where id = $1", user);
        post(&app, &fahad, "/api/v1/driver/shift", &json!({ "on": true, "point": KITCHEN })).await.data();
        let because = json!({ "reason": WHY });
        let page = post(&app, &root, &page_of(&fahad, "/suspend"), &because).await.data();
        assert_eq!(page["person"]["standing"], "suspended");
        assert_eq!(page["sessions"], json!([]));
        assert_eq!(get(&app, &fahad, "/api/v1/me").await.code(), "session_revoked");
        let told = app.messages_to(&format!("{user}@example.sa")).await;
        assert!(told.iter().any(|message| message.text.contains(WHY)));
        let mut tx = app.db.read().await.unwrap();
        assert!(!momfood_backend::delivery::is_on_shift(&mut tx, user).await.unwrap(), "off duty");
        drop(tx);
        post(&app, &root, &page_of(&fahad, "/suspend"), &because).await.data();
        assert_eq!(noted(&app, "people.suspended").await, 1, "once more changes nothing");
        let page = post(&app, &root, &page_of(&fahad, "/reinstate"), &because).await.data();
        assert_eq!(page["person"]["standing"], "active");
        let back = sign_in(&app, user, Role::Driver, None).await;
        get(&app, &back, "/api/v1/me").await.data();
    }

    async fn an_old_session_of_an_admin_or_owner_does_nothing_to_others(app: TestApp) {
        let root = person(&app, "Root", Role::Admin, None).await;
        let place = Town::build(&app).await.restaurant;
        let boss = crate::inviting::owner(&app, place).await;
        let cook = staff(&app, place).await;
        let lina = person(&app, "Lina", Role::Customer, None).await;
        app.clock.advance(Duration::from_mins(10));
        let lina = sign_in(&app, lina.id, Role::Customer, None).await;
        let (reason, nobody) = (json!({ "reason": WHY }), Uuid::nil());
        let approve = json!({ "submittedAt": 0 });
        let role = json!({ "role": "support", "held": true, "reason": WHY });
        let invite = json!({ "id": app.clock.uuid(), "email": "cook@example.sa", "owner": false });
        let session = format!("/sessions/{}?reason={WHY}", lina.session);
        let cook = format!("/api/v1/kitchen/staff/{}", cook.id);
        let deeds = [
            (Method::POST, page_of(&lina, "/suspend"), &root, &reason),
            (Method::POST, page_of(&lina, "/reinstate"), &root, &reason),
            (Method::POST, page_of(&lina, "/roles"), &root, &role),
            (Method::DELETE, page_of(&lina, &session), &root, &Value::Null),
            (Method::POST, format!("/api/v1/admin/applications/{nobody}/approve"), &root, &approve),
            (Method::POST, format!("/api/v1/admin/applications/{nobody}/refuse"), &root, &reason),
            (Method::POST, "/api/v1/kitchen/invitations".to_owned(), &boss, &invite),
            (Method::DELETE, cook, &boss, &Value::Null),
        ];
        for (method, path, who, body) in deeds {
            let asked = app.request(method, &path).bearer(&who.token);
            let asked = if body.is_null() { asked } else { asked.json(body) };
            assert_eq!(asked.send().await.code(), "confirm_identity", "{path}");
        }
        get(&app, &lina, "/api/v1/me").await.data();
        let root = sign_in(&app, root.id, Role::Admin, None).await;
        post(&app, &root, &page_of(&lina, "/suspend"), &reason).await.data();
    }

    async fn the_last_admin_stays(app: TestApp) {
        let root = person(&app, "Root", Role::Admin, None).await;
        let because = json!({ "reason": WHY });
        assert_eq!(role(&app, &root, &root, "admin", false).await.code(), "last_admin");
        assert_eq!(post(&app, &root, &page_of(&root, "/suspend"), &because).await.code(), "last_admin");
        let dana = person(&app, "Dana", Role::Customer, None).await;
        role(&app, &root, &dana, "admin", true).await.data();
        // A suspended admin is none.
        post(&app, &root, &page_of(&dana, "/suspend"), &because).await.data();
        assert_eq!(role(&app, &root, &root, "admin", false).await.code(), "last_admin");
        post(&app, &root, &page_of(&dana, "/reinstate"), &because).await.data();
        role(&app, &root, &root, "admin", false).await.data();
        assert_eq!(get(&app, &root, "/api/v1/me").await.code(), "session_revoked");
    }

    async fn of_two_admins_who_put_each_other_out_at_once_one_stays(app: TestApp) {
        let one = person(&app, "Root", Role::Admin, None).await;
        for _ in 0..4 {
            let other = person(&app, "Dana", Role::Admin, None).await;
            let (first, second) = (sign_in(&app, one.id, Role::Admin, None).await, other);
            let because = json!({ "reason": WHY });
            let (of_second, of_first) = (page_of(&second, "/suspend"), page_of(&first, "/suspend"));
            let (a, b) = tokio::join!(
                post(&app, &first, &of_second, &because),
                post(&app, &second, &of_first, &because)
            );
            assert_ne!(a.status.is_success(), b.status.is_success(), "{} {}", a.text(), b.text());
            let (user, gone) = (one.id, second.id);
            change!(app, "update users set status = 'active' where id = $1", user);
            change!(app, "update users set status = 'suspended' where id = $1", gone);
        }
    }

    async fn roles_are_given_and_taken_with_their_sessions(app: TestApp) {
        let root = person(&app, "Root", Role::Admin, None).await;
        let lina = person(&app, "Lina", Role::Customer, None).await;
        role(&app, &root, &lina, "support", true).await.data();
        let support = sign_in(&app, lina.id, Role::Support, None).await;
        get(&app, &support, "/api/v1/admin/people").await.data();
        let page = role(&app, &root, &lina, "support", false).await.data();
        assert_eq!(page["person"]["roles"], json!(["customer"]));
        assert_eq!(get(&app, &support, "/api/v1/admin/people").await.code(), "session_revoked");
        get(&app, &lina, "/api/v1/me").await.data();
        for earned in ["driver", "restaurant", "system"] {
            let refused = role(&app, &root, &lina, earned, true).await;
            assert_eq!(refused.code(), "invalid_input", "{earned}: {}", refused.text());
        }
        let fahad = person(&app, "Fahad", Role::Driver, None).await;
        role(&app, &root, &fahad, "driver", false).await.data();
        assert_eq!(get(&app, &fahad, "/api/v1/driver/day").await.code(), "session_revoked");
        let page = role(&app, &root, &fahad, "driver", true).await.data();
        assert_eq!(page["person"]["roles"], json!(["customer", "driver"]), "who was approved once");
    }

    async fn people_are_found_by_what_is_known_of_them_and_every_search_is_noted(app: TestApp) {
        let lina = person(&app, "Lina", Role::Support, None).await;
        let mut known = Vec::new();
        for name in ["Khalid", "Khadija", "Kh%"] {
            known.push(person(&app, name, Role::Customer, None).await);
        }
        let found = async |q: &str| {
            let people = get(&app, &lina, &format!("/api/v1/admin/people?{q}")).await.data();
            let people = people["people"].as_array().unwrap().clone();
            people.iter().map(|one| one["firstName"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found("q=kha").await, ["Khadija", "Khalid"]);
        assert_eq!(found("q=kh%25").await, ["Kh%"]);
        assert_eq!(found(&format!("q={}", known[0].id)).await, ["Khalid"]);
        assert_eq!(found(&format!("q={}@EXAMPLE.sa", known[1].id)).await, ["Khadija"]);
        assert_eq!(found("role=support").await, ["Lina"]);
        assert_eq!(found("q=nobody").await, [""; 0]);
        assert_eq!(noted(&app, "people.searched").await, 6);
        let page = get(&app, &lina, &page_of(&known[0], "")).await.data();
        assert_eq!(page["sessions"].as_array().unwrap().len(), 1);
        assert!(page["person"]["phone"].as_str().unwrap().contains("••"));
        assert_eq!(noted(&app, "user.seen").await, 1);
        let refused = post(&app, &lina, &page_of(&known[0], "/suspend"), &json!({ "reason": WHY })).await;
        assert_eq!(refused.code(), "forbidden");
    }

    async fn everybody_is_on_one_page_or_another(app: TestApp) {
        let root = person(&app, "Root", Role::Admin, None).await;
        for n in 0..120 {
            person(&app, "Many", Role::Customer, None).await;
            // Some at the same moment, some later.
            app.clock.advance(std::time::Duration::from_millis(n % 3));
        }
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let page = get(&app, &root, &format!("/api/v1/admin/people?role=customer{after}")).await.data();
            let people = page["people"].as_array().unwrap();
            seen.extend(people.iter().map(|one| one["id"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), 120);
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 120);
    }

    async fn one_session_is_ended_and_the_others_live(app: TestApp) {
        let root = person(&app, "Root", Role::Admin, None).await;
        let sara = person(&app, "Sara", Role::Customer, None).await;
        let phone = sign_in(&app, sara.id, Role::Customer, None).await;
        let path = page_of(&sara, &format!("/sessions/{}?reason=lost+phone", phone.session));
        let page = ask(&app, &root, Method::DELETE, &path).await.data();
        assert_eq!(page["sessions"].as_array().unwrap().len(), 1);
        assert_eq!(get(&app, &phone, "/api/v1/me").await.code(), "session_revoked");
        get(&app, &sara, "/api/v1/me").await.data();
        assert_eq!(ask(&app, &root, Method::DELETE, &path).await.code(), "not_found");
        assert_eq!(ask(&app, &root, Method::DELETE, path.split('?').next().unwrap()).await.code(), "invalid_input");
    }

    async fn a_reason_is_asked_for_and_reaches_nobody(app: TestApp) {
        let root = person(&app, "Root", Role::Admin, None).await;
        let sara = person(&app, "Sara", Role::Customer, None).await;
        for reason in ["", "no", "ask sara@example.sa", "call +966512345678"] {
            let refused = post(&app, &root, &page_of(&sara, "/suspend"), &json!({ "reason": reason })).await;
            assert_eq!(refused.code(), "invalid_input", "{reason}");
        }
    }

    async fn the_first_admin_comes_from_the_machine_and_signs_in(app: TestApp) {
        let mut said = Vec::new();
        command::list(&app.db, &mut said).await.unwrap();
        assert!(String::from_utf8_lossy(&said).starts_with("nobody"));
        let mut said = Vec::new();
        command::create(&app.db, &app.clock, (" Boss@Example.sa ", "هند"), None, &mut said).await.unwrap();
        let said = String::from_utf8(said).unwrap();
        let password = said.trim().rsplit(' ').next().unwrap().to_owned();
        assert_eq!(password.len(), 24);
        let login = json!({ "email": "boss@example.sa", "password": password, "role": "admin" });
        let session: Value = app.post("/api/v1/auth/login", &login).await.data();
        assert_eq!(session["user"]["role"], "admin");
        let mut again = Vec::new();
        command::create(&app.db, &app.clock, ("boss@example.sa", "x"), None, &mut again).await.unwrap();
        assert!(String::from_utf8_lossy(&again).contains("already"));
        let mut list = Vec::new();
        command::list(&app.db, &mut list).await.unwrap();
        assert!(String::from_utf8_lossy(&list).contains("boss@example.sa  active  no second factor"));
        let short = command::create(&app.db, &app.clock, ("b@example.sa", "x"), Some("short".into()), &mut again).await;
        assert!(short.is_err());
        assert_eq!(noted(&app, "people.admin_appointed").await, 1);
    }
}
