//! The words of a ticket in both languages, and how numbers and times are written in them. Digits are Latin in both
//! (`docs/decisions/0001-latin-digits.md`).

use momfood_domain::text::Lang;
use momfood_domain::time::{DAY, MINUTE, Timestamp};

/// Picks by language.
pub(crate) const fn either(lang: Lang, ar: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Ar => ar,
        Lang::En => en,
    }
}

/// The other language.
pub(crate) const fn other(lang: Lang) -> Lang {
    match lang {
        Lang::Ar => Lang::En,
        Lang::En => Lang::Ar,
    }
}

/// How many dishes: `5 أصناف`, `1 item`.
pub(crate) fn items(lang: Lang, count: u32) -> String {
    match (lang, count, count % 100) {
        (Lang::Ar, 0, _) => "لا أصناف".to_owned(),
        (Lang::Ar, 1, _) => "صنف واحد".to_owned(),
        (Lang::Ar, 2, _) => "صنفان".to_owned(),
        (Lang::Ar, _, 3..=10) => format!("{count} أصناف"),
        (Lang::Ar, _, 11..=99) => format!("{count} صنفًا"),
        (Lang::Ar, ..) => format!("{count} صنف"),
        (Lang::En, 1, _) => "1 item".to_owned(),
        (Lang::En, ..) => format!("{count} items"),
    }
}

/// An allergen of the menu; one that is not known stays as the owner wrote it.
pub(crate) fn allergen(lang: Lang, word: &str) -> &str {
    match word {
        "gluten" => either(lang, "غلوتين", "gluten"),
        "dairy" => either(lang, "ألبان", "dairy"),
        "nuts" => either(lang, "مكسرات", "nuts"),
        "eggs" => either(lang, "بيض", "eggs"),
        "sesame" => either(lang, "سمسم", "sesame"),
        "fish" => either(lang, "سمك", "fish"),
        "shellfish" => either(lang, "قشريات", "shellfish"),
        "soy" => either(lang, "صويا", "soy"),
        other => other,
    }
}

/// Whether a note speaks of an allergy: it is then printed as a warning. One too many harms nobody.
pub(crate) fn is_about_allergy(note: &str) -> bool {
    let note = note.to_lowercase();
    ["حساسي", "أتحسس", "اتحسس", "يتحسس", "allerg"]
        .iter()
        .any(|word| note.contains(word))
}

/// The last digits of an order's number: what people say in one kitchen.
pub(crate) fn short_number(number: &str) -> &str {
    number.rfind('-').map_or(number, |at| &number[at + 1..])
}

/// A time of day somewhere: a moment and minutes east of UTC.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Local {
    micros: i64,
}

impl Local {
    pub(crate) const fn new(at: Timestamp, utc_offset_minutes: i16) -> Self {
        let offset = utc_offset_minutes as i64 * MINUTE;
        Self {
            micros: at.0.saturating_add(offset),
        }
    }

    /// `8:28 م`, `8:28 pm`.
    pub(crate) fn time(self, lang: Lang) -> String {
        let minute = self.micros.rem_euclid(DAY) / MINUTE;
        let (hour, minute) = (minute / 60, minute % 60);
        let half = if hour < 12 {
            either(lang, "ص", "am")
        } else {
            either(lang, "م", "pm")
        };
        let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
        format!("{hour}:{minute:02}\u{A0}{half}")
    }

    /// `22/11/2026` in both languages: day, month, year.
    pub(crate) fn date(self) -> String {
        let (year, month, day) = civil(self.day());
        format!("{day:02}/{month:02}/{year}")
    }

    /// Days since 1970.
    pub(crate) const fn day(self) -> i64 {
        self.micros.div_euclid(DAY)
    }
}

/// Year, month and day of a day since 1970-01-01, as Howard Hinnant's `civil_from_days`
/// (<https://howardhinnant.github.io/date_algorithms.html>) reckons them.
const fn civil(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_restaurant() {
        let midnight_in_london = Timestamp(DAY * 20_779);
        let in_riyadh = Local::new(midnight_in_london, 180);
        assert_eq!(in_riyadh.time(Lang::En), "3:00\u{A0}am");
        assert_eq!(in_riyadh.date(), "22/11/2026");
        let in_new_york = Local::new(midnight_in_london, -300);
        assert_eq!(in_new_york.time(Lang::Ar), "7:00\u{A0}م");
        assert_eq!(in_new_york.date(), "21/11/2026");
        assert_eq!(Local::new(midnight_in_london, 0).time(Lang::En), "12:00\u{A0}am");
        assert_eq!(
            Local::new(midnight_in_london, 720).time(Lang::En),
            "12:00\u{A0}pm"
        );
    }

    #[test]
    fn leap_days_and_years_before_1970_are_known() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(-1), (1969, 12, 31));
        assert_eq!(civil(11_016), (2000, 2, 29));
        assert_eq!(civil(19_782), (2024, 2, 29));
        assert_eq!(civil(19_783), (2024, 3, 1));
    }

    #[test]
    fn arabic_counts_dishes_in_its_six_ways() {
        let words: Vec<_> = [0, 1, 2, 3, 10, 11, 100, 103, 111]
            .map(|count| items(Lang::Ar, count))
            .into();
        assert_eq!(
            words,
            [
                "لا أصناف",
                "صنف واحد",
                "صنفان",
                "3 أصناف",
                "10 أصناف",
                "11 صنفًا",
                "100 صنف",
                "103 أصناف",
                "111 صنفًا"
            ]
        );
    }

    #[test]
    fn the_last_digits_are_what_people_say() {
        assert_eq!(short_number("4821-9346"), "9346");
        assert_eq!(short_number("9346"), "9346");
    }
}
