//! Both engines have the same schema, and a schema that is not ours is left alone.

use std::collections::BTreeMap;

use momfood_backend::both;
use momfood_backend::store::migrate::{SchemaError, names};
use momfood_backend::store::{Db, Engine, Open, sql};
use momfood_backend::testing::TestDb;

/// Table → column → whether it may be null.
type Schema = BTreeMap<String, BTreeMap<String, bool>>;

async fn schema(db: &Db) -> Schema {
    let mut tx = db.read().await.unwrap();
    let rows = match db.engine() {
        Engine::Sqlite => sql!(&mut tx, fetch_all as (String, String, bool),
            "select t.name, c.name, c.\"notnull\" = 0 and c.pk = 0 from sqlite_schema t join pragma_table_info(t.name) c \
             where t.type = 'table' and t.name not like 'sqlite_%' and t.name not like '\\_sqlx%' escape '\\'"),
        Engine::Postgres => sql!(&mut tx, fetch_all as (String, String, bool),
            "select table_name::text, column_name::text, is_nullable = 'YES' from information_schema.columns \
             where table_schema = 'public' and table_name not like '\\_sqlx%'"),
    }
    .unwrap();
    let mut schema = Schema::new();
    for (table, column, nullable) in rows {
        schema.entry(table).or_default().insert(column, nullable);
    }
    schema
}

#[tokio::test]
async fn both_engines_have_the_same_tables_columns_and_nulls() {
    let (sqlite, postgres) = (
        TestDb::new(Engine::Sqlite).await,
        TestDb::new(Engine::Postgres).await,
    );
    let (sqlite, postgres) = (schema(&sqlite.db).await, schema(&postgres.db).await);
    let tables = |schema: &Schema| schema.keys().cloned().collect::<Vec<_>>();
    assert_eq!(tables(&sqlite), tables(&postgres));
    for (table, columns) in &sqlite {
        assert_eq!(columns, &postgres[table], "columns of {table}");
    }
}

#[test]
fn both_engines_have_the_same_migrations() {
    assert_eq!(names(Engine::Sqlite), names(Engine::Postgres));
    assert!(
        names(Engine::Sqlite).iter().all(|name| name.len() > 5),
        "{:?}",
        names(Engine::Sqlite)
    );
}

#[tokio::test]
async fn every_sqlite_table_is_strict() {
    let test = TestDb::new(Engine::Sqlite).await;
    let mut tx = test.db.read().await.unwrap();
    let loose = sql!(
        &mut tx,
        fetch_all as (String,),
        "select name from pragma_table_list where type = 'table' and strict = 0 \
         and name not like 'sqlite_%' and name not like '\\_sqlx%' escape '\\'"
    );
    assert!(loose.as_ref().unwrap().is_empty(), "{loose:?}");
}

both! {
    async fn migrating_twice_changes_nothing(test: TestDb) {
        let before = schema(&test.db).await;
        test.db.migrate().await.unwrap();
        assert_eq!(schema(&test.db).await, before);
        let standing = test.db.standing().await.unwrap();
        assert_eq!(standing.applied, standing.known);
    }

    async fn a_database_from_the_future_is_refused(test: TestDb) {
        let write = test.db.write(async |mut tx| {
            sql!(&mut tx, execute,
                "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
                 values (9999, 'from a later program', true, $1, 1)", vec![1_u8, 2, 3])
        });
        write.await.unwrap();
        assert!(matches!(test.db.migrate().await, Err(SchemaError::FromTheFuture(9999))));
    }

    async fn a_migration_that_was_edited_after_the_fact_is_refused(test: TestDb) {
        let write = test.db.write(async |mut tx| {
            sql!(&mut tx, execute, "update _sqlx_migrations set checksum = $1", vec![1_u8, 2, 3])
        });
        write.await.unwrap();
        assert!(matches!(test.db.migrate().await, Err(SchemaError::Changed(_))));
    }
}

#[tokio::test]
async fn an_empty_database_stands_at_nothing() {
    let folder = momfood_backend::testing::Folder::new("standing");
    let url = format!("sqlite:{}", folder.path().join("new.db").display());
    let db = Open {
        url: &url,
        readers: 1,
        connections: 1,
    }
    .connect()
    .await
    .unwrap();
    assert_eq!(db.standing().await.unwrap().applied, 0);
    db.close().await;
}
