//! Reads the part of Fluent our words are written in: texts, `{ $variables }`, `{ "literals" }` and choices by
//! number or name. Nothing else: no terms, attributes or functions.
//!
//! The full library weighs 35 kB (compressed) in every app, most of it plural rules of languages we do not speak and
//! tables for parsing floats. A test (`tests/words.rs`) compares this with it on every message there is.

use momfood_domain::text::Lang;

/// What a variable of a message holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    /// A count: chooses plurals.
    Number(i64),
    /// Words, or a number already written out.
    Text(String),
}

macro_rules! from_numbers {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Arg {
            fn from(n: $kind) -> Self {
                Self::Number(i64::from(n))
            }
        }
    )*};
}
from_numbers!(i8, i16, i32, i64, u8, u16, u32);

impl From<usize> for Arg {
    fn from(n: usize) -> Self {
        Self::Number(i64::try_from(n).unwrap_or(i64::MAX))
    }
}

impl From<u64> for Arg {
    fn from(n: u64) -> Self {
        Self::Number(i64::try_from(n).unwrap_or(i64::MAX))
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Arg {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

/// Variables by name.
pub type Args<'a> = &'a [(&'static str, Arg)];

/// Marks around what is put into a sentence, so that it cannot turn the sentence around.
const ISOLATE: (char, char) = ('\u{2068}', '\u{2069}');

/// Splits a file into its messages: key and pattern, as written.
pub fn messages(source: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(line) = rest.split('\n').next().filter(|_| !rest.is_empty()) {
        let begins = line.starts_with(|c: char| c.is_ascii_alphabetic());
        let (entry, after) = split_entry(rest);
        if begins && let Some((key, pattern)) = entry.split_once('=') {
            found.push((key.trim(), pattern.trim()));
        }
        rest = after;
    }
    found
}

/// A message goes on over lines that are blank, indented, or close a placeable.
fn split_entry(source: &str) -> (&str, &str) {
    let mut end = 0;
    for (index, line) in source.split_inclusive('\n').enumerate() {
        let goes_on = index == 0 || line.trim().is_empty() || line.starts_with([' ', '}']);
        if !goes_on {
            break;
        }
        end += line.len();
    }
    source.split_at(end)
}

/// Writes a pattern out.
pub fn format(lang: Lang, pattern: &str, args: Args<'_>) -> String {
    let mut out = String::new();
    write(lang, pattern, args, &mut out);
    out
}

fn write(lang: Lang, pattern: &str, args: Args<'_>, out: &mut String) {
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        text(&rest[..open], out);
        let inside = &rest[open + 1..];
        let close = closing(inside);
        let alone = rest.len() == pattern.len() && open == 0 && inside[close..].len() <= 1;
        let placeable = inside[..close].trim();
        let isolated = !alone && !placeable.starts_with('"');
        if isolated {
            out.push(ISOLATE.0);
        }
        place(lang, placeable, args, out);
        if isolated {
            out.push(ISOLATE.1);
        }
        rest = inside.get(close + 1..).unwrap_or_default();
    }
    text(rest, out);
}

/// Text, its further lines without their indent.
fn text(text: &str, out: &mut String) {
    for (index, line) in text.split('\n').enumerate() {
        if index == 0 {
            out.push_str(line);
        } else {
            out.push('\n');
            out.push_str(line.trim_start_matches(' '));
        }
    }
}

/// Where the placeable that has just been opened closes.
fn closing(inside: &str) -> usize {
    let (mut depth, mut quoted) = (0, false);
    for (at, c) in inside.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '{' if !quoted => depth += 1,
            '}' if !quoted && depth == 0 => return at,
            '}' if !quoted => depth -= 1,
            _ => {}
        }
    }
    inside.len()
}

fn place(lang: Lang, placeable: &str, args: Args<'_>, out: &mut String) {
    if let Some(literal) = placeable.strip_prefix('"') {
        out.push_str(literal.strip_suffix('"').unwrap_or(literal));
        return;
    }
    let (selector, variants) = match placeable.split_once("->") {
        Some((selector, variants)) => (selector.trim(), Some(variants)),
        None => (placeable, None),
    };
    let arg = args
        .iter()
        .find(|(name, _)| selector.strip_prefix('$') == Some(*name))
        .map(|(_, arg)| arg);
    match (variants, arg) {
        (Some(variants), arg) => write(lang, variant(lang, variants, arg), args, out),
        (None, Some(Arg::Number(n))) => out.push_str(&n.to_string()),
        (None, Some(Arg::Text(text))) => out.push_str(text),
        (None, None) => {
            out.push('{');
            out.push_str(selector);
            out.push('}');
        }
    }
}

/// The first variant that fits, or else the one marked with a star.
fn variant<'a>(lang: Lang, variants: &'a str, arg: Option<&Arg>) -> &'a str {
    let mut fallback = "";
    let mut rest = variants.trim();
    while let Some(after) = rest.strip_prefix("*[").or_else(|| rest.strip_prefix('[')) {
        let Some((key, after)) = after.split_once(']') else {
            break;
        };
        let end = variant_end(after);
        let value = after[..end].trim();
        let key = key.trim();
        let fits = match arg {
            Some(Arg::Number(n)) => key.parse() == Ok(*n) || key == plural(lang, *n),
            Some(Arg::Text(text)) => key == text,
            None => false,
        };
        if fits {
            return value;
        }
        if rest.starts_with('*') {
            fallback = value;
        }
        rest = after[end..].trim_start();
    }
    fallback
}

