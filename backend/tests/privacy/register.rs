//! Nothing is kept of which nobody has said what it means for people.

use std::collections::{BTreeMap, BTreeSet};

use momfood_backend::both;
use momfood_backend::privacy::register::{Erasing, Export, REGISTER, of};
use momfood_backend::store::{Db, Engine, sql};
use momfood_backend::testing::TestDb;

/// Table → its columns.
pub async fn schema(db: &Db) -> BTreeMap<String, BTreeSet<String>> {
    let mut tx = db.read().await.unwrap();
    let rows = match db.engine() {
        Engine::Sqlite => sql!(
            &mut tx,
            fetch_all as (String, String),
            "select t.name, c.name from sqlite_schema t join pragma_table_info(t.name) c where t.type = 'table'
                and t.name not like 'sqlite_%' and t.name not like '\\_sqlx%' escape '\\'"
        ),
        Engine::Postgres => sql!(
            &mut tx,
            fetch_all as (String, String),
            "select table_name::text, column_name::text from information_schema.columns
             where table_schema = 'public' and table_name not like '\\_sqlx%'"
        ),
    };
    let mut schema: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (table, column) in rows.unwrap() {
        schema.entry(table).or_default().insert(column);
    }
    schema
}

/// Columns that refer to a row of `users`.
async fn references(db: &Db) -> Vec<(String, String)> {
    let mut tx = db.read().await.unwrap();
    match db.engine() {
        Engine::Sqlite => sql!(
            &mut tx,
            fetch_all as (String, String),
            "select t.name, k.\"from\" from sqlite_schema t join pragma_foreign_key_list(t.name) k
             where t.type = 'table' and k.\"table\" = 'users'"
        ),
        Engine::Postgres => sql!(
            &mut tx,
            fetch_all as (String, String),
            "select c.conrelid::regclass::text, a.attname::text from pg_constraint c
             join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any (c.conkey)
             where c.contype = 'f' and c.confrelid = 'users'::regclass"
        ),
    }
    .unwrap()
}

/// What columns that name a person are called, whether or not they refer to one.
const NAMES: [&str; 10] = [
    "person",
    "actor",
    "user_id",
    "customer_id",
    "driver_id",
    "owner_id",
    "holder",
    "invited_by",
    "accepted_by",
    "decided_by",
];

both! {
    async fn every_table_and_column_is_in_the_register(test: TestDb) {
        let mut faults = Vec::new();
        let schema = schema(&test.db).await;
        for (table, columns) in &schema {
            let Some(held) = of(table) else {
                faults.push(format!("the table {table} is not in it"));
                continue;
            };
            let said: BTreeSet<String> = held.names().map(str::to_owned).collect();
            for new in columns.difference(&said) {
                faults.push(format!("{table}.{new} is not in it"));
            }
            for gone in said.difference(columns) {
                faults.push(format!("{table}.{gone} is no column"));
            }
        }
        for held in REGISTER {
            if !schema.contains_key(held.table) {
                faults.push(format!("{} is no table", held.table));
            }
        }
        assert!(faults.is_empty(), "backend/src/privacy/register.rs: say what it means for people (in their archive? \
            gone when they are erased?), and do it in export.rs and erase.rs:\n{}", faults.join("\n"));
    }

    async fn whatever_names_a_person_says_what_becomes_of_it(test: TestDb) {
        let mut named = references(&test.db).await;
        for (table, columns) in schema(&test.db).await {
            named.extend(NAMES.iter().filter(|name| columns.contains(**name)).map(|name| (table.clone(), (*name).to_owned())));
        }
        for (table, column) in named {
            let held = of(&table).unwrap();
            assert!(held.people().any(|person| person == column), "{table}.{column} names a person");
        }
    }
}

#[test]
fn every_word_of_the_register_has_a_reason() {
    for held in REGISTER {
        match held.export {
            Export::In(file, why) => {
                assert!(!file.is_empty(), "{}", held.table);
                assert_eq!(
                    held.leaves_out(),
                    !why.is_empty(),
                    "{}: what is left out has a reason",
                    held.table
                );
            }
            Export::Not(why) => assert!(!why.is_empty(), "{}", held.table),
        }
        if let Erasing::Stays(why) = held.erasing {
            assert!(!why.is_empty(), "{}", held.table);
        }
    }
}
