//! What streams, snapshots and pages tell whom: random orders by several people, and nobody is ever told what is not
//! theirs to know. What each may know is worked out here from the tables, not by the code that shows it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use momfood_backend::store::{Engine, sql};
use momfood_backend::sync;
use momfood_backend::testing::{TestApp, give_phone};
use momfood_domain::actor::Role;
use momfood_domain::id::{OrderId, RestaurantId, UserId};
use momfood_protocol::feed::{Entity, StreamEvent};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::cast::{BAD_CARD, GOOD_CARD};
use crate::listener::Ears;
use crate::town::*;

/// Who somebody is, their phone, and the rest that is theirs to tell.
type Private = (UserId, Role, String, Vec<String>);

/// Somebody who listens, and what of them others must not hear unless they need it.
struct Party {
    who: Someone,
    scope: String,
    ears: Ears,
    /// Up to here it has been told of its scope.
    heard: i64,
    phone: String,
    /// Family name, door and note, of a customer.
    secrets: Vec<String>,
}

impl Party {
    async fn join(app: &TestApp, who: Someone, number: usize) -> Self {
        let scope = match (who.actor.role, who.actor.restaurant) {
            (Role::Restaurant, Some(place)) => format!("restaurant:{place}"),
            (Role::Driver, _) => format!("driver:{}", who.id),
            _ => format!("customer:{}", who.id),
        };
        let (family, user) = (format!("Family{number}"), who.id);
        let phone = format!("+96659{number:07}");
        let (name, call) = (family.clone(), phone.clone());
        change!(
            app,
            "update customer_profiles set last_name = $1 where user_id = $2",
            name,
            user
        );
        let given = app
            .db
            .write(async move |mut tx| give_phone(&mut tx, user, &call).await);
        given.await.unwrap();
        let mut ears = Ears::open(app, &who).await;
        ears.heads().await;
        Self {
            secrets: vec![
                family,
                format!("Street{number}"),
                format!("Door{number}"),
                format!("{user}@"),
            ],
            who,
            scope,
            ears,
            heard: 0,
            phone,
        }
    }

    fn role(&self) -> Role {
        self.who.actor.role
    }

    fn address(&self) -> Value {
        json!({ "label": "البيت", "point": DOOR, "line": self.secrets[1], "note": self.secrets[2] })
    }
}

/// An order as the tables know it.
#[derive(Debug, sqlx::FromRow)]
struct Fact {
    id: OrderId,
    customer_id: UserId,
    restaurant_id: RestaurantId,
    status: String,
    /// Of the newest attempt.
    driver_id: Option<UserId>,
    assignment: Option<String>,
    delivery: Option<String>,
}

impl Fact {
    fn at_work(&self) -> Option<UserId> {
        self.driver_id
            .filter(|_| self.assignment.as_deref() == Some("accepted"))
    }

    fn is_carried(&self) -> bool {
        matches!(self.delivery.as_deref(), Some("picked_up" | "at_customer"))
    }
}

async fn facts(app: &TestApp) -> BTreeMap<OrderId, Fact> {
    let mut tx = app.db.read().await.unwrap();
    let rows = sql!(
        &mut tx,
        fetch_all as Fact,
        "select o.id, o.customer_id, o.restaurant_id, o.status, a.driver_id, a.status as assignment,
            d.status as delivery
         from orders o left join deliveries d on d.order_id = o.id left join assignments a on a.order_id = o.id
            and a.attempt = (select max(b.attempt) from assignments b where b.order_id = o.id)"
    );
    rows.unwrap().into_iter().map(|fact| (fact.id, fact)).collect()
}

/// Fails the test unless `party` may know all of `text`, which is about `order` or, without one, about none.
fn may_know(party: &Party, everybody: &[Private], text: &str, about: Option<&Fact>) {
    let me = party.who.id;
    for (id, role, phone, secrets) in everybody.iter().filter(|(id, ..)| *id != me) {
        let (door, call) = match (party.who.actor.role, role, about) {
            // A driver at work on it knows whose door it is and can call there.
            (Role::Driver, Role::Customer, Some(fact)) => {
                let needs = fact.customer_id == *id && fact.at_work() == Some(me);
                (needs, needs)
            }
            // Whoever waits for the food, or gave it away, can call who carries it.
            (Role::Customer | Role::Restaurant, Role::Driver, Some(fact)) => {
                (false, fact.at_work() == Some(*id) && fact.is_carried())
            }
            _ => (false, false),
        };
        let role_of = party.who.actor.role;
        assert!(
            call || !text.contains(phone.as_str()),
            "{role_of:?} hears the phone of a {role:?}: {about:?} {text}"
        );
        for secret in secrets {
            assert!(
                door || !text.contains(secret.as_str()),
                "{role_of:?} hears {secret} of a {role:?}: {about:?} {text}"
            );
        }
    }
}

