//! Sheets as kitchens see them: short ones, long ones, in Arabic, in English and in both.

#![allow(dead_code, reason = "not every test prints all of them")]
#![allow(clippy::unwrap_used, reason = "samples are known to be right")]

use momfood_domain::geo::GeoPoint;
use momfood_domain::id::{MenuItemId, OptionId, OrderId, RestaurantId};
use momfood_domain::money::Currency;
use momfood_domain::order::OrderStatus;
use momfood_domain::payment::{PaymentMethod, PaymentStatus};
use momfood_domain::pricing::{Bill, Fulfilment, LineOption, OrderLine};
use momfood_domain::text::{Lang, LocalizedText};
use momfood_domain::time::Timestamp;
use momfood_protocol::device::{Paper, Printer, PrinterLine, Sheet, SheetContent};
use momfood_protocol::view::{CustomerOfOrder, OrderView, PaymentView, RestaurantOfOrder};
use uuid::Uuid;

/// Sunday 22 November 2026, 20:08 in Riyadh.
pub const EVENING: Timestamp = Timestamp(1_795_367_280_000_000);

const POINT: GeoPoint = GeoPoint {
    lat: 24.6911,
    lng: 46.6853,
};

pub fn both(ar: &str, en: &str) -> LocalizedText {
    LocalizedText::both(ar, en)
}

pub fn only(text: &str, lang: Lang) -> LocalizedText {
    let text = Some(text.to_owned());
    match lang {
        Lang::Ar => LocalizedText::new(text, None),
        Lang::En => LocalizedText::new(None, text),
    }
    .unwrap()
}

pub fn printer(lang: Lang, paper: Paper) -> Printer {
    Printer {
        id: Uuid::from_u128(0x11),
        name: match lang {
            Lang::Ar => "الشواية".into(),
            Lang::En => "Grill".into(),
        },
        line: PrinterLine::Network {
            host: "192.0.2.7".into(),
            port: 9_100,
        },
        paper,
        lang,
        stations: vec![],
        automatic: true,
        copies: 1,
    }
}

pub fn dish(quantity: u32, name: LocalizedText) -> OrderLine {
    OrderLine {
        item_id: MenuItemId(Uuid::from_u128(3)),
        name,
        quantity,
        unit_price: 3_500,
        total: 7_000,
        options: vec![],
        note: None,
        allergens: vec![],
    }
}

pub fn option(name: LocalizedText) -> LineOption {
    LineOption {
        id: OptionId(Uuid::from_u128(4)),
        name,
        price: 700,
    }
}

