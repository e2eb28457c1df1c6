//! What is written comes back the same; what is no value of its type does not come in.

use std::fmt::Debug;

use momfood_domain::actor::Role;
use momfood_domain::address::{Address, ShortAddress};
use momfood_domain::cart::{Cart, CartLine};
use momfood_domain::delivery::{Assignment, Delivery};
use momfood_domain::geo::GeoPoint;
use momfood_domain::hours::{OpeningHours, OpeningPeriod};
use momfood_domain::id::{
    AddressId, CategoryId, MenuItemId, OptionGroupId, OptionId, OrderId, QuoteId, RestaurantId, SessionId,
    ShiftId, UserId,
};
use momfood_domain::menu::{Availability, Daypart, Menu};
use momfood_domain::money::{Currency, Money};
use momfood_domain::order::{Command, Event, Order, OrderStatus};
use momfood_domain::payment::{Payment, PaymentMethod};
use momfood_domain::phone::Phone;
use momfood_domain::pricing::{Fulfilment, Terms};
use momfood_domain::text::{Lang, LocalizedText};
use momfood_domain::ticket::{Ticket, TicketCommand, TicketEvent};
use momfood_domain::time::Timestamp;
use proptest::prelude::*;
use proptest::sample::select;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::samples::{self, ASSIGNMENTS, DELIVERIES, NOON, OWED, PAYMENTS, REASONS};

#[track_caller]
fn comes_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    let back: T = serde_json::from_str(&text).unwrap();
    assert_eq!(&back, value, "{text}");
    assert_eq!(serde_json::to_string(&back).unwrap(), text);
}

#[track_caller]
fn all_come_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(values: &[T]) {
    assert!(!values.is_empty());
    values.iter().for_each(comes_back);
}

#[test]
fn every_word_comes_back() {
    all_come_back(&OrderStatus::ALL);
    all_come_back(&PAYMENTS);
    all_come_back(&DELIVERIES);
    all_come_back(&ASSIGNMENTS);
    all_come_back(&REASONS);
    all_come_back(&OWED);
    all_come_back(&Role::ALL);
    all_come_back(&Currency::ALL);
    all_come_back(&[PaymentMethod::Cash, PaymentMethod::Card]);
    all_come_back(&[Fulfilment::Delivery, Fulfilment::Pickup]);
    all_come_back(&[Lang::Ar, Lang::En]);
    all_come_back(&[TicketCommand::Bump, TicketCommand::Recall]);
    all_come_back(&[TicketEvent::Bumped { at: NOON }, TicketEvent::Recalled]);
}

#[test]
fn every_sample_comes_back() {
    all_come_back(&samples::commands());
    all_come_back(&samples::events());
    comes_back(&samples::menu());
    comes_back(&samples::cart());
    comes_back(&samples::bill());
    comes_back(&samples::order());
    comes_back(&samples::TERMS);
    comes_back(&Ticket::open(samples::order().id, "grill".into()));
    comes_back(&OpeningHours::always(180));
}

