//! One of everything that crosses a wire, with every optional field set somewhere and left out somewhere.

use std::collections::BTreeMap;

use momfood_domain::actor::Role;
use momfood_domain::address::{Address, ShortAddress};
use momfood_domain::cart::{Cart, CartLine};
use momfood_domain::delivery::{AssignmentStatus, DeliveryStatus};
use momfood_domain::geo::GeoPoint;
use momfood_domain::hours::{OpeningHours, OpeningPeriod};
use momfood_domain::id::{AddressId, MenuItemId, OptionId, OrderId, QuoteId, RestaurantId, ShiftId, UserId};
use momfood_domain::menu::{Availability, Category, Daypart, Menu, MenuItem, MenuOption, OptionGroup};
use momfood_domain::money::Currency;
use momfood_domain::order::{OrderStatus, Reason};
use momfood_domain::payment::{PaymentMethod, PaymentStatus};
use momfood_domain::phone::Phone;
use momfood_domain::pricing::{Bill, Fulfilment, LineOption, OrderLine, Terms};
use momfood_domain::text::{Lang, LocalizedText};
use momfood_domain::time::Timestamp;
use momfood_protocol::account::Consent;
use momfood_protocol::engine::*;
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::feed::{
    Change, Delta, Entity, Head, Heads, OrderPosition, Scope, Snapshot, StreamEvent,
};
use momfood_protocol::mutation::Proof;
use momfood_protocol::rest::{self, *};
use momfood_protocol::view::{Opening, *};
use serde_json::json;
use uuid::Uuid;

use super::{Golden, reply_of};

pub mod device;
pub mod online;
pub mod work;

const T: Timestamp = Timestamp(1_795_300_000_000_000);
const POINT: GeoPoint = GeoPoint {
    lat: 24.6911,
    lng: 46.6853,
};

const fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x019c_b5a1_3c00_7000_8000_0000_0000_0000 + n)
}

fn order_id() -> OrderId {
    OrderId(id(1))
}

fn restaurant_id() -> RestaurantId {
    RestaurantId(id(2))
}

fn item_id() -> MenuItemId {
    MenuItemId(id(3))
}

fn quote_id() -> QuoteId {
    QuoteId(id(6))
}

fn text() -> LocalizedText {
    LocalizedText::both("بيت الكبسة", "Kabsa House")
}

fn line() -> CartLine {
    CartLine {
        item_id: item_id(),
        quantity: 2,
        option_ids: vec![OptionId(id(4))],
        note: Some("بدون بصل".into()),
    }
}

fn cart() -> Cart {
    let plain = CartLine {
        item_id: item_id(),
        quantity: 1,
        option_ids: vec![],
        note: None,
    };
    Cart {
        restaurant_id: restaurant_id(),
        lines: vec![line(), plain],
        tip: 500,
    }
}

fn address() -> Address {
    Address {
        label: "البيت".into(),
        point: POINT,
        short_address: ShortAddress::parse("RAHA3443").ok(),
        line: "حي العليا، شارع التحلية".into(),
        landmark: Some("مقابل المسجد".into()),
        note: Some("الدور الثالث".into()),
    }
}

fn plain_address() -> Address {
    Address {
        short_address: None,
        landmark: None,
        note: None,
        ..address()
    }
}

fn terms() -> Terms {
    Terms {
        minimum_order: 2_500,
        delivery_fee: 900,
        delivery_fee_per_km: 150,
        delivery_radius_m: 12_000,
        service_fee_bp: 300,
        vat_bp: 1_500,
        discount: 0,
    }
}

fn bill() -> Bill {
    let option = LineOption {
        id: OptionId(id(4)),
        name: LocalizedText::both("كبير", "Large"),
        price: 700,
    };
    let full = OrderLine {
        item_id: item_id(),
        name: LocalizedText::both("كبسة", "Kabsa"),
        quantity: 2,
        unit_price: 3_500,
        total: 7_000,
        options: vec![option],
        note: Some("بدون بصل".into()),
        allergens: vec!["nuts".into()],
    };
    let plain = OrderLine {
        options: vec![],
        note: None,
        allergens: vec![],
        ..full.clone()
    };
    Bill {
        currency: Currency::Sar,
        lines: vec![full, plain],
        subtotal: 14_000,
        delivery_fee: 900,
        service_fee: 420,
        discount: 100,
        tip: 500,
        tax_amount: 1_985,
        total_amount: 15_720,
    }
}

fn hours() -> OpeningHours {
    OpeningHours {
        utc_offset_minutes: 180,
        periods: vec![OpeningPeriod {
            day: 0,
            open: 660,
            close: 1_500,
        }],
    }
}

