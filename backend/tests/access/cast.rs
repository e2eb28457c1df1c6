//! Everybody who may call, and an order brought as far as a case needs it.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::Method;
use momfood_backend::identity::{Bearer, Renewal};
use momfood_backend::keys::Keys;
use momfood_backend::payments;
use momfood_backend::testing::TestApp;
use momfood_domain::actor::Role;
use momfood_domain::id::{AddressId, OrderId, RestaurantId, SessionId, UserId};
use momfood_domain::time::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::town::*;

/// A card that is approved.
pub const GOOD_CARD: &str = "sandbox:4242424242424242";
/// A card that is declined.
pub const BAD_CARD: &str = "sandbox:4000000000000002";
/// Who signs in by password.
pub const EMAIL: &str = "known@example.sa";
/// And with which.
pub const PASSWORD: &str = "a long secret";

/// Who calls: without a session, and with one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Sends no token.
    Nobody,
    /// Sends a token of the right person whose time is over.
    Expired,
    /// Sends a token of the right person by another server's key.
    Forged,
    /// Sends the right person's refresh token as access token.
    Refresh,
    /// The customer.
    Sara,
    /// Another customer.
    Omar,
    /// Of the restaurant.
    Saj,
    /// Of another restaurant.
    Rival,
    /// The driver with the job.
    Fahad,
    /// A driver without.
    Turki,
    /// Support.
    Lina,
    /// Admin.
    Root,
}

impl Caller {
    /// In the order of the table's columns.
    pub const ALL: [Self; 12] = [
        Self::Nobody,
        Self::Expired,
        Self::Forged,
        Self::Refresh,
        Self::Sara,
        Self::Omar,
        Self::Saj,
        Self::Rival,
        Self::Fahad,
        Self::Turki,
        Self::Lina,
        Self::Root,
    ];
}

/// Those who stay the same in all cases.
pub struct Cast {
    pub town: Town,
    pub omar: Someone,
    /// A third customer, who never calls.
    pub huda: Someone,
    pub rival: Someone,
    pub lina: Someone,
    pub root: Someone,
    /// A restaurant that is not approved.
    pub hidden: RestaurantId,
    /// The restaurant's menu as it was.
    menu: Value,
}

impl Cast {
    pub async fn gather(app: &TestApp) -> Self {
        let town = Town::build(app).await;
        let owner = person(app, "Nasser", Role::Restaurant, None).await;
        let rivals = restaurant(app, owner.id).await;
        // Other dishes than the first restaurant has.
        let empty = json!({ "currency": "SAR", "utcOffsetMinutes": 180, "categories": [] });
        change!(
            app,
            "update menus set menu = $1 where restaurant_id = $2",
            sqlx::types::Json(empty),
            rivals
        );
        let hidden = restaurant(app, owner.id).await;
        change!(
            app,
            "update restaurants set status = 'pending' where id = $1",
            hidden
        );
        app.register(EMAIL, PASSWORD, "سارة").await.data();
        let menu = get(app, &town.kitchen, "/api/v1/kitchen/menu").await.data()["menu"].take();
        Self {
            town,
            menu,
            omar: person(app, "Omar", Role::Customer, None).await,
            huda: person(app, "Huda", Role::Customer, None).await,
            rival: staff(app, rivals).await,
            lina: person(app, "Lina", Role::Support, None).await,
            root: person(app, "Root", Role::Admin, None).await,
            hidden,
        }
    }

    /// Brings the restaurant back to how it was, whatever its kitchen made of it.
    pub async fn reopen(&self, app: &TestApp) {
        use sqlx::types::Json;
        let (id, menu) = (self.town.restaurant, self.menu.clone());
        let hours = momfood_domain::hours::OpeningHours::always(180);
        change!(
            app,
            "update restaurants set paused_until = null, preparation_time = 25, accept_limit_seconds = 300,
                minimum_order = 2000, delivery_fee = 500, hours = $1 where id = $2",
            Json(hours),
            id
        );
        change!(
            app,
            "update menus set menu = $1 where restaurant_id = $2",
            Json(menu),
            id
        );
    }

