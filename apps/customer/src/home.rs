//! Home: where it goes, what one fancies, and who cooks it.

mod cards;
mod filters;

use dioxus::prelude::*;
use momfood_kit::engine::{Answer, ErrorCode, EventKind, Session, use_query, use_session};
use momfood_kit::prelude::*;
use momfood_protocol::engine::{GetAddresses, ListRestaurants, Restaurants};
use momfood_protocol::rest::RestaurantSort;

use crate::address::AddressSheet;
use crate::entry::Looks;
use crate::route::Route;
use cards::{RestaurantLink, Shelf};
use filters::{Cuisines, Narrowing};

/// What was typed and chosen; kept while one looks at a restaurant and comes back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wish {
    /// Words typed.
    pub search: String,
    /// A cuisine.
    pub cuisine: Option<String>,
    /// Only those that take orders now.
    pub open_only: bool,
    /// In which order.
    pub sort: RestaurantSort,
}

impl Wish {
    fn is_plain(&self) -> bool {
        self.search.trim().is_empty() && self.cuisine.is_none()
    }
}

static WISH: GlobalSignal<Wish> = Signal::global(Wish::default);

/// The home screen.
#[component]
pub fn Home() -> Element {
    use_title(t!("home-title"));
    let session = use_session();
    let signed_in = matches!(*session.read(), Session::User(_));
    rsx! {
        AppBar {
            start: rsx! { Where {} },
            end: rsx! {
                if !signed_in {
                    Looks {}
                }
            },
        }
        main { id: "content", tabindex: "-1", class: "k-page c-home",
            div { class: "c-home-head",
                h1 { {t!("home-question")} }
                Search {}
            }
            Cuisines { chosen: WISH.read().cuisine.clone(), onchoose: move |id| WISH.write().cuisine = id }
            Narrowing { wish: WISH() , onchange: move |wish| *WISH.write() = wish }
            Found {}
        }
    }
}

/// The address orders go to, and the way to another one.
#[component]
fn Where() -> Element {
    let navigator = use_navigator();
    let session = use_session();
    let addresses = use_query(|| GetAddresses {}, &[EventKind::Session, EventKind::Cart]);
    let mut open = use_signal(|| false);
    let signed_in = matches!(*session.read(), Session::User(_));
    let chosen = addresses.data().and_then(|all| {
        let id = all.chosen?;
        all.addresses.into_iter().find(|saved| saved.id == id)
    });
    let (small, big) = match &chosen {
        Some(saved) => (
            t!("home-deliver-to", label: saved.address.label.clone()),
            crate::words::own(&saved.address.line),
        ),
        None if signed_in => (t!("home-deliver"), t!("home-choose-address")),
        None => (t!("home-deliver"), t!("home-city")),
    };
    rsx! {
        button {
            r#type: "button",
            class: "c-where",
            "data-testid": "address-button",
            aria_haspopup: "dialog",
            onclick: move |_| {
                if signed_in {
                    open.set(true);
                } else {
                    navigator.push(Route::SignIn {});
                }
            },
            span { class: "c-where-pin", IconView { icon: Icon::Pin } }
            span { class: "c-where-words",
                small { "{small}" }
                span { class: "c-where-line",
                    strong { class: "k-clip", "{big}" }
                    IconView { icon: Icon::ChevronDown }
                }
            }
        }
        if open() {
            AddressSheet { onclose: move |()| open.set(false) }
        }
    }
}

/// The search box. It asks when one pauses, not at each letter.
#[component]
fn Search() -> Element {
    let mut typed = use_signal(|| WISH.peek().search.clone());
    let wished = use_memo(|| WISH.read().search.clone());
    // Emptied from elsewhere ("show all").
    use_effect(move || {
        if wished.read().is_empty() && !typed.peek().is_empty() {
            typed.set(String::new());
        }
    });
    rsx! {
        div { class: "c-search", "data-testid": "search",
            SearchField {
                label: t!("home-search"),
                value: typed(),
                oninput: move |text: String| {
                    typed.set(text.clone());
                    spawn(async move {
                        sleep_ms(if text.is_empty() { 0 } else { 280 }).await;
                        if *typed.peek() == text {
                            WISH.write().search = text;
                        }
                    });
                },
            }
        }
    }
}

