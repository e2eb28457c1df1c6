//! Words in both languages, from Fluent files.
//!
//! The kit's own are in `apps/kit/i18n/{ar,en}/*.ftl`, an app's in its own folder, handed over by
//! [`crate::app::start`]. [`t!`](crate::t) reads the language signal, so that what shows words re-renders on a
//! switch. A missing key falls back to the other language, then to the key itself. Isolation marks are on: a name
//! or number put into a sentence cannot turn it around.

use std::cell::RefCell;

pub use crate::fluent::{Arg, Args};
use crate::fluent::{format, messages};
use crate::lang::{self, Lang};

/// Messages by key, sorted.
#[derive(Default)]
struct Words(Vec<(&'static str, &'static str)>);

impl Words {
    fn add(&mut self, source: &'static str) {
        self.0.extend(messages(source));
        self.0.sort_unstable_by_key(|(key, _)| *key);
    }

    fn get(&self, key: &str) -> Option<&'static str> {
        self.0
            .binary_search_by_key(&key, |(key, _)| key)
            .ok()
            .map(|at| self.0[at].1)
    }
}

struct Both {
    ar: Words,
    en: Words,
}

impl Both {
    fn of_the_kit() -> Self {
        let mut both = Self {
            ar: Words::default(),
            en: Words::default(),
        };
        both.of(Lang::Ar).add(include_str!("../i18n/ar/kit.ftl"));
        both.of(Lang::En).add(include_str!("../i18n/en/kit.ftl"));
        both.of(Lang::Ar).add(include_str!("../i18n/ar/account.ftl"));
        both.of(Lang::En).add(include_str!("../i18n/en/account.ftl"));
        both
    }

    fn of(&mut self, lang: Lang) -> &mut Words {
        match lang {
            Lang::Ar => &mut self.ar,
            Lang::En => &mut self.en,
        }
    }
}

thread_local!(static WORDS: RefCell<Both> = RefCell::new(Both::of_the_kit()));

/// Adds an app's words.
pub fn register(lang: Lang, source: &'static str) {
    WORDS.with_borrow_mut(|both| both.of(lang).add(source));
}

/// The words for `key` in the language on screen. Use [`t!`](crate::t).
pub fn words(key: &str, args: Args<'_>) -> String {
    words_in(lang::lang(), key, args)
}

/// The words for `key` in a language.
pub fn words_in(lang: Lang, key: &str, args: Args<'_>) -> String {
    WORDS.with_borrow(|both| {
        let (first, other) = match lang {
            Lang::Ar => ((Lang::Ar, &both.ar), (Lang::En, &both.en)),
            Lang::En => ((Lang::En, &both.en), (Lang::Ar, &both.ar)),
        };
        [first, other]
            .into_iter()
            .find_map(|(lang, words)| Some(format(lang, words.get(key)?, args)))
            .unwrap_or_else(|| key.to_owned())
    })
}

/// Words in the language on screen: `t!("cart-title")`, `t!("cart-items", count: n, name: who)`.
#[macro_export]
macro_rules! t {
    ($key:expr $(,)?) => { $crate::i18n::words($key, &[]) };
    ($key:expr, $($name:ident : $value:expr),+ $(,)?) => {
        $crate::i18n::words($key, &[$((stringify!($name), $crate::i18n::Arg::from($value))),+])
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_fall_back_to_the_other_language_then_to_the_key() {
        register(Lang::En, "test-only-english = Only { $n } here");
        let only = words_in(Lang::Ar, "test-only-english", &[("n", 3.into())]);
        assert_eq!(only, "Only \u{2068}3\u{2069} here");
        assert_eq!(words_in(Lang::Ar, "test-nowhere", &[]), "test-nowhere");
        assert_eq!(words_in(Lang::En, "kit-undo", &[]), "Undo");
    }
}
