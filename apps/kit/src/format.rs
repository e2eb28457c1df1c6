//! Numbers, money, times and distances as people here write them: the browser's `Intl` knows how.
//!
//! Digits are Latin in both languages (`docs/decisions/0001-latin-digits.md`). Formatters are costly to make and
//! are kept. All functions read the language signal. For what belongs on the same line as other text, the result
//! is safe to put into a sentence through `t!`, which isolates it.

use std::cell::RefCell;

use js_sys::{Array, Function, Intl, Object, Reflect};
use momfood_domain::money::Money;
use momfood_domain::time::{DAY, MINUTE, SECOND, Timestamp};
use wasm_bindgen::{JsCast, JsValue};

use crate::lang::{Lang, lang};
use crate::time;

/// What a kept formatter is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Decimal,
    Money { currency: &'static str, show: Show },
    Unit(&'static str),
    Time,
    Date,
    DateTime,
    Relative,
}

/// How much of an amount is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Show {
    All,
    Short,
    Signed,
}

type Kept = (Lang, Kind, Function);

thread_local!(static KEPT: RefCell<Vec<Kept>> = const { RefCell::new(Vec::new()) });

fn options(pairs: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (key, value) in pairs {
        // Setting a property of a plain object cannot fail.
        let _ = Reflect::set(&object, &JsValue::from_str(key), value);
    }
    object
}

fn locale(lang: Lang, kind: Kind) -> Array {
    let tag = match (lang, kind) {
        (Lang::Ar, _) => "ar-SA-u-nu-latn-ca-gregory",
        (Lang::En, Kind::Time | Kind::Date | Kind::DateTime) => "en-GB-u-ca-gregory",
        (Lang::En, _) => "en-SA-u-nu-latn",
    };
    Array::of1(&JsValue::from_str(tag))
}

fn make(lang: Lang, kind: Kind) -> Function {
    let locale = locale(lang, kind);
    let s = JsValue::from_str;
    let number = |pairs: &[(&str, JsValue)]| Intl::NumberFormat::new(&locale, &options(pairs)).format();
    let date = |pairs: &[(&str, JsValue)]| Intl::DateTimeFormat::new(&locale, &options(pairs)).format();
    match kind {
        Kind::Number => number(&[]),
        Kind::Decimal => number(&[
            ("minimumFractionDigits", 1.into()),
            ("maximumFractionDigits", 1.into()),
        ]),
        Kind::Money { currency, show } => number(&[
            ("style", s("currency")),
            ("currency", s(currency)),
            (
                "trailingZeroDisplay",
                s(if show == Show::All {
                    "auto"
                } else {
                    "stripIfInteger"
                }),
            ),
            (
                "signDisplay",
                s(if show == Show::Signed {
                    "exceptZero"
                } else {
                    "auto"
                }),
            ),
        ]),
        Kind::Unit(unit) => number(&[
            ("style", s("unit")),
            ("unit", s(unit)),
            ("unitDisplay", s("short")),
            ("maximumFractionDigits", 1.into()),
        ]),
        Kind::Time => date(&[
            ("hour", s("numeric")),
            ("minute", s("2-digit")),
            ("hour12", JsValue::TRUE),
        ]),
        Kind::Date => date(&[
            ("weekday", s("short")),
            ("day", s("numeric")),
            ("month", s("short")),
        ]),
        Kind::DateTime => date(&[
            ("weekday", s("short")),
            ("day", s("numeric")),
            ("month", s("short")),
            ("hour", s("numeric")),
            ("minute", s("2-digit")),
            ("hour12", JsValue::TRUE),
        ]),
        Kind::Relative => {
            let relative = Intl::RelativeTimeFormat::new(
                &locale,
                &options(&[("numeric", s("auto")), ("style", s("short"))]),
            );
            let format = Reflect::get(&relative, &s("format")).unwrap_or(JsValue::UNDEFINED);
            format.unchecked_into::<Function>().bind0(&relative)
        }
    }
}

fn formatter(kind: Kind) -> Function {
    let lang = lang();
    KEPT.with_borrow_mut(|kept| {
        if let Some((_, _, found)) = kept.iter().find(|(l, k, _)| *l == lang && *k == kind) {
            return found.clone();
        }
        let made = make(lang, kind);
        kept.push((lang, kind, made.clone()));
        made
    })
}

fn run(kind: Kind, value: &JsValue) -> String {
    formatter(kind)
        .call1(&JsValue::UNDEFINED, value)
        .ok()
        .and_then(|v| v.as_string())
        .unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "what is shown stays far below 2^53")]
fn js_number(n: i64) -> JsValue {
    JsValue::from_f64(n as f64)
}

/// A whole number: `1,234`.
pub fn number(n: i64) -> String {
    run(Kind::Number, &js_number(n))
}

/// A number with one digit after the point: `4.7`.
pub fn decimal(n: f64) -> String {
    run(Kind::Decimal, &JsValue::from_f64(n))
}

/// An amount with all its digits: `24.50 ر.س.`, `SAR 24.50`.
pub fn money(amount: Money) -> String {
    money_with(amount, Show::All)
}

/// An amount without digits that say nothing: `SAR 24`, `SAR 24.50`. For menus and cards, not for bills.
pub fn money_short(amount: Money) -> String {
    money_with(amount, Show::Short)
}

/// An amount with its sign always shown: `+SAR 3`. For what an option adds.
pub fn money_delta(amount: Money) -> String {
    money_with(amount, Show::Signed)
}

