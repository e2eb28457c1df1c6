//! Both languages say the same things: the same keys with the same variables in every `.ftl` of every app, all six
//! plural categories in Arabic, and no key on a screen that no file has.
#![expect(clippy::unwrap_used, reason = "a test: what is missing should stop it")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{
    CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey,
};

type Message = (BTreeSet<String>, Vec<BTreeSet<String>>);

fn apps() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn files(dir: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("target") {
            files(&path, extension, found);
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
}

fn inline(expression: &InlineExpression<String>, message: &mut Message) {
    let arguments = |arguments: &CallArguments<String>, message: &mut Message| {
        arguments
            .positional
            .iter()
            .for_each(|argument| inline(argument, message));
    };
    match expression {
        InlineExpression::VariableReference { id } => {
            message.0.insert(id.name.clone());
        }
        InlineExpression::Placeable { expression } => self::expression(expression, message),
        InlineExpression::FunctionReference { arguments: a, .. } => arguments(a, message),
        _ => {}
    }
}

fn expression(expression: &Expression<String>, message: &mut Message) {
    match expression {
        Expression::Inline(it) => inline(it, message),
        Expression::Select { selector, variants } => {
            inline(selector, message);
            let keys = variants.iter().map(|variant| match &variant.key {
                VariantKey::Identifier { name } => name.clone(),
                VariantKey::NumberLiteral { value } => value.clone(),
            });
            message.1.push(keys.collect());
            for variant in variants {
                pattern(&variant.value, message);
            }
        }
    }
}

fn pattern(pattern: &Pattern<String>, message: &mut Message) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression: it } = element {
            expression(it, message);
        }
    }
}

fn messages(path: &Path) -> BTreeMap<String, Message> {
    let source = std::fs::read_to_string(path).unwrap();
    let resource = fluent_syntax::parser::parse(source)
        .unwrap_or_else(|(_, errors)| panic!("{} does not parse: {errors:?}", path.display()));
    let mut found = BTreeMap::new();
    for entry in resource.body {
        match entry {
            Entry::Message(message) => {
                let mut parts = Message::default();
                if let Some(value) = &message.value {
                    pattern(value, &mut parts);
                }
                let twice = found.insert(message.id.name.clone(), parts);
                assert!(
                    twice.is_none(),
                    "{}: {} is there twice",
                    path.display(),
                    message.id.name
                );
            }
            Entry::Junk { content } => panic!("{}: cannot be read: {content}", path.display()),
            _ => {}
        }
    }
    found
}

/// Pairs of `…/i18n/ar/x.ftl` and `…/i18n/en/x.ftl`.
fn pairs() -> Vec<(PathBuf, PathBuf)> {
    let mut all = Vec::new();
    files(&apps(), "ftl", &mut all);
    assert!(!all.is_empty(), "there are no words at all");
    let other = |path: &Path, lang: &str| {
        path.parent()
            .unwrap()
            .parent()
            .unwrap()
            .join(lang)
            .join(path.file_name().unwrap())
    };
    let both: BTreeSet<_> = all
        .iter()
        .map(|path| (other(path, "ar"), other(path, "en")))
        .collect();
    both.into_iter().collect()
}

#[test]
fn both_languages_have_the_same_keys_with_the_same_variables() {
    for (ar, en) in pairs() {
        let (in_arabic, in_english) = (messages(&ar), messages(&en));
        let keys = |messages: &BTreeMap<String, Message>| messages.keys().cloned().collect::<BTreeSet<_>>();
        let differ: Vec<_> = keys(&in_arabic)
            .symmetric_difference(&keys(&in_english))
            .cloned()
            .collect();
        assert!(
            differ.is_empty(),
            "{}: only one language has {differ:?}",
            ar.display()
        );
        for (key, (variables, _)) in &in_english {
            assert_eq!(variables, &in_arabic[key].0, "{key} of {}", ar.display());
        }
    }
}

