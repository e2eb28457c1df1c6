//! Every piece of the kit in every state, to be looked at. Build it to wasm32 and open it in a browser;
//! `#map` and the like jump to a part.
#![allow(missing_docs)]

use dioxus::prelude::*;
use momfood_domain::geo::GeoPoint;
use momfood_domain::money::{Currency, Money};
use momfood_kit::prelude::*;
use momfood_kit::sound;

fn main() {
    momfood_kit::app::start(AppName::Customer, &[], Gallery);
}

/// The gallery's own words, in the two languages: they are no part of the product.
fn w(ar: &str, en: &str) -> String {
    if lang() == Lang::Ar {
        ar.to_owned()
    } else {
        en.to_owned()
    }
}

fn sar(amount: i64) -> Money {
    Money::new(amount, Currency::Sar)
}

#[component]
fn Gallery() -> Element {
    let mut tab = use_signal(|| 0_usize);
    use_title(w("معرض القطع", "Gallery"));
    rsx! {
        AppFrame {
            AppBar {
                title: w("معرض القطع", "Gallery"),
                start: rsx! { BackButton {} },
                end: rsx! {
                    IconButton { icon: Icon::Globe, label: t!("kit-language"), "data-testid": "lang",
                        onclick: move |_| set_lang(if lang() == Lang::Ar { Lang::En } else { Lang::Ar }),
                    }
                    IconButton { icon: if theme() == Theme::Dark { Icon::Sun } else { Icon::Moon }, label: t!("kit-theme"), "data-testid": "theme",
                        onclick: move |_| set_theme(if theme() == Theme::Dark { Theme::Light } else { Theme::Dark }),
                    }
                    IconButton { icon: Icon::Bell, label: w("التنبيهات", "Notices"), badge: 3 }
                },
            }
            main { id: "content", tabindex: "-1", class: "k-page k-stack",
                Tabs {
                    label: w("الأقسام", "Parts"),
                    items: vec![w("الأكثر طلبًا", "Most wanted"), w("مشاوي", "Grills"), w("كبسة ومندي", "Kabsa & mandi"), w("سلطات", "Salads"), w("حلويات", "Sweets"), w("مشروبات", "Drinks")],
                    active: tab(),
                    sticky: true,
                    onselect: move |i| tab.set(i),
                }
                Shop {}
                Section { title: w("الأزرار", "Buttons"), Buttons {} }
                Section { title: w("الحقول", "Fields"), Fields {} }
                Section { title: w("الاختيارات", "Choices"), Choices {} }
                Section { title: w("الطلب", "An order"), id: "order", OrderParts {} }
                Section { title: w("الخريطة", "Map"), id: "map", Maps {} }
                Section { title: w("الحالات", "States"), id: "states", States {} }
                Section { title: w("النوافذ", "Sheets"), id: "sheets", Sheets {} }
                Section { title: w("الأيقونات", "Icons"), id: "icons",
                    Card {
                        div { class: "k-row k-wrap", style: "font-size:18px;gap:18px",
                            for icon in Icon::ALL { IconView { icon } }
                        }
                    }
                }
            }
            CartBar { count: 3, total: format::money(sar(12_450)), label: w("عرض السلة", "View cart"), note: w("أضف 15 ر.س. للتوصيل المجاني", "Add SAR 15 for free delivery"), onclick: |()| toast(w("السلة", "Cart")) }
            BottomNav {
                items: vec![
                    NavItem { icon: Icon::Home, label: w("الرئيسية", "Home"), href: "/".into(), badge: 0 },
                    NavItem { icon: Icon::Search, label: w("بحث", "Search"), href: "/search".into(), badge: 0 },
                    NavItem { icon: Icon::Receipt, label: w("طلباتي", "Orders"), href: "/orders".into(), badge: 2 },
                    NavItem { icon: Icon::User, label: w("حسابي", "Account"), href: "/me".into(), badge: 0 },
                ],
                active: Some(0),
                onselect: |_| {},
            }
        }
    }
}

