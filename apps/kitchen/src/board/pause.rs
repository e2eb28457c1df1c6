//! A break: no new orders for a while, and back to work.

use dioxus::prelude::*;
use momfood_domain::time::Timestamp;
use momfood_kit::engine::use_command;
use momfood_kit::prelude::*;
use momfood_protocol::engine::PauseRestaurant;
use momfood_protocol::view::KitchenSettings;

/// A break under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// Ends by itself.
    Until(Timestamp),
    /// Ends when someone says so.
    Open,
}

/// The break the restaurant takes at `now`, if it takes one.
pub fn paused(settings: &KitchenSettings, now: Timestamp) -> Option<Pause> {
    let until = settings.paused_until.filter(|until| *until > now)?;
    Some(if until.0 == i64::MAX {
        Pause::Open
    } else {
        Pause::Until(until)
    })
}

/// How long? Or: enough.
#[component]
pub fn PauseSheet(settings: KitchenSettings, onclose: EventHandler<()>) -> Element {
    let change = use_command(move |settings: KitchenSettings| {
        let words = match paused(&settings, now()) {
            Some(Pause::Until(until)) => t!("kitchen-paused-until", time: format::time(until)),
            Some(Pause::Open) => t!("kitchen-paused-open"),
            None => t!("kitchen-resumed"),
        };
        toast(words);
        onclose.call(());
    });
    let now = use_now();
    let state = paused(&settings, now());
    let choices = [Some(15), Some(30), Some(60), None];
    rsx! {
        Sheet { title: t!("kitchen-pause-title"), onclose: move |()| onclose.call(()), "data-testid": "pause-sheet",
            div { class: "k-stack",
                p { class: "k-muted", {t!("kitchen-pause-body")} }
                if matches!(*CONNECTION.read(), Connection::Offline { .. }) {
                    Banner { kind: BannerKind::Info, {t!("kitchen-pause-offline")} }
                }
                if let Some(pause) = state {
                    div { class: "t-pause-state", role: "status",
                        if let Pause::Until(until) = pause {
                            b { class: "k-num k-xxl", {format::countdown(now().seconds_until(until))} }
                            span { {t!("kitchen-paused-until", time: format::time(until))} }
                        } else {
                            b { class: "k-l", {t!("kitchen-paused-open")} }
                        }
                    }
                    Button {
                        block: true,
                        large: true,
                        icon: Icon::Play,
                        busy: change.busy(),
                        onclick: move |_| change.run(PauseRestaurant { minutes: Some(0) }),
                        "data-testid": "pause-resume",
                        {t!("kitchen-resume")}
                    }
                }
                div { class: "t-choices",
                    for minutes in choices {
                        Button {
                            key: "{minutes:?}",
                            kind: ButtonKind::Secondary,
                            large: true,
                            disabled: change.busy(),
                            onclick: move |_| change.run(PauseRestaurant { minutes }),
                            "data-testid": minutes.map_or("pause-open".to_owned(), |minutes| format!("pause-{minutes}")),
                            if let Some(minutes) = minutes {
                                {t!("kitchen-pause-minutes", count: minutes)}
                            } else {
                                {t!("kitchen-pause-open")}
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{NOON, settings};

    #[test]
    fn a_break_ends_by_itself_and_one_without_an_end_does_not() {
        let mut it = settings();
        assert_eq!(paused(&it, NOON), None);
        it.paused_until = Some(NOON.plus_minutes(15));
        assert_eq!(paused(&it, NOON), Some(Pause::Until(NOON.plus_minutes(15))));
        assert_eq!(paused(&it, NOON.plus_minutes(15)), None);
        it.paused_until = Some(Timestamp(i64::MAX));
        assert_eq!(paused(&it, NOON), Some(Pause::Open));
    }
}
