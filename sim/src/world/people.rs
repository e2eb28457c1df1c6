//! What people do in a run: somebody taps what their screen makes them want, and the same may be asked for beside the
//! outbox. Nothing is tapped here that a screen does not show.

use anyhow::Result;
use http::Method;
use momfood_domain::cart::{Cart, CartLine};
use momfood_domain::id::OrderId;
use momfood_domain::payment::PaymentMethod;
use momfood_domain::pricing::Fulfilment;
use momfood_domain::time::SECOND;
use momfood_protocol::mutation::Mutation;
use momfood_protocol::reading;
use momfood_protocol::rest::{PlaceOrder, Quote, QuoteRequest};

use super::words::short;
use super::{Event, Life, Stop, World};
use crate::laws::Promise;
use crate::people::{self, Wish};
use crate::plan::Trouble;
use crate::server::{Ask, Sent, Shown};
use crate::town::{self, Person};

impl World<'_> {
    pub(super) fn step(&mut self) -> Result<(), Stop> {
        if self.healing {
            return Ok(());
        }
        self.steps_left = self.steps_left.saturating_sub(1);
        let pause = if self.people.hits(60) {
            self.people.between(20 * SECOND, 120 * SECOND)
        } else {
            self.people.between(200_000, 9 * SECOND)
        };
        self.after(pause, Event::Step);
        // Whoever has something to do does it sooner.
        for _ in 0..3 {
            let up: Vec<usize> = (0..self.devices.len())
                .filter(|&nth| self.devices[nth].is_up())
                .collect();
            let Some(&nth) = self.people.pick(&up) else {
                return Ok(());
            };
            let Some(person) = self.devices[nth].user else {
                continue;
            };
            let screen = self.devices[nth].screen()?;
            match people::wish(person, &screen.orders, screen.on_shift, &mut self.people) {
                Wish::Nothing => continue,
                Wish::Order(kitchen) => {
                    let life = (nth, self.devices[nth].life);
                    if !self.devices[nth].is_cut && self.server_up {
                        let way = self.way();
                        self.after(way, Event::AskQuote(life, person, kitchen));
                    }
                }
                Wish::Tap(mutation) => self.tap(nth, person, Some(mutation), None)?,
                Wish::Picture(mutation, bytes) => self.tap(nth, person, Some(mutation), Some(&bytes))?,
            }
            if self.goes(Trouble::Poison) && self.people.hits(120) {
                self.tap(nth, person, None, None)?;
            }
            return Ok(());
        }
        Ok(())
    }

    /// `person` taps; `None` is what nobody can read.
    pub(super) fn tap(
        &mut self,
        nth: usize,
        person: Person,
        mutation: Option<Mutation>,
        picture: Option<&[u8]>,
    ) -> Result<(), Stop> {
        let (uid, now) = (self.people.uuid(), self.now());
        if !self.devices[nth].is_up() {
            return Ok(());
        }
        if let Some(beside) = self.beside(person, uid, mutation.as_ref()) {
            let way = self.way();
            self.after(way, Event::Rest(Box::new(beside)));
        }
        let what = mutation.as_ref().map_or("what nobody can read", Mutation::name);
        if !self.devices[nth].tap(now, uid, mutation.as_ref(), picture)? {
            // Refused on the device: nothing was acknowledged.
            self.tell(|| format!("{} on device {nth} taps {what}, which is not taken", person.name));
            return Ok(());
        }
        let of = mutation.as_ref().and_then(Mutation::order_id);
        self.tell(|| {
            format!(
                "{} on device {nth} taps {what}{} ({})",
                person.name,
                of.map(|id| format!(" of {}", short(id))).unwrap_or_default(),
                &uid.to_string()[..8]
            )
        });
        self.promises.insert(
            uid,
            Promise {
                uid,
                user: person.id(),
                device: nth,
                mutation,
                at: now,
                queued: true,
            },
        );
        self.work(nth)
    }

    /// The same by REST, if somebody asks for it by that door too.
    pub(super) fn beside(
        &mut self,
        person: Person,
        uid: uuid::Uuid,
        mutation: Option<&Mutation>,
    ) -> Option<Ask> {
        if !self.goes(Trouble::Rest) || !self.people.hits(600) {
            return None;
        }
        let mutation = mutation?;
        let id = mutation.order_id();
        let path = match mutation {
            Mutation::PlaceOrder(_) => "/api/v1/orders".to_owned(),
            Mutation::AcceptOrder(_) => format!("/api/v1/orders/{}/accept", id?),
            Mutation::MarkReady(_) => format!("/api/v1/orders/{}/ready", id?),
            Mutation::CancelOrder(_) => format!("/api/v1/orders/{}/cancel", id?),
            _ => return None,
        };
        let mut body = mutation.args();
        if id.is_some()
            && let Some(body) = body.as_object_mut()
        {
            body.remove("orderId");
        }
        Some(Ask {
            method: Method::POST,
            path,
            shown: Shown::As(person),
            key: Some(uid),
            body: Sent::Json(body.to_string()),
            headers: vec![],
        })
    }

    pub(super) async fn quote(&mut self, life: Life, person: Person, kitchen: usize) -> Result<(), Stop> {
        if !self.server_up {
            return Ok(());
        }
        let mut cart = Cart::new(town::restaurant(kitchen));
        let lines = 1 + self.people.below(2);
        for _ in 0..lines {
            let nth = usize::try_from(self.people.below(town::DISHES as u64)).unwrap_or(0);
            cart.add(CartLine {
                item_id: town::dish(kitchen, nth),
                quantity: 1,
                option_ids: vec![],
                note: None,
            });
        }
        let fetched = self.people.hits(200);
        let request = QuoteRequest {
            cart,
            fulfilment: if fetched {
                Fulfilment::Pickup
            } else {
                Fulfilment::Delivery
            },
            point: (!fetched).then(|| town::home(person.name).point),
        };
        let ask = Ask {
            method: Method::POST,
            path: "/api/v1/quotes".to_owned(),
            shown: Shown::As(person),
            key: None,
            body: Sent::Json(serde_json::to_string(&request).unwrap_or_default()),
            headers: vec![],
        };
        let told = self.server.ask(&ask).await?;
        let dead = told.is_none();
        if let Some(told) = told {
            let quote = reading::read(told.body.get("data").cloned().unwrap_or_default());
            match quote {
                Ok(quote) => {
                    let way = self.way();
                    self.after(way, Event::Quoted(life, person, Box::new(quote)));
                }
                Err(_) => self.tell(|| format!("server: no quote for {}: {:?}", person.name, told.code)),
            }
        }
        self.after_asking(dead);
        Ok(())
    }

    pub(super) fn quoted(&mut self, life: Life, person: Person, quote: &Quote) -> Result<(), Stop> {
        if !self.lives(life) || self.devices[life.0].user != Some(person) || self.healing {
            return Ok(());
        }
        let fetched = quote.fulfilment == Fulfilment::Pickup;
        let order = PlaceOrder {
            id: OrderId(self.people.uuid()),
            quote_id: quote.id,
            payment_method: PaymentMethod::Cash,
            card_token: None,
            address: (!fetched).then(|| town::home(person.name)),
            note: Some("بدون بصل".to_owned()),
            valid_until: None,
        };
        self.tap(life.0, person, Some(Mutation::PlaceOrder(order)), None)
    }
}
