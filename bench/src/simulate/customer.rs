//! A customer: gets hungry when it is their turn, looks around, fills a cart, reads the price, pays cash or by card,
//! and follows the order to its end; sometimes thinks better of it.

use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use futures::StreamExt as _;
use momfood_client::{Engine, customer};
use momfood_domain::cart::CartLine;
use momfood_domain::id::OrderId;
use momfood_domain::order::{OrderStatus, Reason};
use momfood_domain::payment::PaymentMethod;
use momfood_domain::pricing::Fulfilment;
use momfood_domain::text::Lang;
use momfood_protocol::account::{CodePurpose, Consent, Unregistered};
use momfood_protocol::engine::{
    AddToCart, AddressForm, CancelOrder, ChooseAddress, ClearCart, Event, GetAddresses, GetOrder, GetQuote,
    GetRestaurant, ListRestaurants, NewOrderId, PlaceOrder, SaveAddress, SetFulfilment, SetTip,
};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::online::{AskCode, CheckCode, OpenAccount};
use momfood_protocol::rest::RestaurantSort;
use momfood_protocol::view::{Action, OrderView, RestaurantCard};
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;

use super::{Town, money, pause, why};
use crate::cart;
use crate::city::{City, PASSWORD};
use crate::people::{NEW_PASSWORD, now};

/// The sandbox's cards.
const GOOD_CARD: &str = "sandbox:4242424242424242";
const BAD_CARD: &str = "sandbox:4000000000000002";

/// Who it is: somebody of the demo, or somebody new.
pub struct Who {
    email: String,
    name: String,
    /// Which of the city's places is home to somebody new.
    home: usize,
}

/// Names of those who are new.
const NAMES: [&str; 16] = [
    "Noura", "Khalid", "Huda", "Omar", "Layan", "Yousef", "Reem", "Majed", "Dana", "Turki", "Amal", "Bader",
    "Lina", "Ziad", "Munira", "Hatim",
];

/// What belongs to an email: the demo's people have one password, which new ones may not choose.
pub fn password(email: &str) -> &'static str {
    if email.starts_with("neighbour-") {
        NEW_PASSWORD
    } else {
        PASSWORD
    }
}

impl Who {
    /// The first are the demo's own customers, but for the one who is printed.
    pub fn of(city: &City, number: usize) -> Self {
        match city.people.customers.get(number + 1) {
            Some(person) => Self {
                email: person.email.clone(),
                name: person.first_name.get(Lang::En).to_owned(),
                home: number,
            },
            None => Self {
                email: format!("neighbour-{number}@demo.momfood.test"),
                name: NAMES[number % NAMES.len()].to_owned(),
                home: number,
            },
        }
    }
}

struct Guest {
    town: Rc<Town>,
    engine: Engine,
    name: String,
    chance: StdRng,
}

pub async fn live(town: Rc<Town>, who: Who, mut chance: StdRng) {
    pause(&mut chance, 0.0..6.0).await;
    let Some(engine) = town.engine(customer()) else {
        return;
    };
    if town.sign_in(&engine, &who.email, &mut chance).await.is_none()
        && sign_up(&town, &engine, &who).await.is_err()
    {
        town.say(format_args!("{} cannot sign in", who.email));
        return;
    }
    let mut guest = Guest {
        town,
        engine,
        name: who.name,
        chance,
    };
    if let Err(failure) = guest.find_home(who.home).await {
        guest
            .town
            .say(format_args!("{} has no address: {}", guest.name, why(&failure)));
        return;
    }
    loop {
        let town = Rc::clone(&guest.town);
        let Ok(turn) = town.pace.acquire().await else {
            return;
        };
        turn.forget();
        match guest.order().await {
            Ok(Some(order)) => guest.follow(order).await,
            Ok(None) => {}
            Err(error) => town.say(format_args!("{} orders nothing: {error:#}", guest.name)),
        }
        pause(&mut guest.chance, 5.0..30.0).await;
    }
}

