//! Colours people can read: the contrast of what stands on what, in both themes.
#![expect(clippy::unwrap_used, reason = "a test: what is missing should stop it")]

use std::collections::HashMap;

type Tokens = HashMap<String, [f64; 3]>;

/// Text on its ground: at least 4.5:1 (WCAG 2.2, 1.4.3).
const TEXT: &[(&str, &str)] = &[
    ("ink", "ground"),
    ("ink", "surface"),
    ("ink", "raised"),
    ("ink", "sunken"),
    ("muted", "ground"),
    ("muted", "surface"),
    ("muted", "sunken"),
    ("primary", "ground"),
    ("primary", "surface"),
    ("primary", "primary-soft"),
    ("primary-press", "primary-soft"),
    ("on-primary", "primary"),
    ("on-primary", "primary-press"),
    ("good", "ground"),
    ("good", "surface"),
    ("good", "good-soft"),
    ("on-good", "good"),
    ("warn", "ground"),
    ("warn", "surface"),
    ("warn", "warn-soft"),
    ("on-warn", "warn-fill"),
    ("bad", "ground"),
    ("bad", "surface"),
    ("bad", "bad-soft"),
    ("on-bad", "bad"),
    ("on-toast", "toast"),
    ("toast-accent", "toast"),
    ("map-label", "map-halo"),
    ("map-label", "map-land"),
    ("map-label", "map-built"),
    ("ground", "ink"),
];

/// Icons, large figures and the edges of what one touches: at least 3:1 (WCAG 2.2, 1.4.11).
const SHAPES: &[(&str, &str)] = &[
    ("edge", "surface"),
    ("edge", "ground"),
    ("star", "surface"),
    ("star", "ground"),
    ("primary", "map-built"),
    ("good", "map-built"),
    ("primary", "line"),
    ("warn", "line"),
    ("bad", "line"),
];

fn css() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/css/00-tokens.css")).unwrap()
}

/// The declarations of the block that begins with `selector`, in order.
fn block<'a>(css: &'a str, selector: &str) -> Vec<&'a str> {
    let start = css
        .find(selector)
        .unwrap_or_else(|| panic!("no block {selector}"));
    let open = start + css[start..].find('{').unwrap();
    let close = open + css[open..].find('}').unwrap();
    css[open + 1..close]
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect()
}

fn colours(lines: &[&str]) -> Tokens {
    lines
        .iter()
        .filter_map(|line| {
            let (name, value) = line.strip_prefix("--")?.split_once(": #")?;
            let hex = u32::from_str_radix(value.trim_end_matches(';'), 16).ok()?;
            let channel = |shift: u32| f64::from(hex >> shift & 0xff) / 255.0;
            Some((name.to_owned(), [channel(16), channel(8), channel(0)]))
        })
        .collect()
}

fn luminance(colour: [f64; 3]) -> f64 {
    let [r, g, b] = colour.map(|c| {
        if c <= 0.040_45 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn too_faint(theme: &str, tokens: &Tokens, pairs: &[(&str, &str)], least: f64) -> Vec<String> {
    pairs
        .iter()
        .filter_map(|(front, back)| {
            let colour = |name: &str| {
                *tokens
                    .get(name)
                    .unwrap_or_else(|| panic!("{theme} has no --{name}"))
            };
            let ratio = contrast(colour(front), colour(back));
            (ratio < least)
                .then(|| format!("{theme}: --{front} on --{back} is {ratio:.2}:1, needs {least}:1"))
        })
        .collect()
}

#[test]
fn black_on_white_is_twenty_one_to_one() {
    assert!((contrast([0.0; 3], [1.0; 3]) - 21.0).abs() < 1e-9);
}

#[test]
fn every_text_and_every_icon_can_be_read_in_both_themes() {
    let css = css();
    let mut faint = Vec::new();
    for theme in ["light", "dark"] {
        let tokens = colours(&block(&css, &format!(":root[data-theme=\"{theme}\"]")));
        faint.extend(too_faint(theme, &tokens, TEXT, 4.5));
        faint.extend(too_faint(theme, &tokens, SHAPES, 3.0));
    }
    assert!(faint.is_empty(), "{}", faint.join("\n"));
}

#[test]
fn a_device_set_to_dark_gets_the_same_dark() {
    let css = css();
    assert_eq!(
        block(&css, ":root[data-theme=\"dark\"]"),
        block(&css, ":root:not([data-theme])")
    );
}

#[test]
fn no_style_of_the_kit_names_a_colour_or_a_side() {
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/css")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name == "00-tokens.css" {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for (number, line) in text.lines().enumerate() {
            let here = format!("{name}:{}: {line}", number + 1);
            assert!(!line.contains(": #"), "a colour outside the tokens: {here}");
            for side in [
                "margin-left",
                "margin-right",
                "padding-left",
                "padding-right",
                "border-left",
                "border-right",
                "text-align: left",
                "text-align: right",
            ] {
                assert!(!line.contains(side), "a physical side: {here}");
            }
            // The map's ground has no reading direction; everything else does.
            if name != "30-map.css" {
                assert!(
                    !line.trim_start().starts_with("left:") && !line.trim_start().starts_with("right:"),
                    "a physical side: {here}"
                );
            }
        }
    }
}