/// What was found, in whatever state that is.
#[component]
fn Found() -> Element {
    let found = use_query(
        || {
            let wish = WISH.read();
            let search = wish.search.trim();
            ListRestaurants {
                search: (!search.is_empty()).then(|| search.to_owned()),
                cuisine: wish.cuisine.clone(),
                open_only: wish.open_only,
                sort: wish.sort,
            }
        },
        &[EventKind::Session, EventKind::Cart, EventKind::Restaurant],
    );
    match &*found.read() {
        Answer::Loading => rsx! {
            div { class: "k-grid", Skeleton { shape: SkeletonShape::RestaurantCard, count: 6 } }
        },
        Answer::Failed(failure, None) => {
            let offline = failure.code == ErrorCode::Offline;
            rsx! {
                ErrorState {
                    offline,
                    title: if offline { t!("home-offline") } else { failure.message.clone() },
                    body: if offline { t!("home-offline-body") } else { String::new() },
                    onretry: move |()| found.again(),
                }
            }
        }
        Answer::Ready(list, refreshing) => {
            rsx! { List { list: list.clone(), refreshing: *refreshing, onagain: move |()| found.again() } }
        }
        Answer::Failed(_, Some(list)) => {
            rsx! { List { list: list.clone(), refreshing: false, onagain: move |()| found.again() } }
        }
    }
}

#[component]
fn List(list: Restaurants, refreshing: bool, onagain: EventHandler<()>) -> Element {
    let wish = WISH();
    let featured: Vec<_> = if wish.is_plain() && wish.sort == RestaurantSort::Recommended {
        list.restaurants
            .iter()
            .filter(|card| card.featured)
            .take(8)
            .cloned()
            .collect()
    } else {
        Vec::new()
    };
    let count = list.restaurants.len();
    let heading = match &wish.cuisine {
        Some(id) => crate::words::cuisine(id),
        None if wish.search.trim().is_empty() => t!("home-all"),
        None => t!("home-results"),
    };
    rsx! {
        if list.stale {
            Stale { as_of: list.as_of, onlive: onagain }
        }
        if count == 0 {
            div { "data-testid": "no-restaurants",
                EmptyState { art: Art::Nothing, title: t!("home-nothing"), body: t!("home-nothing-body"),
                    Button { kind: ButtonKind::Secondary, onclick: move |_| *WISH.write() = Wish::default(), {t!("home-show-all")} }
                }
            }
        } else {
            div { class: "c-found", class: if refreshing { "is-refreshing" }, aria_busy: if refreshing { "true" },
                if featured.len() > 1 {
                    Section { title: t!("home-featured"),
                        Shelf { cards: featured }
                    }
                }
                Section {
                    title: heading,
                    end: rsx! { span { class: "k-muted k-xs", role: "status", {t!("home-count", count: count)} } },
                    div { class: "k-grid",
                        for card in list.restaurants {
                            RestaurantLink { key: "{card.id}", card }
                        }
                    }
                }
            }
        }
    }
}

/// Says that what is shown was kept from earlier, and from when. With a line a newer one is on its way: then it stays
/// quiet, unless that takes long.
#[component]
pub fn Stale(
    as_of: momfood_domain::time::Timestamp,
    /// The line is back: ask again.
    onlive: EventHandler<()>,
) -> Element {
    let now = use_now();
    let live = *CONNECTION.read() == Connection::Live;
    use_effect(use_reactive!(|live| {
        if live {
            onlive.call(());
        }
    }));
    let mut late = use_signal(|| matches!(*CONNECTION.peek(), Connection::Offline { .. }));
    use_future(move || async move {
        sleep_ms(1_500).await;
        if !late() {
            late.set(true);
        }
    });
    if !late() {
        return rsx! {};
    }
    rsx! {
        p { class: "c-stale k-row-s k-muted k-s", role: "status", "data-testid": "stale",
            IconView { icon: Icon::Clock }
            {t!("stale", ago: format::relative(as_of, now()))}
        }
    }
}