fn menu() -> Menu {
    let group = OptionGroup {
        id: momfood_domain::id::OptionGroupId(id(7)),
        name: LocalizedText::both("الحجم", "Size"),
        min: 0,
        max: 1,
        options: vec![MenuOption {
            id: OptionId(id(4)),
            name: LocalizedText::both("كبير", "Large"),
            price: 700,
            available: false,
        }],
    };
    let full = MenuItem {
        id: item_id(),
        name: LocalizedText::both("كبسة", "Kabsa"),
        description: Some(LocalizedText::both("لحم وأرز", "Meat and rice")),
        price: 2_800,
        picture: Some("items/kabsa.svg".into()),
        availability: Availability::SoldOut { until: Some(T) },
        dayparts: vec![Daypart {
            open: 660,
            close: 1_500,
        }],
        allergens: vec!["nuts".into()],
        calories: Some(850),
        option_groups: vec![group],
    };
    let plain = |n, availability| MenuItem {
        id: MenuItemId(id(n)),
        description: None,
        picture: None,
        availability,
        dayparts: vec![],
        allergens: vec![],
        calories: None,
        option_groups: vec![],
        ..full.clone()
    };
    let items = vec![
        full.clone(),
        plain(8, Availability::Available),
        plain(9, Availability::Hidden),
        plain(10, Availability::SoldOut { until: None }),
    ];
    let category = Category {
        id: momfood_domain::id::CategoryId(id(11)),
        name: LocalizedText::new(Some("الرئيسية".into()), None).unwrap(),
        station: Some("grill".into()),
        items,
    };
    Menu {
        currency: Currency::Sar,
        utc_offset_minutes: 180,
        categories: vec![category],
    }
}

fn card() -> RestaurantCard {
    RestaurantCard {
        id: restaurant_id(),
        name: text(),
        description: Some(text()),
        cuisines: vec!["saudi".into()],
        district: LocalizedText::both("العليا", "Al Olaya"),
        point: POINT,
        picture: Some("covers/kabsa.svg".into()),
        rating: 45,
        reviews: 1_200,
        featured: true,
        preparation_minutes: 20,
        currency: Currency::Sar,
        terms: terms(),
        opening: Opening::Open,
        distance_m: Some(1_752),
        delivery_fee: Some(900),
        delivery_minutes: Some(29),
    }
}

fn plain_card(opening: Opening) -> RestaurantCard {
    RestaurantCard {
        description: None,
        picture: None,
        opening,
        distance_m: None,
        delivery_fee: None,
        delivery_minutes: None,
        ..card()
    }
}

fn page() -> RestaurantPage {
    RestaurantPage {
        restaurant: card(),
        hours: hours(),
        phone: "+966114020318".into(),
        menu: menu(),
        menu_rev: 7,
    }
}

fn me() -> Me {
    Me {
        id: UserId(id(12)),
        email: Some("sara@example.com".into()),
        phone: Some("+966512345678".into()),
        first_name: "سارة".into(),
        last_name: "القحطاني".into(),
        language: Lang::Ar,
        roles: vec![Role::Customer, Role::Restaurant],
        role: Role::Restaurant,
        restaurant_id: Some(restaurant_id()),
    }
}

fn plain_me() -> Me {
    Me {
        phone: None,
        roles: vec![Role::Customer],
        role: Role::Customer,
        restaurant_id: None,
        ..me()
    }
}

fn quote() -> Quote {
    Quote {
        id: quote_id(),
        bill: bill(),
        fulfilment: Fulfilment::Delivery,
        expires_at: T.plus_minutes(10),
        estimated_at: T.plus_minutes(35),
    }
}

fn position() -> Position {
    Position {
        point: POINT,
        at: T,
        heading: Some(90),
    }
}

fn order() -> OrderView {
    OrderView {
        id: order_id(),
        number: "4821-1234".into(),
        rev: 5,
        status: OrderStatus::PickedUp,
        fulfilment: Fulfilment::Delivery,
        restaurant: RestaurantOfOrder {
            id: restaurant_id(),
            name: text(),
            point: POINT,
            district: LocalizedText::both("العليا", "Al Olaya"),
            phone: Some("+966114020318".into()),
            picture: Some("covers/kabsa.svg".into()),
        },
        customer: CustomerOfOrder {
            name: "سارة".into(),
            phone: Some("+966512345678".into()),
        },
        address: Some(address()),
        bill: bill(),
        note: Some("بدون أكياس".into()),
        payment: PaymentView {
            method: PaymentMethod::Card,
            status: PaymentStatus::Captured,
            refunded: 0,
            cash_due: 0,
        },
        delivery: Some(DeliveryView {
            status: DeliveryStatus::PickedUp,
            distance_m: 1_752,
            area: GeoPoint {
                lat: 24.69,
                lng: 46.69,
            },
            driver: Some(DriverOfOrder {
                id: UserId(id(13)),
                name: "فهد".into(),
                phone: Some("+966500000001".into()),
                vehicle: Some(LocalizedText::both("دراجة بيضاء", "White motorbike")),
            }),
            assignment: Some(AssignmentView {
                attempt: 2,
                status: AssignmentStatus::Accepted,
                expires_at: T.plus_seconds(45),
                pay: 1_550,
            }),
            proof: None,
        }),
        placed_at: T,
        accept_by: Some(T.plus_minutes(5)),
        ready_by: Some(T.plus_minutes(20)),
        estimated_at: Some(T.plus_minutes(35)),
        timeline: vec![Step {
            kind: StepKind::Placed,
            at: T,
        }],
        reason: Some(Reason::TooBusy),
        cancel_fee: None,
        cancelled_by: None,
        tickets: vec![],
        handover_code: None,
        rating: None,
        unconfirmed: false,
        may: vec![Action::ArriveAtCustomer],
    }
}

