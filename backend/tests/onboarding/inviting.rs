//! How owners bring others into their restaurant, and let them go.

use std::time::Duration;

use http::Method;
use momfood_backend::both;
use momfood_backend::testing::TestApp;
use momfood_domain::actor::Role;
use momfood_domain::id::RestaurantId;
use serde_json::json;
use uuid::Uuid;

use crate::papers::{ask, noted};
use crate::town::*;

pub async fn owner(app: &TestApp, place: RestaurantId) -> Someone {
    let boss = staff(app, place).await;
    let user = boss.id;
    change!(
        app,
        "update restaurant_staff set is_owner = true where user_id = $1",
        user
    );
    boss
}

/// Somebody whose email is known to be theirs.
async fn cook(app: &TestApp) -> (Someone, String) {
    let cook = person(app, "Cook", Role::Customer, None).await;
    let user = cook.id;
    change!(app, "update users set email_verified = true where id = $1", user);
    let email = format!("{user}@example.sa");
    (cook, email)
}

async fn invite(app: &TestApp, boss: &Someone, email: &str, owner: bool) -> Uuid {
    let id = app.clock.uuid();
    let body = json!({ "id": id, "email": email, "owner": owner });
    post(app, boss, "/api/v1/kitchen/invitations", &body).await.data();
    id
}

/// What the links sent to `email` end in, oldest first.
async fn tokens(app: &TestApp, email: &str) -> Vec<String> {
    let sent = app.messages_to(email).await;
    let links = sent
        .iter()
        .filter_map(|message| message.text.split("/kitchen/join/").nth(1));
    links.map(|token| token.trim().to_owned()).collect()
}

async fn accept(app: &TestApp, who: &Someone, token: &str) -> momfood_backend::testing::Answer {
    post(app, who, "/api/v1/invitations/accept", &json!({ "token": token })).await
}