    /// The person behind a caller who has a session.
    pub fn someone<'a>(&'a self, scene: &'a Scene, caller: Caller) -> Option<&'a Someone> {
        match caller {
            Caller::Nobody | Caller::Expired | Caller::Forged | Caller::Refresh => None,
            Caller::Sara => Some(&self.town.sara),
            Caller::Omar => Some(&self.omar),
            Caller::Saj => Some(&self.town.kitchen),
            Caller::Rival => Some(&self.rival),
            Caller::Fahad => Some(&scene.fahad),
            Caller::Turki => Some(&scene.turki),
            Caller::Lina => Some(&self.lina),
            Caller::Root => Some(&self.root),
        }
    }

    /// What the caller sends as access token; those without a session of their own try with `right`'s.
    pub fn token(&self, app: &TestApp, scene: &Scene, caller: Caller, right: Caller) -> Option<String> {
        if let Some(someone) = self.someone(scene, caller) {
            return Some(someone.token.clone());
        }
        let right = self.someone(scene, right).unwrap_or(&self.town.sara);
        let now = app.clock.now();
        let (role, place, session) = (right.actor.role, right.actor.restaurant, right.session);
        let signed = |keys: &Keys, at| {
            Bearer::sign(keys, right.id, role, place, session, false, at)
                .unwrap()
                .text
        };
        match caller {
            Caller::Expired => Some(signed(&app.keys, now.plus_minutes(-15))),
            Caller::Forged => Some(signed(&Keys::from_seed(&[9; 32]).unwrap(), now)),
            Caller::Refresh => Some(refresh_token(app, right)),
            _ => None,
        }
    }
}

/// The first refresh token of a session.
pub fn refresh_token(app: &TestApp, who: &Someone) -> String {
    let renewal = Renewal {
        session: who.session,
        generation: 1,
    };
    renewal.token(&app.keys)
}

/// A case's own things: two new drivers, and what else it needs.
pub struct Scene {
    pub fahad: Someone,
    pub turki: Someone,
    pub order: Option<OrderId>,
    /// An address of the customer's.
    pub home: Option<AddressId>,
    /// Another sign-in of the customer's.
    pub session: Option<SessionId>,
    /// The text of a passkey's id: one of the customer's.
    pub passkey: Option<Uuid>,
    /// An application of the customer's.
    pub paper: Paper,
    /// Somebody new, who works with Saj or has nothing to do with anybody.
    pub somebody: Option<Someone>,
    /// An invitation to Saj's restaurant.
    pub invitation: Option<Uuid>,
    /// The token of one that the customer got.
    pub token: Option<String>,
}

/// An application, and a document in it.
#[derive(Clone, Copy, Default)]
pub struct Paper {
    pub application: Option<Uuid>,
    document: Option<Uuid>,
    pub submitted_at: Option<i64>,
}

impl Paper {
    /// Its document, or what is none.
    pub fn document_or(&self, unknown: Uuid) -> Uuid {
        self.document.unwrap_or(unknown)
    }
}

impl Scene {
    /// Prepares what `case` speaks of.
    pub async fn set(app: &TestApp, cast: &Cast, case: &str) -> Self {
        let mut scene = Self {
            fahad: person(app, "Fahad", Role::Driver, None).await,
            turki: person(app, "Turki", Role::Driver, None).await,
            order: None,
            home: None,
            session: None,
            passkey: None,
            paper: Paper::default(),
            somebody: None,
            invitation: None,
            token: None,
        };
        // When everybody last showed who they are.
        let shown = if case == "stale" {
            Timestamp(0)
        } else {
            app.clock.now()
        };
        change!(app, "update sessions set authenticated_at = $1", shown);
        let owners = ["as-owner", "last-owner", "invited"].contains(&case);
        for kitchen in [&cast.town.kitchen, &cast.rival] {
            let id = kitchen.id;
            change!(
                app,
                "update restaurant_staff set is_owner = $1 where user_id = $2",
                owners,
                id
            );
        }
        match case {
            "bare" | "draft" | "submitted" | "old-look" => scene.paper = paper(app, cast, case).await,
            "somebody" | "foreign" => {
                scene.somebody = Some(person(app, "Badr", Role::Customer, None).await);
            }
            "as-owner" | "as-staff" => {
                scene.somebody = Some(staff(app, cast.town.restaurant).await);
                scene.invitation = Some(invite(app, cast, "cook@example.sa").await);
            }
            "invited" => {
                let sara = cast.town.sara.id;
                let email = format!("{sara}@example.sa");
                // Another row of the table may have given her another.
                let kept = email.clone();
                change!(
                    app,
                    "update users set email_verified = true, email = $1 where id = $2",
                    kept,
                    sara
                );
                invite(app, cast, &email).await;
                scene.token = Some(last_link(app, &email).await);
            }
            "saras" => {
                let sara = &cast.town.sara;
                scene.session = Some(sign_in(app, sara.id, sara.actor.role, None).await.session);
            }
            "passkey" => {
                scene.passkey = Some(passkey(app, cast.town.sara.id).await);
                passkey(app, cast.town.sara.id).await;
            }
            "linked" => {
                linked(app, cast.town.sara.id).await;
                passkey(app, cast.town.sara.id).await;
            }
            "address" => scene.home = Some(save_address(app, &cast.town.sara).await),
            "on-shift" => {
                for driver in [&scene.fahad, &scene.turki] {
                    post(
                        app,
                        driver,
                        "/api/v1/driver/shift",
                        &json!({ "on": true, "point": KITCHEN }),
                    )
                    .await
                    .data();
                }
            }
            "pending" | "taken" => scene.order = Some(cast.town.order(app).await),
            "unpaid" => scene.order = Some(declined(app, cast).await),
            "captured" => scene.order = Some(captured(app, cast).await),
            "pickup" => scene.order = Some(ready_to_be_fetched(app, cast).await),
            "offered" | "passed-on" | "assigned" | "carried" | "delivered" | "failed" => {
                scene.order = Some(scene.brought(app, cast, case).await);
            }
            _ => {}
        }
        scene
    }