fn plain_order() -> OrderView {
    let full = order();
    OrderView {
        status: OrderStatus::Pending,
        fulfilment: Fulfilment::Pickup,
        restaurant: RestaurantOfOrder {
            phone: None,
            picture: None,
            ..full.restaurant
        },
        customer: CustomerOfOrder {
            phone: None,
            ..full.customer
        },
        address: None,
        note: None,
        payment: PaymentView {
            method: PaymentMethod::Cash,
            status: PaymentStatus::Due,
            refunded: 0,
            cash_due: 15_720,
        },
        delivery: None,
        accept_by: None,
        ready_by: None,
        estimated_at: None,
        timeline: vec![],
        reason: None,
        cancel_fee: Some(1_240),
        may: vec![],
        ..full
    }
}

/// As its customer sees it when all is done.
fn rated_order() -> OrderView {
    let full = order();
    let delivery = full.delivery.map(|delivery| DeliveryView {
        status: DeliveryStatus::Delivered,
        assignment: None,
        proof: Some(ProofView {
            kind: ProofKind::Photo,
            sha256: work::photo().sha256().map(ToOwned::to_owned),
            at: T,
        }),
        ..delivery
    });
    OrderView {
        status: OrderStatus::Delivered,
        delivery,
        rating: Some(5),
        unconfirmed: true,
        ..plain_order()
    }
}

/// As its kitchen sees it while it cooks.
fn cooked_order() -> OrderView {
    OrderView {
        status: OrderStatus::Preparing,
        tickets: vec![
            TicketView {
                station: "cold".into(),
                done_at: None,
            },
            TicketView {
                station: "grill".into(),
                done_at: Some(T),
            },
        ],
        ..plain_order()
    }
}

fn settings() -> KitchenSettings {
    KitchenSettings {
        id: restaurant_id(),
        name: text(),
        point: POINT,
        hours: hours(),
        paused_until: Some(T.plus_minutes(30)),
        preparation_minutes: 20,
        accept_limit_seconds: 300,
        terms: terms(),
        currency: Currency::Sar,
    }
}

fn day() -> DriverDay {
    DriverDay {
        shift: Some(ShiftView {
            id: ShiftId(id(14)),
            since: T,
        }),
        currency: Currency::Sar,
        trips: 1,
        earned: 1_550,
        tips: 500,
        cash_in_hand: 6_400,
        done: vec![TripView {
            order_id: order_id(),
            number: "4821-1234".into(),
            restaurant: text(),
            at: T,
            pay: 1_550,
            cash: 6_400,
            delivered: true,
        }],
    }
}

fn form() -> AddressForm {
    AddressForm {
        label: "Home".into(),
        point: POINT,
        short_address: Some("raha 3443".into()),
        line: "Olaya".into(),
        landmark: None,
        note: Some("Gate 2".into()),
    }
}

