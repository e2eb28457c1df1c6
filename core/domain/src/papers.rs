//! Numbers on papers: bank accounts, registrations, identities, licences, plates. A check says that a number could have
//! been given out, never that it was: that is what the document beside it, and a person's eyes, are for.
//!
//! Each reads what people type: Arabic-Indic digits, blanks, dashes and marks of direction are understood, and the
//! number is given back as it is kept.

use crate::time::{DAY, MINUTE, Timestamp};

/// Countries with the length of their IBANs (ISO 13616, SWIFT's registry).
const IBAN_LENGTHS: [(&str, usize); 86] = [
    ("AD", 24),
    ("AE", 23),
    ("AL", 28),
    ("AT", 20),
    ("AZ", 28),
    ("BA", 20),
    ("BE", 16),
    ("BG", 22),
    ("BH", 22),
    ("BI", 27),
    ("BR", 29),
    ("BY", 28),
    ("CH", 21),
    ("CR", 22),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DJ", 27),
    ("DK", 18),
    ("DO", 28),
    ("EE", 20),
    ("EG", 29),
    ("ES", 24),
    ("FI", 18),
    ("FK", 18),
    ("FO", 18),
    ("FR", 27),
    ("GB", 22),
    ("GE", 22),
    ("GI", 23),
    ("GL", 18),
    ("GR", 27),
    ("GT", 28),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IL", 23),
    ("IQ", 23),
    ("IS", 26),
    ("IT", 27),
    ("JO", 30),
    ("KW", 30),
    ("KZ", 20),
    ("LB", 28),
    ("LC", 32),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("LY", 25),
    ("MC", 27),
    ("MD", 24),
    ("ME", 22),
    ("MK", 19),
    ("MN", 20),
    ("MR", 27),
    ("MT", 31),
    ("MU", 30),
    ("NI", 28),
    ("NL", 18),
    ("NO", 15),
    ("OM", 23),
    ("PK", 24),
    ("PL", 28),
    ("PS", 29),
    ("PT", 25),
    ("QA", 29),
    ("RO", 24),
    ("RS", 22),
    ("RU", 33),
    ("SA", 24),
    ("SC", 31),
    ("SD", 18),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("SO", 23),
    ("ST", 25),
    ("SV", 28),
    ("TL", 23),
    ("TN", 24),
    ("TR", 26),
    ("UA", 29),
    ("VG", 24),
    ("XK", 20),
];

/// The longest text looked at: no number is longer, however it is spaced.
const LONGEST: usize = 80;

/// A day's length and Riyadh's distance from UTC: a licence is good until the end of its last day there.
const RIYADH: i64 = 180 * MINUTE;

/// What was typed without blanks, dashes and marks of direction, its digits 0 to 9, its letters upper case.
fn plain(text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{0660}'..='\u{0669}' => plain.extend(char::from_digit(c as u32 - 0x0660, 10)),
            '\u{06F0}'..='\u{06F9}' => plain.extend(char::from_digit(c as u32 - 0x06F0, 10)),
            ' ' | '-' | '\u{00a0}' | '\u{200e}' | '\u{200f}' => {}
            c if c.is_ascii_alphanumeric() => plain.push(c.to_ascii_uppercase()),
            _ => return None,
        }
    }
    Some(plain)
}

fn digits(text: &str, length: usize) -> Option<String> {
    plain(text).filter(|plain| plain.len() == length && plain.bytes().all(|b| b.is_ascii_digit()))
}

/// An IBAN: of a known country, of that country's length, its check digits right (ISO 7064, mod 97-10).
pub fn iban(text: &str) -> Option<String> {
    let plain = plain(text)?;
    let (country, rest) = plain.split_at_checked(2)?;
    let (_, length) = IBAN_LENGTHS.iter().find(|(known, _)| *known == country)?;
    let checks = rest.get(..2)?;
    let fits = plain.len() == *length && checks.bytes().all(|b| b.is_ascii_digit());
    (fits && remainder(&plain) == 1).then_some(plain)
}

/// The number an IBAN stands for, its first four characters moved to the end, modulo 97.
fn remainder(iban: &str) -> u32 {
    let (head, tail) = iban.split_at(4);
    tail.chars().chain(head.chars()).fold(0, |sum, c| {
        let value = c.to_digit(36).unwrap_or(0);
        let shift = if value > 9 { 100 } else { 10 };
        (sum * shift + value) % 97
    })
}