    /// An accepted order whose delivery has come as far as `case` says.
    async fn brought(&self, app: &TestApp, cast: &Cast, case: &str) -> OrderId {
        let id = cast.town.accepted(app).await;
        offer(app, id, &self.fahad).await;
        let take = async |name: &'static str, body: Value| {
            step(app, &self.fahad, id, name, &body).await.data();
        };
        let attempt = json!({ "attempt": 1 });
        match case {
            "offered" => {}
            "passed-on" => {
                take("decline-offer", attempt).await;
                offer(app, id, &self.turki).await;
            }
            _ => take("accept-offer", attempt).await,
        }
        if ["carried", "delivered", "failed"].contains(&case) {
            take("pick-up", Value::Null).await;
        }
        if case == "delivered" {
            take("deliver", json!({ "cash": 6_150 })).await;
        }
        if case == "failed" {
            take("fail", json!({ "reason": "customer_unreachable" })).await;
        }
        id
    }
}

/// A passkey of `person`'s. No device has it; its id reads as a UUID.
pub async fn passkey(app: &TestApp, person: UserId) -> Uuid {
    let (id, now) = (app.clock.uuid(), app.clock.now());
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(id.to_string()).unwrap();
    change!(
        app,
        "insert into passkeys (id, person, name, credential, made_at) values ($1, $2, 'a phone', $3, $4)",
        bytes,
        person,
        sqlx::types::Json(json!({})),
        now
    );
    id
}

/// An account of `person`'s elsewhere.
pub async fn linked(app: &TestApp, person: UserId) {
    let (index, now) = (app.clock.bytes::<32>().to_vec(), app.clock.now());
    change!(
        app,
        "insert into linked_accounts (provider, subject_index, person, made_at, used_at) \
         values ('facebook', $1, $2, $3, $4) on conflict do nothing",
        index,
        person,
        now,
        now
    );
}

/// A driver's form with nothing wrong in it.
pub fn driver_form() -> Value {
    let both = |ar: &str, en: &str| json!({ "ar": ar, "en": en });
    json!({ "kind": "driver", "nationalId": "1000000008", "licenseNumber": "1000000008",
        "licenseExpires": "2027-03-31", "vehicleKind": both("دراجة نارية", "motorbike"),
        "plate": both("أ ب ح 1234", "ABJ 1234"), "color": both("أحمر", "Red"), "home": DOOR,
        "iban": "SA0380000000608010167519" })
}

