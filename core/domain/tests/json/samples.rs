//! One of everything.

use momfood_domain::actor::Role;
use momfood_domain::cart::{Cart, CartLine};
use momfood_domain::delivery::{Assignment, AssignmentStatus, Delivery, DeliveryStatus};
use momfood_domain::id::{CategoryId, MenuItemId, OptionGroupId, OptionId, OrderId, RestaurantId, UserId};
use momfood_domain::menu::{Availability, Category, Daypart, Menu, MenuItem, MenuOption, OptionGroup};
use momfood_domain::money::Currency;
use momfood_domain::order::{Command, Event, Order, OrderStatus, Reason};
use momfood_domain::payment::{Owed, Payment, PaymentMethod, PaymentStatus};
use momfood_domain::pricing::{Bill, Fulfilment, Terms, price};
use momfood_domain::text::LocalizedText;
use momfood_domain::time::Timestamp;
use uuid::Uuid;

pub const NOON: Timestamp = Timestamp(1_795_338_000_000_000);

pub const REASONS: [Reason; 12] = [
    Reason::TooBusy,
    Reason::OutOfStock,
    Reason::Closing,
    Reason::ChangedMind,
    Reason::TakesTooLong,
    Reason::OrderedByMistake,
    Reason::PaymentDeclined,
    Reason::PaymentTimedOut,
    Reason::CustomerUnreachable,
    Reason::WrongAddress,
    Reason::VehicleProblem,
    Reason::Other,
];

pub const PAYMENTS: [PaymentStatus; 10] = [
    PaymentStatus::Pending,
    PaymentStatus::Authorized,
    PaymentStatus::Captured,
    PaymentStatus::PartiallyRefunded,
    PaymentStatus::Refunded,
    PaymentStatus::Failed,
    PaymentStatus::Voided,
    PaymentStatus::Due,
    PaymentStatus::Collected,
    PaymentStatus::Reconciled,
];

pub const DELIVERIES: [DeliveryStatus; 9] = [
    DeliveryStatus::Waiting,
    DeliveryStatus::Assigned,
    DeliveryStatus::AtRestaurant,
    DeliveryStatus::PickedUp,
    DeliveryStatus::AtCustomer,
    DeliveryStatus::Delivered,
    DeliveryStatus::Failed,
    DeliveryStatus::Returned,
    DeliveryStatus::Cancelled,
];

pub const ASSIGNMENTS: [AssignmentStatus; 6] = [
    AssignmentStatus::Offered,
    AssignmentStatus::Accepted,
    AssignmentStatus::Completed,
    AssignmentStatus::Declined,
    AssignmentStatus::Expired,
    AssignmentStatus::Released,
];

pub const OWED: [Owed; 4] = [
    Owed::Authorize,
    Owed::Capture,
    Owed::Void,
    Owed::Refund { amount: 1_250 },
];

fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x0193_5a00_0000_7000_8000_0000_0000_0000 + n)
}

pub fn driver() -> UserId {
    UserId(id(1))
}

pub fn commands() -> Vec<Command> {
    let (amount, attempt, reason) = (5_000, 1, Reason::Other);
    vec![
        Command::Authorized { amount },
        Command::Declined,
        Command::Captured { amount },
        Command::Voided,
        Command::Refunded { amount, before: 250 },
        Command::Accept { prep_minutes: 20 },
        Command::Reject { reason },
        Command::StartPreparing,
        Command::MarkReady,
        Command::HandOver { cash: None },
        Command::Cancel { reason },
        Command::Expire,
        Command::Offer {
            driver_id: driver(),
            expires_at: NOON,
        },
        Command::ExpireOffer { attempt },
        Command::AcceptOffer { attempt },
        Command::DeclineOffer { attempt },
        Command::Release { attempt, reason },
        Command::ArriveAtRestaurant,
        Command::PickUp,
        Command::ArriveAtCustomer,
        Command::Deliver { cash: Some(amount) },
        Command::FailDelivery { reason },
        Command::ReturnFood,
        Command::Refund { amount },
        Command::ReconcileCash,
    ]
}

