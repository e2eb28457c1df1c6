//! The customer's app: choose, order, follow.
//!
//! Screens only: they send Calls to the engine and show its Replies. No price, state or permission is decided
//! here. Where to start: [`route`] names the screens; each has a file of its name.

mod account;
mod address;
mod bill;
mod cart;
mod checkout;
mod entry;
mod home;
mod orders;
mod problem;
mod restaurant;
mod route;
mod shared;
mod track;
mod words;

use dioxus::prelude::*;
use momfood_kit::engine::use_page_engine;
use momfood_kit::prelude::*;

fn main() {
    momfood_kit::app::start(
        AppName::Customer,
        &[
            (Lang::Ar, include_str!("../i18n/ar/customer.ftl")),
            (Lang::En, include_str!("../i18n/en/customer.ftl")),
        ],
        App,
    );
}

#[component]
fn App() -> Element {
    use_page_engine();
    rsx! {
        AppFrame { Router::<route::Route> {} }
    }
}