/// An application of the customer's, with all its documents unless it is a bare one.
async fn paper(app: &TestApp, cast: &Cast, case: &str) -> Paper {
    let sara = &cast.town.sara;
    let user = sara.id;
    // A person has five at most.
    change!(app, "delete from documents where person = $1", user);
    change!(app, "delete from applications where person = $1", user);
    let id = app.clock.uuid();
    let path = format!("/api/v1/applications/{id}");
    let put = |path: &str| app.request(Method::PUT, path).bearer(&sara.token);
    put(&path)
        .json(&json!({ "form": driver_form() }))
        .send()
        .await
        .data();
    let mut paper = Paper {
        application: Some(id),
        ..Paper::default()
    };
    if case == "bare" {
        return paper;
    }
    for kind in [
        "identity",
        "driving_license",
        "vehicle_registration",
        "iban_letter",
    ] {
        let bytes = momfood_backend::content::samples::png(64, 64, kind.as_bytes());
        let kept = put(&format!("{path}/documents/{kind}")).raw("image/png", bytes);
        let kept = kept.send().await.data();
        paper.document = kept["id"].as_str().unwrap().parse().ok();
    }
    if case != "draft" {
        let submitted = post(app, sara, &format!("{path}/submit"), &Value::Null)
            .await
            .data();
        paper.submitted_at = submitted["submittedAt"].as_i64();
    }
    paper
}

/// An invitation to Saj's restaurant, sent by somebody who owns it for a moment.
async fn invite(app: &TestApp, cast: &Cast, email: &str) -> Uuid {
    let boss = staff(app, cast.town.restaurant).await;
    let (place, user) = (cast.town.restaurant, boss.id);
    // Twenty wait for an answer at most; and of the messages only this one is to be looked for.
    change!(app, "delete from invitations where restaurant_id = $1", place);
    change!(app, "delete from messages where made_at < $1", i64::MAX);
    change!(
        app,
        "update restaurant_staff set is_owner = true where user_id = $1",
        user
    );
    let id = app.clock.uuid();
    let body = json!({ "id": id, "email": email });
    post(app, &boss, "/api/v1/kitchen/invitations", &body)
        .await
        .data();
    change!(app, "delete from restaurant_staff where user_id = $1", user);
    id
}

/// What the link in the message sent last ends in.
async fn last_link(app: &TestApp, to: &str) -> String {
    let sent = app.messages_to(to).await;
    let mut links = sent
        .iter()
        .filter_map(|message| message.text.split("/kitchen/join/").nth(1));
    let last = links.next_back().unwrap();
    last.split_whitespace().next().unwrap().to_owned()
}

async fn save_address(app: &TestApp, who: &Someone) -> AddressId {
    // A person has thirty at most.
    let user = who.id;
    change!(app, "delete from addresses where user_id = $1", user);
    let id: AddressId = app.clock.id();
    let saved = app
        .request(Method::PUT, &format!("/api/v1/me/addresses/{id}"))
        .bearer(&who.token)
        .json(&address())
        .send()
        .await;
    saved.data();
    id
}

/// What placing by card needs.
pub async fn card_placing(app: &TestApp, cast: &Cast, card: &str) -> Value {
    let mut request = cast.town.placing(app, &cast.town.sara).await;
    request["paymentMethod"] = json!("card");
    request["cardToken"] = json!(card);
    request
}

async fn declined(app: &TestApp, cast: &Cast) -> OrderId {
    let request = card_placing(app, cast, BAD_CARD).await;
    assert_eq!(
        place(app, &cast.town.sara, &request).await.code(),
        "card_declined"
    );
    id_of(&request)
}

async fn captured(app: &TestApp, cast: &Cast) -> OrderId {
    let request = card_placing(app, cast, GOOD_CARD).await;
    let id = id_of(&place(app, &cast.town.sara, &request).await.data());
    step(
        app,
        &cast.town.kitchen,
        id,
        "accept",
        &json!({ "prepMinutes": 20 }),
    )
    .await
    .data();
    payments::settle_due(app, app.clock.now()).await.unwrap();
    assert_eq!(
        look(app, &cast.town.sara, id).await["payment"]["status"],
        "captured"
    );
    id
}

async fn ready_to_be_fetched(app: &TestApp, cast: &Cast) -> OrderId {
    let (sara, kitchen) = (&cast.town.sara, &cast.town.kitchen);
    let mut cart = cast.town.cart();
    cart["tip"] = json!(0);
    let quote = post(
        app,
        sara,
        "/api/v1/quotes",
        &json!({ "cart": cart, "fulfilment": "pickup" }),
    )
    .await
    .data();
    let id: OrderId = app.clock.id();
    let request = json!({ "id": id, "quoteId": quote["id"], "paymentMethod": "cash" });
    place(app, sara, &request).await.data();
    step(app, kitchen, id, "accept", &json!({ "prepMinutes": 20 }))
        .await
        .data();
    step(app, kitchen, id, "ready", &Value::Null).await.data();
    id
}
