//! The few places where the two engines need different words. It must stay short: a statement that would need a
//! new word here usually has a plainer form that both understand.
//!
//! | written in a statement | SQLite | PostgreSQL |
//! |---|---|---|
//! | `{for_update}` | nothing: there is one writer | `for update` |
//! | `{skip_locked}` | nothing | `for update skip locked` |
//! | `{uuids($1)}` | the elements of a JSON array of UUID texts, as a subquery | the same |
//! | `{texts($1)}` | the elements of a JSON array of texts, as a subquery | the same |
//!
//! A list is bound as `Json<Vec<…>>`: `where id in {uuids($1)}`.

/// Which database engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// One file beside the program.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

impl Engine {
    /// Its name in logs and `doctor`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// One statement in both dialects.
#[derive(Debug)]
pub struct Texts {
    /// As SQLite reads it.
    pub sqlite: String,
    /// As PostgreSQL reads it.
    pub postgres: String,
}

impl Texts {
    /// Renders a statement for both engines.
    ///
    /// # Panics
    /// When the text holds a `{word}` that is not in the table above. A test renders every statement of the program.
    pub fn of(text: &str) -> Self {
        Self {
            sqlite: render(Engine::Sqlite, text),
            postgres: render(Engine::Postgres, text),
        }
    }
}

fn render(engine: Engine, text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (word, after) = after.split_once('}').unwrap_or((after, ""));
        out.push_str(before);
        push_word(engine, word, &mut out);
        rest = after;
    }
    out.push_str(rest);
    out
}

fn push_word(engine: Engine, word: &str, out: &mut String) {
    let (name, argument) = match word.split_once('(') {
        Some((name, argument)) => (name, argument.trim_end_matches(')')),
        None => (word, ""),
    };
    let (before, after) = match (name, engine) {
        ("for_update" | "skip_locked", Engine::Sqlite) => ("", ""),
        ("for_update", Engine::Postgres) => ("for update", ""),
        ("skip_locked", Engine::Postgres) => ("for update skip locked", ""),
        ("uuids", Engine::Sqlite) => ("(select unhex(replace(value, '-', '')) from json_each(", "))"),
        ("uuids", Engine::Postgres) => ("(select value::uuid from jsonb_array_elements_text(", "))"),
        ("texts", Engine::Sqlite) => ("(select value from json_each(", "))"),
        ("texts", Engine::Postgres) => ("(select value from jsonb_array_elements_text(", "))"),
        _ => panic!("the store knows no dialect word {{{word}}}"),
    };
    out.push_str(before);
    out.push_str(argument);
    out.push_str(after);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_without_words_is_the_same_on_both() {
        let texts = Texts::of("select id from orders where id = $1");
        assert_eq!(texts.sqlite, texts.postgres);
    }

    #[test]
    fn locks_are_spoken_of_only_where_there_are_several_writers() {
        let texts = Texts::of("select id from orders {for_update} limit 1");
        assert_eq!(texts.sqlite, "select id from orders  limit 1");
        assert_eq!(texts.postgres, "select id from orders for update limit 1");
    }

    #[test]
    fn a_list_is_one_parameter() {
        let texts = Texts::of("select id from orders where id in {uuids($2)}");
        assert!(
            texts
                .postgres
                .ends_with("in (select value::uuid from jsonb_array_elements_text($2))")
        );
        assert!(texts.sqlite.ends_with("from json_each($2))"));
    }

    #[test]
    #[should_panic(expected = "knows no dialect word")]
    fn an_unknown_word_is_refused() {
        Texts::of("select {now}");
    }
}