/// Fails the test unless the order is in the party's reach as the tables have it.
fn is_theirs(party: &Party, fact: &Fact) {
    let theirs = match party.who.actor.role {
        Role::Customer => fact.customer_id == party.who.id,
        Role::Restaurant => {
            Some(fact.restaurant_id) == party.who.actor.restaurant && fact.status != "awaiting_payment"
        }
        Role::Driver => fact.driver_id == Some(party.who.id),
        _ => false,
    };
    assert!(theirs, "{:?} hears of another's order: {fact:?}", party.who.actor);
}

/// Looks at an order as it was shown to the party, or at its having left.
fn look_at_order(
    party: &Party,
    everybody: &[Private],
    id: OrderId,
    body: Option<&Value>,
    facts: &BTreeMap<OrderId, Fact>,
) {
    let fact = &facts[&id];
    let Some(body) = body else {
        assert_eq!(
            party.role(),
            Role::Driver,
            "orders leave nobody else's scope: {fact:?}"
        );
        return;
    };
    is_theirs(party, fact);
    may_know(party, everybody, &body.to_string(), Some(fact));
    let knows_door = match party.role() {
        Role::Customer => true,
        Role::Driver => fact.at_work() == Some(party.who.id),
        _ => false,
    };
    assert!(
        knows_door || body.get("address").is_none_or(Value::is_null),
        "{:?} {body}",
        party.role()
    );
    assert!(
        knows_door || body["customer"].get("phone").is_none_or(Value::is_null),
        "{:?} {body}",
        party.role()
    );
    if party.role() == Role::Driver {
        for sum in ["subtotal", "deliveryFee", "serviceFee", "tip", "taxAmount"] {
            assert_eq!(body["bill"][sum], 0, "what is earned by others: {body}");
        }
    }
}

/// Looks at what a stream said.
fn look_at(party: &Party, everybody: &[Private], event: &StreamEvent, facts: &BTreeMap<OrderId, Fact>) {
    match event {
        StreamEvent::Heads(heads) => {
            assert_eq!(heads.heads.keys().collect::<Vec<_>>(), [&party.scope]);
        }
        StreamEvent::Head(head) => assert_eq!(head.scope, party.scope),
        StreamEvent::Delta(delta) => {
            assert_eq!(delta.scope, party.scope);
            for change in &delta.changes {
                match change.entity {
                    Entity::Order => {
                        look_at_order(party, everybody, OrderId(change.id), change.body.as_ref(), facts);
                    }
                    _ => may_know(party, everybody, &json!(change.body).to_string(), None),
                }
            }
        }
        StreamEvent::Position(position) => {
            let fact = &facts[&position.order_id];
            assert_eq!((party.role(), party.who.id), (Role::Customer, fact.customer_id));
            assert!(
                fact.at_work().is_some(),
                "nobody is followed who carries nothing: {fact:?}"
            );
        }
        StreamEvent::Resync => {}
    }
}

/// Hears one event and looks at it; says of which kind it was.
async fn hear_one(party: &mut Party, everybody: &[Private], facts: &BTreeMap<OrderId, Fact>) -> &'static str {
    let event = party.ears.next().await.unwrap();
    look_at(party, everybody, &event, facts);
    match event {
        StreamEvent::Delta(delta) => {
            party.heard = delta.to;
            "delta"
        }
        StreamEvent::Head(moved) => {
            party.heard = moved.head;
            "head"
        }
        StreamEvent::Heads(heads) => {
            party.heard = heads.heads[&party.scope];
            "heads"
        }
        StreamEvent::Position(_) => "position",
        StreamEvent::Resync => "resync",
    }
}

struct World {
    app: TestApp,
    towns: [Town; 2],
    parties: Vec<Party>,
    everybody: Vec<Private>,
    support: Someone,
    chance: StdRng,
    orders: Vec<OrderId>,
    /// How many events were looked at, by their kind.
    seen: BTreeMap<&'static str, usize>,
}

