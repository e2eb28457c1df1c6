//! What stands on a kitchen's ticket and how large: to be read at arm's length, in steam, by somebody with full hands. The
//! number first, then what must not be missed, then what to cook. Prices and addresses are none of a kitchen's business.

use momfood_domain::order::OrderStatus;
use momfood_domain::pricing::{Fulfilment, LineOption, OrderLine};
use momfood_domain::text::{Lang, LocalizedText};
use momfood_protocol::device::Sheet;
use momfood_protocol::view::OrderView;

use crate::page::{Ink, NARROW, Page, Span};
use crate::text::{Block, Reads, Run, Side};
use crate::words::{self, Local, either};

/// Sizes of letters in dots; eight are a millimetre.
pub(crate) struct Sizes {
    number: f32,
    banner: f32,
    way: f32,
    time: f32,
    name: f32,
    other: f32,
    option: f32,
    option_other: f32,
    note: f32,
    fact: f32,
    small: f32,
}

impl Sizes {
    pub(crate) const fn of(width: u32) -> Self {
        if width > NARROW {
            Self {
                number: 142.0,
                banner: 72.0,
                way: 46.0,
                time: 54.0,
                name: 46.0,
                other: 28.0,
                option: 36.0,
                option_other: 26.0,
                note: 40.0,
                fact: 36.0,
                small: 26.0,
            }
        } else {
            Self {
                number: 132.0,
                banner: 60.0,
                way: 38.0,
                time: 50.0,
                name: 40.0,
                other: 25.0,
                option: 32.0,
                option_other: 23.0,
                note: 35.0,
                fact: 31.0,
                small: 23.0,
            }
        }
    }
}

/// Writes a ticket.
pub(crate) fn write(page: &mut Page, sheet: &Sheet, order: &OrderView, part: Option<&[usize]>) {
    let sizes = &Sizes::of(page.width());
    let lines: Vec<&OrderLine> = match part {
        None => order.bill.lines.iter().collect(),
        Some(places) => places
            .iter()
            .filter_map(|place| order.bill.lines.get(*place))
            .collect(),
    };
    page.skip(4);
    if sheet.copy {
        copy_banner(page, sizes);
    }
    if is_over(order.status) {
        let word = either(page.lang(), "أُلغي — لا تحضّروه", "CANCELLED — do not cook");
        own_band(page, word, sizes.note);
        page.skip(20);
    }
    head(page, sizes, sheet, order);
    if part.is_some() {
        part_line(page, sizes, sheet, lines.len(), order.bill.lines.len());
    }
    if let Some(note) = &order.note {
        page.skip(14);
        note_band(page, sizes, note, page.inner());
    }
    page.skip(14);
    page.rule(5);
    let counts: Vec<Block> = lines
        .iter()
        .map(|line| count(page, sizes, line.quantity))
        .collect();
    // One column for all counts that people order, so that names begin under one another.
    let usual = lines.iter().zip(&counts).filter(|(line, _)| line.quantity < 100);
    let column = usual.map(|(_, count)| count.width + 20).max().unwrap_or(0);
    for (index, (line, count)) in lines.iter().zip(&counts).enumerate() {
        if index > 0 {
            page.dotted(page.inner());
        }
        page.skip(12);
        dish(page, sizes, line, count, column.max(count.width + 20));
        page.skip(12);
    }
    page.rule(5);
    foot(page, sizes, sheet, order, &lines);
    if sheet.copy {
        page.skip(12);
        own_band(page, either(page.lang(), "نسخة  COPY", "COPY  نسخة"), sizes.fact);
    }
}

/// Whether there is nothing left to cook for it.
const fn is_over(status: OrderStatus) -> bool {
    matches!(
        status,
        OrderStatus::Cancelled | OrderStatus::Rejected | OrderStatus::Expired | OrderStatus::Failed
    )
}

