//! Placing the order: one tap is one order. The id minted for a tap is used until the server has answered for it,
//! however often it has to be asked.

use dioxus::prelude::*;
use momfood_domain::order::{OrderStatus, Reason};
use momfood_kit::engine::{Engine, ErrorCode, Failure, Query, use_engine};
use momfood_kit::prelude::*;
use momfood_protocol::engine::{AskToNotify, DeviceKind, GetDevice, NewOrderId, PlaceOrder};
use momfood_protocol::reading;
use momfood_protocol::rest::Quote;
use momfood_protocol::view::OrderView;

use super::payment::Means;
use crate::cart::order_note;
use crate::route::Route;
use crate::words;

/// Between two questions whether the order went through.
const ASK_AGAIN_MS: u32 = 4_000;

/// After this long without an answer one is told that it is being looked after.
const LONG_MS: u32 = 6_000;

/// Where placing stands.
#[derive(Clone, Debug, Default, PartialEq)]
enum Stage {
    /// Nothing under way.
    #[default]
    Idle,
    /// Sent; the answer is awaited.
    Sent,
    /// No answer came: asking whether it arrived.
    Checking,
    /// The price is another one now: agreed to, or not.
    NewPrice {
        old: Box<Quote>,
        new: Box<Quote>,
        expired: bool,
    },
}

/// What the checkout page needs of placing.
#[derive(Clone, Copy, PartialEq)]
pub struct Placer {
    stage: Signal<Stage>,
    /// How many times the button was pressed.
    attempts: Signal<u32>,
    /// Why the card was refused.
    pub declined: Signal<Option<Failure>>,
    /// Why the order was not taken.
    pub failure: Signal<Option<Failure>>,
    means: Signal<Means>,
    quote: Query<Quote>,
    engine: CopyValue<Engine>,
    done: Callback<OrderView>,
}

/// The placing of this page's order.
pub fn use_placer(means: Signal<Means>, quote: Query<Quote>) -> Placer {
    let navigator = use_navigator();
    let engine = use_engine();
    let done = use_callback(move |order: OrderView| {
        order_note(true);
        announce(t!("placing-done"));
        ask_to_notify(engine);
        navigator.replace(Route::Track { id: order.id });
    });
    Placer {
        stage: use_signal(Stage::default),
        attempts: use_signal(|| 0),
        declined: use_signal(|| None),
        failure: use_signal(|| None),
        means,
        quote,
        engine: use_hook(|| CopyValue::new(engine)),
        done,
    }
}

/// With an order on its way there is something to be told of: now the person is asked, once, where they can be told.
fn ask_to_notify(engine: Engine) {
    engine.ask_then(GetDevice {}, move |device| {
        let asked =
            device.is_ok_and(|device| device.kind == DeviceKind::Browser || device.notifications.is_some());
        if !asked {
            // Their answer is the device's, and shows on the account's screen.
            engine.ask_then(AskToNotify {}, |_| {});
        }
    });
}

impl Placer {
    /// Whether an order is on its way, or it is not known whether it is.
    pub fn busy(self) -> bool {
        matches!(*self.stage.read(), Stage::Sent | Stage::Checking)
    }

    /// The cart is another one now: what was wrong with the old one is of no interest.
    pub fn forget(mut self) {
        if self.failure.peek().is_some() {
            self.failure.set(None);
        }
    }

    /// Asks for a new price.
    pub fn refresh(mut self) {
        self.failure.set(None);
        self.quote.again();
    }

    /// Places the order at the price of `quote`.
    pub fn place(mut self, quote: Quote) {
        if matches!(*self.stage.peek(), Stage::Sent | Stage::Checking) {
            return;
        }
        self.stage.set(Stage::Sent);
        self.declined.set(None);
        self.failure.set(None);
        let attempt = *self.attempts.peek() + 1;
        self.attempts.set(attempt);
        spawn(self.send(quote));
        spawn(async move {
            sleep_ms(LONG_MS).await;
            if *self.attempts.peek() == attempt && *self.stage.peek() == Stage::Sent {
                self.check();
            }
        });
    }

    async fn send(mut self, quote: Quote) {
        let engine = *self.engine.peek();
        let means = *self.means.peek();
        let minted = engine.ask(NewOrderId {}).await;
        let call = match minted {
            Ok(new) => PlaceOrder {
                order_id: new.id,
                quote_id: quote.id,
                payment_method: means.method(),
                card_token: means.token(),
                note: order_note(false),
            },
            Err(failure) => {
                self.stage.set(Stage::Idle);
                self.failure.set(Some(failure));
                return;
            }
        };
        loop {
            match engine.ask(call.clone()).await {
                Ok(order) => return self.placed(order),
                Err(failure) if is_unknown(&failure) => {
                    if *self.stage.peek() != Stage::Checking {
                        self.check();
                    }
                    sleep_ms(ASK_AGAIN_MS).await;
                }
                Err(failure) => return self.refused(quote, failure),
            }
        }
    }