impl World {
    async fn build(engine: Engine, seed: u64) -> Self {
        let app = TestApp::start(engine).await;
        let (here, there) = (Town::build(&app).await, Town::build(&app).await);
        let mut people = vec![
            here.sara.clone(),
            there.sara.clone(),
            here.kitchen.clone(),
            there.kitchen.clone(),
        ];
        people.push(person(&app, "Huda", Role::Customer, None).await);
        for name in ["Fahad", "Turki", "Majed"] {
            people.push(person(&app, name, Role::Driver, None).await);
        }
        let support = person(&app, "Lina", Role::Support, None).await;
        let mut parties = Vec::new();
        for (number, who) in people.into_iter().enumerate() {
            parties.push(Party::join(&app, who, number + 1).await);
        }
        let private = |party: &Party| {
            (
                party.who.id,
                party.role(),
                party.phone.clone(),
                party.secrets.clone(),
            )
        };
        let everybody = parties.iter().map(private).collect();
        for party in parties.iter().filter(|party| party.role() == Role::Driver) {
            let on = json!({ "on": true, "point": KITCHEN });
            post(&app, &party.who, "/api/v1/driver/shift", &on).await.data();
        }
        Self {
            app,
            towns: [here, there],
            parties,
            everybody,
            support,
            chance: StdRng::seed_from_u64(seed),
            orders: Vec::new(),
            seen: BTreeMap::new(),
        }
    }

    /// Everybody hears all there is to hear, and it is looked at.
    async fn hear(&mut self) {
        let facts = facts(&self.app).await;
        for party in &mut self.parties {
            let scope = party.scope.parse().unwrap();
            let head = sync::head_of(&mut self.app.db.read().await.unwrap(), scope)
                .await
                .unwrap();
            while party.heard < head {
                let kind = hear_one(party, &self.everybody, &facts).await;
                *self.seen.entry(kind).or_default() += 1;
            }
        }
    }

    /// Every driver says where they are, and whoever waits for one of them hears it, once for each order.
    async fn ping(&mut self, number: u64) {
        let ping = json!({ "session": Uuid::nil(), "pings": [{ "n": number, "point": KITCHEN }] });
        let drivers = self.parties.iter().filter(|party| party.role() == Role::Driver);
        for driver in drivers {
            post(&self.app, &driver.who, "/api/v1/pings", &ping).await.data();
        }
        let facts = facts(&self.app).await;
        for party in &mut self.parties {
            let waits = |fact: &&Fact| fact.customer_id == party.who.id && fact.at_work().is_some();
            let mut awaited = facts.values().filter(waits).count();
            while awaited > 0 {
                let kind = hear_one(party, &self.everybody, &facts).await;
                awaited -= usize::from(kind == "position");
                *self.seen.entry(kind).or_default() += 1;
            }
        }
    }

    /// Everybody reads what there is to read, and it is looked at.
    async fn read(&self) {
        let facts = facts(&self.app).await;
        for party in &self.parties {
            let path = format!("/api/v1/scopes/{}/snapshot", party.scope);
            for change in get(&self.app, &party.who, &path).await.data()["changes"]
                .as_array()
                .unwrap()
            {
                if change["entity"] == "order" {
                    let id = change["id"].as_str().unwrap().parse().unwrap();
                    look_at_order(party, &self.everybody, id, change.get("body"), &facts);
                } else {
                    may_know(party, &self.everybody, &change.to_string(), None);
                }
            }
            for order in &self.orders {
                let answer = get(&self.app, &party.who, &format!("/api/v1/orders/{order}")).await;
                if answer.status.is_success() {
                    look_at_order(party, &self.everybody, *order, Some(&answer.data()), &facts);
                } else {
                    assert_eq!(answer.code(), "not_found");
                    may_know(party, &self.everybody, &answer.text(), None);
                }
            }
            let page = get(&self.app, &party.who, "/api/v1/orders?limit=50").await;
            if page.status.is_success() {
                for order in page.data()["orders"].as_array().unwrap() {
                    look_at_order(party, &self.everybody, id_of(order), Some(order), &facts);
                }
            }
        }
    }

    async fn place(&mut self) {
        let customers: Vec<usize> = (0..self.parties.len())
            .filter(|at| self.parties[*at].role() == Role::Customer)
            .collect();
        let party = &self.parties[customers[self.chance.random_range(0..customers.len())]];
        let town = &self.towns[self.chance.random_range(0..2)];
        let mut request = town.placing(&self.app, &party.who).await;
        request["address"] = party.address();
        if let card @ (GOOD_CARD | BAD_CARD) =
            ["", GOOD_CARD, GOOD_CARD, BAD_CARD][self.chance.random_range(0..4)]
        {
            request["paymentMethod"] = json!("card");
            request["cardToken"] = json!(card);
        }
        let answer = place(&self.app, &party.who, &request).await;
        assert_ne!(answer.status.as_u16() / 100, 5, "{}", answer.text());
        self.orders.push(id_of(&request));
    }

