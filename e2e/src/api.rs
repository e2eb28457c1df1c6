//! The public API for a story's preparations and for what has no screen: an owner changing a menu, many customers at
//! once. Plain requests; what they mean is the server's affair.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{Method, Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use momfood_domain::actor::Role;
use momfood_domain::cart::{Cart, CartLine};
use momfood_domain::id::RestaurantId;
use momfood_domain::menu::{Menu, MenuItem};
use momfood_domain::order::OrderStatus;
use momfood_domain::pricing::Fulfilment;
use momfood_protocol::account::{CodeSent, Consent};
use momfood_protocol::rest::{
    KEY_HEADER, Login, OrderPage, OwnerMenu, PlaceOrder, Quote, QuoteRequest, Register, RestaurantPage,
    SavedAddress, Session,
};
use momfood_protocol::view::OrderView;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

/// For how long an answer is awaited.
const PATIENCE: Duration = Duration::from_secs(10);

/// Somebody who asks the server.
#[derive(Clone)]
pub struct Api {
    base: String,
    client: Client<HttpConnector, Full<Bytes>>,
    token: Option<String>,
}

/// An answer of the server.
#[derive(Debug)]
pub struct Answer {
    /// Its HTTP status.
    pub status: u16,
    /// Its body.
    pub body: Value,
}

/// No answer came: nobody knows whether the request arrived.
#[derive(Debug)]
pub struct NoAnswer(pub String);

impl Api {
    /// Nobody in particular.
    pub fn new(base: &str) -> Self {
        Self {
            base: base.to_owned(),
            client: Client::builder(TokioExecutor::new()).build_http(),
            token: None,
        }
    }

    /// Someone signed in.
    pub async fn sign_in(&self, email: &str, password: &str, role: Role) -> Self {
        let login = Login {
            email: email.to_owned(),
            password: password.to_owned(),
            role: Some(role),
            restaurant_id: None,
        };
        let session: Session = self.post("auth/login", &login).await;
        self.holding(session)
    }

    /// A new customer.
    pub async fn register(&self, email: &str, password: &str, first_name: &str) -> Self {
        let ask = json!({ "purpose": "sign_up", "email": email });
        let sent: CodeSent = self.post("auth/codes", &ask).await;
        let shown = json!({ "challenge": sent.challenge, "code": self.code(email).await });
        let answer = self
            .ask(Method::POST, "auth/codes/check", None, Some(shown))
            .await;
        let answer = answer.unwrap_or_else(|no| panic!("no answer: {}", no.0));
        let ticket = answer.body["error"]["details"]["ticket"].as_str();
        let person = Register {
            ticket: ticket
                .unwrap_or_else(|| panic!("a ticket: {answer:?}"))
                .to_owned(),
            password: Some(password.to_owned()),
            first_name: first_name.to_owned(),
            last_name: String::new(),
            language: momfood_domain::text::Lang::Ar,
            consents: Consent::of_a_newcomer(false),
        };
        let session: Session = self.post("auth/register", &person).await;
        self.holding(session)
    }

    /// The code sent last to an email or a phone: it is shown, and not really sent.
    pub async fn code(&self, to: &str) -> String {
        let begun = std::time::Instant::now();
        while begun.elapsed() < PATIENCE {
            let request = Request::builder()
                .uri(format!("{}/dev/messages", self.base))
                .header(header::ACCEPT, "application/json")
                .body(Full::new(Bytes::new()))
                .expect("a well-formed request");
            let answer = self.client.request(request).await.expect("an answer");
            let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
            let shown: Value = serde_json::from_slice(&bytes).expect("messages");
            let mut theirs = shown["data"].as_array().into_iter().flatten();
            let newest = theirs.find(|message| message["to"] == to);
            if let Some(code) = newest.and_then(|message| message["code"].as_str()) {
                return code.to_owned();
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("no code came for {to}")
    }

    fn holding(&self, session: Session) -> Self {
        Self {
            token: Some(session.access_token),
            ..self.clone()
        }
    }

    /// Reads.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> T {
        self.told(Method::GET, path, None, None).await
    }

    /// Does.
    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> T {
        self.told(Method::POST, path, None, Some(json!(body))).await
    }

    /// Replaces.
    pub async fn put<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> T {
        self.told(Method::PUT, path, None, Some(json!(body))).await
    }

    /// Changes.
    pub async fn patch<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> T {
        self.told(Method::PATCH, path, None, Some(json!(body))).await
    }

    async fn told<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        key: Option<Uuid>,
        body: Option<Value>,
    ) -> T {
        let what = format!("{method} {path}");
        let answer = self.ask(method, path, key, body).await;
        let mut answer = answer.unwrap_or_else(|no| panic!("{what}: no answer: {}", no.0));
        assert_eq!(answer.body["success"], true, "{what}: {answer:?}");
        let data = answer.body["data"].take();
        serde_json::from_value(data).unwrap_or_else(|error| panic!("{what}: {error}"))
    }