const DISH: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 320 180'%3E%3Crect width='320' height='180' fill='%23e8a15c'/%3E%3Ccircle cx='160' cy='96' r='74' fill='%23fff3e2'/%3E%3Ccircle cx='160' cy='96' r='58' fill='%23f4d08a'/%3E%3Cpath d='M120 92c10-24 34-30 52-20s34 26 22 40-44 22-60 10-20-18-14-30z' fill='%23a34d1c'/%3E%3C/svg%3E";

#[component]
fn Shop() -> Element {
    let mut query = use_signal(String::new);
    let mut chosen = use_signal(|| 1_usize);
    rsx! {
        SearchField { label: w("ابحث عن مطعم أو طبق", "Search restaurants or dishes"), value: query(), oninput: move |v| query.set(v) }
        div { class: "k-scroller",
            for (i, (icon, words)) in [(Icon::Fire, w("مشاوي", "Grills")), (Icon::Bowl, w("سعودي", "Saudi")), (Icon::Leaf, w("صحي", "Healthy")), (Icon::Chili, w("هندي", "Indian")), (Icon::Sparkle, w("حلويات", "Sweets"))].into_iter().enumerate() {
                Chip { key: "{i}", selected: chosen() == i, icon, onclick: move |()| chosen.set(i), "{words}" }
            }
        }
        div { class: "k-grid",
            Card { flush: true, onclick: |()| {},
                Picture { src: Some(DISH.to_owned()) }
                div { class: "k-pad k-stack-s",
                    div { class: "k-row k-between", h3 { {w("مطبخ أم علي", "Umm Ali's Kitchen")} } Stars { tenths: 47, count: 1203 } }
                    p { class: "k-muted k-xs", {w("سعودي · كبسة ومندي", "Saudi · kabsa and mandi")} }
                    div { class: "k-meta",
                        span { IconView { icon: Icon::Clock } {format::minutes(25)} }
                        span { IconView { icon: Icon::Scooter } {format::money_short(sar(900))} }
                        span { IconView { icon: Icon::Pin } {format::distance(2_400)} }
                    }
                }
            }
            Card { flush: true, onclick: |()| {},
                Picture { src: None }
                div { class: "k-pad k-stack-s",
                    div { class: "k-row k-between", h3 { {w("بيت المشاوي", "House of Grills")} } Stars { tenths: 44 } }
                    p { class: "k-muted k-xs", {w("مشاوي · شامي", "Grills · Levantine")} }
                    StatusPill { tone: Tone::Quiet, icon: Icon::Clock, {w("مغلق، يفتح 5 م", "Closed, opens 5 pm")} }
                }
            }
            Skeleton { shape: SkeletonShape::RestaurantCard }
        }
        Card {
            div { class: "k-divide",
                div { class: "k-item",
                    div { class: "k-grow k-stack-s",
                        h3 { {w("كبسة دجاج", "Chicken kabsa")} }
                        p { class: "k-muted k-xs k-clip-2", {w("أرز بسمتي بالبهارات مع نصف دجاجة محمّرة ولوز وزبيب وسلطة دقوس", "Spiced basmati rice, half a roast chicken, almonds, raisins and daqoos salad")} }
                        div { class: "k-row-s", span { class: "k-num k-strong", {format::money_short(sar(3_200))} } Badge { tone: Tone::Primary, {w("الأكثر طلبًا", "Popular")} } }
                    }
                    Picture { src: Some(DISH.to_owned()), class: "k-item-picture" }
                }
                div { class: "k-item",
                    div { class: "k-grow k-stack-s",
                        h3 { class: "k-muted", {w("مندي لحم", "Lamb mandi")} }
                        p { class: "k-muted k-xs k-clip-2", {w("لحم ضأن مطبوخ على الجمر مع أرز مندي", "Lamb cooked over embers with mandi rice")} }
                        StatusPill { tone: Tone::Quiet, icon: Icon::Stop, {w("نفد حتى الغد", "Sold out until tomorrow")} }
                    }
                    Picture { src: None, class: "k-item-picture" }
                }
                Skeleton { shape: SkeletonShape::MenuItem }
            }
        }
    }
}