/// One of every Call.
#[expect(clippy::too_many_lines, reason = "a list")]
pub fn calls() -> Vec<AnyCall> {
    let id = order_id();
    let mut calls = vec![
        GetSession {}.into(),
        SignOut {}.into(),
        SetLanguage { lang: Lang::En }.into(),
        GetConnection {}.into(),
        GetAddresses {}.into(),
        SaveAddress {
            id: Some(AddressId(self::id(15))),
            address: form(),
        }
        .into(),
        DeleteAddress {
            id: AddressId(self::id(15)),
        }
        .into(),
        ChooseAddress {
            id: AddressId(self::id(15)),
        }
        .into(),
        ListRestaurants {
            search: Some("كبسة".into()),
            cuisine: Some("saudi".into()),
            open_only: true,
            sort: RestaurantSort::Time,
        }
        .into(),
        GetRestaurant { id: restaurant_id() }.into(),
        GetCart {}.into(),
        AddToCart {
            restaurant_id: restaurant_id(),
            line: line(),
            replace: false,
        }
        .into(),
        SetCartLine {
            index: 0,
            line: line(),
        }
        .into(),
        SetCart { cart: cart() }.into(),
        SetTip { tip: 500 }.into(),
        SetFulfilment {
            fulfilment: Fulfilment::Pickup,
        }
        .into(),
        ClearCart {}.into(),
        GetQuote {}.into(),
        momfood_protocol::engine::PlaceOrder {
            order_id: id,
            quote_id: quote_id(),
            payment_method: PaymentMethod::Card,
            card_token: Some("tok_visa_ok".into()),
            note: None,
        }
        .into(),
        NewOrderId {}.into(),
        ListOrders { before: Some(T) }.into(),
        GetOrder { id }.into(),
        CancelOrder {
            id,
            reason: Reason::ChangedMind,
        }
        .into(),
        Reorder { id }.into(),
        GetBoard {}.into(),
        AcceptOrder { id, prep_minutes: 20 }.into(),
        RejectOrder {
            id,
            reason: Reason::OutOfStock,
        }
        .into(),
        StartPreparing { id }.into(),
        MarkReady { id }.into(),
        BumpTicket {
            id,
            station: "grill".into(),
        }
        .into(),
        RecallTicket {
            id,
            station: "grill".into(),
        }
        .into(),
        momfood_protocol::engine::RateOrder {
            id,
            stars: 5,
            comment: Some("وصل ساخناً".into()),
        }
        .into(),
        GetOutbox {}.into(),
        SettleRefusal {
            uid: Uuid::from_u128(7),
            again: true,
        }
        .into(),
        AcknowledgeAlert { id }.into(),
        ExportVault {}.into(),
        HandOver {
            id,
            cash: Some(15_720),
        }
        .into(),
        GetMenu {}.into(),
        SaveMenu { menu: menu(), rev: 7 }.into(),
        momfood_protocol::engine::SetAvailability {
            item_id: item_id(),
            availability: Availability::SoldOut { until: None },
        }
        .into(),
        PauseRestaurant { minutes: Some(30) }.into(),
        GetDriverHome {}.into(),
        momfood_protocol::engine::SetShift {
            on: true,
            point: Some(POINT),
        }
        .into(),
        AcceptOffer { id, attempt: 2 }.into(),
        DeclineOffer { id, attempt: 2 }.into(),
        TakeStep {
            id,
            step: DriverStep::Deliver {
                cash: Some(15_720),
                proof: None,
            },
        }
        .into(),
        ReportPosition {
            point: POINT,
            heading: Some(90),
        }
        .into(),
    ];
    calls.extend(device::calls());
    calls.extend(online::calls());
    calls
}

fn addresses() -> Addresses {
    let id = AddressId(id(15));
    Addresses {
        addresses: vec![SavedAddress {
            id,
            address: address(),
        }],
        chosen: Some(id),
    }
}

fn cart_view() -> CartView {
    CartView {
        cart: Some(cart()),
        restaurant: Some(text()),
        picture: Some("covers/kabsa.svg".into()),
        count: 3,
        fulfilment: Fulfilment::Delivery,
        bill: Some(bill()),
        problem: Some(
            Failure::new(ErrorCode::BelowMinimum, Lang::En).with(json!({ "missing": 1, "minimum": 2 })),
        ),
        conflict: Some(LocalizedText::both("برجر القراج", "Garage Burger")),
    }
}

fn empty_cart_view() -> CartView {
    CartView {
        cart: None,
        restaurant: None,
        picture: None,
        count: 0,
        fulfilment: Fulfilment::Delivery,
        bill: None,
        problem: None,
        conflict: None,
    }
}

fn connection() -> Connection {
    Connection {
        line: Line::Live,
        heard_at: Some(T),
        clock_offset: -1_500_000,
        waiting: 1,
        oldest: Some(T.plus_minutes(-12)),
        refused: 1,
        storage: Storage::Durable,
        outdated: true,
    }
}

fn idle_connection() -> Connection {
    Connection {
        line: Line::Idle,
        heard_at: None,
        clock_offset: 0,
        waiting: 0,
        oldest: None,
        refused: 0,
        storage: Storage::Memory,
        outdated: false,
    }
}

fn tap() -> Tap {
    Tap {
        uid: id(20),
        name: "delivery.deliver".into(),
        order_id: Some(order_id()),
        number: Some("4821-1234".into()),
        at: T,
        cash: Some(6_400),
        of_another: true,
    }
}

fn outbox() -> Outbox {
    let least = Tap {
        order_id: None,
        number: None,
        cash: None,
        of_another: false,
        name: "restaurant.pause".into(),
        ..tap()
    };
    Outbox {
        waiting: vec![tap(), least],
        refused: vec![Refusal {
            tap: tap(),
            failure: Failure::new(ErrorCode::WrongState, Lang::En).with(json!({ "status": "cancelled" })),
            review: true,
            can_repeat: false,
        }],
        uploads: 1,
    }
}