    /// The newest message to an email or a phone whose words hold `part`: it is shown, and not really sent.
    pub async fn message(&self, to: &str, part: &str) -> Value {
        let begun = std::time::Instant::now();
        while begun.elapsed() < PATIENCE {
            let request = Request::builder()
                .uri(format!("{}/dev/messages", self.base))
                .header(header::ACCEPT, "application/json")
                .body(Full::new(Bytes::new()))
                .expect("a well-formed request");
            let answer = self.client.request(request).await.expect("an answer");
            let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
            let mut shown: Value = serde_json::from_slice(&bytes).expect("messages");
            let messages = shown["data"]
                .as_array_mut()
                .map(std::mem::take)
                .unwrap_or_default();
            let holds = |message: &Value| message["text"].as_str().is_some_and(|text| text.contains(part));
            if let Some(newest) = messages
                .into_iter()
                .find(|message| message["to"] == to && holds(message))
            {
                return newest;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("no message came for {to}")
    }

    /// Asks once.
    pub async fn ask(
        &self,
        method: Method,
        path: &str,
        key: Option<Uuid>,
        body: Option<Value>,
    ) -> Result<Answer, NoAnswer> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}/api/v1/{path}", self.base));
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(key) = key {
            request = request.header(KEY_HEADER, key.to_string());
        }
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Bytes::from(body.to_string())
            }
            None => Bytes::new(),
        };
        let request = request.body(Full::new(body)).expect("a well-formed request");
        let answer = async {
            let answer = self.client.request(request).await.map_err(no_answer)?;
            let status = answer.status().as_u16();
            let bytes = answer.into_body().collect().await.map_err(no_answer)?.to_bytes();
            let body = serde_json::from_slice(&bytes).map_err(no_answer)?;
            Ok(Answer { status, body })
        };
        tokio::time::timeout(PATIENCE, answer)
            .await
            .unwrap_or_else(|_| Err(NoAnswer("too late".to_owned())))
    }

    /// Whether the server has that blob whole, and this person may see it.
    pub async fn has_blob(&self, sha256: &str) -> bool {
        let request = Request::builder()
            .uri(format!("{}/api/v1/blobs/{sha256}", self.base))
            .header(
                header::AUTHORIZATION,
                format!("Bearer {}", self.token.as_deref().unwrap_or_default()),
            )
            .body(Full::new(Bytes::new()))
            .expect("a well-formed request");
        let answer = self.client.request(request).await;
        answer.is_ok_and(|answer| answer.status().is_success())
    }

    /// A restaurant's page.
    pub async fn restaurant(&self, id: RestaurantId) -> RestaurantPage {
        self.get(&format!("restaurants/{id}")).await
    }

    /// The customer's first saved address.
    pub async fn home(&self) -> SavedAddress {
        let mut saved: Vec<SavedAddress> = self.get("me/addresses").await;
        assert!(!saved.is_empty(), "the customer has a saved address");
        saved.remove(0)
    }

    /// The customer's orders, newest first.
    pub async fn orders(&self) -> Vec<OrderView> {
        self.get::<OrderPage>("orders").await.orders
    }

    /// One order, as this person may see it.
    pub async fn order(&self, id: &str) -> OrderView {
        self.get(&format!("orders/{id}")).await
    }

    /// The server's price of a cart.
    pub async fn quote(&self, cart: Cart) -> Quote {
        let point = self.home().await.address.point;
        let request = QuoteRequest {
            cart,
            fulfilment: Fulfilment::Delivery,
            point: Some(point),
        };
        self.post("quotes", &request).await
    }

    /// Places an order as an app would, and waits for the kitchen to be able to see it.
    pub async fn place(&self, restaurant: RestaurantId) -> OrderView {
        let page = self.restaurant(restaurant).await;
        let quote = self.quote(cart(&page)).await;
        let order = self.order_for(&quote).await;
        let placed: OrderView = self
            .told(Method::POST, "orders", Some(order.id.0), Some(json!(order)))
            .await;
        assert_eq!(placed.status, OrderStatus::Pending, "cash needs no gateway");
        placed
    }

    /// A cash order for `quote`, ready to be sent.
    pub async fn order_for(&self, quote: &Quote) -> PlaceOrder {
        PlaceOrder {
            id: fresh_id().into(),
            quote_id: quote.id,
            payment_method: momfood_domain::payment::PaymentMethod::Cash,
            card_token: None,
            address: Some(self.home().await.address),
            note: None,
            valid_until: None,
        }
    }

    /// Changes the menu of the owner's restaurant.
    pub async fn change_menu(&self, change: impl FnOnce(&mut Menu)) {
        let mut menu: OwnerMenu = self.get("kitchen/menu").await;
        change(&mut menu.menu);
        let _: OwnerMenu = self.put("kitchen/menu", &menu).await;
    }
}