/// A band across the paper with a word of the ticket's own.
fn own_band(page: &mut Page, word: &str, size: f32) {
    let reads = Reads::As(page.lang());
    let whole = page.inner();
    page.band(&[(&[Run::bold(word, size)], reads)], whole, 14, Side::Center);
}

/// Says in both languages and before anything else that this may have been cooked already.
fn copy_banner(page: &mut Page, sizes: &Sizes) {
    let lang = page.lang();
    let word = either(lang, "نسخة  COPY", "COPY  نسخة");
    let why = either(
        lang,
        "ربما طُبعت من قبل: تأكدوا قبل التحضير",
        "May be printed already: check before you cook",
    );
    page.stripes(14);
    let whole = Span {
        from: 0,
        width: page.width(),
    };
    let word = [Run::bold(word, sizes.banner)];
    let why = [Run::bold(why, sizes.small)];
    let texts = [(&word[..], Reads::As(lang)), (&why[..], Reads::As(lang))];
    page.band(&texts, whole, 16, Side::Center);
    page.stripes(14);
    page.skip(18);
}

/// Number, way, promised time; customer and time of order.
fn head(page: &mut Page, sizes: &Sizes, sheet: &Sheet, order: &OrderView) {
    let lang = page.lang();
    let inner = page.inner();
    let number = page.fit(
        words::short_number(&order.number),
        true,
        sizes.number,
        inner.width,
    );
    let pickup = order.fulfilment == Fulfilment::Pickup;
    let way = match order.fulfilment {
        Fulfilment::Delivery => either(lang, "توصيل", "Delivery"),
        Fulfilment::Pickup => either(lang, "استلام", "Pick-up"),
    };
    let word = page.label(Run::bold(way, sizes.way));
    let way = Pill {
        height: (letters(sizes.way) + 28).max(ink(&word) + 24),
        word,
        framed: pickup,
    };
    let promised = order.ready_by.map(|at| {
        let time = Local::new(at, sheet.utc_offset_minutes).time(lang);
        let label = either(lang, "الموعد", "Promised");
        Promise {
            label: page.label(Run::bold(label, sizes.small)),
            time: page.label(Run::bold(&time, sizes.time)),
        }
    });
    let aside = promised.as_ref().map_or(0, Promise::width).max(way.width());
    let top = page.y;
    let digits = Span {
        from: inner.from,
        width: number.width,
    };
    page.put_ink(&number, digits, top, Ink::Black);
    let under = top + ink(&number);
    // Beside the number where the paper is wide enough, else beneath it; there side by side, or one under the other.
    if number.width + 20 + aside <= inner.width {
        way.put(page, inner.end(way.width()), top);
        if let Some(promised) = &promised {
            promised.put(page, top + way.height + 14);
        }
    } else {
        let row = under + 18;
        way.put(page, inner.start(way.width()), row);
        if let Some(promised) = &promised {
            if way.width() + 14 + promised.width() <= inner.width {
                promised.put(page, row);
            } else {
                promised.put_in_a_row(page, row + way.height + 16);
            }
        }
    }
    page.y = page.written() + 18;
    page.rule(2);
    page.skip(6);
    who_and_when(page, sizes, sheet, order);
}

/// The customer, and when they ordered.
fn who_and_when(page: &mut Page, sizes: &Sizes, sheet: &Sheet, order: &OrderView) {
    let lang = page.lang();
    let inner = page.inner();
    let local = |at| Local::new(at, sheet.utc_offset_minutes);
    let placed = local(order.placed_at);
    let day = (placed.day() != local(sheet.at).day()).then(|| placed.date());
    let ordered = either(lang, "طُلب", "Ordered").to_owned();
    let ordered: Vec<String> = [Some(ordered), day, Some(placed.time(lang))]
        .into_iter()
        .flatten()
        .collect();
    let ordered = page.label(Run::regular(&ordered.join(" "), sizes.other));
    let name = [Run::bold(&order.customer.name, sizes.fact)];
    let start = page.start();
    let beside = inner.start(inner.width.saturating_sub(ordered.width + 20));
    let short = page.set(&name, Reads::Itself, 4_000, start).width <= beside.width;
    let room = if short { beside } else { inner };
    let customer = page.set(&name, Reads::Itself, room.width, start);
    if short {
        let row = customer.height.max(ordered.height);
        let middle = |block: &Block| (row - block.height) / 2;
        page.put(&customer, room, page.y + middle(&customer), Ink::Black);
        page.put(
            &ordered,
            inner.end(ordered.width),
            page.y + middle(&ordered),
            Ink::Black,
        );
        page.y += row;
    } else {
        page.put(&customer, room, page.y, Ink::Black);
        page.y += customer.height;
        page.put(&ordered, inner.start(ordered.width), page.y, Ink::Black);
        page.y += ordered.height;
    }
}

