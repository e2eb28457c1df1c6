//! Requests that make no sense: each is refused with a code of the closed set under its own status, never with our own
//! fault, and leaves every table as it was.

use momfood_backend::both;
use momfood_backend::router::BODY_LIMIT;
use momfood_backend::testing::TestApp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::asking::{Ask, ask, fault, operations, rows, word};
use crate::cast::{Cast, Scene};
use crate::failures::settled;
use crate::table::{Row, table};

/// What a broken request must be answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// This code.
    Code(&'static str),
    /// Any refusal.
    Refused,
    /// A refusal, or a success where it happens to make sense.
    Named,
}
use Expected::{Code, Named, Refused};

/// Makes a broken body of a right one.
type Breaking = Box<dyn Fn(&Value) -> Vec<u8>>;

/// A way to break a right body.
struct Mutant {
    label: String,
    make: Breaking,
    expected: Expected,
}

fn mutant<T: Into<Vec<u8>>>(
    label: impl Into<String>,
    expected: Expected,
    make: impl Fn(&Value) -> T + 'static,
) -> Mutant {
    Mutant {
        label: label.into(),
        make: Box::new(move |body| make(body).into()),
        expected,
    }
}

/// How deep a body may be nested to hurt a careless reader.
const DEEP: usize = 10_000;
const MALFORMED: Expected = Code("malformed_json");

/// Numbers nobody means.
const NUMBERS: [&str; 14] = [
    "0",
    "-0",
    "-1",
    "0.5",
    "1000000000",
    "2147483648",
    "4294967296",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "18446744073709551616",
    "1e-400",
    "1e308",
    "-1e308",
];

