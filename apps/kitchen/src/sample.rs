//! Orders and a restaurant for tests.

use momfood_domain::delivery::DeliveryStatus;
use momfood_domain::geo::GeoPoint;
use momfood_domain::hours::OpeningHours;
use momfood_domain::menu::{Availability, Category, Menu, MenuItem};
use momfood_domain::money::Currency;
use momfood_domain::order::OrderStatus;
use momfood_domain::payment::{PaymentMethod, PaymentStatus};
use momfood_domain::pricing::{Bill, Fulfilment, LineOption, OrderLine, Terms};
use momfood_domain::text::{Lang, LocalizedText};
use momfood_domain::time::Timestamp;
use momfood_protocol::engine::{Paper, Printer, PrinterLine};
use momfood_protocol::view::{
    CustomerOfOrder, DeliveryView, KitchenSettings, OrderView, PaymentView, RestaurantOfOrder, Step, StepKind,
};

/// Sunday noon in Riyadh.
pub const NOON: Timestamp = Timestamp(1_795_338_000_000_000);
const PLACE: GeoPoint = GeoPoint { lat: 24.7, lng: 46.7 };

fn text(words: &str) -> LocalizedText {
    LocalizedText::both(words, words)
}

fn id<T: core::str::FromStr>(n: u128) -> T
where
    T::Err: core::fmt::Debug,
{
    format!("00000000-0000-7000-8000-{n:012}").parse().unwrap()
}

/// A line of an order.
pub fn line(item: u128, quantity: u32, options: &[&str]) -> OrderLine {
    let option = |name: &&str| LineOption {
        id: id(1),
        name: text(name),
        price: 0,
    };
    OrderLine {
        item_id: id(item),
        name: text("item"),
        quantity,
        unit_price: 100,
        total: 100,
        options: options.iter().map(option).collect(),
        note: None,
        allergens: vec![],
    }
}

/// A menu with a heading for each station, and the items under it.
pub fn menu(headings: &[(Option<&str>, &[u128])]) -> Menu {
    let item = |n: &u128| MenuItem {
        id: id(*n),
        name: text("item"),
        description: None,
        price: 100,
        picture: None,
        availability: Availability::Available,
        dayparts: vec![],
        allergens: vec![],
        calories: None,
        option_groups: vec![],
    };
    let heading = |(n, (station, items)): (u128, &(Option<&str>, &[u128]))| Category {
        id: id(1_000 + n),
        name: text("heading"),
        station: station.map(str::to_owned),
        items: items.iter().map(item).collect(),
    };
    Menu {
        currency: Currency::Sar,
        utc_offset_minutes: 180,
        categories: (0..).zip(headings).map(heading).collect(),
    }
}

/// A delivery without a driver's name.
pub fn delivery(status: DeliveryStatus) -> DeliveryView {
    DeliveryView {
        status,
        distance_m: 1_000,
        area: PLACE,
        driver: None,
        assignment: None,
        proof: None,
    }
}

/// An order of Salma's, placed at noon.
pub fn order(number: &str, status: OrderStatus) -> OrderView {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    OrderView {
        id: id(digits.parse().unwrap()),
        number: number.to_owned(),
        rev: 1,
        status,
        fulfilment: Fulfilment::Delivery,
        restaurant: RestaurantOfOrder {
            id: id(2),
            name: text("restaurant"),
            point: PLACE,
            district: text("district"),
            phone: None,
            picture: None,
        },
        customer: CustomerOfOrder {
            name: "Salma".to_owned(),
            phone: None,
        },
        address: None,
        bill: Bill {
            currency: Currency::Sar,
            lines: vec![],
            subtotal: 100,
            delivery_fee: 0,
            service_fee: 0,
            discount: 0,
            tip: 0,
            tax_amount: 0,
            total_amount: 100,
        },
        note: None,
        payment: PaymentView {
            method: PaymentMethod::Cash,
            status: PaymentStatus::Due,
            refunded: 0,
            cash_due: 100,
        },
        delivery: None,
        placed_at: NOON,
        accept_by: None,
        ready_by: None,
        estimated_at: None,
        timeline: vec![Step {
            kind: StepKind::Placed,
            at: NOON,
        }],
        reason: None,
        cancel_fee: None,
        cancelled_by: None,
        tickets: vec![],
        handover_code: None,
        rating: None,
        unconfirmed: false,
        may: vec![],
    }
}

/// A restaurant that usually takes 20 minutes and has 5 to answer.
pub fn settings() -> KitchenSettings {
    KitchenSettings {
        id: id(2),
        name: text("restaurant"),
        point: PLACE,
        hours: OpeningHours::always(180),
        paused_until: None,
        preparation_minutes: 20,
        accept_limit_seconds: 300,
        terms: Terms {
            minimum_order: 0,
            delivery_fee: 0,
            delivery_fee_per_km: 0,
            delivery_radius_m: 12_000,
            service_fee_bp: 0,
            vat_bp: 1_500,
            discount: 0,
        },
        currency: Currency::Sar,
    }
}

/// A printer over the network.
pub fn printer(n: u128, stations: &[&str]) -> Printer {
    Printer {
        id: uuid::Uuid::from_u128(n),
        name: "printer".to_owned(),
        line: PrinterLine::Network {
            host: "192.0.2.7".to_owned(),
            port: 9_100,
        },
        paper: Paper::Wide,
        lang: Lang::Ar,
        stations: stations.iter().map(|it| (*it).to_owned()).collect(),
        automatic: true,
        copies: 1,
    }
}
