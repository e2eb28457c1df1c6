//! `kill -9` of the server at any moment loses no acknowledged order and doubles none.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::Method;
use momfood_backend::store::Engine;
use momfood_domain::actor::Role;
use momfood_domain::id::{OrderId, QuoteId};
use momfood_domain::order::OrderStatus;
use momfood_e2e::api::{Api, cart, fresh_id};
use momfood_e2e::city::City;
use momfood_e2e::stage::{say, tell_without_browser};
use momfood_protocol::rest::PlaceOrder;
use serde_json::json;

/// How often the server is killed.
const ROUNDS: u32 = 5;
/// Customers who order at the same time, each one order after the other.
const CUSTOMERS: usize = 8;

#[test]
fn a_killed_server_loses_no_acknowledged_order_and_doubles_none_on_sqlite() {
    tell_without_browser(Engine::Sqlite, storm);
}

#[test]
fn a_killed_server_loses_no_acknowledged_order_and_doubles_none_on_postgresql() {
    tell_without_browser(Engine::Postgres, storm);
}

/// What one customer knows of their orders.
#[derive(Default)]
struct Known {
    acknowledged: Vec<OrderId>,
    unanswered: u32,
}

async fn storm(city: &mut City) {
    let restaurant = city.restaurant();
    let owner = city.someone(Role::Restaurant).clone();
    let mut customers = Vec::new();
    for number in 0..CUSTOMERS {
        let email = format!("storm{number}@stories.momfood.test");
        let api = city.api().register(&email, "not-a-secret", "عاصفة").await;
        let home =
            json!({ "label": "البيت", "point": { "lat": 24.7001, "lng": 46.6841 }, "line": "حي السليمانية" });
        let _: serde_json::Value = api.put(&format!("me/addresses/{}", fresh_id()), &home).await;
        customers.push((api, Known::default()));
    }
    for round in 0..ROUNDS {
        let over = Arc::new(AtomicBool::new(false));
        let placing: Vec<_> = customers
            .drain(..)
            .map(|(api, known)| tokio::spawn(keep_ordering(api, known, restaurant, Arc::clone(&over))))
            .collect();
        // At any moment: not twice at the same.
        let moment = 150 + u64::from(fresh_id().as_bytes()[9]) * 2 + u64::from(round) * 40;
        tokio::time::sleep(Duration::from_millis(moment)).await;
        city.kill();
        city.start().await;
        over.store(true, Ordering::Relaxed);
        for customer in placing {
            customers.push(customer.await.expect("a customer"));
        }
    }
    let mut acknowledged = 0;
    let mut unanswered = 0;
    for (api, known) in &customers {
        acknowledged += known.acknowledged.len();
        unanswered += known.unanswered;
        exactly_once(api, known).await;
    }
    // The kitchen, too, has each of them once.
    let kitchen = city
        .api()
        .sign_in(&owner.email, &owner.password, Role::Restaurant)
        .await;
    let mut seen: HashMap<OrderId, u32> = HashMap::new();
    for order in all_orders(&kitchen).await {
        *seen.entry(order.0).or_default() += 1;
    }
    for (_, known) in &customers {
        for id in &known.acknowledged {
            assert_eq!(seen.get(id), Some(&1), "order {id} in the kitchen");
        }
    }
    assert_eq!(
        seen.len(),
        acknowledged,
        "every order the kitchen has was acknowledged in the end"
    );
    assert!(
        unanswered > 0,
        "the server was killed while somebody waited for its answer"
    );
    say(&format!(
        "  {acknowledged} orders acknowledged, {unanswered} answers lost in {ROUNDS} kills\n"
    ));
}

/// Orders until the round is over. An order whose answer was lost is sent again, the same, until it is answered.
async fn keep_ordering(
    api: Api,
    mut known: Known,
    restaurant: momfood_domain::id::RestaurantId,
    over: Arc<AtomicBool>,
) -> (Api, Known) {
    let mut prepared: Option<PlaceOrder> = None;
    while !over.load(Ordering::Relaxed) || prepared.is_some() {
        let next = match prepared.take() {
            Some(order) => Some(order),
            None => prepare(&api, restaurant).await,
        };
        let Some(order) = next else {
            // The server is down; it comes back.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        match api
            .ask(Method::POST, "orders", Some(order.id.0), Some(json!(order)))
            .await
        {
            Ok(answer) if answer.body["success"] == true => {
                assert_eq!(answer.body["data"]["id"], order.id.to_string());
                known.acknowledged.push(order.id);
            }
            Ok(answer) => panic!("refused: {answer:?}"),
            Err(_) => {
                known.unanswered += 1;
                prepared = Some(order);
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
    (api, known)
}

/// An order ready to be sent, or nothing while the server is down.
async fn prepare(api: &Api, restaurant: momfood_domain::id::RestaurantId) -> Option<PlaceOrder> {
    let page = api
        .ask(Method::GET, &format!("restaurants/{restaurant}"), None, None)
        .await
        .ok()?;
    let page = serde_json::from_value(page.body["data"].clone()).expect("a page");
    let homes = api.ask(Method::GET, "me/addresses", None, None).await.ok()?;
    let address: momfood_domain::address::Address =
        serde_json::from_value(homes.body["data"][0].clone()).expect("an address");
    let request = json!({ "cart": cart(&page), "fulfilment": "delivery", "point": address.point });
    let quote = api.ask(Method::POST, "quotes", None, Some(request)).await.ok()?;
    let quote: QuoteId = serde_json::from_value(quote.body["data"]["id"].clone())
        .unwrap_or_else(|error| panic!("{error}: {quote:?}"));
    Some(PlaceOrder {
        id: fresh_id().into(),
        quote_id: quote,
        payment_method: momfood_domain::payment::PaymentMethod::Cash,
        card_token: None,
        address: Some(address),
        note: None,
        valid_until: None,
    })
}

async fn exactly_once(api: &Api, known: &Known) {
    let mut found: HashMap<OrderId, u32> = HashMap::new();
    for (id, status) in all_orders(api).await {
        assert_eq!(status, OrderStatus::Pending, "nobody touched it");
        *found.entry(id).or_default() += 1;
    }
    for id in &known.acknowledged {
        assert_eq!(found.get(id), Some(&1), "acknowledged order {id}");
    }
    assert_eq!(found.len(), known.acknowledged.len(), "no order nobody placed");
}

/// Every order this person may see, page after page.
async fn all_orders(api: &Api) -> Vec<(OrderId, OrderStatus)> {
    let mut all = Vec::new();
    let mut path = "orders".to_owned();
    loop {
        let page: momfood_protocol::rest::OrderPage = api.get(&path).await;
        all.extend(page.orders.iter().map(|order| (order.id, order.status)));
        match page.next {
            Some(before) => path = format!("orders?before={}", before.0),
            None => return all,
        }
    }
}
