//! A kitchen's ticket with anything a customer can write on it: drawn without a panic, and not a dot beside the paper.
#![no_main]

use libfuzzer_sys::fuzz_target;
use momfood_domain::text::{Lang, LocalizedText};
use momfood_domain::time::Timestamp;
use momfood_print::render;
use momfood_protocol::device::{Paper, Printer, PrinterLine, Sheet, SheetContent};
use momfood_protocol::view::OrderView;
use serde_json::Value;
use uuid::Uuid;

/// An order as the protocol's golden file shows it.
const VIEWS: &str = include_str!("../../core/protocol/tests/golden/views.snap");

fn order() -> OrderView {
    let json = VIEWS.splitn(3, "---").nth(2).expect("a golden file");
    let views: Value = serde_json::from_str(json).expect("JSON");
    let views = views.as_object().expect("views by name");
    views
        .values()
        .find_map(|view| serde_json::from_value::<OrderView>(view.clone()).ok())
        .expect("an order among the golden views")
}

fuzz_target!(|input: (String, String, String, u8)| {
    let (note, name, option, quantity) = input;
    let cut = |text: &str| text.chars().take(300).collect::<String>();
    let mut order = order();
    order.note = Some(cut(&note));
    for line in &mut order.bill.lines {
        line.quantity = u32::from(quantity);
        line.note = Some(cut(&option));
        if let Ok(text) = LocalizedText::new(Some(cut(&name)), None) {
            line.name = text;
        }
    }
    let printer = Printer {
        id: Uuid::nil(),
        name: cut(&name),
        line: PrinterLine::Network {
            host: "192.0.2.7".into(),
            port: 9_100,
        },
        paper: Paper::Wide,
        lang: Lang::Ar,
        stations: Vec::new(),
        automatic: true,
        copies: 1,
    };
    let sheet = Sheet {
        printer,
        content: SheetContent::Order {
            order: Box::new(order),
            lines: None,
        },
        restaurant: LocalizedText::both("مطعم", "Kitchen"),
        copy: false,
        at: Timestamp(0),
        utc_offset_minutes: 180,
    };
    let _ = render(&sheet);
});