#[component]
fn Buttons() -> Element {
    let mut mode = use_signal(|| 0_usize);
    rsx! {
        div { class: "k-row k-wrap",
            Button { {w("اطلب", "Order")} }
            Button { kind: ButtonKind::Secondary, icon: Icon::Phone, {w("اتصل", "Call")} }
            Button { kind: ButtonKind::Quiet, {w("لاحقًا", "Later")} }
            Button { kind: ButtonKind::Danger, icon: Icon::Trash, {w("ألغِ الطلب", "Cancel order")} }
            Button { disabled: true, {w("غير متاح", "Not now")} }
            Button { busy: true, {w("جارٍ الإرسال", "Sending")} }
        }
        div { class: "k-stack", style: "margin-block:16px",
            Button { block: true, large: true, end: format::money(sar(12_450)), {w("أرسل الطلب", "Place order")} }
            Segmented { label: "m", options: vec![w("توصيل", "Delivery"), w("استلام", "Pickup")], selected: mode(), onselect: move |i| mode.set(i) }
        }
        div { class: "k-row k-wrap",
            IconButton { icon: Icon::Heart, label: "a", pressed: Some(true) }
            IconButton { icon: Icon::Heart, label: "b", pressed: Some(false) }
            IconButton { icon: Icon::Back, label: "c", class: "k-filled" }
            IconButton { icon: Icon::Settings, label: "d", disabled: true }
            StatusPill { tone: Tone::Good, icon: Icon::Check, {w("جاهز", "Ready")} }
            StatusPill { tone: Tone::Primary, icon: Icon::Fire, {w("يُحضَّر", "Preparing")} }
            StatusPill { tone: Tone::Warn, icon: Icon::Timer, {w("متأخر", "Late")} }
            StatusPill { tone: Tone::Bad, icon: Icon::Stop, {w("مرفوض", "Rejected")} }
            StatusPill { tone: Tone::Quiet, icon: Icon::Clock, {w("مغلق", "Closed")} }
            Badge { tone: Tone::Warn, "2" }
            ConnectionPill {}
        }
    }
}

#[component]
fn Fields() -> Element {
    let mut name = use_signal(|| w("فاطمة", "Fatima"));
    let mut phone = use_signal(|| "501234567".to_owned());
    let mut code = use_signal(|| "4821".to_owned());
    let mut note = use_signal(String::new);
    rsx! {
        div { class: "k-grid", style: "align-items:start",
            TextField { label: w("الاسم", "Name"), kind: FieldKind::Name, value: name(), oninput: move |v| name.set(v) }
            TextField { label: w("البريد", "E-mail"), kind: FieldKind::Email, value: "fatima@", error: Some(w("أكمل العنوان بعد @", "Finish the address after the @")), oninput: |_| {} }
            TextField { label: w("كلمة المرور", "Password"), kind: FieldKind::Password, value: "12345678", hint: w("8 أحرف أو أكثر", "8 characters or more"), oninput: |_| {} }
            PhoneField { label: w("الجوال", "Mobile"), value: phone(), oninput: move |v| phone.set(v) }
            TextField { label: w("العنوان الوطني المختصر", "Short address"), kind: FieldKind::ShortAddress, value: "RHMA3184", oninput: |_| {} }
            Select { label: w("وقت التحضير", "Preparation"), options: vec![("15".into(), format::minutes(15)), ("30".into(), format::minutes(30))], value: "30", onchange: |_| {} }
            OtpField { label: w("رمز التحقق", "Code"), value: code(), oninput: move |v| code.set(v) }
            TextArea { label: w("ملاحظة للمطعم", "Note for the restaurant"), optional: true, value: note(), placeholder: w("بدون بصل…", "No onions…"), oninput: move |v| note.set(v) }
        }
    }
}

