//! Any cart on any menu: a bill that adds up, or a refusal.
#![no_main]

use libfuzzer_sys::fuzz_target;
use momfood_domain::cart::Cart;
use momfood_domain::menu::Menu;
use momfood_domain::pricing::{Terms, price};
use momfood_domain::time::Timestamp;
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let Ok(Value::Array(parts)) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    let [menu, cart, terms, distance, at] = &parts[..] else {
        return;
    };
    let read = (
        serde_json::from_value::<Menu>(menu.clone()),
        serde_json::from_value::<Cart>(cart.clone()),
        serde_json::from_value::<Terms>(terms.clone()),
    );
    let (Ok(menu), Ok(cart), Ok(terms)) = read else {
        return;
    };
    let distance = distance.as_u64().and_then(|metres| u32::try_from(metres).ok());
    let at = Timestamp(at.as_i64().unwrap_or(0));
    if let Ok(bill) = price(&menu, &cart, &terms, distance, at) {
        let lines: i64 = bill.lines.iter().map(|line| line.total).sum();
        assert_eq!(lines, bill.subtotal);
        assert!(bill.total_amount >= 0 && bill.tax_amount <= bill.total_amount);
    }
});