both! {
    async fn an_invited_person_joins_by_the_link_and_works_for_the_restaurant(app: TestApp) {
        let town = Town::build(&app).await;
        let boss = owner(&app, town.restaurant).await;
        let (cook, email) = cook(&app).await;
        // However it was typed.
        invite(&app, &boss, &email.to_uppercase(), false).await;
        let token = tokens(&app, &email).await.pop().unwrap();
        let joined = accept(&app, &cook, &token).await.data();
        assert_eq!(joined["restaurantId"], json!(town.restaurant));
        assert_eq!(accept(&app, &cook, &token).await.data(), joined, "once more changes nothing");
        assert_eq!(noted(&app, "staff.joined").await, 1);
        let cook = sign_in(&app, cook.id, Role::Restaurant, Some(town.restaurant)).await;
        get(&app, &cook, "/api/v1/kitchen/menu").await.data();
        let seen = get(&app, &cook, "/api/v1/kitchen/staff").await.data();
        assert_eq!(seen["people"].as_array().unwrap().len(), 3);
        assert_eq!(seen["people"][0]["owner"], true);
        assert_eq!(seen["invitations"], json!([]), "only owners see them");
    }

    async fn a_link_is_good_for_the_email_it_was_sent_to_once_and_for_seven_days(app: TestApp) {
        let town = Town::build(&app).await;
        let boss = owner(&app, town.restaurant).await;
        let (right, email) = cook(&app).await;
        let (wrong, _) = cook(&app).await;
        invite(&app, &boss, &email, false).await;
        let token = tokens(&app, &email).await.pop().unwrap();
        assert_eq!(accept(&app, &wrong, &token).await.code(), "not_found");
        let user = right.id;
        change!(app, "update users set email_verified = false where id = $1", user);
        assert_eq!(accept(&app, &right, &token).await.code(), "not_found", "not known to be theirs");
        change!(app, "update users set email_verified = true where id = $1", user);
        app.clock.advance(Duration::from_hours(7 * 24));
        let right = sign_in(&app, right.id, Role::Customer, None).await;
        assert_eq!(accept(&app, &right, &token).await.code(), "not_found", "seven days are over");

        let boss = sign_in(&app, boss.id, Role::Restaurant, Some(town.restaurant)).await;
        invite(&app, &boss, &email, false).await;
        let second = tokens(&app, &email).await.pop().unwrap();
        assert_ne!(second, token);
        invite(&app, &boss, &email, true).await;
        assert_eq!(accept(&app, &right, &second).await.code(), "not_found", "another came after it");
        let third = tokens(&app, &email).await.pop().unwrap();
        accept(&app, &right, &third).await.data();
        let (email_owner, id) = (format!("{}@example.sa", wrong.id), wrong.id);
        let other = sign_in(&app, id, Role::Customer, None).await;
        assert_eq!(accept(&app, &other, &third).await.code(), "not_found", "{email_owner}");
    }

    async fn what_was_taken_back_leads_nowhere_and_the_same_request_sends_once(app: TestApp) {
        let town = Town::build(&app).await;
        let boss = owner(&app, town.restaurant).await;
        let (cook, email) = cook(&app).await;
        let body = json!({ "id": app.clock.uuid(), "email": email });
        let first = post(&app, &boss, "/api/v1/kitchen/invitations", &body).await.data();
        assert_eq!(post(&app, &boss, "/api/v1/kitchen/invitations", &body).await.data(), first);
        let sent = tokens(&app, &email).await;
        assert_eq!(sent.len(), 1);
        let shown = get(&app, &boss, "/api/v1/kitchen/staff").await.data();
        assert_eq!(shown["invitations"], json!([first]));
        let path = format!("/api/v1/kitchen/invitations/{}", first["id"].as_str().unwrap());
        assert!(ask(&app, &boss, Method::DELETE, &path).await.status.is_success());
        assert_eq!(accept(&app, &cook, &sent[0]).await.code(), "not_found");
    }

    async fn who_is_dismissed_is_out_at_once_and_the_last_owner_stays(app: TestApp) {
        let town = Town::build(&app).await;
        let boss = owner(&app, town.restaurant).await;
        let second = owner(&app, town.restaurant).await;
        let (_, email) = cook(&app).await;
        invite(&app, &second, &email, false).await;
        let token = tokens(&app, &email).await.pop().unwrap();
        let path = |who: &Someone| format!("/api/v1/kitchen/staff/{}", who.id);
        assert!(ask(&app, &boss, Method::DELETE, &path(&second)).await.status.is_success());
        assert_eq!(get(&app, &second, "/api/v1/kitchen/menu").await.code(), "session_revoked");
        let cook = cook(&app).await.0;
        assert_eq!(accept(&app, &cook, &token).await.code(), "not_found", "who asked them is gone");
        let left = sign_in(&app, second.id, Role::Customer, None).await;
        assert_eq!(get(&app, &left, "/api/v1/me").await.data()["roles"], json!(["customer"]));
        assert_eq!(ask(&app, &boss, Method::DELETE, &path(&boss)).await.code(), "last_owner");
        assert_eq!(ask(&app, &town.kitchen, Method::DELETE, &path(&boss)).await.code(), "forbidden");
    }

    async fn of_two_owners_who_dismiss_each_other_at_once_one_stays(app: TestApp) {
        let town = Town::build(&app).await;
        for _ in 0..4 {
            let (one, two) = (owner(&app, town.restaurant).await, owner(&app, town.restaurant).await);
            let path = |who: &Someone| format!("/api/v1/kitchen/staff/{}", who.id);
            let (of_two, of_one) = (path(&two), path(&one));
            let _ = tokio::join!(
                ask(&app, &one, Method::DELETE, &of_two),
                ask(&app, &two, Method::DELETE, &of_one)
            );
            let staff = get(&app, &town.kitchen, "/api/v1/kitchen/staff").await.data();
            let people = staff["people"].as_array().unwrap();
            assert_eq!(people.iter().filter(|one| one["owner"] == true).count(), 1);
            let user = people[0]["id"].as_str().unwrap().parse::<Uuid>().unwrap();
            change!(app, "delete from restaurant_staff where user_id = $1", user);
        }
    }
}
