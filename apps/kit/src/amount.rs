//! Amounts as typed into a field, both scripts understood. Never through a float.

/// Reads `12.5` with `digits` minor digits as minor units; nothing else than a plain amount is read.
pub fn minor_units(typed: &str, digits: u32) -> Option<i64> {
    let plain: String = typed
        .trim()
        .chars()
        .map(|c| match c {
            '\u{0660}'..='\u{0669}' => char::from_digit(u32::from(c) - 0x0660, 10).unwrap_or(c),
            ',' | '\u{066B}' => '.',
            c => c,
        })
        .collect();
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = digits as usize;
    let only_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || part.len() > digits || !only_digits(whole) || !only_digits(part) {
        return None;
    }
    format!("{whole}{part:0<digits$}").parse().ok()
}

/// Minor units as one would type them: `12.50`; without digits that say nothing: `12`.
pub fn typed(minor: i64, digits: u32) -> String {
    let scale = 10_i64.pow(digits);
    match (minor / scale, minor % scale) {
        (whole, 0) => whole.to_string(),
        (whole, part) => format!("{whole}.{part:0width$}", width = digits as usize),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_amount_becomes_minor_units_and_nonsense_nothing() {
        assert_eq!(minor_units("42", 2), Some(4200));
        assert_eq!(minor_units("٤٢٫٥", 2), Some(4250));
        assert_eq!(minor_units("1.234", 3), Some(1234));
        for wrong in ["", ".", ".5", "-1", "1.234", "1e3", "12x"] {
            assert_eq!(minor_units(wrong, 2), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_shown_in_the_field_is_read_back_as_the_same_amount() {
        for (minor, digits) in [(0, 2), (5, 2), (4200, 2), (4250, 2), (1_234, 3), (1_000, 3)] {
            assert_eq!(minor_units(&typed(minor, digits), digits), Some(minor));
        }
        assert_eq!(typed(4200, 2), "42");
    }
}
