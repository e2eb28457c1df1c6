//! Applications: written, handed in, taken back, read. What happens to one is decided by
//! [`momfood_domain::application::decide`]; here it is kept. A form is sealed under its person's key.

use std::collections::HashMap;

use momfood_domain::actor::Actor;
use momfood_domain::application::{
    self as course, ApplicationKind, ApplicationStatus, Command, Event, party,
};
use momfood_domain::id::{RestaurantId, UserId};
use momfood_domain::time::Timestamp;
use momfood_protocol::onboarding::{Application, ApplicationForm, Document};
use serde_json::{Value, json};
use uuid::Uuid;

use super::error::OnboardingError;
use super::{documents, form};
use crate::audit;
use crate::clock::Clock;
use crate::sealed::{self, Field, Opener};
use crate::store::{StoreError, Tx, sql};

/// Applications of one person that were not approved, at most.
pub const MOST: i64 = 5;
/// Applications of one answer to those who decide.
const PAGE: i64 = 200;

pub(super) const FORM: Field = Field::new("applications", "form");

#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub id: Uuid,
    pub person: UserId,
    pub kind: ApplicationKind,
    pub status: ApplicationStatus,
    form: String,
    restaurant_id: Option<RestaurantId>,
    reason: Option<String>,
    rev: i64,
    updated_at: Timestamp,
    submitted_at: Option<Timestamp>,
    decided_at: Option<Timestamp>,
    decided_by: Option<UserId>,
}

impl Row {
    /// As far as its course goes.
    pub fn course(&self) -> course::Application {
        course::Application {
            applicant: self.person,
            status: self.status,
            submitted_at: self.submitted_at,
            decided: self.decided_at.zip(self.decided_by),
            rev: self.rev,
        }
    }

    /// What it says; `None` when its person was erased.
    pub fn form(&self, opener: &Opener) -> Result<Option<ApplicationForm>, StoreError> {
        let opened = opener.open(self.person, FORM, self.id.as_bytes(), &self.form)?;
        Ok(opened.json())
    }

    /// As its person and those who decide see it.
    fn view(self, form: ApplicationForm, documents: Vec<Document>, now: Timestamp) -> Application {
        let missing = match self.status {
            ApplicationStatus::Submitted | ApplicationStatus::Approved => Vec::new(),
            _ => missing(&form, &documents, now),
        };
        Application {
            id: self.id,
            status: self.status,
            form,
            documents,
            missing,
            reason: self.reason,
            restaurant_id: self.restaurant_id,
            updated_at: self.updated_at,
            submitted_at: self.submitted_at,
            decided_at: self.decided_at,
        }
    }
}

/// What of an application is missing or wrong at `now`: fields, then documents.
pub(super) fn missing(form: &ApplicationForm, documents: &[Document], now: Timestamp) -> Vec<String> {
    let needed = form::kind(form).documents().iter();
    let absent = needed.filter(|kind| documents.iter().all(|document| document.kind != **kind));
    form::faults(form, now)
        .into_iter()
        .chain(absent.map(|kind| kind.name()))
        .map(str::to_owned)
        .collect()
}

/// The application, held against other writers until the commit.
pub(super) async fn held(tx: &mut Tx, id: Uuid) -> Result<Option<Row>, StoreError> {
    sql!(
        tx,
        fetch_optional as Row,
        "select id, person, kind, status, form, restaurant_id, reason, rev, updated_at, submitted_at, decided_at, \
         decided_by from applications where id = $1 {for_update}",
        id
    )
}

async fn row(tx: &mut Tx, id: Uuid) -> Result<Option<Row>, StoreError> {
    sql!(
        tx,
        fetch_optional as Row,
        "select id, person, kind, status, form, restaurant_id, reason, rev, updated_at, submitted_at, decided_at, \
         decided_by from applications where id = $1",
        id
    )
}

