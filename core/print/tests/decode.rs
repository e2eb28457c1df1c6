//! Whatever people write, its bytes are read back as the picture that was drawn.

#![expect(clippy::unwrap_used, reason = "tests make up what they print")]

mod samples;

use momfood_domain::text::{Lang, LocalizedText};
use momfood_print::fake::Reader;
use momfood_print::{escpos, render};
use momfood_protocol::device::{Paper, Sheet, SheetContent};
use proptest::prelude::*;

/// What people type: both scripts, digits, marks, emoji, and what they paste.
fn written() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "[ء-ي]{1,12}",
        "[ء-ي]{1,6}[ً-ْ]{0,2}",
        "[A-Za-z]{1,14}",
        "[0-9٠-٩]{1,5}",
        "[()«»\"'!?؟،.:/+×-]{1,3}",
        Just("🌶️👨‍👩‍👧".to_owned()),
        "[\u{200B}-\u{200F}\u{202A}-\u{202E}\u{2066}-\u{2069}\u{FEFF}]{1,2}",
        "[\n\r\t\u{0}\u{1C}\u{85}\u{2028}\u{2029}]{1,2}",
        "\\PC{1,8}",
        any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(word, 1..9).prop_map(|words| words.join(" "))
}

fn name() -> impl Strategy<Value = LocalizedText> {
    (proptest::option::of(written()), written())
        .prop_map(|(ar, en)| LocalizedText::new(ar, Some(format!("x{en}"))).unwrap())
}

fn sheet() -> impl Strategy<Value = Sheet> {
    let line = (
        prop_oneof![1_u32..1_000, any::<u32>()],
        name(),
        proptest::collection::vec(name(), 0..3),
        proptest::option::of(written()),
        proptest::collection::vec("[a-z]{3,9}|nuts|dairy", 0..3),
    );
    let lines = proptest::collection::vec(line, 0..3);
    let looks = (
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<i16>(),
    );
    let number = prop_oneof!["[0-9]{4}-[0-9]{4}", written()];
    (lines, written(), number, proptest::option::of(written()), looks).prop_map(
        |(lines, customer, number, note, (arabic, narrow, copy, part, offset))| {
            let lang = if arabic { Lang::Ar } else { Lang::En };
            let paper = if narrow { Paper::Narrow } else { Paper::Wide };
            let lines = lines
                .into_iter()
                .map(|(quantity, name, options, note, allergens)| {
                    let mut dish = samples::dish(quantity, name);
                    dish.options = options.into_iter().map(samples::option).collect();
                    dish.note = note;
                    dish.allergens = allergens;
                    dish
                });
            let mut order = samples::order(lines.collect());
            order.customer.name = customer;
            order.note = note;
            order.number = number;
            let mut sheet = samples::whole(samples::printer(lang, paper), order);
            if let (true, SheetContent::Order { lines, .. }) = (part, &mut sheet.content) {
                *lines = Some(vec![0, 7]);
            }
            Sheet {
                copy,
                utc_offset_minutes: offset,
                ..sheet
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_sheets_bytes_are_its_picture(sheet in sheet(), copies in 1_u8..3, piece in 1_usize..5_000) {
        let picture = render(&sheet);
        prop_assert_eq!(picture.width(), sheet.printer.paper.dots());
        let mut reader = Reader::default();
        for piece in escpos::bytes(&picture, sheet.printer.paper, copies).chunks(piece) {
            reader.read(piece);
        }
        prop_assert_eq!(reader.garbage(), 0);
        prop_assert!(!reader.is_within());
        prop_assert_eq!(reader.tickets().len(), usize::from(copies));
        for ticket in reader.tickets() {
            prop_assert_eq!(ticket, &picture);
        }
    }
}