/// One reply of every Call.
#[expect(clippy::too_many_lines, reason = "a list")]
pub fn replies(golden: &mut Golden) {
    let nobody = SessionState { user: None };
    let home = DriverHome {
        day: day(),
        offer: Some(plain_order()),
        job: Some(order()),
        next: vec![plain_order()],
        position: Some(position()),
    };
    let menu_view = MenuView { menu: menu(), rev: 8 };
    reply_of::<GetSession>(golden, &nobody);
    reply_of::<SignOut>(golden, &nobody);
    reply_of::<SetLanguage>(golden, &Done {});
    reply_of::<GetConnection>(golden, &connection());
    reply_of::<GetOutbox>(golden, &outbox());
    reply_of::<SettleRefusal>(
        golden,
        &Outbox {
            waiting: vec![],
            refused: vec![],
            uploads: 0,
        },
    );
    reply_of::<AcknowledgeAlert>(golden, &Done {});
    device::replies(golden);
    online::replies(golden);
    reply_of::<ExportVault>(
        golden,
        &VaultExport {
            file_name: "momfood-driver.json".into(),
            content: json!({ "taps": [] }),
        },
    );
    reply_of::<GetAddresses>(
        golden,
        &Addresses {
            addresses: vec![],
            chosen: None,
        },
    );
    reply_of::<SaveAddress>(golden, &addresses());
    reply_of::<DeleteAddress>(golden, &addresses());
    reply_of::<ChooseAddress>(golden, &addresses());
    reply_of::<ListRestaurants>(
        golden,
        &Restaurants {
            restaurants: vec![card()],
            as_of: T,
            stale: false,
        },
    );
    reply_of::<GetRestaurant>(
        golden,
        &RestaurantView {
            page: page(),
            as_of: T,
            stale: true,
        },
    );
    reply_of::<GetCart>(golden, &cart_view());
    for add in [
        reply_of::<AddToCart>,
        reply_of::<SetCartLine>,
        reply_of::<SetCart>,
        reply_of::<SetTip>,
    ] {
        add(golden, &empty_cart_view());
    }
    reply_of::<SetFulfilment>(golden, &empty_cart_view());
    reply_of::<ClearCart>(golden, &empty_cart_view());
    reply_of::<GetQuote>(golden, &quote());
    reply_of::<momfood_protocol::engine::PlaceOrder>(golden, &plain_order());
    reply_of::<NewOrderId>(golden, &NewId { id: order_id() });
    reply_of::<ListOrders>(
        golden,
        &OrderList {
            orders: vec![plain_order()],
            next: Some(T),
            stale: false,
        },
    );
    reply_of::<GetOrder>(
        golden,
        &OrderTrack {
            order: plain_order(),
            position: Some(position()),
        },
    );
    reply_of::<CancelOrder>(golden, &plain_order());
    reply_of::<momfood_protocol::engine::RateOrder>(golden, &rated_order());
    reply_of::<Reorder>(
        golden,
        &ReorderView {
            cart: empty_cart_view(),
            missing: vec![text()],
        },
    );
    reply_of::<GetBoard>(
        golden,
        &Board {
            restaurant: settings(),
            orders: vec![plain_order()],
            alerts: vec![order_id()],
            as_of: Some(T),
        },
    );
    reply_of::<AcceptOrder>(golden, &plain_order());
    reply_of::<RejectOrder>(golden, &plain_order());
    reply_of::<StartPreparing>(golden, &plain_order());
    reply_of::<MarkReady>(golden, &plain_order());
    reply_of::<HandOver>(golden, &plain_order());
    reply_of::<BumpTicket>(golden, &cooked_order());
    reply_of::<RecallTicket>(golden, &plain_order());
    reply_of::<GetMenu>(golden, &menu_view);
    reply_of::<SaveMenu>(golden, &menu_view);
    reply_of::<momfood_protocol::engine::SetAvailability>(golden, &menu_view);
    reply_of::<PauseRestaurant>(golden, &settings());
    reply_of::<GetDriverHome>(golden, &home);
    let off = DriverDay {
        shift: None,
        done: vec![],
        ..day()
    };
    let idle = DriverHome {
        day: off,
        offer: None,
        job: None,
        next: vec![],
        position: None,
    };
    reply_of::<momfood_protocol::engine::SetShift>(golden, &idle);
    reply_of::<AcceptOffer>(golden, &idle);
    reply_of::<DeclineOffer>(golden, &idle);
    reply_of::<TakeStep>(golden, &idle);
    reply_of::<ReportPosition>(golden, &Done {});
}

/// One of every Event.
pub fn events() -> Vec<Event> {
    let id = order_id();
    vec![
        Event::Session(SessionState { user: None }),
        Event::Connection(connection()),
        Event::Order { id },
        Event::NewOrder { id },
        Event::Restaurant {},
        Event::Menu {},
        Event::Driver {},
        Event::Cart {},
        Event::Outbox {},
        Event::Device {},
        Event::Printing {},
        Event::Pace(device::pace()),
        Event::Here { position: position() },
        Event::Open {
            path: "/orders".into(),
        },
        Event::Position {
            id,
            position: position(),
        },
    ]
}