/// A Saudi VAT registration: 15 digits, the first and the last of them 3.
pub fn vat_number(text: &str) -> Option<String> {
    digits(text, 15).filter(|number| number.starts_with('3') && number.ends_with('3'))
}

/// A Saudi commercial registration: 10 digits.
pub fn business_license(text: &str) -> Option<String> {
    digits(text, 10)
}

/// A Saudi national id (begins with 1) or iqama (2): 10 digits, the last checks the others (Luhn).
pub fn national_id(text: &str) -> Option<String> {
    digits(text, 10).filter(|number| number.starts_with(['1', '2']) && luhn(number))
}

/// Whether the last digit checks the others (ISO/IEC 7812-1).
fn luhn(number: &str) -> bool {
    let values = number.bytes().rev().map(|byte| u32::from(byte - b'0'));
    let sum: u32 = values
        .enumerate()
        .map(|(at, digit)| match (at % 2, digit * 2) {
            (0, _) => digit,
            (_, twice) if twice > 9 => twice - 9,
            (_, twice) => twice,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// A driving licence's number: 5 to 20 letters and digits.
pub fn license_number(text: &str) -> Option<String> {
    plain(text).filter(|number| (5..=20).contains(&number.len()))
}

/// A plate as it is read aloud: one to three letters, Arabic or Latin, then one to four digits.
pub fn is_plate(text: &str) -> bool {
    let (mut letters, mut numbers) = (0, 0);
    for c in text.chars() {
        match c {
            ' ' | '-' | '\u{0640}' | '\u{200e}' | '\u{200f}' => {}
            '0'..='9' | '\u{0660}'..='\u{0669}' => numbers += 1,
            'A'..='Z' | 'a'..='z' | '\u{0621}'..='\u{064A}' if numbers == 0 => letters += 1,
            _ => return false,
        }
    }
    (1..=3).contains(&letters) && (1..=4).contains(&numbers)
}

/// The day a date such as `2027-03-31` names, counted from 1970-01-01; `None` when there is no such day.
pub fn day(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let mut part = |length: usize| {
        let part = parts.next()?;
        let all_digits = part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
        all_digits.then(|| part.parse::<i64>().ok()).flatten()
    };
    let (year, month, day) = (part(4)?, part(2)?, part(2)?);
    if parts.next().is_some() || !(1..=12).contains(&month) || !(1..=days_in(year, month)).contains(&day) {
        return None;
    }
    // Years begin in March, so that the leap day is the last (Richards' algorithm).
    let (shifted_year, shifted_month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let of_years = 365 * shifted_year + shifted_year.div_euclid(4) - shifted_year.div_euclid(100)
        + shifted_year.div_euclid(400);
    Some(of_years + (153 * shifted_month + 2) / 5 + day - 1 - 719_468)
}

const fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Whether something good until the end of `date`, in Riyadh, is good at `now`.
pub fn is_good_until(date: &str, now: Timestamp) -> bool {
    day(date).is_some_and(|day| now.plus(RIYADH).0.div_euclid(DAY) <= day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Check digits that make it an IBAN.
    fn with_checks(country: &str, account: &str) -> String {
        let checks = 98 - remainder(&format!("{country}00{account}"));
        format!("{country}{checks:02}{account}")
    }

    #[test]
    fn ibans_of_the_registrys_examples_are_right() {
        for text in [
            "SA03 8000 0000 6080 1016 7519",
            "SA44 2000 0001 2345 6789 1234",
            "AE07 0331 2345 6789 0123 456",
            "GB29 NWBK 6016 1331 9268 19",
            "DE89 3704 0044 0532 0130 00",
            "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
            "sa03-8000-0000-6080-1016-7519",
            "SA٠٣ ٨٠٠٠ ٠٠٠٠ ٦٠٨٠ ١٠١٦ ٧٥١٩",
        ] {
            assert!(iban(text).is_some(), "{text}");
        }
        assert_eq!(
            iban("SA03 8000 0000 6080 1016 7519").as_deref(),
            Some("SA0380000000608010167519")
        );
    }

    #[test]
    fn what_is_no_iban_is_refused() {
        for text in [
            "",
            "SA",
            "SA0",
            "SA03800000006080101675199",
            "SA038000000060801016751",
            "SA0480000000608010167519",
            "XX0380000000608010167519",
            "SA03 8000 0000 6080 1016 751é",
            "ÉA0380000000608010167519",
        ] {
            assert_eq!(iban(text), None, "{text}");
        }
    }

    #[test]
    fn saudi_numbers_have_their_digits() {
        assert_eq!(vat_number("300000000000003").as_deref(), Some("300000000000003"));
        assert_eq!(vat_number("٣١٠١٢٢٣٩٣٥٠٠٠٠٣").as_deref(), Some("310122393500003"));
        for wrong in [
            "310122393500004",
            "410122393500003",
            "31012239350003",
            "3101223935000033",
        ] {
            assert_eq!(vat_number(wrong), None, "{wrong}");
        }
        assert_eq!(business_license("1010 123 456").as_deref(), Some("1010123456"));
        assert_eq!(business_license("101012345"), None);
        assert_eq!(business_license("10101234A6"), None);
        assert_eq!(national_id("1000000008").as_deref(), Some("1000000008"));
        assert_eq!(national_id("2000000006").as_deref(), Some("2000000006"));
        for wrong in ["1000000009", "3000000004", "100000008", "0000000000"] {
            assert_eq!(national_id(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn plates_are_letters_and_then_digits_in_either_script() {
        for plate in ["أ ب ح 1234", "ABJ 1234", "أ ب ج ١٢٣٤", "a 1", "هـ ر ن ٧"] {
            assert!(is_plate(plate), "{plate}");
        }
        for wrong in ["", "1234", "ABJ", "ABJD 1234", "ABJ 12345", "1234 ABJ", "A<b> 1"] {
            assert!(!is_plate(wrong), "{wrong}");
        }
    }

    #[test]
    fn days_are_counted_from_1970() {
        for (date, count) in [
            ("1970-01-01", 0),
            ("1969-12-31", -1),
            ("2000-02-29", 11_016),
            ("2027-03-31", 20_908),
            ("0000-03-01", -719_468),
        ] {
            assert_eq!(day(date), Some(count), "{date}");
        }
        for wrong in [
            "2027-02-29",
            "2027-13-01",
            "2027-00-01",
            "2027-01-00",
            "2027-1-1",
            "2027-01-01-01",
            "+027-01-01",
            "",
        ] {
            assert_eq!(day(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_licence_is_good_until_its_last_day_ends_in_riyadh() {
        let midnight = Timestamp(20_909 * DAY - RIYADH);
        assert!(is_good_until("2027-03-31", midnight.plus(-1)));
        assert!(!is_good_until("2027-03-31", midnight));
        assert!(!is_good_until("some day", midnight));
    }

    proptest! {
        #[test]
        fn an_account_with_its_check_digits_is_an_iban(number in "[0-9]{20}") {
            let text = with_checks("SA", &number);
            prop_assert_eq!(iban(&text), Some(text));
        }

        #[test]
        fn no_single_wrong_character_and_no_two_swapped_neighbours_pass(
            number in "[0-9]{20}", at in 4_usize..24, other in 0_u8..10,
        ) {
            let right = with_checks("SA", &number);
            let mut wrong = right.clone().into_bytes();
            wrong[at] = b'0' + other;
            let wrong = String::from_utf8(wrong).unwrap();
            prop_assert_eq!(iban(&wrong).is_some(), wrong == right);
            let mut swapped = right.clone().into_bytes();
            swapped.swap(at - 1, at);
            let swapped = String::from_utf8(swapped).unwrap();
            prop_assert_eq!(iban(&swapped).is_some(), swapped == right);
        }

        #[test]
        fn exactly_one_last_digit_makes_an_identity(number in "[12][0-9]{8}") {
            let right = (0..10).filter(|last| national_id(&format!("{number}{last}")).is_some()).count();
            prop_assert_eq!(right, 1);
        }

        #[test]
        fn what_was_kept_is_read_again_as_it_is(text in "\\PC{0,40}") {
            for check in [iban, vat_number, business_license, national_id, license_number] {
                if let Some(kept) = check(&text) {
                    prop_assert_eq!(check(&kept), Some(kept));
                }
            }
        }

        #[test]
        fn each_day_follows_the_one_before_it(year in 1_i64..9999, month in 1_i64..=12, of_month in 1_i64..=31) {
            let date = |year: i64, month: i64, day: i64| format!("{year:04}-{month:02}-{day:02}");
            let today = day(&date(year, month, of_month));
            prop_assert_eq!(today.is_some(), of_month <= days_in(year, month));
            if let Some(today) = today {
                let tomorrow = day(&date(year, month, of_month + 1))
                    .or_else(|| day(&date(year, month + 1, 1)))
                    .or_else(|| day(&date(year + 1, 1, 1)));
                prop_assert_eq!(tomorrow, Some(today + 1));
            }
        }
    }
}
