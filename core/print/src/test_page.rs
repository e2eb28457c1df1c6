//! The test page: whether the printer takes bytes, uses its whole paper, burns evenly and writes both scripts.

use momfood_domain::text::Lang;
use momfood_protocol::device::{Paper, PrinterLine, Sheet};

use crate::page::{Ink, Page, Span};
use crate::text::{Reads, Run, Side};
use crate::ticket::{Sizes, printed};
use crate::words::either;

/// Dots of a millimetre.
const MILLIMETRE: u32 = 8;

/// Writes a test page.
pub(crate) fn write(page: &mut Page, sheet: &Sheet) {
    let lang = page.lang();
    let inner = page.inner();
    let sizes = Sizes::of(page.width());
    ruler(page, true);
    let title = either(lang, "صفحة اختبار", "Test page");
    page.skip(16);
    page.write(&[Run::bold(title, 60.0)], Reads::As(lang), inner, Side::Center);
    page.write(
        &[Run::bold(&sheet.printer.name, 40.0)],
        Reads::Itself,
        inner,
        Side::Center,
    );
    let address = match &sheet.printer.line {
        PrinterLine::Network { host, port } => format!("{host}:{port}"),
        PrinterLine::Serial { path, baud } => format!("{path} · {baud} bit/s"),
        PrinterLine::File { path } => path.clone(),
    };
    let paper = match sheet.printer.paper {
        Paper::Wide => "80 mm · 576",
        Paper::Narrow => "58 mm · 384",
    };
    for fact in [address.as_str(), paper] {
        page.write(
            &[Run::regular(fact, 28.0)],
            Reads::As(Lang::En),
            inner,
            Side::Center,
        );
    }
    page.skip(16);
    for (lang, text) in [
        (Lang::Ar, "لحم بالعجين، 2 × شاورما (كبير) بدون بصل"),
        (Lang::En, "Lamb flatbread, 2 × shawarma (large), no onion"),
    ] {
        let side = if lang == Lang::Ar { Side::Right } else { Side::Left };
        for (size, bold) in [(44.0, true), (30.0, false)] {
            page.write(&[Run::of(text, size, bold)], Reads::As(lang), inner, side);
        }
    }
    let mixed = "شاي Lipton أخضر 250 ml — 0123456789";
    page.write(
        &[Run::regular(mixed, 30.0)],
        Reads::As(Lang::Ar),
        inner,
        Side::Right,
    );
    page.skip(16);
    patterns(page);
    page.skip(16);
    page.write(
        &[Run::regular(
            either(
                lang,
                "يجب أن تُرى المسطرة والإطار من الحافة إلى الحافة، وأن تكون الخطوط سوداء واضحة.",
                "Rulers and frame reach from edge to edge, and every line is black and sharp.",
            ),
            26.0,
        )],
        Reads::As(lang),
        inner,
        Side::Center,
    );
    printed(page, &sizes, sheet);
    page.reach(page.y);
    ruler(page, false);
    for x in [0, 1, page.width() - 2, page.width() - 1] {
        for y in 0..page.y {
            page.dot(x, y, Ink::Black);
        }
    }
}

/// Millimetres from the left edge, long each fifth and longer each tenth, hanging from or standing on a rule.
fn ruler(page: &mut Page, hanging: bool) {
    let height = 24;
    let whole = Span {
        from: 0,
        width: page.width(),
    };
    if hanging {
        page.fill(whole, page.y, 2, Ink::Black);
    }
    page.reach(page.y + height + 2);
    for mark in 0..page.width() / MILLIMETRE {
        let long = match mark % 10 {
            0 => height,
            5 => 16,
            _ => 9,
        };
        for row in 0..long {
            let y = if hanging {
                page.y + row
            } else {
                page.y + height - 1 - row
            };
            page.dot(mark * MILLIMETRE, y, Ink::Black);
            page.dot(mark * MILLIMETRE + 1, y, Ink::Black);
        }
    }
    page.y += height;
    if !hanging {
        page.fill(whole, page.y, 2, Ink::Black);
        page.y += 2;
    }
}

/// Black without gray: lines and fields one, two and four dots wide, upright, level and chequered, and a solid field that
/// shows dead dots of the head as white lines.
fn patterns(page: &mut Page) {
    let (left, width) = (page.inner().from, page.inner().width / 8 * 8);
    let top = page.y;
    let height = 40;
    page.reach(top + 4 * (height + 8));
    for x in 0..width {
        let step = [1, 2, 4][(x * 3 / width) as usize];
        for y in 0..height {
            let rows = [
                (x / step).is_multiple_of(2),
                (y / step).is_multiple_of(2),
                (x / step + y / step).is_multiple_of(2),
                true,
            ];
            for (index, black) in (0..).zip(rows) {
                if black {
                    page.dot(left + x, top + index * (height + 8) + y, Ink::Black);
                }
            }
        }
    }
    page.y = top + 4 * (height + 8);
}