    /// Somebody does something of what they may with some order; now and then somebody else tries the same.
    async fn act(&mut self) {
        let order = self.orders[self.chance.random_range(0..self.orders.len())];
        let mut able = Vec::new();
        for (at, party) in self.parties.iter().enumerate() {
            let answer = get(&self.app, &party.who, &format!("/api/v1/orders/{order}")).await;
            if answer.status.is_success() {
                let seen = answer.data();
                let may = seen["may"].as_array().unwrap().clone();
                able.extend(
                    may.into_iter()
                        .map(|may| (at, may.as_str().unwrap().to_owned(), seen.clone())),
                );
            }
        }
        if able.is_empty() {
            return;
        }
        let (at, may, seen) = able[self.chance.random_range(0..able.len())].clone();
        // Most get somewhere before they are called off.
        let ending =
            ["cancel", "reject", "release", "decline_offer", "fail_delivery"].contains(&may.as_str());
        if ending && self.chance.random_range(0..4) > 0 {
            return;
        }
        let (name, body) = step_of(&may, &seen);
        if self.chance.random_range(0..4) == 0 {
            let other = self.chance.random_range(0..self.parties.len());
            let tried = step(&self.app, &self.parties[other].who, order, name, &body).await;
            may_know(&self.parties[other], &[], &tried.text(), None);
        }
        let answer = step(&self.app, &self.parties[at].who, order, name, &body).await;
        assert_ne!(answer.status.as_u16() / 100, 5, "{}", answer.text());
    }

    async fn live(&mut self, steps: u64) {
        for round in 0..steps {
            match self.chance.random_range(0..10) {
                _ if round < 3 => self.place().await,
                0 => self.place().await,
                1 | 2 => self.app.pass(Duration::from_secs(6)).await,
                3 => self.ping(round).await,
                _ => self.act().await,
            }
            self.hear().await;
            if round % 10 == 9 {
                self.read().await;
            }
        }
        let mut ears = Ears::open(&self.app, &self.support).await;
        assert!(ears.heads().await.heads.is_empty(), "support listens to nobody");
    }
}

/// The request behind an action.
pub fn step_of(may: &str, seen: &Value) -> (&'static str, Value) {
    let attempt = seen["delivery"]["assignment"]["attempt"].as_u64().unwrap_or(1);
    let because = json!({ "reason": "other" });
    match may {
        "accept" => ("accept", json!({ "prepMinutes": 10 })),
        "reject" => ("reject", because),
        "start_preparing" => ("prepare", Value::Null),
        "mark_ready" => ("ready", Value::Null),
        "hand_over" => ("hand-over", json!({ "cash": seen["payment"]["cashDue"] })),
        "accept_offer" => ("accept-offer", json!({ "attempt": attempt })),
        "decline_offer" => ("decline-offer", json!({ "attempt": attempt })),
        "release" => ("release", json!({ "reason": "other", "attempt": attempt })),
        "arrive_at_restaurant" => ("arrive-restaurant", Value::Null),
        "pick_up" => ("pick-up", Value::Null),
        "arrive_at_customer" => ("arrive-customer", Value::Null),
        "deliver" => ("deliver", json!({ "cash": seen["payment"]["cashDue"] })),
        "fail_delivery" => ("fail", because),
        "return_food" => ("return", Value::Null),
        "cancel" => ("cancel", because),
        "rate" => ("rate", json!({ "stars": 4 })),
        other => panic!("an action without a step: {other}"),
    }
}

async fn nobody_hears_more(engine: Engine, seeds: [u64; 2]) {
    let (mut seen, mut statuses) = (BTreeMap::new(), BTreeSet::new());
    for seed in seeds {
        eprintln!("seed {seed}");
        let mut world = World::build(engine, seed).await;
        world.live(90).await;
        for (kind, count) in std::mem::take(&mut world.seen) {
            *seen.entry(kind).or_insert(0) += count;
        }
        statuses.extend(
            facts(&world.app)
                .await
                .into_values()
                .map(|fact| (fact.status, fact.delivery)),
        );
    }
    // The lives are worth something only if they go different ways, and are mostly told as changes.
    assert!(
        seen["delta"] > 100 && seen.get("position").is_some_and(|count| *count > 0),
        "{seen:?}"
    );
    assert!(statuses.len() >= 6, "{statuses:?}");
}

#[tokio::test]
async fn nobody_hears_what_is_not_theirs_on_sqlite() {
    nobody_hears_more(Engine::Sqlite, [1, 2]).await;
}

#[tokio::test]
async fn nobody_hears_what_is_not_theirs_on_postgres() {
    nobody_hears_more(Engine::Postgres, [3, 4]).await;
}