/// A word on black, or in a frame.
struct Pill {
    word: Block,
    height: u32,
    framed: bool,
}

impl Pill {
    const fn width(&self) -> u32 {
        self.word.width + 32
    }

    fn put(&self, page: &mut Page, span: Span, y: u32) {
        let word = Span {
            from: span.from + 16,
            width: self.word.width,
        };
        let colour = if self.framed {
            page.frame(span, y, self.height, 5);
            Ink::Black
        } else {
            page.fill(span, y, self.height, Ink::Black);
            Ink::White
        };
        let above = self.height.saturating_sub(ink(&self.word)) / 2;
        page.put_ink(&self.word, word, y + above, colour);
    }
}

/// When it is promised.
struct Promise {
    label: Block,
    time: Block,
}

impl Promise {
    fn width(&self) -> u32 {
        self.label.width.max(self.time.width)
    }

    /// The time under its label, at the end of the line.
    fn put(&self, page: &mut Page, y: u32) {
        let inner = page.inner();
        page.put_ink(&self.label, inner.end(self.label.width), y, Ink::Black);
        let y = y + ink(&self.label) + 8;
        page.put_ink(&self.time, inner.end(self.time.width), y, Ink::Black);
    }

    /// The time beside its label.
    fn put_in_a_row(&self, page: &mut Page, y: u32) {
        let inner = page.inner();
        let label = y + ink(&self.time).saturating_sub(ink(&self.label)) / 2;
        page.put_ink(&self.label, inner.start(self.label.width), label, Ink::Black);
        page.put_ink(&self.time, inner.end(self.time.width), y, Ink::Black);
    }
}

/// Rows of a text's ink.
const fn ink(block: &Block) -> u32 {
    block.ink.1 - block.ink.0
}

/// Rows that letters of a size take without accents.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sizes are small and positive"
)]
fn letters(size: f32) -> u32 {
    (size * 0.72) as u32
}

/// Says that this is not the whole order, and whose part it is.
fn part_line(page: &mut Page, sizes: &Sizes, sheet: &Sheet, here: usize, all: usize) {
    let lang = page.lang();
    let comma = either(lang, "، ", ", ");
    let whose = if sheet.printer.stations.is_empty() {
        sheet.printer.name.clone()
    } else {
        sheet.printer.stations.join(comma)
    };
    let part = match lang {
        Lang::Ar => format!("جزء من الطلب: {here} من {all}"),
        Lang::En => format!("Part of the order: {here} of {all}"),
    };
    page.skip(12);
    let inner = page.inner();
    let text = Span {
        from: inner.from + 16,
        width: inner.width - 32,
    };
    let start = page.start();
    let whose = page.set(
        &[Run::bold(&whose, sizes.fact)],
        Reads::As(lang),
        text.width,
        start,
    );
    let part = page.set(
        &[Run::regular(&part, sizes.other)],
        Reads::As(lang),
        text.width,
        start,
    );
    let height = whose.height + part.height + 12;
    page.frame(inner, page.y, height, 3);
    page.put(&whose, text, page.y + 6, Ink::Black);
    page.put(&part, text, page.y + 6 + whose.height, Ink::Black);
    page.y += height;
}