/// The application as `actor` may see it.
pub async fn read(
    tx: &mut Tx,
    actor: &Actor,
    id: Uuid,
    now: Timestamp,
) -> Result<(Application, UserId), OnboardingError> {
    let row = row(tx, id).await?.ok_or(OnboardingError::NotFound)?;
    party(&row.course(), actor).ok_or(OnboardingError::NotFound)?;
    let person = row.person;
    let view = views(tx, vec![row], now).await?.pop();
    let (_, application) = view.ok_or(OnboardingError::NotFound)?;
    Ok((application, person))
}

/// Refuses (not found) who may not know of the application.
pub(super) async fn may_see(tx: &mut Tx, actor: &Actor, id: Uuid) -> Result<(), OnboardingError> {
    let row = row(tx, id).await?.ok_or(OnboardingError::NotFound)?;
    party(&row.course(), actor)
        .map(drop)
        .ok_or(OnboardingError::NotFound)
}

/// A person's own, newest first.
pub async fn own(tx: &mut Tx, person: UserId, now: Timestamp) -> Result<Vec<Application>, OnboardingError> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        "select id, person, kind, status, form, restaurant_id, reason, rev, updated_at, submitted_at, decided_at, \
         decided_by from applications where person = $1 order by made_at desc, id desc limit 100",
        person
    )?;
    let views = views(tx, rows, now).await?;
    Ok(views.into_iter().map(|(_, application)| application).collect())
}

/// Those that stand at `status`, the longest waiting first, with whose they are. Drafts are nobody's to see but their
/// persons'.
pub async fn at(
    tx: &mut Tx,
    status: ApplicationStatus,
    now: Timestamp,
) -> Result<Vec<(UserId, Application)>, OnboardingError> {
    if status == ApplicationStatus::Draft {
        return Ok(Vec::new());
    }
    let rows = sql!(
        tx,
        fetch_all as Row,
        "select id, person, kind, status, form, restaurant_id, reason, rev, updated_at, submitted_at, decided_at, \
         decided_by from applications where status = $1 order by coalesce(submitted_at, updated_at), id limit $2",
        status,
        PAGE
    )?;
    Ok(views(tx, rows, now).await?)
}

async fn views(
    tx: &mut Tx,
    rows: Vec<Row>,
    now: Timestamp,
) -> Result<Vec<(UserId, Application)>, StoreError> {
    let opener = Opener::of(tx, rows.iter().map(|row| row.person)).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut handed_in: HashMap<Uuid, Vec<Document>> = documents::of(tx, &ids).await?;
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        // What an erased person wrote is gone, and with it their application.
        if let Some(form) = row.form(&opener)? {
            let documents = handed_in.remove(&row.id).unwrap_or_default();
            views.push((row.person, row.view(form, documents, now)));
        }
    }
    Ok(views)
}

/// Begins an application under an id of its person's making, or changes one of theirs. The same again changes nothing.
pub async fn save(
    tx: &mut Tx,
    clock: &Clock,
    actor: &Actor,
    (id, said): (Uuid, ApplicationForm),
) -> Result<Application, OnboardingError> {
    let person = actor.user.ok_or(OnboardingError::Forbidden)?;
    let (now, kind) = (clock.now(), form::kind(&said));
    let said = form::tidied(said)?;
    let Some(row) = held(tx, id).await? else {
        begin(tx, person, (id, kind, &said), now).await?;
        note(tx, clock, actor, id, "application.begun", json!({ "kind": kind })).await?;
        return Ok(read(tx, actor, id, now).await?.0);
    };
    let event = course::decide(&row.course(), &Command::Save, actor, now)?;
    if row.kind != kind {
        return Err(OnboardingError::Invalid("kind"));
    }
    let opener = Opener::of(tx, [person]).await?;
    let same = row.status == ApplicationStatus::Draft && row.form(&opener)?.as_ref() == Some(&said);
    if let Some(event) = event.filter(|_| !same) {
        let sealed = sealed::seal_json(tx, person, FORM, id.as_bytes(), &said).await?;
        sql!(
            tx,
            execute,
            "update applications set form = $1 where id = $2",
            sealed,
            id
        )?;
        keep(tx, clock, actor, &row, event, json!({})).await?;
    }
    Ok(read(tx, actor, id, now).await?.0)
}