/// A variant ends where a line, outside of any placeable, begins another.
fn variant_end(value: &str) -> usize {
    let (mut depth, mut at) = (0_i32, 0);
    for line in value.split_inclusive('\n') {
        let begins = line.trim_start();
        if at > 0 && depth == 0 && (begins.starts_with('[') || begins.starts_with("*[")) {
            return at;
        }
        depth += line
            .chars()
            .map(|c| i32::from(c == '{') - i32::from(c == '}'))
            .sum::<i32>();
        at += line.len();
    }
    value.len()
}

/// The plural category of a whole number (CLDR 48).
const fn plural(lang: Lang, n: i64) -> &'static str {
    match (lang, n.unsigned_abs()) {
        (Lang::En | Lang::Ar, 1) => "one",
        (Lang::En, _) => "other",
        (Lang::Ar, 0) => "zero",
        (Lang::Ar, 2) => "two",
        (Lang::Ar, n) => match n % 100 {
            3..=10 => "few",
            11..=99 => "many",
            _ => "other",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# A comment = not a message.\n\ngreeting = Hello, { $name }!\nlines = One\n    two\n\ncount = { $n ->\n    [0] none\n    [one] { $n } dish\n   *[other] { $n } dishes\n} left\n";

    fn say(key: &str, args: Args<'_>) -> String {
        let found = messages(FILE);
        let (_, pattern) = found.iter().find(|(k, _)| *k == key).expect("the key is there");
        format(Lang::En, pattern, args)
    }

    #[test]
    fn what_is_put_in_is_isolated() {
        assert_eq!(
            say("greeting", &[("name", "Omar".into())]),
            "Hello, \u{2068}Omar\u{2069}!"
        );
    }

    #[test]
    fn numbers_choose_exactly_first_then_by_plural() {
        let left = |n: u32| say("count", &[("n", n.into())]);
        assert_eq!(left(0), "\u{2068}none\u{2069} left");
        assert_eq!(left(1), "\u{2068}\u{2068}1\u{2069} dish\u{2069} left");
        assert_eq!(left(7), "\u{2068}\u{2068}7\u{2069} dishes\u{2069} left");
    }

    #[test]
    fn a_message_may_have_several_lines_and_comments_are_none() {
        assert_eq!(say("lines", &[]), "One\ntwo");
        assert_eq!(messages(FILE).len(), 3);
    }

    #[test]
    fn a_missing_variable_shows_its_name_and_breaks_nothing() {
        assert_eq!(say("greeting", &[]), "Hello, \u{2068}{$name}\u{2069}!");
        assert_eq!(
            say("count", &[]),
            "\u{2068}\u{2068}{$n}\u{2069} dishes\u{2069} left"
        );
    }

    #[test]
    fn arabic_counts_in_six_ways() {
        let ways: Vec<_> = [0, 1, 2, 3, 10, 11, 99, 100, 102, 103, 111]
            .iter()
            .map(|n| plural(Lang::Ar, *n))
            .collect();
        assert_eq!(
            ways,
            [
                "zero", "one", "two", "few", "few", "many", "many", "other", "other", "few", "many"
            ]
        );
    }
}