/// What somebody wrote, white on black; an allergy says so first.
fn note_band(page: &mut Page, sizes: &Sizes, note: &str, span: Span) {
    let lang = page.lang();
    let side = page.start();
    let written = [Run::bold(note, sizes.note)];
    let mut texts = vec![(&written[..], Reads::Itself)];
    let warning = [Run::bold(
        either(lang, "!! حساسية !!", "!! ALLERGY !!"),
        sizes.note * 1.15,
    )];
    if words::is_about_allergy(note) {
        texts.insert(0, (&warning[..], Reads::As(lang)));
    }
    page.band(&texts, span, 14, side);
}

/// How often: `2×`.
fn count(page: &mut Page, sizes: &Sizes, quantity: u32) -> Block {
    let width = page.inner().width / 3;
    page.fit(&format!("{quantity}×"), true, sizes.name, width)
}

/// A dish: how often, its names, options, what was written to it, and what it contains.
fn dish(page: &mut Page, sizes: &Sizes, line: &OrderLine, count: &Block, column: u32) {
    let lang = page.lang();
    let inner = page.inner();
    let start = page.start();
    let beside = inner.after(column + 14);
    let (first, second) = names(&line.name, lang);
    let name = [Run::bold(&first.0, sizes.name)];
    let name = page.set(&name, Reads::As(first.1), beside.width, start);
    let top = page.y;
    page.put(&name, beside, top, Ink::Black);
    // As high as the name's first line. More than one is easily overlooked: it stands white on black.
    let field = inner.start(column);
    let height = name.first.saturating_sub(6);
    let mut colour = Ink::Black;
    if line.quantity > 1 {
        page.fill(field, top + 3, height, Ink::Black);
        colour = Ink::White;
    }
    let digits = field.after((column - count.width) / 2).start(count.width);
    page.put_ink(
        count,
        digits,
        top + 3 + height.saturating_sub(ink(count)) / 2,
        colour,
    );
    page.y = top + name.height;
    if let Some((text, its)) = second {
        page.write(&[Run::regular(&text, sizes.other)], Reads::As(its), beside, start);
    }
    // Narrow paper has no room to keep free under the count.
    let (options, notes) = if page.is_narrow() {
        (inner.after(22), inner)
    } else {
        (beside, beside)
    };
    for option in &line.options {
        option_line(page, sizes, option, options);
    }
    if let Some(note) = &line.note {
        page.skip(8);
        note_band(page, sizes, note, notes);
    }
    if !line.allergens.is_empty() {
        page.skip(10);
        contains(page, sizes, &line.allergens, notes);
    }
}

/// A text in the ticket's language and, where there is another, in the other.
fn names(text: &LocalizedText, lang: Lang) -> ((String, Lang), Option<(String, Lang)>) {
    let other = words::other(lang);
    let (here, there) = (text.get(lang), text.get(other));
    let second = (here.trim() != there.trim()).then(|| (there.to_owned(), other));
    // Of one language only, both answers are the same: its letters say which it is.
    let its = if second.is_none() && !has_letters_of(here, lang) {
        other
    } else {
        lang
    };
    ((here.to_owned(), its), second)
}

fn has_letters_of(text: &str, lang: Lang) -> bool {
    match lang {
        Lang::Ar => crate::text::is_arabic(text),
        Lang::En => text.chars().any(|c| c.is_ascii_alphabetic()),
    }
}