/// One of every REST body.
#[expect(clippy::too_many_lines, reason = "a list")]
pub fn rest(golden: &mut Golden) {
    let phone = Phone::parse("0512345678").ok();
    let register = Register {
        ticket: "AZn4…".into(),
        password: Some("a long secret".into()),
        first_name: "سارة".into(),
        last_name: "القحطاني".into(),
        language: Lang::Ar,
        consents: Consent::of_a_newcomer(false),
    };
    golden.add(
        "POST auth/register, by phone",
        &Register {
            password: None,
            ..register.clone()
        },
    );
    golden.add("POST auth/register", &register);
    let login = Login {
        email: "sara@example.com".into(),
        password: "password".into(),
        role: Some(Role::Restaurant),
        restaurant_id: Some(restaurant_id()),
    };
    golden.add(
        "POST auth/login, first role",
        &Login {
            role: None,
            restaurant_id: None,
            ..login.clone()
        },
    );
    golden.add("POST auth/login", &login);
    golden.add(
        "POST auth/refresh",
        &Refresh {
            refresh_token: Some("AZn4".into()),
        },
    );
    golden.add("POST auth/refresh, in a cookie", &Refresh { refresh_token: None });
    let session = Session {
        access_token: "eyJ0".into(),
        expires_at: T.plus_minutes(15),
        now: T,
        refresh_token: Some("AZn4".into()),
        user: me(),
    };
    golden.add(
        "session, in a cookie",
        &Session {
            refresh_token: None,
            user: plain_me(),
            ..session.clone()
        },
    );
    golden.add("session", &session);
    golden.add("GET me", &me());
    let update = UpdateMe {
        first_name: Some("Sara".into()),
        last_name: Some("Q".into()),
        language: Some(Lang::En),
        phone,
    };
    golden.add("PATCH me", &update);
    golden.add("PATCH me, nothing", &UpdateMe::default());
    let saved = |address| SavedAddress {
        id: AddressId(id(15)),
        address,
    };
    golden.add("PUT me/addresses", &saved(address()));
    golden.add("PUT me/addresses, plain", &saved(plain_address()));
    let query = RestaurantQuery {
        lat: Some(24.7),
        lng: Some(46.7),
        q: Some("كبسة".into()),
        cuisine: Some("saudi".into()),
        open: Some(true),
        sort: Some(RestaurantSort::Recommended),
    };
    golden.add("GET restaurants, query", &query);
    let sorts = [
        RestaurantSort::Recommended,
        RestaurantSort::Distance,
        RestaurantSort::Rating,
        RestaurantSort::Time,
        RestaurantSort::Fee,
    ];
    golden.add("GET restaurants, sorts", &sorts.to_vec());
    golden.add(
        "GET restaurants",
        &RestaurantList {
            restaurants: vec![card()],
        },
    );
    golden.add("GET restaurants/{id}", &page());
    let settings = UpdateRestaurant {
        preparation_minutes: Some(25),
        accept_limit_seconds: Some(240),
        minimum_order: Some(3_000),
        delivery_fee: Some(1_000),
        hours: Some(hours()),
    };
    golden.add("PATCH kitchen/restaurant", &settings);
    golden.add("POST kitchen/pause", &Pause { minutes: Some(30) });
    golden.add("POST kitchen/pause, until resumed", &Pause { minutes: None });
    golden.add("GET kitchen/menu", &OwnerMenu { menu: menu(), rev: 7 });
    let availability = rest::SetAvailability {
        availability: Availability::SoldOut { until: Some(T) },
    };
    golden.add("PUT kitchen/items/{id}/availability", &availability);
    let request = QuoteRequest {
        cart: cart(),
        fulfilment: Fulfilment::Delivery,
        point: Some(POINT),
    };
    let pickup = QuoteRequest {
        fulfilment: Fulfilment::Pickup,
        point: None,
        ..request.clone()
    };
    golden.add("POST quotes", &request);
    golden.add("POST quotes, pick-up", &pickup);
    golden.add("quote", &quote());
    let place = rest::PlaceOrder {
        id: order_id(),
        quote_id: quote_id(),
        payment_method: PaymentMethod::Card,
        card_token: Some("tok_visa_ok".into()),
        address: Some(address()),
        note: Some("بدون أكياس".into()),
        valid_until: Some(T.plus_minutes(2)),
    };
    let cash = rest::PlaceOrder {
        payment_method: PaymentMethod::Cash,
        card_token: None,
        address: None,
        note: None,
        valid_until: None,
        ..place.clone()
    };
    golden.add("POST orders", &place);
    golden.add("POST orders, cash pick-up", &cash);
    golden.add(
        "GET orders",
        &OrderPage {
            orders: vec![plain_order()],
            next: Some(T),
        },
    );
    golden.add(
        "GET orders, last page",
        &OrderPage {
            orders: vec![],
            next: None,
        },
    );
    golden.add("POST orders/{id}/accept", &Accept { prep_minutes: 20 });
    golden.add(
        "POST orders/{id}/reject",
        &Because {
            reason: Reason::TooBusy,
            attempt: None,
        },
    );
    golden.add(
        "POST orders/{id}/release",
        &Because {
            reason: Reason::VehicleProblem,
            attempt: Some(2),
        },
    );
    golden.add("POST orders/{id}/accept-offer", &Attempt { attempt: 2 });
    golden.add("POST orders/{id}/hand-over", &HandedOver { cash: Some(15_720) });
    golden.add(
        "POST orders/{id}/deliver",
        &Delivered {
            cash: Some(15_720),
            proof: None,
        },
    );
    golden.add(
        "POST orders/{id}/deliver, paid",
        &Delivered {
            cash: None,
            proof: Some(work::photo()),
        },
    );
    golden.add(
        "POST orders/{id}/fail",
        &NotDelivered {
            reason: Reason::CustomerUnreachable,
            proof: Some(work::photo()),
        },
    );
    golden.add(
        "POST orders/{id}/rate",
        &rest::RateOrder {
            stars: 4,
            comment: None,
        },
    );
    golden.add("GET support/reviews", &work::reviews());
    golden.add(
        "POST support/reviews/{id}/close",
        &CloseReview {
            note: "Counted.".into(),
        },
    );
    golden.add("POST orders/{id}/refund", &RefundOrder { amount: 1_000 });
    golden.add(
        "POST driver/shift",
        &rest::SetShift {
            on: true,
            point: Some(POINT),
        },
    );
    golden.add(
        "POST driver/shift, off",
        &rest::SetShift {
            on: false,
            point: None,
        },
    );
    let ping = Ping {
        n: 41,
        point: POINT,
        age_ms: 4_000,
        heading: Some(90),
    };
    let pings = vec![
        ping,
        Ping {
            n: 42,
            heading: None,
            age_ms: 0,
            ..ping
        },
    ];
    golden.add(
        "POST pings",
        &Pings {
            session: id(16),
            pings,
        },
    );
    golden.add(
        "GET orders/{id}/position",
        &PositionAnswer {
            position: Some(position()),
        },
    );
    golden.add(
        "GET orders/{id}/position, unknown",
        &PositionAnswer { position: None },
    );
    golden.add(
        "PUT push/token",
        &PushToken {
            platform: PushPlatform::Fcm,
            token: "fcm:APA91bH".into(),
        },
    );
    golden.add("GET shared/{token}", &shared_order());
}

