//! Which station makes what stands under a heading of the menu. Saved against the revision it was read at: what another
//! screen changed meanwhile is never overwritten.

use dioxus::prelude::*;
use momfood_domain::id::CategoryId;
use momfood_domain::menu::{MAX_STATION, WHOLE_KITCHEN, is_station};
use momfood_kit::engine::{ErrorCode, Failure, use_command_result};
use momfood_kit::prelude::*;
use momfood_protocol::engine::{MenuView, SaveMenu};

use crate::floor::use_shop;
use crate::wording::{STATIONS, station, station_meant};

/// No station can be called that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Unfit;

/// The station that is meant by its name; none by none.
fn meant(name: &str) -> Result<Option<String>, Unfit> {
    if name.is_empty() {
        Ok(None)
    } else if is_station(name) && name != WHOLE_KITCHEN {
        Ok(Some(name.to_owned()))
    } else {
        Err(Unfit)
    }
}

/// The sheet: holds the menu as it was when it was opened.
#[component]
pub fn HeadingSheet(id: CategoryId, onclose: EventHandler<()>) -> Element {
    let shop = use_shop();
    let mut base = use_signal(|| shop.menu.data());
    let mut stale = use_signal(|| false);
    let of = |view: &MenuView| {
        let mut categories = view.menu.categories.iter();
        categories.find(|category| category.id == id).cloned()
    };
    let mut typed = use_signal(|| {
        let before = base
            .peek()
            .as_ref()
            .and_then(of)
            .and_then(|category| category.station);
        before.map(|name| station(&name)).unwrap_or_default()
    });
    let Some((view, category)) = base().and_then(|view| of(&view).map(|category| (view, category))) else {
        return rsx! {};
    };
    let heading = category.name.here();
    let save = use_command_result(move |saved: Result<MenuView, Failure>| match saved {
        Ok(_) => {
            toast(t!("kitchen-saved", name: heading.as_str()));
            onclose.call(());
        }
        Err(failure) if failure.code == ErrorCode::WrongState => {
            shop.menu.again();
            stale.set(true);
        }
        Err(failure) => toast_error(failure.message),
    });
    let wanted = meant(&station_meant(&typed()));
    let unchanged = wanted.as_ref() == Ok(&category.station);
    let mut offered: Vec<String> = view.menu.stations().into_iter().map(str::to_owned).collect();
    for name in STATIONS {
        if !offered.iter().any(|other| other == name) {
            offered.push(name.to_owned());
        }
    }
    let chosen = wanted.clone();
    rsx! {
        Sheet { title: category.name.here(), onclose: move |()| onclose.call(()), "data-testid": "heading-sheet",
            form {
                class: "k-stack",
                novalidate: true,
                onsubmit: move |event| {
                    event.prevent_default();
                    let Ok(wanted) = wanted.clone() else { return };
                    let mut menu = view.menu.clone();
                    for category in menu.categories.iter_mut().filter(|category| category.id == id) {
                        category.station.clone_from(&wanted);
                    }
                    save.run(SaveMenu { menu, rev: view.rev });
                },
                p { class: "k-muted", {t!("kitchen-heading-body")} }
                TextField {
                    label: t!("kitchen-station"),
                    value: typed(),
                    oninput: move |value| typed.set(value),
                    error: chosen.is_err().then(|| t!("kitchen-station-wrong")),
                    hint: t!("kitchen-station-hint"),
                    max_length: u32::try_from(MAX_STATION).unwrap_or(u32::MAX),
                    "data-testid": "station-name",
                }
                div { class: "k-row k-wrap k-row-s", role: "group", aria_label: t!("kitchen-stations"),
                    Chip {
                        selected: chosen == Ok(None),
                        onclick: move |()| typed.set(String::new()),
                        "data-testid": "station-any",
                        {t!("kitchen-station-any")}
                    }
                    for name in offered {
                        Chip {
                            key: "{name}",
                            selected: chosen.as_ref().is_ok_and(|chosen| chosen.as_deref() == Some(name.as_str())),
                            onclick: {
                                let name = name.clone();
                                move |()| typed.set(station(&name))
                            },
                            "data-testid": "station-{name}",
                            {station(&name)}
                        }
                    }
                }
                div { class: "t-save",
                    if stale() {
                        Banner {
                            kind: BannerKind::Warn,
                            action: t!("kitchen-reload"),
                            onaction: move |()| {
                                base.set(shop.menu.data());
                                stale.set(false);
                            },
                            {t!("kitchen-menu-changed")}
                        }
                    }
                    Button {
                        submit: true,
                        block: true,
                        large: true,
                        busy: save.busy(),
                        disabled: chosen.is_err() || unchanged || stale(),
                        "data-testid": "save-heading",
                        {t!("kitchen-save")}
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_is_made_at_a_station_or_at_any_and_never_at_the_whole_kitchen() {
        assert_eq!(meant("grill"), Ok(Some("grill".to_owned())));
        assert_eq!(meant(""), Ok(None));
        assert_eq!(meant(WHOLE_KITCHEN), Err(Unfit));
        assert_eq!(meant(&"م".repeat(MAX_STATION + 1)), Err(Unfit));
    }
}