async fn begin(
    tx: &mut Tx,
    person: UserId,
    (id, kind, said): (Uuid, ApplicationKind, &ApplicationForm),
    now: Timestamp,
) -> Result<(), OnboardingError> {
    let (open,) = sql!(
        tx,
        fetch_one as (i64,),
        "select count(*) from applications where person = $1 and status <> 'approved'",
        person
    )?;
    if open >= MOST {
        return Err(OnboardingError::Invalid("applications"));
    }
    let sealed = sealed::seal_json(tx, person, FORM, id.as_bytes(), said).await?;
    let made = sql!(
        tx,
        execute,
        "insert into applications (id, person, kind, status, form, rev, made_at, updated_at) \
         values ($1, $2, $3, 'draft', $4, 1, $5, $6) on conflict do nothing",
        id,
        person,
        kind,
        sealed,
        now,
        now
    )?;
    if made == 0 {
        // Made at this very moment by another request.
        return Err(OnboardingError::NotFound);
    }
    Ok(())
}

/// Hands it in.
pub async fn submit(
    tx: &mut Tx,
    clock: &Clock,
    actor: &Actor,
    id: Uuid,
) -> Result<Application, OnboardingError> {
    let row = held(tx, id).await?.ok_or(OnboardingError::NotFound)?;
    let now = clock.now();
    let opener = Opener::of(tx, [row.person]).await?;
    let said = row.form(&opener)?.ok_or(OnboardingError::NotFound)?;
    let handed_in = documents::of(tx, &[id]).await?.remove(&id).unwrap_or_default();
    let missing = missing(&said, &handed_in, now);
    let command = Command::Submit {
        complete: missing.is_empty(),
    };
    let event = course::decide(&row.course(), &command, actor, now).map_err(|why| match why {
        course::Rejection::Incomplete => OnboardingError::Incomplete(missing),
        other => other.into(),
    })?;
    if let Some(event) = event {
        keep(tx, clock, actor, &row, event, json!({})).await?;
    }
    Ok(read(tx, actor, id, now).await?.0)
}

/// Takes it back.
pub async fn withdraw(
    tx: &mut Tx,
    clock: &Clock,
    actor: &Actor,
    id: Uuid,
) -> Result<Application, OnboardingError> {
    let row = held(tx, id).await?.ok_or(OnboardingError::NotFound)?;
    let now = clock.now();
    if let Some(event) = course::decide(&row.course(), &Command::Withdraw, actor, now)? {
        keep(tx, clock, actor, &row, event, json!({})).await?;
    }
    Ok(read(tx, actor, id, now).await?.0)
}

/// Keeps what happened to `row`, and notes who did it.
pub(super) async fn keep(
    tx: &mut Tx,
    clock: &Clock,
    actor: &Actor,
    row: &Row,
    event: Event,
    detail: Value,
) -> Result<(), StoreError> {
    let after = row.course().apply(event);
    let (decided_at, decided_by) = after.decided.unzip();
    sql!(
        tx,
        execute,
        "update applications set status = $1, rev = $2, updated_at = $3, submitted_at = $4, decided_at = $5, \
         decided_by = $6 where id = $7",
        after.status,
        after.rev,
        clock.now(),
        after.submitted_at,
        decided_at,
        decided_by,
        row.id
    )?;
    let action = match event {
        Event::Saved => "application.saved",
        Event::Submitted { .. } => "application.submitted",
        Event::Withdrawn => "application.withdrawn",
        Event::Approved { .. } => "application.approved",
        Event::Refused { .. } => "application.refused",
    };
    note(tx, clock, actor, row.id, action, detail).await
}

/// Notes what `actor` did with an application.
async fn note(
    tx: &mut Tx,
    clock: &Clock,
    actor: &Actor,
    id: Uuid,
    action: &str,
    detail: Value,
) -> Result<(), StoreError> {
    let entry = audit::Entry {
        id: clock.uuid(),
        at: clock.now(),
        action,
        subject: "application",
        subject_id: Some(id),
        detail,
    };
    audit::record(tx, actor, entry).await
}