fn money_with(amount: Money, show: Show) -> String {
    let decimal = minor_to_decimal(amount.amount, amount.currency.exponent());
    let kind = Kind::Money {
        currency: amount.currency.code(),
        show,
    };
    let text = run(kind, &JsValue::from_str(&decimal));
    // Newer ICU data answers the riyal sign of 2025, which few fonts on phones can draw yet.
    match lang() {
        Lang::Ar => text.replace('\u{20C1}', "ر.س."),
        Lang::En => text.replace('\u{20C1}', "SAR\u{A0}"),
    }
}

/// Minor units as the decimal text `Intl` takes without rounding through a float: `2450`, 2 → `24.50`.
fn minor_to_decimal(minor: i64, exponent: u32) -> String {
    let scale = 10_u64.pow(exponent);
    let (whole, rest) = (minor.unsigned_abs() / scale, minor.unsigned_abs() % scale);
    let sign = if minor < 0 { "-" } else { "" };
    if exponent == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{rest:0width$}", width = exponent as usize)
    }
}

/// Minutes: `25 min`, `25 د`.
pub fn minutes(n: u32) -> String {
    run(Kind::Unit("minute"), &n.into())
}

/// A distance: whole tens of metres under a kilometre, then `2.4 km`, whole from ten on.
pub fn distance(metres: u32) -> String {
    match metres {
        0..=994 => run(Kind::Unit("meter"), &(metres.div_ceil(10) * 10).into()),
        995..=9_949 => run(
            Kind::Unit("kilometer"),
            &JsValue::from_f64(f64::from((metres + 50) / 100) / 10.0),
        ),
        _ => run(Kind::Unit("kilometer"), &((metres + 500) / 1_000).into()),
    }
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit 53 bits")]
fn js_time(at: Timestamp) -> JsValue {
    JsValue::from_f64((at.0 / 1_000) as f64)
}

/// The time of day: `8:28 pm`, `8:28 م`.
pub fn time(at: Timestamp) -> String {
    run(Kind::Time, &js_time(at))
}

/// The day: `Sun 22 Nov`, `الأحد، 22 نوفمبر`.
pub fn date(at: Timestamp) -> String {
    run(Kind::Date, &js_time(at))
}

/// Day and time of day.
pub fn date_time(at: Timestamp) -> String {
    run(Kind::DateTime, &js_time(at))
}

/// How long ago, or in how long: `3 min ago`, `in 2 hours`, `now`.
pub fn relative(at: Timestamp, now: Timestamp) -> String {
    let span = at.since(now);
    let (amount, unit) = relative_parts(span);
    formatter(Kind::Relative)
        .call2(&JsValue::UNDEFINED, &js_number(amount), &JsValue::from_str(unit))
        .ok()
        .and_then(|v| v.as_string())
        .unwrap_or_default()
}

fn relative_parts(span: i64) -> (i64, &'static str) {
    match span.abs() {
        s if s < 10 * SECOND => (0, "second"),
        s if s < MINUTE => (span / SECOND, "second"),
        s if s < 60 * MINUTE => (span / MINUTE, "minute"),
        s if s < DAY => (span / (60 * MINUTE), "hour"),
        _ => (span / DAY, "day"),
    }
}

/// [`relative`] to this moment. It does not move by itself: in a component that stays, use `use_now`.
pub fn ago(at: Timestamp) -> String {
    relative(at, time::now())
}

/// What is left of a countdown: `4:05`, `1:02:09`. Never below zero.
pub fn countdown(seconds: i64) -> String {
    let s = seconds.max(0);
    let (hours, minutes, seconds) = (s / 3_600, s / 60 % 60, s % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// A phone number for reading, kept left to right inside Arabic text: `+966 50 123 4567`.
pub fn phone(e164: &str) -> String {
    let spaced = match e164.strip_prefix("+966") {
        Some(rest) if rest.len() == 9 && rest.is_ascii() => {
            format!("+966 {} {} {}", &rest[..2], &rest[2..5], &rest[5..])
        }
        _ => e164.to_owned(),
    };
    isolate_ltr(&spaced)
}

/// Text that reads left to right wherever it stands: order numbers, phone numbers, short addresses.
pub fn isolate_ltr(text: &str) -> String {
    ["\u{2066}", text, "\u{2069}"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_reaches_the_browser_without_passing_through_a_float() {
        assert_eq!(minor_to_decimal(2_450, 2), "24.50");
        assert_eq!(minor_to_decimal(5, 3), "0.005");
        assert_eq!(minor_to_decimal(-12_345, 3), "-12.345");
        assert_eq!(minor_to_decimal(700, 0), "700");
        assert_eq!(minor_to_decimal(i64::MIN, 2), "-92233720368547758.08");
    }

    #[test]
    fn a_countdown_never_shows_less_than_nothing() {
        assert_eq!(countdown(-3), "0:00");
        assert_eq!(countdown(245), "4:05");
        assert_eq!(countdown(3_729), "1:02:09");
    }

    #[test]
    fn the_last_seconds_are_now_and_hours_are_hours() {
        assert_eq!(relative_parts(-9 * SECOND), (0, "second"));
        assert_eq!(relative_parts(-200 * SECOND), (-3, "minute"));
        assert_eq!(relative_parts(125 * MINUTE), (2, "hour"));
        assert_eq!(relative_parts(-3 * DAY), (-3, "day"));
    }

    #[test]
    fn a_phone_number_is_grouped_and_isolated() {
        assert_eq!(phone("+966501234567"), "\u{2066}+966 50 123 4567\u{2069}");
        assert_eq!(phone("+97150"), "\u{2066}+97150\u{2069}");
    }
}
