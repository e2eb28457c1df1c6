//! The hash that ties an entry to all before it. What is hashed is written here, byte by byte, so that anybody can
//! recompute it from the table: it never changes for entries that are sealed.

use crate::hex::hex;
use momfood_domain::time::Timestamp;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// SHA-256.
pub type Hash = [u8; 32];

/// What stands before the first entry.
pub const START: Hash = [0; 32];

/// An entry as the table has it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Line {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Option<Uuid>,
    /// In which role.
    pub role: String,
    /// What was done.
    pub action: String,
    /// To what kind of thing.
    pub subject: String,
    /// To which one.
    pub subject_id: Option<Uuid>,
    /// JSON, as the database writes it.
    pub detail: String,
}

/// The hash over `line`, sealed as `number`, and all before it, whose hash is `before`.
pub fn next(before: &Hash, number: i64, line: &Line) -> Hash {
    let mut bytes = Vec::with_capacity(256);
    bytes.extend_from_slice(b"momfood audit 1\0");
    bytes.extend_from_slice(before);
    bytes.extend_from_slice(&number.to_be_bytes());
    bytes.extend_from_slice(line.id.as_bytes());
    bytes.extend_from_slice(&line.at.0.to_be_bytes());
    for id in [line.actor, line.subject_id] {
        bytes.push(u8::from(id.is_some()));
        bytes.extend_from_slice(id.unwrap_or_default().as_bytes());
    }
    for text in [&line.role, &line.action, &line.subject, &plain(&line.detail)] {
        bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
        bytes.extend_from_slice(text.as_bytes());
    }
    Sha256::digest(&bytes).into()
}

/// JSON with its fields sorted by name and no spaces: one text for one value, whichever database keeps it. What is no
/// JSON stays as it is.
fn plain(detail: &str) -> String {
    let Ok(value) = serde_json::from_str::<Value>(detail) else {
        return detail.to_owned();
    };
    let mut text = String::with_capacity(detail.len());
    write(&value, &mut text);
    text
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| *name);
            text.push('{');
            for (at, (name, value)) in fields.into_iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                write(value, text);
            }
            text.push('}');
        }
        Value::Array(values) => {
            text.push('[');
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                write(value, text);
            }
            text.push(']');
        }
        other => text.push_str(&other.to_string()),
    }
}

/// Reads a hash of the table.
pub(super) fn read(bytes: &[u8]) -> Option<Hash> {
    bytes.try_into().ok()
}

/// A hash as people write it down: 64 lower-case hexadecimal digits.
pub fn shown(hash: &Hash) -> String {
    hex(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Line {
        Line {
            id: Uuid::from_u128(1),
            at: Timestamp(1_772_355_600_000_000),
            actor: Some(Uuid::from_u128(2)),
            role: "support".into(),
            action: "order.seen".into(),
            subject: "order".into(),
            subject_id: Some(Uuid::from_u128(3)),
            detail: r#"{"b": 1, "a": [true, null, "ص"]}"#.into(),
        }
    }

    #[test]
    fn how_a_database_spaces_and_sorts_json_changes_nothing() {
        let mut other = line();
        other.detail = r#"{"a":[true,null,"ص"],"b":1}"#.into();
        assert_eq!(next(&START, 1, &line()), next(&START, 1, &other));
    }

    #[test]
    fn every_field_counts_and_so_does_the_place() {
        let whole = next(&START, 1, &line());
        let changes: [fn(&mut Line); 8] = [
            |line| line.id = Uuid::from_u128(9),
            |line| line.at = Timestamp(0),
            |line| line.actor = None,
            |line| line.role = "admin".into(),
            |line| line.action = "order.see".into(),
            |line| line.subject = "norder".into(),
            |line| line.subject_id = None,
            |line| line.detail = "{}".into(),
        ];
        for change in changes {
            let mut changed = line();
            change(&mut changed);
            assert_ne!(next(&START, 1, &changed), whole, "{changed:?}");
        }
        assert_ne!(next(&START, 2, &line()), whole);
        assert_ne!(next(&[1; 32], 1, &line()), whole);
    }

    /// Worked out by hand from the layout in `docs/privacy.md`, with another program.
    #[test]
    fn the_hash_is_the_one_that_is_written_down_in_the_documentation() {
        let mut text = String::new();
        write(&serde_json::json!({ "b": 1, "a": [true, null, "ص"] }), &mut text);
        assert_eq!(text, r#"{"a":[true,null,"ص"],"b":1}"#);
        assert_eq!(shown(&next(&START, 1, &line())), EXPECTED);
    }

    const EXPECTED: &str = "2686525d3415cf43187bf8f782a106c88207f6ee07ced7cae03bbab5f65c9e8f";
}