/// What an older program wrote, or a client leaves out, is understood.
#[test]
fn what_may_be_left_out_may_be_left_out() {
    let id = Uuid::nil();
    let cart: Cart = serde_json::from_str(&format!(
        r#"{{"restaurantId": "{id}", "lines": [{{"itemId": "{id}", "quantity": 1}}]}}"#
    ))
    .unwrap();
    assert_eq!((cart.tip, cart.lines[0].option_ids.len()), (0, 0));
    let delivery: Delivery =
        serde_json::from_str(r#"{"status": "waiting", "attempt": 1, "assignment": null}"#).unwrap();
    assert_eq!(delivery, Delivery::new());
    let sold_out: Availability = serde_json::from_str(r#"{"state": "sold_out"}"#).unwrap();
    assert_eq!(sold_out, Availability::SoldOut { until: None });
}

#[test]
fn what_is_no_value_of_its_type_does_not_come_in() {
    fn refused<T: DeserializeOwned>(json: &str) -> bool {
        serde_json::from_str::<T>(json).is_err()
    }
    assert!(refused::<OrderStatus>(r#""Pending""#), "words are lower case");
    assert!(refused::<Currency>(r#""sar""#));
    assert!(
        refused::<Money>(r#"{"amount": 1.5, "currency": "SAR"}"#),
        "never a float"
    );
    assert!(refused::<Money>(r#"{"amount": "100", "currency": "SAR"}"#));
    assert!(refused::<CartLine>(
        r#"{"itemId": "00000000-0000-0000-0000-000000000000", "quantity": -1}"#
    ));
    assert!(refused::<OrderId>(r#""12""#));
    assert!(refused::<Phone>(r#""12""#));
    assert!(
        refused::<ShortAddress>(r#""الرياض""#),
        "a city name is no address"
    );
    assert!(refused::<LocalizedText>(r#"{"ar": " "}"#));
    assert!(refused::<Command>(r#"{"command": "deliver_all"}"#));
    assert!(
        refused::<Command>(r#"{"command": "accept"}"#),
        "minutes are missing"
    );
    assert!(refused::<Event>(r#"{"event": "authorized"}"#));
}

/// Typed text is cleaned on the way in, also out of JSON.
#[test]
fn phones_and_short_addresses_come_in_normalised() {
    let phone: Phone = serde_json::from_str(r#""05 1234 5678""#).unwrap();
    assert_eq!(phone.as_str(), "+966512345678");
    let short: ShortAddress = serde_json::from_str(r#""raha 3443""#).unwrap();
    assert_eq!(short.as_str(), "RAHA3443");
}

prop_compose! {
    fn some_text()(ar in "\\PC{1,20}[ء-ي]", en in proptest::option::of("[a-zA-Z\"\\\\ ]{0,20}[a-z]")) -> LocalizedText {
        LocalizedText::new(Some(ar), en).unwrap()
    }
}

prop_compose! {
    fn some_delivery()(
        status in select(&DELIVERIES[..]),
        attempt in any::<u32>(),
        driver in any::<u128>(),
        assignment in proptest::option::of((select(&ASSIGNMENTS[..]), any::<i64>())),
        let_go in proptest::option::of(any::<u128>()),
    ) -> Delivery {
        let driver_id = UserId(Uuid::from_u128(driver));
        let let_go = let_go.map(|id| UserId(Uuid::from_u128(id)));
        let assignment = assignment.map(|(status, at)| Assignment { driver_id, status, expires_at: Timestamp(at) });
        Delivery { status, attempt, assignment, let_go }
    }
}

prop_compose! {
    fn some_order()(
        status in select(&OrderStatus::ALL[..]),
        payment in select(&PAYMENTS[..]),
        owed in proptest::option::of(select(&OWED[..])),
        amounts in any::<[i64; 6]>(),
        times in any::<[Option<i64>; 2]>(),
        reason in proptest::option::of(select(&REASONS[..])),
        currency in select(&Currency::ALL[..]),
        delivery in proptest::option::of(some_delivery()),
    ) -> Order {
        let [total, cancel_fee, accept_limit_seconds, authorized, captured, refunded] = amounts;
        let [accept_by, ready_by] = times.map(|time| time.map(Timestamp));
        let payment = Payment { status: payment, authorized, captured, refunded, owed, ..samples::order().payment };
        Order {
            status, currency, total, cancel_fee, accept_limit_seconds, accept_by, ready_by, reason, payment, delivery,
            ..samples::order()
        }
    }
}

prop_compose! {
    fn some_menu()(
        name in some_text(),
        about in proptest::option::of(some_text()),
        price in any::<i64>(),
        until in any::<Option<i64>>(),
        parts in prop::collection::vec((any::<u16>(), any::<u16>()), 0..3),
        calories in any::<Option<u32>>(),
        offset in any::<i16>(),
    ) -> Menu {
        let mut menu = samples::menu();
        menu.utc_offset_minutes = offset;
        menu.categories[0].name = name.clone();
        let item = &mut menu.categories[0].items[0];
        (item.name, item.description, item.price, item.calories) = (name, about, price, calories);
        item.availability = Availability::SoldOut { until: until.map(Timestamp) };
        item.dayparts = parts.into_iter().map(|(open, close)| Daypart { open, close }).collect();
        menu
    }
}

proptest! {
    #[test]
    fn orders_come_back(order in some_order()) {
        comes_back(&order);
    }

    #[test]
    fn deliveries_come_back(delivery in some_delivery()) {
        comes_back(&delivery);
    }

    #[test]
    fn menus_come_back(menu in some_menu()) {
        comes_back(&menu);
    }

    #[test]
    fn texts_come_back(text in some_text()) {
        comes_back(&text);
    }

    #[test]
    fn commands_and_events_come_back(amount in any::<i64>(), attempt in any::<u32>(), at in any::<i64>(), reason in select(&REASONS[..])) {
        let at = Timestamp(at);
        let driver_id = samples::driver();
        all_come_back(&[
            Command::Refunded { amount, before: amount },
            Command::Release { attempt, reason },
            Command::Offer { driver_id, expires_at: at },
            Command::Deliver { cash: Some(amount) },
        ]);
        all_come_back(&[
            Event::Cancelled { by: Role::System, reason, fee: amount },
            Event::Offered { attempt, driver_id, expires_at: at },
            Event::Submitted { accept_by: at },
        ]);
    }

    #[test]
    fn ids_come_back_as_plain_uuids(n in any::<u128>()) {
        let id = Uuid::from_u128(n);
        comes_back(&UserId(id));
        comes_back(&RestaurantId(id));
        comes_back(&CategoryId(id));
        comes_back(&MenuItemId(id));
        comes_back(&OptionGroupId(id));
        comes_back(&OptionId(id));
        comes_back(&QuoteId(id));
        comes_back(&OrderId(id));
        comes_back(&AddressId(id));
        comes_back(&ShiftId(id));
        comes_back(&SessionId(id));
        prop_assert_eq!(serde_json::to_string(&OrderId(id)).unwrap(), format!("\"{id}\""));
        prop_assert_eq!(OrderId(id).to_string().parse::<OrderId>().unwrap(), OrderId(id));
    }

    #[test]
    fn values_come_back(amount in any::<i64>(), currency in select(&Currency::ALL[..]), lat in -90.0..=90.0, lng in -180.0..=180.0) {
        comes_back(&Money::new(amount, currency));
        comes_back(&Timestamp(amount));
        let point: GeoPoint = serde_json::from_value(serde_json::to_value(GeoPoint { lat, lng }).unwrap()).unwrap();
        prop_assert_eq!(point, GeoPoint { lat, lng });
        // In text, the last bit of a degree may be lost: far less than a hair's breadth.
        let text = serde_json::to_string(&point).unwrap();
        let back: GeoPoint = serde_json::from_str(&text).unwrap();
        prop_assert!((back.lat - lat).abs() < 1e-12 && (back.lng - lng).abs() < 1e-12);
        comes_back(&Address {
            label: "البيت".into(),
            point: GeoPoint { lat: 24.6911, lng: 46.6853 },
            short_address: Some(ShortAddress::parse("RAHA3443").unwrap()),
            line: String::new(),
            landmark: None,
            note: Some("الدور الثالث".into()),
        });
    }

    #[test]
    fn hours_terms_and_tickets_come_back(day in any::<u8>(), open in any::<u16>(), close in any::<u16>(), offset in any::<i16>(), amount in any::<i64>()) {
        comes_back(&OpeningHours { utc_offset_minutes: offset, periods: vec![OpeningPeriod { day, open, close }] });
        comes_back(&Terms { minimum_order: amount, vat_bp: amount, ..samples::TERMS });
        comes_back(&Ticket { done_at: Some(Timestamp(amount)), ..Ticket::open(samples::order().id, "grill".into()) });
    }

    #[test]
    fn phones_come_back(number in "\\+9665[0-9]{8}") {
        comes_back(&Phone::parse(&number).unwrap());
    }
}