async fn sign_up(town: &Town, engine: &Engine, who: &Who) -> Result<(), Failure> {
    let sent = engine
        .ask(AskCode {
            purpose: CodePurpose::SignUp,
            email: Some(who.email.clone()),
            phone: None,
            language: Lang::Ar,
        })
        .await?;
    let check = CheckCode {
        challenge: sent.challenge,
        code: town.code(&who.email).await.unwrap_or_default(),
        role: None,
        restaurant_id: None,
    };
    let shown = engine.ask(check).await;
    let Err(failure) = shown else { return Ok(()) };
    let Ok(unregistered) = serde_json::from_value::<Unregistered>(failure.details.clone()) else {
        return Err(failure);
    };
    engine
        .ask(OpenAccount {
            ticket: unregistered.ticket,
            password: Some(NEW_PASSWORD.to_owned()),
            first_name: who.name.clone(),
            last_name: String::new(),
            language: Lang::Ar,
            consents: Consent::of_a_newcomer(false),
        })
        .await?;
    town.say(format_args!("{} has moved to the city", who.name));
    Ok(())
}

/// A failure, in words.
fn told(failure: &Failure) -> anyhow::Error {
    anyhow::anyhow!("{}", why(failure))
}

impl Guest {
    /// Sees to it that there is somewhere to bring food to.
    async fn find_home(&mut self, home: usize) -> Result<(), Failure> {
        let known = self.engine.ask(GetAddresses {}).await?;
        if let Some(address) = known.addresses.first() {
            self.engine.ask(ChooseAddress { id: address.id }).await?;
            return Ok(());
        }
        let place = &self.town.city.addresses[home % self.town.city.addresses.len()];
        let mut point = place.point;
        // Somewhere in the neighbourhood.
        point.lat += self.chance.random_range(-0.006..0.006);
        point.lng += self.chance.random_range(-0.006..0.006);
        let line = format!("{}، {}", place.street.get(Lang::Ar), place.district.get(Lang::Ar));
        let address = AddressForm {
            label: "البيت".to_owned(),
            point,
            short_address: None,
            line,
            landmark: None,
            note: None,
        };
        self.engine.ask(SaveAddress { id: None, address }).await?;
        Ok(())
    }

    /// From hunger to an order; `None` when nothing came of it.
    async fn order(&mut self) -> Result<Option<OrderView>> {
        let (restaurant, lines) = self.choose().await?;
        let fulfilment = if self.chance.random_bool(0.15) {
            Fulfilment::Pickup
        } else {
            Fulfilment::Delivery
        };
        self.engine
            .ask(ClearCart {})
            .await
            .map_err(|failure| told(&failure))?;
        for line in lines {
            pause(&mut self.chance, 1.0..4.0).await;
            let add = AddToCart {
                restaurant_id: restaurant.id,
                line,
                replace: true,
            };
            self.engine.ask(add).await.map_err(|failure| told(&failure))?;
        }
        self.engine
            .ask(SetFulfilment { fulfilment })
            .await
            .map_err(|failure| told(&failure))?;
        if fulfilment == Fulfilment::Delivery && self.chance.random_bool(0.4) {
            let tip = *[200, 300, 500].choose(&mut self.chance).unwrap_or(&200);
            self.engine
                .ask(SetTip { tip })
                .await
                .map_err(|failure| told(&failure))?;
        }
        let card = self.chance.random_bool(0.45);
        let token = if self.chance.random_bool(0.12) {
            BAD_CARD
        } else {
            GOOD_CARD
        };
        let first = self.place(card.then_some(token)).await;
        let placed = match first {
            Err(failure) if failure.code == ErrorCode::CardDeclined => {
                self.town
                    .say(format_args!("{}'s card is declined; it will be cash", self.name));
                pause(&mut self.chance, 3.0..6.0).await;
                self.place(None).await
            }
            other => other,
        };
        let name = restaurant.name.get(Lang::En);
        match placed {
            Ok(order) => {
                let how = match (order.payment.method, order.fulfilment) {
                    (PaymentMethod::Cash, Fulfilment::Delivery) => "cash",
                    (PaymentMethod::Card, Fulfilment::Delivery) => "card",
                    (PaymentMethod::Cash, Fulfilment::Pickup) => "cash, will fetch it",
                    (PaymentMethod::Card, Fulfilment::Pickup) => "card, will fetch it",
                };
                let items: u32 = order.bill.lines.iter().map(|line| line.quantity).sum();
                let total = money(order.bill.total_amount, order.bill.currency);
                self.town.say(format_args!(
                    "{} orders {items} from {name}: {} for {total}, {how}",
                    self.name, order.number
                ));
                Ok(Some(order))
            }
            Err(failure) => {
                self.town
                    .say(format_args!("{} and {name}: {}", self.name, why(&failure)));
                Ok(None)
            }
        }
    }

