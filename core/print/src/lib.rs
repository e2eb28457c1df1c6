//! Kitchen tickets on paper.
//!
//! A ticket is drawn here, dot by dot, and sent to the printer as a picture: printers' own fonts have no Arabic worth
//! reading, and none joins it. [`render`] draws a [`Sheet`], [`escpos`] turns the picture into a printer's commands, and
//! [`press()`] sends them out, one sheet after the other for each printer.
//!
//! A printer gives no reliable receipt. This crate says what it knows and never more: [`PressError::Unreachable`] when not
//! a byte of a sheet went out, [`PressError::Stalled`] when some did. What follows from that (COPY, asking a person) is
//! decided by the engine.
//!
//! Units: dots of the head, 203 to the inch (eight a millimetre); 576 across on 80 mm paper, 384 on 58 mm.
//!
//! [`PressError::Unreachable`]: momfood_client::port::PressError::Unreachable
//! [`PressError::Stalled`]: momfood_client::port::PressError::Stalled

pub mod escpos;
#[cfg(any(test, feature = "fake"))]
pub mod fake;
mod page;
mod press;
mod raster;
mod test_page;
mod text;
mod ticket;
mod ways;
mod words;

use momfood_protocol::device::{Sheet, SheetContent};
use page::Page;
pub use press::{Patience, press, press_with};
pub use raster::Raster;

/// Draws a sheet, as wide as its printer's paper and as long as it needs to be. The same sheet is the same picture on every
/// device.
pub fn render(sheet: &Sheet) -> Raster {
    draw(sheet).0
}

/// Draws a sheet; says also how many dots fell beside the paper.
fn draw(sheet: &Sheet) -> (Raster, u32) {
    let mut page = Page::new(sheet.printer.lang, sheet.printer.paper.dots());
    match &sheet.content {
        SheetContent::Test => test_page::write(&mut page, sheet),
        SheetContent::Order { order, lines } => ticket::write(&mut page, sheet, order, lines.as_deref()),
    }
    page.end()
}

#[cfg(test)]
#[path = "../tests/samples/mod.rs"]
mod samples;

#[cfg(test)]
mod tests {
    use super::{draw, samples};

    #[test]
    fn not_a_dot_of_any_ticket_falls_beside_the_paper() {
        for (name, sheet) in samples::all() {
            let (picture, lost) = draw(&sheet);
            assert_eq!(lost, 0, "{name}");
            assert_eq!(picture.width(), sheet.printer.paper.dots(), "{name}");
        }
    }
}