fn no_answer(error: impl std::fmt::Debug) -> NoAnswer {
    NoAnswer(format!("{error:?}"))
}

/// A cart that restaurant would take: enough of its first dish to reach the smallest order.
pub fn cart(page: &RestaurantPage) -> Cart {
    let dish = dish(&page.menu);
    let price = dish.price.max(1);
    let quantity = (page.restaurant.terms.minimum_order + price - 1) / price;
    let line = CartLine {
        item_id: dish.id,
        quantity: u32::try_from(quantity).expect("a few").max(1),
        option_ids: fewest_picks(dish),
        note: None,
    };
    Cart {
        restaurant_id: page.restaurant.id,
        lines: vec![line],
        tip: 0,
    }
}

/// The first dish that can be had all day and asks for a choice.
pub fn dish(menu: &Menu) -> &MenuItem {
    dishes(menu)
        .find(|item| item.option_groups.iter().any(|group| group.min > 0))
        .expect("a dish with options")
}

/// All dishes that can be had at any time of day.
pub fn dishes(menu: &Menu) -> impl Iterator<Item = &MenuItem> {
    let available = |item: &&MenuItem| {
        item.availability == momfood_domain::menu::Availability::Available && item.dayparts.is_empty()
    };
    menu.categories
        .iter()
        .flat_map(|category| &category.items)
        .filter(available)
}

/// The first options of each group that asks for some.
pub fn fewest_picks(item: &MenuItem) -> Vec<momfood_domain::id::OptionId> {
    item.option_groups
        .iter()
        .flat_map(|group| {
            let wanted = usize::try_from(group.min).expect("a few");
            let options = group.options.iter().filter(|option| option.available);
            options.take(wanted).map(|option| option.id)
        })
        .collect()
}

/// An id nobody has used: `UUIDv7`, as every client mints them.
pub fn fresh_id() -> Uuid {
    static MINTED: AtomicU64 = AtomicU64::new(0);
    #[expect(clippy::disallowed_methods, reason = "a client outside the product")]
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    let random = RandomState::new().hash_one(MINTED.fetch_add(1, Ordering::Relaxed));
    let count = MINTED.load(Ordering::Relaxed);
    let mut bytes = [0; 10];
    bytes[..8].copy_from_slice(&random.to_be_bytes());
    bytes[8..].copy_from_slice(&count.to_be_bytes()[6..]);
    let millis = u64::try_from(now.as_millis()).expect("before the year 584 million");
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
}