    fn check(mut self) {
        self.stage.set(Stage::Checking);
        announce_now(t!("placing-checking"));
    }

    fn placed(mut self, order: OrderView) {
        self.stage.set(Stage::Idle);
        // The gateway said no before the order reached a kitchen.
        if order.status == OrderStatus::Cancelled && order.reason == Some(Reason::PaymentDeclined) {
            self.decline(Failure::new(ErrorCode::CardDeclined, lang()));
        } else {
            self.done.call(order);
        }
    }

    fn refused(mut self, old: Quote, failure: Failure) {
        self.stage.set(Stage::Idle);
        match failure.code {
            ErrorCode::PriceChanged | ErrorCode::QuoteExpired => {
                let expired = failure.code == ErrorCode::QuoteExpired;
                let new = failure
                    .details
                    .get("quote")
                    .cloned()
                    .and_then(|new| reading::read(new).ok());
                match new {
                    Some(new) => self.stage.set(Stage::NewPrice {
                        old: Box::new(old),
                        new: Box::new(new),
                        expired,
                    }),
                    None => self.failure.set(Some(failure)),
                }
                self.quote.again();
            }
            ErrorCode::CardDeclined => self.decline(failure),
            _ => {
                announce_now(failure.message.clone());
                self.failure.set(Some(failure));
                self.quote.again();
            }
        }
    }

    fn decline(mut self, failure: Failure) {
        announce_now(failure.message.clone());
        self.declined.set(Some(failure));
        // A quote that was used is spent.
        self.quote.again();
        scroll_to_id("c-payment");
    }
}

/// Whether a failure leaves open what became of the order: there was no answer, or none that can be trusted.
fn is_unknown(failure: &Failure) -> bool {
    let said = failure
        .details
        .get("unknown")
        .is_some_and(|unknown| unknown == true);
    said || (failure.code.is_temporary() && failure.code != ErrorCode::RateLimited)
}

/// What placing has to say: that it is being checked, or that the price is another one.
#[component]
pub fn PlacingSheet(placer: Placer) -> Element {
    let mut stage = placer.stage;
    match stage() {
        Stage::Idle | Stage::Sent => rsx! {},
        Stage::Checking => rsx! {
            Sheet { title: t!("placing-checking"), dismissible: false, onclose: |()| {},
                div { class: "k-stack c-checking", "data-testid": "placing-checking",
                    ProgressBar { label: t!("placing-checking"), percent: None }
                    p { {t!("placing-checking-body")} }
                    p { class: "k-muted k-xs", {t!("placing-checking-once")} }
                }
            }
        },
        Stage::NewPrice { old, new, expired } => {
            let currency = new.bill.currency;
            let agreed = (*new).clone();
            let same = old.bill.total_amount == new.bill.total_amount;
            rsx! {
                Sheet {
                    title: if expired && same { t!("price-renewed") } else { t!("price-changed") },
                    onclose: move |()| stage.set(Stage::Idle),
                    footer: rsx! {
                        Button { kind: ButtonKind::Quiet, onclick: move |_| stage.set(Stage::Idle), {t!("price-look")} }
                        Button {
                            end: words::money(new.bill.total_amount, currency),
                            "data-testid": "agree-price",
                            onclick: move |_| {
                                stage.set(Stage::Idle);
                                placer.place(agreed.clone());
                            },
                            {t!("price-agree")}
                        }
                    },
                    div { class: "k-stack", "data-testid": "price-changed",
                        p { class: "k-muted", {if same { t!("price-same-body") } else { t!("price-changed-body") }} }
                        div { class: "c-prices",
                            div {
                                span { class: "k-muted k-xs", {t!("price-before")} }
                                span { class: "k-num k-l", class: if !same { "k-strike k-muted" },
                                    {words::money(old.bill.total_amount, currency)}
                                }
                            }
                            IconView { icon: Icon::Forward }
                            div {
                                span { class: "k-muted k-xs", {t!("price-now")} }
                                span { class: "k-num k-l k-strong", {words::money(new.bill.total_amount, currency)} }
                            }
                        }
                    }
                }
            }
        }
    }
}