/// Views, whole and with everything left out that may be.
#[expect(clippy::too_many_lines, reason = "a list")]
pub fn views(golden: &mut Golden) {
    golden.add("order", &order());
    golden.add("order, least", &plain_order());
    golden.add("order, in the kitchen", &cooked_order());
    golden.add("order, rated", &rated_order());
    golden.add(
        "order, called off",
        &OrderView {
            status: OrderStatus::Cancelled,
            cancelled_by: Some(Role::Restaurant),
            handover_code: Some("4821".into()),
            ..plain_order()
        },
    );
    golden.add("restaurant card, not heard", &plain_card(Opening::Unreachable));
    golden.add("connection, at first", &idle_connection());
    golden.add(
        "kinds of proof",
        &vec![ProofKind::Photo, ProofKind::Code, ProofKind::Signature],
    );
    golden.add(
        "storages",
        &vec![Storage::Memory, Storage::Durable, Storage::Recovered],
    );
    golden.add(
        "blob",
        &BlobRef {
            sha256: "00".repeat(32),
            size: 48_213,
        },
    );
    golden.add("restaurant card", &card());
    golden.add(
        "restaurant card, closed",
        &plain_card(Opening::Closed { opens_at: Some(T) }),
    );
    golden.add(
        "restaurant card, closed for good",
        &plain_card(Opening::Closed { opens_at: None }),
    );
    golden.add(
        "restaurant card, paused",
        &plain_card(Opening::Paused { until: Some(T) }),
    );
    golden.add(
        "restaurant card, paused until resumed",
        &plain_card(Opening::Paused { until: None }),
    );
    golden.add("kitchen settings", &settings());
    golden.add(
        "kitchen settings, taking orders",
        &KitchenSettings {
            paused_until: None,
            ..settings()
        },
    );
    golden.add("driver day", &day());
    golden.add(
        "driver day, off duty",
        &DriverDay {
            shift: None,
            done: vec![],
            ..day()
        },
    );
    golden.add(
        "position",
        &Position {
            heading: None,
            ..position()
        },
    );
    golden.add("order statuses", &OrderStatus::ALL.to_vec());
    let steps = vec![
        StepKind::Placed,
        StepKind::Accepted,
        StepKind::Preparing,
        StepKind::Ready,
        StepKind::DriverAssigned,
        StepKind::DriverAtRestaurant,
        StepKind::PickedUp,
        StepKind::DriverAtCustomer,
        StepKind::Delivered,
        StepKind::Cancelled,
        StepKind::Rejected,
        StepKind::Expired,
        StepKind::Failed,
        StepKind::Refunded,
    ];
    golden.add("steps of a timeline", &steps);
    let actions = vec![
        Action::Cancel,
        Action::Accept,
        Action::Reject,
        Action::StartPreparing,
        Action::MarkReady,
        Action::HandOver,
        Action::AcceptOffer,
        Action::DeclineOffer,
        Action::Release,
        Action::ArriveAtRestaurant,
        Action::PickUp,
        Action::ArriveAtCustomer,
        Action::Deliver,
        Action::FailDelivery,
        Action::ReturnFood,
        Action::Rate,
    ];
    golden.add("actions", &actions);
    let steps = [
        DriverStep::ArriveAtRestaurant,
        DriverStep::PickUp,
        DriverStep::ArriveAtCustomer,
        DriverStep::Deliver {
            cash: None,
            proof: None,
        },
        DriverStep::Deliver {
            cash: Some(6_400),
            proof: Some(Proof::Code { code: "4821".into() }),
        },
        DriverStep::Fail {
            reason: Reason::CustomerUnreachable,
            proof: None,
        },
        DriverStep::Fail {
            reason: Reason::CustomerUnreachable,
            proof: Some(work::photo()),
        },
        DriverStep::ReturnFood,
        DriverStep::Release {
            reason: Reason::VehicleProblem,
            attempt: 2,
        },
    ];
    golden.add("steps of a driver", &steps.to_vec());
    golden.add(
        "lines",
        &vec![Line::Idle, Line::Connecting, Line::Live, Line::Offline],
    );
}

