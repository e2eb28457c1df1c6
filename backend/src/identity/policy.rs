//! Which passwords may be chosen: of 8 to 200 characters, none that is tried first by whoever guesses, none that says its
//! owner's name or email, or ours. Anything else goes: no rules about kinds of characters, and spaces are welcome.
//!
//! A password is compared and hashed exactly as it was typed; it is never trimmed, cut, folded or normalised. Its
//! characters are Unicode scalar values. Only for the comparison with what is easy to guess it is folded.

use std::sync::LazyLock;

use super::error::Refusal;
use super::password::{LONGEST, SHORTEST};

/// Passwords of eight characters and more that are tried first, sorted: see `common_passwords.md`.
static COMMON: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// What says nothing in a password of ours.
const OURS: [&str; 4] = ["momfood", "mom food", "مامفود", "مام فود"];
/// Characters that must be left when what says nothing is taken away.
const LEFT: usize = 6;
/// Shorter names are part of too many words.
const NAME: usize = 3;

/// Whether `password` may be chosen by somebody known as `own`: names and email. Out of bounds is `invalid_input`, easy
/// to guess is `password_weak`.
pub fn check(password: &str, own: &[&str]) -> Result<(), Refusal> {
    if !(SHORTEST..=LONGEST).contains(&password.chars().count()) {
        return Err(Refusal::Invalid("password"));
    }
    let folded = fold(password);
    let compact: String = folded.chars().filter(|c| !c.is_whitespace()).collect();
    let is_weak = is_common(&folded)
        || is_common(&compact)
        || repeats(&compact)
        || runs(&compact)
        || says_only(&folded, own);
    if is_weak {
        Err(Refusal::PasswordWeak)
    } else {
        Ok(())
    }
}

fn is_common(folded: &str) -> bool {
    COMMON.binary_search(&folded).is_ok()
}

/// Lower case, with the digits of other scripts as ASCII.
fn fold(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .map(|c| super::digits::digit(c).unwrap_or(c))
        .collect()
}

/// Whether it is one piece of up to four characters over and over.
fn repeats(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=4).any(|piece| chars.iter().zip(chars.iter().skip(piece)).all(|(a, b)| a == b))
}

/// Whether it counts up or down from beginning to end: `23456789`, `hgfedcba`.
fn runs(text: &str) -> bool {
    let points: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
    [1, -1].iter().any(|step| {
        points.windows(2).all(|pair| match pair {
            // 0 comes after 9, as on a keyboard.
            [a, b] => b - a == *step || (*a, *b) == (57, 48),
            _ => true,
        })
    })
}

/// Whether hardly anything is left without our name, their names and their email.
fn says_only(folded: &str, own: &[&str]) -> bool {
    let mut words: Vec<String> = OURS.iter().map(|word| (*word).to_owned()).collect();
    for one in own {
        let one = fold(one);
        words.extend(one.split(|c: char| !c.is_alphanumeric()).map(str::to_owned));
        words.extend(one.split_once('@').map(|(local, _)| local.to_owned()));
        words.push(one);
    }
    words.retain(|word| word.chars().count() >= NAME);
    // The longest first: what is left of an email must not be a part of it.
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    let mut left = folded.to_owned();
    let mut said = false;
    for word in words {
        if left.contains(&word) {
            said = true;
            left = left.replace(&word, "");
        }
    }
    said && left.chars().filter(|c| c.is_alphanumeric()).count() < LEFT
}

#[cfg(test)]
mod tests {
    use super::*;

    const SARA: [&str; 3] = ["sara.q@example.com", "سارة", "Al Qahtani"];

    fn weak(password: &str) -> bool {
        matches!(check(password, &SARA), Err(Refusal::PasswordWeak))
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        assert!(COMMON.len() > 10_000 && COMMON.is_sorted());
        for common in [
            "password",
            "Password1",
            "12345678",
            "١٢٣٤٥٦٧٨",
            "QWERTYUIOP",
            "iloveyou",
            "pass word",
            "aaaaaaaa",
            "abcabcabc",
            "ababababab",
            "كلكلكلكل",
            "23456789",
            "98765432",
            "abcdefgh",
            "1234567890",
        ] {
            assert!(weak(common), "{common}");
        }
    }

    #[test]
    fn ones_own_name_and_ours_are_no_secret() {
        for own in [
            "momfood2026",
            "MomFood!!",
            "مام فود 1",
            "sara.q@example.com",
            "sara.q12",
            "qahtani99",
            "Al Qahtani",
            "سارة١٢٣٤٥",
            "momfood-sara",
            "example.com",
        ] {
            assert!(weak(own), "{own}");
        }
    }

    #[test]
    fn anything_else_goes() {
        for good in [
            "not-a-secret",
            "a long secret",
            "momfood makes me very hungry",
            "كبسة الجمعة عند جدتي",
            "🥘🥘🍚🍗🌶🥗🍋🧂",
            "saraswati-temple-1987",
            "correct horse battery staple",
        ] {
            assert!(check(good, &SARA).is_ok(), "{good}");
        }
        assert!(check(&"تفاحة ".repeat(33), &SARA).is_ok());
    }

    #[test]
    fn characters_are_counted_and_not_bytes() {
        let refused = |password: &str| matches!(check(password, &[]), Err(Refusal::Invalid("password")));
        assert!(refused("كبسةلذي"), "seven");
        assert!(!refused("كبسةلذيذ"), "eight, of sixteen bytes");
        assert!(refused(&"كبسة ".repeat(41)), "205");
        assert!(refused(""));
    }
}