#[component]
fn Choices() -> Element {
    let mut a = use_signal(|| true);
    let mut size = use_signal(|| 0);
    let mut on = use_signal(|| true);
    let mut n = use_signal(|| 2);
    let mut stars = use_signal(|| 4);
    rsx! {
        div { class: "k-grid", style: "align-items:start",
            Card {
                div { class: "k-divide",
                    Checkbox { label: w("جبنة إضافية", "Extra cheese"), checked: a(), end: format::money_delta(sar(300)), onchange: move |v| a.set(v) }
                    Checkbox { label: w("فطر", "Mushrooms"), checked: false, disabled: true, hint: w("نفد اليوم", "Sold out today"), end: format::money_delta(sar(200)), onchange: |_| {} }
                }
            }
            Card {
                div { class: "k-divide",
                    Radio { name: "size", label: w("حبة", "Single"), checked: size() == 0, onselect: move |()| size.set(0) }
                    Radio { name: "size", label: w("دبل", "Double"), checked: size() == 1, end: format::money_delta(sar(1_150)), onselect: move |()| size.set(1) }
                }
            }
            Card {
                Switch { label: w("استقبال الطلبات", "Taking orders"), hint: w("أوقفه عند الازدحام", "Turn off when busy"), checked: on(), onchange: move |v| on.set(v) }
                div { class: "k-row k-between", Stepper { label: w("كبسة", "Kabsa"), value: n(), min: 0, onchange: move |v| n.set(v) } }
                RateStars { label: w("التقييم", "Rating"), value: stars(), onrate: move |v| stars.set(v) }
            }
        }
    }
}

#[component]
fn OrderParts() -> Element {
    let start = use_hook(now);
    let mut busy = use_signal(|| false);
    rsx! {
        div { class: "k-grid", style: "align-items:start",
            Card {
                h3 { style: "margin-block-end:16px", {w("مندوبك على بعد 4 دقائق", "Your driver is 4 minutes away")} }
                Timeline {
                    steps: vec![
                        TimelineStep { title: w("قُبل الطلب", "Accepted"), detail: String::new(), time: format::time(start), state: StepState::Done, icon: Icon::Check },
                        TimelineStep { title: w("يُحضَّر", "Being prepared"), detail: w("مطبخ أم علي", "Umm Ali's Kitchen"), time: format::time(start), state: StepState::Done, icon: Icon::Fire },
                        TimelineStep { title: w("في الطريق", "On the way"), detail: w("خالد، دراجة نارية", "Khalid, by motorbike"), time: String::new(), state: StepState::Now, icon: Icon::Scooter },
                        TimelineStep { title: w("وصل", "Delivered"), detail: String::new(), time: String::new(), state: StepState::Later, icon: Icon::Home },
                    ],
                }
            }
            Card {
                BillTable {
                    lines: vec![
                        BillLine::new(w("المجموع الفرعي", "Subtotal"), format::money(sar(9_600))),
                        BillLine::new(w("التوصيل", "Delivery"), format::money(sar(900))).note(w("2.4 كم", "2.4 km")),
                        BillLine::new(w("خصم", "Discount"), format::money(sar(-1_000))).good(),
                        BillLine::new(w("الإجمالي", "Total"), format::money(sar(9_500))).note(w("يشمل ضريبة 15%", "incl. 15% VAT")).total(),
                    ],
                }
            }
            Card { class: "k-stack",
                div { class: "k-row k-between",
                    RingCountdown { label: w("الوقت", "Time"), from: start, until: start.plus_seconds(45) }
                    RingCountdown { label: w("الوقت", "Time"), from: start.plus_seconds(-100), until: start.plus_seconds(22), size: 72 }
                    RingCountdown { label: w("الوقت", "Time"), from: start.plus_seconds(-100), until: start.plus_seconds(9), size: 72 }
                }
                SlideToConfirm { label: w("اسحب عند التسليم", "Slide when delivered"), deed: w("تم التسليم", "Delivered"), busy: busy(), onconfirm: move |()| { busy.set(true); toast(w("سُلّم الطلب", "Delivered")); } }
                ProgressBar { label: "p", percent: Some(62) }
                ProgressBar { label: "q", percent: None }
            }
            Card {
                div { class: "k-divide",
                    ListRow { title: w("حي الملقا", "Al Malqa"), detail: "RHMA3184", icon: Icon::Pin, onclick: |()| {} }
                    ListRow { title: w("خالد العتيبي", "Khalid Al-Otaibi"), detail: format::phone("+966501234567"), start: rsx! { Avatar { name: w("خالد العتيبي", "Khalid Otaibi") } }, Button { kind: ButtonKind::Secondary, icon: Icon::Phone, {w("اتصل", "Call")} } }
                    ListRow { title: w("الإشعارات", "Notices"), icon: Icon::Bell, Switch { label: "", checked: true, onchange: |_| {} } }
                }
            }
            Table { caption: w("الأرباح", "Earnings"), head: vec![w("الطلب", "Order"), w("الوقت", "Time"), w("المبلغ", "Amount")],
                for i in 1..4 {
                    tr { key: "{i}", th { scope: "row", {format::isolate_ltr(&format!("A-10{i}"))} } td { {format::relative(start.plus_minutes(-7 * i), start)} } td { class: "k-num", {format::money(sar(1_150 * i))} } }
                }
            }
        }
    }
}