/// The change feed.
pub fn feed(golden: &mut Golden) {
    let scopes = [
        Scope::Customer(UserId(id(12))),
        Scope::Restaurant(restaurant_id()),
        Scope::Driver(UserId(id(13))),
        Scope::Menu(restaurant_id()),
    ];
    golden.add("scopes", &scopes.to_vec());
    let kinds = vec![Entity::Order, Entity::Restaurant, Entity::Menu, Entity::Driver];
    golden.add("entities", &kinds);
    let scope = scopes[1].to_string();
    let change = Change {
        seq: 42,
        entity: Entity::Order,
        id: id(1),
        rev: 5,
        body: Some(json!({ "…": "…" })),
    };
    let gone = Change {
        seq: 43,
        body: None,
        ..change.clone()
    };
    let changes = vec![change, gone];
    let snapshot = Snapshot {
        epoch: id(17),
        scope: scope.clone(),
        view: "kitchen".into(),
        seq: 43,
        last_mids: BTreeMap::from([(id(19), 7)]),
        time: T,
        changes: changes.clone(),
    };
    golden.add("snapshot", &snapshot);
    golden.add(
        "snapshot, least",
        &Snapshot {
            view: String::new(),
            last_mids: BTreeMap::new(),
            ..snapshot
        },
    );
    let heads = BTreeMap::from([(scope.clone(), 43)]);
    golden.add(
        "stream, heads",
        &StreamEvent::Heads(Heads {
            epoch: id(17),
            time: T,
            heads,
        }),
    );
    golden.add(
        "stream, delta",
        &StreamEvent::Delta(Delta {
            scope: scope.clone(),
            from: 41,
            to: 43,
            changes,
        }),
    );
    golden.add("stream, head", &StreamEvent::Head(Head { scope, head: 44 }));
    let moved = OrderPosition {
        order_id: order_id(),
        position: position(),
    };
    golden.add("stream, position", &StreamEvent::Position(moved));
    golden.add("stream, resync", &StreamEvent::Resync);
}

/// An order that somebody shared.
pub fn shared_order() -> SharedOrder {
    SharedOrder {
        restaurant: SharedRestaurant {
            name: LocalizedText::both("بيت الكبسة", "Kabsa House"),
            picture: Some("najd-kitchen.svg".into()),
        },
        status: OrderStatus::PickedUp,
        fulfilment: Fulfilment::Delivery,
        timeline: vec![
            Step {
                kind: StepKind::Placed,
                at: T,
            },
            Step {
                kind: StepKind::PickedUp,
                at: T.plus_minutes(25),
            },
        ],
        estimated_at: Some(T.plus_minutes(40)),
        on_the_way: true,
        as_of: T.plus_minutes(26),
        until: T.plus_minutes(24 * 60),
    }
}