pub fn order(lines: Vec<OrderLine>) -> OrderView {
    OrderView {
        id: OrderId(Uuid::from_u128(1)),
        number: "4821-9346".into(),
        rev: 5,
        status: OrderStatus::Accepted,
        fulfilment: Fulfilment::Delivery,
        restaurant: RestaurantOfOrder {
            id: RestaurantId(Uuid::from_u128(2)),
            name: both("بيت الكبسة", "Kabsa House"),
            point: POINT,
            district: both("العليا", "Al Olaya"),
            phone: None,
            picture: None,
        },
        customer: CustomerOfOrder {
            name: "سارة".into(),
            phone: None,
        },
        address: None,
        bill: Bill {
            currency: Currency::Sar,
            lines,
            subtotal: 14_000,
            delivery_fee: 900,
            service_fee: 420,
            discount: 0,
            tip: 0,
            tax_amount: 1_985,
            total_amount: 15_320,
        },
        note: None,
        payment: PaymentView {
            method: PaymentMethod::Card,
            status: PaymentStatus::Captured,
            refunded: 0,
            cash_due: 0,
        },
        delivery: None,
        placed_at: EVENING,
        accept_by: None,
        ready_by: Some(EVENING.plus_minutes(20)),
        estimated_at: None,
        timeline: vec![],
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

pub fn sheet(printer: Printer, content: SheetContent) -> Sheet {
    Sheet {
        printer,
        content,
        restaurant: both("بيت الكبسة", "Kabsa House"),
        copy: false,
        at: EVENING.plus_minutes(2),
        utc_offset_minutes: 180,
    }
}

pub fn whole(printer: Printer, order: OrderView) -> Sheet {
    let content = SheetContent::Order {
        order: Box::new(order),
        lines: None,
    };
    sheet(printer, content)
}

/// What a family orders on a Friday.
pub fn family() -> OrderView {
    let mut kabsa = dish(2, both("كبسة دجاج", "Chicken kabsa"));
    kabsa.options = vec![
        option(both("حجم كبير", "Large")),
        option(both("رز بشاور", "Peshawar rice")),
        option(both("صلصة دقوس حارة", "Hot daqoos sauce")),
    ];
    kabsa.note = Some("بدون بصل لو سمحت".into());
    kabsa.allergens = vec!["nuts".into(), "dairy".into()];
    let mut mandi = dish(1, both("مندي لحم نعيمي", "Local lamb mandi"));
    mandi.options = vec![option(both("نصف", "Half"))];
    let mut drink = dish(12, both("لبن", "Laban"));
    drink.allergens = vec!["dairy".into()];
    let mut order = order(vec![kabsa, mandi, drink]);
    order.note = Some("عندي حساسية من السمسم، الرجاء الانتباه!".into());
    order
}

/// Names longer than any paper is wide, and words of both scripts in one line.
pub fn long() -> OrderView {
    let mut platter = dish(
        3,
        both(
            "صينية المشاوي المشكلة العائلية الكبيرة مع الأرز البخاري والخبز الطازج والسلطات الأربع",
            "Large family mixed grill platter with Bukhari rice, fresh bread and four salads",
        ),
    );
    platter.options = vec![
        option(both(
            "إضافة ثومية بالليمون والنعناع (علبة 250 ml)",
            "Extra lemon and mint garlic dip (250 ml tub)",
        )),
        option(only("بدون شطة", Lang::Ar)),
        option(only("Well done", Lang::En)),
    ];
    platter.note = Some(
        "الرجاء تقطيع الدجاج قطعًا صغيرة للأطفال، والصلصة BBQ في علبة منفصلة، وشكرًا جزيلًا لكم.\nPlease ring twice."
            .into(),
    );
    platter.allergens = [
        "gluten", "dairy", "nuts", "eggs", "sesame", "fish", "خردل", "celery",
    ]
    .map(String::from)
    .into();
    let drink = dish(
        1,
        both("عصير Tropicana برتقال 1.5 لتر", "Tropicana orange juice 1.5 L"),
    );
    let endless = dish(
        104,
        only(
            "Donaudampfschifffahrtsgesellschaftskapitänskajütenbrötchen",
            Lang::En,
        ),
    );
    let mut order = order(vec![platter, drink, endless]);
    order.customer.name = "Abdulrahman".into();
    order.fulfilment = Fulfilment::Pickup;
    order
}

/// One dish of one language, asked for a while ago, nothing promised.
pub fn plain() -> OrderView {
    let mut order = order(vec![dish(1, only("شاي", Lang::Ar))]);
    order.fulfilment = Fulfilment::Pickup;
    order.ready_by = None;
    order.placed_at = EVENING.plus_minutes(-24 * 60);
    order.customer.name = "Omar".into();
    order
}

/// Everything there is a golden picture of.
pub fn all() -> Vec<(&'static str, Sheet)> {
    use Lang::{Ar, En};
    use Paper::{Narrow, Wide};
    let copy = |sheet| Sheet { copy: true, ..sheet };
    let part = |lang, paper| {
        let mut printer = printer(lang, paper);
        printer.stations = vec!["الشواية".into(), "grill".into()];
        let content = SheetContent::Order {
            order: Box::new(family()),
            lines: Some(vec![0, 1]),
        };
        sheet(printer, content)
    };
    let cancelled = OrderView {
        status: OrderStatus::Cancelled,
        ..plain()
    };
    vec![
        ("family-ar", whole(printer(Ar, Wide), family())),
        ("family-en", whole(printer(En, Wide), family())),
        ("family-ar-narrow", whole(printer(Ar, Narrow), family())),
        ("family-en-narrow", whole(printer(En, Narrow), family())),
        ("long-ar", whole(printer(Ar, Wide), long())),
        ("long-en", whole(printer(En, Wide), long())),
        ("long-ar-narrow", whole(printer(Ar, Narrow), long())),
        ("copy-ar", copy(whole(printer(Ar, Wide), plain()))),
        ("copy-en-narrow", copy(whole(printer(En, Narrow), plain()))),
        ("part-ar", part(Ar, Wide)),
        ("part-en-narrow", part(En, Narrow)),
        ("cancelled-en", whole(printer(En, Wide), cancelled)),
        ("test-ar", sheet(printer(Ar, Wide), SheetContent::Test)),
        ("test-en-narrow", sheet(printer(En, Narrow), SheetContent::Test)),
    ]
}
