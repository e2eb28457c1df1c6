//! Digits as people type them.

/// The digits of `text` as ASCII: Arabic-Indic and Persian ones too, without blanks, dashes and the invisible marks that
/// come along when copied from Arabic text. `None` when anything else is in it.
pub fn digits(text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    text.chars()
        .filter(|sign| !is_between(*sign))
        .map(digit)
        .collect()
}

/// Bytes beyond which nobody typed it.
const LONGEST: usize = 100;

/// What may stand between digits and says nothing.
pub fn is_between(sign: char) -> bool {
    sign.is_whitespace()
        || matches!(sign, '-' | '\u{2010}'..='\u{2015}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}')
}

/// An ASCII digit for one of any of the three scripts.
pub fn digit(sign: char) -> Option<char> {
    let zero = match sign {
        '0'..='9' => '0',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        _ => return None,
    };
    char::from_digit(u32::from(sign) - u32::from(zero), 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_read_in_every_script_they_are_typed_in() {
        for text in [
            "123456",
            "١٢٣٤٥٦",
            "۱۲۳۴۵۶",
            " 123 456 ",
            "123-456",
            "\u{200f}١٢٣ ٤٥٦\u{200e}",
        ] {
            assert_eq!(digits(text).as_deref(), Some("123456"), "{text}");
        }
        for text in ["12345a", "①②③④⑤⑥", "१२३४५६", "12.456"] {
            assert_eq!(digits(text), None, "{text}");
        }
        assert_eq!(digits(&"1".repeat(101)), None);
    }
}
