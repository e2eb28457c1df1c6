//! Documents handed in with an application: one of each kind, looked at by [`crate::content`] before they get here, and
//! sealed under their person's key. Only its person changes them, and only while the application is theirs to change.

use std::collections::HashMap;

use momfood_domain::actor::Actor;
use momfood_domain::application::{self as course, Command, DocumentKind};
use momfood_domain::id::UserId;
use momfood_domain::time::Timestamp;
use momfood_protocol::onboarding::Document;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use sqlx::types::Json;
use uuid::Uuid;

use super::applications::{self, held, keep};
use super::error::OnboardingError;
use crate::clock::Clock;
use crate::content::Kind;
use crate::sealed::{self, Field};
use crate::store::{StoreError, Tx, sql};

/// Most bytes of a document.
pub const LONGEST: usize = 5 * 1024 * 1024;

const BYTES: Field = Field::new("documents", "bytes");

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    application_id: Uuid,
    kind: DocumentKind,
    content_type: String,
    length: i64,
    at: Timestamp,
}

impl From<Row> for Document {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            content_type: row.content_type,
            length: row.length,
            at: row.at,
        }
    }
}

/// The documents of some applications, by kind.
pub(super) async fn of(
    tx: &mut Tx,
    applications: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Document>>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        "select id, application_id, kind, content_type, length, at from documents \
         where application_id in {uuids($1)}",
        Json(applications)
    )?;
    let mut found: HashMap<Uuid, Vec<Document>> = HashMap::new();
    for row in rows {
        found.entry(row.application_id).or_default().push(row.into());
    }
    for documents in found.values_mut() {
        documents.sort_by_key(|document| document.kind);
    }
    Ok(found)
}

/// What is handed in.
pub struct HandedIn {
    /// What it shows.
    pub kind: DocumentKind,
    /// What it was found to be.
    pub found: Kind,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Hands a document in, in place of the one of its kind. The same bytes again change nothing.
pub async fn put(
    tx: &mut Tx,
    clock: &Clock,
    actor: &Actor,
    application: Uuid,
    document: HandedIn,
) -> Result<Document, OnboardingError> {
    let row = held(tx, application).await?.ok_or(OnboardingError::NotFound)?;
    let now = clock.now();
    let event = course::decide(&row.course(), &Command::Save, actor, now)?;
    let HandedIn { kind, found, bytes } = document;
    if !row.kind.documents().contains(&kind) {
        return Err(OnboardingError::Invalid("kind"));
    }
    let sha256 = Sha256::digest(&bytes).to_vec();
    let there = sql!(
        tx,
        fetch_optional as (Uuid, Vec<u8>),
        "select id, sha256 from documents where application_id = $1 and kind = $2",
        application,
        kind
    )?;
    if let Some((id, _)) = there.filter(|(_, there)| *there == sha256) {
        let documents = of(tx, &[application]).await?.remove(&application);
        let same = documents.into_iter().flatten().find(|document| document.id == id);
        return same.ok_or(OnboardingError::NotFound);
    }
    sql!(
        tx,
        execute,
        "delete from documents where application_id = $1 and kind = $2",
        application,
        kind
    )?;
    let id = clock.uuid();
    let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let sealed = sealed::seal_bytes(tx, row.person, BYTES, id.as_bytes(), &bytes).await?;
    sql!(
        tx,
        execute,
        "insert into documents (id, application_id, person, kind, content_type, length, sha256, bytes, at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id,
        application,
        row.person,
        kind,
        found.content_type(),
        length,
        sha256,
        sealed,
        now
    )?;
    if let Some(event) = event {
        let detail = json!({ "document": id, "kind": kind });
        keep(tx, clock, actor, &row, event, detail).await?;
    }
    Ok(Document {
        id,
        kind,
        content_type: found.content_type().to_owned(),
        length,
        at: now,
    })
}

/// Takes a document out again.
pub async fn remove(
    tx: &mut Tx,
    clock: &Clock,
    actor: &Actor,
    (application, id): (Uuid, Uuid),
) -> Result<(), OnboardingError> {
    let row = held(tx, application).await?.ok_or(OnboardingError::NotFound)?;
    let event = course::decide(&row.course(), &Command::Save, actor, clock.now())?;
    let gone = sql!(
        tx,
        execute,
        "delete from documents where id = $1 and application_id = $2",
        id,
        application
    )?;
    if gone == 0 {
        return Err(OnboardingError::NotFound);
    }
    if let Some(event) = event {
        keep(tx, clock, actor, &row, event, json!({ "removed": id })).await?;
    }
    Ok(())
}

/// A document's kind, what it is, and its bytes, for its person or who decides.
pub async fn look(
    tx: &mut Tx,
    actor: &Actor,
    (application, id): (Uuid, Uuid),
) -> Result<(DocumentKind, Kind, Vec<u8>), OnboardingError> {
    applications::may_see(tx, actor, application).await?;
    let found = sql!(
        tx,
        fetch_optional as (UserId, DocumentKind, String, Vec<u8>),
        "select person, kind, content_type, bytes from documents where id = $1 and application_id = $2",
        id,
        application
    )?;
    let (person, kind, content_type, sealed) = found.ok_or(OnboardingError::NotFound)?;
    let opened = sealed::open_bytes(tx, person, BYTES, id.as_bytes(), &sealed).await?;
    let bytes = opened.bytes().ok_or(OnboardingError::NotFound)?;
    let found = Kind::of_type(&content_type).ok_or(OnboardingError::NotFound)?;
    Ok((kind, found, bytes))
}