pub fn events() -> Vec<Event> {
    let (amount, attempt, reason) = (5_000, 1, Reason::Other);
    let mut events = vec![
        Event::Authorized { amount },
        Event::PaymentFailed,
        Event::Submitted { accept_by: NOON },
        Event::Accepted { ready_by: NOON },
        Event::Rejected { reason },
        Event::Expired,
        Event::Preparing,
        Event::Ready { at: NOON },
        Event::PickedUp,
        Event::Delivered,
        Event::Cancelled {
            by: Role::Customer,
            reason,
            fee: 1_000,
        },
        Event::Failed { reason },
        Event::Owes { owed: None },
        Event::Captured { amount },
        Event::Voided,
        Event::Refunded { amount },
        Event::CashCollected { amount },
        Event::CashReconciled,
        Event::Offered {
            attempt,
            driver_id: driver(),
            expires_at: NOON,
        },
        Event::OfferAccepted { attempt },
        Event::OfferDeclined { attempt },
        Event::OfferExpired { attempt },
        Event::Released { attempt, reason },
        Event::ArrivedAtRestaurant,
        Event::ArrivedAtCustomer,
        Event::FoodReturned,
    ];
    events.extend(OWED.map(|owed| Event::Owes { owed: Some(owed) }));
    events
}

fn text(ar: &str, en: &str) -> LocalizedText {
    LocalizedText::both(ar, en)
}

pub fn menu() -> Menu {
    let option = |n, ar, en, price, available| MenuOption {
        id: OptionId(id(n)),
        name: text(ar, en),
        price,
        available,
    };
    let size = OptionGroup {
        id: OptionGroupId(id(20)),
        name: text("الحجم", "Size"),
        min: 1,
        max: 1,
        options: vec![
            option(21, "نصف", "Half", -800, true),
            option(22, "كامل", "Whole", 0, false),
        ],
    };
    let kabsa = MenuItem {
        id: MenuItemId(id(10)),
        name: text("كبسة دجاج", "Chicken kabsa"),
        description: Some(LocalizedText::new(Some("أرز ودجاج".into()), None).unwrap()),
        price: 2_900,
        picture: Some("kabsa.webp".into()),
        availability: Availability::Available,
        dayparts: vec![Daypart {
            open: 720,
            close: 1_560,
        }],
        allergens: vec!["nuts".into()],
        calories: Some(850),
        option_groups: vec![size],
    };
    let plain = |n, availability| MenuItem {
        id: MenuItemId(id(n)),
        name: text("لبن", "Laban"),
        description: None,
        price: 300,
        picture: None,
        availability,
        dayparts: vec![],
        allergens: vec![],
        calories: None,
        option_groups: vec![],
    };
    let until = Some(NOON);
    let items = vec![
        kabsa,
        plain(11, Availability::Available),
        plain(12, Availability::SoldOut { until: None }),
        plain(13, Availability::SoldOut { until }),
        plain(14, Availability::Hidden),
    ];
    let name = text("الأطباق", "Dishes");
    Menu {
        currency: Currency::Sar,
        utc_offset_minutes: 180,
        categories: vec![Category {
            id: CategoryId(id(2)),
            name,
            station: Some("الشواية".into()),
            items,
        }],
    }
}

pub fn cart() -> Cart {
    let line = |item, option_ids, note| CartLine {
        item_id: MenuItemId(id(item)),
        quantity: 2,
        option_ids,
        note,
    };
    Cart {
        restaurant_id: RestaurantId(id(3)),
        lines: vec![
            line(10, vec![OptionId(id(21))], Some("بدون بصل".into())),
            line(11, vec![], None),
        ],
        tip: 500,
    }
}

pub const TERMS: Terms = Terms {
    minimum_order: 3_000,
    delivery_fee: 1_000,
    delivery_fee_per_km: 150,
    delivery_radius_m: 12_000,
    service_fee_bp: 300,
    vat_bp: 1_500,
    discount: 400,
};

pub fn bill() -> Bill {
    price(&menu(), &cart(), &TERMS, Some(3_500), NOON).expect("the sample cart fits the sample menu")
}

/// An order in the middle of everything.
pub fn order() -> Order {
    Order {
        id: OrderId(id(4)),
        customer_id: UserId(id(5)),
        restaurant_id: RestaurantId(id(3)),
        fulfilment: Fulfilment::Delivery,
        status: OrderStatus::Accepted,
        currency: Currency::Kwd,
        total: 5_000,
        cancel_fee: 500,
        accept_limit_seconds: 300,
        accept_by: Some(NOON),
        ready_by: Some(NOON.plus_minutes(20)),
        reason: None,
        payment: Payment {
            authorized: 5_000,
            owed: Some(Owed::Capture),
            status: PaymentStatus::Authorized,
            ..Payment::new(PaymentMethod::Card)
        },
        delivery: Some(Delivery {
            assignment: Some(Assignment {
                driver_id: driver(),
                status: AssignmentStatus::Offered,
                expires_at: NOON,
            }),
            ..Delivery::new()
        }),
    }
}
