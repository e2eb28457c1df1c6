//! Phone numbers in E.164.

use serde::{Deserialize, Serialize};

/// A phone number in E.164, such as `+966512345678`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "String")]
pub struct Phone(String);

/// The text is no phone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a phone number: write it as +9665XXXXXXXX or 05XXXXXXXX")]
pub struct NotAPhone;

impl Phone {
    /// Reads what people type: spaces, dashes and parentheses are dropped, Arabic-Indic digits are
    /// understood, `00` means `+`, and a Saudi mobile may be written `05…` or `5…`.
    pub fn parse(text: &str) -> Result<Self, NotAPhone> {
        let mut digits = String::with_capacity(16);
        for c in text.trim().chars() {
            match c {
                // A number pasted from Arabic text has an invisible mark before its plus.
                '+' if digits.is_empty() => digits.push('+'),
                '0'..='9' => digits.push(c),
                '\u{0660}'..='\u{0669}' => digits.extend(char::from_digit(c as u32 - 0x0660, 10)),
                ' ' | '-' | '(' | ')' | '.' | '\u{200e}' | '\u{200f}' => {}
                _ => return Err(NotAPhone),
            }
        }
        let e164 = if let Some(rest) = digits.strip_prefix("00") {
            format!("+{rest}")
        } else if digits.len() == 10 && digits.starts_with("05") {
            format!("+966{}", &digits[1..])
        } else if digits.len() == 9 && digits.starts_with('5') {
            format!("+966{digits}")
        } else {
            digits
        };
        let national = e164.strip_prefix('+').ok_or(NotAPhone)?;
        let length_fits = match national.strip_prefix("966") {
            Some(saudi) => saudi.len() == 9 && !saudi.starts_with('0'),
            None => (8..=15).contains(&national.len()),
        };
        if length_fits && !national.starts_with('0') && national.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(e164))
        } else {
            Err(NotAPhone)
        }
    }

    /// The number in E.164.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Phone {
    type Error = NotAPhone;
    fn try_from(text: String) -> Result<Self, NotAPhone> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_people_type_becomes_e164() {
        for typed in [
            "+966512345678",
            "0512345678",
            "512345678",
            "00966 51-234 5678",
            "٠٥١٢٣٤٥٦٧٨",
            "\u{200e}+966512345678",
        ] {
            assert_eq!(Phone::parse(typed).unwrap().as_str(), "+966512345678", "{typed}");
        }
        assert_eq!(Phone::parse("+14155550123").unwrap().as_str(), "+14155550123");
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for typed in [
            "",
            "+",
            "hello",
            "12",
            "+96651234567",
            "+9665123456789",
            "+0512345678",
            "5+12345678",
        ] {
            assert_eq!(Phone::parse(typed), Err(NotAPhone), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn parsing_is_stable(text in "\\PC{0,24}") {
            if let Ok(phone) = Phone::parse(&text) {
                prop_assert_eq!(Phone::parse(phone.as_str()).unwrap(), phone);
            }
        }
    }
}