#[component]
fn Maps() -> Element {
    let here = GeoPoint {
        lat: 24.6911,
        lng: 46.6853,
    };
    let home = GeoPoint {
        lat: 24.7241,
        lng: 46.6557,
    };
    let start = use_hook(now);
    let mut step = use_signal(|| 0_i32);
    let mut picked = use_signal(|| home);
    let share = f64::from(step()) / 10.0;
    let driver = GeoPoint {
        lat: here.lat + (home.lat - here.lat) * share,
        lng: here.lng + (home.lng - here.lng) * share,
    };
    let seen = if step() == 0 {
        start.plus_minutes(-3)
    } else {
        now()
    };
    rsx! {
        div { class: "k-grid",
            Card { flush: true,
                MapView {
                    label: w("طريق الطلب", "The order's way"),
                    markers: vec![
                        MapMarker::fixed(MarkerKind::Restaurant, here, w("مطبخ أم علي", "Umm Ali's Kitchen")),
                        MapMarker::fixed(MarkerKind::Home, home, w("البيت", "Home")),
                        MapMarker::driver(driver, seen, w("خالد", "Khalid")),
                    ],
                    route: vec![here, GeoPoint { lat: here.lat, lng: home.lng }, home],
                    height: 340,
                }
                div { class: "k-pad", Button { "data-testid": "move", onclick: move |_| step += 1, {w("حرّك", "Move")} } }
            }
            Card { flush: true,
                MapView { label: w("اختر المكان", "Choose the place"), start: Some(home), onpick: move |p| picked.set(p), height: 340 }
                div { class: "k-pad k-num", "{picked().lat:.5}, {picked().lng:.5}" }
            }
        }
    }
}

#[component]
fn States() -> Element {
    rsx! {
        div { class: "k-stack",
            Banner { kind: BannerKind::Offline, {t!("kit-offline-waiting", count: 2)} }
            Banner { kind: BannerKind::Stale, {t!("kit-reconnecting", since: format::time(now()))} }
            Banner { kind: BannerKind::Info, action: w("التفاصيل", "Details"), {w("التوصيل مجاني اليوم", "Delivery is free today")} }
            Banner { kind: BannerKind::Error, action: t!("kit-retry"), {w("رُفضت البطاقة", "The card was declined")} }
            div { class: "k-row k-wrap",
                Button { kind: ButtonKind::Secondary, "data-testid": "offline", onclick: |_| *CONNECTION.write() = Connection::Offline { since: now().plus_minutes(-12) }, {w("اقطع الاتصال", "Go offline")} }
                Button { kind: ButtonKind::Secondary, onclick: |_| *CONNECTION.write() = Connection::Live, {w("اتصل", "Go live")} }
                Button { kind: ButtonKind::Secondary, onclick: |_| if BELL() == Bell::Silent { sound::ring() } else { sound::unlock(); sound::silence() }, "{BELL():?}" }
            }
        }
        div { class: "k-grid", style: "margin-block-start:16px",
            Card { EmptyState { art: Art::Pot, title: w("سلتك فارغة", "Your cart is empty"), body: w("أضف طبقًا تشتهيه", "Add a dish you crave"), Button { {w("تصفّح المطاعم", "Browse restaurants")} } } }
            Card { ErrorState { title: w("تعذّر تحميل المطاعم", "Restaurants could not be loaded"), body: w("تحقق من الاتصال ثم أعد المحاولة", "Check the connection, then try again"), offline: true, onretry: |()| {} } }
            Card { ErrorState { title: w("حدث خطأ عندنا", "Something broke on our side"), body: w("لم يُحسب عليك شيء", "You were not charged"), onretry: |()| {} } }
            Card { Skeleton { shape: SkeletonShape::Row, count: 4 } }
            Skeleton { shape: SkeletonShape::Ticket }
        }
        div { class: "k-row k-wrap",
            for art in Art::ALL { Drawing { art } }
        }
    }
}

