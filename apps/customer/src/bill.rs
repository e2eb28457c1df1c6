//! A bill in words: what each line is for, and that the total includes the tax.

use dioxus::prelude::*;
use momfood_domain::pricing::{Bill, Fulfilment};
use momfood_kit::prelude::*;

use crate::words::money;

/// The bill of a cart, a quote or an order.
#[component]
pub fn BillView(
    bill: Bill,
    fulfilment: Fulfilment,
    /// A newer one is being asked for.
    #[props(default)]
    busy: bool,
) -> Element {
    let show = |amount| money(amount, bill.currency);
    let mut lines = vec![BillLine::new(t!("bill-subtotal"), show(bill.subtotal))];
    if fulfilment == Fulfilment::Delivery {
        let fee = if bill.delivery_fee == 0 {
            t!("free")
        } else {
            show(bill.delivery_fee)
        };
        lines.push(BillLine::new(t!("bill-delivery"), fee));
    }
    if bill.service_fee > 0 {
        lines.push(BillLine::new(t!("bill-service"), show(bill.service_fee)));
    }
    if bill.discount > 0 {
        lines.push(BillLine::new(t!("bill-discount"), show(-bill.discount)).good());
    }
    if bill.tip > 0 {
        lines.push(BillLine::new(t!("bill-tip"), show(bill.tip)).note(t!("bill-tip-note")));
    }
    lines.push(
        BillLine::new(t!("bill-total"), show(bill.total_amount))
            .note(t!("bill-vat", amount: show(bill.tax_amount)))
            .total(),
    );
    rsx! {
        div { "data-testid": "bill", "data-total": "{bill.total_amount}",
            BillTable { lines, busy }
        }
    }
}
