//! Words people read, in their language.

use serde::{Deserialize, Serialize};

/// A language the product speaks. Arabic is the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "sqlx",
    derive(sqlx::Type),
    sqlx(type_name = "text", rename_all = "snake_case")
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// Arabic, written right to left.
    #[default]
    Ar,
    /// English, written left to right.
    En,
}

impl Lang {
    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Ar => "ar",
            Self::En => "en",
        }
    }

    /// The first language of an `Accept-Language` list (or a plain tag) that the product speaks.
    pub fn from_preferences(list: &str) -> Option<Self> {
        list.split(',').find_map(|entry| {
            let tag = entry.split(';').next().unwrap_or_default().trim();
            match tag.split('-').next().unwrap_or_default() {
                t if t.eq_ignore_ascii_case("ar") => Some(Self::Ar),
                t if t.eq_ignore_ascii_case("en") => Some(Self::En),
                _ => None,
            }
        })
    }
}

/// A text in one or both languages; at least one is set.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "Parts")]
pub struct LocalizedText {
    #[serde(skip_serializing_if = "Option::is_none")]
    ar: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    en: Option<String>,
}

/// No language of a [`LocalizedText`] was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a localized text needs at least one language")]
pub struct NoText;

#[derive(Deserialize)]
struct Parts {
    #[serde(default)]
    ar: Option<String>,
    #[serde(default)]
    en: Option<String>,
}

impl TryFrom<Parts> for LocalizedText {
    type Error = NoText;
    fn try_from(parts: Parts) -> Result<Self, NoText> {
        Self::new(parts.ar, parts.en)
    }
}

impl LocalizedText {
    /// Blank texts count as not set.
    pub fn new(ar: Option<String>, en: Option<String>) -> Result<Self, NoText> {
        let set = |text: Option<String>| text.filter(|t| !t.trim().is_empty());
        let (ar, en) = (set(ar), set(en));
        if ar.is_none() && en.is_none() {
            Err(NoText)
        } else {
            Ok(Self { ar, en })
        }
    }

    /// Both languages, from texts known not to be blank.
    pub fn both(ar: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            ar: Some(ar.into()),
            en: Some(en.into()),
        }
    }

    /// The text for a reader of `lang`: that language, or else the other.
    pub fn get(&self, lang: Lang) -> &str {
        let (first, second) = match lang {
            Lang::Ar => (&self.ar, &self.en),
            Lang::En => (&self.en, &self.ar),
        };
        first.as_deref().or(second.as_deref()).unwrap_or_default()
    }

    /// Whether either language contains `needle`, which must be folded by [`fold`] already.
    pub fn matches(&self, needle: &str) -> bool {
        [&self.ar, &self.en]
            .into_iter()
            .flatten()
            .any(|text| fold(text).contains(needle))
    }
}

/// Folds what a searcher does not type: case, Arabic vowel marks and tatweel, and the letters people
/// write for one another (أإآ→ا, ى→ي, ة→ه).
pub fn fold(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '\u{064B}'..='\u{0652}' | '\u{0670}' | '\u{0640}'))
        .map(|c| match c {
            'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
            'ى' => 'ي',
            'ة' => 'ه',
            c => c,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readers_language_wins_then_the_other() {
        let only_arabic = LocalizedText::new(Some("كبسة".into()), Some("  ".into())).unwrap();
        assert_eq!(only_arabic.get(Lang::En), "كبسة");
        assert_eq!(LocalizedText::both("كبسة", "Kabsa").get(Lang::En), "Kabsa");
    }

    #[test]
    fn a_text_without_any_language_is_refused() {
        assert_eq!(LocalizedText::new(None, Some(" ".into())), Err(NoText));
        assert!(serde_json::from_str::<LocalizedText>("{}").is_err());
    }

    #[test]
    fn search_ignores_case_marks_and_letters_written_for_one_another() {
        let text = LocalizedText::both("مَأكولات بحريّة", "Seafood");
        assert!(text.matches(&fold("ماكولات بحريه")));
        assert!(text.matches(&fold("SEA")));
    }

    #[test]
    fn preferences_pick_the_first_language_spoken() {
        assert_eq!(
            Lang::from_preferences("fr-FR, en-GB;q=0.8, ar;q=0.5"),
            Some(Lang::En)
        );
        assert_eq!(Lang::from_preferences("ar-SA"), Some(Lang::Ar));
        assert_eq!(Lang::from_preferences("fr"), None);
    }
}