/// Texts nobody means, as JSON. The first few are no text at all.
const TEXTS: [(&str, Expected); 14] = [
    (r#""a\u0000b""#, MALFORMED),
    (r#""\\\u0000""#, MALFORMED),
    (r#""\ud800""#, MALFORMED),
    (r#""\x""#, MALFORMED),
    ("\"a\nb\"", MALFORMED),
    ("\"a\u{0}b\"", MALFORMED),
    (r#""\\u0000""#, Named),
    (r#""""#, Named),
    (r#"" ""#, Named),
    (r#""\u0001\u001b[31m\u007f""#, Named),
    ("\"\u{202e}\u{feff}\u{200f}\"", Named),
    (r#""'; drop table users; --""#, Named),
    (r#""../../etc/passwd""#, Named),
    (r#""%00%2e%2e{}[]<script>""#, Named),
];

/// Where every value of a body stands, itself left out.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (format!("{at}/{name}"), value))
            .collect(),
        Value::Array(things) => things
            .iter()
            .take(1)
            .map(|thing| (format!("{at}/0"), thing))
            .collect(),
        _ => vec![],
    };
    for (place, value) in inner {
        found.push(place.clone());
        places(value, &place, found);
    }
}

/// The body with `raw` in place of what stands at `place`.
fn with(body: &Value, place: &str, raw: &[u8]) -> Vec<u8> {
    let mut marked = body.clone();
    *marked.pointer_mut(place).unwrap() = json!("@@");
    let text = marked.to_string();
    let (before, after) = text.split_once("\"@@\"").unwrap();
    [before.as_bytes(), raw, after.as_bytes()].concat()
}

fn without(body: &Value, place: &str) -> Vec<u8> {
    let (parent, name) = place.rsplit_once('/').unwrap();
    let mut body = body.clone();
    match body.pointer_mut(parent).unwrap() {
        Value::Object(fields) => {
            fields.remove(name);
        }
        Value::Array(things) => things.clear(),
        _ => {}
    }
    body.to_string().into_bytes()
}

/// The body with one more field, written first.
fn with_field(body: &Value, field: &[u8]) -> Vec<u8> {
    let text = body.to_string();
    [b"{", field, b",", &text.as_bytes()[1..]].concat()
}

/// Bodies that are wrong whatever they are about.
fn shapeless(operation: &str) -> Vec<Mutant> {
    // What was done in hours comes in one request.
    let most = if operation == "POST /api/v1/sync" {
        2 * 1024 * 1024
    } else {
        BODY_LIMIT
    };
    let nested = |open: &str, close: &str| [open.repeat(DEEP), close.repeat(DEEP)].concat();
    let long = |body: &Value, length: usize| {
        let text = body.to_string();
        let rest = " ".repeat(length - text.len());
        text + &rest
    };
    let whole = |label: &str, make: fn(String) -> String| {
        mutant(label, MALFORMED, move |body| make(body.to_string()))
    };
    let (lists, objects) = (nested("[", "]"), nested("{\"a\":", "}").replacen('}', "1}", 1));
    let mut found = vec![
        whole("nothing", |_| String::new()),
        whole("a brace", |_| "{".to_owned()),
        whole("half of it", |text| text[..text.len() - 1].to_owned()),
        whole("twice", |text| text.repeat(2)),
        whole("a tail", |text| text + "\u{0}"),
        whole("a mark before it", |text| format!("\u{feff}{text}")),
        whole("single quotes", |text| text.replace('"', "'")),
        mutant("no UTF-8", MALFORMED, |body| {
            [body.to_string().as_bytes(), b"\xff"].concat()
        }),
        mutant("UTF-16", MALFORMED, |body| utf16(&body.to_string())),
        mutant("deep lists", MALFORMED, move |_| lists.clone()),
        mutant("deep objects", MALFORMED, move |_| objects.clone()),
        mutant("endless lists", MALFORMED, |_| "[".repeat(DEEP)),
        mutant("a name with NUL", MALFORMED, |body| {
            with_field(body, br#""a\u0000":1"#)
        }),
        mutant("a field twice", MALFORMED, |body| {
            let (name, value) = body.as_object().unwrap().iter().next().unwrap();
            with_field(body, format!("\"{name}\":{value}").as_bytes())
        }),
        mutant("too large", Code("body_too_large"), move |body| {
            long(body, most + 1024)
        }),
        mutant("as large as may be", Named, move |body| long(body, most)),
    ];
    for other in ["null", "true", "12", "\"text\"", "[]", "[{}]", "NaN", "//"] {
        found.push(mutant(other, MALFORMED, move |_| other));
    }
    found
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Bodies that are wrong in one place.
fn misplaced(operation: &str, body: &Value) -> Vec<Mutant> {
    let mut found = Vec::new();
    let mut all = Vec::new();
    places(body, "", &mut all);
    let deep = ["[".repeat(DEEP), "]".repeat(DEEP)].concat();
    for place in all {
        let value = body.pointer(&place).unwrap();
        let mut put = |raw: &[u8], expected| {
            let shown = String::from_utf8_lossy(&raw[..raw.len().min(40)]).into_owned();
            let (place, raw) = (place.clone(), raw.to_vec());
            found.push(mutant(format!("{place} = {shown}"), expected, move |body| {
                with(body, &place, &raw)
            }));
        };
        put(deep.as_bytes(), MALFORMED);
        put(b"1e309", MALFORMED);
        put(b"-1e309", MALFORMED);
        put(b"\"\xff\xfe\"", MALFORMED);
        put(b"null", Named);
        let same = |other: &Value| std::mem::discriminant(other) == std::mem::discriminant(value);
        for other in [json!(true), json!(12), json!("x"), json!([]), json!({})] {
            // A list may stand for the fields of an object in their order; an empty one never holds what is needed.
            let expected = if same(&other) { Named } else { MALFORMED };
            put(other.to_string().as_bytes(), expected);
        }
        match value {
            Value::Number(_) => {
                for number in NUMBERS {
                    put(number.as_bytes(), Named);
                }
            }
            Value::String(text) => {
                for (text, expected) in TEXTS {
                    put(text.as_bytes(), expected);
                }
                let long = json!("ن".repeat(100_000)).to_string();
                // Signing out with what is no token signs nobody out, and is no error.
                let too_long = if operation.ends_with("/logout") {
                    Named
                } else {
                    Refused
                };
                put(long.as_bytes(), too_long);
                if text.parse::<Uuid>().is_ok() {
                    put(b"\"nonsense\"", MALFORMED);
                    put(b"\"00000000-0000-0000-0000-00000000000\"", MALFORMED);
                    put(b"\"00000000-0000-0000-0000-000000000000\"", Named);
                    put(b"\"ffffffff-ffff-ffff-ffff-ffffffffffff\"", Named);
                }
            }
            _ => {}
        }
        let gone = place.clone();
        found.push(mutant(format!("without {place}"), Named, move |body| {
            without(body, &gone)
        }));
    }
    found
}

/// Operations whose bodies are documents that grow with the product: an older server reads what it knows of them.
pub const LENIENT: [&str; 2] = ["PUT /api/v1/me/addresses/{id}", "PUT /api/v1/kitchen/menu"];

/// What must be answered to these very values.
#[rustfmt::skip]
const EXACT: [(&str, &str, &str, &str); 37] = [
    ("POST /api/v1/quotes", "/cart/lines/0/quantity", "0", "bad_quantity"),
    ("POST /api/v1/quotes", "/cart/lines/0/quantity", "-1", "malformed_json"),
    ("POST /api/v1/quotes", "/cart/lines/0/quantity", "100", "bad_quantity"),
    ("POST /api/v1/quotes", "/cart/lines/0/quantity", "1000000000", "bad_quantity"),
    ("POST /api/v1/quotes", "/cart/lines/0/quantity", "9223372036854775807", "malformed_json"),
    ("POST /api/v1/quotes", "/cart/tip", "-1", "bad_amount"),
    ("POST /api/v1/quotes", "/cart/tip", "1000000000", "bad_amount"),
    ("POST /api/v1/quotes", "/cart/tip", "9223372036854775807", "bad_amount"),
    ("POST /api/v1/quotes", "/cart/tip", "-9223372036854775808", "bad_amount"),
    ("POST /api/v1/quotes", "/cart/lines", "[]", "empty_cart"),
    ("POST /api/v1/quotes", "/cart/lines/0/itemId", "\"00000000-0000-0000-0000-000000000000\"", "unknown_item"),
    ("POST /api/v1/quotes", "/cart/lines/0/optionIds/0", "\"00000000-0000-0000-0000-000000000000\"", "unknown_item"),
    ("POST /api/v1/quotes", "/cart/lines/0/optionIds", "[]", "option_rules"),
    ("POST /api/v1/quotes", "/point/lat", "91", "invalid_input"),
    ("POST /api/v1/quotes", "/point/lat", "1e308", "invalid_input"),
    ("POST /api/v1/quotes", "/point/lat", "-24.7", "out_of_range"),
    ("POST /api/v1/quotes", "/point", "null", "invalid_input"),
    ("POST /api/v1/orders", "/quoteId", "\"00000000-0000-0000-0000-000000000000\"", "not_found"),
    ("POST /api/v1/orders", "/address/point/lat", "0", "invalid_input"),
    ("POST /api/v1/orders", "/address", "null", "invalid_input"),
    ("POST /api/v1/orders", "/paymentMethod", "\"card\"", "invalid_input"),
    ("POST /api/v1/orders/{id}/accept", "/prepMinutes", "0", "prep_minutes"),
    ("POST /api/v1/orders/{id}/accept", "/prepMinutes", "181", "prep_minutes"),
    ("POST /api/v1/orders/{id}/accept", "/prepMinutes", "4294967295", "prep_minutes"),
    ("POST /api/v1/orders/{id}/accept-offer", "/attempt", "4294967295", "offer_over"),
    ("POST /api/v1/orders/{id}/deliver", "/cash", "-1", "bad_amount"),
    ("POST /api/v1/orders/{id}/deliver", "/cash", "9223372036854775807", "bad_amount"),
    ("POST /api/v1/orders/{id}/deliver", "/cash", "null", "cash_needed"),
    ("POST /api/v1/orders/{id}/hand-over", "/cash", "1000000000", "bad_amount"),
    ("POST /api/v1/orders/{id}/refund", "/amount", "0", "bad_amount"),
    ("POST /api/v1/orders/{id}/refund", "/amount", "-9223372036854775808", "bad_amount"),
    ("POST /api/v1/orders/{id}/refund", "/amount", "6151", "bad_amount"),
    ("POST /api/v1/kitchen/pause", "/minutes", "1441", "invalid_input"),
    ("PATCH /api/v1/kitchen/restaurant", "/minimumOrder", "-1", "invalid_input"),
    ("PATCH /api/v1/kitchen/restaurant", "/deliveryFee", "9223372036854775807", "invalid_input"),
    ("POST /api/v1/pings", "/pings/0/n", "18446744073709551615", "invalid_input"),
    ("POST /api/v1/pings", "/pings/0/heading", "361", "invalid_input"),
];

/// Every way to break a right body.
fn mutants(operation: &str, body: &Value) -> Vec<Mutant> {
    let extra = if LENIENT.contains(&operation) {
        Named
    } else {
        MALFORMED
    };
    let deep = format!("\"extra\":{}{}", "[".repeat(DEEP), "]".repeat(DEEP));
    let strange = [
        mutant("an unknown field", extra, |body| with_field(body, b"\"extra\":1")),
        mutant("a deep unknown field", extra, move |body| {
            with_field(body, deep.as_bytes())
        }),
    ];
    let exact = EXACT.iter().filter(|(about, ..)| *about == operation);
    let exact = exact.map(|(_, place, raw, code)| {
        mutant(format!("{place} = {raw}"), Code(code), |body| {
            with(body, place, raw.as_bytes())
        })
    });
    let broken = shapeless(operation).into_iter().chain(misplaced(operation, body));
    broken.chain(strange).chain(exact).collect()
}

/// A right request that mutants are made of.
struct Case<'a> {
    row: &'a Row,
    ask: Ask,
    token: Option<String>,
}

impl<'a> Case<'a> {
    async fn set(app: &TestApp, cast: &Cast, row: &'a Row) -> Self {
        let caller = row.right().unwrap();
        let scene = Scene::set(app, cast, row.case).await;
        let ask = ask(app, cast, &scene, (row.operation, row.case), caller).await;
        let token = cast.token(app, &scene, caller, caller);
        Self { row, ask, token }
    }
}

/// The first row of every operation that somebody may do.
pub fn doable() -> Vec<Row> {
    let mut found: Vec<Row> = Vec::new();
    for row in table() {
        if row.right().is_some() && found.iter().all(|have| have.operation != row.operation) {
            found.push(row);
        }
    }
    found
}

/// Which rows the refused request may leave: a new price, and a sign-in that was told to end.
pub fn leaves_something(code: &str) -> bool {
    [
        "quote_expired",
        "price_changed",
        "session_revoked",
        "card_declined",
        // Wrong tries are counted.
        "code_invalid",
        "invalid_credentials",
    ]
    .contains(&code)
}

/// Doors that hand out or take a refresh token: in a cookie, where that is asked for.
const MAY_KEEP_A_COOKIE: [&str; 8] = [
    "/auth/register",
    "/auth/login",
    "/auth/refresh",
    "/auth/logout",
    "/auth/codes/check",
    "/auth/second-factor",
    "/auth/passkeys/finish",
    "/auth/oauth/finish",
];

both! {
    async fn a_body_that_makes_no_sense_is_named_and_leaves_nothing(app: TestApp) {
        let cast = Cast::gather(&app).await;
        let (documented, mut faults, mut sent) = (operations(), Vec::new(), 0_u32);
        for row in doable() {
            let asked_for = documented[row.operation].get("requestBody").is_some();
            let mut case = Case::set(&app, &cast, &row).await;
            let Some(body) = case.ask.body.clone() else {
                let asked_for = asked_for && case.ask.bytes.is_none();
                assert!(!asked_for, "a body without mutants: {}", row.operation);
                continue;
            };
            assert!(asked_for, "a body the document does not know: {}", row.operation);
            let mut before = rows(&app).await;
            for Mutant { label, make, expected } in mutants(row.operation, &body) {
                let body = make(case.ask.body.as_ref().unwrap());
                let answer = case.ask.send_with(&app, case.token.as_deref(), Some(body), Some("application/json"), &[]).await;
                sent += 1;
                let word = word(&answer);
                let as_expected = match expected {
                    Code(code) => word == code,
                    Refused => word != "ok",
                    Named => true,
                };
                if !as_expected {
                    faults.push(format!("{}, {label}: {word}, not {expected:?}", row.operation));
                }
                faults.extend(fault(&answer).map(|fault| format!("{}, {label}: {fault}", row.operation)));
                let after = rows(&app).await;
                if word == "ok" || leaves_something(&word) {
                    cast.reopen(&app).await;
                    case = Case::set(&app, &cast, case.row).await;
                    settled(&app).await;
                    before = rows(&app).await;
                } else if after != before {
                    let changed: Vec<_> = after.iter().filter(|(table, count)| before.get(*table) != Some(count)).collect();
                    faults.push(format!("{}, {label}: {word}, and yet changed {changed:?}", row.operation));
                    before = after;
                }
            }
        }
        assert!(faults.is_empty(), "{} faults in {sent} requests:\n{}", faults.len(), faults.join("\n"));
        assert!(sent > 1_500, "{sent}");
    }

    async fn a_body_of_another_kind_is_refused(app: TestApp) {
        let cast = Cast::gather(&app).await;
        for row in doable() {
            let case = Case::set(&app, &cast, &row).await;
            let Some(body) = &case.ask.body else { continue };
            let before = rows(&app).await;
            for kind in ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                "application/json-patch+json", "application/jsonx", "text/json", ";application/json", "null"] {
                let sent = Some(body.to_string().into_bytes());
                let answer = case.ask.send_with(&app, case.token.as_deref(), sent, Some(kind), &[]).await;
                assert_eq!((answer.status.as_u16(), answer.code().as_str()), (415, "unsupported_media_type"), "{} {kind}", row.operation);
            }
            assert_eq!(rows(&app).await, before, "{}", row.operation);
        }
    }

    async fn what_is_no_id_names_nothing_whatever_the_path_tricks(app: TestApp) {
        let cast = Cast::gather(&app).await;
        let long = "a".repeat(9_000);
        for row in doable().into_iter().filter(|row| row.operation.contains('{')) {
            let case = Case::set(&app, &cast, &row).await;
            let (_, pattern) = row.operation.split_once(' ').unwrap();
            let before = rows(&app).await;
            for trick in ["nonsense", "0", "-1", "..", ".", "%2e%2e", "%2E%2E%2F%2e%2e%2fetc%2fpasswd", "%00", "%ff", "%c0%ae",
                "%2f", "a%0d%0aset-cookie:x=y", "*", "null", "customer:", "customer:%00", "menu:..", "'or'1'='1", &long,
                "019cb5a1-3c00-7000-8000-00000000000", "019cb5a1-3c00-7000-8000-000000000001%00"] {
                let mut ask = case.ask.clone();
                ask.path = pattern.replace("{id}", trick).replace("{scope}", trick);
                let answer = ask.send(&app, case.token.as_deref()).await;
                assert_eq!((answer.status.as_u16(), answer.code().as_str()), (404, "not_found"), "{} {trick}", row.operation);
            }
            assert_eq!(rows(&app).await, before, "{}", row.operation);
        }
    }

    async fn absurd_parameters_are_refused_or_make_no_difference(app: TestApp) {
        let cast = Cast::gather(&app).await;
        let sara = cast.town.sara.token.as_str();
        let place = cast.town.restaurant;
        let (orders, restaurants, one) = ("/api/v1/orders", "/api/v1/restaurants", format!("/api/v1/restaurants/{place}"));
        for (path, query, expected) in [
            (orders, "limit=-1", "invalid_input"), (orders, "limit=1e3", "invalid_input"), (orders, "limit=99999999999", "invalid_input"),
            (orders, "limit=", "invalid_input"), (orders, "limit=1&limit=2", "invalid_input"), (orders, "limit=0", "ok"),
            (orders, "limit=4294967295", "ok"), (orders, "limit=%00", "invalid_input"), (orders, "before=soon", "invalid_input"),
            (orders, "before=9223372036854775807", "ok"), (orders, "before=-9223372036854775808", "ok"),
            (orders, "before=9223372036854775808", "invalid_input"), (orders, "before=1.5", "invalid_input"),
            (orders, "customerId=019cb5a1-3c00-7000-8000-000000000001", "ok"), (orders, "%ff=%fe", "ok"), (orders, "&&=&", "ok"),
            (restaurants, "lat=24.7", "invalid_input"), (restaurants, "lat=NaN&lng=46.7", "invalid_input"),
            (restaurants, "lat=inf&lng=-inf", "invalid_input"), (restaurants, "lat=1e309&lng=1", "invalid_input"),
            (restaurants, "lat=91&lng=1", "invalid_input"), (restaurants, "lat=%00&lng=1", "invalid_input"),
            (restaurants, "lat=24.7&lng=46.7&lat=1", "invalid_input"), (restaurants, "sort=everything", "invalid_input"),
            (restaurants, "cuisine=%00", "invalid_input"), (restaurants, "cuisine=thai", "invalid_input"), (restaurants, "open=yes", "invalid_input"),
            (restaurants, "q=%00", "ok"), (restaurants, "q=%ff", "ok"), (restaurants, "q=%25%27--", "ok"), (restaurants, "q=", "ok"),
            (&one, "lat=NaN&lng=1", "invalid_input"), (&one, "lng=1", "invalid_input"), (&one, "lat=a", "invalid_input"),
        ] {
            let answer = app.request(http::Method::GET, &format!("{path}?{query}")).bearer(sara).send().await;
            assert_eq!((word(&answer).as_str(), fault(&answer)), (expected, None), "{path}?{query}");
        }
        // 81 letters.
        let long = format!("{restaurants}?q={}", "%d9%86".repeat(81));
        assert_eq!(app.get(&long).await.code(), "invalid_input");
        let longer = format!("{orders}?{}", "a=b&".repeat(10_000));
        assert_eq!(word(&app.request(http::Method::GET, &longer).bearer(sara).send().await), "ok");
    }

    async fn long_headers_change_nothing_but_what_they_say(app: TestApp) {
        let cast = Cast::gather(&app).await;
        let long = "a".repeat(9_000);
        for row in doable() {
            let case = Case::set(&app, &cast, &row).await;
            let open = row.cells[0] == "ok";
            let token = case.token.as_deref();
            let body = case.ask.body.as_ref().map(|body| body.to_string().into_bytes());
            let body = case.ask.bytes.clone().or(body);
            let json = Some("application/json");
            let before = rows(&app).await;
            if !open {
                for (name, value, code) in [
                    ("authorization", format!("Bearer {long}"), "token_invalid"),
                    ("authorization", format!("Bearer {}", "a.".repeat(4_500)), "token_invalid"),
                    ("authorization", "Bearer".to_owned(), "token_invalid"),
                    ("authorization", "Bearer null".to_owned(), "token_invalid"),
                    ("authorization", format!("Basic {long}"), "unauthenticated"),
                    ("authorization", long.clone(), "unauthenticated"),
                    ("authorization", String::new(), "unauthenticated"),
                ] {
                    let answer = case.ask.send_with(&app, None, body.clone(), json, &[(name, &value)]).await;
                    assert_eq!((word(&answer).as_str(), fault(&answer)), (code, None), "{} {value:.20}", row.operation);
                }
            }
            let mut keyed = case.ask.clone();
            keyed.key = None;
            // A link to an order is the same however often it is asked for.
            if row.operation.starts_with("POST /api/v1/orders") && !row.operation.ends_with("/share") {
                for key in [long.as_str(), "", "1", "019cb5a1-3c00-7000-8000-00000000000g"] {
                    let answer = keyed.send_with(&app, token, body.clone(), json, &[("idempotency-key", key)]).await;
                    assert_eq!((word(&answer).as_str(), fault(&answer)), ("key_missing", None), "{} {key:.20}", row.operation);
                }
            }
            if MAY_KEEP_A_COOKIE.iter().any(|door| row.operation.ends_with(door)) {
                for value in [long.as_str(), "", "nobody", "customer,driver"] {
                    let answer = case.ask.send_with(&app, token, body.clone(), json, &[("x-momfood-cookie", value)]).await;
                    assert_eq!((word(&answer).as_str(), fault(&answer)), ("invalid_input", None), "{} {value:.20}", row.operation);
                }
            }
            assert_eq!(rows(&app).await, before, "{}", row.operation);
            let harmless: Vec<(&str, &str)> = ["accept-language", "user-agent", "if-none-match", "cookie", "x-forwarded-for", "range", "referer"]
                .map(|name| (name, long.as_str())).to_vec();
            let answer = case.ask.send_with(&app, token, body, json, &harmless).await;
            assert_eq!(word(&answer), "ok", "{}: {}", row.operation, answer.text());
        }
    }
}