#[test]
fn arabic_counts_in_all_six_ways() {
    let all: BTreeSet<String> = ["zero", "one", "two", "few", "many", "other"]
        .map(str::to_owned)
        .into();
    for (ar, _) in pairs() {
        for (key, (_, choices)) in messages(&ar) {
            for choice in choices
                .iter()
                .filter(|choice| choice.contains("one") || choice.contains("few"))
            {
                assert_eq!(choice, &all, "{key} of {}", ar.display());
            }
        }
    }
}

#[test]
fn an_app_words_do_not_hide_those_of_another() {
    let mut seen = BTreeMap::new();
    for (_, en) in pairs() {
        for key in messages(&en).into_keys() {
            // Apps never run together: only the kit's words meet every app's.
            if en.starts_with(apps().join("kit")) {
                seen.insert(key, en.clone());
            } else {
                assert!(!seen.contains_key(&key), "{key} of {} is the kit's", en.display());
            }
        }
    }
}

/// The keys of all `t!("…")` in a source (and not what `format!("…")` and the like hold).
fn keys_in(source: &str) -> impl Iterator<Item = &str> {
    source
        .match_indices("t!(\"")
        .filter(|(at, _)| !source[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        .filter_map(|(at, needle)| source[at + needle.len()..].split('"').next())
}

#[test]
fn every_key_on_a_screen_is_in_a_file() {
    let mut shared = Vec::new();
    files(&apps().join("kit/i18n/en"), "ftl", &mut shared);
    let kit: BTreeSet<String> = shared
        .iter()
        .flat_map(|path| messages(path).into_keys())
        .collect();
    for app in std::fs::read_dir(apps()).unwrap() {
        let app = app.unwrap().path();
        let (mut sources, mut words) = (Vec::new(), Vec::new());
        files(&app.join("src"), "rs", &mut sources);
        files(&app.join("i18n/en"), "ftl", &mut words);
        let own: BTreeSet<String> = words.iter().flat_map(|path| messages(path).into_keys()).collect();
        for path in sources {
            let source = std::fs::read_to_string(&path).unwrap();
            let code = source
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .collect::<Vec<_>>()
                .join("\n");
            for key in keys_in(&code) {
                assert!(
                    kit.contains(key) || own.contains(key),
                    "{}: no words for {key}",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn our_reader_says_what_fluent_says() {
    use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
    use momfood_kit::fluent::{self, Arg};
    use momfood_kit::lang::Lang;

    for (ar, en) in pairs() {
        for (lang, path) in [(Lang::Ar, ar), (Lang::En, en)] {
            let source: &'static str = std::fs::read_to_string(&path).unwrap().leak();
            let mut bundle = FluentBundle::new(vec![
                lang.tag().parse::<unic_langid::LanguageIdentifier>().unwrap(),
            ]);
            bundle
                .add_resource(FluentResource::try_new(source.to_owned()).unwrap())
                .unwrap();
            let ours = fluent::messages(source);
            let theirs = messages(&path);
            assert_eq!(ours.len(), theirs.len(), "{}", path.display());
            for (key, pattern) in ours {
                let values = [0, 1, 2, 3, 11, 100, 1_000].map(Arg::Number);
                for value in values
                    .into_iter()
                    .chain([Arg::Text("نص text".to_owned()), Arg::Text("card".to_owned())])
                {
                    let mut args = FluentArgs::new();
                    let mut own = Vec::new();
                    for name in &theirs[key].0 {
                        let name: &'static str = name.clone().leak();
                        own.push((name, value.clone()));
                        match &value {
                            Arg::Number(n) => args.set(name, *n),
                            Arg::Text(text) => args.set(name, text.clone()),
                        }
                    }
                    let message = bundle
                        .get_message(key)
                        .unwrap_or_else(|| panic!("{}: {key}", path.display()));
                    let said = bundle.format_pattern(message.value().unwrap(), Some(&args), &mut Vec::new());
                    assert_eq!(
                        fluent::format(lang, pattern, &own),
                        said,
                        "{key} of {} with {value:?}",
                        path.display()
                    );
                }
            }
        }
    }
}
