//! Words in both languages, from Fluent files.
//!
//! The kit's own are in `apps/kit/i18n/{ar,en}/*.ftl`, an app's in its own folder, handed over by
//! [`crate::app::start`]. [`t!`](crate::t) reads the language signal, so that what shows words re-renders on a
//! switch. A missing key falls back to the other language, then to the key itself. Isolation marks are on: a name
//! or number put into a sentence cannot turn it around.

use std::cell::RefCell;

use fluent_bundle::{FluentBundle, FluentResource};
use unic_langid::LanguageIdentifier;

use crate::lang::{self, Lang};

#[doc(hidden)]
pub use fluent_bundle::FluentArgs;

struct Bundles {
    ar: FluentBundle<FluentResource>,
    en: FluentBundle<FluentResource>,
}

impl Bundles {
    fn of_the_kit() -> Self {
        let mut bundles = Self {
            ar: empty(Lang::Ar),
            en: empty(Lang::En),
        };
        bundles.add(Lang::Ar, include_str!("../i18n/ar/kit.ftl"));
        bundles.add(Lang::En, include_str!("../i18n/en/kit.ftl"));
        bundles
    }

    fn get(&self, lang: Lang) -> &FluentBundle<FluentResource> {
        match lang {
            Lang::Ar => &self.ar,
            Lang::En => &self.en,
        }
    }

    fn add(&mut self, lang: Lang, source: &str) {
        // What does not parse is skipped here; a test of the repository refuses such a file.
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(good, _)| good);
        match lang {
            Lang::Ar => self.ar.add_resource_overriding(resource),
            Lang::En => self.en.add_resource_overriding(resource),
        }
    }
}

fn empty(lang: Lang) -> FluentBundle<FluentResource> {
    let id: LanguageIdentifier = lang.tag().parse().unwrap_or_default();
    FluentBundle::new(vec![id])
}

thread_local!(static BUNDLES: RefCell<Bundles> = RefCell::new(Bundles::of_the_kit()));

/// Adds an app's words.
pub fn register(lang: Lang, source: &str) {
    BUNDLES.with_borrow_mut(|bundles| bundles.add(lang, source));
}

/// The words for `key` in the language on screen. Use [`t!`](crate::t).
pub fn words(key: &str, args: Option<&FluentArgs<'_>>) -> String {
    words_in(lang::lang(), key, args)
}

/// The words for `key` in a language.
pub fn words_in(lang: Lang, key: &str, args: Option<&FluentArgs<'_>>) -> String {
    let other = if lang == Lang::Ar { Lang::En } else { Lang::Ar };
    BUNDLES.with_borrow(|bundles| {
        [lang, other]
            .into_iter()
            .find_map(|lang| {
                let bundle = bundles.get(lang);
                let pattern = bundle.get_message(key)?.value()?;
                // Errors are missing arguments; Fluent then shows the argument's name, and a test catches it.
                Some(bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned())
            })
            .unwrap_or_else(|| key.to_owned())
    })
}

/// Words in the language on screen: `t!("cart-title")`, `t!("cart-items", count: n, name: who)`.
#[macro_export]
macro_rules! t {
    ($key:expr $(,)?) => { $crate::i18n::words($key, None) };
    ($key:expr, $($name:ident : $value:expr),+ $(,)?) => {{
        let mut args = $crate::i18n::FluentArgs::new();
        $(args.set(stringify!($name), $value);)+
        $crate::i18n::words($key, Some(&args))
    }};
}