/// An option, indented, both languages in one line.
fn option_line(page: &mut Page, sizes: &Sizes, option: &LineOption, span: Span) {
    let lang = page.lang();
    let start = page.start();
    let indent = 26;
    let room = Span {
        from: span.from + indent,
        width: span.width - indent,
    };
    let (first, second) = names(&option.name, lang);
    let mut runs = vec![Run::bold(&first.0, sizes.option)];
    let mut beneath = None;
    let mut block = page.set(&runs, Reads::As(first.1), room.width, start);
    if let Some((text, its)) = second {
        let other = Run::regular(&text, sizes.option_other);
        runs.push(Run::regular("  ", sizes.option_other));
        runs.push(other.clone());
        let both = page.set(&runs, Reads::As(lang), room.width, start);
        // Side by side where both fit into one line.
        if both.height > both.first {
            beneath = Some((other, its));
        } else {
            block = both;
        }
    }
    // Drawn, not written: a dash of letters is too thin.
    let dash = Span {
        from: span.from + 4,
        width: 13,
    };
    page.fill(dash, page.y + block.first / 2 - 2, 5, Ink::Black);
    page.put(&block, room, page.y, Ink::Black);
    page.y += block.height;
    if let Some((text, its)) = beneath {
        page.write(&[text], Reads::As(its), room, start);
    }
}

/// What a dish contains that people can be allergic to: a word on each black field.
fn contains(page: &mut Page, sizes: &Sizes, allergens: &[String], span: Span) {
    let lang = page.lang();
    let label = page.label(Run::regular(either(lang, "يحتوي على", "Contains"), sizes.other));
    let row = label.height.max(1) + 4;
    let mut from = 0;
    let spot = Span {
        from: span.from,
        width: label.width,
    };
    page.put(&label, spot, page.y + 2, Ink::Black);
    from += label.width + 12;
    for word in allergens {
        let word = words::allergen(lang, word);
        let block = page.set(
            &[Run::bold(word, sizes.other)],
            Reads::As(lang),
            span.width - 20,
            page.start(),
        );
        let width = block.width + 20;
        if from > 0 && from + width > span.width {
            page.y += row + 6;
            from = 0;
        }
        let field = Span {
            from: span.from + from,
            width,
        };
        let height = row.max(block.height + 4);
        page.fill(field, page.y, height, Ink::Black);
        // The text was set for the widest field there can be: shown from its own beginning.
        let text = Span {
            from: field.from + 10,
            width: span.width - 20,
        };
        page.put(&block, text, page.y + (height - block.height) / 2, Ink::White);
        page.y += height - row;
        from += width + 8;
    }
    page.y += row;
}

/// How much in all, the whole number, whose kitchen, when printed.
fn foot(page: &mut Page, sizes: &Sizes, sheet: &Sheet, order: &OrderView, lines: &[&OrderLine]) {
    let lang = page.lang();
    let inner = page.inner();
    let count = lines
        .iter()
        .fold(0_u32, |sum, line| sum.saturating_add(line.quantity));
    let count = page.fit(&words::items(lang, count), true, sizes.fact, inner.width / 2 - 10);
    let number = page.fit(&order.number, false, sizes.other, inner.width / 2);
    page.skip(6);
    let row = count.height.max(number.height);
    let at_start = Span {
        from: inner.from,
        width: count.width,
    };
    let at_end = Span {
        from: inner.from + inner.width - number.width,
        width: number.width,
    };
    page.put(&count, at_start, page.y + (row - count.height) / 2, Ink::Black);
    page.put(&number, at_end, page.y + (row - number.height) / 2, Ink::Black);
    page.y += row + 4;
    printed(page, sizes, sheet);
}

/// Whose kitchen, and when printed.
pub(crate) fn printed(page: &mut Page, sizes: &Sizes, sheet: &Sheet) {
    let lang = page.lang();
    let inner = page.inner();
    let at = Local::new(sheet.at, sheet.utc_offset_minutes);
    let printed = format!(
        "{} {} {}",
        either(lang, "طُبع", "Printed"),
        at.date(),
        at.time(lang)
    );
    let restaurant = [Run::bold(sheet.restaurant.get(lang), sizes.small)];
    let printed = [Run::regular(&printed, sizes.small)];
    page.write(&restaurant, Reads::As(lang), inner, Side::Center);
    page.write(&printed, Reads::As(lang), inner, Side::Center);
    page.skip(8);
}
