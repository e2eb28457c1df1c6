//! What things are called in a kitchen, where the kit's words are a customer's.

use momfood_domain::actor::Role;
use momfood_domain::order::Reason;
use momfood_domain::text::fold;
use momfood_kit::prelude::*;
use momfood_kit::words;
use momfood_protocol::engine::PrinterHealth;

/// Why an order ended, told to the kitchen.
pub fn because(reason: Reason) -> String {
    match reason {
        Reason::ChangedMind => t!("kitchen-because-changed-mind"),
        Reason::TakesTooLong => t!("kitchen-because-takes-too-long"),
        Reason::OrderedByMistake => t!("kitchen-because-by-mistake"),
        other => words::reason(other),
    }
}

/// Who called an order off.
pub fn called_off_by(role: Option<Role>) -> String {
    match role {
        Some(Role::Customer) => t!("kitchen-by-customer"),
        Some(Role::Restaurant) => t!("kitchen-by-restaurant"),
        Some(Role::Driver) => t!("kitchen-by-driver"),
        Some(Role::Support | Role::Admin) => t!("kitchen-by-support"),
        Some(Role::System) | None => t!("kitchen-by-system"),
    }
}

/// The name a reason has on the wire, for tests.
pub const fn reason_id(reason: Reason) -> &'static str {
    match reason {
        Reason::TooBusy => "too_busy",
        Reason::OutOfStock => "out_of_stock",
        Reason::Closing => "closing",
        Reason::ChangedMind => "changed_mind",
        Reason::TakesTooLong => "takes_too_long",
        Reason::OrderedByMistake => "ordered_by_mistake",
        Reason::PaymentDeclined => "payment_declined",
        Reason::PaymentTimedOut => "payment_timed_out",
        Reason::CustomerUnreachable => "customer_unreachable",
        Reason::WrongAddress => "wrong_address",
        Reason::VehicleProblem => "vehicle_problem",
        Reason::Other => "other",
    }
}

/// The word for an allergen of the menu; one the app does not know stays as the owner wrote it.
pub fn allergen(word: &str) -> String {
    match word {
        "gluten" => t!("kitchen-allergen-gluten"),
        "dairy" => t!("kitchen-allergen-dairy"),
        "nuts" => t!("kitchen-allergen-nuts"),
        "eggs" => t!("kitchen-allergen-eggs"),
        "sesame" => t!("kitchen-allergen-sesame"),
        "fish" => t!("kitchen-allergen-fish"),
        "shellfish" => t!("kitchen-allergen-shellfish"),
        "soy" => t!("kitchen-allergen-soy"),
        other => other.to_owned(),
    }
}

/// Stations most kitchens have: by these names on the menu, they are called in the language of whoever looks.
pub const STATIONS: [&str; 7] = ["grill", "stove", "oven", "fryer", "cold", "sweets", "drinks"];

/// The word for a station of the menu; one the app does not know stays as the owner wrote it.
pub fn station(name: &str) -> String {
    match name {
        "grill" => t!("kitchen-station-grill"),
        "stove" => t!("kitchen-station-stove"),
        "oven" => t!("kitchen-station-oven"),
        "fryer" => t!("kitchen-station-fryer"),
        "cold" => t!("kitchen-station-cold"),
        "sweets" => t!("kitchen-station-sweets"),
        "drinks" => t!("kitchen-station-drinks"),
        other => other.to_owned(),
    }
}

/// The station somebody means who typed that: one most kitchens have, if it is called so, else what was typed.
pub fn station_meant(typed: &str) -> String {
    let typed = typed.trim();
    let known = STATIONS
        .into_iter()
        .find(|name| typed.eq_ignore_ascii_case(name) || fold(typed) == fold(&station(name)));
    known.unwrap_or(typed).to_owned()
}

/// How a printer is, in words and drawn.
pub fn printer_health(health: PrinterHealth) -> (String, Icon, Tone) {
    match health {
        PrinterHealth::Unknown => (t!("kitchen-printer-unknown"), Icon::Help, Tone::Quiet),
        PrinterHealth::Ready => (t!("kitchen-printer-ready"), Icon::Check, Tone::Good),
        PrinterHealth::Unreachable => (t!("kitchen-printer-unreachable"), Icon::CloudOff, Tone::Bad),
        PrinterHealth::Stalled => (t!("kitchen-printer-stalled"), Icon::Alert, Tone::Bad),
    }
}

/// Whether a note speaks of an allergy: it is then shown as a warning. Showing one too many harms nobody.
pub fn is_about_allergy(note: &str) -> bool {
    let note = note.to_lowercase();
    ["حساسي", "أتحسس", "اتحسس", "allerg"]
        .iter()
        .any(|word| note.contains(word))
}

#[cfg(test)]
mod tests {
    use super::is_about_allergy;

    #[test]
    fn a_note_about_an_allergy_is_seen_in_both_languages() {
        for note in [
            "عندي حساسية من المكسرات",
            "Allergic to nuts!",
            "ولدي يتحسس: حساسيه سمسم",
        ] {
            assert!(is_about_allergy(note), "{note}");
        }
        assert!(!is_about_allergy("extra garlic, please"));
    }
}