    /// Looks around and picks something.
    async fn choose(&mut self) -> Result<(RestaurantCard, Vec<CartLine>)> {
        let look = ListRestaurants {
            search: None,
            cuisine: None,
            open_only: true,
            sort: RestaurantSort::Recommended,
        };
        let list = self.engine.ask(look).await.map_err(|failure| told(&failure))?;
        let near: Vec<_> = list
            .restaurants
            .into_iter()
            .filter(|card| card.delivery_fee.is_some())
            .collect();
        pause(&mut self.chance, 1.0..3.0).await;
        let restaurant = near
            .choose(&mut self.chance)
            .context("nobody near takes orders")?;
        let view = self.engine.ask(GetRestaurant { id: restaurant.id }).await;
        let page = view.map_err(|failure| told(&failure))?.page;
        pause(&mut self.chance, 1.0..5.0).await;
        let lines = cart::fill(
            &page.menu,
            restaurant.terms.minimum_order,
            now(),
            &mut self.chance,
        );
        Ok((
            restaurant.clone(),
            lines.context("there is nothing on the menu now")?,
        ))
    }

    async fn place(&mut self, card: Option<&str>) -> Result<OrderView, Failure> {
        let quote = self.engine.ask(GetQuote {}).await?;
        pause(&mut self.chance, 1.0..4.0).await;
        let order_id = self.engine.ask(NewOrderId {}).await?.id;
        let call = PlaceOrder {
            order_id,
            quote_id: quote.id,
            payment_method: if card.is_some() {
                PaymentMethod::Card
            } else {
                PaymentMethod::Cash
            },
            card_token: card.map(ToOwned::to_owned),
            note: None,
        };
        self.engine.ask(call).await
    }

    /// Until it is there, or will not be.
    async fn follow(&mut self, order: OrderView) {
        let mut events = self.engine.subscribe();
        let mut regrets = self.chance.random_bool(0.06);
        let mut order = order;
        while !order.status.is_end() {
            if regrets && order.may.contains(&Action::Cancel) {
                pause(&mut self.chance, 4.0..15.0).await;
                regrets = false;
                self.cancel(order.id).await;
            }
            let next = async {
                while let Some(event) = events.next().await {
                    if matches!(event, Event::Order { id } if id == order.id) {
                        break;
                    }
                }
            };
            let _ = tokio::time::timeout(Duration::from_secs(20), next).await;
            if let Ok(track) = self.engine.ask(GetOrder { id: order.id }).await {
                order = track.order;
            }
        }
        if order.status == OrderStatus::Expired {
            self.town.say(format_args!(
                "nobody at {} answered {}'s order {}",
                order.restaurant.name.get(Lang::En),
                self.name,
                order.number
            ));
        }
    }

    async fn cancel(&mut self, id: OrderId) {
        let call = CancelOrder {
            id,
            reason: Reason::ChangedMind,
        };
        if let Ok(order) = self.engine.ask(call).await {
            self.town
                .say(format_args!("{} calls {} off", self.name, order.number));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_customer_who_is_printed_is_left_alone_and_all_others_are_different_people() {
        let city = City::read().unwrap();
        let printed = &city.people.customers[0].email;
        let all: HashSet<String> = (0..60).map(|number| Who::of(&city, number).email).collect();
        assert_eq!(all.len(), 60);
        assert!(!all.contains(printed));
    }
}
