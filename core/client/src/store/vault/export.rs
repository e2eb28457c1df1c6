//! A vault as JSON, for support. Reads whatever tables there are, so that a vault of a newer program, or what is legible
//! of a damaged one, can be handed over too. It must never hand over the push key.

use core::fmt::Write as _;

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde_json::{Map, Value, json};

use crate::store::error::StoreError;

/// Longest bytes written out; of longer ones only how many they are.
const LONGEST: usize = 64;

/// Every table with all its rows.
pub fn everything(connection: &Connection) -> Result<Value, StoreError> {
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let mut names = connection.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )?;
    let names: Vec<String> = names.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut tables = Map::new();
    for name in names {
        let rows = match table(connection, &name) {
            Ok(rows) => rows,
            Err(error) => json!({ "unreadable": error.to_string() }),
        };
        tables.insert(name, rows);
    }
    Ok(json!({ "version": version, "tables": tables }))
}

fn table(connection: &Connection, name: &str) -> Result<Value, StoreError> {
    let mut statement = connection.prepare(&format!("SELECT * FROM \"{}\"", name.replace('"', "\"\"")))?;
    let columns: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
    let mut found = statement.query([])?;
    let mut rows = Vec::new();
    loop {
        let row = match found.next() {
            Ok(Some(row)) => row,
            Ok(None) => break,
            // What came before it is worth having.
            Err(error) => {
                rows.push(json!({ "unreadable": error.to_string() }));
                break;
            }
        };
        let mut entry = Map::new();
        for (place, column) in columns.iter().enumerate() {
            let value = if column == "push_key" {
                Value::from("secret")
            } else {
                say(row.get_ref(place)?)
            };
            entry.insert(column.clone(), value);
        }
        rows.push(Value::Object(entry));
    }
    Ok(Value::Array(rows))
}

fn say(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::from(number),
        ValueRef::Real(number) => Value::from(number),
        ValueRef::Text(text) => Value::from(String::from_utf8_lossy(text)),
        ValueRef::Blob(bytes) if bytes.len() > LONGEST => json!({ "bytes": bytes.len() }),
        ValueRef::Blob(bytes) => {
            let mut text = String::new();
            for byte in bytes {
                // Writing into a String cannot fail.
                let _ = write!(text, "{byte:02x}");
            }
            Value::from(text)
        }
    }
}
