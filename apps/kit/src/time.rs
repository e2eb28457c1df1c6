//! The time on screen: the server's, as well as this device can know it.
//!
//! The only place of the apps that reads the device's clock. Whoever talks to the server tells the offset with
//! [`set_server_time`]; everything shown (countdowns, ages) then runs on the server's time.

use std::cell::Cell;

use dioxus::prelude::*;
use momfood_domain::time::Timestamp;
use wasm_bindgen_futures::JsFuture;

use crate::dom;

thread_local! {
    static OFFSET_MICROS: Cell<i64> = const { Cell::new(0) };
    static WATCHERS: Cell<u32> = const { Cell::new(0) };
    static TICKING: Cell<bool> = const { Cell::new(false) };
}

static NOW: GlobalSignal<Timestamp> = Signal::global(now);

/// The device's own time, for `occurred_at`.
pub fn device_now() -> Timestamp {
    if cfg!(target_arch = "wasm32") {
        of_millis(js_sys::Date::now())
    } else {
        Timestamp::default()
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "milliseconds since 1970 fit 53 bits"
)]
const fn of_millis(millis: f64) -> Timestamp {
    Timestamp(millis as i64 * 1_000)
}

/// The server's time as this device believes it to be.
pub fn now() -> Timestamp {
    device_now().plus(OFFSET_MICROS.get())
}

/// When the day written as `2026-11-22` begins where this device is, or the one so many days after it.
pub fn day_begins(written: &str, days_after: i32) -> Option<Timestamp> {
    let mut parts = written.splitn(3, '-').map(str::parse::<u32>);
    let (Some(Ok(year)), Some(Ok(month @ 1..=12)), Some(Ok(day @ 1..=31))) =
        (parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let (month, day) = (i32::try_from(month).ok()? - 1, i32::try_from(day).ok()?);
    // It counts on beyond the end of a month.
    let begins = js_sys::Date::new_with_year_month_day(year, month, day + days_after);
    Some(of_millis(begins.get_time()))
}

/// Tells the kit what the server's clock says at this moment.
pub fn set_server_time(server_now: Timestamp) {
    OFFSET_MICROS.set(server_now.since(device_now()));
}

/// Waits; 0 lets the browser draw first.
pub async fn sleep_ms(ms: u32) {
    let Some(window) = dom::window() else { return };
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let ms = i32::try_from(ms).unwrap_or(i32::MAX);
        // Without a timer the promise stays open: the waiting task simply never goes on.
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
    });
    let _ = JsFuture::from(promise).await;
}

/// The server's time, moving on once a second while the calling component is shown.
///
/// Everything on screen moves on the same beat. Read it (`now()`) as deep in the tree as possible: only what
/// reads it re-renders.
pub fn use_now() -> ReadSignal<Timestamp> {
    use_hook(|| {
        WATCHERS.set(WATCHERS.get() + 1);
        *NOW.write() = now();
        if !TICKING.replace(true) {
            dioxus::core::spawn_forever(tick());
        }
    });
    use_drop(|| WATCHERS.set(WATCHERS.get().saturating_sub(1)));
    NOW.signal().into()
}

async fn tick() {
    while WATCHERS.get() > 0 {
        // Wake just after the next whole second, so that all countdowns change together and never skip one.
        let into_second = u32::try_from(now().0.rem_euclid(1_000_000) / 1_000).unwrap_or(0);
        sleep_ms(1_005 - into_second.min(1_000)).await;
        *NOW.write() = now();
    }
    TICKING.set(false);
}
