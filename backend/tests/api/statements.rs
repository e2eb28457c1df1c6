//! Every statement of the program is understood by both engines, with the schema as it is.

use std::fs;
use std::path::Path;

use momfood_backend::store::dialect::Texts;
use momfood_backend::store::{Both, Engine};
use momfood_backend::testing::TestDb;
use sqlx::{AssertSqlSafe, Executor as _, SqlSafeStr as _};

/// The statements of all `sql!` calls below `src`, each with where it stands.
fn statements() -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut found);
    found
}

fn collect(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let code = fs::read_to_string(&path).unwrap();
            let code: String = code
                .lines()
                .map(|line| {
                    if line.trim_start().starts_with("//") {
                        "\n".into()
                    } else {
                        format!("{line}\n")
                    }
                })
                .collect();
            for (at, _) in code.match_indices("sql!(") {
                // The macro's own arms are not statements.
                if code[at..].starts_with("sql!(@") {
                    continue;
                }
                let line = code[..at].matches('\n').count() + 1;
                found.push((format!("{}:{line}", path.display()), literal(&code[at..])));
            }
        }
    }
}

/// The first string literal of `code`, its escapes resolved.
fn literal(code: &str) -> String {
    let open = code.find('"').unwrap();
    if code[..open].ends_with('#') {
        let body = &code[open + 1..];
        return body[..body.find("\"#").unwrap()].to_owned();
    }
    let mut text = String::new();
    let mut rest = code[open + 1..].chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' => return text,
            '\\' => match rest.next().unwrap() {
                'n' => text.push('\n'),
                '\n' => while rest.next_if(|c| c.is_whitespace()).is_some() {},
                other => text.push(other),
            },
            other => text.push(other),
        }
    }
    panic!("a string without an end: {code:.60}");
}

async fn prepare_all(engine: Engine) {
    let test = TestDb::new(engine).await;
    let mut faults = Vec::new();
    for (place, text) in statements() {
        let mut tx = test.db.read().await.unwrap();
        let texts = Texts::of(&text);
        let outcome = match tx.both() {
            Both::Sqlite(conn) => conn
                .prepare(AssertSqlSafe(texts.sqlite).into_sql_str())
                .await
                .map(drop),
            Both::Postgres(conn) => conn
                .prepare(AssertSqlSafe(texts.postgres).into_sql_str())
                .await
                .map(drop),
        };
        if let Err(error) = outcome {
            faults.push(format!("{place}: {error}\n    {text}"));
        }
    }
    assert!(
        faults.is_empty(),
        "{} does not understand:\n{}",
        engine.name(),
        faults.join("\n")
    );
}

#[tokio::test]
async fn sqlite_understands_every_statement() {
    prepare_all(Engine::Sqlite).await;
}

#[tokio::test]
async fn postgres_understands_every_statement() {
    prepare_all(Engine::Postgres).await;
}

#[test]
fn the_statements_are_really_found() {
    let found = statements();
    assert!(
        found.iter().any(|(_, text)| text == "select cast(1 as bigint)"),
        "{found:?}"
    );
    assert_eq!(
        literal("sql!(tx, execute, \"a \\\n        b \\\"c\\\"\")"),
        "a b \"c\""
    );
    assert_eq!(literal("sql!(tx, execute, r#\"a \"b\"\"#)"), "a \"b\"");
}

#[test]
fn no_one_reaches_the_database_around_the_store() {
    fn check(folder: &Path) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.ends_with("src/store") || path.ends_with("src/testing") {
                continue;
            }
            if path.is_dir() {
                check(&path);
            } else {
                let code = fs::read_to_string(&path).unwrap();
                for word in [
                    "sqlx::query",
                    "SqlitePool",
                    "PgPool",
                    "SqliteConnection",
                    "PgConnection",
                    ".both()",
                ] {
                    assert!(!code.contains(word), "{} says {word}", path.display());
                }
            }
        }
    }
    check(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")));
}