#[component]
fn Sheets() -> Element {
    let mut open = use_signal(|| false);
    let mut ask = use_signal(|| false);
    let mut full = use_signal(|| false);
    let mut size = use_signal(|| 0);
    let mut n = use_signal(|| 1);
    rsx! {
        div { class: "k-row k-wrap",
            Button { "data-testid": "sheet", onclick: move |_| open.set(true), {w("افتح صنفًا", "Open an item")} }
            Button { kind: ButtonKind::Secondary, "data-testid": "confirm", onclick: move |_| ask.set(true), {w("اسأل", "Ask")} }
            Button { kind: ButtonKind::Secondary, "data-testid": "full", onclick: move |_| full.set(true), {w("ملء الشاشة", "Fill the screen")} }
            Button { kind: ButtonKind::Secondary, "data-testid": "toast", onclick: |_| { toast_undo(w("أُزيل الصنف", "Item removed"), 10, || toast(w("عاد الصنف", "It is back"))); toast_error(w("تعذّر الإرسال، سنعيد المحاولة", "Not sent, we will try again")); toast(w("حُفظ العنوان", "Address saved")) }, {w("رسائل", "Messages")} }
        }
        if open() {
            Sheet {
                title: w("كبسة دجاج", "Chicken kabsa"),
                onclose: move |()| open.set(false),
                hero: rsx! { Picture { src: Some(DISH.to_owned()) } },
                footer: rsx! {
                    Stepper { label: w("كبسة", "Kabsa"), value: n(), onchange: move |v| n.set(v) }
                    Button { large: true, end: format::money(sar(3_200 * i64::from(n()))), onclick: move |_| { open.set(false); toast(w("أُضيف إلى السلة", "Added to the cart")) }, {w("أضف", "Add")} }
                },
                p { class: "k-muted", {w("أرز بسمتي بالبهارات مع نصف دجاجة محمّرة", "Spiced basmati rice with half a roast chicken")} }
                Section { title: w("الحجم", "Size"), end: rsx! { Badge { tone: Tone::Primary, {w("اختر 1", "Choose 1")} } },
                    div { class: "k-divide",
                        for (i, words) in [w("نفر", "For one"), w("نفرين", "For two"), w("عائلي", "Family")].into_iter().enumerate() {
                            Radio { key: "{i}", name: "sheet-size", label: words, checked: size() == i, end: if i > 0 { format::money_delta(sar(1_800 * i64::try_from(i).unwrap_or(0))) } else { String::new() }, onselect: move |()| size.set(i) }
                        }
                    }
                }
                Section { title: w("إضافات", "Extras"), end: rsx! { Badge { {w("حتى 2", "Up to 2")} } },
                    div { class: "k-divide",
                        Checkbox { label: w("سلطة", "Salad"), checked: true, end: format::money_delta(sar(500)), onchange: |_| {} }
                        Checkbox { label: w("لبن", "Laban"), checked: false, end: format::money_delta(sar(300)), onchange: |_| {} }
                    }
                }
            }
        }
        if ask() {
            Confirm { title: w("تلغي الطلب؟", "Cancel the order?"), body: w("لم يبدأ المطعم بعد، لا رسوم عليك.", "The restaurant has not begun; it costs nothing."), yes: w("ألغِ الطلب", "Cancel the order"), no: w("أبقِه", "Keep it"), danger: true, onyes: move |()| ask.set(false), onno: move |()| ask.set(false) }
        }
        if full() {
            Sheet { title: w("طلب جديد", "New order"), full: true, dismissible: false, onclose: |()| {}, footer: rsx! { Button { large: true, onclick: move |_| full.set(false), {w("اقبل", "Accept")} } },
                p { class: "k-xxl k-strong", "#104" }
            }
        }
    }
}
