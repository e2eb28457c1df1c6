//! One item of the menu: price, options, whether it is shown. Saved against the revision it was read at: what
//! another screen changed meanwhile is never overwritten.

use dioxus::prelude::*;
use momfood_domain::id::{MenuItemId, OptionId};
use momfood_domain::menu::{Availability, MAX_PRICE, MenuItem};
use momfood_domain::money::{Currency, Money};
use momfood_kit::engine::{ErrorCode, Failure, use_command_result};
use momfood_kit::prelude::*;
use momfood_protocol::engine::{MenuView, SaveMenu};

use crate::floor::use_shop;
use momfood_kit::amount::{minor_units, typed};

/// What is being changed.
#[derive(Clone, Debug, PartialEq)]
struct Draft {
    price: String,
    shown: bool,
    /// Options that cannot be had.
    without: Vec<OptionId>,
}

impl Draft {
    fn of(item: &MenuItem, currency: Currency) -> Self {
        let options = item.option_groups.iter().flat_map(|group| &group.options);
        Self {
            price: typed(item.price, currency.exponent()),
            shown: item.availability != Availability::Hidden,
            without: options
                .filter(|option| !option.available)
                .map(|option| option.id)
                .collect(),
        }
    }

    fn price(&self, currency: Currency) -> Option<i64> {
        minor_units(&self.price, currency.exponent()).filter(|price| (0..=MAX_PRICE).contains(price))
    }

    /// Writes it into the item, with the price read already.
    fn write(&self, item: &mut MenuItem, price: i64) {
        item.price = price;
        item.availability = match (self.shown, item.availability) {
            (false, _) => Availability::Hidden,
            (true, Availability::Hidden) => Availability::Available,
            (true, kept) => kept,
        };
        for option in item.option_groups.iter_mut().flat_map(|group| &mut group.options) {
            option.available = !self.without.contains(&option.id);
        }
    }
}

/// The sheet: holds the menu as it was when it was opened.
#[component]
pub fn ItemSheet(id: MenuItemId, onclose: EventHandler<()>) -> Element {
    let shop = use_shop();
    let mut base = use_signal(|| shop.menu.data());
    let mut stale = use_signal(|| false);
    let Some((view, item)) = base().and_then(|view| view.menu.item(id).cloned().map(|item| (view, item)))
    else {
        return rsx! {};
    };
    let reload = move |()| {
        base.set(shop.menu.data());
        stale.set(false);
    };
    rsx! {
        Sheet { title: item.name.here(), onclose: move |()| onclose.call(()), "data-testid": "item-sheet",
            // Another revision is another form.
            for (view, item) in [(view, item)] {
                Form {
                    key: "{view.rev}",
                    view,
                    item,
                    stale: stale(),
                    onstale: move |()| {
                        shop.menu.again();
                        stale.set(true);
                    },
                    onreload: reload,
                    onclose,
                }
            }
        }
    }
}

#[component]
fn Form(
    view: MenuView,
    item: MenuItem,
    stale: bool,
    onstale: EventHandler<()>,
    onreload: EventHandler<()>,
    onclose: EventHandler<()>,
) -> Element {
    let currency = view.menu.currency;
    let before = use_hook(|| Draft::of(&item, currency));
    let mut draft = use_signal(|| before.clone());
    let name = item.name.here();
    let save = use_command_result(move |saved: Result<MenuView, Failure>| match saved {
        Ok(_) => {
            toast(t!("kitchen-saved", name: name.as_str()));
            onclose.call(());
        }
        Err(failure) if failure.code == ErrorCode::WrongState => onstale.call(()),
        Err(failure) => toast_error(failure.message),
    });
    let price = draft.read().price(currency);
    let unchanged = *draft.read() == before;
    let (id, groups) = (item.id, item.option_groups.clone());
    let (menu, rev) = (view.menu.clone(), view.rev);
    rsx! {
        form {
            class: "k-stack",
            novalidate: true,
            onsubmit: move |event| {
                event.prevent_default();
                let mut menu = menu.clone();
                if let (Some(price), Some(item)) = (price, menu.item_mut(id)) {
                    draft.read().write(item, price);
                    save.run(SaveMenu { menu, rev });
                }
            },
            TextField {
                label: t!("kitchen-price"),
                value: draft.read().price.clone(),
                oninput: move |value| draft.write().price = value,
                kind: FieldKind::Decimal,
                error: price.is_none().then(|| t!("kitchen-price-wrong")),
                hint: price.map(|price| t!("kitchen-price-hint", price: format::money(Money::new(price, currency)))).unwrap_or_default(),
                max_length: 12,
                "data-testid": "price",
            }
            Switch {
                label: t!("kitchen-shown"),
                hint: t!("kitchen-shown-body"),
                checked: draft.read().shown,
                onchange: move |on| draft.write().shown = on,
                "data-testid": "shown",
            }
            for group in groups {
                fieldset { key: "{group.id}",
                    legend { class: "k-strong", {group.name.here()} }
                    for option in group.options {
                        Switch {
                            key: "{option.id}",
                            label: option.name.here(),
                            checked: !draft.read().without.contains(&option.id),
                            onchange: move |on: bool| {
                                let without = &mut draft.write().without;
                                without.retain(|other| *other != option.id);
                                if !on {
                                    without.push(option.id);
                                }
                            },
                        }
                    }
                }
            }
            div { class: "t-save",
                if stale {
                    Banner {
                        kind: BannerKind::Warn,
                        action: t!("kitchen-reload"),
                        onaction: move |()| onreload.call(()),
                        {t!("kitchen-menu-changed")}
                    }
                }
                Button {
                    submit: true,
                    block: true,
                    large: true,
                    busy: save.busy(),
                    disabled: price.is_none() || unchanged || stale,
                    "data-testid": "save-item",
                    {t!("kitchen-save")}
                }
            }
        }
    }
}
